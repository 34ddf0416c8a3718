"""What a command prints: one JSON document, or tables and lines for a person.

A reader that closes the pipe (`| head -1`) has what it wanted: the rest is thrown
away and the command ends as it would have. What a terminal cannot show is replaced.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

__all__ = [
    "Paper",
    "counted",
    "deadline",
    "finish",
    "local_time",
    "named_day",
    "named_time",
    "paper",
    "plain",
    "pour",
    "print_json",
    "say",
    "show_table",
    "tell",
]

ZONE: Final = ZoneInfo("Europe/Stockholm")
WIDTH: Final = 10_000
"""Columns: a line stays whole, for grep and for copying, and the terminal folds it."""
WEEKDAYS: Final = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
MONTHS: Final = "jan feb mars april maj juni juli aug sep okt nov dec".split()


class Paper(Console):
    """A console that goes on in silence when its reader has left."""

    def on_broken_pipe(self) -> None:
        """Throw away the rest."""
        _hush(self.file)


def paper(*, to_stderr: bool = False) -> Paper:
    """Give what is written on: stdout, or stderr."""
    return Paper(stderr=to_stderr, soft_wrap=True, highlight=False, width=WIDTH)


def say(text: str) -> None:
    """Say a line on stdout."""
    paper().print(text, markup=False)


def tell(text: str) -> None:
    """Say a line on stderr."""
    paper(to_stderr=True).print(text, markup=False)


def print_json(value: object, *, to_stderr: bool = False) -> None:
    """Print one JSON document on a line. Beyond UTF-8 it is written in ASCII."""
    stream = sys.stderr if to_stderr else sys.stdout
    ascii_only = (stream.encoding or "").lower().replace("-", "") != "utf8"
    try:
        print(json.dumps(value, ensure_ascii=ascii_only, default=plain), file=stream)
    except BrokenPipeError:
        _hush(stream)


def pour(parts: Iterable[str]) -> None:
    """Write text as it is, in UTF-8 whatever the terminal's own encoding, piece by piece."""
    try:
        for part in parts:
            sys.stdout.buffer.write(part.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _hush(sys.stdout)


def plain(value: object) -> Any:
    """Write what JSON has no word for: instants as ISO 8601 with Z, days as YYYY-MM-DD."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "_asdict"):
        return value._asdict()
    return str(value)


def show_table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Show rows under heads, or say that there are none."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not cells:
        say(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head)
    for row in cells:
        table.add_row(*row)
    sheet = paper()
    sheet.soft_wrap = False
    with sheet.capture() as drawn:
        sheet.print(table, markup=False)
    for line in drawn.get().splitlines():
        sheet.out(line.rstrip(), highlight=False)


def counted(count: int, one: str, many: str) -> str:
    """Write how many there are: 1 rad, 2 rader."""
    return f"{count} {one if count == 1 else many}"


def local_time(instant: datetime | str | None) -> str:
    """Write an instant in local time, to the minute."""
    if instant is None:
        return ""
    known = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return f"{known.astimezone(ZONE):%Y-%m-%d %H:%M}"


def deadline(due_at: datetime | None) -> str:
    """Write a deadline: the last day, with the hour when it is not the day's end."""
    if due_at is None:
        return ""
    local = due_at.astimezone(ZONE)
    if local.hour or local.minute:
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{date.fromordinal(local.toordinal() - 1):%Y-%m-%d}"


def named_day(day: date) -> str:
    """Write a day as people say it: tis 11 nov 2008."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def named_time(instant: datetime) -> str:
    """Write an instant as people say it, in local time: tis 11 nov 2008 kl. 15.00."""
    local = instant.astimezone(ZONE)
    return f"{named_day(local.date())} kl. {local:%H.%M}"


def finish() -> OSError | None:
    """Write out what waits; give what stopped it, other than a reader who left."""
    stopped: OSError | None = None
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _hush(stream)
        except OSError as error:
            _hush(stream)
            stopped = error
    return stopped


def _hush(stream: IO[str]) -> None:
    """Let everything more that is written go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
