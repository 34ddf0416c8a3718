"""What somebody has named by hand: found, or the nearest there is."""

from collections.abc import Sequence
from difflib import get_close_matches

from workflow.core.errors import NotFound
from workflow.store import substitutions
from workflow.store.database import Connection
from workflow.store.people import KnownPerson, find_person

__all__ = ["check_unit", "find_named", "nearest"]


def find_named(connection: Connection, email: str) -> KnownPerson:
    """Find a person by address.

    Raises: NotFound with the nearest address.
    """
    try:
        return find_person(connection, email)
    except NotFound as error:
        given = email.strip().lower()
        near = get_close_matches(given, substitutions.all_emails(connection), 1, cutoff=0.75)
        if not near:
            raise
        raise NotFound(
            f"Ingen person har e-postadressen {email}. Menade du {near[0]}?",
            f"Nobody has the e-mail address {email}. Did you mean {near[0]}?",
        ) from error


def check_unit(connection: Connection, unit: str) -> None:
    """See that the organisation has a unit.

    Raises: NotFound with the nearest key.
    """
    known = substitutions.all_units(connection)
    if unit not in known:
        sv, en = nearest(unit, known)
        raise NotFound(f"Det finns ingen enhet {unit}.{sv}", f"There is no unit {unit}.{en}")


def nearest(word: str, known: Sequence[str]) -> tuple[str, str]:
    """Ask, in Swedish and English, whether the nearest of some names was meant; empty when
    none is near."""
    near = get_close_matches(word, known, 1)
    return (f" Menade du {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
