"""Releasing a decided list: who may, when, what stands in it, and that nothing else does."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.service.threads import together
from tests.support.lists import ROOT, ROUND
from tests.support.organisation import PEOPLE, email
from tests.support.releases import DECIDED, ReleaseRound, open_releases
from workflow.core.errors import BadInput, NotFound, Refused, Stale
from workflow.service.reading.published.released import list_released, read_file, read_released
from workflow.service.releasing import LONGEST, ReleaseWish, release, withdraw_release
from workflow.store.database import Database
from workflow.store.deeds import end_of
from workflow.store.proof.verify import verify


@pytest.fixture
def releases(database: Database, tmp_path: Path) -> ReleaseRound:
    """A round in which nothing is filled in yet."""
    return open_releases(database, tmp_path)


@pytest.fixture
def decided(releases: ReleaseRound) -> ReleaseRound:
    """A round that has been decided."""
    releases.decide()
    return releases


def _problems(one: ReleaseRound) -> list[str]:
    with one.world.database.read() as connection:
        return [str(problem) for problem in verify(connection).problems]


def test_a_released_list_holds_what_publish_names(decided: ReleaseRound) -> None:
    """Titles, columns with their levels, rows in order with where they come from, sums."""
    found = read_file(decided.world, decided.release(introduction="Så blev det.")).made

    assert ("Beslut per rad", "Alv", "Prov 2010", "prov") == (
        found.title,
        found.region,
        found.round,
        found.process,
    )
    assert "Så blev det." == found.introduction
    assert ["vad", "hur", "slag", "grad", "tkr", "ord", "utfall", "skal"] == [
        column.key for column in found.columns
    ]
    grade, outcome = found.columns[3], found.columns[6]
    assert (True, False, "Kommunallagen") == (
        grade.unverified,
        outcome.unverified,
        outcome.source,
    )
    assert (("bifall", "Bifall"), ("avslag", "Avslag")) == outcome.levels
    axel = found.rows[1]
    assert (2, "Ett", "plats 2 av 2 hos enheten") == (axel.position, axel.unit, axel.origin)
    assert {
        "vad": "Axel",
        "slag": "bort",
        "grad": "2",
        "tkr": 940,
        "utfall": "avslag",
        "skal": "För få berörs.",
    } == axel.cells
    assert {"tkr": 2110} == found.totals


def test_what_is_not_published_stands_nowhere(decided: ReleaseRound) -> None:
    """Neither a column outside `publish`, nor a person, nor the id of a case or of the round."""
    content = read_file(decided.world, decided.release()).content.decode()

    for hidden in ("Ring Eva Ek", "anteckning", "underlag", ROUND, ROOT, "@", "Ellen", "Lena"):
        assert hidden not in content
    assert {
        "columns",
        "entry",
        "format",
        "introduction",
        "language",
        "process",
        "region",
        "released_at",
        "round",
        "rows",
        "title",
        "totals",
    } == set(json.loads(content))


def test_the_log_has_the_digest_of_what_was_released(decided: ReleaseRound) -> None:
    """Under the entry that the content itself names; `verify` holds the bytes to it."""
    made = decided.release()

    file = read_file(decided.world, made)
    with decided.world.database.read() as connection:
        assert file.made.entry == end_of(connection, ROUND).number
    assert sha256(file.content).hexdigest() == file.digest
    assert [] == _problems(decided)


@pytest.mark.parametrize("who", [name for name in PEOPLE if name not in ("lena", "dag")])
def test_only_who_leads_sees_or_releases_it(decided: ReleaseRound, who: str) -> None:
    """Others are not told that there is such a page; nothing is released."""
    wish = ReleaseWish(case=ROOT, table=DECIDED, email=email(who), seal=decided.preview().seal)

    with pytest.raises(NotFound):
        decided.preview(who)
    with pytest.raises(NotFound):
        release(decided.world, wish)
    assert () == list_released(decided.world)


def test_who_stands_above_the_leader_may_too(decided: ReleaseRound) -> None:
    """Dag is Lena's superior."""
    made = decided.release("dag")

    assert [made] == [one.id for one in list_released(decided.world)]


@pytest.mark.parametrize("table", ["gemensam", "rader", "finns_inte", "", "beslut%00"])
def test_a_table_without_publish_is_no_list_to_release(decided: ReleaseRound, table: str) -> None:
    """Nor is what another case fills in, or nobody."""
    with pytest.raises(NotFound):
        decided.preview(table=table)


def test_an_undecided_list_is_not_released(releases: ReleaseRound) -> None:
    """Neither before the state that edits it, nor in it; the words say where it stands."""
    releases.collect()
    early = releases.preview().refusal
    releases.act("omgang", "klart", "lena")
    releases.settle()
    now = releases.preview().refusal

    assert early and "ärendet står i ”Vägs samman”" in early.sv
    assert now and "kan fortfarande ändras i ”Beslutas”" in now.sv
    with pytest.raises(Refused) as caught:
        releases.release()
    assert ["not_decided"] == [reason.code for reason in caught.value.reasons]
    assert () == list_released(releases.world)


