"""tasks, act, tick, deliver, incidents, outbox: the daily work."""

import json
import sys
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from beredning.cli.answers import deadline, local_time, say, show_table
from beredning.cli.frame import As, At, Json, Later, MustAs, cli, desk
from beredning.cli.refusals import Problems, why
from beredning.cli.swedish import FOLLOW, LEAD
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from workflow.service import acts, clockwork, views
else:
    acts = Later("workflow.service.acts")
    clockwork = Later("workflow.service.clockwork")
    views = Later("workflow.service.views")

LARGEST_FILE = 20_000_000
"""Characters of a file with what comes along; more is no underlag."""


@cli.command(rich_help_panel=LEAD)
def tasks(
    context: typer.Context,
    email: As = None,
    everything: Annotated[bool, typer.Option("--all", help="Allas uppgifter.")] = False,
    round_id: Annotated[
        str | None, typer.Option("--round", metavar="ROUND", help="Bara en omgångs.")
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa öppna uppgifter: en persons (--as) eller allas (--all)."""
    if (email is None) == (not everything):
        raise typer.BadParameter("Ange antingen --as EMAIL eller --all.")
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = views.task_list(at.world, email=email, round_id=round_id)
        at.answer(told, lambda: _show_tasks(told, with_holders=everything))


def _show_tasks(told: list[dict[str, Any]], *, with_holders: bool) -> None:
    rows: list[list[object]] = []
    for one in told:
        able = ", ".join(_button(t) for t in one["transitions"] if _is_near(t))
        due = deadline(one["due_at"]) or "inget datum"
        late = "sen" if one["overdue"] else ""
        held = [", ".join(one["holders"]) or "ingen"] if with_holders else []
        rows.append([one["case"], one["title"], one["state"], due, late, able, *held])
    heads = ["Id", "Ärende", "Läge", "Sista dag", "", "Går att göra"]
    show_table([*heads, *(["Hos"] if with_holders else [])], rows, "Inget att göra.")


def _is_near(option: dict[str, Any]) -> bool:
    """Say whether it can be done now, or only lacks what could come along."""
    return option["allowed"] or set(option["codes"]) <= {"complete", "questions"}


def _button(option: dict[str, Any]) -> str:
    return str(option["key"]) + ("" if option["allowed"] else " (med --data)")


@cli.command(rich_help_panel=LEAD)
def act(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="Ärendets id; se tasks.")],
    transition: Annotated[
        str, typer.Argument(metavar="TRANSITION", help="Övergångens nyckel; se tasks.")
    ],
    email: MustAs,
    comment: Annotated[
        str, typer.Option("--comment", metavar="TEXT", help="Skäl, fråga eller svar.")
    ] = "",
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="FILE", help="Det som ska med, i JSON eller TOML; - läser stdin."
        ),
    ] = None,
    request_id: Annotated[
        UUID | None,
        typer.Option("--request-id", metavar="UUID", help="En upprepning ger det första svaret."),
    ] = None,
    version: Annotated[
        int | None,
        typer.Option("--version", metavar="N", help="Versionen av ärendet som du såg."),
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Gör något med ett ärende: lämna in, godkänn, återlämna, besluta."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = acts.Wish(
            case=case,
            transition=transition,
            email=email,
            comment=comment,
            data=read_data(data) if data else {},
            version=version,
            request_id=str(request_id) if request_id else None,
        )
        told = acts.act(at.world, wish)
        again = " (redan gjort)" if told["repeated"] else ""
        at.answer(told, lambda: say(f"{case}: {told['from']} → {told['to']}{again}"))


def read_data(path: Path) -> dict[str, Any]:
    """Read what comes along with a transition.

    Raises: BadInput that names the file.
    """
    name = "stdin" if str(path) == "-" else str(path)
    try:
        if str(path) == "-":
            text = sys.stdin.read(LARGEST_FILE + 1)
        else:
            with path.open(encoding="utf-8-sig") as file:
                text = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadInput(f"{name} går inte att läsa: {why(error)}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} är inte UTF-8. Spara om den som UTF-8.") from error
    if len(text) > LARGEST_FILE:
        raise BadInput(f"{name} är för stor: högst {LARGEST_FILE // 1_000_000} MB går.")
    kind = "TOML" if path.suffix == ".toml" else "JSON"
    try:
        found = tomllib.loads(text) if kind == "TOML" else json.loads(text)
    except RecursionError as error:
        raise BadInput(f"{name} är nästlad för djupt.") from error
    except ValueError as error:
        raise BadInput(f"{name} är inte giltig {kind}: {error}.") from error
    if not isinstance(found, dict):
        raise BadInput(f'{name} ska vara ett objekt med nycklar, till exempel {{"rows": ...}}.')
    checked: dict[str, Any] = _savable(found, name)
    return checked


def _savable(value: Any, name: str) -> Any:
    """Give a value with days as text.

    Raises: BadInput for a sign that no database keeps.
    """
    if isinstance(value, dict):
        return {_savable(key, name): _savable(one, name) for key, one in value.items()}
    if isinstance(value, list):
        return [_savable(one, name) for one in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, str) and ("\0" in value or not _is_text(value)):
        raise BadInput(f"{name} innehåller tecken som inte går att spara. Skriv vanlig text.")
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


@cli.command(rich_help_panel=LEAD)
def tick(context: typer.Context, email: As = None, at_: At = None, as_json: Json = False) -> None:
    """Gör det som har blivit dags: påminnelser, passerade tider, dagens mejl.

    Det som då händer står i loggen som tidens eget verk, också med --as.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        at.check_person(email)
        told = clockwork.tick(at.world)
        at.answer(
            told,
            lambda: say(
                f"{told['reminders']} påminnelser, {told['moved']} ärenden gick vidare av sig"
                f" själva, {told['incidents']} nya stopp, {told['mails']} mejl att skicka."
            ),
        )


@cli.command(rich_help_panel=LEAD)
def deliver(
    context: typer.Context, email: As = None, at_: At = None, as_json: Json = False
) -> None:
    """Skriv mejlen som väntar till mappen för utgående (mail.outbox_dir)."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        at.check_person(email)
        told = at.app.deliver()
        folder = at.app.config.mail.outbox_dir
        at.answer(told, lambda: say(f"{told['sent']} mejl skrivna till {folder}."))
        if told["failed"] or told["waiting"]:
            raise Problems(
                f"{told['failed']} mejl gick inte att skriva och {told['waiting']} väntar. Se till"
                f" att mappen {folder} går att skriva i, och se `beredning outbox`.",
                f"{told['failed']} mails could not be written and {told['waiting']} wait. See that"
                f" the folder {folder} can be written to, and `beredning outbox`.",
            )


@cli.command(rich_help_panel=FOLLOW)
def incidents(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Visa det som inte kan gå vidare utan en människa."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.incident_list(at.world)
        heads = ["Gäller", "Slag", "Ärende", "Sedan"]
        rows = [
            [one["subject"], one["kind"], one["case"], local_time(one["since"])] for one in told
        ]
        at.answer(told, lambda: show_table(heads, rows, "Inga stopp."))


@cli.command(rich_help_panel=FOLLOW)
def outbox(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Visa mejlen och vad som blev av dem."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.message_list(at.world)
        heads = ["Till", "Slag", "Läge", "Skickat", "Fel"]
        rows = [
            [one["to"], one["kind"], one["state"], local_time(one["sent_at"]), one["error"]]
            for one in told
        ]
        at.answer(told, lambda: show_table(heads, rows, "Inga mejl."))
