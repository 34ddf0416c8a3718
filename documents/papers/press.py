"""Set a paper in type and give it as PDF, for the archive and for everybody who reads.

The PDF declares PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) at once; typst
refuses to write what breaks those of the rules that it knows. Nobody else has
validated it. People's texts go in as JSON data and never as source, so no text can
be markup.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import Final

from documents.papers.paper import CommonList, Extract, List, Paper, Proposal
from documents.papers.sums import check_sums
from documents.papers.typefaces import FONTS
from documents.papers.typesetter import Job
from documents.papers.unfit import Unprintable, unfit
from documents.papers.view import view

__all__ = ["make_pdf"]

TEMPLATES: Final = {Proposal: "proposal.typ", Extract: "extract.typ", CommonList: "list.typ"}
MOST_LINES: Final = 3_000
"""Beyond, the time that typst takes for one table grows with the square of its rows."""
MOST_TEXT: Final = 12_000_000
"""Signs of a whole paper with its data's own; more would fill the memory."""
MEMORY: Final = 3 * 2**30
"""Bytes; a list of 3 000 lines takes a third."""
SECONDS: Final = 180
HERE: Final = "documents.papers"


def make_pdf(paper: Paper, *, at: datetime) -> bytes:
    """Give a paper as PDF; `at` is written in it as the time it was made.

    Raises:
        BadInput: the values contradict each other, or are more than a paper holds.
        Unprintable: it could not be set.
    """
    if at.tzinfo is None:
        raise unfit("tidpunkten", "tiden saknar tidszon", "the time has no zone")
    _check(paper)
    text = json.dumps(view(paper), ensure_ascii=False, sort_keys=True)
    if len(text) > MOST_TEXT:
        raise unfit("texterna", "de är för långa tillsammans", "they are too long together")
    return _set(_source(paper), text, at)


def _check(paper: Paper) -> None:
    if isinstance(paper, Proposal):
        check_sums(paper)
    listing: List | None = None if isinstance(paper, Extract) else paper.listing
    if listing is not None and len(listing.lines) > MOST_LINES:
        raise unfit(
            "listan",
            f"{len(listing.lines)} rader är fler än {MOST_LINES}; ta den som Excel i stället",
            f"{len(listing.lines)} lines are more than {MOST_LINES}; take it as Excel instead",
        )


def _source(paper: Paper) -> str:
    folder = files(HERE) / "templates"
    parts = ("base.typ", TEMPLATES[type(paper)])
    return "\n".join((folder / part).read_text("utf-8") for part in parts)


def _set(source: str, data: str, at: datetime) -> bytes:
    with ExitStack() as stack:
        fonts = stack.enter_context(as_file(files(HERE) / FONTS))
        program = stack.enter_context(as_file(files(HERE) / "typesetter.py"))
        job = Job(
            source=source,
            data=data,
            fonts=str(fonts),
            at=int(at.astimezone(UTC).timestamp()),
            memory=MEMORY,
        )
        return _run(str(program), json.dumps(job).encode())


def _run(program: str, job: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 (our own program, by our own interpreter)
            [sys.executable, "-I", program],
            input=job,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as problem:
        raise _unprintable() from problem
    except subprocess.CalledProcessError as problem:
        # What typst says may quote people's texts: it is for the operator, not for a page.
        problem.add_note(problem.stderr.decode("utf-8", "replace")[:2000])
        raise _unprintable() from problem
    return done.stdout


def _unprintable() -> Unprintable:
    return Unprintable(
        "Dokumentet gick inte att sätta. Inget har ändrats. Försök igen,"
        " och säg till processledaren om det händer en gång till.",
        "The document could not be set. Nothing has changed. Try again,"
        " and tell the process leader if it happens once more.",
    )
