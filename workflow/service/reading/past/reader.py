"""What a person sees of what has happened in a round, with one case, or with the installation.

Cases they do not see are not there; of those they see without reading, words are left out.
What belongs to no case is told to everybody in the round when it is about the round or
its plan, else to whoever leads or reads everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from workflow.core import plan
from workflow.core.facts import CaseFact, EntryKind, MessageKind
from workflow.service.reading.past.event import Filter, Kind
from workflow.service.seeing import Seen
from workflow.service.world import ZONE
from workflow.store import log, people, rounds
from workflow.store.database import Connection
from workflow.store.history import Window

__all__ = ["KINDS", "REMINDERS", "Reader", "look_at_case", "look_at_installation", "look_at_round"]

KINDS: Final[dict[EntryKind, Kind]] = {
    EntryKind.OPENED: Kind.STEPS,
    EntryKind.TRANSITION: Kind.STEPS,
    EntryKind.SIGNED: Kind.STEPS,
    EntryKind.NEXT: Kind.STEPS,
    EntryKind.AT_DUE: Kind.STEPS,
    EntryKind.REOPENED: Kind.STEPS,
    EntryKind.MISSING: Kind.STEPS,
    EntryKind.WITHDRAWN: Kind.STEPS,
    EntryKind.ROUND_OPENED: Kind.STEPS,
    EntryKind.ROUND_CLOSED: Kind.STEPS,
    EntryKind.PAUSED: Kind.DATES,
    EntryKind.RESUMED: Kind.DATES,
    EntryKind.SERIES: Kind.DATES,
    EntryKind.MILESTONE_MOVED: Kind.DATES,
    EntryKind.EXTENSION_ASKED: Kind.DATES,
    EntryKind.EXTENDED: Kind.DATES,
    EntryKind.EXTENSION_REFUSED: Kind.DATES,
    EntryKind.NUDGED: Kind.REMINDERS,
    EntryKind.SAVED: Kind.REMARKS,
    EntryKind.COMPILED: Kind.REMARKS,
    EntryKind.LAID_OUT: Kind.REMARKS,
    EntryKind.COUNTED: Kind.STEPS,
    EntryKind.CARRIED: Kind.REMARKS,
    EntryKind.COMMENTED: Kind.REMARKS,
    EntryKind.ATTACHED: Kind.REMARKS,
    EntryKind.DETACHED: Kind.REMARKS,
    EntryKind.CONFLICT: Kind.REMARKS,
    EntryKind.CONFLICT_ENDED: Kind.REMARKS,
    EntryKind.RELEASED: Kind.STEPS,
    EntryKind.RELEASE_WITHDRAWN: Kind.STEPS,
    EntryKind.HANDED_OVER: Kind.ORGANISATION,
    EntryKind.ORGANISATION: Kind.ORGANISATION,
    EntryKind.GRANTED: Kind.ORGANISATION,
    EntryKind.GRANT_ENDED: Kind.ORGANISATION,
    EntryKind.PERSON_CHANGED: Kind.ORGANISATION,
    EntryKind.SUBSTITUTE: Kind.ORGANISATION,
    EntryKind.SUBSTITUTE_ENDED: Kind.ORGANISATION,
}
"""What entries are about; every other is about the installation's upkeep."""
_OF_ALL: Final = (
    EntryKind.ROUND_OPENED,
    EntryKind.ROUND_CLOSED,
    EntryKind.PAUSED,
    EntryKind.RESUMED,
    EntryKind.MILESTONE_MOVED,
)
"""Entries about no case that everybody in the round may see."""
REMINDERS: Final = (MessageKind.REMINDER, MessageKind.ESCALATION, MessageKind.NUDGE)
"""Mails that remind."""
_OF_LEADERS: Final = (MessageKind.INCIDENT, MessageKind.CHECKPOINT)
"""Mails about a case that concern only those who lead."""
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
"""A day beyond these is as good as the nearest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What one person sees of one chain."""

    chain: str
    connection: Connection
    window: Window
    words: str
    """Stand in what was said, folded; empty for whatever was said."""
    language: str
    today: date
    zone: str
    viewer: int
    seen: Seen | None
    """None for the installation's own chain."""

    @property
    def everything(self) -> bool:
        """Whether nothing is hidden from them."""
        return self.seen is None or self.seen.sight.everything

    @property
    def leads(self) -> bool:
        """Whether what goes wrong is theirs to see to, if not to read what it is about."""
        return self.everything or (self.seen is not None and self.seen.sight.leads)

    def case(self, case_id: str | None) -> CaseFact | None:
        """Give a case of the round."""
        return self.seen.facts.case(case_id) if self.seen and case_id else None

    def reads(self, case: CaseFact | None) -> bool:
        """Say whether they read what was said in a case, or about the round itself."""
        return case is None or self.seen is None or self.seen.sight.reads(case)


