"""The National Model as content: its worksheet, its checks, its suggested rank, real rows."""

import csv
from itertools import product
from pathlib import Path

import pytest

from processes.gemensamt.nationella_modellen import SUGGESTIONS, rang_enligt_modellen
from processes.gemensamt.reference import renewed
from processes.loader import load
from processes.reference import BEGIN, END
from processes.registry import Registry
from workflow.core.checks import Figures, judge
from workflow.core.material import lacking, read_rows
from workflow.core.suggesting import lacking_reasons, suggestions, with_suggestions

DATA = Path(__file__).parent / "data"
PROCESS = """
key = "liten"
title = "Liten"
leader = "chef"
uses = ["nationella_modellen", "nationella_modellen_stod"]
[unit]
region = { title = "Region" }
[role]
chef = { title = "Chef", at = "region" }
[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }
[case.omgang.state.arbete]
title = "Arbete"
by = "chef"
edits = ["objekt"]
transition.klar = { title = "Klar", to = "klar" }
"""
FIGURES = Figures(year=2027)


@pytest.fixture(scope="module")
def definition():
    """The shipped process, which uses the model."""
    return Registry().examine("prioritering", year=2027).definition


@pytest.fixture(scope="module")
def objekt(definition):
    """Its worksheet of priority objects."""
    return definition.table["objekt"]


@pytest.fixture(scope="module")
def aided(tmp_path_factory):
    """A process that uses the model with its suggestion and its checks."""
    folder = tmp_path_factory.mktemp("liten")
    (folder / "process.toml").write_text(PROCESS, encoding="utf-8")
    return load(folder, year=2027).definition


# ---- the suggested rank ----------------------------------------------------------------

SEVERITY = ["mycket_stor", "stor", "mattlig", "liten"]
BENEFIT = ["stor", "mattlig", "liten", "ingen"]
COST = ["lag", "mattlig", "hog", "mycket_hog"]
EVIDENCE = ["starkt", "mattligt", "begransat"]
COLUMNS = {
    "svarighetsgrad": SEVERITY,
    "patientnytta": BENEFIT,
    "kostnad": [*COST, "ej_bedombar"],
    "kunskap": [*EVIDENCE, "otillrackligt"],
}

# Worked out by hand: severity, benefit, then the rank at low, high and very high cost with
# good evidence, and again with limited.
BY_HAND = """
mycket_stor stor     1 2 3    2 3 4
mycket_stor mattlig  2 3 4    3 4 5
mycket_stor liten    3 4 5    4 5 6
stor        stor     3 4 5    4 5 6
stor        mattlig  4 5 6    5 6 7
stor        liten    5 6 7    6 7 8
mattlig     stor     5 6 7    6 7 8
mattlig     mattlig  6 7 8    7 8 9
mattlig     liten    7 8 9    8 9 10
liten       stor     7 8 9    8 9 10
liten       mattlig  8 9 10   9 10 10
liten       liten    9 10 10  10 10 10
"""
GRID = {
    (severity, benefit): ranks
    for severity, benefit, *ranks in (line.split() for line in BY_HAND.split("\n") if line)
}


def _expected(severity, benefit, cost, evidence):
    """Look a rank up in the grid; what stands outside it is said here."""
    if None in (severity, benefit, cost, evidence):
        return None
    if evidence == "otillrackligt":
        return "fou"
    if benefit == "ingen":
        return "10" if evidence == "begransat" else "icke_gora"
    at = {"lag": 0, "mattlig": 0, "ej_bedombar": 0, "hog": 1, "mycket_hog": 2}[cost]
    return GRID[severity, benefit][at + (3 if evidence == "begransat" else 0)]


def _cells(levels):
    return {key: level for key, level in zip(COLUMNS, levels, strict=True) if level is not None}


def test_every_combination_has_the_rank_worked_out_by_hand():
    """All 750 combinations of levels, empty ones counted in, are ranked as the table says."""
    combinations = list(product(*([None, *levels] for levels in COLUMNS.values())))

    found = {one: rang_enligt_modellen(_cells(one)) for one in combinations}

    assert 750 == len(found)
    assert {one: _expected(*one) for one in combinations} == found


@pytest.mark.parametrize(
    ("column", "order"),
    [("svarighetsgrad", SEVERITY), ("patientnytta", BENEFIT), ("kostnad", COST),
     ("kunskap", EVIDENCE)],
)  # fmt: skip
def test_a_worse_judgement_never_ranks_higher(column, order):
    """Less severe, less benefit, dearer or less certain: the same place or a lower one."""
    others = [levels for key, levels in COLUMNS.items() if key != column]
    keys = [key for key in COLUMNS if key != column]

    for levels in product(*others):
        row = dict(zip(keys, levels, strict=True))
        ranks = [rang_enligt_modellen({**row, column: level}) for level in order]
        numbers = [int(rank) for rank in ranks if rank and rank.isdigit()]
        assert sorted(numbers) == numbers, (row, ranks)


