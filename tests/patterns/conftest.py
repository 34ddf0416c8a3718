"""What the tests of the patterns may ask for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.patterns.playing import PATTERNS, Played, play, revision_in

__all__ = ["begin"]


@pytest.fixture
def begin(make_place: Callable[..., Place], tmp_path: Path) -> Callable[..., Played]:
    """Open a round of the pattern in a folder, with so many units at the bottom."""

    def begin(name: str, units: int = 3) -> Played:
        revision = revision_in(PATTERNS / name)
        return play(make_place("sqlite").open(), revision, tmp_path, units)

    return begin
