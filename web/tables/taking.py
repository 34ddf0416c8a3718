"""What was pasted or uploaded: read, compared with what is there, and made into one wish.

Nothing is kept between the pages: the text or the bytes travel with the form, and are read
anew each time. So does a digest of everything that was shown to be changed, by row and
version. What is confirmed is what was shown, or nothing.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from documents.sheets.cells import Read, place_reasons, read_cells
from documents.sheets.changes import Changes, compare
from documents.sheets.fixed import settle_fixed
from documents.sheets.form import SheetForm
from documents.sheets.grid import Fault, Grid
from documents.sheets.mapping import Proposal, map_columns
from documents.sheets.notes import notes_on
from documents.sheets.paste import read_paste
from documents.sheets.upload import read_upload
from web.forms import Form, Upload
from web.tables.sheets import form_of, rows_of
from workflow.core.errors import BadInput
from workflow.core.material import read_rows
from workflow.service.reading.sheets.whole import WholeSheet

__all__ = [
    "MOST_BYTES",
    "Source",
    "Taken",
    "Taking",
    "check_size",
    "edits_of",
    "read_source",
    "take",
]

MOST_BYTES: Final = 3_000_000
"""A file that travels with the form is no larger: 10,000 rows of ordinary length are less."""
_PART: Final = 180_000
"""Bytes in each field; as base64 they are fewer than a field may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What somebody wants taken in: a text, or a file."""

    text: str = ""
    file: Upload | None = None

    @property
    def parts(self) -> list[str]:
        """Give the file's bytes as fields."""
        content = self.file.content if self.file else b""
        starts = range(0, len(content), _PART)
        return [b64encode(content[at : at + _PART]).decode() for at in starts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What was read, with which column is which."""

    form: SheetForm
    grid: Grid
    proposal: Proposal
    mapping: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What it comes to."""

    taking: Taking
    read: Read
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    changes: Changes | None
    """None while there are faults."""
    digest: str
    """Of all that would be changed, with the version of each row."""


def read_source(form: Form) -> Source | None:
    """Read what was chosen, pasted or carried; None when it is nothing, or was tampered with."""
    chosen = form.file("fil")
    if chosen is not None:
        return Source(file=chosen)
    parts = form.texts("del")
    if parts:
        try:
            content = b"".join(b64decode(one, validate=True) for one in parts)
        except ValueError:  # no page has written it
            return None
        return Source(file=Upload(form.text("namn"), content))
    text = form.text("text")
    return Source(text=text) if text.strip() else None


def take(sheet: WholeSheet, source: Source, chosen: Mapping[int, str] | None) -> Taken:
    """Read a source by the columns somebody chose, else by its headings, and compare it.

    Raises: BadInput when nothing of it can be read, or a column is chosen twice.
    """
    form = form_of(sheet)
    if source.file is not None:
        grid = read_upload(source.file.content, source.file.name, form)
    else:
        grid = read_paste(source.text)
    proposal = map_columns(form, grid)
    mapping = proposal.taken if chosen is None else chosen
    taking = Taking(form=form, grid=grid, proposal=proposal, mapping=mapping)
    read = read_cells(form, grid, mapping, skip=proposal.skip)
    if form.fixed:
        read = settle_fixed(form, rows_of(sheet), read)
    faults = (*read.faults, *_wrong(sheet, form, read))
    changes = None if faults else compare(form, rows_of(sheet), read)
    told = list(_told(sheet, changes, read)) if changes else []
    return Taken(
        taking=taking,
        read=read,
        faults=faults,
        notices=(*(notes_on(form, grid, proposal) if chosen is None else ()), *read.notices),
        changes=changes,
        digest=sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
    )


def _wrong(sheet: WholeSheet, form: SheetForm, read: Read) -> tuple[Fault, ...]:
    """Give what the rules of the table say of the cells that were read."""
    _, reasons = read_rows(sheet.definition, sheet.table, [row.cells for row in read.rows])
    return place_reasons(form, read, reasons)


# ---- the wish --------------------------------------------------------------------------


def _told(sheet: WholeSheet, changes: Changes, read: Read) -> Iterator[object]:
    yield edits_of(sheet, changes, read, removes=True, adds_unknown=True)
    yield len(changes.unknown)


def edits_of(
    sheet: WholeSheet, changes: Changes, read: Read, *, removes: bool, adds_unknown: bool
) -> list[list[Any]]:
    """Make the edits; of a compiled table only what is written in it. The order of a list with
    positions is changed on the page of the list, where each move has its reason.

    `removes` takes away the rows that are not in the file, `adds_unknown` makes new ones of
    those whose number is not in the table.
    """
    own = not (sheet.table.from_ or sheet.table.is_fixed)
    edits: list[list[Any]] = []
    if removes and own:
        edits += [["drop", row.number, row.version] for row in changes.removed]
    edits += [
        ["set", row.number, row.version, {field.key: field.after for field in row.fields}]
        for row in changes.changed
    ]
    if own and not sheet.table.ordered:
        edits += [["move", row.number, row.version, row.after or 0, ""] for row in changes.moved]
    if own:
        edits += _additions(sheet, changes, read)
    if own and adds_unknown:
        edits += [["add", None, dict(row.cells)] for row in changes.unknown]
    return edits


def _additions(sheet: WholeSheet, changes: Changes, read: Read) -> Sequence[list[Any]]:
    """Add new rows where they stand in the file; last, when it says nothing of where.

    Those behind one row come backwards: each goes right behind it.
    """
    last = sheet.rows[-1].number if sheet.rows and not changes.moved else None
    behind: list[list[Any]] = []
    at_end: list[list[Any]] = []
    for one in changes.added:
        if not sheet.rows or not read.has_numbers or one.after == last is not None:
            at_end.append(["add", None, dict(one.row.cells)])
        else:
            behind.append(["add", one.after or 0, dict(one.row.cells)])
    return [*reversed(behind), *at_end]


def check_size(source: Source, most: int) -> None:
    """Demand that a file can travel with the form.

    Raises: BadInput.
    """
    if source.file is not None and len(source.file.content) > most:
        size = f"{most / 1_000_000:g}"
        raise BadInput(
            f"Filen är större än {size.replace('.', ',')} MB. Ta bort bilder och andra blad, eller"
            " dela raderna på flera filer.",
            f"The file is larger than {size} MB. Remove pictures and other sheets, or split the"
            " rows over several files.",
        )
