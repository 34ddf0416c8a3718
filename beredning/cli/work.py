"""tasks, act, tick, deliver, incidents, outbox: the daily work."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from beredning.cli.frame import As, At, Desk, Json, cli, desk, show_table
from workflow.core.errors import BadInput
from workflow.service import clockwork, views
from workflow.service.acts import Wish
from workflow.service.acts import act as move

LARGEST_FILE = 20_000_000
"""Bytes of a file with what comes along; more is no underlag."""


@cli.command()
def tasks(
    context: typer.Context,
    email: As = None,
    everything: Annotated[bool, typer.Option("--all", help="Allas uppgifter.")] = False,
    round_id: Annotated[str | None, typer.Option("--round", metavar="ROUND")] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa öppna uppgifter: mina (--as) eller allas (--all)."""
    if (email is None) == (not everything):
        raise typer.BadParameter("ange --as EMAIL eller --all")
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = views.task_list(at.world, email=email, round_id=round_id)
        at.answer(told, lambda: _show_tasks(at, told))


def _show_tasks(at: Desk, told: list[dict[str, Any]]) -> None:
    if not told:
        at.say("Inget att göra.")
        return
    rows: list[list[object]] = []
    for one in told:
        able = ", ".join(t["key"] for t in one["transitions"] if t["allowed"])
        due = one["due_at"] or "inget datum"
        late = "sen" if one["overdue"] else ""
        rows.append([one["title"], one["state"], due, late, able, one["case"]])
    show_table(["Ärende", "Läge", "Senast", "", "Går att göra", "Id"], rows)


@cli.command()
def act(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    transition: Annotated[str, typer.Argument(metavar="TRANSITION")],
    comment: Annotated[str, typer.Option("--comment", help="Skäl, fråga eller svar.")] = "",
    data: Annotated[
        Path | None, typer.Option("--data", help="JSON eller TOML med det som ska med; - är stdin.")
    ] = None,
    request_id: Annotated[
        UUID | None, typer.Option("--request-id", help="En upprepning ger första svaret.")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--version", help="Versionen av ärendet som du såg.")
    ] = None,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Gör något med ett ärende."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = Wish(
            case=case,
            transition=transition,
            email=at.person,
            comment=comment,
            data=read_data(data) if data else {},
            version=version,
            request_id=str(request_id) if request_id else None,
        )
        told = move(at.world, wish)
        again = " (redan gjort)" if told["repeated"] else ""
        at.answer(told, lambda: at.say(f"{case}: {told['from']} → {told['to']}{again}"))


def read_data(path: Path) -> dict[str, Any]:
    """Read what comes along with a transition.

    Raises: BadInput that names the file.
    """
    try:
        if str(path) == "-":
            text = sys.stdin.read(LARGEST_FILE + 1)
        else:
            with path.open(encoding="utf-8-sig") as file:
                text = file.read(LARGEST_FILE + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "är inte UTF-8"
        raise BadInput(f"{path} går inte att läsa: {reason}.") from error
    if len(text) > LARGEST_FILE:
        raise BadInput(f"{path} är för stor: högst {LARGEST_FILE // 1_000_000} MB.")
    try:
        found = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{path} är inte giltig {path.suffix.strip('.') or 'json'}: {error}."
        ) from error
    if not isinstance(found, dict):
        raise BadInput(f'{path} ska vara ett objekt med nycklar, till exempel {{"rows": ...}}.')
    return found


@cli.command()
def tick(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Gör det som har blivit dags: påminnelser, passerade tider, dagens mejl."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = clockwork.tick(at.world)
        at.answer(
            told,
            lambda: at.say(
                f"{told['reminders']} påminnelser, {told['moved']} ärenden gick vidare av sig"
                f" själva, {told['incidents']} nya stopp, {told['mails']} mejl att skicka."
            ),
        )


@cli.command()
def deliver(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Skriv mejlen som väntar till mappen för utgående."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = at.app.deliver()
        folder = at.app.config.mail.outbox_dir
        at.answer(told, lambda: at.say(f"{told['sent']} mejl skrivna till {folder}."))
        if told["failed"] or told["waiting"]:
            raise BadInput(
                f"{told['failed']} mejl gick inte att skriva och {told['waiting']} väntar."
                " Se `beredning outbox` och `beredning incidents`."
            )


@cli.command()
def incidents(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Visa det som inte kan gå vidare utan en människa."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.incident_list(at.world)
        heads = ["Slag", "Gäller", "Ärende", "Sedan"]
        keys = ("kind", "subject", "case", "since")
        at.answer(told, lambda: show_table(heads, [[one[k] for k in keys] for one in told]))


@cli.command()
def outbox(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Visa mejlen och vad som blev av dem."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.message_list(at.world)
        heads = ["Till", "Slag", "Läge", "Skickat", "Fel"]
        keys = ("to", "kind", "state", "sent_at", "error")
        at.answer(told, lambda: show_table(heads, [[one[k] for k in keys] for one in told]))
