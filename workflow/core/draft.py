"""A decision under way: what a move brings with it, up and down the tree.

A `Draft` holds the cases and counts that change, on top of the facts. Every
change of a state goes through the kind's machine and leaves one entry. What
follows by itself happens in the same decision: a state that is entered opens its
cases and its task; a case that ends is counted by its parent, which may go on; a
parent that leaves takes what is unfinished with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.core import phrases, plan
from workflow.core.copies import compile_of
from workflow.core.definition import Case, State
from workflow.core.facts import (
    Actor,
    CaseChange,
    CaseFact,
    Compile,
    EntryDraft,
    EntryKind,
    Facts,
    IncidentDraft,
    IncidentKind,
    JoinFact,
    Place,
    SeriesFact,
    TaskFact,
)
from workflow.core.fixed import fixed_of
from workflow.core.machine import (
    AT_DUE,
    MISSING,
    NEXT,
    WITHDRAW,
    WITHDRAWN,
    machine_of,
    reopen,
)
from workflow.core.occasions import is_series, next_one, with_next
from workflow.core.owing import OWN, Deadline, left_out, new_task, who_owes
from workflow.core.revision import Revision
from workflow.core.roles import places_told, units_near
from workflow.core.telling import series_entry, tell_case, tell_task

__all__ = ["Draft", "Told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A place that is told that something has happened, without owing anything."""

    place: Place
    case: CaseFact


