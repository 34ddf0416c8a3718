"""How long a request's body may take: who sends it drop by drop is not waited for.

A connection that sends no header has its own limit, in `beredning.listening`.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SILENCE_S", "WHOLE_S", "Patience"]

SILENCE_S: Final = 20.0
"""Seconds without a byte."""
WHOLE_S: Final = 180.0
"""Seconds for all of it: 25 MB at 1.2 Mbit/s."""


class _TooSlow(Exception):
    """The body did not come in time."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Gives up a body that does not come."""

    app: ASGIApp
    silence_s: float = SILENCE_S
    whole_s: float = WHOLE_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say 408 (RFC 9110, 15.5.9) and close."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + self.whole_s
        whole = False

        async def receiving() -> Message:
            nonlocal whole
            if whole:  # what comes now is that the browser has gone: that may take its time
                return await receive()
            left = min(self.silence_s, until - loop.time())
            try:
                message = await asyncio.wait_for(receive(), max(left, 0))
            except TimeoutError as error:
                raise _TooSlow from error
            whole = not message.get("more_body", False)
            return message

        try:
            await self.app(scope, receiving, send)
        except _TooSlow:
            answer = PlainTextResponse("Request timeout", 408, {"connection": "close"})
            await answer(scope, receive, send)
        except ClientDisconnect:  # in the midst of a form: there is nobody to answer
            return
