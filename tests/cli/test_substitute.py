"""`substitute`: appointed with few words, listed, ended; `act --for` and `tasks` say for whom."""

import json

import pytest

from tests.cli.conftest import ROUND, Act, People, Terminal

DAYS = ("--from", "2008-12-03", "--to", "2009-03-31")
AT = "2008-12-03T15:00:00+01:00"


@pytest.fixture
def owed(act: Act, opened: People) -> People:
    """The round, brought to where every unit owes its underlag."""
    act("omgang", "faststall", opened.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")
    act("omgang", "konstituera", opened.of("medicinsk_radgivare"), "2008-11-20T10:00")
    act("omgang", "lamna_uppdrag", opened.of("landstingsdirektor"), "2008-12-03T14:00")
    return opened


def chiefs(who: People) -> tuple[str, str]:
    first, second, *_ = who.all("verksamhetschef")
    return first, second


@pytest.mark.parametrize("word", [(), ("add",)])
def test_the_short_way_and_the_long(
    terminal: Terminal, owed: People, word: tuple[str, ...]
) -> None:
    """`substitute PERSON --by` is `substitute add PERSON --by`; the answer tells the number."""
    away, by = chiefs(owed)

    told = terminal.read("substitute", *word, away, "--by", by, *DAYS, "--as", away)

    assert {
        "substitution": 1,
        "person": away,
        "substitute": by,
        "role": None,
        "unit": None,
        "from": "2008-12-03",
        "to": "2009-03-31",
    } == told


def test_options_may_come_first(terminal: Terminal, owed: People) -> None:
    """In whatever order a shell's user writes them."""
    away, by = chiefs(owed)

    said = terminal.do("substitute", "--by", by, *DAYS, away)

    assert f"{by} är ersättare för {away} från och med ons 3 dec 2008" in said


def test_list_and_end(terminal: Terminal, owed: People) -> None:
    """Listed with what it is about until it is ended, then only with --all."""
    away, by = chiefs(owed)
    terminal.do("substitute", away, "--by", by, *DAYS, "--role", "verksamhetschef", "--at", AT)
    (listed,) = terminal.read("substitute", "list", "--as", by)

    ended = terminal.read("substitute", "end", "1", "--as", by)

    assert ("current", "verksamhetschef", None) == (
        listed["state"], listed["role"], listed["unit"]
    )  # fmt: skip
    assert (away, by) == (ended["person"], ended["substitute"])
    assert [] == terminal.read("substitute", "list")
    (kept,) = terminal.read("substitute", "list", "--all")
    assert "ended" == kept["state"]
    assert "Inga ersättare." in terminal.do("substitute", "list")


def test_a_day_in_the_substitutes_place(terminal: Terminal, owed: People) -> None:
    """The tasks say for whom, the act says it, and so does the log that is shown."""
    away, by = chiefs(owed)
    terminal.do("substitute", away, "--by", by, *DAYS)
    tasks = {tuple(one["on_behalf_of"]): one for one in terminal.read("tasks", "--as", by)}
    lent = tasks[away,]["case"]

    shown = terminal.do("tasks", "--as", by)
    told = terminal.read("act", lent, "inget", "--comment", "Lugnt år.", "--as", by, "--for", away)
    logged = [json.loads(one) for one in terminal.do("log", ROUND, "--json").splitlines()]

    assert {(), (away,)} == set(tasks)
    assert f"för {away}" in shown
    assert away == told["on_behalf_of"]
    assert (by, away) == (logged[-1]["actor"], logged[-1]["on_behalf_of"])
    assert f"{by} för {away}" in terminal.do("log", ROUND)
    assert terminal.read("verify")["ok"]


def test_for_somebody_else_is_refused(terminal: Terminal, owed: People) -> None:
    """Whom one does not stand in for one cannot act for, and is told so."""
    away, by = chiefs(owed)
    case = terminal.read("tasks", "--as", away)[0]["case"]

    error = terminal.refused("act", case, "inget", "--comment", "X", "--as", by, "--for", away)

    assert "no_right" == error["code"]
    assert "Du är inte ersättare för" in error["message"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("AWAY", "--by", "BY", "--from", "2008-12-02", "--to", "2008-12-09"), "bad_input",
         "det har varit"),
        (("AWAY", "--by", "BY", "--from", "igår", "--to", "2008-12-09"), "bad_input",
         "är ingen dag"),
        (("AWAY", "--by", "xBY", *DAYS), "not_found", "Menade du BY?"),
        (("AWAY", "--by", "BY", *DAYS, "--as", "BY"), "no_right", "utser själv sin ersättare"),
        (("AWAY", "--by", "BY", *DAYS, "--as", "ingen@x.example"), "not_found", "ingen@x.example"),
        (("end", "17"), "not_found", "Det finns inget ersättarskap 17"),
    ],
)  # fmt: skip
def test_what_is_refused(
    terminal: Terminal, owed: People, words: tuple[str, ...], code: str, said: str
) -> None:
    """One document with the code, the reason and what to do."""
    away, by = chiefs(owed)
    spoken = [word.replace("AWAY", away).replace("BY", by) for word in words]

    error = terminal.refused("substitute", *spoken)

    assert code == error["code"]
    assert said.replace("BY", by) in error["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Kommandon"),
        (("--help",), "Ersättare"),
        (("lst",), "Menade du list?"),
        (("a@b.example",), "--by"),
        (("end", "ett"), "heltal"),
        (("--by", "a@b.example"), "saknas"),
    ],
)
def test_wrong_usage_is_told_in_swedish(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    """What is missing or not there, with the way to write it."""
    result = terminal.run("substitute", *words)

    assert said in result.output + result.stderr
    assert result.exit_code in (0, 2)
