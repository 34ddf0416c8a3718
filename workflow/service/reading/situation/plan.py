"""The round's plan, beside a case that reports how it goes."""

from workflow.core.definition import Case
from workflow.service.reading.rounds.board import read_board
from workflow.service.reading.rounds.step import Bar
from workflow.service.reading.rounds.timetable import read_timetable
from workflow.service.reading.situation.offers import is_reporting
from workflow.service.seeing import Seen

__all__ = ["plan_beside"]


def plan_beside(seen: Seen, kind: Case) -> tuple[Bar, ...]:
    """Give the lines of the plan beside a case of a kind that reports; else none. The case
    that is the round itself has them on the round's page."""
    if kind.key == seen.definition.root.key or not is_reporting(seen.definition, kind):
        return ()
    return read_timetable(read_board(seen)).bars
