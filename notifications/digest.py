"""The reminder: everything that waits for one person, in the order it presses."""

from datetime import date
from operator import itemgetter

from notifications import words as w
from notifications.blocks import Block, Letter, Paragraph, Row, Section
from notifications.clean import LetterError
from notifications.parts import TITLE_LENGTH, Draft, capital
from notifications.subject import cut
from notifications.voice import Phrase
from workflow.core.mail import MailInvitation, MailTask

__all__ = ["compose_reminder", "finish"]


def finish(
    draft: Draft,
    *,
    subject: str,
    preheader: str,
    heading: str,
    blocks: tuple[Block, ...],
    footer: tuple[str, ...],
) -> Letter:
    """Put a letter together; the same for every kind."""
    return Letter(
        language=draft.voice.language,
        subject=subject.replace("\u00a0", " "),
        preheader=preheader,
        strip=draft.voice.say(w.EXERCISE) if draft.facts.rehearsal else "",
        heading=heading,
        blocks=blocks,
        footer=footer,
    )


def compose_reminder(draft: Draft) -> Letter:
    """Write the digest of a person's open tasks and invitations.

    Raises:
        LetterError: There is neither a task nor an invitation to remind of.
    """
    facts = draft.facts
    own = [task for task in facts.tasks if task.recipient == "holder"]
    if len(facts.tasks) == len(own) == 1 and not facts.invitations:
        return _one_task(draft, own[0])
    if not facts.tasks and len(facts.invitations) == 1:
        return _one_invitation(draft, facts.invitations[0])
    if not facts.tasks and not facts.invitations:
        raise LetterError("a reminder needs a task or an invitation")
    return _digest(draft, own)


def _one_task(draft: Draft, task: MailTask) -> Letter:
    voice, title, due = draft.voice, draft.title_of(task), task.due_on
    if due is None:
        tail, heading = voice.say(w.S_NO_DAY), voice.say(w.H_WAITING, title=title)
    else:
        late, day = draft.is_late(task), draft.day(due)
        tail = voice.say(w.S_LATE if late else w.S_DUE, day=day)
        heading = voice.say(w.H_WAS_DUE if late else w.H_DUE, title=title, day=day)
    lead = " ".join(
        filter(
            None,
            (
                draft.hello(voice.say(w.WAITING, title=title)),
                draft.last_day(task),
                draft.done_and_left(task),
                draft.who(task),
            ),
        )
    )
    return finish(
        draft,
        subject=draft.subject(draft.name_of(task), tail),
        preheader=draft.done_and_left(task) or draft.last_day(task),
        heading=heading,
        blocks=(
            Paragraph(lead),
            *draft.own_text(),
            draft.open(task),
            draft.table(task),
            *draft.note(voice.say(w.STOPS), draft.ask_leader(task)),
        ),
        footer=draft.footer(w.BECAUSE_TASK),
    )


def _one_invitation(draft: Draft, invitation: MailInvitation) -> Letter:
    voice = draft.voice
    title = cut(invitation.title, TITLE_LENGTH)
    days, distance = _invited_days(draft, invitation)
    when = voice.say(w.IN_MONTH, month=days) if invitation.whole_month else days
    lead = draft.hello(voice.say(w.INVITED, title=title, day=when))
    if invitation.whole_month:
        lead += " " + voice.say(w.MONTH_ONLY, month=days)
    table = draft.table_of(
        w.CASE_TABLE,
        (w.L_ROUND, invitation.round_title),
        (w.L_WHEN, ", ".join(filter(None, (days, distance)))),
    )
    return finish(
        draft,
        subject=draft.subject(invitation.title, days),
        preheader=lead,
        heading=voice.say(w.H_INVITED, title=title, day=when),
        blocks=(Paragraph(lead), *draft.own_text(), table, *draft.note()),
        footer=draft.footer(w.BECAUSE_INVITED),
    )


def _invited_days(draft: Draft, invitation: MailInvitation) -> tuple[str, str]:
    """Give an invitation's days and how far off they are."""
    voice, today = draft.voice, draft.facts.today
    if invitation.first_on < today <= invitation.last_on:
        distance = voice.say(w.UNDER_WAY)
    else:
        distance = draft.distance(invitation.first_on, invitation.working_days)
    if invitation.whole_month:
        return voice.month(invitation.first_on, today), ""
    return voice.days(invitation.first_on, invitation.last_on, today), distance


# ---- several ---------------------------------------------------------------------------


def _digest(draft: Draft, own: list[MailTask]) -> Letter:
    facts, voice = draft.facts, draft.voice
    rounds = {task.round for task in facts.tasks} | {one.round for one in facts.invitations}
    late = sum(1 for task in own if draft.is_late(task))
    week = sum(1 for task in own if _is_week(draft, task))
    return finish(
        draft,
        subject=_digest_subject(draft, late, week, len(own) - late - week, len(rounds)),
        preheader=_first(draft, own) or _digest_heading(draft, own, late),
        heading=_digest_heading(draft, own, late),
        blocks=(
            Paragraph(_digest_lead(draft, own, late, week)),
            *draft.own_text(),
            *((draft.open((own or facts.tasks)[0]),) if facts.tasks else ()),
            *_sections(draft, with_round=len(rounds) > 1),
            *draft.note(
                voice.say(w.STOPS_MANY) if facts.tasks else "",
                draft.ask_leader(own[0]) if own else "",
            ),
        ),
        footer=draft.footer(_because(draft, own), with_reference=len(rounds) == 1),
    )


