"""A process that nobody prepared for: TOML alone, from its first state to its last."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import Place
from tests.patterns.playing import DOCS, Played, play, revision_in
from workflow.core.errors import Refused, WorkflowError
from workflow.service import views
from workflow.service.running import evidence

FOLDER: Final = DOCS / "howto" / "a-process-of-your-own"
MOST_LINES: Final = 79


@pytest.fixture
def call(make_place: Callable[..., Place], tmp_path: Path) -> Played:
    """A call for research grants of the year 2027, opened to three units on 17 August 2026."""
    database = make_place("sqlite").open()
    return play(database, revision_in(FOLDER), tmp_path, units=3, on="2026-08-17")


def project(title: str, sought: int) -> dict[str, Any]:
    """Give what an application with one project brings along."""
    return {"rows": {"projekt": [{"titel": title, "sokt": sought, "etik": "ja"}]}}


def applied(call: Played) -> tuple[str, str, str]:
    """Let two units apply and the third say no; gives their keys."""
    first, second, none = call.units("verksamhet")
    for unit, data in ((first, project("Sömn", 900)), (second, project("Fall", 1400))):
        call.move(f"ansokan.{unit}", "lamna_in", "forskningsledare", data=data)
        call.move(f"ansokan.{unit}", "godta", "fou_chef")
    call.move(f"ansokan.{none}", "avsta", "forskningsledare", comment="Ingen tid i år.")
    return first, second, none


def assessed(call: Played) -> str:
    """Let each reviewer assess each project alone, and the chair put them in order; gives the
    assessment's case."""
    first, second, _ = applied(call)
    (council,) = call.units("rad")
    case = f"bedomning.{council}"
    for reviewer in call.holders("granskare"):
        ballots = [
            ["add", None, {"betyg": grade}, call.case("ansokan", unit), 1]
            for unit, grade in ((first, "3"), (second, "4"))
        ]
        call.save(case, "granskare", reviewer, betyg=ballots)
        call.act(f"{call.round}.{case}", "klar", reviewer)
    call.move(case, "lamna", "ordforande")
    return case


def decide(call: Played, first: int, second: int) -> str:
    """Let the board give so much to the two projects."""
    members = len({*call.holders("ledamot"), *call.holders("sekreterare")})
    data = {
        "decision": {"meeting_on": "2026-11-24", "paragraph": "31", "present": members},
        "edits": {
            "beslut": [["set", 1, None, {"anslag": first}], ["set", 2, None, {"anslag": second}]]
        },
    }
    return call.move("utlysning", "besluta", "sekreterare", data=data)


def test_it_is_short() -> None:
    """Fewer than 80 lines that are neither blank nor comment, in one file of TOML."""
    lines = (FOLDER / "process.toml").read_text(encoding="utf-8").splitlines()

    said = [line for line in lines if line.strip() and not line.strip().startswith("#")]

    assert len(said) <= MOST_LINES
    assert ["process.toml"] == [
        file.name for file in FOLDER.iterdir() if file.suffix not in (".md", ".svg")
    ]


def test_it_goes_from_its_first_state_to_its_last(call: Played) -> None:
    """Applications, assessment by each alone, one order, a decision within the frame, reports;
    then the round is closed and its log proves itself."""
    seen = [call.state]
    assessed(call)
    seen.append(call.state)
    call.put("2026-11-24", "16:00")

    seen.append(decide(call, 800, 1200))
    still = call.is_open
    call.put("2027-12-13")
    first, second, none = call.units("verksamhet")
    for unit in (first, second):
        call.move(f"slutrapport.{unit}", "lamna", "forskningsledare")
    call.move(f"slutrapport.{none}", "inget", "forskningsledare")

    assert ["oppen", "beslutas", "beslutad"] == seen
    assert (True, False) == (still, call.is_open)
    assert [] == views.task_list(call.world)
    assert evidence.prove(call.world).ok


def test_more_than_the_frame_is_not_given(call: Played) -> None:
    """Grants of 2 001 tkr are turned down, grants of 2 000 are not."""
    assessed(call)
    call.put("2026-11-24", "16:00")

    with pytest.raises(Refused):
        decide(call, 801, 1200)

    assert "beslutad" == decide(call, 800, 1200)


def test_an_assessment_is_nobody_elses_until_all_are_in(call: Played) -> None:
    """With one reviewer left, the order is not made."""
    first, second, _ = applied(call)
    (council,) = call.units("rad")
    reviewer = call.holders("granskare")[0]
    case = f"bedomning.{council}"
    ballots = [
        ["add", None, {"betyg": "2"}, call.case("ansokan", unit), 1] for unit in (first, second)
    ]
    call.save(case, "granskare", reviewer, betyg=ballots)
    call.act(f"{call.round}.{case}", "klar", reviewer)

    assert {council: "enskilt"} == call.standing("bedomning")
    with pytest.raises(WorkflowError):
        call.move(case, "lamna", "ordforande")


def test_the_board_sends_it_back_to_the_council(call: Played) -> None:
    """With a question; the chair answers, and the board has it again."""
    case = assessed(call)
    call.put("2026-11-24", "16:00")
    back = {
        "pick": [case.partition(".")[2]],
        "questions": ["Varför i den ordningen?"],
        "decision": {"meeting_on": "2026-11-24", "present": 4},
    }
    call.move("utlysning", "ater", "sekreterare", data=back)
    returned = call.state

    call.move(case, "lamna", "ordforande", data={"answers": {"1": "Efter betyget."}})

    assert ("bedoms", "beslutas") == (returned, call.state)


def test_an_application_comes_back_to_be_completed(call: Played) -> None:
    """With a question and five working days."""
    unit = call.units("verksamhet")[0]
    call.move(f"ansokan.{unit}", "lamna_in", "forskningsledare", data=project("Sömn", 900))

    call.move(f"ansokan.{unit}", "komplettera", "fou_chef", data={"questions": ["Vem leder?"]})

    assert "skrivs" == call.standing("ansokan")[unit]
    answered = {"answers": {"1": "Docenten."}}
    assert "granskas" == call.move(f"ansokan.{unit}", "lamna_in", "forskningsledare", data=answered)


def test_with_no_applications_the_board_says_so(call: Played) -> None:
    """Nobody applies: the call ends as what it is."""
    for unit in call.units("verksamhet"):
        call.move(f"ansokan.{unit}", "avsta", "forskningsledare", comment="Inte i år.")
    (council,) = call.units("rad")
    for reviewer in call.holders("granskare"):
        call.act(call.case("bedomning", council), "klar", reviewer)
    call.move(f"bedomning.{council}", "lamna", "ordforande")

    to = call.move(
        "utlysning",
        "avbryt",
        "sekreterare",
        comment="Ingen sökte.",
        data={"decision": {"meeting_on": "2026-08-17", "present": 4}},
    )

    assert "ingen" == to
