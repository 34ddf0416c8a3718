"""Levels and yes or no, by their titles or their keys, as people write them."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from documents.sheets.form import FormColumn, labels
from documents.sheets.grid import GridCell
from documents.sheets.unfit import UnfitError

__all__ = ["Scale", "read_yes_no"]

_YES: Final = frozenset("ja j yes y x true sant 1 ✓ ✔".split())
_NO: Final = frozenset("nej n no false falskt 0".split())
_BETWEEN: Final = re.compile(r"([;,\n])")
_SHOWN: Final = 60
_MOST_NAMED: Final = 12
_MOST_PIECES: Final = 200


class Scale:
    """The levels of a column, by every name that somebody may write."""

    def __init__(self, column: FormColumn) -> None:
        self._words = labels(column)
        self._exact = {words: key for key, words in self._words.items()}
        loose: dict[str, set[str]] = {}
        for key, words in self._words.items():
            for name in (words, key, column.levels[key]):
                loose.setdefault(_plain(name), set()).add(key)
        self._loose: Mapping[str, set[str]] = loose
        self._widest = 2 * max((len(_BETWEEN.findall(name)) for name in loose), default=0) + 1
        """Pieces that the longest name falls into."""

    def read(self, cell: GridCell) -> str:
        """Give the key of a level.

        Raises: UnfitError.
        """
        text = _text(cell)
        key = self._find(text)
        if key is None:
            raise self._unknown(text)
        return key

    def read_several(self, cell: GridCell) -> str:
        """Give the keys of levels that stand with commas, semicolons or line ends between.

        A title may have a comma of its own: the longest name that fits is taken.

        Raises: UnfitError.
        """
        pieces = _BETWEEN.split(_text(cell))
        keys: dict[str, None] = {}
        at = 0
        if len(pieces) > _MOST_PIECES:
            raise self._unknown(_text(cell))
        while at < len(pieces):
            if not pieces[at].strip():
                at += 2
                continue
            for end in range(min(len(pieces), at + self._widest), at, -2):
                if key := self._find("".join(pieces[at:end])):
                    keys[key] = None
                    at = end + 1
                    break
            else:
                raise self._unknown(pieces[at])
        return ",".join(key for key in self._words if key in keys)

    def _find(self, text: str) -> str | None:
        if text.strip() in self._exact:
            return self._exact[text.strip()]
        found = self._loose.get(_plain(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def _unknown(self, text: str) -> UnfitError:
        short = text.strip()[:_SHOWN]
        near = get_close_matches(_plain(text), list(self._loose), n=1, cutoff=0.75)
        if near and len(self._loose[near[0]]) == 1:
            meant = self._words[next(iter(self._loose[near[0]]))]
            return UnfitError(
                "no_level",
                f"”{short}” finns inte att välja; menade du ”{meant}”?",
                f"“{short}” cannot be chosen; did you mean “{meant}”?",
            )
        names = list(self._words.values())
        if not names:
            return UnfitError(
                "no_level",
                f"”{short}” finns inte: det finns inget att välja här än. Töm rutan.",
                f"“{short}” is not there: there is nothing to choose here yet. Empty the cell.",
            )
        there = "; ".join(names[:_MOST_NAMED]) + ("; …" if len(names) > _MOST_NAMED else "")
        return UnfitError(
            "no_level",
            f"”{short}” finns inte att välja; välj ett av: {there}.",
            f"“{short}” cannot be chosen; choose one of: {there}.",
        )


def read_yes_no(cell: GridCell) -> bool:
    """Read yes or no.

    Raises: UnfitError.
    """
    if isinstance(cell, bool):
        return cell
    text = _text(cell)
    if _plain(text) in _YES:
        return True
    if _plain(text) in _NO:
        return False
    raise UnfitError(
        "no_yes_no",
        f"”{text[:_SHOWN]}” är varken ja eller nej; skriv Ja eller Nej.",
        f"“{text[:_SHOWN]}” is neither yes nor no; write Ja or Nej.",
    )


def _text(cell: GridCell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return str(cell)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
