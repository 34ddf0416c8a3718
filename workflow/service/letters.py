"""From the outbox to a letter: what a claimed message has to tell, and what became of it.

A claim is committed before anything is written or sent; the finished bytes are
frozen and committed before they leave; no transaction is open meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from workflow.core import phrases, plan
from workflow.core.definition import BUILT_IN_ENDS, Definition
from workflow.core.facts import CaseFact, IncidentDraft, IncidentKind, MessageKind, Place, TaskFact
from workflow.core.machine import machine_of
from workflow.core.mail import MailFacts, MailIncident, MailInvitation, MailTask, Progress
from workflow.core.revision import Revision
from workflow.core.roles import leader_place
from workflow.service.world import World
from workflow.store import outbox, people, rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.incidents import open_incidents
from workflow.store.material import count_rows
from workflow.store.outbox import Claimed

__all__ = ["BATCH", "claim", "fail", "freeze", "gather", "settle"]

BATCH: Final = 50
"""How many messages are claimed at a time: as many as leave well within a lease."""


@dataclass(slots=True)
class _Desk:
    """One round, looked at for one recipient's letter."""

    connection: Connection
    revision: Revision
    facts: StoredFacts
    language: str
    today: date

    @property
    def definition(self) -> Definition:
        return self.revision.definition

    @property
    def round_title(self) -> str:
        own = self.revision.text("title", self.definition.title, self.language)
        return phrases.fill(own, year=self.facts.round.year)

    def case_title(self, case: CaseFact) -> str:
        """Give a case's title, e.g. "Underlag Ortopedi"."""
        kind = self.definition.case[case.kind]
        return phrases.fill(
            self.revision.title(kind, self.language),
            year=self.facts.round.year,
            unit=self.unit_name(case.unit),
            occasion=case.occasion or "",
        )

    def unit_name(self, unit: str) -> str:
        """Give a unit's name."""
        return self.facts.line(unit)[0].name

    def state_title(self, case: CaseFact) -> str:
        """Give the title of the state or end that a case stands in."""
        kind = self.definition.case[case.kind]
        if case.state in kind.state:
            own = self.revision.title(kind.state[case.state], self.language)
            return phrases.fill(own, year=self.facts.round.year)
        if case.state in BUILT_IN_ENDS:
            return BUILT_IN_ENDS[case.state]["en" if self.language == "en" else "sv"]
        own = kind.ends[case.state]
        return self.revision.text(f"case.{kind.key}.ends.{case.state}", own, self.language)

    def leader(self) -> tuple[int, ...]:
        """Give who leads the round now."""
        place = leader_place(self.definition, self.facts)
        return self.facts.holders((place,))[place] if place else ()


