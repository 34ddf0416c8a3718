"""One round, looked at for somebody who reads of it: its titles in their language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from workflow.core import phrases
from workflow.core.course import kind_title
from workflow.core.definition import BUILT_IN_ENDS, Definition, Section, Transition
from workflow.core.facts import CaseFact
from workflow.core.machine import MISSING, WITHDRAW
from workflow.core.revision import Revision
from workflow.core.roles import leader_place
from workflow.core.titles import case_title, round_title
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round

__all__ = ["Desk", "open_desk"]

BUTTONS: Final = {
    MISSING: {"sv": "Bär som utebliven", "en": "Carry as missing"},
    WITHDRAW: {"sv": "Dra tillbaka", "en": "Withdraw"},
}
"""What the buttons are called that every case has, by language."""
DONE: Final = {
    MISSING: {"sv": "bar som uteblivet", "en": "carried as missing"},
    WITHDRAW: {"sv": "drog tillbaka", "en": "withdrew"},
}
"""What whoever pressed them did."""


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
        fact = self.facts.round
        return round_title(self.revision, year=fact.year, plan=fact.plan, language=self.language)

    def case_title(self, case: CaseFact) -> str:
        """Give a case's title, e.g. "Svar Norr"."""
        return case_title(
            self.revision,
            case,
            year=self.facts.round.year,
            unit=self.unit_name(case.unit),
            language=self.language,
        )

    def title_of(self, case: CaseFact) -> str:
        """Give what a case is called; the one that is the round, by the round's title."""
        return self.case_title(case) if case.parent else self.round_title

    def kind_title(self, kind: str) -> str:
        """Give what a kind of case is called when no unit is meant, e.g. "Svar"."""
        own, year = self.definition.case[kind], self.facts.round.year
        return kind_title(self.revision, own, year=year, language=self.language)

    def unit_name(self, unit: str) -> str:
        """Give a unit's name."""
        return self.facts.line(unit)[0].name

    def state_title(self, case: CaseFact) -> str:
        """Give the title of the state or end that a case stands in."""
        return self.state_name(case.kind, case.state)

    def state_name(self, kind_key: str, state: str) -> str:
        """Give the title of a state or end of a kind of case."""
        kind = self.definition.case[kind_key]
        if state in kind.state:
            own = self.revision.title(kind.state[state], self.language)
            return phrases.fill(own, year=self.facts.round.year)
        if state in BUILT_IN_ENDS:
            return BUILT_IN_ENDS[state]["en" if self.language == "en" else "sv"]
        return self.revision.text(f"case.{kind.key}.ends.{state}", kind.ends[state], self.language)

    def button_title(self, key: str, transition: Transition) -> str:
        """Give the words of a button; those that every case has are of the program's own."""
        if not transition.path:
            return BUTTONS[key]["en" if self.language == "en" else "sv"]
        own = self.revision.title(transition, self.language)
        return phrases.fill(own, year=self.facts.round.year)

    def help_of(self, section: Section) -> str:
        """Give the help that stands by a section; empty when it has none."""
        own = getattr(section, "help", None) or ""
        return self.revision.text(f"{section.path}.help", own, self.language)

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
