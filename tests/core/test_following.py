"""What a column may mean in following up, and where."""

import tomllib

import pytest

from tests.support.definitions import HEAD, definition_of
from tests.support.following import TEXT
from workflow.core.following import following_tables, in_order, meanings
from workflow.core.validation.validate import check_data


def test_what_columns_mean() -> None:
    """They are found in the table itself and in where its rows come from; hidden ones are not."""
    definition = definition_of(TEXT)

    goals, savings = following_tables(definition)

    found = {means: column.key for means, column in meanings(definition, goals, {"ingang"}).items()}
    assert {
        "direction": "riktning",
        "target": "malvarde",
        "outcome": "utfall",
        "status": "status",
    } == found
    assert ["target", "outcome"] == list(meanings(definition, savings))


def test_occasions_stand_in_order() -> None:
    """Those of the plan as it has them; periods by their last day; numbers as numbers."""
    definition = definition_of(TEXT)

    assert ("tertial_1", "helar") == in_order(definition, ["bokslut"], ["helar"])
    assert ("2015-12", "2016-02") == in_order(definition, [], ["2016-02", "2015-12"])
    assert ("2", "10") == in_order(definition, [], ["10", "2"])


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (
            'type = "status", means = "status"',
            'type = "text", means = "status"',
            "table.foljs.column.status.means",
            "'status' goes with a scale",
        ),
        (
            'type = "tkr", means = "outcome"',
            'type = "text", means = "outcome"',
            "table.effekt.column.blev.means",
            "'outcome' goes with numbers",
        ),
        (
            'title = "Mått", type = "text"',
            'title = "Mått", type = "percent", means = "target"',
            "table.mal.column.matt.means",
            "'target' is one column's alone",
        ),
        (
            'means = "target" }\n\n[table.effekt]',
            'means = "outcome" }\n\n[table.effekt]',
            "table.atgard.column.spar.means",
            "'outcome' needs from",
        ),
        (
            'every = "year"\n',
            "",
            "table.effekt.column.blev.means",
            "'spar' has no occasions",
        ),
        (
            'ej = "bad"',
            'annat = "bad"',
            "scale.status.tones",
            "there is no level 'annat'",
        ),
    ],
)
def test_meanings_that_cannot_stand(old: str, new: str, place: str, message: str) -> None:
    """Each is said at its place."""
    text = (HEAD + TEXT).replace(old, new)
    assert text != HEAD + TEXT

    problems = check_data(tomllib.loads(text), year=2015)[1]

    assert any(one.place == place and message in one.message for one in problems), problems
