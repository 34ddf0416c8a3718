"""The situation of a round in sentences, Swedish and English: nothing but values in."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workflow.core.situation import (
    Coming,
    Count,
    Ended,
    Late,
    LateKind,
    Movement,
    Since,
    Situation,
    Stage,
    Sum,
)
from workflow.core.situation_text import MOST_LATE, figures, say_number, situation_text

PLAIN = Situation(
    today=date(2009, 3, 4),
    since=Since.REPORT,
    since_on=date(2009, 2, 3),
    stands="Grundarbete",
    stands_since=date(2008, 12, 3),
    until=date(2009, 3, 31),
)
FULL = replace(
    PLAIN,
    stages=(Stage(title="Grundarbete", on=date(2009, 2, 5)),),
    movements=(
        Movement(title="Underlag", handed_in=14, returned=3, done=1),
        Movement(title="Värdering"),
    ),
    ended=(Ended(title="Ram", end="Fastställd", on=date(2009, 2, 20)),),
    late=(
        Late(
            title="Underlag Ortopedi",
            role="Verksamhetschef",
            unit="",
            due_on=date(2009, 2, 27),
            days=3,
        ),
    ),
    late_kinds=(LateKind(title="Värdering", number=2, days=1),),
    coming=(
        Coming(title="Underlagen inne", first_on=date(2009, 3, 6), last_on=date(2009, 3, 6)),
        Coming(
            title="Redovisning",
            first_on=date(2009, 3, 16),
            last_on=date(2009, 3, 17),
            is_meeting=True,
        ),
    ),
    beyond=Coming(
        title="Värderingen klar",
        first_on=date(2009, 4, 1),
        last_on=date(2009, 4, 30),
        whole_month=True,
    ),
    counts=(Count(title="Underlag", done=14, total=21, late=1, missing=1),),
    sums=(
        Sum(title="Gemensam lista, Belopp (tkr)", amount=Decimal("-12345.50")),
        Sum(title="Effekt", years=((2009, Decimal(1000)), (2010, Decimal("20")))),
    ),
)

SV = """\
Sedan förra rapporten tis 3 feb har omgången gått vidare till Grundarbete (tors 5 feb). Underlag: \
14 har lämnats in, 3 har lämnats tillbaka och 1 har blivit klart. Ram: Fastställd fre 20 feb.

Omgången står i steget Grundarbete sedan ons 3 dec 2008.

3 ärenden är sena:
- Underlag Ortopedi skulle ha varit klart fre 27 feb, för 3 arbetsdagar sedan. Verksamhetschef har \
det.
- Värdering: 2 sena, som mest 1 arbetsdag

Fram till och med tis 31 mars kommer:
- fre 6 mars: Underlagen inne
- mån 16 mars–tis 17 mars: Redovisning, sammanträde

Därefter kommer Värderingen klar, april 2009.

I siffror:
- Underlag: 14 av 21 klara, 1 sent, 1 uteblivet
- Gemensam lista, Belopp (tkr): −12 345,5
- Effekt: 2009: 1 000; 2010: 20"""

EN = """\
Since the last report on Tue 3 Feb the round has come to Grundarbete (Thu 5 Feb). Underlag: \
14 have been handed in, 3 have been returned and 1 is done. Ram: Fastställd on Fri 20 Feb.

The round stands in the step Grundarbete since Wed 3 Dec 2008.

3 cases are late:
- Underlag Ortopedi was due on Fri 27 Feb, 3 working days ago. It is with: Verksamhetschef.
- Värdering: 2 late, at most 1 working day

Until Tue 31 March:
- Fri 6 March: Underlagen inne
- Mon 16 March–Tue 17 March: Redovisning, a meeting

After that comes Värderingen klar, April 2009.

In figures:
- Underlag: 14 of 21 done, 1 late, 1 missing
- Gemensam lista, Belopp (tkr): −12,345.5
- Effekt: 2009: 1,000; 2010: 20"""


@pytest.mark.parametrize(("language", "said"), [("sv", SV), ("en", EN)])
def test_all_of_it(language: str, said: str) -> None:
    """What happened, where it stands, what is late, what comes, figures: in this order."""
    plain = situation_text(FULL, language).replace("\N{NO-BREAK SPACE}", " ")

    assert said == plain.replace("\N{EN DASH}", "–").replace("\N{MINUS SIGN}", "−")


@pytest.mark.parametrize(
    ("changes", "language", "said"),
    [
        ({}, "sv", "Sedan förra rapporten tis 3 feb har inget ärende gått vidare."),
        ({}, "sv", "Inget är sent."),
        ({}, "sv", "Tidplanen har ingen dag till och med tis 31 mars."),
        ({}, "en", "Since the last report on Tue 3 Feb no case has moved on."),
        ({}, "en", "Nothing is late."),
        ({}, "en", "The plan has no day until Tue 31 March."),
        ({"since": Since.OPENED}, "sv", "Sedan omgången öppnades tis 3 feb har inget"),
        ({"since": Since.ENTERED}, "en", "Since Tue 3 Feb no case"),
        ({"is_over": True}, "sv", "Omgången är avslutad sedan ons 3 dec 2008: Grundarbete."),
        ({"paused_on": date(2009, 3, 2)}, "sv", "Omgången vilar sedan mån 2 mars, och inga"),
        (
            {"movements": (Movement(title="Idé", opened=1, missing=2),)},
            "sv",
            "är omgången kvar i samma steg. Idé: 1 har öppnats och 2 bärs som uteblivna.",
        ),
        (
            {"late_kinds": (LateKind(title="Underlag", number=1, days=5),)},
            "sv",
            "1 ärende är sent:\n- Underlag: 1 sent, 5 arbetsdagar",
        ),
    ],
)
def test_each_sentence(changes: dict[str, Any], language: str, said: str) -> None:
    """What is not there is said so, or is left out; nothing is half a sentence."""
    assert said in situation_text(replace(PLAIN, **changes), language)


def test_what_is_over_has_nothing_ahead() -> None:
    """A round that has ended is not late, and nothing comes."""
    said = situation_text(replace(PLAIN, is_over=True, coming=FULL.coming))

    assert "sent" not in said
    assert "Underlagen inne" not in said


def test_many_late_are_counted() -> None:
    """More than a page holds are counted, and none is lost."""
    late = FULL.late * (MOST_LATE + 4)

    said = situation_text(replace(PLAIN, late=late))

    assert MOST_LATE == said.count("Underlag Ortopedi")
    assert f"{MOST_LATE + 4} ärenden är sena:" in said
    assert "- Och 4 till." in said


def test_the_figures_alone() -> None:
    """A mail shows them as a table: the same pairs as the text has."""
    found = figures(FULL)
    lines = situation_text(FULL).partition("I siffror:\n")[2].splitlines()

    assert lines == [f"- {what}: {much}" for what, much in found]


@pytest.mark.parametrize(
    ("amount", "language", "said"),
    [
        ("0", "sv", "0"),
        ("1000", "sv", "1\N{NO-BREAK SPACE}000"),
        ("100", "en", "100"),
        ("-1200.50", "en", "\N{MINUS SIGN}1,200.5"),
        ("0.00", "sv", "0"),
    ],
)
def test_numbers(amount: str, language: str, said: str) -> None:
    """Zeros that say nothing go; those that are part of the number stay."""
    assert said == say_number(Decimal(amount), language)
