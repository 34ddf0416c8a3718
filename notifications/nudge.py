"""The nudge: somebody who leads reminds by hand, in a word of their own."""

from notifications import nudge_words as n
from notifications import words as w
from notifications.blocks import Block, Letter, Paragraph, Section
from notifications.clean import LetterError
from notifications.digest import finish
from notifications.parts import Draft, capital

__all__ = ["compose_nudge"]


def compose_nudge(draft: Draft) -> Letter:
    """Write what one person owes, and what the one who reminds says about it.

    Raises:
        LetterError: There is nothing to remind of.
    """
    facts, voice = draft.facts, draft.voice
    if not facts.tasks:
        raise LetterError("a nudge needs a task to remind of")
    task, by = facts.tasks[0], facts.by
    if len(facts.tasks) == 1:
        title = draft.title_of(task)
        subject = draft.subject(draft.name_of(task), _tail(draft))
        heading = voice.say(n.H_ONE_BY if by else n.H_ONE, by=by, title=title)
        lead = [
            draft.hello(voice.say(n.WAITS_BY if by else w.WAITING, by=by, title=title)),
            draft.last_day(task),
            draft.done_and_left(task),
            draft.who(task),
        ]
        shown: tuple[Block, ...] = (draft.open(task), draft.table(task))
    else:
        count = len(facts.tasks)
        subject = draft.subject("", voice.digits(n.S_MANY, count), separator=", ")
        heading = capital(voice.count(n.H_MANY_BY if by else n.H_MANY, count, by=by))
        lead = [draft.hello(voice.count(n.WAIT_BY if by else n.WAIT, count, by=by))]
        rows = tuple(draft.row(one, with_round=False) for one in facts.tasks)
        shown = (draft.open(task), Section(voice.say(n.SECTION), rows))
    return finish(
        draft,
        subject=subject,
        preheader=draft.done_and_left(task) or draft.last_day(task),
        heading=heading,
        blocks=(
            Paragraph(" ".join(filter(None, lead))),
            *draft.comment(),
            *shown,
            *draft.note(voice.say(n.BY_HAND), draft.ask_leader(task)),
        ),
        footer=draft.footer(w.BECAUSE_TASK if len(facts.tasks) == 1 else w.BECAUSE_TASKS),
    )


def _tail(draft: Draft) -> str:
    task, voice = draft.facts.tasks[0], draft.voice
    if task.due_on is None:
        return voice.say(w.S_NO_DAY)
    phrase = w.S_LATE if draft.is_late(task) else w.S_DUE
    return voice.say(phrase, day=draft.day(task.due_on))
