"""Mails as people read them, one file each, in both languages.

After a wanted change: BEREDNING_UPDATE_GOLDEN=1 pytest tests/notifications/test_golden.py
"""

import os
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from notifications.writing import writer
from tests.notifications.letters import BASE_URL, FACTS, INSTALLATION, SENDER, mail_of

GOLDEN = Path(__file__).parent / "golden"
HEADERS = (
    "From",
    "To",
    "Reply-To",
    "Date",
    "Message-ID",
    "References",
    "Auto-Submitted",
    "X-Beredning-Kind",
    "X-Beredning-Round",
    "X-Beredning-For",
    "Content-Language",
)
REDIRECTED = "redirected"
WITH_HTML = frozenset(
    {
        "reminder",
        "reminder-digest",
        "reminder-hostile",
        "escalation",
        "assignment",
        "returned",
        "decision",
        "decision-fates",
        "decision-report",
        "incident-no-holder",
        REDIRECTED,
        "dates",
        "extension-asked",
        "nudge",
        "comment",
    }
)


def _equals(file: Path, actual: str) -> None:
    """Compare with the golden file, or write it when asked to."""
    if os.environ.get("BEREDNING_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(actual, encoding="utf-8", newline="\n")
    expected = file.read_text(encoding="utf-8") if file.exists() else ""

    assert expected == actual, f"{file.name} differs; BEREDNING_UPDATE_GOLDEN=1 writes it anew"


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _content(file: EmailMessage) -> str:
    return bytes(file.get_payload(decode=True)).decode()  # type: ignore[arg-type]


def _compare(name: str, language: str, written: bytes) -> None:
    """Compare a mail, made readable, with its golden files."""
    mail = message_from_bytes(written, policy=default)
    text, html = (_part(mail, kind) for kind in ("plain", "html"))
    headers = [f"{header}: {mail[header]}" for header in HEADERS if mail[header]]
    files = [f"[{file.get_filename()}]\n{_content(file)}" for file in mail.iter_attachments()]
    readable = "\n".join([f"Subject: {mail['Subject']}", *headers, "", text, *files])
    _equals(GOLDEN / f"{name}.{language}.txt", readable)
    if name in WITH_HTML:
        _equals(GOLDEN / f"{name}.{language}.html", html)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", FACTS)
def test_mail_reads_as_its_golden_file(name: str, language: str) -> None:
    """Every kind of mail says, word for word, what its golden file says."""
    written = mail_of(replace(FACTS[name], language=language))

    _compare(name, language, written)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_redirected_mail_says_whom_it_was_for(language: str) -> None:
    """Where every mail goes to one address, each says in three places whom it was for."""
    facts = replace(FACTS["reminder"], language=language, organisation=INSTALLATION)
    write = writer(base_url=BASE_URL, sender=SENDER, redirect_to="prov@region.example")

    finished = write(facts)

    assert "prov@region.example" == finished.to
    _compare(REDIRECTED, language, finished.body)


def test_golden_files_are_all_in_use() -> None:
    """No golden file is left behind by a mail that is no longer written."""
    expected = {
        f"{name}.{language}.txt" for name in (*FACTS, REDIRECTED) for language in ("sv", "en")
    }
    expected |= {f"{name}.{language}.html" for name in WITH_HTML for language in ("sv", "en")}

    assert expected == {file.name for file in GOLDEN.iterdir()}
