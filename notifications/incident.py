"""The letter about what cannot go on without a person: what stands still, and what to do."""

from notifications import words as w
from notifications.blocks import Letter, Paragraph, Row, Section
from notifications.digest import finish
from notifications.incident_words import IncidentWords, incident_words
from notifications.parts import Draft, capital
from workflow.core.mail import MailIncident

__all__ = ["compose_incident"]


def compose_incident(draft: Draft) -> Letter:
    """Write that something stands still; an unknown kind is told in general words."""
    facts, voice = draft.facts, draft.voice
    if len(facts.incidents) > 1:
        return _several(draft)
    one = facts.incidents[0] if facts.incidents else _from_facts(draft)
    told = incident_words(one, voice)
    # Case titles mostly end with the unit's name, which is what the subject has room for.
    subject = one.unit or ("" if facts.case_is_round else one.case_title) or one.person
    since = one.since or facts.today
    return finish(
        draft,
        subject=draft.subject(subject, f"{told.short}, {draft.day(since)}"),
        preheader=told.step,
        heading=told.heading,
        blocks=(
            Paragraph(" ".join(filter(None, (draft.hello(told.what), _before(draft, told))))),
            Paragraph(told.step),
            Paragraph(voice.say(w.BY_COMMAND, command=told.command)),
            *draft.own_text(),
            *((draft.open_case(one.case, one.case_title),) if one.case else ()),
            *(draft.table(task) for task in facts.tasks[:1]),
            draft.table_of(
                w.CASE_TABLE,
                (w.L_ROUND, facts.round_title),
                (w.L_CASE, one.case_title),
                (w.L_UNIT, one.unit),
                (w.L_ROLE, one.role),
                (w.L_PERSON, one.person),
                (w.L_ADDRESS, one.address),
                (w.L_STATE, facts.stands if one.case else ""),
                (w.L_SINCE, draft.day(since)),
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
    since = first.since or facts.today
    return finish(
        draft,
        subject=draft.subject("", f"{short}, {draft.day(since)}"),
        preheader=incident_words(first, voice).heading,
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
    told = incident_words(incident, draft.voice)
    lines = (
        f"{told.heading}." if incident.case_title else "",
        told.answer,
        told.step,
        draft.voice.say(w.BY_COMMAND, command=told.command),
    )
    return Row(
        day=draft.day(incident.since or draft.facts.today),
        distance="",
        tone="late",
        title=incident.case_title or told.heading,
        url=draft.url(incident.case) if incident.case else "",
        lines=tuple(filter(None, lines)),
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


def _before(draft: Draft, told: IncidentWords) -> str:
    """Say what is known: the other side's answer, or the step before."""
    facts, say = draft.facts, draft.voice.say
    if told.answer:
        return say(w.THE_ANSWER, happened=told.answer)
    return say(w.BEFORE_THIS, happened=facts.happened, by=facts.by) if facts.by else ""
