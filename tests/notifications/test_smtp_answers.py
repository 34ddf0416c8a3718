"""What a relay answers, and what that means for the message, for the relay and for us."""

import asyncio
from base64 import b64encode

import pytest

from notifications.deliver import (
    DeliveryFailure,
    PermanentFailure,
    RelayFailure,
    TemporaryFailure,
    UnclearFailure,
)
from tests.notifications.relays import (
    BODY,
    PASSWORD,
    TO,
    USER,
    mail,
    send_all,
    sender_to,
    sent,
)
from tests.support.certificates import Authority
from tests.support.quick_loop import quickly
from tests.support.smtp_server import Answer, Script, SmtpServer, Step

Kind = type[DeliveryFailure]
Outcome = str | DeliveryFailure
TOO_LONG = "250-" + "x" * 40_000


async def _twice(script: Script) -> tuple[SmtpServer, list[Outcome]]:
    """Send two mails over one lane."""
    async with SmtpServer(script) as server:
        outcomes = await send_all(sender_to(server), [(TO, mail(1)), (TO, mail(2))])
    return server, outcomes


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    "answer",
    [
        "450 4.2.0 Greylisted, try again in 5 minutes",
        "451 4.7.1 Greylisting in action",
        "452 4.3.1 Insufficient system storage",
        "454 4.3.0 Something else",
    ],
)
def test_later(command: str, answer: str) -> None:
    """4xx to a mail is for later, in the relay's own words, and the next mail goes through."""
    server, (first, second) = quickly(_twice({command: [answer]}))

    assert isinstance(first, TemporaryFailure)
    assert not isinstance(first, UnclearFailure)
    assert answer == first.text
    assert "250 2.0.0 Ok: queued as 1" == second
    assert [mail(2)] == [one.body for one in server.received]
    assert 1 == server.connections


@pytest.mark.parametrize("command", ["RCPT", "DATA", "."])
@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 User unknown",
        "551 5.1.6 User has moved",
        "552 5.2.2 Mailbox full",
        "553 5.1.3 Mailbox name not allowed",
        "554 5.7.1 Spam",
        "521 5.3.2 Does not accept mail",
        "556 5.1.10 Null MX",
    ],
)
def test_never(command: str, answer: str) -> None:
    """5xx to a mail is for good, in the relay's own words, and the next mail goes through."""
    server, (first, second) = quickly(_twice({command: [answer]}))

    assert isinstance(first, PermanentFailure)
    assert answer == first.text
    assert "250 2.0.0 Ok: queued as 1" == second
    assert [mail(2)] == [one.body for one in server.received]
    assert 1 == server.connections


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_refused_mail_is_taken_back(command: str) -> None:
    """RSET stands between a refusal and the next mail; after the final dot none is needed."""
    server, _ = quickly(_twice({command: ["550 5.0.0 No"]}))

    begun = [line.split()[0] for line in server.commands]
    assert "RSET" == begun[begun.index("MAIL", 2) - 1]


@pytest.mark.parametrize("answer", ["502 5.5.2 No", "421 4.3.2 Bye", Answer(then="close")])
def test_connection_that_cannot_be_taken_back_is_not_kept(answer: Answer | str) -> None:
    """When RSET fails the refusal stands, and the next mail gets a connection of its own."""
    script: Script = {"RCPT": ["550 5.1.1 No"], "RSET": [answer]}

    server, (first, second) = quickly(_twice(script))

    assert isinstance(first, PermanentFailure)
    assert "250 2.0.0 Ok: queued as 1" == second
    assert 2 == server.connections


