"""A round in memory: facts kept in dictionaries, and a hand that drives the core.

`MemoryFacts` answers the engine as the store does, and applies what it decides.
`MemoryRound` is a round on top of it, driven by names: cases without the round's id
in front, people as the organisation calls them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tests.support.clock import START, Clock
from tests.support.organisation import GRANTS, PEOPLE, UNITS, person
from workflow.core import engine, plan
from workflow.core.facts import (
    Actor,
    CaseFact,
    Command,
    Compile,
    Decision,
    EntryDraft,
    EntryKind,
    JoinFact,
    MilestoneFact,
    Origin,
    Place,
    Poll,
    QuestionFact,
    RoundFact,
    Row,
    RowFact,
    RowKey,
    SeriesFact,
    SheetChange,
    SheetKey,
    Source,
    StoodInFor,
    TaskFact,
    UnitFact,
)
from workflow.core.fixed import laid_out
from workflow.core.material import matches
from workflow.core.polls import nobodys
from workflow.core.revision import Revision
from workflow.core.sheets import replaced

__all__ = ["MemoryFacts", "MemoryRound"]


class MemoryFacts:
    """`workflow.core.facts.Facts` of one round."""

    def __init__(
        self, revision: Revision, clock: Clock, year: int, units: Sequence[UnitFact]
    ) -> None:
        definition = revision.definition
        self.round = RoundFact(
            id=f"{definition.key}-{year}",
            process=definition.key,
            year=year,
            plan="",
            revision=revision.digest,
            version=0,
            opened_at=clock.now,
            closed_at=None,
            open_cases=0,
        )
        self.clock = clock
        self.organisation = {unit.key: unit for unit in units}
        self.held: dict[Place, tuple[int, ...]] = {}
        self.substitutions: set[tuple[int, int, str | None, str | None]] = set()
        """Substitute, person, role and unit of those that are in force."""
        self.milestones = {
            key: plan.milestone_fact(definition, definition.milestone[key], *days)
            for key, days in plan.milestone_days(definition, "", year).items()
        }
        self.cases: dict[str, CaseFact] = {}
        self.joins: dict[tuple[str, str], JoinFact] = {}
        self.recurring: dict[tuple[str, str], SeriesFact] = {}
        self.tasks: dict[str, TaskFact] = {}
        """Open tasks by case."""
        self.closed: dict[str, TaskFact] = {}
        """Closed tasks by id."""
        self.entries: list[EntryDraft] = []
        self.signatures: set[tuple[str, str, int, int | None]] = set()
        self.asked: dict[str, list[QuestionFact]] = {}
        self.material: dict[SheetKey, dict[int, RowFact]] = {}
        self.last_numbers: dict[SheetKey, int] = {}
        self.whys: dict[SheetKey, dict[str, str]] = {}
        self.attached: dict[str, dict[int, str]] = {}
        """Names of files by case and number."""
        self.before: dict[tuple[str, str], list[tuple[Origin, RowFact]]] = {}
        """Rows of the round before by unit and table."""
        self.merged: dict[str, tuple[str, ...]] = {}
        """Units that have gone into others."""
        self.conflicted: dict[RowKey, frozenset[int]] = {}
        self.lines: dict[SheetKey, int | None] = {}

    # ---- what the engine asks ---------------------------------------------------------

    def case(self, case_id: str) -> CaseFact | None:
        """Give a case."""
        return self.cases.get(case_id)

    def children(
        self, case_id: str, *, opened_in: str | None = None, unfinished: bool = False
    ) -> Sequence[CaseFact]:
        """Give the cases right below one."""
        return [
            case
            for case in sorted(self.cases.values(), key=lambda case: case.id)
            if case.parent == case_id
            and opened_in in (None, case.opened_in)
            and not (unfinished and case.ended_at)
        ]

    def join(self, case_id: str, state: str) -> JoinFact | None:
        """Give the counts of a state."""
        return self.joins.get((case_id, state))

    def series(self, case_id: str) -> Mapping[str, SeriesFact]:
        """Give the series that a case has begun."""
        return {kind: one for (case, kind), one in self.recurring.items() if case == case_id}

    def task(self, case_id: str) -> TaskFact | None:
        """Give the open task of a case."""
        return self.tasks.get(case_id)

    def first_task(self, case_id: str, state: str) -> TaskFact | None:
        """Give the task a case had when it first came to a state."""
        first = next(
            (
                entry
                for entry in self.entries
                if (entry.case, entry.to_state) == (case_id, state) and entry.case_version
            ),
            None,
        )
        known = {**self.closed, **{task.id: task for task in self.tasks.values()}}
        return known.get(f"{case_id}#{first.case_version}") if first else None

    def milestone(self, key: str) -> MilestoneFact:
        """Give a milestone."""
        return self.milestones[key]

    def line(self, unit: str) -> Sequence[UnitFact]:
        """Give a unit and those above it."""
        found = [self.organisation[unit]]
        while found[-1].parent:
            found.append(self.organisation[found[-1].parent])
        return found

    def units(self, kinds: Collection[str], *, below: str | None = None) -> Sequence[UnitFact]:
        """Give units of some kinds."""
        found = [unit for unit in self.organisation.values() if unit.kind in kinds]
        return [
            unit
            for unit in found
            if below is None or below in [step.key for step in self.line(unit.key)]
        ]

    def holders(self, places: Collection[Place]) -> Mapping[Place, tuple[int, ...]]:
        """Give who holds each place."""
        return {place: self.held.get(place, ()) for place in places}

    def stand_ins(self, places: Collection[Place]) -> Mapping[Place, tuple[tuple[int, int], ...]]:
        """Give who stands in for a holder of each place."""
        return {
            place: tuple(
                sorted(
                    (by, person)
                    for by, person, role, unit in self.substitutions
                    if person in self.held.get(place, ())
                    and role in (None, place.role)
                    and unit in (None, place.unit)
                )
            )
            for place in places
        }

    def member_ids(self, unit: str) -> frozenset[int]:
        """Give who holds any role at a unit."""
        return frozenset(one for at, held in self.held.items() if at.unit == unit for one in held)

    def conflicts(self) -> Mapping[RowKey, frozenset[int]]:
        """Give who has a conflict of interest in which row."""
        return self.conflicted

    def last_actors(self, case_id: str, transitions: Collection[str]) -> frozenset[int]:
        """Give who last made each of some transitions, and who signed it with them."""
        found: set[int | None] = set()
        for key in transitions:
            made = [e for e in self.entries if (e.case, e.transition) == (case_id, key)]
            for number, entry in enumerate(reversed(made)):
                if number and entry.kind is not EntryKind.SIGNED:
                    break
                found |= {entry.actor, entry.on_behalf_of}
        return frozenset(one for one in found if one is not None)

    def signers(self, task_id: str, transition: str) -> Mapping[int, int]:
        """Give who has signed, and who held the pen."""
        return {
            who: by or who
            for task, key, who, by in self.signatures
            if (task, key) == (task_id, transition)
        }

    def questions(self, case_id: str) -> Sequence[QuestionFact]:
        """Give a case's questions."""
        return self.asked.get(case_id, ())

    def rows(self, case_id: str, table: str) -> Sequence[Row]:
        """Give the cells of a table."""
        return [row.cells for row in self.sheet(SheetKey(case_id, table))]

    def sheet(self, key: SheetKey) -> Sequence[RowFact]:
        """Give the rows of a sheet."""
        return sorted(self.material.get(key, {}).values(), key=lambda row: row.place)

    def sheet_row(self, key: SheetKey, number: int) -> RowFact | None:
        """Give one row of a sheet."""
        return self.material.get(key, {}).get(number)

    def sheet_gap(self, key: SheetKey, after: int | None) -> tuple[str | None, str | None]:
        """Give the places on both sides of a gap."""
        places = [row.place for row in self.sheet(key)]
        if after is None:
            return (places[-1] if places else None), None
        low = self.material[key][after].place if after else None
        return low, next((place for place in places if low is None or place > low), None)

    def shown(self, rows: Sequence[RowFact], chain: Sequence[str]) -> Sequence[Row]:
        """Give the cells of rows, with those of the rows that they show."""
        found: list[Row] = []
        for row in rows:
            cells, origin = dict(row.cells), row.origin
            for table in chain:
                source = (
                    self.sheet_row(SheetKey(origin.case, table), origin.number) if origin else None
                )
                cells = {**(source.cells if source else {}), **cells}
                origin = source.origin if source else None
            found.append(cells)
        return found

    def ends(self, rows: Sequence[RowFact], chain: Sequence[str]) -> Sequence[Origin | None]:
        """Give the row at the end of each row's origins."""
        found: list[Origin | None] = []
        for row in rows:
            origin = row.origin
            for table in chain:
                row_there = (
                    self.sheet_row(SheetKey(origin.case, table), origin.number) if origin else None
                )
                if row_there is None:
                    origin = None
                elif table != chain[-1]:
                    origin = row_there.origin
            found.append(origin)
        return found

    def sources(self, what: Compile) -> Sequence[Source]:
        """Give the rows that a table shows now: of every case, and all that match."""
        found = []
        for key in sorted(self.material):
            if key.table != what.chain[0] or key.owner:
                continue
            if what.unit and self.cases[key.case].unit != what.unit:
                continue
            rows = self.sheet(key)
            shown = self.shown(rows, what.chain[1:])
            ends = self.ends(rows, what.chain[1:]) if what.chain[1:] else [None] * len(rows)
            for row, cells, end in zip(rows, shown, ends, strict=True):
                origin = Origin(key.case, row.number)
                if matches(cells, what.where):
                    found.append(Source(origin=origin, cells=cells, end=end or origin))
        return found

    def people(self, roles: Collection[str]) -> Mapping[str, str]:
        """Give who holds one of some roles, by key."""
        held = {who for place, held in self.held.items() if place.role in roles for who in held}
        return {PEOPLE[who - 1]: PEOPLE[who - 1].capitalize() for who in sorted(held)}

    def files(self, case_id: str) -> Mapping[int, str]:
        """Give the files that a case has."""
        return self.attached.get(case_id, {})

    def predecessors(self, unit: str) -> Sequence[str]:
        """Give the units that have gone into a unit."""
        return self.merged.get(unit, ())

    def previous_rows(self, unit: str, table: str) -> Sequence[tuple[Origin, RowFact]]:
        """Give the rows of a table for a unit in the round before."""
        return self.before.get((unit, table), [])

    def rows_in_round(self, table: str) -> Sequence[RowFact]:
        """Give the rows of a table in all cases."""
        sheets = [key for key in sorted(self.material) if (key.table, key.owner) == (table, 0)]
        return [row for key in sheets for row in self.sheet(key)]

    def reasons(self, key: SheetKey) -> Mapping[str, str]:
        """Give what people have written of why something may be as a check says."""
        return self.whys.get(key, {})

    def drawn_line(self, key: SheetKey) -> int | None:
        """Give the row behind which a sheet's line lies."""
        return self.lines.get(key)

    def last_number(self, key: SheetKey) -> int:
        """Give the highest number that was ever used."""
        return self.last_numbers.get(key, 0)

    def fill(self, case_id: str, table: str, rows: Sequence[Row]) -> None:
        """Put rows in a table."""
        key = SheetKey(case_id, table)
        self._take_sheet(key, replaced(self.sheet(key), rows, (), self.last_number(key)))

    def _take_sheet(self, key: SheetKey, change: SheetChange) -> None:
        rows = self.material.setdefault(key, {})
        for row in change.dropped:
            assert rows.pop(row.number) == row
        for row in change.changed:
            assert rows[row.number].version == row.version - 1
            rows[row.number] = row
        rows |= {row.number: row for row in change.added}
        self.last_numbers[key] = change.last_number
        self.whys[key] = {**self.whys.get(key, {}), **change.reasons}
        if change.line:
            self.lines[key] = change.line[0]

    def _count(self, poll: Poll) -> None:
        """Let secret copies become rows that are nobody's."""
        case, table = poll.key.case, poll.key.table
        copies = [key for key in self.material if (key.case, key.table) == (case, table)]
        found = {key.owner: self.material.pop(key) for key in copies}
        counted = [
            row.cells
            for owner, rows in found.items()
            if owner and (poll.owners is None or owner in poll.owners)
            for row in rows.values()
        ]
        rows = nobodys(counted)
        self._take_sheet(poll.key, SheetChange(added=rows, last_number=len(rows)))

    # ---- what the engine decides --------------------------------------------------------

    def apply(self, decision: Decision) -> None:
        """Take a decision in, and see that it is about what is there."""
        self.entries += decision.entries
        for case in decision.opened:
            assert case.id not in self.cases
            self.cases[case.id] = case
        for change in decision.changed:
            before = self.cases[change.id]
            assert before.version == change.before == change.version - 1
            self.cases[change.id] = replace(
                before,
                version=change.version,
                state=change.state,
                entered_at=change.entered_at,
                ended_at=change.ended_at,
            )
        self.recurring |= {(one.case, one.kind): one for one in decision.series}
        self.joins |= {(join.case, join.state): join for join in decision.joins}
        for task_id in decision.tasks_closed:
            self.closed[task_id] = self.tasks.pop(task_id.partition("#")[0])
            assert task_id == self.closed[task_id].id
        for task in decision.tasks_opened:
            assert task.case not in self.tasks
            self.tasks[task.case] = task
        if decision.signed:
            self.signatures.add(decision.signed)
        for key, change in decision.sheets.items():
            self._take_sheet(key, change)
        for poll in decision.polls:
            self._count(poll)
        for what in decision.compiles:
            if not what.chain:
                last = self.last_number(what.key)
                self._take_sheet(what.key, laid_out(self.sheet(what.key), what.fixed, last))
        for case_id, questions in decision.questions.items():
            self.asked.setdefault(case_id, []).extend(questions)
        for (case_id, number), answer in decision.answers.items():
            asked = self.asked[case_id]
            asked[number - 1] = replace(asked[number - 1], answer=answer)
        self.round = replace(
            self.round,
            version=self.round.version + 1,
            open_cases=decision.open_cases,
            closed_at=self.clock.now if decision.closes_round else self.round.closed_at,
        )


