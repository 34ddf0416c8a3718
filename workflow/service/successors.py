"""A decision opens another round: in the same transaction, all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from workflow.core.errors import refused
from workflow.core.facts import Begun, Decision, EntryDraft, RoundFact, UnitFact
from workflow.core.revision import Revision
from workflow.core.successors import carried, tell_carried
from workflow.core.titles import round_title
from workflow.service.opening import Beginning, write_round
from workflow.service.preparing import Opening, Ready, check_request, prepare
from workflow.service.world import World
from workflow.store import log
from workflow.store.carrying import following
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round_of
from workflow.store.links import Link, latest_revision
from workflow.store.mergers import ended_into, going_into
from workflow.store.rounds import load_revision

__all__ = ["Successor", "begin", "make_way", "name_begun", "successor_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A round that a decision opens, before anything is written."""

    begun: Begun
    ready: Ready

    def told(self, decision: Decision) -> Decision:
        """Give the decision with the name of the round in the entry that opens it."""
        about = (self.begun.case, self.begun.transition)
        return replace(
            decision,
            entries=tuple(self._tell(one, about) for one in decision.entries),
        )

    def _tell(self, entry: EntryDraft, about: tuple[str, str]) -> EntryDraft:
        if (entry.case, entry.transition) != about:
            return entry
        return replace(entry, payload={**entry.payload, "begun": {"round": self.ready.fact.id}})


def make_way(connection: Connection, case: str, transition: str) -> None:
    """Lock what opens rounds, before the round, when a transition may open another.

    Whoever imports the organisation locks in the same order.
    """
    fact = read_round_of(connection, case)
    definition = load_revision(connection, fact.revision).definition if fact else None
    if definition and any(
        key == transition and button.begins
        for kind in definition.case.values()
        for state in kind.state.values()
        for key, button in state.transition.items()
    ):
        log.load_chain(connection, log.INSTALLATION)


def successor_of(
    world: World, connection: Connection, fact: RoundFact, begun: Begun, now: datetime
) -> Successor:
    """See that the round which a decision opens can be opened; writes nothing.

    Raises: Refused, BadInput.
    """
    revision = _revision_for(connection, fact, begun.process)
    definition = revision.definition
    check_request(revision, begun.year, begun.plan)
    if begun.state is not None and begun.state not in definition.root.state:
        raise refused(
            "no_state",
            f"{definition.key} har inget läge ”{begun.state}”, där den följande omgången skulle"
            " börja. Definitionen behöver rättas.",
            f'{definition.key} has no state "{begun.state}" for the next round to begin in. The'
            " definition needs to be put right.",
        )
    same = begun.process == fact.process and begun.year == fact.year
    wish = Opening(
        revision=revision,
        year=begun.year,
        plan_key=begun.plan,
        reference=fact.reference if same else "",
    )
    return Successor(begun=begun, ready=prepare(connection, wish, now, world.today(now)))


def name_begun(connection: Connection, fact: RoundFact, begun: Begun | None, language: str) -> str:
    """Give the title of a round that is not there yet, by its process alone where none like it
    ever was; empty for none."""
    if begun is None:
        return ""
    revision = _runs_on(connection, fact, begun.process)
    if revision is None:
        return f"{begun.process} {begun.year}"
    return round_title(revision, year=begun.year, plan=begun.plan, language=language)


def _runs_on(connection: Connection, fact: RoundFact, process: str) -> Revision | None:
    """Give what a following round runs on: the same as this one, or that of the latest round of
    the other process; None where there never was one. Nothing is read from disk."""
    digest = fact.revision if process == fact.process else latest_revision(connection, process)
    return load_revision(connection, digest) if digest else None


def _revision_for(connection: Connection, fact: RoundFact, process: str) -> Revision:
    revision = _runs_on(connection, fact, process)
    if revision is None:
        raise refused(
            "no_revision",
            f"Beslutet öppnar en omgång av {process}, men ingen sådan har öppnats här, så det går"
            f" inte att veta vilken version som gäller. Öppna den första av {process} för hand.",
            f"The decision opens a round of {process}, but none was ever opened here, so there is"
            f" no telling which version holds. Open the first of {process} by hand.",
        )
    return revision


def begin(
    world: World, connection: Connection, fact: RoundFact, successor: Successor, entry: int
) -> dict[str, Any]:
    """Open the round, now that the decision is written: `entry` is its number in the log.

    Gives {round, rows, told}: how many rows follow, and who gets a mail.
    """
    begun, ready = successor.begun, successor.ready
    now, new = ready.fact.opened_at, ready.fact.id
    facts = StoredFacts(connection, fact, world.today(now))
    definition = load_revision(connection, fact.revision).definition
    units = _became(connection, ready.units, world.today(now))
    ends = following(connection, facts, definition)
    rows = carried(ready.revision.definition, begun.year, units, ends)
    told: Mapping[str, object] = {
        "round": fact.id,
        "case": begun.case,
        "transition": begun.transition,
        "entry": entry,
        "rows": tell_carried(rows),
    }
    link = Link(round=new, begun_by=fact.id, transition=begun.transition, begun_at=now)
    beginning = Beginning(link=link, state=begun.state, told=told)
    decision = write_round(world, connection, ready, begun.actor, beginning)
    people = sorted({message.person for message in decision.messages})
    return {"round": new, "rows": len(rows), "told": people}


def _became(connection: Connection, units: Sequence[UnitFact], today: date) -> Mapping[str, str]:
    """Give which unit of a round each one that is no more has gone into, however many times."""
    there, ended = [unit.key for unit in units], ended_into(connection, today)
    return {
        earlier: key
        for key in reversed(there)
        for earlier in going_into(ended, key)
        if earlier not in there
    }
