"""What letters about a round that rests say; the house rules of `words` hold."""

from notifications.voice import Counted, Phrase

S_PAUSED = Phrase("omgången vilar", "the round is paused")
H_PAUSED = Phrase("{title} vilar", "{title} is paused")
PAUSED = Phrase(
    "{title} vilar tills vidare.",
    "{title} is paused until further notice.",
)
PAUSED_BY = Phrase("{by} har pausat omgången.", "{by} has paused the round.")
MEANWHILE = Phrase(
    "Under tiden går det att läsa, men inte att spara eller lämna in. Du får inga påminnelser.",
    "Meanwhile you can read, but not save or hand in. You get no reminders.",
)
AGAIN = Phrase(
    "Du får ett mejl när omgången går vidare, med de dagar som gäller då.",
    "You get a mail when the round goes on, with the days that hold then.",
)

S_RESUMED = Phrase("omgången går vidare", "the round goes on")
H_RESUMED = Phrase("{title} går vidare", "{title} goes on")
RESUMED = Phrase("{title} går vidare.", "{title} goes on.")
RESUMED_BY = Phrase("{by} har återupptagit omgången.", "{by} has resumed the round.")
STAND = Phrase("Dagarna är desamma som förut.", "The days are the same as before.")
MOVED = Counted(
    Phrase(
        "Det som var kvar har flyttats {n} arbetsdag framåt.",
        "What was still to come has moved {n} working day ahead.",
    ),
    Phrase(
        "Det som var kvar har flyttats {n} arbetsdagar framåt.",
        "What was still to come has moved {n} working days ahead.",
    ),
)
SECTION_YOURS = Phrase("Dina uppgifter", "Your tasks")
NEW_REMINDERS = Phrase("Påminnelserna går som vanligt igen.", "Reminders come as usual again.")
BECAUSE = Phrase(
    "Du får det för att du är med i omgången.",
    "You get it because you take part in the round.",
)
