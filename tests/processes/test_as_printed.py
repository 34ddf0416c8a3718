"""The leaflet with its two years as they were printed."""

from pathlib import Path

from processes.loader import examine

PRINTED = Path(__file__).parents[1] / "definitions" / "as_printed"


def test_both_misprints_are_named_and_nothing_else():
    """The two milestones with the wrong year are errors, and nothing else is."""
    loaded = examine(PRINTED, year=2026)

    assert [
        (
            "milestone.plan_faststalls",
            "lies 2009-11-11, after 'uppdrag' 2008-12-03 that stands below it",
        ),
        (
            "milestone.styrgrupp",
            "lies 2009-12-31, after 'uppdrag' 2008-12-03 that stands below it",
        ),
    ] == [(one.place, one.message) for one in loaded.problems if one.severity == "error"]
    assert loaded.revision is None


def test_misprints_are_shown_on_their_lines():
    """Each error points at the line where the milestone stands."""
    loaded = examine(PRINTED, year=2026)
    lines = (PRINTED / "process.toml").read_text(encoding="utf-8").splitlines()

    errors = [one for one in loaded.problems if one.severity == "error"]
    assert ["plan_faststalls", "styrgrupp"] == [lines[one.line - 1].split(" ")[0] for one in errors]
