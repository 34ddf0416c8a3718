"""A process in words: by when, who is reminded, what must hold."""

from collections.abc import Iterator, Sequence
from typing import Final

from web.visit import Visit
from workflow.core.phrases import Amount, Due, Span
from workflow.service.reading.process.cadence import Cadence
from workflow.service.reading.process.lanes import Box, Button, Deadline

__all__ = ["amount", "asked", "cadence", "demands", "due", "reminders"]

UNITS: Final = {
    "day": (("dag", "dagar"), ("day", "days")),
    "working day": (("arbetsdag", "arbetsdagar"), ("working day", "working days")),
    "week": (("vecka", "veckor"), ("week", "weeks")),
    "month": (("månad", "månader"), ("month", "months")),
    "year": (("år", "år"), ("year", "years")),
}
MOMENTS: Final = {
    "entered": ("ärendet kom hit", "the case came here"),
    "opened": ("ärendet öppnades", "the case was opened"),
    "occasion": ("tillfället", "the occasion"),
}
PERIODS: Final = {
    "week": ("varje vecka", "every week"),
    "month": ("varje månad", "every month"),
    "quarter": ("varje kvartal", "every quarter"),
    "tertial": ("varje tertial", "every tertial"),
    "year": ("varje år", "every year"),
}
GUARDS: Final = {
    "complete": ("det som ska fyllas i är ifyllt", "what is to be filled in is filled in"),
    "quorum": ("tillräckligt många ledamöter var med", "enough members were present"),
    "opened_finished": (
        "alla ärenden som steget öppnade är avslutade",
        "all cases that the step opened have ended",
    ),
    "started_finished": (
        "alla ärenden som har startats är avslutade",
        "all cases that were started have ended",
    ),
    "nothing_missing": ("inget bärs som uteblivet", "nothing is carried as missing"),
    "before_due": ("sista dagen har inte passerat", "the last day has not passed"),
    "after_due": ("sista dagen har passerat", "the last day has passed"),
}
ASKS: Final = {
    "comment": ("en motivering", "a reason"),
    "questions": ("numrerade frågor", "numbered questions"),
    "date": ("en ny sista dag", "a new last day"),
}
AMOUNTS: Final = {
    "all": ("alla", "all"),
    "more than half": ("fler än hälften", "more than half"),
    "two thirds": ("två tredjedelar", "two thirds"),
}


def due(visit: Visit, deadline: Deadline) -> str:
    """Say by when something is due."""
    phrase = deadline.due
    if phrase.span is None:
        day = visit.say.day(deadline.on) if deadline.on else visit.text("inget datum", "no date")
        return f"{day}: {deadline.milestone}" if deadline.milestone else day
    return f"{_span(visit, phrase.span)} {_side(visit, phrase)} {_moment(visit, deadline)}"


def cadence(visit: Visit, often: Cadence) -> str:
    """Say how often cases of a kind come."""
    return ", ".join(_cadence(visit, often))


def _cadence(visit: Visit, often: Cadence) -> Iterator[str]:
    if often.period:
        yield visit.text(*PERIODS[often.period])
    if often.milestones:
        days = visit.say.names(list(often.milestones))
        yield visit.text(f"vid {days}", f"at {days}")
    if often.ahead:
        span = _span(visit, often.ahead)
        yield visit.text(f"öppnas {span} före", f"opens {span} before")
    if often.until:
        yield visit.text(f"till och med {often.until}", f"until {often.until}")
    if often.opened_by:
        yield visit.text("när det behövs", "when needed")


def _span(visit: Visit, span: Span) -> str:
    sv, en = UNITS[span.unit]
    one = span.count == 1
    return f"{span.count} {visit.text(sv[not one], en[not one])}"


def _side(visit: Visit, phrase: Due) -> str:
    if phrase.side == "before":
        return visit.text("före", "before")
    return visit.text("efter att" if phrase.anchor in ("entered", "opened") else "efter", "after")


def _moment(visit: Visit, deadline: Deadline) -> str:
    anchor = deadline.due.anchor
    return visit.text(*MOMENTS[anchor]) if anchor in MOMENTS else deadline.milestone


def reminders(visit: Visit, box: Box) -> str:
    """Say who is reminded when: those who owe, the superior, the leader."""
    whom = {
        "holder": visit.text("den som har uppgiften", "whoever has the task"),
        "superior": box.superior or visit.text("närmaste chef", "the nearest superior"),
        "leader": visit.text("den som leder processen", "whoever leads the process"),
    }
    said = [
        f"{whom[recipient]} {visit.say.names(list(_rungs(visit, offsets)))}"
        for recipient, offsets in box.reminders.items()
        if offsets
    ]
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _rungs(visit: Visit, offsets: Sequence[int]) -> Iterator[str]:
    """Write days before the last day, on it, and after it."""
    before = [-n for n in offsets if n < 0]
    after = [n for n in offsets if n > 0]
    if before:
        yield f"{_days(visit, before)} {visit.text('före', 'before')}"
    if 0 in offsets:
        yield visit.text("samma dag", "on the day")
    if after:
        yield f"{_days(visit, after)} {visit.text('efter', 'after')}"


def _days(visit: Visit, counts: Sequence[int]) -> str:
    numbers = [str(n) for n in counts]
    unit = _span(visit, Span(count=max(counts), unit="working day")).partition(" ")[2]
    return f"{visit.say.names(numbers)} {unit}"


def demands(visit: Visit, button: Button) -> Iterator[str]:
    """Say what must hold for a button, besides the right to press it."""
    for name in button.guards:
        known = GUARDS.get(name)
        yield (
            visit.text(*known)
            if known
            else visit.text(f"regionens eget villkor {name}", f"the region's own condition {name}")
        )
    if button.other_than:
        steps = visit.say.names([f"”{one}”" for one in button.other_than])
        yield visit.text(
            f"det är någon annan än den som gjorde {steps}",
            f"it is somebody else than the one who did {steps}",
        )
    if button.signatures != 1:
        n = amount(visit, button.signatures)
        yield visit.text(f"{n} som har rollen skriver under", f"{n} who hold the role sign")


def asked(visit: Visit, asks: Sequence[str]) -> str:
    """Say what has to come along."""
    return visit.say.names([visit.text(*ASKS[one]) for one in asks])


def amount(visit: Visit, number: Amount) -> str:
    """Say how many."""
    if isinstance(number, int):
        return visit.say.number(number)
    return visit.text(*AMOUNTS[number])
