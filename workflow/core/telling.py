"""What the log tells of rows, so that a replay of it can hold them to it.

Keys are named as the columns they explain; docs/reference/log.md lists them.
"""

from workflow.core.days import write_instant
from workflow.core.facts import (
    Actor,
    CaseFact,
    EntryDraft,
    EntryKind,
    MilestoneFact,
    SeriesFact,
    TaskFact,
)

__all__ = ["series_entry", "tell_case", "tell_days", "tell_task"]


def tell_case(case: CaseFact) -> dict[str, object]:
    """Give what an opened case is and where it hangs, which never changes."""
    return {
        "case": {
            "kind": case.kind,
            "unit": case.unit,
            "parent": case.parent,
            "opened_in": case.opened_in,
            "started": case.started,
            "occasion": case.occasion,
        }
    }


def series_entry(series: SeriesFact, actor: Actor | None) -> EntryDraft:
    """Give the line that tells of a series: its last case, and when the next one comes."""
    return EntryDraft(
        kind=EntryKind.SERIES,
        case=series.case,
        actor=actor.person if actor else None,
        on_behalf_of=actor.on_behalf_of if actor else None,
        payload={
            "kind": series.kind,
            "since_on": series.since.isoformat(),
            "occasion": series.occasion,
            "next_at": series.next_at and write_instant(series.next_at),
        },
    )


def tell_task(task: TaskFact) -> dict[str, object]:
    """Give who owes a new task, by when, by what rule, and how it reminds."""
    return {
        "owes": [task.place.role, task.place.unit] if task.place else None,
        "due_at": task.due_at and write_instant(task.due_at),
        "due_rule": task.due_rule,
        "ladder": task.ladder,
    }


def tell_days(milestone: MilestoneFact) -> dict[str, object]:
    """Give when a milestone begins, and when it is over."""
    return {
        "first_on": milestone.first_on and milestone.first_on.isoformat(),
        "last_on": milestone.last_on and milestone.last_on.isoformat(),
        "due_at": milestone.due_at and write_instant(milestone.due_at),
    }
