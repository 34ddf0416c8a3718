"""What letters say, Swedish and English side by side.

House rules: say "du"; one thought per sentence; the person's name, never "han"
or "hon"; the day, not "inom kort"; no blame and no exclamation marks. Titles come
from definitions and have any gender, so no sentence may need an ending that follows
it: "Sista dag för {title} är ..." holds for all of them. A sentence that stands after
"Hej Anna," begins in lower case.
"""

from notifications.voice import Counted, Phrase

# ---- greeting and head -----------------------------------------------------------------

HELLO = Phrase("Hej {name}, {text}", "Hello {name}, {text}")
HELLO_NOBODY = Phrase("Hej, {text}", "Hello, {text}")
EXERCISE = Phrase(
    "Övning. Personer, enheter och belopp är påhittade.",
    "Exercise. People, units and amounts are invented.",
)
REDIRECTED = Phrase(
    "Prov: mejlet var till {who} och har gått hit i stället.",
    "Test: this mail was for {who} and has come here instead.",
)
S_REDIRECTED = Phrase("[Prov: till {address}]", "[Test: for {address}]")
OPEN = Phrase("Öppna {title}", "Open {title}")
ANSWER = Phrase("Svara på frågorna", "Answer the questions")
ANSWER_ONE = Phrase("Svara på frågan", "Answer the question")

# ---- days and distances ----------------------------------------------------------------

TODAY = Phrase("i\u00a0dag", "today")
BEFORE_NEXT = Phrase("före nästa arbetsdag", "before the next working day")
DAYS_LEFT = Counted(
    Phrase("om\u00a0{n}\u00a0arbetsdag", "in\u00a0{n}\u00a0working day"),
    Phrase("om\u00a0{n}\u00a0arbetsdagar", "in\u00a0{n}\u00a0working days"),
)
DAYS_LATE = Counted(
    Phrase("{n}\u00a0arbetsdag sen", "{n}\u00a0working day late"),
    Phrase("{n}\u00a0arbetsdagar sen", "{n}\u00a0working days late"),
)
DAYS_AGO = Counted(
    Phrase("för {n}\u00a0arbetsdag sedan", "{n}\u00a0working day ago"),
    Phrase("för {n}\u00a0arbetsdagar sedan", "{n}\u00a0working days ago"),
)
JUST_PASSED = Phrase("mindre än en arbetsdag sen", "less than one working day late")
JUST_AGO = Phrase("för mindre än en arbetsdag sedan", "less than one working day ago")
UNDER_WAY = Phrase("pågår", "under way")
IN_MONTH = Phrase("i {month}", "in {month}")
LAST_DAY_IS = Phrase("Sista dag är {day}, {distance}.", "The last day is {day}, {distance}.")
LAST_DAY_WAS = Phrase("Sista dag var {day}, {distance}.", "The last day was {day}, {distance}.")
LAST_DAY_TODAY = Phrase("Sista dag är i\u00a0dag, {day}.", "The last day is today, {day}.")
NO_DAY = Phrase("inget datum", "no date")
NO_DAY_SET = Phrase("Inget datum är satt än.", "No date has been set yet.")
ROLLED = Phrase(
    "Planen säger {planned}, {why}. Därför {day}.",
    "The plan says {planned}, {why}. Therefore {day}.",
)

# ---- what is done, who has it ----------------------------------------------------------

ROWS = Counted(
    Phrase("{n} rad är skriven", "{n} row is written"),
    Phrase("{n} rader är skrivna", "{n} rows are written"),
)
QUESTIONS_LEFT = Counted(
    Phrase("{n} fråga är obesvarad", "{n} question is unanswered"),
    Phrase("{n} frågor är obesvarade", "{n} questions are unanswered"),
)
PROGRESS = Phrase("{done} av {total} är inne.", "{done} of {total} are in.")
PROGRESS_SHORT = Phrase("{done} av {total}", "{done} of {total}")
STANDS_AT = Phrase("Läge: {state}.", "Stands at: {state}.")
SHARED_WITH = Phrase("{names} har också uppgiften.", "{names} also has the task.")
SHARED_WITH_MANY = Phrase("{names} har också uppgiften.", "{names} also have the task.")
HAS_IT = Phrase("{names} har uppgiften.", "{names} has the task.")
HAVE_IT = Phrase("{names} har uppgiften.", "{names} have the task.")
UNREACHED = Phrase("Mejl till {names} kommer tillbaka.", "Mail to {names} comes back.")
NOBODY_HAS_IT = Phrase("Ingen har uppgiften just nu.", "Nobody has the task at the moment.")
HELLO_NOBODY_HAS_IT = Phrase("ingen har uppgiften just nu.", "nobody has the task at the moment.")
NOBODY = Phrase("ingen just nu", "nobody at the moment")
STANDS_IN = Phrase("Du är ersättare för {names}.", "You stand in for {names}.")
FOR_UNIT = Phrase("Gäller {unit}.", "Concerns {unit}.")

