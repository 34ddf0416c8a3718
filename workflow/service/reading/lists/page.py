"""A list as a page or a paper shows it: its rows, its columns, and what is read of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.core.facts import Row
from workflow.core.weighing import Amount, Weighed, weigh
from workflow.service.reading.lists.balance import Balance, balance_of
from workflow.service.reading.lists.columns import ListColumn, Value
from workflow.service.reading.lists.moves import Move
from workflow.service.reading.lists.provenance import Provenance
from workflow.store.deeds import End

__all__ = ["Against", "ListPage", "ListRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A row that lies behind this one here, and before it where both come from."""

    number: int
    name: str
    position: int
    why: str
    """The last reason that was given for moving either; empty when there is none."""
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A row of a list."""

    position: int
    """Counted from 1."""
    number: int
    version: int
    name: str
    cells: tuple[Value, ...]
    """In the order of the columns."""
    raw: Row
    """The cells as they are stored, of all columns that the reader sees."""
    amount: Amount
    """Of the column that is summed first; 0 for none."""
    running: Amount
    """The amounts down to this row."""
    source: Provenance | None
    """The nearest list or table it comes from; None when it is gone."""
    root: Provenance | None
    """Where it was filled in; None when that is where it comes from, or gone."""
    moves: tuple[Move, ...]
    """Oldest first."""
    against: tuple[Against, ...]

    @property
    def unit(self) -> str:
        """Name of the unit that filled it in; empty when that is gone."""
        at = self.root or self.source
        return at.unit if at else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list, as a page or a paper shows it."""

    case: str
    case_title: str
    round: str
    round_title: str
    reference: str
    table: str
    title: str
    help: str
    columns: tuple[ListColumn, ...]
    rows: tuple[ListRow, ...]
    naming: str
    """Key of the column that names the rows; empty when there is none."""
    kinds: str
    """Key of the first column of levels, by which amounts are told apart; empty for none."""
    amount: str
    """Key of the column that is summed down the list; empty for none."""
    totals: Mapping[str, Amount]
    """Sums by column."""
    units: tuple[str, ...]
    """Names of the units that the rows were filled in by, in the order they come."""
    means: Mapping[str, Amount]
    """What those units have, by name, where that is known."""
    line: int | None
    """The position behind which the line lies, 0 above the first; None where none is drawn."""
    releases: bool
    """The reader leads, and may release what of it may be published."""
    movable: bool
    """The reader may put the rows in another order, and draw the line, now."""
    writable: bool
    """The reader may fill in the list's own columns now."""
    end: End
    """The last entry of the round's log."""

    def column(self, key: str) -> ListColumn | None:
        """Give a column."""
        return next((one for one in self.columns if one.key == key), None)

    def row(self, number: int) -> ListRow | None:
        """Give a row by its number."""
        return next((row for row in self.rows if row.number == number), None)

    def cell(self, row: ListRow, key: str) -> Value:
        """Give a cell of a row."""
        keys = [column.key for column in self.columns]
        return row.cells[keys.index(key)] if key in keys else None

    def balance(self, line: int | None) -> Balance:
        """Weigh the rows above a line after a position; all of them without one."""
        column = self.column(self.kinds)
        above = self.rows if line is None else self.rows[:line]
        weighed = [(str(self.cell(row, self.kinds) or ""), row.amount) for row in above]
        return balance_of(weighed, column.levels.values() if column else ())

    def weighed(self, line: int | None) -> Weighed:
        """Weigh the same rows, unit by unit."""
        above = self.rows if line is None else self.rows[:line]
        return weigh(((row.unit, row.amount) for row in above), self.means)

    @property
    def own(self) -> tuple[ListColumn, ...]:
        """Give the columns that are written in the list itself."""
        return tuple(column for column in self.columns if column.own)
