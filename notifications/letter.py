"""From facts to a letter: which words, in which order, for which kind of message.

A letter is a list of blocks. `notifications.render` makes both the text and the
HTML of a mail from it, so they say the same.
"""

from typing import assert_never

from notifications import words as w
from notifications.blocks import Block, Letter, Numbered, Paragraph, Section
from notifications.checkpoint import compose_checkpoint
from notifications.clean import LetterError, clean_facts
from notifications.comments import compose_comments
from notifications.dates import compose_dates, compose_extension
from notifications.digest import compose_reminder, finish
from notifications.fates import fate_blocks
from notifications.incident import compose_incident
from notifications.left import compose_left
from notifications.nudge import compose_nudge
from notifications.parts import TITLE_LENGTH, Draft, capital
from notifications.pause import compose_pause
from notifications.reports import report_blocks
from notifications.subject import cut
from workflow.core.facts import MessageKind
from workflow.core.mail import MailFacts, MailTask

__all__ = ["Letter", "LetterError", "compose_letter"]

STANDS_LENGTH = 22
"""Where a state is cut in a subject, so that the round, the case and the day have room."""


def compose_letter(facts: MailFacts, base_url: str) -> Letter:  # noqa: PLR0911, PLR0912 - one a kind
    """Find the words for one message.

    `base_url` is where people reach the pages; links are the base URL, `/arenden/`
    and the case's id. Equal facts give equal letters.

    Raises:
        LetterError: The facts lack what the kind must tell, or the base URL is none.
    """
    draft = Draft.of(clean_facts(facts), base_url)
    match facts.kind:
        case MessageKind.REMINDER:
            return compose_reminder(draft)
        case MessageKind.ESCALATION:
            return _escalation(draft)
        case MessageKind.ASSIGNMENT:
            return _assignment(draft, _the_task(draft))
        case MessageKind.RETURNED:
            return _returned(draft, _the_task(draft))
        case MessageKind.DECISION:
            return _decision(draft)
        case MessageKind.INCIDENT:
            return compose_incident(draft)
        case MessageKind.DATES:
            return compose_dates(draft)
        case MessageKind.EXTENSION:
            return compose_extension(draft)
        case MessageKind.NUDGE:
            return compose_nudge(draft)
        case MessageKind.COMMENT:
            return compose_comments(draft)
        case MessageKind.PAUSE:
            return compose_pause(draft)
        case MessageKind.LEFT:
            return compose_left(draft)
        case MessageKind.CHECKPOINT:
            return compose_checkpoint(draft)
        case _:
            assert_never(facts.kind)


def _the_task(draft: Draft) -> MailTask:
    if not draft.facts.tasks:
        raise LetterError(f"a mail of the kind {draft.facts.kind} needs the task it is about")
    return draft.facts.tasks[0]


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))


# ---- escalation ------------------------------------------------------------------------


def _escalation(draft: Draft) -> Letter:
    task, voice = _the_task(draft), draft.voice
    why = voice.say(w.WHY_LEADER if task.recipient == "leader" else w.WHY_SUPERIOR)
    tasks = draft.facts.tasks
    if len(tasks) == 1:
        subject, heading = _escalation_head(draft, task)
        lead = _sentences(
            draft.hello(draft.who(task) if task.owed_by else voice.say(w.HELLO_NOBODY_HAS_IT)),
            draft.last_day(task),
            draft.done_and_left(task),
            why,
        )
        shown: tuple[Block, ...] = (draft.table(task),)
    else:
        late = sum(1 for one in tasks if draft.is_late(one))
        counted = w.H_OTHERS_LATE if late == len(tasks) else w.H_OTHERS
        heading = capital(voice.count(counted, len(tasks)))
        subject = _many_subject(draft, late)
        lead = _sentences(draft.hello(voice.say(w.OTHERS_LEAD)), why)
        rounds = {one.round for one in tasks}
        rows = tuple(draft.row(one, with_round=len(rounds) > 1) for one in tasks)
        shown = (Section(voice.say(w.SECTION_OTHERS), rows),)
    return finish(
        draft,
        subject=subject,
        preheader=draft.who(task),
        heading=heading,
        blocks=(
            Paragraph(lead),
            *draft.own_text(),
            Numbered(voice.say(w.YOU_CAN), _ways_out(draft, task)),
            draft.open(task),
            *shown,
            *draft.note(voice.say(w.STOPS), voice.say(w.SILENCE)),
        ),
        footer=draft.footer(w.BECAUSE_OTHERS),
    )


