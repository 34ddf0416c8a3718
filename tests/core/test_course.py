"""How a process is meant to go, read from the order in which it is written."""

from pathlib import Path

import pytest

from processes.loader import SHIPPED, examine
from tests.support.definitions import TREE, revision_of, shipped
from workflow.core.course import Course, bare_title, course_of

FOLDERS = [
    *sorted(path.parent for path in SHIPPED.glob("*/process.toml")),
    Path(__file__).parents[1] / "definitions" / "outlined" / "kronoberg_prioritering",
]

STATES = """
[case.omgang]
title = "Omgång"
ends = { klar = "Klar", nej = "Nej" }
"""


def course(text: str) -> Course:
    """Give the course of a small definition."""
    return course_of(revision_of(text))


def test_the_way_of_the_shipped_process() -> None:
    """From the plan to the minutes, by the first button that leads on from each step; what
    is postponed, remitted or rejected is no part of it."""
    found = course_of(shipped())

    assert (
        "plan styrgrupp uppdrag grundarbete redovisning vardering forslag samverkan"
        " stallningstagande budgetbeslut protokoll"
    ).split() == list(found.root.states)
    assert "beslutad" == found.root.end


def test_a_step_that_waits_has_those_it_waits_for_as_parts() -> None:
    """What comes first stands first: the underlag before the avstämning that gathers them."""
    found = course_of(shipped())

    assert ("underlag", "avstamning") == found.parts("omgang", "grundarbete")
    assert () == found.parts("omgang", "forslag")


def test_steps_are_what_somebody_does() -> None:
    """In place of a state that only waits stand the steps of those it waits for."""
    found = course_of(shipped())

    assert [
        ("underlag", "utkast"),
        ("underlag", "inlamnat"),
        ("avstamning", "sammanstallning"),
    ] == list(found.steps("avstamning"))


def test_the_clock_leads_on_where_nobody_owes_anything() -> None:
    """A state without `by` goes where its deadline takes it, not where a button might."""
    found = course_of(shipped())

    way = found.ways["protokoll"]
    assert ("skrivs", "justeras", "anslas", "overklagandetid") == way.states
    assert "laga_kraft" == way.end
    assert 3 < way.places["provas"] < 4


def test_a_button_of_somebody_else_is_not_the_way() -> None:
    """What another role may do there comes after what the one who owes it does."""
    found = course(
        STATES
        + """
[case.omgang.state.start]
title = "Start"
by = "ledare"
transition.avbryt = { title = "Avbryt", by = "direktor", to = "nej" }
transition.vidare = { title = "Vidare", to = "slut" }
[case.omgang.state.slut]
title = "Slut"
by = "ledare"
transition.klart = { title = "Klart", to = "klar" }
"""
    )

    assert ("start", "slut") == found.root.states
    assert "klar" == found.root.end


def test_a_way_that_goes_round_ends_where_it_began() -> None:
    """A process whose only way leads back has no end on its way, and does not go on forever."""
    found = course(
        STATES.replace('klar = "Klar", ', "")
        + """
[case.omgang.state.ett]
title = "Ett"
by = "ledare"
transition.vidare = { title = "Vidare", to = "tva" }
transition.nej = { title = "Nej", by = "direktor", to = "nej" }
[case.omgang.state.tva]
title = "Två"
by = "ledare"
transition.tillbaka = { title = "Tillbaka", to = "ett" }
"""
    )

    assert ("ett", "tva") == found.root.states
    assert "" == found.root.end


def test_a_state_that_waits_and_is_owed_is_a_step_too() -> None:
    """Where no `next` takes it on, somebody has to, once what it waits for is done."""
    found = course(
        STATES
        + """
[case.omgang.state.arbete]
title = "Arbete"
by = "ledare"
opens = ["del"]
transition.klart = { title = "Klart", to = "klar", guards = ["opened_finished"] }
transition.nej = { title = "Nej", to = "nej" }
[case.del]
title = "Del {unit}"
per = "klinik"
ends = { klar = "Klar" }
[case.del.state.skrivs]
title = "Skrivs"
by = "klinikchef"
transition.klart = { title = "Klart", to = "klar" }
"""
    )

    assert [("del", "skrivs"), ("omgang", "arbete")] == list(found.steps("omgang"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_process_has_a_way_for_every_kind(folder: Path) -> None:
    """Each begins where cases begin, repeats nothing, and every state has its place."""
    revision = examine(folder, year=2026).revision
    assert revision is not None

    found = course_of(revision)

    for kind in revision.definition.case.values():
        way = found.ways[kind.key]
        assert kind.first == way.states[0]
        assert len(set(way.states)) == len(way.states)
        assert {*kind.state, *kind.ends} == set(way.places)
        assert way.end in kind.ends


def test_a_course_is_made_once_per_revision() -> None:
    """Pages ask for it again and again."""
    revision = revision_of(TREE)

    assert course_of(revision) is course_of(revision)


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Underlag {unit}", "Underlag"),
        ("Värdering i {unit}", "Värdering"),
        ("Genomlysning av {unit}", "Genomlysning"),
        ("Insats, {unit}", "Insats"),
        ("{unit}: så följer årets plan strategin", "Så följer årets plan strategin"),
        ("Plan {year} för {unit}", "Plan 2010"),
        ("Protokoll", "Protokoll"),
        ("{occasion}: {unit}", "…: …"),
        ("Review of {unit}", "Review"),
    ],
)
def test_a_kind_is_called_by_its_title_without_the_unit(title: str, bare: str) -> None:
    """Nothing is left hanging where the unit stood."""
    assert bare == bare_title(title, 2010)