class Draft:
    """What one command changes, gathered until it is whole."""

    def __init__(
        self, revision: Revision, facts: Facts, now: datetime, actor: Actor | None = None
    ) -> None:
        self.revision = revision
        self.definition = revision.definition
        self.facts = facts
        self.now = now
        self.actor = actor
        self.entries: list[EntryDraft] = []
        self.cases: dict[str, CaseFact] = {}
        self.before: dict[str, int] = {}
        self.joins: dict[tuple[str, str], JoinFact] = {}
        self.series: dict[tuple[str, str], SeriesFact] = {}
        self.closed: list[str] = []
        self.tasks: dict[str, TaskFact] = {}
        self.returned: set[str] = set()
        """Cases whose new task is a return."""
        self.told: list[Told] = []
        self.incidents: list[IncidentDraft] = []
        self.chosen: tuple[str, ...] | None = None
        """Keys of the units that get a case, where the opener may choose; None means all."""
        self.acting: tuple[str, str] | None = None
        """The case and the transition that the person is making right now."""
        self.open_cases = facts.round.open_cases
        self.closes_round = False

    # ---- what is known ----------------------------------------------------------------

    def case(self, case_id: str) -> CaseFact:
        """Give a case as it stands after what has been decided so far."""
        known = self.cases.get(case_id) or self.facts.case(case_id)
        if known is None:
            raise LookupError(case_id)
        return known

    def kind(self, case: CaseFact) -> Case:
        """Give the definition of a case's kind."""
        return self.definition.case[case.kind]

    def join(self, case_id: str, state: str) -> JoinFact | None:
        """Give the counts of a state after what has been decided so far."""
        return self.joins.get((case_id, state)) or self.facts.join(case_id, state)

    def changes(self) -> tuple[CaseChange, ...]:
        """Give the cases that moved and were there before, in order of their first move."""
        return tuple(
            CaseChange(
                id=case_id,
                before=before,
                version=self.cases[case_id].version,
                state=self.cases[case_id].state,
                entered_at=self.cases[case_id].entered_at,
                ended_at=self.cases[case_id].ended_at,
            )
            for case_id, before in self.before.items()
        )

    def opened(self) -> tuple[CaseFact, ...]:
        """Give the new cases, parents before children."""
        return tuple(case for key, case in self.cases.items() if key not in self.before)

    def compiles(self) -> tuple[Compile, ...]:
        """Give what is compiled where a case has come to, of all that moved."""
        return tuple(
            fixed_of(self.definition, self.facts, case, key)
            if self.definition.table[key].is_fixed
            else compile_of(self.definition, case, key)
            for case in self.cases.values()
            if case.ended_at is None
            for key in self.kind(case).state[case.state].edits
            if self.definition.table[key].is_laid_out
        )

    # ---- moving a case ----------------------------------------------------------------

    def open_case(  # noqa: PLR0913 - what a case is, and where it hangs
        self,
        kind: str,
        unit: str,
        *,
        parent: CaseFact | None = None,
        started: bool = False,
        occasion: str | None = None,
        state: str | None = None,
        payload: Mapping[str, object] | None = None,
    ) -> CaseFact | None:
        """Open a case below a parent's state and enter a state, its first unless one is given.

        None when there is one of the kind, unit and occasion already. Without an occasion
        of its own it has that of its parent.
        """
        described = self.definition.case[kind]
        suffix = self._suffix(described, unit, parent, occasion)
        case_id = f"{self.facts.round.id}.{kind}{suffix}"
        if case_id in self.cases or (started and self.facts.case(case_id)):
            return None
        case = CaseFact(
            id=case_id,
            kind=kind,
            unit=unit,
            parent=parent.id if parent else None,
            opened_in=parent.state if parent else None,
            started=started,
            state=state or described.first,
            version=1,
            opened_at=self.now,
            entered_at=self.now,
            occasion=occasion or (parent.occasion if parent else None),
        )
        self.cases[case_id] = case
        self.open_cases += 1
        self._enter(case, EntryKind.OPENED, payload={**(payload or {}), **tell_case(case)})
        return case

    @staticmethod
    def _suffix(kind: Case, unit: str, parent: CaseFact | None, occasion: str | None) -> str:
        """Give what tells a case from others of its kind: its unit, or its parent's; then
        the occasion it is opened for, or its parent was."""
        if not kind.per:
            own = parent.id.split(".")[2:] if parent else []
            return "".join(f".{part}" for part in (*own, occasion) if part)
        shared = parent.occasion if parent else None
        return f".{unit}" + "".join(f".{part}" for part in (occasion or shared,) if part)

    def move(
        self,
        case: CaseFact,
        trigger: str,
        kind: EntryKind,
        *,
        to: str | None = None,
        deadline: Deadline = OWN,
        payload: Mapping[str, object] | None = None,
    ) -> CaseFact:
        """Move a case, and do all that follows. `to` is given when the machine has said it.

        A transition of a person has been fired, and allowed, by the caller.
        """
        machine = machine_of(self.revision, case.kind)
        state = to or machine.fire(trigger, case.state)[0]
        ended = state in machine.ends
        moved = self._changed(case, state, ended=ended)
        self._close_task(case)
        if ended:
            self.open_cases -= 1
            self._stop_series(moved)
            self._log(moved, kind, trigger, case.state, {**(payload or {}), "ended": True})
        else:
            self._enter(
                moved,
                kind,
                trigger=trigger,
                from_state=case.state,
                deadline=deadline,
                payload=payload or {},
            )
        if state != case.state:
            self._leave(case, withdraw=state in (MISSING, WITHDRAWN), by_itself=trigger == NEXT)
        if ended:
            self._end(moved)
        return self.cases[case.id]

    def reopen(
        self,
        case: CaseFact,
        state: str,
        deadline: Deadline,
        payload: Mapping[str, object] | None = None,
    ) -> CaseFact:
        """Take an ended case back to a state, and out of its parent's count."""
        machine_of(self.revision, case.kind).fire(reopen(state), case.state)
        if case.parent and case.opened_in and not case.started:
            self._count(case.parent, case.opened_in, case.state, -1)
        self.open_cases += 1
        moved = self._changed(case, state, ended=False)
        self._resume_series(moved)
        self.returned.add(case.id)
        self._enter(
            moved,
            EntryKind.REOPENED,
            from_state=case.state,
            deadline=deadline,
            payload=payload or {},
        )
        return moved

    def add(self, kind: str, unit: str, parent: CaseFact, payload: Mapping[str, object]) -> str:
        """Add one case to those that a parent's state waits for. Gives its id."""
        case = self.open_case(kind, unit, parent=parent, payload=payload)
        if case is None:
            raise LookupError(unit)
        self._count_opened(parent, 1)
        return case.id

    def _changed(self, case: CaseFact, state: str, *, ended: bool) -> CaseFact:
        if case.id not in self.cases:
            self.before[case.id] = case.version
        moved = replace(
            case,
            state=state,
            version=case.version + 1,
            entered_at=self.now,
            ended_at=self.now if ended else None,
        )
        self.cases[case.id] = moved
        return moved

    # ---- entering a state --------------------------------------------------------------

    def _enter(
        self,
        case: CaseFact,
        kind: EntryKind,
        *,
        trigger: str | None = None,
        from_state: str | None = None,
        deadline: Deadline = OWN,
        payload: Mapping[str, object],
    ) -> None:
        state = self.kind(case).state[case.state]
        task = self._open_task(case, state, deadline)
        due = tell_task(task) if task else {}
        if task and task.place and state.by and task.place.role not in state.by:
            due["handed_up_to"] = task.place.role
        self._log(case, kind, trigger, from_state, {**payload, **due})
        self._tell(case, state.tells, state.body)
        if state.opens:
            self._open_children(case, state)
        for name in state.starts:
            if is_series(self.definition.case[name]):
                self._begin_series(case, name)
                continue
            for unit in self._units_for(case, state, self.definition.case[name], self.chosen):
                self.open_case(name, unit, parent=case, started=True)

    def _open_task(self, case: CaseFact, state: State, deadline: Deadline) -> TaskFact | None:
        if state.by is None and state.at_due is None:
            return None
        excluded = left_out(self.facts, case, state, self.actor, self.acting)
        place, wrong = who_owes(self.definition, self.facts, case, state, excluded)
        if wrong and state.by:
            role, unit = (place.role, place.unit) if place else (state.by[0], case.unit)
            self._incident(wrong, case, role=role, unit=unit)
        deadline = replace(deadline, asked=case.id in self.returned)
        task = new_task(self.revision, self.facts, case, state, place, deadline)
        self.tasks[case.id] = task
        return task

    def _incident(self, kind: IncidentKind, case: CaseFact, **detail: object) -> None:
        subject = f"{case.id}#{case.version}"
        self.incidents.append(
            IncidentDraft(kind=kind, subject=subject, case=case.id, detail=detail)
        )

    def _open_children(self, case: CaseFact, state: State) -> None:
        known = self.join(case.id, case.state)
        there = set()
        if known:
            children = self.facts.children(case.id, opened_in=case.state)
            there = {(child.kind, child.unit) for child in children}
        # Entered again without a new choice: the choice of the first time stands.
        chosen = () if known and self.chosen is None else self.chosen
        count = 0
        for name in state.opens:
            for unit in self._units_for(case, state, self.definition.case[name], chosen):
                if (name, unit) not in there and self.open_case(name, unit, parent=case):
                    count += 1
        if count or not known:
            self._count_opened(case, count)
        if not count and not there:
            self._incident(IncidentKind.NOTHING_TO_WAIT_FOR, case)

    def _units_for(
        self, case: CaseFact, state: State, kind: Case, chosen: tuple[str, ...] | None
    ) -> Iterable[str]:
        """Give the units that get a case of a kind, in the organisation's order."""
        if not kind.per:
            bodies = self.facts.units((state.body,)) if state.body else ()
            return [bodies[0].key if bodies else case.unit]
        units = units_near(self.definition, self.facts, kind.per, case.unit)
        return [
            unit.key
            for unit in units
            if chosen is None or unit.kind not in kind.choose or unit.key in chosen
        ]

    # ---- cases that come again -----------------------------------------------------------

    def open_next(self, series: SeriesFact) -> None:
        """Open what a series has come to: one case for each unit; and look ahead."""
        parent, kind = self.case(series.case), self.definition.case[series.kind]
        occasion = next_one(self.definition, series, self.facts.milestone)
        if occasion is None:
            self._put_series(replace(series, next_at=None))
            return
        for unit in self.units_of_series(parent, kind):
            self.open_case(kind.key, unit, parent=parent, started=True, occasion=occasion.key)
        self._put_series(self._looking_ahead(replace(series, occasion=occasion.key)))

    def open_one(self, series: SeriesFact, unit: str, payload: Mapping[str, object]) -> str:
        """Open one more case where people do. Gives its id."""
        number = str(int(series.occasion or 0) + 1)
        parent = self.case(series.case)
        case = self.open_case(
            series.kind, unit, parent=parent, started=True, occasion=number, payload=payload
        )
        if case is None:
            raise LookupError(unit)
        self._put_series(replace(series, occasion=number))
        return case.id

    def units_of_series(self, parent: CaseFact, kind: Case) -> Iterable[str]:
        """Give the units that get a case of a series, in the organisation's order."""
        states = self.kind(parent).state.values()
        state = next(one for one in states if kind.key in one.starts)
        return self._units_for(parent, state, kind, None)

    def _begin_series(self, case: CaseFact, kind: str) -> None:
        if kind not in self.facts.series(case.id):
            begun = SeriesFact(case=case.id, kind=kind, since=self._today())
            self._put_series(self._looking_ahead(begun))

    def _resume_series(self, case: CaseFact) -> None:
        for series in self._known_series(case):
            self._put_series(self._looking_ahead(replace(series, since=self._today())))

    def _stop_series(self, case: CaseFact) -> None:
        """See that nothing more comes below a case that has ended."""
        for series in self._known_series(case):
            if series.next_at is not None:
                self._put_series(replace(series, next_at=None))

    def _known_series(self, case: CaseFact) -> Iterable[SeriesFact]:
        """Give the series of a case; asks nothing of the facts where there can be none."""
        states = self.kind(case).state.values()
        if any(is_series(self.definition.case[name]) for one in states for name in one.starts):
            yield from (
                self.series.get((case.id, kind), one)
                for kind, one in self.facts.series(case.id).items()
            )

    def _looking_ahead(self, series: SeriesFact) -> SeriesFact:
        if not self.definition.case[series.kind].every:
            return series
        return with_next(self.definition, series, self.facts.milestone)

    def _put_series(self, series: SeriesFact) -> None:
        self.series[series.case, series.kind] = series
        self.entries.append(series_entry(series, self.actor))

    def _today(self) -> date:
        return plan.local_day(self.now, self.definition.zone)

    # ---- leaving and ending ------------------------------------------------------------

    def _close_task(self, case: CaseFact) -> None:
        if self.tasks.pop(case.id, None) is None and case.ended_at is None:
            task = self.facts.task(case.id)
            if task:
                self.closed.append(task.id)

    def _leave(self, case: CaseFact, *, withdraw: bool, by_itself: bool) -> None:
        """Close what a state opened and did not get; withdraw all below a case called off.

        `case` is as it was before it moved. When enough children have made it go on
        by itself, the rest are no longer owed.
        """
        waits = self.kind(case).state[case.state].opens
        join = self.join(case.id, case.state) if waits else None
        if withdraw:
            self._withdraw_below(case)
        elif join and join.ended < join.opened:
            for found in self.facts.children(case.id, opened_in=case.state, unfinished=True):
                child = self.case(found.id)
                if child.ended_at is None and by_itself:
                    self.move(child, WITHDRAW, EntryKind.WITHDRAWN)
                elif child.ended_at is None:
                    self.move(child, MISSING, EntryKind.MISSING)

    def _withdraw_below(self, case: CaseFact) -> None:
        """Withdraw all below a case, also what an ended case has started."""
        for found in self.facts.children(case.id):
            child = self.case(found.id)
            if child.ended_at is None:
                self.move(child, WITHDRAW, EntryKind.WITHDRAWN)
            else:
                self._withdraw_below(child)

    def _end(self, case: CaseFact) -> None:
        self._tell(case, self.kind(case).tells, None)
        if case.parent and case.opened_in and not case.started:
            self._count(case.parent, case.opened_in, case.state, +1)
            parent = self.case(case.parent)
            if parent.ended_at is None and parent.state == case.opened_in:
                self._go_on(parent)
        root_ended = case.parent is None or self._root(case).ended_at is not None
        if self.open_cases == 0 and root_ended and not self.closes_round:
            self.closes_round = True
            self.entries.append(EntryDraft(kind=EntryKind.ROUND_CLOSED))

    def _root(self, case: CaseFact) -> CaseFact:
        while case.parent:
            case = self.case(case.parent)
        return case

    def _go_on(self, parent: CaseFact) -> None:
        """Let a parent go on by itself when it has what it waits for."""
        state = self.kind(parent).state[parent.state]
        join = self.join(parent.id, parent.state)
        if state.next is None or join is None or join.opened == 0:
            return
        if state.wait_for == "all":
            enough = join.ended >= join.opened
        else:
            enough = join.delivered >= phrases.needed(state.wait_for, join.opened)
        if enough:
            self.move(parent, NEXT, EntryKind.NEXT)
        elif join.ended >= join.opened:
            self._incident(IncidentKind.NOTHING_TO_WAIT_FOR, parent)

    def find_standstill(self) -> None:
        """Tell of cases that have come to wait for what has ended already."""
        known = {incident.case for incident in self.incidents}
        for case in self.cases.values():
            state = self.kind(case).state.get(case.state)
            join = self.join(case.id, case.state) if state and state.next else None
            if join and 0 < join.opened <= join.ended and case.id not in known:
                self._incident(IncidentKind.NOTHING_TO_WAIT_FOR, case)

    def _count(self, parent: str, state: str, child_state: str, step: int) -> None:
        join = self.join(parent, state)
        if join is None:
            raise LookupError(parent, state)
        real = child_state not in (MISSING, WITHDRAWN)
        self.joins[parent, state] = replace(
            join, ended=join.ended + step, delivered=join.delivered + (step if real else 0)
        )

    def _count_opened(self, parent: CaseFact, count: int) -> None:
        join = self.join(parent.id, parent.state) or JoinFact(
            case=parent.id, state=parent.state, opened=0, ended=0, delivered=0
        )
        self.joins[parent.id, parent.state] = replace(join, opened=join.opened + count)

    # ---- telling -----------------------------------------------------------------------

    def _tell(self, case: CaseFact, roles: Sequence[str], body: str | None) -> None:
        for place in places_told(self.definition, self.facts, roles, case.unit, body):
            self.told.append(Told(place=place, case=case))

    def _log(
        self,
        case: CaseFact,
        kind: EntryKind,
        trigger: str | None,
        from_state: str | None,
        payload: Mapping[str, object],
    ) -> None:
        self.entries.append(
            EntryDraft(
                kind=kind,
                case=case.id,
                transition=None if trigger in (NEXT, AT_DUE, None) else trigger,
                from_state=from_state,
                to_state=case.state,
                case_version=case.version,
                actor=self.actor.person if self.actor else None,
                on_behalf_of=self.actor.on_behalf_of if self.actor else None,
                payload=payload,
            )
        )
