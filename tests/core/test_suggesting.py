"""What is suggested stands beside what people set; a difference asks for a reason."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import HEAD, case_of
from workflow.core import suggesting
from workflow.core.definition import Definition
from workflow.core.errors import Placed
from workflow.core.suggesting import (
    Suggestion,
    differing,
    lacking_reasons,
    register,
    suggestions,
    with_suggestions,
)

TEXT = """
[scale.niva]
title = "Nivå"
levels = { lag = "Låg", hog = "Hög" }
[table.rader]
title = "Rader"
column.antal = { title = "Antal", type = "integer" }
column.niva = { title = "Nivå", type = "niva", suggest = "niva_av_antal" }
column.dubbelt = { title = "Dubbelt", type = "integer", suggest = "dubbelt" }
column.text = { title = "Text", type = "text" }
column.annat = { title = "Annat", type = "text", suggest = "finns_inte" }
""" + case_of('state.a = { title = "A", transition.b = { title = "B", to = "klar" } }')
DEFINITION = Definition.model_validate(tomllib.loads(HEAD + TEXT))
TABLE = DEFINITION.table["rader"]


def _level(cells):
    """Suggest a level by a number: high from ten, nothing without one, faulty from 1,000."""
    antal = cells.get("antal")
    if antal is None:
        return None
    return "finns_inte" if antal >= 1000 else "hog" if antal >= 10 else "lag"


def _twice(cells):
    """Suggest the double; an empty text where there is nothing to double."""
    return 2 * cells["antal"] if "antal" in cells else ""


@pytest.fixture(autouse=True, scope="module")
def _registered():
    """Two suggestions of a region's own, registered for these tests."""
    register("niva_av_antal", Suggestion(answer=_level))
    register("dubbelt", Suggestion(answer=_twice))
    yield
    del suggesting.NAMED["niva_av_antal"], suggesting.NAMED["dubbelt"]


def saved(**cells):
    """Give a row as it is saved."""
    return with_suggestions(
        DEFINITION, TABLE, {key.replace("__", "."): v for key, v in cells.items()}
    )


def lacking(*rows):
    """Give what a table's saved rows lack, by place."""
    return list(lacking_reasons(DEFINITION, TABLE, list(enumerate(rows, start=1))))


def test_functions_suggest_by_the_row():
    """Each column's function is asked with the row's cells; those of the round are not asked."""
    assert {"niva": "hog", "dubbelt": 24} == suggestions(DEFINITION, TABLE, {"antal": 12})


def test_nothing_is_suggested_where_there_is_nothing_to_go_by():
    """No answer and an empty one are no suggestion."""
    assert {} == suggestions(DEFINITION, TABLE, {"text": "a"})


def test_an_answer_that_is_no_level_is_loud():
    """A function that answers with what the scale has not is a fault, not a suggestion."""
    with pytest.raises(ValueError, match="'niva_av_antal' suggests 'finns_inte', no level of niva"):
        suggestions(DEFINITION, TABLE, {"antal": 1000})


def test_zero_is_a_suggestion():
    """Nothing is suggested is not the same as zero."""
    assert 0 == suggestions(DEFINITION, TABLE, {"antal": 0})["dubbelt"]


def test_a_row_is_saved_with_what_was_suggested():
    """Both stand in the cells: what a person set, and what was suggested then."""
    assert {
        "antal": 12,
        "niva": "lag",
        "niva.suggested": "hog",
        "niva.reason": "Skäl.",
        "dubbelt.suggested": 24,
    } == saved(antal=12, niva="lag", niva__reason=" Skäl. ")


def test_what_was_suggested_before_goes():
    """A row whose grounds have changed is saved with the suggestion of now, or none."""
    before = saved(antal=12, niva="lag")
    other = with_suggestions(DEFINITION, TABLE, {**before, "antal": 3})
    empty = {key: value for key, value in before.items() if key != "antal"}

    assert ("lag", 6) == (other["niva.suggested"], other["dubbelt.suggested"])
    assert {"niva": "lag"} == with_suggestions(DEFINITION, TABLE, empty)


def test_a_client_cannot_say_what_was_suggested():
    """What came along as suggested is never believed."""
    assert "hog" == saved(antal=12, niva="lag", niva__suggested="lag")["niva.suggested"]
    assert "niva.suggested" not in saved(niva="lag", niva__suggested="lag")


