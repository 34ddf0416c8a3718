"""What a process that runs by itself says on stderr: one JSON object on a line.

A program notes an event with `logger.info("words", extra={"event": "name", ...})`; what
stands in `extra` comes along. Persons stand there as numbers, never with address or name.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TextIO

__all__ = ["JsonLines", "begin", "written"]

OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; the rest was given with it."""


class JsonLines(logging.Formatter):
    """Writes a record as one line: at, level, event, message, and what came along."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it in ASCII: whatever a value holds, a record is one line."""
        given = {key: value for key, value in vars(record).items() if key not in OWN}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": given.pop("event", record.name),
            "message": record.getMessage(),
            **given,
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


LIBRARIES: Final = (
    *("apscheduler", "alembic", "aiosmtplib", "sqlalchemy", "asyncio", "uvicorn"),
    *("httpx", "python_multipart"),
)
"""Whose warnings are heard, and nothing else they say."""


@contextmanager
def written(stream: TextIO | None = None) -> Iterator[None]:
    """Let everything from `info` up be written to a stream, meanwhile; stderr if none is given."""
    root = logging.getLogger()
    before = root.level
    handler = begin(stream)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def begin(stream: TextIO | None = None) -> logging.Handler:
    """Write from now on, as long as the process lives; gives what does it."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
    # A beat that comes while the one before is still at work is left out, and that is meant.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    return handler
