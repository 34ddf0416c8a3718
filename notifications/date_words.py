"""What letters about moved days and extensions say; the house rules of `words` hold."""

from notifications.voice import Counted, Phrase

# ---- days that were moved --------------------------------------------------------------

S_NEW_DAY = Phrase("ny sista dag {day}", "new last day {day}")
S_NEW_DAYS = Counted(
    Phrase("{n} ny sista dag", "{n} new last day"),
    Phrase("{n} nya sista dagar", "{n} new last days"),
)
S_MOVED = Phrase("ny dag {day}", "new day {day}")
H_NEW_DAY = Phrase("Ny sista dag för {title}: {day}", "The last day for {title} is now {day}")
H_NEW_DAYS = Counted(
    Phrase("{n} av dina uppgifter har ny sista dag", "{n} of your tasks has a new last day"),
    Phrase("{n} av dina uppgifter har ny sista dag", "{n} of your tasks have new last days"),
)
H_MOVED = Phrase("Ny dag för {title}: {day}", "New day for {title}: {day}")
NEW_DAY = Phrase(
    "sista dag för {title} är nu {day}{distance}.",
    "the last day for {title} is now {day}{distance}.",
)
NEW_DAYS = Phrase(
    "tidplanen är ändrad, och dina sista dagar med den.",
    "the plan has been changed, and your last days with it.",
)
YOU_WERE_INVITED = Phrase(
    "du är inbjuden till {title}, och dagen är ändrad till {day}.",
    "you are invited to {title}, and the day has been changed to {day}.",
)
IT_WAS = Phrase("Förut: {day}.", "Before: {day}.")
THERE_WAS_NONE = Phrase("Förut fanns inget datum.", "There was no date before.")
MOVED_BY = Phrase("{by} har ändrat tidplanen.", "{by} has changed the plan.")
SECTION_MOVED = Phrase("Det här är flyttat", "What has been moved")
SECTION_YOURS = Phrase("Dina uppgifter", "Your tasks")
NEW_REMINDERS = Phrase(
    "Påminnelser om den gamla dagen kommer inte. Nya kommer inför den nya.",
    "No reminders of the old day will come. New ones come before the new day.",
)
ALREADY_OVER = Phrase(
    "Den dagen har redan varit. Gör det som går nu, eller säg vad du behöver.",
    "That day has passed already. Do what you can now, or say what you need.",
)
BECAUSE_DATES = Phrase(
    "Du får det för att en dag som gäller dig är ändrad.",
    "You get it because a day that concerns you has changed.",
)

# ---- extensions ------------------------------------------------------------------------

YOU_HAVE = Phrase("Du har anstånd till {day}.", "You have an extension to {day}.")
THEY_HAVE = Phrase("Anstånd är gett till {day}.", "An extension to {day} has been granted.")
L_EXTENSION = Phrase("Anstånd till", "Extended to")
L_ASKED = Phrase("Önskad sista dag", "Last day asked for")

S_ASKED = Phrase("ber om anstånd till {day}", "asks for an extension to {day}")
H_ASKED = Phrase("{by} ber om anstånd till {day}", "{by} asks for an extension to {day}")
ASKED = Phrase("{by} ber om mer tid för {title}.", "{by} asks for more time for {title}.")
ASKED_FOR = Phrase("Önskad ny sista dag: {day}.", "The last day asked for is {day}.")
SOMEBODY = Phrase("Den som har uppgiften", "Whoever has the task")
GIVE = Phrase(
    "Ge anstånd till {day}, eller till en annan dag.",
    "Grant the extension to {day}, or to another day.",
)
SAY_NO = Phrase("Säg nej, med ett skäl.", "Say no, and why.")
ANSWER = Phrase("Svara på begäran", "Answer the request")
UNTIL_THEN = Phrase(
    "Tills du svarar är sista dag {day}, och påminnelserna går som vanligt.",
    "Until you answer the last day is {day}, and reminders come as usual.",
)
BECAUSE_ABOVE = Phrase(
    "Du får det för att det är du som kan ge anstånd.",
    "You get it because you are the one who can grant it.",
)

S_GRANTED = Phrase("anstånd till {day}", "extended to {day}")
H_GRANTED = Phrase("Anstånd för {title} till {day}", "{title} is extended to {day}")
GRANTED_BY = Phrase("{by} har gett anstånd med {title}.", "{by} has granted more time for {title}.")
GRANTED = Phrase("du har anstånd med {title}.", "you have more time for {title}.")

S_REFUSED = Phrase("inget anstånd, {day} gäller", "no extension, {day} stands")
H_REFUSED = Phrase("Inget anstånd för {title}", "No extension for {title}")
REFUSED_BY = Phrase(
    "{by} har sagt nej till anstånd till {day} för {title}.",
    "{by} has said no to an extension to {day} for {title}.",
)
REFUSED = Phrase(
    "svaret på begäran om anstånd till {day} för {title} är nej.",
    "the answer to the request for an extension to {day} for {title} is no.",
)
STAYS = Phrase(
    "Räcker tiden inte, prata med den som svarade. En ny begäran går att göra.",
    "If there is not enough time, talk to whoever answered. You can ask again.",
)
