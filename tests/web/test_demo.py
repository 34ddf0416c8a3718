"""The demo: a round in full swing, being anybody, the time machine, and the mail."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from beredning import worker
from beredning.app import App
from beredning.config import Config, Mode
from beredning.practice import demo
from beredning.practice.memory import recall
from beredning.practice.travel import Destination, Others, TimeMachine
from processes.registry import Registry
from tests.service.worlds import Stage, local
from tests.web.browsing import BASE, Guest, Page, visit_of, words
from web.routes import ROUTES
from web.site import make_site
from workflow.core.errors import BadInput
from workflow.core.guards import NAMED
from workflow.core.revision import Revision
from workflow.service import acts, views
from workflow.service.reading.demo.faces import Why
from workflow.service.reading.demo.lineup import lineup_of
from workflow.service.running import evidence
from workflow.store import log
from workflow.store.mailbox import list_sent, list_since

HERE = ("127.0.0.1", 50000)
ROUND = "prioritering-2027"
BEGINS = local("2026-03-04", "07:45")
LONG_AGO = local("2000-01-01")
DEMO = [one for one in ROUTES if one.path.startswith("/demo/")]


@pytest.fixture(scope="module")
def process() -> Revision:
    """The shipped process."""
    return Registry(guards=frozenset(NAMED)).load("prioritering", year=2027)


@pytest.fixture(scope="module")
def made(process: Revision, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of eight verksamheter, to copy."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    demo.build(process, folder, units=8, base_url="http://127.0.0.1:8000")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The same, to do with what one likes."""
    return shutil.copytree(made, tmp_path / "demo")


@pytest.fixture
def app(folder: Path) -> Iterator[App]:
    """The program on it."""
    opened = App(config=demo.settings_of(Config(), folder, 8000))
    yield opened
    opened.database.close()


@pytest.fixture
def machine(app: App, folder: Path) -> Iterator[TimeMachine]:
    """Its time machine."""
    made = TimeMachine(app, folder)
    yield made
    made.stop()


@contextmanager
def browsing(app: App, machine: TimeMachine | None, client: Any = HERE) -> Iterator[Guest]:
    """Open the pages, as somebody at this machine unless another address is given."""
    site = make_site(app, machine=machine)
    with TestClient(site, base_url=BASE, raise_server_exceptions=False, client=client) as one:
        yield Guest(None, one)  # type: ignore[arg-type] # there is no stage, but a demo


@pytest.fixture
def guest(app: App, machine: TimeMachine) -> Iterator[Guest]:
    """Somebody at a browser on this machine."""
    with browsing(app, machine) as one:
        yield one


def clock_of(app: App) -> datetime:
    """Give where the clock of the demo stands."""
    with app.database.read() as connection:
        return app.world.now(connection)


def face_of(app: App, why: Why) -> str:
    """Give the address of who is suggested for a reason."""
    return next(one.email for one in lineup_of(app.world, "sv").faces if one.why is why)


def states(app: App) -> dict[str, str]:
    """Give the state of every case."""
    return {one["case"]: one["state"] for one in views.round_view(app.world, ROUND)["cases"]}


def lines_of(app: App) -> list[tuple[object, object]]:
    """Give number and hash of every line of both chains."""
    with app.database.read() as connection:
        chains = (log.lines(connection, chain) for chain in (log.INSTALLATION, ROUND))
        return [(one["number"], one["hash"]) for chain in chains for one in chain]


# ---- how it is made --------------------------------------------------------------------


