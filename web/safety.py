"""What every answer carries and every request must pass: headers, hosts, sizes, origin."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, new
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "Bodies",
    "Failures",
    "Headers",
    "Hosts",
    "comes_from_here",
    "form_token",
    "is_near",
    "is_token_of",
]


POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy (https://www.w3.org/TR/CSP3/): all of it ours, nothing inline."""
ALWAYS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cache-control": "no-store",
}
TLS_ONLY: Final = "max-age=63072000; includeSubDomains"
"""Strict-Transport-Security (RFC 6797): two years."""
STATIC: Final = {"cache-control": "no-cache"}
"""What is the same for everybody is kept by browsers, and asked about by its ETag."""
DIGITS: Final = 15
"""A length that is written with more is not read as a number at all."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Puts the safety headers on every answer; a page may say one of them otherwise."""

    app: ASGIApp
    tls: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with headers, and to HEAD with nothing else (RFC 9110, 9.3.2)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = {
            **ALWAYS,
            **(STATIC if scope["path"].startswith("/static/") else {}),
            **({"strict-transport-security": TLS_ONLY} if self.tls else {}),
        }

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body" and scope["method"] == "HEAD":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), value.encode())
                        for name, value in wanted.items()
                        if name.encode() not in there
                    ),
                ]
            await send(message)

        await self.app(scope, receive, sending)


@dataclass(frozen=True, slots=True)
class Failures:
    """Sees to it that an error nobody foresaw is answered, and says nothing of its own."""

    app: ASGIApp
    answer: Callable[[Scope, Exception], Awaitable[Response]]
    """Notes the error, and gives the page for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or give the page for what went wrong; an answer under way is cut short."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the web's outermost edge
            response = await self.answer(scope, error)
            if begun:  # what the server logs of this must not hold what people wrote
                raise RuntimeError("the answer was cut short") from None
            await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Answers only to names that this installation has."""

    app: ASGIApp
    names: Collection[str]
    """Lower case, without ports."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say 421 (RFC 9110, 15.5.20)."""
        if scope["type"] == "http" and _host(scope) not in self.names:
            told = PlainTextResponse("Misdirected request", 421)
            await told(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _host(scope: Scope) -> str:
    found = [value for name, value in scope["headers"] if name == b"host"]
    if len(found) != 1:
        return ""
    try:
        return (urlsplit(f"//{found[0].decode('latin-1')}").hostname or "").lower()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Bodies:
    """Refuses bodies that are too large, however they are sent."""

    app: ASGIApp
    limit: int
    """Bytes, for everything but addresses that take files."""
    files: int
    """Bytes, for addresses that take files."""
    takes_files: Callable[[str], bool]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say 413 before the body has been read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.files if self.takes_files(scope["path"]) else self.limit
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or len(declared) > DIGITS or int(declared) > limit:
            scope["too_large"] = True
        read = 0

        async def receiving() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                scope["too_large"] = True
                return {"type": "http.request", "body": b"", "more_body": False}
            return message

        await self.app(scope, receiving, send)


# ---- where a form comes from -----------------------------------------------------------


def comes_from_here(request: Request, origins: Collection[str]) -> bool:
    """Say whether a form was sent from one of our own pages.

    By Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/), which a page cannot forge,
    and by Origin; either may be missing, not both, and neither may say otherwise.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and (origin is None or origin in origins)


def is_near(request: Request) -> bool:
    """Say whether a request comes from this machine itself, and through no proxy."""
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers)
    try:
        from_here = bool(request.client and ip_address(request.client.host).is_loopback)
    except ValueError:
        return False
    return from_here and not forwarded


def form_token(secret: str) -> str:
    """Give the token that every form of a session carries."""
    return new(secret.encode(), b"form", sha256).hexdigest()


def is_token_of(secret: str, token: str) -> bool:
    """Say whether a token belongs to a session."""
    return compare_digest(form_token(secret).encode(), token.encode("utf-8", "surrogatepass"))
