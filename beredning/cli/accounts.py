"""account: local sign-ins, for an installation that keeps its own passwords."""

import sys
from dataclasses import asdict
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from beredning.cli.answers import counted, named_day, named_time, say, show_table, tell
from beredning.cli.frame import Desk, Json, Later, cli, desk
from beredning.cli.swedish import TEND, Cli, Group
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from workflow.service.signing_in import accounts
else:
    accounts = Later("workflow.service.signing_in.accounts")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Personens adress.")]

account = Cli(cls=Group, help="Konton för dem som loggar in med lösenord (auth.mode = local).")
cli.add_typer(account, name="account", no_args_is_help=True, rich_help_panel=TEND)


@account.command(name="set")
def set_(
    context: typer.Context,
    email: Email,
    ask: Annotated[
        bool,
        typer.Option(
            "--ask", help="Fråga efter lösenordet, eller läs det från stdin. Annars görs ett."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Ge någon ett konto, eller ett nytt lösenord. Allt som är öppet med det gamla loggas ut.

    Lösenordet är tillfälligt: det gäller i sju dagar, och personen väljer ett eget vid första
    inloggningen. Det visas en gång och sparas inte.
    """
    with desk(context, as_json=as_json) as at:
        password = _ask() if ask else None
        told = accounts.set_account(at.world, email, at.app.clock, password=password)
        document = asdict(told) | {"password": None if ask else told.password}

        def show() -> None:
            did = "har fått ett konto" if told.made else "har fått ett nytt lösenord"
            until = f"Det gäller till {named_time(told.until)} och byts vid första inloggningen."
            if ask:
                say(f"{told.name} {did}. {until}")
            else:
                say(f"{told.name} {did}: {told.password}")
                say(f"{until} Det visas bara nu. Lämna det personligen eller per telefon.")
            _warn(at)

        at.answer(document, show)


@account.command(name="list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """Visa kontona: vems, sedan när, om lösenordet är tillfälligt, om det finns en kod."""
    with desk(context, as_json=as_json) as at:
        told = accounts.account_list(at.world)

        def show() -> None:
            heads = ["Adress", "Namn", "Lösenordet satt", "Lösenord", "Kod"]
            rows = [
                [
                    one.email,
                    one.name,
                    named_day(at.world.today(one.set_at)),
                    f"tillfälligt till {named_time(one.until)}" if one.until else "eget",
                    "ja" if one.second_factor else "nej",
                ]
                for one in told
            ]
            show_table(heads, rows, "Inga konton. Gör ett med `beredning account set EMAIL`.")

        at.answer([asdict(one) for one in told], show)


@account.command()
def remove(context: typer.Context, email: Email, as_json: Json = False) -> None:
    """Ta bort någons konto. Personen loggas ut och kan inte logga in igen."""
    with desk(context, as_json=as_json) as at:
        ended = accounts.remove(at.world, email, at.app.clock)
        at.answer(
            {"email": email, "sessions_ended": ended},
            lambda: say(f"Kontot för {email} är borttaget. {_ended(ended)}"),
        )


@account.command(name="reset-code")
def reset_code(context: typer.Context, email: Email, as_json: Json = False) -> None:
    """Ta bort någons andra steg, när telefonen är borta. Personen sätter upp ett nytt.

    Se till att det verkligen är personen som ber om det: ring upp på ett nummer du känner.
    """
    with desk(context, as_json=as_json) as at:
        ended = accounts.reset_code(at.world, email, at.app.clock)
        at.answer(
            {"email": email, "sessions_ended": ended},
            lambda: say(
                f"Koden för {email} är borttagen och sätts upp på nytt vid nästa inloggning."
                f" {_ended(ended)}"
            ),
        )


@account.command(name="sign-out")
def sign_out(context: typer.Context, email: Email, as_json: Json = False) -> None:
    """Logga ut någon överallt, hur de än har loggat in."""
    with desk(context, as_json=as_json) as at:
        ended = accounts.sign_out(at.world, email, at.app.clock)
        at.answer(
            {"email": email, "sessions_ended": ended},
            lambda: say(_ended(ended) if ended else f"{email} var inte inloggad."),
        )


def _ask() -> str:
    """Ask twice at a terminal; else read one line, for a program that sends it.

    Raises: BadInput when the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given = getpass("Lösenord: ")
    if given != getpass("En gång till: "):
        raise BadInput(
            "De två lösenorden är olika. Kör kommandot igen.",
            "The two passwords differ. Run the command again.",
        )
    return given


def _ended(count: int) -> str:
    return f"{counted(count, 'inloggning', 'inloggningar')} avslutades."


def _warn(at: Desk) -> None:
    mode = at.app.config.auth.mode.value
    if mode != "local":
        tell(f"Kontot används inte än: auth.mode är {mode}, inte local.")