def test_it_is_the_same_each_time(process: Revision, made: Path, tmp_path: Path, app: App) -> None:
    """Mails, log and what people have in mind are equal, byte for byte; what was there, whole
    or half made, is in nobody's way."""
    again = tmp_path / "again"
    for left in (again, tmp_path / ".again.part"):
        left.mkdir()
        (left / "rehearsal.db").write_bytes(b"old")
    demo.build(process, again, units=8, base_url="http://127.0.0.1:8000")
    other = App(config=demo.settings_of(Config(), again, 8000))

    mails = [
        {one.name: one.read_bytes() for one in (at / "mail").iterdir()} for at in (made, again)
    ]
    assert mails[0] == mails[1]
    assert lines_of(app) == lines_of(other)
    assert (made / "people.json").read_bytes() == (again / "people.json").read_bytes()
    assert not (tmp_path / ".again.part").exists()
    other.database.close()


def test_a_round_is_in_full_swing(app: App) -> None:
    """A few days past the last day some are late, one was sent back, one asks for more time,
    one post is vacant, somebody stands in, a mail came back; and the log holds."""
    faces = {one.why: one for one in lineup_of(app.world, "sv").faces}
    kinds = {str(one["kind"]) for one in views.incident_list(app.world)}

    assert BEGINS == clock_of(app)
    wanted = {Why.LEADS, Why.ASKED, Why.ASKS, Why.RETURNED, Why.STANDS_IN, Why.LATE, Why.BOUNCED}
    assert wanted <= set(faces)
    assert {Why.COMING, Why.REGISTERS, Why.AUDITS} <= set(faces)
    assert (2, 2) == (faces[Why.RETURNED].count, faces[Why.LEADS].count)
    assert {"no_holder", "bounce"} == kinds
    assert True is evidence.prove(app.world).ok


def test_everybody_can_be_been_once(app: App) -> None:
    """Each person stands under one role, those who are late first."""
    lineup = lineup_of(app.world, "en")

    emails = [one.email for group in lineup.groups for one in group.members]
    lates = [[one.late for one in group.members] for group in lineup.groups]
    assert len(emails) == len(set(emails)) > 50
    assert {one.email for one in lineup.faces} <= set(emails)
    assert all(several == sorted(several, reverse=True) for several in lates)


def test_an_old_one_is_kept_until_the_new_one_is_whole(process: Revision, folder: Path) -> None:
    """What is stopped on the way leaves what was there."""

    def stop(_day: object, _part: float) -> None:
        raise KeyboardInterrupt

    before = (folder / "people.json").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        demo.build(process, folder, units=9, base_url=BASE, watch=stop)

    assert before == (folder / "people.json").read_bytes()


def test_nothing_but_a_demo_is_replaced(process: Revision, folder: Path) -> None:
    """A folder that holds anything of somebody's own is left alone, and said to be."""
    (folder / "budget.xlsx").write_bytes(b"mine")

    with pytest.raises(BadInput, match="budget"):
        demo.build(process, folder, units=8, base_url=BASE)

    assert b"mine" == (folder / "budget.xlsx").read_bytes()
    assert (folder / "rehearsal.db").exists()


# ---- who may come ----------------------------------------------------------------------


def all_demo_addresses(guest: Guest) -> dict[str, int]:
    """Ask for every address of a demo; give how each is answered."""
    found = {}
    for one in DEMO:
        path = one.path.replace("{mail}", "x@y")
        answer = guest.client.request(
            one.method, path, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
        )
        found[f"{one.method} {path}"] = answer.status_code
    return found


@pytest.mark.parametrize("mode", [Mode.LOCAL])
def test_elsewhere_there_are_no_such_addresses(groundwork: Stage, mode: Mode) -> None:
    """Outside demo mode each is as unknown as any other."""
    with visit_of(groundwork, mode) as one:
        found = all_demo_addresses(one)
        unknown = one.get("/demo/finns-inte")

    assert {404} == set(found.values())
    assert len(DEMO) == len(found) >= 6
    assert 404 == unknown.status


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        (("192.0.2.7", 50000), {}),
        (("testclient", 50000), {}),
        (HERE, {"x-forwarded-for": "127.0.0.1"}),
        (HERE, {"forwarded": "for=127.0.0.1"}),
        (HERE, {"x-real-ip": "127.0.0.1"}),
    ],
)
def test_from_another_machine_nobody_is_anybody(
    app: App, machine: TimeMachine, client: Any, headers: dict[str, str]
) -> None:
    """Also one who has got hold of a session here, or who comes through a proxy."""
    with browsing(app, machine) as near:
        near.sign_in(face_of(app, Why.LEADS))
        cookie = near.client.cookies.get("beredning")
    with browsing(app, machine, client) as far:
        far.client.headers.update({**headers, "cookie": f"beredning={cookie}"})

        found = all_demo_addresses(far)
        first = far.get("/")

    assert {404} == set(found.values())
    assert "/logga-in" == first.url
    assert [] == first.soup.find_all("button")


