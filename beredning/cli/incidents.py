"""incidents, bounce: what waits for a person, and mail that came back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from beredning.cli.answers import named_time, say
from beredning.cli.frame import At, Json, Later, cli, desk
from beredning.cli.refusals import Problems, why
from beredning.cli.swedish import FOLLOW
from workflow.core.errors import BadInput

if TYPE_CHECKING:
    from notifications import bounce as bounces
    from notifications import incident_words, voice
    from workflow.service import describing
    from workflow.service.describing import Listed
    from workflow.service.mail import bouncing
else:
    bounces = Later("notifications.bounce")
    incident_words = Later("notifications.incident_words")
    voice = Later("notifications.voice")
    bouncing = Later("workflow.service.mail.bouncing")
    describing = Later("workflow.service.describing")

PIECE = 1 << 16
"""Bytes that are read and thrown away at a time, of a file that is longer than is looked at."""


@cli.command(rich_help_panel=FOLLOW)
def incidents(
    context: typer.Context,
    round_id: Annotated[
        str | None, typer.Option("--round", metavar="ROUND", help="Bara en omgångs.")
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Också det som är löst.")] = False,
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Visa det som inte kan gå vidare utan en människa: vem, vad, sedan när, nästa steg."""
    with desk(context, as_json=as_json, at=at_) as at:
        found = describing.list_incidents(at.world, round_id=round_id, closed=closed)
        told = [_document(one) for one in found]
        at.answer(told, lambda: _show(told))


def _document(one: "Listed") -> dict[str, Any]:
    words = incident_words.incident_words(one.told, voice.voice("sv"))
    name, email = one.contact
    return {
        **one.row,
        "who": words.who,
        "what": words.sentence,
        "answer": words.answer,
        "next": words.step,
        "command": words.command,
        "contact": {"name": name, "email": email} if email else None,
    }


def _show(told: list[dict[str, Any]]) -> None:
    if not told:
        say("Inga stopp.")
    for number, one in enumerate(told):
        if number:
            say("")
        case = f" ({one['case']})" if one["case"] else ""
        say(f"{one['who']}{case}")
        say(f"    {one['what']}")
        if one["answer"]:
            say(f"    Svaret: {one['answer']}")
        solved = f", löst {named_time(one['closed_at'])}" if one["closed_at"] else ""
        say(f"    Sedan {named_time(one['since'])}{solved}.")
        if not one["closed_at"]:
            say(f"    Nästa steg: {one['next']}")
            say(f"    {one['command']}")
            if one["contact"]:
                say(f"    Fråga {one['contact']['name']}, {one['contact']['email']}.")


@cli.command(rich_help_panel=FOLLOW)
def bounce(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Mejlet som det kom; annars läses stdin.")
    ] = Path("-"),
    at_: At = None,
    as_json: Json = False,
) -> None:
    """Läs in ett mejl som kom tillbaka: adressen märks, och den som leder får veta det.

    Automatiska svar och kvitton gör ingenting.
    """
    with desk(context, as_json=as_json, at=at_) as at:
        world = at.world
        raw = _read(file)
        try:
            found = bounces.read_bounce(raw)
        except bounces.UnreadableMail as error:
            raise BadInput(
                f"{_name(file)} går inte att läsa som ett mejl. Ge det som det kom, med"
                " rubrikfälten först.",
                f"{_name(file)} cannot be read as a mail. Give it as it came, headers first.",
            ) from error
        if found.verdict in ("failed", "delayed"):
            told = bouncing.take_in(world, found)
            at.answer(told, lambda: say(_in_words(told)))
        elif found.verdict == "other":
            raise Problems(
                "Det här är inget besked om ett mejl som kommit tillbaka. Inget är ändrat.",
                "This does not tell of a mail that came back. Nothing was changed.",
            )
        else:
            told = {"verdict": found.verdict.value}
            at.answer(told, lambda: say(HARMLESS[found.verdict.value]))


HARMLESS = {
    "automatic": "Ett automatiskt svar, ingen studs. Inget är ändrat.",
    "arrived": "Ett kvitto på att mejlet kom fram. Inget är ändrat.",
}


def _in_words(told: dict[str, Any]) -> str:
    to, answer = told["to"], (told["answer"] or "utan förklaring").rstrip(".") + "."
    if told["verdict"] == "arrived":
        return HARMLESS["arrived"]
    if told["repeated"]:
        return f"Det är redan noterat: mejlet till {to}, {answer}"
    if told["verdict"] == "delayed":
        return f"Mejlet till {to} är försenat hos mottagaren: {answer} Inget behöver göras nu."
    tail = "Se `beredning incidents`."
    if told["incident"]:
        tail = f"Adressen är märkt, och den som leder får veta det. {tail}"
    return f"Mejlet till {to} kom tillbaka: {answer} {tail}"


def _read(file: Path) -> bytes:
    """Read as much of a mail as is looked at, and let the rest go by.

    Raises: BadInput that names the file.
    """
    try:
        if str(file) == "-":
            return _beginning(sys.stdin.buffer)
        with file.open("rb") as opened:
            return opened.read(bounces.LARGEST)
    except OSError as error:
        raise BadInput(f"{_name(file)} går inte att läsa: {why(error)}.") from error


def _beginning(stream: BinaryIO) -> bytes:
    raw = stream.read(bounces.LARGEST)
    while stream.read(PIECE):  # whoever writes to a pipe is not cut off
        pass
    return raw


def _name(file: Path) -> str:
    return "stdin" if str(file) == "-" else str(file)
