"""What a file changes in a sheet, for a person to confirm before anything is saved."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from documents.sheets.cells import Read, ReadRow
from documents.sheets.form import SheetForm, SheetRow
from documents.sheets.words import refusal
from workflow.core.facts import Cell

__all__ = ["Added", "Changed", "Changes", "FieldChange", "Moved", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A cell before and after; none is empty."""

    key: str
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A new row."""

    row: ReadRow
    after: int | None
    """The number of the nearest row above that is in the sheet; none at the top."""
    same_as: int | None = None
    """The number of a row that holds just this already: the file may have come before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A row whose cells differ."""

    number: int
    version: int
    """The version that it is compared with."""
    row: int
    """Its number in the file."""
    fields: tuple[FieldChange, ...]
    overtaken: bool = False
    """Somebody changed the row after the template was taken: what they wrote is `before`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A row that stands elsewhere among the others."""

    number: int
    version: int
    after: int | None
    """The number of the row right above it in the file that is in the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that a file changes in a sheet."""

    added: tuple[Added, ...] = ()
    changed: tuple[Changed, ...] = ()
    removed: tuple[SheetRow, ...] = ()
    """Rows that are in the sheet and not in the file."""
    moved: tuple[Moved, ...] = ()
    """The fewest rows that give the file's order when they are moved."""
    unchanged: int = 0
    unknown: tuple[ReadRow, ...] = ()
    """Rows whose number is not in the sheet. They are not taken: a person says what they are."""
    newer: tuple[SheetRow, ...] = ()
    """Rows that came to the sheet after the template was taken. They stay."""
    not_taken: Mapping[int, tuple[FieldChange, ...]]
    """By number: what was written in columns that are only shown."""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to save."""
        return not (self.added or self.changed or self.removed or self.moved)


def compare(form: SheetForm, present: Sequence[SheetRow], read: Read) -> Changes:
    """Compare what was read with the rows that are in the sheet, in their order.

    A column that is not in the file changes nothing; nor does a file without the rows' numbers
    change or remove any row, it only adds. Of fixed rows none is removed or moved.

    Raises: BadInput when there are faults left.
    """
    if read.faults:
        raise refusal("faults_left")
    there = {one.number: one for one in present if one.number is not None}
    numbered = [one for one in read.rows if one.number in there]
    known = {one.number for one in numbered}
    changed = tuple(_changed(form, there, numbered, read))
    moved = () if form.fixed else tuple(_moved(there, numbered))
    touched = {one.number for one in changed} | {one.number for one in moved}
    told_all = read.has_numbers and not form.fixed
    gone = [one for one in there.values() if one.number not in known] if told_all else []
    return Changes(
        added=tuple(_added(form, present, read, there)),
        changed=changed,
        removed=tuple(one for one in gone if not _is_newer(one, read)),
        moved=moved,
        unchanged=len(known - touched),
        unknown=tuple(o for o in read.rows if o.number is not None and o.number not in there),
        newer=tuple(one for one in gone if _is_newer(one, read)),
        not_taken=dict(_not_taken(form, there, numbered, read)),
    )


def _changed(
    form: SheetForm,
    there: Mapping[int, SheetRow],
    rows: Sequence[ReadRow],
    read: Read,
) -> Iterator[Changed]:
    keys = [one.key for one in form.columns if one.key in read.columns and not one.read_only]
    for row in rows:
        if row.number is None:
            continue
        old = there[row.number]
        if fields := tuple(_differences(keys, old.cells, row.cells)):
            seen = (read.versions or {}).get(row.number, old.version)
            yield Changed(
                number=row.number,
                version=old.version,
                row=row.row,
                fields=fields,
                overtaken=seen != old.version,
            )


def _differences(
    keys: Sequence[str], before: Mapping[str, Cell], after: Mapping[str, Cell]
) -> Iterator[FieldChange]:
    for key in keys:
        old, new = before.get(key), after.get(key)
        if old is not new and _told(old) != _told(new):
            yield FieldChange(key=key, before=old, after=new)


def _told(value: Cell) -> tuple[type, Cell]:
    """Give what makes two values the same: an empty text is none, a line end is a line end, and
    1 is not yes. Programs write line ends each in their own way."""
    if isinstance(value, str):
        value = value.strip().replace("\r\n", "\n").replace("\r", "\n") or None
    return type(value), value


def _added(
    form: SheetForm,
    present: Sequence[SheetRow],
    read: Read,
    there: Mapping[int, SheetRow],
) -> Iterator[Added]:
    keys = [one.key for one in form.columns if one.key in read.columns and not one.read_only]
    alike = {_whole(keys, one.cells): one.number for one in reversed(present)}
    after: int | None = None
    for row in read.rows:
        if row.number in there:
            after = row.number
        elif row.number is None:
            same = alike.get(_whole(keys, row.cells)) if row.cells else None
            yield Added(row=row, after=after, same_as=same)


def _whole(keys: Sequence[str], cells: Mapping[str, Cell]) -> tuple[object, ...]:
    return tuple(_told(cells.get(key)) for key in keys)


def _moved(there: Mapping[int, SheetRow], rows: Sequence[ReadRow]) -> Iterator[Moved]:
    """Give the rows to move: those outside a longest run that keeps its order."""
    place = {number: at for at, number in enumerate(there)}
    numbers = [row.number for row in rows if row.number is not None]
    stay = _longest_run([place[number] for number in numbers])
    after: int | None = None
    for at, number in enumerate(numbers):
        if at not in stay:
            yield Moved(number=number, version=there[number].version, after=after)
        after = number


def _longest_run(places: Sequence[int]) -> set[int]:
    """Give the indexes of a longest increasing subsequence (patience sorting)."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        pile = bisect_left(ends, place)
        before.append(at_end[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(place)
            at_end.append(at)
        else:
            ends[pile], at_end[pile] = place, at
    run: set[int] = set()
    step = at_end[-1] if at_end else -1
    while step >= 0:
        run.add(step)
        step = before[step]
    return run


def _is_newer(row: SheetRow, read: Read) -> bool:
    return read.versions is not None and row.number not in read.versions


def _not_taken(
    form: SheetForm,
    there: Mapping[int, SheetRow],
    rows: Sequence[ReadRow],
    read: Read,
) -> Iterator[tuple[int, tuple[FieldChange, ...]]]:
    keys = [one.key for one in form.columns if one.key in read.columns and one.read_only]
    for row in rows:
        if row.number is not None:
            fields = tuple(_differences(keys, there[row.number].cells, row.shown))
            if fields:
                yield row.number, fields
