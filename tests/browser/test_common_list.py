"""A region's whole round at browsers: from ninety underlag to the list that everybody may read."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from beredning.clock import Chance, utc_now
from beredning.practice.filling import invented_rows
from documents.making.work import Maker, make_papers
from tests.browser.town import Town
from tests.service.worlds import ROOT
from workflow.core.definition import Definition
from workflow.service.running import evidence

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
SUMS = ("Summa", "Hela listan", "Netto")
"""What the sum of a whole list is called in a workbook."""
OBJECTS = (900, 1_100)
"""A region's round has about a thousand objects."""


class Office:
    """One browser, before which one after the other sits down."""

    def __init__(self, town: Town) -> None:
        self.town, self.stage = town, town.stage
        self.page: Page = town.visitor()

    def sit_down(self, email: str, path: str) -> None:
        """Let somebody open a page."""
        self.page.context.clear_cookies()
        self.town.sign_in(self.page, email)
        self.page.goto(path)

    def press(self, words: str) -> None:
        """Press a button, and see that nothing stands in the way."""
        button = self.page.locator("main button:visible").filter(has_text=words)
        assert button.count(), f"{words}: {self.page.locator('body').inner_text()[:1500]}"
        button.last.click()
        wrong = self.page.locator("#felen")
        assert not wrong.count(), f"{words}: {wrong.first.inner_text()[:500]}"

    def take_step(
        self, email: str, case: str, words: str, typed: Mapping[str, str] = NOTHING
    ) -> None:
        """Let somebody press a button of a case, and confirm it where that is asked."""
        self.sit_down(email, f"/arenden/{case}")
        summary = self.page.locator("summary.btn", has_text=words)
        if summary.count() and not summary.evaluate("one => one.parentElement.open"):
            summary.click()
        for name, text in typed.items():
            self.page.locator(f"[name='{name}']").fill(text)
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


# ---- the parts -------------------------------------------------------------------------


def hand_in_all(office: Office) -> tuple[int, int]:
    """Let every verksamhet paste its objects and hand them in, and its boss approve them.
    Gives how many objects there are, and what they come to in tkr."""
    stage, chance = office.stage, Chance(5)
    definition = stage.revision.definition
    draft = definition.case["underlag"].state["utkast"]
    count = total = 0
    for unit in stage.units("verksamhet"):
        rows = invented_rows(definition, draft, chance, stage.at[0].date())["objekt"]
        for row in rows:
            row["effekt_tkr"] = chance.randint(-900, 900)
        count, total = count + len(rows), total + sum(row["effekt_tkr"] for row in rows)
        hand_in(office, unit, pasted(definition, "objekt", rows))
    return count, total


def hand_in(office: Office, unit: str, text: str) -> None:
    """Let a chief paste rows and hand them in, and their boss approve."""
    stage = office.stage
    case = stage.case("underlag", unit)
    office.sit_down(stage.chief(unit), f"/arenden/{case}/tabell/objekt/las-in")
    office.page.locator("textarea[name=text]").fill(text)
    office.press("Visa vad som klistras in")
    office.press("Spara ändringarna")
    office.take_step(stage.chief(unit), case, "Lämna in underlaget")
    office.take_step(stage.boss(unit), case, "Godkänn underlaget")


def weigh(office: Office) -> None:
    """Let the committee assess one by one, and hand over its list."""
    stage = office.stage
    director, committee = (
        stage.holder("landstingsdirektor"),
        stage.units("medicinska_kommitten")[0],
    )
    office.take_step(director, ROOT, "Uppdra åt kommittén och berörda styrgrupper att värdera")
    case = stage.case("vardering", committee)
    members = stage.holders("ledamot", committee)
    for number, member in enumerate(members, start=1):
        office.sit_down(member, f"/arenden/{case}/bedomning/bedomning")
        office.page.locator("select[name='rad.bedomning.1.bedomd_rang']").select_option(
            str(number * 2)
        )
        office.press("Spara sida 1")
        office.take_step(member, case, "Min bedömning är klar")
    chair = stage.holder("ordforande", committee)
    office.sit_down(chair, f"/arenden/{case}/bedomning/bedomning")
    assert "Störst oenighet står först." in office.page.locator(".lede").inner_text()
    everybody = str(len({chair, *members}))
    office.take_step(
        chair, case, "Återlämna listan till ledningsgruppen", {"aterlamna.present": everybody}
    )


def fill_in_all(office: Office, email: str, table: str, level: str) -> None:
    """Give every row of a list that lacks it the same level, in one go."""
    office.sit_down(email, f"/arenden/{ROOT}/lista/{table}")
    office.page.locator("summary", has_text="Fyll i många rader på en gång").click()
    office.page.locator("select#till").select_option(level)
    office.press("Visa vilka det blir")
    office.page.locator("main button.main").click()


