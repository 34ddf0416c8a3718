"""Incidents as somebody reads of them: their names and titles, looked up now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.core.mail import MailIncident
from workflow.service.desks import Desk, open_desk
from workflow.service.world import World, no_round
from workflow.store import incidents, people
from workflow.store.database import Connection

__all__ = ["Listed", "incident_of", "list_incidents"]


def incident_of(
    connection: Connection,
    told: Mapping[str, Any],
    desk: Desk | None,
    since: date | None = None,
) -> MailIncident:
    """Give what is to be said of an incident.

    `told` has its kind, case and subject beside its detail; `desk` is that of its round,
    None when it belongs to none.
    """
    person = told.get("person")
    known = people.people_by_id(connection, [person]).get(person) if person else None
    return MailIncident(
        kind=told["kind"],
        case=told["case"],
        person=known.name if known else "",
        address=str(told.get("address") or (known.email if known else "")),
        answer=str(told.get("answer") or told.get("error") or ""),
        thing=_thing(told),
        since=since,
        **(_titles(desk, told) if desk else {"case_title": ""}),
    )


def _titles(desk: Desk, told: Mapping[str, Any]) -> dict[str, str]:
    role = desk.definition.role.get(told.get("role", ""))
    case = desk.facts.case(told["case"] or "")
    of_round = case is not None and case.parent is None
    return {
        "case_title": desk.round_title if of_round else desk.case_title(case) if case else "",
        "role": desk.revision.title(role, desk.language) if role else "",
        "unit": desk.unit_name(told["unit"]) if "unit" in told else "",
        "round": desk.facts.round.id,
        "round_title": desk.round_title,
    }


def _thing(told: Mapping[str, Any]) -> str:
    """Give what it is about by name: missing guards, a worker, the mail."""
    if "guards" in told:
        return ", ".join(told["guards"])
    return str(told.get("worker") or told.get("subject") or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An incident in the list of them."""

    row: Mapping[str, Any]
    """{kind, subject, round, case, detail, since, closed_at}."""
    told: MailIncident
    contact: tuple[str, str]
    """Name and address of the one who leads the round, or the oldest round under way."""


def list_incidents(
    world: World, *, round_id: str | None = None, closed: bool = False, language: str = "sv"
) -> list[Listed]:
    """Give the open incidents, of a round or of all, oldest first; with `closed` those that
    are solved too.

    Raises: NotFound for the round.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        if round_id is not None and not incidents.rounds_told(connection, round_id):
            raise no_round(round_id)
        under_way = [key for key, _ in incidents.rounds_told(connection, None)]
        desks: dict[str, Desk] = {}
        listed = []
        for row in incidents.list_incidents(connection, closed=closed):
            if round_id not in (None, row["round"]):
                continue
            key = row["round"] or next(iter(under_way), None)
            if key and key not in desks:
                desks[key] = open_desk(world, connection, key, language, now)
            desk = desks[row["round"]] if row["round"] else None
            told = {**row["detail"], **row}
            listed.append(
                Listed(
                    row={name: value for name, value in row.items() if name != "id"},
                    told=incident_of(connection, told, desk, world.today(row["since"])),
                    contact=_contact(desks[key]) if key else ("", ""),
                )
            )
    return listed


def _contact(desk: Desk) -> tuple[str, str]:
    leaders = people.people_by_id(desk.connection, desk.leader()[:1])
    return next(((one.name, one.email) for one in leaders.values()), ("", ""))
