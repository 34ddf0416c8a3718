"""The log: chains of entries that only grow. docs/reference/log.md describes them.

An entry's hash covers the hash before it and every other column; what the entry says
in words stands apart in its payload and is covered by the payload's hash.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, Final, cast

from sqlalchemy import Connection, Select, and_, bindparam, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.days import write_instant
from workflow.core.errors import NotFound
from workflow.core.facts import EntryDraft, Via
from workflow.store.canonical import canonical
from workflow.store.gone import decisions
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, Installation, Person, Round

__all__ = [
    "COLUMNS",
    "GENESIS",
    "INSTALLATION",
    "Chain",
    "append",
    "entry_hash",
    "lines",
    "load_chain",
    "payload_hash",
    "save_chain",
]

INSTALLATION: Final = "installation"
"""The chain of the installation itself; every other is named by its round."""
GENESIS: Final = "0" * 64
"""The hash before the first entry."""
COLUMNS: Final = (
    "actor",
    "at",
    "case_id",
    "case_version",
    "chain",
    "from_state",
    "kind",
    "number",
    "on_behalf_of",
    "os_user",
    "payload_hash",
    "round_id",
    "to_state",
    "transition",
    "via",
)
"""What an entry's hash covers besides the hash before it, in the canonical order."""

_PAGE: Final = 1000
"""How many entries are read at a time."""
_BEFORE_ALL: Final = -(2**31)

_ENTRY: Final = "{" + ",".join(f'"{name}":%s' for name in COLUMNS) + "}"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain's name, how many entries it has, and the hash of the last."""

    name: str
    length: int = 0
    head: str = GENESIS


_Behalf = aliased(Person)

_add_entries = Statement(insert(Entry), columns=[*COLUMNS, "previous_hash", "hash"])
_add_payloads = Statement(insert(EntryPayload))
_load_round = Statement(
    select(col(Round.chain_length), col(Round.chain_head)).where(col(Round.id) == bindparam("name"))
)
_load_installation = Statement(
    select(col(Installation.chain_length), col(Installation.chain_head)).with_for_update()
)
_save_round = Statement(
    update(Round)
    .values(chain_length=bindparam("length"), chain_head=bindparam("head"))
    .where(col(Round.id) == bindparam("name"))
)
_save_installation = Statement(
    update(Installation).values(chain_length=bindparam("length"), chain_head=bindparam("head"))
)


def select_entries(*more: Any) -> Select[Any]:
    """Select a page of a chain by rising number after `after`: the hashed columns,
    previous_hash, hash, the payload's salt and body, and `more`."""
    covered = [col(getattr(Entry, name)) for name in COLUMNS]
    return (
        select(
            *covered,
            col(Entry.previous_hash),
            col(Entry.hash),
            col(EntryPayload.salt),
            col(EntryPayload.body),
            *more,
        )
        .select_from(Entry)
        .outerjoin(
            EntryPayload,
            and_(
                col(EntryPayload.chain) == col(Entry.chain),
                col(EntryPayload.number) == col(Entry.number),
            ),
        )
        .where(col(Entry.chain) == bindparam("chain"), col(Entry.number) > bindparam("after"))
        .order_by(col(Entry.number))
        .limit(_PAGE)
    )


_read_lines = Statement(
    select_entries(col(Person.email), col(_Behalf.email).label("behalf_email"))
    .outerjoin(Person, col(Person.id) == col(Entry.actor))
    .outerjoin(_Behalf, col(_Behalf.id) == col(Entry.on_behalf_of))
)


