"""People who wander through a process: every button that can be pressed, and what never was.

They prefer what nobody has pressed yet. After some returns they go straight on, so that a
walk ends. Days are skipped, so that years pass quickly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from beredning.clock import Chance
from beredning.practice.needing import open_what_is_needed
from beredning.practice.players import Part, is_return
from beredning.practice.playing import COMES_ALONG, Play
from workflow.core import engine, plan
from workflow.core.definition import Definition, State, Transition
from workflow.core.facts import CaseFact, Place
from workflow.core.roles import place_of
from workflow.service import clockwork
from workflow.service.world import ZONE
from workflow.store import rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.people import people_by_id

__all__ = ["Step", "Walk", "steps_of", "steps_taken"]

Step = tuple[str, str, str]
"""Kind of case, state, and the button, `next` or `at_due`."""
RETURNS = 60
"""So often a walk turns back or aside; then it goes straight on."""
LONGEST_STAY = 25
"""So often somebody looks at a case before it goes on from where others come again."""
MOST_STOPS = 1200
"""A walk that has not ended after so many stops has lost its way."""


def steps_of(definition: Definition) -> set[Step]:
    """Give every way from every state of every kind of case."""
    found = set()
    for kind in definition.case.values():
        for state in kind.state.values():
            found |= {(kind.key, state.key, key) for key in state.transition}
            found |= {(kind.key, state.key, "next")} if state.next else set()
            found |= {(kind.key, state.key, "at_due")} if state.at_due else set()
    return found


def steps_taken(play: Play) -> set[Step]:
    """Give the ways that were taken, as the log tells it."""
    with play.world.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT case_id, from_state, coalesce(transition, kind) FROM entries"
            " WHERE from_state IS NOT NULL AND case_id IS NOT NULL"
        ).all()
    return {(case.split(".")[1], state, key) for case, state, key in rows}


def _below(definition: Definition, kinds: list[str]) -> set[str]:
    """Give kinds of case with all that are opened below them."""
    for name in kinds:  # grows as it goes
        states = definition.case[name].state.values()
        more = [one for state in states for one in (*state.opens, *state.starts)]
        kinds += [one for one in more if one not in kinds]
    return set(kinds)


@dataclass
class Walk:
    """One walk through a round that has just been opened."""

    play: Play
    chance: Chance
    taken: set[Step]
    """Ways that were taken, in this walk and those before."""
    returns: int = 0
    stops: int = 0
    pressed: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often each button of a case was pressed."""

    stays: dict[str, int] = field(default_factory=dict)
    """How often somebody has looked at a case since it last moved."""
    sleeps: dict[str, bool] = field(default_factory=dict)
    """Whether a stay in a state that a deadline ends is left to the deadline."""

    def go(self) -> bool:
        """Walk to the end; says whether there was one."""
        while not self.play.closed() and self.stops < MOST_STOPS:
            self.stops += 1
            today = self._look()
            open_what_is_needed(self.play, today)
            for case_id in self.open_cases():
                self.visit(case_id, today)
        return self.play.closed()

    def _look(self) -> date:
        """Let some days pass, and the clock be looked at."""
        play = self.play
        day = plan.local_day(play.at[0], ZONE) + timedelta(days=self.chance.randint(1, 8))
        day = day if plan.is_working_day(day) else plan.add_working_days(day, 1)
        play.put(plan.wall_time(day, time(9), ZONE))
        clockwork.tick(play.world)
        return day

    def open_cases(self) -> list[str]:
        with self.play.world.database.read() as connection:
            parts = self.play.parts(connection)
            found = [case for one in parts for case in rounds.list_cases(connection, one)]
        cases = sorted(one.id for one in found if one.ended_at is None)
        return self.chance.sample(cases, len(cases))

    def visit(self, case_id: str, today: date) -> None:
        """Let somebody do something about a case, more seldom the longer it is to the top."""
        with self.play.world.database.read() as connection:
            facts = StoredFacts(
                connection, read_round(connection, case_id.partition(".")[0]), today
            )
            case = facts.case(case_id)
            if case is None or case.ended_at is not None:
                return
            if self.chance.random() > (0.2 if case.parent is None else 0.7):
                return
            state = self.play.definition.case[case.kind].state[case.state]
            above = facts.case(case.parent) if case.parent and not case.started else None
            if above and above.state == case.opened_in and self._lets_time_do(above):
                return
            if self._lets_time_do(case) or self._lingers(case, state):
                return
            ways = dict(self._ways(connection, facts, case, state))
        key = self._choose(case, state, ways)
        if key is None:
            return
        self._do(case, state, key, ways[key], today)

    def _lets_time_do(self, case: CaseFact) -> bool:
        """Say whether nobody does anything here, so that the deadline will."""
        state = self.play.definition.case[case.kind].state[case.state]
        if not state.at_due or (case.kind, case.state, "at_due") in self.taken:
            return False
        return self.sleeps.setdefault(f"{case.id}#{case.version}", self.chance.random() < 0.5)

    def _lingers(self, case: CaseFact, state: State) -> bool:
        """Say whether to stay where cases come again, until each way of theirs was taken."""
        kinds = self.play.definition.case
        if not any(kinds[name].every or kinds[name].opened_by for name in state.starts):
            return False
        stay = f"{case.id}#{case.version}"
        self.stays[stay] = self.stays.get(stay, 0) + 1
        below = _below(self.play.definition, list(state.starts))
        left = {step for step in steps_of(self.play.definition) if step[0] in below} - self.taken
        return bool(left) and self.stays[stay] < LONGEST_STAY

    def _ways(
        self, connection: Connection, facts: StoredFacts, case: CaseFact, state: State
    ) -> Iterator[tuple[str, list[str]]]:
        """Give the buttons of a state that can be pressed, with who can."""
        world, revision = self.play.world, self.play.revision
        now = world.now(connection)
        for key, transition in state.transition.items():
            place = self._place(facts, case, transition)
            held = facts.holders({place})[place] if place else ()
            known = people_by_id(connection, held)
            able = []
            for email in (known[person].email for person in held):
                actor = world.actor(connection, email, now)
                options = engine.options(revision, facts, case, actor, now)
                codes = {r.code for one in options if one.key == key for r in one.reasons}
                if codes <= COMES_ALONG:
                    able.append(email)
            if able:
                yield key, able

    def _place(self, facts: StoredFacts, case: CaseFact, transition: Transition) -> Place | None:
        if transition.by:
            return place_of(self.play.definition, facts, transition.by, case.unit)
        task = facts.task(case.id)
        return task.place if task else None

    def _choose(self, case: CaseFact, state: State, ways: dict[str, list[str]]) -> str | None:
        """Choose what was never done; else the way on, another each time."""
        new = [key for key in ways if (case.kind, case.state, key) not in self.taken]
        if new and self.returns < RETURNS:
            return self.chance.choice(new)
        on = [key for key in ways if not is_return(state, state.transition[key])]
        on = on or [key for key in ways if state.transition[key].to != case.state]
        fewest = sorted(on, key=lambda key: self.pressed.get((case.id, key), 0))
        return next(iter(fewest), None)

    def _do(self, case: CaseFact, state: State, key: str, able: list[str], today: date) -> None:
        part = Part(on=today, minute=0, task="", case=case.id)
        task: dict[str, Any] = {"holders": able, "kind": case.kind, "title": case.id}
        if self.play.press(part, task, state, key, today):
            self.returns += is_return(state, state.transition[key])
            self.pressed[case.id, key] = self.pressed.get((case.id, key), 0) + 1
            self.taken.add((case.kind, case.state, key))
