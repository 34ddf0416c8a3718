"""What cannot go on without a person: at most one open incident per kind and subject."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlmodel import col

from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Incident, Message, Reminder, Round, Task

__all__ = [
    "close_incidents",
    "close_kind",
    "close_settled",
    "close_waiting",
    "list_incidents",
    "open_incidents",
    "open_subjects",
    "out_of_reach",
    "retell",
    "rounds_told",
]

OPEN: Final = Statement(
    # Two workers may find the same at the same instant: the second adds nothing.
    postgresql_insert(Incident)
    .values(
        kind=bindparam("of_kind"),
        subject=bindparam("about"),
        round_id=bindparam("round"),
        case_id=bindparam("case"),
        detail=bindparam("told"),
        opened_at=bindparam("now"),
        closed_at=None,
    )
    .on_conflict_do_nothing()
)
CLOSE_KIND: Final = Statement(
    update(Incident)
    .where(
        col(Incident.kind) == bindparam("of_kind"),
        one_of(col(Incident.subject), "subjects"),
        col(Incident.closed_at).is_(None),
    )
    .values(closed_at=bindparam("now"))
)
RETELL: Final = Statement(
    update(Incident)
    .where(
        col(Incident.kind) == bindparam("of_kind"),
        col(Incident.subject) == bindparam("about"),
        col(Incident.closed_at).is_(None),
    )
    .values(detail=bindparam("told"))
)
OPEN_ROUNDS: Final = Statement(
    select(col(Round.id), col(Round.root))
    .where(col(Round.closed_at).is_(None))
    .order_by(col(Round.opened_at), col(Round.id))
)
OF_KIND: Final = Statement(
    select(col(Incident.subject))
    .where(col(Incident.kind) == bindparam("of_kind"), col(Incident.closed_at).is_(None))
    .order_by(col(Incident.id))
)
ROOT: Final = Statement(
    select(col(Round.id), col(Round.root)).where(col(Round.id) == bindparam("round"))
)
OUT_OF_REACH: Final = Statement(
    select(col(Message.person_id))
    .distinct()
    .join(Incident, col(Incident.subject) == col(Message.message_id))
    .where(
        col(Incident.closed_at).is_(None),
        col(Message.person_id).is_not(None),
        or_(
            col(Incident.kind) == literal(IncidentKind.MAIL.value),
            and_(
                col(Incident.kind) == literal(IncidentKind.TEMPLATE.value),
                col(Message.kind) == literal("incident"),
            ),
        ),
    )
)
BOUNCED: Final = Statement(
    select(col(Incident.subject)).where(
        col(Incident.kind) == literal(IncidentKind.BOUNCE.value),
        col(Incident.closed_at).is_(None),
    )
)
CLOSE: Final = Statement(
    update(Incident)
    .where(one_of(col(Incident.subject), "subjects"), col(Incident.closed_at).is_(None))
    .values(closed_at=bindparam("now"))
)
_STILL_OWED: Final = (
    select(col(Reminder.message_id))
    .join(Task, col(Task.id) == col(Reminder.task_id), isouter=True)
    .where(
        col(Reminder.message_id).is_not(None),
        or_(col(Reminder.task_id).is_(None), col(Task.closed_at).is_(None)),
    )
)
"""Mails that remind of something that still is to be done."""
CLOSE_SETTLED: Final = Statement(
    update(Incident)
    .where(
        col(Incident.kind).in_([literal("mail"), literal("template")]),
        col(Incident.closed_at).is_(None),
        select(col(Message.id))
        .join(Task, col(Task.id) == col(Message.task_id), isouter=True)
        .where(
            col(Message.message_id) == col(Incident.subject),
            or_(
                col(Message.state).in_([literal("sent"), literal("withdrawn")]),
                col(Task.closed_at).is_not(None),
                and_(
                    col(Message.id).in_(select(col(Reminder.message_id))),
                    col(Message.id).not_in(_STILL_OWED),
                ),
            ),
        )
        .exists(),
    )
    .values(closed_at=bindparam("now"))
)
CLOSE_WAITING: Final = Statement(
    update(Incident)
    .where(
        col(Incident.kind) == "nothing_to_wait_for",
        one_of(col(Incident.case_id), "cases"),
        col(Incident.closed_at).is_(None),
    )
    .values(closed_at=bindparam("now"))
)
_LIST: Final = select(
    col(Incident.id),
    col(Incident.kind),
    col(Incident.subject),
    col(Incident.round_id),
    col(Incident.case_id),
    col(Incident.detail),
    col(Incident.opened_at),
    col(Incident.closed_at),
).order_by(col(Incident.opened_at), col(Incident.id))
LIST: Final = Statement(_LIST.where(col(Incident.closed_at).is_(None)))
LIST_ALL: Final = Statement(_LIST)


def open_incidents(
    connection: Connection, round_id: str | None, incidents: Sequence[IncidentDraft], at: datetime
) -> list[IncidentDraft]:
    """Open incidents that are not open already; gives those that are new."""
    new = []
    # In one order everywhere, so that two who open the same never wait for each other.
    for incident in sorted(incidents, key=lambda one: (one.kind, one.subject)):
        opened = OPEN.run(
            connection,
            of_kind=incident.kind.value,
            about=incident.subject,
            round=round_id,
            case=incident.case,
            told=json.dumps(incident.detail, ensure_ascii=False, sort_keys=True),
            now=at,
        )
        if opened == 1:
            new.append(incident)
    new.sort(key=list(incidents).index)
    return new


def close_incidents(connection: Connection, subjects: Sequence[str], at: datetime) -> None:
    """Close what is open about some subjects: the cause is gone."""
    if subjects:
        CLOSE.run(connection, subjects=list(subjects), now=at)


def close_kind(
    connection: Connection, kind: IncidentKind, subjects: Sequence[str], at: datetime
) -> int:
    """Close what is open of one kind about some subjects; gives how many there were."""
    if not subjects:
        return 0
    return CLOSE_KIND.run(connection, of_kind=kind.value, subjects=list(subjects), now=at)


def retell(
    connection: Connection, kind: IncidentKind, subject: str, detail: Mapping[str, object]
) -> None:
    """Put what an open incident says: it is still there, and more is known."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    RETELL.run(connection, of_kind=kind.value, about=subject, told=told)


