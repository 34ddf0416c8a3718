"""How far each row that costs is paid for, as bars: the part that is, and the part that is not."""

from decimal import Decimal

from web.charts.balance import Bar
from web.visit import Visit
from workflow.service.reading.lists.payments import Links

__all__ = ["cover_bars"]

MOST = 40
"""Rows drawn; all of them stand in the table."""


def cover_bars(visit: Visit, links: Links) -> tuple[Bar, ...]:
    """Give a bar for what is paid of each cost, and another behind it for what is not."""
    found = []
    for cover in links.covers[:MOST]:
        label = f"{cover.row.position}. {cover.row.name}"[:60]
        paid = visit.say.amount(cover.covered)
        whole = visit.say.amount(cover.cost)
        words = visit.text(f"{paid} av {whole}", f"{paid} of {whole}")
        part = Decimal(cover.covered)
        found.append(_bar(label, words if not cover.uncovered else "", "f-done", (0, part)))
        if cover.uncovered:
            left = (part, Decimal(cover.cost))
            found.append(_bar(visit.text("utan betalning", "unpaid"), words, "f-late", left))
    return tuple(found)


def _bar(label: str, text: str, css: str, ends: tuple[Decimal | int, Decimal]) -> Bar:
    return Bar(label=label, text=text, css=css, first=ends[0], last=ends[1], is_sum=False)
