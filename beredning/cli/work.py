"""tasks, act, open, tick: the daily work."""

import json
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from beredning.cli.answers import deadline, say, show_table
from beredning.cli.frame import As, At, Json, Later, MustAs, cli, desk
from beredning.cli.refusals import why
from beredning.cli.swedish import LEAD
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from workflow.service import acts, clockwork, starting, views
else:
    acts = Later("workflow.service.acts")
    clockwork = Later("workflow.service.clockwork")
    starting = Later("workflow.service.starting")
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
    any_lent = any(one["on_behalf_of"] for one in told)
    for one in told:
        able = ", ".join(_button(t) for t in one["transitions"] if _is_near(t))
        due = deadline(one["due_at"]) or "inget datum"
        late = ", ".join(_remarks(one))
        held = [", ".join(one["holders"]) or "ingen"] if with_holders else []
        absent = one["on_behalf_of"]
        lent = [f"för {', '.join(absent)}" if absent else ""] if any_lent else []
        rows.append([one["case"], one["title"], one["state"], due, late, able, *held, *lent])
    heads = ["Id", "Ärende", "Läge", "Sista dag", "", "Går att göra"]
    more = [*(["Hos"] if with_holders else []), *(["Ersättare"] if any_lent else [])]
    show_table([*heads, *more], rows, "Inget att göra.")


def _remarks(task: dict[str, Any]) -> Iterator[str]:
    """Say what is special about a task's last day."""
    if task["overdue"]:
        yield "sen"
    if task["extended_on"]:
        yield f"anstånd till {task['extended_on']}"
    if task["asked_until"]:
        yield f"begärt anstånd till {task['asked_until']}"


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
    behalf: Annotated[
        str | None,
        typer.Option("--for", metavar="EMAIL", help="Den du är ersättare för, om det är flera."),
    ] = None,
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
            on_behalf_of=behalf,
            comment=comment,
            data=read_data(data) if data else {},
            version=version,
            request_id=str(request_id) if request_id else None,
        )
        told = acts.act(at.world, wish)
        again = " (redan gjort)" if told["repeated"] else ""
        absent = told.get("on_behalf_of")
        whose = f" för {absent}" if absent else ""
        at.answer(told, lambda: say(f"{case}: {told['from']} → {told['to']}{whose}{again}"))


@cli.command("open", rich_help_panel=LEAD)
def open_one(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="Ärendet som det öppnas under.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Slaget av ärende.")],
    email: MustAs,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="Enheten, om det finns flera.")
    ] = None,
    comment: Annotated[
        str, typer.Option("--comment", metavar="TEXT", help="Vad det gäller, i en mening.")
    ] = "",
    request_id: Annotated[
        UUID | None,
        typer.Option("--request-id", metavar="UUID", help="En upprepning ger det första svaret."),
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Öppna ett ärende av ett slag som öppnas när det behövs: en idé, en fråga, en mätning."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = acts.Wish(
            case=case,
            transition="",
            email=email,
            comment=comment,
            request_id=str(request_id) if request_id else None,
        )
        told = starting.open_one(at.world, wish, kind, unit)
        again = " (redan gjort)" if told["repeated"] else ""
        at.answer(told, lambda: say(f"Ärendet {told['case']} är öppet{again}."))


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
                f"{told['reminders']} påminnelser, {told['moved']} ärenden gick vidare och"
                f" {told['opened']} öppnades av sig själva, {told['incidents']} nya stopp,"
                f" {told['mails']} mejl att skicka."
            ),
        )
