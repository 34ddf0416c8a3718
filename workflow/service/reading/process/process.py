"""A process as a round runs it: each kind of case with its states, and where the round is.

Nothing here is about any one case: how many cases stand where is for everybody who has
a place in the round.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.core import phrases, plan
from workflow.core.course import Course, course_of, kind_title
from workflow.core.definition import Case, Definition, State, Transition
from workflow.core.phrases import Due
from workflow.core.revision import Revision
from workflow.service.reading.process.cadence import cadence_of
from workflow.service.reading.process.lanes import Box, Button, Deadline, Lane, Opening
from workflow.service.seeing import see_round
from workflow.service.world import World
from workflow.store import overview
from workflow.store.overview import PlannedMilestone

__all__ = ["ProcessPage", "Telling", "read_process"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPage:
    """All that the page of a process shows."""

    round: str
    round_title: str
    process: str
    about: str
    leader: str
    """Title of the role that leads."""
    lanes: tuple[Lane, ...]
    digest: str
    stored_on: date | None
    mail: tuple[tuple[str, str], ...]
    """The process's own mail texts: path and text."""
    content: str
    """The revision as it is stored."""


def read_process(world: World, round_id: str, email: str) -> ProcessPage:
    """Read the process that a round runs on.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        definition, revision = seen.definition, seen.revision
        telling = Telling(
            revision=revision,
            language=seen.desk.language,
            year=seen.facts.round.year,
            counts=overview.count_states(connection, round_id),
            plan=overview.milestones(connection, round_id),
        )
        stored = overview.stored_at(connection, revision.digest)
        leader = definition.leader
        return ProcessPage(
            round=round_id,
            round_title=seen.desk.round_title,
            process=definition.key,
            about=revision.text("about", definition.about or "", seen.desk.language),
            leader=telling.role(leader) if leader else "",
            lanes=telling.lanes(),
            digest=revision.digest,
            stored_on=plan.local_day(stored, definition.zone) if stored else None,
            mail=tuple(revision.mail.items()),
            content=revision.content,
        )


@dataclass(slots=True, kw_only=True)
class Telling:
    """Tells of a revision in a language, and of where one round of it stands."""

    revision: Revision
    language: str
    year: int
    counts: Mapping[tuple[str, str], int]
    """How many cases stand where, by kind and state."""
    plan: Mapping[str, PlannedMilestone]

    @property
    def definition(self) -> Definition:
        """The process."""
        return self.revision.definition

    @property
    def course(self) -> Course:
        """How it is meant to go."""
        return course_of(self.revision)

    # ---- words ---------------------------------------------------------------------------

    def text(self, path: str, own: str | None) -> str:
        """Give a text of the definition in the viewer's language."""
        if not own:
            return ""
        return phrases.fill(self.revision.text(path, own, self.language), year=self.year)

    def role(self, key: str) -> str:
        """Give the title of a role."""
        return self.text(f"role.{key}.title", self.definition.role[key].title)

    def roles(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Give the titles of some roles."""
        return tuple(self.role(key) for key in keys)

    def name(self, kind: str) -> str:
        """Give what a kind of case is called."""
        own = self.definition.case[kind]
        return kind_title(self.revision, own, year=self.year, language=self.language)

    def place(self, kind: Case, key: str | None) -> str:
        """Give the title of a state or an end."""
        if key is None:
            return ""
        if key in kind.state:
            return self.text(f"case.{kind.key}.state.{key}.title", kind.state[key].title)
        return self.text(f"case.{kind.key}.ends.{key}", kind.ends.get(key, key))

    def units(self, keys: Iterable[str]) -> Iterator[str]:
        """Give the titles of some kinds of unit or body."""
        definition = self.definition
        for key in keys:
            section = definition.unit.get(key) or definition.body[key]
            yield self.text(f"{section.path}.title", section.title)

    # ---- parts ---------------------------------------------------------------------------

    def lanes(self) -> tuple[Lane, ...]:
        """Give every kind of case, in the order in which they are written."""
        return tuple(self.lane(kind) for kind in self.definition.case.values())

    def lane(self, kind: Case) -> Lane:
        """Give a kind of case."""
        way = self.course.ways[kind.key].states
        order = [*way, *(key for key in kind.state if key not in way)]
        counted = {key: n for (name, key), n in self.counts.items() if name == kind.key}
        return Lane(
            kind=kind.key,
            name=self.name(kind.key),
            per=tuple(self.units(kind.per)),
            cadence=cadence_of(self.revision, kind, year=self.year, language=self.language),
            picked=bool(kind.choose) and set(kind.choose) == set(kind.per),
            help=self.text(f"{kind.path}.help", kind.help),
            count=sum(counted.values()),
            boxes=tuple(self.box(kind, kind.state[key], counted) for key in order),
            on_way=len(way),
            ends=tuple((key, self.place(kind, key), counted.get(key, 0)) for key in kind.ends),
            tells=self.roles(kind.tells),
        )

    def box(self, kind: Case, state: State, counted: Mapping[str, int]) -> Box:
        """Give a state."""
        definition = self.definition
        ladder = definition.ladder_of(state)
        reminded = state.by and state.due
        rungs = {
            recipient: tuple(rung.offset for rung in getattr(ladder, recipient))
            for recipient in ("holder", "superior", "leader")
        }
        superior = definition.superior_of(state.by[0]) if state.by else None
        return Box(
            key=state.key,
            title=self.place(kind, state.key),
            help=self.text(f"{state.path}.help", state.help),
            standing=self._standing(kind, state.key, counted),
            count=counted.get(state.key, 0),
            owes=self.roles(state.by or ()),
            body=next(self.units([state.body]), "") if state.body else "",
            helpers=self.roles(state.helpers),
            deadline=self._deadline(state.due),
            reminders=rungs if reminded else {},
            superior=self.role(superior) if superior else "",
            tells=self.roles(state.tells),
            edits=tuple(
                self.text(f"table.{key}.title", definition.table[key].title) for key in state.edits
            ),
            opens=tuple(self._openings(state)),
            wait_for=state.wait_for,
            buttons=tuple(self._button(kind, state, one) for one in state.transition.values()),
            next_to=state.next or "",
            next_title=self.place(kind, state.next),
            at_due=state.at_due or "",
            at_due_title=self.place(kind, state.at_due),
        )

    def _standing(self, kind: Case, state: str, counted: Mapping[str, int]) -> str:
        """Say whether cases of a kind stand in a state, have passed it, or have not come."""
        if counted.get(state):
            return "now"
        places = self.course.ways[kind.key].places
        behind = [key for key in counted if places.get(key, len(places)) < places[state]]
        return "done" if counted and not behind else "next"

    def _openings(self, state: State) -> Iterator[Opening]:
        for key in state.opens:
            yield Opening(kind=key, name=self.name(key), awaited=True)
        for key in state.starts:
            yield Opening(kind=key, name=self.name(key), awaited=False)

    def _deadline(self, due: Due | None) -> Deadline | None:
        if due is None:
            return None
        milestone = self.definition.milestone.get(due.anchor)
        fact = self.plan[due.anchor].fact if due.anchor in self.plan else None
        on = None
        if fact is not None and fact.due_at is not None and due.span is None:
            on = plan.due_on(fact.due_at, self.definition.zone)
        title = self.text(f"milestone.{due.anchor}.title", milestone.title) if milestone else ""
        return Deadline(due=due, milestone=title, on=on)

    def _button(self, kind: Case, state: State, one: Transition) -> Button:
        places = self.course.ways[kind.key].places
        own = {
            key: move.title
            for other in kind.state.values()
            for key, move in other.transition.items()
        }
        return Button(
            key=one.key,
            title=self.text(f"{one.path}.title", one.title),
            help=self.text(f"{one.path}.help", one.help),
            to=one.to,
            to_title=self.place(kind, one.to),
            is_back=one.to in kind.state and places[one.to] <= places[state.key],
            by=self.roles(one.by or ()),
            guards=one.guards,
            asks=one.asks,
            other_than=tuple(own.get(key, key) for key in one.other_than),
            signatures=one.signatures,
            deadline=self._deadline(one.due),
            reopens=tuple(
                (self.name(child), self.place(self.definition.case[child], to))
                for child, to in one.reopens.items()
            ),
            begins=one.begins is not None,
        )
