"""What reaches past one round takes somebody who leads a process, when a person does it."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.service.worlds import Stage
from workflow.core.errors import NoRight
from workflow.service.mail import mailroom
from workflow.service.people import organisation, substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import disposal

DOES: dict[str, Callable[[Stage, str], object]] = {
    "import": lambda stage, email: organisation.bring_in(stage.world, stage.folder, email=email),
    "release": lambda stage, email: mailroom.release(stage.world, email),
    "dispose": lambda stage, email: disposal.dispose(
        stage.world,
        disposal.Wish(
            before=date(2008, 1, 1),
            kinds=frozenset(disposal.Kind),
            decision="dnr 1/2008",
            email=email,
        ),
    ),
    "resend": lambda stage, email: mailroom.resend(
        stage.world, _sent(stage), to="elsewhere@region.example", email=email
    ),
}


def _sent(stage: Stage) -> str:
    return str(stage.rows("SELECT message_id FROM messages WHERE state = 'sent'")[0][0])


@pytest.mark.parametrize("does", DOES)
@pytest.mark.parametrize("role", ["medicinsk_radgivare", "landstingsdirektor"])
def test_who_leads_or_stands_above_may(groundwork: Stage, does: str, role: str) -> None:
    """The process leader may, and the one at the top."""
    groundwork.post()

    done = DOES[does](groundwork, groundwork.holder(role))

    assert done is not None


@pytest.mark.parametrize("does", DOES)
@pytest.mark.parametrize("role", ["verksamhetschef", "driftenhetschef", "registrator"])
def test_others_may_not(groundwork: Stage, does: str, role: str) -> None:
    """Nobody else may, and nothing is changed."""
    groundwork.post()
    before = groundwork.everything()

    with pytest.raises(NoRight) as refused:
        DOES[does](groundwork, groundwork.holder(role))

    assert "utan --as" in refused.value.sv
    assert before == groundwork.everything()


@pytest.mark.parametrize("does", DOES)
def test_a_substitute_of_the_leader_may_not(groundwork: Stage, does: str) -> None:
    """What would outlast the substitution is not lent."""
    groundwork.post()
    chief = groundwork.holder("verksamhetschef")
    today = groundwork.world.today(groundwork.at[0])
    substituting.appoint(
        groundwork.world,
        Appointment(person=groundwork.leader, by=chief, from_on=today, to_on=today),
    )

    with pytest.raises(NoRight):
        DOES[does](groundwork, chief)


def test_before_any_round_it_is_the_operator_alone(bare: Stage) -> None:
    """Nobody leads a process that has had no round; the operator imports without a name."""
    with pytest.raises(NoRight):
        organisation.bring_in(bare.world, bare.folder, email=bare.leader)

    told = organisation.bring_in(bare.world, bare.folder)
    assert [] == [name for part in told.values() for name in part["added"]]
