"""What a paper is as PDF: whole, tagged, stamped, the same each time, safe from its texts."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from documents.papers import press
from documents.papers.paper import (
    Attendance,
    Column,
    CommonList,
    Cut,
    Decision,
    Extract,
    Investment,
    Line,
    List,
    Move,
    Origin,
    Outcome,
    Paper,
    Payment,
    Proposal,
    Stamp,
)
from documents.papers.press import make_pdf
from documents.papers.unfit import Unprintable
from tests.documents.papers.examples import (
    AT,
    STAMP,
    balance,
    common_list,
    extract,
    line,
    proposal,
)
from tests.documents.papers.reading import Pdf, squeeze
from workflow.core.errors import BadInput

HERE = Path(__file__).parent
EXAMPLES: dict[str, Callable[[], Paper]] = {
    "beslutsunderlag": proposal,
    "protokollsutdrag": extract,
    "gemensam-lista": common_list,
}

AS_THEY_STAND = (
    '#import "secret.typ": *',
    '#panic("x")',
    "#read(sys.inputs.data)",
    "$x^2$ och $ sum_(i=0)^n $",
    "*fet* _kursiv_ `kod` ```rå```",
    "@label <label> #label(<a>)",
    "\\ \\\\ \\u{1F600} \\n",
    "= Rubrik",
    "- punkt",
    "+ punkt",
    "/ ord: förklaring",
    "// ingen kommentar /* heller inte här */",
    "https://exempel.example/en/mycket/lång/adress/som/inte/har/plats?på=en&rad=1",
    '<script>alert("hej")</script>',
    "]) ) } #} [[ {{ ]] }}",
    "~ --- ... -- 'citat' \"citat\"",
    "=HYPERLINK(1) @SUM(A1) +1 -1",
    "åäö ÅÄÖ é ü ß ł ž Ω я ≥ ≤ − – — … § € ½",
    "%PDF-1.7 endobj << /Type /Catalog >> stream",
)

BY_THEIR_CODE = {
    "leende 😀 här": "leende [U+1F600] här",
    "före\u202eefter": "före[U+202E]efter",
    "isolerat\u2067x\u2069": "isolerat[U+2067]x[U+2069]",
    "noll\x00tecken": "noll[U+0000]tecken",
    "ring\x07klocka": "ring[U+0007]klocka",
    "osynligt\u200bskilt": "osynligt[U+200B]skilt",
    "eget\ue000tecken": "eget[U+E000]tecken",
    "halvt\ud83dpar": "halvt[U+D83D]par",
    "märke\ufeff": "märke[U+FEFF]",
    "مرحبا": "[U+0645][U+0631][U+062D][U+0628][U+0627]",
}


def hostile_papers(text: str) -> list[Paper]:
    """Put one text into every field of text there is."""
    moved = Move(who=text, at=AT, before=2, after=1, why=text)
    told = Outcome(state=text, reason=text, owner=text)
    rows = (
        Line(
            position=1,
            cells=(text, text, text),
            origin=Origin(unit=text, words=text),
            flag=text,
            moves=(moved,),
            outcome=told,
        ),
    )
    stamp = Stamp(
        region=text, round_id=text, round_title=text, reference=text, entry=1, at=AT, extract=text
    )
    table = List(
        title=text,
        columns=(
            Column(key="a", title=text),
            Column(key="b", title=text, unverified=True, note=text),
            Column(key="c", title=text, below=True),
        ),
        lines=rows,
        cut=Cut(after=0, words=text),
    )
    minutes = replace(
        extract().minutes,
        body=text,
        present=(Attendance(name=text, role=text),),
        quorum=text,
        decisions=(Decision(number=text, title=text, words=text, reason=text),),
    )
    return [
        CommonList(stamp=stamp, listing=table, lede=text),
        Proposal(stamp=stamp, title=text, summary=(text,), listing=table),
        Extract(stamp=stamp, title=text, minutes=minutes),
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_declares_itself_for_the_archive_and_for_everybody(name: str) -> None:
    """A paper says that it is PDF/A-2a and PDF/UA-1, Swedish, tagged and titled."""
    paper = EXAMPLES[name]()

    pdf = Pdf(make_pdf(paper, at=AT))

    assert "<pdfaid:part>2</pdfaid:part>" in pdf.xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in pdf.xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert "Prioritering inför 2027</rdf:li>" in pdf.xmp
    assert "<xmp:CreateDate>2026-10-22T12:05:00+00:00</xmp:CreateDate>" in pdf.xmp
    assert b"/Lang(sv-SE)" in pdf.catalog
    assert b"/MarkInfo<</Marked true" in pdf.catalog
    assert b"/StructTreeRoot " in pdf.catalog
    assert b"/DisplayDocTitle true" in pdf.catalog


@pytest.mark.parametrize("name", EXAMPLES)
def test_says_what_it_has_always_said(name: str) -> None:
    """The text of each paper, page by page, is the one that was looked at and kept."""
    kept = (HERE / "golden" / f"{name}.txt").read_text("utf-8")

    pdf = Pdf(make_pdf(EXAMPLES[name](), at=AT))

    assert kept == "\f".join(pdf.pages)


def test_tags_its_tables_and_gives_the_chart_words() -> None:
    """Tables have header cells, headings their level, and the chart says its sums."""
    pdf = Pdf(make_pdf(proposal(), at=AT))
    tags = Counter(pdf.tags)

    assert {"Title": 1, "Table": 3, "THead": 3, "Figure": 1, "H1": 4} == {
        tag: tags[tag] for tag in ("Title", "Table", "THead", "Figure", "H1")
    }
    assert 3 + 5 + 6 == tags["TH"]
    assert 2 + 12 == tags["H2"]
    assert [
        "Stapeldiagram. Frigjort 11\u202f470 tkr, satsningar 10\u202f100,5 tkr, kvar"
        " 1\u202f369,5 tkr. Samma belopp står i tabellen som följer."
    ] == pdf.alts


def test_stamps_every_page_and_repeats_the_heading() -> None:
    """Each page of a long list has its columns' titles, its stamp and its number."""
    pdf = Pdf(make_pdf(common_list(60), at=AT))
    stamp = (
        "Region Älvmark, Prioritering inför 2027, dnr\u00a0RS 2026/0412, loggrad\u00a01\u202f204,"
        " tors\u00a022\u00a0okt\u00a02026 kl.\u00a014.05"
    )
    listed = [page for page in pdf.pages if "Motivering:" in page]

    assert len(listed) > 3
    assert [1] * len(pdf.pages) == [page.count(stamp) for page in pdf.pages]
    assert [True] * len(listed) == ["Svårighetsgrad\n" in page for page in listed]
    assert [
        f"Sida {number} av {len(pdf.pages)}" for number in range(1, len(pdf.pages) + 1)
    ] == re.findall(r"Sida \d+ av \d+", pdf.text.replace("\n", ""))


