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

from web import steps
from web.pages import account, case, help_pages, region_sign_in, signing, work
from web.pages import round as rounds
from web.visit import Visit

__all__ = ["COME_BACK", "ROUTES", "Address", "Gate", "Handler"]

Handler = Callable[[Visit], Response]
COME_BACK: Final = "/logga-in/svar"
"""Where the region's sign-in sends people; registered there."""


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
    _post("/arenden/{case}/{transition}", Gate.SIGNED_IN, case.act),
    # ---- how it goes
    _get("/omgangar", Gate.SIGNED_IN, rounds.list_rounds),
    _get("/omgangar/{round}", Gate.SIGNED_IN, rounds.show),
    # ---- who one is
    _get("/logga-in", Gate.ANYBODY, signing.show),
    _post("/logga-in", Gate.ANYBODY, signing.sign_in),
    _post("/logga-in/regionen", Gate.ANYBODY, region_sign_in.go_there),
    _get(COME_BACK, Gate.ANYBODY, region_sign_in.come_back),
    _post("/logga-ut", Gate.SIGNED_IN, signing.leave),
    _get("/konto", Gate.SIGNED_IN, account.show),
    _post("/konto", Gate.SIGNED_IN, account.prefer),
    _post("/konto/inloggningar", Gate.SIGNED_IN, account.end_sessions),
    _get(steps.CHOOSE, Gate.SIGNED_IN, account.show_password),
    _post(steps.CHOOSE, Gate.SIGNED_IN, account.change_password),
    _get(steps.CODE, Gate.SIGNED_IN, account.show_code),
    _post(steps.CODE, Gate.SIGNED_IN, account.confirm_code),
    _post("/demo/jag-ar", Gate.DEMO, signing.be_somebody),
    # ---- what holds for everybody
    _get("/tillganglighet", Gate.ANYBODY, help_pages.accessibility),
    _get("/personuppgifter", Gate.ANYBODY, help_pages.privacy),
    _get("/hjalp", Gate.ANYBODY, help_pages.contact),
)
