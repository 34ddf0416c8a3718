"""Sessions: begun, used, run out, ended; what a browser holds is nowhere in the database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.service.threads import together
from tests.service.worlds import OPENED, Stage
from tests.support.clock import Clock
from workflow.core.errors import NotFound
from workflow.service.running.upkeep import Operator, adopt
from workflow.service.signing_in import accounts, handshakes, sessions
from workflow.service.signing_in.sessions import Arrival, SignedIn
from workflow.store.sessions import put_session

BEGUN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The machine's own clock; the world's stands in 2008."""
IDLE = 60
HOURS = 10


@pytest.fixture
def clock() -> Clock:
    """The machine's clock."""
    return Clock(BEGUN)


def arrival(before: str | None = None, *, mode: str = "local", browser: str = "Firefox") -> Arrival:
    return Arrival(mode=mode, browser=browser, hours=HOURS, before=before)


def whose(stage: Stage, secret: str, clock: Clock) -> SignedIn | None:
    return sessions.whose(stage.world, secret, IDLE, clock)


def digests(stage: Stage) -> set[str]:
    return {row[0] for row in stage.rows("SELECT digest FROM sessions")}


# ---- beginning -------------------------------------------------------------------------


def test_who_signs_in_is_known_by_the_secret(bare: Stage, clock: Clock) -> None:
    """The person as they are, how they came in, from when and until when at the latest."""
    secret = sessions.begin(bare.world, bare.leader, arrival(mode="oidc"), clock)

    who = whose(bare, secret, clock)

    person = bare.rows("SELECT id, name FROM people WHERE email = :who", who=bare.leader)[0]
    assert (
        SignedIn(
            person=person[0],
            email=bare.leader,
            name=person[1],
            language="sv",
            theme=None,
            mode="oidc",
            began_at=BEGUN,
            ends_at=BEGUN + timedelta(hours=HOURS),
        )
        == who
    )


def test_by_id_or_by_address_in_any_case(bare: Stage, clock: Clock) -> None:
    """A person is named either way."""
    person = bare.rows("SELECT id FROM people WHERE email = :who", who=bare.leader)[0][0]
    secrets = [
        sessions.begin(bare.world, name, arrival(), clock) for name in (person, bare.leader.upper())
    ]

    found = [whose(bare, secret, clock) for secret in secrets]

    assert [bare.leader] * 2 == [who.email for who in found if who]


def test_nobody_signs_in_under_an_unknown_address(bare: Stage, clock: Clock) -> None:
    """And nothing is written."""
    with pytest.raises(NotFound):
        sessions.begin(bare.world, "ingen@alvmark.example", arrival(), clock)

    assert set() == digests(bare)


def test_the_secret_is_not_in_the_database(bare: Stage, clock: Clock) -> None:
    """64 hexadecimal digits in the browser; a digest, which opens nothing, in the row."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    (digest,) = digests(bare)

    assert (64, 64) == (len(secret), len(digest))
    assert secret not in repr(bare.everything())
    assert whose(bare, digest, clock) is None


def test_chance_is_asked_for_256_bits_each_time(bare: Stage, clock: Clock) -> None:
    """A secret is two draws of 128 bits of the world's chance, and none of them twice."""
    secrets = [sessions.begin(bare.world, bare.leader, arrival(), clock) for _ in range(3)]

    drawn = [half for one in secrets for half in (one[:32], one[32:])]

    assert 6 == len(set(drawn))
    assert all(int(b, 16) - int(a, 16) == 1 for a, b in pairwise(drawn))  # the test's chance


def test_signing_in_ends_what_the_browser_came_with(bare: Stage, clock: Clock) -> None:
    """Whoever it was: nobody can plant a session in somebody's browser and share it."""
    planted = sessions.begin(bare.world, bare.leader, arrival(), clock)

    own = sessions.begin(bare.world, bare.holder("registrator"), arrival(planted), clock)

    assert whose(bare, planted, clock) is None
    assert whose(bare, own, clock) is not None
    assert planted != own


@pytest.mark.parametrize("before", ["", "x", "0" * 64, "\udce4" * 64, "' OR 1=1 --"])
def test_what_a_browser_makes_up_is_never_taken(bare: Stage, clock: Clock, before: str) -> None:
    """A secret of one's own choosing is neither known nor becomes one's secret."""
    secret = sessions.begin(bare.world, bare.leader, arrival(before), clock)

    assert whose(bare, before, clock) is None
    assert secret != before


def test_a_browsers_name_is_kept_short_and_plain(bare: Stage, clock: Clock) -> None:
    """200 characters, without what could move a cursor."""
    named = "Fire\x1b[2Jfox\r\n\x00" + "x" * 1000
    sessions.begin(bare.world, bare.leader, arrival(browser=named), clock)

    ((kept,),) = bare.rows("SELECT browser FROM sessions")

    assert ("Fire[2Jfox" + "x" * 190, 200) == (kept, len(kept))


# ---- lasting ---------------------------------------------------------------------------


