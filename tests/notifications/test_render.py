"""The form of mails, read back with the standard library's parser as the judge."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notifications.blocks import Letter
from notifications.clean import LetterError, clean
from notifications.letter import compose_letter
from notifications.mime import CRLF, alternative, encoded_words, mailbox, text_field
from notifications.render import render, text_of, wrap
from tests.notifications.letters import (
    BASE_URL,
    FACTS,
    HOSTILE,
    INSTALLATION,
    ROLLED,
    SENDER,
    TODAY,
    mail_of,
    some_facts,
)
from workflow.core.facts import MessageKind
from workflow.core.mail import MailComment, MailMilestone

FIELDS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "References",
    "Auto-Submitted",
    "X-Beredning-Kind",
    "X-Beredning-Round",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}
ATTACKS = st.sampled_from(
    [
        "",
        HOSTILE,
        "\r\nBcc: alla@region.example",
        "a\nSubject: b",
        "x\r\n\r\n<p>kropp",
        "\u2028Bcc: x\u0085To: y\x0bCc: z",
        "\x00",
        "{{7*7}}",
        "{% include '/etc/passwd' %}",
        "{0.__class__}",
        "{title}",
        "=?utf-8?q?=0D=0ABcc:_x?=",
        "=?utf-8?b?QmNjOiB4?=",
        '"><script>alert(1)</script>',
        "javascript:alert(1)",
        ".",
        "..",
        "\n.\n",
        "From här",
        "--",
        "å" * 2000,
        "x" * 2000,
        "😀" * 40,
        "👩\u200d⚕️ Åsa Öberg",
        "e\u0301 \u202eommocllev",
        "\ud800",
        " \t ",
        "; charset=x",
        "Alm, Bo <alla@region.example>",
        "Bo (chef) \\ Alm;",
    ]
)
TEXTS = st.one_of(ATTACKS, st.text(max_size=60), st.text("aåäö .\n=?_<&>\"'\u00a0", max_size=60))
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _parts(mail: EmailMessage) -> tuple[str, str]:
    """Give text and HTML as they were before they were encoded."""
    letter = mail if mail.get_content_subtype() == "alternative" else next(mail.iter_parts())
    text, html = (
        part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in letter.iter_parts()
    )
    return text, html


def _defects(mail: EmailMessage) -> list[object]:
    """Give everything that the parser finds wrong, in the mail and in its parts."""
    found: list[object] = []
    for part in mail.walk():
        found += part.defects
        found += [defect for value in part.values() for defect in value.defects]
    return found


class _Words(HTMLParser):
    """Collects what a reader of the HTML sees, and counts tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.seen: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        style = dict(attrs).get("style") or ""
        if tag in ("title", "style") or (tag == "div" and "display:none" in style):
            self.hidden += 1
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag in ("title", "style", "div"):
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.seen.append(data)


def _html(text: str) -> _Words:
    words = _Words()
    words.feed(text)
    return words


# ---- the whole mail --------------------------------------------------------------------


@QUICK
@given(st.sampled_from(MessageKind), st.sampled_from(["sv", "en"]), st.tuples(*[TEXTS] * 6))
def test_no_text_reaches_beyond_its_place(
    kind: MessageKind, language: str, texts: tuple[str, ...]
) -> None:
    """Whatever names, titles and comments hold: no header, recipient, tag or link is added,
    no line is too long, and the parser finds nothing wrong."""
    name, title, round_title, unit, comment, own_text = texts
    task = replace(ROLLED, title=title, unit=unit, owed_by=(name,), round_title=round_title)
    facts = some_facts(
        kind,
        tasks=(task,),
        to_name=name,
        leader_name=name,
        round_title=round_title,
        case=task.case,
        case_title=title,
        by=name,
        happened=title,
        stands=unit,
        incident="mail",
        milestones=(MailMilestone(title=title, from_on=None, to_on=TODAY),),
        checkpoint={"at": "", "chains": {}},
        extension="asked",
        pause="resumed",
        until_on=TODAY,
        comment=comment,
        own_text=own_text,
        questions=(comment,),
        comments=(MailComment(by=name, on=TODAY, text=comment),),
        language=language,
    )
    raw = mail_of(facts)
    mail = _read(raw)
    page = _html(_parts(mail)[1])

    assert _defects(mail) == []
    assert {*mail.keys()} == FIELDS
    assert len(FIELDS) == len(mail.keys())
    assert [facts.to_email] == [address.addr_spec for address in mail["To"].addresses]
    assert [SENDER] == [address.addr_spec for address in mail["From"].addresses]
    assert "\r" not in str(mail["Subject"]) and "\n" not in str(mail["Subject"])
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert b"\r\n.\r\n" not in raw
    assert "script" not in page.tags
    assert 1 == page.tags.count("h1")
    assert all(link.startswith(f"{BASE_URL}/arenden/") for link in page.links)


