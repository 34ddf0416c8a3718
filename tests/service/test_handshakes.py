"""Signing in with another system: what is kept meanwhile, and whom its answer is about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.service.threads import together
from tests.service.worlds import Stage
from tests.support.clock import Clock
from workflow.core.errors import NotFound, Refused, WorkflowError
from workflow.service.signing_in import handshakes, sessions
from workflow.service.signing_in.sessions import Arrival, SignedIn

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The machine's own clock; the world's stands in 2008."""
ARRIVAL = Arrival(mode="oidc", browser="Firefox", hours=10)


@pytest.fixture
def clock() -> Clock:
    """The machine's clock."""
    return Clock(NOW)


def count(stage: Stage, table: str = "handshakes") -> int:
    return int(stage.rows(f"SELECT count(*) FROM {table}")[0][0])


# ---- there and back --------------------------------------------------------------------


def test_what_was_begun_is_taken_up_again(bare: Stage, clock: Clock) -> None:
    """State, verifier, nonce and the way on, each of 256 bits of chance and of its own."""
    begun = handshakes.begin_handshake(bare.world, "/arenden/x?y=1", clock)
    clock.forward(minutes=9, seconds=59)

    taken = handshakes.take_handshake(bare.world, begun.state, clock)

    assert begun == taken
    assert "/arenden/x?y=1" == taken.back_to
    assert {64} == {len(one) for one in (taken.state, taken.verifier, taken.nonce)}
    assert 3 == len({taken.state, taken.verifier, taken.nonce})


def test_the_state_is_not_in_the_database(bare: Stage, clock: Clock) -> None:
    """Its digest alone; and none of it is shown by accident."""
    begun = handshakes.begin_handshake(bare.world, "/", clock)

    assert begun.state not in repr(bare.everything())
    assert not any(one in repr(begun) for one in (begun.state, begun.verifier, begun.nonce))


def test_nobody_takes_it_twice(bare: Stage, clock: Clock) -> None:
    """An answer that is played again meets nothing."""
    begun = handshakes.begin_handshake(bare.world, "/", clock)
    handshakes.take_handshake(bare.world, begun.state, clock)

    with pytest.raises(Refused, match="redan använd"):
        handshakes.take_handshake(bare.world, begun.state, clock)


def test_of_two_at_the_same_instant_one_takes_it(bare: Stage, clock: Clock) -> None:
    """The other is told to begin again."""
    begun = handshakes.begin_handshake(bare.world, "/", clock)

    found = together(
        *[lambda: handshakes.take_handshake(bare.world, begun.state, clock)] * 8,
    )

    assert 1 == sum(one == begun for one in found)
    assert 7 == sum(isinstance(one, Refused) for one in found)


def test_after_ten_minutes_it_is_over(bare: Stage, clock: Clock) -> None:
    """At the very instant; and it is gone."""
    begun = handshakes.begin_handshake(bare.world, "/", clock)
    clock.forward(minutes=10)

    with pytest.raises(Refused, match="för lång tid"):
        handshakes.take_handshake(bare.world, begun.state, clock)

    assert 0 == count(bare)


@pytest.mark.parametrize("state", ["", "x", "0" * 64, "\udce4", "' OR 1=1 --"])
def test_what_was_never_begun_is_refused(bare: Stage, clock: Clock, state: str) -> None:
    """And takes nothing from whom it belongs to."""
    handshakes.begin_handshake(bare.world, "/", clock)

    with pytest.raises(Refused):
        handshakes.take_handshake(bare.world, state, clock)

    assert 1 == count(bare)


@pytest.mark.parametrize("back_to", [None, "//nagon.example", "https://nagon.example", "/\\x"])
def test_the_way_on_is_ours(bare: Stage, clock: Clock, back_to: str | None) -> None:
    """Anything else is the first page, before it is stored."""
    begun = handshakes.begin_handshake(bare.world, back_to, clock)

    assert "/" == begun.back_to
    assert [("/",)] == bare.rows("SELECT back_to FROM handshakes")


def test_what_came_to_nothing_is_swept(bare: Stage, clock: Clock) -> None:
    """With the next that begins."""
    handshakes.begin_handshake(bare.world, "/", clock)
    clock.forward(minutes=5)
    young = handshakes.begin_handshake(bare.world, "/", clock)
    clock.forward(minutes=5)
    handshakes.begin_handshake(bare.world, "/", clock)

    assert 2 == count(bare)
    assert young == handshakes.take_handshake(bare.world, young.state, clock)


# ---- whom it is about ------------------------------------------------------------------


