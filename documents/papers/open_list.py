"""A list as others take it on: CSV and JSON, with the sum that the paper has."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from documents.papers.flat import flatten
from documents.papers.listing import Amount, Cell, Column, Line, List, Move, Outcome
from documents.papers.paper import Stamp
from documents.papers.sums import Share, sum_up
from workflow.core.days import write_instant
from workflow.core.harmless import harmless

__all__ = ["make_csv", "make_json"]

SCHEMA: Final = "gemensam-lista/1"
"""Goes up when a reader of the old form would misread the new."""

Json = dict[str, object]


def make_csv(listing: List, *, sums: bool = True) -> bytes:
    """Give a list as CSV for a Swedish Excel; no text in it becomes a formula.

    UTF-8 with its mark, semicolons, decimal comma, CRLF. A text that a spreadsheet
    would compute gets `'` before it, which an import takes away again. `sums` adds
    the rows of sums, which open data goes without.
    """
    flat = flatten(listing)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_field(head.title) for head in flat.heads])
    writer.writerows([_field(cell) for cell in row] for row in flat.rows)
    if sums and listing.amount:
        at = next(index for index, head in enumerate(flat.heads) if head.summed)
        for words, tkr in say_sums(listing):
            row = [words, *[""] * (len(flat.heads) - 1)]
            row[at] = _field(tkr)
            writer.writerow(row)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "backslashreplace")


def say_sums(listing: List) -> tuple[tuple[str, Amount], ...]:
    """Name the sums that stand under a list."""
    totals = sum_up(listing)
    if listing.cut is None:
        return (("Summa", totals.tkr),)
    return (("Ovanför linjen", totals.tkr), ("Hela listan", totals.whole_tkr))


def make_json(listing: List, *, stamp: Stamp | None = None) -> bytes:
    """Give a list as JSON: instants in UTC, amounts as numbers, keys in one order. With a
    stamp it says which entry of which round's log it shows."""
    cut = listing.cut
    made: Json = {
        "schema": SCHEMA,
        "title": listing.title,
        "log": None if stamp is None else _stamp(stamp),
        "columns": [_column(column) for column in listing.columns],
        "lines": [_line(listing, line) for line in listing.lines],
        "cut": None if cut is None else {"after": cut.after, "words": cut.words},
        "sums": _sums(listing) if listing.amount else None,
    }
    text = json.dumps(made, ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _stamp(stamp: Stamp) -> Json:
    return {"round": stamp.round_id, "entry": stamp.entry, "at": write_instant(stamp.at)}


def _field(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{Decimal(cell):f}".replace(".", ",")


def _column(column: Column) -> Json:
    return {
        "key": column.key,
        "title": column.title,
        "kind": column.kind.value,
        "unverified": column.unverified,
        "note": column.note,
    }


def _line(listing: List, line: Line) -> Json:
    origin = line.origin
    cells = zip(listing.columns, line.cells, strict=True)
    return {
        "position": line.position,
        "cells": {column.key: _value(cell) for column, cell in cells},
        "origin": {
            "unit": origin.unit,
            "place": origin.place,
            "of": origin.of,
            "words": origin.words,
        },
        "flag": line.flag,
        "moves": [_move(move) for move in line.moves],
        "outcome": None if line.outcome is None else _outcome(line.outcome),
    }


def _value(cell: Cell) -> object:
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    if isinstance(cell, datetime):
        return write_instant(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _move(move: Move) -> Json:
    return {
        "who": move.who,
        "at": write_instant(move.at),
        "before": move.before,
        "after": move.after,
        "why": move.why,
    }


def _outcome(outcome: Outcome) -> Json:
    return {
        "state": outcome.state,
        "reason": outcome.reason,
        "owner": outcome.owner,
        "day": _value(outcome.day),
    }


def _sums(listing: List) -> Json:
    totals = sum_up(listing)
    return {
        "of": listing.amount,
        "count": totals.count,
        "freed": _value(totals.freed),
        "cost": _value(totals.cost),
        "tkr": _value(totals.tkr),
        "whole_count": totals.whole_count,
        "whole_tkr": _value(totals.whole_tkr),
        "budget": _value(totals.budget),
        "percent": _value(totals.percent),
        "units": [_share(share) for share in totals.units],
    }


def _share(share: Share) -> Json:
    return {
        "unit": share.unit,
        "count": share.count,
        "freed": _value(share.freed),
        "cost": _value(share.cost),
        "tkr": _value(share.net),
        "budget": _value(share.means),
        "percent": _value(share.percent),
    }
