"""The process leader's own pages: how things are, what stands still, the week that comes."""

from itertools import groupby

from starlette.responses import Response

from web.answers import page
from web.telling.stop_words import Stop, stop_of
from web.visit import Visit
from workflow.service.describing import list_incidents
from workflow.service.mail import mailroom
from workflow.service.outlook import Outlook, OutlookDay, OutlookMail, look_ahead
from workflow.service.reading.rounds.led import led_rounds
from workflow.service.reading.rounds.mine import read_rounds
from workflow.service.running import health

__all__ = ["show", "show_stops", "show_week"]


def show(visit: Visit) -> Response:
    """Show in a sentence each what waits for a person, and what goes on by itself.

    The week that comes is worked out on a page of its own: the trial holds what it reads.
    """
    site = visit.site
    told = health.look(
        visit.world.database,
        site.app.clock,
        held=visit.world.mail_hold,
        language=visit.language,
    )
    return page(
        visit,
        "lead/start.html",
        stops=_stops(visit, closed=False),
        hold=mailroom.hold(visit.world),
        health=told,
        rounds=read_rounds(visit.world, visit.email),
        redirect_to=site.config.mail.redirect_to,
    )


def show_stops(visit: Visit) -> Response:
    """Show what cannot go on without a person, each with its next step."""
    closed = visit.query.get("losta", "") == "1"
    found = _stops(visit, closed=closed)
    return page(
        visit,
        "lead/stops.html",
        open=[one for one in found if one.closed_at is None],
        solved=[one for one in reversed(found) if one.closed_at is not None][:100],
        closed=closed,
    )


def show_week(visit: Visit) -> Response:
    """Show what goes to whom on each of the next seven days if nobody does anything."""
    found = look_ahead(visit.world, language=visit.language)
    led = led_rounds(visit.world, visit.email)
    return page(
        visit,
        "lead/week.html",
        found=found,
        days=[(day, _batches(visit, day)) for day in found.days],
        total=_total(found),
        led=led,
    )


def _stops(visit: Visit, *, closed: bool) -> list[Stop]:
    led = led_rounds(visit.world, visit.email)
    found = list_incidents(visit.world, closed=closed, language=visit.language)
    return [
        stop_of(visit, one) for one in found if one.row["round"] is None or one.row["round"] in led
    ]


def _batches(visit: Visit, day: OutlookDay) -> list[tuple[str, list[OutlookMail]]]:
    """Give a day's mails by the minute at which they go."""
    clock = visit.say.clock
    return [(at, list(some)) for at, some in groupby(day.mails, key=lambda one: clock(one.at))]


def _total(found: Outlook) -> tuple[int, int]:
    mails = [mail for day in found.days for mail in day.mails]
    return len(mails), len({mail.to_email for mail in mails})
