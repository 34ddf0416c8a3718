"""What a release would show to everybody, for the one who decides about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from workflow.core.checks import judge
from workflow.core.course import last_filling
from workflow.core.definition import Column, Table
from workflow.core.errors import Reason
from workflow.core.facts import Actor, CaseFact, SheetKey
from workflow.core.figures import figures_of
from workflow.core.material import is_required
from workflow.core.open_list import OpenList, OpenRow, as_json
from workflow.core.publishing import not_published, published, why_not_decided
from workflow.core.roles import leader_place, line_above
from workflow.core.standing_in import acting_at
from workflow.service.desks import Desk
from workflow.service.reading.cases.tables import title_of
from workflow.service.reading.published.draft import draft_of, draw
from workflow.service.seeing import Seen, nothing_there, see_case
from workflow.service.world import World
from workflow.store import people, publications
from workflow.store.canonical import canonical
from workflow.store.database import Connection
from workflow.store.publications import Release

__all__ = [
    "FormerRelease",
    "Leading",
    "ReleasePreview",
    "lead",
    "open_desk_of",
    "preview_release",
    "refusal_of",
    "seal_of",
]

FIRST_ROWS: Final = 10
MOST_NAMED: Final = 20
"""Rows that a warning names by position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """A list, and the one who leads its round as they act."""

    seen: Seen
    case: CaseFact
    table: Table
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerRelease:
    """An earlier release of the list."""

    id: str
    entry: int
    released_at: datetime
    by: str
    withdrawn_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePreview:
    """What would be released."""

    case: str
    case_title: str
    round: str
    round_title: str
    reference: str
    table: str
    made: OpenList
    """Without its stamp; the introduction is not in it yet."""
    kept: tuple[str, ...]
    """Titles of the columns that stay inside."""
    warnings: tuple[Reason, ...]
    refusal: Reason | None
    """Why the list cannot be released now."""
    seal: str
    """Of what is shown: what is released is this and nothing else."""
    former: tuple[FormerRelease, ...]
    """Newest first."""

    @property
    def first_rows(self) -> tuple[OpenRow, ...]:
        """Give the rows that are shown beforehand."""
        return self.made.rows[:FIRST_ROWS]


def preview_release(world: World, case_id: str, table_key: str, email: str) -> ReleasePreview:
    """Show what releasing a list would make public, to the one who leads its round.

    Raises: NotFound, also for everybody else.
    """
    with world.database.read() as connection:
        one = lead(world, connection, case_id, table_key, email)
        return _preview(one)


def lead(world: World, connection: Connection, case_id: str, table_key: str, email: str) -> Leading:
    """Take up a list that is published, as the one who leads its round or stands above them.

    Raises: NotFound for what there is not, and for everybody else.
    """
    seen, case = see_case(world, connection, case_id, email)
    table = seen.definition.table.get(table_key)
    filled_in = last_filling(seen.definition.case[case.kind], table_key)
    if table is None or not table.publish or filled_in is None:
        raise nothing_there()
    leader = leader_place(seen.definition, seen.facts)
    above = line_above(seen.definition, seen.facts, leader) if leader else ()
    for place in (leader, *above):
        actor = acting_at(seen.actor, place)
        if actor is not None:
            return Leading(seen=seen, case=case, table=table, actor=actor)
    raise nothing_there()


def seal_of(made: OpenList) -> str:
    """Give the digest of what a list shows, whatever is written to introduce it."""
    told = as_json(made)
    told["introduction"] = ""
    return sha256(canonical(told).encode()).hexdigest()


def _preview(one: Leading) -> ReleasePreview:
    seen, case, table = one.seen, one.case, one.table
    desk = seen.desk
    made = draft_of(open_desk_of(seen), case, table)
    releases = publications.of_list(seen.connection, case.id, table.key)
    return ReleasePreview(
        case=case.id,
        case_title=desk.title_of(case),
        round=seen.facts.round.id,
        round_title=desk.round_title,
        reference=seen.facts.round.reference,
        table=table.key,
        made=made,
        kept=tuple(
            desk.revision.title(column, desk.language)
            for column in not_published(seen.definition, table)
        ),
        warnings=tuple(_warnings(seen, case, table)),
        refusal=refusal_of(one, made),
        seal=seal_of(made),
        former=tuple(_former(seen, releases)),
    )


def refusal_of(one: Leading, made: OpenList) -> Reason | None:
    """Say why a list cannot be released now; None when it can."""
    if not made.rows and why_not_decided(one.seen.definition, one.case, one.table) is None:
        return Reason("empty_list", "Listan har inga rader.", "The list has no rows.")
    return why_not_decided(one.seen.definition, one.case, one.table)


def open_desk_of(seen: Seen) -> Desk:
    """Look at the round in the language of its process, which is what is published."""
    desk = seen.desk
    return Desk(
        connection=desk.connection,
        revision=desk.revision,
        facts=desk.facts,
        language=desk.definition.language,
        today=desk.today,
    )


def _former(seen: Seen, releases: Sequence[Release]) -> Iterator[FormerRelease]:
    known = people.people_by_id(seen.connection, {one.released_by for one in releases})
    for one in releases:
        yield FormerRelease(
            id=one.id,
            entry=one.entry,
            released_at=one.released_at,
            by=known[one.released_by].name if one.released_by in known else "",
            withdrawn_at=one.withdrawn_at,
            is_open=one.is_open,
        )


# ---- warnings --------------------------------------------------------------------------


def _warnings(seen: Seen, case: CaseFact, table: Table) -> Iterator[Reason]:
    """Say what does not hold, or is empty, in what would be released."""
    definition, facts = seen.definition, seen.facts
    cells = draw(seen.desk, case, table).cells
    numbered = list(enumerate(cells, start=1))
    key = SheetKey(case.id, table.key)
    figures = figures_of(definition, facts, case, table)
    for one in judge(definition, table, numbered, figures, facts.reasons(key)):
        yield Reason(f"check.{one.check}", one.sv, one.en)
    for name, column in published(definition, table, facts.round.year).items():
        empty = [
            number
            for number, row in numbered
            if is_required(column, row) and row.get(name) in (None, "")
        ]
        if empty:
            yield _empty(seen, column, empty)


def _empty(seen: Seen, column: Column, rows: Sequence[int]) -> Reason:
    sv = en = title_of(seen.desk, column)
    named = ", ".join(str(number) for number in rows[:MOST_NAMED])
    more = len(rows) - MOST_NAMED
    tail_sv, tail_en = (f" och {more} till", f" and {more} more") if more > 0 else ("", "")
    return Reason(
        f"empty.{column.key}",
        f"{sv} saknas på plats {named}{tail_sv}.",
        f"{en} is missing at position {named}{tail_en}.",
    )
