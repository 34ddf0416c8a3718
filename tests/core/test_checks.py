"""Checks are computed exactly, tell what is wrong by how much and where, and never crash."""

import tomllib
from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.definitions import HEAD, case_of
from workflow.core.checks import Figures, Finding, judge, objections
from workflow.core.columns import of_year
from workflow.core.definition import Definition
from workflow.core.errors import Placed

FRAME = """
[scale.typ]
title = "Typ"
levels = { bort = "Bort", mer = "Mer" }
[table.ram]
title = "Ramar"
column.belopp = { title = "Ram", type = "tkr" }
column.arsvis = { title = "Årsram", type = "tkr", years = ["{year}", "{year+1}"] }
[table.rader]
title = "Rader"
column.typ = { title = "Typ", type = "typ" }
column.tkr = { title = "Effekt", type = "tkr" }
column.andel = { title = "Andel", type = "percent" }
column.tal = { title = "Tal", type = "number" }
column.fritt = { title = "Fritt", type_from = "typ" }
column.arsvis = { title = "Belopp", type = "tkr", years = ["{year}", "{year+2}"] }
[table.lista]
title = "Lista"
from = "rader"
column.plats = { title = "Plats", type = "integer" }
""" + case_of('state.a = { title = "A", transition.b = { title = "B", to = "klar" } }')
FIGURES = Figures(
    year=2027,
    unit="Röntgen",
    facts={"budget_tkr": 10_000, "under": -10_000, "rest": "0.3", "tom": 0},
    totals={"ram.belopp": 500, "ram.arsvis.2027": 100, "ram.arsvis.2028": 200, "ram.arsvis": 300},
)
NBSP = "\N{NO-BREAK SPACE}"


def definition_with(check, table="rader"):
    """Give a definition whose table has one check, of the key `prov`."""
    data = tomllib.loads(HEAD + FRAME)
    data["table"][table]["check"] = {"prov": {"title": "Prov", **check}}
    return Definition.model_validate(data)


def found(check, rows, *, figures=FIGURES, reasons=None, table="rader"):
    """Judge rows, numbered from 1 unless they are pairs."""
    definition = definition_with(check, table)
    pairs = [row if isinstance(row, tuple) else (n, row) for n, row in enumerate(rows, start=1)]
    return judge(definition, definition.table[table], pairs, figures, reasons or {})


def said(check, rows, **more):
    """Give the Swedish sentences, with plain spaces."""
    return [one.sv.replace(NBSP, " ") for one in found(check, rows, **more)]


def said_en(check, rows, **more):
    """Give the English sentences, with plain spaces."""
    return [one.en.replace(NBSP, " ") for one in found(check, rows, **more)]


