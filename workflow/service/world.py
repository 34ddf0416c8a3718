"""What every verb needs of the world: a database, a clock, chance, and a stamp."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from workflow.core import plan
from workflow.core.errors import BadInput, NotFound
from workflow.core.facts import Actor, EntryDraft, Via
from workflow.store import log
from workflow.store.database import Connection, Database
from workflow.store.facts import load_actor
from workflow.store.installation import last_entry_at, put_clock
from workflow.store.save import Stamp

__all__ = ["ZONE", "World", "no_round"]

ZONE: Final = "Europe/Stockholm"
"""The zone in which grants begin and end, and in which mail is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The outside, as far as the verbs are concerned."""

    database: Database
    clock: Callable[[Connection], datetime]
    """Gives the instant, aware and in UTC, at which a transaction happens. In a
    rehearsal it is the database that says where the clock stands."""
    salt: Callable[[], str]
    """Gives 32 hexadecimal digits of chance."""
    via: Via
    installation: str
    """The database's own name, from when it was made."""
    rehearsal: bool = False
    """The database is for practice: what it sends says so."""
    os_user: str | None = None
    sender_domain: str = "localhost"
    """The domain that mail comes from."""
    remind_at: time = time(7, 30)
    """Local time of the day's reminder mail."""
    mail_hold: bool = False
    """By the settings all mail waits: it is put, and not claimed."""

    def now(self, connection: Connection) -> datetime:
        """Give the instant at which this transaction happens."""
        return self.clock(connection)

    def stamp(self, now: datetime) -> Stamp:
        """Give what everything written in one transaction bears."""
        return Stamp(
            at=now,
            via=self.via,
            os_user=self.os_user,
            salt=self.salt,
            mail_domain=f"{self.installation}.{self.sender_domain}",
        )

    @staticmethod
    def today(now: datetime) -> date:
        """Give the local day."""
        return plan.local_day(now, ZONE)

    def actor(self, connection: Connection, email: str, now: datetime) -> Actor:
        """Give a person with what they hold now.

        Raises: NotFound when nobody has the address.
        """
        actor = load_actor(connection, email, self.today(now))
        if actor is None:
            raise NotFound(
                f"Ingen person har adressen {email}. Läs in den med `beredning org import`.",
                f"Nobody has the address {email}. Import it with `beredning org import`.",
            )
        return actor

    def note(
        self,
        connection: Connection,
        now: datetime,
        entry: EntryDraft,
        *,
        chain: str = log.INSTALLATION,
    ) -> None:
        """Write an entry that changes no case: into the installation's own chain, or into that
        of a round, which must be locked."""
        longer = log.append(
            connection,
            log.load_chain(connection, chain),
            [entry],
            at=now,
            round_id=None if chain == log.INSTALLATION else chain,
            via=self.via,
            os_user=self.os_user,
            salt=self.salt,
        )
        log.save_chain(connection, longer)

    def set_clock(self, at: datetime) -> None:
        """Put the clock of a rehearsal; it stands there until it is put anew.

        Raises: BadInput outside a rehearsal, or before the last entry.
        """
        with self.database.write() as connection:
            if not self.rehearsal:
                raise BadInput(
                    "--at går bara i en övning: en databas gjord med `beredning init --rehearsal`.",
                    "--at is for a rehearsal: a database made with `beredning init --rehearsal`.",
                )
            last = last_entry_at(connection)
            if last is not None and at < last:
                raise BadInput(
                    f"Klockan kan inte gå bakåt: {at:%Y-%m-%dT%H:%M:%SZ} är före det senaste i"
                    f" loggen, {last:%Y-%m-%dT%H:%M:%SZ}.",
                    f"The clock cannot go back: {at:%Y-%m-%dT%H:%M:%SZ} is before the last entry,"
                    f" {last:%Y-%m-%dT%H:%M:%SZ}.",
                )
            put_clock(connection, at)


def no_round(round_id: str) -> NotFound:
    """Make the refusal of a round that is not there."""
    return NotFound(
        f"Det finns ingen omgång {round_id}. Se `beredning round list`.",
        f"There is no round {round_id}. See `beredning round list`.",
    )
