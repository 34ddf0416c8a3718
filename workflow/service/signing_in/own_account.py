"""Somebody's own account: how they want it, another password, and a second factor."""

from dataclasses import dataclass, field
from typing import Final

from workflow.core.errors import BadInput, NotFound, Reason, Refused, refused
from workflow.core.facts import EntryDraft, EntryKind
from workflow.service.signing_in import codes, delays, passwords
from workflow.service.signing_in.accounts import note, own_words
from workflow.service.signing_in.local import confirm_password
from workflow.service.signing_in.sessions import Clock, digest_of
from workflow.service.world import World
from workflow.store import accounts, log, sessions
from workflow.store.accounts import AccountFact
from workflow.store.people import find_person, set_preferences

__all__ = ["Choice", "Preparation", "change_password", "confirm_code", "prefer", "prepare_code"]

LANGUAGES: Final = ("sv", "en")
THEMES: Final = (None, "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody typed to change their password."""

    present: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """A second factor that holds once a code has confirmed it."""

    secret: str = field(repr=False)
    """Base32, to be typed where no picture can be read."""
    uri: str = field(repr=False)
    """What the QR code holds."""


def prefer(world: World, email: str, language: str, theme: str | None) -> None:
    """Give somebody their pages in a language, and light, dark or as their computer has it.

    Raises: BadInput for others than there are; NotFound when nobody has the address;
        Locked, StoreError.
    """
    if language not in LANGUAGES or theme not in THEMES:
        raise _unfit(
            "language" if language not in LANGUAGES else "theme",
            "Välj ett av det som finns.",
            "Choose one of what there is.",
        )
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # locks before people, as an import does
        person = find_person(connection, email)
        set_preferences(connection, person.id, language=language, theme=theme)
        if language != person.language:
            entry = EntryDraft(
                kind=EntryKind.PERSON_CHANGED,
                actor=person.id,
                payload={"person": person.id, "language": language},
            )
            world.note(connection, world.now(connection), entry)


def change_password(world: World, email: str, choice: Choice, clock: Clock, *, secret: str) -> None:
    """Give somebody the password they chose and end their other sessions; `secret` is that
    of the session that asks.

    Raises: BadInput with the reason `present` or `new`; TooSoon after too many wrong ones;
        NotFound without an account; Locked, StoreError.
    """
    with world.database.read() as connection:
        person = find_person(connection, email)
        account = _demand(accounts.find_account(connection, email))
    _check_new(choice, own_words(person))
    try:
        account, _ = confirm_password(world, account.email, choice.present, clock)
    except Refused as error:
        raise _wrong_present() from error
    written = passwords.write(choice.new, world.salt())
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # locks before people, as an import does
        now = clock(connection)
        present = _demand(accounts.lock_account(connection, account.person))
        if present.password != account.password:
            raise _wrong_present()  # changed elsewhere meanwhile
        accounts.set_password(connection, present.person, written, now, temporary=False)
        delays.forgive(connection, present.email)
        sessions.end_sessions(connection, present.person, now, kept=digest_of(secret))
        note(world, connection, present.person, "chosen", actor=present.person)


def prepare_code(world: World, email: str, issuer: str, *, secret: str) -> Preparation:
    """Give what an app needs to make codes. Nothing is stored until one has confirmed it,
    and it is the same each time for one session.

    `issuer` is what the app shows; `secret` is that of the session that asks.

    Raises: Refused when a second factor is set up; NotFound without an account; Locked,
        StoreError.
    """
    with world.database.read() as connection:
        account = _without_code(_demand(accounts.find_account(connection, email)))
    drawn = _draw(account, secret)
    return Preparation(secret=drawn, uri=codes.provisioning_uri(drawn, account.email, issuer))


def confirm_code(world: World, email: str, code: str, clock: Clock, *, secret: str) -> None:
    """Set up the prepared second factor, confirmed by one of its codes, and end the
    person's other sessions.

    Raises: BadInput when the code is not right; TooSoon after too many; Refused when a
        second factor is set up; NotFound without an account; Locked, StoreError.
    """
    with world.database.read() as connection:
        known = _demand(accounts.find_account(connection, email))
    delays.count(world, known.email, clock)
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)
        now = clock(connection)
        account = _without_code(_demand(accounts.lock_account(connection, known.person)))
        drawn = _draw(account, secret)
        step = codes.matching_step(drawn, code, now)
        if step is None or not accounts.use_code(connection, account.person, step):
            raise _unfit(
                "code",
                "Koden stämmer inte. Vänta på nästa kod i appen och skriv den. Går klockan rätt"
                " i telefonen?",
                "The code is not right. Wait for the app's next code and write that. Is your"
                " telephone's clock right?",
            )
        accounts.set_second_factor(connection, account.person, drawn)
        delays.forgive(connection, account.email)
        sessions.end_sessions(connection, account.person, now, kept=digest_of(secret))
        note(world, connection, account.person, "code_set", actor=account.person)


def _draw(account: AccountFact, secret: str) -> str:
    """Draw the second factor's secret for one session: keyed by what only the database
    holds, and another after each that was used."""
    return codes.draw_secret(account.password, digest_of(secret), account.totp_used)


def _check_new(choice: Choice, own: tuple[str, ...]) -> None:
    if choice.new == choice.present:
        raise _unfit(
            "new",
            "Välj ett annat lösenord än det du har.",
            "Choose another password than the one you have.",
        )
    try:
        passwords.check_choice(choice.new, own)
    except BadInput as error:
        raise _unfit("new", error.sv, error.en) from error


def _demand(account: AccountFact | None) -> AccountFact:
    if account is None:
        raise NotFound("Du har inget lösenord här.", "You have no password here.")
    return account


def _without_code(account: AccountFact) -> AccountFact:
    if account.totp_secret is not None:
        raise refused(
            "has_code",
            "Du har redan en kod från en app. Har du bytt telefon, be den som sköter systemet"
            " att ta bort den gamla.",
            "You have a code from an app already. If you have another telephone now, ask"
            " whoever runs the system to take the old one away.",
        )
    return account


def _wrong_present() -> BadInput:
    return _unfit(
        "present",
        "Det nuvarande lösenordet stämmer inte.",
        "The present password is not right.",
    )


def _unfit(code: str, sv: str, en: str) -> BadInput:
    return BadInput(sv, en, reasons=[Reason(code, sv, en)])
