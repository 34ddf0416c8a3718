"""nudge: remind by hand of what has not been delivered."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from beredning.cli.answers import counted, local_time, named_day, say, show_table
from beredning.cli.frame import As, At, Json, Later, Round, cli, desk
from beredning.cli.swedish import LEAD

if TYPE_CHECKING:
    from workflow.service import nudge_survey, nudging
    from workflow.service.nudge_survey import NudgeList, Recipient
else:
    nudging = Later("workflow.service.nudging")
    nudge_survey = Later("workflow.service.nudge_survey")


@cli.command(rich_help_panel=LEAD)
def nudge(
    context: typer.Context,
    round_id: Round,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Bara ett slags ärende.")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help="Bara ett steg.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Också det som har mer än tre arbetsdagar kvar.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="EMAIL", help="Bara den här personen; kan ges flera gånger."),
    ] = None,
    words: Annotated[
        str, typer.Option("--words", metavar="TEXT", help="Din egen mening i mejlet.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Visa bara vilka som får mejl; inget skickas.")
    ] = False,
    email: As = None,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Påminn dem som inte har lämnat: ett mejl var, med allt de är skyldiga.

    Det gäller det som är sent eller har högst tre arbetsdagar kvar. Ingen påminns om samma
    sak två gånger inom fyra timmar. Påminner gör den som leder processen, eller står över den
    som har uppgiften.
    """
    with desk(context, as_json=as_json, email=email, at=at_) as at:
        aim = nudge_survey.Aim(round=round_id, kind=kind, state=state, far=everything)
        if dry_run:
            found = nudging.list_nudges(at.world, aim, email=email)
            at.answer(asdict(found), lambda: _show_list(found))
            return
        told = nudging.nudge(at.world, aim, to=to or None, words=words, email=email)

        def show() -> None:
            say(f"{counted(len(told.mailed), 'person', 'personer')} får ett mejl nu.")
            for one in told.left_out:
                say(f"{one} får inget: påmind nyss, eller har inget att lämna.")

        at.answer(asdict(told), show)


def _show_list(found: "NudgeList") -> None:
    rows = [
        [one.name, one.email, _owes(one), local_time(one.reminded_at)[:16] or "aldrig", _gets(one)]
        for one in found.recipients
    ]
    show_table(["Namn", "Adress", "Ska lämna", "Påmind", "Får mejl"], rows, "Ingen att påminna.")
    for title in found.vacant:
        say(f"{title}: ingen har uppgiften, så ingen påminns.")


def _owes(one: "Recipient") -> str:
    return ", ".join(f"{task.title} ({named_day(task.due_on)})" for task in one.tasks)


def _gets(one: "Recipient") -> str:
    if one.rests:
        return "nej, påmind nyss"
    return "ja, men mejlen studsar" if one.bounces else "ja"
