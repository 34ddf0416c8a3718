"""Letters about a round that rests, and about one that goes on again."""

from notifications import pause_words as p
from notifications.blocks import Block, Letter, Paragraph, Section
from notifications.clean import LetterError
from notifications.dates import moved_rows, was_row
from notifications.digest import finish
from notifications.parts import TITLE_LENGTH, Draft, capital
from notifications.subject import cut
from notifications.voice import Phrase

__all__ = ["compose_pause"]


def compose_pause(draft: Draft) -> Letter:
    """Write that a round rests, or goes on with which days.

    Raises:
        LetterError: The facts do not say which.
    """
    match draft.facts.pause:
        case "paused":
            return _paused(draft)
        case "resumed":
            return _resumed(draft)
        case other:
            raise LetterError(f"nothing is known of a pause that is {other!r}")


def _paused(draft: Draft) -> Letter:
    said = _say(draft, p.PAUSED)
    return finish(
        draft,
        subject=draft.subject("", draft.voice.say(p.S_PAUSED), separator=", "),
        preheader=capital(said),
        heading=capital(_say(draft, p.H_PAUSED)),
        blocks=(
            Paragraph(_sentences(draft.hello(said), _by(draft, p.PAUSED_BY))),
            *draft.comment(),
            *_tasks(draft),
            *draft.note(draft.voice.say(p.MEANWHILE), draft.voice.say(p.AGAIN)),
        ),
        footer=draft.footer(p.BECAUSE),
    )


def _resumed(draft: Draft) -> Letter:
    facts, voice = draft.facts, draft.voice
    said = _say(draft, p.RESUMED)
    days = facts.rested
    how = voice.digits(p.MOVED, days) if days else voice.say(p.STAND)
    return finish(
        draft,
        subject=draft.subject("", voice.say(p.S_RESUMED), separator=", "),
        preheader=how,
        heading=capital(_say(draft, p.H_RESUMED)),
        blocks=(
            Paragraph(_sentences(draft.hello(said), _by(draft, p.RESUMED_BY), how)),
            *draft.comment(),
            *_tasks(draft),
            *moved_rows(draft),
            *draft.note(voice.say(p.NEW_REMINDERS)),
        ),
        footer=draft.footer(p.BECAUSE),
    )


def _tasks(draft: Draft) -> tuple[Block, ...]:
    """List what the person owes, with the day it had where that is another now."""
    tasks = draft.facts.tasks
    if not tasks:
        return ()
    rows = tuple(
        was_row(draft, one)
        if draft.facts.pause == "resumed" and one.earlier_on != one.due_on
        else draft.row(one, with_round=False)
        for one in tasks
    )
    return (draft.open(tasks[0]), Section(draft.voice.say(p.SECTION_YOURS), rows))


def _say(draft: Draft, phrase: Phrase) -> str:
    return draft.voice.say(phrase, title=cut(draft.facts.round_title, TITLE_LENGTH))


def _by(draft: Draft, phrase: Phrase) -> str:
    return draft.voice.say(phrase, by=draft.facts.by) if draft.facts.by else ""


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))
