"""What the log is told of an error that nobody foresaw: what kind, and where.

Never the error's own words: a driver's message holds the values of the statement, a
conversion's what somebody typed, and the log of the program names no persons.
"""

from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb
from typing import Final

__all__ = ["trace_of"]

DEEPEST: Final = 8
"""Of errors behind errors no more are told."""


def trace_of(error: BaseException) -> list[str]:
    """Give the error and those behind it, each with the lines it came through, innermost
    last; of what comes with libraries only the line where it happened."""
    return [line for one in _behind(error) for line in _lines(one)]


def _behind(error: BaseException) -> Iterator[BaseException]:
    """Give an error after those that led to it."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and len(found) < DEEPEST:
        found.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return reversed(found)


def _lines(error: BaseException) -> Iterator[str]:
    frames = extract_tb(error.__traceback__)
    for frame in frames:
        if "site-packages" in frame.filename and frame is not frames[-1]:
            continue
        path = Path(frame.filename)
        yield f"{path.parent.name}/{path.name}:{frame.lineno} {frame.name}"
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}"
