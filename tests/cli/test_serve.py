"""`serve`: it begins only with what may be served, answers, works, and ends in order."""

import json
import os
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from beredning.app import App
from beredning.config import Config
from tests.cli.conftest import Terminal
from tests.conftest import Place
from tests.support.programs import PATIENCE_S, Process
from workflow.store.workers import list_workers

ABOUT = {
    "REGION": "Region Alvmark",
    "CONTACT": "Processledningen",
    "CONTACT_EMAIL": "hjalp@alvmark.example",
    "CONTACT_PHONE": "08-465 004 10",
    "DATA_OFFICER": "ombud@alvmark.example",
    "ACCESSIBILITY": "fully",
    "ASSESSED_ON": "2026-02-02",
    "ASSESSED_HOW": "självskattning",
    "UPDATED_ON": "2026-02-02",
    "FEEDBACK_URL": "https://alvmark.example/synpunkter",
}


def free_port() -> int:
    """Give a port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# ---- what is refused -------------------------------------------------------------------


def reasons(terminal: Terminal, *words: str, **settings: str) -> list[str]:
    """Give why `serve` does not begin."""
    terminal.env |= {f"BEREDNING_{name}": value for name, value in settings.items()}
    error = terminal.refused("serve", *words)
    return [one["message"] for one in error["reasons"]] or [error["message"]]


def test_without_a_database(terminal: Terminal) -> None:
    """What is missing is said, with the command that makes it."""
    (why,) = reasons(terminal)

    assert "beredning init" in why
    assert not Path("beredning.db").exists()


def test_a_database_of_another_schema(terminal: Terminal) -> None:
    """One that an upgrade waits for is not served."""
    terminal.do("init")
    database = App(config=Config(database={"url": "sqlite:///beredning.db"})).database
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    database.close()

    (why,) = reasons(terminal)

    assert "beredning upgrade" in why


def test_a_demo_is_for_a_rehearsal_on_this_machine(terminal: Terminal) -> None:
    """Every setting by which others could be anybody is named; none is begun with."""
    terminal.do("init")

    found = reasons(
        terminal,
        AUTH__MODE="demo",
        WEB__HOST="0.0.0.0",  # noqa: S104 - what is refused
        WEB__BASE_URL="http://demo.region.example",
        WEB__HOSTS="demo.intern",
        WEB__PROXIES="10.1.2.3",
    )

    assert 5 == len(found)
    for key in ("rehearsal", "web.host är", "web.base_url är", "web.hosts är", "web.proxies"):
        assert any(key in one for one in found), key


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_has_several_names(terminal: Terminal, host: str) -> None:
    """A demo may listen at each of them; here it only lacks a rehearsal."""
    terminal.do("init")

    (why,) = reasons(terminal, AUTH__MODE="demo", WEB__HOST=host)

    assert "init --rehearsal" in why


def test_tls_demands_what_the_law_asks(terminal: Terminal) -> None:
    """With https each empty key of [about] is named; when they are filled in, none is."""
    terminal.do("init")

    found = reasons(terminal, WEB__BASE_URL="https://beredning.region.example")
    terminal.env |= {f"BEREDNING_ABOUT__{name}": value for name, value in ABOUT.items()}
    terminal.env["BEREDNING_ABOUT__CONTACT_PHONE"] = ""
    left = reasons(terminal)

    named = {one.split()[0] for one in found}
    assert {f"about.{key.lower()}" for key in ABOUT} - {"about.accessibility"} <= named
    assert ["about.contact_phone"] == [one.split()[0] for one in left]


def test_the_regions_sign_in_has_its_settings(terminal: Terminal) -> None:
    """Without issuer and client nobody could sign in."""
    terminal.do("init")

    found = reasons(terminal, AUTH__MODE="oidc")

    assert ["auth.issuer", "auth.client_id"] == [one.split()[0] for one in found]


def test_proxies_are_addresses(terminal: Terminal) -> None:
    """A name would never be equal to where a request comes from, and nobody would notice."""
    terminal.do("init")

    found = reasons(terminal, WEB__PROXIES="10.1.2.0/24, proxy.intern, *")

    assert ["”proxy.intern”", "”*”"] == [one.split()[0] for one in found]


def test_a_port_that_is_taken(terminal: Terminal) -> None:
    """It is said which, before anything is begun."""
    terminal.do("init")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        (why,) = reasons(terminal, WEB__PORT=str(port))

    assert f"Porten {port} på 127.0.0.1 är upptagen" in why
    assert [] == json.loads(terminal.run("health", "--json").stdout)["workers"]["alive"]


def test_an_address_that_is_not_ours(terminal: Terminal) -> None:
    """Nobody can listen at another machine's address."""
    terminal.do("init")

    (why,) = reasons(terminal, WEB__HOST="192.0.2.7")

    assert "192.0.2.7 är ingen adress på den här datorn" in why


def test_several_processes_need_a_server(terminal: Terminal) -> None:
    """On SQLite one process is at a time."""
    terminal.do("init")

    (why,) = reasons(terminal, "--workers", "2")

    assert "PostgreSQL" in why


# ---- as a process ----------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    """Where it listens."""
    return free_port()