def append(  # noqa: PLR0913 - what all entries of one act share
    connection: Connection,
    chain: Chain,
    drafts: Sequence[EntryDraft],
    *,
    at: datetime,
    round_id: str | None,
    via: Via,
    os_user: str | None,
    salt: Callable[[], str],
) -> Chain:
    """Write entries behind a chain's last, in order, and give the chain as it is then.

    The chain's row (round or installation) must be locked; write the new length and
    head there, with `save_chain` or along with what else changes.
    Raises: ValueError when a payload holds what canonical JSON cannot: a float.
    """
    number, head = chain.length, chain.head
    moment = write_instant(at)
    entries: list[dict[str, object]] = []
    payloads: list[dict[str, object]] = []
    for draft in drafts:
        number += 1
        body = canonical(draft.payload if type(draft.payload) is dict else dict(draft.payload))
        grain = salt()
        entry: dict[str, object] = {  # in the order of COLUMNS
            "actor": draft.actor,
            "at": moment,
            "case_id": draft.case,
            "case_version": draft.case_version,
            "chain": chain.name,
            "from_state": draft.from_state,
            "kind": draft.kind.value,
            "number": number,
            "on_behalf_of": draft.on_behalf_of,
            "os_user": os_user,
            "payload_hash": payload_hash(grain, body),
            "round_id": round_id,
            "to_state": draft.to_state,
            "transition": draft.transition,
            "via": via.value,
        }
        new = entry_hash(head, entry)
        entry["previous_hash"] = head
        entry["hash"] = head = new
        entries.append(entry)
        payloads.append({"chain": chain.name, "number": number, "salt": grain, "body": body})
    _add_entries.many(connection, entries)
    _add_payloads.many(connection, payloads)
    return Chain(chain.name, number, head)


def entry_hash(previous_hash: str, entry: dict[str, object]) -> str:
    """Hash an entry; `entry` holds COLUMNS, in that order.

    Raises: TypeError for a value that is no text, integer or None; ValueError for half a
        surrogate pair.
    """
    return sha256((previous_hash + _write_entry(entry)).encode()).hexdigest()


def _write_entry(entry: Mapping[str, object]) -> str:
    """Write canonical JSON; for values so few and plain it is quicker than the encoder."""
    written = [
        "null"
        if value is None
        else encode_basestring(value)
        if value.__class__ is str
        else str(value)
        if value.__class__ is int
        else _refuse(value)
        for value in entry.values()
    ]
    return _ENTRY % tuple(written)


def _refuse(value: object) -> str:
    raise TypeError(f"nothing for the log: {type(value).__name__}")


def payload_hash(salt: str, body: str) -> str:
    """Hash a payload's salt and canonical JSON."""
    return sha256((salt + body).encode()).hexdigest()


def load_chain(connection: Connection, name: str) -> Chain:
    """Read where a chain ends. The installation's row is locked by it on PostgreSQL; a
    round's is to be locked before.

    Raises: NotFound when there is no such chain.
    """
    if name == INSTALLATION:
        row = _load_installation.first(connection)
    else:
        row = _load_round.first(connection, name=name)
    if row is None:
        raise NotFound(f"Loggen {name} finns inte.", f"There is no log {name}.")
    return Chain(name, row[0], row[1])


def save_chain(connection: Connection, chain: Chain) -> None:
    """Write where a chain ends now."""
    if chain.name == INSTALLATION:
        _save_installation.run(connection, length=chain.length, head=chain.head)
    else:
        _save_round.run(connection, length=chain.length, head=chain.head, name=chain.name)


def pages(connection: Connection, statement: Statement, chain: str) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a statement made by `select_entries`, a page in memory at a time."""
    place, after = COLUMNS.index("number"), _BEFORE_ALL
    while True:
        rows = statement.all(connection, chain=chain, after=after)
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1][place]


def lines(connection: Connection, chain: str) -> Iterator[dict[str, object]]:
    """Give a chain's entries by rising number, for people and for the stand-alone
    verifier of docs/reference/log.md. `disposed` is the decision by which a payload that is
    gone was disposed of, else None."""
    width = len(COLUMNS)
    gone = decisions(connection, chain)
    for row in pages(connection, _read_lines, chain):
        entry = dict(zip(COLUMNS, row, strict=False))
        previous, own, salt, body, actor, behalf = row[width:]
        payload = None if body is None else json.loads(body)
        yield {
            "number": entry["number"],
            "at": entry["at"],
            "kind": entry["kind"],
            "case": entry["case_id"],
            "actor": _person(actor, entry["actor"]),
            "on_behalf_of": _person(behalf, entry["on_behalf_of"]),
            "via": entry["via"],
            "transition": entry["transition"],
            "from": entry["from_state"],
            "to": entry["to_state"],
            "comment": (payload or {}).get("comment"),
            "disposed": gone.get(cast(int, entry["number"])) if body is None else None,
            "hash": own,
            "previous_hash": previous,
            "entry": entry,
            "salt": salt,
            "payload": payload,
        }


def _person(email: str | None, number: int | None) -> str | None:
    return email if email is not None or number is None else str(number)
