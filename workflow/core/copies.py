"""Tables of which each holder of a role fills in a copy of their own.

A copy has rows of its own, or, of a table that is compiled, a row for each row that the
table shows now; those are made when somebody first writes in them. Until the step is
behind, nobody but whose copy it is, and who stands in for them, sees what is in it; whoever
has handed theirs in changes it no more.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.core.course import is_behind, last_filling
from workflow.core.definition import Definition, Table
from workflow.core.errors import BadInput, NoRight, Placed, Reason, refused
from workflow.core.facts import (
    Actor,
    CaseFact,
    Compile,
    Facts,
    Origin,
    Place,
    RowFact,
    RowKey,
    SheetKey,
    Source,
)
from workflow.core.material import lacking
from workflow.core.ordering import naming_column
from workflow.core.roles import place_of
from workflow.core.sheets import key_of
from workflow.core.standing_in import stood_in_for
from workflow.core.suggesting import lacking_reasons

__all__ = [
    "Thing",
    "check_copy",
    "compile_of",
    "has_handed_in",
    "in_copy",
    "is_hidden",
    "lacking_in_copy",
    "place_of_copies",
    "seen_in",
    "things",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A row that a table of copies shows: what each copy may have a row about."""

    source: Source
    key: RowKey
    """As what somebody filled in."""
    name: str
    """Its number where nothing names it."""


def compile_of(definition: Definition, case: CaseFact, key: str) -> Compile:
    """Say what a compiled table shows in a case: of its source the rows that it picks, and
    where it asks for it those that are due at the case's occasion."""
    table, chain = definition.table[key], definition.chain(key)
    below = definition.fills_below(case.kind, chain[0])
    due = {table.due_rows: (case.occasion or "",)} if table.due_rows else {}
    return Compile(
        key=SheetKey(case.id, key),
        chain=chain,
        where={**table.where, **due},
        below=below,
        unit=case.unit if not below and _is_for_same(definition, case, chain[0]) else "",
    )


def _is_for_same(definition: Definition, case: CaseFact, source: str) -> bool:
    """Say whether there is a case for each unit both where a list is and where its rows are
    filled in: then each unit's list has the unit's own rows."""
    per = set(definition.case[case.kind].per)
    kinds = definition.edited_in(source)
    return bool(per and kinds) and all(per <= set(definition.case[kind].per) for kind in kinds)


def things(definition: Definition, facts: Facts, case: CaseFact, table: Table) -> Sequence[Thing]:
    """Give what a table of copies shows now, in its order; nothing where it is not compiled."""
    if not table.from_:
        return ()
    end, column = definition.chain(table.key)[-1], naming_column(definition, table)
    found = []
    for one in facts.sources(compile_of(definition, case, table.key)):
        told = one.cells.get(column.key) if column else None
        name = str(one.end.number) if told in (None, "") else str(told)
        found.append(Thing(source=one, key=RowKey(one.end.case, end, one.end.number), name=name))
    return found


# ---- whose, and until when -------------------------------------------------------------


def place_of_copies(
    definition: Definition, facts: Facts, case: CaseFact, table: Table
) -> Place | None:
    """Give the place whose holders each have a copy in a case."""
    state = last_filling(definition.case[case.kind], table.key)
    if table.each is None or state is None:
        return None
    return place_of(definition, facts, (table.each,), case.unit, state.body)


def is_hidden(definition: Definition, case: CaseFact, table: Table) -> bool:
    """Say whether nobody sees the copies of others yet: the step is not behind, or was
    called off."""
    kind = definition.case[case.kind]
    if table.each is None or last_filling(kind, table.key) is None:
        return False
    return not is_behind(kind, case, table.key)


def seen_in(
    definition: Definition, case: CaseFact, payload: Mapping[str, Any], owners: Collection[int]
) -> Mapping[str, Any]:
    """Give what an entry tells, without what stands in copies that are hidden from all but
    some owners."""
    sheets = payload.get("sheets")
    if not isinstance(sheets, dict):
        return payload
    seen = {}
    for name, edits in sheets.items():
        key = key_of(case.id, name)
        table = definition.table.get(key.table)
        hides = table is not None and is_hidden(definition, case, table)
        if not hides or not key.owner or key.owner in owners:
            seen[name] = edits
    return {**payload, "sheets": seen}


