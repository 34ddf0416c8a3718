"""What two people wrote in the same table at once, put together so that nothing is lost.

Texts as they stand in the fields: what the page held when it was opened (`base`), what is
saved now (`now`), and what was typed (`mine`). Where only one of them changed a cell, that
one's stands; where both did, what was typed stands and the other is told beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

__all__ = ["Merged", "Note", "Texts", "Typed", "merge"]

Texts = Mapping[str, str]
"""A row: text by column; an empty cell is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A row as it was typed."""

    of: int | None
    """Its number in the table when the page was opened, from 1; None for a new row."""
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the other did in a row, for the one who typed."""

    row: int
    """In the merged table, from 1; 0 for a row that is gone."""
    column: str
    """Empty for a whole row."""
    what: Literal["taken", "clash", "added", "gone", "kept"]
    """taken: their cell stands; clash: yours stands and theirs is told; added: their new
    row; gone: they took a row away; kept: one of you took away what the other changed, and
    so it stands."""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """A table put together."""

    rows: tuple[Typed, ...]
    """`of` is their number in what is saved now."""
    notes: tuple[Note, ...]


def merge(base: Sequence[Texts], now: Sequence[Texts], mine: Sequence[Typed]) -> Merged:
    """Put together what is saved now and what was typed.

    A row of before that is not among what was typed was taken away.
    """
    typed = {row.of: row for row in mine if row.of is not None}
    rows: list[Typed] = []
    notes: list[Note] = []
    added: list[Texts] = []
    for old, new in _pairs(base, now):
        row = typed.get(old + 1) if old is not None else None
        if new is None:
            _without_theirs(base[old or 0], row, rows, notes)
        elif old is None:
            rows.append(Typed(of=new + 1, texts=now[new]))
            added.append(now[new])
            notes.append(Note(row=len(rows), column="", what="added"))
        elif row is None:
            _without_mine(base[old], Typed(of=new + 1, texts=now[new]), rows, notes)
        else:
            _both(base[old], Typed(of=new + 1, texts=now[new]), row, rows, notes)
    rows += [row for row in mine if row.of is None and row.texts and row.texts not in added]
    return Merged(tuple(rows), tuple(notes))


def _without_theirs(base: Texts, row: Typed | None, rows: list[Typed], notes: list[Note]) -> None:
    """Take away the row that the other took away, unless it was changed here."""
    if row is None or row.texts == base:
        notes.append(Note(row=0, column="", what="gone", theirs=next(iter(base.values()), "")))
        return
    rows.append(Typed(of=None, texts=row.texts))
    notes.append(Note(row=len(rows), column="", what="kept"))


def _without_mine(base: Texts, now: Typed, rows: list[Typed], notes: list[Note]) -> None:
    """Take away the row that was taken away here, unless the other has changed it."""
    if now.texts != base:
        rows.append(now)
        notes.append(Note(row=len(rows), column="", what="kept"))


def _both(base: Texts, now: Typed, mine: Typed, rows: list[Typed], notes: list[Note]) -> None:
    """Put a row together that both have, cell by cell."""
    whole: dict[str, str] = {}
    number = len(rows) + 1
    for column in dict.fromkeys((*mine.texts, *now.texts, *base)):
        was, theirs, own = (texts.get(column, "") for texts in (base, now.texts, mine.texts))
        whole[column] = theirs if own == was else own
        if theirs not in (was, own):
            what: Literal["taken", "clash"] = "taken" if own == was else "clash"
            notes.append(Note(row=number, column=column, what=what, theirs=theirs))
    rows.append(Typed(of=now.of, texts={one: text for one, text in whole.items() if text}))


def _pairs(base: Sequence[Texts], now: Sequence[Texts]) -> Iterator[tuple[int | None, int | None]]:
    """Pair the rows of before with those of now: (before, None) is gone, (None, now) is new."""
    before, after = ([tuple(sorted(row.items())) for row in rows] for rows in (base, now))
    for _, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        common = min(i_end - i, j_end - j)
        yield from ((i + step, j + step) for step in range(common))
        yield from ((old, None) for old in range(i + common, i_end))
        yield from ((None, new) for new in range(j + common, j_end))
