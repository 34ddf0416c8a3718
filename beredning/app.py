"""The program put together: settings, database, processes and mail."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

from beredning.clock import os_user, utc_now, world_salt
from beredning.config import Config
from notifications.deliver import FolderSender
from notifications.post import deliver, writer
from processes.registry import Registry
from workflow.core.facts import Via
from workflow.core.guards import NAMED, register
from workflow.service import installation
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.installation import stored_clock

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
        return Registry(self.config.processes.path, guards=frozenset(NAMED))

    @cached_property
    def world(self) -> World:
        """What the verbs need.

        Raises: SchemaError, StoreError when the database is not ready.
        """
        known = installation.look(self.database, protected=not self.proving)
        load_guards()
        return World(
            database=self.database,
            clock=stored_clock if known.rehearsal else _now,
            salt=world_salt,
            via=Via.COMMAND,
            os_user=os_user(),
            installation=known.name,
            rehearsal=known.rehearsal,
            sender_domain=self.sender_address.rpartition("@")[2],
            remind_at=self.config.mail.remind_at,
        )

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

    def deliver(self) -> dict[str, int]:
        """Write every mail that is due into the folder.

        Raises: Locked, StoreError.
        """
        write = writer(base_url=self.config.web.base_url, sender=self.config.mail.sender)
        return deliver(self.world, write, FolderSender(Path(self.config.mail.outbox_dir)))

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
