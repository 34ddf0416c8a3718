"""Standing in for somebody: given, looked at, ended.

A person appoints their own substitute. Their superior in a round under way may do it
for one role at one unit, and the operator for anybody. Nobody appoints themselves for
another, and who only stands in appoints nobody: what is lent is not passed on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from workflow.core.days import say_day
from workflow.core.errors import BadInput, NoRight, NotFound, Reason, Refused
from workflow.core.facts import Actor, EntryDraft, EntryKind, Place
from workflow.core.roles import superior_place
from workflow.core.standing_in import check_days
from workflow.service.naming import check_unit, find_named
from workflow.service.preparing import YEARS
from workflow.service.world import World
from workflow.store import log, rounds, substitutions
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.people import KnownPerson
from workflow.store.substitutions import KnownSubstitution

__all__ = ["Appointment", "appoint", "end", "substitute_list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Who is to stand in for whom, from one day to another, both included."""

    person: str
    """Address of the one who is away."""
    by: str
    """Address of the one who acts."""
    from_on: date
    to_on: date
    role: str | None = None
    """None for every role that the person holds; the unit likewise."""
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One transaction, and who asks for it; no actor is the operator."""

    world: World
    connection: Connection
    now: datetime
    actor: Actor | None

    @property
    def today(self) -> date:
        return self.world.today(self.now)

    def note(self, kind: EntryKind, payload: dict[str, Any]) -> None:
        actor = self.actor.person if self.actor else None
        entry = EntryDraft(kind=kind, actor=actor, payload=payload)
        self.world.note(self.connection, self.now, entry)


def appoint(world: World, wish: Appointment, *, email: str | None = None) -> dict[str, Any]:
    """Let somebody stand in for a person.

    {substitution, person, substitute, role, unit, from, to}; it holds from the first day
    on, at once when that is today. Without `email` it is the operator who appoints.

    Raises: NotFound with the nearest name for a person, role or unit; BadInput for the
    days; NoRight.
    """
    _check_years(wish)
    with world.database.write() as connection:
        desk = _sit_down(world, connection, email)
        person, by = find_named(connection, wish.person), find_named(connection, wish.by)
        if person.id == by.id:
            raise BadInput(
                f"{person.name} kan inte vara ersättare för sig själv. Ange någon annan i --by.",
                f"{person.name} cannot stand in for themselves. Give somebody else in --by.",
            )
        if wish.unit is not None:
            check_unit(connection, wish.unit)
        _check_may_appoint(desk, person, by, wish)
        check_days(wish.from_on, wish.to_on, desk.today)
        _check_held(connection, person, wish)
        key = _write(desk, person, by, wish)
    return {
        "substitution": key,
        "person": person.email,
        "substitute": by.email,
        "role": wish.role,
        "unit": wish.unit,
        "from": wish.from_on,
        "to": wish.to_on,
    }


def end(world: World, key: int, *, email: str | None = None) -> dict[str, Any]:
    """End a substitution now; it gives nothing at the next command.

    The person, the substitute, whoever could have appointed, and the operator may.
    {substitution, person, substitute, ended_at}

    Raises: NotFound, NoRight, Refused when it is over already.
    """
    with world.database.write() as connection:
        desk = _sit_down(world, connection, email)
        known = substitutions.find(connection, key)
        if known is None:
            raise NotFound(
                f"Det finns inget ersättarskap {key}. Se `beredning substitute list`.",
                f"There is no substitution {key}. See `beredning substitute list`.",
            )
        _check_may_end(desk, known)
        if known.to_on < desk.today:
            raise _over(known, f"det gick ut {say_day(known.to_on)}", "it has run out")
        if not substitutions.end(connection, key, desk.now):
            raise _over(known, "det är redan avslutat", "it was ended before")
        desk.note(EntryKind.SUBSTITUTE_ENDED, {"substitution": key})
    return {
        "substitution": key,
        "person": known.person_email,
        "substitute": known.substitute_email,
        "ended_at": desk.now,
    }


def substitute_list(
    world: World, *, email: str | None = None, everything: bool = False
) -> list[dict[str, Any]]:
    """Give who stands in for whom, by first day: a person's own, or all.

    {substitution, person, substitute, role, unit, from, to, state, given_at, ended_at}, where
    state is current, coming, past or ended; the last two only with `everything`.

    Raises: NotFound for the person.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        who = world.actor(connection, email, now).person if email else None
        known = substitutions.list_substitutions(connection, who)
        found = [_line(one, world.today(now)) for one in known]
    return [one for one in found if everything or one["state"] in ("current", "coming")]


def _line(one: KnownSubstitution, today: date) -> dict[str, Any]:
    state = "current"
    if one.ended_at is not None:
        state = "ended"
    elif one.to_on < today:
        state = "past"
    elif today < one.from_on:
        state = "coming"
    return {
        "substitution": one.id,
        "person": one.person_email,
        "substitute": one.substitute_email,
        "role": one.role,
        "unit": one.unit,
        "from": one.from_on,
        "to": one.to_on,
        "state": state,
        "given_at": one.given_at,
        "ended_at": one.ended_at,
    }


