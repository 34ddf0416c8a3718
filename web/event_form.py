"""The form that narrows events: what an address asks for, and the address of what is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from web.forms import read_day
from web.visit import Visit
from workflow.service.reading.past.event import Filter, Kind
from workflow.service.reading.past.event_sheet import KIND_TITLES

__all__ = ["Narrowing", "no_day", "read_narrowing"]

LONGEST: Final = 200
"""Characters of what is searched for."""
NAMES: Final = ("arende", "enhet", "vem", "fran", "till", "ord")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What somebody has chosen, as it was typed and as it was understood."""

    wanted: Filter
    typed: Mapping[str, str]
    kinds: Sequence[tuple[str, str, bool]]
    """Each kind's key, its title, and whether it is ticked."""
    errors: Mapping[str, str]
    """What cannot be read, by field."""
    after: str
    """The cursor of the page before."""

    @property
    def active(self) -> bool:
        """Whether anything is chosen at all."""
        return any(self.typed.values()) or any(ticked for _, _, ticked in self.kinds)

    def query(self, after: str = "") -> str:
        """Write the same choice into an address, perhaps with a page to go on from."""
        chosen = [(name, text) for name, text in self.typed.items() if text]
        chosen += [("slag", key) for key, _, ticked in self.kinds if ticked]
        if after:
            chosen.append(("efter", after))
        return f"?{urlencode(chosen)}" if chosen else ""


def read_narrowing(visit: Visit, *, leads: bool) -> Narrowing:
    """Read what an address asks for; nothing but days can be wrong in it."""
    typed = {name: visit.query.get(name, "").strip()[:LONGEST] for name in NAMES}
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in ("fran", "till"):
        days[name] = _day(visit, typed[name], name, errors)
    ticked = set(visit.query.getlist("slag"))
    kinds = [kind for kind in Kind if leads or kind is not Kind.UPKEEP]
    english = visit.language == "en"
    return Narrowing(
        wanted=Filter(
            case=typed["arende"],
            unit=typed["enhet"],
            kinds=frozenset(kind for kind in kinds if kind.value in ticked),
            who=typed["vem"],
            since=days["fran"],
            until=days["till"],
            words=typed["ord"],
        ),
        typed=typed,
        kinds=[(one.value, KIND_TITLES[one][english], one.value in ticked) for one in kinds],
        errors=errors,
        after=visit.query.get("efter", ""),
    )


def _day(visit: Visit, text: str, name: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return read_day(text, visit.today)
    except ValueError:
        errors[name] = no_day(visit, text)
        return None


def no_day(visit: Visit, text: str) -> str:
    """Say that something is no day."""
    return visit.text(
        f"Skriv en dag, till exempel 6 mars. Du skrev ”{text}”.",
        f'Write a day, for example 6 March. You wrote "{text}".',
    )
