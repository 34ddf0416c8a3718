"""A thousand at once: five who tick on the same instant, and one mail to each person."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import Photo, Stage, invent, make_stage
from workflow.core.errors import Locked
from workflow.core.revision import Revision
from workflow.service import clockwork
from workflow.service.running import evidence
from workflow.store.database import Database

UNITS = 1000


@pytest.fixture(scope="module")
def crowd(
    sqlite_template: Path, revision: Revision, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Photo]:
    """A region of 1,000 verksamheter, each of which owes its underlag."""
    folder = tmp_path_factory.mktemp("crowd")
    file = folder / "crowd.db"
    file.write_bytes(sqlite_template.read_bytes())
    people = invent(revision, folder, units=UNITS)
    database = Database(f"sqlite:///{file}")
    stage = make_stage(database, revision, people, folder, folder)
    stage.begin_groundwork()
    stage.change("UPDATE messages SET state = 'sent'")
    yield Photo.take(stage)
    database.close()


@pytest.fixture
def many(crowd: Photo, database: Database, tmp_path: Path) -> Stage:
    """The same, on each kind of database."""
    return crowd.develop(database, tmp_path / "mail")


def test_five_workers_on_a_thousand_due_tasks(place: Place, many: Stage) -> None:
    """However they meet, each task reminds once, and each person has one mail, at 07:30."""
    workers = [many.another(place.open()) for _ in range(5)]
    many.put("2009-02-25", "07:29")
    early = [many.world]
    clockwork.tick(early[0])
    reminded = Counter(many.reminders())
    many.put("2009-02-25", "07:30")

    done = together(*(lambda one=one: _tick(one) for one in workers))  # type: ignore[misc]

    mails = many.mails("reminder")
    chiefs = {many.chief(unit) for unit in many.units("verksamhet")}
    assert UNITS == len(chiefs) == sum(done)
    assert {("holder-3", "holder", chief): 1 for chief in chiefs} == dict(reminded)
    assert reminded == Counter(many.reminders())
    assert dict.fromkeys(chiefs, 1) == dict(mails)
    assert [] == many.rows("SELECT id FROM reminders WHERE message_id IS NULL")


def test_five_workers_remind_each_once(place: Place, many: Stage) -> None:
    """Five that find a thousand tasks due at the same instant write each rung once, and the
    log explains everything after it."""
    workers = [many.another(place.open()) for _ in range(5)]
    many.put("2009-02-25", "00:00")

    together(*(lambda one=one: _tick(one) for one in workers))  # type: ignore[misc]
    _tick(many)

    assert UNITS == len(many.reminders()) == len(set(many.reminders()))
    assert True is evidence.prove(many.world).ok


def test_one_who_owes_four_hundred(many: Stage) -> None:
    """Who holds 400 units gets one mail about them all, not 400."""
    busy = many.chief(many.units("verksamhet")[0])
    many.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :email)"
        " WHERE role = 'verksamhetschef' AND unit IN"
        " (SELECT unit FROM cases WHERE kind = 'underlag' ORDER BY unit LIMIT 400)",
        email=busy,
    )

    many.put("2009-02-25", "07:30")
    clockwork.tick(many.world)

    assert {1} == set(many.mails("reminder").values())
    assert 400 <= len([email for _, _, email in many.reminders() if email == busy])


def _tick(stage: Stage) -> int:
    """Tick as a worker does: what waits for another is tried again at the next beat."""
    for _ in range(20):
        try:
            return clockwork.tick(stage.world)["mails"]
        except Locked:
            continue
    raise TimeoutError("always locked")
