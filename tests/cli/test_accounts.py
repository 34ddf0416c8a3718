"""`account`: made, listed, taken away; a password is told once and never on the command line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beredning.app import App
from beredning.config import read_config
from tests.cli.conftest import People, Terminal
from workflow.service.signing_in import local, sessions
from workflow.service.signing_in.local import Attempt
from workflow.service.signing_in.sessions import Arrival, SignedIn

OWN = "molnfri hästvagn 7"


def sign_in(email: str, password: str) -> str:
    """Sign in as the pages do; gives the secret."""
    app = App(config=read_config())
    arrival = Arrival(mode="local", browser="Firefox", hours=10)
    try:
        return local.sign_in(app.world, Attempt(email=email, password=password), arrival, app.clock)
    finally:
        app.database.close()


def whose(secret: str) -> SignedIn | None:
    """Say who has a secret."""
    app = App(config=read_config())
    try:
        return sessions.whose(app.world, secret, 60, app.clock)
    finally:
        app.database.close()


@pytest.fixture
def email(ordinary: People) -> str:
    """Somebody in the register of an ordinary database."""
    return ordinary.of("medicinsk_radgivare")


def test_a_made_password_opens(terminal: Terminal, email: str) -> None:
    """It is in the answer, this once; the document says until when it holds."""
    before = datetime.now(UTC)
    told = terminal.read("account", "set", email)

    assert {"email", "name", "password", "made", "until", "sessions_ended"} == set(told)
    until = datetime.fromisoformat(told["until"])
    assert timedelta(days=7) <= until - before < timedelta(days=7, minutes=5)
    who = whose(sign_in(email, told["password"]))
    assert who is not None and who.temporary


def test_it_is_said_in_words(terminal: Terminal, email: str) -> None:
    """Whom, what, until when, and that it is shown this once; then that it is renewed."""
    said = terminal.do("account", "set", email)
    again = terminal.do("account", "set", email)

    name = terminal.read("account", "list")[0]["name"]
    assert said.startswith(f"{name} har fått ett konto: ")
    assert "Det visas bara nu." in said
    assert again.startswith(f"{name} har fått ett nytt lösenord: ")
    assert said.splitlines()[0] != again.splitlines()[0].replace("nytt lösenord", "konto")


def test_a_password_can_be_sent_in_and_is_not_shown(terminal: Terminal, email: str) -> None:
    """By stdin, so that no list of processes has it; and the answer has it neither."""
    result = terminal.run("account", "set", email, "--ask", stdin=f"{OWN}\n".encode())
    told = terminal.read("account", "set", email, "--ask", stdin=f"{OWN}\r\n")

    assert 0 == result.exit_code
    assert OWN not in result.stdout + result.stderr + json.dumps(told)
    assert told["password"] is None
    assert whose(sign_in(email, OWN)) is not None


def test_a_password_is_no_option(terminal: Terminal, email: str) -> None:
    """There is no way to write one on the command line."""
    result = terminal.run("account", "set", email, OWN)

    assert 2 == result.exit_code


@pytest.mark.parametrize("password", ["", "kort", "Sommar2026!!!"])
def test_a_bad_password_is_refused(terminal: Terminal, email: str, password: str) -> None:
    """With what to do, and no account."""
    error = terminal.refused("account", "set", email, "--ask", stdin=f"{password}\n")

    assert "bad_input" == error["code"]
    assert "fyra ord som inte hör ihop" in error["message"]
    assert [] == terminal.read("account", "list")


def test_accounts_are_listed(terminal: Terminal, email: str) -> None:
    """With their keys; in words, too, and when there are none."""
    none = terminal.do("account", "list")
    terminal.do("account", "set", email)

    (told,) = terminal.read("account", "list")
    said = terminal.do("account", "list")

    assert "Inga konton. Gör ett med `beredning account set EMAIL`.\n" == none
    assert {"email", "name", "set_at", "temporary", "until", "second_factor"} == set(told)
    assert (email, True, False) == (told["email"], told["temporary"], told["second_factor"])
    assert f"{email} " in said and "tillfälligt till " in said
    assert "argon2" not in said + json.dumps(told)


def test_removing_ends_everything(terminal: Terminal, email: str) -> None:
    """The account, its sessions; a second time there is none."""
    secret = sign_in(email, terminal.read("account", "set", email)["password"])

    told = terminal.read("account", "remove", email)
    again = terminal.refused("account", "remove", email)

    assert {"email": email, "sessions_ended": 1} == told
    assert whose(secret) is None
    assert "not_found" == again["code"]
    assert "har inget konto. Se `beredning account list`." in again["message"]


def test_signing_out_ends_sessions_and_leaves_the_account(terminal: Terminal, email: str) -> None:
    """And says when there was nothing to end."""
    password = terminal.read("account", "set", email)["password"]
    secrets = [sign_in(email, password) for _ in range(2)]

    said = [terminal.do("account", "sign-out", email) for _ in range(2)]

    assert ["2 inloggningar avslutades.\n", f"{email} var inte inloggad.\n"] == said
    assert [None, None] == [whose(one) for one in secrets]
    assert whose(sign_in(email, password)) is not None


def test_a_code_that_is_not_there_is_not_taken_away(terminal: Terminal, email: str) -> None:
    """It is said in words, with the person's name."""
    terminal.do("account", "set", email)

    error = terminal.refused("account", "reset-code", email)

    assert "refused" == error["code"]
    assert "har ingen kod att ta bort." in error["message"]


@pytest.mark.usefixtures("ordinary")
@pytest.mark.parametrize("verb", ["set", "remove", "reset-code", "sign-out"])
def test_an_unknown_person_is_refused(terminal: Terminal, verb: str) -> None:
    """Each says so, and what to do."""
    error = terminal.refused("account", verb, "ingen@alvmark.example")

    assert "not_found" == error["code"]
    assert "beredning org import" in error["message"]


def test_it_is_told_when_accounts_are_not_used(terminal: Terminal, email: str) -> None:
    """Where people sign in elsewhere an account does nothing, which is said on stderr."""
    Path("config.toml").write_text(
        '[auth]\nmode = "oidc"\nissuer = "https://login.region.example"\nclient_id = "x"\n',
        encoding="utf-8",
    )

    result = terminal.run("account", "set", email)

    assert 0 == result.exit_code
    assert "Kontot används inte än: auth.mode är oidc, inte local.\n" == result.stderr


def test_the_log_says_who_did_it(terminal: Terminal, email: str) -> None:
    """By the system's user, without the password; and the log verifies."""
    password = terminal.read("account", "set", email)["password"]
    terminal.do("account", "remove", email)

    lines: list[dict[str, Any]] = [
        json.loads(line) for line in terminal.do("log", "installation", "--json").splitlines()
    ]

    accounts = [one for one in lines if one["kind"] == "account"]
    assert ["made", "removed"] == [one["payload"]["what"] for one in accounts]
    assert all(one["via"] == "command" and one["entry"]["os_user"] for one in accounts)
    assert password not in json.dumps(lines)
    terminal.do("verify")