TKR = [{"tkr": 1200}, {"typ": "bort"}, {"tkr": -200, "typ": "bort"}, {"tkr": 500, "typ": "mer"}]
ALL = "Rad 1, 3 och 4."
DO = "Ändra så att det stämmer."


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        # ---- sums
        ({"sum": "tkr", "at_least": 1500}, []),
        ({"sum": "tkr", "at_most": 1500}, []),
        ({"sum": "tkr", "equals": 1500}, []),
        (
            {"sum": "tkr", "at_least": 1501},
            [f"Prov: Effekt är 1 500 tkr, minst 1 501 tkr behövs, 1 tkr fattas. {ALL} {DO}"],
        ),
        (
            {"sum": "tkr", "at_most": 1499},
            [f"Prov: Effekt är 1 500 tkr, högst 1 499 tkr går, 1 tkr för mycket. {ALL} {DO}"],
        ),
        ({"sum": "tkr", "equals": 1498, "tolerance": 2}, []),
        ({"sum": "tkr", "equals": 1502, "tolerance": 2}, []),
        (
            {"sum": "tkr", "equals": 1497, "tolerance": 2},
            [f"Prov: Effekt är 1 500 tkr, det ska vara 1 497 tkr, 3 tkr skiljer. {ALL} {DO}"],
        ),
        (
            {"sum": "tkr", "where": {"typ": "bort"}, "at_least": 0},
            [f"Prov: Effekt är −200 tkr, minst 0 tkr behövs, 200 tkr fattas. Rad 3. {DO}"],
        ),
        (
            {"sum": "andel", "at_least": 2.5},
            [f"Prov: Andel är 0 %, minst 2,5 % behövs, 2,5 % fattas. Ingen rad räknas in. {DO}"],
        ),
        # ---- against other figures
        ({"sum": "tkr", "at_least": "ram.belopp"}, []),
        (
            {"sum": "tkr", "at_most": "ram.belopp"},
            [f"Prov: Effekt är 1 500 tkr, högst 500 tkr går, 1 000 tkr för mycket. {ALL} {DO}"],
        ),
        ({"sum": "tkr", "at_most": "unit.budget_tkr"}, []),
        ({"sum": "tkr", "equals": "rader.tkr"}, []),
        (
            {"sum": "tkr", "where": {"typ": "mer"}, "at_least": "rader.tkr"},
            [f"Prov: Effekt är 500 tkr, minst 1 500 tkr behövs, 1 000 tkr fattas. Rad 4. {DO}"],
        ),
        # ---- shares, in per cent
        ({"share": "tkr", "of": "unit.budget_tkr", "at_least": 15, "at_most": 15}, []),
        (
            {"share": "tkr", "of": "unit.budget_tkr", "at_most": 4},
            [f"Prov: Effekt är 15 %, högst 4 % går, 11 procentenheter för mycket. {ALL} {DO}"],
        ),
        (
            {"share": "tkr", "of": "rader.tkr", "where": {"typ": "mer"}, "at_least": 50},
            [
                "Prov: Effekt är 33,33 %, minst 50 % behövs, 16,67 procentenheter fattas. "
                f"Rad 4. {DO}"
            ],
        ),
        ({"share": "tkr", "of": "unit.under", "at_least": -15, "at_most": -15}, []),
        # ---- counts
        ({"count": True, "at_least": 4, "at_most": 4}, []),
        (
            {"count": True, "where": {"typ": "bort"}, "at_most": 0},
            [f"Prov: det är 2 rader, högst 0 rader går, 2 rader för mycket. Rad 2 och 3. {DO}"],
        ),
        (
            {"count": True, "where": {"typ": "mer"}, "at_least": 2},
            [f"Prov: det är 1 rad, minst 2 rader behövs, 1 rad fattas. Rad 4. {DO}"],
        ),
        ({"count": True, "where": {"tkr": "1 to 9"}, "at_most": 0}, []),
    ],
)
def test_what_is_wrong_is_said(check, wanted):
    """A check that holds says nothing; one that does not says by how much, and which rows."""
    assert wanted == said(check, TKR)


def test_it_is_said_in_english_too():
    """The English sentence has English numbers."""
    check = {"sum": "tkr", "at_most": 1499.5, "otherwise": "ask"}

    assert [
        "Prov: Effekt is 1,500 tkr, at most 1,499.5 tkr will do, 0.5 tkr too much. "
        "Rows 1, 3 and 4. Change it, or write why it should be so."
    ] == said_en(check, TKR)
    assert ["Prov: there is 1 row, at most 0 rows will do, 1 row too much. Row 1. "
            "See whether it is right."] == said_en(
        {"count": True, "at_most": 0, "otherwise": "warn"}, [{"typ": "mer"}]
    )  # fmt: skip


def test_two_demands_that_fail_are_one_finding():
    """A check is one finding however many of its demands fail."""
    check = {"sum": "tkr", "at_most": 1000, "equals": 900}

    (only,) = found(check, TKR)

    assert "högst 1" in only.sv
    assert ", och Effekt är 1" in only.sv


@pytest.mark.parametrize("cell", [None, True, "bort", "1/3", "1e3", "", "٣"])
def test_what_is_no_number_is_not_there(cell):
    """An empty cell, and words in a column whose type the row decides, are not added up."""
    rows = [{"fritt": cell}, {"fritt": "2.5"}, {"fritt": 1}]

    (only,) = found({"sum": "fritt", "at_least": 100}, rows)

    assert "Fritt är 3,5," in only.sv
    assert (2, 3) == only.rows


