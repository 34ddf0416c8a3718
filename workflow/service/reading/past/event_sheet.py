"""Events as a sheet: a line for each, in the order they are given."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from workflow.service.reading.past.event import Event, Kind, Said
from workflow.service.reading.sheet import rows_as_text
from workflow.service.world import ZONE

__all__ = ["KIND_TITLES", "events_as_sheet"]

KIND_TITLES: Final[dict[Kind, tuple[str, str]]] = {
    Kind.STEPS: ("Steg", "Steps"),
    Kind.DATES: ("Frister", "Dates"),
    Kind.MAIL: ("Mejl", "Mail"),
    Kind.REMINDERS: ("Påminnelser", "Reminders"),
    Kind.REMARKS: ("Kommentarer och filer", "Comments and files"),
    Kind.ORGANISATION: ("Organisation", "Organisation"),
    Kind.UPKEEP: ("Drift", "Upkeep"),
}
"""How the kinds are called, Swedish and English."""
_HEADS: Final = (
    ("Tid", "Time"),
    ("Slag", "Kind"),
    ("Händelse", "Event"),
    ("Vem", "Who"),
    ("Ärende", "Case"),
    ("Enhet", "Unit"),
    ("Från", "From"),
    ("Till", "To"),
    ("Varv", "Time around"),
    ("Sagt", "Said"),
    ("Mejl till", "Mail to"),
    ("Mejlets läge", "State of the mail"),
    ("Väg", "Way"),
    ("Omgång", "Round"),
    ("Loggrad", "Entry"),
    ("Ärendets id", "Case id"),
)
_SAID: Final = {
    "comment": ("", ""),
    "question": ("Fråga", "Question"),
    "answer": ("Svar", "Answer"),
    "decision": ("Beslut", "Decision"),
    "secrecy": ("Sekretess", "Secrecy"),
}


def events_as_sheet(found: Iterable[Event], language: str = "sv") -> Iterator[str]:
    """Write events as a spreadsheet opens them, local time to the second."""
    english = language == "en"
    return rows_as_text([head[english] for head in _HEADS], (_cells(one, english) for one in found))


def _cells(event: Event, english: bool) -> Sequence[object]:
    post = event.post
    return (
        _local(event.at),
        KIND_TITLES[event.kind][english],
        event.what,
        event.who,
        event.case_title,
        event.unit,
        event.from_title,
        event.to_title,
        event.lap if event.case and event.number else "",
        event.disposed or "\n".join(_said(one, english) for one in event.said),
        post.to if post else "",
        post.state_title if post else "",
        event.via,
        event.round,
        event.number,
        event.case,
    )


def _said(said: Said, english: bool) -> str:
    label = _SAID[said.as_][english]
    number = f" {said.number}" if said.number else ""
    return f"{label}{number}: {said.text}" if label else said.text


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}"
