"""Where long words may break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.telling.hyphens import soften


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Ställningstagande", "Ställnings|tagande"),
        ("Uppdraget till driftenheterna", "Uppdraget till drift|enheterna"),
        ("Prioriteringscentrum", "Prioriterings|centrum"),
        ("Årsredovisningen", "Års|redovisningen"),
        ("Redovisning", "Redovisning"),
        ("", ""),
    ],
)
def test_compounds_break_between_their_parts(word: str, parts: str) -> None:
    """Short words stay whole."""
    assert parts == soften(word).replace("\u00ad", "|")


@given(st.text(max_size=60))
def test_only_soft_hyphens_come_to_it(text: str) -> None:
    """Whatever the text, nothing else of it is changed."""
    plain = text.replace("\u00ad", "")

    assert plain == soften(plain).replace("\u00ad", "")


@given(st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=13, max_size=60))
def test_no_part_is_tiny(word: str) -> None:
    """Three letters at the least stay together."""
    assert all(len(part) >= 3 for part in soften(word).split("\u00ad"))
