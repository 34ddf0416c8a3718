"""A decision, written: states, counts, tasks, log and mail in the open transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, bindparam, insert, update
from sqlmodel import col

from workflow.core.errors import Stale
from workflow.core.facts import CaseFact, Decision, JoinFact, QuestionFact, TaskFact, Via
from workflow.store import extensions, log, outbox
from workflow.store.carrying import bring_along
from workflow.store.compiling import compile_sheets
from workflow.store.counting import count_polls
from workflow.store.facts import LockedRound
from workflow.store.incidents import close_incidents, close_waiting, open_incidents
from workflow.store.material import save_sheets
from workflow.store.reminders import drop_invitations
from workflow.store.series import save_series
from workflow.store.statements import Statement
from workflow.store.tables import Case, Join, Milestone, Question, Round, Signature, Task

__all__ = ["Stamp", "save"]

INSERT_CASES: Final = Statement(
    insert(Case),
    columns=(
        "id",
        "round_id",
        "kind",
        "unit",
        "parent",
        "opened_in",
        "started",
        "occasion",
        "state",
        "version",
        "opened_at",
        "entered_at",
        "ended_at",
    ),
)
MOVE_CASE: Final = Statement(
    update(Case)
    .where(col(Case.id) == bindparam("case_id"), col(Case.version) == bindparam("before"))
    .values(
        state=bindparam("new_state"),
        version=bindparam("new_version"),
        entered_at=bindparam("now"),
        ended_at=bindparam("ended"),
    )
)
INSERT_JOINS: Final = Statement(
    insert(Join), columns=("case_id", "state", "opened", "ended", "delivered")
)
COUNT_JOIN: Final = Statement(
    update(Join)
    .where(col(Join.case_id) == bindparam("case"), col(Join.state) == bindparam("in_state"))
    .values(
        opened=bindparam("opened_now"),
        ended=bindparam("ended_now"),
        delivered=bindparam("delivered_now"),
    )
)
INSERT_TASKS: Final = Statement(
    insert(Task),
    columns=(
        "id",
        "round_id",
        "case_id",
        "state",
        "role",
        "unit",
        "opens_at",
        "due_at",
        "due_rule",
        "closed_at",
        "ladder",
        "ladder_from",
        "next_reminder_at",
    ),
)
CLOSE_TASK: Final = Statement(
    update(Task)
    .where(col(Task.id) == bindparam("task_id"))
    .values(closed_at=bindparam("now"), next_reminder_at=None)
)
INSERT_SIGNATURE: Final = Statement(
    insert(Signature), columns=("task_id", "transition", "person_id", "signed_at", "signed_by")
)
INSERT_QUESTIONS: Final = Statement(
    insert(Question),
    columns=(
        "case_id",
        "number",
        "text",
        "asked_at",
        "asked_by",
        "answer",
        "answered_at",
        "answered_by",
    ),
)
ANSWER: Final = Statement(
    update(Question)
    .where(col(Question.case_id) == bindparam("case"), col(Question.number) == bindparam("nr"))
    .values(
        answer=bindparam("words"), answered_at=bindparam("now"), answered_by=bindparam("person")
    )
)
CALL_OFF: Final = Statement(
    update(Milestone)
    .where(col(Milestone.round_id) == bindparam("round"))
    .values(next_reminder_at=None)
)
SAVE_ROUND: Final = Statement(
    update(Round)
    .where(col(Round.id) == bindparam("round_id"), col(Round.version) == bindparam("before"))
    .values(
        version=bindparam("new_version"),
        open_cases=bindparam("unfinished"),
        closed_at=bindparam("closed"),
        chain_length=bindparam("length"),
        chain_head=bindparam("head"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What everything written in one transaction bears."""

    at: datetime
    via: Via
    os_user: str | None
    salt: Callable[[], str]
    mail_domain: str
    """The right side of every Message-ID."""


def save(
    connection: Connection,
    locked: LockedRound,
    decision: Decision,
    stamp: Stamp,
    *,
    actor: int | None = None,
) -> log.Chain:
    """Write a decision about a locked round. Gives the chain as it is then.

    Raises: Stale when a row is no longer what was decided upon; the lock forbids it.
    """
    round_id = locked.fact.id
    append = partial(
        log.append,
        connection,
        at=stamp.at,
        round_id=round_id,
        via=stamp.via,
        os_user=stamp.os_user,
        salt=stamp.salt,
    )
    chain = append(locked.chain, decision.entries)
    _save_cases(connection, round_id, decision)
    for join in decision.joins:
        _save_join(connection, join)
    save_series(connection, round_id, decision.series)
    close_waiting(connection, [j.case for j in decision.joins if j.ended < j.opened], stamp.at)
    _save_tasks(connection, round_id, decision, stamp.at)
    save_sheets(connection, decision.sheets)
    chain = append(chain, count_polls(connection, decision.polls))
    chain = append(chain, bring_along(connection, round_id, decision.opened))
    chain = append(chain, compile_sheets(connection, round_id, decision.compiles))
    _save_questions(connection, decision, stamp.at, actor)
    open_incidents(connection, round_id, decision.incidents, stamp.at)
    outbox.put(connection, round_id, decision.messages, stamp.at, stamp.mail_domain)
    if decision.closes_round:
        drop_invitations(connection, round_id, stamp.at)
    _save_round(connection, locked, decision, chain, stamp.at)
    return chain


