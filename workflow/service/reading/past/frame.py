"""What stands around the events of a round: its title, and what they can be narrowed to."""

from dataclasses import dataclass
from datetime import date

from workflow.core import plan
from workflow.service.seeing import see_round
from workflow.service.world import World
from workflow.store.rounds import list_cases

__all__ = ["Frame", "read_frame"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A round, as the page of its events is headed."""

    round: str
    title: str
    reference: str
    opened_on: date
    closed_on: date | None
    units: tuple[tuple[str, str], ...]
    """Key and name of each unit that the person sees a case of, by name."""


def read_frame(world: World, email: str, round_id: str) -> Frame:
    """Give what stands around a round's events.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        fact, zone = seen.facts.round, seen.definition.zone
        units = {
            case.unit: seen.desk.unit_name(case.unit)
            for case in list_cases(connection, round_id)
            if seen.sight.sees(case)
        }
        return Frame(
            round=round_id,
            title=seen.desk.round_title,
            reference=fact.reference,
            opened_on=plan.local_day(fact.opened_at, zone),
            closed_on=plan.local_day(fact.closed_at, zone) if fact.closed_at else None,
            units=tuple(sorted(units.items(), key=lambda one: one[1].casefold())),
        )
