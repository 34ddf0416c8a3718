"""A region's whole round at browsers: from ninety underlag to the list that everybody may read."""

from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Page

from beredning.clock import Chance
from beredning.practice.players import invented_rows
from tests.browser.town import Town
from workflow.core.definition import Definition

OBJECTS = (900, 1_100)
"""A region's round has about a thousand objects."""


class Office:
    """One browser, before which one after the other sits down."""

    def __init__(self, town: Town) -> None:
        self.town, self.stage = town, town.stage
        self.page: Page = town.visitor()

    def sit_down(self, email: str, path: str) -> None:
        """Let somebody open a page."""
        self.town.sign_in(self.page, email)
        self.page.goto(path)

    def press(self, words: str) -> None:
        """Press a button, and see that nothing stands in the way."""
        self.page.get_by_role("button", name=words, exact=True).first.click()
        wrong = self.page.locator("#felen")
        assert not wrong.count(), f"{words}: {wrong.first.inner_text()[:500]}"

    def take_step(self, email: str, case: str, words: str) -> None:
        """Let somebody press a button of a case, and confirm it where that is asked."""
        self.sit_down(email, f"/arenden/{case}")
        self.press(words)
        confirm = self.page.locator("button[name=confirmed]")
        if confirm.count():
            confirm.click()


def pasted(definition: Definition, table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows as a spreadsheet gives them to be pasted: titles, then cells with tabs between."""
    columns = definition.table[table].column
    keys = [key for key in columns if any(key in row for row in rows)]

    def words(key: str, row: Mapping[str, Any]) -> str:
        scale = definition.scale.get(columns[key].type or "")
        text = str(row.get(key, ""))
        return scale.levels.get(text, text) if scale else text

    head = "\t".join(columns[key].title for key in keys)
    return "\n".join([head, *("\t".join(words(key, row) for key in keys) for row in rows)])


def hand_in_all(office: Office) -> int:
    """Let every verksamhet paste its objects and hand them in, and its boss approve them.
    Gives the sum of what they would free and cost, in tkr."""
    stage, chance, total = office.stage, Chance(5), 0
    definition = stage.revision.definition
    draft = definition.case["underlag"].state["utkast"]
    for unit in stage.units("verksamhet"):
        rows = invented_rows(definition, draft, chance, stage.at[0].date())["objekt"]
        rows = [{**row, "effekt_tkr": chance.randint(-900, 900)} for row in rows]
        for row in rows:
            row.pop("rang.reason", None)
        total += sum(row["effekt_tkr"] for row in rows)
        hand_in(office, unit, pasted(definition, "objekt", rows))
    return total


def hand_in(office: Office, unit: str, text: str) -> None:
    """Let a chief paste rows, say why ranks differ, and hand in; and their boss approve."""
    stage = office.stage
    case = stage.case("underlag", unit)
    office.sit_down(stage.chief(unit), f"/arenden/{case}/tabell/objekt/las-in")
    office.page.locator("textarea[name=text]").fill(text)
    office.press("Visa vad som klistras in")
    office.press("Spara")
    office.take_step(stage.chief(unit), case, "Lämna in underlaget")
    office.take_step(stage.boss(unit), case, "Godkänn underlaget")
