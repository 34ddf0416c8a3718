"""Mails in words: to whom, about what, and what became of them."""

from collections.abc import Iterator, Mapping
from re import fullmatch
from typing import Final

from workflow.core import phrases, plan
from workflow.core.facts import MessageKind
from workflow.service.reading.past.event import Delivery, Event, Kind, Post
from workflow.service.reading.past.knowledge import Knowledge
from workflow.service.reading.past.reader import REMINDERS
from workflow.store.mailings import Mail, Rung

__all__ = ["MAIL_WORDS", "rung_words", "tell_mail"]

_Both = tuple[str, str]
MAIL_WORDS: Final[Mapping[str, _Both]] = {
    MessageKind.REMINDER: ("påminnelse", "reminder"),
    MessageKind.ESCALATION: ("påminnelse till överordnad", "reminder to a superior"),
    MessageKind.NUDGE: ("påminnelse för hand", "reminder by hand"),
    MessageKind.ASSIGNMENT: ("nytt att göra", "something new to do"),
    MessageKind.RETURNED: ("tillbaka med frågor", "returned with questions"),
    MessageKind.DECISION: ("besked om vad som hänt", "word of what has happened"),
    MessageKind.INCIDENT: ("stopp", "something that cannot go on"),
    MessageKind.CHECKPOINT: ("kontrollpunkt", "checkpoint"),
    MessageKind.DATES: ("nya dagar", "new days"),
    MessageKind.EXTENSION: ("anstånd", "extension"),
    MessageKind.COMMENT: ("kommentar", "comment"),
    MessageKind.PAUSE: ("paus", "pause"),
    MessageKind.LEFT: ("lämnat uppdrag", "role left"),
}
"""What each kind of mail is about."""
_STATES: Final[Mapping[str, _Both]] = {
    "queued": ("i kö", "in the queue"),
    "waits": ("väntar på ett nytt försök", "waits for another try"),
    "sent": ("har gått", "has left"),
    "withdrawn": ("drogs tillbaka innan det gick", "taken back before it left"),
    "failed": ("gick inte att leverera", "could not be delivered"),
    "bounced": ("kom tillbaka", "came back"),
}
_OUTCOMES: Final[Mapping[str, _Both]] = {
    "sent": ("mottaget av mejlservern", "taken by the mail server"),
    "waits": ("inte nu, nytt försök kommer", "not now, to be tried again"),
    "unclear": ("oklart om det togs emot", "unclear whether it was taken"),
    "refused": ("avvisat", "refused"),
    "delayed": ("försenat på vägen", "delayed on its way"),
    "bounced": ("kom tillbaka", "came back"),
}
_RECIPIENTS: Final[Mapping[str, _Both]] = {
    "superior": ("till närmaste chef", "to the nearest superior"),
    "leader": ("till processledaren", "to the leader"),
}
_WRONG: Final = frozenset({"failed", "bounced"})


def tell_mail(known: Knowledge, mail: Mail) -> Event:
    """Tell a mail."""
    reader = known.reader
    case = reader.case(mail.case or _one_case(mail))
    desk = reader.seen.desk if reader.seen else None
    post = _post(known, mail)
    about = f": {', '.join(post.about)}" if len(post.about) == 1 else ""
    to = post.to or _both(known, ("registrator", "the registrar"))
    return Event(
        at=mail.at,
        on=plan.local_day(mail.at, reader.zone),
        kind=Kind.REMINDERS if mail.kind in REMINDERS else Kind.MAIL,
        entry="mail",
        round=reader.chain,
        round_title=desk.round_title if desk else "",
        number=None,
        what=_both(known, (f"Mejl till {to}, {post.title}", f"Mail to {to}, {post.title}")) + about,
        case=case.id if case else "",
        case_title=desk.case_title(case) if desk and case else "",
        unit=desk.unit_name(case.unit) if desk and case else "",
        post=post,
        wrong=mail.state in _WRONG,
    )


def _both(known: Knowledge, words: _Both) -> str:
    return words[1] if known.language == "en" else words[0]


def _one_case(mail: Mail) -> str | None:
    """Give the one case that a reminder mail is about here; None when there are several."""
    cases = {rung.case for rung in mail.rungs}
    return cases.pop() if len(cases) == 1 else None


def _post(known: Knowledge, mail: Mail) -> Post:
    tried = mail.state == "queued" and any(one.outcome != "sent" for one in mail.tries)
    state = "waits" if tried else mail.state
    leads = known.reader.leads
    return Post(
        message_id=mail.message_id if leads else "",
        to=known.names.get(mail.person or 0, ""),
        address=(mail.to_address or "") if leads else "",
        kind=mail.kind,
        title=_both(known, MAIL_WORDS.get(mail.kind, (mail.kind, mail.kind))),
        subject=known.subjects.get(mail.id, ""),
        about=tuple(dict.fromkeys(_about(known, mail))),
        state=state,
        state_title=_both(known, _STATES.get(state, (state, state))),
        next_try_at=mail.next_try_at if state == "waits" else None,
        tries=tuple(
            Delivery(
                at=one.at,
                outcome=one.outcome,
                title=_both(known, _OUTCOMES.get(one.outcome, (one.outcome, one.outcome))),
                answer=one.answer if leads else "",
            )
            for one in mail.tries
        ),
    )


def _about(known: Knowledge, mail: Mail) -> Iterator[str]:
    """Say what a reminder mail reminds of in this round."""
    seen = known.reader.seen
    for rung in mail.rungs:
        case = known.reader.case(rung.case)
        if seen and case:
            title = seen.desk.case_title(case)
            step = _rung(known, rung)
            yield f"{title}, {step}" if step else title
        elif seen and rung.subject in seen.definition.milestone:
            milestone = seen.definition.milestone[rung.subject]
            title = seen.revision.title(milestone, known.language)
            invited = _both(known, ("inbjudan", "invitation"))
            yield f"{phrases.fill(title, year=seen.facts.round.year)}, {invited}"


def _rung(known: Knowledge, rung: Rung) -> str:
    """Say which step of the ladder it was; nothing when it came by hand."""
    step = fullmatch(r"[a-z]+([+-][0-9]+)", rung.rung)
    return rung_words(int(step[1]), rung.recipient, known.language) if step else ""


def rung_words(offset: int, recipient: str, language: str) -> str:
    """Put a step of a ladder in words, e.g. "3 arbetsdagar före sista dag"."""
    count = abs(offset)
    if language == "en":
        days = f"{count} working day{'' if count == 1 else 's'}"
        side = "before" if offset < 0 else "after"
        told = f"{days} {side} the last day" if offset else "on the last day"
    else:
        days = f"{count} {'arbetsdag' if count == 1 else 'arbetsdagar'}"
        side = "före" if offset < 0 else "efter"
        told = f"{days} {side} sista dag" if offset else "på sista dagen"
    to = _RECIPIENTS.get(recipient)
    return f"{told}, {to[1] if language == 'en' else to[0]}" if to else told
