"""Who may add to a case besides moving it: files, while one has it; comments, who reads it.

Files are put there by whoever owes the case as it stands, and by those who help; they take
their own away again as long as it stands so. Comments are written by whoever reads the
case from within: neither the auditor, who changes nothing, nor an external role.
"""

from collections.abc import Iterator
from dataclasses import replace

from workflow.core.definition import Definition
from workflow.core.errors import NoRight, Reason, Refused, refused
from workflow.core.facts import Actor, CaseFact, Facts, Place
from workflow.core.roles import place_of
from workflow.core.sight import look
from workflow.core.standing_in import acting_at, only_for

__all__ = ["as_commenter", "as_contributor", "why_not_own", "working_places"]


def as_contributor(definition: Definition, facts: Facts, case: CaseFact, actor: Actor) -> Actor:
    """Give a person as they add a file to a case, or take one away.

    Raises: Refused when nobody has the case now; NoRight when others have it.
    """
    _check_open(facts, case)
    places = list(working_places(definition, facts, case))
    if not places:
        raise refused(
            "waits",
            "Ärendet väntar på andra just nu. Filer läggs till när någon har det igen.",
            "The case waits for others now. Files are added when somebody has it again.",
        )
    for place in places:
        way = acting_at(actor, place)
        if way is not None:
            return way
    titles = dict.fromkeys(definition.role[place.role].title.lower() for place in places)
    raise _no_right(
        f"Filer läggs till av den som har ärendet nu: {', '.join(titles)}.",
        f"Files are added by whoever has the case now: {', '.join(titles)}.",
    )


def as_commenter(definition: Definition, facts: Facts, case: CaseFact, actor: Actor) -> Actor:
    """Give a person as they comment on a case.

    Raises: Refused when the round is over; NoRight when they do not read it from within.
    """
    if facts.round.closed_at is not None:
        raise _closed_round()
    for way in _ways(actor):
        inside = frozenset(place for place in way.holds if _is_inside(definition, place))
        sight = look(definition, facts, replace(way, holds=inside, stands_in_for=()))
        if sight and sight.sees(case) and sight.reads(case):
            return way
    raise _no_right(
        "Kommentarer skrivs av den som har en uppgift i omgången och läser ärendet.",
        "Comments are written by those who have a task in the round and read the case.",
    )


def why_not_own(
    case: CaseFact, version: int, put_by: int, put_for: int | None, way: Actor
) -> Refused | None:
    """Say why a person may not take a file away; None when they may: it is theirs, and the
    case stands as it did when it was put there."""
    if version != case.version:
        return refused(
            "handed_in",
            "Filen hör till det som har lämnats vidare och ligger kvar. Lägg till en ny i stället.",
            "The file belongs to what was handed on, and stays. Add a new one instead.",
        )
    if not {put_by, put_for or put_by} & {way.person, way.on_behalf_of or way.person}:
        return _no_right(
            "Filen tas bort av den som lade till den.",
            "The file is removed by whoever added it.",
        )
    return None


def _check_open(facts: Facts, case: CaseFact) -> None:
    """See that a case may still be added to.

    Raises: Refused.
    """
    if facts.round.closed_at is not None:
        raise _closed_round()
    if case.ended_at is not None:
        raise refused(
            "ended",
            "Ärendet är avslutat. Det som finns här ligger kvar som det är.",
            "The case has ended. What is here stays as it is.",
        )


def working_places(definition: Definition, facts: Facts, case: CaseFact) -> Iterator[Place]:
    """Give the place that owes a case now, and those that help."""
    task = facts.task(case.id)
    if task is None or task.place is None:
        return
    yield task.place
    state = definition.case[case.kind].state[case.state]
    for role in state.helpers:
        place = place_of(definition, facts, (role,), case.unit, state.body)
        if place is not None:
            yield place


def _ways(actor: Actor) -> Iterator[Actor]:
    """Give how a person may act: in their own name, then for each they stand in for."""
    if actor.on_behalf_of is not None:
        yield actor
        return
    yield actor
    for one in actor.stands_in_for:
        way = only_for(actor, one.person)
        if way is not None:
            yield way


def _is_inside(definition: Definition, place: Place) -> bool:
    role = definition.role.get(place.role)
    return role is not None and not role.external and place.role != definition.auditor


def _closed_round() -> Refused:
    return refused(
        "closed",
        "Omgången är avslutad. Det som finns här ligger kvar som det är.",
        "The round is over. What is here stays as it is.",
    )


def _no_right(sv: str, en: str) -> NoRight:
    return NoRight(sv, en, reasons=(Reason("no_right", sv, en),))
