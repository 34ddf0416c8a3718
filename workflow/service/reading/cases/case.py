"""A case as somebody sees it: where it stands, who has it, what is filled in, what they may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workflow.core.definition import State as Described
from workflow.core.facts import CaseFact, EntryKind
from workflow.core.saving import who_writes
from workflow.service.attaching import CaseFiles, list_files
from workflow.service.commenting import CaseComments, list_comments
from workflow.service.reading.cases.changed import Changes, changes_since
from workflow.service.reading.cases.choices import Choice, choices, ways
from workflow.service.reading.cases.done import Done, what_was_done
from workflow.service.reading.cases.extension import Extension, extension_of
from workflow.service.reading.cases.parties import (
    Below,
    Due,
    Link,
    Party,
    Roster,
    below,
    chain,
    due_of,
)
from workflow.service.reading.cases.progress import Progress, progress_of
from workflow.service.reading.cases.questions import Asking, askings
from workflow.service.reading.cases.recurring import Recurring, recurring
from workflow.service.reading.cases.tables import TableView, labels, tables
from workflow.service.reading.past.knowledge import went_back
from workflow.service.reading.rounds.step import Bar
from workflow.service.reading.situation.offers import offers_in
from workflow.service.reading.situation.plan import plan_beside
from workflow.service.resting import Rest, rest_of
from workflow.service.seeing import Seen, see_case
from workflow.service.starting import openings
from workflow.service.world import World
from workflow.store import deeds
from workflow.store.deeds import Deed
from workflow.store.history import Step

__all__ = ["By", "CasePage", "Material", "State", "read_case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who did something, and when."""

    who: str
    """Name, "X för Y" for a substitute; empty when it happened by itself."""
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a case stands."""

    title: str
    help: str
    tone: str
    """done, late, back, act or nothing."""
    body: str
    """Name of the body whose step it is; empty when it is nobody's in particular."""
    ended: bool
    returned: bool
    """It has come back, with questions or without, and whoever has it has not handed it on."""
    came: By | None
    """Who brought it here."""
    waits_for_time: bool
    """The clock moves it on, and nobody owes anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What only those who read the case see."""

    tables: tuple[TableView, ...]
    labels: Mapping[str, str]
    """What each column is called, its table first, by `TABLE.COLUMN`."""
    askings: tuple[Asking, ...]
    choices: tuple[Choice, ...]
    ways: tuple[tuple[str, str], ...]
    """As whom they may act, as address and name, when there are several."""
    writes: bool
    """They fill in or answer here."""
    edits: bool
    """Something is filled in in the present state, and answers can be changed."""
    writes_for: str
    """Name of the one for whom they do it; empty when in their own name."""
    saved: By | None
    """The last draft, when it was saved after the case came to its state."""
    changed: Changes | None
    """What is other in the tables since it was last sent back; None when it never was."""
    extension: Extension | None
    files: CaseFiles | None
    comments: CaseComments | None
    offers: Mapping[str, str] = field(default_factory=dict)
    """What is suggested beside the fields, made of the round, by `TABLE.COLUMN`."""
    bars: tuple[Bar, ...] = ()
    """The round's plan, beside a case that reports how it goes."""

    @property
    def unanswered(self) -> int:
        """How many questions have no answer."""
        return sum(one.left for one in self.askings)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A case, as a page shows it."""

    id: str
    kind: str
    title: str
    help: str
    version: int
    seen: int
    """The last entry that changed it, or what is filled in."""
    is_round: bool
    round: str
    round_title: str
    reference: str
    units: tuple[str, ...]
    """Names of the units that it lies below, the nearest last; the topmost is left out."""
    state: State
    lap: int
    """1, and one more for each time it has gone back."""
    party: Party | None
    """Who has it; None when nobody owes anything now."""
    due: Due | None
    chain: tuple[Link, ...]
    waits_for: int
    """How many cases the present state waits for still."""
    of: int
    """How many it has opened."""
    below: tuple[Below, ...]
    """Those below it that the viewer sees, without what comes again."""
    progress: Progress
    """How far these have come."""
    recurring: tuple[Recurring, ...]
    """What comes again below it, and what the viewer may open when it is needed."""
    material: Material | None
    done: Done | None
    """What the viewer has just done."""
    rest: Rest | None = None
    """The round's; None while it goes on."""