@pytest.mark.parametrize("command", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("then", ["stay", "close"])
def test_relay_that_closes_is_no_fault_of_the_mail(command: str, then: str) -> None:
    """421 at any point is the relay's, passes by itself, and the next mail connects anew."""
    said = "421 4.3.2 Service shutting down"

    server, (first, second) = quickly(_twice({command: [Answer(said, then=then)]}))  # type: ignore[arg-type]

    assert isinstance(first, RelayFailure)
    assert not first.lasting
    assert said == first.text
    assert "250 2.0.0 Ok: queued as 1" == second
    assert [mail(2)] == [one.body for one in server.received]
    assert 2 == server.connections


@pytest.mark.parametrize(
    ("script", "lasting"),
    [
        ({"greeting": ["554 5.7.1 You are blocked"]}, True),
        ({"greeting": ["450 4.3.2 Busy"]}, False),
        ({"EHLO": ["550 5.7.1 Bad name"]}, True),
        ({"EHLO": ["502 5.5.1 What"]}, True),
        ({"EHLO": ["451 4.3.0 Later"]}, False),
        ({"MAIL": ["550 5.7.1 Sender refused"]}, True),
        ({"MAIL": ["530 5.7.0 Authentication required"]}, True),
        ({"MAIL": ["553 5.1.8 Unknown domain"]}, True),
        ({"MAIL": ["552 5.3.4 Too large"]}, True),
        ({"RCPT": ["530 5.7.0 Authentication required"]}, True),
        ({"RCPT": ["550 5.1.8 <studsar@region.example>: Sender rejected"]}, True),
        ({"RCPT": ["553 5.1.7 Bad sender"]}, True),
    ],
)
def test_what_is_about_us_is_told_of_the_relay(script: dict[str, list[str]], lasting: bool) -> None:
    """A refusal of our name, address or right stops all mail; a 5xx calls for a person."""
    ((command, (answer,)),) = script.items()

    _, (first, second) = quickly(_twice(script))

    assert isinstance(first, RelayFailure)
    assert lasting == first.lasting
    assert answer == first.text
    assert isinstance(second, str), command


@pytest.mark.parametrize(
    ("answer", "lasting"),
    [
        ("535 5.7.8 Authentication credentials invalid", True),
        ("534 5.7.9 Mechanism too weak", True),
        ("454 4.7.0 Temporary authentication failure", False),
        ("421 4.7.0 Too many tries", False),
    ],
)
def test_refused_sign_in_is_told_of_the_relay(
    authority: Authority, answer: str, lasting: bool
) -> None:
    """It is tried once a connection, by one method, and no mail is begun."""

    async def go() -> tuple[SmtpServer, Outcome]:
        tls = authority.server()
        async with SmtpServer({"AUTH": [answer]}, tls=tls, user=USER, password="x") as server:
            sender = sender_to(
                server, tls="starttls", ca_file=authority.ca_file, user=USER, password=PASSWORD
            )
            return server, await sent(sender)

    server, outcome = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert lasting == outcome.lasting
    assert answer == outcome.text
    assert ["EHLO", "STARTTLS", "EHLO", "AUTH"] == [line.split()[0] for line in server.commands]


@pytest.mark.parametrize("offers", ["", "AUTH GSSAPI NTLM", "AUTH LOGIN", "AUTH=LOGIN"])
def test_sign_in_by_what_is_offered(authority: Authority, offers: str) -> None:
    """LOGIN will do; where nothing of ours is offered it is said, and no mail is begun."""
    script: Script = {"EHLO": [None, f"250-relay.example\n250 {offers or 'HELP'}"]}

    async def go() -> tuple[SmtpServer, Outcome]:
        tls = authority.server()
        async with SmtpServer(script, tls=tls, user=USER, password=PASSWORD) as server:
            sender = sender_to(
                server, tls="starttls", ca_file=authority.ca_file, user=USER, password=PASSWORD
            )
            return server, await sent(sender)

    server, outcome = quickly(go())

    if "LOGIN" in offers:
        assert isinstance(outcome, str)
        assert USER == server.received[0].user
    else:
        assert isinstance(outcome, RelayFailure)
        assert outcome.lasting
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.commands)


@pytest.mark.parametrize(
    "echo",
    [
        "535 5.7.8 {password}",
        "535 5.7.8 no such thing: AUTH PLAIN {plain}",
        "535-5.7.8 {coded}\n535 5.7.8 again {coded}",
    ],
)
def test_password_never_comes_back(authority: Authority, echo: str) -> None:
    """A relay that repeats what it was told does not bring the password into our records."""
    coded = b64encode(PASSWORD.encode()).decode()
    plain = b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    said = echo.format(password="losen-4711", plain=plain, coded=coded)

    async def go() -> Outcome:
        tls = authority.server()
        async with SmtpServer({"AUTH": [said]}, tls=tls, user=USER, password="x") as server:
            secret = "losen-4711" if "{password}" in echo else PASSWORD
            sender = sender_to(
                server, tls="starttls", ca_file=authority.ca_file, user=USER, password=secret
            )
            return await sent(sender)

    outcome = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert outcome.text.startswith("535 5.7.8 ")
    assert "***" in outcome.text
    assert not {"losen-4711", coded, plain} & set(outcome.text.split())


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("550-5.1.1 First\n550-5.1.1 second\n550 5.1.1 third", "550 5.1.1 First 5.1.1 second"),
        ("550 \x1b[31mred\x00\x07 \x85\x9bmarks", "550 [31mred"),
        ("550 \xe5\xe4\xf6", "550 "),
        ("550 " + "x" * 5000, "550 xxxx"),
        ("550", "550"),
    ],
)
def test_answer_is_made_fit_for_people(said: str, text: str) -> None:
    """One line of printable characters, at most 300 of them."""
    _, (first, _) = quickly(_twice({"RCPT": [said]}))

    assert isinstance(first, PermanentFailure)
    assert first.text.startswith(text)
    assert first.text.isprintable()
    assert len(first.text) <= 300


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    "said", ["hej", "99", "25 0", "150 Hmm", "650 x", "", "\xff\xfe\xfd", TOO_LONG]
)
def test_answer_that_is_none_ends_the_connection(command: str, said: str) -> None:
    """What cannot be read is never taken for yes, and nothing after it is trusted."""
    server, (first, second) = quickly(
        _twice({command: [Answer(said or "\n", then="close" if not said else "stay")]})
    )

    kinds: dict[str, Kind] = {"MAIL": RelayFailure, ".": UnclearFailure}
    assert type(first) is kinds.get(command, TemporaryFailure)
    assert isinstance(second, str)
    assert 2 == server.connections


