"""`nudge`: who gets a mail is shown, and then they get it."""

import pytest

from tests.cli.conftest import ROUND, Act, People, Terminal

AT = "2009-03-03T12:00:00+01:00"
STEP = ("--kind", "underlag", "--state", "utkast")


@pytest.fixture
def late(act: Act, opened: People) -> People:
    """The round, two days after the last day of the units."""
    act("omgang", "faststall", opened.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")
    act("omgang", "konstituera", opened.of("medicinsk_radgivare"), "2008-11-20T10:00")
    act("omgang", "lamna_uppdrag", opened.of("landstingsdirektor"), "2008-12-03T14:00")
    return opened


def test_shown_then_sent(terminal: Terminal, late: People) -> None:
    """--dry-run lists everybody and sends nothing; without it each gets one mail."""
    leader = late.of("medicinsk_radgivare")
    listed = terminal.read("nudge", ROUND, *STEP, "--dry-run", "--as", leader, "--at", AT)
    waiting = len(terminal.read("outbox"))

    told = terminal.read("nudge", ROUND, *STEP, "--words", "Hör av dig.", "--as", leader)

    assert sorted(late.all("verksamhetschef")) == sorted(told["mailed"])
    assert sorted(told["mailed"]) == sorted(one["email"] for one in listed["recipients"])
    assert len(told["mailed"]) == len(terminal.read("outbox")) - waiting
    said = terminal.do("nudge", ROUND, *STEP, "--dry-run", "--as", leader)
    assert "nej, påmind nyss" in said


def test_only_some(terminal: Terminal, late: People) -> None:
    """--to names them, several times over; who owes nothing is said to get none."""
    one, other, *_ = late.all("verksamhetschef")
    outsider = late.of("registrator")

    said = terminal.do(
        *("nudge", ROUND, *STEP, "--at", AT),
        *(word for email in (one, other, outsider) for word in ("--to", email)),
    )

    assert "2 personer får ett mejl nu." in said
    assert f"{outsider} får inget" in said


@pytest.mark.usefixtures("late")
def test_nobody_left(terminal: Terminal) -> None:
    """Pressed twice, it is refused the second time."""
    terminal.do("nudge", ROUND, *STEP, "--at", AT)

    error = terminal.refused("nudge", ROUND, *STEP)

    assert "Ingen får något mejl" in str(error)
