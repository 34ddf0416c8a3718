"""What programs put on the clipboard becomes the cells that were copied."""

import pytest

from documents.sheets.paste import MOST_CHARACTERS, read_paste
from workflow.core.errors import BadInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\r\nc\td\r\n", [("a", "b"), ("c", "d")]),
        ("a\tb\nc\td", [("a", "b"), ("c", "d")]),
        ('"rad ett\nrad två"\tb\n', [("rad ett\nrad två", "b")]),
        ('"a ""b""\n; c"\tb\n', [('a "b"\n; c', "b")]),
        ('"a\tb"\tc', [("a\tb", "c")]),
        ('5" rör\t"hej"\n', [('5" rör', '"hej"')]),
        ('"öppet\tb\nc', [('"öppet', "b"), ("c",)]),
        ('"a" och "b"\tc', [('"a" och "b"', "c")]),
        ("\t\tx", [(None, None, "x")]),
        ("=1+1\t'x", [("=1+1", "'x")]),
        ("\ufeffa", [("a",)]),
    ],
)
def test_the_clipboard_of_each_program_is_read(text: str, expected: list[tuple[str, ...]]) -> None:
    """Excel, LibreOffice and Google Sheets quote cells with line ends or tabs, and others not."""
    assert expected == [row.cells for row in read_paste(text).rows]


def test_rows_keep_their_numbers() -> None:
    """Empty ones between are counted."""
    assert [1, 4] == [row.row for row in read_paste("a\n\n \nb").rows]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n\t\n", "nothing_pasted"),
        ("x" * (MOST_CHARACTERS + 1), "large_paste"),
        ("x\n" * 50_000, "rows"),
        ("\t" * 5_000_000, "much"),
        ('"\t' * 1000, "columns"),
    ],
)
def test_what_is_nothing_or_too_much_is_said(text: str, code: str) -> None:
    """In words, at once."""
    with pytest.raises(BadInput) as found:
        read_paste(text)

    assert code == found.value.reasons[-1].code
