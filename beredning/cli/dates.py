"""round move, extend, pause, resume: dates that move, shown before they are saved."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import local_time, named_day, say, show_table, tell
from beredning.cli.frame import (
    As,
    At,
    Desk,
    Json,
    Later,
    Reason,
    Round,
    cli,
    desk,
    read_day,
)
from beredning.cli.rounds import round_
from beredning.cli.swedish import LEAD
from workflow.core.errors import Stale

if TYPE_CHECKING:
    from workflow.service import extending, moving, pausing
else:
    extending = Later("workflow.service.extending")
    moving = Later("workflow.service.moving")
    pausing = Later("workflow.service.pausing")

MOST_ROWS = 40
"""So many rows of a table are shown; the document has them all."""


@round_.command()
def move(
    context: typer.Context,
    round_id: Round,
    milestone: Annotated[
        str, typer.Argument(metavar="MILESTONE", help="Milstolpens nyckel; se round show.")
    ],
    day: Annotated[str, typer.Argument(metavar="DATE", help="Den nya dagen, ÅÅÅÅ-MM-DD.")],
    reason: Reason,
    email: As = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Visa bara vad flytten ändrar; inget sparas.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Spara utan att fråga.")] = False,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Flytta en milstolpe, och allt som räknas från den.

    Vid en terminal visas först allt som ändras, och du får frågan om det ska sparas. I ett skript,
    och med --json, sparas det genast; --dry-run visar utan att spara.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = (round_id, milestone, read_day(day))
        if dry_run:
            told = moving.preview_move(at.world, *wish, email=email)
            at.answer(told, lambda: _show_move(told))
            return
        if yes or as_json or not _is_asked():
            told = moving.move_milestone(at.world, *wish, reason=reason, email=email)
            at.answer(told, lambda: _show_saved(told))
        else:
            _ask_and_save(at, wish, reason, email)


def _is_asked() -> bool:
    """Say whether somebody sits there who can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask_and_save(at: Desk, wish: tuple[str, str, date], reason: str, email: str | None) -> None:
    """Show what a move changes, and save it when that is agreed to.

    When the round has gone on while somebody read, it is shown anew.
    """
    while True:
        told = moving.preview_move(at.world, *wish, email=email)
        _show_move(told)
        say("")
        answer = typer.prompt("Spara? [j/N]", default="", show_default=False, prompt_suffix=" ")
        if answer.strip().casefold() not in ("j", "ja", "y", "yes"):
            tell("Inget är sparat.")
            raise typer.Exit(1)
        try:
            moving.move_milestone(
                at.world, *wish, reason=reason, email=email, version=told["version"]
            )
        except Stale:
            tell("Omgången har ändrats medan du läste. Så här blir det nu:")
        else:
            say("Sparat.")
            return


def _show_move(told: dict[str, Any]) -> None:
    """Show everything that a move changes."""
    changes = told["changes"]
    show_table(
        ["Milstolpe", "Från", "Till", "Varför"],
        [
            [m["milestone"], _named(m["from"]), _named(m["to"]), _why(m)]
            for m in changes["milestones"]
        ],
        "",
    )
    say("")
    _show_tasks(changes["tasks"])
    _show_counts(changes)
    for warning in told["warnings"]:
        say(f"Obs! {warning['message']}")


def _show_tasks(tasks: list[dict[str, Any]]) -> None:
    rows = [
        [
            one["title"],
            ", ".join(one["owed_by"]) or "ingen",
            _named(one["from"]),
            _named(one["to"]) if one["changed"] else _kept(one),
            _reminder(one["next_before"]),
            _reminder(one["next_after"]),
        ]
        for one in tasks
    ]
    heads = ["Uppgift", "Hos", "Sista dag", "Ny sista dag", "Påminns", "Påminns då"]
    show_table(heads, rows[:MOST_ROWS], "Ingen öppen uppgift får ny sista dag.")
    if len(rows) > MOST_ROWS:
        say(f"… och {len(rows) - MOST_ROWS} till; alla står i --dry-run --json.")
    if rows:
        say("")


def _show_counts(changes: dict[str, Any]) -> None:
    for count, one, many in (
        (
            changes["reminders"],
            "påminnelse som inte gått ut tas bort",
            "påminnelser som inte gått ut tas bort",
        ),
        (
            changes["mails"],
            "mejl som väntar får den nya dagen",
            "mejl som väntar får den nya dagen",
        ),
        (changes["told"], "person får mejl om ändringen", "personer får mejl om ändringen"),
    ):
        if count:
            say(f"{len(count)} {one if len(count) == 1 else many}.")


def _show_saved(told: dict[str, Any]) -> None:
    for key, day in told["milestones"].items():
        same = key == told["milestone"] and day == told["from"]
        say(f"{key}: {day}" + (" (samma dag som förut)" if same else ""))
    count = len(told["tasks"])
    tasks = "1 öppen uppgift" if count == 1 else f"{count} öppna uppgifter"
    say(f"{tasks} har fått ny sista dag.")
    _show_counts(told["changes"])
    for warning in told["warnings"]:
        say(f"Obs! {warning['message']}")