def test_one_is_whoever_one_likes(app: App, guest: Guest) -> None:
    """By a face, by the list, and over again; each time with that person's own pages."""
    leader, other = face_of(app, Why.LEADS), face_of(app, Why.RETURNED)
    first = guest.get("/")

    as_leader = guest.post("/demo/jag-ar", {"email": leader, "token": ""})
    changed = guest.send(as_leader, "Fortsätt som den här personen", email=other)

    assert ("/logga-in", "Vem är du?") == (first.url, first.heading)
    assert "/" == as_leader.url == changed.url
    assert f"Du är {name_of(app, leader)}. Byt" in strip_of(as_leader)
    assert f"Du är {name_of(app, other)}. Byt" in strip_of(changed)
    assert "/admin" in as_leader.links.values()
    assert "/admin" not in changed.links.values()


def name_of(app: App, email: str) -> str:
    """Give somebody's name."""
    members = (one for group in lineup_of(app.world, "sv").groups for one in group.members)
    return next(one.name for one in members if one.email == email)


def strip_of(page: Page) -> str:
    """Give what is read on top of a page."""
    return words(page.soup.find(class_="strip"))


def test_nobody_becomes_somebody_by_another_page(app: App, guest: Guest) -> None:
    """A form from elsewhere, an old one, and a person who does not exist are refused."""
    email = face_of(app, Why.LEADS)
    foreign = guest.client.post(
        "/demo/jag-ar", data={"email": email}, headers={"sec-fetch-site": "cross-site"}
    )
    unknown = guest.post("/demo/jag-ar", {"email": "ingen@alvmark.example", "token": ""})
    guest.sign_in(email)
    old = guest.post("/demo/tid", {"to": "dag", "token": "0" * 64})

    assert (403, 404, 403) == (foreign.status_code, unknown.status, old.status)
    assert BEGINS == clock_of(app)


def test_every_page_opens(app: App, guest: Guest) -> None:
    """Whoever one is, every link that any page shows leads to a page."""
    wrong, seen = {}, set()
    for face in lineup_of(app.world, "sv").faces:
        guest.sign_in(face.email)
        waiting = ["/", "/demo/tid", "/demo/mejl"]
        asked: set[str] = set()
        while waiting and len(asked) < 9:
            path = waiting.pop(0)
            asked.add(path)
            answer = guest.get(path)
            if answer.status != 200:
                wrong[path] = (face.why.value, answer.status)
            # What a mail to somebody else leads to is theirs.
            anchors = answer.soup.select("a[href]:not(pre a)")
            links = {str(one["href"]).partition("#")[0] for one in anchors}
            fresh = sorted(one for one in links if one.startswith("/") and one not in seen)
            waiting += [one for one in fresh if one not in asked and "/original" not in one]
            seen |= {*asked}

    assert {} == wrong


# ---- the time machine ------------------------------------------------------------------