TASK_TABLE = Phrase("Uppgiften", "The task")
CASE_TABLE = Phrase("Det här gäller", "What this is about")
FIGURES = Phrase("Omgången i siffror", "The round in figures")
L_ROUND = Phrase("Omgång", "Round")
L_CASE = Phrase("Ärende", "Case")
L_UNIT = Phrase("Enhet", "Unit")
L_STATE = Phrase("Läge", "Stands at")
L_LAST_DAY = Phrase("Sista dag", "Last day")
L_WHEN = Phrase("När", "When")
L_DONE = Phrase("Klart hittills", "Done so far")
L_LEFT = Phrase("Kvar", "Left")
L_IN = Phrase("Inne hittills", "In so far")
L_HAS_IT = Phrase("Har uppgiften", "Has the task")
L_STEP = Phrase("Steget", "The step")
L_HOW = Phrase("Hur", "How")
L_BY = Phrase("Togs av", "Taken by")
L_SINCE = Phrase("Sedan", "Since")
L_ROLE = Phrase("Roll", "Role")
L_PERSON = Phrase("Person", "Person")
L_ADDRESS = Phrase("Adress", "Address")

# ---- reminder --------------------------------------------------------------------------

S_DUE = Phrase("till {day}", "due {day}")
S_LATE = Phrase("sista dag var {day}", "last day was {day}")
S_NO_DAY = Phrase("inget datum satt", "no date set")
S_LATE_COUNT = Counted(Phrase("1 sen", "1 late"), Phrase("{n} sena", "{n} late"))
S_WEEK_COUNT = Phrase("{n} den här veckan", "{n} this week")
S_LATER_COUNT = Phrase("{n} senare", "{n} later")
S_OTHERS_COUNT = Counted(
    Phrase("1 väntar på andra", "1 waiting for others"),
    Phrase("{n} väntar på andra", "{n} waiting for others"),
)
S_INVITED_COUNT = Counted(
    Phrase("1 inbjudan", "1 invitation"), Phrase("{n} inbjudningar", "{n} invitations")
)
ROUNDS = Counted(Phrase("{n} omgång", "{n} round"), Phrase("{n} omgångar", "{n} rounds"))

H_DUE = Phrase("Sista dag för {title} är {day}", "The last day for {title} is {day}")
H_WAS_DUE = Phrase("Sista dag för {title} var {day}", "The last day for {title} was {day}")
H_WAITING = Phrase("{title} väntar på dig", "{title} is waiting for you")
H_TO_DO = Counted(
    Phrase("Du har {n} sak att göra.", "You have {n} thing to do."),
    Phrase("Du har {n} saker att göra.", "You have {n} things to do."),
)
LATE_COUNT = Counted(Phrase("{n} är sen.", "{n} is late."), Phrase("{n} är sena.", "{n} are late."))
H_INVITED = Phrase("Du är inbjuden till {title}, {day}", "You are invited to {title}, {day}")
H_INVITATIONS = Counted(
    Phrase("Du har {n} inbjudan", "You have {n} invitation"),
    Phrase("Du har {n} inbjudningar", "You have {n} invitations"),
)