def _named(day: str | None) -> str:
    return named_day(date.fromisoformat(day)) if day else "inget datum"


def _why(milestone: dict[str, Any]) -> str:
    anchor = milestone["counted_from"]
    return f"räknas från {anchor}" if anchor else "flyttas"


def _kept(task: dict[str, Any]) -> str:
    return "kvar, har anstånd" if task["extended_on"] else "kvar"


def _reminder(at: Any) -> str:
    return local_time(at)[:10] or "aldrig"


# ---- extend ----------------------------------------------------------------------------


@cli.command(rich_help_panel=LEAD)
def extend(
    context: typer.Context,
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="Uppgiftens id, eller ärendets; se tasks.")
    ],
    reason: Reason,
    day: Annotated[
        str,
        typer.Argument(
            metavar="[DATE]", help="Ny sista dag, ÅÅÅÅ-MM-DD; annars den som är begärd."
        ),
    ] = "",
    ask: Annotated[bool, typer.Option("--ask", help="Be om anstånd för din egen uppgift.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Säg nej till det begärda.")] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Ge en uppgift anstånd, be om det, eller säg nej.

    Anstånd ges av den som står över uppgiften eller leder processen; utan --as av driften.
    """
    _check_extend(day, ask=ask, refuse=refuse, email=email)
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        if refuse:
            told = extending.refuse(at.world, task, reason=reason, email=email)
        elif ask:
            told = extending.ask(at.world, task, read_day(day), reason=reason, email=email or "")
        else:
            on = read_day(day) if day else None
            told = extending.grant(at.world, task, on, reason=reason, email=email)
        at.answer(told, lambda: _show_extension(told))


def _check_extend(day: str, *, ask: bool, refuse: bool, email: str | None) -> None:
    """See that the options go together.

    Raises: typer.BadParameter.
    """
    if ask and refuse:
        raise typer.BadParameter("Ange antingen --ask eller --refuse.")
    if ask and not email:
        raise typer.BadParameter("Ange vem som ber om anstånd: --as EMAIL.")
    if ask and not day:
        raise typer.BadParameter("Ange dagen som du ber om: DATE.")
    if refuse and day:
        raise typer.BadParameter("Ange ingen dag med --refuse; den gamla gäller.")


def _show_extension(told: dict[str, Any]) -> None:
    until, known = _named(told["to"]), _named(told["from"])
    match told["answer"]:
        case "granted":
            say(f"{told['task']}: anstånd till {until} (förut {known}).")
        case "refused":
            say(f"{told['task']}: inget anstånd till {until}. Sista dag är {known}.")
        case _:
            whom = ", ".join(told["asked_of"])
            say(f"{told['task']}: anstånd till {until} är begärt. Tills det ges gäller {known}.")
            say(
                f"Svarar gör {whom}."
                if whom
                else "Ingen ovanför uppgiften kan svara; då gör driften det."
            )
    for warning in told["warnings"]:
        say(f"Obs! {warning['message']}")


# ---- pause, resume ---------------------------------------------------------------------


@cli.command(rich_help_panel=LEAD)
def pause(
    context: typer.Context,
    round_id: Round,
    reason: Reason,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Låt en omgång vila: ingen påminns, och inget flyttas eller sparas förrän den återupptas."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = pausing.pause_round(at.world, round_id, reason=reason, email=email)
        at.answer(told, lambda: say(f"{round_id} vilar. {_mails(told['told'])}"))


@cli.command(rich_help_panel=LEAD)
def resume(
    context: typer.Context,
    round_id: Round,
    move_days: Annotated[
        bool | None,
        typer.Option(
            "--move-days/--keep-days",
            help="Flytta det som var kvar så många arbetsdagar som omgången vilade,"
            " eller låt dagarna stå.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Varför nu.")] = "",
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Låt en omgång som vilar gå vidare, med samma dagar eller flyttade."""
    if move_days is None:
        raise typer.BadParameter("Ange --move-days eller --keep-days.")
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = pausing.resume_round(
            at.world, round_id, move_days=move_days, reason=reason, email=email
        )
        at.answer(told, lambda: _show_resumed(told))


def _show_resumed(told: dict[str, Any]) -> None:
    say(f"{told['round']} går vidare. {_mails(told['told'])}")
    if told["days"]:
        days = "1 arbetsdag" if told["days"] == 1 else f"{told['days']} arbetsdagar"
        count = len(told["tasks"])
        tasks = "1 öppen uppgift" if count == 1 else f"{count} öppna uppgifter"
        say(f"Det som var kvar är flyttat {days}; {tasks} har fått ny sista dag.")
    else:
        say("Dagarna är desamma som förut.")
    for key, day in told["milestones"].items():
        say(f"{key}: {_named(day)}")
    for warning in told["warnings"]:
        say(f"Obs! {warning['message']}")


def _mails(count: int) -> str:
    return "Ett mejl är på väg." if count == 1 else f"{count} mejl är på väg."
