"""A party of one body that has no member in another is told to those who lead; it stops nothing."""

from tests.service.worlds import Stage
from workflow.service import opening
from workflow.service.reading.rounds.round import read_round_page


def members(stage: Stage, body: str) -> list[str]:
    """Give the addresses of the members of a body."""
    return [one.email for one in stage.people.grants if one.unit == body]


def alone_in_council(stage: Stage) -> str:
    """Give a member of fullmäktige who does not sit in the steering group."""
    others = set(members(stage, "politisk_styrgrupp"))
    elected = stage.holders("fortroendevald", "fullmaktige")
    return next(one for one in elected if one not in others)


def test_with_a_member_of_each_party_nothing_is_told(stage: Stage) -> None:
    """The invented organisation has them all."""
    assert () == read_round_page(stage.world, stage.round, stage.leader).unrepresented


def test_a_party_without_a_member_is_told_to_who_leads(stage: Stage) -> None:
    """By name, with both bodies; to nobody else."""

    with stage.world.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE people SET party = 'NYTT' WHERE email = '{alone_in_council(stage)}'"
        )

    (told,) = read_round_page(stage.world, stage.round, stage.leader).unrepresented

    assert ("NYTT",) == told.parties
    assert told.body.startswith("Politiska styrgruppen")
    other = stage.chief(stage.units("verksamhet")[0])
    assert () == read_round_page(stage.world, stage.round, other).unrepresented


def test_it_is_told_when_a_round_opens(bare: Stage) -> None:
    """The answer says so, and the round is open all the same."""
    with bare.world.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE people SET party = 'NYTT' WHERE email = '{alone_in_council(bare)}'"
        )

    told = opening.open_round(bare.world, bare.revision, year=2010)

    assert [("NYTT",)] == [one["parties"] for one in told["missing_parties"]]
    assert "prioritering-2010" == told["round"]
