"""Signing in, killed at each of its points: accounts, sessions, and the region's own."""

from datetime import timedelta
from typing import Final

from pyotp import TOTP

from tests.service.worlds import Stage
from workflow.service.signing_in import accounts, delays, handshakes, local, own_account, sessions
from workflow.service.signing_in.local import Attempt
from workflow.service.signing_in.own_account import Choice
from workflow.service.signing_in.sessions import Arrival

__all__ = ["live_with_an_account", "sign_in_and_out", "sign_in_through_the_region"]

GIVEN: Final = "molnfri hästvagn 7"
CHOSEN: Final = "tegelsten under bron"


def arrival(mode: str) -> Arrival:
    """Come with a browser."""
    return Arrival(mode=mode, browser="Firefox", hours=10)


def live_with_an_account(stage: Stage) -> None:
    """Get an account, choose a password and a second factor, lose both, and be removed."""
    world, clock, email = stage.world, stage.world.clock, stage.leader
    accounts.set_account(world, email, clock, password=GIVEN)
    attempt = Attempt(email=email, password=GIVEN)
    secret = local.sign_in(world, attempt, arrival("local"), clock)
    own_account.change_password(
        world, email, Choice(present=GIVEN, new=CHOSEN), clock, secret=secret
    )
    app = own_account.prepare_code(world, email, "Region Alvmark", secret=secret).secret
    own_account.confirm_code(world, email, TOTP(app).at(stage.at[0]), clock, secret=secret)
    own_account.prefer(world, email, "en", "dark")
    accounts.reset_code(world, email, clock)
    accounts.sign_out(world, email, clock)
    accounts.remove(world, email, clock)


def sign_in_and_out(stage: Stage) -> None:
    """Begin three sessions, use one, and end them one by one and all at once."""
    world, clock, email = stage.world, stage.world.clock, stage.leader
    delays.count(world, email, clock)
    first, second, third = (sessions.begin(world, email, arrival("demo"), clock) for _ in range(3))
    stage.at[0] += timedelta(minutes=10)
    signed_in = sessions.whose(world, first, 60, clock)
    assert signed_in is not None
    sessions.end(world, first, clock)
    sessions.end_one(world, signed_in.person, sessions.digest_of(second), clock)
    sessions.end_all(world, signed_in.person, clock)
    assert sessions.whose(world, third, 60, clock) is None


def sign_in_through_the_region(stage: Stage) -> None:
    """Go to the region's sign-in and come back from it."""
    world, clock = stage.world, stage.world.clock
    begun = handshakes.begin_handshake(world, "/", clock)
    handshakes.take_handshake(world, begun.state, clock)
    claims = {"email": stage.leader, "email_verified": True}
    handshakes.sign_in_as(world, claims, "email", arrival("oidc"), clock)
