"""Released lists through the years: proved by the log, byte for byte, and disposed of."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.lists import ROOT
from tests.support.organisation import email
from tests.support.releases import ReleaseRound, open_releases
from workflow.service.reading.published.released import list_released, read_file, read_released
from workflow.service.releasing import withdraw_release
from workflow.service.running.disposal import Kind, Wish, dispose
from workflow.store.database import Database
from workflow.store.proof.verify import verify


@pytest.fixture
def released(database: Database, tmp_path: Path) -> ReleaseRound:
    """A round with a list that was released twice, and the first withdrawn."""
    a_round = open_releases(database, tmp_path)
    a_round.decide()
    first = a_round.release()
    a_round.release(introduction="Andra.")
    withdraw_release(a_round.world, ROOT, first, email=email("lena"), reason="Fel.")
    return a_round


def _problems(one: ReleaseRound) -> list[str]:
    with one.world.database.read() as connection:
        return [found.problem for found in verify(connection).problems]


def _change(one: ReleaseRound, sql: str) -> None:
    with one.world.database.write() as connection:
        assert 1 <= connection.execute(text(sql)).rowcount


def test_what_is_untouched_verifies(released: ReleaseRound) -> None:
    """One that everybody reads and one that was withdrawn."""
    assert [] == _problems(released)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE publications SET content = replace(content, '940', '941')"
            " WHERE withdrawn_at IS NULL",
            "content är",
        ),
        ("UPDATE publications SET withdrawn_at = NULL", "withdrawn_at är None"),
        ("UPDATE publications SET withdrawn_at = released_at", "withdrawn_at är"),
        ("UPDATE publications SET released_by = 1", "released_by är 1"),
        ("UPDATE publications SET released_at = '2001-01-01 00:00:00+00'", "released_at är"),
        ("UPDATE publications SET entry = 3", "entry är 3"),
        ("UPDATE publications SET table_key = 'gemensam'", "table_key är gemensam"),
        ("UPDATE publications SET content = ''", "content är"),
        ("DELETE FROM publications", "står i loggen men finns inte"),
        (
            "INSERT INTO publications SELECT 'smuggel', round_id, case_id, table_key, entry,"
            " released_at, released_by, content, NULL FROM publications WHERE entry ="
            " (SELECT max(entry) FROM publications)",
            "smuggel finns inte i loggen",
        ),
    ],
)
def test_what_was_changed_past_the_log_is_found(
    released: ReleaseRound, sql: str, told: str
) -> None:
    """Every column, a list too few and one too many."""
    _change(released, sql)

    assert any(told in problem for problem in _problems(released))


def _dispose(one: ReleaseRound, *kinds: Kind) -> dict[str, int]:
    one.clock.put("2020-01-07")
    wish = Wish(before=date(2020, 1, 1), kinds=frozenset(kinds), decision="dnr 123/2026")
    return dispose(one.world, wish).total()


def test_released_lists_go_by_decision(released: ReleaseRound) -> None:
    """Nobody reads them any more; who released what when stays, and is still proved."""
    made = list_released(released.world)[0].id

    done = _dispose(released, Kind.PUBLICATIONS)

    assert {"publications": 2} == done
    assert () == list_released(released.world)
    assert b"" == read_file(released.world, made).content
    gone = read_released(released.world, made)
    assert (None, None) == (gone.made, gone.withdrawn_at)
    assert [] == _problems(released)
    _change(released, "UPDATE publications SET released_by = 1")
    assert [] != _problems(released)


def test_a_release_outlives_what_the_log_says_of_it(released: ReleaseRound) -> None:
    """With the payloads gone the list is still there, and `verify` says that it is not
    compared."""
    _dispose(released, Kind.PAYLOADS)

    assert 1 == len(list_released(released.world))
    assert [] == _problems(released)
    with released.world.database.read() as connection:
        told = [word for one in verify(connection).disposed for word in one.uncompared]
    assert "frisläppta listor i 1 ärenden" in told
