"""Asking another system over the network: https, in time, and never too much."""

import json
from collections.abc import Mapping
from functools import cache
from ssl import SSLContext, create_default_context
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from workflow.core.errors import WorkflowError

__all__ = ["NoAnswer", "ask", "is_safe", "no_answer"]

PATIENCE_S: Final = 10.0
LARGEST: Final = 1024 * 1024
"""A document of the provider's is no longer than this."""
NEAR: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where https is not demanded: the provider runs on the same machine."""


class NoAnswer(WorkflowError):
    """The provider is not reached, or answers nothing that can be used."""

    code = "no_answer"


def is_safe(address: object) -> bool:
    """Say whether an address is https, or on this machine."""
    if not isinstance(address, str) or not address.isascii() or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port  # raises when it is no number
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or " " in address:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in NEAR)


@cache
def _trusted() -> SSLContext:
    """Give the authorities that this machine trusts, a region's own among them."""
    return create_default_context()


def ask(
    method: str,
    address: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Ask the provider and give the document it answers; no redirects, no endless answers.

    Raises: NoAnswer.
    """
    body = bytearray()
    until = monotonic() + PATIENCE_S
    # Packed answers are not asked for, and so never unpacked beyond the limit.
    wanted = {"accept": "application/json", "accept-encoding": "identity", **(headers or {})}
    near = urlsplit(address).hostname in NEAR  # no proxy is asked for it
    try:
        with (
            httpx.Client(
                timeout=PATIENCE_S,
                verify=_trusted(),
                follow_redirects=False,
                trust_env=not near,
            ) as client,
            client.stream(method, address, data=data, headers=wanted) as response,
        ):
            for piece in response.iter_raw():
                body += piece
                if len(body) > LARGEST or monotonic() > until:
                    raise no_answer("too_much")
            if response.status_code != httpx.codes.OK:
                raise no_answer(f"status_{response.status_code}")
        told = json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise no_answer("unreachable") from error
    except (ValueError, RecursionError) as error:
        raise no_answer("no_document") from error
    if not isinstance(told, dict):
        raise no_answer("no_document")
    return told


def no_answer(reason: str) -> NoAnswer:
    """Make the refusal that has a short reason for the one who runs the system."""
    return NoAnswer(
        "Regionens inloggning svarar inte som den ska. Försök igen om en stund.",
        "The region's sign-in does not answer as it should. Try again in a moment.",
        current={"reason": reason},
    )
