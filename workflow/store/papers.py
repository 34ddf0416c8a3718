"""Papers that are made while somebody waits: wished for, claimed, made, fetched, removed.

A claim is a lease: whoever began last may say what became of the paper, as long as nobody
has; what comes too late writes nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Entry, Paper, Person

__all__ = [
    "Claimed",
    "PaperFact",
    "claim",
    "content_of",
    "find",
    "finish",
    "give_back",
    "is_any_due",
    "is_any_old",
    "put",
    "remove_old",
    "step",
    "wish_again",
]

_KEY: Final = ("case_id", "table_key", "form", "language", "entry", "viewer")
PUT: Final = Statement(
    insert(Paper).on_conflict_do_nothing(),
    columns=("id", "round_id", *_KEY, "wished_at", "tries", "done", "steps"),
)
SAME: Final = Statement(
    select(col(Paper.id)).where(*(col(getattr(Paper, name)) == bindparam(name) for name in _KEY))
)
AGAIN: Final = Statement(
    update(Paper)
    .where(col(Paper.id) == bindparam("paper"), col(Paper.failed).is_not(None))
    .values(
        wished_at=bindparam("now"),
        tries=0,
        done=0,
        failed=None,
        finished_at=None,
        lease_until=None,
    )
)
FIND: Final = Statement(
    select(
        col(Paper.id),
        col(Paper.case_id),
        col(Paper.table_key),
        col(Paper.form),
        col(Paper.language),
        col(Paper.entry),
        col(Paper.shows),
        col(Paper.done),
        col(Paper.steps),
        col(Paper.begun_at),
        col(Paper.finished_at),
        col(Paper.failed),
        select(col(Entry.at))
        .where(col(Entry.chain) == col(Paper.round_id), col(Entry.number) == col(Paper.shows))
        .scalar_subquery(),
    ).where(col(Paper.id) == bindparam("paper"), col(Paper.viewer) == bindparam("viewer"))
)
CONTENT: Final = Statement(
    select(col(Paper.content)).where(
        col(Paper.id) == bindparam("paper"), col(Paper.viewer) == bindparam("viewer")
    )
)
DUE: Final = Statement(
    select(
        col(Paper.id),
        col(Paper.case_id),
        col(Paper.table_key),
        col(Paper.form),
        col(Paper.language),
        col(Paper.tries),
        col(Person.email),
    )
    .join(Person, col(Person.id) == col(Paper.viewer))
    .where(
        col(Paper.finished_at).is_(None),
        or_(col(Paper.lease_until).is_(None), col(Paper.lease_until) <= bindparam("now")),
    )
    .order_by(col(Paper.wished_at), col(Paper.id))
    .limit(1)
    .with_for_update(of=Paper, skip_locked=True)
)
CLAIM: Final = Statement(
    update(Paper)
    .where(col(Paper.id) == bindparam("paper"))
    .values(
        begun_at=bindparam("now"),
        lease_until=bindparam("until"),
        worker=bindparam("who"),
        tries=col(Paper.tries) + 1,
        done=0,
    )
)
_HELD: Final = (
    col(Paper.id) == bindparam("paper"),
    col(Paper.tries) == bindparam("held"),
    col(Paper.worker) == bindparam("who"),
    col(Paper.finished_at).is_(None),
)
STEP: Final = Statement(
    update(Paper)
    .where(*_HELD)
    .values(done=bindparam("at"), steps=bindparam("of"), lease_until=bindparam("until"))
)
GIVE_BACK: Final = Statement(update(Paper).where(*_HELD).values(lease_until=bindparam("until")))
FINISH: Final = Statement(
    update(Paper)
    .where(*_HELD)
    .values(
        content=bindparam("bytes"),
        shows=bindparam("last"),
        failed=bindparam("words"),
        finished_at=bindparam("now"),
        done=col(Paper.steps),
        lease_until=None,
    )
)
ANY: Final = Statement(
    select(col(Paper.id))
    .where(
        col(Paper.finished_at).is_(None),
        or_(col(Paper.lease_until).is_(None), col(Paper.lease_until) <= bindparam("now")),
    )
    .limit(1)
)
ANY_OLD: Final = Statement(
    select(col(Paper.id)).where(col(Paper.wished_at) < bindparam("before")).limit(1)
)
OLD: Final = Statement(delete(Paper).where(col(Paper.wished_at) < bindparam("before")))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFact:
    """A paper that somebody has wished for."""

    id: str
    case: str
    table: str
    form: str
    language: str
    entry: int
    """The last of the log when it was wished for."""
    shows: int | None
    """The last of the log that it shows; None before it is made."""
    shows_at: datetime | None
    done: int
    steps: int
    begun: bool
    finished: bool
    failed: tuple[str, str] | None
    """Why it could not be made, in Swedish and English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A paper that one worker makes until its lease ends."""

    id: str
    case: str
    table: str
    form: str
    language: str
    email: str
    """Of the one who wished for it."""
    tries: int
    """How many times it has been begun, this one too."""
    worker: str


def put(connection: Connection, paper: str, round_id: str, now: datetime, **key: object) -> str:
    """Put a wish, or find the same one; `key` is what makes it the same. Gives its id."""
    row = {"id": paper, "round_id": round_id, "wished_at": now, **key}
    PUT.many(connection, [row | {"tries": 0, "done": 0, "steps": 0}])
    found = SAME.first(connection, **key)
    return str(found[0]) if found else paper


def wish_again(connection: Connection, paper: str, now: datetime) -> None:
    """Let a paper that could not be made be tried once more."""
    AGAIN.run(connection, paper=paper, now=now)


def find(connection: Connection, paper: str, viewer: int) -> PaperFact | None:
    """Give a paper that somebody has wished for; None for another's."""
    row = FIND.first(connection, paper=paper, viewer=viewer)
    if row is None:
        return None
    *plain, shows, done, steps, begun_at, finished_at, failed, shows_at = row
    told = json.loads(failed) if failed else None
    names = ("id", "case", "table", "form", "language", "entry")
    return PaperFact(
        **dict(zip(names, plain, strict=True)),
        shows=shows,
        shows_at=datetime.fromisoformat(shows_at) if shows_at else None,
        done=done,
        steps=steps,
        begun=begun_at is not None,
        finished=finished_at is not None,
        failed=(told["sv"], told["en"]) if told else None,
    )


