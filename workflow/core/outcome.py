"""What a button would lead to, told before it is pressed, and whether it binds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.core.definition import Case, Definition, State, Transition
from workflow.core.draft import Draft
from workflow.core.facts import Actor, Begun, CaseFact, EntryKind, Facts, TaskFact
from workflow.core.machine import MISSING, WITHDRAW, Move
from workflow.core.owing import Deadline
from workflow.core.revision import Revision
from workflow.core.successors import begun

__all__ = ["Outcome", "is_binding", "outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What comes of a button when nothing but the button is pressed."""

    state: str
    """The state or end that the case comes to."""
    task: TaskFact | None
    """What is owed then; None when nothing is, or the case has ended."""
    ended: bool
    opened: Mapping[str, int]
    """How many cases it opens, by kind."""
    unfinished: int
    """How many cases below are closed with it though they are not done."""
    goes_on: CaseFact | None
    """The case above that goes on with it, the topmost if several do."""
    goes_on_task: TaskFact | None
    closes_round: bool
    begins: Begun | None
    """Another round that it opens."""


def outcome(
    revision: Revision, facts: Facts, case: CaseFact, move: Move, actor: Actor, now: datetime
) -> Outcome:
    """Give what a button leads to, by the same draft that carries it out; no rule is asked."""
    draft = Draft(revision, facts, now, actor)
    draft.acting = (case.id, move.key)
    if move.transition.asks and "questions" in move.transition.asks:
        draft.returned.add(case.id)
    moved = draft.move(
        case,
        move.key,
        EntryKind.TRANSITION,
        to=move.transition.to,
        deadline=Deadline(due=move.transition.due),
    )
    above = _topmost(draft, case)
    return Outcome(
        state=moved.state,
        task=draft.tasks.get(case.id),
        ended=moved.ended_at is not None,
        opened=Counter(one.kind for one in draft.opened()),
        unfinished=sum(
            one.state in ("missing", "withdrawn")
            for key, one in draft.cases.items()
            if key != case.id and key in draft.before
        ),
        goes_on=above,
        goes_on_task=draft.tasks.get(above.id) if above else None,
        closes_round=draft.closes_round,
        begins=_begins(revision, facts, case, move, actor, now),
    )


def _begins(
    revision: Revision, facts: Facts, case: CaseFact, move: Move, actor: Actor, now: datetime
) -> Begun | None:
    begins = move.transition.begins
    if begins is None:
        return None
    return begun(revision.definition, facts.round, begins, (case.id, move.key), actor, now)


def _topmost(draft: Draft, case: CaseFact) -> CaseFact | None:
    """Give the highest of the cases above one that have moved."""
    found, step = None, draft.case(case.parent) if case.parent else None
    while step is not None:
        if step.id in draft.before:
            found = draft.cases[step.id]
        step = draft.case(step.parent) if step.parent else None
    return found


def is_binding(
    definition: Definition, kind: Case, state: State, key: str, transition: Transition
) -> bool:
    """Say whether a button binds, so that it is shown once more before it holds.

    It does when a body with minutes decides by it, when it is a signature among several, when
    it opens another round, and when it ends a case that nothing in the definition can take back.
    """
    body = definition.body.get(state.body or "")
    if body is not None and body.minutes:
        return True
    if transition.signatures != 1 or transition.begins is not None:
        return True
    if transition.to in kind.state:
        return False
    if key in (MISSING, WITHDRAW):
        return not kind.per
    return not any(kind.key in button.reopens for button in _buttons(definition))


def _buttons(definition: Definition) -> list[Transition]:
    return [
        button
        for kind in definition.case.values()
        for state in kind.state.values()
        for button in state.transition.values()
    ]
