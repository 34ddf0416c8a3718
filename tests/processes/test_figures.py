"""The figures that the sources print fit the tables of the shipped processes."""

import csv
import re
from pathlib import Path

import pytest

from processes.registry import Registry
from workflow.core.checks import Figures, judge
from workflow.core.columns import of_year, type_in
from workflow.core.material import lacking, read_cell, read_rows

DATA = Path(__file__).parent / "data"
KINDS = {
    "ja/nej": "yes_no",
    "antal": "integer",
    "procent": "percent",
    "index": "number",
    "": "text",
}
AREAS = {"1": "vard", "2": "miljo", "3": "ekonomi", "4": "medarbetare"}
YEARS = (2014, 2015, 2016, 2017)
POSTS = ("intakter", "personal", "drift", "avskrivningar")


def definition_of(key):
    """Give a shipped process."""
    return Registry().examine(key, year=2026).definition


def read_csv(name):
    """Read a file of the sources' figures."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- goals and indicators ----------------------------------------------------------------------


def occasions_of(reporting):
    """Give the milestones at which the source reports a goal.

    The source writes the year's accounts in three ways: årsredovisning, helårsbokslut, and
    delår- och helårsbokslut. One goal has no word of it.
    """
    found = []
    if "mars" in reporting:
        found.append("tertial_1")
    if "augusti" in reporting or "delår" in reporting:
        found.append("tertial_2")
    if re.search("årsredovisning|[Hh]elårsbokslut", reporting):
        found.append("helar")
    if "Patientsäkerhetsberättelse" in reporting:
        found.append("patientsakerhet")
    return found


def goal_of(line):
    """Give a goal of the source as somebody writes it in the plan."""
    kind, target, baseline = KINDS[line["measure_type"]], line["target"], line["baseline"]
    row = {
        "malomrade": AREAS[line["objective"][0]],
        "mal": line["goal"],
        "mattyp": kind,
        "matt": line["measure"],
        "rapporteras": ",".join(occasions_of(line["reporting"])),
        "kalla": line["reporting"],
    }
    if kind not in ("yes_no", "text"):
        low = target.lower()
        row["riktning"] = (
            "minst" if low.startswith("minst") else "hogst" if "högst" in low else "exakt"
        )
        target = re.sub(r"[^0-9,]", "", target)
    row["malvarde"] = target.lower()
    for year, value in re.findall(r"(20\d\d): ([0-9,]+)", baseline):
        row[of_year("ingang", int(year))] = value
    if "20" not in baseline:
        row["ingang_text"] = baseline
    return {key: value for key, value in row.items() if value}


@pytest.fixture(scope="module")
def plan():
    """The process of goals and frames."""
    return definition_of("verkstallighetsplan")


@pytest.fixture(scope="module")
def goals(plan):
    """The 42 goals, read."""
    rows, wrong = read_rows(
        plan, plan.table["mal"], map(goal_of, read_csv("goals_blekinge_2015.csv"))
    )
    assert () == wrong
    return rows


def test_all_goals_are_there(goals):
    """42 goals, by kind of indicator as the source has them."""
    kinds = [row["mattyp"] for row in goals]

    assert {"yes_no": 25, "percent": 8, "integer": 5, "number": 1, "text": 3} == {
        kind: kinds.count(kind) for kind in set(kinds)
    }


def test_values_are_of_the_rows_type(plan, goals):
    """Each target and each baseline can be read as what its row says that it is."""
    table = plan.table["mal"]
    for row in goals:
        for key, cell in row.items():
            column = table.column[key.partition(".")[0]]
            if column.type_from is None:
                continue
            typed = column.model_copy(
                update={"type": type_in(column, row), "type_from": None, "years": None}
            )

            assert read_cell(plan, typed, cell) is not None


def test_only_the_reporting_is_missing(plan, goals):
    """The plan could be handed in but for one goal, whose reporting the source leaves out."""
    missing = [one.place for one in lacking(plan.table["mal"], goals, 2015)]

    assert ["mal.39.rapporteras"] == missing


def test_each_occasion_has_its_goals(goals):
    """At each of the four occasions just those goals that the source reports then."""
    found = {}
    for row in goals:
        for occasion in str(row.get("rapporteras", "")).split(","):
            found[occasion] = found.get(occasion, 0) + 1

    expected = {}
    for line in read_csv("goals_blekinge_2015.csv"):
        for occasion in occasions_of(line["reporting"]) or [""]:
            expected[occasion] = expected.get(occasion, 0) + 1
    assert expected == found
    assert (3, 3, 1) == (found["tertial_1"], found["patientsakerhet"], found[""])


def test_baselines_of_two_years_are_kept(goals):
    """What the source has for 2012 and 2013 stands at its year."""
    (row,) = [row for row in goals if row.get("matt") == "Andel chefer med dokumenterad plan"]

    assert ("63.6", "40") == (str(row["ingang.2012"]).replace(",", "."), str(row["ingang.2013"]))


# ---- the budget whose sums do not add up ---------------------------------------------------------


def budget(sign=1):
    """Give the source's rows of the budget, with its sign for income or the other."""
    lines = read_csv("budget_blekinge_stab_2014_2017_tkr.csv")
    rows = [
        {of_year("belopp", year): int(line[str(year)] or 0) for year in YEARS} for line in lines
    ]
    rows[0] = {key: sign * value for key, value in rows[0].items()}
    return list(enumerate(rows[:4], start=1)), rows[4]


