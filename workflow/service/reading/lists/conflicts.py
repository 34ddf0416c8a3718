"""Who takes no part in what becomes of which row of a list, and what the minutes say of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.core.conflicts import Meeting, meeting, named_rows, sentence, strength
from workflow.core.copies import place_of_copies
from workflow.core.definition import State, Table
from workflow.core.facts import CaseFact, Place, RowKey
from workflow.service.seeing import Seen, nothing_there, see_table
from workflow.service.world import World
from workflow.store import people
from workflow.store.conflicts import Declared, conflicts_in
from workflow.store.database import Connection
from workflow.store.deeds import told

__all__ = [
    "Asked",
    "ConflictPage",
    "Item",
    "NotedConflict",
    "Stayed",
    "items_of",
    "may_note",
    "noted_conflicts",
    "open_list",
    "read_conflicts",
    "who_can_have",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of a list, as what somebody filled in."""

    key: RowKey
    name: str
    unit: str
    """Name of the unit that filled it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedConflict:
    """Somebody who took no part in one row, with the sentence for the minutes."""

    person: str
    item: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """Somebody who takes no part in one row."""

    person: int
    name: str
    mine: bool
    reason: str
    """Empty for whom it does not concern."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A row about which conflicts can be declared."""

    item: Item
    mine: bool
    """The reader has one."""
    stayed: tuple[Stayed, ...]
    strength: str
    """How many decide, for the minutes; empty until it is registered how many were present."""
    short: bool
    """Too few are left to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    """The rows of a list with who has a conflict of interest in each."""

    case: str
    case_title: str
    round: str
    round_title: str
    table: str
    title: str
    is_list: bool
    """It has the page of a list; otherwise each has a copy."""
    asked: tuple[Asked, ...]
    declares: bool
    """The reader may declare one of their own."""
    notes: bool
    """The reader may note one for another."""
    persons: tuple[tuple[int, str], ...]
    """Whom they may note one for, by name."""
    members: int
    """Of the body; 0 for a step of none."""
    needed: int


def read_conflicts(world: World, email: str, case: str, table: str) -> ConflictPage:
    """Read who takes no part in which row of a list.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen, found, described = open_list(world, connection, email, case, table)
        return _page(seen, found, described)


def noted_conflicts(seen: Seen, case: CaseFact, table: Table) -> Sequence[NotedConflict]:
    """Give who took no part in which row of a list, for the minutes, in the list's order."""
    return [
        NotedConflict(person=one.name, item=asked.item.name, sentence=one.sentence)
        for asked in _asked(seen, case, table, None)
        for one in asked.stayed
    ]


# ---- what is shared with the verbs -----------------------------------------------------


def open_list(
    world: World, connection: Connection, email: str, case_id: str, table_key: str
) -> tuple[Seen, CaseFact, Table]:
    """Open a compiled table of a case that somebody reads.

    Raises: NotFound.
    """
    seen, case, table = see_table(world, connection, email, case_id, table_key)
    if not table.from_:
        raise nothing_there()
    return seen, case, table


def items_of(seen: Seen, case: CaseFact, table: Table) -> Iterator[Item]:
    """Give the rows of a list, or those that a table of copies shows, in order."""
    for key, name in named_rows(seen.definition, seen.facts, case, table):
        of = seen.facts.case(key.case)
        yield Item(key=key, name=name, unit=seen.desk.unit_name(of.unit) if of else "")


def who_can_have(seen: Seen, case: CaseFact) -> frozenset[int]:
    """Give who decides, assesses or works in a case where it stands, and so may have a
    conflict of interest."""
    state = seen.definition.case[case.kind].state.get(case.state)
    if state is None:
        return frozenset()
    met = meeting(seen.definition, seen.facts, case, state)
    found = set(met.members) if met else set()
    task = seen.facts.task(case.id)
    places = [task.place] if task and task.place else []
    tables = (seen.definition.table[key] for key in state.edits)
    places += [
        place
        for table in tables
        if (place := place_of_copies(seen.definition, seen.facts, case, table))
    ]
    for held in seen.facts.holders(places).values():
        found |= set(held)
    for pairs in seen.facts.stand_ins(places).values():
        found |= {by for by, _ in pairs}
    return frozenset(found)