WAITING = Phrase("{title} väntar på dig.", "{title} is waiting for you.")
TWO_COUNTS = Phrase("{first} och {second}.", "{first} and {second}.")
THINGS_LATE = Counted(
    Phrase("{n} sak är sen", "{n} thing is late"),
    Phrase("{n} saker är sena", "{n} things are late"),
)
NOTHING_LATE = Phrase("inget är sent", "nothing is late")
THINGS_WEEK = Counted(
    Phrase("{n} ska vara klar den här veckan", "{n} is due this week"),
    Phrase("{n} ska vara klara den här veckan", "{n} are due this week"),
)
NOTHING_WEEK = Phrase("inget ska vara klart den här veckan", "nothing is due this week")
FIRST = Phrase("Först: {title}, {day}.", "First: {title}, {day}.")
FIRST_NO_DAY = Phrase("Först: {title}.", "First: {title}.")
INVITED = Phrase("du är inbjuden till {title} {day}.", "you are invited to {title}, {day}.")
INVITED_COUNT = Counted(
    Phrase("Du har också {n} inbjudan.", "You also have {n} invitation."),
    Phrase("Du har också {n} inbjudningar.", "You also have {n} invitations."),
)
INVITATIONS_COME = Phrase("här är det som kommer.", "this is what is coming.")
INVITATION = Phrase("Inbjudan.", "Invitation.")
MONTH_ONLY = Phrase(
    "Planen säger {month}. Dagen är inte satt än.",
    "The plan says {month}. No day has been set yet.",
)

SECTION_LATE = Phrase("Sent", "Late")
SECTION_WEEK = Phrase("Den här veckan", "This week")
SECTION_LATER = Phrase("Senare", "Later")
SECTION_NO_DAY = Phrase("Utan datum", "Without a date")
SECTION_OTHERS = Phrase("Det här väntar på andra", "Waiting for others")

STOPS = Phrase(
    "Påminnelserna slutar så snart uppgiften är klar.",
    "Reminders stop as soon as the task is done.",
)
STOPS_MANY = Phrase(
    "Påminnelserna om en uppgift slutar så snart den är klar.",
    "Reminders of a task stop as soon as it is done.",
)
ASK_DATE = Phrase("Undrar du över datumet, fråga {leader}.", "Ask {leader} about the date.")
ASK_LEADER = Phrase("Behöver du mer tid, säg till {leader}.", "If you need time, tell {leader}.")

# ---- escalation ------------------------------------------------------------------------

H_OTHERS_LATE = Counted(
    Phrase("{n} uppgift har passerat sin sista dag", "{n} task is past its last day"),
    Phrase("{n} uppgifter har passerat sin sista dag", "{n} tasks are past their last day"),
)
H_OTHERS = Counted(
    Phrase("{n} uppgift väntar på andra", "{n} task is waiting for others"),
    Phrase("{n} uppgifter väntar på andra", "{n} tasks are waiting for others"),
)
OTHERS_LEAD = Phrase("här är det som väntar.", "this is what is waiting.")
H_WAITING_OTHERS = Phrase("{title} väntar", "{title} is waiting")
WHY_SUPERIOR = Phrase(
    "Du får det här för att du är närmaste chef i omgången.",
    "You get this as the nearest superior in the round.",
)
WHY_LEADER = Phrase(
    "Du får det här för att du leder processen.", "You get this because you lead the process."
)
YOU_CAN = Phrase("Det här kan du göra", "What you can do")
TALK = Phrase("Fråga {names} om något är i vägen.", "Ask {names} whether something is in the way.")
TALK_ALL = Phrase(
    "Fråga dem som har uppgifterna om något är i vägen.",
    "Ask those who have the tasks whether something is in the way.",
)
MORE_TIME = Phrase(
    "Behövs mer tid kan du ge anstånd.",
    "If more time is needed, you can grant an extension.",
)
MORE_TIME_LEADER = Phrase(
    "Behövs mer tid kan du ge anstånd, eller flytta dagen för alla.",
    "If more time is needed, you can grant an extension, or move the day for everybody.",
)
SOMEBODY_ELSE = Phrase(
    "Ska någon annan ta över, säg till {leader}. Det som är skrivet följer med.",
    "If somebody else should take over, tell {leader}. What is written stays.",
)
SOMEBODY_ELSE_YOURSELF = Phrase(
    "Ska någon annan ta över kan du ge rollen till den. Det som är skrivet följer med.",
    "If somebody else should take over, give them the role. What is written stays.",
)
APPOINT = Phrase(
    "Säg till {leader} vem som ska ha rollen.", "Tell {leader} who should hold the role."
)
APPOINT_YOURSELF = Phrase("Ge någon rollen.", "Give somebody the role.")
SILENCE = Phrase("Ett uteblivet svar räknas inte som ett ja.", "No answer does not count as a yes.")

# ---- assignment ------------------------------------------------------------------------

