"""P5: of N at once one wins; the others are told who; a double click is one transition."""

from uuid import uuid4

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import Stage
from workflow.core.errors import Refused, Stale
from workflow.service.running import evidence


def colleagues(stage: Stage, unit: str, place: Place, count: int) -> list[Stage]:
    """Give as many chiefs of a driftenhet, each with a way in of their own."""
    extra = stage.units("verksamhet")[-count:]
    for other in extra:
        stage.change(
            "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id,"
            " 'driftenhetschef', :unit, '0001-01-01', '9999-12-31' FROM people"
            " WHERE email = :email",
            unit=stage.parent(unit),
            email=stage.chief(other),
        )
    return [stage.another(place.open()) for _ in extra]


@pytest.mark.parametrize("seen", [None, 2], ids=["whatever version", "version seen"])
def test_one_of_many_wins(place: Place, groundwork: Stage, seen: int | None) -> None:
    """Of six colleagues who approve at the same instant one does; five are told who."""
    units = groundwork.units("verksamhet")
    unit, emails = units[0], [groundwork.chief(one) for one in units[-6:]]
    ways = colleagues(groundwork, unit, place, 6)
    groundwork.hand_in(unit)
    case = groundwork.case("underlag", unit)

    found = together(
        *(
            lambda way=way, email=email: way.act(case, "godkann", email, version=seen)
            for way, email in zip(ways, emails, strict=True)
        )
    )

    winners = [answer for answer in found if isinstance(answer, dict)]
    losers = [answer for answer in found if isinstance(answer, Refused | Stale)]
    entry = evidence.log_lines(groundwork.world, groundwork.round)[-1]
    name = groundwork.rows("SELECT name FROM people WHERE email = :one", one=entry["actor"])[0][0]
    assert (1, 5) == (len(winners), len(losers))
    assert {("godkann", name, "godkant", 3)} == {
        (now["last_transition"], now["by"], now["state"], now["version"])
        for now in (dict(one.current or {}) for one in losers)
    }
    assert 5 == groundwork.counts()["refusals"]
    assert True is evidence.prove(groundwork.world).ok


def test_a_double_click_is_one_transition(place: Place, groundwork: Stage) -> None:
    """Six clicks that are one request are one transition and six equal answers."""
    unit = groundwork.units("verksamhet")[0]
    ways = [groundwork.another(place.open()) for _ in range(6)]
    request = str(uuid4())

    found = together(*(lambda way=way: way.hand_in(unit, request_id=request) for way in ways))

    assert [False, *[True] * 5] == sorted(answer["repeated"] for answer in found)
    assert 1 == len({repr({**answer, "repeated": None}) for answer in found})
    assert (
        2
        == groundwork.rows(
            "SELECT version FROM cases WHERE id = :case", case=groundwork.case("underlag", unit)
        )[0][0]
    )
    assert True is evidence.prove(groundwork.world).ok