def test_rows_are_told_by_the_numbers_they_keep():
    """The numbers are the sheet's own, not places on the page; many are counted."""
    rows = [(7, {"typ": "bort"}), (40, {}), (3, {"typ": "bort"})]
    many = [(100 + n, {"typ": "bort"}) for n in range(13)]
    check = {"count": True, "where": {"typ": "bort"}, "at_most": 0}

    assert (7, 3) == found(check, rows)[0].rows
    assert "Rad 7 och 3." in found(check, rows)[0].sv
    assert "Rad 100, 101, 102, 103, 104, 105, 106, 107, 108, 109 och 3 till." in (
        found(check, many)[0].sv
    )
    assert tuple(range(100, 113)) == found(check, many)[0].rows


def test_a_column_with_years_is_judged_year_by_year():
    """Every year between the first and the last has to hold, also one that is empty."""
    rows = [{"arsvis.2027": 80, "arsvis.2029": 40}, {"arsvis.2027": 30, "arsvis": 1_000_000}]

    sentences = said({"sum": "arsvis", "at_least": 100}, rows)

    assert [
        f"Prov (2028): Belopp är 0 tkr, minst 100 tkr behövs, 100 tkr fattas. "
        f"Ingen rad räknas in. {DO}",
        f"Prov (2029): Belopp är 40 tkr, minst 100 tkr behövs, 60 tkr fattas. Rad 1. {DO}",
    ] == sentences
    assert "arsvis.2027" == of_year("arsvis", 2027)


def test_years_are_compared_with_the_same_year():
    """A figure with years answers for the year at hand, and where it has none, for all."""
    rows = [{"arsvis.2027": 101, "arsvis.2028": 150, "arsvis.2029": 400}]

    sentences = said({"sum": "arsvis", "at_most": "ram.arsvis"}, rows)

    assert [
        f"Prov (2027): Belopp är 101 tkr, högst 100 tkr går, 1 tkr för mycket. Rad 1. {DO}",
        f"Prov (2029): Belopp är 400 tkr, högst 300 tkr går, 100 tkr för mycket. Rad 1. {DO}",
    ] == sentences


def test_own_column_with_years_is_added_up_over_them():
    """A sum over one year's value is compared with all years of a column of its own table."""
    rows = [{"tkr": 100, "arsvis.2027": 40, "arsvis.2028": 50, "arsvis.2029": 11}]

    assert [] == said({"sum": "tkr", "at_most": "rader.arsvis"}, rows)
    assert 1 == len(said({"sum": "tkr", "at_least": "rader.arsvis"}, rows))
    assert [] == said({"sum": "arsvis", "equals": "rader.arsvis"}, rows)


def test_a_compiled_table_is_judged_by_its_sources_columns():
    """The rows of a compiled table have the source's cells; its checks may name them."""
    assert 1 == len(found({"sum": "tkr", "at_least": 2000}, TKR, table="lista"))
    assert () == found({"sum": "tkr", "at_least": 1500}, TKR, table="lista")


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ({"share": "tkr", "of": "unit.budget", "at_most": 4}, "budget saknas för Röntgen"),
        ({"share": "tkr", "of": "unit.tom", "at_most": 4}, "unit.tom är 0"),
        ({"share": "tkr", "of": "lista.plats", "at_most": 4}, "Plats saknas i Lista"),
        ({"sum": "tkr", "at_most": "lista.plats"}, "Plats saknas i Lista"),
        ({"sum": "tkr", "at_most": "unit.budget"}, "budget saknas för Röntgen"),
    ],
)
@pytest.mark.parametrize("otherwise", ["refuse", "ask", "warn"])
def test_what_cannot_be_measured_is_told_as_a_warning(check, wanted, otherwise):
    """A figure that nobody has imported stops no one, and is not passed over in silence."""
    (only,) = found({**check, "otherwise": otherwise}, TKR)

    assert f"Prov: går inte att räkna ut, för {wanted}. Säg till processledaren." == only.sv
    assert "warn" == only.weight
    assert not only.stops


