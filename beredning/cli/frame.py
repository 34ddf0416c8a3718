"""What all commands share: settings, who acts and when, answers, and errors.

Exit 0: done. Exit 1: refused, or problems were found. Exit 2: wrong usage.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from beredning.app import App
from beredning.config import read_config
from workflow.core.errors import BadInput, DefinitionError, NoRight, WorkflowError
from workflow.service.world import World

__all__ = [
    "As",
    "At",
    "Desk",
    "Json",
    "Reason",
    "cli",
    "desk",
    "main",
    "plain",
    "read_day",
    "show_table",
]

cli = typer.Typer(
    name="beredning",
    help="Bär en region genom årets prioriteringar: vem som är skyldig vad, till när.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Svara med ett JSON-dokument på stdout.")]
As = Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Personen som det görs av.")]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="ISO", help="Ställ klockan; bara i en övning (init --rehearsal)."),
]
Reason = Annotated[str, typer.Option("--reason", help="Varför; står i loggen.")]

PIPED_WIDTH = 200
"""Columns when nobody looks: lines then stay whole."""


def _console(*, to_stderr: bool) -> Console:
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(stderr=to_stderr, soft_wrap=True, highlight=False, width=width)


stdout = _console(to_stderr=False)
stderr = _console(to_stderr=True)


@dataclass(slots=True)
class Desk:
    """One command's place of work."""

    app: App
    as_json: bool
    email: str | None = None

    @property
    def world(self) -> World:
        """What the verbs need."""
        return self.app.world

    @property
    def person(self) -> str:
        """The person who acts.

        Raises: BadInput when nobody is named.
        """
        if self.email is None:
            raise BadInput("Ange vem som gör det: --as EMAIL.", "Say who does it: --as EMAIL.")
        return self.email

    def answer(self, value: object, show: Callable[[], None]) -> None:
        """Answer with a document, or with words."""
        if self.as_json:
            print_json(value)
        else:
            show()

    def say(self, text: str) -> None:
        """Say a line to a person."""
        stdout.print(text, markup=False)


@cli.callback()
def settings(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="Inställningar; annars config.toml här.")
    ] = None,
) -> None:
    """Take the settings, for every command."""
    context.obj = config


@contextmanager
def desk(
    context: typer.Context, *, as_json: bool, email: str | None = None, at: str | None = None
) -> Iterator[Desk]:
    """Open a command's place of work; turn what is refused into words and exit code 1."""
    opened: Desk | None = None
    try:
        app = App(config=read_config(context.obj))
        opened = Desk(app=app, as_json=as_json, email=email)
        if at is not None:
            app.world.set_clock(read_instant(at))
        if email is not None and not app.config.cli.act_as and not app.world.rehearsal:
            raise NoRight(
                "--as är avstängt här ([cli] act_as = false).",
                "--as is switched off here ([cli] act_as = false).",
            )
        yield opened
    except WorkflowError as error:
        report(error, as_json=as_json)
        raise typer.Exit(1) from error
    if "world" in opened.app.__dict__ and opened.app.world.rehearsal:
        stderr.print("Övning: inget härifrån är på riktigt.", markup=False)


def report(error: WorkflowError, *, as_json: bool) -> None:
    """Say on stderr what was turned down and why."""
    if as_json:
        told = {
            "code": error.code,
            "message": error.sv,
            "reasons": [{"code": r.code, "message": r.sv} for r in error.reasons],
            "current": error.current,
        }
        print(json.dumps({"error": told}, ensure_ascii=False, default=plain), file=sys.stderr)  # noqa: T201
        return
    if isinstance(error, DefinitionError):
        for problem in error.problems:
            stderr.print(f"{problem.place}\n    {problem.message}", markup=False)
        return
    stderr.print(error.sv, markup=False)
    for reason in error.reasons:
        if reason.sv not in error.sv:
            stderr.print(f"  {reason.sv}", markup=False)
    current = error.current or {}
    if current.get("by"):
        latest = f"  Senast: {current['last_transition']} av {current['by']}, {current['at']}."
        stderr.print(latest, markup=False)


def print_json(value: object) -> None:
    """Print one JSON document on stdout."""
    print(json.dumps(value, ensure_ascii=False, default=plain))  # noqa: T201


def plain(value: object) -> Any:
    """Write what JSON has no word for: instants as ISO 8601 with Z, days as YYYY-MM-DD."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "_asdict"):
        return value._asdict()
    return str(value)


def read_instant(text: str) -> datetime:
    """Read an instant; a zone must be there.

    Raises: BadInput.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadInput(
            f"”{text}” är ingen tidpunkt med zon; skriv till exempel 2009-02-13T08:00:00+01:00.",
            f'"{text}" is no instant with a zone; write e.g. 2009-02-13T08:00:00+01:00.',
        )
    return instant.astimezone(UTC)


def read_day(text: str) -> date:
    """Read a day.

    Raises: BadInput.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"”{text}” är ingen dag; skriv till exempel 2009-03-06.",
            f'"{text}" is no day; write e.g. 2009-03-06.',
        ) from None


def show_table(heads: list[str], rows: list[list[object]]) -> None:
    """Show rows under heads, as wide as they need."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(plain_text(cell)) for cell in row))
    stdout.print(table)


def plain_text(cell: object) -> object:
    """Write a cell for a person: instants to the minute."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}Z"
    return cell


def main() -> None:
    """Run the command line."""
    from beredning.cli import evidence, installation, play, rounds, work  # noqa: PLC0415

    _ = (evidence, installation, play, rounds, work)  # importing them registers commands
    cli()
