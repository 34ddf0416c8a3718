"""How an import is done, and what it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["Rules", "TableReport", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """What an import did to one table, by name, in the order of the file."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    """Not in the file, and ended the day before."""
    left: tuple[str, ...] = ()
    """Not in the file, and left as they are."""
    kept: tuple[str, ...] = ()
    """Another by hand than in the file, which says what it said before, and kept so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How an import is done."""

    today: date
    end_missing: bool = False
    files_win: bool = False
    """Over what has been changed by hand."""
    by_hand_at: datetime | None = None
    """When it is itself a change by hand, and no import."""

    @property
    def last_day(self) -> date | None:
        """Give the last day of what is missing; None when it is left."""
        return self.today - timedelta(days=1) if self.end_missing else None

    @property
    def is_by_hand(self) -> bool:
        """Say whether it is a change by hand."""
        return self.by_hand_at is not None


def report(
    added: Sequence[str],
    changed: Sequence[str],
    missing: Sequence[str],
    last_day: date | None,
    kept: Sequence[str] = (),
) -> TableReport:
    """Say what was done; what is missing has ended when there is a last day."""
    return TableReport(
        added=tuple(added),
        changed=tuple(changed),
        ended=() if last_day is None else tuple(missing),
        left=tuple(missing) if last_day is None else (),
        kept=tuple(kept),
    )
