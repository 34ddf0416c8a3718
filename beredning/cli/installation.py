"""init, check, diagram, plan, org."""

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import named_day, paper, pour, say, show_table
from beredning.cli.frame import As, At, Json, Later, Process, cli, desk
from beredning.cli.refusals import Problems
from beredning.cli.swedish import PREPARE, Cli, Group
from workflow.core.errors import Problem

if TYPE_CHECKING:
    from beredning.practice import example as examples
    from web.charts import alone as pictures
    from workflow.core import calendar as calendars
    from workflow.core import diagram as drawings
    from workflow.service.people import organisation
else:
    examples = Later("beredning.practice.example")
    pictures = Later("web.charts.alone")
    calendars = Later("workflow.core.calendar")
    drawings = Later("workflow.core.diagram")
    organisation = Later("workflow.service.people.organisation")

org = Cli(cls=Group, help="Organisationen: enheter, personer och vem som har vilken roll.")


class Format(StrEnum):
    """Ways to draw a process."""

    MERMAID = "mermaid"
    SVG = "svg"


@cli.command(rich_help_panel=PREPARE)
def init(
    context: typer.Context,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="En databas för övning, med en klocka du ställer.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Gör en ny databas färdig att använda.

    Var den ligger står i database.url i config.toml; annars i beredning.db här.
    """
    with desk(context, as_json=as_json) as at:
        made = at.app.install(rehearsal=rehearsal)
        told = {
            "database": at.app.database.name,
            "installation": made.name,
            "rehearsal": made.rehearsal,
        }
        kind = "En övningsdatabas" if made.rehearsal else "Databasen"
        at.answer(told, lambda: say(f"{kind} är klar: {at.app.database.name}"))


@cli.command(rich_help_panel=PREPARE)
def check(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Mappar eller filer; annars alla processer."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Pröva processer utan att köra något i dem. Bara fel ger 1, inte varningar."""
    with desk(context, as_json=as_json) as at:
        registry, year = at.app.registry, at.app.year()
        problems = list(registry.problems) if not paths else []
        for path in paths or [registry.path(key) for key in registry.keys()]:  # noqa: SIM118
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
        at.answer(told, lambda: _show_problems(problems))
        errors = sum(1 for problem in problems if problem.severity == "error")
        if errors:
            raise Problems(f"{errors} fel.", f"{errors} errors.", told=True)


def _show_problems(problems: list[Problem]) -> None:
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        mark = "fel" if problem.severity == "error" else "varning"
        say(": ".join(part for part in (where, mark, problem.place) if part))
        say(f"    {problem.message}")
    errors = sum(1 for problem in problems if problem.severity == "error")
    warnings = len(problems) - errors
    say(f"{errors} fel, {warnings} {'varning' if warnings == 1 else 'varningar'}")


@cli.command(rich_help_panel=PREPARE)
def diagram(
    context: typer.Context,
    process: Process,
    format_: Annotated[Format, typer.Option("--format", help="Bildens språk.")] = Format.MERMAID,
    as_json: Json = False,
) -> None:
    """Rita en process: som text, att klistra in där Mermaid visas, eller som bild (svg)."""
    with desk(context, as_json=as_json) as at:
        revision = at.app.registry.load(process, year=at.app.year())
        definition = revision.definition
        if format_ is Format.SVG:
            year = definition.example_year or at.app.year()
            drawn = pictures.draw_alone(revision, year=year)
        else:
            drawn = drawings.mermaid(definition)
        told = {"process": process, "format": format_.value, "diagram": drawn}
        at.answer(told, lambda: _show_drawn(drawn, format_))


def _show_drawn(drawn: str, format_: Format) -> None:
    """Print a drawing; one that is kept as a file says itself that it is UTF-8."""
    if format_ is Format.SVG:
        pour([drawn])
    else:
        paper().print(drawn, markup=False, end="")


@cli.command(rich_help_panel=PREPARE)
def plan(
    context: typer.Context,
    process: Process,
    year: Annotated[
        int, typer.Option("--year", metavar="N", help="Året, till exempel budgetåret.")
    ],
    plan_key: Annotated[
        str, typer.Option("--plan", metavar="NAME", help="En annan plan än processens egen.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Visa vilka dagar en plan ger ett visst år, och vilka av dem som är lediga."""
    with desk(context, as_json=as_json) as at:
        definition = at.app.registry.load(process, year=year).definition
        told = calendars.lay_out(definition, year=year, plan=plan_key)
        at.answer([asdict(one) for one in told], lambda: _show_plan(told))


def _show_plan(told: "Sequence[calendars.Laid]") -> None:
    rows = [[one.title, one.milestone, _spoken(one), one.off] for one in told]
    show_table(["Milstolpe", "Nyckel", "Dag", ""], rows, "Processen har inga milstolpar.")


def _spoken(one: "calendars.Laid") -> str:
    """Write a milestone's day as people say it, or its first and last."""
    if one.first_on is None or one.on is None:
        return "sätts senare"
    last = named_day(one.on)
    return last if one.first_on == one.on else f"{named_day(one.first_on)} – {last}"


cli.add_typer(org, name="org", no_args_is_help=True, rich_help_panel=PREPARE)


@org.command()
def example(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Mappen som filerna skrivs i.")],
    process: Annotated[
        str, typer.Option("--process", metavar="PROCESS", help="Processen den ska passa.")
    ] = "prioritering",
    units: Annotated[
        int,
        typer.Option("--units", metavar="N", min=1, max=2000, help="Enheter på den lägsta nivån."),
    ] = 90,
    as_json: Json = False,
) -> None:
    """Skriv en påhittad organisation: enheter av varje slag, och någon i varje roll."""
    with desk(context, as_json=as_json) as at:
        revision = at.app.registry.load(process, year=at.app.year())
        made = examples.example_organisation(revision.definition, units=units)
        examples.write_csv(made, folder)
        told = {
            "folder": str(folder),
            "units": len(made.units),
            "people": len(made.people),
            "grants": len(made.grants),
        }
        at.answer(
            told,
            lambda: say(
                f"Påhittad organisation i {folder}: {len(made.units)} enheter,"
                f" {len(made.people)} personer, {len(made.grants)} roller."
            ),
        )


@org.command(name="import")
def bring_in(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Mappen med units.csv, people.csv, grants.csv och kanske facts.csv."
        ),
    ],
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="Avsluta det som saknas i filerna.")
    ] = False,
    files_win: Annotated[
        bool,
        typer.Option("--files-win", help="Låt filerna gälla också över det som ändrats för hand."),
    ] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Läs in organisationens filer: allt eller inget. Det som saknas i dem står kvar."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = organisation.bring_in(
            at.world, folder, end_missing=end_missing, files_win=files_win, email=email
        )
        at.answer(told, lambda: _show_import(told))


def _show_import(told: dict[str, dict[str, Any]]) -> None:
    names = {"units": "Enheter", "people": "Personer", "grants": "Roller", "facts": "Siffror"}
    words = {
        "added": "nya",
        "changed": "ändrade",
        "ended": "avslutade",
        "left": "saknas i filerna och står kvar",
        "kept": "ändrade för hand och låtna så",
    }
    for key, part in told.items():
        counts = [f"{len(part[what])} {word}" for what, word in words.items() if part[what]]
        say(f"{names[key]}: {', '.join(counts) or 'inget nytt'}")
        for what in ("ended", "left", "kept"):
            for name in part[what]:
                say(f"  {words[what]}: {name}")
