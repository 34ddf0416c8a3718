"""How far some cases have come, as one bar of parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workflow.service.reading.cases.progress import Progress

__all__ = ["WIDTH", "Piece", "stack"]

WIDTH: Final = 600


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the bar."""

    css: str
    x: float
    width: float


def stack(progress: Progress) -> tuple[Piece, ...]:
    """Lay out a bar: done, under way, late, missing; none for no cases."""
    return tuple(_pieces(progress)) if progress.total else ()


def _pieces(progress: Progress) -> Iterator[Piece]:
    at = 0.0
    parts = (
        ("f-done", progress.done),
        ("f-act", progress.left),
        ("f-hatch", progress.late),
        ("f-next", progress.missing),
    )
    for css, number in parts:
        width = WIDTH * number / progress.total
        if number:
            yield Piece(css, round(at, 1), round(width, 1))
        at += width
