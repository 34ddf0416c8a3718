"""What stands still, in words: for the mail to those who lead, and for the list of incidents.

One place for both, so that the list says what the mail said.
"""

from dataclasses import dataclass

from notifications import words as w
from notifications.clean import clean
from notifications.parts import TITLE_LENGTH, capital
from notifications.subject import cut
from notifications.voice import Phrase, Voice
from workflow.core.facts import IncidentKind
from workflow.core.mail import MailIncident

__all__ = ["IncidentWords", "incident_words"]

ANSWER_LENGTH = 300
"""Characters of the other side's answer that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWords:
    """An incident, told."""

    who: str
    """Whom or what it concerns: a person, a role at a unit, a case, the mail server."""
    short: str
    """For the end of a subject line."""
    heading: str
    what: str
    """What has happened; begins in lower case where a greeting may stand before it."""
    answer: str
    """What the other side said; empty when nobody said anything."""
    step: str
    """What to do next."""
    command: str
    """The command for it, with capitals for what is to be filled in."""

    @property
    def sentence(self) -> str:
        """What has happened, as a sentence of its own."""
        return capital(self.what)


@dataclass(frozen=True, slots=True)
class _Pattern:
    who: Phrase
    short: Phrase
    heading: Phrase
    what: Phrase
    step: Phrase
    command: Phrase


PATTERNS = {
    IncidentKind.NO_HOLDER: _Pattern(
        w.ROLE_AT_UNIT, w.S_NO_HOLDER, w.H_NO_HOLDER, w.NO_HOLDER, w.DO_APPOINT, w.C_IMPORT
    ),
    IncidentKind.NOBODY_LEFT: _Pattern(
        w.ROLE_AT_UNIT,
        w.S_NOBODY_LEFT,
        w.H_NOBODY_LEFT,
        w.NOBODY_LEFT,
        w.DO_APPOINT_OTHER,
        w.C_IMPORT,
    ),
    IncidentKind.NOTHING_TO_WAIT_FOR: _Pattern(
        w.ITS_TITLE, w.S_STOPPED, w.H_NOTHING, w.NOTHING, w.DO_ADD, w.C_ADD
    ),
    IncidentKind.MAIL: _Pattern(w.PERSON_AT, w.S_MAIL, w.H_MAIL, w.MAIL, w.DO_CORRECT, w.C_RESEND),
    IncidentKind.TEMPLATE: _Pattern(
        w.PERSON_AT, w.S_TEMPLATE, w.H_TEMPLATE, w.TEMPLATE, w.DO_TEMPLATE, w.C_RESEND
    ),
    IncidentKind.BOUNCE: _Pattern(
        w.PERSON_AT, w.S_BOUNCE, w.H_BOUNCE, w.BOUNCE, w.DO_BOUNCE, w.C_IMPORT
    ),
    IncidentKind.RELAY: _Pattern(
        w.THE_RELAY, w.S_RELAY, w.H_RELAY, w.RELAY, w.DO_RELAY, w.C_HEALTH
    ),
    IncidentKind.GUARD: _Pattern(
        w.ROUND_TITLE, w.S_GUARD, w.H_GUARD, w.GUARD, w.DO_GUARD, w.C_TICK
    ),
    IncidentKind.WORKER: _Pattern(
        w.THE_WORKER, w.S_WORKER, w.H_WORKER, w.WORKER, w.DO_WORKER, w.C_WORK
    ),
}
STOPPED = _Pattern(w.ITS_TITLE, w.S_STOPPED, w.H_STOPPED, w.STOPPED, w.DO_LOOK, w.C_SHOW)
"""For a kind that this program does not know."""


def incident_words(incident: MailIncident, voice: Voice) -> IncidentWords:
    """Tell one incident; an unknown kind is told in general words."""
    known = {kind.value: pattern for kind, pattern in PATTERNS.items()}
    pattern = known.get(incident.kind, STOPPED)
    gaps = _gaps(incident, voice)

    def say(phrase: Phrase) -> str:
        return voice.say(phrase, **gaps)

    return IncidentWords(
        who=capital(say(pattern.who)),
        short=say(pattern.short),
        heading=capital(say(pattern.heading)),
        what=say(pattern.what),
        answer=cut(clean(incident.answer), ANSWER_LENGTH),
        step=say(pattern.step),
        command=say(pattern.command),
    )


def _gaps(incident: MailIncident, voice: Voice) -> dict[str, str]:
    """Give what the phrases' gaps are filled with."""
    person = cut(clean(incident.person), TITLE_LENGTH)
    address = clean(incident.address)
    both = f"{person}, {address}" if person and address else person or address
    round_title = cut(clean(incident.round_title), TITLE_LENGTH)
    title = cut(clean(incident.case_title), TITLE_LENGTH)
    return {
        "title": title or voice.say(w.THE_CASE),
        "about": title or voice.say(w.THE_ROUND),
        "role": cut(clean(incident.role), TITLE_LENGTH) or voice.say(w.SOMEBODY),
        "unit": cut(clean(incident.unit), TITLE_LENGTH) or voice.say(w.THE_UNIT),
        "person": person or address or voice.say(w.THE_PERSON),
        "address": address or voice.say(w.THE_ADDRESS),
        "both": both or voice.say(w.THE_PERSON),
        "round_title": round_title or voice.say(w.THE_ROUND),
        "round": incident.round or "ROUND",
        "case": incident.case or "CASE",
        "thing": cut(clean(incident.thing), ANSWER_LENGTH) or "?",
    }
