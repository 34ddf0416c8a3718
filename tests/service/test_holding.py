"""Mail that somebody holds: nothing leaves until it is released, and the log has both."""

import pytest

from tests.service.worlds import Stage
from workflow.core.errors import NoRight
from workflow.service.mail import letters, mailroom
from workflow.service.running import evidence


def kinds(stage: Stage) -> list[str]:
    """Give the kinds of the installation's entries about mail."""
    lines = evidence.log_lines(stage.world, "installation")
    return [str(one["kind"]) for one in lines if str(one["kind"]).startswith("mail_")]


def test_nothing_leaves_while_it_is_held(groundwork: Stage) -> None:
    """What waits goes on waiting; released, it goes."""
    before = mailroom.keep_back(groundwork.world, groundwork.leader)

    assert (None, True) == (before.since, before.waiting > 0)
    assert [] == letters.claim(groundwork.world)
    held = mailroom.release(groundwork.world, groundwork.leader)
    assert (groundwork.at[0], before.waiting) == (held.since, held.waiting)
    assert letters.claim(groundwork.world)
    assert ["mail_held", "mail_released"] == kinds(groundwork)
    assert True is evidence.prove(groundwork.world).ok


def test_held_twice_is_held_once(groundwork: Stage) -> None:
    """The second time nothing is written."""
    mailroom.keep_back(groundwork.world)
    before = groundwork.everything()

    again = mailroom.keep_back(groundwork.world)

    assert True is again.holds
    assert before == groundwork.everything()


@pytest.mark.parametrize("role", ["verksamhetschef", "driftenhetschef", "registrator"])
def test_others_may_not(groundwork: Stage, role: str) -> None:
    """It takes somebody who leads a process."""
    with pytest.raises(NoRight):
        mailroom.keep_back(groundwork.world, groundwork.holder(role))

    assert [] == kinds(groundwork)