def test_a_day_goes_by(app: App, guest: Guest) -> None:
    """The clock stands in the next morning; the page tells what happened, and which mails
    went, each to be read."""
    guest.sign_in(face_of(app, Why.LEADS))
    before = states(app)

    page = guest.send(guest.get("/"), "En dag fram")

    assert ("/demo/tid", 200) == (page.url, page.status)
    assert "Från ons 4 mars till tors 5 mars" == page.heading
    assert BEGINS + timedelta(days=1) == clock_of(app)
    changed = [case for case, state in states(app).items() if before[case] != state]
    assert changed
    for case in changed:
        assert f"/arenden/{case}" in page.links.values()
    with app.database.read() as connection:
        gone = list_since(connection, BEGINS)
    links = [one for one in page.links.values() if one.startswith("/demo/mejl/")]
    assert len({one.message_id for one in gone}) == len(page.soup.select("ul.lines li")) > 0
    assert {200} == {guest.get(one).status for one in links}


def test_to_the_next_last_day(app: App, machine: TimeMachine, guest: Guest) -> None:
    """It stands in the morning of that day, so that there is time left to do something."""
    guest.sign_in(face_of(app, Why.LEADS))
    ahead = machine.next_deadline()
    assert ahead is not None

    guest.post("/demo/tid", {"to": "sista-dag", "others": "alla", "token": guest.token})
    machine.wait(60)

    assert date(2026, 3, 13) == ahead.on  # the plan says 15 March, a Sunday
    assert local("2026-03-13", "07:45") == clock_of(app)


def test_to_the_end_the_round_is_decided(app: App, machine: TimeMachine, guest: Guest) -> None:
    """On the way its progress is shown, and no other journey begins; at the end the round is
    decided and the log holds. Then there is no end to go to, but days."""
    guest.sign_in(face_of(app, Why.LEADS))
    token = guest.token
    machine.travel(Destination.END, Others.ALL, None)

    under_way = guest.get("/demo/tid")
    second = guest.post("/demo/tid", {"to": "dag", "token": token})
    machine.wait(120)
    told = guest.get("/demo/tid")
    again = guest.post("/demo/tid", {"to": "slut", "token": token})
    one_more = guest.post("/demo/tid", {"to": "dag", "token": token})

    assert ("1", "Klockan ställs fram") == (under_way.headers["refresh"], under_way.heading)
    assert 409 == second.status
    assert "refresh" not in told.headers
    (found,) = views.round_list(app.world)
    assert ("beslutad", True) == (found["state"], found["closed_at"] is not None)
    assert True is evidence.prove(app.world).ok
    assert told.heading.startswith("Från ons 4 mars till ")
    assert "uteblive" in told.words
    assert 409 == again.status
    assert "redan avslutad" in again.words
    assert 200 == one_more.status


def test_ones_own_waits_when_one_wants(app: App, machine: TimeMachine) -> None:
    """With the others acting, what the signed-in person owes is left for them; with nobody
    acting, time does its part and nothing else."""
    person = face_of(app, Why.RETURNED)
    (mine,) = views.task_list(app.world, email=person)
    before = states(app)

    machine.travel(Destination.DAY, Others.NOBODY, person)
    machine.wait(60)
    untouched = states(app)
    for _ in range(4):
        machine.travel(Destination.DAY, Others.REST, person)
        machine.wait(60)

    assert before == untouched
    (left,) = views.task_list(app.world, email=person)
    assert mine["task"] == left["task"]
    assert before != states(app)


@pytest.mark.parametrize("to", ["", "igår", "DAG"])
def test_it_goes_only_where_it_goes(app: App, guest: Guest, to: str) -> None:
    """Anything else is refused in words, and nothing moves. GET moves nothing either."""
    guest.sign_in(face_of(app, Why.LEADS))

    refused = guest.post("/demo/tid", {"to": to, "token": guest.token})
    asked = guest.get("/demo/tid?to=dag&others=alla")

    assert (422, 200) == (refused.status, asked.status)
    assert BEGINS == clock_of(app)


