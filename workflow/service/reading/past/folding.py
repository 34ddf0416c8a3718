"""Several happenings told as one: what one instant brought to many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from workflow.core import phrases
from workflow.core.facts import EntryKind
from workflow.service.reading.past.event import Event
from workflow.service.reading.past.knowledge import Happening, Knowledge
from workflow.service.reading.past.reader import REMINDERS
from workflow.store.history import Line

__all__ = ["fold", "folds_with"]

_FOLDED: Final = {
    EntryKind.OPENED.value: ("Öppnades", "Opened"),
    EntryKind.REOPENED.value: ("Gick tillbaka", "Sent back"),
    EntryKind.MISSING.value: ("Uteblivna", "Missing"),
    EntryKind.WITHDRAWN.value: ("Drogs tillbaka", "Withdrawn"),
}
"""Kinds of entries that are told as one when they come together."""


def folds_with(first: Happening, other: Happening) -> bool:
    """Say whether one is told together with what comes next to it."""
    if isinstance(first, Line) and isinstance(other, Line) and first.kind is EntryKind.SAVED:
        return _key(first) == _key(other)  # somebody at work saves every now and then
    if (first.chain, first.at) != (other.chain, other.at):
        return False
    if isinstance(first, Line) and isinstance(other, Line):
        return first.kind == other.kind and first.kind.value in _FOLDED and bool(first.case)
    if isinstance(first, Line) or isinstance(other, Line):
        return False
    return first.kind == other.kind or (first.kind in REMINDERS and other.kind in REMINDERS)


def _key(line: Line) -> tuple[object, ...]:
    return line.chain, line.kind, line.case, line.actor, line.on_behalf_of


def fold(known: Knowledge, parts: Sequence[Event]) -> Event:
    """Tell several as one. A single one is told as it is."""
    first = parts[0]
    if len(parts) == 1:
        return first
    if first.entry == EntryKind.SAVED.value:
        times = "times" if known.language == "en" else "gånger"
        return replace(first, what=f"{first.what}, {len(parts)} {times}", parts=tuple(parts))
    what = _mails(known, parts) if first.post else _entries(known, parts)
    return Event(
        at=first.at,
        on=first.on,
        kind=first.kind,
        entry=first.entry,
        round=first.round,
        round_title=first.round_title,
        number=None,
        what=what,
        who=first.who,
        via=first.via,
        wrong=any(one.wrong for one in parts),
        parts=tuple(parts),
    )


def _entries(known: Knowledge, parts: Sequence[Event]) -> str:
    """Count the cases by their kind: "Öppnades: Svar … (12)"."""
    counts = Counter(_kind(known, one) for one in parts)
    sv, en = _FOLDED[parts[0].entry]
    word = en if known.language == "en" else sv
    return f"{word}: " + ", ".join(f"{kind} ({count})" for kind, count in sorted(counts.items()))


def _kind(known: Knowledge, part: Event) -> str:
    """Give the title of a kind of case, of no unit: "Svar …"."""
    seen, case = known.reader.seen, known.reader.case(part.case)
    if seen is None or case is None:
        return part.case
    title = seen.revision.title(seen.definition.case[case.kind], known.language)
    return phrases.fill(title, year=seen.facts.round.year, unit="…", occasion="…")


def _mails(known: Knowledge, parts: Sequence[Event]) -> str:
    """Count the mails and what became of them: "12 mejl, påminnelse: 11 har gått, 1 i kö"."""
    posts = [one.post for one in parts if one.post]
    also = " and " if known.language == "en" else " och "
    titles = also.join(dict.fromkeys(post.title for post in posts))
    states = Counter(post.state_title for post in posts)
    told = ", ".join(f"{count} {state}" for state, count in states.most_common())
    word = "mails" if known.language == "en" else "mejl"
    return f"{len(posts)} {word}, {titles}: {told}"
