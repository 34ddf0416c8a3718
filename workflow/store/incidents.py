"""What cannot go on without a person: at most one open incident per kind and subject."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.facts import IncidentDraft
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Incident

__all__ = ["close_incidents", "close_waiting", "list_incidents", "open_incidents"]

OPEN: Final = Statement(
    select(col(Incident.id)).where(
        col(Incident.kind) == bindparam("kind"),
        col(Incident.subject) == bindparam("subject"),
        col(Incident.closed_at).is_(None),
    )
)
INSERT: Final = Statement(
    insert(Incident),
    columns=("kind", "subject", "round_id", "case_id", "detail", "opened_at", "closed_at"),
)
CLOSE: Final = Statement(
    update(Incident)
    .where(one_of(col(Incident.subject), "subjects"), col(Incident.closed_at).is_(None))
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
LIST: Final = Statement(
    select(
        col(Incident.id),
        col(Incident.kind),
        col(Incident.subject),
        col(Incident.round_id),
        col(Incident.case_id),
        col(Incident.detail),
        col(Incident.opened_at),
    )
    .where(col(Incident.closed_at).is_(None))
    .order_by(col(Incident.opened_at), col(Incident.id))
)


def open_incidents(
    connection: Connection, round_id: str | None, incidents: Sequence[IncidentDraft], at: datetime
) -> list[IncidentDraft]:
    """Open incidents that are not open already; gives those that are new."""
    new = [
        incident
        for incident in incidents
        if OPEN.first(connection, kind=incident.kind.value, subject=incident.subject) is None
    ]
    INSERT.many(
        connection,
        [
            {
                "kind": incident.kind.value,
                "subject": incident.subject,
                "round_id": round_id,
                "case_id": incident.case,
                "detail": json.dumps(incident.detail, ensure_ascii=False, sort_keys=True),
                "opened_at": at,
                "closed_at": None,
            }
            for incident in new
        ],
    )
    return new


def close_incidents(connection: Connection, subjects: Sequence[str], at: datetime) -> None:
    """Close what is open about some subjects: the cause is gone."""
    if subjects:
        CLOSE.run(connection, subjects=list(subjects), now=at)


def close_waiting(connection: Connection, cases: Sequence[str], at: datetime) -> None:
    """Close what was open about cases that had nothing to wait for, and now have."""
    if cases:
        CLOSE_WAITING.run(connection, cases=list(cases), now=at)


def list_incidents(connection: Connection) -> list[dict[str, Any]]:
    """Give the open incidents, oldest first."""
    return [
        {
            "id": row[0],
            "kind": row[1],
            "subject": row[2],
            "round": row[3],
            "case": row[4],
            "detail": json.loads(row[5]),
            "since": row[6],
        }
        for row in LIST.all(connection)
    ]
