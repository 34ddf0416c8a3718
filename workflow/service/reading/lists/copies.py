"""A table of which each has a copy of their own, opened by somebody who reads its case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.core import plan
from workflow.core.copies import Thing, has_handed_in, is_hidden, place_of_copies, things
from workflow.core.course import last_filling
from workflow.core.definition import State, Table
from workflow.core.facts import Actor, CaseFact, Place, RowFact, SheetKey
from workflow.core.standing_in import acting_at
from workflow.service.people.standing_in import who_acts
from workflow.service.seeing import Seen, nothing_there, see_table
from workflow.service.world import World
from workflow.store import deeds, people
from workflow.store.database import Connection

__all__ = ["Copies", "Member", "open_copies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who has a copy."""

    person: int
    name: str
    handed_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """The copies of a table in a case, for one reader."""

    seen: Seen
    case: CaseFact
    table: Table
    state: State
    """The last that fills it in."""
    place: Place
    actor: Actor
    """As whom they write; themselves where they have no copy."""
    owner: int | None
    """Whose copy it is that they may write in or read alone."""
    hidden: bool

    @property
    def is_open(self) -> bool:
        """Whether the case stands where the table is filled in."""
        state = self.seen.definition.case[self.case.kind].state.get(self.case.state)
        return state is not None and self.table.key in state.edits

    @property
    def handed_in(self) -> bool:
        """Whether the owner has signed."""
        if self.owner is None:
            return False
        return has_handed_in(self.seen.definition, self.seen.facts, self.case, self.owner)

    def rows(self, owner: int) -> Sequence[RowFact]:
        """Give the rows of somebody's copy, hidden or not: the caller knows who asks."""
        return self.seen.facts.sheet(SheetKey(self.case.id, self.table.key, owner))

    def things(self) -> Sequence[Thing]:
        """Give what the table shows now, in its order."""
        return things(self.seen.definition, self.seen.facts, self.case, self.table)

    def members(self) -> Sequence[Member]:
        """Give who has a copy now, by name."""
        holders = self.seen.facts.holders((self.place,))[self.place]
        return self._named(holders)

    def counted(self) -> Sequence[Member]:
        """Give whose copies count once the step is behind: who had one when it ended, and who
        had handed theirs in before."""
        made = deeds.deeds(self.seen.connection, self.case.id)
        key, zone = self.state.key, self.seen.definition.zone
        left = [one for one in made if one.from_state == key and one.to_state not in (key, None)]
        if not left:
            return ()
        end = left[-1]
        came = [one for one in made if one.to_state == key and one.version and one.at <= end.at]
        facts = self.seen.facts
        holders = set(facts.on(plan.local_day(end.at, zone)).holders((self.place,))[self.place])
        for one in came[-1:]:
            for button in self.state.transition:
                holders |= set(facts.signers(f"{self.case.id}#{one.version}", button))
        return self._named(holders)

    def _named(self, persons: Iterable[int]) -> Sequence[Member]:
        known: Mapping[int, people.KnownPerson] = people.people_by_id(self.seen.connection, persons)
        found = [
            Member(
                person=one,
                name=person.name,
                handed_in=has_handed_in(self.seen.definition, self.seen.facts, self.case, one),
            )
            for one, person in known.items()
        ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.person))


def open_copies(
    world: World,
    connection: Connection,
    email: str,
    case_id: str,
    table_key: str,
    behalf: str | None = None,
) -> Copies:
    """Open the copies of a table of a case that somebody reads; `behalf` is the address of
    the one whose copy they write in as a substitute.

    Raises: NotFound; NoRight when they do not stand in for that one.
    """
    seen, case, table = see_table(world, connection, email, case_id, table_key)
    state = last_filling(seen.definition.case[case.kind], table_key)
    place = place_of_copies(seen.definition, seen.facts, case, table)
    if state is None or place is None or table.secret:  # of what is secret only sums are read
        raise nothing_there()
    actor = who_acts(world, connection, email, behalf, seen.now)
    way = acting_at(actor, place)
    return Copies(
        seen=seen,
        case=case,
        table=table,
        state=state,
        place=place,
        actor=way or actor,
        owner=(way.on_behalf_of or way.person) if way else None,
        hidden=is_hidden(seen.definition, case, table),
    )
