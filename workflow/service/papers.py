"""Papers that are made while somebody waits: wished for on a page, made by a worker.

A wish names a list, a form, a language and the last entry of the log; the same wish twice
is one. It is the wisher's own: nobody else learns that it is there, nor they when they no
longer read the case.

The clock here is the machine's or the server's own also in a rehearsal, where the world's
stands still.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from workflow.core.errors import BadInput, WorkflowError, bad_input
from workflow.service.reading.lists.decided import decided_in
from workflow.service.reading.lists.listing import list_in
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import papers
from workflow.store.database import Connection
from workflow.store.deeds import end_of
from workflow.store.papers import Claimed, PaperFact
from workflow.store.people import find_person

__all__ = [
    "STEPS",
    "Form",
    "PaperView",
    "PaperWish",
    "begin",
    "fail",
    "fetch",
    "finish",
    "keep",
    "look",
    "sweep",
    "wish",
]

Clock = Callable[[Connection], datetime]
LEASE: Final = timedelta(minutes=5)
"""How long a paper is one worker's without a sign of life; one is set in three at most."""
MOST_TRIES: Final = 3
PAUSE: Final = timedelta(seconds=20)
"""Until what failed is tried again."""
KEPT: Final = timedelta(days=7)
STEPS: Final = 3
"""Read, made, kept."""
WORN_OUT: Final = (
    f"Handlingen gick inte att göra, fast vi försökte {MOST_TRIES} gånger. Ta ut listan som CSV"
    " så länge, och säg till den som sköter systemet.",
    f"The paper could not be made, though we tried {MOST_TRIES} times. Take the list as CSV"
    " meanwhile, and tell whoever runs the system.",
)


class Form(StrEnum):
    """What can be made of a list."""

    PDF = "lista.pdf"
    XLSX = "lista.xlsx"
    PROPOSAL = "forslag.pdf"
    MINUTES = "protokollsutdrag.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWish:
    """Somebody's wish for a paper."""

    case: str
    table: str
    form: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper, as the one who wished for it sees it."""

    paper: PaperFact
    title: str
    """Of the list."""
    round: str
    round_title: str


# ---- the one who waits -----------------------------------------------------------------


def wish(world: World, wished: PaperWish, clock: Clock) -> str:
    """Wish for a paper, or find the same wish; gives its id. One that failed is tried anew.

    Raises: NotFound for a list that they do not read; BadInput for a form that there is not,
        or an extract of what nobody has decided; Locked, StoreError.
    """
    with world.database.write() as connection:
        seen, case, table = list_in(world, connection, wished.email, wished.case, wished.table)
        form = _form(wished.form)
        if form is Form.MINUTES and decided_in(seen.connection, case.id) is None:
            raise bad_input(
                "form",
                "Inget är beslutat på ett sammanträde än, så det finns inget att ta utdrag ur.",
                "Nothing has been decided at a meeting yet, so there is nothing to extract.",
            )
        now, round_id = clock(connection), seen.facts.round.id
        paper = papers.put(
            connection,
            world.salt(),
            round_id,
            now,
            case_id=case.id,
            table_key=table.key,
            form=form.value,
            language=seen.desk.language,
            entry=end_of(connection, round_id).number,
            viewer=seen.viewer.id,
        )
        papers.wish_again(connection, paper, now)
    return paper


def look(world: World, email: str, paper: str) -> PaperView:
    """Look at how far a paper has come.

    Raises: NotFound for what is not theirs, or about what they no longer read.
    """
    with world.database.read() as connection:
        return _view(world, connection, email, paper)


def fetch(world: World, email: str, paper: str) -> tuple[PaperView, bytes]:
    """Fetch a paper that is made.

    Raises: NotFound, as `look`, and for one that is not made.
    """
    with world.database.read() as connection:
        view = _view(world, connection, email, paper)
        viewer = find_person(connection, email)
        content = papers.content_of(connection, paper, viewer.id)
        if content is None:
            raise nothing_there()
        return view, content


def _form(typed: str) -> Form:
    try:
        return Form(typed)
    except ValueError as error:
        forms = ", ".join(Form)
        raise bad_input(
            "form", f"Välj en form bland {forms}.", f"Choose a form among {forms}."
        ) from error


def _view(world: World, connection: Connection, email: str, paper: str) -> PaperView:
    viewer = find_person(connection, email)
    found = papers.find(connection, paper, viewer.id)
    if found is None:
        raise nothing_there()
    seen, _, table = list_in(world, connection, email, found.case, found.table)
    return PaperView(
        paper=replace(found, steps=found.steps or STEPS),
        title=seen.desk.revision.title(table, seen.desk.language),
        round=seen.facts.round.id,
        round_title=seen.desk.round_title,
    )


# ---- the one who makes -----------------------------------------------------------------


def begin(world: World, worker: str, clock: Clock) -> Claimed | None:
    """Take a paper to make; None when nothing waits. One that was begun too many times is
    given up, in words for the one who waits.

    Raises: Locked, StoreError.
    """
    with world.database.read() as connection:  # every other second: nobody is to wait for it
        if not papers.is_any_due(connection, clock(connection)):
            return None
    with world.database.write() as connection:
        now = clock(connection)
        while paper := papers.claim(connection, worker, now, now + LEASE):
            if paper.tries <= MOST_TRIES:
                return paper
            papers.finish(connection, paper, now, None, failed=WORN_OUT)
    return None


def keep(world: World, paper: Claimed, done: int, clock: Clock) -> bool:
    """Say how many steps of a paper are done, and keep it; False when it is another's now."""
    with world.database.write() as connection:
        return papers.step(connection, paper, done, STEPS, clock(connection) + LEASE)


def finish(world: World, paper: Claimed, content: bytes, shows: int, clock: Clock) -> bool:
    """Keep what was made, with the last entry that it shows; False when it is another's."""
    with world.database.write() as connection:
        return papers.finish(connection, paper, clock(connection), content, shows=shows)


def fail(world: World, paper: Claimed, error: WorkflowError | None, clock: Clock) -> bool:
    """Say that a paper could not be made: for good when the list itself is why, or when it
    was the last try; False when it will be tried again."""
    with world.database.write() as connection:
        now = clock(connection)
        words = (error.sv, error.en) if isinstance(error, BadInput) else None
        if words is None and paper.tries < MOST_TRIES:
            papers.give_back(connection, paper, now + PAUSE)
            return False
        papers.finish(connection, paper, now, None, failed=words or WORN_OUT)
    return True


def sweep(world: World, clock: Clock) -> int:
    """Remove papers that are older than a week; gives how many."""
    with world.database.read() as connection:
        if not papers.is_any_old(connection, clock(connection) - KEPT):
            return 0
    with world.database.write() as connection:
        return papers.remove_old(connection, clock(connection) - KEPT)
