"""What invented people say: in a simulated year plainly, in the demo as it might sound.

Nothing in it is true, of any clinic or person, and no amount is taken from anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from beredning.clock import Chance

__all__ = ["DEMO", "PLAIN", "Lines", "pick"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The words that invented people choose among."""

    questions: Sequence[str]
    """Of whoever sends something back."""
    answers: Sequence[str]
    reasons: Sequence[str]
    """Of whoever has nothing to propose, defers or remits."""
    granted: str
    """Of whoever gives more days."""
    missing: str
    """Of the leader about what never came."""
    differs: Sequence[str]
    """Of whoever sets another value than the suggested."""
    count: tuple[int, int]
    """How many rows a unit fills in, at least and at most."""
    cell: str
    """In a text that has to be filled in; `{}` is a number."""
    file: str = "Påhittad handling.\n"
    """What stands in a file that has to be there."""
    rows: Mapping[str, Sequence[Mapping[str, str | int]]] = field(default_factory=dict)
    """Whole rows, by table; where there are none every cell is made up by itself."""


def pick(chance: Chance, words: Sequence[str]) -> str:
    """Choose; where there is no choice, chance is not asked."""
    return words[0] if len(words) == 1 else chance.choice(words)


PLAIN: Final = Lines(
    questions=("Påhittad fråga: hur många berörs?",),
    answers=("Påhittat svar.",),
    reasons=("Påhittat skäl.",),
    granted="Påhittat: det går bra.",
    missing="Påhittat: inget kom.",
    differs=("Påhittat skäl: vi bedömer det annorlunda.",),
    count=(8, 14),
    cell="Påhittat exempel {}",
)


def _row(
    tillstand: str, atgard: str, weighed: str, effekt_tkr: int, motivering: str = ""
) -> dict[str, str | int]:
    """Make a row; `weighed` has its type and the levels of the model, in the model's order."""
    keys = ("typ", "svarighetsgrad", "patientnytta", "kostnad", "kunskap", "rang")
    row: dict[str, str | int] = {"tillstand": tillstand, "atgard": atgard}
    row |= dict(zip(keys, weighed.split(), strict=False))
    row["effekt_tkr"] = effekt_tkr
    return row | {"motivering": motivering} if motivering else row


DEMO: Final = Lines(
    questions=(
        "Hur många patienter om året berörs av rad 1?",
        "Vart ska patienterna vända sig i stället?",
        "Är beloppet räknat på helår?",
        "Vilket underlag bygger bedömningen av patientnyttan på?",
        "Är förslaget avstämt med primärvården?",
    ),
    answers=(
        "Ungefär 140 om året, räknat på de tre senaste åren.",
        "Till vårdcentralen, som har fått frågan och sagt ja.",
        "Ja, på helår. Första året blir det hälften.",
    ),
    reasons=(
        "Vi har gått igenom verksamheten och hittar inget som bör stå tillbaka i år.",
        "Underlaget räcker inte för ett beslut. Vi återkommer när siffrorna är kompletta.",
    ),
    granted="Det går bra. Vi hinner ändå stämma av i tid.",
    differs=(
        "Gruppen är liten här och har få andra vägar till vård. Därför en annan plats.",
        "Vi väger in att alternativet redan finns på plats hos oss.",
        "Kunskapsläget ändras just nu. Vi har gått på den senaste översikten.",
    ),
    count=(2, 6),
    missing="Inget kom trots tre påminnelser. Förslaget går vidare utan enheten.",
    cell="Påhittat exempel {}",
    rows={
        "objekt": (
            _row(
                *("Lindrig artros i knä", "Titthålsoperation"),
                *("bortval mattlig ingen hog starkt icke_gora", 1250),
                "Samma resultat nås med fysioterapi, som redan erbjuds.",
            ),
            _row(
                *("Okomplicerad smärta i ländryggen", "Magnetkamera före bedömning"),
                *("begransning liten liten hog mattligt 9", 640),
                "Besvären går oftast över. Den som inte blir bättre är välkommen tillbaka.",
            ),
            _row(
                *("Stabil kronisk sjukdom", "Årligt besök hos läkare"),
                *("begransning mattlig liten mattlig begransat 8", 480),
                "Sjuksköterskan gör besöket och tar läkaren till hjälp när det behövs.",
            ),
            _row(
                *("Läkt fraktur utan besvär", "Återbesök med röntgen"),
                *("begransning liten liten mattlig mattligt 9", 310),
                "Den som har besvär hör av sig. Övriga behöver ingen ny bild.",
            ),
            _row(
                *("Frisk inför planerad operation", "Prover på rutin"),
                *("bortval liten ingen lag starkt icke_gora", 720),
                "Svaren ändrar inte hur operationen görs.",
            ),
            _row(
                *("Åderbråck utan påverkan på huden", "Operation"),
                *("bortval liten mattlig hog begransat 9", 890),
                "Annan kirurgi har patienter med större behov i samma kö.",
            ),
            _row(
                *("Långvarig smärta", "Läkemedel utan uppföljning"),
                *("begransning stor liten mattlig begransat 7", 260),
                "Förskrivningen följs upp inom tre månader eller avslutas.",
            ),
            _row(
                *("Väntelistor i flera system", "En gemensam planering"),
                *("effektivisering", 560),
            ),
            _row(*("Sena återbud", "Påminnelse två dagar före"), *("effektivisering", 375)),
            _row(
                *("Sköra äldre med fraktur", "Geriatriskt stöd på avdelningen"),
                *("satsning mycket_stor stor mattlig mattligt 2", -1300),
            ),
            _row(
                *("Svårläkta sår", "Sårteam som reser ut"),
                *("satsning stor stor lag mattligt 2", -820),
            ),
            _row(
                *("Nyupptäckt svår sjukdom", "Fast vårdkontakt"),
                *("satsning mycket_stor mattlig lag mattligt 3", -450),
            ),
        )
    },
)
