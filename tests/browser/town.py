"""A small region at its browsers: pages served for real, and people who use them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from beredning.app import App
from beredning.config import About, Auth, Config, Mail, Mode, Web
from tests.service.worlds import Stage
from web.site import make_site

__all__ = ["Town", "open_town", "settings"]

ABOUT = About(
    region="Region Alvmark",
    contact="Beredningens stöd",
    contact_email="stod@alvmark.example",
    contact_phone="010-555 01 20",
    data_officer="dataskydd@alvmark.example",
    defects=("Påhittat exempel på en brist.",),
    assessed_on="2026-11-22",
)


def settings(port: int, outbox: Path, auth: Auth | None = None) -> Config:
    """Give the settings of a demo at a port, or of another way to sign in."""
    return Config(
        auth=auth or Auth(mode=Mode.DEMO),
        web=Web(base_url=f"http://localhost:{port}", port=port),
        mail=Mail(outbox_dir=outbox),
        about=ABOUT,
    )


@dataclass
class Town:
    """Pages that are served, and browsers before them."""

    stage: Stage
    url: str
    chromium: Browser
    server: uvicorn.Server
    thread: threading.Thread
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, email: str = "", **browser: object) -> Page:
        """Give a fresh browser, signed in as somebody; `browser` as for `new_context`.

        Whatever the page's own policy forbids, and every script that fails, is kept in
        `faults` of the page's context.
        """
        context = self.chromium.new_context(
            base_url=self.url,
            locale="sv-SE",
            bypass_csp=False,
            **browser,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        if email:
            self.sign_in(page, email)
        return page

    def sign_in(self, page: Page, email: str) -> None:
        """Be somebody, as the demo lets one: by the form, without its looks."""
        answer = page.request.post(
            "/demo/jag-ar", form={"email": email}, headers={"sec-fetch-site": "same-origin"}
        )
        assert answer.ok, f"{answer.status} {answer.url}"

    def close(self) -> None:
        """Shut the browsers, then the server."""
        for context in self.contexts:
            context.close()
        self.server.should_exit = True
        self.thread.join(10)
        self.stage.world.database.close()


def open_town(stage: Stage, chromium: Browser, auth: Auth | None = None) -> Town:
    """Serve the pages over a stage on a free port."""
    with _free_port() as (listening, port):
        app = App(config=settings(port, stage.outbox, auth))
        config = uvicorn.Config(make_site(app, stage.world), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = monotonic() + 10
        while not server.started:
            assert monotonic() < until, "the pages were not served within 10 s"
            sleep(0.02)
    return Town(stage, f"http://localhost:{port}", chromium, server, thread)


@contextmanager
def _free_port() -> Iterator[tuple[socket.socket, int]]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    yield listening, listening.getsockname()[1]
