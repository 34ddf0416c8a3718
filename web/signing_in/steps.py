"""What has to be done first: a password of one's own, and a second factor.

Who signed in here with a password that the operator gave, or without a second factor
where the settings demand one, gets no further than to the page where that is put right.
"""

from typing import Final

from beredning.config import Mode
from web.visit import Visit

__all__ = ["CHOOSE", "CODE", "is_open", "step_needed"]

CHOOSE: Final = "/konto/losenord"
CODE: Final = "/konto/kod"
LEAVE: Final = "/logga-ut"


def step_needed(visit: Visit) -> str | None:
    """Give the page where something has to be done first; None when nothing has."""
    who, settings = visit.who, visit.site.config.auth
    if who is None or settings.mode is not Mode.LOCAL:
        return None
    if who.temporary:
        return CHOOSE
    if settings.second_factor and not who.second_factor:
        return CODE
    return None


def is_open(path: str, step: str) -> bool:
    """Say whether an address may be asked for while a step is to be done."""
    return path in (step, LEAVE)
