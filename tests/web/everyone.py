"""Everybody there can be before one and the same round: each role, and who has none.

Each has a person of their own who holds that role and nothing else, besides those of the
invented organisation. Roles at a unit are held at `own`; `other` is a unit of another
driftenhet. The round waits for its underlag: one is handed in, one approved, one has come
back with questions; there are comments, a file, a substitute, reminders and mails.
"""

import csv
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import About, Auth, Config, Mode
from tests.service.worlds import ROOT, Stage, invent, load_process, make_stage
from tests.web.browsing import BASE, HERE
from web.safety import form_token
from web.site import make_site
from workflow.service import attaching, clockwork, commenting, extending
from workflow.service.attaching import FileWish
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.store.database import Database

__all__ = ["ABOUT", "NOBODY", "PERSONAS", "ROLES", "Everyone", "Subject", "gather"]

ABOUT: Final = About(
    region="Region Alvmark",
    contact="Beredningens stöd",
    contact_email="stod@alvmark.example",
    contact_phone="010-555 01 20",
    data_officer="dataskydd@alvmark.example",
    defects=("Ett påhittat exempel på en brist.",),
    assessed_on="2026-11-22",
    assessed_how="självskattning",
    updated_on="2026-11-22",
    feedback_url="https://alvmark.example/synpunkter",
)
ROLES: Final = tuple(load_process().definition.role)
NOBODY: Final = "utloggad"
SUBSTITUTE: Final = "ersattare"
"""Stands in for the chief of `own`, and has no role."""
ENDED: Final = "avslutad"
"""Was the chief of `own` until yesterday."""
STRANGER: Final = "utan_roll"
PERSONAS: Final = (*ROLES, SUBSTITUTE, ENDED, STRANGER, NOBODY)
TODAY: Final = "2009-02-24"
"""A Tuesday, four days before the underlag are due."""
QUIET: Final = ("sessions", "refusals", "handshakes", "sign_in_delays", "workers")
"""Tables that say who was here and what was turned down: they are no part of the round."""
CLIENT: Final = ("127.0.0.1", 50000)


@dataclass(frozen=True)
class Subject:
    """What an address is about."""

    name: str
    """own, other or round."""
    case: str
    unit: str


