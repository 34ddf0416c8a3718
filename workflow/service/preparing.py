"""What a round runs on, gathered and checked before it is opened: its dates, its units, its id."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from workflow.core import plan
from workflow.core.definition import Definition
from workflow.core.errors import BadInput, Reason, Refused, refused
from workflow.core.facts import MilestoneFact, RoundFact, UnitFact
from workflow.core.figures import declared
from workflow.core.guards import NAMED
from workflow.core.revision import Revision
from workflow.core.unbuilt import not_yet
from workflow.core.validation.validate import check
from workflow.store import rounds
from workflow.store.database import Connection

__all__ = ["YEARS", "Opening", "Ready", "check_request", "invitation_of", "prepare"]

YEARS: Final = range(1900, 2201)
"""The years that a round, and its dates, may be of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A round that somebody wants to open."""

    revision: Revision
    year: int
    plan_key: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A round as it is to be, before anything of it is written."""

    revision: Revision
    fact: RoundFact
    units: tuple[UnitFact, ...]
    milestones: tuple[tuple[MilestoneFact, datetime | None], ...]
    """Each with when those who are invited first hear of it."""


def check_request(revision: Revision, year: int, plan_key: str) -> None:
    """See that a process can be run, for a year and by a plan.

    Raises: BadInput, Refused.
    """
    definition = revision.definition
    if year not in YEARS:
        raise BadInput(f"Året {year} går inte; skriv till exempel 2010.", f"No such year: {year}.")
    if plan_key and plan_key not in definition.plan:
        there = ", ".join(definition.plan) or "inga"
        raise BadInput(
            f"{definition.key} har ingen plan {plan_key}. De finns: {there}.",
            f"{definition.key} has no plan {plan_key}. There are: {there}.",
        )
    unbuilt = not_yet(definition)
    if unbuilt:
        first = "; ".join(f"{p.place}: {p.message}" for p in unbuilt[:3])
        more = f" ({len(unbuilt) - 3} till)" if len(unbuilt) > 3 else ""
        raise Refused(
            f"{definition.key} använder sådant som inte går att köra än: {first}{more}.",
            f"{definition.key} uses what cannot be run yet: {first}{more}.",
            reasons=[Reason("not_yet", f"{p.place}: {p.message}", p.message) for p in unbuilt],
        )


def prepare(connection: Connection, wish: Opening, now: datetime, today: date) -> Ready:
    """See that a round can be opened, and gather what it runs on; writes nothing.

    The log of the installation is to be locked. `check_request` has been asked.

    Raises: BadInput, Refused.
    """
    definition = wish.revision.definition
    there = rounds.list_rounds(connection, now)
    fact = RoundFact(
        id=_new_id(there, definition, wish.year, wish.plan_key),
        process=definition.key,
        year=wish.year,
        plan=wish.plan_key,
        revision=wish.revision.digest,
        version=0,
        opened_at=now,
        closed_at=None,
        open_cases=0,
        reference=wish.reference,
    )
    days = _lay_out(definition, wish.plan_key, wish.year)
    return Ready(
        revision=wish.revision,
        fact=fact,
        units=_copy_of_organisation(connection, definition, today),
        milestones=tuple(_milestones(definition, days, now)),
    )


def _new_id(
    there: Sequence[dict[str, Any]], definition: Definition, year: int, plan_key: str
) -> str:
    """Give a new round its id; one that follows a closed round of the same plan is numbered.

    Raises: Refused while there is an open one.
    """
    same = [
        one
        for one in there
        if (one["process"], one["year"], one["plan"]) == (definition.key, year, plan_key)
    ]
    still_open = next((one["round"] for one in same if one["closed_at"] is None), None)
    if still_open:
        raise refused(
            "there_already",
            f"Omgången {still_open} finns redan och pågår. Öppna ett annat år, eller en annan av"
            " processens planer (--plan).",
            f"The round {still_open} is open. Open another year, or another plan (--plan).",
        )
    base = f"{definition.key}-{year}" + (f"-{plan_key}" if plan_key else "")
    return f"{base}-{len(same) + 1}" if same else base


def _lay_out(
    definition: Definition, plan_key: str, year: int
) -> dict[str, tuple[date | None, date | None]]:
    """Lay the plan out for the year it is really for, which nobody may have checked."""
    this_year = definition.model_copy(update={"example_year": None})
    errors = [p for p in check(this_year, year=year, guards=NAMED) if p.severity == "error"]
    if errors:
        told = "; ".join(f"{p.place}: {p.message}" for p in errors[:3])
        raise BadInput(
            f"Planen går inte ihop för {year}: {told}.",
            f"The plan does not hold for {year}: {told}.",
        )
    return plan.milestone_days(definition, plan_key, year)


def _copy_of_organisation(
    connection: Connection, definition: Definition, today: date
) -> tuple[UnitFact, ...]:
    kinds = (*definition.unit, *definition.body)
    units = rounds.organisation_units(connection, kinds, today)
    tops = [unit for unit in units if unit.kind == definition.top]
    if len(tops) != 1:
        raise BadInput(
            f"Organisationen har {len(tops)} enheter av slaget {definition.top}; det ska vara en."
            " Läs in den med `beredning org import`.",
            f"The organisation has {len(tops)} units of kind {definition.top}; one is needed."
            " Import it with `beredning org import`.",
        )
    missing = [kind for kind in kinds if not any(unit.kind == kind for unit in units)]
    if missing:
        raise BadInput(
            f"Organisationen saknar enheter av slaget {', '.join(missing)}. Lägg till dem i"
            " units.csv och kör `beredning org import`.",
            f"The organisation has no units of kind {', '.join(missing)}. Add them to units.csv"
            " and run `beredning org import`.",
        )
    keys = {unit.key for unit in units}
    units = tuple(declared(definition, unit) for unit in units)
    return tuple(u if u.parent in keys else replace(u, parent=_up(u, tops[0])) for u in units)


def _up(unit: UnitFact, top: UnitFact) -> str | None:
    """Hang a unit whose parent is of no kind of this process under the top."""
    return None if unit.key == top.key else top.key


def _milestones(
    definition: Definition, days: dict[str, tuple[date | None, date | None]], now: datetime
) -> Iterator[tuple[MilestoneFact, datetime | None]]:
    for key, (first_on, last_on) in days.items():
        milestone = definition.milestone[key]
        fact = plan.milestone_fact(definition, milestone, first_on, last_on)
        yield fact, invitation_of(definition, fact, now)


def invitation_of(definition: Definition, fact: MilestoneFact, now: datetime) -> datetime | None:
    """Give when those who are invited to a milestone first hear of it: now, if late."""
    if fact.first_on is None or not definition.milestone[fact.key].invites:
        return None
    if plan.day_start(fact.first_on, definition.zone) <= now:
        return None
    first = plan.add_working_days(fact.first_on, plan.INVITED[0])
    return max(plan.day_start(first, definition.zone), now)
