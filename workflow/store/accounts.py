"""The rows of local sign-ins, and of failed ones."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Account, Person, SignInDelay

__all__ = [
    "SWEPT_AT_ONCE",
    "AccountFact",
    "delete_account",
    "find_account",
    "forgive",
    "list_accounts",
    "lock_account",
    "lock_failures",
    "put_account",
    "rewrite_password",
    "set_failures",
    "set_password",
    "set_second_factor",
    "sweep_failures",
    "take_second_factor",
    "use_code",
]

SWEPT_AT_ONCE: Final = 100
"""How many old failures are taken away in one transaction."""

ACCOUNTS: Final = select(
    col(Account.person_id),
    col(Person.email),
    col(Person.name),
    col(Account.password),
    col(Account.set_at),
    col(Account.temporary),
    col(Account.totp_secret),
    col(Account.totp_used),
).join(Person, col(Person.id) == col(Account.person_id))
FIND: Final = Statement(ACCOUNTS.where(col(Person.email) == bindparam("email")))
LIST: Final = Statement(ACCOUNTS.order_by(col(Person.email)))
LOCK: Final = Statement(
    ACCOUNTS.where(col(Account.person_id) == bindparam("person")).with_for_update(of=Account)
)
INSERT: Final = Statement(
    insert(Account),
    columns=("person_id", "password", "set_at", "temporary", "totp_secret", "totp_used"),
)
SET_PASSWORD: Final = Statement(
    update(Account)
    .where(col(Account.person_id) == bindparam("whose"))
    .values(
        password=bindparam("written"), set_at=bindparam("now"), temporary=bindparam("is_temporary")
    )
)
REWRITE_PASSWORD: Final = Statement(
    update(Account)
    .where(col(Account.person_id) == bindparam("whose"))
    .values(password=bindparam("written"))
)
SET_SECOND_FACTOR: Final = Statement(
    update(Account)
    .where(col(Account.person_id) == bindparam("whose"))
    .values(totp_secret=bindparam("secret"))
)
TAKE_SECOND_FACTOR: Final = Statement(
    update(Account)
    .where(col(Account.person_id) == bindparam("whose"))
    .values(totp_secret=None, totp_used=0)
)
USE_CODE: Final = Statement(
    update(Account)
    .where(col(Account.person_id) == bindparam("whose"), col(Account.totp_used) < bindparam("step"))
    .values(totp_used=bindparam("step"))
)
DELETE: Final = Statement(delete(Account).where(col(Account.person_id) == bindparam("person")))

NEW_DELAY: Final = Statement(
    postgresql_insert(SignInDelay)
    .values(digest=bindparam("which"), failures=0, retry_at=bindparam("now"))
    .on_conflict_do_nothing()
)
LOCK_DELAY: Final = Statement(
    select(col(SignInDelay.failures), col(SignInDelay.retry_at))
    .where(col(SignInDelay.digest) == bindparam("which"))
    .with_for_update()
)
SET_DELAY: Final = Statement(
    update(SignInDelay)
    .where(col(SignInDelay.digest) == bindparam("which"))
    .values(failures=bindparam("count"), retry_at=bindparam("again"))
)
FORGIVE: Final = Statement(delete(SignInDelay).where(col(SignInDelay.digest) == bindparam("which")))
SWEEP_DELAYS: Final = Statement(
    delete(SignInDelay).where(
        col(SignInDelay.digest).in_(
            select(col(SignInDelay.digest))
            .where(col(SignInDelay.retry_at) <= bindparam("before"))
            .order_by(col(SignInDelay.retry_at))
            .limit(SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFact:
    """A local sign-in, and whose it is."""

    person: int
    email: str
    name: str
    password: str = field(repr=False)
    """Argon2id, in its own written form."""
    set_at: datetime
    temporary: bool
    totp_secret: str | None = field(repr=False)
    totp_used: int


# ---- accounts --------------------------------------------------------------------------


def find_account(connection: Connection, email: str) -> AccountFact | None:
    """Give the account of who has an address, in upper or lower case; None without one."""
    name = email.strip().lower()
    row = FIND.first(connection, email=name) if name.isprintable() else None
    return _fact(row) if row else None


def lock_account(connection: Connection, person: int) -> AccountFact | None:
    """Give somebody's account and keep others from changing it meanwhile."""
    row = LOCK.first(connection, person=person)
    return _fact(row) if row else None


def list_accounts(connection: Connection) -> list[AccountFact]:
    """Give all accounts, by address."""
    return [_fact(row) for row in LIST.all(connection)]


def put_account(
    connection: Connection, person: int, password: str, now: datetime, *, temporary: bool
) -> None:
    """Write the row of an account that is made."""
    row = {
        "person_id": person,
        "password": password,
        "set_at": now,
        "temporary": temporary,
        "totp_secret": None,
        "totp_used": 0,
    }
    INSERT.many(connection, [row])


def set_password(
    connection: Connection, person: int, password: str, now: datetime, *, temporary: bool
) -> None:
    """Give an account another password."""
    SET_PASSWORD.run(connection, whose=person, written=password, now=now, is_temporary=temporary)


def rewrite_password(connection: Connection, person: int, password: str) -> None:
    """Keep the same password in another written form."""
    REWRITE_PASSWORD.run(connection, whose=person, written=password)


def set_second_factor(connection: Connection, person: int, secret: str) -> None:
    """Give an account a second factor."""
    SET_SECOND_FACTOR.run(connection, whose=person, secret=secret)


def take_second_factor(connection: Connection, person: int) -> None:
    """Take an account's second factor away, and which of its codes were used."""
    TAKE_SECOND_FACTOR.run(connection, whose=person)


def use_code(connection: Connection, person: int, step: int) -> bool:
    """Note which time step a code was for; False when that or a later one was used."""
    return USE_CODE.run(connection, whose=person, step=step) == 1


def delete_account(connection: Connection, person: int) -> bool:
    """Take an account away; False when there was none."""
    return DELETE.run(connection, person=person) == 1


def _fact(row: tuple[Any, ...]) -> AccountFact:
    names = [one.name for one in fields(AccountFact)]
    return AccountFact(**dict(zip(names, row, strict=True)))


# ---- failures --------------------------------------------------------------------------


def lock_failures(connection: Connection, digest: str, now: datetime) -> tuple[int, datetime]:
    """Give how often one address has failed and when it may be tried again, and let
    nobody else try it meanwhile."""
    NEW_DELAY.run(connection, which=digest, now=now)
    row = LOCK_DELAY.first(connection, which=digest)
    return (row[0], row[1]) if row else (0, now)


def set_failures(connection: Connection, digest: str, failures: int, retry_at: datetime) -> None:
    """Say how often one address has failed and when it may be tried again."""
    SET_DELAY.run(connection, which=digest, count=failures, again=retry_at)


def forgive(connection: Connection, digest: str) -> None:
    """Forget what an address has failed."""
    FORGIVE.run(connection, which=digest)


def sweep_failures(connection: Connection, before: datetime) -> int:
    """Forget failures that are long past, the oldest first and not all at once."""
    return SWEEP_DELAYS.run(connection, before=before)