@pytest.mark.parametrize("cells", [{"niva": "lag"}, {"niva": "hog"}, {}])
def test_a_reason_stays_and_a_blank_one_goes(cells):
    """What a person wrote is theirs, also while it is not asked for."""
    assert "Skäl." == saved(antal=12, niva__reason="Skäl.", **cells)["niva.reason"]
    assert "niva.reason" not in saved(antal=12, niva__reason="  ", **cells)


def test_saving_changes_nothing_else():
    """The row that came in is not touched, and cells of other columns stay as they are."""
    row = {"antal": 12, "text": "a", "text.reason": " b ", "finns.reason": ""}

    assert row.items() <= with_suggestions(DEFINITION, TABLE, row).items()
    assert {"antal": 12, "text": "a", "text.reason": " b ", "finns.reason": ""} == row


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"antal": 12, "niva": "lag"}, ["niva"]),
        ({"antal": 12, "niva": "hog"}, []),
        ({"antal": 12}, []),
        ({"antal": 12, "niva": "lag", "dubbelt": 23}, ["niva", "dubbelt"]),
        ({"antal": 0, "dubbelt": 0}, []),
        ({"antal": 0, "dubbelt": 1}, ["dubbelt"]),
        ({"niva": "lag", "dubbelt": 1}, []),
        ({"antal": 12, "text": "a", "annat": "b"}, []),
    ],
)
def test_what_differs(cells, wanted):
    """A value differs when something else was suggested; an empty one differs from nothing."""
    assert wanted == differing(TABLE, with_suggestions(DEFINITION, TABLE, cells))


def test_a_difference_without_a_reason_is_lacking():
    """Row by row it is said what was chosen, what was suggested and what to do."""
    rows = [
        saved(antal=12, niva="hog"),
        saved(antal=12, niva="lag", dubbelt=1),
        saved(antal=12, niva="lag", niva__reason="Skäl."),
    ]

    first, second = lacking(*rows)

    assert isinstance(first, Placed)
    assert "suggestion" == first.code
    assert ["rader.2.niva.reason", "rader.2.dubbelt.reason"] == [first.place, second.place]
    assert "Rader, rad 2, Nivå: du har valt ”Låg”, förslaget är ”Hög”. Skriv varför." == first.sv
    assert 'Rader, row 2, Nivå: you chose "Låg", "Hög" is suggested. Write why.' == first.en
    assert "Du har valt ”1”, förslaget är ”24”. Skriv varför." == second.here("sv")


def test_rows_are_named_by_the_numbers_they_keep():
    """The number is the sheet's own, not the place on the page."""
    (only,) = lacking_reasons(DEFINITION, TABLE, [(41, saved(antal=12, niva="lag"))])

    assert "rader.41.niva.reason" == only.place


def test_a_name_is_registered_once():
    """A suggestion that changes meaning gets a new name, and none takes one that is built in."""
    for name in ("dubbelt", "minutes"):
        with pytest.raises(ValueError, match=f"there is a suggestion '{name}' already"):
            register(name, Suggestion(answer=_twice))


def test_what_the_program_lacks_is_named():
    """A definition of another installation may name what is not here."""
    assert ("finns_inte",) == suggesting.missing_suggestions(DEFINITION)


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "antal": st.integers(0, 20),
        "niva": st.sampled_from(["lag", "hog"]),
        "dubbelt": st.integers(0, 40),
        "niva.reason": st.sampled_from(["", " ", "Skäl."]),
        "niva.suggested": st.sampled_from(["lag", "hog"]),
        "text": st.sampled_from(["a", "b"]),
    },
)


@given(ROWS)
def test_saving_again_changes_nothing(row):
    """A row as it was saved is saved as it was."""
    once = with_suggestions(DEFINITION, TABLE, row)

    assert once == with_suggestions(DEFINITION, TABLE, once)


@given(ROWS)
def test_what_is_lacking_is_what_differs_without_a_word(row):
    """Asked for is exactly: set, suggested, not the same, and no reason written."""
    row = with_suggestions(DEFINITION, TABLE, row)

    expected = [
        f"rader.1.{key}.reason"
        for key in ("niva", "dubbelt")
        if key in row
        and "antal" in row
        and row[key] != {"niva": _level, "dubbelt": _twice}[key](row)
        and not row.get(f"{key}.reason")
    ]
    assert expected == [one.place for one in lacking(row)]
