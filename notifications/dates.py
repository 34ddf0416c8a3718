"""Letters about days that have changed: moved with the plan, or for one task alone."""

from dataclasses import replace

from notifications import date_words as d
from notifications import words as w
from notifications.blocks import Block, Letter, Numbered, Paragraph, Row, Section
from notifications.clean import LetterError
from notifications.digest import finish
from notifications.parts import TITLE_LENGTH, Draft, capital
from notifications.subject import cut
from workflow.core.mail import MailMilestone, MailTask

__all__ = ["compose_dates", "compose_extension", "moved_rows", "was_row"]


# ---- moved with the plan ---------------------------------------------------------------


def compose_dates(draft: Draft) -> Letter:
    """Write which days are others now, from which to which, and why.

    Raises:
        LetterError: Nothing was moved.
    """
    tasks = draft.facts.tasks
    if not tasks and not draft.facts.milestones:
        raise LetterError("a mail about moved dates needs something that was moved")
    if not tasks:
        return _invited(draft, draft.facts.milestones[0])
    return _one(draft, tasks[0]) if len(tasks) == 1 else _many(draft)


def _one(draft: Draft, task: MailTask) -> Letter:
    voice, day = draft.voice, _day(draft, task)
    title = draft.title_of(task)
    distance = draft.distance(task.due_on, task.working_days, ago=True) if task.due_on else ""
    new = voice.say(d.NEW_DAY, title=title, day=day, distance=f", {distance}" if distance else "")
    lead = _sentences(draft.hello(new), _was(draft, task), draft.rolled(task), _by(draft))
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), voice.say(d.S_NEW_DAY, day=day)),
        preheader=capital(new),
        heading=voice.say(d.H_NEW_DAY, title=title, day=day),
        blocks=(
            Paragraph(lead),
            *draft.comment(),
            draft.open(task),
            *moved_rows(draft),
            draft.table(task),
            *draft.note(
                voice.say(d.ALREADY_OVER if draft.is_late(task) else d.NEW_REMINDERS),
                draft.ask_leader(task),
            ),
        ),
        footer=draft.footer(d.BECAUSE_DATES),
    )


def _many(draft: Draft) -> Letter:
    voice, tasks = draft.voice, draft.facts.tasks
    heading = capital(voice.count(d.H_NEW_DAYS, len(tasks)))
    rows = tuple(was_row(draft, task) for task in tasks)
    tail = f"{draft.day(draft.facts.today)}: {voice.digits(d.S_NEW_DAYS, len(tasks))}"
    return finish(
        draft,
        subject=draft.subject("", tail, separator=", "),
        preheader=heading,
        heading=heading,
        blocks=(
            Paragraph(_sentences(draft.hello(voice.say(d.NEW_DAYS)), _by(draft))),
            *draft.comment(),
            draft.open(tasks[0]),
            Section(voice.say(d.SECTION_YOURS), rows),
            *moved_rows(draft),
            *draft.note(voice.say(d.NEW_REMINDERS), draft.ask_leader(tasks[0])),
        ),
        footer=draft.footer(d.BECAUSE_DATES),
    )


def _invited(draft: Draft, milestone: MailMilestone) -> Letter:
    voice = draft.voice
    title = cut(milestone.title, TITLE_LENGTH)
    day = draft.day(milestone.to_on) if milestone.to_on else voice.say(w.NO_DAY)
    said = voice.say(d.YOU_WERE_INVITED, title=title, day=day)
    was = voice.say(d.IT_WAS, day=draft.day(milestone.from_on)) if milestone.from_on else ""
    return finish(
        draft,
        subject=draft.subject(milestone.title, voice.say(d.S_MOVED, day=day)),
        preheader=capital(said),
        heading=voice.say(d.H_MOVED, title=title, day=day),
        blocks=(
            Paragraph(_sentences(draft.hello(said), was, _by(draft))),
            *draft.comment(),
            *(moved_rows(draft) if len(draft.facts.milestones) > 1 else ()),
            *draft.note(),
        ),
        footer=draft.footer(d.BECAUSE_DATES),
    )


def was_row(draft: Draft, task: MailTask) -> Row:
    """Make a task's row, with the day it had."""
    plain = draft.row(task, with_round=False)
    return Row(
        day=plain.day,
        distance=plain.distance,
        tone=plain.tone,
        title=plain.title,
        url=plain.url,
        lines=(_was(draft, task), *plain.lines),
    )


