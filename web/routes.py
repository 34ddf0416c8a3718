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

from web.pages import case, help_pages, signing, work
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
    _post("/arenden/{case}/{transition}", Gate.SIGNED_IN, case.act),
    # ---- who one is
    _get("/logga-in", Gate.ANYBODY, signing.show),
    _post("/logga-ut", Gate.SIGNED_IN, signing.leave),
    _post("/demo/jag-ar", Gate.DEMO, signing.be_somebody),
    # ---- what holds for everybody
    _get("/tillganglighet", Gate.ANYBODY, help_pages.accessibility),
    _get("/personuppgifter", Gate.ANYBODY, help_pages.privacy),
    _get("/hjalp", Gate.ANYBODY, help_pages.contact),
)
