"""The letter to whoever leads a round when somebody from outside has left."""

from notifications.blocks import Letter, Paragraph
from notifications.clean import LetterError
from notifications.digest import finish
from notifications.parts import Draft, capital
from notifications.voice import Phrase

__all__ = ["compose_left"]

S_LEFT = Phrase("{by} har lämnat sitt uppdrag", "{by} has left")
LEFT = Phrase(
    "{by} har på eget initiativ lämnat uppdraget {role}, {unit}.",
    "{by} has left the role {role}, {unit}, on their own initiative.",
)
FROM_NOW = Phrase(
    "Det gäller genast. Personen får inga fler mejl för uppdraget och kommer inte åt det.",
    "That holds at once. They get no more mail for the role and no longer have its access.",
)
SOMEBODY_NEW = Phrase(
    "Behövs någon i stället ger du rollen till en annan person.",
    "If somebody else is needed, give the role to another person.",
)
BECAUSE = Phrase("Du får det för att du leder omgången.", "You get it because you lead the round.")


def compose_left(draft: Draft) -> Letter:
    """Write who has left, and which role.

    Raises:
        LetterError: The facts do not say who.
    """
    facts, voice = draft.facts, draft.voice
    if not facts.by:
        raise LetterError("a mail about somebody who has left needs their name")
    said = voice.say(LEFT, by=facts.by, role=facts.incident_role, unit=facts.incident_unit)
    return finish(
        draft,
        subject=draft.subject("", voice.say(S_LEFT, by=facts.by), separator=", "),
        preheader=capital(said),
        heading=capital(voice.say(S_LEFT, by=facts.by)),
        blocks=(
            Paragraph(f"{draft.hello(said)} {voice.say(FROM_NOW)}"),
            *draft.note(voice.say(SOMEBODY_NEW)),
        ),
        footer=draft.footer(BECAUSE),
    )
