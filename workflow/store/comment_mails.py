"""Mails about comments: one waits for several, and none comes too soon after the last."""

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, literal, select
from sqlmodel import col

from workflow.core.facts import MessageDraft, MessageKind
from workflow.store import outbox
from workflow.store.statements import Statement
from workflow.store.tables import Message

__all__ = ["add_to_waiting", "last_leaving"]

_of_person = (
    col(Message.person_id) == bindparam("person"),
    col(Message.case_id) == bindparam("case"),
    col(Message.kind) == literal(MessageKind.COMMENT.value),
)
UNWRITTEN: Final = Statement(
    select(col(Message.id), col(Message.content))
    .where(
        *_of_person,
        col(Message.task_id) == bindparam("task"),
        col(Message.state) == outbox.QUEUED,
        col(Message.body).is_(None),
        col(Message.claimed_until).is_(None),
    )
    .order_by(col(Message.id))
    .limit(1)
    .with_for_update(key_share=True)
)
LAST: Final = Statement(
    select(func.max(func.coalesce(col(Message.first_try_at), col(Message.next_try_at)))).where(
        *_of_person, col(Message.state) != literal("withdrawn")
    )
)


def add_to_waiting(connection: Connection, draft: MessageDraft) -> bool:
    """Let a mail that its person has coming about the same task, and that nobody has written,
    tell of the comments of a draft too; False when there is none."""
    row = UNWRITTEN.first(connection, person=draft.person, case=draft.case, task=draft.task)
    if row is None:
        return False
    told: dict[str, Any] = json.loads(row[1])
    comments: Any = draft.content["comments"]
    outbox.rewrite(connection, row[0], {**told, "comments": [*told["comments"], *comments]})
    return True


def last_leaving(connection: Connection, draft: MessageDraft) -> datetime | None:
    """Give when the latest mail to a person about comments on a case left, or will."""
    row = LAST.first(connection, person=draft.person, case=draft.case)
    return row[0] if row else None
