"""Papers that are made while somebody waits: whose they are, what they show, what goes wrong."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from documents.making.listing import listing_of, stamp_of
from documents.making.minutes import minutes_of
from documents.making.work import Maker, make_papers
from documents.papers.open_list import make_csv, make_json
from documents.papers.sums import sum_up
from documents.papers.workbook import make_xlsx
from tests.service.threads import together
from tests.support.lists import ROOT, TABLE, ListRound
from tests.support.money import fill_in, number_of, open_money
from tests.support.organisation import email
from workflow.core.errors import BadInput, NotFound
from workflow.service import papers
from workflow.service.papers import Form, PaperWish
from workflow.service.reading.lists.decided import Decided
from workflow.service.reading.lists.listing import read_list
from workflow.service.reading.lists.whole import read_whole_list
from workflow.store.database import Database

NEVER: Callable[[], bool] = lambda: False  # noqa: E731 - a stop that never comes


@pytest.fixture
def money(database: Database, tmp_path: Path) -> ListRound:
    """A round whose common list says what pays for what."""
    return open_money(database, tmp_path)


def _wish(money: ListRound, form: Form = Form.XLSX, who: str = "lena") -> str:
    wished = PaperWish(case=ROOT, table=TABLE, form=form, email=email(who))
    return papers.wish(money.world, wished, money.clock)


def _maker(money: ListRound, worker: str = "a") -> Maker:
    return Maker(world=money.world, clock=money.clock, worker=worker, region="Region Prov")


def _make(money: ListRound, worker: str = "a") -> dict[str, int]:
    return make_papers(_maker(money, worker), NEVER)


# ---- whose -----------------------------------------------------------------------------


def test_a_wish_is_made_and_fetched(money: ListRound) -> None:
    """It waits, is made, says which entry it shows, and is there."""
    paper = _wish(money)
    before = papers.look(money.world, email("lena"), paper).paper
    done = _make(money)

    view, content = papers.fetch(money.world, email("lena"), paper)
    assert (False, False, 0) == (before.begun, before.finished, before.done)
    assert {"made": 1, "failed": 0, "removed": 0} == done
    assert (True, money.page().end.number, 3) == (
        view.paper.finished,
        view.paper.shows,
        view.paper.done,
    )
    assert content.startswith(b"PK")


def test_the_same_wish_is_one_paper(money: ListRound) -> None:
    """Twice by one is one, also at the same instant; another's is another, and so is one of
    a log that has gone on."""
    first = _wish(money)
    at_once = together(*[lambda: _wish(money)] * 4)
    others = _wish(money, who="dag")
    money.move("Palliativt team", 1)

    assert {first} == set(at_once)
    assert first != others
    assert first != _wish(money)


def test_nobody_else_learns_of_it(money: ListRound) -> None:
    """Neither one who reads the case, nor one who does not; nor with a made-up id."""
    paper = _wish(money)
    _make(money)

    for who in ("dag", "ellen", "utan"):
        with pytest.raises(NotFound):
            papers.look(money.world, email(who), paper)
        with pytest.raises(NotFound):
            papers.fetch(money.world, email(who), paper)
    with pytest.raises(NotFound):
        papers.fetch(money.world, email("lena"), "f" * 32)


def test_who_no_longer_reads_the_case_no_longer_has_it(money: ListRound) -> None:
    """The paper is as gone as the page."""
    paper = _wish(money)
    _make(money)
    with money.world.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM grants")

    with pytest.raises(NotFound):
        papers.fetch(money.world, email("lena"), paper)


@pytest.mark.parametrize("who", ["ellen", "utan"])
def test_who_does_not_read_the_list_wishes_for_nothing(money: ListRound, who: str) -> None:
    """As if it were not there."""
    with pytest.raises(NotFound):
        _wish(money, who=who)


@pytest.mark.parametrize("form", ["", "lista.docx", "../lista.pdf"])
def test_a_form_that_there_is_not_is_turned_down(money: ListRound, form: str) -> None:
    """With those that there are."""
    wished = PaperWish(case=ROOT, table=TABLE, form=form, email=email("lena"))

    with pytest.raises(BadInput, match=r"lista\.pdf"):
        papers.wish(money.world, wished, money.clock)


def test_there_is_no_extract_of_what_nobody_decided(money: ListRound) -> None:
    """It is said at once, not by a paper that fails."""
    with pytest.raises(BadInput, match="beslutat"):
        _wish(money, Form.MINUTES)


# ---- when something goes wrong -----------------------------------------------------------


def test_a_worker_that_was_killed_is_replaced(money: ListRound) -> None:
    """Its lease runs out; what it says afterwards is not heard."""
    paper = _wish(money)
    killed = papers.begin(money.world, "killed", money.clock)
    assert killed
    at_once = _make(money, "b")
    money.clock.forward(minutes=6)
    later = _make(money, "b")

    assert (0, 1) == (at_once["made"], later["made"])
    assert not papers.finish(money.world, killed, b"from the grave", 1, money.clock)
    assert not papers.keep(money.world, killed, 2, money.clock)
    assert papers.fetch(money.world, email("lena"), paper)[1].startswith(b"PK")


def test_a_paper_that_kills_its_workers_is_given_up_in_words(money: ListRound) -> None:
    """After the third; whoever wants it may wish for it once more."""
    paper = _wish(money)
    for _ in range(3):
        assert papers.begin(money.world, "a", money.clock)
        money.clock.forward(minutes=6)
    _make(money)
    given_up = papers.look(money.world, email("lena"), paper).paper
    again = _wish(money)
    made = _make(money)

    assert given_up.failed and "3 gånger" in given_up.failed[0]
    assert (paper, 1) == (again, made["made"])


def test_what_the_list_itself_forbids_is_said_at_once(money: ListRound) -> None:
    """A text longer than a cell of a workbook: no second try."""
    with money.world.database.write() as connection:
        long = json.dumps({"vad": "x" * 40_000, "slag": "bort", "tkr": 1})
        connection.exec_driver_sql(
            f"UPDATE material_rows SET cells = '{long}' WHERE table_key = 'rader' AND number = 1"
        )
    paper = _wish(money)
    done = _make(money)

    failed = papers.look(money.world, email("lena"), paper).paper.failed
    assert 1 == done["failed"]
    assert failed and "32767" in failed[0].replace("\u202f", "").replace(" ", "")


def test_two_workers_make_each_paper_once(money: ListRound) -> None:
    """Whoever comes second takes the next."""
    wished = [_wish(money), _wish(money, who="dag")]
    done = together(lambda: _make(money, "a"), lambda: _make(money, "b"))

    assert 2 == sum(one["made"] for one in done)
    for paper, who in zip(wished, ("lena", "dag"), strict=True):
        assert papers.fetch(money.world, email(who), paper)[1]


def test_what_happened_meanwhile_is_in_it_and_said(money: ListRound) -> None:
    """A paper is of the present, and says of which entry."""
    paper = _wish(money)
    money.move("Palliativt team", 1)
    _make(money)

    view, content = papers.fetch(money.world, email("lena"), paper)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    about = dict(book.get_sheet_by_name("Om").to_python()[1:])
    assert (view.paper.entry + 1, money.page().end.number) == (view.paper.shows, view.paper.shows)
    assert str(view.paper.shows) == about["Senaste händelse i loggen"]
    assert "Palliativt team" == book.get_sheet_by_name("Lista").to_python()[1][1]


def test_old_papers_are_removed(money: ListRound) -> None:
    """After a week, not before."""
    paper = _wish(money)
    _make(money)
    money.clock.forward(days=6)
    kept = _make(money)
    money.clock.forward(days=2)
    removed = _make(money)

    assert (0, 1) == (kept["removed"], removed["removed"])
    with pytest.raises(NotFound):
        papers.look(money.world, email("lena"), paper)


# ---- what it shows -----------------------------------------------------------------------


@pytest.mark.parametrize("form", [Form.PDF, Form.PROPOSAL, Form.XLSX])
def test_the_same_list_gives_the_same_bytes(money: ListRound, form: Form) -> None:
    """Made by two for two, days apart."""
    fill_in(money, "Palliativt team", betalas_av=str(number_of(money, "Knä")), forslag="genomfors")
    first = _wish(money, form)
    _make(money)
    money.clock.forward(days=2)
    second = _wish(money, form, who="dag")
    _make(money, "b")

    one = papers.fetch(money.world, email("lena"), first)[1]
    other = papers.fetch(money.world, email("dag"), second)[1]
    assert one == other
    assert one.startswith(b"PK" if form is Form.XLSX else b"%PDF")


@pytest.mark.parametrize("line", [None, 0, 2, 3, 5])
def test_every_form_has_the_same_sums(money: ListRound, line: int | None) -> None:
    """The page, the money, JSON, CSV and the workbook, above the line and as a whole."""
    page = read_list(money.world, email("lena"), ROOT, TABLE)
    listing = listing_of(page, line, "sv")
    made = json.loads(make_json(listing, stamp=stamp_of(page, "")))["sums"]
    sheet = make_csv(listing).decode("utf-8-sig").splitlines()
    book = CalamineWorkbook.from_filelike(io.BytesIO(make_xlsx(listing)))
    last = book.get_sheet_by_name("Enheter").to_python()[-1]

    weighed = page.weighed(line).all
    totals = sum_up(listing)
    assert weighed.net == totals.tkr == made["tkr"] == page.balance(line).left == last[4]
    assert (weighed.freed, weighed.cost) == (totals.freed, totals.cost) == (last[2], last[3])
    assert (made["freed"], made["cost"]) == (weighed.freed, weighed.cost)
    word = "Summa" if line is None else "Ovanför"
    assert f";{weighed.net}" in next(row for row in sheet if row.startswith(word))
    assert page.totals["tkr"] == made["whole_tkr"] == totals.whole_tkr


def test_an_extract_has_a_paragraph_for_each_outcome(money: ListRound) -> None:
    """Rows of one outcome together; what the decision registered stands there."""
    fill_in(money, "Knä", forslag="genomfors")
    fill_in(money, "Axel", forslag="genomfors")
    whole = read_whole_list(money.world, email("lena"), (ROOT, TABLE), "sv")
    decided = Decided(
        entry=1,
        at=whole.page.end.at,
        day=whole.today,
        paragraph="74",
        present=9,
        votes_for=7,
        votes_against=2,
        abstained=None,
        reservations="Per reserverar sig.",
        members=11,
    )

    minutes = minutes_of(replace(whole, decided=decided, body="Nämnden"), region="Prov").minutes

    assert ["§ 74.1", "§ 74.2"] == [one.number for one in minutes.decisions]
    assert "Genomförs, 2 rader" == minutes.decisions[0].title
    assert "plats 1 Knä; plats 2 Axel." in minutes.decisions[0].words
    assert ("9 av 11 ledamöter", "Röster: 7 för, 2 emot.") == (
        minutes.present[0].name,
        minutes.quorum,
    )
    assert ("§ 74", "Per reserverar sig.") == (
        minutes.reservations[0].number,
        minutes.reservations[0].words,
    )


def test_a_stamp_tells_round_entry_and_instant(money: ListRound) -> None:
    """In JSON as fields; without one there are none."""
    page = money.page()
    stamp = stamp_of(page, "Region Prov")

    made = json.loads(make_json(listing_of(page, None, "sv"), stamp=stamp))["log"]
    assert {"round": page.round, "entry": page.end.number} == {
        key: made[key] for key in ("round", "entry")
    }
    assert made["at"].startswith(f"{page.end.at:%Y-%m-%dT%H:%M}")
    other = replace(stamp, entry=stamp.entry + 1)
    assert make_json(listing_of(page, None, "sv"), stamp=other) != make_json(
        listing_of(page, None, "sv"), stamp=stamp
    )
