"""What every request is told of in the log, and how long its body may take."""

import asyncio
import logging
from typing import Any

import pytest

from tests.web.browsing import Guest
from web.patience import Patience


def run(app: Any, *bodies: tuple[float, bytes, bool], **patience: float) -> list[dict[str, Any]]:
    """Send a body piece by piece, each after so many seconds; give what is answered."""
    sent: list[dict[str, Any]] = []
    pieces = iter(bodies)

    async def receive() -> dict[str, Any]:
        for after, body, more in pieces:
            await asyncio.sleep(after)
            return {"type": "http.request", "body": body, "more_body": more}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(asyncio.wait_for(Patience(app, **patience)(scope, receive, send), 10))
    return sent


async def _read_all(scope: Any, receive: Any, send: Any) -> None:
    """Read a body to its end, and answer."""
    _ = scope
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_a_body_that_comes_is_waited_for() -> None:
    """Pieces may take their time, as long as they come."""
    told = run(_read_all, (0.1, b"a", True), (0.1, b"b", False), silence_s=5, whole_s=10)

    assert 204 == told[0]["status"]


@pytest.mark.parametrize(
    ("silence_s", "whole_s"), [(0.2, 60.0), (60.0, 0.2)], ids=["silent", "endless"]
)
def test_a_body_that_does_not_come_is_given_up(silence_s: float, whole_s: float) -> None:
    """After a silence, or when all of it takes too long, the answer is 408, and the end."""
    drops = [(0.05, b"x", True)] * 6 if whole_s < 1 else [(0.0, b"x", True)]

    told = run(_read_all, *drops, silence_s=silence_s, whole_s=whole_s)

    assert 408 == told[0]["status"]
    assert (b"connection", b"close") in told[0]["headers"]


def test_a_page_may_take_its_time_when_the_body_is_whole() -> None:
    """Only what is sent to us is hurried, not what we do with it."""

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await _read_all(scope, receive, _nothing)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.4)  # that the browser goes is waited for
        await send({"type": "http.response.start", "status": 204, "headers": []})

    told = run(slow, (0.0, b"", False), silence_s=0.1, whole_s=0.1)

    assert 204 == told[0]["status"]


async def _nothing(_: Any) -> None:
    """Send nowhere."""


def test_a_request_is_told_by_its_route(guest: Guest, caplog: pytest.LogCaptureFixture) -> None:
    """With ids, the person's number and the status; nothing of what was searched for, nor of
    an address that is none of ours."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    caplog.set_level(logging.INFO, logger="web.access")
    guest.sign_in(stage.chief(unit))
    case = stage.case("underlag", unit)
    caplog.clear()

    guest.get(f"/arenden/{case}?sok=Hemligt")
    guest.get("/astrid.asp@alvmark.example")
    guest.get("/static/look.css")

    told = [vars(one) for one in caplog.records if one.name == "web.access"]
    (person,) = stage.rows("SELECT id FROM people WHERE email = :who", who=stage.chief(unit))
    assert [("/arenden/{case}", 200), ("", 404), ("/static", 200)] == [
        (one["route"], one["status"]) for one in told
    ]
    assert (case, person[0]) == (told[0]["case"], told[0]["person"])
    assert "Hemligt" not in str(told)
    assert "astrid" not in str(told)
