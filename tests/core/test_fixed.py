"""Fixed rows whatever is asked of them, occasions that rows name, and types beside values."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.definitions import HEAD, case_of, revision_of
from tests.support.fixed import TEXT, revision
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, UNITS
from workflow.core.copies import compile_of
from workflow.core.errors import WorkflowError
from workflow.core.facts import CaseFact, Command, RowFact, SheetKey
from workflow.core.figures import figures_of
from workflow.core.fixed import laid_out
from workflow.core.material import UnfitError, matches, read_cell
from workflow.core.saving import keep
from workflow.core.sheets import Book
from workflow.core.validation.validate import check_data

KEYS = ("a", "b", "c")
ROUND = case_of(
    '[case.omgang.state.a]\ntitle = "A"\nby = "ledare"\nedits = ["rader"]\n'
    'transition.vidare = { title = "Vidare", to = "b" }\n'
    '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\n'
    'transition.ater = { title = "Åter", to = "a" }\n'
    'transition.klar = { title = "Klar", to = "klar" }\n'
    '[table.rader]\ntitle = "Rader"\nrows = { a = "Alfa", b = "Beta", c = "Gamma" }\n'
    'column.ord = { title = "Ord", type = "text" }\n'
)
CASE = "prov-2010.omgang"
SHEET = SheetKey(CASE, "rader")


def a_round() -> MemoryRound:
    """A round whose leader fills in three fixed rows."""
    return MemoryRound(revision_of(ROUND), grants=GRANTS, units=UNITS)


# ---- whatever edits come ------------------------------------------------------------------

numbers = st.integers(0, 5)
cells = st.dictionaries(
    st.sampled_from(["row", "ord", "annat"]), st.sampled_from(["a", "b", "c", "d", "", "x"])
)
wishes = st.one_of(
    st.tuples(st.just("add"), st.none() | numbers, cells),
    st.tuples(st.just("set"), numbers, st.none() | st.integers(1, 3), cells),
    st.tuples(st.just("move"), numbers, st.none(), st.none() | numbers, st.just("skäl")),
    st.tuples(st.just("drop"), numbers, st.none()),
    st.tuples(st.just("line"), numbers),
)
whole = st.lists(
    st.builds(lambda row, number: {**row, **({"#": number} if number else {})}, cells, numbers),
    max_size=5,
)
steps = st.one_of(
    st.lists(wishes, max_size=4).map(lambda some: {"edits": {"rader": [list(w) for w in some]}}),
    whole.map(lambda rows: {"rows": {"rader": rows}}),
    st.sampled_from(["vidare", "ater"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=8))
def test_fixed_rows_are_never_lost_doubled_or_moved(asked: Sequence[Any]) -> None:
    """Whatever people send, and however often the state is entered anew; and what the log
    tells of it replays to the very rows."""
    found = a_round()
    book, laid = Book(), [found.facts.sheet(SHEET)]
    book.take({"sheets": {"rader": [["add", r.number, r.place, r.cells] for r in laid[0]]}})

    for step in asked:
        try:
            if isinstance(step, str):
                found.act("omgang", step, "lena")
                continue
            command = Command(case=CASE, transition="", actor=found.actor("lena"), data=step)
            decision = keep(found.revision, found.facts, command)
        except WorkflowError:
            continue
        found.facts.apply(decision)
        for entry in decision.entries:
            book.take(entry.payload)

    rows = found.facts.sheet(SHEET)
    assert list(KEYS) == [row.cells["row"] for row in rows]
    assert [(r.number, r.place) for r in laid[0]] == [(r.number, r.place) for r in rows]
    assert list(rows) == book.rows("rader")


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=5))
def test_laying_out_again_adds_what_is_new_behind_and_keeps_the_rest(
    rounds: Sequence[Sequence[str]],
) -> None:
    """As when units came to be between: none twice, none gone, numbers and places as before."""
    rows: list[RowFact] = []
    for keys in rounds:
        change = laid_out(rows, keys, len(rows))
        assert (change.changed, change.dropped) == ((), ())
        rows += change.added

    there = [row.cells["row"] for row in rows]
    assert list(dict.fromkeys(key for keys in rounds for key in keys)) == there
    assert sorted(row.place for row in rows) == [row.place for row in rows]
    assert not laid_out(rows, [str(key) for key in there], len(rows))


# ---- the frame ----------------------------------------------------------------------------


def test_an_empty_frame_is_not_a_frame_of_nothing() -> None:
    """What nobody has filled in is not known to be 0; nor is a unit's that has no row."""
    rev = revision()
    found = MemoryRound(rev, grants=GRANTS, units=UNITS, year=2015)
    found.facts.fill(
        "prov-2015.ar",
        "ram",
        [{"row": "norr", "belopp.2014": 5}, {"row": "soder", "belopp.2014": 7}],
    )
    plan = CaseFact(
        id="prov-2015.plan.norr",
        kind="plan",
        unit="norr",
        parent="prov-2015.ar",
        opened_in="planering",
        started=False,
        state="arbete",
        version=1,
        opened_at=found.clock.now,
        entered_at=found.clock.now,
    )

    budget = rev.definition.table["budget"]
    totals = figures_of(rev.definition, found.facts, plan, budget).totals

    assert {"ram.belopp.2014": 5, "ram.belopp": 5} == dict(totals)


