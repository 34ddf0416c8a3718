"""Signing in with a password that is kept here.

Whoever fails learns nothing: an address that nobody has, one without an account, a wrong
password and a wrong code get the same words after the same work
(https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html). No
transaction is open while a password is compared.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from workflow.core.days import say_day
from workflow.core.errors import Refused, refused
from workflow.service.signing_in import codes, delays, passwords
from workflow.service.signing_in.sessions import Arrival, Clock, begin_in
from workflow.service.world import World
from workflow.store import accounts
from workflow.store.accounts import AccountFact
from workflow.store.database import Connection

__all__ = ["TEMPORARY", "Attempt", "confirm_password", "sign_in"]

TEMPORARY: Final = timedelta(days=7)
"""How long a password that the operator gave may wait to be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody typed to sign in."""

    email: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    """Of the second factor; empty when they have none."""


def sign_in(world: World, attempt: Attempt, arrival: Arrival, clock: Clock) -> str:
    """Sign somebody in by their password, and their code when they have a second factor;
    give the secret for their browser.

    Raises: TooSoon while the address has to wait; Refused when something does not agree,
        without saying what; Locked, StoreError.
    """
    account, retry_at = confirm_password(world, attempt.email, attempt.password, clock)
    renewed = None
    if passwords.is_dated(account.password):
        renewed = passwords.write(attempt.password, world.salt())
    with world.database.write() as connection:
        now = clock(connection)
        present = accounts.lock_account(connection, account.person)
        if present is None or present.password != account.password:
            raise wrong(retry_at)  # changed or taken away while it was compared
        if not _takes_code(connection, present, attempt.code, now):
            raise wrong(retry_at)
        if present.temporary and now >= present.set_at + TEMPORARY:
            raise _run_out(world, present)
        if renewed is not None:
            accounts.rewrite_password(connection, present.person, renewed)
        delays.forgive(connection, attempt.email)
        return begin_in(world, connection, present.person, replace(arrival, mode="local"), now)


def confirm_password(
    world: World, email: str, password: str, clock: Clock
) -> tuple[AccountFact, datetime | None]:
    """See that a password is that of an address, and count the attempt; give the account,
    and from when one may try again should more be wrong.

    Raises: TooSoon, Refused, Locked, StoreError.
    """
    retry_at = delays.count(world, email, clock)
    with world.database.read() as connection:
        account = accounts.find_account(connection, email)
    right = passwords.matches(account.password if account else None, password)
    if account is None or not right:
        raise wrong(retry_at)
    return account, retry_at


def wrong(retry_at: datetime | None) -> Refused:
    """Make the refusal that says nothing of what was wrong, but when to try again."""
    sv = "Adressen, lösenordet eller koden stämmer inte."
    en = "The address, the password or the code is not right."
    if retry_at is None:
        return refused("wrong", f"{sv} Försök igen.", f"{en} Try again.")
    when_sv, when_en = delays.say_when(retry_at)
    return refused(
        "wrong", f"{sv} Vänta till {when_sv} och försök igen.", f"{en} Wait until {when_en}."
    )


def _takes_code(connection: Connection, account: AccountFact, code: str, now: datetime) -> bool:
    if account.totp_secret is None:
        return True
    step = codes.matching_step(account.totp_secret, code, now)
    return step is not None and accounts.use_code(connection, account.person, step)


def _run_out(world: World, account: AccountFact) -> Refused:
    day = world.today(account.set_at + TEMPORARY)
    return refused(
        "run_out",
        f"Det tillfälliga lösenordet gällde till {say_day(day)}. Be den som gav dig det om ett"
        " nytt.",
        f"The temporary password was valid until {say_day(day, 'en')}. Ask whoever gave it to"
        " you for a new one.",
    )
