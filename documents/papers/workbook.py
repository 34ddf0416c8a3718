"""A list as a workbook, where a text is a text and a number can be computed with."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it has no types

from documents.papers.flat import Flat, Head, flatten
from documents.papers.listing import Amount, Cell, Kind, List
from documents.papers.open_list import say_sums
from documents.papers.paper import Stamp
from documents.papers.speech import say_instant
from documents.papers.sums import sum_up
from documents.papers.unfit import unfit

__all__ = ["make_xlsx"]

MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Written as when it was made, so that the same list gives the same bytes."""

MOST_SIGNS: Final = 32_767
"""What one cell of Excel holds."""

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def make_xlsx(listing: List, *, stamp: Stamp | None = None) -> bytes:
    """Give a list as a workbook: the list, the units' shares, and of which entry of which
    round's log it is when it has a stamp.

    Raises:
        BadInput: a text is longer than a cell holds.
    """
    out = io.BytesIO()
    book = Workbook(out, OPTIONS)
    made = (stamp.at.astimezone(UTC) if stamp else MADE).replace(tzinfo=None)
    book.set_properties({"title": listing.title, "created": made})
    faces = _Faces(book)
    flat = flatten(listing)
    sheet = book.add_worksheet("Lista")
    _write_table(sheet, faces, flat)
    if listing.amount:
        _write_sums(sheet, faces, flat, say_sums(listing))
        _write_units(book.add_worksheet("Enheter"), faces, listing)
    if stamp:
        _write_about(book.add_worksheet("Om"), faces, listing, stamp)
    book.close()
    return out.getvalue()


class _Faces:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        top = {"valign": "top"}
        self.head: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        )
        self.text: Format = book.add_format({**top, "text_wrap": True, "num_format": "@"})
        self.number: Format = book.add_format({**top, "num_format": "#,##0.###;-#,##0.###"})
        self.whole: Format = book.add_format({**top, "num_format": "#,##0"})
        self.date: Format = book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
        self.sum: Format = book.add_format({"bold": True, "num_format": "#,##0.###", "top": 1})


def _write_table(sheet: Worksheet, faces: _Faces, flat: Flat) -> None:
    for column, head in enumerate(flat.heads):
        _write_text(sheet, 0, column, head.title, faces.head)
        if head.note:
            sheet.write_comment(0, column, head.note[:MOST_SIGNS])
        sheet.set_column(column, column, _width(head))
    for index, row in enumerate(flat.rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, (index, column), cell, faces)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(flat.rows)), len(flat.heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, faces: _Faces) -> None:
    row, column = place
    if isinstance(cell, str):
        _write_text(sheet, row, column, cell, faces.text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), faces.date)  # noqa: DTZ001 (a day has no zone)
    elif cell is not None:
        whole = Decimal(cell) == Decimal(cell).to_integral_value()
        sheet.write_number(row, column, float(cell), faces.whole if whole else faces.number)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, face: Format) -> None:
    if len(text) > MOST_SIGNS:
        raise unfit(
            f"rad {row + 1}",
            f"en text har {len(text)} tecken; en cell i Excel har plats för {MOST_SIGNS}",
            f"a text has {len(text)} characters; a cell of Excel holds {MOST_SIGNS}",
        )
    # Half of a surrogate pair cannot be written; its code can.
    sheet.write_string(row, column, text.encode("utf-8", "backslashreplace").decode(), face)


def _write_sums(
    sheet: Worksheet, faces: _Faces, flat: Flat, sums: tuple[tuple[str, Amount], ...]
) -> None:
    at = next(index for index, head in enumerate(flat.heads) if head.summed)
    for row, (words, tkr) in enumerate(sums, start=len(flat.rows) + 2):
        sheet.write_string(row, 1, words, faces.sum)
        sheet.write_number(row, at, float(tkr), faces.sum)


def _write_units(sheet: Worksheet, faces: _Faces, listing: List) -> None:
    totals = sum_up(listing)
    heads = tuple(
        Head(title=title, kind=kind)
        for title, kind in (
            ("Enhet", Kind.TEXT),
            ("Objekt", Kind.NUMBER),
            ("Frigör, tkr", Kind.AMOUNT),
            ("Kostar, tkr", Kind.AMOUNT),
            ("Netto, tkr", Kind.AMOUNT),
            ("Budget, tkr", Kind.AMOUNT),
            ("Procent av budget", Kind.NUMBER),
        )
    )
    rows: list[tuple[Cell, ...]] = [
        (one.unit, one.count, one.freed, one.cost, one.net, one.means, one.percent)
        for one in totals.units
    ]
    sums = totals.freed, totals.cost, totals.tkr, totals.budget, totals.percent
    rows.append(("Summa", totals.count, *sums))
    _write_table(sheet, faces, Flat(heads=heads, rows=tuple(rows)))


def _write_about(sheet: Worksheet, faces: _Faces, listing: List, stamp: Stamp) -> None:
    rows = (
        ("Lista", listing.title),
        ("Region", stamp.region),
        ("Omgång", f"{stamp.round_title} ({stamp.round_id})"),
        ("Diarienummer", stamp.reference),
        ("Senaste händelse i loggen", str(stamp.entry)),
        ("Tid för den", say_instant(stamp.at)),
    )
    heads = (Head(title="Uppgift"), Head(title="Värde"))
    _write_table(sheet, faces, Flat(heads=heads, rows=rows))


def _width(head: Head) -> int:
    if head.kind in {Kind.AMOUNT, Kind.NUMBER, Kind.DATE}:
        return max(10, min(16, len(head.title) + 2))
    return 22 if head.kind is Kind.LEVEL else 36
