"""The letter about what cannot go on without a person: what stands still, and what to do."""

from notifications import words as w
from notifications.blocks import Letter, Paragraph
from notifications.digest import finish
from notifications.parts import TITLE_LENGTH, Draft, capital
from notifications.subject import cut
from workflow.core.facts import IncidentKind

__all__ = ["compose_incident"]


def compose_incident(draft: Draft) -> Letter:
    """Write that something stands still; an unknown kind is told in general words."""
    facts, voice = draft.facts, draft.voice
    heading, what, step = _words(draft)
    told = voice.say(w.THE_ANSWER, happened=facts.happened) if facts.happened else ""
    lead = " ".join(filter(None, (draft.hello(what), told)))
    # Case titles mostly end with the unit's name, which is what the subject has room for.
    subject = facts.incident_unit or facts.case_title
    return finish(
        draft,
        subject=draft.subject(subject, f"{_short(draft)}, {draft.day(facts.today)}"),
        preheader=step,
        heading=heading,
        blocks=(
            Paragraph(lead),
            Paragraph(step),
            *draft.comment(),
            *draft.own_text(),
            *((draft.open_case(facts.case, facts.case_title),) if facts.case else ()),
            *(draft.table(task) for task in facts.tasks[:1]),
            draft.table_of(
                w.CASE_TABLE,
                (w.L_ROUND, facts.round_title),
                (w.L_CASE, facts.case_title),
                (w.L_UNIT, facts.incident_unit),
                (w.L_ROLE, facts.incident_role),
                (w.L_STATE, facts.stands),
                (w.L_SINCE, draft.day(facts.today)),
            ),
            *draft.note(voice.say(w.TOLD_ONCE)),
        ),
        footer=draft.footer(w.BECAUSE_INCIDENT),
    )


def _words(draft: Draft) -> tuple[str, str, str]:
    """Give the heading, what has happened, and what to do about it."""
    facts, say = draft.facts, draft.voice.say
    title = cut(facts.case_title, TITLE_LENGTH) or say(w.THE_CASE)
    role = cut(facts.incident_role, TITLE_LENGTH) or say(w.SOMEBODY)
    unit = cut(facts.incident_unit, TITLE_LENGTH) or say(w.THE_UNIT)
    match facts.incident:
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


def _short(draft: Draft) -> str:
    """Say in the subject what is wrong."""
    facts, say = draft.facts, draft.voice.say
    match facts.incident:
        case IncidentKind.NO_HOLDER:
            return say(w.S_NO_HOLDER)
        case IncidentKind.NOBODY_LEFT:
            return say(w.S_NOBODY_LEFT)
        case IncidentKind.MAIL:
            return say(w.S_MAIL)
        case _:
            return say(w.S_STOPPED)
