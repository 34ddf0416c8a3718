"""Removing what a region has decided to dispose of: texts and addresses, never lines.

What would be removed is counted by the same condition that removes it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlmodel import SQLModel, col

from workflow.core.days import write_instant
from workflow.store.database import one_of
from workflow.store.files import delete_unused
from workflow.store.gone import KEPT
from workflow.store.log import INSTALLATION
from workflow.store.statements import Statement
from workflow.store.tables import (
    Account,
    Attachment,
    Case,
    Comment,
    Conflict,
    DeliveryAttempt,
    Entry,
    EntryPayload,
    Extension,
    Grant,
    Incident,
    Message,
    Person,
    Publication,
    Question,
    Refusal,
    Reminder,
    Request,
    Round,
    Session,
    Substitution,
    Task,
)

__all__ = [
    "GONE",
    "Kind",
    "closed_rounds",
    "dispose_of_comments",
    "dispose_of_files",
    "dispose_of_payloads",
    "dispose_of_publications",
    "dispose_of_rest",
    "dispose_of_texts",
    "lock_closed",
]

GONE: Final = "gallrad"
"""What stands where a name or a text stood that had to be something."""


class Kind(StrEnum):
    """What can be disposed of."""

    PAYLOADS = "payloads"
    """What the log's entries say: comments, figures, reasons."""
    QUESTIONS = "questions"
    """Questions and answers, and the reasons for extensions and conflicts, in the tables."""
    COMMENTS = "comments"
    """What people wrote beside the cases, in the table."""
    FILES = "files"
    """Attached files, with their names."""
    PUBLICATIONS = "publications"
    """What stands in the lists that were released to everybody."""
    MESSAGES = "messages"
    """The text of mails that were sent, withdrawn or given up."""
    REFUSALS = "refusals"
    """Attempts that were turned down, and receipts for commands that were carried out."""
    ADDRESSES = "addresses"
    """Names, addresses and accounts of people who hold nothing any more, and what mail
    servers said."""


class _Removal:
    """What removes some rows or empties them, and what counts the same rows."""

    def __init__(self, table: type[SQLModel], where: ColumnElement[bool], **values: object) -> None:
        change = update(table).where(where).values(**values) if values else None
        self._change = Statement(delete(table).where(where) if change is None else change)
        self._count = Statement(select(func.count()).select_from(table).where(where))

    def __call__(self, connection: Connection, *, really: bool, **given: object) -> int:
        """Give how many rows it is about; `really` removes or empties them."""
        if really:
            return self._change.run(connection, **given)
        row = self._count.first(connection, **given)
        return int(row[0]) if row else 0


_before: BindParameter[Any] = bindparam("before")
_this_round: BindParameter[Any] = bindparam("round_id")
_until = bindparam("until", type_=String())
_open_rounds = select(col(Round.id)).where(
    or_(col(Round.closed_at).is_(None), col(Round.closed_at) >= _before)
)
_old_message = and_(
    col(Message.state) != "queued",
    col(Message.put_at) < _before,
    or_(col(Message.round_id).is_(None), col(Message.round_id).not_in(_open_rounds)),
    ~select(col(Reminder.id))
    .where(col(Reminder.message_id) == col(Message.id), col(Reminder.round_id).in_(_open_rounds))
    .exists(),
)
_substitution = or_(
    col(Substitution.person_id) == col(Person.id), col(Substitution.substitute_id) == col(Person.id)
)
_forgotten_person = and_(
    col(Person.name) != GONE,
    or_(
        select(col(Grant.id)).where(col(Grant.person_id) == col(Person.id)).exists(),
        select(col(Substitution.id)).where(_substitution).exists(),
    ),
    ~select(col(Grant.id))
    .where(col(Grant.person_id) == col(Person.id), col(Grant.to_on) >= bindparam("day"))
    .exists(),
    ~select(col(Substitution.id))
    .where(_substitution, col(Substitution.to_on) >= bindparam("day"))
    .exists(),
    ~select(col(Message.id))
    .where(col(Message.person_id) == col(Person.id), col(Message.state) == "queued")
    .exists(),
    ~select(col(Entry.number))
    .where(
        or_(col(Entry.actor) == col(Person.id), col(Entry.on_behalf_of) == col(Person.id)),
        col(Entry.chain).in_(_open_rounds),
    )
    .exists(),
)

