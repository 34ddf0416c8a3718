"""Prove that the log is whole and that it explains what the tables say.

Four proofs: the triggers are there; each chain's numbers, hashes and payloads agree
with its stored head; a replay of the entries gives the rows of the rounds that are
stored; and, with a checkpoint, no chain is gone, shorter or forked since.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, and_, bindparam, select
from sqlmodel import col

from workflow.core.days import write_instant
from workflow.core.errors import BadInput
from workflow.store.database import missing_triggers
from workflow.store.log import (
    COLUMNS,
    GENESIS,
    INSTALLATION,
    Chain,
    entry_hash,
    pages,
    payload_hash,
    select_entries,
)
from workflow.store.replay import Replay
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, Installation, Round

__all__ = ["Finding", "Verdict", "checkpoint", "verify"]


_WIDTH: Final = len(COLUMNS)
_MOST_ORPHANS: Final = 1000
"""How many payloads without an entry are named."""

_load_name = Statement(
    select(col(Installation.name), col(Installation.chain_length), col(Installation.chain_head))
)
_load_rounds = Statement(
    select(col(Round.id), col(Round.chain_length), col(Round.chain_head)).order_by(col(Round.id))
)
_load_chain_names = Statement(select(col(Entry.chain)).distinct())
_load_page = Statement(select_entries())
_load_hash = Statement(
    select(col(Entry.hash)).where(
        col(Entry.chain) == bindparam("chain"), col(Entry.number) == bindparam("number")
    )
)
_load_orphans = Statement(
    select(col(EntryPayload.chain), col(EntryPayload.number))
    .outerjoin(
        Entry,
        and_(
            col(Entry.chain) == col(EntryPayload.chain),
            col(Entry.number) == col(EntryPayload.number),
        ),
    )
    .where(col(Entry.chain).is_(None))
    .order_by(col(EntryPayload.chain), col(EntryPayload.number))
    .limit(_MOST_ORPHANS)
)


class Finding(NamedTuple):
    """Something that does not hold."""

    chain: str
    """Empty when it is about the whole database."""
    number: int
    """The entry it is about; 0 when it is about none."""
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a verification."""

    ok: bool
    chains: int
    entries: int
    problems: tuple[Finding, ...]
    """By chain, in the order they were found."""


def checkpoint(connection: Connection, *, at: datetime) -> dict[str, Any]:
    """Say how long every chain is and what it ends with, for a witness to keep:
    `at`, `installation` (its name) and `chains` (name = `length`, `head`)."""
    name, heads = _heads(connection)
    return {
        "at": write_instant(at),
        "installation": name,
        "chains": {
            chain.name: {"length": chain.length, "head": chain.head} for chain in heads.values()
        },
    }


def verify(connection: Connection, *, checkpoint: Mapping[str, Any] | None = None) -> Verdict:
    """Verify every chain and what it explains, within one snapshot.

    Entries are read a page at a time. A value that cannot be read is a finding.
    Raises: BadInput when the checkpoint is not one.
    """
    witnessed = None if checkpoint is None else _read_checkpoint(checkpoint)
    name, heads = _heads(connection)
    problems = [
        Finding("", 0, f"triggern {trigger} saknas: loggen är oskyddad mot ändring")
        for trigger in missing_triggers(connection)
    ]
    if name is None:
        problems.append(Finding(INSTALLATION, 0, "installationens rad saknas"))
    entries = 0
    found = {row[0] for row in _load_chain_names.all(connection)}
    for chain in sorted(heads.keys() | found, key=str):
        replay = Replay()
        walk = _Walk(chain)
        problems += walk.check(connection, heads.get(chain), replay)
        entries += walk.entries
        if chain != INSTALLATION:
            problems += [Finding(chain, *item) for item in replay.compare(connection, chain)]
    problems += [
        Finding(chain, number, "innehåll utan rad i loggen")
        for chain, number in _load_orphans.all(connection)
    ]
    if witnessed is not None:
        problems += _against(connection, witnessed, name, heads)
    return Verdict(ok=not problems, chains=len(heads), entries=entries, problems=tuple(problems))


