"""A clock that stands until it is put forward."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from workflow.core import plan
from workflow.core.definition import Definition

__all__ = ["START", "Clock", "at"]

START = datetime(2009, 1, 12, 8, 0, tzinfo=UTC)
"""A Monday."""


def at(day: str, clock: str = "09:00") -> datetime:
    """Give an instant by its local day and time in Stockholm."""
    zone = Definition.model_fields["zone"].default
    return plan.wall_time(date.fromisoformat(day), time.fromisoformat(clock), zone)


@dataclass
class Clock:
    """Gives the instant it stands at to whoever asks, with whatever they ask."""

    now: datetime = START

    def __call__(self, *_: object) -> datetime:
        return self.now

    def put(self, day: str, clock: str = "09:00") -> None:
        """Put it to a local day and time; never back."""
        self.now = max(self.now, at(day, clock))

    def forward(self, **span: float) -> None:
        """Put it forward by a span, e.g. days=3."""
        self.now += timedelta(**span)
