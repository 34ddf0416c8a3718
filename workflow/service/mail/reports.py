"""The text that goes along in the mail to those who are told: as it was when it was approved."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from workflow.core.definition import Case, Column, Table
from workflow.core.facts import CaseFact, SheetKey
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.core.mail import MailReport
from workflow.core.sheets import Book, name_of
from workflow.core.sight import look
from workflow.core.situation_text import figures
from workflow.service.desks import Desk
from workflow.service.reading.rounds.board import read_board
from workflow.service.reading.situation.offers import is_reporting, situation_in
from workflow.service.seeing import Seen
from workflow.service.world import World
from workflow.store import deeds, people

__all__ = ["mail_reports", "sent_columns", "sent_texts"]


def mail_reports(
    world: World, desk: Desk, case: CaseFact, told: tuple[str, datetime], person: int | None
) -> dict[str, Any]:
    """Give the texts that go along about a case which came to a state, `told`, at an instant,
    and the round's figures with them; nothing while it is still written, or nobody approved."""
    state, at = told
    kind = desk.definition.case[case.kind]
    columns = sent_columns(desk, kind, state)
    texts = tuple(sent_texts(desk, case, columns, state, at)) if columns else ()
    if not texts or person is None:
        return {}
    return {"reports": texts, "figures": _figures(world, desk, case, person)}


def sent_columns(desk: Desk, kind: Case, state: str) -> Sequence[tuple[Table, Column]]:
    """Give the columns whose text goes along when a kind of case comes to a state: none that is
    filled in there still, and none when it was called off."""
    if state in (MISSING, WITHDRAWN):
        return ()
    now = kind.state[state].edits if state in kind.state else ()
    keys = dict.fromkeys(key for one in kind.state.values() for key in one.edits)
    tables = [desk.definition.table[key] for key in keys if key not in now]
    return [(table, one) for table in tables for one in table.column.values() if one.sent]


def sent_texts(
    desk: Desk, case: CaseFact, columns: Sequence[tuple[Table, Column]], state: str, at: datetime
) -> Iterator[MailReport]:
    """Give the texts as they stood when the case came to the state, whatever was written since."""
    made = deeds.deeds(desk.connection, case.id)
    came = [one for one in made if one.at <= at and one.to_state == state]
    if not came:
        return
    book = Book()
    for payload in deeds.payloads(desk.connection, case.id, came[-1].number):
        book.take(payload)
    for table, column in columns:
        for row in book.rows(name_of(SheetKey(case.id, table.key))):
            text = str(row.cells.get(column.key) or "").strip()
            if text:
                title = desk.revision.title(column, desk.language)
                yield MailReport(title=title, text=text)


def _figures(world: World, desk: Desk, case: CaseFact, person: int) -> tuple[tuple[str, str], ...]:
    """Give the figures of a case that reports how the round goes."""
    if not is_reporting(desk.definition, desk.definition.case[case.kind]):
        return ()
    viewer = people.people_by_id(desk.connection, [person])[person]
    now = world.now(desk.connection)
    actor = world.actor(desk.connection, viewer.email, now)
    sight = look(desk.definition, desk.facts, actor)
    if sight is None:
        return ()
    seen = Seen(desk=desk, viewer=viewer, actor=actor, sight=sight, now=now)
    return figures(situation_in(read_board(seen), case), desk.language)
