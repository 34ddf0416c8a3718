"""From a button on a page to the log: the way that every act takes."""

from tests.service.worlds import Stage
from tests.web.browsing import Guest
from workflow.service import views


def test_an_act_goes_from_the_page_to_the_log(guest: Guest) -> None:
    """A chief signs in, finds the underlag, hands in and reads where it stands."""
    stage: Stage = guest.stage
    unit = stage.units("verksamhet")[0]
    guest.sign_in(stage.chief(unit))

    work = guest.get("/")
    case = guest.get(work.links[f"Underlag {_name(stage, unit)}"])
    done = guest.send(case, "Inget att föreslå", **{"inget.comment": "Vi har inget i år."})

    assert 200 == done.status
    with stage.world.database.read():
        state = {c["case"]: c["state"] for c in views.round_view(stage.world, stage.round)["cases"]}
    assert "inlamnat" == state[stage.case("underlag", unit)]


def test_what_one_may_not_see_is_not_there(guest: Guest) -> None:
    """Another unit's underlag answers as an address that does not exist."""
    stage = guest.stage
    mine, other = stage.units("verksamhet")[:2]
    guest.sign_in(stage.chief(mine))

    hidden = guest.get(f"/arenden/{stage.case('underlag', other)}")
    missing = guest.get(f"/arenden/{stage.case('underlag', 'finns_inte')}")

    assert 404 == hidden.status
    assert missing.words == hidden.words


def _name(stage: Stage, unit: str) -> str:
    return next(one.name for one in stage.people.units if one.key == unit)
