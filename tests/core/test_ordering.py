"""The order of a list against the orders that its rows come with."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import HEAD, revision_of
from tests.support.lists import LISTS, TABLE
from tests.support.memory import MemoryRound
from workflow.core import places
from workflow.core.errors import BadInput
from workflow.core.facts import Origin, RowFact, SheetChange, SheetKey
from workflow.core.ordering import Turned, check_moves, name_row, rooted, turned
from workflow.core.sheets import change_of, compiled

UNITS = ("a", "b", "c")
ORIGINS = st.lists(
    st.builds(Origin, st.sampled_from(UNITS), st.integers(1, 8)), unique=True, max_size=14
)


def _list(origins: Sequence[Origin | None]) -> list[RowFact]:
    """Give a list that shows these rows, in this order; numbered as they come."""
    spread = zip(origins, places.spread(len(origins)), strict=True)
    return [
        RowFact(number=number, place=place, version=1, cells={}, origin=origin)
        for number, (origin, place) in enumerate(spread, start=1)
    ]


def _there(origins: Sequence[Origin]) -> dict[Origin, int]:
    """Let the rows lie by their number where they come from."""
    return {origin: origin.number for origin in origins}


@given(ORIGINS)
def test_a_pair_is_turned_when_its_two_orders_differ(origins: list[Origin]) -> None:
    """Exactly those pairs of one case, each once, whatever lies between them."""
    expected = {
        Turned(i + 1, j + 1)
        for (i, one), (j, other) in combinations(enumerate(origins), 2)
        if one.case == other.case and one.number > other.number
    }

    found = turned(_list(origins), _there(origins))

    assert expected == set(found)
    assert len(expected) == len(found)


@given(ORIGINS)
def test_nothing_is_turned_in_the_order_of_where_rows_come_from(origins: list[Origin]) -> None:
    """However the cases are mixed, as long as each keeps its own order."""
    kept = sorted(origins, key=lambda one: (one.number, one.case))

    assert [] == turned(_list(kept), _there(origins))


@given(ORIGINS, st.sets(st.integers(1, 14)))
def test_asking_of_some_rows_gives_their_pairs(origins: list[Origin], only: set[int]) -> None:
    """The pairs that one of them is in, and no others."""
    rows, there = _list(origins), _there(origins)
    every = turned(rows, there)

    some = turned(rows, there, frozenset(only))

    assert [pair for pair in every if {pair.first, pair.second} & only] == some


def test_a_row_whose_origin_is_gone_has_no_order() -> None:
    """Nor has one that shows no other at all."""
    rows = _list([Origin("a", 2), None, Origin("a", 1)])

    assert [] == turned(rows, {Origin("a", 2): 2})
    assert [Turned(1, 3)] == turned(rows, {Origin("a", 2): 2, Origin("a", 1): 1})


# ---- moving ----------------------------------------------------------------------------

AREA, COMMON = "prov-2010.lista.norr", "prov-2010.omgang"


def _a_round(count: int) -> MemoryRound:
    """Give a round whose common list shows so many rows of one area, in its order."""
    a_round = MemoryRound(revision_of(LISTS, head=HEAD))
    a_round.act("omgang", "borja", "lena")
    facts = a_round.facts
    clinic = a_round.id("underlag.ett")
    facts.fill(clinic, "rader", [{"vad": f"Rad {n}"} for n in range(1, count + 1)])
    area = compiled([], [Origin(clinic, n) for n in range(1, count + 1)], 0)
    facts._take_sheet(SheetKey(a_round.id("lista.norr"), "omradets"), area)
    common = compiled([], [Origin(a_round.id("lista.norr"), n) for n in range(1, count + 1)], 0)
    facts._take_sheet(SheetKey(a_round.id("omgang"), TABLE), common)
    return a_round


def _move(a_round: MemoryRound, number: int, after: int, why: str = "") -> SheetChange:
    key = SheetKey(a_round.id("omgang"), TABLE)
    change = change_of(a_round.facts, key, [("move", number, None, after, why)])
    check_moves(a_round.revision.definition, a_round.facts, key, change)
    a_round.facts._take_sheet(key, change)
    return change


def _turned(a_round: MemoryRound, rows: Sequence[RowFact]) -> Sequence[Turned]:
    """Give the pairs that lie other than where they were filled in, two lists away."""
    chain = a_round.revision.definition.chain(TABLE)
    there = {Origin(a_round.id("underlag.ett"), n): n for n in range(1, 7)}
    return turned(rooted(rows, a_round.facts.ends(rows, chain)), there)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), max_size=12))
def test_a_move_without_a_reason_never_turns_a_pair(moves: list[tuple[int, int]]) -> None:
    """What goes through without one leaves no pair turned that was not; what is refused would
    have, and changes nothing."""
    a_round = _a_round(6)
    facts, key = a_round.facts, SheetKey(a_round.id("omgang"), TABLE)
    for at, (number, after) in enumerate(moves):
        before = [*facts.sheet(key)]
        try:
            _move(a_round, number, after, "Skäl." if at % 3 == 0 else "")
        except BadInput as error:
            assert {"order_turned"} == {reason.code for reason in error.reasons}
            assert before == [*facts.sheet(key)]
        else:
            new = {*_turned(a_round, facts.sheet(key))} - {*_turned(a_round, before)}
            assert at % 3 == 0 or not new


def test_the_reason_is_asked_for_with_the_rows_names() -> None:
    """In the words that people filled in, two lists away; at the row's own place."""
    a_round = _a_round(3)

    with pytest.raises(BadInput) as caught:
        _move(a_round, 3, 0)

    reason = caught.value.reasons[0]
    assert "Du ställer ”Rad 3” före ”Rad 1”. Ett har dem i den andra ordningen. Skriv varför." == (
        reason.sv
    )
    assert f"{TABLE}.3.reason" == getattr(reason, "place", "")
    row = a_round.facts.sheet(SheetKey(a_round.id("omgang"), TABLE))[1]
    definition = a_round.revision.definition
    assert "Rad 2" == name_row(definition, a_round.facts, definition.table[TABLE], row)


def test_only_the_order_of_who_filled_in_counts() -> None:
    """Two rows that different units filled in are nobody's order, though one list shows both."""
    a_round = _a_round(2)
    facts, area, common = (
        a_round.facts,
        SheetKey(a_round.id("lista.norr"), "omradets"),
        SheetKey(a_round.id("omgang"), TABLE),
    )
    other = a_round.id("underlag.tva")
    facts.fill(other, "rader", [{"vad": "Annan rad"}])
    origins = [row.origin for row in facts.sheet(area)]
    facts._take_sheet(area, compiled(facts.sheet(area), [*origins, Origin(other, 1)], 2))
    shown = [Origin(area.case, row.number) for row in facts.sheet(area)]
    facts._take_sheet(common, compiled(facts.sheet(common), shown, 2))

    _move(a_round, 3, 0)

    assert [3, 1, 2] == [row.number for row in facts.sheet(common)]
    assert [] == _turned(a_round, facts.sheet(common))


def test_moving_back_needs_no_reason() -> None:
    """What lies as where it comes from is nobody's to explain."""
    a_round = _a_round(3)
    _move(a_round, 3, 0, "Skäl.")

    _move(a_round, 3, 2)

    assert [] == _turned(a_round, a_round.facts.sheet(SheetKey(a_round.id("omgang"), TABLE)))
