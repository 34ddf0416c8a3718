"""Which entries of a round's log stand in the register, and as what.

By the shape of the definition, never by its names: what was filled in and handed on,
what a body with minutes decided, what was sent back, what was approved by somebody else.
Comments and reasons are never in it: the register says briefly what a document concerns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from workflow.core import phrases, plan
from workflow.core.days import say_day
from workflow.core.definition import Case, State, Transition
from workflow.core.facts import CaseFact, EntryKind
from workflow.service.desks import Desk
from workflow.service.reading.past.knowledge import went_back
from workflow.store.history import Line

__all__ = ["KINDS", "Row", "RowKind", "make_row", "without_secrets"]


class RowKind(StrEnum):
    """What a row of the register is about."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    APPROVED = "approved"
    SIGNED = "signed"
    DECIDED = "decided"
    STEP = "step"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"
    EXTENDED = "extended"
    REFUSED = "refused"
    MOVED = "moved"
    ATTACHED = "attached"
    DETACHED = "detached"
    DISPOSED = "disposed"
    CLOSED = "closed"


TITLES: Final[Mapping[RowKind, tuple[str, str]]] = {
    RowKind.OPENED: ("Omgången öppnad", "Round opened"),
    RowKind.ASSIGNED: ("Uppdrag", "Assignment"),
    RowKind.HANDED_IN: ("Inlämnat", "Handed in"),
    RowKind.RETURNED: ("Tillbaka för ändring", "Returned"),
    RowKind.APPROVED: ("Godkänt", "Approved"),
    RowKind.SIGNED: ("Underskrivet", "Signed"),
    RowKind.DECIDED: ("Beslut", "Decision"),
    RowKind.STEP: ("Åtgärd", "Step"),
    RowKind.MISSING: ("Uteblivet", "Missing"),
    RowKind.WITHDRAWN: ("Tillbakadraget", "Withdrawn"),
    RowKind.ASKED: ("Begäran om anstånd", "Request for an extension"),
    RowKind.EXTENDED: ("Anstånd beviljat", "Extension granted"),
    RowKind.REFUSED: ("Anstånd avslaget", "Extension refused"),
    RowKind.MOVED: ("Tidplanen ändrad", "Plan changed"),
    RowKind.ATTACHED: ("Bilaga", "Attachment"),
    RowKind.DETACHED: ("Bilaga borttagen", "Attachment taken away"),
    RowKind.DISPOSED: ("Gallring", "Disposal"),
    RowKind.CLOSED: ("Omgången avslutad", "Round closed"),
}
_PLAIN: Final[Mapping[EntryKind, RowKind]] = {
    EntryKind.ROUND_OPENED: RowKind.OPENED,
    EntryKind.ROUND_CLOSED: RowKind.CLOSED,
    EntryKind.SIGNED: RowKind.SIGNED,
    EntryKind.EXTENSION_ASKED: RowKind.ASKED,
    EntryKind.EXTENDED: RowKind.EXTENDED,
    EntryKind.EXTENSION_REFUSED: RowKind.REFUSED,
    EntryKind.MILESTONE_MOVED: RowKind.MOVED,
    EntryKind.ATTACHED: RowKind.ATTACHED,
    EntryKind.DETACHED: RowKind.DETACHED,
    EntryKind.DISPOSED: RowKind.DISPOSED,
}
_ENDINGS: Final[Mapping[EntryKind, RowKind]] = {
    EntryKind.MISSING: RowKind.MISSING,
    EntryKind.WITHDRAWN: RowKind.WITHDRAWN,
}
KINDS: Final = tuple(
    kind.value
    for kind in (*_PLAIN, *_ENDINGS, EntryKind.OPENED, EntryKind.TRANSITION, EntryKind.REOPENED)
)
"""Kinds of entries among which the rows are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document, as offentlighets- och sekretesslagen (2009:400) 5 kap. 2 § wants it told."""

    reference: str
    """The round's own, a hyphen, and the entry's number, which never changes."""
    on: date
    """When it was received or drawn up."""
    from_: str
    to: str
    what: str
    """Briefly what it concerns."""
    kind: RowKind
    title: str
    """The kind in words."""
    round: str
    number: int
    case: str = ""
    paragraph: str = ""
    """Of a decision."""
    meeting_on: date | None = None
    secrecy: str = ""
    """The ground for secrecy; empty when there is none."""
    left_out: bool = False
    """From, to and what are left out, since the public may read the rest (second paragraph)."""


def make_row(desk: Desk, names: Mapping[int, str], line: Line) -> Row | None:
    """Make the row of an entry; None for one that is about no document."""
    case = desk.facts.case(line.case) if line.case else None
    payload = line.payload or {}
    kind = _kind(desk, case, line)
    if kind is None:
        return None
    decision = payload.get("decision")
    decided: Mapping[str, Any] = decision if isinstance(decision, dict) else {}
    return Row(
        reference=f"{desk.facts.round.reference or desk.facts.round.id}-{line.number}",
        on=plan.local_day(line.at, desk.definition.zone),
        from_=_sender(desk, names, case, line, kind),
        to=_recipient(desk, case, line, kind),
        what=_what(desk, case, line, kind),
        kind=kind,
        title=TITLES[kind][desk.language == "en"],
        round=desk.facts.round.id,
        number=line.number,
        case=case.id if case else "",
        paragraph=str(decided.get("paragraph") or ""),
        meeting_on=_day(decided.get("meeting_on")),
        secrecy=str(payload.get("secrecy") or ""),
    )


