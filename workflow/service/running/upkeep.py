"""What keeps an installation alive over the years: upgraded, backed up, restored."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from workflow.core.errors import BadInput, Reason
from workflow.core.facts import EntryDraft, EntryKind, Via
from workflow.service.running import evidence
from workflow.service.world import World
from workflow.store import backup as copies
from workflow.store import schema
from workflow.store.database import HEAD, Connection, Database
from workflow.store.faults import Fault, make_error
from workflow.store.installation import load_installation, stored_clock
from workflow.store.occupation import occupy
from workflow.store.sessions import clear_sessions

__all__ = ["Backup", "Operator", "Restored", "Upgrade", "adopt", "backup", "restore", "upgrade"]

MOST_TOLD = 10
"""How many findings are told of a backup that does not verify."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who looks after an installation that may not be ready for anything else."""

    clock: Callable[[object], datetime]
    salt: Callable[[], str]
    os_user: str | None
    program: str
    """The program's version."""

    def note(
        self, database: Database, connection: Connection, kind: EntryKind, **told: object
    ) -> datetime:
        """Write an entry into the installation's chain; gives its instant."""
        known = load_installation(connection)
        world = World(
            database=database,
            clock=stored_clock if known.rehearsal else self.clock,
            salt=self.salt,
            via=Via.COMMAND,
            os_user=self.os_user,
            installation=known.name,
            rehearsal=known.rehearsal,
        )
        now = world.now(connection)
        told |= {"program": self.program, "schema": HEAD}
        world.note(connection, now, EntryDraft(kind=kind, payload=told))
        return now


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """An upgrade that was made, or would be."""

    before: str
    """The schema it began with."""
    after: str
    steps: tuple[schema.Step, ...]
    """None when it was up to date."""
    backup: Path | None
    """What was, or will be, copied first; empty for a server's database."""
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy that was made and looked through."""

    file: Path
    bytes: int
    contents: copies.Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A database that was put in place, with all its mail held."""

    contents: copies.Contents
    """As they were in the backup."""
    at: datetime
    upgraded_from: str | None


def upgrade(database: Database, operator: Operator, *, dry_run: bool) -> Upgrade:
    """Bring the schema up to date: all of it or nothing. An SQLite database is copied first.

    Raises: SchemaError when there is none, or it is of a newer program; Locked while a
        worker is at work on SQLite; StoreError when there is no room.
    """
    with database.read() as connection:
        found = _schema(connection, database)
        steps = schema.steps(connection, database.name)
    kept = None
    if database.file is not None and steps:
        stamp = operator.clock(None).astimezone(UTC)
        name = f"{database.file.stem}-schema-{found}-{stamp:%Y%m%dT%H%M%SZ}{database.file.suffix}"
        kept = database.file.with_name(name)
    planned = Upgrade(before=found, after=HEAD, steps=steps, backup=kept, done=False)
    if dry_run or not steps:
        return planned
    with occupy(database.file):
        if database.file is not None and kept is not None:
            room = 3 * copies.size(database.file)  # tables made anew, and their way there
            with copies.copied(database.file, kept, spare=room) as copy, copy.read() as connection:
                copies.check_whole(connection, copy.name)
        _migrate(database, operator)
    return replace(planned, done=True)


def _schema(connection: Connection, database: Database) -> str:
    found = schema.current(connection, database.name)
    if found is None:
        raise make_error(Fault.NO_SCHEMA, database.name)
    return found


def _migrate(database: Database, operator: Operator) -> str | None:
    """Bring a database up to date and note it, in one transaction; gives the schema it had,
    None when nothing was to be done."""
    with database.migrating() as connection:
        found = _schema(connection, database)
        if not schema.steps(connection, database.name):
            return None  # somebody else was quicker
        schema.upgrade(connection, database.name)
        told = {"from": found, "to": HEAD}
        operator.note(database, connection, EntryKind.UPGRADED, **told)
    return found


