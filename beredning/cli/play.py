"""simulate: a whole year, played."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from beredning.cli.answers import Paper, counted, named_day, paper, say, show_table
from beredning.cli.frame import Json, Later, Process, cli, desk
from beredning.cli.refusals import Problems
from beredning.cli.swedish import PREPARE
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from beredning.practice import example as examples
    from beredning.practice import simulate as playing
    from beredning.practice.playing import Day
    from beredning.practice.simulate import Result
else:
    examples = Later("beredning.practice.example")
    playing = Later("beredning.practice.simulate")


@cli.command(rich_help_panel=PREPARE)
def simulate(
    context: typer.Context,
    process: Process,
    year: Annotated[
        int, typer.Option("--year", metavar="N", help="Året, till exempel budgetåret.")
    ],
    org: Annotated[
        Path | None,
        typer.Option("--org", metavar="DIR", help="Organisationens filer; annars en påhittad."),
    ] = None,
    late: Annotated[
        float,
        typer.Option(
            "--late", metavar="SHARE", min=0, max=1, help="Andel av enheterna som är sena."
        ),
    ] = 0.1,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Samma frö ger samma år.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Mappen för allt; annars run/PROCESS-ÅR."),
    ] = None,
    units: Annotated[
        int,
        typer.Option("--units", metavar="N", min=1, max=2000, help="Enheter i den påhittade."),
    ] = 90,
    as_json: Json = False,
) -> None:
    """Spela ett helt år på en klocka som ställs fram, i en egen databas."""
    with desk(context, as_json=as_json) as at:
        revision = at.app.registry.load(process, year=year)
        folder = out or Path("run") / f"{process}-{year}"
        with _begun(folder), _progress(as_json=as_json) as advance:
            if org is None:
                org = folder / "org"
                made = examples.example_organisation(revision.definition, units=units)
                examples.write_csv(made, org)
            setting = playing.Setting(year=year, org=org, out=folder, late=late, seed=seed)
            result = playing.simulate(revision, setting, advance)
        told = {
            "round": result.round,
            "seconds": round(result.seconds, 2),
            "transitions": result.transitions,
            "mails": result.mails,
            "final_state": result.final_state,
            "verified": result.verdict.ok,
        }
        at.answer(told, lambda: _show_result(result, folder))
        if not result.verdict.ok:
            count = len(result.verdict.problems)
            raise Problems(
                f"Loggen håller inte: {count} fel. Pröva den med `beredning verify`.",
                f"The log does not hold: {count} problems. Try it with `beredning verify`.",
            )


@contextmanager
def _begun(folder: Path) -> Iterator[None]:
    """Leave no database behind when the year could not even begin or was stopped.

    Raises: BadInput when the folder holds a played year.
    """
    file = folder / "rehearsal.db"
    if file.exists():
        raise BadInput(
            f"{file} finns redan. Ange en annan mapp (--out), eller ta bort den.",
            f"{file} exists. Give another folder (--out), or remove it.",
        )
    try:
        yield
    except BaseException:
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        raise


@contextmanager
def _progress(*, as_json: bool) -> "Iterator[Callable[[Day], None]]":
    """Show the year: a line for each day on which something happens, and a bar below."""
    if as_json or not sys.stderr.isatty():
        yield lambda day: None if as_json else _show_day(day, paper())
        return
    together = sys.stdout.isatty()  # then lines and bar must know of each other
    console = Paper(stderr=not together, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=1)

        def advance(day: "Day") -> None:
            progress.update(bar, description=named_day(day.on), completed=day.done, total=day.total)
            _show_day(day, console if together else paper())

        yield advance


def _show_day(day: "Day", sheet: Paper) -> None:
    """Show a day on which something happened; nothing happens on most."""
    if not (day.acts or day.mails):
        return
    counted = [
        f"{count} {word}"
        for count, word in (
            (day.acts, "steg"),
            (day.reminders, "påminnelser" if day.reminders != 1 else "påminnelse"),
            (day.mails, "mejl"),
        )
        if count
    ]
    sheet.print(f"{named_day(day.on):<19} {', '.join(counted)}", markup=False)
    for line in day.happened:
        sheet.print(f"{'':<19} {line}", style="bold", markup=False)


def _show_result(result: "Result", folder: Path) -> None:
    say("")
    if result.late:
        say("Sena uppgifter (arbetsdagar)")
        rows: list[list[object]] = [
            [
                one["title"],
                one["state"],
                one["due_on"],
                "kom inte" if one["outcome"] == "missing" else one["closed_on"],
                one["working_days"],
            ]
            for one in result.late
        ]
        show_table(["Ärende", "Steg", "Sista dag", "Klart", "Dagar"], rows, "")
        say("")
    verdict = result.verdict
    word = "håller" if verdict.ok else "håller INTE"
    say(
        f"{result.round}: {result.final_title}. {result.transitions} steg, {result.mails} mejl,"
        f" {result.seconds:.1f} s."
    )
    chains = counted(verdict.chains, "kedja", "kedjor")
    say(f"Loggen {word}: {chains}, {counted(verdict.entries, 'rad', 'rader')}.")
    say(f"Mejlen ligger i {folder / 'mail'}, händelserna i {folder / 'timeline.jsonl'}.")
    say("Organisationen, personerna och deras svar är påhittade.")