def judged(plan, sign):
    """Judge the source's budget against its own sums."""
    rows, sums = budget(sign)
    figures = Figures(year=2015, totals={f"ram.{key}": value for key, value in sums.items()})
    return judge(plan, plan.table["budget"], rows, figures)


def test_budget_has_the_sources_posts(plan):
    """The fixed rows are the source's four, in its order."""
    titles = [line["post"] for line in read_csv("budget_blekinge_stab_2014_2017_tkr.csv")][:4]

    assert titles == list(plan.table["budget"].rows.values())
    assert POSTS == tuple(plan.table["budget"].rows)


def test_budget_as_printed_is_within_one_thousand(plan):
    """Three of four sums are wrong by one, and that is tolerated."""
    rows, sums = budget()

    apart = [sum(row[key] for _, row in rows) - sums[key] for key in sums]
    assert [0, 1, -1, 1] == apart
    assert () == judged(plan, 1)


def test_budget_with_income_drawn_off_asks_why(plan):
    """With a minus before income three years are wrong by much, and somebody writes why."""
    found = judged(plan, -1)

    assert ["ask", "ask", "ask"] == [one.weight for one in found]
    assert all(one.stops for one in found)


def test_two_thousand_apart_is_asked_about(plan):
    """The tolerance is one thousand, not more: of frames two above, two years are further off."""
    rows, sums = budget()
    totals = {f"ram.{key}": value + 2 for key, value in sums.items()}

    found = judge(plan, plan.table["budget"], rows, Figures(year=2015, totals=totals))

    assert ["2014", "2016"] == [re.findall(r"\((20\d\d)\)", one.sv)[0] for one in found]


@pytest.mark.parametrize(
    ("cells", "warned"),
    [
        ({"prognos": 95293, "budget": 95293, "nettokostnad": "2.5", "personal": "2.8"}, []),
        ({"prognos": 95294, "budget": 95293, "nettokostnad": "2.5", "personal": "2.8"}, ["ryms"]),
        (
            {"prognos": 1, "budget": 2, "nettokostnad": "2.6", "personal": "2.9"},
            ["netto", "kostnad"],
        ),
    ],
)
def test_economy_warns_at_the_sources_limits(plan, cells, warned):
    """Forecast above the budget, net cost above 2.5 and staff cost above 2.8 per cent."""
    found = judge(plan, plan.table["ekonomi"], [(1, cells)], Figures(year=2015))

    assert warned == [one.check for one in found]
    assert not any(one.stops for one in found)


# ---- measures and their effect -------------------------------------------------------------------


def measure(whole, years, **more):
    """Give a measure with its effect year by year."""
    effect = {of_year("effekt", 2015 + at): value for at, value in enumerate(years)}
    return {"effekt_hela": whole, **effect, **more}


def test_years_together_are_the_whole_effect():
    """The effect to the plan's end is what the years add up to, or somebody writes why not."""
    definition = definition_of("strukturplan")
    table, figures = definition.table["forslag"], Figures(year=2015)

    right = judge(definition, table, [(1, measure(150, [10, 20, 30, 40, 50]))], figures)
    wrong = judge(definition, table, [(1, measure(151, [10, 20, 30, 40, 50]))], figures)

    assert () == right
    assert [("arens", True)] == [(one.check, one.stops) for one in wrong]