def claim(world: World, most: int = BATCH) -> list[Claimed]:
    """Claim messages that are due, oldest first.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        return outbox.claim(connection, world.now(connection), most)


def freeze(world: World, finished: Sequence[tuple[Claimed, bytes]]) -> list[Claimed]:
    """Keep finished bytes, before any of them leaves; gives the claims that still hold."""
    with world.database.write() as connection:
        return [one for one, body in finished if outbox.freeze(connection, one, body)]


def settle(world: World, *, sent: Sequence[Claimed], withdrawn: Sequence[Claimed]) -> None:
    """Say which messages have been taken over, and which had lost their point."""
    with world.database.write() as connection:
        now = world.now(connection)
        for one in sent:
            outbox.mark(connection, one, "sent", sent_at=now)
        for one in withdrawn:
            outbox.mark(connection, one, "withdrawn")


def fail(world: World, claimed: Claimed, error: str) -> bool:
    """Say that a message cannot be written or sent: an incident.

    False, and none, when the claim is lost: whoever has it now may well succeed.
    """
    with world.database.write() as connection:
        if not outbox.mark(connection, claimed, "failed", error=error):
            return False
        incident = IncidentDraft(
            kind=IncidentKind.MAIL,
            subject=claimed.message_id,
            case=claimed.case,
            detail={"person": claimed.person, "error": error},
        )
        open_incidents(connection, claimed.round, [incident], world.now(connection))
    return True


# ---- gathering -------------------------------------------------------------------------


def gather(world: World, claimed: Claimed) -> MailFacts | None:
    """Give what a message has to tell now; None when nothing is left to tell."""
    with world.database.read() as connection:
        now = world.now(connection)
        person = people.people_by_id(connection, [claimed.person])[claimed.person]
        common: dict[str, Any] = {
            "kind": MessageKind(claimed.kind),
            "message_id": claimed.message_id,
            "put_at": claimed.put_at,
            "to_name": person.name,
            "to_email": person.email,
            "language": person.language,
            "today": world.today(now),
            "rehearsal": world.rehearsal,
        }
        if claimed.digest_on is not None:
            return _digest(world, connection, claimed, common)
        if claimed.round is None:
            return None
        desk = _desk(world, connection, claimed.round, person.language, now)
        happened_on = world.today(claimed.put_at)
        late = (world.today(now) - happened_on).days
        common |= {**_letterhead(desk), "late_days": max(late, 0)}
        if claimed.kind == MessageKind.DECISION:  # it tells of that day, whenever it comes
            common["today"] = happened_on
        return _about_case(desk, claimed, common)


def _desk(
    world: World, connection: Connection, round_id: str, language: str, now: datetime
) -> _Desk:
    fact = read_round(connection, round_id)
    return _Desk(
        connection=connection,
        revision=rounds.load_revision(connection, fact.revision),
        facts=StoredFacts(connection, fact, world.today(now)),
        language=language,
        today=world.today(now),
    )


def _letterhead(desk: _Desk) -> dict[str, Any]:
    leaders = people.people_by_id(desk.connection, desk.leader()[:1])
    leader = next(iter(leaders.values()), None)
    return {
        "round": desk.facts.round.id,
        "round_title": desk.round_title,
        "reference": desk.facts.round.reference,
        "organisation": desk.facts.units((desk.definition.top,))[0].name,
        "leader_name": leader.name if leader else "",
        "leader_email": leader.email if leader else "",
    }


def _about_case(desk: _Desk, claimed: Claimed, common: Mapping[str, Any]) -> MailFacts | None:
    case = desk.facts.case(claimed.case or "")
    if case is None:
        return None
    told = claimed.content
    by = people.people_by_id(desk.connection, [told["by"]] if "by" in told else [])
    happened = {
        "by": next((person.name for person in by.values()), ""),
        "comment": told.get("comment", ""),
        "questions": tuple(told.get("questions", ())),
        "case": case.id,
        "case_title": desk.case_title(case),
        "happened": _happened(desk, told),
        "stands": desk.state_title(replace(case, state=told.get("state", case.state))),
        "case_is_round": case.parent is None,
    }
    if claimed.kind == MessageKind.INCIDENT:
        found = tuple(_incident(desk, one) for one in told["incidents"])
        return MailFacts(
            **common,
            **happened,
            incident=found[0].kind,
            incident_role=found[0].role,
            incident_unit=found[0].unit,
            incidents=found,
        )
    if claimed.kind == MessageKind.DECISION:
        return MailFacts(**common, **happened, own_text=_own_text(desk, case, told["state"]))
    task = desk.facts.task(case.id)
    if task is None or task.id != claimed.task:
        return None
    return MailFacts(
        **common,
        **happened,
        tasks=(_mail_task(desk, case, task, "holder"),),
        own_text=_own_text(desk, case, case.state),
    )


def _incident(desk: _Desk, told: Mapping[str, Any]) -> MailIncident:
    role = desk.definition.role.get(told.get("role", ""))
    case = desk.facts.case(told["case"] or "")
    return MailIncident(
        kind=told["kind"],
        case=told["case"],
        case_title=desk.case_title(case) if case else "",
        role=desk.revision.title(role, desk.language) if role else "",
        unit=desk.unit_name(told["unit"]) if "unit" in told else "",
    )


def _happened(desk: _Desk, told: Mapping[str, Any]) -> str:
    moved = desk.facts.case(told.get("moved", ""))
    if moved is None:
        return ""
    move = machine_of(desk.revision, moved.kind).options(told["from"]).get(told["transition"])
    return desk.revision.title(move.transition, desk.language) if move else ""


def _own_text(desk: _Desk, case: CaseFact, state: str) -> str:
    """Give the process's own words for coming to a state or an end."""
    path = f"{case.kind}.{state}"
    translated = desk.revision.mail.get(f"{path}.{desk.language}")
    text = translated or desk.revision.mail.get(path, "")
    return phrases.fill(
        text,
        year=desk.facts.round.year,
        unit=desk.unit_name(case.unit),
        occasion=case.occasion or "",
    )