S_NEW = Phrase("ny uppgift till {day}", "new task, due {day}")
S_NEW_LATE = Phrase("ny uppgift, sista dag var {day}", "new task, last day was {day}")
S_NEW_NO_DAY = Phrase("ny uppgift, inget datum satt", "new task, no date set")
H_NEW = Phrase("{title} väntar på dig till {day}", "{title} is waiting for you, due {day}")
NEW_TASK = Phrase("du har fått en uppgift i {round}.", "you have been given a task in {round}.")
NEW_TASK_NO_ROUND = Phrase("du har fått en uppgift.", "you have been given a task.")
BEFORE_THIS = Phrase(
    "Steget före: ”{happened}”, av {by}.", "The step before: “{happened}”, by {by}."
)
WRITES = Phrase("{by} skriver:", "{by} writes:")
COMMENT = Phrase("Kommentar:", "Comment:")
REMINDED = Phrase(
    "Du får påminnelser. De slutar så snart uppgiften är klar.",
    "You get reminders. They stop as soon as the task is done.",
)

# ---- returned --------------------------------------------------------------------------

S_QUESTIONS = Counted(
    Phrase("{n} fråga, till {day}", "{n} question, due {day}"),
    Phrase("{n} frågor, till {day}", "{n} questions, due {day}"),
)
S_QUESTIONS_NO_DAY = Counted(
    Phrase("{n} fråga att svara på", "{n} question to answer"),
    Phrase("{n} frågor att svara på", "{n} questions to answer"),
)
S_BACK = Phrase("tillbaka till dig, till {day}", "back to you, due {day}")
S_BACK_NO_DAY = Phrase("tillbaka till dig", "back to you")
H_QUESTIONS = Counted(
    Phrase("{n} fråga om {title}", "{n} question about {title}"),
    Phrase("{n} frågor om {title}", "{n} questions about {title}"),
)
H_BACK = Phrase("{title} har kommit tillbaka", "{title} has come back")
BACK = Phrase("{title} har kommit tillbaka till dig.", "{title} has come back to you.")
BACK_BY = Phrase(
    "{title} har kommit tillbaka till dig från {by}.", "{title} has come back to you from {by}."
)
BACK_QUESTIONS = Counted(
    Phrase("{n} fråga ska ha svar.", "{n} question needs an answer."),
    Phrase("{n} frågor ska ha svar.", "{n} questions need answers."),
)
KEPT = Phrase("Allt som är skrivet ligger kvar.", "Everything that is written is still there.")

# ---- decision --------------------------------------------------------------------------

H_STANDS = Phrase("{title}: {stands}", "{title}: {stands}")
H_MOVED = Phrase("{title} har gått vidare", "{title} has moved on")
STEP_BY = Phrase("{by} har tagit steget ”{happened}”.", "{by} has taken the step “{happened}”.")
STEP = Phrase("steget ”{happened}” är taget.", "the step “{happened}” has been taken.")
IT_HAPPENED = Phrase("det här har hänt i {round}.", "this has happened in {round}.")
IT_HAPPENED_NO_ROUND = Phrase("det här har hänt.", "this has happened.")
RESPONSE = Phrase("{answered} av {asked} har svarat.", "{answered} of {asked} have answered.")
NOW_STANDS = Phrase("Nytt läge: {stands}.", "It now stands at: {stands}.")
BY_ITSELF = Phrase("steget gick av sig självt", "the step was taken by itself")
NOTHING_TO_DO = Phrase(
    "Du behöver inte göra något. Mejlet berättar bara vad som har hänt.",
    "You do not need to do anything. This mail only tells what has happened.",
)

# ---- incident --------------------------------------------------------------------------

S_NO_HOLDER = Phrase("ingen har rollen", "nobody holds the role")
S_NOBODY_LEFT = Phrase("ingen kan avgöra", "nobody can decide")
S_MAIL = Phrase("ett mejl kom inte fram", "a mail did not arrive")
S_TEMPLATE = Phrase("ett mejl är oskrivet", "a mail is not written")
S_BOUNCE = Phrase("mejl kommer tillbaka", "mail comes back")
S_RELAY = Phrase("mejlen går inte ut", "mail does not leave")
S_GUARD = Phrase("ett villkor saknas", "a condition is missing")
S_WORKER = Phrase("en arbetare har stannat", "a worker has stopped")
S_STOPPED = Phrase("kan inte gå vidare", "cannot go on")

