"""The program that sets one paper and ends, so that its memory goes back with it.

It is started by `documents.papers.press` with a job as JSON on its standard input
and answers with the PDF. Typst keeps what it has worked out for as long as its
process lives, some 200 MB for each long paper, and offers no way to let go of it.
"""

import json
import sys
from typing import TypedDict

import typst

__all__ = ["FAILED", "Job", "main"]

FAILED = 3
"""How the program ends when the paper could not be set; it says why on standard error."""


class Job(TypedDict):
    """What is to be set."""

    source: str
    data: str
    fonts: str
    at: int
    memory: int


def main() -> int:
    """Set the job on standard input."""
    job: Job = json.loads(sys.stdin.buffer.read())
    _bound(job["memory"])
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[job["fonts"]]
    )
    try:
        made = typst.compile(
            job["source"].encode(),
            font_paths=fonts,
            sys_inputs={"data": job["data"]},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=job["at"],
        )
    except typst.TypstError as problem:
        sys.stderr.write(problem.message)
        return FAILED
    sys.stdout.buffer.write(made)
    return 0


def _bound(memory: int) -> None:
    """Hold the process to so many bytes, where the system can."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (not there on Windows)

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())
