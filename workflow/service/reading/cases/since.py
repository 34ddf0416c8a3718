"""What has happened with a case since somebody opened its page, and what it held then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.core.facts import EntryKind
from workflow.core.sheets import Book
from workflow.service.reading.cases.tables import texts
from workflow.service.seeing import Seen, see_case
from workflow.service.world import World
from workflow.store import deeds
from workflow.store.deeds import Deed

__all__ = ["Happened", "Since", "read_since"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that was done since."""

    at: datetime
    who: str
    """Name, "X för Y" for a substitute; empty when it happened by itself."""
    mine: bool
    saved: bool
    """A draft was saved; otherwise the case moved."""
    title: str
    """The words of the button; empty when there was none."""
    done: str
    """What whoever pressed it did, e.g. "lämnade in"; empty when the process has no word."""
    state: str
    """Title of the state or end that the case came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is other than when the page was opened."""

    happened: tuple[Happened, ...]
    """Oldest first."""
    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    """What each table held then, as the texts of its fields."""
    answers: Mapping[int, str]
    """The answers there were then."""


def read_since(world: World, email: str, case_id: str, number: int) -> Since:
    """Tell what has happened since an entry about a case that somebody reads.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen, case = see_case(world, connection, case_id, email)
        made = deeds.deeds(connection, case.id)
        reads = seen.sight.reads(case)
        told = deeds.payloads(connection, case.id, number) if reads else []
        book = Book()
        answers: dict[int, str] = {}
        for payload in told:
            book.take(payload)
            answers |= {int(n): text for n, text in payload.get("answers", {}).items()}
        known = seen.definition.table
        return Since(
            happened=tuple(_tell(seen, case.kind, one) for one in made if one.number > number),
            tables={
                key: tuple(texts(seen, known[key], row) for row in book.cells(key))
                for key in book.sheets
                if key in known
            },
            answers=answers,
        )


def _tell(seen: Seen, kind: str, one: Deed) -> Happened:
    state = seen.definition.case[kind].state.get(one.from_state or "")
    button = state.transition.get(one.transition or "") if state else None
    done = ""
    if button:
        done = seen.revision.text(f"{button.path}.done", button.done or "", seen.desk.language)
    link = " for " if seen.desk.language == "en" else " för "
    by_itself = one.kind in (EntryKind.NEXT, EntryKind.AT_DUE)
    return Happened(
        at=one.at,
        who="" if by_itself else link.join(filter(None, (one.name, one.behind))),
        mine=one.actor == seen.viewer.id,
        saved=one.kind is EntryKind.SAVED,
        title=seen.desk.button_title(one.transition or "", button) if button else "",
        done=done,
        state=seen.desk.state_name(kind, one.to_state) if one.to_state else "",
    )