def test_shows_every_line_once_and_in_its_order() -> None:
    """No line is lost or doubled where the list goes over to the next page."""
    rows = tuple(line(n, f"Objekt nummer {n:03}", "x" * n) for n in range(1, 301))
    table = List(
        title="Lista",
        columns=(Column(key="a", title="Objekt"), Column(key="b", title="Ord", below=True)),
        lines=rows,
    )

    pdf = Pdf(make_pdf(CommonList(stamp=STAMP, listing=table), at=AT))

    assert [f"{n:03}" for n in range(1, 301)] == re.findall(r"Objekt nummer (\d+)", pdf.text)


def test_marks_what_nobody_has_checked_wherever_it_shows() -> None:
    """An unverified scale is marked in the heading, the note and the grounds."""
    whole = squeeze(Pdf(make_pdf(common_list(), at=AT)).text)
    grounds = squeeze(Pdf(make_pdf(proposal(), at=AT)).text)

    assert "Patientnyttaokontrolleradskala" in whole
    assert "Patientnytta:okontrolleradskala.Nivåernaärskrivnaurminnet." in whole
    assert 12 == grounds.count("Patientnytta(okontrolleradskala)")


@pytest.mark.parametrize("text", AS_THEY_STAND)
def test_takes_no_text_for_markup(text: str) -> None:
    """Whatever looks like the typesetter's own language comes out as it stands, everywhere."""
    wanted = squeeze(text)

    found = [Pdf(make_pdf(paper, at=AT)).squeezed.count(wanted) for paper in hostile_papers(text)]

    assert [True, True, True] == [count >= 8 for count in found]