CLOSED: Final = Statement(
    select(col(Round.id)).where(col(Round.closed_at) < _before).order_by(col(Round.id))
)
LOCK: Final = Statement(
    select(col(Round.id))
    .where(col(Round.id) == _this_round, col(Round.closed_at) < _before)
    .with_for_update()
)
PAYLOADS: Final = Statement(
    select(col(EntryPayload.number))
    .join(
        Entry,
        and_(
            col(Entry.chain) == col(EntryPayload.chain),
            col(Entry.number) == col(EntryPayload.number),
        ),
    )
    .where(
        col(EntryPayload.chain) == bindparam("chain"),
        col(Entry.kind).not_in([literal(kind) for kind in sorted(KEPT)]),
        or_(_until == "", col(Entry.at) < _until),
    )
    .order_by(col(EntryPayload.number))
)
REMOVE_PAYLOADS: Final = Statement(
    delete(EntryPayload).where(
        col(EntryPayload.chain) == bindparam("chain"), one_of(col(EntryPayload.number), "numbers")
    )
)
QUESTIONS: Final = _Removal(
    Question,
    and_(
        col(Question.case_id).in_(select(col(Case.id)).where(col(Case.round_id) == _this_round)),
        or_(col(Question.text) != GONE, func.coalesce(col(Question.answer), GONE) != GONE),
    ),
    text=GONE,
    answer=case((col(Question.answer).is_not(None), GONE)),
)
EXTENSIONS: Final = _Removal(
    Extension,
    and_(
        col(Extension.task_id).in_(select(col(Task.id)).where(col(Task.round_id) == _this_round)),
        or_(col(Extension.reason) != GONE, col(Extension.answer_reason) != GONE),
    ),
    reason=GONE,
    answer_reason=GONE,
)
COMMENTS: Final = _Removal(
    Comment,
    and_(
        col(Comment.case_id).in_(select(col(Case.id)).where(col(Case.round_id) == _this_round)),
        col(Comment.text) != GONE,
    ),
    text=GONE,
)
CONFLICTS: Final = _Removal(
    Conflict,
    and_(col(Conflict.round_id) == _this_round, col(Conflict.reason) != GONE),
    reason=GONE,
)
_file_of_round = and_(
    col(Attachment.case_id).in_(select(col(Case.id)).where(col(Case.round_id) == _this_round)),
    or_(col(Attachment.name) != GONE, col(Attachment.digest).is_not(None)),
)
FILES: Final = _Removal(Attachment, _file_of_round, name=GONE, secrecy="", digest=None)
CONTENTS: Final = Statement(
    select(col(Attachment.digest))
    .distinct()
    .where(_file_of_round, col(Attachment.digest).is_not(None))
)
PUBLICATIONS: Final = _Removal(
    Publication,
    and_(col(Publication.round_id) == _this_round, col(Publication.content) != ""),
    content="",
)
MESSAGES: Final = _Removal(
    Message,
    and_(
        _old_message,
        or_(col(Message.body).is_not(None), col(Message.content) != "{}"),
    ),
    content="{}",
    body=None,
    error=None,
)
REFUSALS: Final = _Removal(
    Refusal,
    and_(
        col(Refusal.at) < _before,
        or_(col(Refusal.round_id).is_(None), col(Refusal.round_id).not_in(_open_rounds)),
    ),
)
REQUESTS: Final = _Removal(Request, col(Request.at) < _before)
ENVELOPES: Final = _Removal(
    Message,
    and_(_old_message, or_(col(Message.to_address).is_not(None), col(Message.error).is_not(None))),
    to_address=None,
    error=None,
)
ANSWERS: Final = _Removal(
    DeliveryAttempt,
    and_(
        col(DeliveryAttempt.message_id).in_(select(col(Message.id)).where(_old_message)),
        col(DeliveryAttempt.answer) != GONE,
    ),
    answer=GONE,
)
INCIDENTS: Final = _Removal(
    Incident,
    and_(
        col(Incident.closed_at) < _before,
        or_(col(Incident.round_id).is_(None), col(Incident.round_id).not_in(_open_rounds)),
        col(Incident.detail) != "{}",
    ),
    detail="{}",
)
_forgotten_people = select(col(Person.id)).where(_forgotten_person)
ACCOUNTS: Final = _Removal(Account, col(Account.person_id).in_(_forgotten_people))
SESSIONS: Final = _Removal(Session, col(Session.person_id).in_(_forgotten_people))
PEOPLE: Final = _Removal(
    Person,
    _forgotten_person,
    key=literal(f"#{GONE}-") + sql_cast(col(Person.id), String()),
    email=literal(f"{GONE}-") + sql_cast(col(Person.id), String()),
    name=GONE,
    party="",
    bounced_at=None,
    bounce=None,
    filed=None,
)

