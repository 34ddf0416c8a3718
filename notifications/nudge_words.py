"""What a nudge says; the house rules of `words` hold."""

from notifications.voice import Counted, Phrase

S_MANY = Counted(
    Phrase("påminnelse om {n} uppgift", "reminder of {n} task"),
    Phrase("påminnelse om {n} uppgifter", "reminder of {n} tasks"),
)
H_ONE = Phrase("Påminnelse om {title}", "Reminder of {title}")
H_ONE_BY = Phrase("{by} påminner om {title}", "{by} reminds you of {title}")
H_MANY = Counted(
    Phrase("Påminnelse om {n} uppgift", "Reminder of {n} task"),
    Phrase("Påminnelse om {n} uppgifter", "Reminder of {n} tasks"),
)
H_MANY_BY = Counted(
    Phrase("{by} påminner om {n} uppgift", "{by} reminds you of {n} task"),
    Phrase("{by} påminner om {n} uppgifter", "{by} reminds you of {n} tasks"),
)
WAITS_BY = Phrase("{by} väntar på {title}.", "{by} is waiting for {title}.")
WAIT = Counted(
    Phrase("{n} uppgift väntar på dig.", "{n} task is waiting for you."),
    Phrase("{n} uppgifter väntar på dig.", "{n} tasks are waiting for you."),
)
WAIT_BY = Counted(
    Phrase("{by} väntar på {n} uppgift från dig.", "{by} is waiting for {n} task from you."),
    Phrase("{by} väntar på {n} uppgifter från dig.", "{by} is waiting for {n} tasks from you."),
)
SECTION = Phrase("Dina uppgifter", "Your tasks")
BY_HAND = Phrase(
    "Den här påminnelsen är skickad för hand. De vanliga kommer som förut.",
    "This reminder was sent by hand. The usual ones come as before.",
)