@pytest.mark.parametrize("text", BY_THEIR_CODE, ids=lambda text: BY_THEIR_CODE[text])
def test_writes_what_cannot_be_seen_by_its_code(text: str) -> None:
    """An emoji, a control, a sign that turns the writing round: all are seen, none stops it."""
    wanted = squeeze(BY_THEIR_CODE[text])

    found = [Pdf(make_pdf(paper, at=AT)).squeezed.count(wanted) for paper in hostile_papers(text)]

    assert [True, True, True] == [count >= 8 for count in found]


def test_breaks_a_word_of_twenty_thousand_signs() -> None:
    """A text without a space is set whole, over as many pages as it needs."""
    word = "".join(chr(ord("a") + n % 26) for n in range(20_000))
    columns = (Column(key="a", title="Objekt"), Column(key="b", title="Annat"))
    table = List(title="Lista", columns=columns, lines=(line(1, word, "kort"),))

    pdf = Pdf(make_pdf(CommonList(stamp=STAMP, listing=table), at=AT))
    broken = [row for row in pdf.text.split("\n") if re.search(r"[a-z]\u200b[a-z]", row)]

    assert len(pdf.pages) > 2
    assert word == squeeze("".join(broken))
    assert max(map(len, broken)) < 200


@pytest.mark.parametrize(
    "text",
    ["\n" * 20_000, " " * 20_000, "å" * 20_000, "ord " * 5_000, "a-" * 9_000, "😀" * 2_000],
    ids=["rader", "blanksteg", "å", "ord", "bindestreck", "emoji"],
)
def test_sets_any_long_text(text: str) -> None:
    """Twenty thousand signs of any sort make a paper, wherever one may write at length."""
    told = Outcome(state="Avslås", reason=text)
    moved = Move(who="Bo Alm", at=AT, before=2, after=1, why=text)
    row = replace(line(1, text, text), outcome=told, moves=(moved,))
    columns = (Column(key="a", title="Objekt"), Column(key="b", title="Skäl", below=True))
    table = List(title="Lista", columns=columns, lines=(row,))
    decided = replace(
        extract().minutes, decisions=(Decision(number="§ 1", title="A", words=text, reason=text),)
    )
    papers = (
        CommonList(stamp=STAMP, listing=table, lede=text),
        Proposal(stamp=STAMP, title="Förslag", summary=(text,), listing=table),
        Extract(stamp=STAMP, title="Beslut", minutes=decided),
    )

    made = [make_pdf(paper, at=AT) for paper in papers]

    assert [True, True, True] == [one.startswith(b"%PDF-1.7") for one in made]


def test_refuses_a_name_as_long_as_a_page() -> None:
    """Names and titles, which stand at the foot of each page, have a bound."""
    with pytest.raises(BadInput, match="I stämpeln: 401 tecken är för långt"):
        replace(STAMP, region="x" * 401)
    with pytest.raises(BadInput, match="I titeln: 401 tecken är för långt"):
        replace(extract(), title="x" * 401)
    with pytest.raises(BadInput, match="I plats 1: 401 tecken är för långt"):
        replace(common_list().listing, lines=(line(1, *[None] * 8, unit="x" * 401),))


def test_lets_a_long_address_be_copied() -> None:
    """An address on the web is broken over lines without a sign inside it."""
    address = "https://exempel.example/" + "mapp/" * 30
    paper = replace(common_list(), lede=address)

    pdf = Pdf(make_pdf(paper, at=AT))

    assert address in pdf.text.replace("\n", "")