def test_step_seven_in_its_own_words():
    """A level from the severity; lowered for less benefit and for high or very high cost."""
    best = ("stor", "lag", "starkt")

    def rank(severity, benefit=best[0], cost=best[1], evidence=best[2]):
        return int(rang_enligt_modellen(_cells((severity, benefit, cost, evidence))))

    for severity in SEVERITY:
        assert rank(severity, "mattlig") > rank(severity)
        assert rank(severity, cost="mattlig") == rank(severity)
        assert rank(severity, cost="ej_bedombar") == rank(severity)
        assert rank(severity, cost="hog") > rank(severity)
        assert rank(severity, cost="mycket_hog") > rank(severity)
        assert rank(severity, evidence="mattligt") == rank(severity)
        assert rank(severity, evidence="begransat") > rank(severity)


@pytest.mark.parametrize("value", ["", None, 3, True, "enorm"])
@pytest.mark.parametrize("column", list(COLUMNS))
def test_what_is_no_level_is_not_judged(column, value):
    """A cell that holds no level of the model gives no suggestion and no crash."""
    row = _cells(("stor", "stor", "lag", "starkt")) | {column: value}

    assert rang_enligt_modellen(row) is None


def test_nothing_else_in_the_row_matters():
    """Type, money, words and the person's own rank do not sway what is suggested."""
    row = _cells(("stor", "stor", "hog", "starkt"))
    more = {"typ": "bortval", "rang": "9", "effekt_tkr": 10**9, "motivering": "x", "volym": 1}

    assert "4" == rang_enligt_modellen(row) == rang_enligt_modellen({**row, **more})


def test_the_function_says_what_it_reads_and_answers(definition):
    """What it declares is what the scales hold, and everything it may answer it does."""
    suggestion = SUGGESTIONS["rang_enligt_modellen"]
    answers = {rang_enligt_modellen(_cells(one)) for one in product(*COLUMNS.values())}

    assert {key: set(definition.scale[key].levels) for key in COLUMNS} == suggestion.reads
    assert set(definition.scale["rang"].levels) == suggestion.gives == answers


def test_the_worksheet_suggests_and_asks_why(aided):
    """Beside the rank stands the model's; another one needs a word of why."""
    objekt = aided.table["objekt"]
    row = {**_cells(("stor", "stor", "hog", "starkt")), "rang": "7"}
    saved = with_suggestions(aided, objekt, row)

    lacking_here = [one.place for one in lacking_reasons(aided, objekt, [(5, saved)])]

    assert {"rang": "4"} == suggestions(aided, objekt, row)
    assert ["objekt.5.rang.reason"] == lacking_here


# ---- the worksheet ---------------------------------------------------------------------


def test_the_model_can_be_used_without_its_aids(tmp_path):
    """A region may take the worksheet and leave the suggestion and the checks."""
    text = PROCESS.replace(', "nationella_modellen_stod"', "")
    (tmp_path / "process.toml").write_text(text, encoding="utf-8")

    table = load(tmp_path, year=2027).definition.table["objekt"]

    assert {} == table.check
    assert [] == [key for key, column in table.column.items() if column.suggest or column.several]


def test_every_column_says_how_to_think(objekt):
    """Each column has a help text with something to go by."""
    assert [] == [key for key, column in objekt.column.items() if not column.help]


def test_helps_are_short_and_speak_plainly(aided):
    """A help text fits beside its field, and ends as a sentence does."""
    objekt = aided.table["objekt"]
    sections = [objekt, *objekt.column.values(), *objekt.check.values()]
    helps = [section.help for section in sections]

    assert [] == [text for text in helps if len(text) > 260 or text[-1] not in ".?”" or "!" in text]


def test_scales_have_a_source_or_say_that_they_have_none(definition):
    """A scale of the model is read somewhere, marked as unverified, or said to be our own."""
    without = {key for key, scale in definition.scale.items() if scale.source is None}
    unverified = {key for key, scale in definition.scale.items() if scale.unverified}

    assert {"patientnytta", "kostnad", "kunskap"} == unverified
    own = without - unverified
    assert {"typ", "forslag", "utfall"} == own
    assert all("egen indelning" in definition.scale[key].help.lower() for key in own)


def _found(rows, definition):
    objekt = definition.table["objekt"]
    numbered = list(enumerate(rows, start=1))
    return [
        (one.check, one.weight, one.rows) for one in judge(definition, objekt, numbered, FIGURES)
    ]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"typ": "bortval", "rang": "4"}, [("typ_och_rang", "warn")]),
        ({"typ": "bortval", "rang": "1"}, [("typ_och_rang", "warn")]),
        ({"typ": "bortval", "rang": "5"}, []),
        ({"typ": "bortval", "rang": "10"}, []),
        ({"typ": "bortval", "rang": "icke_gora"}, []),
        ({"typ": "bortval"}, []),
        ({"typ": "begransning", "rang": "1"}, []),
        ({"typ": "satsning", "rang": "1"}, []),
        ({"volym": 9}, [("liten_grupp", "warn")]),
        ({"volym": 1}, [("liten_grupp", "warn")]),
        ({"volym": 10}, []),
        ({"volym": 0}, []),
        ({"grund": "alder"}, [("etik", "ask")]),
        ({"grund": "social"}, [("etik", "ask")]),
        ({}, []),
    ],
)
def test_checks_look_for_what_went_wrong_before(aided, row, wanted):
    """High priority that is discontinued, few patients and grounds that discriminate are told."""
    found = _found([{}, row], aided)

    assert [(key, weight, (2,)) for key, weight in wanted] == found