def _because(draft: Draft, own: list[MailTask]) -> Phrase:
    if own:
        return w.BECAUSE_TASK if len(own) == 1 else w.BECAUSE_TASKS
    return w.BECAUSE_OTHERS if draft.facts.tasks else w.BECAUSE_INVITED


def _is_week(draft: Draft, task: MailTask) -> bool:
    due = task.due_on
    return due is not None and not draft.is_late(task) and draft.is_this_week(due)


def _digest_subject(draft: Draft, late: int, week: int, later: int, rounds: int) -> str:
    """Write round, day and how many are late and due; "2 omgångar" when there are several."""
    voice, invitations = draft.voice, len(draft.facts.invitations)
    counts = []
    if late:
        counts.append(voice.digits(w.S_LATE_COUNT, late))
    if week:
        counts.append(voice.say(w.S_WEEK_COUNT, n=str(week)))
    if later and not counts:
        counts.append(voice.say(w.S_LATER_COUNT, n=str(later)))
    if not counts:
        waiting = len(draft.facts.tasks)
        counted = w.S_OTHERS_COUNT if waiting else w.S_INVITED_COUNT
        counts.append(voice.digits(counted, waiting or invitations))
    tail = f"{draft.day(draft.facts.today)}: {', '.join(counts)}"
    if rounds > 1:
        return f"{voice.digits(w.ROUNDS, rounds)}, {tail}"
    return draft.subject("", tail, separator=", ")


def _digest_heading(draft: Draft, own: list[MailTask], late: int) -> str:
    voice = draft.voice
    if own:
        said = voice.count(w.H_TO_DO, len(own))
        return f"{said} {capital(voice.count(w.LATE_COUNT, late))}" if late else said.rstrip(".")
    if draft.facts.tasks:
        return capital(voice.count(w.H_OTHERS, len(draft.facts.tasks)))
    return voice.count(w.H_INVITATIONS, len(draft.facts.invitations))


def _digest_lead(draft: Draft, own: list[MailTask], late: int, week: int) -> str:
    voice, invitations = draft.voice, draft.facts.invitations
    if not own:
        said = w.OTHERS_LEAD if draft.facts.tasks else w.INVITATIONS_COME
        return draft.hello(voice.say(said))
    first = voice.count(w.THINGS_LATE, late) if late else voice.say(w.NOTHING_LATE)
    second = voice.count(w.THINGS_WEEK, week) if week else voice.say(w.NOTHING_WEEK)
    parts = [
        draft.hello(voice.say(w.TWO_COUNTS, first=first, second=second)),
        _first(draft, own),
        voice.count(w.INVITED_COUNT, len(invitations)) if invitations else "",
    ]
    return " ".join(filter(None, parts))


def _first(draft: Draft, own: list[MailTask]) -> str:
    """Name the thing to begin with; empty when nothing is the person's own."""
    if not own:
        return ""
    task, title = own[0], draft.title_of(own[0])
    if task.due_on is None:
        return draft.voice.say(w.FIRST_NO_DAY, title=title)
    distance = draft.distance(task.due_on, task.working_days)
    day = ", ".join(filter(None, (draft.day(task.due_on), distance)))
    return draft.voice.say(w.FIRST, title=title, day=day)


def _sections(draft: Draft, *, with_round: bool) -> tuple[Section, ...]:
    """Sort tasks and invitations under late, this week, later and without a date."""
    found: dict[Phrase, list[tuple[date, Row]]] = {
        w.SECTION_LATE: [],
        w.SECTION_WEEK: [],
        w.SECTION_LATER: [],
        w.SECTION_NO_DAY: [],
        w.SECTION_OTHERS: [],
    }
    for task in draft.facts.tasks:
        row = draft.row(task, with_round=with_round)
        found[_section(draft, task)].append((task.due_on or date.max, row))
    for invitation in draft.facts.invitations:
        soon = draft.is_this_week(invitation.first_on) and not invitation.whole_month
        row = _invitation_row(draft, invitation, with_round=with_round)
        found[w.SECTION_WEEK if soon else w.SECTION_LATER].append((invitation.first_on, row))
    return tuple(
        # Sorted by day alone: things of the same day keep the order they came in.
        Section(draft.voice.say(heading), tuple(row for _, row in sorted(rows, key=itemgetter(0))))
        for heading, rows in found.items()
        if rows
    )


def _section(draft: Draft, task: MailTask) -> Phrase:
    if task.recipient != "holder":
        return w.SECTION_OTHERS
    if task.due_on is None:
        return w.SECTION_NO_DAY
    if draft.is_late(task):
        return w.SECTION_LATE
    return w.SECTION_WEEK if draft.is_this_week(task.due_on) else w.SECTION_LATER


def _invitation_row(draft: Draft, invitation: MailInvitation, *, with_round: bool) -> Row:
    voice = draft.voice
    days, distance = _invited_days(draft, invitation)
    line = voice.say(w.INVITATION)
    if invitation.whole_month:
        line += " " + voice.say(w.MONTH_ONLY, month=days)
    return Row(
        day=days,
        distance=distance,
        tone=draft.tone(max(invitation.first_on, draft.facts.today)) if distance else "plain",
        title=invitation.title,
        url="",
        lines=(invitation.round_title, line) if with_round else (line,),
    )
