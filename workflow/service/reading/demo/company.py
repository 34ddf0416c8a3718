"""One round with who holds what now, looked at by nobody in particular: for a demo."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.core import plan
from workflow.core.definition import Definition
from workflow.core.facts import CaseFact, Place
from workflow.core.progress import Owed
from workflow.service.desks import Desk
from workflow.store import grants, overview
from workflow.store.database import Connection
from workflow.store.grants import KnownGrant

__all__ = ["Company"]


@dataclass(slots=True)
class Company:
    """One round, and everybody in it."""

    desk: Desk
    now: datetime
    held: dict[Place, list[KnownGrant]]
    cases: list[CaseFact]
    owed: dict[str, Owed]
    by_holder: dict[int, list[CaseFact]] = field(default_factory=dict)
    """Cases whose open task somebody holds, by their last day."""

    @classmethod
    def of(cls, desk: Desk, now: datetime) -> "Company":
        """Read it."""
        held: dict[Place, list[KnownGrant]] = {}
        for grant in grants.list_grants(desk.connection):
            if grant.from_on <= desk.today <= grant.to_on:
                held.setdefault(Place(grant.role, grant.unit), []).append(grant)
        cases, owed = overview.cases_with_tasks(desk.connection, desk.facts.round.id)
        company = cls(desk, now, held, cases, owed)
        for case in sorted(cases, key=company.urgency):
            place = company.place(case)
            for grant in held.get(place, ()) if place else ():
                company.by_holder.setdefault(grant.person, []).append(case)
        return company

    @property
    def connection(self) -> Connection:
        """The open transaction."""
        return self.desk.connection

    @property
    def definition(self) -> Definition:
        """The process."""
        return self.desk.definition

    def place(self, case: CaseFact) -> Place | None:
        """Give who owes the open task of a case."""
        return self.owed[case.id].place if case.id in self.owed else None

    def urgency(self, case: CaseFact) -> tuple[bool, datetime, str]:
        """Sort by last day, those without one at the end."""
        due_at = self.due_at(case)
        return due_at is None, due_at or self.now, case.id

    def due_at(self, case: CaseFact) -> datetime | None:
        """Give until when the open task of a case is owed."""
        return self.owed[case.id].due_at if case.id in self.owed else None

    def day(self, case: CaseFact) -> date | None:
        """Give the last day of it."""
        due_at = self.due_at(case)
        return plan.due_on(due_at, self.definition.zone) if due_at else None

    def is_late(self, case: CaseFact) -> bool:
        """Say whether it has passed."""
        due_at = self.due_at(case)
        return due_at is not None and due_at <= self.now

    def holders(self, case: CaseFact) -> list[KnownGrant]:
        """Give those who have the open task of a case."""
        place = self.place(case)
        return self.held.get(place, []) if place else []

    def everyone(self) -> Iterator[KnownGrant]:
        """Give every role that is held."""
        return (one for several in self.held.values() for one in several)

    def grant_of(self, person: int) -> KnownGrant | None:
        """Give the role that somebody owes something in, else their first."""
        for case in self.by_holder.get(person, ()):
            return next(one for one in self.holders(case) if one.person == person)
        return next((one for one in self.everyone() if one.person == person), None)

    def role_title(self, key: str) -> str:
        """Give the title of a role."""
        role = self.definition.role[key]
        return self.desk.revision.title(role, self.desk.language)