def test_it_ends_after_its_hours_however_much_it_is_used(bare: Stage, clock: Clock) -> None:
    """Used every half hour, it holds a second before its end and not at it."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    held = []
    for _ in range(2 * HOURS - 1):
        clock.forward(minutes=30)
        held.append(whose(bare, secret, clock) is not None)
    clock.forward(minutes=30, seconds=-1)
    last = whose(bare, secret, clock)
    clock.forward(seconds=1)

    assert [True] * 19 == held
    assert last is not None
    assert whose(bare, secret, clock) is None


@pytest.mark.parametrize(("minutes", "holds"), [(59, True), (60, False), (61, False)])
def test_it_ends_when_it_is_not_used(
    bare: Stage, clock: Clock, minutes: int, *, holds: bool
) -> None:
    """After as many minutes as the settings say; what was used in between counts from then."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    clock.forward(minutes=45)
    whose(bare, secret, clock)
    clock.forward(minutes=minutes)

    assert holds is (whose(bare, secret, clock) is not None)


def test_one_that_was_idle_does_not_wake_again(bare: Stage, clock: Clock) -> None:
    """To ask for it does not count as using it."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    clock.forward(minutes=60)
    whose(bare, secret, clock)
    clock.forward(minutes=1)

    assert whose(bare, secret, clock) is None


def test_use_is_noted_by_the_minute(bare: Stage, clock: Clock) -> None:
    """A page of ten pictures is not ten writes."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    seen = []
    for _ in range(5):
        clock.forward(seconds=25)
        whose(bare, secret, clock)
        seen.append(bare.rows("SELECT count(*) FROM sessions WHERE seen_at > began_at")[0][0])

    assert [0, 0, 1, 1, 1] == seen


def test_a_minute_without_news_is_not_written(bare: Stage, clock: Clock) -> None:
    """Within the minute nothing at all changes."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    before = bare.everything()
    clock.forward(seconds=59)
    whose(bare, secret, clock)

    assert before == bare.everything()


def test_the_worlds_clock_has_no_part(bare: Stage, clock: Clock) -> None:
    """A rehearsal that is put a year ahead signs nobody out."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    bare.at[0] = OPENED + timedelta(days=365)

    who = whose(bare, secret, clock)

    assert who is not None
    assert BEGUN == who.began_at


def test_what_is_changed_of_a_person_is_seen_at_the_next_request(bare: Stage, clock: Clock) -> None:
    """Name, language and colours are those of now, not of when one signed in."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    bare.change(
        "UPDATE people SET name = 'Ny Asp', language = 'en', theme = 'dark' WHERE email = :who",
        who=bare.leader,
    )

    who = whose(bare, secret, clock)

    assert who is not None
    assert ("Ny Asp", "en", "dark") == (who.name, who.language, who.theme)


# ---- ending ----------------------------------------------------------------------------


def test_what_was_signed_out_stays_out(bare: Stage, clock: Clock) -> None:
    """A copy of the cookie is worth nothing afterwards, today or later."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    other = sessions.begin(bare.world, bare.leader, arrival(), clock)
    sessions.end(bare.world, secret, clock)
    later = Clock(BEGUN + timedelta(minutes=5))

    assert [None, None] == [whose(bare, secret, one) for one in (clock, later)]
    assert whose(bare, other, clock) is not None


def test_signing_out_twice_or_from_nowhere_is_no_matter(bare: Stage, clock: Clock) -> None:
    """The instant of the first stands."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    sessions.end(bare.world, secret, clock)
    before = bare.everything()
    clock.forward(minutes=1)
    for one in (secret, "0" * 64, "", "å"):
        sessions.end(bare.world, one, clock)

    assert before == bare.everything()


def test_all_are_ended_but_the_one_that_asks(bare: Stage, clock: Clock) -> None:
    """And nobody else's."""
    mine = [sessions.begin(bare.world, bare.leader, arrival(), clock) for _ in range(3)]
    others = sessions.begin(bare.world, bare.holder("registrator"), arrival(), clock)
    person = whose(bare, mine[0], clock)
    assert person is not None

    ended = sessions.end_all(bare.world, person.person, clock, except_secret=mine[1])

    assert 2 == ended
    assert [False, True, False] == [whose(bare, one, clock) is not None for one in mine]
    assert whose(bare, others, clock) is not None


def test_all_are_ended_without_exception(bare: Stage, clock: Clock) -> None:
    """When no session asks, none is kept; ended ones are not counted again."""
    mine = [sessions.begin(bare.world, bare.leader, arrival(), clock) for _ in range(2)]
    person = whose(bare, mine[0], clock)
    assert person is not None

    ended = [sessions.end_all(bare.world, person.person, clock) for _ in range(2)]

    assert [2, 0] == ended
    assert [None, None] == [whose(bare, one, clock) for one in mine]


def test_one_of_ones_own_is_ended_and_nobody_elses(bare: Stage, clock: Clock) -> None:
    """By its digest from the person's own list; another's digest ends nothing."""
    mine = sessions.begin(bare.world, bare.leader, arrival(), clock)
    others = sessions.begin(bare.world, bare.holder("registrator"), arrival(), clock)
    me, them = whose(bare, mine, clock), whose(bare, others, clock)
    assert me is not None and them is not None
    ended = [
        sessions.end_one(bare.world, person, sessions.digest_of(secret), clock)
        for person, secret in ((me.person, others), (them.person, mine), (me.person, mine))
    ]

    assert [False, False, True] == ended
    assert whose(bare, mine, clock) is None
    assert whose(bare, others, clock) is not None