def read_case(world: World, email: str, case_id: str, *, done: int = 0) -> CasePage:
    """Look at a case; `done` is the number of an entry that the viewer has just written.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen, case = see_case(world, connection, case_id, email)
        return _page(world, seen, case, done)


def _page(world: World, seen: Seen, case: CaseFact, done: int) -> CasePage:
    roster, desk, facts = Roster(seen), seen.desk, seen.facts
    kind, task = seen.definition.case[case.kind], facts.task(case.id)
    made = deeds.deeds(seen.connection, case.id)
    party = roster.party(task.place) if task else None
    join = facts.join(case.id, case.state)
    above = [unit.name for unit in facts.line(case.unit)][-2::-1]
    under = below(seen, roster, case)
    again = recurring(seen, case, under, [o for o in openings(seen) if o.parent == case.id])
    coming = {one.kind for one in again}
    once = tuple(one for one in under if one.kind not in coming)
    return CasePage(
        id=case.id,
        kind=case.kind,
        title=desk.title_of(case),
        help=desk.help_of(kind),
        version=case.version,
        seen=made[-1].number if made else 0,
        is_round=case.parent is None,
        round=facts.round.id,
        round_title=desk.round_title,
        reference=facts.round.reference,
        units=tuple(above),
        state=_state(seen, case, made),
        lap=1 + sum(_went_back(seen, case, one) for one in made),
        party=party,
        due=due_of(seen, task),
        chain=chain(seen, roster, case) if case.ended_at is None else (),
        waits_for=join.opened - join.ended if join else 0,
        of=join.opened if join else 0,
        below=once,
        progress=progress_of(seen, case, once),
        recurring=again,
        material=_material(seen, roster, case, made) if seen.sight.reads(case) else None,
        done=what_was_done(world, seen, case, made, done),
        rest=rest_of(seen.connection, facts.round, desk.language),
    )


def _state(seen: Seen, case: CaseFact, made: Sequence[Deed]) -> State:
    desk, ended = seen.desk, case.ended_at is not None
    state = seen.definition.case[case.kind].state.get(case.state)
    came = next((one for one in reversed(made) if one.version == case.version), None)
    returned = came is not None and not ended and _went_back(seen, case, came)
    task = seen.facts.task(case.id)
    tone = {"missing": "late", "withdrawn": ""}.get(case.state, "done") if ended else "act"
    return State(
        title=desk.state_title(case),
        help=desk.help_of(state) if state else "",
        tone="back" if returned else tone,
        body=_body(seen, state),
        ended=ended,
        returned=returned,
        came=_by(seen, came) if came else None,
        waits_for_time=bool(state and state.at_due and task and task.place is None),
    )


def _body(seen: Seen, state: Described | None) -> str:
    body = seen.definition.body.get(state.body or "") if state else None
    return seen.revision.title(body, seen.desk.language) if body else ""


def _went_back(seen: Seen, case: CaseFact, one: Deed) -> bool:
    if one.kind not in (EntryKind.TRANSITION, EntryKind.REOPENED):
        return False
    step = Step(
        case=case.id,
        number=one.number,
        kind=one.kind,
        from_state=one.from_state,
        to_state=one.to_state,
    )
    return went_back(seen.definition.case[case.kind], step)


def _by(seen: Seen, one: Deed) -> By:
    link = " for " if seen.desk.language == "en" else " för "
    by_itself = one.kind in (EntryKind.NEXT, EntryKind.AT_DUE)
    who = "" if by_itself else link.join(filter(None, (one.name, one.behind)))
    return By(who=who, at=one.at, mine=one.actor == seen.viewer.id and not by_itself)


def _material(seen: Seen, roster: Roster, case: CaseFact, made: Sequence[Deed]) -> Material:
    kind = seen.definition.case[case.kind]
    state = kind.state.get(case.state)
    rests = seen.facts.round.paused_at is not None
    writes = state is not None and not rests
    writer = who_writes(seen.definition, seen.facts, case, seen.actor) if writes else None
    asked, edits = askings(seen, case, made), bool(state and state.edits)
    behind = writer.on_behalf_of if writer else None
    last = made[-1] if made and made[-1].kind is EntryKind.SAVED else None
    back = next((one for one in reversed(made) if _went_back(seen, case, one)), None)
    return Material(
        tables=tables(seen, kind, case),
        labels=labels(seen, kind),
        askings=asked,
        choices=() if rests else choices(seen, roster, case),
        ways=ways(seen, case),
        writes=writer is not None and (edits or any(one.left for one in asked)),
        edits=edits,
        writes_for=next((o.name for o in seen.actor.stands_in_for if o.person == behind), ""),
        saved=_by(seen, last) if last else None,
        changed=changes_since(seen, kind, case, back.number) if back else None,
        extension=None if rests else extension_of(seen, case),
        files=list_files(seen, case),
        comments=list_comments(seen, case),
        offers=offers_in(seen, case) if writer is not None else {},
        bars=plan_beside(seen, kind),
    )
