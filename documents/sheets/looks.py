"""What the look of a cell in a workbook says of its number: that it is a day, or per cent."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from documents.sheets.grid import GridCell
from documents.sheets.markup import Attributes, Reader

__all__ = ["Look", "Looks", "as_day", "as_percent", "look_of"]

Look = Literal["number", "day", "percent", "time"]
# ECMA-376 Part 1, 18.8.30: the formats that have a number and no text, also those of East
# Asian languages.
_DAYS: Final = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_TIMES: Final = frozenset({18, 19, 20, 21, *range(45, 48)})
_PERCENTS: Final = frozenset({9, 10})
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What is shown as it stands in a format: text, spaces, colours, conditions, currencies."""
_LAST_DAY: Final = 2_958_465
"""31 December 9999."""
_SECONDS: Final = 86_400


def look_of(number: int, formats: Mapping[int, str]) -> Look:
    """Say what a number format makes of a number."""
    if number in formats:
        return _written_look(formats[number])
    if number in _PERCENTS:
        return "percent"
    if number in _TIMES:
        return "time"
    return "day" if number in _DAYS else "number"


def _written_look(code: str) -> Look:
    """Say the same of a format that is written out; only what it does to positive numbers."""
    bare = _QUOTED.sub("", code.partition(";")[0]).lower()
    if "%" in bare:
        return "percent"
    if re.search(r"general|standard", bare):
        return "number"
    if re.search(r"[yd]|mmm", bare) or ("m" in bare and not re.search(r"[hs]", bare)):
        return "day"
    return "time" if re.search(r"[hs]", bare) else "number"


class Looks(Reader):
    """Reads `styles.xml`: for each style of a cell, what it makes of a number."""

    def __init__(self) -> None:
        self.of: list[Look] = []
        self._formats: dict[int, str] = {}
        self._inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element."""
        if name == "cellXfs":
            self._inside = True
        elif name == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and self._inside:
            number = attributes.get("numFmtId", "0")
            self.of.append(look_of(int(number) if number.isdecimal() else 0, self._formats))

    def end(self, name: str) -> None:
        """End an element."""
        if name == "cellXfs":
            self._inside = False


def as_day(number: float, epoch: date) -> GridCell:
    """Give the day that a workbook keeps as a number, with its time when it has one."""
    if not 0 <= number <= _LAST_DAY:
        return number
    whole = int(number)
    seconds = round((number - whole) * _SECONDS)
    try:
        day = epoch + timedelta(days=whole)
        if not seconds % _SECONDS:
            return day + timedelta(days=seconds // _SECONDS)
    except OverflowError:
        return number
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001


def as_percent(number: float) -> str:
    """Write a number that is shown as per cent the way it is shown: 0.03 as "3 %"."""
    shown = (Decimal(format(number, ".15g")) * 100).normalize() + 0
    return f"{format(shown, 'f').replace('.', ',')} %"
