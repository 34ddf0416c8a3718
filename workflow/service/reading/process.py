"""A process as a round runs it: each kind of case with its states, and where the round is.

Nothing here is about any one case: how many cases stand where is for everybody who has
a place in the round.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.core import phrases, plan
from workflow.core.course import Course, bare_title, course_of
from workflow.core.definition import Case, State, Transition
from workflow.core.facts import CaseFact
from workflow.core.phrases import Due
from workflow.service.reading.lanes import Box, Button, Deadline, Lane, Opening
from workflow.service.seeing import Seen, see_round
from workflow.service.world import World
from workflow.store import overview

__all__ = ["ProcessPage", "read_process"]


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
        reader = _Reader(seen)
        definition, revision = seen.definition, seen.revision
        stored = overview.stored_at(connection, revision.digest)
        leader = definition.leader
        return ProcessPage(
            round=round_id,
            round_title=seen.desk.round_title,
            process=definition.key,
            about=revision.text("about", definition.about or "", seen.desk.language),
            leader=reader.role(leader) if leader else "",
            lanes=tuple(reader.lane(kind) for kind in definition.case.values()),
            digest=revision.digest,
            stored_on=plan.local_day(stored, definition.zone) if stored else None,
            mail=tuple(revision.mail.items()),
            content=revision.content,
        )


class _Reader:
    """Titles in the viewer's language, and where the round stands."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.course: Course = course_of(seen.revision)
        round_id = seen.facts.round.id
        self.root: CaseFact = overview.root_of(seen.connection, round_id)
        self.counts = overview.count_states(seen.connection, round_id)
        self.plan = overview.milestones(seen.connection, round_id)

    # ---- words ---------------------------------------------------------------------------

    def text(self, path: str, own: str | None) -> str:
        """Give a text of the definition in the viewer's language."""
        if not own:
            return ""
        desk = self.seen.desk
        given = desk.revision.text(path, own, desk.language)
        return phrases.fill(given, year=self.seen.facts.round.year)

    def role(self, key: str) -> str:
        """Give the title of a role."""
        return self.text(f"role.{key}.title", self.seen.definition.role[key].title)

    def roles(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Give the titles of some roles."""
        return tuple(self.role(key) for key in keys)

    def name(self, kind: str) -> str:
        """Give what a kind of case is called."""
        desk = self.seen.desk
        title = desk.revision.title(desk.definition.case[kind], desk.language)
        return bare_title(title, self.seen.facts.round.year)

    def place(self, kind: Case, key: str | None) -> str:
        """Give the title of a state or an end."""
        if key is None:
            return ""
        if key in kind.state:
            return self.text(f"case.{kind.key}.state.{key}.title", kind.state[key].title)
        return self.text(f"case.{kind.key}.ends.{key}", kind.ends.get(key, key))

    def units(self, keys: Iterable[str]) -> Iterator[str]:
        """Give the titles of some kinds of unit or body."""
        definition = self.seen.definition
        for key in keys:
            section = definition.unit.get(key) or definition.body[key]
            yield self.text(f"{section.path}.title", section.title)

    # ---- parts ---------------------------------------------------------------------------

    def lane(self, kind: Case) -> Lane:
        """Give a kind of case."""
        way = self.course.ways[kind.key].states
        order = [*way, *(key for key in kind.state if key not in way)]
        counted = {key: n for (name, key), n in self.counts.items() if name == kind.key}
        return Lane(
            kind=kind.key,
            name=self.name(kind.key),
            per=tuple(self.units(kind.per)),
            help=self.text(f"{kind.path}.help", kind.help),
            count=sum(counted.values()),
            boxes=tuple(self.box(kind, kind.state[key], counted) for key in order),
            on_way=len(way),
            ends=tuple((key, self.place(kind, key), counted.get(key, 0)) for key in kind.ends),
            tells=self.roles(kind.tells),
        )

    def box(self, kind: Case, state: State, counted: Mapping[str, int]) -> Box:
        """Give a state."""
        definition = self.seen.definition
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
        milestone = self.seen.definition.milestone.get(due.anchor)
        fact = self.plan[due.anchor].fact if due.anchor in self.plan else None
        on = None
        if fact is not None and fact.due_at is not None and due.span is None:
            on = plan.due_on(fact.due_at, self.seen.definition.zone)
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
                (self.name(child), self.place(self.seen.definition.case[child], to))
                for child, to in one.reopens.items()
            ),
            begins=one.begins is not None,
        )