def decide(office: Office) -> None:
    """Take the list from the proposal to the decision."""
    stage = office.stage
    director = stage.holder("landstingsdirektor")
    secretaries = {
        unit: stage.holder("sekreterare", stage.units(unit)[0])
        for unit in ("politisk_styrgrupp", "fullmaktige")
    }
    fill_in_all(office, director, "gemensam_lista", "forslag=genomfors")
    stage.put("2009-06-16")
    office.take_step(director, ROOT, "Fastställ förslaget")
    office.take_step(director, ROOT, "Samverkan är genomförd")
    office.take_step(secretaries["politisk_styrgrupp"], ROOT, "Ta med i budgetprocessen")
    fill_in_all(office, secretaries["fullmaktige"], "beslut", "utfall=bifall")
    office.take_step(secretaries["fullmaktige"], ROOT, "Bifall")


# ---- sums ------------------------------------------------------------------------------


def sums_on_pages(office: Office, table: str) -> dict[str, int]:
    """Give what the whole list comes to, by where it is told."""
    base = f"/arenden/{ROOT}/lista/{table}"
    office.sit_down(office.stage.leader, base)
    found = {"page": told_after(office.page, "Hela listan")}
    office.page.goto(f"{base}/pengar")
    found["money"] = told_after(office.page, "Hela listan, netto")
    found["json"] = office.page.request.get(f"{base}.json").json()["sums"]["whole_tkr"]
    rows = office.page.request.get(f"{base}.csv").text().splitlines()
    found["csv"] = number_in(rows[-1])
    return found | sums_on_paper(office, base)


def sums_on_paper(office: Office, base: str) -> dict[str, int]:
    """Give the same of the papers, once they are made."""
    stage, found = office.stage, {}
    maker = Maker(
        world=stage.world, clock=lambda _: utc_now(), worker="here", region="Region Alvmark"
    )
    for words, read in (
        ("Listan som Excel", sum_in_workbook),
        ("Listan som PDF", sum_in_pdf),
        ("Beslutsunderlag", sum_in_pdf),
    ):
        office.page.goto(base)
        office.press(words)
        make_papers(maker, lambda: False)
        office.page.reload()
        with office.page.expect_download() as download:
            office.page.get_by_role("link", name="Hämta handlingen").click()
        found[words] = read(Path(download.value.path()))
    return found


def sum_in_workbook(file: Path) -> int:
    """Give the sum under the list."""
    (sheet, *_) = CalamineWorkbook.from_path(str(file)).sheet_names
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python()
    (last,) = [row for row in rows if any(str(cell) in SUMS for cell in row)]
    return next(round(cell) for cell in last if isinstance(cell, int | float))


def sum_in_pdf(file: Path) -> int:
    """Give the sum of the table of units: behind how many rows there are."""
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(file).pages).split())
    found = re.search(r"Summa (?:[0-9] )?[0-9]{3} ([−-]?[0-9]{1,3}(?: [0-9]{3})*)", text)
    assert found, text[-2000:]
    return number_in(found[1])


def told_after(page: Page, label: str) -> int:
    """Give the number that stands by a label."""
    term = page.locator("dt", has_text=re.compile(f"^{label}$")).first
    return number_in(term.locator("xpath=following-sibling::dd[1]").inner_text())


def number_in(text: str) -> int:
    """Read the first number of a text as people write it."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-")
    found = re.search(r"-?[0-9]+", plain)
    assert found, text
    return int(found[0])


# ---- the round -------------------------------------------------------------------------


@pytest.mark.slow
def test_from_ninety_underlag_to_the_published_list(region: Town) -> None:
    """About a thousand objects go the whole way; what they come to is one number on every page
    and in every file, to the last whole thousand."""
    office = Office(region)
    stage = office.stage

    count, total = hand_in_all(office)
    for unit in stage.units("driftenhet"):
        chief = stage.holder("driftenhetschef", unit)
        office.take_step(chief, stage.case("avstamning", unit), "Redovisa för ledningsgruppen")
    weigh(office)
    proposed = sums_on_pages(office, "gemensam_lista")
    decide(office)
    office.sit_down(stage.leader, f"/arenden/{ROOT}/lista/beslut/frislapp")
    office.page.locator("main button.main").click()
    office.page.goto("/oppet")
    office.page.locator("main th a").first.click()
    address = office.page.url
    stranger = region.visitor()
    stranger.goto(address)
    public = {
        "page": told_after(stranger, "Hela listan"),
        "json": sum(row["cells"]["effekt_tkr"] for row in rows_of(stranger, address)),
    }

    assert OBJECTS[0] <= count <= OBJECTS[1]
    assert {total} == set(proposed.values()), (total, proposed)
    assert {total} == set(public.values()), (total, public)
    assert count == len(rows_of(stranger, address))
    assert evidence.prove(stage.world).ok


def rows_of(page: Page, address: str) -> list[dict[str, Any]]:
    """Give the rows of a published list, from its open data."""
    rows: list[dict[str, Any]] = page.request.get(f"{address}.json").json()["rows"]
    return rows
