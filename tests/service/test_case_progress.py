"""How far the cases have come that a case waits for: counted once, and as the viewer sees it."""

from tests.service.worlds import Stage
from workflow.service.reading.cases.case import CasePage, read_case


def waiting(stage: Stage, who: str) -> tuple[CasePage, list[str]]:
    """Give the page of the first case that waits for several, with the units below it."""
    unit = stage.units("driftenhet")[0]
    below = [one for one in stage.units("verksamhet") if stage.parent(one) == unit]
    return read_case(stage.world, who, stage.case("avstamning", unit)), below


def test_what_is_late_done_and_missing(groundwork: Stage) -> None:
    """Each is counted once; what is late comes first in the list, and the one who leads gets
    the step to remind of."""
    start, below = waiting(groundwork, groundwork.leader)
    first = groundwork.case("underlag", below[0])
    groundwork.put("2009-06-01")
    groundwork.act(first, "missing", groundwork.leader, comment="Kom inte.")
    page, _ = waiting(groundwork, groundwork.leader)

    before, after = start.progress, page.progress

    assert (0, 0, len(below), 0) == (before.done, before.late, before.left, before.missing)
    assert (0, len(below) - 1, 0, 1) == (after.done, after.late, after.left, after.missing)
    assert "underlag.utkast" == after.remind
    assert True is all(one.due and one.due.is_late for one in page.below[:-1])
    assert first == page.below[-1].case


def test_who_does_not_lead_reminds_nobody_here(groundwork: Stage) -> None:
    """The link is for whoever leads; the count is for everybody who sees the cases."""
    chief = groundwork.holder("driftenhetschef", groundwork.units("driftenhet")[0])

    page, below = waiting(groundwork, chief)

    assert "" == page.progress.remind
    assert len(below) == page.progress.total