@QUICK
@given(title=TEXTS, comment=TEXTS, own_text=TEXTS)
@example(title="{{7*7}}", comment="{% raise %}", own_text="- {0.__class__}")
def test_text_and_html_say_the_same(title: str, comment: str, own_text: str) -> None:
    """The text part and the HTML part hold the same words in the same order."""
    facts = some_facts(
        MessageKind.RETURNED,
        tasks=(replace(ROLLED, title=title),),
        by="Bo Alm",
        comment=comment,
        own_text=own_text,
        questions=("Varför?", "Hur mycket?"),
    )
    text, html = _parts(_read(mail_of(facts)))

    assert _words_of_text(text) == _words_of_html(html)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", FACTS)
def test_every_kind_says_the_same_in_both_parts(name: str, language: str) -> None:
    """Every kind of mail has the same words in both parts, whatever blocks it is made of."""
    text, html = _parts(_read(mail_of(replace(FACTS[name], language=language))))

    assert _words_of_text(text) == _words_of_html(html)


def _words_of_text(text: str) -> list[str]:
    """Give the words of a text part, without addresses of pages and the sender's line."""
    unsigned = text.replace(f"-- \nBeredning, {INSTALLATION}\n", "\n")
    return re.findall(r"\w+", re.sub(rf"{BASE_URL}/\S+", " ", unsigned))


def _words_of_html(html: str) -> list[str]:
    """Give the words that are seen of an HTML part, without the line at the top."""
    return re.findall(r"\w+", " ".join(_html(html).seen))[
        len(f"Beredning {INSTALLATION}".split()) :
    ]


@pytest.mark.parametrize("name", FACTS)
def test_equal_facts_give_equal_bytes(name: str) -> None:
    """A mail that is written again, e.g. after a crash, is the same mail to the last byte."""
    facts = FACTS[name]

    assert mail_of(facts) == mail_of(replace(facts))


@pytest.mark.parametrize("name", FACTS)
def test_headers_tell_programs_what_it_is(name: str) -> None:
    """The fixed headers say who, what, when, which round, and that no person wrote it."""
    facts = FACTS[name]
    mail = _read(mail_of(facts))

    assert f"<{facts.message_id}>" == mail["Message-ID"]
    assert facts.put_at == mail["Date"].datetime
    assert "auto-generated" == mail["Auto-Submitted"]
    assert facts.kind == mail["X-Beredning-Kind"]
    assert facts.language == mail["Content-Language"]
    assert (facts.leader_email or None) == (
        mail["Reply-To"].addresses[0].addr_spec if mail["Reply-To"] else None
    )
    found = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    files = ["application/json"] if facts.checkpoint else []
    assert ["text/plain", "text/html", *files] == found


def test_mails_of_a_round_hang_together() -> None:
    """Mails of one round refer to the same id, so that mail programs thread them; a mail
    about several rounds refers to none."""
    one, other = _read(mail_of(FACTS["reminder"])), _read(mail_of(FACTS["decision"]))
    several = _read(mail_of(FACTS["reminder-rounds"]))

    assert "<prioritering-2010.region-alvmark@region.example>" == one["References"]
    assert one["References"] == other["References"]
    assert several["References"] is None
    assert "prioritering-2010, prioritering-2011" == several["X-Beredning-Round"]


