"""Whether every party of one body has a member in another, where a process wants that."""

from dataclasses import dataclass
from datetime import date

from workflow.core.revision import Revision
from workflow.store.database import Connection
from workflow.store.parties import parties_in

__all__ = ["Unrepresented", "unrepresented"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrepresented:
    """Parties of one body that have no member in another."""

    body: str
    """Title of the one they are missing in."""
    of: str
    """Title of the one they sit in."""
    parties: tuple[str, ...]
    """As the people's file writes them, in order."""


def unrepresented(
    connection: Connection, revision: Revision, round_id: str, today: date, language: str
) -> tuple[Unrepresented, ...]:
    """Give the parties that lack a member in a round's bodies today, by the body; () when
    nothing lacks, and where no members have parties."""
    bodies = [one for one in revision.definition.body.values() if one.all_parties_of]
    if not bodies:
        return ()
    known = parties_in(connection, round_id, today)
    found = []
    for body in bodies:
        whose = revision.definition.body[str(body.all_parties_of)]
        lacking = known.get(whose.key, frozenset()) - known.get(body.key, frozenset())
        if lacking:
            found.append(
                Unrepresented(
                    body=revision.title(body, language),
                    of=revision.title(whose, language),
                    parties=tuple(sorted(lacking)),
                )
            )
    return tuple(found)