def _was(draft: Draft, task: MailTask) -> str:
    if task.earlier_on is None:
        return draft.voice.say(d.THERE_WAS_NONE)
    return draft.voice.say(d.IT_WAS, day=draft.day(task.earlier_on))


def _by(draft: Draft) -> str:
    return draft.voice.say(d.MOVED_BY, by=draft.facts.by) if draft.facts.by else ""


def moved_rows(draft: Draft) -> tuple[Block, ...]:
    """List the milestones that were moved."""
    rows = []
    for one in draft.facts.milestones:
        line = draft.voice.say(d.IT_WAS, day=draft.day(one.from_on)) if one.from_on else ""
        rows.append(
            Row(
                day=draft.day(one.to_on) if one.to_on else draft.voice.say(w.NO_DAY),
                distance="",
                tone="plain",
                title=one.title,
                url="",
                lines=(line or draft.voice.say(d.THERE_WAS_NONE),),
            )
        )
    return (Section(draft.voice.say(d.SECTION_MOVED), tuple(rows)),) if rows else ()


def _day(draft: Draft, task: MailTask) -> str:
    return draft.day(task.due_on) if task.due_on else draft.voice.say(w.NO_DAY)


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))


# ---- extensions ------------------------------------------------------------------------


def compose_extension(draft: Draft) -> Letter:
    """Write that more days were asked for, granted or refused.

    Raises:
        LetterError: The facts lack the task, the day, or what is told of it.
    """
    facts = draft.facts
    if not facts.tasks or facts.until_on is None:
        raise LetterError("a mail about an extension needs its task and its day")
    task, day = facts.tasks[0], draft.day(facts.until_on)
    match facts.extension:
        case "asked":
            return _asked(draft, task, day)
        case "granted":
            return _granted(draft, task, day)
        case "refused":
            return _refused(draft, task, day)
        case other:
            raise LetterError(f"nothing is known of an extension that is {other!r}")


def _asked(draft: Draft, task: MailTask, day: str) -> Letter:
    voice, title = draft.voice, draft.title_of(task)
    by = draft.facts.by or voice.say(d.SOMEBODY)
    wished = voice.say(d.ASKED_FOR, day=day)
    lead = draft.hello(voice.say(d.ASKED, by=by, title=title))
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), voice.say(d.S_ASKED, day=day)),
        preheader=wished,
        heading=voice.say(d.H_ASKED, by=by, day=day),
        blocks=(
            Paragraph(_sentences(lead, draft.last_day(task), wished)),
            *draft.comment(),
            Numbered(voice.say(w.YOU_CAN), (voice.say(d.GIVE, day=day), voice.say(d.SAY_NO))),
            draft.button(voice.say(d.ANSWER), task.case),
            draft.table(task),
            *draft.note(voice.say(d.UNTIL_THEN, day=_day(draft, task)), voice.say(w.SILENCE)),
        ),
        footer=draft.footer(d.BECAUSE_ABOVE),
    )


def _granted(draft: Draft, task: MailTask, day: str) -> Letter:
    voice, title, by = draft.voice, draft.title_of(task), draft.facts.by
    said = voice.say(d.GRANTED_BY if by else d.GRANTED, by=by, title=title)
    plain = replace(task, extended_on=None)  # it is said already
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), voice.say(d.S_GRANTED, day=day)),
        preheader=draft.last_day(plain),
        heading=voice.say(d.H_GRANTED, title=title, day=day),
        blocks=(
            Paragraph(_sentences(draft.hello(said), draft.last_day(plain))),
            *draft.comment(),
            draft.open(task),
            draft.table(task),
            *draft.note(voice.say(d.NEW_REMINDERS)),
        ),
        footer=draft.footer(w.BECAUSE_TASK),
    )


def _refused(draft: Draft, task: MailTask, day: str) -> Letter:
    voice, title, by = draft.voice, draft.title_of(task), draft.facts.by
    said = voice.say(d.REFUSED_BY if by else d.REFUSED, by=by, title=title, day=day)
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), voice.say(d.S_REFUSED, day=_day(draft, task))),
        preheader=draft.last_day(task),
        heading=voice.say(d.H_REFUSED, title=title),
        blocks=(
            Paragraph(_sentences(draft.hello(said), draft.last_day(task))),
            *draft.comment(),
            draft.open(task),
            draft.table(task),
            *draft.note(voice.say(d.STAYS)),
        ),
        footer=draft.footer(w.BECAUSE_TASK),
    )
