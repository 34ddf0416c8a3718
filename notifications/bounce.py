"""Mail about mail: what a returned, delayed or automatic answer says, read and judged.

Made for reports as RFC 3464 has them, and for what mail servers send instead. What is
read here was written by anybody: nothing in it is believed. It only names which mail
it may be about; whether that was sent, and to whom, the outbox knows.

    failed     it did not arrive and will not
    delayed    it has not arrived yet; the other side goes on trying
    arrived    a receipt
    automatic  a holiday answer, a request to confirm, a complaint: no bounce
    other      none of these
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from typing import Final

from notifications.bounce_words import AUTOMATIC_SUBJECT, DELAYED_TEXT, RETURNED_SUBJECT
from notifications.clean import clean
from notifications.mail_parts import (
    LARGEST,
    UnreadableMail,
    children_of,
    enclosed_text,
    headers_of,
    parse,
    text_of,
    value_of,
    walk,
    words_of,
)

__all__ = ["LARGEST", "Bounce", "Recipient", "UnreadableMail", "Verdict", "read_bounce"]

MOST: Final = 50
"""How many ids, addresses and recipients are kept."""
ANSWER_LENGTH: Final = 500

BLANK: Final = re.compile(r"\r?\n[ \t]*\r?\n")
MESSAGE_ID: Final = re.compile(r"<([^<>\s@]{1,200}@[^<>\s@]{1,200})>")
ID_FIELD: Final = re.compile(
    r"^[> \t]{0,8}message-id:[ \t]*\r?\n?[ \t]*(<[^<>\s]{3,400}>)", re.I | re.M
)
TO_FIELD: Final = re.compile(r"^[> \t]{0,8}to:[ \t]*([^\r\n]{3,500})", re.I | re.M)
ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}")
FAILED_LINE: Final = re.compile(r"^[ \t]{0,8}<([^<>\s@]{1,64}@[^<>\s@]{1,190})>", re.M)
STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE: Final = re.compile(r"(?<!\d)([45])\d\d[ -]")
DAEMON: Final = re.compile(r"\b(?:mailer-daemon|postmaster|mdaemon|mail-daemon)@?", re.I)


class Verdict(StrEnum):
    """What a mail about a mail says."""

    FAILED = "failed"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    AUTOMATIC = "automatic"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What became of the mail for one recipient."""

    addresses: tuple[str, ...]
    """In lower case: the final recipient's, and the original one's when it differs."""
    verdict: Verdict
    status: str = ""
    """As RFC 3463 has it, e.g. 5.1.1; empty when it is not told."""
    answer: str = ""
    """The other side's words, on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A mail about a mail."""

    verdict: Verdict
    message_ids: tuple[str, ...] = ()
    """Without brackets: the mails that it may be about, the likeliest first."""
    recipients: tuple[Recipient, ...] = ()
    sent_to: tuple[str, ...] = ()
    """To whom the returned mail itself says that it went, in lower case."""

    def recipient(self, address: str) -> Recipient | None:
        """Give what became of the mail to an address; None when nothing is said of it.

        Who forwards mail is reported as where it was forwarded to: then the returned
        mail's own recipient counts, when only one is told of.
        """
        wanted = address.lower()
        for one in self.recipients:
            if wanted in one.addresses:
                return one
        forwarded = wanted in self.sent_to and len(self.recipients) == 1
        return self.recipients[0] if forwarded else None


def read_bounce(raw: bytes) -> Bounce:
    """Read one raw mail; at most LARGEST bytes of it are looked at.

    Raises: UnreadableMail.
    """
    mail = parse(raw[:LARGEST])
    parts = list(walk(mail))
    text = text_of(parts)
    groups = [group for part in parts for group in _report_groups(part)]
    recipients = tuple(filter(None, (_recipient(group) for group in groups)))[:MOST]
    if not recipients:
        recipients = tuple(_told_inwords_of(mail, text))[:MOST]
    originals = [head for part in parts for head in _original(part)]
    verdict = _verdict(mail, recipients, groups)
    return Bounce(
        verdict=verdict,
        message_ids=tuple(_ids(mail, originals, text))[:MOST],
        recipients=recipients,
        sent_to=tuple(_sent_to(originals, text))[:MOST],
    )


# ---- the report ------------------------------------------------------------------------


def _report_groups(part: Message) -> Iterator[Message]:
    """Give the groups of fields of a delivery report, one per recipient."""
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return
    groups = children_of(part)
    if not any(one.get("Action") for one in groups):  # encoded, or not seen as a report
        groups = [headers_of(block) for block in BLANK.split(enclosed_text(part), maxsplit=MOST)]
    fields = ("Action", "Final-Recipient", "Status")
    yield from (one for one in groups[:MOST] if any(one.get(field) for field in fields))


