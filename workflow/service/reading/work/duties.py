"""What somebody owes in a round: what is to be known of each thing, and what they can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from workflow.core import engine
from workflow.core.facts import CaseFact, TaskFact
from workflow.core.standing_in import ways_to_act
from workflow.service.reading.cases.parties import Due, Party, Roster, due_of
from workflow.service.reading.past.knowledge import went_back
from workflow.service.seeing import Seen
from workflow.store import case_work, extensions
from workflow.store import duties as store
from workflow.store.duties import Arrival
from workflow.store.history import Step

__all__ = ["Duty", "duties"]

ASKED: Final = 40
"""Of so many things it is asked what can be done about them, in the order of their deadlines;
of the rest the page of the case says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that somebody owes."""

    task: str
    round: str
    case: str
    title: str
    state: str
    """The state's title."""
    due: Due | None
    party: Party | None
    """Who has it, the viewer among them."""
    came_by: str
    """Who brought it here, "X för Y" for a substitute; empty when it came by itself."""
    came_at: datetime | None
    returned: bool
    questions: int
    """How many it has been asked."""
    unanswered: int
    rows: int
    fills_in: bool
    """Something is filled in in its state."""
    behalf: str
    """Name of the one for whom the viewer has it; empty when it is their own."""
    until_on: date | None
    """The last day as a substitute."""
    asked_until: date | None
    """An extension that was asked for and waits for an answer."""
    verb: str
    """The words of the first button."""
    reason: str
    """Why that cannot be pressed now; empty when it can."""
    can: bool
    """There is something to do about it now: to fill in, to answer, or a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is read for all of them at once."""

    arrivals: Mapping[str, Arrival]
    questions: Mapping[str, tuple[int, int]]
    rows: Mapping[str, int]
    until: Mapping[int, date]
    asked: Mapping[str, date]


def duties(seen: Seen, tasks: Sequence[TaskFact]) -> list[Duty]:
    """Give what the viewer owes in a round."""
    ids = [task.case for task in tasks]
    seen.facts.remember_cases(ids)
    roster = Roster(seen)
    roster.learn(task.place for task in tasks)
    connection = seen.connection
    known = _Known(
        arrivals=store.arrivals(connection, ids),
        questions=store.answered(connection, ids),
        rows=case_work.row_counts(connection, ids),
        until=store.substituting_until(connection, seen.viewer.id, seen.desk.today)
        if seen.actor.stands_in_for
        else {},
        asked={one.task: one.until_on for one in extensions.open_requests(connection).values()},
    )
    found = []
    for place, task in enumerate(tasks):
        case = seen.facts.case(task.case)
        if case is not None:
            found.append(_duty(seen, roster, known, case, task, ask=place < ASKED))
    return found


def _duty(
    seen: Seen, roster: Roster, known: _Known, case: CaseFact, task: TaskFact, *, ask: bool
) -> Duty:
    state = seen.definition.case[case.kind].state[case.state]
    total, answered = known.questions.get(case.id, (0, 0))
    verb, reason, allowed = _first_button(seen, case, ask=ask)
    way = ways_to_act(seen.actor, task.place)[0]
    behind = way.on_behalf_of
    came = known.arrivals.get(case.id)
    link = " for " if seen.desk.language == "en" else " för "
    return Duty(
        task=task.id,
        round=seen.facts.round.id,
        case=case.id,
        title=seen.desk.title_of(case),
        state=seen.desk.state_title(case),
        due=due_of(seen, task),
        party=roster.party(task.place),
        came_by=link.join(filter(None, (came.name, came.behind))) if came else "",
        came_at=came.at if came else None,
        returned=came is not None and _went_back(seen, case, came),
        questions=total,
        unanswered=total - answered,
        rows=known.rows.get(case.id, 0),
        fills_in=bool(state.edits),
        behalf=next((o.name for o in seen.actor.stands_in_for if o.person == behind), ""),
        until_on=known.until.get(behind) if behind else None,
        asked_until=known.asked.get(task.id),
        verb=verb,
        reason=reason,
        can=allowed or bool(state.edits) or total > answered,
    )


def _went_back(seen: Seen, case: CaseFact, came: Arrival) -> bool:
    step = Step(
        case=case.id, number=0, kind=came.kind, from_state=came.from_state, to_state=case.state
    )
    return went_back(seen.definition.case[case.kind], step)


def _first_button(seen: Seen, case: CaseFact, *, ask: bool) -> tuple[str, str, bool]:
    """Give the words of the first own button, why it cannot be pressed, and whether any can."""
    state = seen.definition.case[case.kind].state[case.state]
    own = [key for key, button in state.transition.items() if button.by is None]
    if not own:
        return "", "", False
    verb = seen.desk.button_title(own[0], state.transition[own[0]])
    if not ask:
        return verb, "", True
    options = engine.options(seen.revision, seen.facts, case, seen.actor, seen.now)
    mine = {one.key: one for one in options if one.key in own}
    language = "en" if seen.desk.language == "en" else "sv"
    reasons = mine[own[0]].reasons
    reason = reasons[0].en if reasons and language == "en" else reasons[0].sv if reasons else ""
    return verb, reason, any(one.allowed for one in mine.values())
