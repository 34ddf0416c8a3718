"""substitute: who stands in for whom.

`substitute PERSON --by EMAIL ...` is `substitute add PERSON --by EMAIL ...`, said shorter.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import named_day, say, show_table
from beredning.cli.frame import As, At, Json, Later, cli, desk, read_day
from beredning.cli.swedish import LEAD, Cli, Group

if TYPE_CHECKING:
    from workflow.service.people import substituting
else:
    substituting = Later("workflow.service.people.substituting")

STATES = {"current": "gäller", "coming": "kommer", "past": "har varit", "ended": "avslutat"}


class _Shorter(Group):
    """Commands, where an address or an option in a command's place means `add`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Say `add` where it was left out."""
        word = args[0] if args else ""
        if "@" in word or (word.startswith("-") and word not in ctx.help_option_names):
            args = ["add", *args]
        return super().parse_args(ctx, args)


substitute = Cli(
    cls=_Shorter,
    help="Ersättare: vem som gör en annans uppgifter för en tid.\n\n"
    "`substitute PERSON --by EMAIL ...` räcker för att utse en.",
)
cli.add_typer(substitute, name="substitute", no_args_is_help=True, rich_help_panel=LEAD)


@substitute.command()
def add(
    context: typer.Context,
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Den som är borta, med sin adress.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="EMAIL", help="Ersättaren.")],
    from_on: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Första dagen, tidigast i dag.")
    ],
    to_on: Annotated[
        str, typer.Option("--to", metavar="DATE", help="Sista dagen, högst ett år bort.")
    ],
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="ROLE", help="Bara en roll; annars alla som personen har."),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="UNIT", help="Bara vid en enhet; annars alla."),
    ] = None,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Utse en ersättare: personen själv, eller närmaste chef för en roll vid en enhet.

    Ersättaren får mejlen, ser uppgifterna och gör dem som ”X för Y”. Det slutar av sig
    självt efter sista dagen, och när personen inte längre har rollen.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = substituting.Appointment(
            person=person,
            by=by,
            from_on=read_day(from_on),
            to_on=read_day(to_on),
            role=role,
            unit=unit,
        )
        told = substituting.appoint(at.world, wish, email=email)
        days = f"{named_day(told['from'])} till och med {named_day(told['to'])}"
        at.answer(
            told,
            lambda: say(
                f"{told['substitute']} är ersättare för {told['person']} från och med {days}."
                f" Avsluta i förtid med `beredning substitute end {told['substitution']}`."
            ),
        )


@substitute.command(name="list")
def list_(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Också de som har varit och avslutats.")
    ] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa ersättarna: en persons egna (--as), annars allas."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = substituting.substitute_list(at.world, email=email, everything=everything)
        heads = ["Nr", "Ersättare", "För", "Roll", "Enhet", "Från", "Till", "Läge"]
        keys = ("substitution", "substitute", "person", "role", "unit", "from", "to")
        rows = [[*(one[key] for key in keys), STATES[one["state"]]] for one in told]
        at.answer(told, lambda: show_table(heads, rows, "Inga ersättare."))


@substitute.command()
def end(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Ersättarens nr; se list.")],
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Avsluta i förtid. Det gäller redan vid nästa kommando."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = substituting.end(at.world, number, email=email)
        at.answer(
            told,
            lambda: say(f"{told['substitute']} är inte längre ersättare för {told['person']}."),
        )
