"""What a mail about moved dates or an extension has to tell, as it is when it is written."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from workflow.core import phrases, plan
from workflow.core.facts import CaseFact, TaskFact
from workflow.core.mail import MailMilestone
from workflow.service.desks import Desk
from workflow.store import extensions

__all__ = ["extension_of", "moved_milestones", "moved_tasks"]


def moved_tasks(
    desk: Desk, told: Mapping[str, str | None]
) -> Iterator[tuple[CaseFact, TaskFact, date | None]]:
    """Give those of the told tasks that are open still, each with the last day that the
    person knew."""
    for name, earlier in told.items():
        case = desk.facts.case(name.rpartition("#")[0])
        task = desk.facts.task(case.id) if case else None
        if case and task and task.id == name:
            yield case, task, date.fromisoformat(earlier) if earlier else None


def moved_milestones(
    desk: Desk, told: Mapping[str, str | None], *, only: Collection[str] | None = None
) -> tuple[MailMilestone, ...]:
    """Give those of the told milestones, or of `only` some of them, that have another day
    than the person knew, in the order they were told."""
    found = []
    for key, earlier in told.items():
        to_on = desk.facts.milestone(key).last_on
        from_on = date.fromisoformat(earlier) if earlier else None
        if to_on != from_on and (only is None or key in only):
            own = desk.revision.title(desk.definition.milestone[key], desk.language)
            title = phrases.fill(own, year=desk.facts.round.year)
            found.append(MailMilestone(title=title, from_on=from_on, to_on=to_on))
    return tuple(found)


def extension_of(desk: Desk, told: Mapping[str, Any], task: TaskFact) -> dict[str, Any]:
    """Give what is to be told of an extension; nothing when it has been answered meanwhile,
    or is none any more."""
    what = told["what"]
    if what == "asked" and extensions.asked_for(desk.connection, task.id) is None:
        return {}
    until_on = date.fromisoformat(told["until_on"])
    if what == "granted":
        if task.due_at is None:
            return {}
        until_on = plan.due_on(task.due_at, desk.definition.zone)  # it may have moved on since
    return {"extension": what, "until_on": until_on}
