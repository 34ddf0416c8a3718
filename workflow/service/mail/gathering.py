"""What a claimed message has to tell, gathered at the moment it is written.

Dates, holders and titles are those that hold now; what happened is told as it was when
it happened, from the message's own content.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from workflow.core import phrases, plan
from workflow.core.facts import CaseFact, MessageKind, Place, TaskFact
from workflow.core.machine import machine_of
from workflow.core.mail import MailFacts, MailInvitation, MailTask, Progress
from workflow.core.titles import fill_in
from workflow.service.describing import incident_of
from workflow.service.desks import Desk, open_desk
from workflow.service.mail.fates import mail_fates
from workflow.service.mail.for_whom import absent_at, by_whom, still_for
from workflow.service.mail.new_comments import new_comments
from workflow.service.mail.new_days import extension_of, moved_milestones, moved_tasks
from workflow.service.mail.reports import mail_reports
from workflow.service.mail.responses import response_in
from workflow.service.world import World
from workflow.store import bounces, people, rounds
from workflow.store.claims import Claimed
from workflow.store.database import Connection
from workflow.store.material import count_rows
from workflow.store.outbox import TO

__all__ = ["gather", "gather_in"]


def gather(world: World, claimed: Claimed) -> MailFacts | None:
    """Give what a message has to tell now; None when nothing is left to tell."""
    with world.database.read() as connection:
        return gather_in(world, connection, claimed)


def gather_in(world: World, connection: Connection, claimed: Claimed) -> MailFacts | None:
    """Give the same, inside a transaction."""
    now = world.now(connection)
    if claimed.person is None:
        return _to_nobody(world, connection, claimed, now)
    person = people.people_by_id(connection, [claimed.person])[claimed.person]
    common: dict[str, Any] = {
        "kind": MessageKind(claimed.kind),
        "message_id": claimed.message_id,
        "put_at": claimed.put_at,
        "to_name": person.name,
        "to_email": claimed.content.get(TO, person.email),
        "language": person.language,
        "today": world.today(now),
        "rehearsal": world.rehearsal,
    }
    if claimed.kind in (MessageKind.REMINDER, MessageKind.ESCALATION, MessageKind.NUDGE):
        return _digest(world, connection, claimed, common, person.id)
    if claimed.round is None:
        return None
    desk = open_desk(world, connection, claimed.round, person.language, now)
    happened_on = world.today(claimed.put_at)
    late = (world.today(now) - happened_on).days
    common |= {**_letterhead(desk), "late_days": max(late, 0)}
    if claimed.kind == MessageKind.DECISION:  # it tells of that day, whenever it comes
        common["today"] = happened_on
    about_round = _ABOUT_ROUND.get(common["kind"])
    if about_round is not None:
        return about_round(desk, claimed.content, common)
    return _about_case(world, desk, claimed, common)


def _to_nobody(world: World, connection: Connection, claimed: Claimed, now: datetime) -> MailFacts:
    """Give what goes to an address that stands in the settings: the day's checkpoint."""
    known = rounds.list_rounds(connection, now)
    desk = open_desk(world, connection, known[-1]["round"], "sv", now) if known else None
    return MailFacts(
        kind=MessageKind(claimed.kind),
        message_id=claimed.message_id,
        put_at=claimed.put_at,
        to_name="",
        to_email=claimed.to_address or "",
        language="sv",
        round=None,
        round_title="",
        reference="",
        leader_name="",
        leader_email="",
        today=world.today(claimed.put_at),
        organisation=desk.facts.units((desk.definition.top,))[0].name if desk else "",
        checkpoint=claimed.content["checkpoint"],
        rehearsal=world.rehearsal,
    )


def _letterhead(desk: Desk) -> dict[str, Any]:
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


