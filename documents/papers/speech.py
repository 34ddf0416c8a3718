"""Days, instants and amounts as Swedish papers write them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from documents.papers.paper import Amount, Cell, Kind, Move, Stamp
from workflow.core.days import say_day

__all__ = [
    "say_amount",
    "say_cell",
    "say_date",
    "say_instant",
    "say_move",
    "say_percent",
    "say_stamp",
]

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"
MINUS: Final = "−"
HOME: Final = ZoneInfo("Europe/Stockholm")
"""Swedish time, as the meetings that the papers are for."""


def say_amount(amount: Amount, *, signed: bool = False) -> str:
    """Write a number in thin groups with a decimal comma, e.g. "−18 830,5"."""
    number = Decimal(amount)
    whole, _, part = f"{number.copy_abs():,f}".partition(".")
    plus = "+" if signed and number > 0 else ""
    sign = MINUS if number < 0 else plus
    return sign + whole.replace(",", THIN) + ("," + part if part else "")


def say_percent(share: Decimal | None) -> str:
    """Write a share, e.g. "4,0 %"; nothing when it is not known."""
    return "" if share is None else f"{say_amount(share)}{NBSP}%"


def say_date(day: date | None) -> str:
    """Write a day that never breaks over lines, e.g. "tors 22 okt 2026"."""
    return "" if day is None else say_day(day).replace(" ", NBSP)


def say_instant(at: datetime) -> str:
    """Write day and time in Sweden, e.g. "tors 22 okt 2026 kl. 14.05"."""
    local = at.astimezone(HOME)
    return f"{say_date(local.date())} kl.{NBSP}{local.hour}.{local:%M}"


def say_move(move: Move) -> str:
    """Write one move: from where to where, why, who and when."""
    moved = f"Flyttad från plats{NBSP}{move.before} till{NBSP}{move.after}"
    words = f"{moved}: {move.why}" if move.why else moved
    stop = "" if words.endswith((".", "?", "!")) else "."
    return f"{words}{stop} {move.who}, {say_instant(move.at)}."


def say_stamp(stamp: Stamp) -> str:
    """Write what stands at the foot of every page."""
    reference = f"dnr{NBSP}{stamp.reference}" if stamp.reference else ""
    entry = f"loggrad{NBSP}{say_amount(stamp.entry)}"
    parts = (stamp.region, stamp.round_title, reference, entry, say_instant(stamp.at))
    return ", ".join(part for part in parts if part)


def say_cell(kind: Kind, cell: Cell) -> str:
    """Write a cell as it is printed; an empty one is an empty text."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return say_date(cell)
    if kind in {Kind.AMOUNT, Kind.NUMBER} and not isinstance(cell, str):
        return say_amount(cell)
    return str(cell)
