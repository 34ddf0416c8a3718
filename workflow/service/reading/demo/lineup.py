"""Who there is to be in a demo: everybody by role, and those worth being just now.

Read without asking who looks, since in a demo anybody may be anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.service.desks import open_desk
from workflow.service.reading.demo.company import Company
from workflow.service.reading.demo.faces import Face, faces_of
from workflow.service.world import World
from workflow.store import people, rounds
from workflow.store.grants import KnownGrant
from workflow.store.people import KnownPerson

__all__ = ["Group", "Lineup", "Member", "lineup_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody, under a role."""

    email: str
    name: str
    unit: str
    late: bool
    """They owe something whose last day has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Everybody who has a role, those who are late first."""

    title: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineup:
    """Who there is to be."""

    faces: tuple[Face, ...]
    groups: tuple[Group, ...]


def lineup_of(world: World, language: str) -> Lineup:
    """Give who there is to be, as the last round that was opened stands now.

    Raises: Locked, StoreError.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        everybody = people.everybody(connection)
        found = rounds.list_rounds(connection, now)
        if not found:
            members = (Member(email=p.email, name=p.name, unit="", late=False) for p in everybody)
            return Lineup(faces=(), groups=(Group(title="", members=tuple(members)),))
        last = next((one for one in reversed(found) if one["closed_at"] is None), found[-1])
        desk = open_desk(world, connection, str(last["round"]), language, now)
        company = Company.of(desk, now)
        groups = tuple(_groups(company, everybody))
        return Lineup(faces=tuple(faces_of(company)), groups=groups)


def _groups(company: Company, everybody: list[KnownPerson]) -> Iterator[Group]:
    """Give everybody once, under the first role of the definition that they hold."""
    seen: set[int] = set()
    for role in company.definition.role:
        new = {one.person: one for one in company.everyone() if one.role == role}
        members = [_member(company, one) for key, one in new.items() if key not in seen]
        seen |= set(new)
        if members:
            members.sort(key=lambda one: (not one.late, one.name))
            yield Group(title=company.role_title(role), members=tuple(members))
    rest = [one for one in everybody if one.id not in seen]
    if rest:
        others = (Member(email=p.email, name=p.name, unit="", late=False) for p in rest)
        yield Group(title="", members=tuple(others))


def _member(company: Company, grant: KnownGrant) -> Member:
    late = any(company.is_late(case) for case in company.by_holder.get(grant.person, ()))
    return Member(email=grant.email, name=grant.name, unit=grant.unit_name, late=late)