def _escalation_head(draft: Draft, task: MailTask) -> tuple[str, str]:
    """Give subject and heading of an escalation of one task."""
    voice, title = draft.voice, draft.title_of(task)
    if task.due_on is None:
        subject = draft.subject(draft.name_of(task), voice.say(w.S_NO_DAY))
        return subject, voice.say(w.H_WAITING_OTHERS, title=title)
    late, day = draft.is_late(task), draft.day(task.due_on)
    subject = draft.subject(draft.name_of(task), voice.say(w.S_LATE if late else w.S_DUE, day=day))
    return subject, voice.say(w.H_WAS_DUE if late else w.H_DUE, title=title, day=day)


def _many_subject(draft: Draft, late: int) -> str:
    voice, tasks = draft.voice, draft.facts.tasks
    counted, n = (w.S_LATE_COUNT, late) if late else (w.S_OTHERS_COUNT, len(tasks))
    tail = f"{draft.day(draft.facts.today)}: {voice.digits(counted, n)}"
    rounds = len({one.round for one in tasks})
    if rounds > 1:
        return f"{voice.digits(w.ROUNDS, rounds)}, {tail}"
    return draft.subject("", tail, separator=", ")


def _ways_out(draft: Draft, task: MailTask) -> tuple[str, ...]:
    """Say what the reader can do; the leader does what others ask the leader for."""
    voice, leader = draft.voice, draft.leader()
    leads = task.recipient == "leader" or not leader
    if not task.owed_by:
        appoint = voice.say(w.APPOINT_YOURSELF if leads else w.APPOINT, leader=leader)
        first = appoint
    elif len(draft.facts.tasks) > 1:
        first = voice.say(w.TALK_ALL)
    else:
        first = voice.say(w.TALK, names=voice.names(task.owed_by))
    time = w.MORE_TIME_LEADER if task.recipient == "leader" else w.MORE_TIME
    other = w.SOMEBODY_ELSE_YOURSELF if leads else w.SOMEBODY_ELSE
    ways = [first, voice.say(time)]
    if task.owed_by:
        ways.append(voice.say(other, leader=leader))
    return tuple(ways)


# ---- assignment and return -------------------------------------------------------------


def _assignment(draft: Draft, task: MailTask) -> Letter:
    facts, voice, title = draft.facts, draft.voice, draft.title_of(task)
    if task.due_on is None:
        tail, heading = voice.say(w.S_NEW_NO_DAY), voice.say(w.H_WAITING, title=title)
    elif draft.is_late(task):
        day = draft.day(task.due_on)
        tail, heading = voice.say(w.S_NEW_LATE, day=day), voice.say(w.H_WAITING, title=title)
    else:
        day = draft.day(task.due_on)
        tail, heading = voice.say(w.S_NEW, day=day), voice.say(w.H_NEW, title=title, day=day)
    new = w.NEW_TASK if task.round_title else w.NEW_TASK_NO_ROUND
    before = ""
    if facts.happened and facts.by:
        before = voice.say(w.BEFORE_THIS, happened=facts.happened, by=facts.by)
    lead = _sentences(
        draft.hello(voice.say(new, round=task.round_title)),
        draft.last_day(task),
        before,
        draft.who(task),
    )
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), tail),
        preheader=draft.last_day(task),
        heading=heading,
        blocks=(
            Paragraph(lead),
            *draft.comment(),
            *draft.own_text(),
            *draft.response(),
            draft.open(task),
            draft.table(task),
            *draft.note(voice.say(w.REMINDED) if task.due_on else "", draft.ask_leader(task)),
        ),
        footer=draft.footer(w.BECAUSE_TASK if task.recipient == "holder" else w.BECAUSE_OTHERS),
    )


