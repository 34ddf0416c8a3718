"""deliver and outbox: what the operator sees of the mail, and does about it."""

import sqlite3
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROUND, People, Terminal

DUE = "2008-11-10T07:30:00+01:00"
NOBODY = {
    "BEREDNING_SMTP__HOST": "127.0.0.1",
    "BEREDNING_SMTP__PORT": "9",
    "BEREDNING_SMTP__TLS": "none",
}
HELD = "UPDATE installation SET mail_held_at = '2008-11-09 00:00:00.000000'"


def change(sql: str) -> None:
    """Change the database past the program."""
    connection = sqlite3.connect("beredning.db")
    with connection:
        connection.execute(sql)
    connection.close()


def first(terminal: Terminal) -> dict[str, Any]:
    """Give the oldest mail."""
    told: dict[str, Any] = terminal.read("outbox")[0]
    return told


@pytest.mark.usefixtures("opened")
def test_the_outbox_alone_lists_and_filters(terminal: Terminal) -> None:
    """`outbox` is `outbox list`; each filter gives its own."""
    terminal.do("tick", "--at", DUE)
    waiting = terminal.read("outbox", "--waiting")
    terminal.do("deliver")
    change("UPDATE messages SET state = 'failed', error = '550 nej' WHERE id = 1")

    everything = terminal.read("outbox")

    assert everything == terminal.read("outbox", "list")
    assert len(waiting) == len(everything) > 1
    assert ["failed"] == [one["state"] for one in terminal.read("outbox", "--failed")]
    assert [] == terminal.read("outbox", "--waiting")
    assert "550 nej" in terminal.do("outbox", "--failed")
    assert "misslyckat" in terminal.do("outbox")
    assert 2 == terminal.run("outbox", "--failed", "--waiting").exit_code


@pytest.mark.usefixtures("opened")
def test_one_mail_with_its_tries(terminal: Terminal) -> None:
    """A mail is shown with every attempt and its answer, with or without < and >."""
    name = first(terminal)["message_id"]
    before = terminal.read("outbox", "show", name)
    terminal.do("deliver", "--at", DUE)

    told = terminal.read("outbox", "show", f"<{name}>")

    assert ("queued", []) == (before["state"], before["attempts"])
    assert ("sent", [(1, "sent")]) == (
        told["state"],
        [(one["number"], one["outcome"]) for one in told["attempts"]],
    )
    assert (ROUND, None) == (told["round"], told["first"])
    assert "Försök" in terminal.do("outbox", "show", name)
    assert "not_found" == terminal.refused("outbox", "show", "nej@region.example")["code"]


def test_a_relay_that_does_not_answer(terminal: Terminal, ordinary: People) -> None:
    """Mail that cannot leave gives exit 1, says why and when it is tried next, and is there
    to be seen; the next look does not pretend that all is well."""
    leader = ordinary.of("medicinsk_radgivare")
    terminal.do("round", "open", "prioritering", "--year", "2031", "--as", leader)
    name = first(terminal)["message_id"]
    away = Terminal(env=NOBODY)

    error = away.refused("deliver")
    again = away.refused("deliver")

    listed = terminal.read("outbox", "show", name)
    assert "problems" == error["code"] == again["code"]
    assert "127.0.0.1" in error["message"]
    assert "nytt försök" in error["message"]
    assert ("queued", 0) == (listed["state"], listed["attempt"])
    assert "127.0.0.1" in listed["error"]
    assert ["relay"] == [one["kind"] for one in terminal.read("incidents")]


def test_a_mail_is_sent_again(terminal: Terminal, opened: People) -> None:
    """A mail that was sent leaves again under another name, to another address."""
    terminal.do("deliver", "--at", DUE)
    name = first(terminal)["message_id"]
    leader = opened.of("medicinsk_radgivare")

    told = terminal.read(*("outbox", "resend", name, "--to", "prov@region.example", "--as", leader))
    sent = terminal.read("deliver")
    log = terminal.do("log", ROUND)

    assert (name, "prov@region.example") == (told["first"], told["to"])
    assert 1 == sent["sent"]
    assert "mail_resent" in log
    assert "prov@region.example" == terminal.read("outbox", "show", told["message_id"])["to"]
    assert f"på nytt som {told['message_id']}" in terminal.do("outbox", "show", name)
    assert "sent" == terminal.read("outbox", "show", name)["state"]


