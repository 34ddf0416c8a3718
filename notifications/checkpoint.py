"""The letter with the day's checkpoint: to a witness outside the system, who keeps it."""

import json
from dataclasses import replace
from typing import Any

from notifications import words as w
from notifications.blocks import Attachment, Letter, Numbered, Paragraph
from notifications.clean import LetterError
from notifications.digest import finish
from notifications.parts import Draft
from notifications.voice import Phrase

__all__ = ["compose_checkpoint"]

SUBJECT = Phrase(
    "Kontrollpunkt för loggen {day}: spara bilagan", "Checkpoint of the log {day}: keep the file"
)
HEADING = Phrase("Spara dagens kontrollpunkt", "Keep the day's checkpoint")
LEAD = Phrase(
    "bilagan är en kontrollpunkt: den säger hur lång beredningens logg är i dag och vad den"
    " slutar med. Ni som har fått den är vittnen till det.",
    "the attached file is a checkpoint: it says how long the log is today and what it ends"
    " with. You who have it are its witness.",
)
DO = Phrase("Gör så här", "What to do")
KEEP = Phrase(
    "Spara filen {name} som den är, i diariet eller någon annanstans där de som sköter"
    " systemet inte kan ändra den.",
    "Keep the file {name} as it is, in the register or elsewhere out of reach of those who"
    " run the system.",
)
LEAVE = Phrase(
    "Behåll den så länge loggen finns kvar, också när nyare har kommit.",
    "Keep it for as long as the log is there, also when newer ones have come.",
)
PROVE = Phrase(
    "Ska loggen prövas, lämna filen till den som prövar: beredning verify --checkpoint {name}",
    "When the log is to be proved, give the file to whoever proves it:"
    " beredning verify --checkpoint {name}",
)
PROOF = Phrase(
    "Filen är beviset. Ändrar, kortar eller byter någon ut loggen i efterhand stämmer den inte"
    " längre med filen, och det syns.",
    "The file is the proof. If anybody changes, shortens or replaces the log afterwards it no"
    " longer agrees with the file, and that is seen.",
)
TABLE = Phrase("I kontrollpunkten", "In the checkpoint")
L_TAKEN = Phrase("Tagen", "Taken")
L_CHAINS = Phrase("Kedjor", "Chains")
L_ENTRIES = Phrase("Rader", "Entries")
BECAUSE = Phrase(
    "Ni får det för att adressen står i inställningen mail.checkpoint_to.",
    "You get it because the address stands in the setting mail.checkpoint_to.",
)


def compose_checkpoint(draft: Draft) -> Letter:
    """Write the letter, with the checkpoint as `beredning verify --checkpoint` reads it.

    Raises:
        LetterError: There is no checkpoint in the facts.
    """
    facts, voice = draft.facts, draft.voice
    if facts.checkpoint is None:
        raise LetterError("a checkpoint's mail needs the checkpoint")
    name = f"kontrollpunkt-{facts.today.isoformat()}.json"
    chains: dict[str, Any] = facts.checkpoint["chains"]
    content = json.dumps(facts.checkpoint, ensure_ascii=True, indent=2, sort_keys=True)
    letter = finish(
        draft,
        subject=voice.say(SUBJECT, day=draft.day(facts.today)),
        preheader=voice.say(KEEP, name=name),
        heading=voice.say(HEADING),
        blocks=(
            Paragraph(draft.hello(voice.say(LEAD))),
            Numbered(
                voice.say(DO),
                (voice.say(KEEP, name=name), voice.say(LEAVE), voice.say(PROVE, name=name)),
            ),
            draft.table_of(
                TABLE,
                (L_TAKEN, draft.day(facts.today)),
                (L_CHAINS, str(len(chains))),
                (L_ENTRIES, str(sum(int(one["length"]) for one in chains.values()))),
            ),
            *draft.note(voice.say(PROOF)),
        ),
        footer=(voice.say(w.SENT_BY), voice.say(BECAUSE)),
    )
    return replace(letter, attachment=Attachment(name, content + "\n"))
