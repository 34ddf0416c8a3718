"""The letter about what cannot go on without a person: what stands still, and what to do."""

from notifications import words as w
from notifications.blocks import Letter, Paragraph, Row, Section
from notifications.digest import finish
from notifications.parts import TITLE_LENGTH, Draft, capital
from notifications.subject import cut
from workflow.core.facts import IncidentKind
from workflow.core.mail import MailIncident

__all__ = ["compose_incident"]


def compose_incident(draft: Draft) -> Letter:
    """Write that something stands still; an unknown kind is told in general words."""
    facts, voice = draft.facts, draft.voice
    if len(facts.incidents) > 1:
        return _several(draft)
    one = facts.incidents[0] if facts.incidents else _from_facts(draft)
    heading, what, step = _words(draft, one)
    # Case titles mostly end with the unit's name, which is what the subject has room for.
    subject = one.unit or ("" if facts.case_is_round else one.case_title)
    return finish(
        draft,
        subject=draft.subject(subject, f"{_short(draft, one)}, {draft.day(facts.today)}"),
        preheader=step,
        heading=heading,
        blocks=(
            Paragraph(" ".join(filter(None, (draft.hello(what), _before(draft, one))))),
            Paragraph(step),
            *draft.own_text(),
            *((draft.open_case(one.case, one.case_title),) if one.case else ()),
            *(draft.table(task) for task in facts.tasks[:1]),
            draft.table_of(
                w.CASE_TABLE,
                (w.L_ROUND, facts.round_title),
                (w.L_CASE, one.case_title),
                (w.L_UNIT, one.unit),
                (w.L_ROLE, one.role),
                (w.L_STATE, facts.stands),
                (w.L_SINCE, draft.day(facts.today)),
            ),
            *draft.note(voice.say(w.TOLD_ONCE)),
        ),
        footer=draft.footer(w.BECAUSE_INCIDENT),
    )


def _several(draft: Draft) -> Letter:
    facts, voice = draft.facts, draft.voice
    n = voice.number(len(facts.incidents))
    first = facts.incidents[0]
    short = voice.say(w.S_INCIDENTS, n=n)
    return finish(
        draft,
        subject=draft.subject("", f"{short}, {draft.day(facts.today)}"),
        preheader=_words(draft, first)[0],
        heading=capital(voice.say(w.H_INCIDENTS, n=n)),
        blocks=(
            Paragraph(draft.hello(voice.say(w.INCIDENTS))),
            *((draft.open_case(first.case, first.case_title),) if first.case else ()),
            Section(
                voice.say(w.SECTION_INCIDENTS), tuple(_row(draft, one) for one in facts.incidents)
            ),
            *draft.note(voice.say(w.TOLD_ONCE)),
        ),
        footer=draft.footer(w.BECAUSE_INCIDENT),
    )


def _row(draft: Draft, incident: MailIncident) -> Row:
    heading, _, step = _words(draft, incident)
    return Row(
        day=draft.day(draft.facts.today),
        distance="",
        tone="late",
        title=incident.case_title or heading,
        url=draft.url(incident.case) if incident.case else "",
        lines=(f"{heading}.", step) if incident.case_title else (step,),
    )


def _from_facts(draft: Draft) -> MailIncident:
    """Read the one incident that the facts' own fields tell of."""
    facts = draft.facts
    return MailIncident(
        kind=facts.incident,
        case=facts.case,
        case_title=draft.case_title(),
        role=facts.incident_role,
        unit=facts.incident_unit,
    )


def _before(draft: Draft, incident: MailIncident) -> str:
    """Say what is known: a mail server's answer, or the step before."""
    facts, say = draft.facts, draft.voice.say
    if not facts.happened:
        return ""
    if incident.kind == IncidentKind.MAIL:
        return say(w.THE_ANSWER, happened=facts.happened)
    return say(w.BEFORE_THIS, happened=facts.happened, by=facts.by) if facts.by else ""


def _words(draft: Draft, incident: MailIncident) -> tuple[str, str, str]:
    """Give the heading, what has happened, and what to do about it."""
    say = draft.voice.say
    title = cut(incident.case_title, TITLE_LENGTH) or say(w.THE_CASE)
    role = cut(incident.role, TITLE_LENGTH) or say(w.SOMEBODY)
    unit = cut(incident.unit, TITLE_LENGTH) or say(w.THE_UNIT)
    match incident.kind:
        case IncidentKind.NO_HOLDER:
            return (
                say(w.H_NO_HOLDER, role=role, unit=unit),
                say(w.NO_HOLDER, title=title, role=role, unit=unit),
                say(w.DO_APPOINT, role=role, unit=unit),
            )
        case IncidentKind.NOBODY_LEFT:
            heading = say(w.H_NOBODY_LEFT, title=title)
            return heading, say(w.NOBODY_LEFT), say(w.DO_APPOINT_OTHER)
        case IncidentKind.NOTHING_TO_WAIT_FOR:
            heading = capital(say(w.H_NOTHING, title=title))
            return heading, say(w.NOTHING, title=title), say(w.DO_ADD)
        case IncidentKind.MAIL:
            return say(w.H_MAIL), say(w.MAIL, title=title), say(w.DO_CORRECT)
        case _:
            heading = capital(say(w.H_STOPPED, title=title))
            return heading, say(w.STOPPED, title=title), say(w.DO_LOOK)


def _short(draft: Draft, incident: MailIncident) -> str:
    """Say in the subject what is wrong."""
    say = draft.voice.say
    match incident.kind:
        case IncidentKind.NO_HOLDER:
            return say(w.S_NO_HOLDER)
        case IncidentKind.NOBODY_LEFT:
            return say(w.S_NOBODY_LEFT)
        case IncidentKind.MAIL:
            return say(w.S_MAIL)
        case _:
            return say(w.S_STOPPED)
