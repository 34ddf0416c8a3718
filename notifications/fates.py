"""What the letter about the end of a round tells of each row that the reader's units handed in."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

from notifications import fate_words as f
from notifications.blocks import Block, Button, Paragraph, Table
from notifications.parts import Draft, capital
from notifications.subject import cut
from workflow.core.mail import MailFate, MailFateSum, MailUnitFates

__all__ = ["fate_blocks"]

NAME_LENGTH = 80
WHY_LENGTH = 300


def fate_blocks(draft: Draft) -> tuple[Block, ...]:
    """Give a table for each unit, what is counted only, and the way to the page; nothing when
    there is nothing to tell."""
    facts, voice = draft.facts, draft.voice
    if not facts.fates:
        return ()
    blocks: list[Block] = []
    for unit in facts.fates:
        blocks.append(Table(voice.say(f.H_UNIT, unit=unit.unit), tuple(_rows(draft, unit))))
        if unit.more:
            blocks.append(Paragraph(capital(voice.count(f.MORE, unit.more, unit=unit.unit))))
    if facts.more_units:
        blocks.append(Paragraph(capital(voice.count(f.MORE_UNITS, facts.more_units))))
    page = f"{draft.base_url}/omgangar/{quote(str(facts.round), safe='')}/aterforing"
    return (*blocks, Button(voice.say(f.SEE), page))


def _rows(draft: Draft, unit: MailUnitFates) -> Iterator[tuple[str, str]]:
    for one in unit.fates:
        yield cut(one.name, NAME_LENGTH), _outcome(draft, one)
    for part in unit.sums:
        said = draft.voice.say(f.SUM, outcome=part.outcome)
        yield said if part.outcome else draft.voice.say(f.SUM_NONE), _sum(draft, unit, part)


def _outcome(draft: Draft, one: MailFate) -> str:
    why = cut(" ".join(one.why.split()), WHY_LENGTH)
    if not one.outcome:
        return " ".join(filter(None, (draft.voice.say(f.NO_DECISION), why)))
    return draft.voice.say(f.DECIDED, outcome=one.outcome, why=why).strip()


def _sum(draft: Draft, unit: MailUnitFates, part: MailFateSum) -> str:
    rows = draft.voice.digits(f.ROWS, part.count)
    if not part.amount:
        return rows
    amount = f"{Decimal(part.amount):,f}".replace("-", "\N{MINUS SIGN}")
    if draft.voice.language == "sv":
        amount = amount.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return draft.voice.say(f.ROWS_AMOUNT, rows=rows, title=unit.amount, amount=amount)
