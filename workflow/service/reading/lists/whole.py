"""A list with what a paper says besides, all of one instant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.core.facts import CaseFact
from workflow.service.reading.lists.conflicts import NotedConflict, noted_conflicts
from workflow.service.reading.lists.decided import Decided, decided_in
from workflow.service.reading.lists.listing import list_in, page_of
from workflow.service.reading.lists.page import ListPage
from workflow.service.seeing import Seen
from workflow.service.world import World

__all__ = ["WholeList", "read_whole_list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeList:
    """A list and what was decided of it."""

    page: ListPage
    today: date
    """The local day of the last entry, so that the same log gives the same paper."""
    decided: Decided | None
    """What a body with minutes decided of the case last."""
    body: str
    """Name of that body."""
    conflicts: Sequence[NotedConflict]
    """Who took no part in which row."""


def read_whole_list(world: World, email: str, address: tuple[str, str], language: str) -> WholeList:
    """Read a list, named by its case and table, as somebody sees it.

    Raises: NotFound, as `read_list`.
    """
    with world.database.read() as connection:
        seen, case, table = list_in(world, connection, email, *address)
        seen = replace(seen, desk=replace(seen.desk, language=language))
        page = page_of(seen, case, table)
        return WholeList(
            page=page,
            today=world.today(page.end.at),
            decided=decided_in(connection, case.id),
            body=_body(seen, case),
            conflicts=noted_conflicts(seen, case, table),
        )


def _body(seen: Seen, case: CaseFact) -> str:
    """Name the body with minutes that decides such a case."""
    bodies = seen.definition.body
    for state in seen.definition.case[case.kind].state.values():
        if state.body and bodies[state.body].minutes:
            there = seen.facts.units((state.body,))
            return there[0].name if there else bodies[state.body].title
    return ""
