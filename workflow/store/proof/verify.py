"""Prove that the log is whole and that it explains what the tables say.

Four proofs: the triggers are there; each chain's numbers, hashes and payloads agree
with its stored head; a replay of the entries gives the rows of the rounds that are
stored; and, with a checkpoint, no chain is gone, shorter or forked since.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, and_, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.database import missing_triggers
from workflow.store.dialects import is_undecodable, reading_anything
from workflow.store.gone import Disposals, Explained
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
from workflow.store.proof.files import unused
from workflow.store.proof.replay import Replay
from workflow.store.proof.substitutions import Substitutes
from workflow.store.proof.witness import Finding, checkpoint, compare, heads, read_checkpoint
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload

__all__ = ["Disposed", "Finding", "Verdict", "checkpoint", "verify"]


_WIDTH: Final = len(COLUMNS)
_DISPOSED: Final = EntryKind.DISPOSED.value
NO_PAYLOAD: Final = "radens innehåll saknas"
_decode = json.JSONDecoder().raw_decode
_MOST_ORPHANS: Final = 1000
"""How many payloads without an entry are named."""

_load_chain_names = Statement(select(col(Entry.chain)).distinct())
_load_page = Statement(select_entries())
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


class Disposed(NamedTuple):
    """What is gone from a chain by a decision."""

    chain: str
    payloads: Explained
    uncompared: tuple[str, ...]
    """What of the tables the log can no longer tell, in words; for the whole chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a verification."""

    ok: bool
    chains: int
    entries: int
    problems: tuple[Finding, ...]
    """By chain, in the order they were found."""
    disposed: tuple[Disposed, ...] = ()
    """By chain, in the order of the entries that tell of them."""


def verify(connection: Connection, *, checkpoint: Mapping[str, Any] | None = None) -> Verdict:
    """Verify every chain and what it explains, within one snapshot.

    Entries are read a page at a time. A value that cannot be read is a finding.
    Raises: BadInput when the checkpoint is not one.
    """
    try:
        return _verify(connection, checkpoint)
    except Exception as error:
        if not is_undecodable(error):
            raise
    with reading_anything(connection):
        return _verify(connection, checkpoint)


def _verify(connection: Connection, checkpoint: Mapping[str, Any] | None) -> Verdict:
    witnessed = None if checkpoint is None else read_checkpoint(checkpoint)
    name, ends = heads(connection)
    problems = [
        Finding("", 0, f"triggern {trigger} saknas: loggen är oskyddad mot ändring")
        for trigger in missing_triggers(connection)
    ]
    if name is None:
        problems.append(Finding(INSTALLATION, 0, "installationens rad saknas"))
    entries = 0
    disposed: list[Disposed] = []
    found = {row[0] for row in _load_chain_names.all(connection)}
    for chain in sorted(ends.keys() | found, key=str):
        replay = Substitutes() if chain == INSTALLATION else Replay()
        walk = _Walk(chain)
        problems += walk.check(connection, ends.get(chain), replay)
        entries += walk.entries
        problems += [Finding(chain, *item) for item in replay.compare(connection, chain)]
        disposed += [Disposed(chain, *one) for one in walk.disposed(replay)]
    problems += [
        Finding(chain, number, "innehåll utan rad i loggen")
        for chain, number in _load_orphans.all(connection)
    ]
    problems += [
        Finding(INSTALLATION, 0, f"filen {digest[:12]} hör inte till något ärende")
        for digest in unused(connection)
    ]
    if witnessed is not None:
        problems += compare(connection, witnessed, name, ends)
    return Verdict(
        ok=not problems,
        chains=len(ends),
        entries=entries,
        problems=tuple(problems),
        disposed=tuple(disposed),
    )


class _Walk:
    """A walk along one chain, from its first entry to its last."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self.entries = 0
        self._last = 0
        self._head = GENESIS
        self._gone = Disposals()

    def check(
        self, connection: Connection, head: Chain | None, replay: Replay | Substitutes
    ) -> Iterator[Finding]:
        """Check every entry and the end; `replay` gets each entry."""
        for row in pages(connection, _load_page, self.chain):
            entry = dict(zip(COLUMNS, row, strict=False))
            for problem in self._check_entry(entry, row, replay):
                yield Finding(self.chain, cast(int, entry["number"]), problem)
        for number in self._gone.unexplained():
            yield Finding(self.chain, number, NO_PAYLOAD)
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
        self, entry: dict[str, object], row: tuple[Any, ...], replay: Replay | Substitutes
    ) -> list[str]:
        previous, own, salt, body = row[_WIDTH:]
        number, found = entry["number"], []
        self.entries += 1
        if number != self._last + 1:
            found.append(f"rad {self._last + 1} saknas")
        if previous != self._head:
            found.append("raden hänger inte ihop med raden före")
        if own != _hash(previous, entry):
            found.append("raden är ändrad: hashen stämmer inte")
        self._last, self._head = number if isinstance(number, int) else 0, own
        payload: dict[str, Any] | None = None
        if body is None:
            if not self._gone.miss(number, entry["kind"]):
                found.append(NO_PAYLOAD)
        elif _payload_hash(salt, body) != entry["payload_hash"]:
            found.append("radens innehåll är ändrat: hashen stämmer inte")
        else:
            payload = _read(body)
            if payload is None:
                found.append("radens innehåll är inte ett JSON-objekt")
        if entry["kind"] == _DISPOSED:
            self._gone.take(number, payload)
        problem = replay.take(entry, payload)
        if problem:
            found.append(problem)
        return found

    def disposed(self, replay: Replay | Substitutes) -> Iterator[tuple[Explained, tuple[str, ...]]]:
        """Give what is gone by decision, with what can therefore not be compared."""
        explained = self._gone.explained()
        lost = tuple(replay.uncompared()) if explained else ()
        for one in explained:
            yield one, lost


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
    """Read an object; None for anything else. Canonical JSON has nothing around it."""
    try:
        payload, end = _decode(body)
    except (RecursionError, ValueError):
        return None
    return payload if isinstance(payload, dict) and end == len(body) else None
