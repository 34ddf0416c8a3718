"""The demo: being somebody, putting the clock forward, reading the mail that has left.

These addresses exist in a demo alone, and for whoever sits at the machine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from beredning.practice.travel import Destination, Others, TimeMachine
from notifications.mail_parts import UnreadableMail, parse, value_of, walk, words_of
from web.answers import download, go, page, refresh_cookie
from web.pages.signing import arrival_of
from web.visit import Visit
from workflow.core.errors import BadInput, Refused
from workflow.service.reading.demo import mailbox
from workflow.service.reading.demo.mailbox import MailLeft
from workflow.service.reading.demo.tale import Tale, tale_of
from workflow.service.seeing import nothing_there
from workflow.service.signing_in import sessions
from workflow.service.signing_in.paths import own_path

__all__ = [
    "be_somebody",
    "download_mail",
    "show_journey",
    "show_mail",
    "show_mails",
    "travel",
]

FIRST_LOOK_S: Final = 1.5
"""So long a journey is waited for before its progress is shown: a day takes less."""
LOOK_AGAIN_S: Final = 1
HEADERS: Final = ("From", "To", "Date", "Subject", "Message-ID", "Reply-To")
LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
HERE: Final = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?=/|$)")
"""The addresses of demos: whichever port this one has, a link of an earlier run leads here."""


def be_somebody(visit: Visit) -> Response:
    """Let whoever sits at this machine be somebody.

    Raises: NotFound.
    """
    email, clock = visit.form.text("email"), visit.site.app.clock
    secret = sessions.begin(visit.world, email, arrival_of(visit, "demo"), clock)
    response = go("/")
    refresh_cookie(visit, response, secret)
    return response


# ---- the time machine ------------------------------------------------------------------


def travel(visit: Visit) -> Response:
    """Put the clock forward.

    Raises: NotFound, Refused, BadInput.
    """
    machine = _machine(visit)
    try:
        to = Destination(visit.form.text("to"))
        others = Others(visit.form.text("others", Others.ALL.value))
    except ValueError as error:
        raise BadInput("Välj vart klockan ska gå.", "Choose where the clock is to go.") from error
    try:
        machine.travel(to, others, visit.who.email if visit.who else None)
    except Refused as error:
        return _show(visit, machine, 409, visit.text(error.sv, error.en))
    machine.wait(FIRST_LOOK_S)
    return go("/demo/tid")


def show_journey(visit: Visit) -> Response:
    """Show what the last journey brought; while it is under way, how far it has come.

    Raises: NotFound.
    """
    return _show(visit, _machine(visit), 200, "")


def _show(visit: Visit, machine: TimeMachine, status: int, error: str) -> Response:
    journey = machine.journey
    tale = Tale(days=(), open_to=frozenset())
    if journey and not journey.under_way:
        reader = visit.who.email if visit.who else None
        tale = tale_of(visit.world, machine.round, journey.since, visit.language, reader)
    lines = {day.on: [_line(one) for one in day.mails] for day in tale.days}
    response = page(
        visit, "demo/journey.html", status, journey=journey, tale=tale, mails=lines, error=error
    )
    if journey and journey.under_way:
        response.headers["refresh"] = str(LOOK_AGAIN_S)
    return response


def _machine(visit: Visit) -> TimeMachine:
    if visit.site.machine is None:
        raise nothing_there()
    return visit.site.machine


# ---- mail that has left ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A mail in the list."""

    id: str
    at: datetime
    to: str
    subject: str
    bounced: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; with a link it leads somewhere."""

    text: str
    link: str = ""


def show_mails(visit: Visit) -> Response:
    """Show what has left, newest first.

    Raises: BadInput.
    """
    person = _number(visit, "till")
    box = mailbox.open_box(visit.world, person, _number(visit, "fore"))
    lines = [_line(one) for one in box.mails]
    return page(visit, "demo/mails.html", box=box, lines=lines, person=person)


def show_mail(visit: Visit) -> Response:
    """Show one mail: its header, and its text with links that lead here.

    Raises: NotFound.
    """
    found = mailbox.open_mail(visit.world, visit.params["mail"])
    headers, text = _taken_apart(found.body)
    return page(visit, "demo/mail.html", mail=found, headers=headers, parts=list(_linked(text)))


def download_mail(visit: Visit) -> Response:
    """Give a mail as it was sent, for any mail program.

    Raises: NotFound.
    """
    found = mailbox.open_mail(visit.world, visit.params["mail"])
    return download(f"{found.message_id}.eml", "message/rfc822", found.body)


def _number(visit: Visit, name: str) -> int:
    text = visit.query.get(name, "") or "0"
    return int(text) if text.isdecimal() and len(text) <= 10 else -1


def _line(mail: MailLeft) -> Line:
    headers, _ = _taken_apart(mail.body)
    return Line(
        id=mail.message_id,
        at=mail.at,
        to=mail.name or mail.address,
        subject=dict(headers).get("Subject", ""),
        bounced=mail.state == "bounced",
    )


def _taken_apart(body: bytes) -> tuple[list[tuple[str, str]], str]:
    """Give header fields and text of a mail; nothing of one that was disposed of."""
    try:
        mail = parse(body)
    except UnreadableMail:
        return [], ""
    headers = [(name, value) for name in HEADERS if (value := value_of(mail, name))]
    plain = (part for part in walk(mail) if part.get_content_type() == "text/plain")
    return headers, next((words_of(part) for part in plain), "")


def _linked(text: str) -> Iterator[Part]:
    """Part a text where its links begin and end."""
    at = 0
    for found in LINK.finditer(text):
        if found.start() > at:
            yield Part(text[at : found.start()])
        here = HERE.match(found[0])
        yield Part(found[0], own_path(found[0][here.end() :]) if here else "")
        at = found.end()
    yield Part(text[at:])
