"""deliver, outbox: mail on its way, and what the operator does about it.

`outbox` alone, or with options, is `outbox list`.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import local_time, say, show_table
from beredning.cli.frame import As, At, Desk, Json, Later, cli, desk
from beredning.cli.refusals import Problems
from beredning.cli.swedish import FOLLOW, LEAD, Cli, Group

if TYPE_CHECKING:
    from workflow.service import views
    from workflow.service.mail import mailroom
else:
    mailroom = Later("workflow.service.mail.mailroom")
    views = Later("workflow.service.views")

STATES = {
    "queued": "väntar",
    "sent": "skickat",
    "withdrawn": "återtaget",
    "failed": "misslyckat",
    "bounced": "kom tillbaka",
}
OUTCOMES = {
    "sent": "skickat",
    "waits": "inte nu",
    "unclear": "oklart",
    "refused": "avvisat",
    "delayed": "försenat",
    "bounced": "kom tillbaka",
}


class _Lister(Group):
    """Commands, where none at all, or an option in its place, means `list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Say `list` where it was left out."""
        word = args[0] if args else "-"
        if word.startswith("-") and word not in ctx.help_option_names:
            args = ["list", *args]
        return super().parse_args(ctx, args)


outbox = Cli(
    cls=_Lister,
    help="Mejlen och vad som blev av dem.\n\n`outbox` ensamt visar dem alla.",
)
cli.add_typer(outbox, name="outbox", rich_help_panel=FOLLOW)

MessageId = Annotated[
    str,
    typer.Argument(metavar="MESSAGE-ID", help="Mejlets Message-ID, med eller utan < och >."),
]


@cli.command(rich_help_panel=LEAD)
def deliver(
    context: typer.Context, email: As = None, at_: At = None, as_json: Json = False
) -> None:
    """Skicka mejlen som väntar: genom smtp.host, eller till mappen mail.outbox_dir."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        at.check_person(email)
        told = at.app.deliver()
        hold = mailroom.hold(at.world)
        at.answer(told, lambda: _show_delivery(at, told, hold))
        if told["failed"] or told["waiting"] or (hold.relay and hold.waiting and not hold.holds):
            _complain(at, told, hold)


def _relay(at: Desk) -> str:
    """Give the mail server's name; empty when mails go to the folder, as in a rehearsal."""
    return "" if at.world.rehearsal else at.app.config.smtp.host


def _show_delivery(at: Desk, told: dict[str, int], hold: "mailroom.Hold") -> None:
    if hold.holds and hold.waiting:
        say(_held(hold))
    else:
        host, folder = _relay(at), at.app.config.mail.outbox_dir
        way = f"skickade genom {host}" if host else f"skrivna till {folder}"
        say(f"{told['sent']} mejl {way}.")


def _held(hold: "mailroom.Hold") -> str:
    """Say that mail is held, why, and what to do."""
    waiting = f"{hold.waiting} mejl väntar."
    if hold.by_settings:
        return f"{waiting} Inställningen mail.hold håller kvar dem; sätt den till false."
    since = local_time(hold.since)
    return f"{waiting} De hålls kvar sedan {since}. Släpp dem med `beredning outbox release`."


def _complain(at: Desk, told: dict[str, int], hold: "mailroom.Hold") -> None:
    host, folder = _relay(at), at.app.config.mail.outbox_dir
    if hold.relay:
        again, why = local_time(hold.relay["next_try_at"]), hold.relay["error"]
        sv = f" {host} går inte att använda ({why}); nytt försök {again}."
        en = f" {host} cannot be used ({why}); next try {again}."
    elif not host:
        sv = f" Se till att mappen {folder} går att skriva i."
        en = f" See that the folder {folder} can be written to."
    else:
        sv = en = ""
    raise Problems(
        f"{told['failed']} mejl misslyckades och {hold.waiting} väntar.{sv} Se `beredning outbox"
        " --failed` och `beredning outbox --waiting`.",
        f"{told['failed']} mails failed and {hold.waiting} wait.{en} See `beredning outbox"
        " --failed` and `beredning outbox --waiting`.",
    )


