"""Sheets: rows keep their numbers, a change touches no others, and the log replays to them."""

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
from workflow.core.editing import rows_after
from workflow.core.facts import Origin, RowFact, SheetChange, SheetKey
from workflow.core.sheets import Book, StaleRowsError, compiled, replaced

LISTS = Path(__file__).parents[1] / "support" / "lists.toml"
REVISION = revision_of(TREE)
KEY = SheetKey("case", "rader")
rows_of_cells = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3), max_size=6
)


class Paper:
    """A sheet, its log, and a book that follows the log."""

    def __init__(self) -> None:
        self.facts = MemoryFacts(REVISION, Clock(), 2010, ())
        self.book = Book()

    @property
    def rows(self) -> list[RowFact]:
        """The rows in order."""
        return list(self.facts.sheet(KEY))

    def take(self, change: SheetChange) -> SheetChange:
        """Keep a change, and let the log tell of it in JSON."""
        self.facts._take_sheet(KEY, change)  # the hand that applies what was decided
        told = json.loads(json.dumps(sheets.telling({KEY: change})))
        self.book.take({"sheets": told})
        return change

    def put(
        self, cells: list[dict[str, Any]], numbers: list[int | None] | None = None
    ) -> SheetChange:
        """Replace all rows."""
        change = replaced(self.rows, cells, numbers or [], self.facts.last_number(KEY))
        return self.take(change)

    def do(self, *wishes: Any) -> SheetChange:
        """Edit single rows."""
        return self.take(sheets.change_of(self.facts, KEY, wishes))

    def numbers(self) -> list[int]:
        """Which rows there are, in order."""
        return [row.number for row in self.rows]


@given(versions=st.lists(rows_of_cells, max_size=6))
def test_what_is_told_is_enough_to_follow(versions: list[list[dict[str, Any]]]) -> None:
    """Whatever a table is replaced by, the log gives its rows, numbers and places."""
    paper = Paper()

    for cells in versions:
        paper.put(cells)
        assert cells == [row.cells for row in paper.rows]
        assert paper.rows == paper.book.rows("rader")
        assert paper.facts.last_number(KEY) == paper.book.last.get("rader", 0)


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 60))
def test_edits_are_those_of_a_plain_list(seed: int, steps: int) -> None:
    """Against a list of (number, cells) in which the same is done: nothing is lost or
    doubled, no number is used twice, and the log replays to the present order."""
    chance, paper, plain = Random(seed), Paper(), []
    used = 0
    for _ in range(steps):
        what = chance.choice(("add", "add", "set", "move", "move", "drop"))
        after = chance.choice((None, 0, *(number for number, _ in plain)))
        if what == "add":
            used += 1
            cells = {"a": chance.randint(0, 9)}
            at = len(plain) if after is None else _behind(plain, after)
            plain.insert(at, (used, cells))
            paper.do(("add", after, dict(cells)))
        elif plain:
            number, cells = chance.choice(plain)
            version = next(row.version for row in paper.rows if row.number == number)
            if what == "set":
                cells["b"] = chance.randint(0, 9)
                paper.do(("set", number, version, {"b": cells["b"]}))
            elif what == "drop":
                plain.remove((number, cells))
                paper.do(("drop", number, version))
            elif after != number:
                plain.remove((number, cells))
                at = len(plain) if after is None else _behind(plain, after)
                plain.insert(at, (number, cells))
                paper.do(("move", number, version, after))

    assert plain == [(row.number, dict(row.cells)) for row in paper.rows]
    assert paper.rows == paper.book.rows("rader")


def _behind(plain: list[tuple[int, Any]], after: int) -> int:
    return next((at + 1 for at, (number, _) in enumerate(plain) if number == after), 0)


@given(order=st.permutations(range(1, 8)))
def test_a_form_may_send_its_rows_in_another_order(order: list[int]) -> None:
    """Rows that say their numbers are those rows, wherever they stand now."""
    paper = Paper()
    paper.put([{"a": number} for number in range(1, 8)])

    paper.put([{"a": number} for number in order], list(order))

    assert order == paper.numbers()
    assert {number: {"a": number} for number in order} == {r.number: r.cells for r in paper.rows}
    assert paper.rows == paper.book.rows("rader")


def test_a_row_between_two_is_a_new_row() -> None:
    """Rows that were there keep their numbers, though a new one came in front of them."""
    paper = Paper()
    paper.put([{"a": 1}, {"a": 2}])

    change = paper.put([{"a": 1}, {"a": 9}, {"a": 2}], [1, None, 2])

    assert [1, 3, 2] == paper.numbers()
    assert (1, 0, 0) == (len(change.added), len(change.changed), len(change.dropped))