def test_an_empty_list_is_not_released(releases: ReleaseRound) -> None:
    """There is nothing to show."""
    releases.act("omgang", "borja", "lena")
    for unit, chief in (("ett", "ellen"), ("tva", "tove"), ("tre", "trygve")):
        releases.act(f"underlag.{unit}", "lamna_in", chief, rows={"rader": []})
    for area, chief in (("norr", "nora"), ("soder", "sune")):
        releases.act(f"lista.{area}", "lamna", chief)
    releases.act("omgang", "klart", "lena")
    releases.act("omgang", "besluta", "lena")

    with pytest.raises(Refused, match="inga rader"):
        releases.release()


def test_the_preview_warns_of_what_does_not_hold(releases: ReleaseRound) -> None:
    """A check that does not hold, and required cells that are empty, by position."""
    releases.weigh()
    releases.settle({"Knä": {"utfall": "bifall"}, "Axel": {"utfall": "avslag"}})
    releases.act("omgang", "besluta", "lena")

    found = releases.preview()

    told = [reason.sv for reason in found.warnings]
    assert 3 == len(told)
    assert told[0].startswith("Frigör minst 5 000: ")
    assert ["Beslut saknas på plats 3, 4, 5.", "Varför saknas på plats 2."] == told[1:]
    assert ("Svar", "Anteckning") == found.kept


def test_releasing_again_wants_a_change(decided: ReleaseRound) -> None:
    """The very same list is released once; with another introduction it is another one, and
    the former stays and says that there is a newer."""
    first = decided.release()
    with pytest.raises(Refused) as caught:
        decided.release()
    second = decided.release(introduction="Nu med en inledning.")

    assert ["released_already"] == [reason.code for reason in caught.value.reasons]
    assert [second] == [one.id for one in list_released(decided.world)]
    former = read_released(decided.world, first)
    assert former.made
    assert second == former.newer
    assert "" == read_released(decided.world, second).newer
    assert [] == _problems(decided)


def test_two_who_release_at_the_same_instant(decided: ReleaseRound) -> None:
    """One list comes of it; the other is told."""
    seal = decided.preview().seal

    def go(who: str) -> str:
        try:
            return release(
                decided.world, ReleaseWish(case=ROOT, table=DECIDED, email=email(who), seal=seal)
            )
        except Refused:
            return ""

    done = together(lambda: go("lena"), lambda: go("dag"))

    assert 1 == len([one for one in done if one])
    assert 1 == len(list_released(decided.world))
    assert [] == _problems(decided)


def test_only_what_was_shown_is_released(decided: ReleaseRound) -> None:
    """A seal of something else is stale."""
    wish = ReleaseWish(case=ROOT, table=DECIDED, email=email("lena"), seal="0" * 64)

    with pytest.raises(Stale):
        release(decided.world, wish)
    assert () == list_released(decided.world)


def test_an_introduction_has_its_length_and_no_unseen_signs(decided: ReleaseRound) -> None:
    """What turns the reading direction goes; a text that is too long is told of."""
    with pytest.raises(BadInput) as caught:
        decided.release(introduction="a" * (LONGEST + 1))
    made = decided.release(introduction="Hej\u202e\x00 <b>på</b> dig")

    assert ["introduction"] == [reason.code for reason in caught.value.reasons]
    assert "Hej <b>på</b> dig" == read_file(decided.world, made).made.introduction


def test_a_withdrawn_list_shows_nothing(decided: ReleaseRound) -> None:
    """Its address says when; the former is the newest again; doing it twice is doing it once."""
    first = decided.release()
    second = decided.release(introduction="Andra.")
    for _ in range(2):
        withdraw_release(
            decided.world, ROOT, second, email=email("lena"), reason="Ett namn stod i texten."
        )

    gone = read_released(decided.world, second)
    assert gone.made is None
    assert gone.withdrawn_at
    assert b"" == read_file(decided.world, second).content
    assert [first] == [one.id for one in list_released(decided.world)]
    assert [] == _problems(decided)


@pytest.mark.parametrize("who", ["nora", "ellen", "utan"])
def test_only_who_leads_withdraws(decided: ReleaseRound, who: str) -> None:
    """And only with a reason, and only through the case whose list it is."""
    made = decided.release()

    with pytest.raises(NotFound):
        withdraw_release(decided.world, ROOT, made, email=email(who), reason="Bort.")
    with pytest.raises(BadInput):
        withdraw_release(decided.world, ROOT, made, email=email("lena"), reason=" ")
    with pytest.raises(NotFound):
        other = f"{ROUND}.lista.norr"
        withdraw_release(decided.world, other, made, email=email("lena"), reason="Bort.")
    with pytest.raises(NotFound):
        withdraw_release(decided.world, ROOT, "finns-inte", email=email("lena"), reason="Bort.")
    assert [made] == [one.id for one in list_released(decided.world)]