def test_a_unit_without_a_name_is_the_unit():
    """Where the caller names no unit the sentence still reads."""
    figures = Figures(year=2027)

    assert (
        "budget saknas för enheten"
        in (said({"share": "tkr", "of": "unit.budget", "at_most": 4}, TKR, figures=figures)[0])
    )


@pytest.mark.parametrize(
    ("otherwise", "reasons", "stops"),
    [
        ("refuse", {}, True),
        ("refuse", {"prov": "Skäl."}, True),
        ("ask", {}, True),
        ("ask", {"prov": "  "}, True),
        ("ask", {"annan": "Skäl."}, True),
        ("ask", {"prov": "Skäl."}, False),
        ("warn", {}, False),
    ],
)
def test_weight_and_reason_decide_whether_it_stops(otherwise, reasons, stops):
    """Refuse stops always, ask until a reason is written, warn never."""
    check = {"count": True, "at_most": 0, "otherwise": otherwise}
    definition = definition_with(check)
    table = definition.table["rader"]

    (only,) = found(check, TKR, reasons=reasons)
    placed = list(objections(table, [only]))

    assert (otherwise, stops) == (only.weight, only.stops)
    assert stops == bool(placed)
    assert (reasons.get("prov", "").strip() or None) == only.reason


def test_an_objection_has_its_place():
    """What stops is a reason at the check's place, as everything that a table lacks."""
    check = {"count": True, "at_most": 3}
    table = definition_with(check).table["rader"]

    (only,) = objections(table, found(check, TKR))

    here = f"Prov: det är 4 rader, högst 3 rader går, 1 rad för mycket. Rad 1, 2, 3 och 4. {DO}"
    assert isinstance(only, Placed)
    assert ("check", "rader.prov") == (only.code, only.place)
    assert here == only.here("sv")
    assert f"Rader: {here}" == only.sv
    assert only.en.startswith("Rader: Prov: there are 4 rows, at most 3 rows")


def test_a_given_reason_leaves_out_what_to_do():
    """Who has written why is not told to do it again."""
    check = {"count": True, "at_most": 0, "otherwise": "ask"}

    assert said(check, TKR)[0].endswith(" Ändra, eller skriv varför det ska vara så.")
    assert said(check, TKR, reasons={"prov": "Skäl."})[0].endswith(" Rad 1, 2, 3 och 4.")


def test_titles_speak_of_their_year_and_unit():
    """Placeholders in a title are replaced."""
    check = {"title": "{unit} till {year+4}", "count": True, "at_most": 0}

    assert "Röntgen till 2031" == found(check, TKR)[0].title


def test_checks_are_told_in_the_order_of_the_file():
    """Findings come check by check as they are written."""
    data = tomllib.loads(HEAD + FRAME)
    data["table"]["rader"]["check"] = {
        key: {"title": key, "count": True, "at_most": 0} for key in ("zeta", "alfa", "mitt")
    }
    definition = Definition.model_validate(data)

    findings = judge(definition, definition.table["rader"], [(1, {})], FIGURES)

    assert ["zeta", "alfa", "mitt"] == [one.check for one in findings]


def test_no_sum_is_rounded():
    """Numbers with fifteen decimals beside great ones add up to the last digit."""
    rows = [{"tal": "1000000000000000"}, {"tal": "0.000000000000001"}]

    assert () == found({"sum": "tal", "at_least": 10**15}, rows)
    (only,) = found({"sum": "tal", "at_most": 10**15}, rows)
    assert "0,000000000000001 för mycket" in only.sv


def test_a_share_never_reads_as_if_it_held():
    """A share just below or above its demand is rounded away from it."""
    facts = Figures(year=2027, facts={"b": 3_000_000})
    share = {"share": "tkr", "of": "unit.b"}

    under = said({**share, "at_least": 10}, [{"tkr": 299_999}], figures=facts)
    over = said({**share, "at_most": 10}, [{"tkr": 300_001}], figures=facts)

    assert "är 9,99 %, minst 10 % behövs, 0,01 procentenheter fattas" in under[0]
    assert "är 10,01 %, högst 10 % går, 0,01 procentenheter för mycket" in over[0]


