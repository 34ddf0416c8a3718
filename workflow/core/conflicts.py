"""Conflicts of interest: somebody takes no part in what becomes of a row.

A conflict is about what somebody filled in, and so holds in every list of the round that
shows it: whoever has it writes nothing about the row and does not move it, their copy of it
does not count, and the body decides upon it without them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.core import phrases
from workflow.core.copies import things
from workflow.core.definition import Definition, State, Table
from workflow.core.errors import Placed, Refused, in_words
from workflow.core.facts import Actor, CaseFact, Facts, RowFact, RowKey, SheetChange, SheetKey
from workflow.core.ordering import name_row, naming_column

__all__ = [
    "Meeting",
    "Without",
    "check_taking_part",
    "keys_of",
    "meeting",
    "named_rows",
    "sentence",
    "strength",
    "without_whom",
]


def keys_of(
    definition: Definition, facts: Facts, table: Table, rows: Sequence[RowFact]
) -> Sequence[RowKey | None]:
    """Give what somebody filled in of each row of a compiled table; None where it is gone."""
    chain = definition.chain(table.key)
    return [
        RowKey(end.case, chain[-1], end.number) if end else None for end in facts.ends(rows, chain)
    ]


# ---- writing ---------------------------------------------------------------------------


def check_taking_part(
    definition: Definition, facts: Facts, key: SheetKey, change: SheetChange, actor: Actor
) -> None:
    """Demand that nobody writes about, or moves, a row in which they have a conflict; neither
    for somebody who has one.

    Raises: Refused with each row.
    """
    table = definition.table[key.table]
    touched = {edit[1] for edit in change.told if edit[0] in ("add", "set", "move")}
    conflicts = facts.conflicts() if touched and table.from_ else {}
    if not conflicts:
        return
    rows = [row for row in (*change.added, *change.changed) if row.number in touched]
    persons = {actor.person, actor.on_behalf_of or actor.person}
    reasons = [
        _stays_out(definition, facts, table, row, mine=actor.person in conflicts[where])
        for row, where in zip(rows, keys_of(definition, facts, table, rows), strict=True)
        if where is not None and not persons.isdisjoint(conflicts.get(where, ()))
    ]
    if reasons:
        raise Refused(*in_words(reasons), reasons=reasons)


def _stays_out(
    definition: Definition, facts: Facts, table: Table, row: RowFact, *, mine: bool
) -> Placed:
    name = name_row(definition, facts, table, row)
    who, who_en = ("Du har", "You have") if mine else ("Den du är ersättare för har", "They have")
    sv = f"{who} anmält jäv i ”{name}” och deltar inte i handläggningen av det."
    en = f'{who_en} a conflict of interest in "{name}" and take no part in handling it.'
    place = f"{table.key}.{row.number}"
    return Placed("conflict", sv, en, place=place, here_sv=sv, here_en=en)


# ---- deciding --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A body that is to decide."""

    body: str
    """Its kind."""
    members: frozenset[int]
    needed: int
    """How many must take part."""


def meeting(definition: Definition, facts: Facts, case: CaseFact, state: State) -> Meeting | None:
    """Give the body that a state is of, with its members now; None for a state of none."""
    unit = facts.line(case.unit)[0]
    body = definition.body.get(state.body or unit.kind)
    if body is None:
        return None
    at = unit.key if unit.kind == body.key else facts.units((body.key,))[0].key
    members = facts.member_ids(at)
    needed = phrases.needed(body.quorum, len(members))
    return Meeting(body=body.key, members=members, needed=needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """A row upon which a body decides without some of its members."""

    row: RowKey
    name: str
    persons: frozenset[int]


def without_whom(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    state: State,
    members: frozenset[int],
) -> Iterator[Without]:
    """Give each row of what is filled in in a state in which members have a conflict."""
    conflicts = facts.conflicts()
    if not conflicts:
        return
    told: set[RowKey] = set()
    for key in state.edits:
        for where, name in named_rows(definition, facts, case, definition.table[key]):
            persons = conflicts.get(where, frozenset()) & members
            if persons and where not in told:
                told.add(where)
                yield Without(row=where, name=name, persons=persons)


def named_rows(
    definition: Definition, facts: Facts, case: CaseFact, table: Table
) -> Iterator[tuple[RowKey, str]]:
    """Give the rows that a compiled table shows, as what somebody filled in, with what they are
    called. What is gone where it was filled in is left out."""
    if not table.from_:
        return
    if table.each:
        yield from ((one.key, one.name) for one in things(definition, facts, case, table))
        return
    column = naming_column(definition, table)
    rows = facts.sheet(SheetKey(case.id, table.key))
    cells = facts.shown(rows, definition.chain(table.key))
    for row, where, shows in zip(rows, keys_of(definition, facts, table, rows), cells, strict=True):
        if where is not None:
            name = shows.get(column.key) if column else None
            yield where, str(row.number) if name in (None, "") else str(name)


# ---- the minutes -----------------------------------------------------------------------


def sentence(who: str, what: str, language: str = "sv") -> str:
    """Say for the minutes that somebody took no part."""
    if language == "en":
        return f'{who} declared a conflict of interest and took no part in handling "{what}".'
    return f"{who} anmälde jäv och deltog inte i handläggningen av ”{what}”."


def strength(taking_part: int, members: int, language: str = "sv") -> str:
    """Say for the minutes how many a body decides with."""
    if language == "en":
        return f"Able to decide with {taking_part} of {members}."
    return f"Beslutför med {taking_part} av {members}."
