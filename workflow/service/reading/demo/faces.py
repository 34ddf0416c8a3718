"""Those worth being in a demo just now, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Final

from workflow.core.definition import Case, State
from workflow.core.extension import answerers
from workflow.core.facts import IncidentKind, Place
from workflow.core.roles import place_of
from workflow.service.reading.demo.company import Company
from workflow.store import extensions, incidents, overview, substitutions
from workflow.store.grants import KnownGrant

__all__ = ["Face", "Why", "faces_of"]

COMING: Final = 3
"""So many of those whose turn comes later are suggested."""


class Why(StrEnum):
    """Why somebody is worth being just now."""

    LEADS = "leads"
    """`count` is how many incidents wait for somebody."""
    ASKED = "asked"
    """They are to answer a request for more days, from `other`."""
    RETURNED = "returned"
    """`title` came back with `count` questions."""
    ASKS = "asks"
    """They have asked for more days, until `day`."""
    STANDS_IN = "stands_in"
    """For `other`, until `day`."""
    LATE = "late"
    """With `title`, due on `day`."""
    BUSY = "busy"
    """They owe `count` things, `late` of them too late."""
    BOUNCED = "bounced"
    """A mail to them came back."""
    NEXT = "next"
    """They owe `title` by `day`."""
    DONE = "done"
    """`title` is done."""
    COMING = "coming"
    """They will owe `title` later."""
    REGISTERS = "registers"
    AUDITS = "audits"


ONE: Final = (Why.LATE, Why.BUSY, Why.NEXT, Why.DONE)
"""Of these one is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Somebody worth being."""

    email: str
    name: str
    role: str
    """Its title."""
    unit: str
    """Where they hold it, by name."""
    why: Why
    count: int = 0
    late: int = 0
    title: str = ""
    other: str = ""
    day: date | None = None


def faces_of(company: Company) -> list[Face]:
    """Give each person once, by the first reason, the most telling first."""
    known: dict[str, Face] = {}
    for face in _Faces(company).all():
        is_enough = face.why in ONE and any(one.why is face.why for one in known.values())
        if face.email not in known and not is_enough:
            known[face.email] = face
    return list(known.values())


@dataclass(frozen=True, slots=True)
class _Faces:
    """A round, looked at for who is worth being."""

    company: Company

    def all(self) -> Iterator[Face]:
        """Give who is worth being, the most telling first; somebody may come twice."""
        open_to = incidents.list_incidents(self.company.connection)
        yield from self._of_role(self.company.definition.leader, Why.LEADS, count=len(open_to))
        yield from self._requests()
        yield from self._returned()
        yield from self._stand_ins()
        yield from self._bounced(open_to)
        yield from self._late()
        yield from self._busiest()
        yield from self._next()
        yield from self._done()
        yield from islice(self._coming(), COMING)
        yield from self._of_role(self.company.definition.registrar, Why.REGISTERS)
        yield from self._of_role(self.company.definition.auditor, Why.AUDITS)

    def _face(self, grant: KnownGrant, why: Why) -> Face:
        role = self.company.role_title(grant.role)
        return Face(email=grant.email, name=grant.name, role=role, unit=grant.unit_name, why=why)

    def _of_role(
        self, role: str | None, why: Why, *, count: int = 0, title: str = ""
    ) -> Iterator[Face]:
        """Give one who has a role, at the first unit where somebody has it."""
        if role is None:
            return
        for unit in self.company.desk.facts.units(self.company.definition.role[role].at):
            for grant in self.company.held.get(Place(role, unit.key), ())[:1]:
                yield replace(self._face(grant, why), count=count, title=title)
                return

    def _requests(self) -> Iterator[Face]:
        for asked in extensions.open_requests(self.company.connection).values():
            task = self.company.desk.facts.task(asked.task.rpartition("#")[0])
            asker = self.company.grant_of(asked.by)
            if task is None or task.id != asked.task or asker is None:
                continue
            above = answerers(self.company.definition, self.company.desk.facts, task, asked.by)
            for grant in filter(None, map(self.company.grant_of, above[:1])):
                yield replace(self._face(grant, Why.ASKED), other=asker.name)
            yield replace(self._face(asker, Why.ASKS), day=asked.until_on)

    def _returned(self) -> Iterator[Face]:
        questions = overview.open_questions(
            self.company.connection, self.company.desk.facts.round.id
        )
        for case in self.company.cases:
            if case.id in questions:
                for grant in self.company.holders(case)[:1]:
                    title = self.company.desk.case_title(case)
                    yield replace(
                        self._face(grant, Why.RETURNED), count=questions[case.id], title=title
                    )

    def _stand_ins(self) -> Iterator[Face]:
        for one in substitutions.list_substitutions(self.company.connection):
            grant = self.company.grant_of(one.substitute)
            holds_today = (
                one.from_on <= self.company.desk.today <= one.to_on and one.ended_at is None
            )
            if grant and holds_today:
                yield replace(
                    self._face(grant, Why.STANDS_IN), other=one.person_name, day=one.to_on
                )

    def _late(self) -> Iterator[Face]:
        """Give who is late with one thing, those of the role in which most are first."""
        alone = [cases[0] for cases in self.company.by_holder.values() if len(cases) == 1]
        late = [self.company.holders(case)[0] for case in alone if self.company.is_late(case)]
        roles = Counter(grant.role for grant in late)
        for grant in sorted(late, key=lambda one: -roles[one.role]):
            case = self.company.by_holder[grant.person][0]
            title = self.company.desk.case_title(case)
            yield replace(self._face(grant, Why.LATE), title=title, day=self.company.day(case))

    def _busiest(self) -> Iterator[Face]:
        most = sorted(self.company.by_holder.items(), key=lambda one: -len(one[1]))
        for person, cases in most:
            grant = self.company.grant_of(person)
            if grant and len(cases) > 1:
                late = sum(map(self.company.is_late, cases))
                yield replace(self._face(grant, Why.BUSY), count=len(cases), late=late)

    def _bounced(self, open_to: Iterable[dict[str, object]]) -> Iterator[Face]:
        for one in open_to:
            if one["kind"] == IncidentKind.BOUNCE and str(one["subject"]).isdigit():
                grant = self.company.grant_of(int(str(one["subject"])))
                if grant:
                    yield self._face(grant, Why.BOUNCED)

    def _next(self) -> Iterator[Face]:
        """Give who has the furthest last day that is known: something of the next step."""
        ahead = [
            one
            for one in self.company.cases
            if self.company.due_at(one) and not self.company.is_late(one)
        ]
        for case in sorted(ahead, key=self.company.urgency)[-1:]:
            for grant in self.company.holders(case)[:1]:
                title = self.company.desk.case_title(case)
                yield replace(self._face(grant, Why.NEXT), title=title, day=self.company.day(case))

    def _done(self) -> Iterator[Face]:
        """Give one whose own case is done and who owes nothing."""
        for case in self.company.cases:
            kind = self.company.definition.case[case.kind]
            for role in kind.state[kind.first].by or () if case.ended_at and case.parent else ():
                for grant in self.company.held.get(Place(role, case.unit), ())[:1]:
                    if grant.person not in self.company.by_holder:
                        title = self.company.desk.case_title(case)
                        yield replace(self._face(grant, Why.DONE), title=title)
                        return

    def _coming(self) -> Iterator[Face]:
        """Give one for each role that has nothing to do now, and will have."""
        definition = self.company.definition
        owing = {place.role for case in self.company.cases if (place := self.company.place(case))}
        known = {*owing, definition.registrar, definition.auditor}
        for kind in definition.case.values():
            for state in self._left_of(kind):
                for role in [one for one in state.by or () if one not in known]:
                    known.add(role)
                    yield from self._with_role(kind, state, role)

    def _left_of(self, kind: Case) -> Iterator[State]:
        """Give the states that are ahead: of the round itself, and of what is not opened."""
        found = next((case for case in self.company.cases if case.kind == kind.key), None)
        if found is None:
            yield from kind.state.values()
        elif not kind.per and found.state in kind.state:
            order = list(kind.state)
            yield from (kind.state[key] for key in order[order.index(found.state) + 1 :])

    def _with_role(self, kind: Case, state: State, role: str) -> Iterator[Face]:
        desk, definition = self.company.desk, self.company.definition
        title = desk.revision.title(state, desk.language)
        top = desk.facts.units((definition.top,))[0].key
        place = place_of(definition, desk.facts, (role,), top, state.body)
        holders = self.company.held.get(place, []) if place and not kind.per else []
        if holders:
            yield replace(self._face(holders[0], Why.COMING), title=title)
        else:
            yield from self._of_role(role, Why.COMING, title=title)
