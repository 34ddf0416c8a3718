"""Local accounts, as the operator keeps them: made, renewed, looked at, taken away.

Whatever is done to an account ends its person's sessions: what an old password or a
lost telephone opened is shut.
"""

from dataclasses import dataclass, field
from datetime import datetime

from workflow.core.errors import NotFound, refused
from workflow.core.facts import EntryDraft, EntryKind
from workflow.service.signing_in import delays, passwords
from workflow.service.signing_in.local import TEMPORARY
from workflow.service.signing_in.sessions import Clock
from workflow.service.world import World
from workflow.store import accounts, log, sessions
from workflow.store.database import Connection
from workflow.store.people import KnownPerson, find_person

__all__ = [
    "AccountSet",
    "AccountView",
    "account_list",
    "remove",
    "reset_code",
    "set_account",
    "sign_out",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSet:
    """An account that was made or renewed."""

    email: str
    name: str
    password: str = field(repr=False)
    """To be told to the person once; it is kept nowhere."""
    made: bool
    """It is new; otherwise it got another password."""
    until: datetime
    """Until then the password opens."""
    sessions_ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account, for the operator."""

    email: str
    name: str
    set_at: datetime
    """When its password was set."""
    temporary: bool
    until: datetime | None
    """Until when a temporary password opens; None when the person has chosen their own."""
    second_factor: bool


def set_account(
    world: World, email: str, clock: Clock, *, password: str | None = None
) -> AccountSet:
    """Make somebody's account or give it another password, which they must change when they
    sign in. Without a password one is made. The second factor is left as it is.

    Raises: NotFound when nobody has the address; BadInput for a password that is too
        short or too easy; Locked, StoreError.
    """
    with world.database.read() as connection:
        person = find_person(connection, email)
    if password is None:
        given = passwords.make_temporary(world.salt())
    else:
        passwords.check_choice(password, own_words(person))
        given = password
    written = passwords.write(given, world.salt())
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # locks before people, as an import does
        at = clock(connection)
        made = accounts.lock_account(connection, person.id) is None
        put = accounts.put_account if made else accounts.set_password
        put(connection, person.id, written, at, temporary=True)
        delays.forgive(connection, person.email)
        ended = sessions.end_sessions(connection, person.id, at)
        note(world, connection, person.id, "made" if made else "renewed")
    return AccountSet(
        email=person.email,
        name=person.name,
        password=given,
        made=made,
        until=at + TEMPORARY,
        sessions_ended=ended,
    )


def account_list(world: World) -> list[AccountView]:
    """Give all accounts, by address.

    Raises: Locked, StoreError.
    """
    with world.database.read() as connection:
        found = accounts.list_accounts(connection)
    return [
        AccountView(
            email=one.email,
            name=one.name,
            set_at=one.set_at,
            temporary=one.temporary,
            until=one.set_at + TEMPORARY if one.temporary else None,
            second_factor=one.totp_secret is not None,
        )
        for one in found
    ]


def remove(world: World, email: str, clock: Clock) -> int:
    """Take somebody's account away; give how many sessions that ended.

    Raises: NotFound when nobody has the address, or they have no account; Locked,
        StoreError.
    """
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)
        person = find_person(connection, email)
        if not accounts.delete_account(connection, person.id):
            raise _no_account(person)
        ended = sessions.end_sessions(connection, person.id, clock(connection))
        note(world, connection, person.id, "removed")
    return ended


def reset_code(world: World, email: str, clock: Clock) -> int:
    """Take somebody's second factor away, so that they set up another; give how many
    sessions that ended.

    Raises: NotFound when nobody has the address, or they have no account; Refused when
        there is no second factor; Locked, StoreError.
    """
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)
        person = find_person(connection, email)
        account = accounts.lock_account(connection, person.id)
        if account is None:
            raise _no_account(person)
        if account.totp_secret is None:
            raise refused(
                "no_code",
                f"{person.name} har ingen kod att ta bort.",
                f"{person.name} has no second factor to take away.",
            )
        accounts.take_second_factor(connection, person.id)
        ended = sessions.end_sessions(connection, person.id, clock(connection))
        note(world, connection, person.id, "code_reset")
    return ended


def sign_out(world: World, email: str, clock: Clock) -> int:
    """End all of somebody's sessions, however they signed in; give how many.

    Raises: NotFound when nobody has the address; Locked, StoreError.
    """
    with world.database.write() as connection:
        person = find_person(connection, email)
        return sessions.end_sessions(connection, person.id, clock(connection))


def note(
    world: World, connection: Connection, person: int, what: str, *, actor: int | None = None
) -> None:
    """Say in the log what happened to an account; without an actor it was the operator."""
    entry = EntryDraft(
        kind=EntryKind.ACCOUNT, actor=actor, payload={"person": person, "what": what}
    )
    world.note(connection, world.now(connection), entry)


def own_words(person: KnownPerson) -> tuple[str, ...]:
    """Give what a person's password must not mostly be."""
    return (person.name, person.email, person.key)


def _no_account(person: KnownPerson) -> NotFound:
    return NotFound(
        f"{person.name} har inget konto. Se `beredning account list`.",
        f"{person.name} has no account. See `beredning account list`.",
    )
