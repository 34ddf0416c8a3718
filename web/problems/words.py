"""What the pages say of what did not go: what happened, and what to do."""

from dataclasses import dataclass
from enum import Enum

__all__ = ["Problem", "Said", "of_status"]


@dataclass(frozen=True, slots=True)
class Said:
    """One problem in one language."""

    heading: str
    happened: str = ""
    """What is said when the problem has no sentence of its own."""
    to_do: str = ""


class Problem(Enum):
    """A kind of page for what did not go: its status, and its words in Swedish and English."""

    UNREADABLE = (
        400,
        Said(
            "Det gick inte att läsa",
            "Adressen eller formuläret är avklippt, eller skrivet så att det inte går att läsa.",
            "Gå tillbaka och försök igen.",
        ),
        Said(
            "It could not be read",
            "The address or the form is cut off, or written so that it cannot be read.",
            "Go back and try again.",
        ),
    )
    SIGNED_OUT = (
        401,
        Said("Du är utloggad", to_do="Logga in i en ny flik, kom tillbaka hit och skicka igen."),
        Said("You are signed out", to_do="Sign in in a new tab, come back here and send it again."),
    )
    NOT_YOURS = (
        403,
        Said("Du har inte rätt att göra det här"),
        Said("You are not allowed to do this"),
    )
    FOREIGN = (
        403,
        Said(
            "Formuläret kom inte härifrån",
            "Det skickades inte från en av våra sidor, och därför tas det inte emot.",
            "Öppna sidan här och fyll i den på nytt.",
        ),
        Said(
            "The form did not come from here",
            "It was not sent from one of our pages, and so it is not accepted.",
            "Open the page here and fill it in anew.",
        ),
    )
    SIGNED_IN_ANEW = (
        403,
        Said(
            "Skicka en gång till",
            "Du har loggat in på nytt sedan du öppnade sidan.",
            "Läs igenom det och skicka igen.",
        ),
        Said(
            "Send it once more",
            "You have signed in anew since you opened the page.",
            "Read it through and send it again.",
        ),
    )
    NOT_THERE = (
        404,
        Said(
            "Sidan finns inte",
            "Den kan ha tagits bort, eller så har du inte rätt att se den. Vi säger inte vilket,"
            " för att skydda andras ärenden.",
        ),
        Said(
            "There is no such page",
            "It may be gone, or you may not be allowed to see it. We do not say which, to protect"
            " others' cases.",
        ),
    )
    NOT_LIKE_THAT = (
        405,
        Said(
            "Så går adressen inte att använda",
            "Den tar emot formulär och går inte att öppna för sig, eller tvärtom.",
            "Börja från Mitt arbete.",
        ),
        Said(
            "The address is not used like that",
            "It takes forms and cannot be opened by itself, or the other way round.",
            "Begin at My work.",
        ),
    )
    NOT_NOW = 409, Said("Det går inte nu"), Said("Not now")
    ONE_STEP = (
        409,
        Said(
            "Ett steg till först",
            "Något behöver göras innan du kan gå vidare.",
            "Öppna startsidan i en ny flik, gör det som står där och kom tillbaka och skicka igen.",
        ),
        Said(
            "One more step first",
            "Something has to be done before you can go on.",
            "Open the first page in a new tab, do what it says, come back here and send it again.",
        ),
    )
    SOMEBODY_FIRST = 409, Said("Någon hann före"), Said("Somebody was first")
    TOO_LARGE = (
        413,
        Said("Det är för stort", to_do="Dela upp det, eller spara filen som PDF."),
        Said("It is too large", to_do="Split it, or save the file as PDF."),
    )
    NO_FORM = (
        415,
        Said(
            "Innehållet går inte att ta emot",
            "Det som skickades är inget formulär från en av våra sidor.",
            "Gå tillbaka och använd formuläret på sidan.",
        ),
        Said(
            "The content cannot be accepted",
            "What was sent is no form of one of our pages.",
            "Go back and use the form on the page.",
        ),
    )
    LACKING = (
        422,
        Said("Något saknas eller går inte att läsa"),
        Said("Something is missing or cannot be read"),
    )
    TOO_OFTEN = (
        429,
        Said("För många försök", to_do="Vänta, och försök sedan igen."),
        Said("Too many attempts", to_do="Wait, and then try again."),
    )
    BROKEN = (
        500,
        Said(
            "Något gick fel hos oss",
            "Felet är antecknat för den som sköter systemet.",
            "Försök igen om några minuter.",
        ),
        Said(
            "Something went wrong on our side",
            "It is noted for those who look after the system.",
            "Try again in a few minutes.",
        ),
    )
    BUSY = (
        503,
        Said(
            "Det går inte just nu",
            "Systemet är upptaget med något annat.",
            "Försök igen om några sekunder.",
        ),
        Said(
            "Not right now",
            "The system is busy with something else.",
            "Try again in a few seconds.",
        ),
    )
    NO_STORE = (
        503,
        Said(
            "Det går inte just nu",
            "Databasen går inte att läsa eller skriva. Den som sköter systemet får se till den.",
            "Försök igen om en stund.",
        ),
        Said(
            "Not right now",
            "The database cannot be read or written. Those who look after the system need to see"
            " to it.",
            "Try again in a while.",
        ),
    )

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.value[0]

    def said(self, language: str) -> Said:
        """Give the words of a language."""
        return self.value[2] if language == "en" else self.value[1]


PLAIN = (
    Problem.UNREADABLE,
    Problem.NOT_THERE,
    Problem.NOT_LIKE_THAT,
    Problem.TOO_LARGE,
    Problem.NO_FORM,
)


def of_status(status: int) -> Problem:
    """Give what is said of a request that never came as far as a page."""
    return next((one for one in PLAIN if one.status == status), Problem.UNREADABLE)
