"""Mails as people read them, one file each, in both languages.

After a wanted change: BEREDNING_UPDATE_GOLDEN=1 pytest tests/notifications/test_golden.py
"""

import os
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tests.notifications.letters import FACTS, mail_of

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
    "Content-Language",
)
WITH_HTML = frozenset(
    {
        "reminder",
        "reminder-digest",
        "reminder-hostile",
        "escalation",
        "assignment",
        "returned",
        "decision",
        "incident-no-holder",
    }
)


def _equals(file: Path, actual: str) -> None:
    """Compare with the golden file, or write it when asked to."""
    if os.environ.get("BEREDNING_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(actual, encoding="utf-8", newline="\n")
    expected = file.read_text(encoding="utf-8") if file.exists() else ""

    assert expected == actual, f"{file.name} differs; BEREDNING_UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", FACTS)
def test_mail_reads_as_its_golden_file(name: str, language: str) -> None:
    """Every kind of mail says, word for word, what its golden file says."""
    mail = message_from_bytes(mail_of(replace(FACTS[name], language=language)), policy=default)
    text, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    headers = [f"{header}: {mail[header]}" for header in HEADERS if mail[header]]
    readable = "\n".join([f"Subject: {mail['Subject']}", *headers, "", text])

    _equals(GOLDEN / f"{name}.{language}.txt", readable)
    if name in WITH_HTML:
        _equals(GOLDEN / f"{name}.{language}.html", html)


def test_golden_files_are_all_in_use() -> None:
    """No golden file is left behind by a mail that is no longer written."""
    expected = {f"{name}.{language}.txt" for name in FACTS for language in ("sv", "en")}
    expected |= {f"{name}.{language}.html" for name in WITH_HTML for language in ("sv", "en")}

    assert expected == {file.name for file in GOLDEN.iterdir()}
