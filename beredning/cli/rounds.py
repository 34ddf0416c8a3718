"""round and unit: open, look at and lead a round."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from beredning.cli.answers import deadline, local_time, say, show_table
from beredning.cli.frame import (
    As,
    At,
    Desk,
    Json,
    Later,
    MustAs,
    Process,
    Reason,
    Round,
    cli,
    desk,
)
from beredning.cli.swedish import LEAD, Cli, Group

if TYPE_CHECKING:
    from workflow.service import acts, leading, opening, views
else:
    acts = Later("workflow.service.acts")
    leading = Later("workflow.service.leading")
    opening = Later("workflow.service.opening")
    views = Later("workflow.service.views")

round_ = Cli(cls=Group, help="Omgångar: öppna, se och leda.")
cli.add_typer(round_, name="round", no_args_is_help=True, rich_help_panel=LEAD)
unit = Cli(cls=Group, help="Enheter i en omgång: lägg till, dra tillbaka, bär som utebliven.")
cli.add_typer(unit, name="unit", no_args_is_help=True, rich_help_panel=LEAD)

Unit = Annotated[str, typer.Argument(metavar="UNIT", help="Enhetens nyckel i units.csv.")]


@round_.command(name="open")
def open_(
    context: typer.Context,
    process: Process,
    year: Annotated[
        int, typer.Option("--year", metavar="N", help="Året, till exempel budgetåret.")
    ],
    plan: Annotated[
        str, typer.Option("--plan", metavar="NAME", help="En annan plan än processens egen.")
    ] = "",
    reference: Annotated[
        str, typer.Option("--reference", metavar="TEXT", help="Diarienummer.")
    ] = "",
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Öppna en omgång. Den behåller processen och organisationen som de är nu."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        revision = at.app.registry.load(process, year=year)
        told = opening.open_round(
            at.world, revision, year=year, plan_key=plan, reference=reference, email=email
        )
        at.answer(told, lambda: _show_opened(at, told))


def _show_opened(at: Desk, told: dict[str, Any]) -> None:
    """Say that a round is open, what figures it lacks, and how much of its plan has passed:
    the year may be wrong."""
    round_id, lacking = told["round"], told.get("missing_facts", [])
    say(f"Omgången {round_id} är öppen.")
    milestones = views.round_view(at.world, round_id)["milestones"]
    with at.world.database.read() as connection:
        now = at.world.now(connection)
    passed = sum(1 for one in milestones if one["due_at"] and one["due_at"] <= now)
    if lacking:
        first = ", ".join(lacking[:3]) + (" med flera" if len(lacking) > 3 else "")
        say(
            f"Obs! {len(lacking)} siffror om enheter är inte inlästa ({first}). Kontroller mot dem"
            " kan inte räknas ut. Läs in facts.csv innan du öppnar en omgång."
        )
    for one in told.get("missing_parties", []):
        absent = ", ".join(one["parties"])
        say(f"Obs! {absent} har ledamöter i {one['of']} men inte i {one['body']}.")
    if passed:
        say(f"Obs! {passed} av {len(milestones)} milstolpar i planen har redan passerat.")


@round_.command(name="list")
def list_(context: typer.Context, at_: At = None, as_json: Json = False) -> None:
    """Visa omgångarna."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.round_list(at.world)
        heads = ["Omgång", "Läge", "Öppna uppgifter", "Sena", "Diarienummer"]
        keys = ("round", "state", "open_tasks", "overdue", "reference")
        rows = [[one[k] for k in keys] for one in told]
        empty = "Ingen omgång än. Öppna en med `beredning round open PROCESS --year N`."
        at.answer(told, lambda: show_table(heads, rows, empty))


@round_.command()
def show(context: typer.Context, round_id: Round, at_: At = None, as_json: Json = False) -> None:
    """Visa en omgång: plan, ärenden och stopp."""
    with desk(context, as_json=as_json, at=at_) as at:
        told = views.round_view(at.world, round_id)
        at.answer(told, lambda: _show_round(told))


def _show_round(told: dict[str, Any]) -> None:
    closed = f", avslutad {local_time(told['closed_at'])}" if told["closed_at"] else ""
    resting = f", vilar sedan {local_time(told['paused_at'])}" if told["paused_at"] else ""
    say(f"{told['round']}: {told['state']}{closed}{resting}")
    say("")
    show_table(
        ["Milstolpe", "Dag", "Flyttad från"],
        [[m["key"], _days(m), m["moved_from"]] for m in told["milestones"]],
        "Inga milstolpar.",
    )
    say("")
    show_table(
        ["Ärende", "Läge", "Sista dag", ""],
        [[c["case"], c["state"], deadline(c["due_at"]), _remark(c)] for c in told["cases"]],
        "Inga ärenden.",
    )
    for incident in told["incidents"]:
        say(f"Stopp: {incident['kind']} {incident['subject']}")


def _remark(case: dict[str, Any]) -> str:
    """Say that a case is late, or has an extension."""
    late = "sen" if case["overdue"] else ""
    return ", ".join(filter(None, (late, "anstånd" if case["extended_on"] else "")))


def _days(milestone: dict[str, Any]) -> str:
    """Write a milestone's day, or its first and last."""
    first, last = milestone["first_on"], milestone["on"]
    if last is None:
        return "inte satt"
    return str(last) if first == last else f"{first} – {last}"


@round_.command()
def cancel(
    context: typer.Context,
    round_id: Round,
    reason: Reason,
    email: MustAs,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Avbryt en omgång: allt som är öppet dras tillbaka."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        root = views.root_of(at.world, round_id)
        wish = acts.Wish(case=root, transition="withdraw", email=email, comment=reason)
        told = acts.act(at.world, wish)
        at.answer(told, lambda: say(f"Omgången {round_id} är avbruten."))


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
        told = leading.add_unit(at.world, round_id, unit_key, reason=reason, email=email)
        at.answer(told, lambda: say(f"{told['case']} är öppnat."))


@unit.command()
def withdraw(
    context: typer.Context,
    round_id: Round,
    unit_key: Unit,
    reason: Reason,
    email: MustAs,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Dra tillbaka en enhets ärende."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = leading.end_unit(
            at.world, round_id, unit_key, "withdraw", reason=reason, email=email
        )
        at.answer(told, lambda: say(f"{told['case']} är tillbakadraget."))


@unit.command()
def missing(
    context: typer.Context,
    round_id: Round,
    unit_key: Unit,
    reason: Reason,
    email: MustAs,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Bär en enhets ärende som uteblivet, när dess tid har gått ut."""
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        told = leading.end_unit(at.world, round_id, unit_key, "missing", reason=reason, email=email)
        at.answer(told, lambda: say(f"{told['case']} står som uteblivet."))
