"""Separation of duties sees everyone who signed, as the stored log tells it."""

from datetime import date
from pathlib import Path

import pytest

from tests.service.worlds import local
from tests.support.clock import Clock
from tests.support.definitions import HEAD, case_of, revision_of
from tests.support.organisation import GRANTS, write_organisation
from tests.support.organisation import email as address_of
from tests.support.worlds import open_world
from workflow.core.errors import Refused
from workflow.core.facts import Place
from workflow.service import acts, opening
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.store.database import Database

FOLLOWED = HEAD + case_of(
    '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
    'transition.justera = { title = "J", to = "b", signatures = 2 }\n'
    '[case.omgang.state.b]\ntitle = "B"\nby = "justerare"\nbody = "namnd"\n'
    'transition.c = { title = "C", to = "klar", other_than = ["justera"] }\n'
)


def test_nobody_who_signed_goes_on_alone(database: Database, tmp_path: Path) -> None:
    """Neither the first signer, nor the one they signed for, nor the last; a third may."""
    grants = [*GRANTS, ("utan", Place("justerare", "namnd"))]
    clock = Clock(local("2009-03-02"))
    world = open_world(database, write_organisation(tmp_path / "org", grants=grants), clock)
    root = f"{opening.open_round(world, revision_of(FOLLOWED, head=''), year=2010)['round']}.omgang"
    day = date(2009, 3, 2)
    lent = Appointment(person=address_of("jana"), by=address_of("dag"), from_on=day, to_on=day)
    substituting.appoint(world, lent)

    def press(key: str, name: str) -> str:
        wish = acts.Wish(case=root, transition=key, email=address_of(name))
        return str(acts.act(world, wish)["to"])

    press("justera", "dag")
    press("justera", "jon")

    for name in ("dag", "jana", "jon"):
        with pytest.raises(Refused) as caught:
            press("c", name)
        assert ["own_work"] == [one.code for one in caught.value.reasons]
    assert "klar" == press("c", "utan")
