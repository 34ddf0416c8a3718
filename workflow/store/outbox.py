"""The outbox: mails put with the fact they tell of, withdrawn or put anew when it changes.

A message waits, unwritten, until somebody claims it (`claims.py`). It is then written and
frozen: from there on its bytes are what leaves. One that would tell of an old date is
therefore withdrawn, and put anew under another Message-ID.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import col

from workflow.core.facts import MessageDraft, MessageKind
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Message, Reminder

__all__ = [
    "FIRST",
    "OUTDATED",
    "QUEUED",
    "TELLS_OF",
    "TO",
    "add_to_waiting",
    "last_told",
    "name_at",
    "name_of",
    "put",
    "put_anew",
    "put_digest",
    "put_to_address",
    "renew",
    "rewrite",
    "withdraw",
]

FIRST: Final = "first"
"""In the content of a message put anew: the Message-ID it had from the beginning."""
OUTDATED: Final = "outdated"
"""In the content of a message that is to be put anew when whoever claims it lets it go."""
TO: Final = "to"
"""In the content of a message that an operator sent elsewhere: to which address."""
QUEUED: Final[ColumnElement[str]] = literal_column("'queued'")
"""Written out, so that what waits is found by its own index, however many have been sent."""

_ODD: Final = re.compile(r"[^A-Za-z0-9._#+-]|\.(?=\.)|^\.|\.$")
"""What does not stand in the left side of a Message-ID as it is: RFC 5322 3.6.4 allows
atoms with single dots between."""
_LONGEST: Final = 200
"""Characters of the left side: with the right one it fits a header line of RFC 5322 2.1.1."""

INSERT: Final = Statement(
    insert(Message),
    columns=(
        "message_id",
        "round_id",
        "person_id",
        "kind",
        "case_id",
        "task_id",
        "digest_on",
        "content",
        "state",
        "put_at",
        "next_try_at",
        "attempt",
        "error",
        "sent_at",
        "claimed_until",
        "fence",
        "body",
        "to_address",
        "first_try_at",
    ),
)
NUMBER: Final = Statement(
    select(col(Message.id)).where(col(Message.message_id) == bindparam("name"))
)
WITHDRAW: Final = Statement(
    update(Message)
    .where(
        one_of(col(Message.task_id), "tasks"),
        col(Message.state) == "queued",
        or_(col(Message.claimed_until).is_(None), col(Message.claimed_until) <= bindparam("now")),
    )
    .values(state="withdrawn")
)
TELLS_OF: Final = or_(
    one_of(col(Message.task_id), "tasks"),
    col(Message.id).in_(
        select(col(Reminder.message_id)).where(
            one_of(col(Reminder.task_id), "of_tasks"), col(Reminder.message_id).is_not(None)
        )
    ),
)
"""It tells of a task: by its own, or through a reminder that went into it."""
TELLING: Final = Statement(
    select(col(Message.id), col(Message.claimed_until), col(Message.body).is_not(None))
    .where(
        or_(TELLS_OF, one_of(col(Message.id), "also")),
        col(Message.state) == QUEUED,
    )
    .order_by(col(Message.id))
    .with_for_update(key_share=True)
)
UNWRITTEN: Final = Statement(
    select(col(Message.id), col(Message.content))
    .where(
        col(Message.person_id) == bindparam("person"),
        col(Message.round_id) == bindparam("round"),
        col(Message.kind) == "incident",
        col(Message.state) == QUEUED,
        col(Message.body).is_(None),
        col(Message.claimed_until).is_(None),
    )
    .order_by(col(Message.id))
    .limit(1)
    .with_for_update(key_share=True)
)
LAST_TOLD: Final = Statement(
    select(func.max(col(Message.put_at))).where(
        col(Message.person_id) == bindparam("person"),
        col(Message.round_id) == bindparam("round"),
        col(Message.kind) == "incident",
    )
)
WHOLE: Final = Statement(
    select(
        *(
            getattr(Message, name)
            for name in (
                "message_id",
                "round_id",
                "person_id",
                "kind",
                "case_id",
                "task_id",
                "digest_on",
                "content",
                "state",
                "to_address",
            )
        )
    ).where(col(Message.id) == bindparam("key"))
)
REPLACED: Final = Statement(
    update(Message)
    .where(col(Message.id) == bindparam("key"), col(Message.state) == "queued")
    .values(state="withdrawn", digest_on=None, claimed_until=None)
)
CONTENT: Final = Statement(
    update(Message).where(col(Message.id) == bindparam("key")).values(content=bindparam("told"))
)
REMINDERS: Final = Statement(
    update(Reminder)
    .where(col(Reminder.message_id) == bindparam("old"))
    .values(message_id=bindparam("new"))
)


def put(
    connection: Connection,
    round_id: str | None,
    drafts: Sequence[MessageDraft],
    at: datetime,
    domain: str,
    *,
    not_before: datetime | None = None,
) -> None:
    """Put mails, to be sent from now on, or from a later instant."""
    rows = []
    for draft in drafts:
        name = name_at(draft, at, domain)
        if draft.kind is MessageKind.INCIDENT:  # may close and open on a clock that stands still
            name = _free(connection, name)
        row = message_row(name, round_id, draft, at)
        rows.append(row if not_before is None else {**row, "next_try_at": not_before})
    INSERT.many(connection, rows)


def name_at(draft: MessageDraft, at: datetime, domain: str) -> str:
    """Give the Message-ID of what is put at an instant."""
    return name_of(f"{draft.ref}.{draft.kind.value}.{draft.person}.{at:%Y%m%d%H%M%S}", domain)


def add_to_waiting(connection: Connection, round_id: str, draft: MessageDraft) -> bool:
    """Let a mail about incidents that its person has coming already, and that nobody has
    written, tell of those of a draft; False when there is none. So a storm is one mail."""
    row = UNWRITTEN.first(connection, person=draft.person, round=round_id)
    if row is None:
        return False
    told = json.loads(row[1])
    told["incidents"] += draft.content["incidents"]
    CONTENT.run(connection, key=row[0], told=_json(told))
    return True


def last_told(connection: Connection, round_id: str, person: int) -> datetime | None:
    """Give when a mail about incidents of a round was last put for a person."""
    row = LAST_TOLD.first(connection, person=person, round=round_id)
    return row[0] if row else None


def name_of(ref: str, domain: str) -> str:
    """Make the Message-ID of what a mail is about: legal whatever keys a region has given its
    units, and another for another `ref`."""
    local = _ODD.sub(lambda odd: "".join(f"={byte:02X}" for byte in odd[0].encode()), ref)
    if len(local) > _LONGEST:
        local = f"{sha256(ref.encode()).hexdigest()}.{local[-60:].lstrip('.')}"
    return f"{local}@{domain}"


def _free(connection: Connection, name: str, *, anew: bool = False) -> str:
    """Give a Message-ID that is not taken: `x@d` unless it is put anew, `x.2@d`, `x.3@d` ..."""
    local, _, domain = name.rpartition("@")
    number = 2 if anew else 1
    free = f"{local}.{number}@{domain}" if anew else name
    while NUMBER.first(connection, name=free) is not None:
        number += 1
        free = f"{local}.{number}@{domain}"
    return free


def message_row(
    message_id: str,
    round_id: str | None,
    draft: MessageDraft,
    at: datetime,
    digest_on: date | None = None,
) -> dict[str, object]:
    """Make the row of a new message."""
    return _new_row(message_id, draft.kind.value, draft.content, at) | {
        "round_id": round_id,
        "person_id": draft.person,
        "case_id": draft.case,
        "task_id": draft.task,
        "digest_on": digest_on,
    }


def _new_row(
    message_id: str, kind: str, content: Mapping[str, object], at: datetime
) -> dict[str, object]:
    return {
        "message_id": message_id,
        "round_id": None,
        "person_id": None,
        "kind": kind,
        "case_id": None,
        "task_id": None,
        "digest_on": None,
        "content": _json(content),
        "state": "queued",
        "put_at": at,
        "next_try_at": at,
        "attempt": 0,
        "error": None,
        "sent_at": None,
        "claimed_until": None,
        "fence": 0,
        "body": None,
        "to_address": None,
        "first_try_at": None,
    }


def put_digest(
    connection: Connection, draft: MessageDraft, at: datetime, today: date, domain: str
) -> int:
    """Put a person's one reminder mail of a day; gives its number.

    One of the same day that was withdrawn has the first name already.
    """
    name = _free(connection, name_of(f"{draft.ref}.{draft.person}", domain))
    INSERT.many(connection, [message_row(name, None, draft, at, today)])
    row = NUMBER.first(connection, name=name)
    if row is None:
        raise LookupError(name)
    return int(row[0])


def put_to_address(  # noqa: PLR0913, PLR0917 - a message without a person says all of it itself
    connection: Connection,
    to: str,
    kind: MessageKind,
    ref: str,
    content: Mapping[str, object],
    at: datetime,
    domain: str,
) -> bool:
    """Put a mail to an address that stands in the settings and belongs to nobody.

    `ref` makes its Message-ID, e.g. `kontrollpunkt.2026-11-22`; what has been put under
    it is not put again, and False comes back. Hold the installation's row (`load_chain`)
    when several may put the same.
    """
    name = name_of(ref, domain)
    if NUMBER.first(connection, name=name) is not None:
        return False
    row = _new_row(name, kind.value, content, at) | {"to_address": to}
    INSERT.many(connection, [row])
    return True


def withdraw(connection: Connection, tasks: Sequence[str], at: datetime) -> None:
    """Withdraw the mails of closed tasks, frozen or not, that nobody has claimed.

    A claim whose lease has passed is none.
    """
    if tasks:
        WITHDRAW.run(connection, tasks=list(tasks), now=at)


def renew(
    connection: Connection,
    tasks: Sequence[str],
    at: datetime,
    domain: str,
    *,
    also: Sequence[int] = (),
) -> list[str]:
    """See that no mail that is claimed from now on tells an old date of some tasks.

    Call it in the transaction that gives tasks new deadlines, with their ids; gives the
    Message-IDs of what was put anew, in order of age.

    Of every queued message that tells of one of them, by its own task or through a
    reminder that went into it, and of those whose numbers are in `also`:

    - what is not frozen is left as it is: it is written from the facts of the moment in
      which it is claimed;
    - what is frozen and nobody's is withdrawn, and put anew, unwritten, under another
      Message-ID (`x@d`, `x.2@d`, `x.3@d`). A digest takes its day and its reminders along;
    - what a worker has claimed is marked, and put anew when it comes back: because the
      worker died, or the other side said "later". If it was sent, so be it: it was
      claimed before the dates changed.

    When the new one is claimed, reminders whose deadline is no longer that of their task
    are left out of it (`gathering`), and a message with nothing left to tell is withdrawn.
    Locks the messages: lock persons and rounds before.
    """
    if not tasks and not also:
        return []
    anew = []
    for key, claimed_until, frozen in TELLING.all(
        connection, tasks=list(tasks), of_tasks=list(tasks), also=list(also)
    ):
        if claimed_until is not None and claimed_until > at:
            content = json.loads(WHOLE.all(connection, key=key)[0][7])
            CONTENT.run(connection, key=key, told=_json({**content, OUTDATED: True}))
        elif frozen:
            anew.append(put_anew(connection, key, at, domain))
    return anew


def rewrite(connection: Connection, key: int, content: Mapping[str, object]) -> None:
    """Change what a message is to tell, before it is written or put anew."""
    CONTENT.run(connection, key=key, told=_json(content))


def put_anew(
    connection: Connection, key: int, at: datetime, domain: str, *, to: str | None = None
) -> str:
    """Put a message once more, unwritten, under a new Message-ID, which is given.

    A queued one is withdrawn, and its day as a digest goes to the new one; one that has
    been sent or has failed stays what it is. Its reminders count as told by the new one.
    `to` sends it to another address than the person's.
    """
    old, round_id, person, kind, case, task, day, told, state, address = WHOLE.all(
        connection, key=key
    )[0]
    content = {k: v for k, v in json.loads(told).items() if k != OUTDATED}
    content[FIRST] = content.get(FIRST, old)
    if to is not None:
        content[TO] = to
    name = _free(connection, f"{content[FIRST].rpartition('@')[0]}@{domain}", anew=True)
    if state == "queued":
        REPLACED.run(connection, key=key)
    row = _new_row(name, kind, content, at) | {
        "round_id": round_id,
        "person_id": person,
        "case_id": case,
        "task_id": task,
        "digest_on": day if state == "queued" else None,
        "to_address": content.get(TO, None if person else address),
    }
    INSERT.many(connection, [row])
    new = NUMBER.all(connection, name=name)[0][0]
    REMINDERS.run(connection, old=key, new=new)
    return name


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