_REST: Final[dict[Kind, dict[str, _Removal]]] = {
    Kind.MESSAGES: {"messages": MESSAGES},
    Kind.REFUSALS: {"refusals": REFUSALS, "requests": REQUESTS},
    Kind.ADDRESSES: {
        "accounts": ACCOUNTS,  # by who they belong to, and so before their names go
        "sessions": SESSIONS,
        "people": PEOPLE,
        "envelopes": ENVELOPES,
        "answers": ANSWERS,
        "incidents": INCIDENTS,
    },
}
"""What belongs to no round's chain, by kind and by the word it is counted under."""


def closed_rounds(connection: Connection, before: datetime) -> list[str]:
    """Give the rounds that were closed before an instant, by id."""
    return [row[0] for row in CLOSED.all(connection, before=before)]


def lock_closed(connection: Connection, round_id: str, before: datetime) -> bool:
    """Lock a round; False when it is not closed any more."""
    return LOCK.first(connection, round_id=round_id, before=before) is not None


def dispose_of_payloads(
    connection: Connection, chain: str, before: datetime, *, really: bool
) -> list[int]:
    """Remove what a chain's entries say, but for those that prove something themselves;
    gives their numbers, rising. Of the installation's chain only entries before an instant.
    """
    until = write_instant(before) if chain == INSTALLATION else ""
    numbers = [row[0] for row in PAYLOADS.all(connection, chain=chain, until=until)]
    if really and numbers:
        REMOVE_PAYLOADS.run(connection, chain=chain, numbers=numbers)
    return numbers


def dispose_of_texts(connection: Connection, round_id: str, *, really: bool) -> dict[str, int]:
    """Empty a round's questions, answers and reasons for extensions and conflicts of
    interest; gives how many."""
    return {
        "questions": QUESTIONS(connection, round_id=round_id, really=really),
        "extensions": EXTENSIONS(connection, round_id=round_id, really=really),
        "conflicts": CONFLICTS(connection, round_id=round_id, really=really),
    }


def dispose_of_comments(connection: Connection, round_id: str, *, really: bool) -> dict[str, int]:
    """Empty a round's comments; gives how many."""
    return {"comments": COMMENTS(connection, round_id=round_id, really=really)}


def dispose_of_files(connection: Connection, round_id: str, *, really: bool) -> dict[str, int]:
    """Remove a round's attached files, but for bytes that another round has too; gives how
    many. Their sizes and kinds stay."""
    digests = [row[0] for row in CONTENTS.all(connection, round_id=round_id)]
    count = FILES(connection, round_id=round_id, really=really)
    if really:
        delete_unused(connection, digests)
    return {"files": count}


def dispose_of_publications(
    connection: Connection, round_id: str, *, really: bool
) -> dict[str, int]:
    """Empty the lists of a round that were released; gives how many. Their addresses then say
    that they are gone."""
    return {"publications": PUBLICATIONS(connection, round_id=round_id, really=really)}


def dispose_of_rest(
    connection: Connection, kind: Kind, before: datetime, day: date, *, really: bool
) -> dict[str, int]:
    """Remove what belongs to no round's chain; gives how many of each. `day` is the local
    day that begins at `before`."""
    counts = {}
    for word, removal in _REST.get(kind, {}).items():
        given: dict[str, Any] = {"before": before}
        if removal in (ACCOUNTS, SESSIONS, PEOPLE):
            given["day"] = day
        counts[word] = removal(connection, really=really, **given)
    return counts
