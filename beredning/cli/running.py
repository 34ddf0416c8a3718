"""work, health: the process that runs by itself, and whether all is well."""

import asyncio
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import named_time, print_json, say, tell
from beredning.cli.frame import Json, Later, Settings, cli, desk
from beredning.cli.refusals import report
from beredning.cli.swedish import FOLLOW, LEAD
from workflow.core.errors import WorkflowError

if TYPE_CHECKING:
    from beredning import clock, config, logs, worker
    from workflow.service.mail import mailroom
    from workflow.service.running import health as healths
    from workflow.store import database as databases
    from workflow.store import installation as installations
else:
    clock = Later("beredning.clock")
    config = Later("beredning.config")
    logs = Later("beredning.logs")
    worker = Later("beredning.worker")
    healths = Later("workflow.service.running.health")
    mailroom = Later("workflow.service.mail.mailroom")
    databases = Later("workflow.store.database")
    installations = Later("workflow.store.installation")

PATIENCE_S = 0.5
"""A monitor is answered within a second, also when a server does not."""


@cli.command(rich_help_panel=LEAD)
def work(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Gör varje sak en gång och sluta.")] = False,
    as_json: Json = False,
) -> None:
    """Arbeta tills du säger stopp: påminnelser, passerade tider, mejl, kontrollpunkt.

    Det som händer skrivs på stderr, ett JSON-objekt på varje rad. Ctrl-C eller SIGTERM
    låter det som är på gång bli klart, högst 30 sekunder.
    """
    with desk(context, as_json=as_json) as at:
        _ = at.world  # is ready, or says why not
        with logs.written():
            if once:
                told = asyncio.run(worker.work_once(at.app))
                waiting = mailroom.hold(at.world).waiting
                at.answer(told, lambda: _show_once(told, waiting))
                return
            drained = asyncio.run(_run_to_the_end(at.app))
        at.answer({"drained": drained}, lambda: None)


async def _run_to_the_end(app: Any) -> bool:
    """Work; end the process here when something hangs that no thread can be taken out of."""
    drained = await worker.run(app)
    if not drained:
        tell("Allt hann inte bli klart på 30 sekunder. Det görs om vid nästa start.")
        sys.stderr.flush()
        os._exit(1)
    return drained


def _show_once(told: dict[str, Any], waiting: int) -> None:
    tick, mail = told["tick"], told["deliver"]
    say(
        f"{tick['reminders']} påminnelser, {tick['moved']} ärenden gick vidare av sig själva,"
        f" {mail['sent']} mejl skickade, {waiting} väntar, {mail['failed']} gick inte."
    )


@cli.command(rich_help_panel=FOLLOW)
def health(context: typer.Context, as_json: Json = False) -> None:
    """Visa om allt är väl: arbetare, mejl, schema, disk. 0 är väl, 1 är inte.

    Svarar inom en sekund och ändrar inget, också medan andra skriver; gjort för övervakning.
    """
    given: Settings = context.obj
    try:
        settings = config.read_config(given.config)  # without the rest, which costs half a second
        database = databases.Database(settings.database.url, busy_timeout_s=PATIENCE_S)
    except WorkflowError as error:
        report(error, as_json=as_json)
        raise typer.Exit(1) from error
    now = installations.server_clock if database.file is None else lambda _: clock.utc_now()
    told = healths.look(database, now, held=settings.mail.hold)
    database.close()
    if as_json:
        print_json(told)
    else:
        _show_health(told)
    if not told["ok"]:
        raise typer.Exit(1)


def _show_health(told: dict[str, Any]) -> None:
    for problem in told["problems"]:
        say(f"! {problem['message']}")
    if told["ok"]:
        say("Allt är väl.")
    if "workers" in told:
        at_work = told["workers"]
        say(f"Arbetare i gång: {len(at_work['alive'])}. {_ago(at_work)}.")
        say(_mail(told["mail"]))
        say(f"Öppna stopp: {told['incidents']}. Schema: {told['schema']}.")
    if told["disk"]:
        say(f"Ledigt på disken: {told['disk']['free'] / 1e9:.1f} GB.".replace(".", ",", 1))


def _ago(at_work: dict[str, Any]) -> str:
    if at_work["last_tick"] is None:
        return "Inget varv är gjort än"
    last: datetime = at_work["last_tick"]
    age = at_work["last_tick_age"]
    ago = f"{age} s" if age < 120 else f"{age // 60} min"
    return f"Senaste varvet för {ago} sedan ({named_time(last)})"


def _mail(mail: dict[str, Any]) -> str:
    if not mail["waiting"]:
        return "Inga mejl väntar." + (" Nya hålls kvar." if mail["held"] else "")
    held = " Alla mejl hålls kvar." if mail["held"] else ""
    return f"{mail['waiting']} mejl väntar, det äldsta sedan {named_time(mail['oldest'])}.{held}"
