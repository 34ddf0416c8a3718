"""The letter about comments: what was written beside a case, to whoever has it."""

from notifications import comment_words as c
from notifications import words as w
from notifications.blocks import Block, Letter, Paragraph, Quote
from notifications.clean import LetterError
from notifications.digest import finish
from notifications.parts import Draft, capital
from notifications.subject import cut
from workflow.core.mail import MailComment

__all__ = ["compose_comments"]

MOST = 5
"""How many are quoted; the rest are in the case."""
LENGTH = 600
"""Where each is cut."""
PREHEADER_LENGTH = 100


def compose_comments(draft: Draft) -> Letter:
    """Write what others have written beside a case.

    Raises:
        LetterError: The facts lack the task, or the comments.
    """
    facts, voice = draft.facts, draft.voice
    if not facts.tasks or not facts.comments:
        raise LetterError("a mail about comments needs its task and the comments")
    task, count, last = facts.tasks[0], len(facts.comments), facts.comments[-1]
    title = draft.title_of(task)
    alone = count == 1
    told = voice.say(c.ONE, by=last.by, title=title) if alone else voice.say(c.MANY, title=title)
    lead = (draft.hello(told), draft.last_day(task), draft.stands_in(task.stands_in_for))
    heading = capital(voice.count(c.H_MANY, count, title=title))
    tail = voice.count(c.S_COMMENTS, count, day=draft.day(last.on))
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), tail),
        preheader=cut(" ".join(last.text.split()), PREHEADER_LENGTH),
        heading=voice.say(c.H_ONE, by=last.by, title=title) if alone else heading,
        blocks=(
            Paragraph(" ".join(filter(None, lead))),
            *(_quote(draft, one) for one in facts.comments[:MOST]),
            *_more(draft, count - MOST),
            draft.button(voice.say(c.ANSWER), task.case),
            draft.table(task),
            *draft.note(voice.say(c.GATHERED)),
        ),
        footer=draft.footer(w.BECAUSE_TASK),
    )


def _quote(draft: Draft, comment: MailComment) -> Block:
    paragraphs = tuple(filter(None, cut(comment.text, LENGTH).split("\n")))
    day = draft.day(comment.on)
    return Quote(draft.voice.say(c.WROTE, by=comment.by, day=day), paragraphs)


def _more(draft: Draft, count: int) -> tuple[Block, ...]:
    return (Paragraph(capital(draft.voice.count(c.MORE, count))),) if count > 0 else ()
