"""Days, instants, distances and amounts as the pages write them, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from notifications import words as w
from notifications.voice import NBSP, Voice, voice
from workflow.core import plan
from workflow.core.files.unfit import say_size

__all__ = ["Speech", "speech"]


@dataclass(frozen=True, slots=True)
class Speech:
    """One language on one day."""

    voice: Voice
    today: date
    zone: str

    def day(self, day: date) -> str:
        """Write a day, e.g. "fre 27 feb"; with the year when it is another."""
        return self.voice.day(day, self.today)

    def whole_day(self, day: date) -> str:
        """Write a day in full, e.g. "tisdag 24 februari 2026"."""
        return format_date(day, "EEEE d MMMM y", locale=self.voice.language)

    def on(self, at: datetime) -> date:
        """Give the local day of an instant."""
        return plan.local_day(at, self.zone)

    def last_day(self, due_at: datetime) -> date:
        """Give the last day of a deadline, which is the end of a day."""
        return plan.due_on(due_at, self.zone)

    def clock(self, at: datetime) -> str:
        """Write the time of an instant, e.g. "kl. 10.42" or "at 10:42"."""
        local = at.astimezone(ZoneInfo(self.zone))
        if self.voice.language == "en":
            return f"at{NBSP}{local:%H:%M}"
        return f"kl.{NBSP}{local.hour}.{local:%M}"

    def instant(self, at: datetime) -> str:
        """Write day and time, e.g. "fre 27 feb kl. 10.42"."""
        return f"{self.day(self.on(at))} {self.clock(at)}"

    def distance(self, day: date) -> str:
        """Say how far a last day is, e.g. "om 3 arbetsdagar", "2 arbetsdagar sen"."""
        if day == self.today:
            return self.voice.say(w.TODAY)
        if day > self.today:
            left = plan.working_days_between(self.today, day)
            return self.voice.digits(w.DAYS_LEFT, left) if left else self.voice.say(w.BEFORE_NEXT)
        late = plan.working_days_between(day, self.today)
        return self.voice.digits(w.DAYS_LATE, late) if late else self.voice.say(w.JUST_PASSED)

    def tone(self, day: date) -> str:
        """Say how pressing a last day is: late, soon (three working days or less) or nothing."""
        if day < self.today:
            return "late"
        return "soon" if plan.working_days_between(self.today, day) <= 3 else ""

    def amount(self, value: Decimal | int | float | str) -> str:
        """Write a number with thin groups and, in Swedish, a decimal comma."""
        number = Decimal(str(value))
        whole, _, part = f"{number.copy_abs():,f}".partition(".")
        grouped = whole.replace(",", "\u202f")
        point = "." if self.voice.language == "en" else ","
        sign = "−" if number < 0 else ""
        return sign + grouped + (point + part if part else "")

    def size(self, count: int) -> str:
        """Write how large a file is, e.g. "412 kB", "1,4 MB"."""
        sv, en = say_size(count)
        return en if self.voice.language == "en" else sv

    def names(self, names: Sequence[str]) -> str:
        """Join names: "Anna, Bo och Karin"."""
        return self.voice.names(names)

    def number(self, n: int) -> str:
        """Write a number as a word up to twelve."""
        return self.voice.number(n)


def speech(language: str, today: date, zone: str) -> Speech:
    """Give the way of one language on one day."""
    return Speech(voice(language), today, zone)
