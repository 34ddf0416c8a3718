"""simulate: a whole year, played."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from beredning.cli.frame import Desk, Json, cli, desk, show_table, stderr, stdout
from beredning.example import example_organisation, write_csv
from beredning.simulate import Day, Result, Setting
from beredning.simulate import simulate as play_year

WEEKDAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
MONTHS = "jan feb mars april maj juni juli aug sep okt nov dec".split()


@cli.command()
def simulate(
    context: typer.Context,
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    year: Annotated[int, typer.Option("--year")],
    org: Annotated[
        Path | None, typer.Option("--org", help="Organisationens filer; annars en påhittad.")
    ] = None,
    late: Annotated[
        float, typer.Option("--late", min=0, max=1, help="Andel av enheterna som är sena.")
    ] = 0.1,
    seed: Annotated[int, typer.Option("--seed", help="Samma frö ger samma år.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    units: Annotated[
        int, typer.Option("--units", min=1, max=2000, help="Enheter i den påhittade.")
    ] = 90,
    as_json: Json = False,
) -> None:
    """Spela ett helt år på en klocka som ställs fram, i en egen databas."""
    with desk(context, as_json=as_json) as at:
        revision = at.app.registry.load(process, year=year)
        folder = out or Path("run") / f"{process}-{year}"
        if org is None:
            org = folder / "org"
            write_csv(example_organisation(revision.definition, units=units), org)
        with Progress(
            TextColumn("{task.description}"), BarColumn(), console=stderr, transient=True
        ) as progress:
            bar = progress.add_task("", total=1)

            def watch(day: Day) -> None:
                progress.update(bar, description=_day(day.on), completed=day.done, total=day.total)
                if not as_json:
                    _show_day(day)

            setting = Setting(year=year, org=org, out=folder, late=late, seed=seed)
            result = play_year(revision, setting, watch)
        told = {
            "round": result.round,
            "seconds": round(result.seconds, 2),
            "transitions": result.transitions,
            "mails": result.mails,
            "final_state": result.final_state,
            "verified": result.verdict.ok,
        }
        at.answer(told, lambda: _show_result(at, result, folder))


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _show_day(day: Day) -> None:
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
    stdout.print(f"{_day(day.on):<18} {', '.join(counted)}", markup=False)
    for line in day.happened:
        stdout.print(f"{'':<18} {line}", style="bold", markup=False)


def _show_result(at: Desk, result: Result, folder: Path) -> None:
    at.say("")
    if result.late:
        at.say("Sena uppgifter (arbetsdagar)")
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
        show_table(["Ärende", "Steg", "Sista dag", "Klart", "Dagar"], rows)
        at.say("")
    verdict = result.verdict
    word = "håller" if verdict.ok else "håller INTE"
    at.say(
        f"{result.round}: {result.final_title}. {result.transitions} steg, {result.mails} mejl,"
        f" {result.seconds:.1f} s."
    )
    at.say(f"Loggen {word}: {verdict.chains} kedjor, {verdict.entries} rader.")
    at.say(f"Mejlen ligger i {folder / 'mail'}, händelserna i {folder / 'timeline.jsonl'}.")
    at.say("Organisationen, personerna och deras svar är påhittade.")
