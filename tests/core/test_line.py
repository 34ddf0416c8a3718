"""The line of a list: it stays where it lies in the order, whatever the rows do."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import Clock
from tests.support.definitions import TREE, revision_of
from tests.support.memory import MemoryFacts
from workflow.core import sheets
from workflow.core.editing import read_edits
from workflow.core.errors import BadInput
from workflow.core.facts import Origin, SheetChange, SheetKey
from workflow.core.sheets import Book, StaleRowsError, compiled

LISTS = revision_of(
    (Path(__file__).parents[1] / "support" / "lists.toml").read_text(encoding="utf-8")
)
KEY = SheetKey("case", "lista")
LINE = -1
"""Stands in the plain order where the line lies."""


class Drawn:
    """A list of five rows with a line, and a book that follows the log."""

    def __init__(self) -> None:
        self.facts = MemoryFacts(revision_of(TREE), Clock(), 2010, ())
        self.book = Book()
        self.take(compiled([], [Origin("u", number) for number in range(1, 6)], 0))

    def take(self, change: SheetChange) -> None:
        """Keep a change, and let the log tell of it in JSON."""
        self.facts._take_sheet(KEY, change)  # the hand that applies what was decided
        self.book.take({"sheets": json.loads(json.dumps(sheets.telling({KEY: change})))})

    def do(self, *wishes: Any) -> None:
        """Edit."""
        self.take(sheets.change_of(self.facts, KEY, wishes))

    def order(self) -> list[int]:
        """The rows in order, with the line."""
        rows = [row.number for row in self.facts.sheet(KEY)]
        line = self.facts.drawn_line(KEY)
        if line is not None:
            rows.insert(rows.index(line) + 1 if line else 0, LINE)
        return rows


def _put(plain: list[int], number: int, after: int | None) -> None:
    at = len(plain) if after is None else plain.index(after) + 1 if after else 0
    if after is not None and plain[at : at + 1] == [LINE]:
        at += 1  # what comes right behind the last row above the line comes below it
    plain.insert(at, number)


@given(seed=st.integers(0, 2**32), together=st.booleans())
def test_the_line_stays_where_it_lies(seed: int, together: bool) -> None:
    """Against a plain order in which the line is one thing more: also when the row it lies
    behind is moved or dropped, one by one or many at once; the log replays to it."""
    chance, drawn, plain = Random(seed), Drawn(), [1, 2, 3, 4, 5]
    wishes: list[Any] = []
    for _ in range(12):
        rows = [one for one in plain if one != LINE]
        what = chance.choice(("line", "move", "move", "move", "drop"))
        if what == "line":
            line = chance.choice((None, 0, *rows))
            plain = rows
            if line is not None:
                plain.insert(plain.index(line) + 1 if line else 0, LINE)
            wishes.append(("line", line))
        elif what == "drop" and len(rows) > 2:
            plain.remove(number := chance.choice(rows))
            wishes.append(("drop", number, None))
        else:
            number, after = chance.sample(rows, 2)
            after = chance.choice((None, 0, after))
            if after == [0, *rows][rows.index(number)] or (after is None and number == rows[-1]):
                continue  # it lies there already, and stays on its side of the line
            plain.remove(number)
            _put(plain, number, after)
            wishes.append(("move", number, None, after))
        if not together:
            drawn.do(*wishes)
            wishes = []
    drawn.do(*wishes)

    assert plain == drawn.order()
    assert drawn.facts.drawn_line(KEY) == drawn.book.lines.get("lista")


def test_a_line_that_is_drawn_again_changes_nothing() -> None:
    """The same line twice is no second entry."""
    drawn = Drawn()
    drawn.do(("line", 2))

    again = sheets.change_of(drawn.facts, KEY, [("line", 2)])

    assert not again


def test_no_line_lies_behind_a_row_that_is_not_there() -> None:
    """Somebody has taken it away meanwhile."""
    drawn = Drawn()

    with pytest.raises(StaleRowsError):
        drawn.do(("line", 9))


def test_the_line_stays_when_the_list_is_compiled_again() -> None:
    """The rows before it that are gone are not counted; with none left it lies first."""
    drawn = Drawn()
    drawn.do(("line", 3))
    rest = [Origin("u", number) for number in (1, 4, 5)]
    drawn.take(compiled(drawn.facts.sheet(KEY), rest, 5, 3))
    first = drawn.order()
    drawn.take(compiled(drawn.facts.sheet(KEY), rest[1:], 5, drawn.facts.drawn_line(KEY)))

    assert [1, LINE, 4, 5] == first
    assert [LINE, 4, 5] == drawn.order()
    assert 0 == drawn.book.lines["lista"]


@pytest.mark.parametrize(
    ("table", "edit"),
    [
        ("gemensam", ["line"]),
        ("gemensam", ["line", -1]),
        ("gemensam", ["line", "1"]),
        ("gemensam", ["line", True]),
        ("gemensam", ["line", False]),
        ("gemensam", ["line", 1.5]),
        ("gemensam", ["line", 1, 2]),
        ("gemensam", ["line", 2**40]),
        ("rader", ["line", 1]),
    ],
)
def test_what_is_no_line_is_refused(table: str, edit: list[object]) -> None:
    """Only an ordered list has one, and it lies behind a row or above them all."""
    state = "vags" if table == "gemensam" else "utkast"
    case = "omgang" if table == "gemensam" else "underlag"

    with pytest.raises(BadInput):
        read_edits(LISTS.definition, LISTS.definition.case[case].state[state], {table: [edit]})
