"""Pages for what did not go: what happened, what is saved or not, what to do, whom to call."""

from dataclasses import dataclass
from logging import Logger
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from web.answers import go, page
from web.visit import Visit
from workflow.core.errors import (
    BadInput,
    Locked,
    NoRight,
    NotFound,
    Refused,
    Stale,
    StoreError,
    WorkflowError,
)

__all__ = ["broken", "foreign", "plain", "refused", "send_again", "sign_in_first"]


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says in one language."""

    heading: str
    text: str


STATUS: Final[dict[int, tuple[Words, Words]]] = {
    400: (
        Words("Det gick inte att läsa", "Gå tillbaka och försök igen. Inget är sparat."),
        Words("It could not be read", "Go back and try again. Nothing is saved."),
    ),
    403: (
        Words("Du har inte rätt att göra det här", "Inget är ändrat."),
        Words("You are not allowed to do this", "Nothing has changed."),
    ),
    404: (
        Words("Sidan finns inte här", ""),
        Words("There is no such page here", ""),
    ),
    405: (
        Words("Så går adressen inte att använda", "Gå till startsidan och börja därifrån."),
        Words("The address is not used like that", "Go to the first page and begin there."),
    ),
    409: (
        Words("Något har ändrats sedan du öppnade sidan", ""),
        Words("Something has changed since you opened the page", ""),
    ),
    413: (
        Words("Det är för stort", "Dela upp det, eller spara filen som PDF. Inget är sparat."),
        Words("It is too large", "Split it, or save the file as PDF. Nothing is saved."),
    ),
    415: (
        Words("Det är ingen form som går att läsa", "Gå tillbaka och använd sidans formulär."),
        Words("That kind of content cannot be read", "Go back and use the form on the page."),
    ),
    422: (
        Words("Något fattas eller går inte att läsa", ""),
        Words("Something is missing or cannot be read", ""),
    ),
    429: (
        Words("För många försök", ""),
        Words("Too many attempts", ""),
    ),
    500: (
        Words("Något gick fel hos oss", "Det du gjorde är inte sparat."),
        Words("Something went wrong on our side", "What you did is not saved."),
    ),
    503: (
        Words("Det går inte just nu", "Försök igen om en stund. Inget är sparat."),
        Words("Not available right now", "Try again in a moment. Nothing is saved."),
    ),
}
STATUS_OF: Final[dict[type[WorkflowError], int]] = {
    NotFound: 404,
    NoRight: 403,
    Stale: 409,
    BadInput: 422,
    Refused: 409,
    Locked: 503,
    StoreError: 503,
}
"""The first that an error is."""
RETRY_S: Final = 5
"""After how many seconds a busy database is worth asking again."""


def refused(visit: Visit, error: WorkflowError) -> Response:
    """Say what a verb turned down, in the person's language."""
    status = _status(error)
    told = visit.text(error.sv, error.en) if status < 500 else ""
    answer = _page(visit, status, told, reasons=[visit.text(r.sv, r.en) for r in error.reasons])
    if status == 503:
        answer.headers["retry-after"] = str(RETRY_S)
    return answer


def _status(error: WorkflowError) -> int:
    for kind, status in STATUS_OF.items():
        if isinstance(error, kind):
            return status
    return 500


def plain(visit: Visit, status: int) -> Response:
    """Say what never came as far as a page."""
    return _page(visit, status if status in STATUS else 400)


def broken(visit: Visit, logger: Logger) -> Response:
    """Give a number to what nobody foresaw, and nothing else; the log has the rest."""
    number = _number(visit)
    told = {"event": "page_failed", "incident": number, "method": visit.method}
    logger.exception("page failed", extra=told)
    said = visit.text(f"Uppge nummer {number} om du ringer.", f"Quote {number} if you call.")
    return _page(visit, 500, said)


def _number(visit: Visit) -> str:
    """Give a number that is read out over the telephone without mistakes."""
    letters = "ACDEFHJKLMNPRTUVWXY3479"
    chance = int(visit.world.salt(), 16)
    drawn = []
    for _ in range(9):
        chance, place = divmod(chance, len(letters))
        drawn.append(letters[place])
    return "".join(drawn[:3]) + "-" + "".join(drawn[3:6]) + "-" + "".join(drawn[6:])


def foreign(visit: Visit) -> Response:
    """Refuse a form that another page sent."""
    return _page(
        visit,
        403,
        visit.text(
            "Formuläret kom inte från en av våra sidor, och därför är inget ändrat.",
            "The form did not come from one of our pages, and so nothing has changed.",
        ),
    )


def send_again(visit: Visit) -> Response:
    """Give back a form of an earlier session, to be sent once more."""
    return _kept(
        visit,
        403,
        visit.text("Skicka en gång till", "Send it once more"),
        visit.text(
            "Du har loggat in på nytt sedan du öppnade sidan. Det du skrev finns kvar nedan.",
            "You have signed in anew since you opened the page. What you wrote is still below.",
        ),
    )


def sign_in_first(visit: Visit) -> Response:
    """Show the way to the sign-in; what was typed in a form is given back."""
    if visit.method != "POST":
        query = f"?{visit.query}" if visit.query else ""
        back = quote(visit.path + query, safe="/")
        return go(f"/logga-in?till={back}" if visit.path != "/" else "/logga-in")
    return _kept(
        visit,
        401,
        visit.text("Du är utloggad", "You are signed out"),
        visit.text(
            "Inget är sparat, men det du skrev finns kvar här. Logga in i en ny flik, kom"
            " tillbaka hit och skicka igen.",
            "Nothing is saved, but what you wrote is still here. Sign in in a new tab, come back"
            " here and send it again.",
        ),
    )


def _kept(visit: Visit, status: int, heading: str, text: str) -> Response:
    fields = [(name, value) for name, value in visit.form.fields if name != "token"]
    return page(
        visit,
        "kept.html",
        status,
        heading=heading,
        text=text,
        fields=fields,
        has_files=bool(visit.form.files),
    )


def _page(visit: Visit, status: int, told: str = "", reasons: list[str] | None = None) -> Response:
    sv, en = STATUS[status]
    words = en if visit.language == "en" else sv
    more = [one for one in reasons or () if one != told]
    return page(
        visit,
        "problem.html",
        status,
        number=status,
        words=words,
        told=told,
        reasons=more if len(more) > 1 else [],
    )
