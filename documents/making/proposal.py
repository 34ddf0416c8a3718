"""The paper that a decision rests on: the list with its grounds, its money and its states."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from documents.making.listing import listing_of, stamp_of
from documents.papers.listing import List, Outcome
from documents.papers.paper import Balance, Freed, Investment, Payment, Proposal
from documents.papers.speech import say_amount, say_date
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.money import Money, money_of
from workflow.service.reading.lists.page import ListPage, ListRow

__all__ = ["proposal_of"]


def proposal_of(page: ListPage, *, region: str, language: str, today: date) -> Proposal:
    """Give the proposal as the list has it now, above its line."""
    money = money_of(page, page.line, today)
    listing = _with_outcomes(page, listing_of(page, page.line, language))
    return Proposal(
        stamp=stamp_of(page, region),
        title=f"{page.title}, {page.round_title}",
        summary=tuple(_summary(page, money)),
        listing=listing,
        balance=_balance(money) if page.amount and (money.freed or money.costs) else None,
        shown=tuple(key for key in (page.naming, page.kinds, page.amount) if key),
    )


def _with_outcomes(page: ListPage, listing: List) -> List:
    """Set what is proposed of each row where a paper has its outcome."""
    states = next((one for one in page.own if one.kind is ColumnKind.LEVEL), None)
    if states is None:
        return listing
    reason = next((one for one in page.own if one.kind is ColumnKind.LONG), None)
    owner = next((one for one in page.own if one.type == "person"), None)
    day = next((one for one in page.own if one.type == "date"), None)
    taken = {one.key for one in (states, reason, owner, day) if one}
    kept = [at for at, column in enumerate(page.columns) if column.key not in taken]
    lines = tuple(
        replace(
            line,
            cells=tuple(line.cells[at] for at in kept),
            outcome=_outcome(page, row, states, (reason, owner, day)),
        )
        for line, row in zip(listing.lines, page.rows, strict=True)
    )
    return replace(listing, columns=tuple(listing.columns[at] for at in kept), lines=lines)


def _outcome(
    page: ListPage,
    row: ListRow,
    states: ListColumn,
    beside: Sequence[ListColumn | None],
) -> Outcome | None:
    state = page.cell(row, states.key)
    if state is None:
        return None
    reason, owner, day = (page.cell(row, one.key) if one else None for one in beside)
    return Outcome(
        state=str(state),
        reason=str(reason or ""),
        owner=str(owner or ""),
        day=day if isinstance(day, date) else None,
    )


def _balance(money: Money) -> Balance:
    """Give what is freed kind by kind, and each row that costs with what pays for it."""
    return Balance(
        freed=tuple(
            Freed(title=post.kind or "Utan slag", count=post.count, tkr=post.amount)
            for post in money.balance.freed
        ),
        investments=tuple(
            Investment(
                title=cover.row.name,
                tkr=cover.cost,
                paid_by=tuple(
                    Payment(position=part.row.position, tkr=part.amount)
                    for part in cover.parts
                    if part.row is not None
                ),
            )
            for cover in money.links.covers
        ),
    )


def _summary(page: ListPage, money: Money) -> Iterator[str]:
    """Say in sentences what the figures of the paper are."""
    count = len(page.rows)
    yield f"Listan har {count} rader från {len(page.units)} enheter." + (
        f" Linjen ligger efter plats {money.line}." if money.line is not None else ""
    )
    if page.amount:
        whole = money.weighed.all
        yield (
            f"Frigörs {say_amount(whole.freed)}, kostar {say_amount(-whole.cost)}, netto"
            f" {say_amount(whole.net)} tkr."
        )
        lacking = [one.unit for one in money.weighed.units if one.means is None]
        if lacking and len(lacking) < len(money.weighed.units):
            yield f"Budget saknas för {', '.join(filter(None, lacking))}."
    if money.states and money.state_column:
        told = ", ".join(
            f"{one.title or 'utan besked'} {one.count} ({say_amount(one.amount)} tkr)"
            for one in money.states
            if one.count
        )
        yield f"{money.state_column.title}: {told}."
    if money.pays and money.links.covers:
        yield _covered(money)
    for one in money.pending:
        late = " Dagen har passerat." if one.is_late else ""
        who = one.owner or "ingen utsedd"
        day = say_date(one.day) if one.day else "ingen dag"
        yield f"{one.row.name} (plats {one.row.position}): {who}, {day}.{late}"
    turned = sum(1 for row in page.rows if row.against)
    if turned:
        words = "En rad bryter" if turned == 1 else f"{turned} rader bryter"
        yield f"{words} ordningen därifrån den kommer. Skälen står vid raderna."


def _covered(money: Money) -> str:
    links = money.links
    told = f"Av det som kostar är {say_amount(links.covered)} tkr betalt"
    if links.uncovered:
        told += f" och {say_amount(links.uncovered)} tkr ännu inte"
    twice = [one.row.position for one in links.payers if one.is_overpromised]
    if twice:
        places = ", ".join(map(str, twice))
        told += f". Lovat till mer än det frigör: plats {places}"
    return told + "."