def _digest(
    world: World, connection: Connection, claimed: Claimed, common: Mapping[str, Any]
) -> MailFacts | None:
    now = world.now(connection)
    desks: dict[str, _Desk] = {}
    tasks: dict[tuple[str, str], MailTask] = {}
    invitations: dict[str, MailInvitation] = {}
    late = 0
    for told in claimed.content["reminders"]:
        name = told["round"]
        if name not in desks:
            desks[name] = _desk(world, connection, name, common["language"], now)
        desk = desks[name]
        if told["milestone"]:
            invitation = _invitation(desk, told["milestone"])
            if invitation:
                invitations[f"{name}.{told['milestone']}"] = invitation
            continue
        case = desk.facts.case(told["task"].rpartition("#")[0])
        task = desk.facts.task(case.id) if case else None
        if case is None or task is None or task.id != told["task"]:
            continue
        late = max(late, _days_late(desk, task, told["rung"]))
        tasks.setdefault(
            (task.id, told["recipient"]), _mail_task(desk, case, task, told["recipient"])
        )
    if not tasks and not invitations:
        return None
    first = next(iter(desks.values()))
    return MailFacts(
        **common,
        **_letterhead(first),
        tasks=tuple(sorted(tasks.values(), key=_by_deadline)),
        invitations=tuple(invitations.values()),
        late_days=late,
    )


def _by_deadline(task: MailTask) -> tuple[date, str]:
    return task.due_on or date.max, task.title


def _days_late(desk: _Desk, task: TaskFact, rung: str) -> int:
    """Say by how many days a rung is late because nothing ran when it came."""
    if task.due_at is None:
        return 0
    sign = "+" if "+" in rung else "-"
    offset = int(sign + rung.partition(sign)[2])
    zone = desk.definition.zone
    day = plan.add_working_days(plan.due_on(task.due_at, zone), offset)
    expected = plan.roll(day, "working_day_after")
    return max((desk.today - expected).days, 0)


def _invitation(desk: _Desk, key: str) -> MailInvitation | None:
    milestone = desk.definition.milestone[key]
    fact = desk.facts.milestone(key)
    if fact.first_on is None or fact.last_on is None or fact.last_on < desk.today:
        return None
    title = phrases.fill(desk.revision.title(milestone, desk.language), year=desk.facts.round.year)
    return MailInvitation(
        milestone=key,
        title=title,
        round=desk.facts.round.id,
        round_title=desk.round_title,
        first_on=fact.first_on,
        last_on=fact.last_on,
        whole_month=plan.is_month(fact.first_on, fact.last_on),
        working_days=plan.working_days_between(desk.today, fact.first_on),
    )


def _mail_task(desk: _Desk, case: CaseFact, task: TaskFact, recipient: str) -> MailTask:
    zone = desk.definition.zone
    due_on = plan.due_on(task.due_at, zone) if task.due_at else None
    return MailTask(
        task=task.id,
        case=case.id,
        round=desk.facts.round.id,
        round_title=desk.round_title,
        title=desk.case_title(case),
        unit=desk.unit_name(case.unit),
        state=desk.state_title(case),
        recipient=recipient,
        is_round=case.parent is None,
        owed_by=tuple(_names(desk, task.place)),
        due_on=due_on,
        due_at=task.due_at,
        working_days=plan.working_days_between(desk.today, due_on) if due_on else None,
        planned_on=_planned_on(desk, task, due_on),
        progress=_progress(desk, case),
        rows=count_rows(desk.connection, case.id),
        open_questions=sum(1 for q in desk.facts.questions(case.id) if q.answer is None),
    )


def _names(desk: _Desk, place: Place | None) -> Iterable[str]:
    if place is None:
        return []
    held = desk.facts.holders((place,))[place]
    known = people.people_by_id(desk.connection, held)
    return [known[person].name for person in held if person in known]


def _planned_on(desk: _Desk, task: TaskFact, due_on: date | None) -> date | None:
    """Give the day the plan says, when it is not the day of the deadline."""
    if task.due_rule not in desk.definition.milestone:
        return None
    planned = desk.facts.milestone(task.due_rule).last_on
    return planned if planned != due_on else None


def _progress(desk: _Desk, case: CaseFact) -> Progress | None:
    """Say how many have delivered: those this step builds upon, else those beside it.

    What is carried as missing has not delivered, and is seen to be missing.
    """
    join = None
    for name, state in desk.definition.case[case.kind].state.items():
        if state.opens and state.next == case.state:
            join = desk.facts.join(case.id, name)
    if join is None and case.parent and case.opened_in and not case.started:
        join = desk.facts.join(case.parent, case.opened_in)
    if join is None or join.opened < 2:
        return None
    return Progress(done=join.delivered, total=join.opened)
