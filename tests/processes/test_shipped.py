"""Every shipped process checks, carries its source's days, and speaks both languages."""

import re
from pathlib import Path

import pytest

from processes.loader import SHIPPED, examine
from processes.registry import Registry
from processes.source import read_source
from processes.texts import own_texts
from workflow.core.plan import milestone_days
from workflow.core.unbuilt import not_yet

DEFINITIONS = Path(__file__).parents[1] / "definitions"
OUTLINED = sorted(path.parent.name for path in (DEFINITIONS / "outlined").glob("*/process.toml"))
KEYS = [
    "fempunktsprogram",
    "narmare_kronobergaren",
    "prioritering",
    "strategisk_plan",
    "strukturplan",
    "verkstallighetsplan",
]
RUNNING = ["prioritering"]
"""Those that use nothing that waits for a later release."""


@pytest.fixture(scope="module", params=KEYS)
def loaded(request):
    """Each shipped process, examined."""
    return Registry().examine(request.param, year=2026)


@pytest.fixture(scope="module")
def leaflet():
    """The process of the leaflet, examined."""
    return Registry().examine("prioritering", year=2026)


def written_texts(loaded):
    """Give the texts that stand in the files of a process, by path."""
    folder = loaded.path
    waiting = list(
        read_source(folder / "process.toml", folder, [SHIPPED / "gemensamt"]).data.items()
    )
    paths = set()
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{path}.{key}", one) for key, one in value.items()]
        paths.add(path)
    return {path: text for path, text in own_texts(loaded.definition).items() if path in paths}


def test_these_are_shipped():
    """A folder that comes or goes is noticed."""
    assert KEYS == sorted(Registry().keys())


def test_reference_names_each():
    """The page of the processes that come along leaves none out."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "processes.md").read_text("utf-8")

    assert KEYS == sorted(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


# ---- all of them ---------------------------------------------------------------------------


def test_has_no_errors(loaded):
    """Each checks without errors."""
    assert [] == [one for one in loaded.problems if one.severity == "error"]
    assert loaded.revision is not None


def test_warns_of_days_off_alone(loaded):
    """What is told besides is a day off, that the source has or that is counted from it."""
    told = [one.message for one in loaded.problems]

    assert [] == [message for message in told if "working_day_before" not in message]


def test_folder_is_called_by_the_key(loaded):
    """The folder's name is what the process is called everywhere else."""
    assert loaded.definition.key_ == loaded.path.name


def test_has_a_year_of_its_own(loaded):
    """The plan is laid out for the year that the source speaks of."""
    assert loaded.definition.example_year is not None


def test_auditor_reads_everything(loaded):
    """Each has a role that reads everything, and a leader and a registrar."""
    definition = loaded.definition

    assert "all" == definition.role[definition.auditor].sees
    assert definition.leader in definition.role
    assert definition.registrar in definition.role


def test_every_button_tells_what_was_done(loaded):
    """The events say what somebody did in words of their own, not the button's."""
    silent = [
        button.path
        for case in loaded.definition.case.values()
        for state in case.state.values()
        for button in state.transition.values()
        if not button.done
    ]

    assert [] == silent


def test_everything_is_said_in_english(loaded):
    """Every text that a page or a mail can show has an English one."""
    english = loaded.revision.texts["en"]

    assert [] == [path for path in written_texts(loaded) if path not in english]


def test_nothing_is_left_in_swedish(loaded):
    """An English text has none of the Swedish letters."""
    english = loaded.revision.texts["en"]

    assert [] == [path for path, text in english.items() if re.search("[åäÅÄ]", text)]


def test_translations_keep_the_placeholders(loaded):
    """A translated text has the placeholders of its own."""
    own = own_texts(loaded.definition)
    english = loaded.revision.texts["en"]

    def placeholders(text):
        return sorted(re.findall(r"\{[^}]*\}", text))

    assert [] == [
        path for path in english if placeholders(own[path]) != placeholders(english[path])
    ]


