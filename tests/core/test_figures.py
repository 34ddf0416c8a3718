"""Checks against a unit's figures and against sums over other tables."""

from fractions import Fraction

import pytest

from tests.support.definitions import HEAD, case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, UNITS
from workflow.core.errors import Refused
from workflow.core.facts import RowFact, SheetKey, UnitFact
from workflow.core.figures import declared, figures_of, missing_facts

TEXT = case_of(
    '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
    'edits = ["rader", "ram"]\n'
    'transition.klar = { title = "Klar", to = "klar", guards = ["complete"] }\n'
    '[table.rader]\ntitle = "Rader"\n'
    'column.tkr = { title = "Kostnad", type = "tkr" }\n'
    '[table.rader.check.andel]\ntitle = "Tre procent"\nshare = "tkr"\nof = "unit.budget"\n'
    "at_most = 3\n"
    '[table.rader.check.inom]\ntitle = "Inom ramen"\nsum = "tkr"\nat_most = "ram.tkr_ram"\n'
    '[table.rader.check.pott]\ntitle = "Potten"\nsum = "tkr"\nat_most = "pott.kr"\n'
    'otherwise = "warn"\n'
    '[table.ram]\ntitle = "Ram"\n'
    'column.tkr_ram = { title = "Ram", type = "tkr", years = ["{year}", "{year+1}"] }\n'
    '[table.pott]\ntitle = "Pott"\ncolumn.kr = { title = "Kronor", type = "tkr" }\n'
)
FIGURES = HEAD.replace(
    'region = { title = "Region" }', 'region = { title = "Region", facts = { budget = "tkr" } }'
)
CASE = "prov-2010.omgang"


def a_round(budget: int | None = 1_000) -> MemoryRound:
    """A round whose top unit has a budget."""
    facts = {} if budget is None else {"budget": budget}
    first = UNITS[0]
    top = UnitFact(
        key=first.key, name=first.name, kind=first.kind, parent=first.parent, facts=facts
    )
    found = MemoryRound(revision_of(TEXT, head=FIGURES), grants=GRANTS, units=(top, *UNITS[1:]))
    found.facts.fill(CASE, "ram", [{"tkr_ram.2010": 20, "tkr_ram.2011": 30}])
    return found


def refused(found: MemoryRound) -> list[str]:
    """Why the table is not complete."""
    with pytest.raises(Refused) as caught:
        found.act("omgang", "klar", "jana")
    return [one.sv for one in caught.value.reasons]


def test_a_share_of_a_units_figure_is_measured() -> None:
    """By the figure that the round froze: three percent of a thousand is thirty."""
    found = a_round()
    found.facts.fill(CASE, "rader", [{"tkr": 31}])

    [said] = refused(found)
    assert "Tre procent" in said
    found.facts.fill(CASE, "rader", [{"tkr": 30}])
    found.act("omgang", "klar", "jana")


def test_a_figure_that_nobody_imported_warns_and_stops_nothing() -> None:
    """Whoever fills in the table can do nothing about it."""
    found = a_round(budget=None)
    found.facts.fill(CASE, "rader", [{"tkr": 40}])

    found.act("omgang", "klar", "jana")


def test_a_sum_over_another_table_of_the_case_is_measured() -> None:
    """Over all its years, as it becomes by what comes along in the same go."""
    found = a_round(budget=10_000)
    found.facts.fill(CASE, "rader", [{"tkr": 51}])

    assert ["Inom ramen" in one for one in refused(found)] == [True]
    found.act("omgang", "klar", "jana", edits={"ram": [["set", 1, 1, {"tkr_ram.2011": "31"}]]})


def test_a_table_of_other_cases_is_summed_over_the_round() -> None:
    """All copies of it, whosever they are; without any there is nothing to measure by."""
    found = a_round()
    table = found.revision.definition.table["rader"]
    case = found.facts.case(CASE)
    assert case

    def totals() -> dict[str, object]:
        given = figures_of(found.revision.definition, found.facts, case, table)
        return dict(given.totals)

    assert "pott.kr" not in totals()
    for unit, amount in (("ett", 5), ("tva", 7)):
        key = SheetKey(f"prov-2010.annat.{unit}", "pott")
        row = RowFact(number=1, place="5", version=1, cells={"kr": amount})
        found.facts.material[key] = {1: row}

    assert Fraction(12) == totals()["pott.kr"]
    assert Fraction(50) == totals()["ram.tkr_ram"]
    assert Fraction(30) == totals()["ram.tkr_ram.2011"]


def test_a_round_takes_the_figures_that_its_process_names_and_says_which_lack() -> None:
    """What other processes have imported is not copied."""
    definition = revision_of(TEXT, head=FIGURES).definition
    unit = UnitFact(
        key="alv", name="Alv", kind="region", parent=None, facts={"budget": 1, "annat": 2}
    )
    bare = UnitFact(key="b", name="B", kind="region", parent=None)

    assert {"budget": 1} == declared(definition, unit).facts
    assert ["b.budget"] == missing_facts(definition, [unit, bare])
