"""upgrade, backup, restore, dispose: what keeps an installation alive over the years."""

from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from beredning.cli.answers import counted, local_time, say
from beredning.cli.frame import As, At, Json, Later, cli, desk, read_day
from beredning.cli.swedish import TEND
from beredning.clock import os_user, utc_now, world_salt

if TYPE_CHECKING:
    from workflow.service.running import disposal, upkeep
else:
    disposal = Later("workflow.service.running.disposal")
    upkeep = Later("workflow.service.running.upkeep")

PROGRAM = "beredning"

WORDS = {
    "payloads": "rader i loggen töms på sitt innehåll",
    "questions": "frågor och svar",
    "extensions": "skäl för anstånd",
    "conflicts": "skäl för jäv",
    "comments": "kommentarer",
    "files": "bifogade filer",
    "messages": "mejls text",
    "refusals": "avvisade försök",
    "requests": "kvitton på kommandon",
    "accounts": "konton",
    "sessions": "inloggningar",
    "people": "personers namn och adress",
    "envelopes": "mejls mottagaradress eller fel",
    "answers": "svar från mejlservrar",
    "incidents": "stopps uppgifter",
}
"""What is disposed of, by the word it is counted under."""


class Kind(StrEnum):
    """What can be disposed of; as in workflow.service.running.disposal, which is imported later."""

    PAYLOADS = "payloads"
    QUESTIONS = "questions"
    COMMENTS = "comments"
    FILES = "files"
    MESSAGES = "messages"
    REFUSALS = "refusals"
    ADDRESSES = "addresses"


DryRun = Annotated[bool, typer.Option("--dry-run", help="Säg vad som skulle göras; gör inget.")]


def _operator() -> "upkeep.Operator":
    return upkeep.Operator(
        clock=lambda _: utc_now(), salt=world_salt, os_user=os_user(), program=version(PROGRAM)
    )


@cli.command(rich_help_panel=TEND)
def upgrade(context: typer.Context, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Uppgradera databasen till programmets schema: allt eller inget.

    En SQLite-databas kopieras först, till en fil bredvid. Stanna beredning work före.
    """
    with desk(context, as_json=as_json) as at:
        made = upkeep.upgrade(at.app.database, _operator(), dry_run=dry_run)
        told = {
            "from": made.before,
            "to": made.after,
            "steps": [{"schema": step.schema, "says": step.says} for step in made.steps],
            "backup": str(made.backup) if made.backup else None,
            "upgraded": made.done,
        }

        def show() -> None:
            if not made.steps:
                say(f"Databasen har redan schema {made.after}. Inget att göra.")
                return
            verb = "Uppgraderad" if made.done else "Skulle uppgraderas"
            say(f"{verb} från schema {made.before} till {made.after}: {at.app.database.name}")
            for step in made.steps:
                say(f"  {step.schema}: {step.says}")
            if made.backup:
                word = "Säkerhetskopian ligger i" if made.done else "Först kopieras den till"
                say(f"{word} {made.backup}")

        at.answer(told, show)


@cli.command(rich_help_panel=TEND)
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Filen som skrivs; ny.")],
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Säkerhetskopiera en SQLite-databas medan den är i bruk, och pröva kopian."""
    with desk(context, as_json=as_json, at=at_) as at:
        made = upkeep.backup(at.world, file, program=version(PROGRAM))
        found = made.contents
        told = {
            "file": str(made.file),
            "bytes": made.bytes,
            "rounds": found.rounds,
            "entries": found.entries,
            "last_at": found.last_at,
        }
        size = f"{made.bytes / 1_000_000:.1f} MB".replace(".", ",")
        held = _holds(found.rounds, found.entries)
        at.answer(
            told,
            lambda: say(
                f"Säkerhetskopian är hel: {made.file}, {size}, {held}, den sista"
                f" {local_time(found.last_at)}."
            ),
        )


def _holds(rounds: int, entries: int) -> str:
    lines = counted(entries, "rad", "rader")
    return f"{counted(rounds, 'omgång', 'omgångar')}, {lines} i loggen"


@cli.command(rich_help_panel=TEND)
def restore(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="En fil från beredning backup.")
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Databasen är redan på plats, inläst med pg_restore."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Återställ en säkerhetskopia där ingen databas är, och håll all mejl tills vidare.

    Var den hamnar står i database.url. Mejlen går först efter beredning outbox release.
    """
    if (file is None) != adopt:
        raise typer.BadParameter("Ange antingen FILE eller --adopt.")
    with desk(context, as_json=as_json) as at:
        database = at.app.database
        if file is None:
            made = upkeep.adopt(database, _operator())
        else:
            made = upkeep.restore(database, file, _operator())
        found = made.contents
        told = {
            "database": database.name,
            "rounds": found.rounds,
            "entries": found.entries,
            "last_at": found.last_at,
            "held": found.waiting,
            "upgraded_from": made.upgraded_from,
        }

        def show() -> None:
            say(f"Återställd: {database.name}")
            held = _holds(found.rounds, found.entries)
            say(f"{held}. Det som hände efter {local_time(found.last_at)} finns inte här.")
            if made.upgraded_from:
                say(f"Uppgraderad från schema {made.upgraded_from}.")
            say(
                f"{found.waiting} mejl väntar. Inget mejl går, inte heller nya, förrän du har"
                " kört `beredning outbox release`."
            )

        at.answer(told, show)


@cli.command(rich_help_panel=TEND)
def dispose(
    context: typer.Context,
    before: Annotated[
        str, typer.Option("--before", metavar="DATE", help="Det som avslutades före den dagen.")
    ],
    kinds: Annotated[
        list[Kind],
        typer.Option("--kind", help="Vad som gallras; ange flera gånger för flera slag."),
    ],
    decision: Annotated[
        str,
        typer.Option("--decision", metavar="TEXT", help="Beslutet, t.ex. dnr; står i loggen."),
    ],
    dry_run: DryRun = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Gallra enligt regionens eget beslut. Loggens rader står kvar och går att pröva.

    Bara avslutade omgångar. Det går inte att ångra: pröva med --dry-run först.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = disposal.Wish(
            before=read_day(before),
            kinds=frozenset(disposal.Kind(kind.value) for kind in kinds),
            decision=decision,
            email=email,
            dry_run=dry_run,
        )
        done = disposal.dispose(at.world, wish)
        told = {
            "before": wish.before,
            "kinds": sorted(wish.kinds),
            "decision": decision,
            "disposed": not dry_run,
            "chains": done.chains,
            "total": done.total(),
        }

        def show() -> None:
            if not done.chains:
                say("Inget att gallra.")
                return
            say("Skulle gallras:" if dry_run else f"Gallrat enligt {decision}:")
            for chain, counts in done.chains.items():
                for word, count in counts.items():
                    if count:
                        say(f"  {chain}: {count} {WORDS[word]}")

        at.answer(told, show)
