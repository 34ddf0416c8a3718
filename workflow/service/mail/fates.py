"""What became of a person's material, for the mail that tells of the round's end."""

from typing import Any, Final

from workflow.core.facts import CaseFact
from workflow.core.mail import MailFate, MailFateSum, MailUnitFates
from workflow.core.sight import look
from workflow.service.desks import Desk
from workflow.service.reading.rounds.fate import Fate, UnitFates, fates_of
from workflow.service.world import World
from workflow.store import people

__all__ = ["MOST_ROWS", "MOST_UNITS", "mail_fates"]

MOST_ROWS: Final = 20
"""Rows of a unit that a mail names; more are counted."""
MOST_UNITS: Final = 10
"""Units that a mail names; more are counted."""


def mail_fates(
    world: World, desk: Desk, case: CaseFact, state: str, person: int | None
) -> dict[str, Any]:
    """Give what a mail tells of what became of the rows that somebody reads: of the case that
    is the round, when it ended and the list that decides has been handed on; else nothing."""
    if case.parent is not None or case.ended_at is None or state != case.state or person is None:
        return {}
    viewer = people.people_by_id(desk.connection, [person])[person]
    actor = world.actor(desk.connection, viewer.email, world.now(desk.connection))
    sight = look(desk.definition, desk.facts, actor)
    if sight is None:
        return {}
    units = fates_of(desk, sight, MOST_UNITS)
    told = [unit for unit in units[:MOST_UNITS] if unit.decided]
    return {
        "fates": tuple(_unit(unit) for unit in told),
        "more_units": max(len(units) - MOST_UNITS, 0) if told else 0,
    }


def _unit(unit: UnitFates) -> MailUnitFates:
    return MailUnitFates(
        unit=unit.unit,
        fates=tuple(_fate(one) for one in unit.fates[:MOST_ROWS]),
        more=max(len(unit.fates) - MOST_ROWS, 0),
        sums=tuple(
            MailFateSum(one.outcome, one.count, f"{one.amount}" if unit.amount else "")
            for one in unit.sums
        ),
        amount=unit.amount,
    )


def _fate(one: Fate) -> MailFate:
    return MailFate(one.name, one.outcome, one.why)
