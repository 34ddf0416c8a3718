"""Whoever has a role from outside leaves it when they want to; no other role is left so."""

import pytest

from tests.service.worlds import ROUND, Stage
from workflow.core.errors import NotFound
from workflow.service.people.leaving import assignments_of, leave
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.rounds.round import read_round_page
from workflow.service.running import evidence

EXTERNAL = "prioriteringscentrum"


def own(stage: Stage, email: str) -> int:
    """Give the first role that somebody may leave."""
    return assignments_of(stage.world, email)[0].grant


def grant_of(stage: Stage, email: str) -> int:
    """Give any role that somebody has."""
    return int(
        stage.rows(
            "SELECT g.id FROM grants g JOIN people p ON p.id = g.person_id WHERE p.email = :e",
            e=email,
        )[0][0]
    )


def test_who_leaves_is_out_at_once(groundwork: Stage) -> None:
    """The role ends, the log says so, and the round is no longer theirs to see."""
    email = groundwork.holder(EXTERNAL)
    read_round_page(groundwork.world, ROUND, email)

    leave(groundwork.world, own(groundwork, email), email=email)

    with pytest.raises(NotFound):
        read_round_page(groundwork.world, ROUND, email)
    assert () == assignments_of(groundwork.world, email)
    last = groundwork.rows(
        "SELECT kind, actor FROM entries WHERE chain = 'installation' ORDER BY number DESC LIMIT 1"
    )
    who = groundwork.rows("SELECT id FROM people WHERE email = :e", e=email)[0][0]
    assert [("grant_ended", who)] == last
    assert () == evidence.prove(groundwork.world).problems


def test_the_leader_is_told(groundwork: Stage) -> None:
    """One mail, to whoever leads, that says who and which role."""
    email = groundwork.holder(EXTERNAL)

    leave(groundwork.world, own(groundwork, email), email=email)
    groundwork.post()

    assert {groundwork.leader: 1} == dict(groundwork.mails("left"))


def test_no_other_role_is_left(groundwork: Stage) -> None:
    """A chief has nothing to leave, and asking for it gives nothing away."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    before = groundwork.rows("SELECT * FROM grants ORDER BY id")

    with pytest.raises(NotFound):
        leave(groundwork.world, grant_of(groundwork, chief), email=chief)

    assert () == assignments_of(groundwork.world, chief)
    assert before == groundwork.rows("SELECT * FROM grants ORDER BY id")


def test_nobody_leaves_for_another(groundwork: Stage) -> None:
    """Somebody else's role is as if it were not there, also for the one who leads."""
    key = own(groundwork, groundwork.holder(EXTERNAL))

    for email in (groundwork.leader, groundwork.chief(groundwork.units("verksamhet")[0])):
        with pytest.raises(NotFound):
            leave(groundwork.world, key, email=email)


def test_twice_is_once(groundwork: Stage) -> None:
    """What is left already cannot be left again, and nobody is told twice."""
    email = groundwork.holder(EXTERNAL)
    key = own(groundwork, email)
    leave(groundwork.world, key, email=email)

    with pytest.raises(NotFound):
        leave(groundwork.world, key, email=email)

    groundwork.post()
    assert {groundwork.leader: 1} == dict(groundwork.mails("left"))


def test_from_outside_nobody_sees_drafts_of_others(groundwork: Stage) -> None:
    """Of a case that is being written an external role reads nothing, if it sees it at all."""
    email = groundwork.holder(EXTERNAL)
    for unit in groundwork.units("verksamhet"):
        case = groundwork.case("underlag", unit)
        try:
            page = read_case(groundwork.world, email, case)
        except NotFound:
            continue
        assert page.material is None
