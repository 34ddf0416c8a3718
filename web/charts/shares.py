"""How many have given each answer, as lying bars: wide with the words beside them, narrow
with the words above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workflow.service.reading.lists.polls import Share

__all__ = ["Bar", "Bars", "bars_of"]

WIDE: Final = 720
NARROW: Final = 320
LABELS: Final = 240
"""So much of the wide picture is for the words."""
NUMBERS: Final = 96
"""And so much, of both, for the numbers behind the longest bar."""
STEP: Final = {True: 40, False: 46}
LETTER: Final = 7.2
"""The words of an answer are cut where they would run into its bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An answer."""

    share: Share
    label: str
    y: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The picture."""

    wide: bool
    width: int
    height: int
    left: int
    bars: Sequence[Bar]


def bars_of(shares: Sequence[tuple[str, Share]], *, wide: bool) -> Bars:
    """Draw shares with their words; the longest bar is a hundred per cent."""
    width, left = (WIDE, LABELS) if wide else (NARROW, 0)
    room, step = width - left - NUMBERS, STEP[wide]
    most = int((LABELS - 12 if wide else NARROW) / LETTER)
    return Bars(
        wide=wide,
        width=width,
        height=step * len(shares) + 4,
        left=left,
        bars=[
            Bar(
                share=share,
                label=label if len(label) <= most else f"{label[: most - 1]}…",
                y=step * at,
                width=round(room * (share.percent or 0) / 100, 1),
            )
            for at, (label, share) in enumerate(shares)
        ],
    )
