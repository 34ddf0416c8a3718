"""People who do their part with a keyboard: from their own page to the step and on.

They know nothing of any process. They read what the page asks for, as `beredning.practice.players`
reads the definition, and fill in what is marked as required.
"""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.keyboard import Keyboard
from tests.browser.town import Town
from workflow.service import views

__all__ = ["Player"]

NEXT_ROW, LAST_ROW = "Spara och öppna nästa rad", "Spara raden"
REQUIRED = """() => {
  const shown = (one) => one.checkVisibility({contentVisibilityAuto: true});
  return [...document.querySelectorAll("main :is([aria-required='true'], [aria-invalid='true'])")]
    .filter((one) => shown(one) && !one.value)
    .map((one) => ({tag: one.tagName.toLowerCase(), kind: one.inputMode || one.type,
      id: one.id, day: /dag$|Datum|datum/.test(one.labels?.[0]?.innerText || "") ,
      option: one.options ? [...one.options].find((o) => o.value)?.innerText || "" : ""}));
}"""


@dataclass
class Player:
    """One round, played at browsers by everybody who has a part in it."""

    town: Town
    pages: dict[str, Page] = field(default_factory=dict)
    browser: dict[str, Any] = field(default_factory=dict)
    """As for a new browser: its size, its scripts."""
    pressed: list[str] = field(default_factory=list)

    def at(self, email: str) -> Page:
        """Give the page before somebody; it stays open for the next time."""
        if email not in self.pages:
            self.pages[email] = self.town.visitor(email, **self.browser)
        return self.pages[email]

    def tasks(self) -> list[dict[str, Any]]:
        """Give what is owed now."""
        return views.task_list(self.town.stage.world, round_id=self.town.stage.round)

    def take(self, task: dict[str, Any], email: str, title: str) -> None:
        """Let somebody take a step: from Mitt arbete to the button and past it."""
        page = self.at(email)
        keys = Keyboard(page)
        page.goto("/")
        keys.follow(f"/arenden/{task['case']}")
        self.send(keys, title)
        if page.locator("#felen").count():  # what is needed only with what one chose
            self.fill_lists(keys, task["case"])
            self.send(keys, title)
        confirm = page.locator("button[name=confirmed]")
        if confirm.count():
            keys.press(" ".join(confirm.inner_text().split()), "button")
        assert not page.locator("#felen").count(), page.locator("#felen").inner_text()
        self.pressed.append(f"{task['case']} {title}")

    def fill_lists(self, keys: Keyboard, case: str) -> None:
        """Fill in the tables that a case has on pages of their own, row by row."""
        page = keys.page
        links = page.locator("#felen a[href^='#tabell.']").evaluate_all(
            "all => all.map((one) => one.getAttribute('href').split('.')[1])"
        )
        for table in links:
            path = f"/arenden/{case}/tabell/{table}"
            page.goto(path)
            keys.follow(f"{path}/rad")
            more = True
            while more:
                self.fill(keys)
                more = bool(page.get_by_role("button", name=NEXT_ROW).count())
                keys.press(NEXT_ROW if more else LAST_ROW, "button")
                assert not page.locator("#felen").count(), page.locator("#felen").inner_text()
            page.goto(f"/arenden/{case}")

    def send(self, keys: Keyboard, title: str) -> None:
        """Fill in what is asked for, and press the button."""
        page = keys.page
        self.fill(keys)
        if page.locator("summary.btn", has_text=title).count():
            keys.reach(title, "summary")
            if not page.evaluate("document.activeElement.parentElement.open"):
                page.keyboard.press("Enter")
            self.fill(keys)
        keys.press_button(title)

    def fill(self, keys: Keyboard) -> None:
        """Fill in what is required and still empty, in the order it stands."""
        for one in keys.page.evaluate(REQUIRED):
            keys.reach_id(one["id"])
            if one["tag"] == "select":
                keys.page.keyboard.type(one["option"])
            elif one["kind"] in ("numeric", "decimal"):
                keys.page.keyboard.type("9" if one["id"].endswith(".present") else "1")
            elif one["day"]:
                keys.page.keyboard.type(f"{self.town.stage.at[0]:%Y-%m-%d}")
            else:
                keys.page.keyboard.type("Påhittat")