def test_a_day_that_was_cut_off_is_finished(app: App, folder: Path, machine: TimeMachine) -> None:
    """People had acted, and the evening never came: when the demo is opened it ends in the
    next morning, with nothing done twice, and where an undisturbed one would stand."""
    whole = shutil.copytree(folder, folder.with_name("whole"))
    memory = recall(folder, machine._revision.definition)
    memory.cast.chance.seed(f"{memory.seed}-{memory.day}")
    with machine._player(replace(memory, others="alla")) as play:
        play.work(memory.day)
    half = clock_of(app)

    reopened = TimeMachine(app, folder)
    other = App(config=demo.settings_of(Config(), whole, 8000))
    undisturbed = TimeMachine(other, whole)
    undisturbed.travel(Destination.DAY, Others.ALL, None)
    undisturbed.wait(60)

    assert BEGINS < half < BEGINS + timedelta(days=1) == clock_of(app)
    assert states(other) == states(app)
    assert True is evidence.prove(app.world).ok
    assert False is reopened.is_under_way
    other.database.close()


def test_a_demo_that_is_no_demo_is_refused(folder: Path, app: App) -> None:
    """What people had in mind cannot be made up: it is said how one begins anew."""
    (folder / "people.json").write_text('{"round": 3}', encoding="utf-8")

    with pytest.raises(BadInput, match="demo --new"):
        TimeMachine(app, folder)


# ---- the worker beside it --------------------------------------------------------------


def test_the_worker_leaves_a_standing_clock_alone(app: App) -> None:
    """It beats as anywhere, finds nothing to do, and never moves the clock."""
    with app.database.read() as connection:
        before = len(list_since(connection, LONG_AGO))

    once(app)
    told = once(app)

    with app.database.read() as connection:
        after = len(list_since(connection, LONG_AGO))
    assert BEGINS == clock_of(app)
    assert {0} == set(told["tick"].values()) | set(told["deliver"].values())
    assert before == after


def test_mail_about_what_one_does_leaves_at_once(app: App, guest: Guest) -> None:
    """Nobody has to put the clock forward for it. What somebody has written into it is shown
    as it was written: no link leads anywhere but here."""
    person = face_of(app, Why.RETURNED)
    (task,) = views.task_list(app.world, email=person)
    hostile = "<script>x</script> http://localhost:8000//evil.example http://evil.example/x"
    answers = {str(one): "Ja." for one in views.open_questions(app.world, task["case"])}
    wish = acts.Wish(
        case=task["case"],
        transition="inget",
        email=person,
        comment=hostile,
        data={"answers": answers},
    )
    acts.act(app.world, wish)

    told = once(app)

    guest.sign_in(person)
    with app.database.read() as connection:
        (mail,) = list_sent(connection, 0, 10**6, 1)
    page = guest.get(f"/demo/mejl/{quote(mail.message_id)}")
    links = {one.get_text(): one["href"] for one in page.soup.select("pre a")}
    assert BEGINS == mail.at == clock_of(app)
    assert told["deliver"]["sent"] >= 1
    assert "<script>x</script>" in page.words
    assert [] == page.soup.select("main script")
    assert "/" == links["http://localhost:8000//evil.example"]
    assert "http://evil.example/x" in page.words
    assert "http://evil.example/x" not in links
    assert f"/arenden/{task['case']}" in links.values()


def test_the_worker_waits_while_the_clock_moves(app: App) -> None:
    """Its ticks and deliveries are left out while somebody else has the turn."""
    work = worker.Work.of(app)
    turn = AlwaysTaken()
    work.turn = turn

    told = [run(work.tick), run(work.deliver)]

    assert [{}, {}] == told
    assert 2 == turn.asked


class AlwaysTaken:
    """A turn that somebody else has."""

    asked = 0

    def acquire(self, blocking: bool = True) -> bool:
        """Refuse it."""
        assert not blocking
        self.asked += 1
        return False

    def release(self) -> None:
        """Never be asked to."""
        raise AssertionError


def run(job: Callable[[], Any]) -> Any:
    """Do one of a worker's jobs."""
    return asyncio.run(job())