@pytest.mark.parametrize("said", ["354 go on", "334 VXNlcm5hbWU6"])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "."])
def test_answer_to_another_question_ends_the_connection(command: str, said: str) -> None:
    """A relay that is out of step is left; after the final dot that is unclear."""
    server, (first, second) = quickly(_twice({command: [said]}))

    assert type(first) is (UnclearFailure if command == "." else TemporaryFailure)
    assert isinstance(second, str)
    assert 2 == server.connections


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_answer_too_many_is_not_taken_for_the_next(command: str) -> None:
    """A yes in the same packet as the one before never covers a no that comes after it."""
    usual = {"EHLO": "250 relay", "DATA": "354 Go"}.get(command, "250 Ok")
    refused = {"EHLO": "MAIL", "MAIL": "RCPT", "RCPT": "DATA", "DATA": "."}[command]
    script: Script = {command: [f"{usual}\n250 Ok"], refused: ["550 5.7.1 No"] * 2}

    server, outcomes = quickly(_twice(script))

    assert not any(isinstance(one, str) for one in outcomes)
    assert [] == server.received


def test_body_is_not_given_before_it_is_asked_for() -> None:
    """A yes to DATA that is not 354 gets no body."""
    server, (first, second) = quickly(_twice({"DATA": ["250 Ok"]}))

    assert type(first) is TemporaryFailure
    assert mail(1) not in bytes(server.clear)
    assert isinstance(second, str)


@pytest.mark.parametrize("said", ["251 2.1.5 Will forward", "252 2.1.5 Perhaps"])
def test_recipient_that_is_taken_in_other_words_is_taken(said: str) -> None:
    """Every 2xx is a yes (RFC 5321 4.2.1)."""
    server, (first, second) = quickly(_twice({"RCPT": [said]}))

    assert isinstance(first, str)
    assert isinstance(second, str)
    assert 2 == len(server.received)


def test_one_refused_among_many_stops_no_other() -> None:
    """Each mail has one recipient, so a refusal is never half: 1 in 1,000 fails, 999 arrive."""
    gone = "borta@region.example"
    addresses = [gone if number == 617 else f"p{number}@region.example" for number in range(1000)]

    def script(step: Step) -> str | None:
        return "550 5.1.1 User unknown" if gone in step.argument else None

    async def go() -> tuple[SmtpServer, list[Outcome]]:
        async with SmtpServer(script) as server:
            mails = [(to, mail(number)) for number, to in enumerate(addresses)]
            return server, await send_all(sender_to(server), mails)

    server, outcomes = quickly(go())

    assert [617] == [n for n, one in enumerate(outcomes) if isinstance(one, PermanentFailure)]
    assert 999 == sum(isinstance(one, str) for one in outcomes)
    assert [((to,), mail(n)) for n, to in enumerate(addresses) if to != gone] == [
        (one.to, one.body) for one in server.received
    ]
    assert 1 == server.connections


def test_kept_connection_that_the_relay_has_ended_costs_nothing() -> None:
    """A relay that takes two mails a connection gets every mail, and no failure is seen."""
    taken: dict[int, int] = {}

    def script(step: Step) -> Answer | None:
        if step.command == ".":
            taken[step.connection] = taken.get(step.connection, 0) + 1
        enough = taken.get(step.connection, 0) == 2
        polite = step.connection % 2
        if step.command == "MAIL" and enough:
            return Answer("421 4.7.0 Enough" if polite else "", then="close")
        return None

    async def go() -> tuple[SmtpServer, list[Outcome]]:
        async with SmtpServer(script) as server:
            mails = [(TO, mail(number)) for number in range(10)]
            return server, await send_all(sender_to(server), mails)

    server, outcomes = quickly(go())

    assert all(isinstance(one, str) for one in outcomes)
    assert [mail(number) for number in range(10)] == [one.body for one in server.received]
    assert 5 == server.connections


def test_goodbye_unasked_is_heard() -> None:
    """A 421 between two mails, as when a relay is stopped, costs the next mail nothing."""
    script: Script = {
        ".": [Answer("250 2.0.0 Ok", more=Answer("421 4.3.2 Bye", then="close"))],
    }

    server, outcomes = quickly(_twice(script))

    assert all(isinstance(one, str) for one in outcomes)
    assert [mail(1), mail(2)] == [one.body for one in server.received]
    assert 2 == server.connections


def test_server_itself_knows_the_order_of_commands() -> None:
    """The other side of these tests refuses what a real server refuses."""
    lines = ["DATA", "RCPT TO:<a@b.example>", "MAIL FROM:<a@b.example>", "MAIL FROM:<c@d.example>"]

    async def go() -> SmtpServer:
        async with SmtpServer() as server:
            reader, writer = await asyncio.open_connection(server.host, server.port)
            await reader.readline()
            for line in lines:
                writer.write(line.encode() + b"\r\n")
                answers.append((await reader.readline()).decode()[:3])
            writer.close()
            await writer.wait_closed()
        return server

    answers: list[str] = []
    server = quickly(go())

    assert ["503", "503", "250", "503"] == answers
    assert lines == server.commands
    assert BODY not in bytes(server.clear)
