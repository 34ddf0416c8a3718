"""The region's own sign-in: OpenID Connect's code flow, with PKCE, over the network.

    https://openid.net/specs/openid-connect-core-1_0.html     3.1
    https://openid.net/specs/openid-connect-discovery-1_0.html  4
    RFC 7636 (PKCE), RFC 9207 (who answers), RFC 9700 (what else to mind)

What must be remembered meanwhile is `workflow.service.signing_in.handshakes`; nothing
here touches the database, and no transaction is open while the network is used.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from web.signing_in.asking import NoAnswer, ask, is_safe, no_answer
from web.signing_in.id_tokens import (
    Expected,
    NotBelieved,
    UnknownKey,
    VerifyingKey,
    read_keys,
    read_token,
)
from workflow.core.errors import BadInput, Refused, refused
from workflow.service.signing_in.handshakes import Handshake

__all__ = ["COME_BACK", "Answer", "NoAnswer", "Provider", "Settings", "said_no"]

COME_BACK: Final = "/logga-in/svar"
"""Where the region's sign-in sends people; registered there."""
FRESH_S: Final = 3600.0
"""So long what the provider says of itself is not asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation is known to the provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    """Empty for a client without one."""
    redirect_uri: str
    scopes: str = "openid email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the browser brings back from the provider."""

    code: str = field(repr=False)
    issuer: str | None
    """Who answers (RFC 9207), when it says so."""
    error: str
    """Why there is no code; empty when there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metadata:
    """What the provider says of itself."""

    authorize: str
    token: str
    keys: str
    userinfo: str | None
    names_itself: bool
    """Says in each answer who it is."""
    secret_in_body: bool
    """Takes our secret in no other way than among the fields."""
    read_at: float


class Provider:
    """The region's sign-in. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        """Take settings; nothing is asked for yet.

        Raises: BadInput when the issuer or the client's name cannot be used.
        """
        _check_settings(settings)
        self._settings = settings
        self._metadata: _Metadata | None = None
        self._keys: tuple[VerifyingKey, ...] = ()

    def address(self, handshake: Handshake) -> str:
        """Give the address to which the browser goes to sign in.

        Raises: NoAnswer.
        """
        known = self._look()
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": self._settings.scopes,
            "state": handshake.state,
            "nonce": handshake.nonce,
            "code_challenge": _challenge(handshake.verifier),
            "code_challenge_method": "S256",
        }
        return known.authorize + ("&" if "?" in known.authorize else "?") + urlencode(asked)

    def claims(
        self, answer: Answer, handshake: Handshake, now: datetime, *, wanted: str
    ) -> dict[str, Any]:
        """Exchange the code and give the claims of who signed in; `wanted` is asked for
        separately when the ID token has it not.

        Raises: NoAnswer; Refused when the provider says no, or something does not agree.
        """
        known = self._look()
        self._check_answer(answer, known)
        told = self._exchange(known, answer.code, handshake.verifier)
        expected = Expected(
            issuer=self._settings.issuer,
            audience=self._settings.client_id,
            nonce=handshake.nonce,
            now=now,
        )
        try:
            claims = self._read(known, told.get("id_token"), expected)
            if wanted not in claims and known.userinfo is not None:
                claims = {**self._ask_more(known.userinfo, told, claims["sub"]), **claims}
        except NotBelieved as error:
            raise _not_believed(error.reason) from error
        return claims

    def _check_answer(self, answer: Answer, known: _Metadata) -> None:
        if answer.error:
            raise said_no(answer.error)
        if not answer.code:
            raise _not_believed("no_code")
        if answer.issuer is None and not known.names_itself:
            return
        if answer.issuer != self._settings.issuer:
            raise _not_believed("mixed_up")

    def _read(self, known: _Metadata, token: object, expected: Expected) -> dict[str, Any]:
        """Read the ID token; with an unknown key look once whether there are new ones."""
        try:
            return read_token(token, self._keys, expected)
        except UnknownKey:
            self._keys = read_keys(ask("GET", known.keys))
            return read_token(token, self._keys, expected)

    def _exchange(self, known: _Metadata, code: str, verifier: str) -> dict[str, Any]:
        own = self._settings
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": own.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        if not own.client_secret or known.secret_in_body:
            fields["client_id"] = own.client_id
        if own.client_secret and known.secret_in_body:
            fields["client_secret"] = own.client_secret
        elif own.client_secret:
            headers["authorization"] = _basic(own.client_id, own.client_secret)
        try:
            return ask("POST", known.token, data=fields, headers=headers)
        except NoAnswer as error:
            if (error.current or {}).get("reason") == "status_400":  # RFC 6749, 5.2
                raise _not_believed("code") from error
            raise

    def _ask_more(self, address: str, told: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """Ask for the claims that do not stand in the ID token (Core, 5.3)."""
        token = told.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            return {}
        more = ask("GET", address, headers={"authorization": f"Bearer {token}"})
        if more.get("sub") != subject:
            raise NotBelieved("another_subject")
        return more

    def _look(self) -> _Metadata:
        """Give what the provider says of itself, asked for when that was long ago.

        Raises: NoAnswer.
        """
        known = self._metadata
        if known is None or monotonic() - known.read_at > FRESH_S:
            issuer = self._settings.issuer
            address = issuer.removesuffix("/") + "/.well-known/openid-configuration"
            known = self._metadata = _read_metadata(ask("GET", address), issuer)
        return known


# ---- what is asked for -----------------------------------------------------------------


def _check_settings(settings: Settings) -> None:
    if not is_safe(settings.issuer) or urlsplit(settings.issuer).query:
        raise BadInput(
            f"auth.issuer är ”{settings.issuer}”. Skriv adressen till regionens inloggning, med"
            " https, till exempel https://login.region.example.",
            f'auth.issuer is "{settings.issuer}". Write the address of the region\'s sign-in,'
            " with https, e.g. https://login.region.example.",
        )
    if not settings.client_id:
        raise BadInput(
            "auth.client_id är tomt. Skriv det namn som regionens inloggning har gett Beredning.",
            "auth.client_id is empty. Write the name that the region's sign-in has given"
            " Beredning.",
        )


def _read_metadata(told: Mapping[str, Any], issuer: str) -> _Metadata:
    if told.get("issuer") != issuer:  # Discovery, 4.3: exactly, else somebody else's
        raise no_answer("another_issuer")
    addresses = {
        name: told.get(name)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    }
    needed = [address for name, address in addresses.items() if name != "userinfo_endpoint"]
    more = addresses["userinfo_endpoint"]
    if not all(map(is_safe, [*needed, *([] if more is None else [more])])):
        raise no_answer("unsafe_address")
    ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return _Metadata(
        authorize=str(addresses["authorization_endpoint"]),
        token=str(addresses["token_endpoint"]),
        keys=str(addresses["jwks_uri"]),
        userinfo=more,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        secret_in_body=isinstance(ways, list) and "client_secret_basic" not in ways,
        read_at=monotonic(),
    )


def _challenge(verifier: str) -> str:
    """Give what the provider gets of the verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _basic(name: str, secret: str) -> str:
    """Write name and secret as RFC 6749, 2.3.1, wants them."""
    both = f"{quote_plus(name)}:{quote_plus(secret)}".encode()
    return f"Basic {b64encode(both).decode()}"


# ---- what is said when it does not go --------------------------------------------------


def _not_believed(reason: str) -> Refused:
    error = refused(
        reason,
        "Svaret från regionens inloggning går inte att lita på. Börja om från inloggningssidan,"
        " och säg till den som sköter systemet om det händer igen.",
        "The answer of the region's sign-in cannot be trusted. Begin again from the sign-in page,"
        " and tell whoever runs the system if it happens again.",
    )
    error.current = {"reason": reason}
    return error


def said_no(word: str) -> Refused:
    """Make the refusal for the provider's own word of why (RFC 6749, 4.1.2.1)."""
    if word == "access_denied":
        return refused(
            "access_denied",
            "Du avbröt inloggningen, eller så har du inte tillgång. Försök igen.",
            "You stopped the sign-in, or you have no access. Try again.",
        )
    return refused(
        "said_no",
        "Regionens inloggning sa nej. Börja om från inloggningssidan.",
        "The region's sign-in said no. Begin again from the sign-in page.",
    )
