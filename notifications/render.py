"""From a letter to the bytes of a mail: text and HTML from the same blocks.

Equal letters and facts give equal bytes, always: a mail that is sent again is the
same mail.
"""

import re
from collections.abc import Sequence
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from markupsafe import Markup, escape

from notifications import mime
from notifications.blocks import Letter
from notifications.clean import LetterError, clean
from notifications.voice import NBSP
from workflow.core.mail import MailFacts

__all__ = ["html_of", "render", "text_of"]

WIDTH = 72
"""Columns of the text part; leaves room to be quoted within 78."""
ROUND = re.compile(r"[A-Za-z0-9._-]{1,120}")
"""Ids of rounds, as they stand in header fields."""
NOT_SLUG = re.compile(r"[^A-Za-z0-9]+")


def render(
    letter: Letter, facts: MailFacts, *, sender: str, installation: str, meant_for: str = ""
) -> bytes:
    """Make the bytes of a mail, ready for any sender.

    `sender` is the address the mail comes from, alone or as `Name <address>`.
    `installation` is what people call it, e.g. "Region Älvmark"; it stands at the top
    of the mail and, made safe, in the reference that lets mail programs keep the mails
    of a round together. `meant_for` is the address it was for when it goes elsewhere.

    Raises:
        LetterError: An address, the Message-ID, a round's id or the instant cannot
            stand in a header, or a template cannot be filled.
    """
    mail_id = mime.message_id(facts.message_id)
    shown = clean(installation)
    from_name, from_address = _sender(sender, shown)
    rounds = _rounds(facts)
    headers = [
        mime.mailbox("From", from_name, from_address),
        mime.mailbox("To", facts.to_name, facts.to_email),
        mime.text_field("Subject", letter.subject),
        mime.date_field(facts.put_at),
        mime.field("Message-ID", f"<{mail_id}>"),
    ]
    if facts.leader_email and not meant_for:  # an answer to a test reaches nobody
        headers.append(mime.mailbox("Reply-To", facts.leader_name, facts.leader_email))
    if len(rounds) == 1:
        place = f"{_slug(shown)}@{mime.domain_of(from_address)}"
        headers.append(mime.field("References", f"<{rounds[0]}.{place}>"))
    headers.append(mime.field("Auto-Submitted", "auto-generated"))
    headers.append(mime.field("X-Beredning-Kind", facts.kind.value))
    if rounds:
        headers.append(mime.field("X-Beredning-Round", ", ".join(rounds)))
    if meant_for:
        headers.append(mime.field("X-Beredning-For", mime.address_of(meant_for)))
    headers.append(mime.field("Content-Language", letter.language))
    return mime.alternative(
        headers,
        mail_id=mail_id,
        text=text_of(letter, installation=shown),
        html=html_of(letter, installation=shown),
        attachment=letter.attachment,
    )


def text_of(letter: Letter, *, installation: str) -> str:
    """Write the letter as plain text in lines of at most 72 columns where words allow."""
    return _filled("letter.txt", letter, installation).replace(NBSP, " ")


def html_of(letter: Letter, *, installation: str) -> str:
    """Write the letter as a page that mail programs show alike."""
    return _filled("letter.html", letter, installation)


def _filled(name: str, letter: Letter, installation: str) -> str:
    try:
        template = environment().get_template(name)
        return template.render(letter=letter, installation=installation)
    except TemplateError as error:
        raise LetterError(f"{name} cannot be filled: {error}") from error


# ---- header values ---------------------------------------------------------------------


@lru_cache(maxsize=64)
def _sender(sender: str, installation: str) -> tuple[str, str]:
    """Give name and address of the one the mail comes from."""
    if sender != clean(sender):
        raise LetterError(f"{sender!r} is no sender")
    name, address = parseaddr(sender)
    return name or ", ".join(filter(None, ("Beredning", installation))), address


def _rounds(facts: MailFacts) -> tuple[str, ...]:
    """Give the ids of the rounds a mail is about, sorted."""
    found = {task.round for task in facts.tasks}
    found |= {invitation.round for invitation in facts.invitations}
    rounds = sorted(found or filter(None, {facts.round}))
    for one in rounds:
        if not ROUND.fullmatch(one):
            raise LetterError(f"{one!r} is no id of a round")
    return tuple(rounds)


@lru_cache(maxsize=64)
def _slug(installation: str) -> str:
    """Make a name that may stand in a Message-ID."""
    ascii_name = installation.casefold().translate(str.maketrans("åäöéü", "aaoeu"))
    return NOT_SLUG.sub("-", ascii_name).strip("-")[:40].strip("-") or "beredning"


# ---- templates -------------------------------------------------------------------------


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Build the templates' environment, once."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["wrap"] = wrap
    made.filters["underline"] = underline
    made.filters["lines"] = lines
    return made


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """Break a text into lines at its spaces, with something before the first and the rest.

    No-break spaces hold; a word longer than the line stands alone on one.
    """
    if len(first) + len(text) <= WIDTH:
        return first + text
    done: list[str] = []
    line = first
    begun = False
    for word in text.split(" "):
        if begun and len(line) + 1 + len(word) > WIDTH:
            done.append(line)
            line, begun = rest, False
        line += f" {word}" if begun else word
        begun = True
    done.append(line)
    return "\n".join(done)


def underline(text: str, sign: str) -> str:
    """Make a line as wide as a heading is, at most a whole line."""
    return sign * min(len(text), WIDTH)


def lines(texts: Sequence[str]) -> Markup:
    """Join texts with line breaks for HTML; the texts are escaped."""
    return Markup("<br>\n").join(escape(text) for text in texts)