def without_secrets(row: Row) -> Row:
    """Give a row as the public may read it: of one that is marked, who and what are left out."""
    if not row.secrecy:
        return row
    return Row(
        reference=row.reference,
        on=row.on,
        from_="",
        to="",
        what="",
        kind=row.kind,
        title=row.title,
        round=row.round,
        number=row.number,
        secrecy=row.secrecy,
        left_out=True,
    )


# ---- what kind -------------------------------------------------------------------------


def _kind(desk: Desk, case: CaseFact | None, line: Line) -> RowKind | None:
    if line.kind in _PLAIN:
        return _PLAIN[line.kind]
    if case is None:
        return None
    kind = desk.definition.case[case.kind]
    payload = line.payload or {}
    match line.kind:
        case EntryKind.MISSING | EntryKind.WITHDRAWN:
            # What ends along with something else has no reason of its own.
            reasoned = line.payload is None or payload.get("comment")
            return _ENDINGS[line.kind] if reasoned else None
        case EntryKind.OPENED:
            return RowKind.ASSIGNED if kind.per and payload.get("owes") else None
        case EntryKind.REOPENED:
            return RowKind.RETURNED if payload.get("questions") else None
        case _:
            return _moved(desk, kind, line)


def _moved(desk: Desk, kind: Case, line: Line) -> RowKind:
    """Say what a person's move of a case is."""
    state, transition = _pressed(kind, line)
    if state is None or transition is None:
        return RowKind.STEP
    body = desk.definition.body.get(state.body) if state.body else None
    if (body and body.minutes) or (line.payload or {}).get("decision"):
        return RowKind.DECIDED
    if went_back(kind, line) or "questions" in transition.asks:
        return RowKind.RETURNED
    if state.edits:
        return RowKind.HANDED_IN
    if transition.other_than or transition.signatures != 1:
        return RowKind.APPROVED
    return RowKind.STEP


def _pressed(kind: Case, line: Line) -> tuple[State | None, Transition | None]:
    """Give the state a case left, and the button that it left by."""
    state = kind.state.get(line.from_state or "")
    return state, state.transition.get(line.transition or "") if state else None


# ---- from, to, what --------------------------------------------------------------------


def _sender(
    desk: Desk, names: Mapping[int, str], case: CaseFact | None, line: Line, kind: RowKind
) -> str:
    people = [names.get(one, "") for one in (line.actor, line.on_behalf_of) if one]
    person = (" for " if desk.language == "en" else " för ").join(filter(None, people))
    unit = ""
    if case:
        state, _ = _pressed(desk.definition.case[case.kind], line)
        bodies = desk.facts.units((state.body,)) if state and state.body else ()
        own = desk.unit_name(case.unit) if kind in (RowKind.HANDED_IN, RowKind.ASKED) else ""
        unit = bodies[0].name if bodies else own
    return ", ".join(filter(None, (unit, person)))


def _recipient(desk: Desk, case: CaseFact | None, line: Line, kind: RowKind) -> str:
    """Name who has it next: who owes the new task, or whoever stands above what is done."""
    payload = line.payload or {}
    owes = payload.get("owes")
    if isinstance(owes, list) and len(owes) == 2:
        role = desk.definition.role.get(owes[0])
        title = desk.revision.title(role, desk.language) if role else str(owes[0])
        return f"{desk.unit_name(owes[1])}, {title}"
    handed = kind in (RowKind.HANDED_IN, RowKind.APPROVED)
    if case and handed and payload.get("ended") and case.parent:
        above = desk.facts.case(case.parent)
        return desk.unit_name(above.unit) if above else ""
    return ""


def _what(desk: Desk, case: CaseFact | None, line: Line, kind: RowKind) -> str:
    about = desk.case_title(case) if case and case.parent else desk.round_title
    more = ""
    payload = line.payload or {}
    if kind in (RowKind.ATTACHED, RowKind.DETACHED):
        more = str(payload.get("name") or "")
    elif kind in (RowKind.ASKED, RowKind.EXTENDED):
        day = _day(payload.get("until_on"))
        more = say_day(day, desk.language) if day else ""
    elif kind is RowKind.MOVED:
        more = ", ".join(_milestones(desk, payload))
    elif kind is RowKind.DISPOSED:
        more = str(payload.get("decision") or "")
    elif case and line.transition:
        _, transition = _pressed(desk.definition.case[case.kind], line)
        own = desk.revision.title(transition, desk.language) if transition else ""
        more = phrases.fill(own, year=desk.facts.round.year)
    return f"{about}: {more}" if more else about


def _milestones(desk: Desk, payload: Mapping[str, Any]) -> list[str]:
    """Name the milestones that somebody moved, each with its day."""
    told = payload.get("milestones")
    moved: Mapping[str, Any] = told if isinstance(told, dict) else {}
    named = []
    for key, days in moved.items():
        milestone = desk.definition.milestone.get(key)
        if milestone and isinstance(days, dict) and days.get("set_by_hand"):
            own = desk.revision.title(milestone, desk.language)
            day = _day(days.get("last_on"))
            title = phrases.fill(own, year=desk.facts.round.year)
            named.append(f"{title} {say_day(day, desk.language)}" if day else title)
    return named


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
