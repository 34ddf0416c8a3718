"""One round, looked at for somebody who reads of it: its titles in their language."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.core import phrases
from workflow.core.definition import BUILT_IN_ENDS, Definition
from workflow.core.facts import CaseFact
from workflow.core.revision import Revision
from workflow.core.roles import leader_place
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round

__all__ = ["Desk", "open_desk"]


@dataclass(slots=True)
class Desk:
    """One round, looked at in one language on one day."""

    connection: Connection
    revision: Revision
    facts: StoredFacts
    language: str
    today: date

    @property
    def definition(self) -> Definition:
        return self.revision.definition

    @property
    def round_title(self) -> str:
        own = self.revision.text("title", self.definition.title, self.language)
        return phrases.fill(own, year=self.facts.round.year)

    def case_title(self, case: CaseFact) -> str:
        """Give a case's title, e.g. "Underlag Ortopedi"."""
        kind = self.definition.case[case.kind]
        return phrases.fill(
            self.revision.title(kind, self.language),
            year=self.facts.round.year,
            unit=self.unit_name(case.unit),
            occasion=case.occasion or "",
        )

    def unit_name(self, unit: str) -> str:
        """Give a unit's name."""
        return self.facts.line(unit)[0].name

    def state_title(self, case: CaseFact) -> str:
        """Give the title of the state or end that a case stands in."""
        kind = self.definition.case[case.kind]
        if case.state in kind.state:
            own = self.revision.title(kind.state[case.state], self.language)
            return phrases.fill(own, year=self.facts.round.year)
        if case.state in BUILT_IN_ENDS:
            return BUILT_IN_ENDS[case.state]["en" if self.language == "en" else "sv"]
        own = kind.ends[case.state]
        return self.revision.text(f"case.{kind.key}.ends.{case.state}", own, self.language)

    def leader(self) -> tuple[int, ...]:
        """Give who leads the round now."""
        place = leader_place(self.definition, self.facts)
        return self.facts.holders((place,))[place] if place else ()


def open_desk(
    world: World, connection: Connection, round_id: str, language: str, now: datetime
) -> Desk:
    """Look at a round without locking it.

    Raises: LookupError.
    """
    fact = read_round(connection, round_id)
    return Desk(
        connection=connection,
        revision=rounds.load_revision(connection, fact.revision),
        facts=StoredFacts(connection, fact, world.today(now)),
        language=language,
        today=world.today(now),
    )