# ---- rows that were really written -----------------------------------------------------

TYPES = {"bortval": "bortval", "begränsning": "begransning", "satsning": "satsning",
         "inprioritering": "satsning"}  # fmt: skip
ASKED = ["Svårighetsgrad", "Patientnytta", "Rang", "Motivering", "Ekonomisk effekt (tkr per år)"]
INVESTED = [title for title in ASKED if title != "Motivering"]
# What each row lacks, read by eye from the files: neither of the four has a severity, a
# benefit, a rank, grounds or an amount of its own; some lack condition or measure too.
LACKING = {
    "prio_jamtland_2009.csv": [
        ASKED,
        ["Tillstånd", *ASKED],
        ["Tillstånd", *ASKED],
        ["Tillstånd", "Åtgärd", *INVESTED],
        ["Tillstånd", "Åtgärd", *INVESTED],
        ["Tillstånd", *INVESTED],
    ],
    "prio_ostergotland_2003.csv": [ASKED, ASKED, ASKED, ASKED, ASKED, ["Åtgärd", *ASKED]],
    "prio_ostergotland_2008_forslag.csv": [ASKED],
    "prio_vasterbotten_2008.csv": [
        ["Tillstånd", "Åtgärd", *INVESTED],
        ["Tillstånd", *INVESTED],
        ["Tillstånd", "Åtgärd", *INVESTED],
    ],
}


def _lines(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _as_objekt(line):
    """Put a line of the source into the worksheet's columns."""
    return {
        "tillstand": line["condition"],
        "atgard": line["intervention"],
        "typ": TYPES[line["kind"]],
        "svarighetsgrad": line["severity"],
        "patientnytta": line["benefit"],
        "kostnad": line["cost_effect"],
        "kunskap": line["evidence"],
        "rang": line["rank"],
        "effekt_tkr": line["effect_tkr"],
    }


def test_there_are_sixteen_real_rows_with_their_sources():
    """Every row names the page it is read from."""
    lines = [line for name in LACKING for line in _lines(name)]

    assert sorted(LACKING) == sorted(path.name for path in DATA.glob("prio_*.csv"))
    assert 16 == len(lines)
    assert all(line["source"].startswith("https://") for line in lines)


@pytest.mark.parametrize("name", list(LACKING))
def test_real_rows_are_read_and_what_they_lack_is_asked_for(definition, objekt, name):
    """Each row is taken in as it is, and what its source lacks is asked for by name."""
    lines = _lines(name)

    rows, wrong = read_rows(definition, objekt, [_as_objekt(line) for line in lines])
    asked = [[] for _ in rows]
    for reason in lacking(objekt, rows):
        _, number, _ = reason.place.split(".")
        asked[int(number) - 1].append(reason.here_sv.removesuffix(" saknas."))

    assert () == wrong
    assert LACKING[name] == asked
    assert [(line["condition"], line["intervention"]) for line in lines] == [
        (row.get("tillstand", ""), row.get("atgard", "")) for row in rows
    ]


# ---- the page --------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "national-model.md"


def test_the_page_is_made_from_what_is_shipped():
    """The reference says what the files say, word for word; the command renews it."""
    text = PAGE.read_text(encoding="utf-8")

    assert renewed(text) == text


@pytest.mark.parametrize("marker", [BEGIN, END])
def test_a_page_without_its_place_is_refused(marker):
    """Tables are not written over a page that has no place for them."""
    text = PAGE.read_text(encoding="utf-8").replace(marker, "")

    with pytest.raises(ValueError, match="the page has no"):
        renewed(text)


def test_the_page_has_the_rank_of_every_combination():
    """Whoever looks a combination up on the page finds what the function answers."""
    begin = "## The suggested rank"
    lines = PAGE.read_text(encoding="utf-8").partition(begin)[2].split("\n")
    cells = [[one.strip() for one in line.split("|")[1:-1]] for line in lines if line[:1] == "|"]
    table = [line for line in cells if len(line) == 8][2:]

    expected = [
        _expected(severity, benefit, cost, evidence)
        for severity, benefit in product(SEVERITY, BENEFIT)
        for evidence, cost in product(["starkt", "begransat"], ["lag", "hog", "mycket_hog"])
    ]
    assert expected == [
        {"do not do": "icke_gora"}.get(rank, rank) for line in table for rank in line[2:]
    ]


def test_the_committee_is_told_of_such_grounds(definition):
    """The check on grounds is flagged to those who weigh, row by row, and stops nobody there."""
    weighed = definition.table["kommittelista"]
    rows = [(1, {"grund": "alder,social"}), (2, {}), (3, {"grund": "livsstil"})]

    found = judge(definition, weighed, rows, FIGURES)

    assert [("etik", "warn", (1, 3))] == [(one.check, one.weight, one.rows) for one in found]
