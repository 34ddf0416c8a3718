"""Edits as they arrive: read strictly, each row named, nothing half taken."""

import pytest

from tests.support.definitions import case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS
from workflow.core.errors import BadInput, Stale
from workflow.core.facts import Command, SheetKey
from workflow.core.saving import keep

TEXT = case_of(
    '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
    'edits = ["rader", "blankett"]\n'
    'transition.klar = { title = "Klar", to = "klar", guards = ["complete"] }\n'
    '[table.rader]\ntitle = "Rader"\n'
    'column.namn = { title = "Namn", type = "text" }\n'
    'column.val = { title = "Val", type = "val", several = true }\n'
    'column.antal = { title = "Antal", type = "integer", min = 0 }\n'
    '[table.rader.check.stora]\ntitle = "Stora tal"\ncount = true\n'
    'where = { antal = "100 to 999" }\nat_most = 0\notherwise = "ask"\n'
    '[table.blankett]\ntitle = "Blankett"\nform = true\n'
    'column.text = { title = "Text", type = "long_text" }\n'
    '[scale.val]\ntitle = "Val"\nlevels = { ett = "Ett", tva = "Två", tre = "Tre" }'
)
CASE = "prov-2010.omgang"
KEY = SheetKey(CASE, "rader")


@pytest.fixture
def a_round() -> MemoryRound:
    """A round whose table has two rows."""
    found = MemoryRound(revision_of(TEXT), grants=GRANTS)
    save(found, ["add", None, {"namn": "A"}], ["add", None, {"namn": "B"}])
    return found


def save(a_round: MemoryRound, *edits: object, table: str = "rader") -> None:
    """Save edits of single rows."""
    command = Command(
        case=CASE,
        transition="",
        actor=a_round.actor("jana"),
        data={"edits": {table: list(edits)}},
    )
    a_round.facts.apply(keep(a_round.revision, a_round.facts, command))


def names(a_round: MemoryRound) -> list[object]:
    """The rows, by their names."""
    return [row.cells.get("namn") for row in a_round.facts.sheet(KEY)]


def test_several_edits_are_one_change(a_round: MemoryRound) -> None:
    """Rows are added, moved, changed and dropped in one go, and told of in one entry."""
    before = len(a_round.facts.entries)

    save(
        a_round,
        ["add", 1, {"namn": "C"}],
        ["move", 2, 1, 0, " Viktigast. "],
        ["set", 1, 1, {"antal": "12 000"}],
        ["drop", 3, None],
    )

    assert ["B", "A"] == names(a_round)
    assert 12_000 == a_round.facts.sheet_row(KEY, 1).cells["antal"]
    assert before + 1 == len(a_round.facts.entries)


@pytest.mark.parametrize(
    "edit",
    [
        [],
        "set",
        ["set"],
        ["set", 1],
        ["set", 1, 1],
        ["set", 0, 1, {}],
        ["set", -1, 1, {}],
        ["set", True, 1, {}],
        ["set", "1", 1, {}],
        ["set", 1, True, {}],
        ["set", 10**30, 1, {}],
        ["set", 1, 10**30, {}],
        ["set", 1, 1, []],
        ["add", 10**30, {}],
        ["add", -1, {}],
        ["add", None, {}, CASE, 1],
        ["move", 1, 1, "först"],
        ["move", 1, 1, 10**30],
        ["drop", 1, 1, 1],
        ["why", "finns_inte", "x"],
        ["why", "stora", "x" * 2_001],
        ["why", "stora", "\0"],
        ["delete", 1, 1],
        {"set": 1},
        None,
    ],
)
def test_what_is_no_edit_is_refused(a_round: MemoryRound, edit: object) -> None:
    """With a sentence that shows one, and nothing of what came with it is kept."""
    with pytest.raises(BadInput) as refused:
        save(a_round, ["set", 1, 1, {"namn": "X"}], edit)

    assert "edits" == refused.value.reasons[0].code
    assert ["A", "B"] == names(a_round)


def test_bad_cells_are_told_with_their_rows(a_round: MemoryRound) -> None:
    """Every one of them, and nothing is half taken."""
    with pytest.raises(BadInput) as refused:
        save(
            a_round,
            ["set", 1, 1, {"antal": "många", "namn": "X"}],
            ["set", 2, 1, {"val": "fyra"}],
            ["set", 2, 1, {"okand": "x"}],
        )

    assert ["rader.1.antal", "rader.2.val", "rader.2.okand"] == [
        reason.place for reason in refused.value.reasons
    ]
    assert ["A", "B"] == names(a_round)


def test_a_row_that_is_not_there_is_stale(a_round: MemoryRound) -> None:
    """Somebody has taken it away; the reason says which row it was."""
    with pytest.raises(Stale) as late:
        save(a_round, ["move", 1, 1, 77])

    assert ["rader.77"] == [reason.place for reason in late.value.reasons]


def test_several_levels_are_kept_in_the_scales_order(a_round: MemoryRound) -> None:
    """However they are written; an empty list empties the cell."""
    save(a_round, ["set", 1, 1, {"val": ["tre", "ett", "ett"]}])
    save(a_round, ["set", 2, 1, {"val": " tva ; ett"}])

    assert ["ett,tre", "ett,tva"] == [row.cells["val"] for row in a_round.facts.sheet(KEY)]


def test_a_form_has_one_row(a_round: MemoryRound) -> None:
    """A second one is refused."""
    save(a_round, ["add", None, {"text": "x"}], table="blankett")

    with pytest.raises(BadInput, match="bara en rad"):
        save(a_round, ["add", None, {"text": "y"}], table="blankett")


def test_a_table_has_room_for_so_many(a_round: MemoryRound) -> None:
    """Ten thousand rows and no more, though they come in two goes."""
    save(a_round, *[["add", None, {}] for _ in range(9_998)])

    with pytest.raises(BadInput, match="10000"):
        save(a_round, ["add", None, {}])


def test_a_check_that_asks_is_met_by_a_reason(a_round: MemoryRound) -> None:
    """Until somebody has said why, the case cannot go on; the reason is kept beside the rows."""
    save(a_round, ["set", 1, 1, {"antal": 500}])
    with pytest.raises(Exception, match="Stora tal"):
        a_round.act("omgang", "klar", "jana")

    save(a_round, ["why", "stora", "Uppräknat två gånger."])
    a_round.act("omgang", "klar", "jana")

    assert "klar" == a_round.state("omgang")
    assert {"stora": "Uppräknat två gånger."} == a_round.facts.reasons(KEY)
