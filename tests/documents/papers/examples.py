"""Invented papers: a list of a region that does not exist, as large as a test asks for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from documents.papers.paper import (
    Attendance,
    Attestation,
    Balance,
    Budget,
    Cell,
    Column,
    CommonList,
    Cut,
    Decision,
    Disqualification,
    Extract,
    Freed,
    Investment,
    Kind,
    Line,
    List,
    Minutes,
    Move,
    Origin,
    Outcome,
    Payment,
    Proposal,
    Reservation,
    Stamp,
)

AT = datetime(2026, 10, 22, 12, 5, tzinfo=UTC)

STAMP = Stamp(
    region="Region Älvmark",
    round_id="prioritering-2027",
    round_title="Prioritering inför 2027",
    reference="RS 2026/0412",
    entry=1204,
    at=AT,
)

COLUMNS = (
    Column(key="objekt", title="Objekt"),
    Column(key="typ", title="Typ", kind=Kind.LEVEL),
    Column(key="svarighet", title="Svårighetsgrad", kind=Kind.LEVEL),
    Column(
        key="nytta",
        title="Patientnytta",
        kind=Kind.LEVEL,
        unverified=True,
        note="Nivåerna är skrivna ur minnet.",
    ),
    Column(key="volym", title="Volym", kind=Kind.NUMBER),
    Column(key="effekt", title="Frigör, tkr", kind=Kind.AMOUNT),
    Column(key="fran", title="Gäller från", kind=Kind.DATE),
    Column(key="motiv", title="Motivering", below=True),
)

OBJECTS = (
    ("Hälsoundersökning av friska personer", "Icke-göra", "Liten", "Liten", 1400),
    ("Rutinmässig blodsänka vid inskrivning", "Icke-göra", "Liten", "Liten", 1390),
    ("Återbesök efter okomplicerad operation", "Bortval", "Liten", "Måttlig", 2460),
    ("Åderbråck, lindriga besvär: operation", "Begränsning", "Måttlig", "Måttlig", 1900),
    ("Lindrig sängvätning hos barn", "Begränsning", "Måttlig", "Stor", 880),
    ("Karpaltunnelsyndrom, lindriga besvär", "Begränsning", "Måttlig", "Stor", 620),
)
UNITS = ("Kirurgi", "Barn och ungdom", "Ortopedi", "Bilddiagnostik och klinisk fysiologi")
WHY = (
    "Gruppen har små besvär och kan följas hos sin vårdcentral. Åtgärden ges i dag utan"
    " att handläggningen ändras av det som den visar."
)


def line(position: int, *cells: Cell, unit: str = "Kirurgi") -> Line:
    """Give a line with cells and an origin, and nothing else."""
    return Line(position=position, cells=cells, origin=Origin(unit=unit))


def listing(count: int = 12, *, cut: int | None = 8) -> List:
    """Give a common list of so many lines, with moves, flags and outcomes."""
    lines = tuple(_line(position) for position in range(1, count + 1))
    words = "Linjen: 4,0 %. Ovanför föreslås väljas bort. Nedanför blir kvar."
    return List(
        title="Gemensam lista inför 2027",
        columns=COLUMNS,
        lines=lines,
        cut=None if cut is None else Cut(after=cut, words=words),
        amount="effekt",
        budgets=tuple(Budget(unit=unit, tkr=118_000) for unit in UNITS),
    )


def _line(position: int) -> Line:
    name, kind, severity, benefit, tkr = OBJECTS[(position - 1) % len(OBJECTS)]
    effect = tkr + 10 * (position // len(OBJECTS))
    moved = Move(
        who="Bo Alm", at=AT, before=position + 3, after=position, why="jouren behöver åtgärden"
    )
    return Line(
        position=position,
        cells=(name, kind, severity, benefit, 40 * position, effect, date(2027, 1, 1), WHY),
        origin=Origin(
            unit=UNITS[position % len(UNITS)], place=position % 7 + 1, of=9, words="rang 8"
        ),
        flag="Bryter enhetens ordning" if position % 5 == 4 else "",
        moves=(moved,) if position % 5 == 4 else (),
        outcome=_outcome(position),
    )


def _outcome(position: int) -> Outcome | None:
    if position % 3 == 0:
        return Outcome(
            state="Utreds vidare",
            reason="Följderna för väntetiden är inte kända.",
            owner="Helena Sandgren",
            day=date(2027, 2, 26),
        )
    return Outcome(state="Kan väljas bort") if position % 3 == 1 else None


def balance(of: List) -> Balance:
    """Give a balance that agrees with a list of twelve with its line after the eighth."""
    positions = [line.position for line in of.lines]
    return Balance(
        freed=(
            Freed(title="Icke-göra", count=4, tkr=5600),
            Freed(title="Bortval", count=1, tkr=2460),
            Freed(title="Begränsning", count=3, tkr=3410),
        ),
        investments=(
            Investment(
                title="Första linjen, barn och unga",
                tkr=6200,
                paid_by=tuple(Payment(position=position) for position in positions[:3]),
            ),
            Investment(
                title="Palliativt team i hemmet",
                tkr=Decimal("3900.5"),
                paid_by=(Payment(position=4, tkr=1900), Payment(position=5, tkr=880)),
            ),
        ),
    )


def common_list(count: int = 12) -> CommonList:
    """Give the paper of a common list."""
    return CommonList(
        stamp=STAMP,
        listing=listing(count),
        lede="Listan är vägd av kommittén i två möten. Enheternas rang går inte att jämföra"
        " med varandra; därför har listan egna platser.",
    )


def proposal(count: int = 12) -> Proposal:
    """Give the paper that a decision rests on."""
    whole = listing(count)
    return Proposal(
        stamp=STAMP,
        title="Förslag till bortval och satsningar 2027",
        summary=(
            "Fyra enheter har lämnat förslag. Kommittén föreslår att åtta av tolv objekt väljs"
            " bort eller begränsas, och att det som blir fritt betalar två satsningar.",
        ),
        listing=whole,
        balance=balance(whole) if count == 12 else None,
        shown=("objekt", "typ", "effekt"),
    )


def extract() -> Extract:
    """Give an extract of minutes with a conflict of interest and a reservation."""
    return Extract(
        stamp=replace(STAMP, extract="Utdrag: § 74 och § 75"),
        title="Regionstyrelsens beslut om prioriteringar 2027",
        minutes=Minutes(
            body="Regionstyrelsen",
            day=date(2026, 10, 22),
            place="Residenset, sal A",
            present=(
                Attendance(name="Karin Ek", role="ordförande"),
                Attendance(name="Bo Alm"),
                Attendance(name="Per Nyström", role="ersättare för Anna Lindqvist"),
            ),
            quorum="Nio av elva ledamöter är närvarande. Styrelsen är beslutför.",
            disqualified=(
                Disqualification(
                    person="Bo Alm",
                    item="Åderbråck, lindriga besvär",
                    sentence="Bo Alm anmäler jäv och deltar inte i handläggningen av ärendet.",
                ),
            ),
            decisions=(
                Decision(
                    number="§ 74",
                    title="Bortval inför 2027",
                    words="Regionstyrelsen beslutar att plats 1 till 8 i den gemensamma listan"
                    " väljs bort från och med den 1 januari 2027.",
                    reason="Det som blir fritt behövs för barn och unga.",
                ),
                Decision(
                    number="§ 75",
                    title="Satsningar inför 2027",
                    words="Regionstyrelsen beslutar att avsätta 10 100 tkr till två satsningar.",
                ),
            ),
            reservations=(
                Reservation(
                    who="Per Nyström", number="§ 74", words="Åderbråck ska inte väljas bort."
                ),
            ),
            attested_by=(
                Attestation(name="Karin Ek", role="ordförande", day=date(2026, 10, 27)),
                Attestation(name="Eva Holm", role="justerare"),
            ),
        ),
    )
