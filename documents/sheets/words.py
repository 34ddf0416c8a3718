"""What people are told of a file or a paste that cannot be read: what is wrong, what to do."""

from collections.abc import Mapping
from typing import Final

from workflow.core.errors import BadInput, Reason

__all__ = ["FIELD", "refusal", "retold"]

FIELD: Final = "file"
"""The first reason's code: the field of the form that the words stand at."""

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "empty": (
        "Filen är tom. Se efter att den är sparad, och välj den igen.",
        "The file is empty. See that it is saved, and choose it again.",
    ),
    "nothing_pasted": (
        "Det finns inget att läsa. Markera rutorna i kalkylprogrammet, kopiera och klistra in"
        " dem här.",
        "There is nothing to read. Select the cells in your spreadsheet program, copy them and"
        " paste them here.",
    ),
    "large": (
        "Filen är {size} MB. Högst {most} MB går. Ta bort bilder och andra blad, och spara den"
        " på nytt.",
        "The file is {size} MB. The limit is {most} MB. Remove pictures and other sheets, and"
        " save it anew.",
    ),
    "large_paste": (
        "Det du klistrade in är för stort. Ladda upp det som fil i stället.",
        "What you pasted is too large. Upload it as a file instead.",
    ),
    "unpacks": (
        "Filen packas upp till {size} MB. Högst {most} MB går. Kopiera raderna till en tom mall,"
        " och ladda upp den.",
        "The file unpacks to {size} MB. The limit is {most} MB. Copy the rows to an empty"
        " template, and upload that.",
    ),
    "strange_archive": (
        "Filen är hårdare packad, eller gjord av fler delar, än vad kalkylblad är. Kopiera"
        " raderna till en tom mall, och ladda upp den.",
        "The file is packed more tightly, or made of more parts, than spreadsheets are. Copy the"
        " rows to an empty template, and upload that.",
    ),
    "damaged": (
        "Filen är skadad. Öppna den i Excel eller LibreOffice, spara den på nytt och välj den"
        " igen.",
        "The file is damaged. Open it in Excel or LibreOffice, save it anew and choose it again.",
    ),
    "macros": (
        "Filen har makron. Spara den utan makron, som .xlsx, och välj den igen.",
        "The file has macros. Save it without them, as .xlsx, and choose it again.",
    ),
    "old_office": (
        "Filen är av det gamla slaget .xls, eller låst med lösenord. Spara den utan lösenord som"
        " .xlsx, och välj den igen.",
        "The file is of the old kind .xls, or locked with a password. Save it without a password"
        " as .xlsx, and choose it again.",
    ),
    "locked": (
        "Filen är låst med lösenord. Spara den utan lösenord, och välj den igen.",
        "The file is locked with a password. Save it without one, and choose it again.",
    ),
    "embedded": (
        "Filen har ett inbäddat objekt, som kan dölja ett program. Ta bort objektet, och spara"
        " den på nytt.",
        "The file has an embedded object, which may hide a program. Remove the object, and save"
        " it anew.",
    ),
    "other": (
        "Filen är inget kalkylblad. Excel (.xlsx), LibreOffice (.ods) och CSV går att ladda upp.",
        "The file is no spreadsheet. Excel (.xlsx), LibreOffice (.ods) and CSV can be uploaded.",
    ),
    "encoding": (
        "Det går inte att se vilka tecken filen har. Spara den som .xlsx eller ”CSV UTF-8”, och"
        " välj den igen.",
        "There is no telling which characters the file has. Save it as .xlsx or “CSV UTF-8”, and"
        " choose it again.",
    ),
    "quotes": (
        "Rad {row} har ett citattecken som inte slutar. Spara filen som .xlsx, och välj den igen.",
        "Row {row} has a quotation mark that is not closed. Save the file as .xlsx, and choose it"
        " again.",
    ),
    "rows": (
        "Det är fler än {most} rader. Dela dem på flera filer, eller ta bort dem som inte behövs.",
        "There are more than {most} rows. Split them over several files, or remove those that"
        " are not needed.",
    ),
    "columns": (
        "Rad {row} har innehåll bortom kolumn {most}. Ta bort det, och spara filen på nytt.",
        "Row {row} has content beyond column {most}. Remove it, and save the file anew.",
    ),
    "long_cell": (
        "{place} har fler än {most} tecken. Korta texten, och spara filen på nytt.",
        "{place} has more than {most} characters. Shorten the text, and save the file anew.",
    ),
    "much": (
        "Bladet har fler rutor än vad som går att läsa. Kopiera raderna till en tom mall, och"
        " ladda upp den.",
        "The sheet has more cells than can be read. Copy the rows to an empty template, and"
        " upload that.",
    ),
    "which_sheet": (
        "Filen har flera blad: {sheets}. Döp det som ska läsas till ”{wanted}”, eller ta bort"
        " de andra.",
        "The file has several sheets: {sheets}. Name the one to be read “{wanted}”, or remove the"
        " others.",
    ),
    "no_rows": (
        "Bladet ”{sheet}” är tomt. Fyll i minst en rad, spara och välj filen igen.",
        "The sheet “{sheet}” is empty. Fill in at least one row, save and choose the file again.",
    ),
    "mapping_twice": (
        "Två kolumner är valda som ”{title}”. Välj en av dem.",
        "Two columns are chosen as “{title}”. Choose one of them.",
    ),
    "mapping_unknown": (
        "En kolumn är vald som något som inte finns i tabellen. Välj på nytt.",
        "A column is chosen as something that is not in the table. Choose anew.",
    ),
    "faults_left": (
        "Filen har fel som inte är rättade. Rätta dem, och ladda upp den på nytt.",
        "The file has faults that are not corrected. Correct them, and upload it anew.",
    ),
    "long_to_write": (
        "Rad {row}, {heading}: texten är längre än vad Excel kan hålla. Hämta CSV i stället.",
        "Row {row}, {heading}: the text is longer than Excel can hold. Take the CSV instead.",
    ),
}
_SAME: Final[Mapping[str, str]] = {
    **{one: one for one in ("damaged", "macros", "old_office", "locked", "embedded")},
    "dense": "strange_archive",
    "unpacks": "strange_archive",
    "members": "strange_archive",
}
"""What `workflow.core.files` says of files to attach, told of files to read."""


def refusal(why: str, **values: object) -> BadInput:
    """Make the refusal of a file or a paste.

    Reasons: `file`, so that the words stand at the field, and then `why`.
    """
    sv, en = (text.format(**values) for text in _WORDS[why])
    return BadInput(sv, en, reasons=(Reason(FIELD, sv, en), Reason(why, sv, en)))


def retold(refused: BadInput) -> BadInput:
    """Tell what was said of a file to attach in the words for one to read."""
    return refusal(_SAME.get(refused.reasons[-1].code, "other"))