class MemoryRound:
    """A round that has been opened, driven by names."""

    def __init__(
        self,
        revision: Revision,
        *,
        year: int = 2010,
        grants: Sequence[tuple[str, Place]] = GRANTS,
        units: Sequence[UnitFact] = UNITS,
    ) -> None:
        self.revision = revision
        self.clock = Clock(START)
        self.facts = MemoryFacts(revision, self.clock, year, units)
        for name, place in grants:
            self.grant(name, place.role, place.unit)
        self.last = engine.open_round(revision, self.facts, self.clock.now, {})
        """The last decision."""
        self.facts.apply(self.last)

    def id(self, case: str) -> str:
        """Give a case's whole id."""
        return f"{self.facts.round.id}.{case}"

    # ---- who holds what -----------------------------------------------------------------

    def grant(self, name: str, role: str, unit: str) -> None:
        """Give somebody a role."""
        held = self.facts.held.get(Place(role, unit), ())
        self.facts.held[Place(role, unit)] = tuple(sorted({*held, person(name)}))

    def vacate(self, role: str, unit: str) -> None:
        """Take a role from everybody who holds it at a unit."""
        self.facts.held[Place(role, unit)] = ()

    def actor(self, name: str, *, on_behalf_of: str | None = None) -> Actor:
        """Give somebody with what they hold."""
        number = person(name)
        holds = frozenset(place for place, held in self.facts.held.items() if number in held)
        behind = person(on_behalf_of) if on_behalf_of else None
        return Actor(
            person=number,
            name=name,
            holds=holds,
            on_behalf_of=behind,
            stands_in_for=tuple(self._stood_in_for(number)),
        )

    def substitute(
        self, name: str, by: str, *, role: str | None = None, unit: str | None = None
    ) -> None:
        """Let somebody stand in for a person."""
        self.facts.substitutions.add((person(by), person(name), role, unit))

    def _stood_in_for(self, number: int) -> Iterator[StoodInFor]:
        for one in sorted({who for by, who, *_ in self.facts.substitutions if by == number}):
            stand_ins = self.facts.stand_ins(list(self.facts.held))
            lent = {place for place, pairs in stand_ins.items() if (number, one) in pairs}
            if lent:
                yield StoodInFor(person=one, name=PEOPLE[one - 1], holds=frozenset(lent))

    # ---- what is done -------------------------------------------------------------------

    def act(
        self,
        case: str,
        transition: str,
        by: str | Actor,
        comment: str = "",
        *,
        version: int | None = None,
        **data: Any,
    ) -> Decision:
        """Move a case as somebody wishes."""
        command = Command(
            case=self.id(case),
            transition=transition,
            actor=self.actor(by) if isinstance(by, str) else by,
            comment=comment,
            expected_version=version,
            data=data,
        )
        return self._take(engine.decide(self.revision, self.facts, command, self.clock.now))

    def expire(self, case: str) -> Decision:
        """Let a case's deadline pass."""
        found = self.facts.cases[self.id(case)]
        return self._take(engine.expire(self.revision, self.facts, found, self.clock.now))

    def add(self, unit: str, by: str | None = "lena", reason: str = "Glömd.") -> str:
        """Add a unit's case; gives its id without the round's."""
        actor = self.actor(by) if by else None
        case_id, decision = engine.add_case(
            self.revision, self.facts, unit, actor, self.clock.now, {"comment": reason}
        )
        self._take(decision)
        return case_id.removeprefix(f"{self.facts.round.id}.")

    def _take(self, decision: Decision) -> Decision:
        self.facts.apply(decision)
        self.last = decision
        return decision

    # ---- what holds ---------------------------------------------------------------------

    def state(self, case: str) -> str:
        """Give where a case stands."""
        return self.facts.cases[self.id(case)].state

    def states(self, kind: str) -> dict[str, str]:
        """Give where all cases of a kind stand, by unit."""
        return {one.unit: one.state for one in self.facts.cases.values() if one.kind == kind}

    def join(self, case: str, state: str) -> tuple[int, int, int]:
        """Give how many cases a state has opened, how many ended, how many delivered."""
        join = self.facts.joins[self.id(case), state]
        return join.opened, join.ended, join.delivered

    def task(self, case: str) -> TaskFact | None:
        """Give the open task of a case."""
        return self.facts.tasks.get(self.id(case))

    def owner(self, case: str) -> Place | None:
        """Give the place that owes a case's open task."""
        return self.facts.tasks[self.id(case)].place

    def due_on(self, case: str) -> date | None:
        """Give the last day of a case's open task."""
        due_at = self.facts.tasks[self.id(case)].due_at
        return plan.due_on(due_at, self.revision.definition.zone) if due_at else None

    def open_tasks(self) -> set[str]:
        """Give the cases that have an open task."""
        return {case.removeprefix(f"{self.facts.round.id}.") for case in self.facts.tasks}

    def options(self, case: str, by: str | Actor) -> dict[str, list[str]]:
        """Give what somebody may want to do, with the codes of what speaks against it."""
        actor = self.actor(by) if isinstance(by, str) else by
        found = self.facts.cases[self.id(case)]
        listed = engine.options(self.revision, self.facts, found, actor, self.clock.now)
        return {one.key: [reason.code for reason in one.reasons] for one in listed}
