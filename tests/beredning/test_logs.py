"""What a process that runs by itself says: lines that a machine reads."""

import json
import logging
from io import StringIO

import pytest

from beredning.logs import JsonLines


@pytest.fixture
def said() -> tuple[logging.Logger, StringIO]:
    """A logger of its own, and what it writes."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.Logger("tests.logs", logging.INFO)
    logger.addHandler(handler)
    return logger, stream


def test_an_event_is_one_line(said: tuple[logging.Logger, StringIO]) -> None:
    """Instant, level, event and what came along stand in one object."""
    logger, stream = said

    logger.info("job done", extra={"event": "tick", "reminders": 3})

    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told.pop("at").endswith("Z")
    assert {"level": "info", "event": "tick", "message": "job done", "reminders": 3} == told


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "\x1b[31m", "\u2028", "å\x00"])
def test_nothing_forges_a_line(said: tuple[logging.Logger, StringIO], text: str) -> None:
    """Whatever a message or a value holds, it stays within its line."""
    logger, stream = said

    logger.info("%s", text, extra={"value": text})

    written = stream.getvalue()
    assert 1 == len(written.splitlines())
    assert "\x1b" not in written
    assert [text, text] == [json.loads(written)[key] for key in ("message", "value")]


def test_an_error_has_its_trace(said: tuple[logging.Logger, StringIO]) -> None:
    """What nobody foresaw can be found again, on one line as well."""
    logger, stream = said
    try:
        raise ValueError("x")
    except ValueError:
        logger.exception("job failed", extra={"event": "tick_failed"})

    told = json.loads(stream.getvalue())

    assert ("error", "tick_failed") == (told["level"], told["event"])
    assert "ValueError: x" in told["trace"]