def backup(world: World, file: Path, *, program: str) -> Backup:
    """Copy an SQLite database to a file while it is in use, and look the copy through.

    It is noted in the log before it is made, so that the copy knows of itself.

    Raises: BadInput for a server's database, with what to do instead, and when the file
        exists; StoreError when there is no room or the copy is not whole.
    """
    source = world.database.file
    if source is None:
        dump = f"`pg_dump --format=custom --file={file} --dbname=DATABAS`"
        raise BadInput(
            f"Databasen ligger på en server: säkerhetskopiera den med {dump}."
            " Se docs/howto/backup.md.",
            f"The database is on a server: back it up with {dump}. See docs/howto/backup.md.",
        )
    target = file.absolute()
    copies.nothing_at(target)
    with world.database.write() as connection:
        told = {"file": file.name, "program": program, "schema": HEAD}
        entry = EntryDraft(kind=EntryKind.BACKUP, payload=told)
        world.note(connection, world.now(connection), entry)
    with copies.copied(source, target) as copy, copy.read() as connection:
        _demand_proof(connection, copy.name)
        found = copies.contents(connection)
    return Backup(file=target, bytes=target.stat().st_size, contents=found)


def restore(database: Database, file: Path, operator: Operator) -> Restored:
    """Put a backup in place where no database is, up to date and with all its mail held.

    Raises: BadInput when something is there, or the file is no backup that verifies;
        Locked while a worker is at work there; SchemaError, StoreError.
    """
    if database.file is None:
        raise BadInput(
            "Databasen ligger på en server: läs in kopian i en tom databas med"
            f" `pg_restore --no-owner --dbname=DATABAS {file}` och kör sedan"
            " `beredning restore --adopt`. Se docs/howto/backup.md.",
            "The database is on a server: read the copy into an empty database with"
            f" `pg_restore --no-owner --dbname=DATABASE {file}` and then run"
            " `beredning restore --adopt`. See docs/howto/backup.md.",
        )
    copies.nothing_at(database.file)
    with occupy(database.file), copies.put_in_place(file.absolute(), database.file) as copy:
        return _take_over(copy, operator)


def adopt(database: Database, operator: Operator) -> Restored:
    """Say of a database that was put in place by other means, by `pg_restore` for one, that
    it is a restored one: prove it, bring it up to date and hold all its mail.

    Raises: BadInput when it does not verify; Locked while a worker is at work on SQLite;
        SchemaError, StoreError.
    """
    with occupy(database.file):
        return _take_over(database, operator)


def _take_over(database: Database, operator: Operator) -> Restored:
    with database.read() as connection:
        copies.check_whole(connection, database.name)
        _schema(connection, database)
        pending = schema.steps(connection, database.name)
    before = _migrate(database, operator) if pending else None
    with database.write() as connection:
        _demand_proof(connection, database.name)
        found = copies.contents(connection)
        told = {"from": None if found.last_at is None else f"{found.last_at:%Y-%m-%dT%H:%M:%SZ}"}
        now = operator.note(database, connection, EntryKind.RESTORED, **told, entries=found.entries)
        copies.hold_mail(connection, now)
        copies.give_back_claims(connection, now)
        clear_sessions(connection)  # who was signed out since the copy stays signed out
    return Restored(contents=found, at=now, upgraded_from=before)


def _demand_proof(connection: Connection, name: str) -> None:
    """See that a copy is whole and its log holds.

    Raises: BadInput with the first findings; StoreError, SchemaError.
    """
    copies.check_whole(connection, name)
    verdict = evidence.examine(connection)
    if verdict.ok:
        return
    found = [f"{one.chain} {one.number}: {one.problem}".strip() for one in verdict.problems]
    raise BadInput(
        f"Loggen i {name} håller inte: {len(found)} fel. Ta en äldre säkerhetskopia, eller kör"
        " `beredning verify` mot databasen.",
        f"The log in {name} does not hold: {len(found)} problems. Take an older backup, or run"
        " `beredning verify` on the database.",
        reasons=[Reason("problem", one, one) for one in found[:MOST_TOLD]],
    )
