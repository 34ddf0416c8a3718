"""Every address there is, and who may ask for it.

`gate` is the first of two doors: it says which persons an address is for at all. What
they see behind it is decided by `workflow.core.sight`, through the service, for each
round and case; what they may do, by the engine and the verbs. An address without a
gate cannot be written, and one that is missing from `docs/reference/rights.md` fails
the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.responses import Response

from web.pages import (
    account,
    assessing,
    case,
    comments,
    conflicts,
    demo,
    events,
    extensions,
    fate,
    files,
    filling,
    finding,
    following,
    help_pages,
    leading,
    lists,
    money,
    moving,
    nudging,
    open_pages,
    outbox,
    papers,
    pausing,
    polls,
    process,
    region_sign_in,
    register,
    releasing,
    signing,
    situation,
    staff,
    starting,
    table_files,
    tables,
    units,
    work,
)
from web.pages import round as rounds
from web.signing_in import steps
from web.signing_in.oidc import COME_BACK
from web.visit import Visit

__all__ = ["ROUTES", "Address", "Gate", "Handler"]

Handler = Callable[[Visit], Response]


class Gate(StrEnum):
    """Which persons an address is for."""

    ANYBODY = "anybody"
    """Also who has not signed in."""
    SIGNED_IN = "signed_in"
    """Whoever is signed in; what they see is theirs alone, or decided by sight."""
    READS_ALL = "reads_all"
    """Whoever leads a process, keeps the register or audits."""
    LEADS = "leads"
    """Whoever leads a process here, or stands above one who does."""
    DEMO = "demo"
    """Anybody, in a demo; otherwise there is no such address."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address, and what answers."""

    method: str
    """GET, which HEAD follows, or POST."""
    path: str
    gate: Gate
    handler: Handler
    takes_files: bool = False
    """Its form may be as large as a file."""


def _get(path: str, gate: Gate, handler: Handler) -> Address:
    return Address("GET", path, gate, handler)


def _post(path: str, gate: Gate, handler: Handler, *, takes_files: bool = False) -> Address:
    return Address("POST", path, gate, handler, takes_files)


