"""The extract of minutes of a list that a body has decided: a paragraph for each outcome."""

from collections.abc import Iterator, Sequence
from typing import Final

from documents.making.listing import stamp_of
from documents.papers.minutes import Attendance, Decision, Disqualification, Minutes, Reservation
from documents.papers.paper import Extract
from documents.papers.speech import say_amount
from workflow.core.errors import bad_input
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.decided import Decided
from workflow.service.reading.lists.page import ListPage, ListRow
from workflow.service.reading.lists.whole import WholeList

__all__ = ["minutes_of"]

MOST_NAMED: Final = 390
"""Characters of a title."""


def minutes_of(whole: WholeList, *, region: str) -> Extract:
    """Give the extract: rows of one outcome together, those with a reason one by one.

    Raises: BadInput when nothing has been decided.
    """
    page, decided = whole.page, whole.decided
    if decided is None or decided.day is None:
        raise bad_input(
            "form",
            "Inget är beslutat på ett sammanträde än, så det finns inget att ta utdrag ur.",
            "Nothing has been decided at a meeting yet, so there is nothing to extract.",
        )
    number = f"§ {decided.paragraph}" if decided.paragraph else "Beslut"
    return Extract(
        stamp=stamp_of(page, region),
        title=f"{page.title}, {page.round_title}",
        minutes=Minutes(
            body=whole.body,
            day=decided.day,
            present=_present(decided),
            quorum=_quorum(decided),
            disqualified=tuple(
                Disqualification(person=one.person, item=one.item, sentence=one.sentence)
                for one in whole.conflicts
            ),
            decisions=tuple(_decisions(page, number)),
            reservations=(
                (Reservation(who="", number=number, words=decided.reservations),)
                if decided.reservations
                else ()
            ),
        ),
    )


def _present(decided: Decided) -> tuple[Attendance, ...]:
    """Say how many were there: the log knows no names of them."""
    if decided.present is None:
        return ()
    of = f" av {decided.members}" if decided.members else ""
    return (Attendance(name=f"{decided.present}{of} ledamöter"),)


def _quorum(decided: Decided) -> str:
    votes = (
        ("för", decided.votes_for),
        ("emot", decided.votes_against),
        ("avstår", decided.abstained),
    )
    told = ", ".join(f"{count} {words}" for words, count in votes if count is not None)
    return f"Röster: {told}." if told else "Beslutet är registrerat i loggen."


def _decisions(page: ListPage, number: str) -> Iterator[Decision]:
    outcome = next((one for one in page.own if one.kind is ColumnKind.LEVEL), None)
    reason = next((one for one in page.own if one.kind is ColumnKind.LONG), None)
    if outcome is None:
        yield Decision(number=number, title=page.title, words=_rows(page, page.rows))
        return
    at = 0
    for key, title in (*outcome.levels.items(), ("", "Utan beslut")):
        some = [row for row in page.rows if str(row.raw.get(outcome.key) or "") == key]
        for block, why in _blocks(page, some, reason):
            at += 1
            name = block[0].name if why else _titled(title, len(block))
            yield Decision(
                number=f"{number}.{at}",
                title=name[:MOST_NAMED],
                words=f"{title}: {_rows(page, block)}",
                reason=why,
            )


def _blocks(
    page: ListPage, rows: Sequence[ListRow], reason: ListColumn | None
) -> Iterator[tuple[Sequence[ListRow], str]]:
    whys = {row.number: str(page.cell(row, reason.key) or "") if reason else "" for row in rows}
    together = [row for row in rows if not whys[row.number]]
    if together:
        yield together, ""
    for row in rows:
        if whys[row.number]:
            yield [row], whys[row.number]


def _titled(title: str, count: int) -> str:
    return f"{title}, {'en rad' if count == 1 else f'{count} rader'}"


def _rows(page: ListPage, rows: Sequence[ListRow]) -> str:
    told = [f"plats {row.position} {row.name}" for row in rows]
    tkr = f" Sammanlagt {say_amount(sum(row.amount for row in rows))} tkr." if page.amount else ""
    return "; ".join(told) + "." + tkr