@outbox.command("list")
def list_(
    context: typer.Context,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Bara de som väntar på att skickas.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="Bara de som misslyckades eller kom tillbaka.")
    ] = False,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESS", help="Bara de till en adress.")
    ] = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa mejlen, de äldsta först; ett urval visas med Message-ID och svar."""
    if waiting and failed:
        raise typer.BadParameter("Ange antingen --waiting eller --failed.")
    with desk(context, as_json=as_json, at=at_) as at:
        state = "queued" if waiting else "failed" if failed else None
        found = views.message_list(at.world, state)
        told = [one for one in found if to is None or one["to"].lower() == to.lower()]
        chosen = waiting or failed or to is not None
        at.answer(told, lambda: _show_some(told) if chosen else _show_all(told))
        if not as_json:
            hold = mailroom.hold(at.world)
            if hold.holds and hold.waiting:
                say(_held(hold))


def _show_all(told: list[dict[str, Any]]) -> None:
    heads = ["Till", "Slag", "Läge", "Skickat", "Fel"]
    rows = [
        [one["to"], one["kind"], STATES[one["state"]], local_time(one["sent_at"]), one["error"]]
        for one in told
    ]
    show_table(heads, rows, "Inga mejl.")


def _show_some(told: list[dict[str, Any]]) -> None:
    for one in told:
        when = f" {local_time(one['sent_at'])}" if one["sent_at"] else ""
        if one["next_try_at"] and one["error"]:
            when = f", nytt försök {local_time(one['next_try_at'])}"
        say(f"{one['to']}, {one['kind']}: {STATES[one['state']]}{when}")
        if one["error"]:
            say(f"    {one['error']}")
        say(f"    {one['message_id']}")
    if not told:
        say("Inga mejl.")


@outbox.command()
def show(
    context: typer.Context, message_id: MessageId, at_: At = None, as_json: Json = False
) -> None:
    """Visa ett mejl och varje försök att skicka det."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = mailroom.show(at.world, _bare(message_id))
        at.answer(told, lambda: _show_one(told))


def _show_one(told: dict[str, Any]) -> None:
    when = f" {local_time(told['sent_at'])}" if told["sent_at"] else ""
    say(f"{told['message_id']} till {told['to']}: {STATES[told['state']]}{when}.")
    if told["first"]:
        say(f"Skickas på nytt i stället för {told['first']}.")
    for name in told["anew"]:
        say(f"Skickas på nytt som {name}.")
    if told["next_try_at"] and told["error"]:
        say(f"Nästa försök {local_time(told['next_try_at'])}.")
    if told["state"] == "failed" and not told["attempts"]:
        say(f"Mejlet gick inte att skriva: {told['error']}")
    rows = [
        [one["number"], local_time(one["at"]), OUTCOMES[one["outcome"]], one["answer"]]
        for one in told["attempts"]
    ]
    none = "Försöken är inte sparade." if told["sent_at"] else "Inget försök har gjorts."
    show_table(["Försök", "När", "Utfall", "Svar"], rows, none)


@outbox.command()
def resend(
    context: typer.Context,
    message_id: MessageId,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ADDRESS", help="En annan adress än personens egen."),
    ] = None,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Skicka ett mejl på nytt som har skickats eller misslyckats.

    Det skrivs om från hur läget är nu och får ett nytt Message-ID. Det som inget har kvar att
    berätta, eller är gallrat, avvisas.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = mailroom.resend(at.world, _bare(message_id), to=to, email=email)
        where = f" till {to}" if to else ""
        at.answer(told, lambda: say(f"Mejlet skickas på nytt{where}, som {told['message_id']}."))


def _bare(message_id: str) -> str:
    return message_id.strip().removeprefix("<").removesuffix(">")


@outbox.command(name="hold")
def keep_back(
    context: typer.Context, email: As = None, at_: At = None, as_json: Json = False
) -> None:
    """Håll kvar alla mejl tills de släpps med `outbox release`."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        before = mailroom.keep_back(at.world, email)
        told = {"waiting": before.waiting, "held_since": mailroom.hold(at.world).since}

        def show() -> None:
            known = "redan " if before.since else ""
            say(f"Mejlen hålls {known}kvar; {before.waiting} väntar. Släpp med `outbox release`.")

        at.answer(told, show)


@outbox.command()
def release(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Säg bara hur många som väntar.")
    ] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Släpp mejlen som hålls kvar, sedan databasen återställdes eller någon sade så."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        at.check_person(email)
        hold = mailroom.hold(at.world) if dry_run else mailroom.release(at.world, email)
        told = {
            "waiting": hold.waiting,
            "held_since": hold.since,
            "released": hold.since is not None and not dry_run,
            "held_by_settings": hold.by_settings,
        }
        at.answer(told, lambda: _show_release(hold, released=bool(told["released"])))


def _show_release(hold: "mailroom.Hold", *, released: bool) -> None:
    waiting = f"{hold.waiting} mejl väntar"
    if released:
        say(f"Släppta: {waiting} och skickas från och med nu.")
    elif hold.since is None:
        say(f"Databasen håller inte kvar några mejl; {waiting}.")
    else:
        say(f"{waiting} och hålls kvar sedan {local_time(hold.since)}. Inget är släppt.")
    if hold.by_settings:
        say("Inställningen mail.hold håller fortfarande kvar allt; sätt den till false.")
