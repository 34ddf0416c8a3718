"""ID tokens: read, and believed only when everything agrees.

OpenID Connect Core 1.0, section 3.1.3.7, and the advice of RFC 8725: the algorithms are
ours to name and never the token's, keys fit the algorithm, nothing unknown is critical.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

__all__ = ["Expected", "NotBelieved", "UnknownKey", "VerifyingKey", "read_keys", "read_token"]

KINDS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
"""The algorithms that are taken, and the kind of key that each needs. None of them is
`none`, and none is made with a secret that is shared."""
PUBLIC: Final = ("kty", "kid", "alg", "n", "e", "crv", "x", "y")
"""What is read of a key; nothing private, and nothing that says where else to look."""
SHORTEST_RSA: Final = 2048
LEEWAY_S: Final = 120
"""How far the two clocks may be apart."""
OLDEST_S: Final = 600
"""A token that was issued longer ago than a sign-in may take is not of this one."""
LARGEST: Final = 64 * 1024

VerifyingKey = RSAKey | ECKey


class NotBelieved(Exception):
    """A token that is not believed; `reason` is a short name of why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKey(NotBelieved):
    """None of the keys fits; the issuer may have new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token of this sign-in says."""

    issuer: str
    audience: str
    """Our client id."""
    nonce: str = field(repr=False)
    now: datetime


def read_keys(document: object) -> tuple[VerifyingKey, ...]:
    """Read those of an issuer's keys (RFC 7517) that can prove a signature; others, also
    broken ones, are passed over."""
    listed = document.get("keys") if isinstance(document, Mapping) else None
    found = (_read_key(one) for one in (listed if isinstance(listed, list) else ()))
    return tuple(key for key in found if key is not None)


def _read_key(one: object) -> VerifyingKey | None:
    if not isinstance(one, dict) or one.get("use", "sig") != "sig":
        return None
    public = {name: one[name] for name in PUBLIC if name in one}
    try:
        if one.get("kty") == "RSA" and _bits(one["n"]) >= SHORTEST_RSA:
            return RSAKey.import_key(public)
        if one.get("kty") == "EC" and one["crv"] == "P-256":
            return ECKey.import_key(public)
    except (JoseError, ValueError, TypeError, KeyError):
        return None  # the issuer's other keys may be good
    return None


def _bits(number: str) -> int:
    return int.from_bytes(_decode(number)).bit_length()


def _decode(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def read_token(token: object, keys: Iterable[VerifyingKey], expected: Expected) -> dict[str, Any]:
    """Give the claims of a token that is believed.

    Raises: UnknownKey when no key fits, NotBelieved for anything else.
    """
    if not isinstance(token, str) or len(token) > LARGEST:
        raise NotBelieved("no_token")
    algorithm, kid = _read_header(token)
    fitting = [key for key in keys if _fits(key, algorithm, kid)]
    if not fitting:
        raise UnknownKey("unknown_key")
    claims = _verify(token, fitting, algorithm)
    _check_claims(claims, expected)
    return claims


def _read_header(token: str) -> tuple[str, str | None]:
    """Give the algorithm and the key's name, which are not believed before the signature."""
    try:
        header = json.loads(_decode(token.partition(".")[0]))
    except (ValueError, RecursionError):
        raise NotBelieved("unreadable") from None
    if not isinstance(header, dict) or "crit" in header:
        raise NotBelieved("header")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in KINDS:
        raise NotBelieved("algorithm")
    if kid is not None and not isinstance(kid, str):
        raise NotBelieved("header")
    return algorithm, kid


def _fits(key: VerifyingKey, algorithm: str, kid: str | None) -> bool:
    if key.key_type != KINDS[algorithm] or key.get("alg") not in (None, algorithm):
        return False
    return kid is None or key.get("kid") == kid


def _verify(token: str, keys: Iterable[VerifyingKey], algorithm: str) -> dict[str, Any]:
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    registry.max_header_length = LARGEST
    for key in keys:
        try:
            return dict(jwt.decode(token, key, registry=registry).claims)
        except (JoseError, ValueError, RecursionError):
            continue  # another key may be the right one
    raise NotBelieved("signature")


def _check_claims(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise NotBelieved("issuer")
    _check_audience(claims, expected.audience)
    if claims.get("nonce") != expected.nonce:
        raise NotBelieved("nonce")
    now = expected.now.timestamp()
    if not _is_number(claims.get("exp")) or now >= claims["exp"] + LEEWAY_S:
        raise NotBelieved("expired")
    if not _is_number(claims.get("iat")) or not -LEEWAY_S <= now - claims["iat"] <= OLDEST_S:
        raise NotBelieved("issued")
    if "nbf" in claims and (not _is_number(claims["nbf"]) or now < claims["nbf"] - LEEWAY_S):
        raise NotBelieved("not_before")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotBelieved("subject")


def _check_audience(claims: Mapping[str, Any], audience: str) -> None:
    listed = claims.get("aud")
    listed = [listed] if isinstance(listed, str) else listed
    if not isinstance(listed, list) or audience not in listed:
        raise NotBelieved("audience")
    if claims.get("azp", audience) != audience or (len(listed) > 1 and "azp" not in claims):
        raise NotBelieved("audience")


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
