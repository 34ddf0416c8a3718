"""grant and person: roles and people, one at a time, between imports."""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import named_day, say, show_table
from beredning.cli.frame import As, At, Desk, Json, Later, cli, desk, read_day
from beredning.cli.swedish import PREPARE, Cli, Group

if TYPE_CHECKING:
    from workflow.service.people import correcting, granting, roster
    from workflow.service.people.roster import HeldRole, RosterPerson
else:
    correcting = Later("workflow.service.people.correcting")
    granting = Later("workflow.service.people.granting")
    roster = Later("workflow.service.people.roster")

WHEN = {"current": "gäller", "coming": "kommer", "past": "har varit"}

grant = Cli(cls=Group, help="Roller: vem som har vilken roll vid vilken enhet.")
person = Cli(cls=Group, help="Personer: adress, namn och språk.")
cli.add_typer(grant, name="grant", no_args_is_help=True, rich_help_panel=PREPARE)
cli.add_typer(person, name="person", no_args_is_help=True, rich_help_panel=PREPARE)

Everything = Annotated[bool, typer.Option("--all", help="Också det som har varit.")]
Address = Annotated[str, typer.Argument(metavar="EMAIL", help="Personens adress.")]


@grant.command()
def give(
    context: typer.Context,
    address: Address,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="Rollens nyckel.")],
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="Enhetens nyckel.")],
    from_on: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Första dagen; annars i dag.")
    ] = "",
    to_on: Annotated[
        str, typer.Option("--to", metavar="DATE", help="Sista dagen; annars tills vidare.")
    ] = "",
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Ge någon en roll vid en enhet. Den som får uppgifter genom den får veta det.

    Nästa `org import` låter rollen vara, tills filerna själva har den.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        wish = granting.Role(
            person=address,
            role=role,
            unit=unit,
            from_on=read_day(from_on) if from_on else _today(at),
            to_on=read_day(to_on) if to_on else None,
        )
        told = granting.give(at.world, wish, email=email)
        until = f"till och med {named_day(told.to_on)}" if told.to_on else "tills vidare"
        at.answer(
            asdict(told),
            lambda: say(
                f"{told.person} är {told.role} vid {told.unit} från och med"
                f" {named_day(told.from_on)}, {until} (nr {told.grant})."
            ),
        )


def _today(at: Desk) -> Any:
    world = at.world
    with world.database.read() as connection:
        return world.today(world.now(connection))


@grant.command()
def end(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Rollens nr; se list.")],
    last: Annotated[
        str, typer.Option("--last", metavar="DATE", help="Sista dagen; annars i dag.")
    ] = "",
    now: Annotated[bool, typer.Option("--now", help="Sluta genast.")] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Avsluta en roll. Den sista dagen räknas in; med --now slutar den genast."""
    if last and now:
        raise typer.BadParameter("Ange antingen --last eller --now.")
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        day = read_day(last) if last else _today(at) - timedelta(days=int(now))
        told = granting.end_grant(at.world, number, day, email=email)
        at.answer(
            asdict(told),
            lambda: say(
                f"{told.person} är {told.role} vid {told.unit}"
                + (" inte längre." if now else f" till och med {named_day(day)}.")
            ),
        )


@grant.command(name="list")
def list_(
    context: typer.Context,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="Bara vid en enhet.")
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="Bara en roll.")
    ] = None,
    everything: Everything = False,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa vem som har vilken roll, sedan när och hur länge."""
    with desk(context, as_json=as_json, at=at_) as at:
        found = [
            (one, held)
            for one in roster.roster(at.world, everything=everything)
            for held in one.roles
            if unit in (None, held.unit) and role in (None, held.role)
        ]
        document = [{"person": one.email, **asdict(held)} for one, held in found]
        heads = ["Nr", "Person", "Roll", "Enhet", "Från", "Till", "Läge"]
        rows = [_row(one, held) for one, held in found]
        at.answer(document, lambda: show_table(heads, rows, "Inga roller."))


def _row(one: "RosterPerson", held: "HeldRole") -> list[object]:
    when = WHEN[held.when] + (", för hand" if held.by_hand else "")
    return [held.grant, one.email, held.role, held.unit, held.from_on, held.to_on, when]


@person.command()
def add(
    context: typer.Context,
    address: Address,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="Namnet.")],
    language: Annotated[
        str, typer.Option("--language", metavar="sv|en", help="Språk på sidor och mejl.")
    ] = "sv",
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Lägg till en person. Ge sedan en roll med `grant give`."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        new = correcting.NewPerson(email=address, name=name, language=language)
        told = correcting.add_person(at.world, new, email=email)
        at.answer(asdict(told), lambda: say(f"{told.name} <{told.email}> finns nu."))


@person.command()
def change(
    context: typer.Context,
    address: Address,
    new: Annotated[
        str | None, typer.Option("--email", metavar="EMAIL", help="Den nya adressen.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="Det nya namnet.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="sv|en", help="Språk på sidor och mejl.")
    ] = None,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Rätta en persons adress, namn eller språk.

    Med en ny adress glöms det som studsat från den gamla. Nästa `org import` låter
    rättelsen stå, tills filerna säger något annat än förut.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        (known,) = roster.roster(at.world, email=address)
        wish = correcting.NewPerson(
            email=new or known.email,
            name=name or known.name,
            language=language or known.language,
        )
        told = correcting.change_person(at.world, known.email, wish, email=email)
        at.answer(asdict(told), lambda: say(f"Nu står {told.name} <{told.email}>."))


@person.command(name="list")
def people(
    context: typer.Context,
    everything: Everything = False,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa alla personer, med roller och med adresser som mejl studsar från."""
    with desk(context, as_json=as_json, at=at_) as at:
        found = roster.roster(at.world, everything=everything)
        heads = ["Namn", "Adress", "Språk", "Roller", "Mejl"]
        rows = [
            [
                one.name,
                one.email,
                one.language,
                ", ".join(f"{held.role} ({held.unit})" for held in one.roles),
                "studsar" if one.bounced_at else "",
            ]
            for one in found
        ]
        document = [asdict(one) for one in found]
        at.answer(document, lambda: show_table(heads, rows, "Inga personer."))