def has_handed_in(definition: Definition, facts: Facts, case: CaseFact, person: int) -> bool:
    """Say whether somebody has signed, where several sign the step that a case stands in."""
    state, task = definition.case[case.kind].state.get(case.state), facts.task(case.id)
    if state is None or task is None:
        return False
    return any(
        person in facts.signers(task.id, key)
        for key, button in state.transition.items()
        if button.signatures != 1
    )


# ---- writing ---------------------------------------------------------------------------


def check_copy(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    actor: Actor,
    table: Table,
    wishes: Sequence[Sequence[Any]],
) -> None:
    """Demand that somebody has a copy of a table, has not handed it in, and adds rows only
    for what the table shows.

    Raises: NoRight, Refused; BadInput for a row of what is not shown.
    """
    place = place_of_copies(definition, facts, case, table)
    if place is None or place not in actor.holds:
        role = definition.role[table.each or ""].title.lower()
        sv = f"{table.title} fylls i av var och en som är {role}."
        en = f"{table.title} is filled in by each {role}."
        raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))
    if has_handed_in(definition, facts, case, actor.on_behalf_of or actor.person):
        who, who_en = stood_in_for(actor) if actor.on_behalf_of else ("Du", "You")
        has = "has" if actor.on_behalf_of else "have"
        raise refused(
            "handed_in",
            f"{who} har redan lämnat ifrån sig {table.title.lower()}. Den ligger fast.",
            f"{who_en} {has} handed in {table.title.lower()} already. It stands as it is.",
        )
    wanted = {Origin(*wish[3:5]) for wish in wishes if wish[0] == "add" and len(wish) == 5}
    if wanted:
        shown = {one.origin for one in facts.sources(compile_of(definition, case, table.key))}
        if not wanted <= shown:
            raise _not_shown(table, min((wanted - shown), key=lambda one: (one.case, one.number)))


def in_copy(table: Table, case: str, reason: Reason) -> Reason:
    """Place what is wrong with a new row of a copy at the row that it is about."""
    if not isinstance(reason, Placed):
        return reason
    return replace(reason, place=f"{table.key}.{case}.{reason.place.partition('.')[2]}")


def _not_shown(table: Table, origin: Origin) -> BadInput:
    sv = (
        f"{table.title} visar inte rad {origin.number} i {origin.case}, eller gör det inte längre."
        " Ladda om sidan."
    )
    en = (
        f"{table.title} does not show row {origin.number} of {origin.case}, or no longer does."
        " Reload the page."
    )
    place = f"{table.key}.{origin.case}.{origin.number}"
    told = Placed("not_shown", sv, en, place=place, here_sv=sv, here_en=en)
    return BadInput(sv, en, reasons=(told,))


# ---- complete --------------------------------------------------------------------------


def lacking_in_copy(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    table: Table,
    rows: Sequence[RowFact],
    person: int,
) -> Iterator[Reason]:
    """Give a reason for what a copy lacks, by the names of the rows it is about. Where its
    owner has a conflict of interest, nothing is asked of them."""
    if not any(column.required or column.suggest for column in table.column.values()):
        return
    bare = table.model_copy(update={"min_rows": 0})
    own = {row.origin: row.cells for row in rows}
    conflicts = facts.conflicts()
    for thing in things(definition, facts, case, table):
        if person in conflicts.get(thing.key, ()):
            continue
        cells = {**thing.source.cells, **own.get(thing.source.origin, {})}
        found = [*lacking(bare, [cells]), *lacking_reasons(definition, table, [(1, cells)])]
        yield from (_named(table, thing, one) for one in found if isinstance(one, Placed))


def _named(table: Table, thing: Thing, reason: Placed) -> Placed:
    column, origin = reason.place.split(".", 2)[-1], thing.source.origin
    return replace(
        reason,
        sv=f"{table.title}, ”{thing.name}”: {reason.here_sv}",
        en=f'{table.title}, "{thing.name}": {reason.here_en}',
        place=f"{table.key}.{origin.case}.{origin.number}.{column}",
    )
