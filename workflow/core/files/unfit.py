"""The words for a file that is turned down: what is wrong, and what to do instead."""

from collections.abc import Mapping
from typing import Final

from workflow.core.errors import BadInput, Reason

__all__ = ["FIELD", "say_size", "unfit"]

FIELD: Final = "file"
"""The first reason's code: the field of the form that the words stand at."""
_MEGABYTE: Final = 1_000_000

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "empty": (
        "Filen är tom. Se efter att den är sparad, och välj den igen.",
        "The file is empty. See that it is saved, and choose it again.",
    ),
    "large": (
        "Filen är {size}. Högst {most} går. Dela den, eller spara som PDF.",
        "The file is {size}. The limit is {most}. Split it, or save it as PDF.",
    ),
    "large_pdf": (
        "Filen är {size}. Högst {most} går. Dela den, eller spara den med mindre bilder.",
        "The file is {size}. The limit is {most}. Split it, or save it with smaller pictures.",
    ),
    "quota": (
        "Ärendets filer är {used} och får vara {most}. Den här är {size} och får inte plats."
        " Ta bort någon fil först, eller gör den mindre.",
        "The files of the case are {used}, and the limit is {most}. This one is {size} and does"
        " not fit. Remove a file first, or make it smaller.",
    ),
    "secrecy": (
        "Sekretessgrunden är {length} tecken. Högst {most} går. Skriv lagrummet, till exempel"
        " OSL 25 kap. 1 §.",
        "The ground for secrecy is {length} characters. The limit is {most}. Write the section,"
        " for example OSL 25 kap. 1 §.",
    ),
    "contradicts": (
        "Filen slutar på .{ending} men är {what}. Döp om den så att den slutar på .{right}, eller"
        " spara den på nytt som .{ending}.",
        "The file ends in .{ending} but is {what}. Rename it so that it ends in .{right}, or save"
        " it anew as .{ending}.",
    ),
    "unknown": (
        "Det går inte att se vad filen är. PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG,"
        " text och CSV går bra. Spara den som PDF.",
        "There is no telling what the file is. PDF, Word, Excel, PowerPoint, OpenDocument, PNG,"
        " JPEG, text and CSV are fine. Save it as PDF.",
    ),
    "program": (
        "Program och skript går inte att bifoga. Bifoga ett dokument som PDF i stället.",
        "Programs and scripts cannot be attached. Attach a document as PDF instead.",
    ),
    "markup": (
        "Webbsidor, SVG och XML går inte att bifoga. Skriv ut sidan som PDF och bifoga den.",
        "Web pages, SVG and XML cannot be attached. Print the page as PDF and attach that.",
    ),
    "archive": (
        "Packade filer går inte att bifoga. Packa upp, och bifoga filerna var för sig.",
        "Archives cannot be attached. Unpack it, and attach the files one by one.",
    ),
    "macros": (
        "Filen har makron. Spara den utan makron, som .docx, .xlsx eller .pptx, eller som PDF.",
        "The file has macros. Save it without them, as .docx, .xlsx or .pptx, or as PDF.",
    ),
    "old_office": (
        "Filen är av gammalt Office-slag, eller låst med lösenord. Spara den utan lösenord som"
        " .docx, .xlsx eller .pptx, eller som PDF.",
        "The file is of an old Office kind, or locked with a password. Save it without a password"
        " as .docx, .xlsx or .pptx, or as PDF.",
    ),
    "mail": (
        "Mejl går inte att bifoga. Skriv ut mejlet som PDF, och spara dess bilagor för sig.",
        "Mails cannot be attached. Print the mail as PDF, and save its attachments by themselves.",
    ),
    "picture": (
        "Bilder går att bifoga som PNG eller JPEG. Spara bilden som en av dem, eller som PDF.",
        "Pictures can be attached as PNG or JPEG. Save it as one of these, or as PDF.",
    ),
    "film": (
        "Ljud och film går inte att bifoga. Skriv var inspelningen finns i en kommentar.",
        "Sound and film cannot be attached. Write in a comment where the recording is.",
    ),
    "other_document": (
        "Dokument av det här slaget går inte att bifoga. Spara det som PDF.",
        "Documents of this kind cannot be attached. Save it as PDF.",
    ),
    "encoding": (
        "Texten är sparad med en teckenkodning som inte går att läsa säkert. Spara den som UTF-8.",
        "The text is saved in an encoding that cannot be read for sure. Save it as UTF-8.",
    ),
    "damaged": (
        "Filen är skadad. Öppna den på din dator, spara den på nytt och välj den igen.",
        "The file is damaged. Open it on your computer, save it anew and choose it again.",
    ),
    "locked": (
        "Filen är låst med lösenord. Spara den utan lösenord, eller som PDF.",
        "The file is locked with a password. Save it without one, or as PDF.",
    ),
    "unpacks": (
        "Filen packas upp till {size}. Högst {most} går. Dela den, eller spara som PDF.",
        "The file unpacks to {size}. The limit is {most}. Split it, or save it as PDF.",
    ),
    "members": (
        "Filen är gjord av {count} delar. Högst {most} går. Dela den, eller spara som PDF.",
        "The file is made of {count} parts. The limit is {most}. Split it, or save it as PDF.",
    ),
    "dense": (
        "Filen är hårdare packad än vad dokument är. Spara den på nytt, eller som PDF.",
        "The file is packed more tightly than documents are. Save it anew, or as PDF.",
    ),
    "embedded": (
        "Dokumentet har ett inbäddat objekt, som kan dölja ett program. Ta bort objektet, eller"
        " spara som PDF.",
        "The document has an embedded object, which may hide a program. Remove the object, or"
        " save it as PDF.",
    ),
    "pixels": (
        "Bilden är {width} gånger {height} punkter. Högst {most} miljoner punkter går. Gör den"
        " mindre.",
        "The picture is {width} by {height} pixels. The limit is {most} million pixels. Make it"
        " smaller.",
    ),
}


def unfit(why: str, values: Mapping[str, object] | None = None, **more: object) -> BadInput:
    """Make the refusal of a file, from the key of its words and what fills them.

    Reasons: `file`, so that the words stand at the field, and then `why`. A value that is a
    pair is one in Swedish and one in English.
    """
    given = {**(values or {}), **more}
    sv, en = (
        text.format(**{key: _in(value, number) for key, value in given.items()})
        for number, text in enumerate(_WORDS[why])
    )
    return BadInput(sv, en, reasons=(Reason(FIELD, sv, en), Reason(why, sv, en)))


def say_size(size: int) -> tuple[str, str]:
    """Say how large something is, rounded up so that it never seems to fit when it does not:
    in Swedish and in English."""
    if size < _MEGABYTE:
        words = f"{-(-size // 1000)}\u00a0kB"
        return words, words
    tenths = -(-size // (_MEGABYTE // 10))
    whole, tenth = divmod(tenths, 10)
    sv = f"{whole},{tenth}" if tenth else f"{whole}"
    return f"{sv}\u00a0MB", f"{sv.replace(',', '.')}\u00a0MB"


def _in(value: object, number: int) -> object:
    return value[number] if isinstance(value, tuple) else value