def _save_cases(connection: Connection, round_id: str, decision: Decision) -> None:
    INSERT_CASES.many(connection, [_case_row(case, round_id) for case in decision.opened])
    for change in decision.changed:
        moved = MOVE_CASE.run(
            connection,
            case_id=change.id,
            before=change.before,
            new_state=change.state,
            new_version=change.version,
            now=change.entered_at,
            ended=change.ended_at,
        )
        if moved != 1:
            raise Stale(f"{change.id} har ändrats under tiden. Försök igen.")


def _case_row(case: CaseFact, round_id: str) -> dict[str, object]:
    return {
        "id": case.id,
        "round_id": round_id,
        "kind": case.kind,
        "unit": case.unit,
        "parent": case.parent,
        "opened_in": case.opened_in,
        "started": case.started,
        "occasion": case.occasion,
        "state": case.state,
        "version": case.version,
        "opened_at": case.opened_at,
        "entered_at": case.entered_at,
        "ended_at": case.ended_at,
    }


def _save_join(connection: Connection, join: JoinFact) -> None:
    known = COUNT_JOIN.run(
        connection,
        case=join.case,
        in_state=join.state,
        opened_now=join.opened,
        ended_now=join.ended,
        delivered_now=join.delivered,
    )
    if not known:
        INSERT_JOINS.many(
            connection,
            [
                {
                    "case_id": join.case,
                    "state": join.state,
                    "opened": join.opened,
                    "ended": join.ended,
                    "delivered": join.delivered,
                }
            ],
        )


def _save_tasks(connection: Connection, round_id: str, decision: Decision, at: datetime) -> None:
    for task_id in decision.tasks_closed:
        CLOSE_TASK.run(connection, task_id=task_id, now=at)
    extensions.void(connection, decision.tasks_closed, at)
    outbox.withdraw(connection, decision.tasks_closed, at)
    left = [f"{change.id}#{change.before}" for change in decision.changed]
    close_incidents(connection, sorted({*decision.tasks_closed, *left}), at)
    INSERT_TASKS.many(connection, [_task_row(task, round_id) for task in decision.tasks_opened])
    if decision.signed:
        task_id, transition, person, by = decision.signed
        row = {
            "task_id": task_id,
            "transition": transition,
            "person_id": person,
            "signed_at": at,
            "signed_by": by,
        }
        INSERT_SIGNATURE.many(connection, [row])


def _task_row(task: TaskFact, round_id: str) -> dict[str, object]:
    return {
        "id": task.id,
        "round_id": round_id,
        "case_id": task.case,
        "state": task.state,
        "role": task.place.role if task.place else None,
        "unit": task.place.unit if task.place else None,
        "opens_at": task.opens_at,
        "due_at": task.due_at,
        "due_rule": task.due_rule,
        "closed_at": None,
        "ladder": task.ladder,
        "ladder_from": task.ladder_from,
        "next_reminder_at": task.next_reminder_at,
    }


def _save_questions(
    connection: Connection, decision: Decision, at: datetime, actor: int | None
) -> None:
    INSERT_QUESTIONS.many(connection, _question_rows(decision.questions, at, actor))
    for (case_id, number), words in decision.answers.items():
        ANSWER.run(connection, case=case_id, nr=number, words=words, now=at, person=actor)


def _question_rows(
    questions: Mapping[str, Sequence[QuestionFact]], at: datetime, actor: int | None
) -> list[Mapping[str, object]]:
    return [
        {
            "case_id": case_id,
            "number": question.number,
            "text": question.text,
            "asked_at": at,
            "asked_by": actor,
            "answer": None,
            "answered_at": None,
            "answered_by": None,
        }
        for case_id, asked in questions.items()
        for question in asked
    ]


def _save_round(
    connection: Connection,
    locked: LockedRound,
    decision: Decision,
    chain: log.Chain,
    at: datetime,
) -> None:
    if decision.closes_round:
        CALL_OFF.run(connection, round=locked.fact.id)  # nobody is invited any more
    saved = SAVE_ROUND.run(
        connection,
        round_id=locked.fact.id,
        before=locked.fact.version,
        new_version=locked.fact.version + 1,
        unfinished=decision.open_cases,
        closed=at if decision.closes_round else locked.fact.closed_at,
        length=chain.length,
        head=chain.head,
    )
    if saved != 1:
        raise Stale(f"Omgången {locked.fact.id} har ändrats under tiden. Försök igen.")