@pytest.mark.parametrize(
    "to", ["åsa@region.example", "ingen", "", "a@b.example\r\nBcc: x@y.example"]
)
def test_an_address_that_cannot_be_used(terminal: Terminal, opened: People, to: str) -> None:
    """An address that not every server takes is refused, and nothing is put."""
    terminal.do("deliver", "--at", DUE)
    before = terminal.read("outbox")

    error = terminal.refused("outbox", "resend", before[0]["message_id"], "--to", to)

    assert "bad_input" == error["code"]
    assert before == terminal.read("outbox")
    assert opened


@pytest.mark.usefixtures("opened")
def test_a_mail_whose_tries_were_never_kept(terminal: Terminal) -> None:
    """A mail that an older program sent says when, and not that nobody tried."""
    name = first(terminal)["message_id"]
    terminal.do("deliver", "--at", DUE)
    change("DELETE FROM delivery_attempts")

    said = terminal.do("outbox", "show", name)

    assert "skickat 2008-11-10 07:30" in said
    assert "Inget försök" not in said


@pytest.mark.usefixtures("opened")
def test_a_mail_that_waits_is_not_sent_again(terminal: Terminal) -> None:
    """It would come twice."""
    assert (
        "bad_input" == terminal.refused("outbox", "resend", first(terminal)["message_id"])["code"]
    )


def test_mail_held_after_a_restore(terminal: Terminal, opened: People) -> None:
    """Nothing leaves until it is released; a dry run only says how many wait."""
    change(HELD)
    held = terminal.read("deliver", "--at", DUE)
    said = terminal.do("deliver")
    waiting = len(terminal.read("outbox", "--waiting"))

    planned = terminal.read("outbox", "release", "--dry-run")
    released = terminal.read("outbox", "release", "--as", opened.of("medicinsk_radgivare"))
    again = terminal.read("outbox", "release")
    sent = terminal.read("deliver")

    assert 0 == held["sent"]
    assert "outbox release" in said
    assert (waiting, False) == (planned["waiting"], planned["released"])
    assert (waiting, True) == (released["waiting"], released["released"])
    assert (False, None) == (again["released"], again["held_since"])
    assert waiting == sent["sent"]
    assert "mail_released" in terminal.do("log", "installation")
    assert terminal.read("verify")["ok"]


@pytest.mark.usefixtures("opened")
def test_mail_held_by_the_settings(terminal: Terminal) -> None:
    """With mail.hold a release says that the setting still holds."""
    held = Terminal(env={"BEREDNING_MAIL__HOLD": "true"})
    change(HELD)

    said = held.do("outbox", "release")

    assert "mail.hold" in said
    assert "mail.hold" in held.do("deliver", "--at", DUE)
    assert 0 == held.read("deliver")["sent"]
    assert terminal.read("deliver")["sent"] > 0


@pytest.mark.usefixtures("opened")
def test_a_test_system_sends_to_one_address() -> None:
    """With mail.redirect_to every file is for that address and says whom it was for."""
    terminal = Terminal(env={"BEREDNING_MAIL__REDIRECT_TO": "prov@region.example"})

    terminal.do("deliver", "--at", DUE)

    mails = [message_from_bytes(file.read_bytes()) for file in Path("run/mail").glob("*.eml")]
    assert mails
    assert {"prov@region.example"} == {mail["To"] for mail in mails}
    assert all("@alvmark.example" in mail["X-Beredning-For"] for mail in mails)
    assert {"prov@region.example"} == {one["to"] for one in terminal.read("outbox")}