@dataclass
class Everyone:
    """The pages, with everybody signed in."""

    stage: Stage
    client: TestClient
    file: Path
    secrets: dict[str, str]
    """Of each persona's session."""
    subjects: dict[str, Subject]
    pristine: Path
    raw: sqlite3.Connection = field(init=False)
    """Looks at the database past the program."""
    tables: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.raw = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
        names = self.raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        self.tables = [name for (name,) in names.fetchall() if name not in QUIET]

    # ---- asking -------------------------------------------------------------------------

    def get(self, who: str, path: str, *, method: str = "GET") -> Any:
        """Ask for a page as somebody, and go nowhere else."""
        return self._send(method, path, who)

    def post(
        self,
        who: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] = HERE,
        **more: Any,
    ) -> Any:
        """Send a form as somebody, with their own token unless another is among the fields."""
        fields = {"token": self.token(who), **(fields or {})}
        return self._send("POST", path, who, data=fields, headers=dict(headers), **more)

    def token(self, who: str) -> str:
        """What the forms of somebody carry."""
        return form_token(self.secrets[who]) if who in self.secrets else ""

    def _send(self, method: str, path: str, who: str, **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if who in self.secrets:
            headers["cookie"] = f"beredning={self.secrets[who]}"
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)

    # ---- what has changed ---------------------------------------------------------------

    @property
    def version(self) -> int:
        """A number that is another once anything has been written at all."""
        return int(self.raw.execute("PRAGMA data_version").fetchone()[0])

    def picture(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give every row, and of those who are here only who is signed in."""
        found = {name: self.raw.execute(f"SELECT * FROM {name}").fetchall() for name in self.tables}
        found["sessions"] = self.raw.execute(
            "SELECT digest, person_id, ended_at FROM sessions"
        ).fetchall()
        return found

    def sessions(self) -> int:
        """Count the sessions there have been."""
        return int(self.raw.execute("SELECT count(*) FROM sessions").fetchone()[0])

    def restore(self) -> None:
        """Put everything back as it was."""
        source = sqlite3.connect(self.pristine)
        source.backup(self.raw)
        source.close()


@contextmanager
def gather(template: Path, folder: Path) -> Iterator[Everyone]:
    """Make a round that is under way, and sign everybody in to its pages."""
    file = folder / "everyone.db"
    shutil.copy(template, file)
    revision = load_process()
    people = invent(revision, folder / "org", units=12)
    own, other = _two_units([(u.key, u.kind, u.parent) for u in people.units])
    _add_people(folder / "org", own, people.units)
    database = Database(f"sqlite:///{file}")
    stage = make_stage(database, revision, people, folder / "org", folder / "mail")
    _play(stage, own, other)
    with _open(stage, file) as client:
        yield _gathered(stage, client, folder, own, other)
    database.close()


def _gathered(stage: Stage, client: TestClient, folder: Path, own: str, other: str) -> Everyone:
    pristine = folder / "pristine.db"
    secrets = {who: _sign_in(client, who) for who in PERSONAS if who != NOBODY}
    stage.end_grant("verksamhetschef", own, email_of(ENDED))
    subjects = {
        "own": Subject("own", stage.case("underlag", own), own),
        "other": Subject("other", stage.case("underlag", other), other),
        "round": Subject("round", ROOT, "alvmark"),
    }
    made = Everyone(stage, client, folder / "everyone.db", secrets, subjects, pristine)
    copy = sqlite3.connect(pristine)
    made.raw.backup(copy)
    copy.close()
    return made


def email_of(who: str) -> str:
    """Give somebody's address."""
    return f"{who}@alla.example"


def _two_units(units: list[tuple[str, str, str | None]]) -> tuple[str, str]:
    """Give a verksamhet, and one of another driftenhet."""
    leaves = [(key, parent) for key, kind, parent in units if kind == "verksamhet"]
    first, above = leaves[0]
    return first, next(key for key, parent in leaves if parent != above)


def _add_people(folder: Path, own: str, units: Any) -> None:
    """Add somebody for each role, and those who have none."""
    roles = load_process().definition.role
    parents = {one.key: one.parent for one in units}
    near = {"verksamhet": own, "driftenhet": parents[own]}
    kinds = {one.kind: one.key for one in reversed(units)} | near
    with (folder / "people.csv").open("a", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened, lineterminator="\n")
        for who in (*ROLES, SUBSTITUTE, ENDED, STRANGER):
            title = roles[who].title if who in roles else who.replace("_", " ")
            rows.writerow([f"alla-{who}", email_of(who), f"Vera {title}", "sv", ""])
    with (folder / "grants.csv").open("a", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened, lineterminator="\n")
        for who in ROLES:
            rows.writerow([email_of(who), who, kinds[roles[who].at[0]], "", ""])
        rows.writerow([email_of(ENDED), "verksamhetschef", own, "", ""])


def _play(stage: Stage, own: str, other: str) -> None:
    """Let this and that happen, so that every page has something to show."""
    stage.begin_groundwork()
    handed, approved, back, extended = [
        one for one in stage.units("verksamhet") if one not in (own, other)
    ][:4]
    stage.put("2009-02-10")
    for unit in (handed, approved, back):
        stage.hand_in(unit)
    stage.approve(approved)
    asked = {"questions": ["Vad kostar det?", "Vem gör det?"]}
    stage.act(stage.case("underlag", back), "aterlamna", stage.boss(back), data=asked)
    extending.ask(
        stage.world,
        stage.case("underlag", extended),
        date(2009, 3, 6),
        reason="Vikarien slutade.",
        email=stage.chief(extended),
    )
    limits = attaching.Limits(file_bytes=10**6, case_bytes=10**7)
    for unit in (own, other):
        case, email = stage.case("underlag", unit), stage.chief(unit)
        wish = FileWish(case=case, name="underlag.txt", content=b"Ett underlag.\n", email=email)
        attaching.attach(stage.world, wish, limits)
        commenting.comment(stage.world, case, "En kommentar.", email=email)
    appointment = Appointment(
        person=stage.chief(own),
        by=email_of(SUBSTITUTE),
        from_on=date(2009, 2, 10),
        to_on=date(2009, 3, 31),
    )
    substituting.appoint(stage.world, appointment, email=None)
    stage.put(TODAY)
    clockwork.tick(stage.world)
    clockwork.compose(stage.world)
    stage.post()


def _open(stage: Stage, file: Path) -> TestClient:
    config = Config(
        auth=Auth(mode=Mode.DEMO),
        about=ABOUT,
        database={"url": f"sqlite:///{file}"},  # type: ignore[arg-type]  # read by pydantic
        mail={"outbox_dir": stage.outbox},  # type: ignore[arg-type]  # read by pydantic
    )
    site = make_site(App(config=config), stage.world)
    return TestClient(site, base_url=BASE, raise_server_exceptions=False, client=CLIENT)


def _sign_in(client: TestClient, who: str) -> str:
    client.cookies.clear()
    answer = client.post(
        "/demo/jag-ar", data={"email": email_of(who)}, headers=HERE, follow_redirects=False
    )
    return str(answer.cookies["beredning"])
