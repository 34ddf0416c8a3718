"""What is filled in: reading the cells that came along, and what is still missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from workflow.core.definition import Column, Definition, Match, Table
from workflow.core.errors import Reason
from workflow.core.facts import Cell, Row
from workflow.core.phrases import Range

__all__ = ["is_storable", "lacking", "matches", "read_rows"]

MAX_ROWS = 10_000
MAX_TEXT = {"text": 500, "long_text": 20_000}
WHOLE = ("integer", "tkr")
DECIMAL = ("number", "percent")
MOST = 10**15
"""No number is greater, so that any program can compute with it."""
DECIMALS = 15
"""No number has more of them."""


def is_storable(text: str) -> bool:
    """Say whether both databases and UTF-8 can hold a text: no NUL, no half a character."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def read_rows(
    definition: Definition, table: Table, raw: Iterable[Mapping[str, object]]
) -> tuple[tuple[Row, ...], tuple[Reason, ...]]:
    """Read rows into cells. Gives the rows, and a reason for every cell that cannot be read.

    Empty cells are left out. Whole numbers become int, decimals and days text in one
    form each, so that equal values are equal bytes.
    """
    rows: list[Row] = []
    wrong: list[Reason] = []
    for number, given in enumerate(raw, start=1):
        row: dict[str, Cell] = {}
        for key, value in given.items():
            if key not in table.column:
                wrong.append(_wrong(table, number, key, f"finns inte; kolumner: {_keys(table)}"))
            elif value is not None and str(value).strip():
                try:
                    row[key] = _read_cell(definition, table.column[key], value)
                except ValueError as refused:
                    wrong.append(_wrong(table, number, table.column[key].title, str(refused)))
        rows.append(row)
    if table.form and len(rows) > 1:
        wrong.append(_wrong(table, 2, table.title, "är ett formulär och har bara en rad"))
    if len(rows) > MAX_ROWS:
        wrong.append(_wrong(table, len(rows), table.title, f"har högst {MAX_ROWS} rader"))
    return tuple(rows), tuple(wrong)


def _keys(table: Table) -> str:
    return ", ".join(table.column)


def _wrong(table: Table, number: int, column: str, what: str) -> Reason:
    text = f"{table.title}, rad {number}, {column}: {what}."
    return Reason("cell", text, text)


def _read_cell(definition: Definition, column: Column, value: object) -> Cell:
    kind = column.type or "text"
    text = str(value).strip()
    if not isinstance(value, str | int | float):
        raise ValueError(f"”{text[:60]}” är inte ett enda värde")
    if not is_storable(text):
        raise ValueError("texten har tecken som inte går att spara")
    if kind in definition.scale:
        levels = definition.scale[kind].levels
        if text not in levels:
            raise ValueError(f"”{text}” är ingen nivå; välj {', '.join(levels)}")
        return text
    if kind in WHOLE or kind in DECIMAL:
        return _read_number(column, kind, text)
    if kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(f"”{text}” är ingen dag; skriv till exempel 2009-02-27") from None
    if kind == "yes_no":
        if isinstance(value, bool) or text in ("yes", "no", "ja", "nej"):
            return value is True or text in ("yes", "ja")
        raise ValueError(f"”{text}” är varken ja eller nej")
    limit = MAX_TEXT.get(kind, MAX_TEXT["text"])
    if len(text) > limit:
        raise ValueError(f"texten har {len(text)} tecken, högst {limit} går")
    return text


def _read_number(column: Column, kind: str, text: str) -> Cell:
    plain = text.replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")
    plain = plain.replace(" ", "").replace("\N{MINUS SIGN}", "-").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"”{text}” är inget tal") from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -DECIMALS or abs(number) > MOST:
        raise ValueError(f"”{text}” är inget tal som går att räkna med")
    if kind in WHOLE and number != number.to_integral_value():
        raise ValueError(f"skriv hela tal, till exempel 480; du skrev ”{text}”")
    if column.min is not None and number < Decimal(str(column.min)):
        raise ValueError(f"minst {column.min:g}; du skrev ”{text}”")
    if column.max is not None and number > Decimal(str(column.max)):
        raise ValueError(f"högst {column.max:g}; du skrev ”{text}”")
    return int(number) if kind in WHOLE else format(number.normalize() + 0, "f")


def matches(row: Row, match: Match) -> bool:
    """Say whether a row fulfils a match; an empty cell fulfils none."""
    for column, wanted in match.items():
        value = row.get(column)
        if isinstance(wanted, Range):
            if not isinstance(value, int) or not wanted.first <= value <= wanted.last:
                return False
        elif _as_level(value) not in wanted:
            return False
    return True


def _as_level(value: Cell) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def lacking(table: Table, rows: Sequence[Row]) -> Iterator[Reason]:
    """Give a reason for each thing a table still lacks to be complete, in row order."""
    least = 1 if table.form and any(c.required is True for c in table.column.values()) else 0
    least = max(least, table.min_rows)
    if len(rows) < least:
        words = "minst en rad" if least == 1 else f"minst {least} rader"
        yield Reason(
            "complete",
            f"{table.title}: {words} behövs, {len(rows)} finns.",
            f"{table.title}: at least {least} needed, {len(rows)} there.",
        )
    for number, row in enumerate(rows, start=1):
        for column in table.column.values():
            needed = column.required is True or (
                isinstance(column.required, dict) and matches(row, column.required)
            )
            if needed and row.get(column.key) in (None, ""):
                yield Reason(
                    "complete",
                    f"{table.title}, rad {number}: {column.title} saknas.",
                    f"{table.title}, row {number}: {column.title} is missing.",
                )
