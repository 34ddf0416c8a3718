"""What people write is kept as they meant it, without what nobody can see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core.material import is_storable
from workflow.core.plain_text import clean_text

TEXTS = {
    "Hej": "Hej",
    "  Hej  ": "Hej",
    "Hej\r\ndu\rdär": "Hej\ndu\ndär",
    "a\n\n\n\n\nb": "a\n\nb",
    "a \t \nb": "a\nb",
    "\n\n a": "a",
    "a\x0bb\x0cc\x85d\u2028e\u2029f": "a\nb\nc\nd\ne\nf",
    "A\u030a": "Å",
    "a\0b": "ab",
    "a\x1b[31mb": "a[31mb",
    "\u202egnp.exe": "gnp.exe",
    "a\u2066b\u2069": "ab",
    "\ufeffa\u200b": "a",
    "a\ud800b": "ab",
    "👩\u200d⚕️": "👩\u200d⚕️",
    "  punkt\n    indrag": "punkt\n    indrag",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "\u200b \t\r\n": "",
    "": "",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_made_plain(text: str) -> None:
    """Line ends are one sign, unseen characters go, and everything else stays."""
    assert TEXTS[text] == clean_text(text)


@given(st.text(max_size=300))
def test_any_text_can_be_kept(text: str) -> None:
    """Both databases can hold it, and cleaning it again changes nothing."""
    plain = clean_text(text)

    assert is_storable(plain)
    assert plain == clean_text(plain)
