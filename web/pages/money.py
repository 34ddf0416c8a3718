"""The money of a list on one screen, and the line that can be moved in it."""

from starlette.responses import Response

from web.answers import page as answer
from web.charts.balance import bars_of, draw, draw_narrow
from web.charts.covering import cover_bars
from web.lists.look import look_of
from web.visit import Visit
from workflow.service.reading.lists.listing import read_list
from workflow.service.reading.lists.money import money_of

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """Show what a list frees and what it costs, what pays for what, and what becomes of it.

    Raises: NotFound.
    """
    found = read_list(visit.world, visit.email, visit.params["case"], visit.params["table"])
    look = look_of(visit, found)
    money = money_of(found, look.line, visit.today)
    bars = bars_of(visit, money.balance)
    covers = cover_bars(visit, money.links)
    return answer(
        visit,
        "lists/money.html",
        look.status,
        page=found,
        look=look,
        money=money,
        balance=money.balance,
        amount=found.column(found.amount),
        bars=bars if money.freed or money.costs else (),
        wide=draw(visit, bars),
        narrow=draw_narrow(bars),
        covers=covers,
        covers_wide=draw(visit, covers),
        covers_narrow=draw_narrow(covers),
        path=f"/arenden/{found.case}/lista/{found.table}",
    )
