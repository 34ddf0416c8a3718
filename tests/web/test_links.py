"""Links in mails: whoever got one can open it, it signs nobody in, and it changes nothing."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import Auth, Config, Mode
from beredning.practice.example import example_organisation, write_csv
from beredning.practice.simulate import Setting, simulate
from tests.service.worlds import load_process
from tests.web.browsing import BASE, HERE
from tests.web.everyone import CLIENT, QUIET
from web.site import make_site

UNITS: Final = 34
"""So many verksamheter make more than 500 mails in a year."""
LINK: Final = re.compile(r"https?://[^\s<>\"]+")
OPEN: Final = ("/tillganglighet", "/personuppgifter", "/hjalp", "/logga-in", "/demo")
"""Pages that are there for who has not signed in."""


@dataclass
class Year:
    """A whole year that was played, its mails, and the pages over it."""

    client: TestClient
    raw: sqlite3.Connection
    links: dict[str, set[str]]
    """Paths by the address of whoever got them in a mail."""
    mails: int

    def ask(self, method: str, path: str, secret: str = "") -> Any:
        """Ask as whose secret it is, or as nobody."""
        self.client.cookies.clear()
        headers = {"cookie": f"beredning={secret}"} if secret else {}
        return self.client.request(method, path, headers=headers, follow_redirects=False)

    def sign_in(self, email: str) -> str:
        """Give the secret of a new session."""
        self.client.cookies.clear()
        answer = self.client.post(
            "/demo/jag-ar", data={"email": email}, headers=HERE, follow_redirects=False
        )
        return str(answer.cookies["beredning"])

    def picture(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give every row, those of who was here left out but for how many sessions there are."""
        names = self.raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {
            name: self.raw.execute(f"SELECT * FROM {name}").fetchall()
            for (name,) in names
            if name not in QUIET
        }
        found["sessions"] = self.raw.execute(
            "SELECT digest, person_id, ended_at FROM sessions"
        ).fetchall()
        return found


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """A year from its opening to the decision, a third of it late."""
    folder = tmp_path_factory.mktemp("year")
    revision = load_process()
    write_csv(example_organisation(revision.definition, units=UNITS), folder / "org")
    setting = Setting(year=2010, org=folder / "org", out=folder / "out", late=0.3, seed=7)
    simulate(revision, setting)
    file = folder / "out" / "rehearsal.db"
    config = Config(
        auth=Auth(mode=Mode.DEMO),
        database={"url": f"sqlite:///{file}"},  # type: ignore[arg-type]  # read by pydantic
        mail={"outbox_dir": folder / "out" / "mail"},  # type: ignore[arg-type]  # read by pydantic
    )
    links: dict[str, set[str]] = {}
    mails = sorted((folder / "out" / "mail").glob("*.eml"))
    for mail in mails:
        message = message_from_bytes(mail.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        links.setdefault(_recipient(message), set()).update(_paths(message))
    site = make_site(App(config=config))
    raw = sqlite3.connect(file, check_same_thread=False)
    with TestClient(site, base_url=BASE, raise_server_exceptions=False, client=CLIENT) as client:
        yield Year(client, raw, links, len(mails))
    raw.close()


def _recipient(message: EmailMessage) -> str:
    return str(message["to"].addresses[0].addr_spec)


def _paths(message: EmailMessage) -> set[str]:
    """Give the paths of all links of ours, in text and HTML alike."""
    found = set()
    for part in message.walk():
        if part.get_content_maintype() == "text":
            for link in LINK.findall(part.get_content()):
                parts = urlsplit(link.rstrip(".,;:!?)"))
                if parts.netloc.startswith("localhost"):
                    found.add((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return found


def test_there_are_mails_enough(year: Year) -> None:
    """500 at least, with links to cases, to many people."""
    paths = {path for paths in year.links.values() for path in paths}

    assert 500 <= year.mails
    assert 50 < len(year.links)
    assert 30 < len({path for path in paths if path.startswith("/arenden/")})


def test_whoever_got_a_link_can_open_it(year: Year) -> None:
    """For every recipient of every mail, each link in it answers them; or the mail lied."""
    wrong = []
    for email, paths in sorted(year.links.items()):
        secret = year.sign_in(email)
        for path in sorted(paths):
            answer = year.ask("GET", path, secret)
            if answer.status_code != 200:
                wrong.append(f"{email}: {path} {answer.status_code}")

    assert [] == wrong


def test_no_link_changes_anything(year: Year) -> None:
    """Every link of every mail, with GET and HEAD, as whoever got it and as nobody: not a row
    is otherwise, no session has begun, no mail was put, and the chains are as long as before."""
    secrets = {email: year.sign_in(email) for email in sorted(year.links)}
    before = year.picture()

    for path in sorted({path for paths in year.links.values() for path in paths}):
        for method in ("GET", "HEAD"):
            year.ask(method, path)
    for email, secret in secrets.items():
        for path in sorted(year.links[email]):
            for method in ("GET", "HEAD"):
                year.ask(method, path, secret)

    after = year.picture()
    assert [] == [name for name in before if before[name] != after[name]]


def test_no_link_signs_anybody_in(year: Year) -> None:
    """Who is not signed in is led to the sign-in and back, and gets no cookie."""
    wrong = []
    for path in sorted({path for paths in year.links.values() for path in paths}):
        answer = year.ask("GET", path)
        led = answer.headers.get("location", "").startswith("/logga-in")
        if answer.status_code != 303 or not led or "set-cookie" in answer.headers:
            wrong.append((path, answer.status_code, answer.headers.get("location")))

    assert [] == [one for one in wrong if not one[0].startswith(OPEN)]
