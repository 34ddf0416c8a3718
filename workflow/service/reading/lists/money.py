"""The money of a list on one screen: what frees it, what costs, what pays for what, and
what becomes of each row.

Nothing here knows what the rows are about: amounts above zero free, those below cost; the
kinds, the states, the owner and the day are the list's own columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from workflow.core.material import matches
from workflow.core.weighing import Amount, Weighed
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.balance import Balance
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.page import ListPage, ListRow
from workflow.service.reading.lists.payments import Links, links_of, paying_column

__all__ = ["Money", "Pending", "StateSum", "Step", "money_of"]

PERSON: Final = "person"
DATE: Final = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of one of the two columns, with the amounts down to it."""

    row: ListRow
    running: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSum:
    """The rows of one state."""

    key: str
    """Empty for rows that have none yet."""
    title: str
    count: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A row of which somebody is to find something out."""

    row: ListRow
    state: str
    owner: str
    """Name; empty where none is given."""
    day: date | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a list comes to above a line."""

    page: ListPage
    line: int | None
    """The position behind which it lies here; None for no line."""
    freed: tuple[Step, ...]
    costs: tuple[Step, ...]
    balance: Balance
    """Kind by kind."""
    weighed: Weighed
    """Unit by unit."""
    whole: Weighed
    """Of the whole list."""
    pays: bool
    """The list says what pays for what."""
    links: Links
    state_column: ListColumn | None
    """The list's own first column of levels."""
    states: tuple[StateSum, ...]
    pending: tuple[Pending, ...]
    """In the order of their days; those without one last."""


def money_of(page: ListPage, line: int | None, today: date) -> Money:
    """Weigh the rows above a line; all of them without one."""
    rows = page.rows if line is None else page.rows[:line]
    states = next((one for one in page.own if one.kind is ColumnKind.LEVEL), None)
    return Money(
        page=page,
        line=line,
        freed=_steps([row for row in rows if row.amount > 0]),
        costs=_steps([row for row in rows if row.amount < 0]),
        balance=page.balance(line),
        weighed=page.weighed(line),
        whole=page.weighed(None),
        pays=bool(paying_column(page)),
        links=links_of(page, rows),
        state_column=states,
        states=tuple(_states(page.rows, states)) if states else (),
        pending=_pending(page, states, today),
    )


def _steps(rows: Sequence[ListRow]) -> tuple[Step, ...]:
    sums = accumulate(row.amount for row in rows)
    return tuple(Step(row=row, running=to) for row, to in zip(rows, sums, strict=True))


def _states(rows: Sequence[ListRow], column: ListColumn) -> Iterator[StateSum]:
    for key, title in (*column.levels.items(), ("", "")):
        some = [row for row in rows if str(row.raw.get(column.key) or "") == key]
        if key or some:
            amount = sum(row.amount for row in some)
            yield StateSum(key=key, title=title, count=len(some), amount=amount)


def _pending(page: ListPage, states: ListColumn | None, today: date) -> tuple[Pending, ...]:
    """Give the rows that need their owner and day, or have them."""
    owner = next((one for one in page.own if one.type == PERSON), None)
    day = next((one for one in page.own if one.type == DATE), None)
    if owner is None or day is None:
        return ()
    found = []
    for row in page.rows:
        needed = any(one.required and matches(row.raw, one.required) for one in (owner, day))
        due, who = page.cell(row, day.key), page.cell(row, owner.key)
        if needed or due is not None or who is not None:
            until = due if isinstance(due, date) else None
            found.append(
                Pending(
                    row=row,
                    state=str(page.cell(row, states.key) or "") if states else "",
                    owner=str(who or ""),
                    day=until,
                    is_late=until is not None and until < today,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.day or date.max, one.row.position)))
