"""Where a text of the round may be suggested, and which text may go along in mail."""

import tomllib
from pathlib import Path

import pytest

from tests.support.definitions import HEAD
from workflow.core.validation.validate import check_data

TEXT = (Path(__file__).parents[1] / "support" / "report.toml").read_text(encoding="utf-8")
TOLD = 'tells = ["klinikchef", "justerare"]\n'


def errors(*changes: tuple[str, str]) -> list[str]:
    """Give the errors of the definition with some words otherwise."""
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    found = check_data(tomllib.loads(HEAD + text), year=2010)[1]
    return [f"{one.place}: {one.message}" for one in found if one.severity == "error"]


def test_it_goes_with_a_form() -> None:
    """The definition that the tests run on has no error."""
    assert [] == errors()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('type = "text", suggest', 'type = "tkr", suggest', "budskap.suggest: 'previous_round'"),
        ("form = true\ncolumn.text = { title = \"Läget\"", "column.text = { title = \"Läget\"",
         "text.suggest: 'progress' is one text for the whole case"),
        ("sent = true", 'sent = true, visible_to = ["ledare"]', "not with visible_to or personal"),
        ("sent = true", "sent = true, personal = true", "not with visible_to or personal"),
        (TOLD, "", "text.sent: nobody is told of a case that fills it in; write tells"),
        ('type = "tkr" }\ncolumn.per', 'type = "tkr", sent = true }\ncolumn.per',
         "belopp.sent: is a text"),
    ],
)  # fmt: skip
def test_what_cannot_be(before: str, after: str, said: str) -> None:
    """Each says at its key what is wrong."""
    assert any(said in one for one in errors((before, after)))
