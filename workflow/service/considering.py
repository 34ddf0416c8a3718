"""What an act would come to, said before it is done; nothing is changed."""

from dataclasses import dataclass, replace
from typing import Any

from workflow.core import engine
from workflow.service.acts import Wish, act_within, check_seen, command_of, no_case
from workflow.service.resting import check_awake
from workflow.service.world import World
from workflow.store.facts import StoredFacts, read_round_of
from workflow.store.rounds import load_revision
from workflow.store.trial import try_out

__all__ = ["Considered", "consider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What a wish would come to."""

    signs: bool
    """It is a signature among several, and others are still missing."""
    told: int
    """How many people get a mail about it."""
    opened: int
    """How many cases it opens."""
    closes_round: bool
    begins: str = ""
    """The round that it opens as well, by its id."""
    carries: int = 0
    """How many rows follow along to that."""


def consider(world: World, wish: Wish) -> Considered:
    """Say what a wish would come to, with all that came along, and change nothing.

    Raises: NotFound, NoRight, Refused, Stale, BadInput; Locked, StoreError.
    """
    with world.database.read() as connection:
        fact = read_round_of(connection, wish.case)
        if fact is None:
            raise no_case(wish)
        check_awake(connection, fact)
        now = world.now(connection)
        command = command_of(world, connection, wish, now)
        check_seen(connection, wish)
        facts = StoredFacts(connection, fact, world.today(now))
        revision = load_revision(connection, fact.revision)
        decision = engine.decide(revision, facts, command, now)
    begun: dict[str, Any] = {"round": "", "rows": 0, "told": []}
    if decision.begins:
        begun = _try(world, wish)
    return Considered(
        signs=decision.signed is not None,
        told=len({*(message.person for message in decision.messages), *begun["told"]}),
        opened=len(decision.opened),
        closes_round=decision.closes_round,
        begins=begun["round"],
        carries=begun["rows"],
    )


def _try(world: World, wish: Wish) -> dict[str, Any]:
    """Do what opens another round, see what comes of it, and undo it: which rows follow is
    known only when what is filled in with the decision has been written."""
    with try_out(world.database) as trial, trial.read() as connection:
        answer = act_within(world, connection, replace(wish, request_id=None))
    begun: dict[str, Any] = answer["begun"]
    return begun