@pytest.mark.parametrize(
    ("effects", "asked"),
    [
        ([(700000, "yes")], False),
        ([(699999, "yes")], True),
        ([(400000, "yes"), (300001, "yes")], False),
        ([(400000, "yes"), (300001, "no")], True),
    ],
)
def test_seven_hundred_millions_are_asked_about(effects, asked):
    """Just over 700 million to and including 2019, of the measures that are in the plan."""
    definition = definition_of("strukturplan")
    rows = [
        (at, {"effekt_hela": effect, "med": is_in == "yes"})
        for at, (effect, is_in) in enumerate(effects, start=1)
    ]

    found = judge(definition, definition.table["atgarder"], rows, Figures(year=2015))

    assert asked == ("mal" in [one.check for one in found])


def test_effect_runs_to_2019():
    """A measure has an effect for each of the plan's five years."""
    column = definition_of("strukturplan").table["forslag"].column["effekt"]

    assert ("{year}", "{year+4}") == column.years


@pytest.mark.parametrize("kind", ["omvarldsanalys", "behovsanalys", "genomlysning", "oversyn"])
def test_each_document_has_an_owner_and_a_day(kind):
    """The four documents are owed by somebody, by a milestone of their own, as a file."""
    definition = definition_of("strukturplan")
    state = definition.case[kind].state["arbete"]

    assert state.by
    assert kind == str(state.due)
    assert "file" == definition.table["dokument"].column["fil"].type
    assert ("dokument",) == state.edits
    assert kind in definition.case["plan"].state["framtagande"].opens


def test_consequences_are_those_that_the_source_names():
    """Distance, service, waiting, self-care, staffing and competence follow to the decision."""
    definition = definition_of("strukturplan")
    named = {"avstand", "service", "vantetid", "egenvard", "bemanning", "kompetens"}

    assert named <= set(definition.table["forslag"].column)
    assert ("atgarder", "forslag") == definition.chain("beslut")


# ---- the others ----------------------------------------------------------------------------------


def test_no_last_day_but_the_go_ahead():
    """The mandate has one day; nothing under it is due at another that the source does not have."""
    definition = definition_of("fempunktsprogram")

    assert {"klartecken", "samlad"} == set(definition.milestone)
    assert definition.case["program"].state["genomforande"].due is None


def test_poll_is_secret():
    """Each manager answers alone, and nobody can tell who answered what."""
    table = definition_of("fempunktsprogram").table["stod"]

    assert (True, "chef") == (table.secret, table.each)


def test_resource_group_is_outside_people():
    """Some twenty, with limited accounts, and asked as one of those consulted."""
    definition = definition_of("narmare_kronobergaren")
    member = definition.role["medlem"]

    assert (True, 20, "own") == (member.external, member.holders, member.sees)
    assert "resursgrupp" in definition.case["remissvar"].choose


def test_strategy_has_four_directions():
    """Two visions and four directions, as the source has them."""
    definition = definition_of("narmare_kronobergaren")

    assert 4 == len(definition.scale["inriktning"].levels)
    assert ["Nära vård", "Nära individen"] == list(definition.table["malbild"].rows.values())


def test_frame_has_four_parts():
    """The plan's four parts are its fixed rows, and each is a kind of case."""
    definition = definition_of("strategisk_plan")

    assert [
        "Vardagsrationaliseringar",
        "Strukturförändring",
        "Finansiering",
        "Prioriteringar",
    ] == list(definition.table["delomraden"].rows.values())
    started = definition.case["plan"].state["galler"].starts
    assert {"rationalisering", "strukturforandring", "finansiering", "prioriteringar"} < set(
        started
    )


def test_everyday_improvements_have_no_dates():
    """They are opened by whoever leads a unit, and nothing in them is due."""
    case = definition_of("strategisk_plan").case["rationalisering"]

    assert ("driftenhetschef", "verksamhetschef") == case.opened_by
    assert [None, None, None] == [state.due for state in case.state.values()]


def test_one_organisation_does_for_plan_and_priorities():
    """Frame and rounds have the same kinds of unit, so that one import serves both."""
    frame, rounds = definition_of("strategisk_plan"), definition_of("prioritering")

    assert {key: one.under for key, one in frame.unit.items()} == {
        key: one.under for key, one in rounds.unit.items()
    }
    assert set(frame.body) <= set(rounds.body)
