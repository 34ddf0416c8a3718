"""The rounds that one goes on from and to, and the rows that follow between them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.core.definition import Definition
from workflow.core.errors import NotFound
from workflow.core.successors import Carried, place_of_case
from workflow.core.titles import round_title
from workflow.service.seeing import Seen, see_case, see_round
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.carrying import rows_on_their_way
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.links import links_of

__all__ = ["Kin", "LinkedRound", "Waiting", "name_round", "read_kin", "unit_in_earlier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRound:
    """Another round."""

    id: str
    """Empty when the viewer has no place in it."""
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Rows that wait for their case to open."""

    title: str
    """Of the unit they are for."""
    rows: int
    is_gone: bool
    """The round has no such unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What a round goes on from and to."""

    before: LinkedRound | None
    after: tuple[LinkedRound, ...]
    came: int
    """How many rows have come along from the one before."""
    waiting: tuple[Waiting, ...]


def read_kin(world: World, seen: Seen) -> Kin:
    """Read how the rounds around one hang together, as somebody who sees that one."""
    connection, round_id = seen.connection, seen.facts.round.id
    into, out_of = links_of(connection, round_id)
    rows = rows_on_their_way(connection, round_id) if into else ()
    there = {place_of_case(case) for case in rounds.list_cases(connection, round_id)}
    late = [row for row in rows if row.to not in there]
    return Kin(
        before=_linked(world, seen, into.begun_by) if into else None,
        after=tuple(_linked(world, seen, link.round) for link in out_of),
        came=len(rows) - len(late),
        waiting=_waiting(seen, late, into.begun_by) if into else (),
    )


def name_round(connection: Connection, round_id: str, language: str) -> str:
    """Give the title of a round; its id where it is not there."""
    try:
        fact = read_round(connection, round_id)
    except LookupError:
        return round_id
    revision = rounds.load_revision(connection, fact.revision)
    return round_title(revision, year=fact.year, plan=fact.plan, language=language)


def unit_in_earlier(world: World, seen: Seen, case_id: str) -> tuple[str, str]:
    """Name where a row of another round was filled in, by round and unit. Gives the case's id,
    empty when the viewer does not see it, and the name."""
    round_id = case_id.partition(".")[0]
    name = name_round(seen.connection, round_id, seen.desk.language)
    try:
        there, case = see_case(world, seen.connection, case_id, seen.viewer.email)
    except NotFound:
        return "", name
    return case_id, f"{name}, {there.desk.unit_name(case.unit)}"


def _linked(world: World, seen: Seen, round_id: str) -> LinkedRound:
    title = name_round(seen.connection, round_id, seen.desk.language)
    try:
        see_round(world, seen.connection, round_id, seen.viewer.email)
    except NotFound:
        return LinkedRound(id="", title=title)
    return LinkedRound(id=round_id, title=title)


def _waiting(seen: Seen, late: Sequence[Carried], before: str) -> tuple[Waiting, ...]:
    """Count by unit; a unit that the round does not have is called as in the one before."""
    if not late:
        return ()
    here = _unit_names(seen.facts, seen.definition)
    fact = read_round(seen.connection, before)
    earlier = StoredFacts(seen.connection, fact, seen.desk.today)
    names = _unit_names(earlier, rounds.load_revision(seen.connection, fact.revision).definition)
    counts = Counter(row.to.split(".")[1] if "." in row.to else "" for row in late)
    return tuple(
        Waiting(
            title=here.get(unit) or names.get(unit) or unit or seen.desk.round_title,
            rows=rows,
            is_gone=bool(unit) and unit not in here,
        )
        for unit, rows in counts.items()
    )


def _unit_names(facts: StoredFacts, definition: Definition) -> Mapping[str, str]:
    return {unit.key: unit.name for unit in facts.units((*definition.unit, *definition.body))}
