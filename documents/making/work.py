"""A worker's share: papers that people wait for are made, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from logging import getLogger

from documents.making.listing import common_list, listing_of, stamp_of
from documents.making.minutes import minutes_of
from documents.making.proposal import proposal_of
from documents.papers.press import make_pdf
from documents.papers.workbook import make_xlsx
from workflow.core.errors import WorkflowError
from workflow.service import papers
from workflow.service.papers import Clock, Form
from workflow.service.reading.lists.whole import WholeList, read_whole_list
from workflow.service.world import World
from workflow.store.papers import Claimed

__all__ = ["Maker", "make_papers"]

logger = getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What making papers needs."""

    world: World
    clock: Clock
    """The machine's or the server's own."""
    worker: str
    region: str


def make_papers(maker: Maker, stop: Callable[[], bool]) -> dict[str, int]:
    """Make what is wished for until there is none left, or `stop` answers True; remove what
    is old. Gives {made, failed, removed}.

    Raises: Locked, StoreError.
    """
    done = {"made": 0, "failed": 0, "removed": 0}
    while not stop() and (paper := papers.begin(maker.world, maker.worker, maker.clock)):
        done["made" if _make(maker, paper) else "failed"] += 1
    done["removed"] = papers.sweep(maker.world, maker.clock)
    return done


def _make(maker: Maker, paper: Claimed) -> bool:
    """Make one paper; whatever goes wrong with it is told to the one who waits for it."""
    try:
        whole = read_whole_list(maker.world, paper.email, (paper.case, paper.table), paper.language)
        if not papers.keep(maker.world, paper, 1, maker.clock):
            return False
        content = _content(maker, whole, paper)
        papers.keep(maker.world, paper, 2, maker.clock)
    except WorkflowError as error:
        told = {"event": "paper_failed", "paper": paper.id, "reason": error.en}
        logger.warning("paper failed", extra=told)
        papers.fail(maker.world, paper, error, maker.clock)
        return False
    except Exception:
        logger.exception("paper failed", extra={"event": "paper_failed", "paper": paper.id})
        papers.fail(maker.world, paper, None, maker.clock)
        return False
    return papers.finish(maker.world, paper, content, whole.page.end.number, maker.clock)


def _content(maker: Maker, whole: WholeList, paper: Claimed) -> bytes:
    page, language, region = whole.page, paper.language, maker.region
    match Form(paper.form):
        case Form.XLSX:
            return make_xlsx(listing_of(page, page.line, language), stamp=stamp_of(page, region))
        case Form.PDF:
            listing = listing_of(page, page.line, language)
            return make_pdf(common_list(page, listing, region), at=page.end.at)
        case Form.PROPOSAL:
            made = proposal_of(page, region=region, language=language, today=whole.today)
            return make_pdf(made, at=page.end.at)
        case Form.MINUTES:
            return make_pdf(minutes_of(whole, region=region), at=page.end.at)
