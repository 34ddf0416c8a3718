"""The common list, killed at each of its points: conflicts, papers, releases."""

from datetime import timedelta
from typing import Final

from tests.service.worlds import ROOT, Stage
from workflow.core.errors import BadInput
from workflow.core.facts import RowKey
from workflow.service import conflicts, papers, releasing
from workflow.service.conflicts import ConflictWish
from workflow.service.papers import Form, PaperWish
from workflow.service.reading.published.preview import preview_release
from workflow.service.releasing import ReleaseWish

__all__ = ["have_a_conflict", "make_papers", "release_and_withdraw"]

LIST: Final = "gemensam_lista"
DECIDED: Final = "beslut"


def have_a_conflict(stage: Stage) -> None:
    """Declare a conflict of interest in the first object, and take it back."""
    case, number = stage.rows(
        "SELECT case_id, number FROM material_rows WHERE table_key = 'objekt'"
        " ORDER BY case_id, number LIMIT 1"
    )[0]
    wish = ConflictWish(
        case=ROOT,
        table=LIST,
        row=RowKey(case, "objekt", number),
        email=stage.holder("landstingsdirektor"),
        reason="Min syster leder enheten.",
    )
    conflicts.declare(stage.world, wish)
    conflicts.take_back(stage.world, wish)


def make_papers(stage: Stage) -> None:
    """Have one paper made and one given up, and both removed when they are old."""
    world, clock = stage.world, stage.world.clock
    for form in (Form.XLSX, Form.PDF):
        papers.wish(
            world, PaperWish(case=ROOT, table=LIST, form=form.value, email=stage.leader), clock
        )
    stage.at[0] += timedelta(hours=1)  # whatever a killed worker held is free again
    if made := papers.begin(world, "a", clock):
        papers.keep(world, made, 1, clock)
        papers.finish(world, made, b"PK", 1, clock)
    if broken := papers.begin(world, "a", clock):
        papers.fail(world, broken, BadInput("Nej.", "No."), clock)
    stage.at[0] += timedelta(days=30)
    papers.sweep(world, clock)


def release_and_withdraw(stage: Stage) -> None:
    """Release the decided list to everybody, and close it again."""
    seen = preview_release(stage.world, ROOT, DECIDED, stage.leader)
    wish = ReleaseWish(case=ROOT, table=DECIDED, email=stage.leader, seal=seen.seal)
    released = releasing.release(stage.world, wish)
    releasing.withdraw_release(stage.world, ROOT, released, email=stage.leader, reason="Fel rad.")
