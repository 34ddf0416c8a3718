"""Figures of units: a fourth file beside the organisation's, and what an import makes of it."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.organisation import write_organisation
from workflow.core.errors import BadInput
from workflow.core.facts import Cell
from workflow.core.organisation import read_organisation
from workflow.store.database import Database
from workflow.store.import_report import TableReport
from workflow.store.organisation import import_organisation
from workflow.store.rounds import organisation_units

TODAY = date(2009, 1, 12)


@pytest.fixture
def org(tmp_path: Path) -> Path:
    """An organisation without figures."""
    return write_organisation(tmp_path / "org")


def write(org: Path, *lines: str, head: str = "unit,fact,value") -> Path:
    """Write the file of figures."""
    (org / "facts.csv").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return org


def bring_in(database: Database, org: Path, *, end_missing: bool = False) -> TableReport | None:
    """Import the files."""
    with database.write() as connection:
        found = read_organisation(org)
        told = import_organisation(connection, found, end_missing=end_missing, today=TODAY)
    return told.facts


def figures(database: Database) -> dict[str, dict[str, Cell]]:
    """What units have now."""
    with database.read() as connection:
        units = organisation_units(connection, ["klinik"], TODAY)
    return {unit.key: dict(unit.facts) for unit in units if unit.facts}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("48200", 48200),
        ("48 200", 48200),
        ("48\N{NO-BREAK SPACE}200", 48200),
        ("\N{MINUS SIGN}3", -3),
        ('"12,50"', "12.5"),
        ("12.0", 12),
        ("0", 0),
    ],
)
def test_a_figure_is_read_as_people_write_it(org: Path, written: str, value: Cell) -> None:
    """Whole ones as whole numbers, others with a point."""
    facts = read_organisation(write(org, f"ett,budget,{written}")).facts

    assert facts is not None
    assert [("ett", "budget", value)] == [(one.unit, one.fact, one.value) for one in facts]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ett,budget,mycket", "`mycket` i kolumnen value är inget tal"),
        ("ett,budget,", "kolumnen value är tom"),
        ("ett,budget,1e400", "inget tal"),
        ("ett,budget," + "9" * 40, "inget tal"),
        ("ett,bud get,1", "nyckeln `bud get`"),
        ("borta,budget,1", "enheten `borta` finns inte i units.csv"),
        ("ett,annat,1\nett,annat,2", "står redan på rad 2"),
    ],
)
def test_a_bad_line_is_named(org: Path, line: str, said: str) -> None:
    """With its file and line, and nothing is taken."""
    with pytest.raises(BadInput) as caught:
        read_organisation(write(org, line))

    [reason] = caught.value.reasons
    assert reason.sv.startswith("facts.csv, rad ")
    assert said in reason.sv


def test_without_the_file_nothing_is_said(database: Database, org: Path) -> None:
    """It need not be there; and what it said before is left."""
    assert bring_in(database, org) is None
    bring_in(database, write(org, "ett,budget,5"))
    (org / "facts.csv").unlink()

    assert bring_in(database, org) is None
    assert {"ett": {"budget": 5}} == figures(database)


def test_an_import_adds_changes_and_leaves(database: Database, org: Path) -> None:
    """By unit and fact; the same again changes nothing."""
    first = bring_in(database, write(org, "ett,budget,5", "ett,platser,12", "tva,budget,7"))
    again = bring_in(database, org)
    second = bring_in(database, write(org, "ett,budget,6", "tre,budget,1"))

    assert TableReport(added=("ett budget", "ett platser", "tva budget")) == first
    assert TableReport() == again
    assert (("tre budget",), ("ett budget",)) == (
        second and second.added,
        second and second.changed,
    )
    assert second and second.left == ("ett platser", "tva budget")
    expected = {"ett": {"budget": 6, "platser": 12}, "tva": {"budget": 7}, "tre": {"budget": 1}}
    assert expected == figures(database)


def test_what_is_missing_goes_on_demand(database: Database, org: Path) -> None:
    """As grants and units end."""
    bring_in(database, write(org, "ett,budget,5", "tva,budget,7"))

    report = bring_in(database, write(org, "tva,budget,7"), end_missing=True)

    assert TableReport(ended=("ett budget",)) == report
    assert {"tva": {"budget": 7}} == figures(database)
