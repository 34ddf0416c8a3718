"""What a letter is made of. Text and HTML are both rendered from these blocks.

Every text is one line of plain words: no markup, no line breaks. A no-break space
holds together what must not be parted, such as a date.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

__all__ = [
    "Attachment",
    "Block",
    "Bullets",
    "Button",
    "Letter",
    "Note",
    "Numbered",
    "Paragraph",
    "Quote",
    "Row",
    "Section",
    "Table",
    "Tone",
]

Tone = Literal["late", "soon", "plain"]
"""How pressing a date is. The words say it too; the colour only repeats them."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person wrote, paragraph by paragraph, below a line that says who."""

    kind: ClassVar[str] = "quote"
    intro: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list that people refer to by number; counted from 1."""

    kind: ClassVar[str] = "numbered"
    heading: str
    """Empty when the text above introduces it."""
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to press."""

    kind: ClassVar[str] = "button"
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing with its day."""

    day: str
    distance: str
    """How far off the day is; empty when there is nothing to count."""
    tone: Tone
    title: str
    url: str
    """Empty when it has no page of its own."""
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    kind: ClassVar[str] = "section"
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What is known about one thing, as pairs of label and value."""

    kind: ClassVar[str] = "table"
    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """The box that tells what happens by itself."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes along: JSON in ASCII, for a program to read."""

    name: str
    """ASCII, without spaces."""
    content: str


Block = Paragraph | Quote | Bullets | Numbered | Button | Section | Table | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole mail in words, before it has a form."""

    language: Literal["sv", "en"]
    subject: str
    """At most about 70 characters: round, step or case, and date."""
    preheader: str
    """What a list of mails shows after the subject; stands hidden in the HTML only."""
    strip: str
    """Stands above everything; empty unless it is an exercise."""
    heading: str
    """A fact."""
    blocks: tuple[Block, ...]
    footer: tuple[str, ...]
    attachment: Attachment | None = None
