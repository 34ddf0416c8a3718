"""What is filled in: reading the cells that came along, and what is still missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from workflow.core.columns import GIVEN_ELSEWHERE, column_of, columns_in
from workflow.core.definition import NUMBERS, WHOLE, Column, Definition, Scale, Table
from workflow.core.errors import Placed, Reason
from workflow.core.facts import Cell, Row
from workflow.core.phrases import Range

__all__ = [
    "DECIMALS",
    "MAX_ROWS",
    "MAX_TEXT",
    "MOST",
    "UnfitError",
    "is_required",
    "is_storable",
    "lacking",
    "matches",
    "read_cell",
    "read_rows",
    "unfit",
]

MAX_ROWS = 10_000
MAX_TEXT = {"text": 500, "long_text": 20_000}
MOST = 10**15
"""No number is greater, so that any program can compute with it."""
DECIMALS = 15
"""No number has more of them."""
DIGITS = 20
"""A number with so many before the point is not even looked at."""


def is_storable(text: str) -> bool:
    """Say whether both databases and UTF-8 can hold a text: no NUL, no half a character."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


class UnfitError(ValueError):
    """A cell cannot be read; says why in both languages."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(sv)
        self.sv = sv
        self.en = en


def read_rows(
    definition: Definition, table: Table, raw: Iterable[Mapping[str, object]], first: int = 1
) -> tuple[tuple[Row, ...], tuple[Reason, ...]]:
    """Read rows into cells. Gives the rows, and a reason for every cell that cannot be read.

    `first` is what the first row is called in a reason. Empty cells are left out. Whole
    numbers become int, decimals and days text in one form each, so that equal values are
    equal bytes. What only the round can tell, whether there is what a cell points at and of
    which type a row is, is not asked here (`references`).
    """
    rows: list[Row] = []
    wrong: list[Reason] = []
    for number, given in enumerate(raw, start=first):
        row: dict[str, Cell] = {}
        for key, value in given.items():
            column = _column(table, key)
            if column is None:
                keys = ", ".join(table.column)
                there = f"finns inte; kolumner: {keys}", f"does not exist; columns: {keys}"
                wrong.append(unfit(table, number, key, key, *there))
            elif value not in (None, []) and str(value).strip():
                try:
                    row[key] = read_cell(definition, column, value)
                except UnfitError as refused:
                    title = column.title
                    wrong.append(unfit(table, number, key, title, refused.sv, refused.en))
        rows.append({key: cell for key, cell in row.items() if cell != ""})
    if table.form and len(rows) > 1:
        one = "är ett formulär och har bara en rad", "is a form and has one row only"
        wrong.append(unfit(table, 2, "", table.title, *one))
    if len(rows) > MAX_ROWS:
        most = f"har högst {MAX_ROWS} rader", f"has at most {MAX_ROWS} rows"
        wrong.append(unfit(table, len(rows), "", table.title, *most))
    return tuple(rows), tuple(wrong)


def _column(table: Table, key: str) -> Column | None:
    """Give the column of a cell; the words of why another value than the suggested was
    chosen are a text of their own (`suggesting`)."""
    name, _, rest = key.partition(".")
    if rest != "reason":
        return column_of(table, key)
    column = table.column.get(name)
    if column is None or not column.suggest:
        return None
    return column.model_copy(update={"type": "long_text", "type_from": None, "several": False})


def unfit(table: Table, number: int, key: str, title: str, sv: str, en: str) -> Placed:
    """Give the reason for a cell that cannot be taken, by the row and the cell."""
    return Placed(
        "cell",
        f"{table.title}, rad {number}, {title}: {sv}.",
        f"{table.title}, row {number}, {title}: {en}.",
        place=f"{table.key}.{number}.{key}" if key else table.key,
        here_sv=f"{sv[:1].upper()}{sv[1:]}.",
        here_en=f"{en[:1].upper()}{en[1:]}.",
    )


def read_cell(definition: Definition, column: Column, value: object) -> Cell:
    """Read what stands in a column of a type.

    Raises: UnfitError.
    """
    kind = column.type or (GIVEN_ELSEWHERE if column.type_from else "text")
    if column.several and kind in definition.scale:
        return _read_levels(definition.scale[kind], value)
    if kind == "row" or (kind == "file" and not isinstance(value, bool)):
        return _read_numbers(column, value)
    text = str(value).strip()
    if not isinstance(value, str | int | float):
        short = text[:60]
        raise UnfitError(f"”{short}” är inte ett enda värde", f'"{short}" is not a single value')
    if not is_storable(text):
        raise UnfitError(
            "texten har tecken som inte går att spara", "it has characters that cannot be saved"
        )
    if kind in definition.scale:
        return _read_level(definition.scale[kind], text)
    if kind in NUMBERS:
        return _read_number(column, kind, text)
    if kind in ("date", "yes_no"):
        return _read_date(text) if kind == "date" else _read_yes_no(value, text)
    if kind == GIVEN_ELSEWHERE and isinstance(value, bool):
        text = "yes" if value else "no"
    limit = MAX_TEXT.get("long_text" if kind == GIVEN_ELSEWHERE else kind, MAX_TEXT["text"])
    if len(text) > limit:
        raise UnfitError(
            f"texten har {len(text)} tecken, högst {limit} går",
            f"it has {len(text)} characters, and {limit} at most will do",
        )
    return text


def _read_level(scale: Scale, text: str) -> Cell:
    if text not in scale.levels:
        there = ", ".join(scale.levels)
        raise UnfitError(
            f"”{text}” är ingen nivå; välj {there}", f'"{text}" is no level; choose {there}'
        )
    return text


def _read_levels(scale: Scale, value: object) -> Cell:
    """Read several levels, from a list or with commas between, into the scale's own order."""
    given = value if isinstance(value, list) else str(value).replace(";", ",").split(",")
    chosen = {str(one).strip() for one in given} - {""}
    unknown = sorted(chosen - scale.levels.keys())
    if unknown:
        there, first = ", ".join(scale.levels), unknown[0][:60]
        raise UnfitError(
            f"”{first}” är ingen nivå; välj bland {there}",
            f'"{first}" is no level; choose among {there}',
        )
    return ",".join(level for level in scale.levels if level in chosen)