def sign_in(
    stage: Stage, clock: Clock, claims: Mapping[str, Any], claim: str = "email"
) -> SignedIn | None:
    secret = handshakes.sign_in_as(stage.world, claims, claim, ARRIVAL, clock)
    return sessions.whose(stage.world, secret, 60, clock)


@pytest.mark.parametrize("verified", [{}, {"email_verified": True}])
def test_an_address_names_a_person(bare: Stage, clock: Clock, verified: dict[str, Any]) -> None:
    """In upper or lower case, where it is verified or nothing is said of that."""
    who = sign_in(bare, clock, {"sub": "1", "email": bare.leader.upper(), **verified})

    assert who is not None
    assert (bare.leader, "oidc") == (who.email, who.mode)
    assert NOW + timedelta(hours=10) == who.ends_at


def test_another_claim_names_a_person_by_key(bare: Stage, clock: Clock) -> None:
    """To the letter; what the address is, and whether it is verified, has no part in it."""
    ((key,),) = bare.rows("SELECT key FROM people WHERE email = :who", who=bare.leader)
    claims = {"hsaid": key, "email": "annan@alvmark.example", "email_verified": False}

    who = sign_in(bare, clock, claims, "hsaid")

    assert who is not None
    assert bare.leader == who.email


@pytest.mark.parametrize("said", [False, "true", "false", 1, 0, None, [], "yes"])
def test_an_unverified_address_names_nobody(bare: Stage, clock: Clock, said: object) -> None:
    """Only the boolean true says that it is verified; whoever may write any address into
    their own profile would be anybody."""
    with pytest.raises(Refused, match="inte bekräftat adressen") as refused:
        sign_in(bare, clock, {"email": bare.leader, "email_verified": said})

    assert ["unverified"] == [one.code for one in refused.value.reasons]
    assert 0 == count(bare, "sessions")


@pytest.mark.parametrize("value", [None, "", "  ", 7, True, ["a@b.example"], {"a": "b"}])
def test_a_claim_that_says_nothing_is_refused(bare: Stage, clock: Clock, value: object) -> None:
    """Missing, empty, or no text: the page says which claim, for the one who runs it."""
    for claims in ({"email": value}, {}):
        with pytest.raises(Refused, match="uppgiften email saknas") as refused:
            sign_in(bare, clock, claims)

        assert ["no_claim"] == [one.code for one in refused.value.reasons]


@pytest.mark.parametrize("claim", ["email", "hsaid"])
def test_who_is_unknown_is_told_what_to_do(bare: Stage, clock: Clock, claim: str) -> None:
    """By the name they came with, which is their own; no account comes of it."""
    before = bare.everything()

    with pytest.raises(NotFound) as refused:
        sign_in(bare, clock, {claim: "ny.person@alvmark.example"}, claim)

    assert (
        "Du är inloggad i regionen som ny.person@alvmark.example, men finns inte i Beredning. Be"
        " den som leder omgången att lägga till dig." == refused.value.sv
    )
    assert before == bare.everything()


@pytest.mark.parametrize(
    ("claim", "change"),
    [
        ("email", lambda email: email.replace("k", "\u212a")),  # the Kelvin sign
        ("email", lambda email: email.replace("@", "@\u200b")),
        ("email", lambda email: f"{email}\x00"),
        ("email", lambda email: f"{email},annan@alvmark.example"),
        ("email", lambda email: f"{email}.nagon.example"),
        ("email", lambda _: "%"),
        ("hsaid", lambda _: "%"),
        ("hsaid", lambda email: email),
    ],
)
def test_what_only_resembles_a_name_is_unknown(
    bare: Stage, clock: Clock, claim: str, change: Any
) -> None:
    """Letters that become others in lower case, wildcards, and addresses in a key's place."""
    email = bare.holder("landstingsdirektor")
    bare.change("UPDATE people SET email = 'kia.lek@alvmark.example' WHERE email = :who", who=email)

    with pytest.raises(WorkflowError, match="finns inte i Beredning"):
        sign_in(bare, clock, {claim: change("kia.lek@alvmark.example")}, claim)

    assert 0 == count(bare, "sessions")


def test_it_ends_what_the_browser_came_with(bare: Stage, clock: Clock) -> None:
    """As every sign-in does."""
    planted = sessions.begin(bare.world, bare.holder("registrator"), ARRIVAL, clock)
    arrival = Arrival(mode="oidc", browser="", hours=10, before=planted)
    handshakes.sign_in_as(bare.world, {"email": bare.leader}, "email", arrival, clock)

    assert sessions.whose(bare.world, planted, 60, clock) is None
