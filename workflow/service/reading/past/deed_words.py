"""How each kind of entry is told, Swedish and English side by side."""

from collections.abc import Mapping
from typing import Final

from workflow.core.facts import EntryKind, Via

__all__ = ["VIA", "WORDS", "Both"]

Both = tuple[str, str]
"""Swedish, English."""

WORDS: Final[Mapping[EntryKind, tuple[Both, Both]]] = {
    EntryKind.OPENED: (
        ("Ärendet öppnades och står i ”{to}”", 'The case was opened and stands at "{to}"'),
        ("Ärendet öppnades och står i ”{to}”", 'The case was opened and stands at "{to}"'),
    ),
    EntryKind.SERIES: (
        ("Nästa tillfälle för det som återkommer sattes", "What comes again got its next occasion"),
        ("Nästa tillfälle för det som återkommer sattes", "What comes again got its next occasion"),
    ),
    EntryKind.NEXT: (
        ("Ärendet gick vidare till ”{to}”", 'The case went on to "{to}"'),
        ("Ärendet gick vidare till ”{to}”", 'The case went on to "{to}"'),
    ),
    EntryKind.AT_DUE: (
        ("Tiden gick ut: ärendet gick till ”{to}”", 'Time was up: the case went to "{to}"'),
        ("Tiden gick ut: ärendet gick till ”{to}”", 'Time was up: the case went to "{to}"'),
    ),
    EntryKind.REOPENED: (
        ("{who} skickade tillbaka ärendet till ”{to}”", '{who} sent the case back to "{to}"'),
        ("Ärendet gick tillbaka till ”{to}”", 'The case went back to "{to}"'),
    ),
    EntryKind.MISSING: (
        ("{who} bar ärendet som uteblivet", "{who} carried the case as missing"),
        ("Ärendet står som uteblivet", "The case stands as missing"),
    ),
    EntryKind.WITHDRAWN: (
        ("{who} drog tillbaka ärendet", "{who} withdrew the case"),
        ("Ärendet drogs tillbaka", "The case was withdrawn"),
    ),
    EntryKind.ROUND_OPENED: (
        ("{who} öppnade omgången", "{who} opened the round"),
        ("Omgången öppnades", "The round was opened"),
    ),
    EntryKind.ROUND_CLOSED: (
        ("Omgången avslutades", "The round was closed"),
        ("Omgången avslutades", "The round was closed"),
    ),
    EntryKind.PAUSED: (
        ("{who} pausade omgången", "{who} paused the round"),
        ("Omgången pausades", "The round was paused"),
    ),
    EntryKind.RESUMED: (
        ("{who} återupptog omgången", "{who} resumed the round"),
        ("Omgången återupptogs", "The round was resumed"),
    ),
    EntryKind.MILESTONE_MOVED: (
        ("{who} flyttade {title} till {day}", "{who} moved {title} to {day}"),
        ("{title} flyttades till {day}", "{title} was moved to {day}"),
    ),
    EntryKind.EXTENSION_ASKED: (
        ("{who} bad om anstånd till {day}", "{who} asked for an extension to {day}"),
        ("Anstånd begärdes till {day}", "An extension to {day} was asked for"),
    ),
    EntryKind.EXTENDED: (
        ("{who} gav anstånd till {day}", "{who} granted an extension to {day}"),
        ("Anstånd gavs till {day}", "An extension to {day} was granted"),
    ),
    EntryKind.EXTENSION_REFUSED: (
        ("{who} sade nej till anstånd", "{who} refused an extension"),
        ("Anstånd nekades", "An extension was refused"),
    ),
    EntryKind.HANDED_OVER: (
        ("Uppgiften gick över till {role}, {unit}", "The task went over to {role}, {unit}"),
        ("Uppgiften gick över till {role}, {unit}", "The task went over to {role}, {unit}"),
    ),
    EntryKind.SAVED: (
        ("{who} sparade utkastet", "{who} saved the draft"),
        ("Utkastet sparades", "The draft was saved"),
    ),
    EntryKind.COMPILED: (
        ("{who} sammanställde listan", "{who} compiled the list"),
        ("Listan sammanställdes", "The list was compiled"),
    ),
    EntryKind.LAID_OUT: (
        ("{who} lade upp de fasta raderna", "{who} laid out the fixed rows"),
        ("De fasta raderna lades upp", "The fixed rows were laid out"),
    ),
    EntryKind.COUNTED: (
        (
            "{answered} av {asked} hade svarat. Svaren räknades",
            "{answered} of {asked} had answered. The answers were counted",
        ),
        (
            "{answered} av {asked} hade svarat. Svaren räknades",
            "{answered} of {asked} had answered. The answers were counted",
        ),
    ),
    EntryKind.CARRIED: (
        ("{who} förde över rader från {round}", "{who} carried rows over from {round}"),
        ("Rader följde med från {round}", "Rows came along from {round}"),
    ),
    EntryKind.COMMENTED: (
        ("{who} skrev en kommentar", "{who} wrote a comment"),
        ("En kommentar skrevs", "A comment was written"),
    ),
    EntryKind.ATTACHED: (
        ("{who} bifogade {file}", "{who} attached {file}"),
        ("{file} bifogades", "{file} was attached"),
    ),
    EntryKind.DETACHED: (
        ("{who} tog bort {file}", "{who} took away {file}"),
        ("{file} togs bort", "{file} was taken away"),
    ),
    EntryKind.RELEASED: (
        ("{who} frisläppte listan", "{who} released the list"),
        ("Listan frisläpptes", "The list was released"),
    ),
    EntryKind.RELEASE_WITHDRAWN: (
        ("{who} drog tillbaka den frisläppta listan", "{who} withdrew the released list"),
        ("Den frisläppta listan drogs tillbaka", "The released list was withdrawn"),
    ),
    EntryKind.CONFLICT: (
        ("{who} antecknade jäv för {person}: {row}", "{who} noted a conflict: {person}, {row}"),
        ("Jäv antecknades för {person}: {row}", "A conflict was noted: {person}, {row}"),
    ),
    EntryKind.CONFLICT_ENDED: (
        (
            "{who} tog tillbaka jäv för {person}: {row}",
            "{who} took back a conflict: {person}, {row}",
        ),
        ("Jäv togs tillbaka för {person}: {row}", "A conflict was taken back: {person}, {row}"),
    ),
    EntryKind.NUDGED: (
        ("{who} påminde om det som återstår", "{who} reminded of what is left to do"),
        ("En påminnelse skickades för hand", "A reminder was sent by hand"),
    ),
    EntryKind.DISPOSED: (
        ("{who} gallrade innehåll enligt {decision}", "{who} disposed of content by {decision}"),
        ("Innehåll gallrades enligt {decision}", "Content was disposed of by {decision}"),
    ),
    EntryKind.INSTALLED: (
        ("Databasen gjordes", "The database was made"),
        ("Databasen gjordes", "The database was made"),
    ),
    EntryKind.UPGRADED: (
        ("{who} uppgraderade databasen", "{who} upgraded the database"),
        ("Databasen uppgraderades", "The database was upgraded"),
    ),
    EntryKind.ORGANISATION: (
        ("{who} läste in organisationen", "{who} imported the organisation"),
        ("Organisationen lästes in", "The organisation was imported"),
    ),
    EntryKind.GRANTED: (
        ("{who} gav {person} en roll", "{who} gave {person} a role"),
        ("{person} fick en roll", "{person} was given a role"),
    ),
    EntryKind.GRANT_ENDED: (
        ("{who} avslutade en roll för {person}", "{who} ended a role of {person}"),
        ("En roll för {person} avslutades", "A role of {person} was ended"),
    ),
    EntryKind.PERSON_CHANGED: (
        ("{who} ändrade uppgifterna om {person}", "{who} changed what is known of {person}"),
        ("Uppgifterna om {person} ändrades", "What is known of {person} was changed"),
    ),
    EntryKind.ACCOUNT: (
        ("{who} ändrade inloggningen för {person}", "{who} changed the sign-in of {person}"),
        ("Inloggningen för {person} ändrades", "The sign-in of {person} was changed"),
    ),
    EntryKind.SUBSTITUTE: (
        (
            "{who} utsåg {substitute} till ersättare för {person} till och med {day}",
            "{who} appointed {substitute} as substitute for {person} until {day}",
        ),
        (
            "{substitute} utsågs till ersättare för {person} till och med {day}",
            "{substitute} was appointed as substitute for {person} until {day}",
        ),
    ),
    EntryKind.SUBSTITUTE_ENDED: (
        ("{who} avslutade ett ersättarskap", "{who} ended a substitution"),
        ("Ett ersättarskap avslutades", "A substitution was ended"),
    ),
    EntryKind.ADDRESS_FAILED: (
        ("Mejl till {person} kom tillbaka", "Mail to {person} came back"),
        ("Mejl till {person} kom tillbaka", "Mail to {person} came back"),
    ),
    EntryKind.MAIL_HELD: (
        ("{who} höll inne mejlen", "{who} held the mail"),
        ("Mejlen hölls inne", "Mail was held"),
    ),
    EntryKind.MAIL_RELEASED: (
        ("{who} släppte mejl som hölls", "{who} released mail that was held"),
        ("Mejl som hölls släpptes", "Mail that was held was released"),
    ),
    EntryKind.MAIL_RESENT: (
        ("{who} skickade om ett mejl", "{who} sent a mail once more"),
        ("Ett mejl skickades om", "A mail was sent once more"),
    ),
    EntryKind.BACKUP: (
        ("{who} säkerhetskopierade", "{who} made a backup"),
        ("En säkerhetskopia gjordes", "A backup was made"),
    ),
    EntryKind.RESTORED: (
        ("{who} återställde en säkerhetskopia", "{who} restored a backup"),
        ("En säkerhetskopia återställdes", "A backup was restored"),
    ),
    EntryKind.CHECKPOINT: (
        ("{who} skrev en kontrollpunkt", "{who} wrote a checkpoint"),
        ("En kontrollpunkt skrevs", "A checkpoint was written"),
    ),
}
"""How each kind is told: when somebody did it, and when nobody is named."""
VIA: Final[Mapping[str, Both]] = {
    Via.WEB.value: ("på webben", "on the web"),
    Via.API.value: ("genom API", "by the API"),
    Via.COMMAND.value: ("från kommandoraden", "from the command line"),
    Via.WORKER.value: ("av systemet", "by the system"),
}
"""By which way."""
