"""Units that merge or change their key: what they did is found, and history stays as it was."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.columns import TABLE, ColumnRound, case_of, open_columns
from tests.support.organisation import GRANTS, UNITS, email, write_organisation
from workflow.core.errors import BadInput, NotFound, WorkflowError
from workflow.core.facts import Place
from workflow.core.organisation import read_organisation
from workflow.service import acts, saving
from workflow.service.people import organisation
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.rounds.mine import read_rounds
from workflow.service.reading.sheets.previous import read_previous
from workflow.service.reading.sheets.table import read_table
from workflow.service.running import evidence
from workflow.store.database import Database

ROLE = "klinikchef"


@pytest.fixture
def merged(database: Database, tmp_path: Path) -> ColumnRound:
    """Three clinics with a row each for 2010; tva has gone into ett, and ett into fyra, at the
    end of the day; utan leads fyra."""
    found = open_columns(database, tmp_path)
    for unit, who in (("ett", "ellen"), ("tva", "tove"), ("tre", "trygve")):
        found.save(["add", None, {"vad": f"Rad från {unit}"}], unit=unit, who=who)
    grants = (*GRANTS, ("utan", Place(ROLE, "fyra")), ("utan", Place("ordforande", "etik")))
    folder = write_organisation(tmp_path / "later", grants=grants)
    last = found.clock.now.date()
    lines = ["key,name,kind,parent,from,to,into"]
    into = {"ett": "fyra", "tva": "ett"}
    for fact in UNITS:
        to = last if fact.key in into else ""
        lines.append(
            f"{fact.key},{fact.name},{fact.kind},{fact.parent or ''},,{to},{into.get(fact.key, '')}"
        )
    lines.append(f"fyra,Fyra,klinik,norr,{last},,")
    (folder / "units.csv").write_text("\n".join([*lines, ""]), "utf-8")
    organisation.bring_in(found.world, folder)
    return found


def a_year_later(found: ColumnRound) -> None:
    """Come to the year after, with a round for it."""
    found.clock.now += timedelta(days=365)
    found.open(2011)


def test_the_rows_of_what_went_into_a_unit_are_its_own(merged: ColumnRound) -> None:
    """Through any number of steps, and of no other unit."""
    a_year_later(merged)

    found = read_previous(merged.world, email("utan"), case_of("fyra", 2011), TABLE)

    assert ["Rad från ett", "Rad från tva"] == [row["vad"] for row in found]


def test_they_are_told_by_the_name_of_their_unit(merged: ColumnRound) -> None:
    """What is chosen says which of the old units it comes from."""
    a_year_later(merged)

    page = read_table(merged.world, email("utan"), case_of("fyra", 2011), TABLE)

    options = next(dict(one.options) for one in page.columns if one.key == "forra")
    assert {"Rad från ett (rad 1), Ett", "Rad från tva (rad 1), Tva"} == set(options.values())


def test_the_same_role_reads_the_old_cases(merged: ColumnRound) -> None:
    """Who holds it at the successor reads what was filled in at the old units, and not what
    was at another."""
    a_year_later(merged)

    for unit in ("ett", "tva"):
        assert read_case(merged.world, email("utan"), case_of(unit)).material is not None
    with pytest.raises(NotFound):
        read_case(merged.world, email("utan"), case_of("tre"))
    listed = read_rounds(merged.world, email("utan"))
    assert {"prov-2010", "prov-2011"} == {one.id for one in listed.running}


def test_before_the_last_day_is_over_nobody_inherits(merged: ColumnRound) -> None:
    """A merger that is to come opens nothing."""
    for unit in ("ett", "tva"):
        with pytest.raises(NotFound):
            read_case(merged.world, email("utan"), case_of(unit))


def test_another_role_there_inherits_nothing(merged: ColumnRound, tmp_path: Path) -> None:
    """Only the same role at the successor does."""
    merged.clock.now += timedelta(days=30)
    grants = (*GRANTS, ("utan", Place("lasare", "fyra")))
    folder = write_organisation(tmp_path / "last", grants=grants)
    (folder / "units.csv").write_bytes((tmp_path / "later" / "units.csv").read_bytes())
    organisation.bring_in(merged.world, folder, end_missing=True)
    merged.clock.now += timedelta(days=2)

    with pytest.raises(NotFound):
        read_case(merged.world, email("utan"), case_of("ett"))


def test_nobody_acts_for_an_old_unit(merged: ColumnRound) -> None:
    """What is inherited is reading: neither saved nor handed in."""
    merged.clock.now += timedelta(days=2)
    wish = acts.Wish(
        case=case_of("ett"),
        transition="",
        email=email("utan"),
        data={"edits": {TABLE: [["add", None, {"vad": "Nytt"}]]}},
    )

    with pytest.raises(WorkflowError):
        saving.save(merged.world, wish)
    with pytest.raises(WorkflowError):
        merged.hand_in("ett", "utan")


def test_old_rounds_keep_the_old_names(database: Database, tmp_path: Path) -> None:
    """A unit with the same key changes its name: from the next round on."""
    found = open_columns(database, tmp_path)
    folder = write_organisation(tmp_path / "renamed")
    file = folder / "units.csv"
    file.write_text(file.read_text("utf-8").replace("ett,Ett,", "ett,Ortopedi och hand,"), "utf-8")
    organisation.bring_in(found.world, folder)
    found.open(2011)

    titles = [
        read_case(found.world, email("ellen"), case_of("ett", year)).units[-1]
        for year in (2010, 2011)
    ]

    assert ["Ett", "Ortopedi och hand"] == titles
    assert () == evidence.prove(found.world).problems


def test_a_second_import_changes_nothing(merged: ColumnRound, tmp_path: Path) -> None:
    """The column is kept as it was read."""
    told = organisation.bring_in(merged.world, tmp_path / "later")

    assert () == tuple(told["units"]["changed"])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("a,A,klinik,,,2026-01-01,x", "b,B,klinik,,,,"), "enheten `x` i kolumnen into finns inte"),
        (("a,A,klinik,,,,b", "b,B,klinik,,,,"), "har ingen sista dag"),
        (
            ("a,A,klinik,,,2026-01-01,b", "b,B,klinik,,,2026-01-01,a"),
            "enheten `a` går upp i sig själv (a - b - a)",
        ),
        (("a,A,klinik,,,2026-01-01,a", "b,B,klinik,,,,"), "enheten `a` går upp i sig själv"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, lines: tuple[str, str], said: str) -> None:
    """A successor that is not there, a unit that goes on, a circle: each line is named."""
    header = "key,name,kind,parent,from,to,into"
    (tmp_path / "units.csv").write_text("\n".join([header, *lines, ""]), "utf-8")
    (tmp_path / "people.csv").write_text("key,email,name,language,party\n", "utf-8")
    (tmp_path / "grants.csv").write_text("email,role,unit,from,to\n", "utf-8")

    with pytest.raises(BadInput) as caught:
        read_organisation(tmp_path)

    assert any(said in reason.sv for reason in caught.value.reasons)
