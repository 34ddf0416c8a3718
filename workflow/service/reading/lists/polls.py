"""A table of secret copies: who has answered while it is open, and the sums once it is counted.

No answer by itself leaves this module, and no sum of answers that are not counted yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from workflow.core.copies import has_handed_in, place_of_copies
from workflow.core.definition import Table
from workflow.core.facts import CaseFact, Cell, Row, SheetKey
from workflow.core.polls import FEW, LEAST, Tally, tally
from workflow.service.reading.cases.columns import ColumnKind, ColumnView, column_views, numbers
from workflow.service.seeing import Seen, nothing_there, see_table
from workflow.service.world import World
from workflow.store import people
from workflow.store.counting import counted_in

__all__ = ["Figures", "PollMember", "PollPage", "Question", "Share", "read_poll"]

NONE: Final = ""
"""The level of who left a question out."""
YES_NO: Final = ("yes", "no")
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollMember:
    """Somebody who is asked."""

    name: str
    handed_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many have given one of some answers."""

    levels: tuple[str, ...]
    """Titles; empty for having left the question out."""
    count: int | None
    """None for so few that the count is not told."""
    percent: int | None

    @property
    def together(self) -> bool:
        """Whether several answers are shown as one."""
        return len(self.levels) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What numbers come to."""

    count: int
    mean: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A column, and what is shown of it: one of shares, figures and texts, or nothing."""

    key: str
    title: str
    count: int
    """How many answered it; shown when they are enough."""
    enough: bool
    shares: tuple[Share, ...] = ()
    figures: Figures | None = None
    texts: tuple[str, ...] = ()
    """In the order of the alphabet."""
    summed: bool = True
    """There is a way to sum answers of its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPage:
    """The poll, as anybody who reads the case may read it."""

    case: str
    case_title: str
    round: str
    round_title: str
    table: str
    title: str
    help: str
    is_open: bool
    """It is being answered."""
    counted: bool
    members: tuple[PollMember, ...]
    """Who is asked, while it is open."""
    answered: int
    asked: int
    questions: tuple[Question, ...]
    """Nothing before it is counted."""

    @property
    def percent(self) -> int:
        """How many of a hundred have answered."""
        return _percent(self.answered, self.asked)

    @property
    def is_few(self) -> bool:
        """So few answered that nothing is shown."""
        return self.counted and self.answered < LEAST

    @property
    def least(self) -> int:
        """With fewer answers nothing is shown."""
        return LEAST

    @property
    def few(self) -> int:
        """A level that fewer have chosen is not shown by itself."""
        return FEW


def read_poll(world: World, email: str, case_id: str, table_key: str) -> PollPage:
    """Read who has answered, and the sums once they are counted.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen, case, table = see_table(world, connection, email, case_id, table_key)
        if not table.secret:
            raise nothing_there()
        return _page(seen, case, table)


def _page(seen: Seen, case: CaseFact, table: Table) -> PollPage:
    kind = seen.definition.case[case.kind]
    state = kind.state.get(case.state)
    is_open = state is not None and table.key in state.edits
    told = {} if is_open else counted_in(seen.connection, case.id).get(table.key, {})
    members = _members(seen, case, table) if is_open else ()
    rows = [] if is_open else [row.cells for row in seen.facts.sheet(SheetKey(case.id, table.key))]
    answered = sum(one.handed_in for one in members) if is_open else told.get("answered", len(rows))
    counted = not is_open and (bool(told) or bool(rows))
    return PollPage(
        case=case.id,
        case_title=seen.desk.title_of(case),
        round=seen.facts.round.id,
        round_title=seen.desk.round_title,
        table=table.key,
        title=seen.revision.title(table, seen.desk.language),
        help=seen.desk.help_of(table),
        is_open=is_open,
        counted=counted,
        members=members,
        answered=answered,
        asked=len(members) if is_open else told.get("asked", answered),
        questions=tuple(
            question_of(view, rows, seen.desk.language)
            for view in column_views(seen, table)
            if counted
        ),
    )


def _members(seen: Seen, case: CaseFact, table: Table) -> tuple[PollMember, ...]:
    """Give who is asked now, by name."""
    place = place_of_copies(seen.definition, seen.facts, case, table)
    holders = seen.facts.holders((place,))[place] if place else ()
    known = people.people_by_id(seen.connection, holders)
    found = [
        PollMember(
            name=person.name,
            handed_in=has_handed_in(seen.definition, seen.facts, case, one),
        )
        for one, person in known.items()
    ]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


# ---- sums ------------------------------------------------------------------------------


def question_of(view: ColumnView, rows: Sequence[Row], language: str = "sv") -> Question:
    """Sum what was answered to one question, as far as it may be shown."""
    given = [row[view.key] for row in rows if row.get(view.key) not in (None, "")]
    enough = len(given) >= LEAST
    bare = Question(
        key=view.key, title=view.title, count=len(given) if enough else 0, enough=enough
    )
    titles = _titles(view, language)
    if titles:
        return replace(bare, shares=_shares(view, rows, titles) if enough else ())
    if view.kind is ColumnKind.NUMBER:
        return replace(bare, figures=_figures(list(numbers(rows, view.key))) if enough else None)
    if view.kind in (ColumnKind.TEXT, ColumnKind.LONG):
        told = sorted((str(one) for one in given), key=lambda one: (one.casefold(), one))
        return replace(bare, texts=tuple(told) if enough else ())
    return replace(bare, summed=False)


def _titles(view: ColumnView, language: str) -> Mapping[str, str]:
    """Give what may be chosen, by key; nothing in a column that is written in."""
    if view.kind is ColumnKind.YES_NO:
        return dict(zip(YES_NO, ("Yes", "No") if language == "en" else ("Ja", "Nej"), strict=True))
    return dict(view.options) if view.kind is ColumnKind.LEVEL else {}


def _shares(view: ColumnView, rows: Sequence[Row], titles: Mapping[str, str]) -> tuple[Share, ...]:
    counts = dict.fromkeys(titles, 0)
    blank = 0
    for row in rows:
        chosen = _chosen(view, row.get(view.key))
        blank += not chosen
        for key in chosen:
            counts[key] = counts.get(key, 0) + 1
    if blank:
        counts[NONE] = blank
    return tuple(
        _share(one, {**titles, NONE: NONE}, len(rows))
        for one in tally(counts, several=view.several)
    )


def _chosen(view: ColumnView, cell: Cell) -> Sequence[str]:
    if cell in (None, ""):
        return ()
    if isinstance(cell, bool):
        return (YES_NO[0] if cell else YES_NO[1],)
    return view.chosen(str(cell))


def _share(one: Tally, titles: Mapping[str, str], whole: int) -> Share:
    return Share(
        levels=tuple(titles.get(key, key) for key in one.levels),
        count=None if one.few else one.count,
        percent=None if one.few else _percent(one.count, whole),
    )


def _figures(found: Sequence[Decimal]) -> Figures | None:
    if not found:
        return None
    mean = sum(found, Decimal()) / len(found)
    return Figures(
        count=len(found),
        mean=mean.quantize(_TENTH, ROUND_HALF_UP),
        lowest=min(found),
        highest=max(found),
    )


def _percent(part: int, whole: int) -> int:
    """Round half up, as people do."""
    return (200 * part + whole) // (2 * whole) if whole else 0
