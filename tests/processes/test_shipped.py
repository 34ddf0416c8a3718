"""The shipped process carries the leaflet, runs in this release, and speaks both languages."""

import re
from pathlib import Path

import pytest

from processes.loader import SHIPPED, examine
from processes.registry import Registry
from processes.texts import own_texts
from workflow.core.plan import milestone_days
from workflow.core.unbuilt import not_yet

DEFINITIONS = Path(__file__).parents[1] / "definitions"
OUTLINED = sorted(path.parent.name for path in (DEFINITIONS / "outlined").glob("*/process.toml"))


@pytest.fixture(scope="module")
def loaded():
    """The shipped process, examined."""
    return Registry().examine("prioritering", year=2026)


def test_has_no_errors(loaded):
    """The shipped process checks without errors."""
    assert [] == [one for one in loaded.problems if one.severity == "error"]


def test_weekends_are_warnings_that_name_the_days(loaded):
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
    ] == [(one.place, one.message) for one in loaded.problems]


def test_uses_only_what_runs(loaded):
    """Nothing in it waits for a later release."""
    assert [] == not_yet(loaded.definition)


def test_days_are_the_leaflets(loaded):
    """For the 2010 budget the plan lies on the days that the leaflet prints, misprints mended."""
    days = milestone_days(loaded.definition, "", 2010)

    assert {
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
    } == {key: str(last) for key, (_, last) in days.items()}


def test_everyone_of_the_leaflet_is_there(loaded):
    """Every role and body that the leaflet names has a place in the process."""
    titles = {one.title for one in (*loaded.definition.role.values(),
                                    *loaded.definition.body.values())}  # fmt: skip

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


def test_everything_is_said_in_english(loaded):
    """Every text that a page or a mail can show has an English one."""
    own = own_texts(loaded.definition)
    english = loaded.revision.texts["en"]

    assert [] == [path for path in own if path not in english]


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
    assert names == steps | {f"{step}.en" for step in steps}


def test_readme_is_there():
    """The folder explains itself to whoever changes it."""
    text = (SHIPPED / "prioritering" / "README.md").read_text(encoding="utf-8")

    assert "beredning check" in text


@pytest.mark.parametrize("name", OUTLINED)
def test_outlined_draft_has_no_errors(name):
    """The five outlined processes are in the language, and hang together."""
    loaded = examine(DEFINITIONS / "outlined" / name, year=2026)

    assert [] == [one for one in loaded.problems if one.severity == "error"]
    assert loaded.revision is not None


@pytest.mark.parametrize("name", OUTLINED)
def test_outlined_draft_waits_for_a_later_release(name):
    """Each draft uses something that is not run yet, and each use is named in a sentence."""
    loaded = examine(DEFINITIONS / "outlined" / name, year=2026)

    found = not_yet(loaded.definition)

    assert found
    assert len(found) == len({one.place for one in found})
    assert all(one.message.startswith("Den här utgåvan kan inte köra ") for one in found)


def test_there_are_five_drafts():
    """The test bed is the five drafts."""
    assert [
        "blekinge_verkstallighetsplan",
        "dalarna_strukturplan",
        "kronoberg_narmare",
        "kronoberg_prioritering",
        "vasternorrland_fempunkter",
    ] == OUTLINED