class _Walk:
    """A walk along one chain, from its first entry to its last."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self.entries = 0
        self._last = 0
        self._head = GENESIS

    def check(
        self, connection: Connection, head: Chain | None, replay: Replay
    ) -> Iterator[Finding]:
        """Check every entry and the end; `replay` gets each entry."""
        for row in pages(connection, _load_page, self.chain):
            entry = dict(zip(COLUMNS, row, strict=False))
            for problem in self._check_entry(entry, row, replay):
                yield Finding(self.chain, cast(int, entry["number"]), problem)
        if head is None:
            yield Finding(self.chain, 0, "kedjan hör inte till någon omgång")
        elif (head.length, head.head) != (self._last, self._head):
            yield Finding(
                self.chain,
                self._last,
                f"kedjan ska ha {head.length} rader och sluta med {str(head.head)[:12]}, men har"
                f" {self._last} och slutar med {str(self._head)[:12]}",
            )

    def _check_entry(
        self, entry: dict[str, object], row: tuple[Any, ...], replay: Replay
    ) -> Iterator[str]:
        previous, own, salt, body = row[_WIDTH:]
        number = entry["number"]
        self.entries += 1
        if number != self._last + 1:
            yield f"rad {self._last + 1} saknas"
        if previous != self._head:
            yield "raden hänger inte ihop med raden före"
        if own != _hash(previous, entry):
            yield "raden är ändrad: hashen stämmer inte"
        self._last, self._head = number if isinstance(number, int) else 0, own
        payload: dict[str, Any] | None = None
        if body is None:
            yield "radens innehåll saknas"
        elif _payload_hash(salt, body) != entry["payload_hash"]:
            yield "radens innehåll är ändrat: hashen stämmer inte"
        else:
            payload = _read(body)
            if payload is None:
                yield "radens innehåll är inte ett JSON-objekt"
        problem = replay.take(entry, payload)
        if problem:
            yield problem


def _hash(previous: object, entry: dict[str, object]) -> str:
    try:
        return entry_hash(str(previous), entry)
    except (TypeError, ValueError):  # bytes, or half a surrogate pair, where text belongs
        return ""


def _payload_hash(salt: str, body: str) -> str:
    try:
        return payload_hash(salt, body)
    except (TypeError, ValueError):
        return ""


def _read(body: str) -> dict[str, Any] | None:
    try:
        payload = json.loads(body)
    except (RecursionError, ValueError):
        return None
    return payload if isinstance(payload, dict) else None


def _heads(connection: Connection) -> tuple[str | None, dict[str, Chain]]:
    """Give the installation's name and where every chain ends, by name."""
    row = _load_name.first(connection)
    chains = [Chain(*chain) for chain in _load_rounds.all(connection)]
    if row is not None:
        chains.insert(0, Chain(INSTALLATION, row[1], row[2]))
    return (None if row is None else row[0]), {chain.name: chain for chain in chains}


def _read_checkpoint(given: Mapping[str, Any]) -> tuple[str, list[Chain]]:
    try:
        name = given["installation"]
        chains = [
            Chain(chain, end["length"], end["head"]) for chain, end in given["chains"].items()
        ]
        sound = isinstance(name, str) and all(
            type(chain.length) is int and chain.length >= 0 and isinstance(chain.head, str)
            for chain in chains
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise _no_checkpoint() from error
    if not sound:
        raise _no_checkpoint()
    return name, chains


def _no_checkpoint() -> BadInput:
    return BadInput(
        "Filen är inte en kontrollpunkt: ange en som `beredning checkpoint` har skrivit.",
        "The file is not a checkpoint: name one that `beredning checkpoint` wrote.",
    )


def _against(
    connection: Connection,
    witnessed: tuple[str, list[Chain]],
    name: str | None,
    heads: Mapping[str, Chain],
) -> Iterator[Finding]:
    """Compare with what a witness has kept."""
    if witnessed[0] != name:
        yield Finding("", 0, f"kontrollpunkten gäller installationen {witnessed[0]}, inte {name}")
        return
    for then in witnessed[1]:
        now = heads.get(then.name)
        if now is None:
            yield Finding(then.name, 0, "kedjan fanns vid kontrollpunkten men är borta")
        elif now.length < then.length:
            yield Finding(
                then.name,
                now.length,
                f"kedjan är avkortad: {then.length} rader vid kontrollpunkten, {now.length} nu",
            )
        elif then.length:
            row = _load_hash.first(connection, chain=then.name, number=then.length)
            if row is None or row[0] != then.head:
                yield Finding(
                    then.name,
                    then.length,
                    "kedjan är omskriven: raden är en annan än vid kontrollpunkten",
                )