@pytest.fixture
def start(place: Place, tmp_path: Path, port: int) -> Iterator[Callable[..., Process]]:
    """Start servers on one installation; none is left behind."""
    app = App(config=Config(database={"url": place.url}))
    app.install(rehearsal=False)
    app.database.close()
    started: list[Process] = []
    settings = {
        "BEREDNING_DATABASE__URL": place.url,
        "BEREDNING_MAIL__OUTBOX_DIR": str(tmp_path / "mail"),
        "BEREDNING_WEB__PORT": str(port),
    }

    def begin(*words: str, **more: str) -> Process:
        started.append(Process(tmp_path, {**settings, **more}, "serve", *words))
        return started[-1]

    yield begin
    for one in started:
        one.kill()


def get(port: int, path: str) -> tuple[int, str]:
    """Ask for a page."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - ours
        return answer.status, answer.read().decode()


def half_a_request(port: int) -> socket.socket:
    """Send a form whose last bytes do not come yet."""
    other = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    other.sendall(
        b"POST /logga-in HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nemail"
    )
    sleep(0.3)  # so that it has been read, and is under way
    return other


def test_it_serves_works_and_ends_in_order(
    place: Place, port: int, start: Callable[..., Process], terminal: Terminal
) -> None:
    """Pages are answered, the worker beats and is seen by `health`; at SIGTERM the request
    under way is finished, the worker notes its end, and the exit code is 0. No line of the
    log has a query."""
    process = start("--json")
    process.hear("serving")
    process.hear("checkpoint")
    terminal.env |= {"BEREDNING_DATABASE__URL": place.url}

    status, page = get(port, "/hjalp?namn=Astrid")
    health = terminal.read("health")
    other = half_a_request(port)
    process.popen.send_signal(signal.SIGTERM)
    sleep(0.3)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    other.sendall(b"=x")
    answer = other.recv(65536).decode()
    other.close()
    code = process.popen.wait(PATIENCE_S)

    assert (200, True) == (status, "<h1>" in page)
    assert (True, 1) == (health["ok"], len(health["workers"]["alive"]))
    assert answer.startswith("HTTP/1.1 403")
    assert 0 == code
    assert True is process.hear("worker_ends")["drained"]
    with place.open().read() as connection:
        (row,) = list_workers(connection)
    assert row.stopped_at is not None
    asked = [one for one in process.said if one.get("event") == "request"]
    assert ("GET", "/hjalp", 200) == tuple(asked[0][key] for key in ("method", "route", "status"))
    assert "Astrid" not in json.dumps(process.said)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_second_signal_ends_it_at_once(port: int, start: Callable[..., Process]) -> None:
    """A request that hangs keeps nobody waiting who has said so twice."""
    process = start("--no-work")
    process.hear("serving")
    other = half_a_request(port)

    began = monotonic()
    process.popen.send_signal(signal.SIGTERM)
    sleep(0.5)
    waits = process.popen.poll() is None
    code = process.end(signal.SIGTERM)

    assert True is waits
    assert -signal.SIGTERM == code
    assert monotonic() - began < 10
    other.close()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_pages_without_work(place: Place, port: int, start: Callable[..., Process]) -> None:
    """With --no-work nothing ticks, and there may be work beside it also on SQLite."""
    process = start("--no-work")
    process.hear("serving")
    worker = Process(Path.cwd(), {"BEREDNING_DATABASE__URL": place.url}, "work", "--once")

    code = worker.popen.wait(PATIENCE_S)
    worker.kill()

    assert 0 == code
    assert 200 == get(port, "/hjalp")[0]
    assert 0 == process.end(signal.SIGINT)
    with place.open().read() as connection:
        assert 1 == len(list_workers(connection))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_second_one_on_the_same_file(start: Callable[..., Process]) -> None:
    """It is told who works there, and does not begin."""
    first = start()
    first.hear("serving")
    second = start("--json", BEREDNING_WEB__PORT=str(free_port()))

    assert 1 == second.popen.wait(PATIENCE_S)
    error = json.loads(second._lines.get(timeout=PATIENCE_S))["error"]
    assert "locked" == error["code"]
    assert f"pid {first.popen.pid}" in error["message"]


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_several_processes_share_a_port(
    place: Place, port: int, start: Callable[..., Process]
) -> None:
    """Each works; one that dies is replaced; a signal ends all of them in order."""
    process = start("--workers", "2")
    workers = [process.hear("worker_begins")["worker"] for _ in range(2)]
    wait_for(lambda: answers(port))

    os.kill(int(workers[0].split(":")[1]), signal.SIGKILL)
    workers.append(process.hear("worker_begins")["worker"])
    code = process.end(signal.SIGTERM)

    assert 3 == len(set(workers))
    assert 0 == code
    with place.open().read() as connection:
        ended = {one.name: one.stopped_at is not None for one in list_workers(connection)}
    assert {workers[0]: False, workers[1]: True, workers[2]: True} == ended


def answers(port: int) -> bool:
    """Say whether a page is answered."""
    try:
        return get(port, "/hjalp")[0] == 200
    except OSError:
        return False


def wait_for(holds: Callable[[], Any]) -> None:
    """Wait until something holds."""
    until = monotonic() + PATIENCE_S
    while not holds():
        assert monotonic() < until
        sleep(0.1)
