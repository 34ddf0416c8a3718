"""Roles given and ended by hand, one at a time.

The effects are those of an import: incidents about want of holders open and close, and who
comes to a role is told what they owe. Whoever leads a process here may, by their own role,
or the operator.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.core.days import say_day
from workflow.core.errors import BadInput, NotFound, refused
from workflow.core.facts import EntryKind
from workflow.core.organisation import GrantLine
from workflow.service.by_hand import Desk, sit_down
from workflow.service.naming import check_unit, find_named, nearest
from workflow.service.people.staffing import sweep
from workflow.service.preparing import YEARS
from workflow.service.world import World
from workflow.store import grants, people, rounds
from workflow.store.database import Connection
from workflow.store.grants import KnownGrant
from workflow.store.people import KnownPerson
from workflow.store.tables import LAST_DAY

__all__ = ["Grant", "Role", "end_grant", "give"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that somebody is to have at a unit, from one day to another, both included."""

    person: str
    """Their address."""
    role: str
    unit: str
    from_on: date
    to_on: date | None = None
    """None until further notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that somebody has been given."""

    grant: int
    person: str
    """Their address."""
    role: str
    unit: str
    from_on: date
    to_on: date | None
    """None until further notice."""


def give(world: World, wish: Role, *, email: str | None = None) -> Grant:
    """Give somebody a role at a unit. Without `email` it is the operator who does.

    Raises: NotFound with the nearest name for a person, role or unit; BadInput for the
        days, or a unit at which the role is not held; Refused when they have it then;
        NoRight.
    """
    with world.database.write() as connection:
        desk = sit_down(world, connection, email)
        person = find_named(connection, wish.person)
        _check_days(desk, wish)
        _check_place(desk, wish)
        _check_free(connection, person, wish)
        desk.save(
            person,
            GrantLine(
                email=person.email,
                role=wish.role,
                unit=wish.unit,
                from_on=wish.from_on,
                to_on=wish.to_on,
            ),
        )
        known = _given(connection, person, wish)
        payload = {
            "grant": known.id,
            "person_id": person.id,
            "role": wish.role,
            "unit": wish.unit,
            "from_on": wish.from_on.isoformat(),
            "to_on": wish.to_on.isoformat() if wish.to_on else None,
        }
        desk.note(EntryKind.GRANTED, payload)
    sweep(world, [known.id])
    return _told(known)


def end_grant(world: World, key: int, last_on: date, *, email: str | None = None) -> Grant:
    """End a role with a day, which is included; with yesterday it ends at once.

    Raises: NotFound; BadInput for a day before yesterday, or one that is not earlier than
        its last day; Refused when it is over; NoRight.
    """
    with world.database.write() as connection:
        desk = sit_down(world, connection, email)
        known = grants.find_grant(connection, key)
        if known is None:
            raise NotFound(
                f"Det finns ingen tilldelning {key}. Se `beredning grant list`.",
                f"There is no grant {key}. See `beredning grant list`.",
            )
        _check_last(desk, known, last_on)
        (person,) = people.people_by_id(connection, [known.person]).values()
        if last_on < known.from_on:  # then it is as if it had never been given
            last_on = known.from_on - timedelta(days=1)
        desk.save(
            person,
            GrantLine(
                email=person.email,
                role=known.role,
                unit=known.unit,
                from_on=known.from_on,
                to_on=last_on,
            ),
        )
        desk.note(EntryKind.GRANT_ENDED, {"grant": key, "to_on": last_on.isoformat()})
    sweep(world)
    return _told(replace(known, to_on=last_on))


def _given(connection: Connection, person: KnownPerson, wish: Role) -> KnownGrant:
    wanted = (person.id, wish.role, wish.unit, wish.from_on)
    for one in grants.list_grants(connection):
        if (one.person, one.role, one.unit, one.from_on) == wanted:
            return one
    raise LookupError(wanted)


def _told(known: KnownGrant) -> Grant:
    return Grant(
        grant=known.id,
        person=known.email,
        role=known.role,
        unit=known.unit,
        from_on=known.from_on,
        to_on=None if known.to_on == LAST_DAY else known.to_on,
    )