ROLE_AT_UNIT = Phrase("{role} för {unit}", "{role} for {unit}")
PERSON_AT = Phrase("{both}", "{both}")
ITS_TITLE = Phrase("{title}", "{title}")
ROUND_TITLE = Phrase("{round_title}", "{round_title}")
THE_RELAY = Phrase("Mejlservern", "The mail server")
THE_WORKER = Phrase("Arbetaren {thing}", "The worker {thing}")
THE_ROUND = Phrase("omgången", "the round")
THE_PERSON = Phrase("mottagaren", "the recipient")
THE_ADDRESS = Phrase("en adress", "an address")

H_NO_HOLDER = Phrase("Ingen är {role} för {unit}", "Nobody is {role} for {unit}")
NO_HOLDER = Phrase(
    "{title} väntar på någon i rollen {role} för {unit}, men ingen, eller för få, har den.",
    "{title} is waiting for somebody in the role {role} for {unit},"
    " but nobody, or too few, hold it.",
)
H_NOBODY_LEFT = Phrase("Ingen är kvar som får avgöra {title}", "Nobody is left to decide {title}")
NOBODY_LEFT = Phrase(
    "den som har rollen har själv gjort steget före, och då är det någon annan som avgör."
    " Ingen annan har rollen.",
    "the one who holds the role took the step before, so somebody else decides."
    " Nobody else holds the role.",
)
H_NOTHING = Phrase(
    "{title} väntar på ärenden som inte finns", "{title} is waiting for cases that do not exist"
)
NOTHING = Phrase(
    "{title} går vidare när andra ärenden är klara, men det finns inga att vänta på.",
    "{title} moves on when other cases are done, but there are none to wait for.",
)
H_MAIL = Phrase("Ett mejl har inte kommit fram", "A mail has not arrived")
MAIL = Phrase(
    "ett mejl till {person} om {about} gick inte att skicka.",
    "a mail to {person} about {about} could not be sent.",
)
H_TEMPLATE = Phrase("Ett mejl gick inte att skriva", "A mail could not be written")
TEMPLATE = Phrase(
    "ett mejl till {person} om {about} gick inte att skriva, och är inte skickat.",
    "a mail to {person} about {about} could not be written, and has not been sent.",
)
H_BOUNCE = Phrase("Mejl till {person} kommer tillbaka", "Mail to {person} comes back")
BOUNCE = Phrase(
    "mejlet till {person} på {address} kom tillbaka. Det som står i det är inte läst.",
    "the mail to {person} at {address} came back. What it says has not been read.",
)
H_RELAY = Phrase("Mejlen går inte ut", "Mail does not leave")
RELAY = Phrase(
    "mejlservern går inte att nå, eller inte på ett säkert sätt. Mejlen väntar.",
    "the mail server cannot be reached, or not safely. The mail is waiting.",
)
H_GUARD = Phrase("Ett villkor saknas i programmet", "A condition is missing in the program")
GUARD = Phrase(
    "{round_title} prövar steg mot villkor som inte finns i programmet som kör: {thing}."
    " De stegen går inte att ta.",
    "{round_title} checks steps against conditions that the running program does not have:"
    " {thing}. Those steps cannot be taken.",
)
H_WORKER = Phrase("En arbetare har stannat", "A worker has stopped")
WORKER = Phrase(
    "arbetaren {thing} har slutat höra av sig. Påminnelser och mejl kan dröja.",
    "the worker {thing} is no longer heard from. Reminders and mail may be late.",
)
H_STOPPED = Phrase("{title} kan inte gå vidare", "{title} cannot go on")
STOPPED = Phrase(
    "{title} har stannat och behöver en människa.", "{title} has stopped and needs a person."
)
DO_APPOINT = Phrase(
    "Ge någon rollen {role} för {unit}. Ärendet väntar tills dess.",
    "Give somebody the role {role} for {unit}. The case waits until then.",
)
DO_APPOINT_OTHER = Phrase(
    "Ge rollen till en person till, som inte gjorde steget före.",
    "Give the role to one more person, who did not take the step before.",
)
DO_ADD = Phrase(
    "Lägg till enheterna som saknas, eller avgör att de ska stå som saknade.",
    "Add the units that are missing, or decide that they stand as missing.",
)
DO_CORRECT = Phrase(
    "Nå {person} på annat sätt. Rätta det som svaret säger, och skicka mejlet igen.",
    "Reach {person} some other way. Correct what the answer says, and send the mail again.",
)
DO_TEMPLATE = Phrase(
    "Berätta för {person}. Rätta det som är fel i texten eller adressen, och skicka mejlet igen.",
    "Tell {person}. Correct what is wrong in the text or the address, and send the mail again.",
)
DO_BOUNCE = Phrase(
    "Nå {person} på annat sätt. Rätta adressen i people.csv och läs in filerna.",
    "Reach {person} some other way. Correct the address in people.csv and import the files.",
)
DO_RELAY = Phrase(
    "Be IT se till mejlservern och inställningarna under [smtp]. Inget mejl är borta: de går ut"
    " när servern svarar.",
    "Ask IT to see to the mail server and the settings under [smtp]. No mail is lost: it leaves"
    " when the server answers.",
)
DO_GUARD = Phrase(
    "Be IT installera paketet med villkoret igen. Nästa tick ser att det är tillbaka.",
    "Ask IT to install the package with the condition again. The next tick sees that it is back.",
)
DO_WORKER = Phrase("Be IT starta den igen.", "Ask IT to start it again.")
DO_LOOK = Phrase("Öppna ärendet och se vad det väntar på.", "Open the case and see what it needs.")

