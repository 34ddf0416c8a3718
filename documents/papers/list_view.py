"""A list and its sums as texts for the templates."""

from typing import Final

from documents.papers.flat import UNCHECKED
from documents.papers.listing import Column, Kind, Line, List, Outcome
from documents.papers.speech import (
    NBSP,
    say_amount,
    say_cell,
    say_date,
    say_move,
    say_percent,
)
from documents.papers.sums import Share, cell_of, sum_up

__all__ = ["View", "brief_view", "grounds_view", "list_view", "sums_view"]

View = dict[str, object]

SIDE_BY_SIDE: Final = 8
"""So many columns fit beside each other; those beyond are set below the line."""
ACROSS: Final = 740.0
"""Points between the margins of a page that lies down."""
ALONG: Final = 400.0
"""The same of an upright page, less the columns that every list has."""
MOST_FIXED: Final = 0.6
"""Part of the page that may go to columns of a fixed width; beyond it the levels share."""
UPRIGHT: Final = 4
"""So many fit on an upright page, beside the unit and the outcome."""
MODERATE: Final = 1_200
"""Signs of a row that is kept on one page; what is longer may go over two."""
HEADING: Final = 300
"""Signs of a heading, which is a bookmark too; what is longer stands whole below it."""
SHORT: Final = 60
"""Signs that fit in a third of the page."""


def list_view(listing: List) -> View:
    """Write a whole list: heads, rows with provenance and outcome, cut, notes."""
    beside = _beside(listing)
    view = _table(listing, beside, ACROSS)
    view["rows"] = [_row(listing, beside, line) for line in listing.lines]
    view["outcomes"] = any(line.outcome for line in listing.lines)
    return view


def brief_view(listing: List, shown: tuple[str, ...]) -> View:
    """Write the short list: where the line came from and the columns shown, nothing below."""
    beside = [
        column
        for column in listing.columns
        if (column.key in shown if shown else not column.below) or column is listing.columns[0]
    ][:UPRIGHT]
    view = _table(listing, beside, ALONG)
    view["rows"] = [
        {
            "position": say_amount(line.position),
            "cells": _cells(listing, beside, line),
            "unit": line.origin.unit,
            "outcome": line.outcome.state if line.outcome else "",
        }
        for line in listing.lines
    ]
    view["whole"] = all(
        sum(map(len, _cells(listing, beside, line))) < MODERATE for line in listing.lines
    )
    view["outcomes"] = any(line.outcome for line in listing.lines)
    return view


def grounds_view(listing: List) -> list[View]:
    """Write every line with all of its cells, where it came from and its outcome."""
    return [_grounds(listing, line) for line in listing.lines]


def sums_view(listing: List) -> View:
    """Write what the list comes to, and each unit's share of its budget."""
    totals = sum_up(listing)
    return {
        "shown": bool(listing.amount),
        "tkr": say_amount(totals.tkr),
        "count": say_amount(totals.count),
        "whole": say_amount(totals.whole_tkr),
        "whole_count": say_amount(totals.whole_count),
        "cut": listing.cut is not None,
        "budget": "" if totals.budget is None else say_amount(totals.budget),
        "percent": say_percent(totals.percent),
        "units": [_share(share) for share in totals.units],
    }


def _table(listing: List, beside: list[Column], room: float) -> View:
    fixed = sum(_points(column, _longest(listing, column)) for column in beside)
    loose = fixed > MOST_FIXED * room
    cut = listing.cut
    above = [line for line in listing.lines if cut and line.position <= cut.after]
    return {
        "title": listing.title,
        "heads": [_head(listing, column, loose=loose) for column in beside],
        "cut": {"at": len(above), "words": cut.words} if cut else None,
        "notes": [_note(column) for column in listing.columns if _note(column)],
    }


def _beside(listing: List) -> list[Column]:
    fitting = [column for column in listing.columns if not column.below]
    return fitting[:SIDE_BY_SIDE]