def content_of(connection: Connection, paper: str, viewer: int) -> bytes | None:
    """Give the bytes of a finished paper."""
    row = CONTENT.first(connection, paper=paper, viewer=viewer)
    return None if row is None or row[0] is None else bytes(row[0])


def claim(connection: Connection, worker: str, now: datetime, until: datetime) -> Claimed | None:
    """Take the oldest paper that nobody makes; None when there is none."""
    row = DUE.first(connection, now=now)
    if row is None:
        return None
    CLAIM.run(connection, paper=row[0], now=now, until=until, who=worker)
    names = ("id", "case", "table", "form", "language", "tries", "email")
    values: dict[str, Any] = dict(zip(names, row, strict=True))
    return Claimed(**values | {"tries": values["tries"] + 1}, worker=worker)


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Say whether there is a paper to claim."""
    return ANY.first(connection, now=now) is not None


def step(connection: Connection, paper: Claimed, done: int, steps: int, until: datetime) -> bool:
    """Say how far a paper has come, and keep it for longer; False when it is another's."""
    told = STEP.run(connection, **_held(paper), at=done, of=steps, until=until)
    return told == 1


def give_back(connection: Connection, paper: Claimed, until: datetime) -> None:
    """Let a paper that could not be made now be tried again, from then on."""
    GIVE_BACK.run(connection, **_held(paper), until=until)


def finish(
    connection: Connection,
    paper: Claimed,
    now: datetime,
    content: bytes | None,
    *,
    shows: int | None = None,
    failed: tuple[str, str] | None = None,
) -> bool:
    """Say what became of a paper; False when somebody else has it."""
    words = json.dumps(dict(zip(("sv", "en"), failed, strict=True))) if failed else None
    told = FINISH.run(connection, **_held(paper), bytes=content, last=shows, words=words, now=now)
    return told == 1


def is_any_old(connection: Connection, before: datetime) -> bool:
    """Say whether there is a paper that was wished for before an instant."""
    return ANY_OLD.first(connection, before=before) is not None


def remove_old(connection: Connection, before: datetime) -> int:
    """Delete papers that were wished for before an instant; gives how many."""
    return OLD.run(connection, before=before)


def _held(paper: Claimed) -> dict[str, object]:
    return {"paper": paper.id, "held": paper.tries, "who": paper.worker}
