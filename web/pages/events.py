"""Händelser: what has happened and what is coming, how a round stood, and the same as a sheet."""

from datetime import date

from starlette.responses import Response

from web.answers import page, stream
from web.charts.timeline import Timeline, near
from web.event_form import Narrowing, no_day, read_narrowing
from web.forms import read_day
from web.visit import Visit
from workflow.core.errors import BadInput
from workflow.service.reading.ahead.ahead import Future
from workflow.service.reading.ahead.coming import coming_of_round
from workflow.service.reading.past.as_of import AsOf, as_of
from workflow.service.reading.past.event_sheet import events_as_sheet
from workflow.service.reading.past.events import INSTALLATION, Page, Scope, events, every_event
from workflow.service.reading.past.frame import Frame, read_frame
from workflow.service.reading.sheet import TYPE

__all__ = ["sheet", "show", "show_past"]


def show(visit: Visit) -> Response:
    """Show the events of one's rounds, of one round, or of the installation.

    Raises: NotFound, BadInput.
    """
    round_id = visit.params.get("round", "")
    chosen = read_narrowing(visit, leads=visit.rights.reads_all)
    found = Page(events=(), older="")
    if not chosen.errors:
        found = events(
            visit.world, visit.email, Scope(round=round_id), chosen.wanted, after=chosen.after
        )
    frame = _frame(visit, round_id)
    future = _future(visit, frame, chosen)
    later, ahead = near(future)
    return page(
        visit,
        "events.html",
        422 if chosen.errors else 200,
        frame=frame,
        path=f"/logg/{round_id}" if round_id else "/logg",
        of_installation=round_id == INSTALLATION,
        chosen=chosen,
        found=found,
        latest=next((one for one in found.events if one.number), None),
        wrong=sum(part.wrong for one in found.events for part in one.parts or (one,)),
        timeline=Timeline(
            later=later, ahead=ahead, held=future.held, events=found.events, with_cases=True
        ),
    )


def _frame(visit: Visit, round_id: str) -> Frame | None:
    if not round_id or round_id == INSTALLATION:
        return None
    return read_frame(visit.world, visit.email, round_id)


def _future(visit: Visit, frame: Frame | None, chosen: Narrowing) -> Future:
    """Give what is coming in a round; nothing beside a choice, or on an older page."""
    if frame is None or frame.closed_on or chosen.active or chosen.after:
        return Future(ahead=(), held=False)
    return coming_of_round(visit.world, visit.email, frame.round)


def sheet(visit: Visit) -> Response:
    """Give the same events as a sheet, all of them.

    Raises: NotFound, BadInput.
    """
    round_id = visit.params.get("round", "")
    chosen = read_narrowing(visit, leads=visit.rights.reads_all)
    if chosen.errors:
        raise BadInput(" ".join(chosen.errors.values()))
    found = every_event(visit.world, visit.email, Scope(round=round_id), chosen.wanted)
    name = visit.text("handelser", "events")
    file = f"{name}-{round_id}.csv" if round_id else f"{name}.csv"
    return stream(file, TYPE, events_as_sheet(found, visit.language))


def show_past(visit: Visit) -> Response:
    """Show how a round stood when a day was over.

    Raises: NotFound.
    """
    frame = read_frame(visit.world, visit.email, visit.params["round"])
    typed = visit.query.get("dag", "").strip()[:40]
    found, error = _past(visit, frame.round, typed)
    return page(
        visit,
        "past.html",
        422 if error else 200,
        frame=frame,
        typed=typed,
        found=found,
        errors={"dag": error} if error else {},
    )


def _past(visit: Visit, round_id: str, typed: str) -> tuple[AsOf | None, str]:
    try:
        day = read_day(typed, visit.today) if typed else visit.today
        return as_of(visit.world, visit.email, round_id, min(max(day, FIRST), LAST)), ""
    except BadInput as error:
        return None, visit.text(error.sv, error.en)
    except ValueError:
        return None, no_day(visit, typed)


FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)
"""A day beyond these is as good as the nearest of them."""
