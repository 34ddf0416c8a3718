"""The kinds of files that may be attached, and which of them some bytes are."""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import puremagic

from workflow.core.errors import BadInput
from workflow.core.files.archives import SIGNATURE
from workflow.core.files.office import OLE, STARTS, ending_of_document
from workflow.core.files.pictures import PNG, check_jpeg, check_png
from workflow.core.files.unfit import unfit

__all__ = ["KINDS", "Kind", "family_of", "recognise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file that may be attached."""

    endings: tuple[str, ...]
    """The usual one first."""
    media_type: str
    sv: str
    """As in "men är ...", and in English."""
    en: str


_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."


def _kind(endings: str, media_type: str, sv: str, en: str) -> Kind:
    return Kind(endings=tuple(endings.split()), media_type=media_type, sv=sv, en=en)


_ALL: Final = (
    _kind("pdf", "application/pdf", "en PDF", "a PDF"),
    _kind("png", "image/png", "en PNG-bild", "a PNG picture"),
    _kind("jpg jpeg", "image/jpeg", "en JPEG-bild", "a JPEG picture"),
    _kind("txt", "text/plain", "ren text", "plain text"),
    _kind("csv", "text/csv", "ren text", "plain text"),
    _kind(
        "docx",
        f"{_OPEN_XML}wordprocessingml.document",
        "ett Word-dokument",
        "a Word document",
    ),
    _kind("xlsx", f"{_OPEN_XML}spreadsheetml.sheet", "en Excel-bok", "an Excel workbook"),
    _kind(
        "pptx",
        f"{_OPEN_XML}presentationml.presentation",
        "en PowerPoint-presentation",
        "a PowerPoint presentation",
    ),
    _kind("odt", f"{_OPEN_DOCUMENT}text", "ett OpenDocument-dokument", "an OpenDocument text"),
    _kind(
        "ods",
        f"{_OPEN_DOCUMENT}spreadsheet",
        "ett OpenDocument-kalkylark",
        "an OpenDocument spreadsheet",
    ),
    _kind(
        "odp",
        f"{_OPEN_DOCUMENT}presentation",
        "en OpenDocument-presentation",
        "an OpenDocument presentation",
    ),
)
KINDS: Final[Mapping[str, Kind]] = {ending: kind for kind in _ALL for ending in kind.endings}
"""By ending."""

_FAMILIES: Final[Mapping[str, str]] = {
    ending: family
    for family, endings in {
        "program": "exe dll com scr pif cpl msi msix bat cmd ps1 psm1 vbs vbe js mjs jse wsf wsh"
        " hta jar class sh bash py pyw pl php rb lnk url scf reg inf chm apk app dmg pkg deb rpm"
        " elf iso img vhd vhdx ade adp mdb accdb xll settingcontent website",
        "markup": "html htm xhtml shtml mht mhtml svg svgz xml xsl xslt css",
        "archive": "zip rar 7z gz tgz tar bz2 xz zst cab arj lzh ace z",
        "macros": "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm",
        "old_office": "doc dot xls xlt xla ppt pps pot mpp vsd pub ole",
        "mail": "eml msg pst ost mbox",
        "picture": "gif bmp tif tiff webp heic heif avif ico psd ai eps dib jfif jp2 raw wmf emf",
        "film": "mp3 mp4 m4a m4v mov avi wmv wma wav ogg oga ogv webm mkv flac aac mpg mpeg",
        "other_document": "rtf pages numbers key dotx xltx potx ppsx ott ots otp odg odf vsdx one"
        " epub wpd wps tex md xps oxps",
    }.items()
    for ending in endings.split()
}
_LOOKED_AT: Final = 1445
"""Bytes: what browsers look at to guess what a resource is (WHATWG MIME Sniffing, 5.2)."""
_MARKUP: Final = re.compile(
    rb"<(?:(?:html|head|body|script|iframe|frameset|svg|object|embed|applet|meta|style)\b"
    rb"|!doctype|\?xml|\?php|\?=|%)",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(
    rb"#!|@echo\b|%!ps|\[internetshortcut\]|regedit4|windows registry", re.IGNORECASE
)
_RTF: Final = b"{\\rtf"
_NOT_IN_TEXT: Final = re.compile(rb"[\0-\x08\x0b\x0e-\x1f\x7f]")
"""Control characters but for tabs, line ends and page breaks."""
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_STEP: Final = 65_536


def recognise(content: bytes, ending: str) -> Kind:
    """Say which kind some bytes are; `ending` only tells text from CSV.

    Raises: BadInput when they are none that may be attached, or may do harm.
    """
    seen = _seen_as(content)
    if content.startswith(b"%PDF-") and "pdf" in seen:
        return KINDS["pdf"]
    if content.startswith(PNG) and "png" in seen:
        check_png(content)
        return KINDS["png"]
    if content.startswith(b"\xff\xd8\xff") and {"jpg", "jpeg", "jfif"}.intersection(seen):
        check_jpeg(content)
        return KINDS["jpg"]
    if content.startswith(SIGNATURE):
        return KINDS[ending_of_document(content)]
    if content.startswith(OLE):
        raise unfit("mail" if family_of(ending) == "mail" else "old_office")
    if not _NOT_IN_TEXT.search(content):
        _check_text(content)
        return KINDS["csv" if ending == "csv" else "txt"]
    raise _unknown(content, seen)


def family_of(ending: str) -> str:
    """Say which family of files that are turned down an ending is of; empty when of none."""
    return _FAMILIES.get(ending, "")


def _seen_as(content: bytes) -> list[str]:
    """Give the endings that go with how some bytes begin and end, the likeliest first."""
    try:
        found = puremagic.magic_string(content)
    except puremagic.PureError:
        return []
    return [one.extension.lstrip(".").lower() for one in found]


def _check_text(content: bytes) -> None:
    begin = content[:_LOOKED_AT]
    plain = begin.removeprefix(codecs.BOM_UTF8).lstrip()
    if _SCRIPT.match(plain):
        raise unfit("program")
    if _MARKUP.search(plain):
        raise unfit("markup")
    if plain.startswith(_RTF):
        raise unfit("other_document")
    if not _decodes(content, "utf-8") and not _decodes(content, "cp1252"):
        raise unfit("encoding")


def _decodes(content: bytes, encoding: str) -> bool:
    """Say whether all of it can be read in an encoding; a little at a time, to spare memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(content), _STEP):
            decoder.decode(content[at : at + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unknown(content: bytes, seen: Iterable[str]) -> BadInput:
    """Say what it seems to be, in words that help."""
    if content.startswith(_BYTE_ORDER_MARKS):
        return unfit("encoding")
    families = [
        *(why for start, why in STARTS.items() if content.startswith(start)),
        *filter(None, map(family_of, seen)),
        "unknown",
    ]
    return unfit(families[0])