# ---- against an oracle of its own ------------------------------------------------------

CELLS = st.fixed_dictionaries(
    {},
    optional={
        "typ": st.sampled_from(["bort", "mer"]),
        "tal": st.decimals(-50, 50, places=2).map(lambda one: format(one, "f")),
        "tkr": st.integers(-50, 50),
    },
)
WHERE = st.sampled_from([{}, {"typ": "bort"}, {"typ": ["bort", "mer"]}, {"tkr": "-5 to 500"}])
LIMIT = st.decimals(-120, 120, places=2).map(float) | st.integers(-3, 3)


def _oracle(check, rows):
    """Say whether a check holds and which rows it measures, with plain decimals."""
    with localcontext(prec=80):
        measured = Decimal(0)
        numbers = []
        for number, row in rows:
            where = check.get("where", {})
            if "typ" in where and row.get("typ") not in [where["typ"], *where["typ"]]:
                continue
            if "tkr" in where and not ("tkr" in row and -5 <= row["tkr"] <= 500):
                continue
            name = check.get("sum") or check.get("share")
            if name is None:
                measured += 1
            elif name in row:
                measured += Decimal(row[name])
            else:
                continue
            numbers.append(number)
        factor = Decimal(check["whole"]) / 100 if "share" in check else Decimal(1)
        scale = 1 if factor > 0 else -1
        holds = True
        if "at_least" in check:
            holds &= (measured - Decimal(str(check["at_least"])) * factor) * scale >= 0
        if "at_most" in check:
            holds &= (measured - Decimal(str(check["at_most"])) * factor) * scale <= 0
        if "equals" in check:
            apart = abs(measured - Decimal(str(check["equals"])) * factor)
            holds &= apart <= Decimal(str(check["tolerance"])) * abs(factor)
        return holds, tuple(numbers)


MEASURE = st.sampled_from([{"sum": "tkr"}, {"sum": "tal"}, {"count": True}, {"share": "tal"}])
WORDS = st.sampled_from(["at_least", "at_most", "equals"])
DEMANDS = st.builds(
    lambda tolerance, demands: {"tolerance": tolerance, **demands},
    st.decimals(0, 200, places=2).map(float),
    st.dictionaries(WORDS, LIMIT, min_size=1),
)


@given(
    rows=st.lists(CELLS, max_size=8),
    measure=MEASURE,
    where=WHERE,
    whole=st.integers(-100, -1) | st.integers(1, 100),
    demands=DEMANDS,
)
@example(
    [{"tal": "0.1"}, {"tal": "0.2"}],
    {"sum": "tal"},
    {},
    1,
    {"at_least": 0.3, "at_most": 0.3, "equals": 0.3, "tolerance": 0},
)
def test_judges_as_plain_decimals_do(rows, measure, where, whole, demands):
    """A check fails exactly when a sum by hand says so, and names the rows that count."""
    check = {**demands, **measure, "where": where}
    numbered = [(2 * n + 3, row) for n, row in enumerate(rows)]
    figures = Figures(year=2027, facts={"b": whole})
    of = {"of": "unit.b"} if "share" in measure else {}

    findings = found({**check, **of}, numbered, figures=figures)

    holds, counted = _oracle({**check, "whole": whole}, numbered)
    assert holds == (findings == ())
    assert all(isinstance(one, Finding) and counted == one.rows for one in findings)


@given(rows=st.lists(CELLS, max_size=8), seed=st.randoms(use_true_random=False))
def test_order_of_rows_decides_nothing_but_the_order_told(rows, seed):
    """The same rows in another order are judged alike."""
    numbered = [(n, row) for n, row in enumerate(rows, start=1)]
    other = list(numbered)
    seed.shuffle(other)
    check = {"sum": "tal", "where": {"typ": "bort"}, "at_most": 0}

    one, two = found(check, numbered), found(check, other)

    assert len(one) == len(two)
    assert [sorted(f.rows) for f in one] == [sorted(f.rows) for f in two]