def _about_case(  # noqa: PLR0911 - one a kind, and three with nothing to tell
    world: World, desk: Desk, claimed: Claimed, common: Mapping[str, Any]
) -> MailFacts | None:
    case = desk.facts.case(claimed.case or "")
    absent = still_for(desk, claimed)
    if case is None or absent is None:
        return None
    told = claimed.content
    happened = {
        "by": by_whom(desk, told),
        "stands_in_for": absent,
        "comment": told.get("comment", ""),
        "questions": tuple(told.get("questions", ())),
        "case": case.id,
        "case_title": desk.case_title(case),
        "happened": _happened(desk, told),
        "stands": desk.state_title(replace(case, state=told.get("state", case.state))),
        "case_is_round": case.parent is None,
        "response": response_in(desk, case),
    }
    if claimed.kind == MessageKind.INCIDENT:
        since = plan.local_day(claimed.put_at, desk.definition.zone)
        found = tuple(incident_of(desk.connection, one, desk, since) for one in told["incidents"])
        return MailFacts(
            **common,
            **happened,
            incident=found[0].kind,
            incident_role=found[0].role,
            incident_unit=found[0].unit,
            incidents=found,
        )
    if claimed.kind == MessageKind.DECISION:
        fates = mail_fates(world, desk, case, told["state"], claimed.person)
        own_text = _own_text(desk, case, told["state"])
        came = told["state"], claimed.put_at
        reports = mail_reports(world, desk, case, came, claimed.person)
        return MailFacts(**common, **happened, **fates, **reports, own_text=own_text)
    task = desk.facts.task(case.id)
    if task is None or task.id != claimed.task:
        return None
    if claimed.kind == MessageKind.COMMENT:
        return _commented(desk, claimed, case, task, {**common, **happened})
    if claimed.kind == MessageKind.EXTENSION:
        about = extension_of(desk, told, task)
        one = _mail_task(desk, case, task, "superior" if told["what"] == "asked" else "holder")
        return MailFacts(**common, **happened, **about, tasks=(one,)) if about else None
    return MailFacts(
        **common,
        **happened,
        tasks=(replace(_mail_task(desk, case, task, "holder"), stands_in_for=absent),),
        own_text=_own_text(desk, case, case.state),
    )


def _commented(
    desk: Desk, claimed: Claimed, case: CaseFact, task: TaskFact, common: Mapping[str, Any]
) -> MailFacts | None:
    """Tell whoever still has the case what was written beside it."""
    absent = absent_at(desk, task, "holder", claimed.person) if claimed.person else None
    comments = new_comments(desk, case.id, claimed.content["comments"])
    if absent is None or not comments:
        return None
    one = replace(_mail_task(desk, case, task, "holder"), stands_in_for=absent)
    return MailFacts(**common, tasks=(one,), comments=comments)


def _dates(desk: Desk, told: Mapping[str, Any], common: Mapping[str, Any]) -> MailFacts | None:
    """Tell which days are others now than those the person knew."""
    tasks = []
    for case, task, earlier_on in moved_tasks(desk, told["tasks"]):
        one = replace(_mail_task(desk, case, task, "holder"), earlier_on=earlier_on)
        if one.due_on != earlier_on:
            tasks.append(one)
    milestones = moved_milestones(desk, told["milestones"])
    if not tasks and not moved_milestones(desk, told["milestones"], only=told["invited"]):
        return None
    return MailFacts(
        **common,
        by=by_whom(desk, told),
        comment=told["comment"],
        milestones=milestones,
        tasks=tuple(sorted(tasks, key=_by_deadline)),
    )


def _pause(desk: Desk, told: Mapping[str, Any], common: Mapping[str, Any]) -> MailFacts | None:
    """Tell that a round rests, or goes on with which days; nothing when that has passed."""
    if (desk.facts.round.paused_at is not None) != (told["what"] == "paused"):
        return None
    tasks = [
        replace(_mail_task(desk, case, task, "holder"), earlier_on=earlier_on)
        for case, task, earlier_on in moved_tasks(desk, told["tasks"])
    ]
    return MailFacts(
        **common,
        by=by_whom(desk, told),
        comment=told["comment"],
        pause=told["what"],
        rested=told.get("days", 0),
        milestones=moved_milestones(desk, told["milestones"]),
        tasks=tuple(sorted(tasks, key=_by_deadline)),
    )


def _left(desk: Desk, told: Mapping[str, Any], common: Mapping[str, Any]) -> MailFacts:
    """Tell who has left, and which role."""
    role = desk.definition.role[told["role"]]
    return MailFacts(
        **common,
        by=by_whom(desk, told),
        incident_role=desk.revision.title(role, desk.language),
        incident_unit=desk.unit_name(told["unit"]),
    )


_ABOUT_ROUND: Final = {
    MessageKind.DATES: _dates,
    MessageKind.PAUSE: _pause,
    MessageKind.LEFT: _left,
}
"""What tells of a round as a whole."""


def _happened(desk: Desk, told: Mapping[str, Any]) -> str:
    moved = desk.facts.case(told.get("moved", ""))
    if moved is None:
        return ""
    move = machine_of(desk.revision, moved.kind).options(told["from"]).get(told["transition"])
    return desk.revision.title(move.transition, desk.language) if move else ""