def test_one_row_of_thousands_is_one_row() -> None:
    """Setting and moving a row tells of that row, and changes no other."""
    paper = Paper()
    paper.put([{"a": number} for number in range(5_000)])

    changed = paper.do(("set", 50, 1, {"a": -1}))
    moved = paper.do(("move", 4_000, 1, 10, "viktigast"))

    assert [["set", 50, {"a": -1}]] == list(changed.told)
    assert [50] == [row.number for row in changed.changed]
    assert ["move", 4_000, "viktigast"] == [moved.told[0][at] for at in (0, 1, 3)]
    assert [4_000] == [row.number for row in moved.changed]
    assert [10, 4_000, 11] == paper.numbers()[9:12]


@pytest.mark.parametrize(
    "late", [("set", 1, 1, {"a": 5}), ("move", 1, 1, 2), ("drop", 1, 1), ("set", 9, 1, {})]
)
def test_a_row_that_somebody_else_changed_is_told(late: Any) -> None:
    """Of two who saw the same row one is first; the other is told which row it is about."""
    paper = Paper()
    paper.put([{"a": 1}, {"a": 2}])
    paper.do(("set", 1, 1, {"a": 3}))
    before = paper.rows

    with pytest.raises(StaleRowsError) as caught:
        paper.do(late)

    assert (late[1],) == caught.value.numbers
    assert before == paper.rows


def test_what_ends_as_it_was_is_no_new_version() -> None:
    """A cell set to and fro, and a row moved there and back: the log follows."""
    paper = Paper()
    paper.put([{"a": 1}, {"a": 2}])

    paper.do(("set", 1, 1, {"a": 9}), ("set", 1, 1, {"a": 1}))

    assert [1, 1] == [row.version for row in paper.rows]
    assert paper.rows == paper.book.rows("rader")


@pytest.mark.parametrize(
    "lost", [("add", 1, {"a": 3}), ("move", 2, 1, 1), ("set", 1, 1, {"a": 3}), ("drop", 1, 1)]
)
def test_nothing_is_put_behind_what_was_dropped_in_the_same_go(lost: Any) -> None:
    """All of it is refused: a row that was meant is never left out unseen."""
    paper = Paper()
    paper.put([{"a": 1}, {"a": 2}])

    with pytest.raises(StaleRowsError):
        paper.do(("drop", 1, 1), lost)

    assert [1, 2] == paper.numbers()


def test_of_what_a_row_shows_there_is_one_row() -> None:
    """Whoever comes second is told, in the same go too; what was taken back is free again."""
    paper = Paper()
    paper.do(("add", None, {}, "u", 1))
    before = paper.rows

    with pytest.raises(StaleRowsError) as other:
        paper.do(("add", None, {"a": 2}, "u", 1))
    with pytest.raises(StaleRowsError) as twice:
        paper.do(("add", None, {}, "u", 2), ("add", None, {}, "u", 2))
    with pytest.raises(StaleRowsError) as dropped:
        paper.do(("drop", 1, 1), ("add", None, {}, "u", 1))

    assert [(1,), (2,), (1,)] == [one.value.numbers for one in (other, twice, dropped)]
    assert before == paper.rows
    paper.do(("add", None, {}, "u", 2), ("drop", 2, None), ("add", None, {}, "u", 2))
    assert [Origin("u", 1), Origin("u", 2)] == [row.origin for row in paper.rows]
    assert paper.rows == paper.book.rows("rader")


class Counting(MemoryFacts):
    """Facts that count how often a whole sheet is read."""

    reads = 0

    def sheet(self, key: SheetKey) -> list[RowFact]:
        """Give the rows of a sheet."""
        self.reads += 1
        return list(super().sheet(key))

    def sheet_gap(self, key: SheetKey, after: int | None) -> tuple[str | None, str | None]:
        """Give the places on both sides of a gap; in a store that is a question of its own."""
        before = self.reads
        found = super().sheet_gap(key, after)
        self.reads = before
        return found


def test_the_sheet_is_read_once_for_many_rows() -> None:
    """However many rows about others are added, what is there is asked for once."""
    facts = Counting(REVISION, Clock(), 2010, ())

    sheets.change_of(facts, KEY, [("add", 0, {}, "u", number) for number in range(200)])

    assert 1 == facts.reads