def _recipient(group: Message) -> Recipient | None:
    """Read what a report says of one recipient."""
    fields = [value_of(group, name) for name in ("Final-Recipient", "Original-Recipient")]
    addresses = [found[0].lower() for field in fields if (found := ADDRESS.findall(field))]
    status = STATUS.search(value_of(group, "Status"))
    action = value_of(group, "Action").lower().split(" ")[0]
    known = {
        "failed": Verdict.FAILED,
        "delayed": Verdict.DELAYED,
        "delivered": Verdict.ARRIVED,
        "relayed": Verdict.ARRIVED,
        "expanded": Verdict.ARRIVED,
    }
    by_status = {"5": Verdict.FAILED, "4": Verdict.DELAYED, "2": Verdict.ARRIVED}
    verdict = known.get(action) or by_status.get(status[1] if status else "")
    if verdict is None:
        return None
    answer = value_of(group, "Diagnostic-Code").partition(";")
    return Recipient(
        addresses=tuple(dict.fromkeys(addresses)),
        verdict=verdict,
        status=status[0] if status else "",
        answer=(answer[2] or answer[0]).strip()[:ANSWER_LENGTH],
    )


def _told_inwords_of(mail: Message, text: str) -> Iterator[Recipient]:
    """Read a bounce that is no report: Exim's header field, or qmail's and others' text."""
    named = ADDRESS.findall(value_of(mail, "X-Failed-Recipients"))
    if not named and not _looks_returned(mail):
        return
    lines = list(FAILED_LINE.finditer(text))
    named = named or [found[1] for found in lines]
    if not named:
        named = ADDRESS.findall(text)[:MOST]
    delayed = bool(DELAYED_TEXT.search(value_of(mail, "Subject")) or DELAYED_TEXT.search(text))
    for address in dict.fromkeys(one.lower().rstrip(".") for one in named):
        answer = _answer_near(text, address)
        status = STATUS.search(answer)
        yield Recipient(
            addresses=(address,),
            verdict=Verdict.DELAYED if delayed else Verdict.FAILED,
            status=status[0] if status else "",
            answer=answer[:ANSWER_LENGTH],
        )


def _answer_near(text: str, address: str) -> str:
    """Give the line in which the other side answers, after an address is named."""
    at = text.lower().find(address)
    lines = [clean(line) for line in text[max(at, 0) :].splitlines()[:20]]
    for line in lines:
        if STATUS.search(line) or REPLY_CODE.search(line):
            return line
    return lines[1] if len(lines) > 1 else ""


def _looks_returned(mail: Message) -> bool:
    sender = value_of(mail, "From")
    empty = value_of(mail, "Return-Path") in ("<>", "< >")
    from_daemon = bool(DAEMON.search(sender)) or empty
    return from_daemon and bool(RETURNED_SUBJECT.search(value_of(mail, "Subject")))


def _verdict(mail: Message, recipients: tuple[Recipient, ...], groups: list[Message]) -> Verdict:
    """Judge the whole: one recipient who failed makes it a failure."""
    for verdict in (Verdict.FAILED, Verdict.DELAYED, Verdict.ARRIVED):
        if any(one.verdict is verdict for one in recipients):
            return verdict
    if groups:
        return Verdict.OTHER
    return Verdict.AUTOMATIC if _is_automatic(mail) else Verdict.OTHER


def _is_automatic(mail: Message) -> bool:
    """Say whether nobody wrote it: RFC 3834, and the marks that came before it."""
    submitted = value_of(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    fields = {name.lower() for name in mail.keys()[:500]}
    marks = {
        "x-autoreply",
        "x-autorespond",
        "x-autoreply-from",
        "x-auto-response-suppress",
        "x-mail-autoreply",
        "x-vacation",
        "x-challenge",
        "x-tmda-confirm",
        "x-abuse-reports-to",
    }
    if fields & marks:
        return True
    report = str(mail.get_param("report-type", "") or "").lower()
    if report in ("disposition-notification", "feedback-report"):
        return True
    precedence = value_of(mail, "Precedence").lower()
    if precedence in ("auto_reply", "auto-reply", "bulk", "junk"):
        return True
    return bool(AUTOMATIC_SUBJECT.search(value_of(mail, "Subject")))


# ---- which mail it is about ------------------------------------------------------------


def _original(part: Message) -> Iterator[Message]:
    """Give the header of the mail that came back, where it is attached."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global", "message/global-headers"):
        held = next(iter(children_of(part)), None)
        yield held if held is not None and held.keys() else headers_of(enclosed_text(part))
    elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
        yield headers_of(words_of(part) or enclosed_text(part))


def _ids(mail: Message, originals: list[Message], text: str) -> Iterator[str]:
    """Give the ids of the mails it may be about, each once: the attached mail's own, one
    quoted in the text, those it answers."""
    fields = [value_of(one, "Message-ID") for one in originals]
    fields += [found[1] for found in ID_FIELD.finditer(text)]
    fields += [
        value_of(mail, name) for name in ("In-Reply-To", "X-Original-Message-ID", "References")
    ]
    seen: dict[str, None] = {}
    for field in fields:
        for one in MESSAGE_ID.findall(field):
            seen[one] = None
    yield from seen


def _sent_to(originals: list[Message], text: str) -> Iterator[str]:
    fields = [value_of(one, name) for one in originals for name in ("To", "X-Original-To")]
    fields += [found[1] for found in TO_FIELD.finditer(text)]
    yield from dict.fromkeys(one.lower() for field in fields for one in ADDRESS.findall(field))
