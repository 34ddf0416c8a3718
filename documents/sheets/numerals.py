"""Numbers as people write them in Swedish spreadsheets; what can mean two things is asked about."""

import math
import re
from decimal import Decimal
from typing import Final

from documents.sheets.unfit import UnfitError
from workflow.core.definition import WHOLE
from workflow.core.material import DECIMALS, MOST

__all__ = ["read_number"]

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]")
_GROUPED: Final = re.compile(r"\d{1,3}( \d{3})+([.,]\d+)?")
_DIGITS: Final = re.compile(r"\d+")
_ONE_SIGN: Final = re.compile(r"(\d*)([.,])(\d+)")
_SIGN_GROUPS: Final = re.compile(r"\d{1,3}(([.,])\d{3}(\2\d{3})*)([.,]\d+)?")
_UNIT: Final = re.compile(r"(?P<number>.*?)\s*(?P<unit>[A-Za-z]+\.?|%)", re.DOTALL)
_EXPONENT: Final = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
_NO_NUMBERS: Final = ("nan", "inf", "infinity", "-inf", "+inf", "-infinity")
_SHOWN: Final = 60


def read_number(cell: float | str, kind: str) -> Decimal:
    """Read a number of a column of some kind: `integer`, `tkr`, `number` or `percent`.

    Raises: UnfitError.
    """
    number = _from_float(cell) if isinstance(cell, float) else _from_text(cell.strip(), kind)
    whole = kind in WHOLE
    shown = _shown(cell)
    if whole and number != number.to_integral_value():
        raise UnfitError(
            "not_whole",
            f"skriv hela tal, till exempel 480; här står ”{shown}”.",
            f"write a whole number, for example 480; it says “{shown}”.",
        )
    exponent = number.normalize().as_tuple().exponent
    if abs(number) > MOST or (isinstance(exponent, int) and exponent < -DECIMALS):
        raise _not_computable(shown)
    return number


def _from_float(cell: float) -> Decimal:
    if not math.isfinite(cell):
        raise _not_computable(str(cell))
    # As Excel shows it: 0.1 + 0.2 is 0.3.
    return Decimal(format(cell, ".15g"))


def _from_text(text: str, kind: str) -> Decimal:
    if text.casefold() in _NO_NUMBERS or _EXPONENT.fullmatch(text):
        raise _not_computable(text)
    bare = _without_unit(text, kind)
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1].strip(), True
    if bare[:1] in ("-", "\u2212", "\u2013") and not negative:
        bare, negative = bare[1:].strip(), True
    elif bare[:1] == "+":
        bare = bare[1:].strip()
    number = _unsigned(bare, text, kind)
    return -number if negative else number


def _without_unit(text: str, kind: str) -> str:
    """Take away the unit; one that is not the column's is told, never computed with."""
    found = _UNIT.fullmatch(text)
    if not found or not any(one.isdigit() for one in found["number"]):
        return text
    unit = found["unit"].casefold().rstrip(".")
    if unit == "%" and kind == "percent":
        return found["number"].strip()
    if unit == "tkr" and kind != "percent":
        return found["number"].strip()
    wanted = {"percent": ("procent", "per cent"), "tkr": ("tusental kronor (tkr)", "tkr")}.get(
        kind, ("bara tal", "numbers only")
    )
    raise UnfitError(
        "other_unit",
        f"här står ”{_shown(text)}”; skriv {wanted[0]}, utan enhet.",
        f"it says “{_shown(text)}”; write {wanted[1]}, without a unit.",
    )


def _unsigned(bare: str, text: str, kind: str) -> Decimal:
    plain = _SPACES.sub(" ", bare)
    if not plain.isascii():
        raise _no_number(text)
    if _DIGITS.fullmatch(plain):
        return Decimal(plain)
    if _GROUPED.fullmatch(plain):
        return Decimal(plain.replace(" ", "").replace(",", "."))
    if found := _ONE_SIGN.fullmatch(plain):
        _ask_if_two(found, text, kind)
        return Decimal(f"{found[1] or '0'}.{found[3]}")
    if (found := _SIGN_GROUPS.fullmatch(plain)) and (found[4] or "")[:1] != found[2]:
        grouped = plain[: found.end(1)].replace(found[2], "")
        return Decimal(grouped + (found[4] or "").replace(",", "."))
    raise _no_number(text)


def _ask_if_two(found: re.Match[str], text: str, kind: str) -> None:
    """Ask about what may be thousands or decimals: 1.200, and 1,200 where none are expected."""
    before, sign, after = found[1], found[2], found[3]
    grouped = len(after) == 3 and 0 < len(before) <= 3 and not before.startswith("0")
    if grouped and (sign == "." or kind in WHOLE):
        one, other = f"{before}{after}", f"{before},{after}"
        raise UnfitError(
            "two_meanings",
            f"”{_shown(text)}” kan vara {one} eller {other}; skriv vilket.",
            f"“{_shown(text)}” may be {one} or {other}; write which.",
        )


def _no_number(text: str) -> UnfitError:
    return UnfitError(
        "no_number",
        f"”{_shown(text)}” är inget tal; skriv till exempel 480.",
        f"“{_shown(text)}” is not a number; write for example 480.",
    )


def _not_computable(text: str) -> UnfitError:
    return UnfitError(
        "no_number",
        f"”{_shown(text)}” är inget tal som går att räkna med; skriv ut det med siffror.",
        f"“{_shown(text)}” is not a number to compute with; write it out in digits.",
    )


def _shown(cell: float | str) -> str:
    return str(cell) if isinstance(cell, float) else cell[:_SHOWN]
