"""What all commands share: settings, who acts and when, and the way out.

Exit 0: done. Exit 1: refused, or problems were found. Exit 2: wrong usage.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import named_time, print_json, tell
from beredning.cli.refusals import in_words, nearest, report
from beredning.cli.swedish import Cli, Group
from workflow.core.errors import BadInput, NoRight, NotFound, WorkflowError

if TYPE_CHECKING:
    from beredning.app import App
    from workflow.service.world import World

__all__ = [
    "As",
    "At",
    "Desk",
    "Json",
    "Later",
    "MustAs",
    "Process",
    "Reason",
    "Round",
    "cli",
    "desk",
    "read_day",
]

cli = Cli(
    name="beredning",
    cls=Group,
    help="Bär en region genom årets prioriteringar: vem som är skyldig vad, till när.\n\n"
    "0 betyder utfört, 1 avvisat eller fel funna, 2 fel använt.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[
    bool, typer.Option("--json", help="Svara med ett JSON-dokument på stdout, felet på stderr.")
]
As = Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Personen som det görs av.")]
MustAs = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Personen som det görs av.")]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="ISO", help="Ställ klockan; bara i en övning (init --rehearsal)."),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Varför; står i loggen.")]
Process = Annotated[str, typer.Argument(metavar="PROCESS", help="Processens nyckel.")]
Round = Annotated[
    str, typer.Argument(metavar="ROUND", help="Omgångens id, till exempel prioritering-2010.")
]


class Later:
    """A module that is imported when something in it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What stands before the command."""

    config: Path | None = None
    debug: bool = False


@dataclass(slots=True, kw_only=True)
class Desk:
    """One command's place of work."""

    app: "App"
    as_json: bool
    seen: bool = False
    """Whether it has been said that this is a rehearsal."""

    @property
    def world(self) -> "World":
        """What the verbs need.

        Raises: SchemaError, StoreError, Locked.
        """
        world = self.app.world
        if not self.as_json:
            self.hang_banner()
        return world

    def hang_banner(self) -> None:
        """Say once on stderr that a rehearsal is one, and where its clock stands."""
        if self.seen or "world" not in vars(self.app) or not self.app.world.rehearsal:
            return
        self.seen = True
        world = self.app.world
        with world.database.read() as connection:
            now = world.now(connection)
        tell(f"Övning: inget härifrån är på riktigt. Klockan står på {named_time(now)}.")

    def answer(self, value: object, show: Callable[[], None]) -> None:
        """Answer with a document, or with words."""
        if self.as_json:
            print_json(value)
        else:
            show()

    def check_person(self, email: str | None) -> None:
        """See that the one in whose name something is asked for exists.

        Raises: NotFound.
        """
        if email is not None:
            with self.world.database.read() as connection:
                self.world.actor(connection, email, self.world.now(connection))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"beredning {version('beredning')}")
        raise typer.Exit


@cli.callback()
def settings(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Inställningar; annars config.toml här."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Visa programmets eget spår när något oväntat händer.")
    ] = False,
    version_: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Visa versionen."),
    ] = False,
) -> None:
    """Take the settings, for every command."""
    _ = version_
    context.obj = Settings(config=config, debug=debug)


@contextmanager
def desk(
    context: typer.Context,
    *,
    as_json: bool,
    email: str | None = None,
    at: str | None = None,
    proving: bool = False,
) -> Iterator[Desk]:
    """Open a command's place of work; turn what is refused into words and exit code 1.

    `proving` opens also a database whose log has lost its protection.
    """
    given: Settings = context.obj
    opened: Desk | None = None
    try:
        opened = _open(given, as_json=as_json, proving=proving)
        if at is not None:
            opened.app.world.set_clock(read_instant(at))
        if email is not None and not opened.app.config.cli.act_as:
            _check_may_name(opened)
        yield opened
        opened.hang_banner()
    except WorkflowError as error:
        hint = _hint(opened, error, context.params)
        report(error, as_json=as_json, hint=hint)
        raise typer.Exit(1) from error
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except Exception as error:
        if given.debug or (isinstance(error, OSError) and error.filename is None):
            raise  # without a file it is the answer that could not be written
        report(in_words(error), as_json=as_json)
        raise typer.Exit(1) from error
    finally:
        if opened and "database" in vars(opened.app):
            opened.app.database.close()


def _open(given: Settings, *, as_json: bool, proving: bool) -> Desk:
    from beredning.app import App  # noqa: PLC0415 - half a second
    from beredning.config import read_config  # noqa: PLC0415

    app = App(config=read_config(given.config), proving=proving)
    return Desk(app=app, as_json=as_json)


def _check_may_name(opened: Desk) -> None:
    if not opened.app.world.rehearsal:
        raise NoRight(
            "--as är avstängt här: act_as = false under [cli] i inställningarna. I en övning går"
            " det ändå. Ska du göra steg åt andra, sätt act_as till true.",
            "--as is switched off here: act_as = false under [cli] in the settings. A rehearsal"
            " allows it still. To take steps for others, set act_as to true.",
        )


def _hint(opened: Desk | None, error: WorkflowError, given: dict[str, Any]) -> str:
    """Give the name that was perhaps meant, when something was not found."""
    if not isinstance(error, NotFound) or opened is None or "enade du" in error.sv:
        return ""
    from workflow.service import views  # noqa: PLC0415

    try:
        world = opened.app.world
        rounds = [str(one["round"]) for one in views.round_list(world)]
        for key in ("round_id", "case", "unit_key", "email"):
            word = given.get(key)
            if not word or word not in error.sv:
                continue
            if word in rounds:
                continue  # it was found; something else was not
            if key == "round_id":
                return nearest(word, rounds)
            if key == "email":
                return nearest(
                    word, [h for task in views.task_list(world) for h in task["holders"]]
                )
            cases = [c for name in rounds for c in views.round_view(world, name)["cases"]]
            there = {str(c["case" if key == "case" else "unit"]) for c in cases}
            if word not in there:
                return nearest(word, sorted(there))
    except WorkflowError:  # the first error is the one to tell about
        return ""
    return ""


def read_instant(text: str) -> datetime:
    """Read an instant; a zone must be there.

    Raises: BadInput.
    """
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput(
        f"”{text}” är ingen tidpunkt med zon; skriv till exempel 2009-02-13T08:00:00+01:00.",
        f'"{text}" is no instant with a zone; write e.g. 2009-02-13T08:00:00+01:00.',
    )


def read_day(text: str) -> date:
    """Read a day.

    Raises: BadInput.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadInput(
            f"”{text}” är ingen dag; skriv till exempel 2009-03-06.",
            f'"{text}" is no day; write e.g. 2009-03-06.',
        ) from None
