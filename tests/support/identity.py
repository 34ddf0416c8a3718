"""A sign-in of a region's, on this machine, that does everything right until it is told not to.

It speaks HTTP as a provider of OpenID Connect does. What it answers can be changed piece
by piece, so that a test says exactly which lie is told.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from beredning.clock import utc_now

__all__ = ["Asked", "Identity", "identity", "new_key"]

Answer = tuple[int, Any]


def new_key(kid: str | None = "k1", bits: int = 2048) -> RSAKey:
    """Make a key to sign with."""
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"} if kid else {"use": "sig"})


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]


@dataclass
class Identity:
    """The provider."""

    issuer: str = ""
    email: str = ""
    key: RSAKey | ECKey = field(default_factory=new_key)
    algorithm: str = "RS256"
    published: list[RSAKey | ECKey] | None = None
    """What it says its keys are; its own when nothing is said."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that stand over the right ones; one that is None is left out."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """What it says of itself, over the right things; None leaves out."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    make_token: Callable[["Identity", dict[str, Any]], Any] | None = None
    """Makes the ID token of some claims, otherwise than by signing them."""
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    """Whole answers by path, instead of the right ones."""
    drop_s: float = 0.0
    """Answers drop by drop: so many seconds between the bytes."""
    asked: list[Asked] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each code was given for."""

    def authorize(self, address: str) -> dict[str, str]:
        """Do what a person does there: sign in. Gives the fields of the way back."""
        fields = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = fields
        return {"code": code, "state": fields["state"]}

    def paths(self) -> list[str]:
        """Give what was asked for, in order."""
        return [one.path for one in self.asked]

    # ---- what it answers ----------------------------------------------------------------

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        given = self.answers.get(asked.path)
        if given is not None:
            return given() if callable(given) else given
        right: dict[str, Callable[[Asked], Answer]] = {
            "/.well-known/openid-configuration": self._metadata,
            "/authorize": self._send_back,
            "/keys": self._keys,
            "/token": self._token,
            "/userinfo": lambda _: (200, {"sub": "person-1", **self.userinfo}),
        }
        answer = right.get(asked.path.partition("?")[0])
        return answer(asked) if answer else (404, {})

    def _keys(self, _: Asked) -> Answer:
        keys = self.published if self.published is not None else [self.key]
        return 200, {"keys": [one.as_dict(private=False) for one in keys]}

    def _send_back(self, asked: Asked) -> Answer:
        """Let somebody who is signed in already through, as a browser sees it."""
        fields = self.authorize(asked.path)
        return 302, {"to": f"{self.codes[fields['code']]['redirect_uri']}?{urlencode(fields)}"}

    def _metadata(self, _: Asked) -> Answer:
        return 200, _without_none(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                **self.metadata,
            }
        )

    def _token(self, asked: Asked) -> Answer:
        began = self.codes.pop(asked.fields.get("code", ""), None)
        digest = sha256(asked.fields.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            began is None
            or began["code_challenge"] != challenge
            or began["code_challenge_method"] != "S256"
            or began["redirect_uri"] != asked.fields.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(utc_now().timestamp())
        right = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": began["client_id"],
            "exp": now + 300,
            "iat": now,
            "nonce": began["nonce"],
            "email": self.email,
            "email_verified": True,
        }
        claims = _without_none({**right, **self.claims})
        token = (self.make_token or Identity.sign)(self, claims)
        return 200, {"id_token": token, "access_token": "access-1", "token_type": "Bearer"}

    def sign(
        self,
        claims: dict[str, Any],
        header: dict[str, Any] | None = None,
        key: RSAKey | ECKey | None = None,
    ) -> str:
        """Sign some claims."""
        used = key or self.key
        kid = {"kid": used.get("kid")} if used.get("kid") else {}
        registry = JWSRegistry(algorithms=[self.algorithm], strict_check_header=False)
        full = {"alg": self.algorithm, **kid, **(header or {})}
        return jwt.encode(full, claims, used, registry=registry)


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


@contextmanager
def identity(email: str = "") -> Iterator[Identity]:
    """Run a provider on this machine."""
    made = Identity(email=email)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            self._answer({name: values[-1] for name, values in parse_qs(body).items()})

        def _answer(self, fields: dict[str, str]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, fields, headers)
            made.asked.append(asked)
            status, told = made.answer(asked)
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("location", urljoin(made.issuer, told["to"]))
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if not made.drop_s:
                self.wfile.write(body)
                return
            with suppress(OSError):  # nobody listens any more
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    sleep(made.drop_s)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
