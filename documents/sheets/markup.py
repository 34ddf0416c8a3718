"""XML out of an archive, read a piece at a time; it may not declare anything of its own.

No tree is built, and no document type is allowed, so there is no entity to expand and
nothing to fetch.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from xml.parsers import expat

from documents.sheets.words import refusal
from workflow.core.files.archives import Member, unpack

__all__ = ["Attributes", "Book", "Reader", "local"]

Attributes = Mapping[str, str]


class Reader:
    """What reads a part: gets its elements as they come, by their names without namespace."""

    def start(self, name: str, attributes: Attributes, /) -> None:
        """Begin an element."""

    def text(self, text: str) -> None:
        """Take text that stands in the element begun last."""

    def end(self, name: str) -> None:
        """End an element."""


class Book:
    """The parts of a workbook, by name."""

    def __init__(self, content: bytes, members: list[Member]) -> None:
        self._content = content
        self._members = {one.name.casefold(): one for one in members}

    def has(self, name: str) -> bool:
        """Say whether there is such a part."""
        return name.casefold() in self._members

    def read(self, name: str, reader: Reader) -> None:
        """Read a part.

        Raises: BadInput when there is none, or its XML is not well-formed or declares a
            document type.
        """
        member = self._members.get(name.casefold())
        if member is None:
            raise refusal("damaged")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 65_536
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = _named(reader.start)
        parser.CharacterDataHandler = reader.text
        parser.EndElementHandler = lambda name: reader.end(local(name))
        try:
            for piece in unpack(self._content, member):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise refusal("damaged") from error


@lru_cache(maxsize=1024)
def local(name: str) -> str:
    """Give a name without its namespace's prefix."""
    return name.rpartition(":")[2]


def _named(start: Callable[[str, Attributes], None]) -> Callable[[str, dict[str, str]], None]:
    def begin(name: str, attributes: dict[str, str]) -> None:
        start(local(name), {local(key): value for key, value in attributes.items()})

    return begin


def _refuse(*_: object) -> None:
    raise refusal("damaged")
