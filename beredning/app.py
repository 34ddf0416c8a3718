"""The program put together: settings, database, processes and mail."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

from beredning.clock import os_user, utc_now, world_salt
from beredning.config import Config
from notifications.deliver import FolderSender, Sender
from notifications.post import Pace, Writer, deliver, never, writer
from notifications.smtp import SmtpSender, SmtpSettings
from processes.registry import Registry
from workflow.core import suggesting
from workflow.core.facts import Via
from workflow.core.guards import NAMED, register
from workflow.service.running import installation
from workflow.service.world import World
from workflow.store.database import Connection, Database
from workflow.store.installation import server_clock, stored_clock

__all__ = ["App"]


@dataclass(frozen=True, kw_only=True)
class App:
    """One installation, as one program run uses it."""

    config: Config
    proving: bool = False
    """Open also a database whose log has lost its protection, to verify it."""

    @cached_property
    def database(self) -> Database:
        """The database; connects to nothing yet."""
        return Database(self.config.database.url)

    @cached_property
    def registry(self) -> Registry:
        """The processes there are."""
        load_guards()
        load_suggestions()
        return Registry(self.config.processes.path, guards=frozenset(NAMED))

    @cached_property
    def world(self) -> World:
        """What the verbs need.

        Raises: SchemaError, StoreError when the database is not ready.
        """
        known = installation.look(self.database, protected=not self.proving)
        load_guards()
        load_suggestions()
        return World(
            database=self.database,
            clock=stored_clock if known.rehearsal else self.clock,
            salt=world_salt,
            via=Via.COMMAND,
            os_user=os_user(),
            installation=known.name,
            rehearsal=known.rehearsal,
            sender_domain=self.sender_address.rpartition("@")[2],
            remind_at=self.config.mail.remind_at,
            mail_hold=self.config.mail.hold,
        )

    @property
    def clock(self) -> Callable[[Connection], datetime]:
        """The clock of the world: on a server the server's own, so that several machines
        agree on when a lease has passed."""
        return server_clock if self.database.dialect == "postgresql" else _now

    @staticmethod
    def now() -> datetime:
        """Give the time on this machine, whatever a rehearsal's clock says."""
        return utc_now()

    @property
    def sender_address(self) -> str:
        """The address that mail comes from."""
        return parseaddr(self.config.mail.sender)[1]

    def install(self, *, rehearsal: bool) -> installation.InstallationFact:
        """Make the database ready.

        Raises: BadInput, StoreError.
        """
        return installation.install(
            self.database,
            clock=_now,
            salt=world_salt,
            rehearsal=rehearsal,
            os_user=os_user(),
        )

    def sender(self) -> Sender:
        """Give the way that mail leaves: the relay, or a folder when none is set.

        The mail of a rehearsal never leaves the machine, whatever is set. Made once:
        reading the system's certificates takes its time.

        Raises:
            BadInput: The relay's settings cannot be used.
            SchemaError, StoreError: The database is not ready.
        """
        return self._sender

    @cached_property
    def _sender(self) -> Sender:
        smtp, mail = self.config.smtp, self.config.mail
        if not smtp.host or self.world.rehearsal:
            return FolderSender(Path(mail.outbox_dir))
        return SmtpSender(
            SmtpSettings(
                host=smtp.host,
                port=smtp.port,
                tls=smtp.tls.value,
                ca_file=smtp.ca_file,
                user=smtp.user,
                password=smtp.password,
                helo=smtp.helo,
                envelope_from=mail.bounce_to or self.sender_address,
                lanes=smtp.connections,
            )
        )

    @cached_property
    def write(self) -> Writer:
        """What turns facts into finished mails."""
        return writer(
            base_url=self.config.web.base_url,
            sender=self.config.mail.sender,
            redirect_to=self.config.mail.redirect_to,
        )

    @cached_property
    def pace(self) -> Pace:
        """How fast this process's mails leave."""
        return Pace(self.config.smtp.per_minute)

    async def post(self, stop: Callable[[], bool] = never) -> dict[str, int]:
        """Send every mail that is due: {sent, withdrawn, failed, waiting}.

        When `stop` answers True it finishes what is under way and claims no more.

        Raises: Locked, StoreError; BadInput when the relay's settings cannot be used.
        """
        return await deliver(self.world, self.write, self.sender(), stop=stop, pace=self.pace)

    def deliver(self) -> dict[str, int]:
        """Do the same, and come back when it is done."""
        return asyncio.run(self.post())

    def year(self, now: datetime | None = None) -> int:
        """Give the year for which a plan is laid out when nobody says: the next."""
        return (now or utc_now()).year + 1


def _now(_: object) -> datetime:
    return utc_now()


def load_guards() -> None:
    """Take in the guards that other packages bring, by the entry point `beredning.guards`."""
    for entry in entry_points(group="beredning.guards"):
        if entry.name not in NAMED:
            register(entry.name, entry.load())


def load_suggestions() -> None:
    """Take in what other packages suggest, by the entry point `beredning.suggestions`."""
    for entry in entry_points(group="beredning.suggestions"):
        if entry.name not in suggesting.NAMED:
            suggesting.register(entry.name, entry.load())