def test_mail_texts_stand_in_both_languages(loaded):
    """Who gets a mail text in Swedish can get it in English."""
    names = set(loaded.revision.mail)

    steps = {name.removesuffix(".en") for name in names}
    assert steps
    assert names == steps | {f"{step}.en" for step in steps}


def test_readme_is_there(loaded):
    """The folder explains itself to whoever changes it, and says what was chosen."""
    text = (loaded.path / "README.md").read_text(encoding="utf-8")

    assert "beredning check" in text
    assert re.search(r"tiger|Vad som är val", text)


def test_choices_are_marked_where_they_stand(loaded):
    """Where the source is silent the file says so."""
    text = (loaded.path / "process.toml").read_text(encoding="utf-8").lower()

    assert "källan tiger" in text or "bladet tiger" in text


def test_no_person_is_named(loaded):
    """People are roles here: no address, no telephone, and no two names after each other."""
    files = [path for path in loaded.path.rglob("*") if path.suffix in (".toml", ".md")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    pair = r"\b(?!Landstinget |Region )[A-ZÅÄÖ][a-zåäöé]+ [A-ZÅÄÖ][a-zåäöé]+"

    assert [] == [name for name, text in texts.items() if re.search(r"\S@\S|\d{2} \d\d \d", text)]
    assert [] == [
        found
        for name, text in texts.items()
        if ".en." not in name and name != "en.toml"
        for found in re.findall(pair, text)
    ]


def test_columns_that_hold_people_are_of_the_type(loaded):
    """Who answers for a row is chosen among those who hold a role; nobody is written in."""
    named = ("ansvarig", "agare", "utreds_av")

    assert [] == [
        column.path
        for table in loaded.definition.table.values()
        for column in table.column.values()
        if column.key in named and column.type != "person"
    ]


@pytest.mark.parametrize("key", RUNNING)
def test_uses_only_what_runs(key):
    """Nothing in it waits for a later release."""
    assert [] == not_yet(Registry().examine(key, year=2026).definition)


# ---- the days of the sources -----------------------------------------------------------------

DAYS = {
    ("fempunktsprogram", "", 2011): {"klartecken": "2011-11-17", "samlad": "None"},
    ("narmare_kronobergaren", "", 2017): {
        "faststalld": "2017-11-08",
        "start": "2018-06-30",
        "provning": "None",
        "malar": "2027-12-31",
    },
    ("prioritering", "", 2010): {
        "plan_faststalls": "2008-11-11",
        "styrgrupp": "2008-11-30",
        "uppdrag": "2008-12-03",
        "utbildning": "2009-01-31",
        "grundarbete": "2009-02-28",
        "avstamning": "2009-03-15",
        "redovisning": "2009-03-31",
        "vardering": "2009-04-15",
        "forslag": "2009-04-22",
        "stallningstagande": "2009-05-31",
        "budgetbeslut": "2009-06-30",
    },
    ("strategisk_plan", "", 2009): {
        "faststalls": "2008-11-11",
        "skattehojning": "2009-01-31",
        "planar_1": "2009-12-31",
        "vardgaranti": "2009-12-31",
        "planar_2": "2010-12-31",
        "planar_3": "2011-12-31",
        "planar_4": "2012-12-31",
        "planar_5": "2013-12-31",
        "planar_6": "2014-12-31",
        "planar_7": "2015-12-31",
    },
    ("strukturplan", "", 2015): {
        "uppdrag": "2014-12-01",
        "omvarldsanalys": "2015-02-09",
        "behovsanalys": "2015-02-23",
        "genomlysning": "2015-03-30",
        "oversyn": "2015-03-30",
        "atgarder": "2015-04-20",
        "forslag": "2015-05-11",
        "styrelse": "2015-06-01",
        "fullmaktige": "2015-06-16",
        "balans": "2016-01-01",
        "slut": "2019-12-31",
    },
    ("strukturplan", "del_2", 2015): {
        "uppdrag": "2015-06-16",
        "omvarldsanalys": "2015-08-24",
        "behovsanalys": "2015-08-31",
        "genomlysning": "2015-09-07",
        "oversyn": "2015-09-07",
        "atgarder": "2015-09-28",
        "forslag": "2015-10-19",
        "styrelse": "2015-11-09",
        "fullmaktige": "2015-11-24",
        "balans": "2016-01-01",
        "slut": "2019-12-31",
    },
    ("verkstallighetsplan", "", 2015): {
        "ramar": "2014-11-24",
        "verksamhetsplan": "2014-12-15",
        "planer": "2015-01-30",
        "faststallda": "2015-02-13",
        "tertial_1": "2015-03-31",
        "tertial_2": "2015-08-31",
        "helar": "2015-12-31",
        "patientsakerhet": "2016-03-01",
        "arsredovisning": "2016-04-15",
    },
}
"""By process, plan and the source's year: the last day of each milestone."""


@pytest.mark.parametrize(("key", "plan", "year"), DAYS, ids=str)
def test_days_are_the_sources(key, plan, year):
    """The plan lies on the days that the source gives, misprints mended, and on those chosen."""
    definition = Registry().examine(key, year=2026).definition

    days = milestone_days(definition, plan, year)

    assert year == definition.example_year
    assert DAYS[key, plan, year] == {name: str(last) for name, (_, last) in days.items()}


@pytest.mark.parametrize(
    ("plan", "first", "last"),
    [("", "2015-06-15", "2015-06-16"), ("del_2", "2015-11-23", "2015-11-24")],
)
def test_assembly_meets_for_two_days(plan, first, last):
    """Both parts of the structure plan are decided at meetings of two days."""
    definition = Registry().examine("strukturplan", year=2026).definition

    days = milestone_days(definition, plan, 2015)["fullmaktige"]

    assert (first, last) == tuple(str(day) for day in days)


# ---- the leaflet -----------------------------------------------------------------------------


def test_weekends_are_warnings_that_name_the_days(leaflet):
    """Its four deadlines on days off are told, each with the days it could roll to."""
    assert [
        (
            "milestone.styrgrupp",
            "2008-11-30 är en söndag; working_day_before ger 2008-11-28, "
            "working_day_after 2008-12-01",
        ),
        (
            "milestone.grundarbete",
            "2009-02-28 är en lördag; working_day_before ger 2009-02-27, "
            "working_day_after 2009-03-02",
        ),
        (
            "milestone.avstamning",
            "2009-03-15 är en söndag; working_day_before ger 2009-03-13, "
            "working_day_after 2009-03-16",
        ),
        (
            "milestone.stallningstagande",
            "2009-05-31 är pingstdagen; working_day_before ger 2009-05-29, "
            "working_day_after 2009-06-01",
        ),
    ] == [(one.place, one.message) for one in leaflet.problems]


def test_everyone_of_the_leaflet_is_there(leaflet):
    """Every role and body that the leaflet names has a place in the process."""
    titles = {one.title for one in (*leaflet.definition.role.values(),
                                    *leaflet.definition.body.values())}  # fmt: skip

    assert {
        "Landstingsstyrelsen",
        "Landstingsfullmäktige",
        "Politiska styrgruppen",
        "Ledningsgruppen",
        "Samverkansgruppen",
        "Medicinska kommittén",
        "Styrgrupp",
        "Medicinska grupper",
        "Funktionsansvarig i administrationen",
        "Landstingsdirektör",
        "Medicinsk rådgivare",
        "Driftenhetschef",
        "Verksamhetschef",
        "Förtroendevald",
        "Prioriteringscentrum",
    } <= titles


# ---- the outlined draft ------------------------------------------------------------------------


@pytest.mark.parametrize("name", OUTLINED)
def test_outlined_draft_has_no_errors(name):
    """The outlined process is in the language, and hangs together."""
    loaded = examine(DEFINITIONS / "outlined" / name, year=2026)

    assert [] == [one for one in loaded.problems if one.severity == "error"]
    assert loaded.revision is not None


def test_there_is_one_draft():
    """The other outlines are shipped; this one is wider than what is, and a test bed."""
    assert ["kronoberg_prioritering"] == OUTLINED
