"""log, verify, checkpoint: what happened, and its proof."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from beredning.cli.frame import At, Json, cli, desk, print_json, show_table
from workflow.core.errors import BadInput
from workflow.service import evidence


@cli.command()
def log(
    context: typer.Context,
    round_id: Annotated[str, typer.Argument(metavar="ROUND")],
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa en omgångs logg; `installation` är databasens egen."""
    with desk(context, as_json=as_json, at=at_) as at:
        lines = evidence.log_lines(at.world, round_id)
        if as_json:
            for line in lines:
                print_json(line)
            return
        heads = ["Nr", "När", "Vad", "Ärende", "Övergång", "Till", "Av", "Kommentar"]
        keys = ("number", "at", "kind", "case", "transition", "to", "actor", "comment")
        show_table(heads, [[line[key] for key in keys] for line in lines])


@cli.command()
def verify(
    context: typer.Context,
    checkpoint_file: Annotated[
        Path | None, typer.Option("--checkpoint", help="Ett sparat svar från checkpoint.")
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Pröva loggens kedjor, och att loggen förklarar allt som står i databasen."""
    ok = False
    with desk(context, as_json=as_json, at=at_) as at:
        witnessed = _read(checkpoint_file) if checkpoint_file else None
        verdict = evidence.prove(at.world, witnessed)
        told = {
            "ok": verdict.ok,
            "chains": verdict.chains,
            "entries": verdict.entries,
            "problems": [finding._asdict() for finding in verdict.problems],
        }
        ok = verdict.ok

        def show() -> None:
            for finding in verdict.problems:
                at.say(f"{finding.chain} {finding.number}: {finding.problem}")
            word = "Loggen håller" if ok else "Loggen håller INTE"
            at.say(f"{word}: {verdict.chains} kedjor, {verdict.entries} rader.")

        at.answer(told, show)
    if not ok:
        raise typer.Exit(1)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} är ingen kontrollpunkt: {error}.") from error
    if not isinstance(found, dict):
        raise BadInput(f"{path} är ingen kontrollpunkt.")
    return found


@cli.command()
def checkpoint(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Ge varje kedjas längd och sista rad, för ett vittne att spara."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = evidence.checkpoint(at.world)
        print_json(told)