@given(st.integers(0, 2**32))
def test_the_log_follows_many_edits_at_once(seed: int) -> None:
    """Batches of edits, some of which undo each other: numbers, places and versions agree."""
    chance, paper = Random(seed), Paper()
    paper.put([{"a": number} for number in range(5)])
    for _ in range(12):
        wishes: list[Any] = []
        there = paper.numbers()
        for _ in range(chance.randint(1, 6)):
            row, other = (chance.choice(there), chance.choice(there)) if there else (0, 0)
            what = chance.choice(("add", "set", "move", "drop"))
            if what == "add" or not there:
                wishes.append(("add", chance.choice((None, 0)), {"a": chance.randint(0, 2)}))
            elif what == "set":
                wishes.append(("set", row, None, {"a": chance.randint(0, 2)}))
            elif what == "move":
                wishes.append(("move", row, None, chance.choice((None, 0, other))))
            else:
                there = [one for one in there if one != row]
                wishes.append(("drop", row, None))
        paper.do(*wishes)

        assert paper.rows == paper.book.rows("rader")
        assert paper.facts.last_number(KEY) == paper.book.last.get("rader", 0)


def test_others_rows_can_be_changed_at_once() -> None:
    """Two who move different rows both get what they wanted."""
    paper = Paper()
    paper.put([{"a": number} for number in range(1, 6)])

    paper.do(("move", 5, 1, 0))
    paper.do(("move", 1, 1, None))

    assert [5, 2, 3, 4, 1] == paper.numbers()


def test_an_emptied_cell_is_gone() -> None:
    """And the log says so."""
    paper = Paper()
    paper.put([{"a": 1, "b": 2}])

    paper.do(("set", 1, 1, {"b": None}))

    assert [{"a": 1}] == [row.cells for row in paper.rows]
    assert paper.rows == paper.book.rows("rader")


# ---- compiling -------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(1, 20), unique=True, max_size=12), min_size=1, max_size=5))
def test_compiling_loses_and_doubles_no_row(times: list[list[int]]) -> None:
    """After each time there is a row for each source and no other; those that were there
    have kept their numbers, and their order among themselves."""
    paper = Paper()
    for wanted in times:
        before = {row.origin: row.number for row in paper.rows}
        origins = [Origin("u", number) for number in wanted]
        paper.take(compiled(paper.rows, origins, paper.facts.last_number(KEY)))

        now = {row.origin: row.number for row in paper.rows}
        stayed = [row.number for row in paper.rows if row.origin in before]
        assert set(origins) == set(now)
        assert len(now) == len(paper.rows)
        assert {before[one] for one in now if one in before} == set(stayed)
        assert [number for number in before.values() if number in stayed] == stayed
        assert paper.rows == paper.book.rows("rader")


def test_what_was_written_and_moved_stays_when_it_is_compiled_again() -> None:
    """A row whose source came back stands where the list put it, with its words."""
    paper = Paper()
    first = [Origin("u", number) for number in (1, 2, 3)]
    paper.take(compiled([], first, 0))
    paper.do(("move", 3, 1, 0))
    paper.do(("set", 1, 1, {"a": "ord"}))

    paper.take(compiled(paper.rows, [Origin("u", 1), Origin("u", 3), Origin("u", 4)], 3))

    assert [3, 1, 4] == paper.numbers()
    assert [{}, {"a": "ord"}, {}] == [row.cells for row in paper.rows]


# ---- entries of before rows had numbers ------------------------------------------------


def test_entries_of_an_earlier_version_are_followed() -> None:
    """Whole tables, and rows by their position, as they were told then."""
    book = Book()
    book.take({"rows": {"t": [{"a": 1}, {"a": 2}]}})
    book.take({"changed": {"t": {"count": 3, "rows": {"2": {"a": 9}, "3": {"a": 4}}}}})
    book.take({"sheets": {"t": [["set", 2, {"a": 7}], ["drop", 1]]}})

    assert [{"a": 7}, {"a": 4}] == book.cells("t")
    assert 3 == book.last["t"]


def test_a_change_is_seen_in_the_rows_that_follow() -> None:
    """`rows_after` gives what the sheet will be, before anything is written."""
    paper = Paper()
    paper.put([{"a": 1}, {"a": 2}, {"a": 3}])
    before = paper.rows

    change = paper.do(("drop", 1, 1), ("move", 3, 1, 0), ("set", 2, 1, {"a": 5}), ("add", None, {}))

    assert paper.rows == list(rows_after(before, change))
    assert before == list(rows_after(before, None))


def test_a_list_of_what_lies_below_shows_nothing_else() -> None:
    """An area's list shows what its own units filled in; the whole round's, of all."""
    definition = revision_of(LISTS.read_text(encoding="utf-8")).definition

    assert definition.fills_below("lista", definition.chain("omradets")[0])
    assert definition.fills_below("omgang", definition.chain("gemensam")[0])
    assert not definition.fills_below("underlag", definition.chain("omradets")[0])