def may_note(seen: Seen, case: CaseFact) -> bool:
    """Say whether somebody may note a conflict for another: they lead the round, or the step."""
    state = seen.definition.case[case.kind].state.get(case.state)
    if state is None:
        return False
    if seen.sight.leads:
        return True
    chairs = {role for button in state.transition.values() for role in button.by or ()}
    if not any(seen.definition.table[key].each for key in state.edits):
        chairs |= set(state.by or ())
    return any(place.role in chairs for place in _here(seen, case))


def _here(seen: Seen, case: CaseFact) -> Iterator[Place]:
    units = {unit.key for unit in seen.facts.line(case.unit)}
    state = seen.definition.case[case.kind].state.get(case.state)
    if state is not None and state.body:
        units |= {unit.key for unit in seen.facts.units((state.body,))}
    return (place for place in seen.sight.places if place.unit in units)


# ---- the page --------------------------------------------------------------------------


def _page(seen: Seen, case: CaseFact, table: Table) -> ConflictPage:
    desk, state = seen.desk, seen.definition.case[case.kind].state.get(case.state)
    met = meeting(seen.definition, seen.facts, case, state) if state else None
    able = who_can_have(seen, case)
    notes = may_note(seen, case)
    known = people.people_by_id(seen.connection, able) if notes else {}
    return ConflictPage(
        case=case.id,
        case_title=desk.title_of(case),
        round=seen.facts.round.id,
        round_title=desk.round_title,
        table=table.key,
        title=seen.revision.title(table, desk.language),
        is_list=not table.each,
        asked=tuple(_asked(seen, case, table, state)),
        declares=seen.viewer.id in able,
        notes=notes,
        persons=tuple(sorted(((one, who.name) for one, who in known.items()), key=lambda p: p[1])),
        members=len(met.members) if met else 0,
        needed=met.needed if met else 0,
    )


def _asked(seen: Seen, case: CaseFact, table: Table, state: State | None) -> Iterator[Asked]:
    by_row: dict[RowKey, list[Declared]] = {}
    for one in conflicts_in(seen.connection, seen.facts.round.id):
        by_row.setdefault(one.row, []).append(one)
    persons = {one.person for some in by_row.values() for one in some}
    names = people.people_by_id(seen.connection, persons) if persons else {}
    met = meeting(seen.definition, seen.facts, case, state) if state else None
    present = _present(seen, case)
    reads = may_note(seen, case)
    for item in items_of(seen, case, table):
        found = by_row.get(item.key, [])
        said, short = _strength(met, present, found, seen.desk.language)
        yield Asked(
            item=item,
            mine=any(one.person == seen.viewer.id for one in found),
            stayed=tuple(
                Stayed(
                    person=one.person,
                    name=names[one.person].name,
                    mine=one.person == seen.viewer.id,
                    reason=one.reason if reads or one.person == seen.viewer.id else "",
                    sentence=sentence(names[one.person].name, item.name, seen.desk.language),
                )
                for one in found
            ),
            strength=said,
            short=short,
        )


def _present(seen: Seen, case: CaseFact) -> int | None:
    """Give how many were present, as the last step that demanded a quorum tells."""
    for entry in reversed(told(seen.connection, case.id)):
        met = entry.payload.get("quorum")
        if isinstance(met, dict) and isinstance(met.get("present"), int):
            return int(met["present"])
    return None


def _strength(
    met: Meeting | None, present: int | None, found: Sequence[Declared], language: str
) -> tuple[str, bool]:
    if met is None or not found:
        return "", False
    out = sum(1 for one in found if one.person in met.members)
    if present is None:
        return "", len(met.members) - out < met.needed
    left = max(present - out, 0)
    return strength(left, len(met.members), language), left < met.needed
