"""What stands still, with the page on which it is mended."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from notifications.incident_words import IncidentWords, incident_words
from notifications.voice import voice
from web.visit import Visit
from workflow.core.facts import IncidentKind
from workflow.service.describing import Listed

__all__ = ["Stop", "stop_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An incident, told, with its way on."""

    words: IncidentWords
    since: datetime
    closed_at: datetime | None
    round_title: str
    case: str
    href: str
    """Where it is mended; empty when it is mended on the machine, by the command."""
    link: str
    contact: str
    """Name of whom to ask; empty when it is nobody."""


def stop_of(visit: Visit, one: Listed) -> Stop:
    """Tell an incident to somebody who reads of it."""
    href, link = _way_on(visit, one)
    return Stop(
        words=incident_words(one.told, voice(visit.language)),
        since=one.row["since"],
        closed_at=one.row["closed_at"],
        round_title=one.told.round_title,
        case=one.row["case"] or "",
        href=href,
        link=link,
        contact=one.contact[0],
    )


def _way_on(visit: Visit, one: Listed) -> tuple[str, str]:
    kind, subject, detail = one.row["kind"], str(one.row["subject"]), one.row["detail"]
    if kind == IncidentKind.NO_HOLDER and "role" in detail:
        role, unit = quote(str(detail["role"]), safe=""), quote(str(detail["unit"]), safe="")
        give = f"/admin/personer/ge-roll?roll={role}&enhet={unit}"
        return give, visit.text("Utse någon", "Appoint someone")
    if kind == IncidentKind.BOUNCE and detail.get("person"):
        person = f"/admin/personer/{detail['person']}"
        return person, visit.text("Rätta adressen", "Correct the address")
    if kind in (IncidentKind.MAIL, IncidentKind.TEMPLATE):
        mail = f"/admin/utskick?namn={quote(subject, safe='')}"
        return mail, visit.text("Öppna mejlet", "Open the mail")
    if kind in (IncidentKind.RELAY, IncidentKind.BOUNCE):
        return "/admin/utskick", visit.text("Se utskicken", "See the mail")
    if one.row["case"]:
        return f"/arenden/{one.row['case']}", visit.text("Öppna ärendet", "Open the case")
    return "", ""