def _read_numbers(column: Column, value: object) -> Cell:
    """Read the number of a row or a file; of several, from a list or with commas between,
    by rising number."""
    given = value if isinstance(value, list) else str(value).replace(";", ",").split(",")
    numbers: set[int] = set()
    for one in given:
        text = str(one).strip()
        if text and not (text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text)):
            short = text[:60]
            raise UnfitError(
                f"”{short}” är inget nummer; skriv till exempel 3",
                f'"{short}" is no number; write for example 3',
            )
        numbers.update([int(text)] if text else [])
    if len(numbers) > 1 and not column.several:
        raise UnfitError("välj en enda", "choose a single one")
    return ",".join(str(one) for one in sorted(numbers))


def _read_yes_no(value: object, text: str) -> Cell:
    word = text.casefold()
    if isinstance(value, bool) or word in ("yes", "no", "ja", "nej"):
        return value is True or word in ("yes", "ja")
    raise UnfitError(f"”{text}” är varken ja eller nej", f'"{text}" is neither yes nor no')


def _read_date(text: str) -> Cell:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UnfitError(
            f"”{text}” är ingen dag; skriv till exempel 2009-02-27",
            f'"{text}" is no day; write for example 2009-02-27',
        ) from None


def _read_number(column: Column, kind: str, text: str) -> Cell:
    plain = text.replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")
    plain = plain.replace(" ", "").replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if kind == "percent":
        plain = plain.removesuffix("%")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise UnfitError(f"”{text}” är inget tal", f'"{text}" is not a number') from None
    exponent = number.as_tuple().exponent
    small = isinstance(exponent, int) and exponent >= -DECIMALS and number.adjusted() < DIGITS
    if not small or abs(number) > MOST:
        raise UnfitError(
            f"”{text}” är inget tal som går att räkna med",
            f'"{text}" is not a number to compute with',
        )
    if kind in WHOLE and number != number.to_integral_value():
        raise UnfitError(
            f"skriv hela tal, till exempel 480; du skrev ”{text}”",
            f'write a whole number, for example 480; you wrote "{text}"',
        )
    if column.min is not None and number < Decimal(str(column.min)):
        least = f"{column.min:g}"
        raise UnfitError(
            f"minst {least}; du skrev ”{text}”", f'at least {least}; you wrote "{text}"'
        )
    if column.max is not None and number > Decimal(str(column.max)):
        most = f"{column.max:g}"
        raise UnfitError(f"högst {most}; du skrev ”{text}”", f'at most {most}; you wrote "{text}"')
    return int(number) if kind in WHOLE else format(number.normalize() + 0, "f")


def matches(row: Row, match: Mapping[str, Any]) -> bool:
    """Say whether a row fulfils a match; an empty cell fulfils none."""
    for column, wanted in match.items():
        value = row.get(column)
        if isinstance(wanted, Range):
            if not isinstance(value, int) or not wanted.first <= value <= wanted.last:
                return False
        elif not _levels(value).intersection(wanted):
            return False
    return True


def _levels(value: Cell) -> set[str]:
    """Give the levels of a cell: one, or several with commas between."""
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    return set() if value is None else {str(value), *str(value).split(",")}


def is_required(column: Column, row: Row) -> bool:
    """Say whether a row must have something in a column."""
    if isinstance(column.required, dict):
        return matches(row, column.required)
    return column.required


def lacking(table: Table, rows: Sequence[Row], year: int = 0) -> Iterator[Reason]:
    """Give a reason for each thing a table still lacks to be complete, in row order.

    `year` is the round's: a column with years is needed for each of them.
    """
    columns = columns_in(table, year).values()
    least = 1 if table.form and any(c.required is True for c in table.column.values()) else 0
    least = max(least, table.min_rows)
    if len(rows) < least:
        sv = "minst en rad" if least == 1 else f"minst {least} rader"
        sv, en = f"{sv} behövs, {len(rows)} finns.", f"at least {least} needed, {len(rows)} there."
        yield Placed(
            "complete",
            f"{table.title}: {sv}",
            f"{table.title}: {en}",
            place=table.key,
            here_sv=sv[:1].upper() + sv[1:],
            here_en=en[:1].upper() + en[1:],
        )
    for number, row in enumerate(rows, start=1):
        for column in columns:
            needed = is_required(column, row)
            if needed and row.get(column.key) in (None, ""):
                yield Placed(
                    "complete",
                    f"{table.title}, rad {number}: {column.title} saknas.",
                    f"{table.title}, row {number}: {column.title} is missing.",
                    place=f"{table.key}.{number}.{column.key}",
                    here_sv=f"{column.title} saknas.",
                    here_en=f"{column.title} is missing.",
                )
