"""round and unit: open, look at and lead a round."""

from typing import Annotated, Any

import typer

from beredning.cli.frame import As, At, Desk, Json, Reason, cli, desk, read_day, show_table
from workflow.service import rounds, views
from workflow.service.acts import Wish, act

round_ = typer.Typer(help="Omgångar: öppna, se och leda.")
cli.add_typer(round_, name="round", no_args_is_help=True)
unit = typer.Typer(help="Enheter i en omgång: lägg till, dra tillbaka, bär som utebliven.")
cli.add_typer(unit, name="unit", no_args_is_help=True)

Round = Annotated[str, typer.Argument(metavar="ROUND")]
Unit = Annotated[str, typer.Argument(metavar="UNIT")]


@round_.command(name="open")
def open_(
    context: typer.Context,
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    year: Annotated[int, typer.Option("--year", help="Året, t.ex. budgetåret.")],
    plan: Annotated[str, typer.Option("--plan", help="En annan plan än processens egen.")] = "",
    reference: Annotated[str, typer.Option("--reference", help="Diarienummer.")] = "",
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Öppna en omgång."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        revision = at.app.registry.load(process, year=year)
        told = rounds.open_round(
            at.world, revision, year=year, plan_key=plan, reference=reference, email=email
        )
        at.answer(told, lambda: at.say(f"Omgången {told['round']} är öppen."))


@round_.command(name="list")
def list_(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Visa omgångarna."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.round_list(at.world)
        heads = ["Omgång", "Läge", "Öppna uppgifter", "Sena", "Diarienummer"]
        keys = ("round", "state", "open_tasks", "overdue", "reference")
        at.answer(told, lambda: show_table(heads, [[one[k] for k in keys] for one in told]))


@round_.command()
def show(context: typer.Context, round_id: Round, at_: At = None, as_json: Json = False) -> None:
    """Visa en omgång: plan, ärenden, stopp."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.round_view(at.world, round_id)
        at.answer(told, lambda: _show_round(at, told))


def _show_round(at: Desk, told: dict[str, Any]) -> None:
    at.say(f"{told['round']}: {told['state']}")
    at.say("")
    show_table(
        ["Milstolpe", "Dag", "Flyttad från"],
        [[m["key"], m["on"], m["moved_from"]] for m in told["milestones"]],
    )
    at.say("")
    show_table(
        ["Ärende", "Läge", "Senast", "Sen"],
        [
            [c["case"], c["state"], c["due_at"], "sen" if c["overdue"] else ""]
            for c in told["cases"]
        ],
    )
    for incident in told["incidents"]:
        at.say(f"Stopp: {incident['kind']} {incident['subject']}")


@round_.command()
def move(
    context: typer.Context,
    round_id: Round,
    milestone: Annotated[str, typer.Argument(metavar="MILESTONE")],
    day: Annotated[str, typer.Argument(metavar="DATE")],
    reason: Reason,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Flytta en milstolpe, och allt som räknas från den."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = rounds.move_milestone(
            at.world, round_id, milestone, read_day(day), reason=reason, email=email
        )
        at.answer(told, lambda: _show_move(at, told))


def _show_move(at: Desk, told: dict[str, Any]) -> None:
    for key, day in told["milestones"].items():
        at.say(f"{key}: {day}")
    at.say(f"{len(told['tasks'])} öppna uppgifter har fått ny sista dag.")


@round_.command()
def cancel(
    context: typer.Context,
    round_id: Round,
    reason: Reason,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Avbryt en omgång: allt som är öppet dras tillbaka."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        root = views.root_of(at.world, round_id)
        wish = Wish(case=root, transition="withdraw", email=at.person, comment=reason)
        told = act(at.world, wish)
        at.answer(told, lambda: at.say(f"Omgången {round_id} är avbruten."))


@unit.command()
def add(
    context: typer.Context,
    round_id: Round,
    unit_key: Unit,
    reason: Reason,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Lägg till en enhets ärende medan sådana väntas in."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = rounds.add_unit(at.world, round_id, unit_key, reason=reason, email=email)
        at.answer(told, lambda: at.say(f"{told['case']} är öppnat."))


@unit.command()
def withdraw(
    context: typer.Context,
    round_id: Round,
    unit_key: Unit,
    reason: Reason,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Dra tillbaka en enhets ärende."""
    _end(context, round_id, unit_key, "withdraw", reason, email, at_, as_json=as_json)


@unit.command()
def missing(
    context: typer.Context,
    round_id: Round,
    unit_key: Unit,
    reason: Reason,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Bär en enhets ärende som uteblivet, när dess tid har gått ut."""
    _end(context, round_id, unit_key, "missing", reason, email, at_, as_json=as_json)


def _end(
    context: typer.Context,
    round_id: str,
    unit_key: str,
    transition: str,
    reason: str,
    email: str | None,
    at_: str | None,
    *,
    as_json: bool,
) -> None:
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = rounds.end_unit(
            at.world, round_id, unit_key, transition, reason=reason, email=at.person
        )
        words = {"withdraw": "tillbakadraget", "missing": "uteblivet"}
        at.answer(told, lambda: at.say(f"{told['case']} är {words[transition]}."))
