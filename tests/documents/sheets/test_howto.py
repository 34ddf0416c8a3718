"""What the how-to says of cells is what happens to them."""

import re
from pathlib import Path

import pytest

from documents.sheets.form import FormColumn, Kind
from documents.sheets.grid import EPOCH_1900
from documents.sheets.unfit import UnfitError
from documents.sheets.values import reading_of

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "excel.md"
LINES = re.findall(r"^\| (\w+) \| `([^`]+)` \| (.+?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
SHOWN = {True: "yes", False: "no"}


def test_the_page_has_its_tables() -> None:
    """Or nothing below would be tried."""
    assert 19 == len(LINES)


@pytest.mark.parametrize(("kind", "cell", "told"), LINES)
def test_each_line_of_the_page_is_true(kind: Kind, cell: str, told: str) -> None:
    """What is read, or what is said."""
    reading = reading_of(FormColumn(key="a", title="A", kind=kind), EPOCH_1900)

    try:
        value = reading(cell)
    except UnfitError as unfit:
        shown = unfit.sv
    else:
        shown = f"`{SHOWN.get(value, value) if isinstance(value, bool) else value}`"

    assert told == shown
