"""What goes back with a return: ended cases below, which of them, and to whom it is told."""

from collections.abc import Sequence

from workflow.core.definition import Transition
from workflow.core.draft import Draft
from workflow.core.errors import BadInput, Placed, bad_input
from workflow.core.facts import CaseFact, Facts
from workflow.core.guards import Situation

__all__ = ["candidates", "check_after", "deepest", "names_back", "picked"]


def candidates(facts: Facts, case: CaseFact, move: Transition) -> Sequence[CaseFact]:
    """Give the ended cases below one, of the kinds that a transition takes back."""
    found: list[CaseFact] = []
    level: Sequence[CaseFact] = (case,)
    for _ in move.reopens:
        level = [c for above in level for c in facts.children(above.id)]
        found += [c for c in level if c.kind in move.reopens and c.ended_at is not None]
    return found


def names_back(situation: Situation, ended: Sequence[CaseFact]) -> list[str]:
    """Give which go back: those that were picked, and those chosen once more."""
    chosen = situation.inputs.choose or ()
    return [*situation.inputs.pick, *(case.id for case in ended if case.unit in chosen)]


def picked(situation: Situation) -> list[CaseFact]:
    """Give the cases that go back, top down, those between them and the case included.

    Raises: BadInput for a case that cannot go back.
    """
    reopens = list(situation.transition.reopens)
    there_are = candidates(situation.facts, situation.case, situation.transition)
    names = names_back(situation, there_are)
    chosen: dict[str, CaseFact] = {}
    for name in names:
        found = [c for c in there_are if name in (c.id, c.unit)]
        if not found:
            there = ", ".join(c.unit for c in there_are) or "inga"
            raise bad_input(
                "pick",
                f"”{name}” kan inte gå tillbaka. Det går: {there}.",
                f'"{name}" cannot go back. There are: {there}.',
            )
        case: CaseFact | None = found[-1]
        while case is not None and case.id != situation.case.id:
            above = situation.facts.case(case.parent) if case.parent else None
            if case.ended_at is not None:
                chosen[case.id] = case
                _check_waiting(above, case, situation.case)
            case = above
    return sorted(chosen.values(), key=lambda c: (reopens.index(c.kind), c.id))


def _check_waiting(above: CaseFact | None, child: CaseFact, top: CaseFact) -> None:
    """Refuse to take a case back below one that has not ended, but waits no more for it."""
    if above is None or above.id == top.id or above.ended_at or above.state == child.opened_in:
        return
    raise bad_input(
        "pick",
        f"{child.unit} kan inte gå tillbaka: {above.id} väntar inte på det längre.",
        f"{child.unit} cannot go back: {above.id} does not wait for it any more.",
    )


def deepest(cases: Sequence[CaseFact]) -> list[CaseFact]:
    """Give the cases that have none of the others below them: those asked a question."""
    parents = {case.parent for case in cases}
    return [case for case in cases if case.id not in parents]


def check_after(
    draft: Draft, situation: Situation, moved: CaseFact, reopened: Sequence[CaseFact]
) -> None:
    """Refuse a return that would stand still, or whose new deadline has passed.

    Raises: BadInput.
    """
    for case in (moved, *(draft.case(child.id) for child in reopened)):
        state = draft.kind(case).state.get(case.state)
        join = draft.join(case.id, case.state) if state and state.opens else None
        if join and situation.transition.reopens and join.ended >= join.opened:
            raise bad_input(
                "pick",
                f"Välj minst ett ärende under {case.id}; annars väntar det på inget.",
                f"Pick at least one case below {case.id}; otherwise it waits for nothing.",
            )
        task = draft.tasks.get(case.id)
        if case.id in draft.returned and task and task.due_at and task.due_at <= situation.now:
            sv = f"Tiden för {case.id} har gått ut. Ange en ny dag (due_on)."
            en = f"The time for {case.id} is up. Give a new day (due_on)."
            late = Placed(
                "date",
                sv,
                en,
                place="due_on",
                here_sv="Tiden har gått ut. Skriv en ny dag, till exempel 6 mars.",
                here_en="The time is up. Write a new day, for example 6 March.",
            )
            raise BadInput(sv, en, reasons=(late,))
