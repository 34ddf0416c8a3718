"""What cells may point at, what the row itself decides, and columns that only some see."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.definitions import case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS
from workflow.core.errors import BadInput, Refused
from workflow.core.facts import Command, Origin, RowFact, SheetKey
from workflow.core.saving import keep

TEXT = case_of(
    '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nhelpers = ["sekreterare"]\n'
    'body = "namnd"\n'
    'edits = ["rader", "andra"]\n'
    'transition.klar = { title = "Klar", to = "klar", guards = ["complete"] }\n'
    '[table.rader]\ntitle = "Rader"\n'
    'column.namn = { title = "Namn", type = "text" }\n'
    'column.vem = { title = "Vem", type = "person" }\n'
    'column.var = { title = "Var", type = "unit" }\n'
    'column.fil = { title = "Fil", type = "file" }\n'
    'column.betalas = { title = "Betalas", type = "row", of = "rader", several = true }\n'
    'column.annan = { title = "Annan", type = "row", of = "andra" }\n'
    'column.forra = { title = "Förra", type = "previous_row" }\n'
    'column.slag = { title = "Slag", type = "slag" }\n'
    'column.varde = { title = "Värde", type_from = "slag" }\n'
    'column.tkr = { title = "Kostnad", type = "tkr", years = ["{year}", "{year+2}"] }\n'
    'column.hemlig = { title = "Hemlig", type = "tkr", visible_to = ["justerare"] }\n'
    '[table.rader.check.tak]\ntitle = "Taket"\nsum = "hemlig"\nat_most = 100\n'
    '[table.andra]\ntitle = "Andra"\n'
    'column.text = { title = "Text", type = "text" }\n'
    '[scale.slag]\ntitle = "Slag"\nlevels = { tkr = "Belopp", date = "Dag", text = "Ord", '
    'file = "Bilaga", person = "Vem" }'
)
CASE = "prov-2010.omgang"
KEY = SheetKey(CASE, "rader")
BEFORE = Origin("prov-2009.omgang", 3)


@pytest.fixture
def a_round() -> MemoryRound:
    """A round with two rows in a table and one in another, a file, and a row of last year."""
    found = MemoryRound(revision_of(TEXT), grants=GRANTS)
    found.facts.attached[CASE] = {4: "plan.pdf"}
    row = RowFact(number=3, place="5", version=1, cells={"namn": "I fjol"})
    found.facts.before["alv", "rader"] = [(BEFORE, row)]
    save(found, ["add", None, {"namn": "A"}], ["add", None, {"namn": "B"}])
    save(found, ["add", None, {"text": "C"}], table="andra")
    return found


def save(a_round: MemoryRound, *edits: object, who: str = "jana", table: str = "rader") -> None:
    """Save edits of single rows."""
    _keep(a_round, who, {"edits": {table: list(edits)}})


def save_whole(a_round: MemoryRound, *rows: Mapping[str, Any], who: str = "jana") -> None:
    """Save the whole table, as a form does."""
    _keep(a_round, who, {"rows": {"rader": list(rows)}})


def _keep(a_round: MemoryRound, who: str, data: Mapping[str, Any]) -> None:
    command = Command(case=CASE, transition="", actor=a_round.actor(who), data=data)
    a_round.facts.apply(keep(a_round.revision, a_round.facts, command))


def cells(a_round: MemoryRound, number: int = 1) -> dict[str, Any]:
    """The cells of a row."""
    row = a_round.facts.sheet_row(KEY, number)
    assert row
    return dict(row.cells)


@pytest.mark.parametrize(
    ("column", "given", "stored"),
    [
        ("vem", "lena", "lena"),
        ("var", "ett", "ett"),
        ("var", "namnd", "namnd"),
        ("fil", 4, "4"),
        ("fil", "04", "4"),
        ("betalas", "2", "2"),
        ("betalas", ["2"], "2"),
        ("annan", 1, "1"),
        ("forra", "prov-2009.omgang/3", "prov-2009.omgang/3"),
        ("tkr.2010", "1 200", 1200),
        ("tkr.2012", "-4", -4),
    ],
)
def test_what_is_there_is_taken(
    a_round: MemoryRound, column: str, given: object, stored: object
) -> None:
    """People by key, units by key, files and rows by number, a value for each year."""
    save(a_round, ["set", 1, 1, {column: given}])

    assert stored == cells(a_round)[column]


def test_several_rows_stand_by_rising_number(a_round: MemoryRound) -> None:
    """However they are ticked, the same rows are the same text."""
    save(a_round, ["add", None, {"namn": "C"}], ["add", None, {"namn": "D", "betalas": "2;1,2"}])

    assert "1,2" == cells(a_round, 4)["betalas"]


@pytest.mark.parametrize(
    ("column", "given", "said"),
    [
        ("vem", "utan", "”utan” är ingen som har en roll i omgången"),
        ("vem", "Lena", "ingen som har en roll"),
        ("var", "finns_inte", "ingen enhet i omgången"),
        ("fil", 5, "”5” är ingen fil i ärendet"),
        ("fil", "plan.pdf", "inget nummer"),
        ("fil", "0", "inget nummer"),
        ("betalas", "9", "ingen rad som finns"),
        ("betalas", "2,9", "ingen rad som finns"),
        ("betalas", "1", "en rad kan inte peka på sig själv"),
        ("betalas", "1,2", "en rad kan inte peka på sig själv"),
        ("annan", "1,2", "välj en enda"),
        ("annan", "2", "ingen rad som finns"),
        ("forra", "prov-2009.omgang/4", "ingen rad i förra omgången"),
        ("forra", "3", "ingen rad i förra omgången"),
        ("tkr.2013", "5", "finns inte; kolumner: "),
        ("tkr.2009", "5", "finns inte; kolumner: "),
        ("tkr", "5", "finns inte; kolumner: "),
        ("tkr.2010.2011", "5", "finns inte; kolumner: "),
        ("tkr.2010", "fem", "inget tal"),
    ],
)
def test_what_is_not_there_is_answered_by_row_and_cell(
    a_round: MemoryRound, column: str, given: object, said: str
) -> None:
    """Nothing is saved of it, and the reason stands at the cell."""
    with pytest.raises(BadInput) as caught:
        save(a_round, ["set", 1, 1, {column: given}])

    [reason] = caught.value.reasons
    assert f"rader.1.{column}" == reason.place  # type: ignore[attr-defined]  # Placed
    assert said in reason.sv
    assert {"namn": "A"} == cells(a_round)


def test_what_was_there_stays_until_it_is_changed(a_round: MemoryRound) -> None:
    """Whoever has left, and a file that is gone, stand where they stood; they are not chosen
    anew."""
    save(a_round, ["set", 1, 1, {"vem": "lena", "fil": 4}])
    a_round.vacate("ledare", "alv")
    a_round.facts.attached[CASE] = {}

    save(a_round, ["set", 1, 2, {"vem": "lena", "fil": "4", "namn": "Nytt"}])

    assert {"namn": "Nytt", "vem": "lena", "fil": "4"} == cells(a_round)
    with pytest.raises(BadInput):
        save(a_round, ["set", 2, 1, {"vem": "lena"}])


def test_complete_says_what_is_gone(a_round: MemoryRound) -> None:
    """A row that vanished, a file that was taken away: by row and cell, until chosen anew."""
    save(a_round, ["set", 1, 1, {"betalas": "2", "fil": 4}])
    a_round.facts.attached[CASE] = {}

    with pytest.raises(Refused) as caught:
        a_round.act("omgang", "klar", "jana", edits={"rader": [["drop", 2, None]]})

    assert [
        ("rader.1.fil", "Rader, rad 1, Fil: filen är borttagen (4). Välj om."),
        ("rader.1.betalas", "Rader, rad 1, Betalas: raden är borttagen (2). Välj om."),
    ] == [(one.place, one.sv) for one in caught.value.reasons]  # type: ignore[attr-defined]
    a_round.act(
        "omgang", "klar", "jana", edits={"rader": [["set", 1, 2, {"fil": "", "betalas": ""}]]}
    )


# ---- a type that the row decides -------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [("tkr", "1 200", 1200), ("date", "2010-05-01", "2010-05-01"), ("text", "12", "12")],
)
def test_a_row_decides_the_type(
    a_round: MemoryRound, kind: str, given: str, stored: object
) -> None:
    """The value is read by the type that stands in the same row."""
    save(a_round, ["set", 1, 1, {"slag": kind, "varde": given}])

    assert stored == cells(a_round)["varde"]


def test_the_type_may_stand_there_already(a_round: MemoryRound) -> None:
    """A value that comes alone is read by what the row says; without a type it is refused."""
    with pytest.raises(BadInput, match="välj först Slag"):
        save(a_round, ["set", 1, 1, {"varde": "5"}])
    save(a_round, ["set", 1, 1, {"slag": "tkr"}])
    save(a_round, ["set", 1, 2, {"varde": "5"}])

    assert 5 == cells(a_round)["varde"]


def test_what_a_decided_type_points_at_stays_until_it_is_changed(a_round: MemoryRound) -> None:
    """A file that is gone since stands there while other cells are written, and goes no
    further: neither to another type nor to another row."""
    save(a_round, ["set", 1, 1, {"slag": "file", "varde": "4"}])
    a_round.facts.attached[CASE] = {}

    save(a_round, ["set", 1, 2, {"namn": "Ny"}])

    assert ("Ny", "4") == (cells(a_round)["namn"], cells(a_round)["varde"])
    for edit in (["set", 1, 3, {"slag": "person"}], ["add", None, {"slag": "file", "varde": "4"}]):
        with pytest.raises(BadInput, match="”4” är ingen"):
            save(a_round, edit)


def test_another_type_reads_the_value_anew(a_round: MemoryRound) -> None:
    """A value that does not fit the new type is answered; one that does becomes it."""
    save(a_round, ["set", 1, 1, {"slag": "text", "varde": "2010"}])

    with pytest.raises(BadInput, match="ingen dag"):
        save(a_round, ["set", 1, 2, {"slag": "date"}])
    save(a_round, ["set", 1, 2, {"slag": "tkr"}])

    assert 2010 == cells(a_round)["varde"]


# ---- columns that only some see --------------------------------------------------------


def test_who_does_not_see_a_column_sets_nothing_in_it(a_round: MemoryRound) -> None:
    """Neither a value nor emptiness, row by row; an empty cell of a whole table leaves it."""
    save(a_round, ["set", 1, 1, {"hemlig": 7}])

    for given in ({"hemlig": 8}, {"hemlig": None}, {"hemlig": ""}):
        with pytest.raises(BadInput) as caught:
            save(a_round, ["set", 1, 2, given], who="sara")
        assert "hemlig" not in caught.value.sv.partition("kolumner:")[2]
    with pytest.raises(BadInput):
        save_whole(a_round, {"namn": "A", "hemlig": 8}, {"namn": "B"}, who="sara")
    save_whole(a_round, {"namn": "A", "hemlig": ""}, {"namn": "B"}, who="sara")

    assert 7 == cells(a_round)["hemlig"]


def test_saving_the_others_does_not_wipe_it(a_round: MemoryRound) -> None:
    """Also when the whole table comes, in another order and with new rows."""
    save(a_round, ["set", 1, 1, {"hemlig": 7}])

    save(a_round, ["set", 1, 2, {"namn": "A1"}], who="sara")
    save_whole(a_round, {"namn": "A2"}, {"namn": "B2"}, {"namn": "C2"}, who="sara")
    numbered = [{"#": 2, "namn": "B3"}, {"namn": "D3"}, {"#": 1, "namn": "A3"}]
    save_whole(a_round, *numbered, who="sara")

    assert {"namn": "A3", "hemlig": 7} == cells(a_round)
    assert [None, None, 7] == [row.cells.get("hemlig") for row in a_round.facts.sheet(KEY)]


def test_a_check_of_it_tells_no_figures(a_round: MemoryRound) -> None:
    """Whoever sees the column reads the sum; the other, that it does not hold."""
    save(a_round, ["set", 1, 1, {"hemlig": 170}])

    with pytest.raises(Refused, match="170"):
        a_round.act("omgang", "klar", "jana")
    with pytest.raises(Refused) as caught:
        a_round.act("omgang", "klar", "sara")

    assert ["Rader: Taket: stämmer inte. Fråga någon som ser kolumnen."] == [
        one.sv for one in caught.value.reasons if one.code == "check"
    ]
