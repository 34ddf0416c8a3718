"""log, verify, checkpoint: what happened, and its proof."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import counted, local_time, print_json, say, show_table
from beredning.cli.frame import As, At, Json, Later, cli, desk
from beredning.cli.refusals import Problems, why
from beredning.cli.swedish import FOLLOW
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from workflow.service.running import evidence
else:
    evidence = Later("workflow.service.running.evidence")

LARGEST_FILE = 20_000_000
"""Bytes. A checkpoint has a line for each round."""


@cli.command(rich_help_panel=FOLLOW)
def log(
    context: typer.Context,
    round_id: Annotated[
        str,
        typer.Argument(metavar="ROUND", help="Omgångens id; installation för databasens egen."),
    ],
    at_: At = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Svara med ett JSON-objekt på varje rad.")
    ] = False,
) -> None:
    """Visa en omgångs logg, eller databasens egen."""
    with desk(context, as_json=as_json, at=at_) as at:
        lines = evidence.log_lines(at.world, round_id)
        if as_json:
            for line in lines:
                print_json(line)
            return
        heads = ["Nr", "När", "Vad", "Ärende", "Övergång", "Till", "Av", "Kommentar"]
        keys = ("kind", "case", "transition", "to")
        rows = [
            [
                line["number"],
                local_time(str(line["at"])),
                *(line[key] for key in keys),
                " för ".join(str(line[who]) for who in ("actor", "on_behalf_of") if line[who]),
                f"gallrad ({line['disposed']})" if line["disposed"] else line["comment"],
            ]
            for line in lines
        ]
        show_table(heads, rows, "Loggen är tom.")


@cli.command(rich_help_panel=FOLLOW)
def verify(
    context: typer.Context,
    checkpoint_file: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help="Ett sparat svar från checkpoint."),
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Pröva loggens kedjor, och att loggen förklarar allt som står i databasen."""
    with desk(context, as_json=as_json, at=at_, proving=True) as at:
        witnessed = read_checkpoint(checkpoint_file) if checkpoint_file else None
        verdict = evidence.prove(at.world, witnessed)
        told = {
            "ok": verdict.ok,
            "chains": verdict.chains,
            "entries": verdict.entries,
            "problems": [finding._asdict() for finding in verdict.problems],
            "disposed": [
                {"chain": one.chain, **one.payloads._asdict(), "uncompared": one.uncompared}
                for one in verdict.disposed
            ],
        }

        def show() -> None:
            for finding in verdict.problems:
                say(f"{finding.chain} {finding.number}: {finding.problem}")
            _show_disposed(verdict.disposed)
            word = "Loggen håller" if verdict.ok else "Loggen håller INTE"
            chains = counted(verdict.chains, "kedja", "kedjor")
            say(f"{word}: {chains}, {counted(verdict.entries, 'rad', 'rader')}.")

        at.answer(told, show)
        if not verdict.ok:
            count = len(verdict.problems)
            raise Problems(f"Loggen håller inte: {count} fel.", f"{count} problems.", told=True)


def _show_disposed(disposed: Sequence[Any]) -> None:
    """Say what is gone by decision, and what can therefore not be compared."""
    for chain, all_of_it in groupby(disposed, key=lambda one: one.chain):
        lost: tuple[str, ...] = ()
        for one in all_of_it:
            gone, lost = one.payloads, one.uncompared
            rows = str(gone.first) if gone.first == gone.last else f"{gone.first}-{gone.last}"
            decision = f"innehållet gallrat enligt beslut {gone.decision}"
            say(f"{chain} rad {rows}: {decision} (rad {gone.number})")
        if lost:
            say(f"{chain}: därför jämförs inte {', '.join(lost)}")


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read what `checkpoint` gave.

    Raises: BadInput that names the file.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadInput(f"{path} går inte att läsa: {why(error)}.") from error
    except UnicodeDecodeError as error:
        raise _no_checkpoint(path) from error
    try:
        found = json.loads(text) if len(text) <= LARGEST_FILE else None
    except (ValueError, RecursionError) as error:
        raise _no_checkpoint(path) from error
    if not isinstance(found, dict):
        raise _no_checkpoint(path)
    return found


def _no_checkpoint(path: Path) -> BadInput:
    return BadInput(
        f"{path} är ingen kontrollpunkt. Ange en fil som `beredning checkpoint` har skrivit.",
        f"{path} is no checkpoint. Give a file that `beredning checkpoint` has written.",
    )


@cli.command(rich_help_panel=FOLLOW)
def checkpoint(
    context: typer.Context,
    email: As = None,
    at_: At = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Svaret är JSON också utan; felet blir det med.")
    ] = False,
) -> None:
    """Ge varje kedjas längd och sista rad som JSON, för ett vittne att spara."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        print_json(evidence.checkpoint(at.world, email=email))
