"""Somebody who takes a step at a browser: fills in what the labels ask for, and presses on.

It knows nothing of any process, no more than the page tells.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playwright.sync_api import Page

from beredning.practice.players import Part
from beredning.practice.playing import Play
from tests.browser.player import LAST_ROW, NEXT_ROW, REQUIRED
from tests.browser.town import Town
from workflow.core.definition import State

__all__ = ["Robot", "WatchedPlay"]

FAULTS = "#felen"
TRIES = 2


@dataclass
class Robot:
    """One browser, used by everybody in turn."""

    town: Town
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Kind of case and state of each step that was taken here."""
    page: Page | None = None

    def take(self, case: str, email: str, title: str) -> None:
        """Sign in as somebody, open a case, fill in what it asks for, and press a button."""
        self.page = self.page or self.town.visitor()
        page = self.page
        page.context.clear_cookies()  # whoever was here has left
        self.town.sign_in(page, email)
        page.goto(f"/arenden/{case}")
        self._send(page, title)
        for _ in range(TRIES):
            if page.locator(FAULTS).count():  # what only the answer says is needed
                self._fill_lists(page, case)
                self._send(page, title)
        confirm = page.locator("button[name=confirmed]")
        if confirm.count():
            confirm.first.click()
        assert not page.locator(FAULTS).count(), page.locator(FAULTS).inner_text()

    def _send(self, page: Page, title: str) -> None:
        self._fill(page)
        unfolds = page.locator("main summary.btn").filter(has_text=title)
        if unfolds.count() and not unfolds.last.evaluate("one => one.parentElement.open"):
            unfolds.last.click()
            self._fill(page)
        button = page.locator("main button:visible").filter(has_text=title).last
        assert button.count(), f"no button {title!r}: {page.locator('main').inner_text()}"
        button.click(force=True)  # one that says what lacks can be pressed too

    def _fill_lists(self, page: Page, case: str) -> None:
        """Fill in the tables that a case has on pages of their own, row by row."""
        tables = page.locator(f"{FAULTS} a[href^='#tabell.']").evaluate_all(
            "all => all.map((one) => one.getAttribute('href').split('.')[1])"
        )
        for table in dict.fromkeys(tables):
            page.goto(f"/arenden/{case}/tabell/{table}")
            page.locator(f"main a[href^='/arenden/{case}/tabell/{table}/rad']").first.click()
            more = True
            while more:
                self._fill(page)
                more = bool(page.get_by_role("button", name=NEXT_ROW).count())
                page.get_by_role("button", name=NEXT_ROW if more else LAST_ROW).click()
                assert not page.locator(FAULTS).count(), page.locator(FAULTS).inner_text()
        if tables:
            page.goto(f"/arenden/{case}")

    def _fill(self, page: Page) -> None:
        """Fill in what is required and still empty, in the order it stands; and in another way
        what was answered wrongly."""
        for wrong in page.locator("main input[aria-invalid='true']").all():
            if wrong.input_value() in ("Påhittat", "1"):
                said = page.locator(FAULTS).inner_text()
                day = f"{self.town.stage.at[0]:%Y-%m-%d}"
                wrong.fill(day if "ingen dag" in said else "ja" if "ja eller" in said else "1")
        for one in page.evaluate(REQUIRED):
            place = page.locator(f"[id='{one['id']}']")
            if one["tag"] == "fieldset":
                place.locator("input").first.check()
            elif one["tag"] == "select":
                place.select_option(label=one["option"])
            elif one["kind"] in ("numeric", "decimal"):
                place.fill("9" if one["id"].endswith(".present") else "1")
            elif one["day"]:
                place.fill(f"{self.town.stage.at[0]:%Y-%m-%d}")
            else:
                place.fill("Påhittat")


@dataclass(slots=True, kw_only=True)
class WatchedPlay(Play):
    """A round where each step is taken at the browser the first time that it comes."""

    robot: Robot

    def post(self) -> int:
        """Leave the mails unsent: nobody reads them here, and the browser has the loop."""
        return 0

    def press(self, part: Part, task: dict[str, Any], state: State, key: str, today: date) -> int:
        """Let the holders press it on the page, or as in any play when that has been seen."""
        step = (task["kind"], state.key)
        if step in self.robot.taken:
            return Play.press(self, part, task, state, key, today)
        self.robot.taken.append(step)
        move = state.transition[key]
        able = task["holders"] if move.signatures == "all" else task["holders"][:1]
        for email in able:
            self.robot.take(part.case, email, self.revision.title(move, "sv"))
            self.transitions += 1
        self.cast.note(part.case, key)
        return len(able)
