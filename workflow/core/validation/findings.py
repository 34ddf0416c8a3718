"""What a check of a definition has found, in the words of the house.

A place, what is wrong there, what to do. The list is bounded: a file that is
wrong everywhere, or that somebody made to be so, answers as fast as one that is
wrong once.
"""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Literal

from workflow.core.errors import Problem

__all__ = ["MOST", "Findings", "did_you_mean", "listed", "nearest"]

MOST = 100
"""Problems told one by one; the rest are counted."""
COMPARED = 500
"""Names that a misspelt one is compared with: enough for any real file."""
SHOWN = 60
"""Characters shown of what somebody wrote."""


class Findings:
    """Problems as they are found, each place and sentence once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Problem] = {}
        self._more = 0

    def error(self, place: str, message: str, *, follows: int = 0) -> None:
        """Report what must be corrected, and how many problems only follow from it."""
        if follows:
            verb = "follows" if follows == 1 else "follow"
            message = f"{message} ({follows} more {verb} from this)"
        self._add(place, message, "error")

    def warn(self, place: str, message: str) -> None:
        """Report what may be meant."""
        self._add(place, message, "warning")

    def unknown(
        self, place: str, what: str, name: str, known: Collection[str], *, of: str = ""
    ) -> None:
        """Report a name that is declared nowhere, or not in `of`, with the nearest that is."""
        hint = "" if self.is_full else did_you_mean(name, known)
        there = f"'{of}' has no" if of else "there is no"
        self.error(place, f"{there} {what} '{name[:SHOWN]}'{hint}")

    def refer(
        self, place: str, what: str, names: Iterable[str], known: Collection[str], *, of: str = ""
    ) -> None:
        """Report each of `names` that is not among the known."""
        for name in names:
            if name not in known:
                self.unknown(place, what, name, known, of=of)

    @property
    def is_full(self) -> bool:
        """Whether further problems are only counted."""
        return len(self._found) >= MOST

    def result(self) -> list[Problem]:
        """Give the problems in the order in which they were found."""
        problems = list(self._found.values())
        if self._more:
            problems.append(Problem(place="", message=f"and {self._more} problems more"))
        return problems

    def _add(self, place: str, message: str, severity: Literal["error", "warning"]) -> None:
        key = (place, message)
        if key in self._found:
            return
        if self.is_full:
            self._more += severity == "error"
            return
        self._found[key] = Problem(place=place, message=message, severity=severity)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that a misspelt one is most like; None when none is."""
    if len(name) > 2 * SHOWN:
        return None
    candidates = [one for one, _ in zip(known, range(COMPARED), strict=False)]
    return next(iter(get_close_matches(name, candidates, 1, 0.6)), None)


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Give the end of a sentence about an unknown name: the nearest, or all when few."""
    near = nearest(name, known)
    if near:
        return f"; did you mean '{near}'?"
    if 0 < len(known) <= 12:
        return f"; there are: {listed(known)}"
    return ""


def listed(names: Iterable[str]) -> str:
    """Give names as text, one after the other."""
    return ", ".join(names)
