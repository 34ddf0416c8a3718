"""Extensions: who may give a task more days, which days can be given, and what they do.

The one above grants: the superior of the role that owes the task, or anybody further
up that line, or the one who leads the round. Nobody grants what they owe or have
asked for themselves; then it is the next one's, and at the end the operator's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from workflow.core import phrases, plan
from workflow.core.days import say_day
from workflow.core.definition import Case, Definition, State
from workflow.core.errors import BadInput, NoRight, Reason, Refused
from workflow.core.facts import Actor, CaseFact, Facts, MilestoneFact, Place, TaskFact
from workflow.core.moving import day_off, with_deadline
from workflow.core.phrases import Span
from workflow.core.revision import Revision
from workflow.core.roles import leader_place, superior_place
from workflow.core.standing_in import told_at, ways_to_act

__all__ = [
    "LONGEST",
    "answerers",
    "as_granter",
    "as_holder",
    "check_day",
    "extend",
    "free_until",
    "places_above",
    "warnings",
]

LONGEST = Span(count=1, unit="year")
"""How long a task can be extended, from its last day or from today."""


# ---- who -------------------------------------------------------------------------------


def places_above(definition: Definition, facts: Facts, task: TaskFact) -> tuple[Place, ...]:
    """Give the places that may grant, in the order in which they are asked: the superior,
    those above, the leader."""
    found: dict[Place, None] = {}
    step = superior_place(definition, facts, task.place) if task.place else None
    while step is not None and step not in found:
        found[step] = None
        step = superior_place(definition, facts, step)
    leader = leader_place(definition, facts)
    if leader is not None:
        found[leader] = None
    return tuple(place for place in found if place != task.place)


def answerers(definition: Definition, facts: Facts, task: TaskFact, asker: int) -> tuple[int, ...]:
    """Give who is asked: the holders of the first place above where somebody may answer,
    and those who stand in for them.

    Nobody answers who owes the task or has asked; () when it is the operator's.
    """
    own = _owners(facts, task) | {asker}
    for place in places_above(definition, facts, task):
        told = told_at(facts, (place,))[place]
        able = tuple(one for one, absent in told.items() if not own & {one, *absent})
        if able:
            return able
    return ()


def as_granter(
    definition: Definition, facts: Facts, task: TaskFact, actor: Actor, asked_by: int | None
) -> Actor:
    """Give a person as they answer for a task.

    Raises: NoRight when they are not above it; Refused when it is their own.
    """
    places = places_above(definition, facts, task)
    ways = [way for place in places for way in ways_to_act(actor, place) if place in way.holds]
    if not ways:
        title = definition.role[places[0].role].title.lower() if places else "driften"
        raise NoRight(
            f"Anstånd ges av den som står över uppgiften: {title}, eller den som leder"
            " processen. Be om det med --ask.",
            f"An extension is granted from above: {title}, or whoever leads the process."
            " Ask for it with --ask.",
        )
    own = _owners(facts, task) | ({asked_by} if asked_by else set())
    for way in ways:
        if not own & {way.person, way.on_behalf_of or way.person}:
            return way
    sv = "Du kan inte ge anstånd åt dig själv; det gör nästa chef eller den som leder processen."
    en = "You cannot extend your own task; the next superior or the leader does that."
    raise Refused(sv, en, reasons=(Reason("own_extension", sv, en),))


def as_holder(definition: Definition, task: TaskFact, actor: Actor) -> Actor:
    """Give a person as they ask for a task.

    Raises: NoRight when the task is not theirs.
    """
    way = ways_to_act(actor, task.place)[0]
    if task.place is None or task.place not in way.holds:
        role = definition.role[task.place.role].title.lower() if task.place else "ingen"
        raise NoRight(
            f"Uppgiften är inte din. Om anstånd ber den som har den: {role}.",
            f"The task is not yours. Whoever has it asks: {role}.",
        )
    return way


def _owners(facts: Facts, task: TaskFact) -> set[int]:
    """Give who owes a task: its holders, and those who stand in for them."""
    return set(told_at(facts, (task.place,))[task.place]) if task.place else set()


# ---- which days ------------------------------------------------------------------------


def check_day(definition: Definition, task: TaskFact, on: date, now: datetime) -> None:
    """See that a task can be extended to a day.

    Raises: Refused when it has no deadline; BadInput when the day has passed, is not
    later than the present one, or is more than a year off.
    """
    if task.due_at is None:
        sv = "Uppgiften har inget datum än. Det sätts med `round move`."
        en = "The task has no date yet. It is set with `round move`."
        raise Refused(sv, en, reasons=(Reason("no_date", sv, en),))
    zone = definition.zone
    due_on, today = plan.due_on(task.due_at, zone), plan.local_day(now, zone)
    if plan.day_end(on, zone) <= now:
        raise BadInput(
            f"{say_day(on)} har passerat. Ange en dag som inte har varit.",
            f"{say_day(on, 'en')} has passed. Give a day that has not.",
        )
    if plan.day_end(on, zone) <= task.due_at:
        raise BadInput(
            f"Sista dag är redan {say_day(due_on)}. Ange en senare.",
            f"The last day is {say_day(due_on, 'en')} already. Give a later one.",
        )
    latest = plan.add_span(max(due_on, today), LONGEST, "after")
    if on > latest:
        raise BadInput(
            f"Så långt anstånd går inte; senast {say_day(latest)}.",
            f"That is too long; {say_day(latest, 'en')} at the latest.",
        )


def free_until(definition: Definition, state: State, task: TaskFact, today: date) -> date | None:
    """Give the day until which a task is extended without asking anybody, once; None when
    its state has no such days, or they have been used."""
    if state.extension is None or task.extended_on or task.due_at is None:
        return None
    due_on = plan.due_on(task.due_at, definition.zone)
    return plan.add_span(max(due_on, today), state.extension, "after")


def extend(revision: Revision, state: State, task: TaskFact, on: date, now: datetime) -> TaskFact:
    """Give a task until the end of a local day; its ladder counts from now on."""
    due_at = plan.day_end(on, revision.definition.zone)
    return replace(with_deadline(revision, state, task, due_at, now), extended_on=on)


# ---- what one ought to know ------------------------------------------------------------


def warnings(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    task: TaskFact,
    on: date,
) -> Iterator[Reason]:
    """Name the day off that it ends on, and the milestones that it overtakes: those that
    the case itself, or one above it, has a step due by."""
    off = day_off(on)
    if off:
        yield Reason(
            "day_off",
            f"{say_day(on)} är {off}; sista dag är ändå den dagen.",
            f"{say_day(on, 'en')} is {day_off(on, 'en')}; it is the last day all the same.",
        )
    until = plan.day_end(on, definition.zone)
    for fact in _milestones_of(definition, facts, case).values():
        if fact.due_at and task.due_at and task.due_at < fact.due_at < until:
            title = definition.milestone[fact.key].title
            day = plan.due_on(fact.due_at, definition.zone)
            yield Reason(
                "order",
                f"Anståndet går förbi ”{title}”, {say_day(day)}.",
                f'The extension goes past "{title}", {say_day(day, "en")}.',
            )


def _milestones_of(
    definition: Definition, facts: Facts, case: CaseFact
) -> Mapping[str, MilestoneFact]:
    """Give the milestones that a case and those above it have a step due by, in the order
    of the plan."""
    names: set[str] = set()
    above: CaseFact | None = case
    while above is not None:
        names |= set(_anchors(definition.case[above.kind]))
        above = facts.case(above.parent) if above.parent else None
    return {key: facts.milestone(key) for key in definition.milestone if key in names}


def _anchors(kind: Case) -> Iterator[str]:
    for state in kind.state.values():
        due: phrases.Due | None = state.due
        if due is not None:
            yield due.anchor
