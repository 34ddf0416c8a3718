"""On which line each key of a TOML text stands, which the parser does not tell.

One pass over the text, before it is parsed: it also stops at what would make
the parser slow or deep. It judges nothing else; what is no TOML the parser
refuses.
"""

import re
from dataclasses import dataclass, field

__all__ = ["MOST_DEEP", "Scan", "scan"]

MOST_DEEP = 20
"""Names from the top to a value, brackets included; a definition needs ten."""
MOST_LONG = 100
"""Characters of one name."""

TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r]++|\#[^\n]*+)
    |(?P<newline>\n)
    |(?P<text>
        \"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3}(?:"{1,2}(?!"))?
        |'{3}(?:[^']++|'(?!''))*+'{3}(?:'{1,2}(?!'))?
        |"(?:[^"\\\n]++|\\.)*+"
        |'[^'\n]*+'
    )
    |(?P<mark>[\[\]{}=,.])
    |(?P<word>[^\s\[\]{}=,."'\#\x00-\x1f]++)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class Scan:
    """What a pass over the text has seen."""

    lines: dict[str, int] = field(default_factory=dict)
    """By path, the line where it is first written; 1 is the first."""
    fault: str = ""
    """Why the text must not be parsed; empty when it may."""
    line: int = 1
    """Where the pass stands, or stopped."""
    _header: tuple[str, ...] = ()
    _open: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Brackets that are open: which closes it, and the path of what stands inside."""
    _key: list[str] = field(default_factory=list)
    _path: tuple[str, ...] = ()
    is_lost: bool = False
    """No TOML any more: the parser will say why."""
    _is_dotted: bool = True
    """Whether a name may come next."""
    _wants: str = "key"
    """key, header, value, or rest: what comes behind a value."""

    def take(self, kind: str, token: str) -> None:
        """Go on by one token."""
        if kind == "newline":
            if not self._open:
                self._wants, self._key = "key", []
        elif kind == "mark":
            self._mark(token)
        elif kind == "space":
            pass
        elif self._wants in ("key", "header"):
            self._name(token.strip("\"'") if kind == "text" else token)
        elif self._wants == "value":
            self._wants = "rest"
        self.line += token.count("\n")
        if len(self._key) + len(self._path) + len(self._open) > 2 * MOST_DEEP:
            self.fault = f"is nested deeper than {MOST_DEEP} names"

    def _name(self, name: str) -> None:
        if len(name) > MOST_LONG:
            self.fault = f"holds a name of {len(name)} characters; {MOST_LONG} are the most"
        elif self._key and not self._is_dotted:
            self.is_lost = True
        self._key.append(name)
        self._is_dotted = False

    def _mark(self, sign: str) -> None:
        if sign == ".":
            self._is_dotted = True
        elif sign in "]}" and self._wants == "header":
            self._header = tuple(self._key)
            self._note(self._header)
            self._wants = "rest"
        elif sign == "[" and self._wants == "key" and not self._open and not self._key:
            self._wants = "header"
        elif sign == "=" and self._wants == "key":
            self._path = (*(self._open[-1][1] if self._open else self._header), *self._key)
            self._note(self._path)
            self._wants = "value"
        elif sign in "[{" and self._wants == "value":
            self._open.append(("]" if sign == "[" else "}", self._path))
            self._wants, self._key = ("value" if sign == "[" else "key"), []
        elif sign in "]}" and self._open:
            self._path = self._open.pop()[1]
            self._wants = "rest"
        elif sign == "," and self._open:
            closing, self._path = self._open[-1]
            self._wants, self._key = ("value" if closing == "]" else "key"), []
        if len(self._open) > MOST_DEEP or len(self._path) > MOST_DEEP:
            self.fault = f"is nested deeper than {MOST_DEEP} names"

    def _note(self, path: tuple[str, ...]) -> None:
        if len(path) > MOST_DEEP:
            self.fault = f"is nested deeper than {MOST_DEEP} names"
            return
        for length in range(len(path), 0, -1):
            if self.lines.setdefault(".".join(path[:length]), self.line) != self.line:
                return


def scan(text: str) -> Scan:
    """Pass over a TOML text; stop at the first fault, or where it is no TOML."""
    seen = Scan()
    position = 0
    while position < len(text) and not (seen.fault or seen.is_lost):
        found = TOKEN.match(text, position)
        if found is None:
            break
        seen.take(str(found.lastgroup), found[0])
        position = found.end()
    return seen
