"""The process that a round runs on: as a picture, in words, and as it is written."""

import json

from starlette.responses import Response

from processes.written import write_toml
from web.answers import page
from web.charts.drawing import draw_process
from web.charts.labels import LABELS
from web.telling import process_words
from web.visit import Visit
from workflow.service.reading.process.process import read_process

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """Show the process of a round that the person has a place in.

    Raises: NotFound.
    """
    found = read_process(visit.world, visit.params["round"], visit.email)
    return page(
        visit,
        "process.html",
        found=found,
        picture=draw_process(found.lanes, LABELS[visit.language]),
        words=process_words,
        written=write_toml(json.loads(found.content)["definition"]),
    )
