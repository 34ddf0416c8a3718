"""export: what others keep of what is here."""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from beredning.cli.answers import counted, pour, print_json, say
from beredning.cli.frame import At, Json, Later, cli, desk, read_day
from beredning.cli.refusals import why
from beredning.cli.swedish import FOLLOW, Cli, Group
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from workflow.service.reading.register import register
else:
    register = Later("workflow.service.reading.register.register")

export = Cli(cls=Group, help="Lämna ut det som finns här, för andra att bevara.")
cli.add_typer(export, name="export", no_args_is_help=True, rich_help_panel=FOLLOW)


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSON = "json"


@export.command()
def diarium(
    context: typer.Context,
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="Första dagen.")],
    until: Annotated[str, typer.Option("--to", metavar="DAY", help="Sista dagen, inräknad.")],
    round_id: Annotated[
        str, typer.Option("--round", metavar="ROUND", help="En omgång; annars alla.")
    ] = "",
    format_: Annotated[
        Format, typer.Option("--format", help="csv öppnas av Excel, json läses av program.")
    ] = Format.CSV,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Som allmänheten får läsa: det som är sekretessmarkerat utgår."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Filen som skrivs; ny.")
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Skriv förteckningen över handlingar, som registratorn behöver den.

    Datum, beteckning, från och till vem, och vad handlingen rör (OSL 5 kap. 2 §).
    """
    with desk(context, as_json=as_json, at=at_) as at:
        days = register.Days(
            since=read_day(since), until=read_day(until), round=round_id, public=public
        )
        rows = list(register.register(at.world, days))
        documents = [register.as_document(row) for row in rows]
        if out is None:
            if as_json or format_ is Format.JSON:
                print_json(documents)
            else:
                pour(register.register_as_sheet(iter(rows)))
            return
        if format_ is Format.JSON:
            parts: Iterable[str] = [json.dumps(documents, ensure_ascii=False, indent=1), "\n"]
        else:
            parts = register.register_as_sheet(iter(rows))
        _write(out, parts)
        at.answer(
            {"file": str(out), "rows": len(rows)},
            lambda: say(f"{counted(len(rows), 'rad', 'rader')} i {out}."),
        )


def _write(file: Path, parts: Iterable[str]) -> None:
    """Write a new file.

    Raises: BadInput when it is there already, or cannot be written.
    """
    try:
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.writelines(parts)
    except FileExistsError as error:
        raise BadInput(
            f"{file} finns redan. Ange en annan fil, eller ta bort den.",
            f"{file} exists. Give another file, or remove it.",
        ) from error
    except OSError as error:
        raise BadInput(f"{file} går inte att skriva: {why(error)}.") from error