def _head(listing: List, column: Column, *, loose: bool) -> View:
    longest = _longest(listing, column)
    points = 0.0 if loose and column.kind is Kind.LEVEL else _points(column, longest)
    return {
        "title": column.title,
        "note": UNCHECKED if column.unverified else "",
        "right": column.kind in {Kind.AMOUNT, Kind.NUMBER},
        "width": points or max(0.8, min(2.8, longest / 14)),
        "fixed": bool(points),
    }


def _longest(listing: List, column: Column) -> int:
    cells = (cell_of(listing, line, column.key) for line in listing.lines)
    return max((len(say_cell(column.kind, cell)) for cell in cells), default=0)


def _points(column: Column, longest: int) -> float:
    """Give the width of what is short, in points; 0 for what shares the room that is left."""
    words = column.title.split() + (UNCHECKED.split() if column.unverified else [])
    title = max(map(len, words), default=0)
    if column.kind in {Kind.AMOUNT, Kind.NUMBER}:
        return max(50.0, 5.0 * longest + 16, 5.0 * title + 14)
    if column.kind is Kind.DATE:
        return max(74.0, 5.0 * title + 10)
    if column.kind is Kind.LEVEL:
        return min(96.0, max(5.0 * longest, 4.8 * title) + 12)
    return 0.0


def _note(column: Column) -> str:
    if column.unverified:
        return f"{column.title}: {UNCHECKED}. {column.note}".strip()
    return f"{column.title}: {column.note}" if column.note else ""


def _cells(listing: List, columns: list[Column], line: Line) -> list[str]:
    return [say_cell(column.kind, cell_of(listing, line, column.key)) for column in columns]


def _row(listing: List, beside: list[Column], line: Line) -> View:
    under = [column for column in listing.columns if column not in beside]
    texts = _cells(listing, under, line)
    moves = [say_move(move) for move in line.moves]
    long = sum(map(len, (*_cells(listing, beside, line), *texts, *moves)))
    return {
        "position": say_amount(line.position),
        "cells": _cells(listing, beside, line),
        "whole": long < MODERATE,
        "below": [
            {"title": column.title, "text": text}
            for column, text in zip(under, texts, strict=True)
            if text
        ],
        "origin": _origin(line),
        "flag": line.flag,
        "moves": moves,
        "outcome": _outcome(line.outcome),
    }


def _grounds(listing: List, line: Line) -> View:
    facts: list[View] = []
    name = say_cell(listing.columns[0].kind, line.cells[0]) or "Utan namn"
    if len(name) > HEADING:
        facts.append({"title": listing.columns[0].title, "text": name, "short": False})
        name = f"{name[:HEADING]} …"
    for column in listing.columns[1:]:
        text = say_cell(column.kind, cell_of(listing, line, column.key))
        title = f"{column.title} ({UNCHECKED})" if column.unverified else column.title
        short = not column.below and len(text) <= SHORT
        facts.append({"title": title, "text": text or "–", "short": short})
    return {
        "position": say_amount(line.position),
        "name": name,
        "facts": facts,
        "origin": _origin(line),
        "flag": line.flag,
        "moves": [say_move(move) for move in line.moves],
        "outcome": _outcome(line.outcome),
    }


def _origin(line: Line) -> View:
    origin = line.origin
    place = f"{origin.place}" if origin.place is not None else ""
    if place and origin.of is not None:
        place = f"{origin.place} av {origin.of}".replace(" ", NBSP)
    there = f"{place} där" if place else ""
    return {
        "unit": origin.unit,
        "there": ", ".join(part for part in (origin.words, there) if part),
    }


def _outcome(outcome: Outcome | None) -> View | None:
    if outcome is None:
        return None
    who = ", ".join(part for part in (outcome.owner, say_date(outcome.day)) if part)
    return {"state": outcome.state, "reason": outcome.reason, "who": who}


def _share(share: Share) -> View:
    return {
        "unit": share.unit,
        "count": say_amount(share.count),
        "freed": say_amount(share.freed),
        "cost": say_amount(share.cost),
        "tkr": say_amount(share.net),
        "budget": "" if share.means is None else say_amount(share.means),
        "percent": say_percent(share.percent),
    }