ROUTES: Final[tuple[Address, ...]] = (
    # ---- what one does
    _get("/", Gate.SIGNED_IN, work.show),
    _get("/arenden/{case}", Gate.SIGNED_IN, case.show),
    _get("/arenden/{case}/anstand", Gate.SIGNED_IN, extensions.show),
    _post("/arenden/{case}/anstand", Gate.SIGNED_IN, extensions.answer),
    _post("/arenden/{case}/spara-utkast", Gate.SIGNED_IN, case.save),
    _post("/arenden/{case}/filer", Gate.SIGNED_IN, files.attach, takes_files=True),
    _get("/arenden/{case}/filer/{number}", Gate.SIGNED_IN, files.read),
    _post("/arenden/{case}/filer/{number}/ta-bort", Gate.SIGNED_IN, files.detach),
    _post("/arenden/{case}/kommentarer", Gate.SIGNED_IN, comments.write),
    _get("/arenden/{case}/lista/{table}.json", Gate.SIGNED_IN, lists.as_json),
    _get("/arenden/{case}/lista/{table}.csv", Gate.SIGNED_IN, lists.as_csv),
    _get("/arenden/{case}/lista/{table}/jav", Gate.SIGNED_IN, conflicts.show),
    _post("/arenden/{case}/lista/{table}/jav", Gate.SIGNED_IN, conflicts.change),
    _get("/arenden/{case}/bedomning/{table}", Gate.SIGNED_IN, assessing.show),
    _post("/arenden/{case}/bedomning/{table}", Gate.SIGNED_IN, assessing.save),
    _get("/arenden/{case}/summor/{table}.json", Gate.SIGNED_IN, polls.as_json),
    _get("/arenden/{case}/summor/{table}.csv", Gate.SIGNED_IN, polls.as_csv),
    _get("/arenden/{case}/summor/{table}", Gate.SIGNED_IN, polls.show),
    _get("/arenden/{case}/lista/{table}", Gate.SIGNED_IN, lists.show),
    _post("/arenden/{case}/lista/{table}/flytta", Gate.SIGNED_IN, lists.move),
    _post("/arenden/{case}/lista/{table}/linje", Gate.SIGNED_IN, lists.put_line),
    _get("/arenden/{case}/lista/{table}/pengar", Gate.SIGNED_IN, money.show),
    _get("/arenden/{case}/lista/{table}/fyll-i", Gate.SIGNED_IN, filling.show),
    _post("/arenden/{case}/lista/{table}/fyll-i", Gate.SIGNED_IN, filling.fill),
    _post("/arenden/{case}/lista/{table}/handlingar", Gate.SIGNED_IN, papers.wish),
    _get("/handlingar/{paper}", Gate.SIGNED_IN, papers.show),
    _get("/handlingar/{paper}/fil", Gate.SIGNED_IN, papers.fetch),
    _get("/arenden/{case}/lista/{table}/frislapp", Gate.SIGNED_IN, releasing.show),
    _post("/arenden/{case}/lista/{table}/frislapp", Gate.SIGNED_IN, releasing.free),
    _post(
        "/arenden/{case}/lista/{table}/frislapp/{publication}/dra-tillbaka",
        Gate.SIGNED_IN,
        releasing.withdraw,
    ),
    _post("/arenden/{case}/steg/{transition}", Gate.SIGNED_IN, case.act),
    _get("/arenden/{case}/oppna/{kind}", Gate.SIGNED_IN, starting.show),
    _post("/arenden/{case}/oppna/{kind}", Gate.SIGNED_IN, starting.begin),
    _get("/arenden/{case}/tabell/{table}", Gate.SIGNED_IN, tables.show),
    _get("/arenden/{case}/tabell/{table}/rad", Gate.SIGNED_IN, tables.show_row),
    _post("/arenden/{case}/tabell/{table}/rad", Gate.SIGNED_IN, tables.change_row),
    _get("/arenden/{case}/tabell/{table}/las-in", Gate.SIGNED_IN, table_files.show),
    _post(
        "/arenden/{case}/tabell/{table}/las-in",
        Gate.SIGNED_IN,
        table_files.take_in,
        takes_files=True,
    ),
    _get("/arenden/{case}/tabell/{table}/rader.xlsx", Gate.SIGNED_IN, table_files.as_workbook),
    _get("/arenden/{case}/tabell/{table}/rader.csv", Gate.SIGNED_IN, table_files.as_text),
    # ---- how it goes
    _get("/omgangar", Gate.SIGNED_IN, rounds.list_rounds),
    _get("/omgangar/{round}", Gate.SIGNED_IN, rounds.show),
    _get("/omgangar/{round}/process", Gate.SIGNED_IN, process.show),
    _get("/omgangar/{round}/aterforing", Gate.SIGNED_IN, fate.show),
    _get("/omgangar/{round}/uppfoljning", Gate.SIGNED_IN, following.show),
    _get("/omgangar/{round}/lage", Gate.SIGNED_IN, situation.show),
    # ---- leading a round
    _get("/omgangar/{round}/flytta", Gate.SIGNED_IN, moving.show),
    _post("/omgangar/{round}/flytta", Gate.SIGNED_IN, moving.move),
    _get("/omgangar/{round}/paus", Gate.SIGNED_IN, pausing.show),
    _post("/omgangar/{round}/paus", Gate.SIGNED_IN, pausing.change),
    _get("/omgangar/{round}/paminn", Gate.SIGNED_IN, nudging.show),
    _post("/omgangar/{round}/paminn", Gate.SIGNED_IN, nudging.send),
    _get("/omgangar/{round}/enheter", Gate.SIGNED_IN, units.show),
    _post("/omgangar/{round}/enheter", Gate.SIGNED_IN, units.change),
    # ---- leading the process
    _get("/admin", Gate.READS_ALL, leading.show),
    _get("/admin/stopp", Gate.READS_ALL, leading.show_stops),
    _get("/admin/veckan", Gate.READS_ALL, leading.show_week),
    _get("/admin/utskick", Gate.READS_ALL, outbox.show),
    _post("/admin/utskick", Gate.LEADS, outbox.set_hold),
    _get("/admin/utskick/{mail}", Gate.READS_ALL, outbox.show_mail),
    _post("/admin/utskick/{mail}", Gate.LEADS, outbox.send_again),
    _get("/admin/personer", Gate.READS_ALL, staff.show),
    _post("/admin/personer", Gate.LEADS, staff.add),
    _get("/admin/personer/ge-roll", Gate.LEADS, staff.show_give),
    _post("/admin/personer/ge-roll", Gate.LEADS, staff.give),
    _get("/admin/personer/{person}", Gate.READS_ALL, staff.show_person),
    _post("/admin/personer/{person}", Gate.LEADS, staff.change),
    _post("/admin/personer/{person}/roller/{grant}", Gate.LEADS, staff.end_role),
    _post("/admin/personer/{person}/ersattare", Gate.LEADS, staff.appoint),
    _post("/admin/personer/{person}/ersattare/{substitution}", Gate.LEADS, staff.end_substitute),
    # ---- what has happened
    _get("/logg", Gate.SIGNED_IN, events.show),
    _get("/logg.csv", Gate.SIGNED_IN, events.sheet),
    _get("/logg/{round}.csv", Gate.SIGNED_IN, events.sheet),
    _get("/logg/{round}", Gate.SIGNED_IN, events.show),
    _get("/logg/{round}/laget", Gate.SIGNED_IN, events.show_past),
    _get("/forteckning", Gate.READS_ALL, register.show),
    _get("/forteckning.csv", Gate.READS_ALL, register.sheet),
    _get("/forteckning.json", Gate.READS_ALL, register.document),
    _get("/sok", Gate.SIGNED_IN, finding.show),
    # ---- who one is
    _get("/logga-in", Gate.ANYBODY, signing.show),
    _post("/logga-in", Gate.ANYBODY, signing.sign_in),
    _post("/logga-in/regionen", Gate.ANYBODY, region_sign_in.go_there),
    _get(COME_BACK, Gate.ANYBODY, region_sign_in.come_back),
    _post("/logga-ut", Gate.SIGNED_IN, signing.leave),
    _get("/konto", Gate.SIGNED_IN, account.show),
    _post("/konto", Gate.SIGNED_IN, account.prefer),
    _post("/konto/uppdrag", Gate.SIGNED_IN, account.leave_role),
    _post("/konto/inloggningar", Gate.SIGNED_IN, account.end_sessions),
    _get(steps.CHOOSE, Gate.SIGNED_IN, account.show_password),
    _post(steps.CHOOSE, Gate.SIGNED_IN, account.change_password),
    _get(steps.CODE, Gate.SIGNED_IN, account.show_code),
    _post(steps.CODE, Gate.SIGNED_IN, account.confirm_code),
    # ---- the demo
    _post("/demo/jag-ar", Gate.DEMO, demo.be_somebody),
    _get("/demo/tid", Gate.DEMO, demo.show_journey),
    _post("/demo/tid", Gate.DEMO, demo.travel),
    _get("/demo/mejl", Gate.DEMO, demo.show_mails),
    _get("/demo/mejl/{mail}", Gate.DEMO, demo.show_mail),
    _get("/demo/mejl/{mail}/original", Gate.DEMO, demo.download_mail),
    # ---- what was released to everybody
    _get("/oppet", Gate.ANYBODY, open_pages.list_all),
    _get("/oppet/{publication}.json", Gate.ANYBODY, open_pages.as_json),
    _get("/oppet/{publication}.csv", Gate.ANYBODY, open_pages.as_csv),
    _get("/oppet/{publication}", Gate.ANYBODY, open_pages.show),
    # ---- what holds for everybody
    _get("/tillganglighet", Gate.ANYBODY, help_pages.accessibility),
    _get("/personuppgifter", Gate.ANYBODY, help_pages.privacy),
    _get("/hjalp", Gate.ANYBODY, help_pages.contact),
)