def once(app: App) -> dict[str, Any]:
    """Let a worker do everything once."""
    return dict(run(lambda: worker.work_once(app)))


# ---- the mail --------------------------------------------------------------------------


def test_the_mail_is_read_in_the_demo(app: App, folder: Path, guest: Guest) -> None:
    """Newest first, of one person when asked, page by page; each with its header, its text
    and the file that any mail program opens."""
    guest.sign_in(face_of(app, Why.LEADS))

    everything = guest.get("/demo/mejl")
    older = guest.get(everything.links["Visa äldre"])
    person = everything.soup.select("#till option")[1]
    theirs = guest.get(f"/demo/mejl?till={person['value']}")
    mail = guest.get(next(one for one in theirs.links.values() if one.startswith("/demo/mejl/")))
    file = guest.client.get(mail.links["Hämta som .eml"])

    with app.database.read() as connection:
        newest = list_sent(connection, 0, 10**6, 1)[0]
    first = next(one for one in everything.links.values() if one.startswith("/demo/mejl/"))
    assert newest.message_id == first.removeprefix("/demo/mejl/").replace("%40", "@")
    assert 50 == len(everything.soup.select("main tbody tr"))
    assert older.links.keys().isdisjoint({"none"}) and older.status == 200
    name = words(person).rpartition(" (")[0]
    assert {name} == {words(row.find_all("td")[1]) for row in theirs.soup.select("main tbody tr")}
    read = message_from_bytes(file.content, policy=policy.default)
    assert read["Subject"] == mail.heading
    assert file.content in {one.read_bytes() for one in (folder / "mail").iterdir()}
    assert "attachment" in file.headers["content-disposition"]


def test_links_in_the_mail_work(app: App, guest: Guest) -> None:
    """For whom the mail is, every link of it leads to a page of this demo."""
    person = face_of(app, Why.RETURNED)
    guest.sign_in(person)
    with app.database.read() as connection:
        mails = [one for one in list_since(connection, LONG_AGO) if one.address == person]

    page = guest.get(f"/demo/mejl/{quote(mails[-1].message_id)}")
    links = [str(one["href"]) for one in page.soup.select("pre a")]

    assert links
    assert {200} == {guest.get(one).status for one in links}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/demo/mejl/finns-inte@x", 404),
        ("/demo/mejl/finns-inte@x/original", 404),
        ("/demo/mejl/%00", 404),
        ("/demo/mejl?till=abc", 422),
        ("/demo/mejl?fore=-1", 422),
        ("/demo/mejl?fore=99999999999999999999", 422),
        ("/demo/mejl?till=99999999", 200),
    ],
)
def test_strange_addresses_of_mails(app: App, guest: Guest, path: str, status: int) -> None:
    """What is not there is not there, and what cannot be read is said to be so."""
    guest.sign_in(face_of(app, Why.LEADS))

    assert status == guest.get(path).status


def test_without_a_time_machine(app: App) -> None:
    """`serve` in demo mode, on any rehearsal: one is anybody and reads mail; time stands."""
    opened: AbstractContextManager[Guest] = browsing(app, None)
    with opened as one:
        one.sign_in(face_of(app, Why.LEADS))

        assert 404 == one.get("/demo/tid").status
        assert 200 == one.get("/demo/mejl").status
        assert "Ställ fram klockan" not in strip_of(one.get("/"))


def test_the_strip_speaks_english(app: App, guest: Guest) -> None:
    """Whoever reads English is met in it."""
    members = (one for group in lineup_of(app.world, "sv").groups for one in group.members)
    with app.database.read() as connection:
        english = {
            row[0]
            for row in connection.exec_driver_sql("SELECT email FROM people WHERE language = 'en'")
        }
    person = next(one.email for one in members if one.email in english)
    guest.sign_in(person)

    page = guest.get("/demo/tid")

    assert "The clock of the demo" == page.heading
    assert "Change" in strip_of(page)
    assert "Ställ" not in strip_of(page)