@pytest.mark.parametrize(
    "changes",
    [
        {"to_email": "a@b.example\r\nBcc: c@d.example"},
        {"to_email": "a@b.example, c@d.example"},
        {"to_email": "a@b.example\u2028"},
        {"to_email": "a@b.example\n"},
        {"to_email": "åsa@b.example"},
        {"to_email": '"a b"@b.example'},
        {"to_email": "a@-b.example"},
        {"to_email": ""},
        {"to_email": f"{'a' * 65}@b.example"},
        {"leader_email": "<a@b.example>"},
        {"message_id": "a b@c"},
        {"message_id": "a@b>\r\nBcc: c@d.example"},
        {"message_id": ""},
        {"tasks": (replace(ROLLED, round="r\r\nBcc: c@d.example"),)},
        {"tasks": (replace(ROLLED, round="r d"),)},
        {"put_at": datetime(2009, 2, 24, 6, 30)},  # noqa: DTZ001 - naive is what is refused
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(changes: dict[str, object]) -> None:
    """Addresses and ids are never mended: a mail that would go astray is not written."""
    facts = replace(some_facts(), **changes)  # type: ignore[arg-type]

    with pytest.raises(LetterError):
        mail_of(facts)


def test_template_that_cannot_be_filled_is_a_letter_error() -> None:
    """What goes wrong in a template is told like any other letter that cannot be written."""
    nothing = cast(Letter, object())

    with pytest.raises(LetterError, match=r"letter\.txt"):
        text_of(nothing, installation=INSTALLATION)


@pytest.mark.parametrize(
    "sender", ["", "x", "Å <å@b.example>", "a@b.example\r\nX: y", "A\n<a@b.c>"]
)
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    """A configured sender that is no address is said to be none, not sent from."""
    facts = some_facts()
    letter = compose_letter(facts, BASE_URL)

    with pytest.raises(LetterError):
        render(letter, facts, sender=sender, installation=INSTALLATION)


def test_sender_may_have_a_name_of_its_own() -> None:
    """`Name <address>` in the configuration is what people see."""
    facts = some_facts()
    letter = compose_letter(facts, BASE_URL)
    raw = render(letter, facts, sender="Prioritering <p@b.example>", installation="Öland")

    mail = _read(raw)

    assert "Prioritering <p@b.example>" == mail["From"]
    assert "<prioritering-2010.oland@b.example>" == mail["References"]


# ---- its pieces ------------------------------------------------------------------------


@QUICK
@given(TEXTS)
def test_subject_survives(text: str) -> None:
    """A subject is read back as it was written, on one line and without unseen signs."""
    raw = text_field("Subject", text) + CRLF

    read = _read(raw.encode("ascii"))

    assert clean(text) == re.sub(r"\s+$", "", str(read["Subject"]))
    assert ["Subject"] == read.keys()


@QUICK
@given(TEXTS)
def test_name_survives(text: str) -> None:
    """A person's name is read back as it was written, and never becomes an address."""
    raw = mailbox("To", text, "a@b.example") + CRLF

    (read,) = _read(raw.encode("ascii"))["To"].addresses

    # The parser puts a space where a long name was folded, against RFC 2047 6.2.
    assert "".join(clean(text).split()) == "".join(read.display_name.split())
    assert "a@b.example" == read.addr_spec


@QUICK
@given(st.text(max_size=80), st.integers(63, 75))
def test_encoded_words_are_short(text: str, room: int) -> None:
    """No encoded word is longer than RFC 2047 allows, nor cuts a character in two."""
    words = encoded_words(clean(text), room=room)

    assert len(words[0]) <= room
    assert max(map(len, words)) <= 75
    assert all(
        bytes.fromhex("".join(re.findall(r"=(..)", w[10:-2]))).decode() is not None for w in words
    )


@QUICK
@given(TEXTS, TEXTS)
@example(".\n..\n.", "a \n\tb\n")
@example("x" * 75 + ".\n.", "x" * 76 + ".")
def test_bodies_survive(text: str, html: str) -> None:
    """Both bodies are read back as they were, save empty lines at the end."""
    plain, page = (
        "\n".join(clean(line) for line in one.split("\n")).rstrip("\n") for one in (text, html)
    )
    raw = alternative([], mail_id="a@b", text=plain, html=page)

    read = _read(raw)

    assert b"\r\n.\r\n" not in raw
    assert (f"{plain}\n", f"{page}\n") == _parts(read)
    assert [] == _defects(read)


@QUICK
@given(TEXTS)
def test_wrapping_keeps_every_word(text: str) -> None:
    """Lines are at most 72 wide unless a single word is longer, and no word is lost."""
    words = clean(text)

    wrapped = wrap(words, "* ", "  ")

    assert words.split() == wrapped.removeprefix("* ").split()
    assert all(len(line) <= 72 or " " not in line[2:] for line in wrapped.split("\n"))


def test_days_are_never_broken_over_lines() -> None:
    """In HTML a no-break space holds a date together; the text part has plain spaces."""
    letter = compose_letter(some_facts(), BASE_URL)
    html = _parts(_read(mail_of(some_facts())))[1]

    assert "fre\u00a027\u00a0feb" in html
    assert "fre 27 feb" in text_of(letter, installation=INSTALLATION)
    assert "\u00a0" not in letter.subject


def test_html_is_what_old_mail_programs_show() -> None:
    """The HTML says its language, has tables that are only layout marked as such, and neither
    image, script, form, link to a style sheet nor float."""
    html = _parts(_read(mail_of(FACTS["reminder-digest"])))[1]
    tags = set(_html(html).tags)

    assert '<html lang="sv"' in html
    assert not tags & {"img", "script", "form", "link", "iframe", "object", "svg"}
    assert "float" not in html.partition("<body")[2]
    assert html.count("<table") == html.count("<table role") + html.count('<table width="100%"')


def test_instant_is_told_in_utc() -> None:
    """Date is the instant the mail was put, whatever zone it came in."""
    at = datetime.fromisoformat("2009-02-24T07:30:00+01:00")

    mail = _read(mail_of(some_facts(put_at=at)))

    assert datetime(2009, 2, 24, 6, 30, tzinfo=UTC) == mail["Date"].datetime
    assert str(mail["Date"]).endswith("+0000")
