"""The questions of a case, grouped as they were asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from workflow.core.facts import CaseFact
from workflow.service.seeing import Seen
from workflow.store import deeds
from workflow.store.deeds import Asked, Deed

__all__ = ["Asking", "askings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Questions that came with one return."""

    lap: int
    """1 for the first return, 2 for the next."""
    by: str
    """Who asked, "X för Y" for a substitute."""
    at: datetime
    questions: tuple[Asked, ...]

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return sum(one.answer is not None for one in self.questions)

    @property
    def left(self) -> int:
        """How many have none."""
        return len(self.questions) - self.answered


def askings(seen: Seen, case: CaseFact, made: Iterable[Deed]) -> tuple[Asking, ...]:
    """Give a case's questions by return, the latest first."""
    found = deeds.asked(seen.connection, case.id)
    behind = {one.at: one.behind for one in made if one.behind}
    link = " for " if seen.desk.language == "en" else " för "
    grouped = []
    for lap, (at, group) in enumerate(groupby(found, key=lambda one: one.asked_at), start=1):
        questions = tuple(group)
        by = link.join(filter(None, (questions[0].asked_by, behind.get(at, ""))))
        grouped.append(Asking(lap=lap, by=by, at=at, questions=questions))
    return tuple(reversed(grouped))