def _own_text(desk: Desk, case: CaseFact, state: str) -> str:
    """Give the process's own words for coming to a state or an end."""
    path = f"{case.kind}.{state}"
    translated = desk.revision.mail.get(f"{path}.{desk.language}")
    text = translated or desk.revision.mail.get(path, "")
    return fill_in(
        desk.revision,
        text,
        case,
        year=desk.facts.round.year,
        unit=desk.unit_name(case.unit),
        language=desk.language,
    )


def _digest(
    world: World, connection: Connection, claimed: Claimed, common: Mapping[str, Any], person: int
) -> MailFacts | None:
    now = world.now(connection)
    desks: dict[str, Desk] = {}
    tasks: dict[tuple[str, str], MailTask] = {}
    invitations: dict[str, MailInvitation] = {}
    late = 0
    for told in claimed.content["reminders"]:
        name = told["round"]
        if name not in desks:
            desks[name] = open_desk(world, connection, name, common["language"], now)
        desk = desks[name]
        if desk.facts.round.paused_at is not None:
            continue
        if told["milestone"]:
            invitation = _invitation(desk, told["milestone"])
            if invitation:
                invitations[f"{name}.{told['milestone']}"] = invitation
            continue
        case = desk.facts.case(told["task"].rpartition("#")[0])
        task = desk.facts.task(case.id) if case else None
        if case is None or task is None or task.id != told["task"]:
            continue
        absent = absent_at(desk, task, told["recipient"], person)
        if _moved(task, told) or absent is None:
            continue
        if claimed.kind != MessageKind.NUDGE:  # that is no rung, but somebody's word
            late = max(late, _days_late(desk, task, told["rung"]))
        one = replace(_mail_task(desk, case, task, told["recipient"]), stands_in_for=absent)
        tasks.setdefault((task.id, told["recipient"]), one)
    if not tasks and not invitations:
        return None
    first = next(iter(desks.values()))
    return MailFacts(
        **common,
        **_letterhead(first),
        tasks=tuple(sorted(tasks.values(), key=_by_deadline)),
        invitations=tuple(invitations.values()),
        by=by_whom(first, claimed.content),
        comment=claimed.content.get("comment", ""),
        late_days=late,
    )


def _moved(task: TaskFact, told: Mapping[str, Any]) -> bool:
    """Say whether a reminder is of another deadline than its task has now."""
    if "due_at" not in told:  # put by an earlier version
        return False
    return task.due_at is None or task.due_at != datetime.fromisoformat(told["due_at"])


def _by_deadline(task: MailTask) -> tuple[date, str]:
    return task.due_on or date.max, task.title


def _days_late(desk: Desk, task: TaskFact, rung: str) -> int:
    """Say by how many days a rung is late because nothing ran when it came."""
    if task.due_at is None:
        return 0
    sign = "+" if "+" in rung else "-"
    offset = int(sign + rung.partition(sign)[2])
    zone = desk.definition.zone
    day = plan.add_working_days(plan.due_on(task.due_at, zone), offset)
    expected = plan.roll(day, "working_day_after")
    return max((desk.today - expected).days, 0)


def _invitation(desk: Desk, key: str) -> MailInvitation | None:
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


def _mail_task(desk: Desk, case: CaseFact, task: TaskFact, recipient: str) -> MailTask:
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
        extended_on=task.extended_on if task.extended_on == due_on else None,
        owed_by=tuple(_names(desk, task.place)),
        unreached=() if recipient == "holder" else _unreached(desk, task.place),
        due_on=due_on,
        due_at=task.due_at,
        working_days=plan.working_days_between(desk.today, due_on) if due_on else None,
        planned_on=_planned_on(desk, task, due_on),
        progress=_progress(desk, case),
        rows=count_rows(desk.connection, case.id),
        open_questions=sum(1 for q in desk.facts.questions(case.id) if q.answer is None),
    )


def _names(desk: Desk, place: Place | None) -> Iterable[str]:
    if place is None:
        return []
    held = desk.facts.holders((place,))[place]
    known = people.people_by_id(desk.connection, held)
    return [known[person].name for person in held if person in known]


def _unreached(desk: Desk, place: Place | None) -> tuple[str, ...]:
    """Give the names of those who hold a place and whose mail comes back."""
    held = desk.facts.holders((place,))[place] if place else ()
    return tuple(bounces.names_of_marked(desk.connection, held))


def _planned_on(desk: Desk, task: TaskFact, due_on: date | None) -> date | None:
    """Give the day the plan says, when it is not the day of the deadline."""
    if task.due_rule not in desk.definition.milestone:
        return None
    planned = desk.facts.milestone(task.due_rule).last_on
    return planned if planned != due_on else None


def _progress(desk: Desk, case: CaseFact) -> Progress | None:
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
