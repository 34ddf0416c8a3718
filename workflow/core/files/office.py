"""Documents that are archives: which kind they are, and what hides in them.

Their XML is searched, never parsed, so that no trick of XML's own has anybody to play on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from workflow.core.files.archives import (
    MOST_UNPACKED,
    SIGNATURE,
    Member,
    open_archive,
    unpack,
)
from workflow.core.files.unfit import unfit

__all__ = ["OLE", "STARTS", "ending_of_document"]

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""[MS-CFB] 2.2: old Office files, and what newer ones keep macros and objects in."""
_DEEPEST: Final = 1
"""A chart keeps its sheet in the document; that one has no further inside."""
_LARGEST_LIST: Final = 1_000_000
"""Bytes of the list of a document's parts."""
_LARGEST_INSIDE: Final = 25_000_000
"""Bytes of a document inside another, which is held whole while it is looked through."""

# ECMA-376 Part 2 (content types) and Part 1, 15.2; also ISO/IEC 29500 in its strict form.
_PARTS: Final = "[Content_Types].xml"
_OPEN_XML: Final = b"application/vnd.openxmlformats-officedocument."
_MAIN_PARTS: Final[Mapping[bytes, str]] = {
    _OPEN_XML + b"wordprocessingml.document.main+xml": "docx",
    _OPEN_XML + b"spreadsheetml.sheet.main+xml": "xlsx",
    _OPEN_XML + b"presentationml.presentation.main+xml": "pptx",
}
# OpenDocument 1.3 Part 2, 3.3: a first part that is not packed and says what it is.
_MIMETYPE: Final = "mimetype"
_OPEN_DOCUMENTS: Final[Mapping[bytes, str]] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_MACRO_PARTS: Final = ("vbaproject", "vbadata", "macrosheet", "activex")
_MACRO_FOLDERS: Final = ("basic/", "scripts/", "dialogs/")
"""Of OpenDocument."""
_MACRO_TYPES: Final = (b"macroenabled", b"vbaproject", b"macrosheet", b"activex")
STARTS: Final[Mapping[bytes, str]] = {
    OLE: "embedded",
    b"MZ": "program",
    b"\x7fELF": "program",
    b"\xcf\xfa\xed\xfe": "program",
    b"Rar!": "archive",
    b"7z\xbc\xaf\x27\x1c": "archive",
    b"\x1f\x8b": "archive",
    b"BZh": "archive",
    b"\xfd7zXZ\0": "archive",
    b"MSCF": "archive",
}
"""How a part begins that no document needs. By content: a name can be changed."""
_ENTITY: Final = b"<!ENTITY"
_ENTITIES: Final = tuple(
    _ENTITY.decode().encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_OVERLAP: Final = 2 * len(_ENTITY)


@dataclass(slots=True)
class _Look:
    """A document that is looked through, with all that it holds."""

    left: int = MOST_UNPACKED
    """How many bytes may still be unpacked."""


def ending_of_document(content: bytes) -> str:
    """Say which kind of document an archive is, by the ending that goes with it.

    Raises: BadInput when it is none, or holds what may do harm.
    """
    return _look_into(content, _Look(), 0)


def _look_into(content: bytes, look: _Look, depth: int) -> str:
    members = open_archive(content, most=look.left)
    look.left -= sum(one.size for one in members)
    _check_names(members)
    ending = _kind_of(content, members)
    for member in members:
        _check_member(content, member, look, depth)
    return ending


def _check_names(members: list[Member]) -> None:
    for member in members:
        name = member.name.casefold()
        base = name.rpartition("/")[2]
        if name.startswith(_MACRO_FOLDERS) or any(part in name for part in _MACRO_PARTS):
            raise unfit("macros")
        if base in ("..", ".") or name.startswith("/") or "../" in name or "\\" in name:
            raise unfit("damaged")


def _kind_of(content: bytes, members: list[Member]) -> str:
    first = members[0]
    if first.name == _MIMETYPE and first.stored:
        ending = _OPEN_DOCUMENTS.get(content[first.begins : first.ends])
        if ending is None:
            raise unfit("other_document")
        return ending
    parts = next((one for one in members if one.name == _PARTS), None)
    if parts is None:
        raise unfit("archive")
    if parts.size > _LARGEST_LIST:
        raise unfit("damaged")
    listed = b"".join(unpack(content, parts)).lower().replace(b"'", b'"')
    if any(one in listed for one in _MACRO_TYPES):
        raise unfit("macros")
    found = {ending for part, ending in _MAIN_PARTS.items() if b'"' + part + b'"' in listed}
    if len(found) != 1:
        raise unfit("other_document")
    return found.pop()


def _check_member(content: bytes, member: Member, look: _Look, depth: int) -> None:
    """Unpack a part to the end, so that its size is what it said, and look at it on the way."""
    pieces = unpack(content, member)
    begin = next(pieces, b"")
    if begin.startswith(SIGNATURE):
        if depth == _DEEPEST or "/embeddings/" not in f"/{member.name}":
            raise unfit("archive")
        if member.size > _LARGEST_INSIDE:
            raise unfit("embedded")
        _look_into(b"".join((begin, *pieces)), look, depth + 1)
        return
    for start, why in STARTS.items():
        if begin.startswith(start):
            raise unfit(why)
    if begin.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        _search(chain((begin,), pieces))
    else:
        for _ in pieces:
            pass


def _search(pieces: Iterable[bytes]) -> None:
    """Look for entities of somebody's own, which neither kind of document may declare."""
    tail = b""
    for piece in pieces:
        text = tail + piece
        if any(one in text for one in _ENTITIES):
            raise unfit("damaged")
        tail = text[-_OVERLAP:]
