"""Read what a PDF says and how it is tagged, with the standard library alone.

Enough for what typst writes: no object streams, fonts with tables to Unicode.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

OBJECT = re.compile(rb"(?s)(?<![0-9])(\d+) 0 obj\n(.*?)\nendobj")
TOKEN = re.compile(rb"/(f\d+) [\d.]+ Tf|\b(BT|ET)\b|\(")
PAREN = re.compile(rb"(?s)\\.|[()]")
PLAIN = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}


@dataclass(frozen=True)
class Pdf:
    """A PDF that typst wrote."""

    raw: bytes

    @cached_property
    def objects(self) -> dict[int, bytes]:
        """Every object by its number."""
        return {int(found[1]): found[2] for found in OBJECT.finditer(self.raw)}

    @cached_property
    def catalog(self) -> bytes:
        """The catalog of the document."""
        return next(body for body in self.objects.values() if b"/Type/Catalog" in body)

    @cached_property
    def xmp(self) -> str:
        """What the document says of itself."""
        found = re.search(rb"/Metadata (\d+) 0 R", self.catalog)
        assert found is not None
        return self.stream(int(found[1])).decode()

    @cached_property
    def tags(self) -> list[str]:
        """The kind of each tagged part."""
        parts = (re.search(rb"/StructElem/S/(\w+)", body) for body in self.objects.values())
        return [found[1].decode() for found in parts if found]

    @cached_property
    def alts(self) -> list[str]:
        """The words that stand for each picture."""
        found = (re.search(rb"/Alt<(\w+)>", body) for body in self.objects.values())
        return [bytes.fromhex(one[1].decode()).decode("utf-16") for one in found if one]

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page, in the order it is drawn."""
        root = next(body for body in self.objects.values() if b"/Type/Pages" in body)
        numbers: list[int] = []
        self._walk(root, numbers)
        return [self._text(number) for number in numbers]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return "\n".join(self.pages)

    @property
    def squeezed(self) -> str:
        """The text without spaces and breaks, to find what may be broken anywhere."""
        return squeeze(self.text)

    def stream(self, number: int) -> bytes:
        """Unpack an object's stream."""
        head, _, rest = self.objects[number].partition(b"stream\n")
        body = rest.rsplit(b"\nendstream", 1)[0]
        return zlib.decompress(body) if b"FlateDecode" in head else body

    def _walk(self, node: bytes, numbers: list[int]) -> None:
        kids = re.search(rb"/Kids\[([^\]]*)\]", node)
        assert kids is not None
        for kid in re.findall(rb"(\d+) 0 R", kids[1]):
            body = self.objects[int(kid)]
            if b"/Type/Pages" in body:
                self._walk(body, numbers)
            else:
                numbers.append(int(kid))

    def _text(self, page: int) -> str:
        found = re.search(rb"/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", self.objects[page])
        assert found is not None
        fonts = dict(re.findall(rb"/(f\d+) (\d+) 0 R", self.objects[int(found[1])]))
        tables = {name: self._table(int(number)) for name, number in fonts.items()}
        return "".join(_shown(self.stream(int(found[2])), tables))

    def _table(self, font: int) -> dict[int, str]:
        found = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[font])
        assert found is not None
        pairs = re.findall(rb"<(\w+)> <(\w+)>\n", self.stream(int(found[1])))
        return {
            int(code, 16): bytes.fromhex(signs.decode()).decode("utf-16-be")
            for code, signs in pairs
        }


def squeeze(text: str) -> str:
    """Take away every space, break and soft hyphen."""
    return re.sub(r"[\s\u00ad\u200b]", "", text)


def _shown(content: bytes, tables: dict[bytes, dict[int, str]]) -> Iterator[str]:
    table: dict[int, str] = {}
    at, inside = 0, False
    while found := TOKEN.search(content, at):
        at = found.end()
        if found[1]:
            table = tables[found[1]]
        elif found[2]:
            inside = found[2] == b"BT"
            yield "" if inside else "\n"
        else:
            start, at = at, _end_of_string(content, at)
            # What a reading program says instead of the signs, which are drawn as well.
            instead = content[:start].endswith(b"/ActualText(")
            if inside and not instead:
                yield _decode(_unescape(content[start : at - 1]), table)


def _end_of_string(content: bytes, at: int) -> int:
    depth = 1
    while depth:
        found = PAREN.search(content, at)
        assert found is not None
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        at = found.end()
    return at


def _unescape(string: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        one = found[1]
        if one[:1].isdigit():
            return bytes([int(one, 8)])
        return bytes([PLAIN[one]]) if one in PLAIN else one

    return re.sub(rb"(?s)\\([0-7]{1,3}|.)", plain, string)


def _decode(string: bytes, table: dict[int, str]) -> str:
    codes = (int.from_bytes(string[at : at + 2]) for at in range(0, len(string), 2))
    return "".join(table.get(code, "\ufffd") for code in codes)