def _returned(draft: Draft, task: MailTask) -> Letter:
    facts, voice, title = draft.facts, draft.voice, draft.title_of(task)
    asked = len(facts.questions)
    back = voice.say(w.BACK_BY if facts.by else w.BACK, title=title, by=facts.by)
    lead = _sentences(
        draft.hello(back),
        capital(voice.count(w.BACK_QUESTIONS, asked)) if asked else "",
        draft.last_day(task),
        draft.stands_in(task.stands_in_for),
    )
    button = draft.open(task)
    if asked:
        answer = voice.say(w.ANSWER_ONE if asked == 1 else w.ANSWER)
        button = draft.button(answer, task.case)
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), _returned_tail(draft, task, asked)),
        preheader=facts.questions[0] if asked else draft.last_day(task),
        heading=capital(voice.count(w.H_QUESTIONS, asked, title=title))
        if asked
        else voice.say(w.H_BACK, title=title),
        blocks=(
            Paragraph(lead),
            *draft.comment(),
            *((Numbered("", facts.questions),) if asked else ()),
            *draft.own_text(),
            button,
            draft.table(task),
            *draft.note(voice.say(w.KEPT), draft.ask_leader(task)),
        ),
        footer=draft.footer(w.BECAUSE_TASK),
    )


def _returned_tail(draft: Draft, task: MailTask, asked: int) -> str:
    voice, due = draft.voice, task.due_on
    if due is None:
        return voice.count(w.S_QUESTIONS_NO_DAY, asked) if asked else voice.say(w.S_BACK_NO_DAY)
    day = draft.day(due)
    return voice.count(w.S_QUESTIONS, asked, day=day) if asked else voice.say(w.S_BACK, day=day)


# ---- decision --------------------------------------------------------------------------


def _decision(draft: Draft) -> Letter:
    facts, voice = draft.facts, draft.voice
    title = cut(draft.case_title(), TITLE_LENGTH) or capital(voice.say(w.THE_CASE))
    stands, told = facts.stands, facts.stands or facts.happened
    heading = voice.say(w.H_STANDS, title=title, stands=told)
    if not told:
        heading = voice.say(w.H_MOVED, title=title)
    lead = _sentences(
        draft.hello(_step(draft)),
        voice.say(w.NOW_STANDS, stands=stands) if stands else "",
    )
    about = "" if facts.case_is_round else title
    fates = fate_blocks(draft)
    way_there = (draft.open_case(facts.case, draft.case_title()),) if facts.case else ()
    short = ", ".join(filter(None, (cut(told, STANDS_LENGTH), draft.day(facts.today))))
    return finish(
        draft,
        subject=draft.subject(about, short),
        preheader=voice.say(w.NOW_STANDS, stands=stands) if stands else heading,
        heading=heading,
        blocks=(
            Paragraph(lead),
            *draft.comment(),
            *draft.own_text(),
            *draft.response(),
            *report_blocks(draft),
            *(fates or way_there),
            draft.table_of(
                w.CASE_TABLE,
                (w.L_ROUND, facts.round_title),
                (w.L_CASE, about),
                (w.L_STEP, facts.happened),
                (w.L_BY, facts.by),
                (w.L_HOW, "" if facts.by else voice.say(w.BY_ITSELF)),
                (w.L_WHEN, draft.day(facts.today)),
                (w.L_STATE, stands),
            ),
            *draft.note(voice.say(w.NOTHING_TO_DO)),
        ),
        footer=draft.footer(w.BECAUSE_TOLD),
    )


def _step(draft: Draft) -> str:
    """Say which step was taken, and by whom."""
    facts, voice = draft.facts, draft.voice
    if facts.happened and facts.by:
        return voice.say(w.STEP_BY, by=facts.by, happened=facts.happened)
    if facts.happened:
        return voice.say(w.STEP, happened=facts.happened)
    new = w.IT_HAPPENED if facts.round_title else w.IT_HAPPENED_NO_ROUND
    return voice.say(new, round=facts.round_title)