def test_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    """Neither locale, zone, hash seed nor folder shows in a paper."""
    program = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.documents.papers import examples as e\n"
        "from documents.papers.press import make_pdf\n"
        "from documents.papers.workbook import make_xlsx\n"
        "from documents.papers.open_list import make_csv, make_json\n"
        "papers = (e.proposal(), e.extract(), e.common_list(40))\n"
        "made = [make_pdf(paper, at=e.AT) for paper in papers]\n"
        "made += [make(e.listing(40)) for make in (make_xlsx, make_csv, make_json)]\n"
        "print([hashlib.sha256(one).hexdigest() for one in made])\n"
    )
    root = str(HERE.parents[2])
    worlds = (
        {"LANG": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"},
        {"LANG": "tr_TR.UTF-8", "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "77"},
    )

    said = [
        subprocess.run(
            [sys.executable, "-c", program, root],
            env=os.environ | world,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for world, folder in zip(worlds, (root, tmp_path), strict=True)
    ]

    assert said[0] == said[1]
    assert 6 == len(set(re.findall(r"'(\w{64})'", said[0])))


def test_refuses_a_paper_with_two_sums() -> None:
    """What is freed must be the list's own sum; both are named when they differ."""
    paper = proposal()
    assert paper.balance is not None
    first, *rest = paper.balance.freed
    wrong = replace(paper.balance, freed=(replace(first, tkr=5601), *rest))

    with pytest.raises(BadInput, match="det frigjorda är 11471 tkr men listans är 11470 tkr"):
        make_pdf(replace(paper, balance=wrong), at=AT)


def test_refuses_an_investment_that_nothing_pays_for() -> None:
    """A payer must stand in the list."""
    paper = proposal()
    money = replace(
        balance(paper.listing),
        investments=(Investment(title="Team", tkr=1, paid_by=(Payment(position=99),)),),
    )

    with pytest.raises(BadInput, match="I Team: plats 99 ska betala men finns inte i listan"):
        make_pdf(replace(paper, balance=money), at=AT)


def test_refuses_more_lines_than_it_can_set() -> None:
    """A list beyond the limit is refused with what to do instead."""
    columns = (Column(key="a", title="Objekt"),)
    rows = tuple(line(n, "x") for n in range(1, press.MOST_LINES + 2))
    table = List(title="Lista", columns=columns, lines=rows)

    with pytest.raises(BadInput, match="ta den som Excel i stället"):
        make_pdf(CommonList(stamp=STAMP, listing=table), at=AT)


def test_refuses_a_time_without_its_zone() -> None:
    """Neither the stamp nor the time it was made may be without a zone."""
    naive = datetime(2026, 10, 22, 12, 5)  # noqa: DTZ001 (that is what is tried)

    with pytest.raises(BadInput, match="tiden saknar tidszon"):
        make_pdf(extract(), at=naive)
    with pytest.raises(BadInput, match="tiden saknar tidszon"):
        replace(STAMP, at=naive)


@pytest.mark.parametrize(("limit", "least"), [("MEMORY", 1), ("SECONDS", 0.001)])
def test_fails_in_words_alone(limit: str, least: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the memory or the time is not enough, the error says what to do and no more."""
    monkeypatch.setattr(press, limit, least)

    with pytest.raises(Unprintable) as failed:
        make_pdf(common_list(300), at=AT)

    assert failed.value.sv == (
        "Dokumentet gick inte att sätta. Inget har ändrats. Försök igen, och säg till"
        " processledaren om det händer en gång till."
    )


def test_draws_what_is_missing() -> None:
    """Investments beyond what is freed end in a sum that is missing, with a real minus."""
    paper = proposal()
    money = replace(
        balance(paper.listing), investments=(Investment(title="Nytt sjukhus", tkr=2_000_000),)
    )

    pdf = Pdf(make_pdf(replace(paper, balance=money), at=AT))

    assert "Saknas\n−1\u202f988\u202f530\n" in pdf.text
    assert "−2\u202f000\u202f000\n" in pdf.text


def test_sets_an_empty_list() -> None:
    """A list without lines, sums or columns beyond its name is still a paper."""
    table = List(title="Tom", columns=(Column(key="a", title="Objekt"),), lines=())

    pdf = Pdf(make_pdf(CommonList(stamp=STAMP, listing=table), at=AT))

    assert "Listan är tom." in pdf.text
