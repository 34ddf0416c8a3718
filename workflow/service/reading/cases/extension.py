"""More days for a case: whether one may ask, what is asked, whether one may answer."""

from dataclasses import dataclass
from datetime import date

from workflow.core import extension as rules
from workflow.core import plan
from workflow.core.errors import WorkflowError
from workflow.core.facts import CaseFact, TaskFact
from workflow.service.seeing import Seen
from workflow.store import extensions, people

__all__ = ["Extension", "extension_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More days for the open task of a case, as somebody sees it."""

    task: str
    due_on: date
    may_ask: bool
    free_until: date | None
    """Until this day it is granted without asking anybody."""
    answered_by: tuple[str, ...]
    """Names of those who answer."""
    asked_until: date | None
    """What is asked for and waits for an answer."""
    reason: str
    asked_by: str
    may_grant: bool


def extension_of(seen: Seen, case: CaseFact) -> Extension | None:
    """Give what there is of more days; None when nothing is owed by any day."""
    task, state = seen.facts.task(case.id), seen.definition.case[case.kind].state.get(case.state)
    if task is None or task.place is None or task.due_at is None or state is None:
        return None
    asked = extensions.asked_for(seen.connection, task.id)
    asker = asked.by if asked else seen.viewer.id
    above = rules.answerers(seen.definition, seen.facts, task, asker)
    known = people.people_by_id(seen.connection, {*above, asker})
    mine = _asks(seen, task)
    return Extension(
        task=task.id,
        due_on=plan.due_on(task.due_at, seen.definition.zone),
        may_ask=mine and asked is None,
        free_until=rules.free_until(seen.definition, state, task, seen.desk.today),
        answered_by=tuple(known[one].name for one in above if one in known),
        asked_until=asked.until_on if asked else None,
        reason=asked.reason if asked else "",
        asked_by=known[asker].name if asked and asker in known else "",
        may_grant=_grants(seen, task, asked.by if asked else None),
    )


def _asks(seen: Seen, task: TaskFact) -> bool:
    try:
        rules.as_holder(seen.definition, task, seen.actor)
    except WorkflowError:  # it is not theirs
        return False
    return True


def _grants(seen: Seen, task: TaskFact, asked_by: int | None) -> bool:
    try:
        rules.as_granter(seen.definition, seen.facts, task, seen.actor, asked_by)
    except WorkflowError:  # it is not theirs to give
        return False
    return True
