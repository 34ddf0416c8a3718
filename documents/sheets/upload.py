"""A file that somebody uploads, as a grid: what it is by its bytes, within limits."""

from typing import Final

from documents.sheets.excel import read_excel
from documents.sheets.form import SheetForm
from documents.sheets.grid import Grid
from documents.sheets.markup import Book
from documents.sheets.open_document import read_open_document
from documents.sheets.text import read_csv
from documents.sheets.words import refusal, retold
from workflow.core.errors import BadInput
from workflow.core.files.archives import SIGNATURE, Member, open_archive
from workflow.core.files.names import ending_of
from workflow.core.files.office import OLE, STARTS, ending_of_document

__all__ = ["MOST_BYTES", "read_upload"]

MOST_BYTES: Final = 20_000_000
_MOST_PART: Final = 50_000_000
"""Bytes that one part may unpack to; 10,000 full rows are a fifth of it."""
_MOST_PARTS: Final = 80_000_000
"""Bytes of all of them together."""
_MEGABYTE: Final = 1_000_000
_OTHER: Final = ("pdf", "doc", "docx", "odt", "png", "jpg", "jpeg", "html", "xml", "json", "rtf")


def read_upload(content: bytes, name: str, form: SheetForm) -> Grid:
    """Read an .xlsx, an .ods or a CSV file, whichever the bytes are.

    Raises: BadInput with one sentence of what is wrong and what to do; whatever is too large
        is turned down before it is unpacked.
    """
    if not content:
        raise refusal("empty")
    if len(content) > MOST_BYTES:
        raise _too_large("large", len(content), MOST_BYTES)
    if content.startswith(OLE):
        raise refusal("old_office")
    if content.startswith(SIGNATURE):
        grid = _read_archive(content, form)
    else:
        if content.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", *STARTS)):
            raise refusal("other")
        if ending_of(name) in _OTHER:
            raise refusal("other")
        grid = read_csv(content, form)
    if not grid.rows:
        raise refusal("no_rows", sheet=(grid.sheet or name)[:60])
    return grid


def _read_archive(content: bytes, form: SheetForm) -> Grid:
    try:
        members = open_archive(content)
    except BadInput as refused:
        raise retold(refused) from refused
    _check_sizes(members)
    try:
        ending = ending_of_document(content)
    except BadInput as refused:
        raise retold(refused) from refused
    book = Book(content, members)
    if ending == "xlsx":
        return read_excel(book, form.sheet)
    if ending == "ods":
        return read_open_document(book, form.sheet)
    raise refusal("other")


def _check_sizes(members: list[Member]) -> None:
    largest, together = max(one.size for one in members), sum(one.size for one in members)
    if largest > _MOST_PART:
        raise _too_large("unpacks", largest, _MOST_PART)
    if together > _MOST_PARTS:
        raise _too_large("unpacks", together, _MOST_PARTS)


def _too_large(why: str, size: int, most: int) -> BadInput:
    return refusal(why, size=-(-size // _MEGABYTE), most=most // _MEGABYTE)
