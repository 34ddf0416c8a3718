"""`incidents` and `bounce`: what waits for a person, and mail that came back."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import ROUND, People, Terminal

BOUNCES = Path(__file__).parents[1] / "notifications" / "bounces"
SAMPLE = "prioritering-2010.underlag.ortopedi#1.assignment.17.20081203080000@5f2c.region.example"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def sent(terminal: Terminal, opened: People) -> dict[str, str]:
    """The first mail of an open round, delivered: {message_id, to}."""
    _ = opened
    terminal.do("deliver")
    found: dict[str, str] = terminal.read("outbox")[0]
    return found


def sample(name: str, sent: dict[str, str]) -> str:
    """Give a sample bounce as if it were of a mail that was sent."""
    raw = (BOUNCES / f"{name}.eml").read_text(encoding="utf-8")
    return raw.replace(SAMPLE, sent["message_id"]).replace(
        "anna.lindqvist@region.example", sent["to"]
    )


def test_a_bounce_is_read_and_listed(terminal: Terminal, sent: dict[str, str]) -> None:
    """What came back is told in words, and the incident says what to do and whom to ask."""
    said = terminal.do("bounce", stdin=sample("postfix-unknown", sent))

    (listed,) = terminal.read("incidents")
    shown = terminal.do("incidents")
    assert f"Mejlet till {sent['to']} kom tillbaka: 550 5.1.1" in said
    assert "bounce" == listed["kind"]
    assert {"name", "email"} == set(listed["contact"])
    assert INSTANT.fullmatch(listed["since"])
    assert None is listed["closed_at"]
    assert all(listed[key] for key in ("who", "what", "answer", "next", "command"))
    for words in (listed["who"], listed["what"], "Nästa steg: Nå", "beredning org import MAPP"):
        assert words in shown


def test_a_bounce_in_a_file_twice(terminal: Terminal, sent: dict[str, str]) -> None:
    """A file does as well; the second time it is known, and that is no error."""
    Path("retur.eml").write_text(sample("qmail", sent), encoding="utf-8")

    first = terminal.read("bounce", "retur.eml")
    second = terminal.do("bounce", "retur.eml")

    assert ("failed", sent["to"], False) == (first["verdict"], first["to"], first["repeated"])
    assert "Det är redan noterat" in second


@pytest.mark.parametrize(
    ("name", "verdict", "says"),
    [
        ("postfix-delayed", "delayed", "är försenat hos mottagaren"),
        ("vacation", "automatic", "Ett automatiskt svar, ingen studs."),
        ("arrived", "arrived", "Ett kvitto på att mejlet kom fram."),
    ],
)
def test_what_is_harmless_ends_well(
    terminal: Terminal, sent: dict[str, str], name: str, verdict: str, says: str
) -> None:
    """Delays, holiday answers and receipts: exit 0, a sentence, and no incident."""
    raw = sample(name, sent)

    assert says in terminal.do("bounce", stdin=raw)
    assert verdict == terminal.read("bounce", stdin=raw)["verdict"]
    assert [] == terminal.read("incidents")


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        ((BOUNCES / "of-another-system.eml").read_bytes(), "not_found", "hör inte till någon av"),
        ((BOUNCES / "a-person-answers.eml").read_bytes(), "problems", "inget besked om ett mejl"),
        (b"", "bad_input", "stdin går inte att läsa som ett mejl"),
        (b"\xff\xfe\x00" * 1000, "bad_input", "går inte att läsa som ett mejl"),
    ],
)
def test_what_is_not_ours_is_refused(
    terminal: Terminal, sent: dict[str, str], raw: bytes, code: str, says: str
) -> None:
    """Another's bounce, a person's answer, no mail at all: exit 1, a sentence, no change."""
    _ = sent

    error = terminal.refused("bounce", stdin=raw)

    assert code == error["code"]
    assert says in error["message"]
    assert [] == terminal.read("incidents")


def test_a_file_that_is_not_there(terminal: Terminal, opened: People) -> None:
    """The file is named."""
    _ = opened

    error = terminal.refused("bounce", "nowhere.eml")

    assert "nowhere.eml går inte att läsa" in error["message"]


def test_a_new_address_solves_it_and_the_list_keeps_it(
    terminal: Terminal, sent: dict[str, str]
) -> None:
    """After the import nothing is open; --closed still shows it, with when it was solved."""
    terminal.do("bounce", stdin=sample("gmail", sent))
    for file in Path("alvmark").iterdir():
        text = file.read_text(encoding="utf-8").replace(sent["to"], "ny@region.example")
        file.write_text(text, encoding="utf-8")

    terminal.do("org", "import", "alvmark")

    assert "Inga stopp." in terminal.do("incidents")
    (solved,) = terminal.read("incidents", "--closed")
    assert INSTANT.fullmatch(solved["closed_at"])
    assert ", löst " in terminal.do("incidents", "--closed", "--round", ROUND)


def test_an_unknown_round_is_refused(terminal: Terminal, opened: People) -> None:
    """A round that is not there is named, and a near one is offered."""
    _ = opened

    error = terminal.refused("incidents", "--round", "prioritering-2011")

    assert "not_found" == error["code"]


def test_an_address_that_not_every_server_takes_is_refused(
    terminal: Terminal, sent: dict[str, str]
) -> None:
    """Whoever sends a mail elsewhere learns what is wrong with the address."""
    error = terminal.refused("outbox", "resend", sent["message_id"], "--to", "åsa@region.example")

    assert "före @ står å" in error["message"]
