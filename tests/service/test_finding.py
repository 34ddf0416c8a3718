"""The search: by name and id, and never past what a person may see."""

import pytest

from tests.service.worlds import ROUND, Stage
from workflow.core.errors import NotFound
from workflow.service.reading.finding import MOST, find
from workflow.service.seeing import see_round
from workflow.store.rounds import list_cases


def unit_name(stage: Stage, unit: str) -> str:
    """Give a unit's name."""
    return next(one.name for one in stage.people.units if one.key == unit)


def name_of(stage: Stage, email: str) -> str:
    """Give a person's name."""
    return next(one.name for one in stage.people.people if one.email == email)


def test_a_unit_is_found_with_its_case_and_its_chief(groundwork: Stage) -> None:
    """In upper or lower case, by a part of the name or by the id."""
    unit = groundwork.units("verksamhet")[0]
    name, case = unit_name(groundwork, unit), groundwork.case("underlag", unit)

    by_name = find(groundwork.world, groundwork.leader, name.upper()[:6])
    by_id = find(groundwork.world, groundwork.leader, case)
    by_person = find(
        groundwork.world, groundwork.leader, name_of(groundwork, groundwork.chief(unit))
    )

    assert (case, unit) == (by_name.cases[0].case, by_name.units[0].unit)
    assert "Utkast" == by_name.cases[0].state
    assert [case] == [one.case for one in by_id.cases]
    assert f"Verksamhetschef, {name}" in by_person.people[0].roles


def test_what_one_may_not_see_is_not_found(groundwork: Stage) -> None:
    """Neither another unit nor its case, nor its chief."""
    unit, other = groundwork.units("verksamhet")[:2]
    chief = groundwork.chief(unit)

    found = [
        find(groundwork.world, chief, words)
        for words in (
            unit_name(groundwork, other),
            groundwork.case("underlag", other),
            name_of(groundwork, groundwork.chief(other)),
        )
    ]

    assert [((), (), ())] * 3 == [(one.cases, one.units, one.people) for one in found]


def test_everybody_finds_what_sight_shows_and_no_more(groundwork: Stage) -> None:
    """A search for what all have in common gives each exactly the cases they see."""
    wrong = []
    for person in groundwork.people.people:
        with groundwork.world.database.read() as connection:
            try:
                seen = see_round(groundwork.world, connection, ROUND, person.email)
            except NotFound:
                continue
            cases = {one.id for one in list_cases(connection, ROUND) if seen.sight.sees(one)}
        found = {one.case for one in find(groundwork.world, person.email, ROUND).cases}
        if found != cases:
            wrong.append(person.email)

    assert [] == wrong


def test_the_round_is_no_reason_to_find_those_at_its_top(groundwork: Stage) -> None:
    """Everybody sees the round itself; who works at its unit is found by those who see that."""
    director = name_of(groundwork, groundwork.holder("landstingsdirektor"))
    chief = groundwork.chief(groundwork.units("verksamhet")[0])

    assert () == find(groundwork.world, chief, director).people
    assert 1 == len(find(groundwork.world, groundwork.leader, director).people)


@pytest.mark.parametrize("words", ["", " ", "a", " x "])
def test_one_letter_is_too_little(groundwork: Stage, words: str) -> None:
    """Nothing is searched for, and that is said."""
    found = find(groundwork.world, groundwork.leader, words)

    assert (True, ()) == (found.too_short, found.cases)


@pytest.mark.parametrize("words", ["%", "__", "' OR 1=1 --", "\\", "(.*)", "[a-z]"])
def test_no_sign_means_more_than_itself(groundwork: Stage, words: str) -> None:
    """There are no wildcards, in no language."""
    found = find(groundwork.world, groundwork.leader, words)

    assert ((), (), ()) == (found.cases, found.units, found.people)


def test_more_than_a_page_is_said_to_be_more(groundwork: Stage) -> None:
    """At most so many of each kind, and a word that there are more."""
    few = find(groundwork.world, groundwork.leader, ROUND)
    columns = "round_id, kind, unit, parent, opened_in, started, occasion, state, version"
    rest = "opened_at, entered_at, ended_at"
    for number in range(MOST):
        groundwork.change(
            f"INSERT INTO cases (id, {columns}, {rest}) SELECT id || :n, {columns}, {rest}"
            " FROM cases WHERE id = :c",
            n=f".{number}",
            c=groundwork.case("underlag", groundwork.units("verksamhet")[0]),
        )

    many = find(groundwork.world, groundwork.leader, ROUND)

    assert (15, False) == (len(few.cases), few.more)
    assert (MOST, True) == (len(many.cases), many.more)
