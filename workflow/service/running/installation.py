"""The database itself: made, named, opened."""

from collections.abc import Callable
from datetime import datetime

from workflow.core.errors import BadInput
from workflow.core.facts import EntryDraft, EntryKind, Via
from workflow.service.world import World
from workflow.store.database import Connection, Database
from workflow.store.installation import (
    InstallationFact,
    insert_installation,
    load_installation,
    stored_clock,
)

__all__ = ["InstallationFact", "install", "look"]


def look(database: Database, *, protected: bool = True) -> InstallationFact:
    """Give what a database is; `protected` as for `Database.check_schema`.

    Raises: SchemaError, StoreError when it is not ready; Locked.
    """
    database.check_schema(protected=protected)
    with database.read() as connection:
        return load_installation(connection)


def install(
    database: Database,
    *,
    clock: Callable[[Connection], datetime],
    salt: Callable[[], str],
    rehearsal: bool,
    os_user: str | None,
) -> InstallationFact:
    """Make a database ready: its schema, its name, the first entry of its chain.

    One that is ready already is brought up to date and left as it is.

    Raises: BadInput when it is there and is, or is not, for rehearsal; StoreError.
    """
    database.create()
    with database.write() as connection:
        new = insert_installation(connection, salt()[:8], rehearsal=rehearsal)
        fact = load_installation(connection)
        if fact.rehearsal != rehearsal and not new:
            raise BadInput(
                "Databasen finns redan och är "
                + ("för övning." if fact.rehearsal else "inte för övning.")
                + " Peka ut en annan fil i database.url.",
                "The database exists and is "
                + ("for rehearsal." if fact.rehearsal else "not for rehearsal.")
                + " Point out another file in database.url.",
            )
        if new:
            world = World(
                database=database,
                clock=stored_clock if rehearsal else clock,
                salt=salt,
                via=Via.COMMAND,
                os_user=os_user,
                installation=fact.name,
                rehearsal=rehearsal,
            )
            entry = EntryDraft(kind=EntryKind.INSTALLED, payload={"rehearsal": rehearsal})
            world.note(connection, world.now(connection), entry)
    return fact
