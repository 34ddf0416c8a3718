"""`serve`: pages and work in one process, or pages in several.

web      the pages, answered by uvicorn
worker   tick, delivery, checkpoint; in the same event loop, between uvicorn's start and end

The first signal ends in order: no new requests, those under way finish, the worker's
delivery drains and its end is noted. The second ends at once.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network
from logging import getLogger
from pathlib import Path
from socket import socket
from types import FrameType
from urllib.parse import urlsplit

from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from beredning import logs, worker
from beredning.app import App
from beredning.config import Config, Mode, read_config
from beredning.listening import PATIENCE_S, Listener, give_up, settings_of
from beredning.practice.travel import TimeMachine
from beredning.worker import BEATS, Beats, Work
from web.about import lacking
from web.site import make_site
from workflow.core.errors import BadInput, Reason
from workflow.store.occupation import occupy

__all__ = ["Serving", "check", "check_several", "serve", "serve_in_several"]

logger = getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How one process serves."""

    works: bool = True
    """It also ticks and delivers; otherwise `beredning work` does, somewhere else."""
    beats: Beats = BEATS
    machine: TimeMachine | None = None
    """The demo's."""


# ---- before anything begins ------------------------------------------------------------


def check(config: Config, *, rehearsal: bool) -> None:
    """See that the settings may be served.

    Raises: BadInput with every reason why not.
    """
    faults = [
        *_about(config),
        *_sign_in(config),
        *_proxies(config),
        *(_demo(config, rehearsal=rehearsal) if config.auth.mode is Mode.DEMO else ()),
    ]
    if faults:
        more = f" ({len(faults) - 1} till)" if len(faults) > 1 else ""
        raise BadInput(faults[0].sv + more, faults[0].en, reasons=faults)


def check_several(app: App) -> None:
    """See that several processes may serve.

    Raises: BadInput on SQLite.
    """
    if app.database.file is not None:
        raise BadInput(
            "På SQLite går bara en process åt gången. Ta bort --workers, eller byt till"
            " PostgreSQL.",
            "On SQLite one process is at a time. Leave out --workers, or change to PostgreSQL.",
        )


def _about(config: Config) -> Iterator[Reason]:
    if config.web.base_url.startswith("https://"):
        for key in lacking(config):
            yield Reason(
                "about",
                f"{key} är tom. Sidorna om tillgänglighet och personuppgifter kräver den.",
                f"{key} is empty. The pages about accessibility and personal data need it.",
            )


def _sign_in(config: Config) -> Iterator[Reason]:
    if config.auth.mode is Mode.OIDC:
        for key in ("issuer", "client_id"):
            if not getattr(config.auth, key):
                yield Reason(
                    "sign_in",
                    f"auth.{key} är tom. Med auth.mode = oidc kan ingen logga in utan den.",
                    f"auth.{key} is empty. With auth.mode = oidc nobody can sign in without it.",
                )


def _proxies(config: Config) -> Iterator[Reason]:
    for one in config.web.proxies:
        try:
            ip_network(one, strict=False)
        except ValueError:
            yield Reason(
                "proxies",
                f"”{one}” i web.proxies är ingen adress. Skriv till exempel 10.1.2.3 eller"
                " 10.1.2.0/24.",
                f'"{one}" in web.proxies is no address. Write e.g. 10.1.2.3 or 10.1.2.0/24.',
            )


def _demo(config: Config, *, rehearsal: bool) -> Iterator[Reason]:
    """Let nobody but whoever sits at this machine be anybody."""
    if not rehearsal:
        yield Reason(
            "demo",
            "auth.mode = demo låter vem som helst vara vem som helst och går bara i en övning:"
            " en databas gjord med `beredning init --rehearsal`.",
            "auth.mode = demo lets anybody be anybody and is for a rehearsal alone: a database"
            " made with `beredning init --rehearsal`.",
        )
    near = ("web.host", config.web.host), ("web.base_url", _host_of(config.web.base_url))
    for key, host in (*near, *(("web.hosts", one) for one in config.web.hosts)):
        if not _is_here(host):
            yield Reason(
                "demo",
                f"{key} är {host}. Med auth.mode = demo nås sidorna bara från den här datorn:"
                " skriv 127.0.0.1.",
                f"{key} is {host}. With auth.mode = demo the pages are reached from this machine"
                " alone: write 127.0.0.1.",
            )
    if config.web.proxies:
        yield Reason(
            "demo",
            "web.proxies är satt. Med auth.mode = demo får ingen proxyserver stå emellan.",
            "web.proxies is set. With auth.mode = demo no proxy may stand in between.",
        )


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_here(host: str) -> bool:
    """Say whether a name means this machine, whatever a name server says."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# ---- one process -----------------------------------------------------------------------


def serve(app: App, listener: socket, how: Serving) -> None:
    """Serve until a signal. What does not finish in time ends the process with 1.

    Raises: Locked when another process works on the same SQLite file; SchemaError,
        StoreError.
    """
    work = Work.of(app) if how.works else None
    if work is not None and how.machine is not None:
        work.turn = how.machine.turn
    site = make_site(app, machine=how.machine, lifespan=_lifespan(how, work))
    server = Listener(settings_of(site, app.config.web))
    with ExitStack() as held:
        if work is not None:
            held.enter_context(occupy(app.database.file, work.told))
        server.run(sockets=[listener])
    logger.info("serving ends", extra={"event": "serving_ends"})


Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def _lifespan(how: Serving, work: Work | None) -> Lifespan:
    """Give what goes on as long as the server does."""

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        if work is None:
            yield
        else:
            async with worker.at_work(work, how.beats):
                yield
        if how.machine is not None:
            await asyncio.to_thread(how.machine.stop)
        if work is not None and not work.drained:
            give_up()

    return living


# ---- several processes -----------------------------------------------------------------


def serve_in_several(
    config_file: Path | None, app: App, listener: socket, workers: int, how: Serving
) -> None:
    """Serve in several processes that share a port, until a signal; one that dies is replaced."""
    child = partial(_child, config_file, works=how.works)
    _Crew(settings_of(child, app.config.web, workers=workers, factory=True), [listener]).run()
    logger.info("serving ends", extra={"event": "serving_ends"})


class _Crew(Multiprocess):
    """uvicorn's supervisor, which the second signal ends at once with all its processes."""

    def terminate_all(self) -> None:
        """Ask all to end."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._end_at_once)
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for all; end the process with 1 when one does not come."""
        for process in self.processes:
            process.process.join(PATIENCE_S + BEATS.patience + 5)
        in_order = (
            0,
            -signal.SIGTERM,
            -signal.SIGINT,
        )  # uvicorn dies by the signal when all is done
        if any(process.exitcode not in in_order for process in self.processes):
            self._end_at_once()

    def _end_at_once(self, number: int = 0, frame: FrameType | None = None) -> None:
        _ = (number, frame)
        for process in self.processes:
            process.process.kill()
        give_up()


def _child(config_file: Path | None, *, works: bool) -> Starlette:
    """Make the application of one of several processes."""
    logs.begin()
    app = App(config=read_config(config_file))
    how = Serving(works=works)
    return make_site(app, lifespan=_lifespan(how, Work.of(app) if works else None))