def look_at_round(seen: Seen, wanted: Filter) -> Reader:
    """Look at a whole round, narrowed to what is asked for."""
    leads = seen.sight.everything or seen.sight.leads
    window = replace(_window(wanted, seen.definition.zone, leads=leads), cases=_cases(seen, wanted))
    if not wanted.case and not wanted.unit:
        loose = _entries(wanted, None if leads else _OF_ALL)
        window = replace(window, loose=loose, reader=seen.viewer.id)
    return _reader(seen, wanted, window)


def look_at_case(seen: Seen, case: CaseFact, wanted: Filter) -> Reader:
    """Look at one case that the person sees."""
    tasks = tuple(f"{case.id}#{version}" for version in range(1, case.version + 1))
    leads = seen.sight.everything or seen.sight.leads
    window = _window(wanted, seen.definition.zone, leads=leads)
    return _reader(seen, wanted, replace(window, cases=(case.id,), one=case.id, tasks=tasks))


def look_at_installation(
    connection: Connection, viewer: int, language: str, today: date, wanted: Filter
) -> Reader:
    """Look at the installation's own chain; the caller has seen that they may."""
    narrowed = wanted.case or wanted.unit
    window = _window(wanted, ZONE, leads=True)
    return Reader(
        chain=log.INSTALLATION,
        connection=connection,
        window=replace(
            window,
            loose=() if narrowed else window.entries,
            entries=(),
            mails=(),
            persons=_persons(connection, wanted),
        ),
        words=wanted.words.casefold().strip(),
        language=language,
        today=today,
        zone=ZONE,
        viewer=viewer,
        seen=None,
    )


def _window(wanted: Filter, zone: str, *, leads: bool) -> Window:
    """Make the window of whoever sees every case."""
    since, until = (
        min(max(day, _FIRST), _LAST) if day else None for day in (wanted.since, wanted.until)
    )
    return Window(
        cases=None,
        entries=_entries(wanted),
        mails=_mails(wanted, leads=leads),
        withdrawn=leads,
        since=plan.day_start(since, zone) if since else None,
        until=plan.day_end(until, zone) if until else None,
    )


def _persons(connection: Connection, wanted: Filter) -> tuple[int, ...] | None:
    """Give those whose names hold what is asked for; None when nobody is asked for."""
    words = " ".join(wanted.who.split()).casefold()
    if not words:
        return None
    known = people.everybody(connection)
    return tuple(one.id for one in known if words in one.name.casefold())


def _reader(seen: Seen, wanted: Filter, window: Window) -> Reader:
    return Reader(
        chain=seen.facts.round.id,
        connection=seen.connection,
        window=replace(window, persons=_persons(seen.connection, wanted)),
        words=wanted.words.casefold().strip(),
        language=seen.desk.language,
        today=seen.desk.today,
        zone=seen.definition.zone,
        viewer=seen.viewer.id,
        seen=seen,
    )


def _cases(seen: Seen, wanted: Filter) -> tuple[str, ...] | None:
    """Give the cases that are asked for and seen; None for all there are."""
    if wanted.case:
        case = seen.facts.case(wanted.case)
        return (case.id,) if case and seen.sight.sees(case) else ()
    if (seen.sight.everything or seen.sight.leads) and not wanted.unit:
        return None
    units = _below(seen, wanted.unit) if wanted.unit else None
    return tuple(
        case.id
        for case in rounds.list_cases(seen.connection, seen.facts.round.id)
        if (units is None or case.unit in units) and seen.sight.sees(case)
    )


def _below(seen: Seen, unit: str) -> frozenset[str]:
    try:
        kinds = (*seen.definition.unit, *seen.definition.body)
        return frozenset(one.key for one in seen.facts.units(kinds, below=unit))
    except LookupError:  # no such unit in this round
        return frozenset()


def _entries(wanted: Filter, only: Iterable[EntryKind] | None = None) -> tuple[str, ...]:
    return tuple(
        kind.value
        for kind in (EntryKind if only is None else only)
        if not wanted.kinds or KINDS.get(kind, Kind.UPKEEP) in wanted.kinds
    )


def _mails(wanted: Filter, *, leads: bool) -> tuple[str, ...]:
    return tuple(
        kind.value
        for kind in MessageKind
        if (not wanted.kinds or _kind(kind) in wanted.kinds) and (leads or kind not in _OF_LEADERS)
    )


def _kind(kind: MessageKind) -> Kind:
    return Kind.REMINDERS if kind in REMINDERS else Kind.MAIL
