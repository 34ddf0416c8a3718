"""One line in the log for each request: when, what for, how it ended, how long it took.

People stand there by number. The address is told by its route, with the ids in it, and
never with its query: what people search for and what links carry is nobody's business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from logging import getLogger
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Access", "tell", "tell_route"]

logger = getLogger(__name__)

TOLD: Final = "beredning.told"
"""In an ASGI scope: what the line is to tell of a request."""
IDS: Final = ("round", "case", "transition", "milestone", "process", "unit")
"""What stands in addresses and is an id of ours, never a person's name or address: unless
there is no such thing, and then it may be anything."""


def tell(scope: Scope, **what: object) -> None:
    """Let a request's line tell more."""
    scope.setdefault(TOLD, {}).update(what)


def tell_route(scope: Scope, path: str, params: Mapping[str, Any]) -> None:
    """Let a request's line tell which address it was for."""
    ids = {key: str(value)[:200] for key, value in params.items() if key in IDS}
    tell(scope, route=path, **ids)


@dataclass(frozen=True, slots=True)
class Access:
    """Writes the line."""

    app: ASGIApp
    clock: Callable[[], float] = perf_counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and tell of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.clock()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        if scope["path"].startswith("/static/"):
            tell(scope, route="/static")
        try:
            await self.app(scope, receive, sending)
        finally:
            told: dict[str, object] = {
                "event": "request",
                "method": scope["method"],
                "route": "",
                "status": status or None,
                "ms": round((self.clock() - began) * 1000, 1),
            }
            more = scope.get(TOLD, {})
            if status in (400, 404):
                more = {key: value for key, value in more.items() if key not in IDS}
            logger.info("request", extra=told | more)
