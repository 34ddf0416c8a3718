"""init, org, check, diagram."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from beredning.cli.frame import As, At, Desk, Json, cli, desk, stdout
from beredning.example import example_organisation, write_csv
from workflow.core.diagram import mermaid
from workflow.core.errors import Problem
from workflow.service import organisation

org = typer.Typer(help="Organisationen: enheter, personer och vem som har vilken roll.")
cli.add_typer(org, name="org", no_args_is_help=True)

Process = Annotated[str, typer.Argument(help="Processens nyckel.", metavar="PROCESS")]


class Format(StrEnum):
    """Ways to draw a process."""

    MERMAID = "mermaid"


@cli.command()
def init(
    context: typer.Context,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="En databas för övning, med en klocka man ställer.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Gör databasen färdig, eller uppgradera den."""
    with desk(context, as_json=as_json) as at:
        made = at.app.install(rehearsal=rehearsal)
        told = {
            "database": at.app.database.name,
            "installation": made.name,
            "rehearsal": made.rehearsal,
        }
        kind = "En övningsdatabas" if made.rehearsal else "Databasen"
        at.answer(told, lambda: at.say(f"{kind} är klar: {at.app.database.name}"))


@org.command()
def example(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    process: Annotated[str, typer.Option("--process")] = "prioritering",
    units: Annotated[int, typer.Option("--units", min=1, max=2000)] = 90,
    as_json: Json = False,
) -> None:
    """Skriv en påhittad organisation som passar en process."""
    with desk(context, as_json=as_json) as at:
        revision = at.app.registry.load(process, year=at.app.year())
        made = example_organisation(revision.definition, units=units)
        write_csv(made, folder)
        told = {
            "folder": str(folder),
            "units": len(made.units),
            "people": len(made.people),
            "grants": len(made.grants),
        }
        at.answer(
            told,
            lambda: at.say(
                f"Påhittad organisation i {folder}: {len(made.units)} enheter,"
                f" {len(made.people)} personer, {len(made.grants)} roller."
            ),
        )


@org.command(name="import")
def bring_in(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="Avsluta det som saknas i filerna.")
    ] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Läs in units.csv, people.csv och grants.csv: allt eller inget."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = organisation.bring_in(at.world, folder, end_missing=end_missing, email=email)
        at.answer(told, lambda: _show_import(at, told))


def _show_import(at: Desk, told: dict[str, dict[str, Any]]) -> None:
    names = {"units": "Enheter", "people": "Personer", "grants": "Roller"}
    words = {
        "added": "nya",
        "changed": "ändrade",
        "ended": "avslutade",
        "left": "saknas i filerna och står kvar",
    }
    for key, part in told.items():
        counts = [f"{len(part[what])} {word}" for what, word in words.items() if part[what]]
        at.say(f"{names[key]}: {', '.join(counts) or 'inget nytt'}")
        for what in ("ended", "left"):
            for name in part[what]:
                at.say(f"  {words[what]}: {name}")


@cli.command()
def check(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH...]")] = None,
    as_json: Json = False,
) -> None:
    """Pröva processer: alla, eller de som pekas ut."""
    failed = False
    with desk(context, as_json=as_json) as at:
        registry, year = at.app.registry, at.app.year()
        problems = list(registry.problems) if not paths else []
        shipped = registry.keys()
        for path in paths or [registry.path(key) for key in shipped]:
            problems += registry.examine_path(path, year=year).problems
        told = [
            {
                "file": problem.file,
                "line": problem.line,
                "place": problem.place,
                "severity": problem.severity,
                "message": problem.message,
            }
            for problem in problems
        ]
        at.answer(told, lambda: _show_problems(at, problems))
        failed = any(problem.severity == "error" for problem in problems)
    if failed:
        raise typer.Exit(1)


def _show_problems(at: Desk, problems: list[Problem]) -> None:
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        mark = "fel" if problem.severity == "error" else "varning"
        at.say(f"{where}: {mark}: {problem.place}\n    {problem.message}")
    errors = sum(1 for problem in problems if problem.severity == "error")
    at.say(f"{errors} fel, {len(problems) - errors} varningar")


@cli.command()
def diagram(
    context: typer.Context,
    process: Process,
    format_: Annotated[Format, typer.Option("--format")] = Format.MERMAID,
    as_json: Json = False,
) -> None:
    """Rita en process."""
    with desk(context, as_json=as_json) as at:
        revision = at.app.registry.load(process, year=at.app.year())
        drawn = mermaid(revision.definition)
        told = {"process": process, "format": format_.value, "diagram": drawn}
        at.answer(told, lambda: stdout.print(drawn, markup=False, end=""))
