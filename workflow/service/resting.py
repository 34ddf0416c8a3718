"""A round that rests: who let it, when and why; and the refusal of whatever would change it."""

from dataclasses import dataclass
from datetime import datetime

from workflow.core import plan
from workflow.core.days import say_day
from workflow.core.errors import Language, Refused, refused
from workflow.core.facts import RoundFact
from workflow.service.people.standing_in import names_of
from workflow.service.world import ZONE
from workflow.store.database import Connection
from workflow.store.pauses import last_pause

__all__ = ["Rest", "check_awake", "refusal_of", "rest_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The rest of a round that is paused."""

    since: datetime
    by: str
    """"Bo Alm", or "Bo Alm för Eva Ek" for a substitute; empty when the operator did it."""
    reason: str


def rest_of(connection: Connection, fact: RoundFact, language: Language | str) -> Rest | None:
    """Give the rest of a round; None when it goes on. Costs nothing for one that does."""
    if fact.paused_at is None:
        return None
    known = last_pause(connection, fact.id)
    if known is None or known.actor is None:
        return Rest(since=fact.paused_at, by="", reason=known.reason if known else "")
    pair = known.actor, known.on_behalf_of
    by = names_of(connection, [pair], language)[pair]
    return Rest(since=fact.paused_at, by=by, reason=known.reason)


def check_awake(connection: Connection, fact: RoundFact) -> None:
    """See that a round does not rest.

    Raises: Refused, which says who paused it, when and why.
    """
    refusal = refusal_of(connection, fact)
    if refusal is not None:
        raise refusal


def refusal_of(connection: Connection, fact: RoundFact) -> Refused | None:
    """Give the refusal of what would change a round that rests; None when it goes on."""
    rest = rest_of(connection, fact, "sv")
    if rest is None:
        return None
    day = plan.local_day(rest.since, ZONE)
    sv = f"Omgången vilar sedan {say_day(day)}"
    sv += f", pausad av {rest.by}" if rest.by else ""
    en = f"The round has been paused since {say_day(day, 'en')}"
    en += f", by {rest.by}" if rest.by else ""
    why = rest.reason.strip().rstrip(".")
    sv += f": {why}." if why else "."
    en += f": {why}." if why else "."
    return refused(
        "paused",
        f"{sv} Inget ändras förrän den återupptas.",
        f"{en} Nothing changes until it is resumed.",
    )
