"""Disposal (gallring) by the region's own decision; Swedish archives act (1990:782), § 10.

What was said goes; that something was said, when and by whom, stays, and the chains verify.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from workflow.core import plan
from workflow.core.errors import BadInput
from workflow.core.facts import EntryDraft, EntryKind
from workflow.service.leading import check_leads_some
from workflow.service.world import ZONE, World
from workflow.store import backup as copies
from workflow.store import log
from workflow.store.database import Connection
from workflow.store.disposal import (
    Kind,
    closed_rounds,
    dispose_of_comments,
    dispose_of_files,
    dispose_of_payloads,
    dispose_of_publications,
    dispose_of_rest,
    dispose_of_texts,
    lock_closed,
)
from workflow.store.gone import ranges
from workflow.store.occupation import occupy
from workflow.store.wiping import clean_file, wipe_what_is_freed

__all__ = ["Disposal", "Kind", "Wish", "dispose"]

PATIENCE_S = 10.0
LONGEST = 200
"""Characters of a decision's name: a number and a date, not its text."""
_OF_ROUNDS = frozenset(
    {Kind.PAYLOADS, Kind.QUESTIONS, Kind.COMMENTS, Kind.FILES, Kind.PUBLICATIONS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be disposed of."""

    before: date
    """Rounds closed, mails written and so on before this day, local time."""
    kinds: frozenset[Kind]
    decision: str
    """What names the decision, e.g. `dnr 123/2026`; stands in the log for ever."""
    email: str | None = None
    """Who does it, when it is somebody in the register."""
    dry_run: bool = False


@dataclass(slots=True, kw_only=True)
class Disposal:
    """What was disposed of, or would be: how many of each, in each chain where it is told."""

    chains: dict[str, dict[str, int]] = field(default_factory=dict)

    def total(self) -> dict[str, int]:
        """Give how many of each in all."""
        counts: dict[str, int] = {}
        for told in self.chains.values():
            for word, count in told.items():
                counts[word] = counts.get(word, 0) + count
        return counts


def dispose(world: World, wish: Wish) -> Disposal:
    """Dispose of what a decision says, in one transaction for each round and one for the
    installation, each with its entry; a dry run counts only. Doing it again goes on.

    Raises: BadInput for a day to come, nothing to do it to or no decision; NotFound for the
        person, NoRight when they lead no process here; Locked while a worker is at work on
        SQLite; StoreError when there is no room to write the file anew.
    """
    before = _check(world, wish)
    file = world.database.file
    if wish.dry_run:
        return _run(world, wish, before)
    with occupy(file):
        if file is not None:
            copies.demand_room(file, 2 * copies.size(file))
        done = _run(world, wish, before)
        if file is not None:
            clean_file(file, patience_s=PATIENCE_S)
    return done


def _check(world: World, wish: Wish) -> datetime:
    if not wish.kinds or not wish.decision.strip() or len(wish.decision) > LONGEST:
        raise BadInput(
            "Ange vad som ska gallras och vilket beslut det sker enligt, till exempel"
            " --kind payloads --decision 'dnr 123/2026'.",
            "Say what to dispose of and by which decision, for example --kind payloads"
            " --decision 'dnr 123/2026'.",
        )
    with world.database.read() as connection:
        now = world.now(connection)
        today = world.today(now)
        check_leads_some(world, connection, wish.email, now)
    if wish.before > today:
        raise BadInput(
            f"{wish.before} har inte varit än. Det går bara att gallra det som är äldre än i dag.",
            f"{wish.before} is yet to come. Only what is older than today can be disposed of.",
        )
    return plan.wall_time(wish.before, time(0), ZONE)


def _run(world: World, wish: Wish, before: datetime) -> Disposal:
    done = Disposal()
    with world.database.read() as connection:
        rounds = closed_rounds(connection, before) if wish.kinds & _OF_ROUNDS else []
    for round_id in rounds:
        with _opened(world, wish) as connection:
            told = _one_round(world, connection, wish, round_id, before)
        if any(told.values()):
            done.chains[round_id] = told
    with _opened(world, wish) as connection:
        told = _installation(world, connection, wish, before)
    if any(told.values()):
        done.chains[log.INSTALLATION] = told
    return done


def _opened(world: World, wish: Wish) -> AbstractContextManager[Connection]:
    return world.database.read() if wish.dry_run else world.database.write()


def _one_round(
    world: World, connection: Connection, wish: Wish, round_id: str, before: datetime
) -> dict[str, int]:
    """Dispose of what a round's entries say, of its questions, comments and files; gives how
    many."""
    really = not wish.dry_run
    if really:
        wipe_what_is_freed(connection)
        if not lock_closed(connection, round_id, before):
            return {}
    numbers: list[int] = []
    counts: dict[str, int] = {}
    if Kind.PAYLOADS in wish.kinds:
        numbers = dispose_of_payloads(connection, round_id, before, really=really)
        counts["payloads"] = len(numbers)
    if Kind.QUESTIONS in wish.kinds:
        counts |= dispose_of_texts(connection, round_id, really=really)
    if Kind.COMMENTS in wish.kinds:
        counts |= dispose_of_comments(connection, round_id, really=really)
    if Kind.FILES in wish.kinds:
        counts |= dispose_of_files(connection, round_id, really=really)
    if Kind.PUBLICATIONS in wish.kinds:
        counts |= dispose_of_publications(connection, round_id, really=really)
    if really and any(counts.values()):
        _note(world, connection, wish, round_id, numbers, counts)
    return counts


def _installation(
    world: World, connection: Connection, wish: Wish, before: datetime
) -> dict[str, int]:
    """Dispose of what belongs to no round's chain; gives how many of each."""
    really = not wish.dry_run
    if really:
        wipe_what_is_freed(connection)
        log.load_chain(connection, log.INSTALLATION)  # as an import does: before people
    numbers: list[int] = []
    counts: dict[str, int] = {}
    if Kind.PAYLOADS in wish.kinds:
        numbers = dispose_of_payloads(connection, log.INSTALLATION, before, really=really)
        counts["payloads"] = len(numbers)
    for kind in sorted(wish.kinds - _OF_ROUNDS):
        counts |= dispose_of_rest(connection, kind, before, wish.before, really=really)
    if really and any(counts.values()):
        _note(world, connection, wish, log.INSTALLATION, numbers, counts)
    return counts


def _note(
    world: World,
    connection: Connection,
    wish: Wish,
    chain: str,
    numbers: Sequence[int],
    counts: dict[str, int],
) -> None:
    """Write behind a chain's last entry what was disposed of in it, and why."""
    now = world.now(connection)
    actor = check_leads_some(world, connection, wish.email, now)
    entry = EntryDraft(
        kind=EntryKind.DISPOSED,
        actor=actor.person if actor else None,
        payload={
            "decision": wish.decision.strip(),
            "before": wish.before.isoformat(),
            "kinds": sorted(wish.kinds),
            "counts": counts,
            "payloads": [list(pair) for pair in ranges(numbers)],
        },
    )
    world.note(connection, now, entry, chain=chain)