def test_one_signs_out_while_another_is_used(bare: Stage, clock: Clock) -> None:
    """At the same instant: what was signed out is not kept alive by the other's use."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    clock.forward(minutes=2)

    together(
        *[lambda: whose(bare, secret, clock)] * 5,
        lambda: sessions.end(bare.world, secret, clock),
    )

    assert whose(bare, secret, clock) is None


# ---- the person's own list -------------------------------------------------------------


def test_a_person_sees_their_own_sessions(bare: Stage, clock: Clock) -> None:
    """Newest first, with the one that asks marked; neither others' nor ended ones."""
    first = sessions.begin(bare.world, bare.leader, arrival(browser="Edge"), clock)
    clock.forward(minutes=1)
    second = sessions.begin(bare.world, bare.leader, arrival(browser="Firefox"), clock)
    sessions.begin(bare.world, bare.holder("registrator"), arrival(), clock)
    sessions.end(bare.world, sessions.begin(bare.world, bare.leader, arrival(), clock), clock)

    told = sessions.list_of(bare.world, bare.leader, IDLE, clock, secret=first)

    assert [("Firefox", False), ("Edge", True)] == [(one.browser, one.is_this) for one in told]
    assert [sessions.digest_of(second), sessions.digest_of(first)] == [one.digest for one in told]


def test_what_has_run_out_is_not_listed(bare: Stage, clock: Clock) -> None:
    """Neither what was idle nor what is past its end."""
    sessions.begin(bare.world, bare.leader, arrival(), clock)
    clock.forward(minutes=30)
    kept = sessions.begin(bare.world, bare.leader, arrival(), clock)
    clock.forward(minutes=30)
    idle = sessions.list_of(bare.world, bare.leader, IDLE, clock)
    clock.forward(hours=HOURS)

    assert [sessions.digest_of(kept)] == [one.digest for one in idle]
    assert [] == sessions.list_of(bare.world, bare.leader, 10**6, clock)


# ---- sweeping --------------------------------------------------------------------------


def test_rows_past_their_end_are_swept_when_somebody_signs_in(bare: Stage, clock: Clock) -> None:
    """Ended or not; those that still hold stay."""
    old = sessions.begin(bare.world, bare.leader, arrival(), clock)
    sessions.end(bare.world, sessions.begin(bare.world, bare.leader, arrival(), clock), clock)
    clock.forward(hours=HOURS - 1)
    young = sessions.begin(bare.world, bare.leader, arrival(), clock)
    before = digests(bare)
    clock.forward(hours=1)
    new = sessions.begin(bare.world, bare.leader, arrival(), clock)

    assert 3 == len(before)
    assert whose(bare, old, clock) is None
    assert {sessions.digest_of(one) for one in (young, new)} == digests(bare)


def test_sweeping_is_bounded(bare: Stage, clock: Clock) -> None:
    """A hundred at a time, the oldest first, so that nobody waits for a thousand."""
    with bare.world.database.write() as connection:
        for number in range(150):
            at = BEGUN - timedelta(days=1, seconds=-number)
            put_session(
                connection, f"old-{number:03}", 1, mode="local", browser="", now=at, ends_at=at
            )
    left = []
    for _ in range(3):
        sessions.begin(bare.world, bare.leader, arrival(), clock)
        left.append(sorted(one for one in digests(bare) if one.startswith("old")))

    assert [50, 0, 0] == [len(one) for one in left]
    assert "old-100" == left[0][0]


def test_many_sign_in_at_the_same_instant(bare: Stage, clock: Clock) -> None:
    """Each gets a session of their own, and sweeping the same rows is in nobody's way."""
    sessions.begin(bare.world, bare.leader, arrival(), clock)
    clock.forward(hours=HOURS)

    secrets = together(
        *[lambda: sessions.begin(bare.world, bare.leader, arrival(), clock)] * 10,
    )

    assert 10 == len(set(secrets)) == len(digests(bare))
    assert all(whose(bare, one, clock) for one in secrets)


def test_a_restored_database_has_nobody_signed_in(bare: Stage, clock: Clock) -> None:
    """Who was signed out since the copy was made stays out, and no sign-in that was under way
    goes on there; accounts are what they were."""
    secret = sessions.begin(bare.world, bare.leader, arrival(), clock)
    handshakes.begin_handshake(bare.world, "/", clock)
    accounts.set_account(bare.world, bare.leader, clock)
    operator = Operator(clock=clock, salt=bare.world.salt, os_user=None, program="0.1")

    adopt(bare.world.database, operator)

    assert whose(bare, secret, clock) is None
    assert [] == bare.rows("SELECT 1 FROM sessions UNION ALL SELECT 1 FROM handshakes")
    assert [bare.leader] == [one.email for one in accounts.account_list(bare.world)]