C_IMPORT = Phrase("beredning org import MAPP", "beredning org import DIR")
C_ADD = Phrase(
    "beredning unit add {round} ENHET --reason TEXT",
    "beredning unit add {round} UNIT --reason TEXT",
)
C_RESEND = Phrase("beredning outbox resend {thing}", "beredning outbox resend {thing}")
C_HEALTH = Phrase("beredning health", "beredning health")
C_TICK = Phrase("beredning tick", "beredning tick")
C_WORK = Phrase("beredning work", "beredning work")
C_SHOW = Phrase("beredning round show {round}", "beredning round show {round}")
BY_COMMAND = Phrase("På kommandoraden: {command}", "On the command line: {command}")
H_INCIDENTS = Phrase("{n} saker kan inte gå vidare", "{n} things cannot go on")
S_INCIDENTS = Phrase("{n} saker har stannat", "{n} things have stopped")
INCIDENTS = Phrase(
    "de här sakerna väntar på att någon löser dem.",
    "these things are waiting for somebody to solve them.",
)
SECTION_INCIDENTS = Phrase("Har stannat", "Stopped")
THE_ANSWER = Phrase("Det här vet vi: {happened}", "This is what we know: {happened}")
TOLD_ONCE = Phrase(
    "Du får det här en gång. Det står kvar bland stoppen tills det är löst.",
    "You get this once. It stays among the incidents until it is solved.",
)
SOMEBODY = Phrase("rollen", "the role")
THE_UNIT = Phrase("enheten", "the unit")
THE_CASE = Phrase("ärendet", "the case")

# ---- late mail and footer --------------------------------------------------------------

LATE_MAIL = Counted(
    Phrase(
        "Det här mejlet kommer {n} dag sent.",
        "This mail is {n} day late.",
    ),
    Phrase(
        "Det här mejlet kommer {n} dagar sent.",
        "This mail is {n} days late.",
    ),
)
LEADS = Phrase(
    "{leader} leder processen: {email}. Svarar du på mejlet går det dit.",
    "{leader} leads the process: {email}. A reply to this mail goes there.",
)
SENT_BY = Phrase("Mejlet är skickat av Beredning.", "This mail was sent by Beredning.")
SENT_BY_REFERENCE = Phrase(
    "Mejlet är skickat av Beredning, dnr {reference}.",
    "This mail was sent by Beredning, reference number {reference}.",
)
BECAUSE_TASK = Phrase(
    "Du får det för att uppgiften är din.", "You get it because the task is yours."
)
BECAUSE_TASKS = Phrase(
    "Du får det för att uppgifterna är dina.", "You get it because the tasks are yours."
)
BECAUSE_STANDS_IN = Phrase(
    "Du får det för att du är ersättare för {names}.",
    "You get it because you stand in for {names}.",
)
BECAUSE_INVITED = Phrase(
    "Du får det för att du är inbjuden.", "You get it because you are invited."
)
BECAUSE_OTHERS = Phrase(
    "Du får det för att någon behöver veta när något dröjer.",
    "You get it because somebody needs to know when something takes time.",
)
BECAUSE_TOLD = Phrase(
    "Du får det för att du ska få veta vad som händer i omgången.",
    "You get it because you are to know what happens in the round.",
)
BECAUSE_INCIDENT = Phrase(
    "Du får det för att du kan få saken att gå vidare.",
    "You get it because you can set things going again.",
)
NO_SIGN_IN = Phrase("Länkarna loggar inte in dig.", "The links do not sign you in.")
