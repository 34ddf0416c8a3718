"""The sheet "Så fyller du i": each column in words, for whoever fills in a template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from documents.sheets.form import FormColumn, SheetForm, headings, labels

__all__ = ["Line", "guide_lines"]

_KINDS: Final[Mapping[str, str]] = {
    "text": "Text, högst 500 tecken.",
    "long_text": "Längre text; radbrytningar går bra.",
    "integer": "Ett heltal, till exempel 480.",
    "number": "Ett tal, till exempel 12,5.",
    "tkr": "Hela tusental kronor (tkr), till exempel 480 för 480 000 kronor.",
    "percent": "Procent som tal: 3 för 3 %.",
    "date": "En dag, till exempel 2009-02-27.",
    "yes_no": "Ja eller Nej.",
    "level": "Välj ett av: ",
    "levels": "Ett eller flera, med semikolon emellan: ",
    "by_row": "Vad som ska stå beror på vad raden säger att det är.",
}
_MOST_NAMED: Final = 100
"""Of what may be chosen in a column; a region has hundreds of people."""
_OPENING: Final = (
    "En rad i bladet är en rad i tabellen. Rubrikerna på första raden ska stå kvar.",
    "Kolumnen Rad är radens nummer. Ändra det inte. På en ny rad lämnar du rutan tom.",
    "Klistra in värden, inte formler.",
    "Inget sparas när du laddar upp filen: först ser du vad som skiljer, och sedan sparar du.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the guide."""

    cells: tuple[str, ...]
    heads: bool = False


def guide_lines(form: SheetForm) -> Iterator[Line]:
    """Give the guide of a form, line by line."""
    yield Line((form.title,), heads=True)
    for sentence in _OPENING:
        yield Line((sentence,))
    for title in form.elsewhere:
        yield Line((f"{title} fyller du i på sidan, inte här.",))
    yield Line(("Kolumn", "Vad som ska stå", "Hjälp"), heads=True)
    for column, heading in zip(form.columns, headings(form), strict=True):
        yield Line((heading, _demand(column), column.help))


def _demand(column: FormColumn) -> str:
    if column.read_only:
        return "Visas bara; det du skriver här tas inte med."
    told = _KINDS[column.kind]
    if column.levels:
        words = list(labels(column).values())
        told += "; ".join(words[:_MOST_NAMED])
        told += "." if len(words) <= _MOST_NAMED else "; och fler, se listan i rutan."
    if column.unverified:
        told += " Nivåerna är overifierade: ingen har läst dem i källan."
    if column.least is not None:
        told += f" Minst {column.least:g}."
    if column.most is not None:
        told += f" Högst {column.most:g}."
    if column.required:
        told += " Måste fyllas i."
    if column.required_when:
        told += f" Måste fyllas i när {column.required_when}."
    return told