# ---- what may be -----------------------------------------------------------------------


def _check_days(desk: Desk, wish: Role) -> None:
    for day in filter(None, (wish.from_on, wish.to_on)):
        if day.year not in YEARS:
            raise BadInput(f"Dagen {day} går inte; skriv till exempel 2009-03-15.", f"Not {day}.")
    if wish.from_on < desk.today:
        raise BadInput(
            f"Från och med {say_day(wish.from_on)} går inte, det har varit. Tidigast i dag:"
            f" {say_day(desk.today)}.",
            f"{say_day(wish.from_on, 'en')} has passed. At the earliest today:"
            f" {say_day(desk.today, 'en')}.",
        )
    if wish.to_on is not None and wish.to_on < wish.from_on:
        raise BadInput(
            f"Sista dagen, {say_day(wish.to_on)}, är före den första, {say_day(wish.from_on)}.",
            f"The last day, {say_day(wish.to_on, 'en')}, is before the first,"
            f" {say_day(wish.from_on, 'en')}.",
        )


def _check_place(desk: Desk, wish: Role) -> None:
    """See that the role is one, and is held at such a unit.

    Raises: NotFound, BadInput.
    """
    connection = desk.connection
    found = [one.definition.role for one in rounds.revisions_in_use(connection)]
    known = sorted({*grants.roles_given(connection), *(key for roles in found for key in roles)})
    if wish.role not in known:
        sv, en = nearest(wish.role, known)
        raise NotFound(f"Det finns ingen roll {wish.role}.{sv}", f"No role {wish.role}.{en}")
    check_unit(connection, wish.unit)
    name, kind, from_on, to_on = grants.unit_of(connection, wish.unit)
    if not from_on <= wish.from_on <= to_on:
        raise BadInput(
            f"{name} finns inte {say_day(wish.from_on)}. Välj en annan enhet, eller en annan dag.",
            f"{name} does not exist on {say_day(wish.from_on, 'en')}. Choose another unit or day.",
        )
    held_at = {at for roles in found if wish.role in roles for at in roles[wish.role].at}
    if held_at and kind not in held_at:
        raise BadInput(
            f"Rollen {wish.role} finns vid {', '.join(sorted(held_at))}, och {name} är {kind}.",
            f"The role {wish.role} is held at {', '.join(sorted(held_at))}; {name} is {kind}.",
        )


def _check_free(connection: Connection, person: KnownPerson, wish: Role) -> None:
    to_on = wish.to_on or LAST_DAY
    for one in grants.list_grants(connection):
        same = (one.person, one.role, one.unit) == (person.id, wish.role, wish.unit)
        if same and one.from_on <= to_on and wish.from_on <= one.to_on:
            until, until_en = _until(one)
            raise refused(
                "held_already",
                f"{person.name} har redan rollen där de dagarna, {until} (nr {one.id}).",
                f"{person.name} has the role there on those days, {until_en} (no. {one.id}).",
            )


def _until(one: KnownGrant) -> tuple[str, str]:
    if one.to_on == LAST_DAY:
        return "tills vidare", "until further notice"
    return f"till och med {say_day(one.to_on)}", f"until {say_day(one.to_on, 'en')}"


def _check_last(desk: Desk, known: KnownGrant, last_on: date) -> None:
    until, until_en = _until(known)
    if known.to_on < desk.today:
        raise refused(
            "over",
            f"{known.name} har inte rollen längre: den tog slut {say_day(known.to_on)}.",
            f"{known.name} no longer has the role: it ended {say_day(known.to_on, 'en')}.",
        )
    if last_on < desk.today - timedelta(days=1):
        raise BadInput(
            f"{say_day(last_on)} har varit. Tidigast i går; då slutar rollen genast.",
            f"{say_day(last_on, 'en')} has passed. Yesterday at the earliest: it then ends now.",
        )
    if last_on >= known.to_on:
        raise BadInput(
            f"Rollen gäller {until}. Ange en tidigare sista dag, eller ge den på nytt efteråt.",
            f"The role holds {until_en}. Give an earlier last day, or give it anew afterwards.",
        )
