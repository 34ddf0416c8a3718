"""A form and its rows as an Excel workbook: a template to fill in, empty or with rows in it."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # no types
from xlsxwriter.utility import xl_range_abs  # type: ignore[import-untyped]  # no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # no types

from documents.sheets.form import (
    NUMBER_TITLE,
    FormColumn,
    SheetForm,
    SheetRow,
    headings,
    labels,
    typed,
)
from documents.sheets.guide import guide_lines
from documents.sheets.stamp import GUIDE_NAME, LISTS_NAME, SHEET_NAME, stamp_lines
from documents.sheets.words import refusal
from workflow.core.definition import DECIMAL, NUMBERS
from workflow.core.facts import Cell
from workflow.core.material import MAX_ROWS

__all__ = ["EXACT_DIGITS", "TYPE", "shown_levels", "write_xlsx"]

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT_DIGITS: Final = 15
"""Significant digits that Excel keeps of a number (Microsoft, "Excel specifications and
limits"); one with more is written as text, so that none is lost."""
_MOST_UNITS: Final = 32_767
"""Characters in a cell, counted as UTF-16 does."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS: Final[Mapping[str, int]] = {"text": 28, "long_text": 50, "level": 20, "levels": 28}
_NUMBER_FORMATS: Final[Mapping[str, str]] = {
    "integer": "#,##0",
    "tkr": "#,##0",
    "date": "yyyy-mm-dd",
    "text": "@",
    "long_text": "@",
    "levels": "@",
}


class _Looks:
    """The formats of a workbook's cells, made once each."""

    def __init__(self, book: Workbook) -> None:
        self.heading: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EEF2"}
        )
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.shaded: Format = book.add_format({"font_color": "#555555", "valign": "top"})
        self._book = book
        self._made: dict[tuple[str, bool], Format] = {}

    def of(self, column: FormColumn) -> Format:
        """Give the format of a column's cells."""
        sort = _NUMBER_FORMATS.get(column.kind, "General")
        key = sort, column.read_only
        if key not in self._made:
            look: dict[str, object] = {"num_format": sort, "valign": "top", "text_wrap": True}
            if column.read_only:
                look |= {"font_color": "#555555", "bg_color": "#F4F4F4"}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def write_xlsx(form: SheetForm, rows: Sequence[SheetRow], *, created: datetime) -> bytes:
    """Write a form with its rows, or none, as a workbook; the same of the same, byte for byte.

    Raises: BadInput when a text is longer than a cell of Excel can hold.
    """
    target = io.BytesIO()
    book = Workbook(target, _OPTIONS)
    book.set_properties({"title": form.title, "created": created.replace(tzinfo=None)})
    looks = _Looks(book)
    sheet = book.add_worksheet(form.sheet)
    _write_headings(sheet, form, looks)
    _write_rows(sheet, form, rows, looks)
    _write_guide(book.add_worksheet(GUIDE_NAME), form, looks)
    _write_lists(book.add_worksheet(LISTS_NAME), sheet, form)
    _write_stamp(book.add_worksheet(SHEET_NAME), form, rows)
    sheet.activate()
    book.close()
    return target.getvalue()


def shown_levels(column: FormColumn, value: str) -> str:
    """Write levels, which are kept by their keys, with their titles."""
    words = labels(column)
    return "; ".join(words.get(key.strip(), key.strip()) for key in value.split(","))


def _write_headings(sheet: Worksheet, form: SheetForm, looks: _Looks) -> None:
    sheet.write_string(0, 0, NUMBER_TITLE, looks.heading)
    sheet.set_column(0, 0, 6, looks.shaded)
    for at, (column, heading) in enumerate(zip(form.columns, headings(form), strict=True), start=1):
        sheet.write_string(0, at, heading, looks.heading)
        sheet.set_column(at, at, _WIDTHS.get(column.kind, 14), looks.of(column))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write_rows(sheet: Worksheet, form: SheetForm, rows: Sequence[SheetRow], looks: _Looks) -> None:
    columns = [(column, looks.of(column)) for column in form.columns]
    for at, row in enumerate(rows, start=1):
        if row.number is not None:
            sheet.write_number(at, 0, row.number, looks.shaded)
        for across, (column, look) in enumerate(columns, start=1):
            value = row.cells.get(column.key)
            if value is not None and value != "":
                own = typed(column, row.cells)
                _write_cell(
                    sheet, (at, across), own, value, look if own is column else looks.of(own)
                )


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], column: FormColumn, value: Cell, look: Format
) -> None:
    """Write a value as what it is: a number as a number, a day as a day, and text as text."""
    if column.kind == "date" and (day := _day(value)):
        sheet.write_datetime(*at, day, look)
    elif column.kind in NUMBERS and (number := _exact(value)):
        sheet.write_number(*at, number[0], look)
    else:
        text = _text(column, value)
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > _MOST_UNITS:
            raise refusal("long_to_write", row=at[0] + 1, heading=column.title)
        sheet.write_string(*at, text, look)


def _text(column: FormColumn, value: Cell) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if column.kind in ("level", "levels"):
        return shown_levels(column, str(value))
    if column.kind in DECIMAL:
        return str(value).replace(".", ",")
    return str(value)


def _exact(value: Cell) -> tuple[float] | None:
    """Give a number that Excel can keep whole, and nothing for any other."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        return None
    return (float(number),)


def _day(value: Cell) -> date | None:
    """Give a day that Excel can keep, and nothing for one before its time."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day >= date(1950, 1, 1) else None


def _write_guide(sheet: Worksheet, form: SheetForm, looks: _Looks) -> None:
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 2, 60)
    for at, line in enumerate(guide_lines(form)):
        for across, text in enumerate(line.cells):
            look = looks.wrapped if len(line.cells) > 1 else None
            sheet.write_string(at, across, text, looks.heading if line.heads else look)


def _write_lists(lists: Worksheet, sheet: Worksheet, form: SheetForm) -> None:
    """Write what can be chosen, and let the cells of each such column offer it.

    The lists stand in cells of their own: a list within the validation is cut at commas,
    and holds 255 characters.
    """
    lists.hide()
    for across, column in enumerate(form.columns):
        words = list(labels(column).values()) if column.levels else []
        if column.kind == "yes_no":
            words = ["Ja", "Nej"]
        if not words or column.read_only:
            continue
        lists.write_column(0, across, words)
        strict = column.kind != "levels"
        rule = {
            "validate": "list",
            "source": f"='{LISTS_NAME}'!{xl_range_abs(0, across, len(words) - 1, across)}",
            "ignore_blank": True,
            "show_error": strict,
            "error_title": "Välj ur listan",
            "error_message": "Välj ett av värdena i listan, eller töm rutan.",
        }
        sheet.data_validation(1, across + 1, MAX_ROWS, across + 1, rule)


def _write_stamp(sheet: Worksheet, form: SheetForm, rows: Sequence[SheetRow]) -> None:
    """Write for what the template was made, and which versions its rows had."""
    sheet.very_hidden()
    for at, line in enumerate(stamp_lines(form, rows)):
        for across, text in enumerate(line):
            sheet.write_string(at, across, text)