# ---- occasions ----------------------------------------------------------------------------


def test_a_row_names_the_milestones_of_the_cases_that_ask_for_it() -> None:
    """In the plan's order, by the milestones' titles; several with commas between."""
    definition = revision().definition
    column = definition.table["mal"].column["rapporteras"]
    scale = definition.scale[str(column.type)]

    assert ["tertial_1", "tertial_2", "helar", "berattelse"] == list(scale.levels)
    assert "Tertial 2, delår" == scale.levels["tertial_2"]
    assert "milestone.tertial_2.title" == scale.path_of("tertial_2")
    assert "tertial_1,helar" == read_cell(definition, column, "helar, tertial_1")
    assert "helar" == read_cell(definition, column, ["helar", ""])
    with pytest.raises(UnfitError, match="ingen nivå"):
        read_cell(definition, column, "planer")


@pytest.mark.parametrize(
    ("occasion", "due"), [("helar", True), ("tertial_1", True), ("tertial_2", False), (None, False)]
)
def test_only_the_rows_of_the_occasion_are_due(occasion: str | None, due: bool) -> None:
    """A case that has no occasion shows none."""
    found = MemoryRound(revision(), grants=GRANTS, units=UNITS, year=2015)
    root = found.facts.case("prov-2015.ar")
    assert root is not None
    case = replace(root, kind="bokslut", occasion=occasion)

    what = compile_of(revision().definition, case, "maluppfoljning")

    assert due == matches({"rapporteras": "tertial_1,helar"}, what.where)


def problems(*changes: tuple[str, str]) -> dict[str, str]:
    """Give what is wrong with the definition after some changes of its text."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    _, found = check_data(tomllib.loads(HEAD + text), year=2015)
    return {one.place: one.message for one in found if one.severity == "error"}


def test_a_row_cannot_name_a_month() -> None:
    """Nor can it where the cases come but once."""
    every = 'every = ["tertial_1", "tertial_2", "helar", "berattelse"]'

    month = problems((every, 'every = "month"'))
    once = problems((every, ""))

    assert "'bokslut' comes again every month" in month["table.maluppfoljning.due_rows"]
    assert "'bokslut' has no occasions" in once["table.maluppfoljning.due_rows"]
    assert {"table.maluppfoljning.due_rows"} == {*month}


def test_the_meetings_of_a_body_are_occasions() -> None:
    """Those milestones at which it meets."""
    text = TEXT.replace(
        'every = ["tertial_1", "tertial_2", "helar", "berattelse"]', 'every = "namnd"'
    ).replace('on = "{year}-12-31" }', 'on = "{year}-12-31", meeting = "namnd" }')

    definition, _ = check_data(tomllib.loads(HEAD + text), year=2015)

    assert definition is not None
    assert ["helar"] == list(definition.scale["mal.rapporteras"].levels)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('due_rows = "rapporteras"', "", "table.mal.column.rapporteras.type"),
        ('due_rows = "rapporteras"', 'due_rows = "mal"', "table.maluppfoljning.due_rows"),
        ('from = "mal"\n', "", "table.maluppfoljning.due_rows"),
        (
            'due_rows = "rapporteras"',
            'due_rows = "rapporteras"\nwhere = { rapporteras = "helar" }',
            "table.maluppfoljning.due_rows",
        ),
        ('rows_per = "omrade"', 'rows_per = "omrde"', "table.ram.rows_per"),
        ('rows_per = "omrade"', 'rows_per = "omrade"\nrows = { a = "A" }', "table.ram.rows_per"),
        ('rows_per = "omrade"', 'rows_per = "omrade"\nordered = true', "table.ram.ordered"),
        ('rows_per = "omrade"', 'rows_per = "omrade"\nmin_rows = 2', "table.ram.min_rows"),
        ('rows_per = "omrade"', 'rows_per = "omrade"\neach = "ledare"', "table.ram.each"),
        ('rows_per = "omrade"', 'rows_per = "omrade"\nform = true', "table.ram.rows_per"),
        (
            'rows_per = "omrade"',
            'rows_per = "omrade"\ncolumn.row = { title = "Rad", type = "text" }',
            "table.ram.column.row",
        ),
        ('row = ["drift"] } }', 'row = ["hyra"] } }', "table.budget.column.not.required"),
    ],
)
def test_what_does_not_go_with_it_is_refused_at_its_place(old: str, new: str, place: str) -> None:
    """Each in a definition that is right but for it."""
    assert {} == problems()

    assert place in problems((old, new))