def close_settled(connection: Connection, at: datetime) -> int:
    """Close what is open about mails that went all the same, or have lost their point."""
    return CLOSE_SETTLED.run(connection, now=at)


def open_subjects(connection: Connection, kind: IncidentKind) -> list[str]:
    """Give what the open incidents of a kind are about."""
    return [row[0] for row in OF_KIND.all(connection, of_kind=kind.value)]


def rounds_told(connection: Connection, round_id: str | None) -> list[tuple[str, str]]:
    """Give id and root case of a round, ended or not; without one of every round under
    way, oldest first."""
    if round_id is not None:
        return [(row[0], row[1]) for row in ROOT.all(connection, round=round_id)]
    return [(row[0], row[1]) for row in OPEN_ROUNDS.all(connection)]


def out_of_reach(connection: Connection) -> frozenset[int]:
    """Give the persons whose own mail is what an open incident is about."""
    failed = {row[0] for row in OUT_OF_REACH.all(connection)}
    bounced = {int(row[0]) for row in BOUNCED.all(connection) if row[0].isdecimal()}
    return frozenset(failed | bounced)


def close_waiting(connection: Connection, cases: Sequence[str], at: datetime) -> None:
    """Close what was open about cases that had nothing to wait for, and now have."""
    if cases:
        CLOSE_WAITING.run(connection, cases=list(cases), now=at)


def list_incidents(connection: Connection, *, closed: bool = False) -> list[dict[str, Any]]:
    """Give the open incidents, oldest first; with `closed` those that are solved too."""
    rows = LIST_ALL.all(connection) if closed else LIST.all(connection)
    return [
        {
            "id": row[0],
            "kind": row[1],
            "subject": row[2],
            "round": row[3],
            "case": row[4],
            "detail": json.loads(row[5]),
            "since": row[6],
            "closed_at": row[7],
        }
        for row in rows
    ]