def _sit_down(world: World, connection: Connection, email: str | None) -> _Desk:
    log.load_chain(connection, log.INSTALLATION)  # one at a time: locks before people
    now = world.now(connection)
    actor = world.actor(connection, email, now) if email else None
    return _Desk(world=world, connection=connection, now=now, actor=actor)


def _write(desk: _Desk, person: KnownPerson, by: KnownPerson, wish: Appointment) -> int:
    row = {
        "person": person.id,
        "substitute": by.id,
        "of_role": wish.role,
        "at_unit": wish.unit,
        "first": wish.from_on,
        "last": wish.to_on,
        "now": desk.now,
    }
    key = substitutions.insert_substitution(desk.connection, row)
    told = {
        "substitution": key,
        "person_id": person.id,
        "substitute_id": by.id,
        "role": wish.role,
        "unit": wish.unit,
        "from_on": wish.from_on.isoformat(),
        "to_on": wish.to_on.isoformat(),
    }
    desk.note(EntryKind.SUBSTITUTE, told)
    return key


# ---- who may ---------------------------------------------------------------------------


def _check_may_appoint(
    desk: _Desk, person: KnownPerson, by: KnownPerson, wish: Appointment
) -> None:
    actor = desk.actor
    if actor is None or actor.person == person.id:
        return
    if actor.person != by.id and _is_above(desk, actor, wish.role, wish.unit):
        return
    raise NoRight(
        f"{person.name} utser själv sin ersättare. Närmaste chef i en pågående omgång kan göra"
        " det för en roll vid en enhet (--role och --unit), men inte utse sig själv.",
        f"{person.name} appoints a substitute. The nearest superior in a round under way may do"
        " so for one role at one unit (--role and --unit), but not appoint themselves.",
    )


def _check_may_end(desk: _Desk, known: KnownSubstitution) -> None:
    actor = desk.actor
    if actor is None or actor.person in (known.person, known.substitute):
        return
    if _is_above(desk, actor, known.role, known.unit):
        return
    raise NoRight(
        f"Ersättarskapet {known.id} avslutas av {known.person_name}, {known.substitute_name} eller"
        " närmaste chef.",
        f"Substitution {known.id} is ended by {known.person_name}, {known.substitute_name} or"
        " the nearest superior.",
    )


def _is_above(desk: _Desk, actor: Actor, role: str | None, unit: str | None) -> bool:
    """Say whether a person themselves is the superior of a place in a round under way.

    Of one place only: what an appointment for every role comes to lend, no one role is
    above.
    """
    if role is None or unit is None:
        return False
    for one in rounds.list_rounds(desk.connection, desk.now):
        if one["closed_at"] is not None:
            continue
        fact = read_round(desk.connection, one["round"])
        definition = rounds.load_revision(desk.connection, fact.revision).definition
        facts = StoredFacts(desk.connection, fact, desk.today)
        known = facts.units((*definition.unit, *definition.body))
        if role in definition.role and any(step.key == unit for step in known):
            above = superior_place(definition, facts, Place(role, unit))
            if above in actor.holds:
                return True
    return False


# ---- what is there ---------------------------------------------------------------------


def _check_years(wish: Appointment) -> None:
    for day in (wish.from_on, wish.to_on):
        if day.year not in YEARS:
            raise BadInput(f"Dagen {day} går inte; skriv till exempel 2009-03-15.", f"Not {day}.")


def _check_held(connection: Connection, person: KnownPerson, wish: Appointment) -> None:
    """See that there is something to stand in for: else it is a slip of the pen.

    Raises: NotFound that says what the person holds.
    """
    held = substitutions.places_within(connection, person.id, wish.from_on, wish.to_on)
    if any(wish.role in (None, p.role) and wish.unit in (None, p.unit) for p in held):
        return
    roles = sorted({place.role for place in held})
    there = ", ".join(sorted(f"{place.role} ({place.unit})" for place in held))
    near = get_close_matches(wish.role or "", roles, 1) if wish.role not in roles else []
    asked = " ".join(filter(None, (wish.role, wish.unit and f"vid {wish.unit}"))) or "någon roll"
    hint = f" Menade du {near[0]}?" if near else f" Det som finns: {there or 'inget'}."
    raise NotFound(
        f"{person.name} har inte {asked} de dagarna.{hint}",
        f"{person.name} does not hold {wish.role or 'any role'} at {wish.unit or 'any unit'}"
        f" on those days. Held: {there or 'nothing'}.",
    )


def _over(known: KnownSubstitution, sv: str, en: str) -> Refused:
    sv = f"Ersättarskapet {known.id} behöver inte avslutas: {sv}."
    en = f"Substitution {known.id} need not be ended: {en}."
    return Refused(sv, en, reasons=(Reason("over", sv, en),))
