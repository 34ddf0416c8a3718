"""The approved text that a letter brings along: its paragraphs and lists, then the figures."""

from notifications import words as w
from notifications.blocks import Block, Paragraph, Table
from notifications.own_text import own_blocks
from notifications.parts import Draft
from notifications.subject import cut

__all__ = ["report_blocks"]

TEXT_LENGTH = 20_000
NAME_LENGTH = 80
MOST_FIGURES = 30


def report_blocks(draft: Draft) -> tuple[Block, ...]:
    """Lay out the texts, each under its title when there are several, and the figures."""
    facts, blocks = draft.facts, list[Block]()
    for one in facts.reports:
        if len(facts.reports) > 1:
            blocks.append(Paragraph(f"{cut(one.title, NAME_LENGTH)}:"))
        blocks += own_blocks(one.text[:TEXT_LENGTH])
    if facts.figures:
        rows = tuple((cut(what, NAME_LENGTH), much) for what, much in facts.figures[:MOST_FIGURES])
        blocks.append(Table(draft.voice.say(w.FIGURES), rows))
    return tuple(blocks)
