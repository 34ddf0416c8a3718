"""The region's own sign-in: there and back, and everything that can be wrong with an answer."""

import json
import logging
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hmac import digest
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from joserfc.jws import JWSRegistry

from beredning.clock import utc_now
from beredning.config import Mode
from tests.service.worlds import Stage
from tests.support.identity import Identity, identity, new_key
from tests.web.browsing import BASE, Guest, Page
from tests.web.doors import Door
from web.signing_in import asking
from web.signing_in.oidc import Provider, Settings
from workflow.core.errors import BadInput

CLIENT = "beredning"
SECRET = "en hemlighet:med tecken"
GO = "Logga in med regionens konto"
ON = "Fortsätt till regionens inloggning"
NOT_TRUSTED = "Svaret från regionens inloggning går inte att lita på."


@pytest.fixture
def email(groundwork: Stage) -> str:
    """Somebody who owes something."""
    return groundwork.chief(groundwork.units("verksamhet")[0])


@pytest.fixture
def provider(email: str) -> Iterator[Identity]:
    """The region's sign-in, where that person has signed in."""
    with identity(email) as made:
        yield made


def door_of(stage: Stage, issuer: str, **auth: Any) -> Door:
    """Open pages where people come by that sign-in."""
    given = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, **auth}
    return Door.of(stage, mode=Mode.OIDC, **given)


@dataclass
class Way:
    """A browser on its way through the region's sign-in."""

    door: Door
    guest: Guest
    address: str
    """Where our page sends it."""

    @classmethod
    def begin(cls, door: Door, till: str = "") -> "Way":
        """Press the button."""
        guest = door.browser()
        shown = guest.get(f"/logga-in?till={till}" if till else "/logga-in")
        page = guest.send(shown, GO)
        assert 200 == page.status, page.words
        return cls(door, guest, page.links[ON])

    def come_back(self, fields: dict[str, str], guest: Guest | None = None) -> Page:
        """Come back with what the provider gave."""
        return (guest or self.guest).get(f"/logga-in/svar?{urlencode(fields)}")


def is_in(guest: Guest) -> bool:
    return guest.get("/konto").url == "/konto"


def sessions_of(stage: Stage) -> int:
    return int(stage.rows("SELECT count(*) FROM sessions")[0][0])


def refused_for(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give the reasons that the operator's log has for refused sign-ins."""
    return [
        vars(one)["reason"] for one in caplog.records if vars(one).get("event") == "sign_in_refused"
    ]


# ---- with a provider of another's making -----------------------------------------------


@pytest.fixture
def mock(email: str) -> Iterator[str]:
    """oidc-provider-mock, in this process; gives its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses parts of Authlib that are on their way out
        from oidc_provider_mock import User, run_server_in_thread  # noqa: PLC0415

        users = [
            User(sub="chefen", claims={"email": email, "email_verified": True}),
            User(sub="okand", claims={"email": "ny@alvmark.example", "email_verified": True}),
            User(sub="obekraftad", claims={"email": email, "email_verified": False}),
        ]
        with run_server_in_thread(user_claims=users) as server:
            yield f"http://localhost:{server.server_port}"


def through_the_mock(way: Way, subject: str, action: str = "authorize") -> Page:
    """Do what a person does at the mock."""
    answer = httpx.post(way.address, data={"sub": subject, "action": action})
    fields = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    return way.come_back(fields)


@pytest.mark.filterwarnings("ignore")
def test_one_signs_in_by_another_system(groundwork: Stage, mock: str, email: str) -> None:
    """Discovery, the browser's way, the code's exchange, the keys: and one is who one is,
    where one was going."""
    way = Way.begin(door_of(groundwork, mock), till="/konto")

    page = through_the_mock(way, "chefen")

    assert ("/konto", 200) == (page.url, page.status)
    assert email in page.words


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("subject", "action", "said"),
    [
        ("okand", "authorize", "Du är inloggad i regionen som ny@alvmark.example, men finns inte"),
        ("obekraftad", "authorize", "har inte bekräftat adressen"),
        ("chefen", "deny", "Du avbröt inloggningen"),
    ],
)
def test_another_system_says_who_is_not_let_in(
    groundwork: Stage, mock: str, subject: str, action: str, said: str
) -> None:
    """Somebody unknown, unverified, or who thought better of it: in words, with what to do."""
    way = Way.begin(door_of(groundwork, mock))

    page = through_the_mock(way, subject, action)

    assert 403 == page.status
    assert said in page.words
    assert 0 == sessions_of(groundwork)


# ---- there -----------------------------------------------------------------------------


def test_the_browser_takes_along_what_it_should(groundwork: Stage, provider: Identity) -> None:
    """Code flow, PKCE with S256, state, nonce; and the cookie that binds it to this browser."""
    way = Way.begin(door_of(groundwork, provider.issuer))
    fields = dict(parse_qsl(urlsplit(way.address).query))

    assert way.address.startswith(f"{provider.issuer}/authorize?tenant=1&")
    assert {
        "tenant": "1",
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{BASE}/logga-in/svar",
        "scope": "openid email",
        "code_challenge_method": "S256",
    } == {k: v for k, v in fields.items() if k not in ("state", "nonce", "code_challenge")}
    assert (64, 64, 43) == tuple(len(fields[k]) for k in ("state", "nonce", "code_challenge"))
    assert fields["state"] == way.guest.client.cookies.get("beredning-in")
    assert ["/.well-known/openid-configuration"] == provider.paths()


def test_the_page_on_the_way_goes_on_by_itself(groundwork: Stage, provider: Identity) -> None:
    """Without a script and without a form, which our own policy would hold back."""
    guest = door_of(groundwork, provider.issuer).browser()

    page = guest.send(guest.get("/logga-in"), GO)

    assert f"0; url={page.links[ON]}" == page.headers["refresh"]
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_a_get_begins_nothing(groundwork: Stage, provider: Identity) -> None:
    """Looking at the sign-in page asks nobody and stores nothing."""
    guest = door_of(groundwork, provider.issuer).browser()
    before = groundwork.everything()
    statuses = [guest.get("/logga-in").status, guest.get("/logga-in/regionen").status]

    assert [200, 405] == statuses
    assert [] == provider.asked
    assert before == groundwork.everything()


# ---- and back --------------------------------------------------------------------------


def test_the_code_is_exchanged_with_the_verifier(
    groundwork: Stage, provider: Identity, email: str
) -> None:
    """With the client's secret in the header, as it is written there; one is in."""
    way = Way.begin(door_of(groundwork, provider.issuer))
    page = way.come_back(provider.authorize(way.address))

    (exchange,) = [one for one in provider.asked if one.path == "/token"]
    assert "/" == page.url
    assert is_in(way.guest)
    assert (
        "Basic YmVyZWRuaW5nOmVuK2hlbWxpZ2hldCUzQW1lZCt0ZWNrZW4="
        == exchange.headers["authorization"]
    )
    assert {"grant_type", "code", "redirect_uri", "code_verifier"} == set(exchange.fields)
    assert [(email, "oidc")] == groundwork.rows(
        "SELECT email, mode FROM sessions JOIN people ON people.id = person_id"
    )


@pytest.mark.parametrize(
    ("ways", "secret", "fields", "header"),
    [
        (["client_secret_post"], SECRET, {"client_id", "client_secret"}, False),
        (["client_secret_post", "client_secret_basic"], SECRET, set(), True),
        (None, "", {"client_id"}, False),
    ],
)
def test_the_secret_is_given_as_the_provider_takes_it(
    groundwork: Stage,
    provider: Identity,
    ways: list[str] | None,
    secret: str,
    fields: set[str],
    *,
    header: bool,
) -> None:
    """In the header where that is taken, else among the fields; none when there is none."""
    provider.metadata["token_endpoint_auth_methods_supported"] = ways
    way = Way.begin(door_of(groundwork, provider.issuer, client_secret=secret))
    way.come_back(provider.authorize(way.address))

    (exchange,) = [one for one in provider.asked if one.path == "/token"]
    assert is_in(way.guest)
    assert fields == set(exchange.fields) - {
        "grant_type",
        "code",
        "redirect_uri",
        "code_verifier",
    }
    assert header is ("authorization" in exchange.headers)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_the_three_algorithms_are_taken(
    groundwork: Stage, provider: Identity, algorithm: str
) -> None:
    """Each with a key of its kind."""
    if algorithm == "ES256":
        provider.key = ECKey.generate_key("P-256", {"kid": "e1", "use": "sig"})
    provider.algorithm = algorithm
    way = Way.begin(door_of(groundwork, provider.issuer))

    way.come_back(provider.authorize(way.address))

    assert is_in(way.guest)


def test_keys_without_names_are_tried_in_turn(groundwork: Stage, provider: Identity) -> None:
    """A provider with two keys that names neither is understood."""
    provider.key = new_key(None)
    provider.published = [new_key(None), provider.key]
    way = Way.begin(door_of(groundwork, provider.issuer))

    way.come_back(provider.authorize(way.address))

    assert is_in(way.guest)


def test_new_keys_are_looked_for_once(groundwork: Stage, provider: Identity) -> None:
    """Keys are kept; with an unknown one they are read anew, and it goes on without a stop."""
    door = door_of(groundwork, provider.issuer)
    for _ in range(2):
        way = Way.begin(door)
        way.come_back(provider.authorize(way.address))
    provider.key = new_key("k2")
    way = Way.begin(door)
    way.come_back(provider.authorize(way.address))

    assert is_in(way.guest)
    assert 2 == provider.paths().count("/keys")
    assert 1 == provider.paths().count("/.well-known/openid-configuration")


def test_a_claim_that_is_not_in_the_token_is_asked_for(
    groundwork: Stage, provider: Identity, email: str
) -> None:
    """At the provider's own address for it, with the access token."""
    provider.claims = {"email": None, "email_verified": None}
    provider.userinfo = {"email": email, "email_verified": True}
    way = Way.begin(door_of(groundwork, provider.issuer))
    way.come_back(provider.authorize(way.address))

    (more,) = [one for one in provider.asked if one.path == "/userinfo"]
    assert is_in(way.guest)
    assert "Bearer access-1" == more.headers["authorization"]


def test_another_claim_is_compared_with_keys(
    groundwork: Stage, provider: Identity, email: str
) -> None:
    """Where the settings say so, and the address has no part in it."""
    ((key,),) = groundwork.rows("SELECT key FROM people WHERE email = :who", who=email)
    provider.claims = {"hsaid": key, "email": "annan@alvmark.example"}
    way = Way.begin(door_of(groundwork, provider.issuer, claim="hsaid"))

    way.come_back(provider.authorize(way.address))

    assert email in way.guest.get("/konto").words


def test_who_answers_is_believed_when_it_is_right(groundwork: Stage, provider: Identity) -> None:
    """A provider that names itself in the answer (RFC 9207)."""
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    way = Way.begin(door_of(groundwork, provider.issuer))

    way.come_back({**provider.authorize(way.address), "iss": provider.issuer})

    assert is_in(way.guest)


def test_a_second_factor_is_the_regions_business(groundwork: Stage, provider: Identity) -> None:
    """Nothing here is demanded, and the pages for passwords are not there."""
    way = Way.begin(door_of(groundwork, provider.issuer, second_factor=True))
    way.come_back(provider.authorize(way.address))
    own = way.guest.get("/konto")
    statuses = [way.guest.get(path).status for path in ("/konto/losenord", "/konto/kod")]
    post = way.guest.post("/logga-in", {"email": "x", "password": "y", "token": way.guest.token})

    assert "Byt lösenord" not in own.text
    assert [404, 404, 404] == [*statuses, post.status]


def test_no_transaction_waits_for_the_network(groundwork: Stage, provider: Identity) -> None:
    """While the provider thinks, everybody else writes."""
    door = door_of(groundwork, provider.issuer)
    wrote: list[int] = []
    right = Identity.answer

    def busy() -> Any:
        groundwork.change("UPDATE people SET party = 'X' WHERE id = 1")
        wrote.append(1)
        del provider.answers["/token"]
        return right(provider, provider.asked[-1])

    provider.answers["/token"] = busy
    way = Way.begin(door)
    way.come_back(provider.authorize(way.address))

    assert [1] == wrote
    assert is_in(way.guest)


# ---- a provider that lies --------------------------------------------------------------

Lie = Callable[[Identity], None]


def claim(**given: Any) -> Lie:
    return lambda provider: provider.claims.update(given)


def later(name: str, seconds: int) -> Lie:
    return lambda provider: provider.claims.update({name: int(utc_now().timestamp()) + seconds})


def token(make: Callable[[Identity, dict[str, Any]], Any]) -> Lie:
    return lambda provider: setattr(provider, "make_token", make)


def part(given: Any) -> str:
    return urlsafe_b64encode(json.dumps(given).encode()).rstrip(b"=").decode()


def unsigned(algorithm: str) -> Callable[[Identity, dict[str, Any]], str]:
    return lambda provider, claims: (
        f"{part({'alg': algorithm, 'kid': provider.key.get('kid')})}.{part(claims)}."
    )


def signed_with_public_key(provider: Identity, claims: dict[str, Any]) -> str:
    """Take the public key for a shared secret (https://www.rfc-editor.org/rfc/rfc8725#2.1)."""
    signed = f"{part({'alg': 'HS256', 'kid': provider.key.get('kid')})}.{part(claims)}"
    made = digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def signed_by_hand(header: dict[str, Any], bits: int = 2048) -> Lie:
    """Sign what no library would sign."""

    def sign(_: Identity, claims: dict[str, Any]) -> str:
        signed = f"{part({'alg': 'RS256', 'kid': 'k1', **header})}.{part(claims)}"
        made = JWSRegistry.algorithms["RS256"].sign(signed.encode(), private)
        return f"{signed}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"

    def lie(provider: Identity) -> None:
        provider.make_token = sign
        public = private.as_dict(private=False)
        provider.answers["/keys"] = (200, {"keys": [public]})

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a key may be shorter than anybody should have
        private = new_key("k1", bits)
    return lie


def with_client_secret(_: Identity, claims: dict[str, Any]) -> str:
    return jwt.encode(
        {"alg": "HS256"}, claims, OctKey.import_key(SECRET.encode()), algorithms=["HS256"]
    )


def another_key(provider: Identity) -> None:
    """Sign with a key that bears the right name and is not published."""
    provider.published = [provider.key]
    provider.key = new_key("k1")


def unpublished_key(provider: Identity) -> None:
    provider.published = [new_key("k9")]


def swapped_payload(provider: Identity, claims: dict[str, Any]) -> str:
    head, _, signature = provider.sign({**claims, "email": "annan@alvmark.example"}).split(".")
    return f"{head}.{part(claims)}.{signature}"


def key_of_its_own(provider: Identity, claims: dict[str, Any]) -> str:
    """Bring the key along in the token."""
    own = new_key("egen")
    return provider.sign(claims, {"kid": "k1", "jwk": own.as_dict(private=False)}, own)


def key_for_secrets(provider: Identity) -> None:
    """Publish the key as one that is not for signatures."""
    public = {**provider.key.as_dict(private=False), "use": "enc"}
    provider.answers["/keys"] = (200, {"keys": [public]})


def other_curve(provider: Identity) -> None:
    provider.key = ECKey.generate_key("P-384", {"kid": "k1"})
    provider.algorithm = "ES384"


def another_subjects_claims(provider: Identity) -> None:
    provider.claims = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "person-2", "email": provider.email}


LIES: dict[str, tuple[Lie, str]] = {
    "another issuer": (claim(iss="https://nagon.example"), "issuer"),
    "issuer with a slash": (
        lambda provider: provider.claims.update(iss=provider.issuer + "/"),
        "issuer",
    ),
    "no issuer": (claim(iss=None), "issuer"),
    "another audience": (claim(aud="annan"), "audience"),
    "others among the audience": (claim(aud=[CLIENT, "annan"]), "audience"),
    "authorized is another": (claim(aud=[CLIENT, "annan"], azp="annan"), "audience"),
    "azp is another": (claim(azp="annan"), "audience"),
    "part of the audience": (claim(aud=CLIENT[:-1]), "audience"),
    "audience of another shape": (claim(aud={CLIENT: True}), "audience"),
    "no audience": (claim(aud=None), "audience"),
    "another nonce": (claim(nonce="0" * 64), "nonce"),
    "no nonce": (claim(nonce=None), "nonce"),
    "expired": (later("exp", -121), "expired"),
    "never expires": (claim(exp=None), "expired"),
    "expires in words": (claim(exp="2999-01-01"), "expired"),
    "expires at no number": (claim(exp=float("nan")), "expired"),
    "expires at infinity": (claim(exp=float("inf")), "expired"),
    "issued long ago": (later("iat", -601), "issued"),
    "issued tomorrow": (later("iat", 86400), "issued"),
    "issued never": (claim(iat=None), "issued"),
    "not yet": (later("nbf", 3600), "not_before"),
    "nobody": (claim(sub=None), "subject"),
    "nobody's name": (claim(sub=""), "subject"),
    "unverified": (claim(email_verified=False), "unverified"),
    "verified in words": (claim(email_verified="true"), "unverified"),
    "no address anywhere": (claim(email=None), "no_claim"),
    "unsigned": (token(unsigned("none")), "algorithm"),
    "unsigned in capitals": (token(unsigned("None")), "algorithm"),
    "unsigned, said to be signed": (token(unsigned("RS256")), "signature"),
    "algorithm of another shape": (
        token(lambda _, claims: f"{part({'alg': ['RS256']})}.{part(claims)}.x"),
        "algorithm",
    ),
    "public key as a secret": (token(signed_with_public_key), "algorithm"),
    "our secret as a key": (token(with_client_secret), "algorithm"),
    "a key of that name": (another_key, "signature"),
    "a key nobody published": (unpublished_key, "unknown_key"),
    "a key in the token": (token(key_of_its_own), "signature"),
    "a key that is too short": (signed_by_hand({}, 1024), "unknown_key"),
    "a key for something else": (key_for_secrets, "unknown_key"),
    "a key on another curve": (other_curve, "algorithm"),
    "other claims than were signed": (token(swapped_payload), "signature"),
    "something critical": (signed_by_hand({"crit": ["exp"], "exp": 1}), "header"),
    "something critical that is known": (signed_by_hand({"crit": ["b64"], "b64": True}), "header"),
    "a key's name that is none": (
        token(lambda _, claims: f"{part({'alg': 'RS256', 'kid': 7})}.{part(claims)}.x"),
        "header",
    ),
    "no token": (token(lambda *_: None), "no_token"),
    "a list": (token(lambda *_: ["x"]), "no_token"),
    "no JSON": (token(lambda *_: "x.y.z"), "unreadable"),
    "an encrypted one": (token(lambda *_: "a.b.c.d.e"), "unreadable"),
    "a very long one": (token(lambda *_: "a" * 100_000), "no_token"),
    "another subject's claims": (another_subjects_claims, "another_subject"),
    "keys that are none": (
        lambda provider: provider.answers.update({"/keys": (200, {"keys": "x"})}),
        "unknown_key",
    ),
    "broken keys": (
        lambda provider: provider.answers.update(
            {"/keys": (200, {"keys": [None, 7, {}, {"kty": "RSA"}, {"kty": "RSA", "n": 1}]})}
        ),
        "unknown_key",
    ),
    "an error for the code": (
        lambda provider: provider.answers.update({"/token": (400, {"error": "invalid_grant"})}),
        "code",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_provider_that_lies_signs_nobody_in(
    groundwork: Stage, provider: Identity, caplog: pytest.LogCaptureFixture, lie: str
) -> None:
    """403 in words that say what to do; the operator's log has the reason, and no secrets."""
    tell, reason = LIES[lie]
    tell(provider)
    way = Way.begin(door_of(groundwork, provider.issuer))
    back = provider.authorize(way.address)
    with caplog.at_level(logging.INFO):
        page = way.come_back(back)

    assert (403, "Logga in") == (page.status, page.heading)
    assert [reason] == refused_for(caplog)
    assert reason in ("unverified", "no_claim") or NOT_TRUSTED in page.words
    assert 0 == sessions_of(groundwork)
    assert not is_in(way.guest)
    told = [str(vars(one)) for one in caplog.records if one.name != "httpx2"]  # the browser's
    assert not any(one in "".join(told) for one in (SECRET, back["code"], back["state"]))


def test_a_token_signed_by_hand_is_believed(groundwork: Stage, provider: Identity) -> None:
    """What the lies above have in common is no lie."""
    signed_by_hand({"x5t": "anything", "typ": "JWT"})(provider)
    way = Way.begin(door_of(groundwork, provider.issuer))

    way.come_back(provider.authorize(way.address))

    assert is_in(way.guest)


NO_ANSWERS: dict[str, dict[str, Any]] = {
    "an error": {"/token": (500, {})},
    "a wrong secret": {"/token": (401, {"error": "invalid_client"})},
    "a redirect": {"/token": (302, {"to": "/elsewhere"})},
    "no JSON": {"/token": (200, b"<html>")},
    "no text": {"/token": (200, b"\xff\xfe{")},
    "a list": {"/token": (200, [])},
    "endless brackets": {"/token": (200, b"[" * 200_000)},
    "no keys": {"/keys": (404, {})},
}


@pytest.mark.parametrize("fault", NO_ANSWERS)
def test_a_provider_that_does_not_answer_is_told_of(
    groundwork: Stage, provider: Identity, fault: str
) -> None:
    """503, with what to do; and one can begin again."""
    provider.answers.update(NO_ANSWERS[fault])
    door = door_of(groundwork, provider.issuer)
    way = Way.begin(door)
    page = way.come_back(provider.authorize(way.address))
    provider.answers.clear()
    again = Way.begin(door)
    again.come_back(provider.authorize(again.address))

    assert 503 == page.status
    assert "Regionens inloggning svarar inte som den ska." in page.words
    assert "5" == page.headers["retry-after"]
    assert is_in(again.guest)


def test_an_answer_that_is_too_long_is_not_read(groundwork: Stage, provider: Identity) -> None:
    """Not even when all that is right stands in it."""
    right = Identity.answer

    def padded() -> Any:
        del provider.answers["/token"]
        status, told = right(provider, provider.asked[-1])
        return status, json.dumps(told).encode() + b" " * 1024 * 1024

    provider.answers["/token"] = padded
    way = Way.begin(door_of(groundwork, provider.issuer))
    page = way.come_back(provider.authorize(way.address))

    assert 503 == page.status
    assert not is_in(way.guest)


def test_an_answer_that_drips_is_not_waited_for(
    groundwork: Stage, provider: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time, and all of them do not."""
    monkeypatch.setattr(asking, "PATIENCE_S", 0.5)
    way = Way.begin(door_of(groundwork, provider.issuer))
    back = provider.authorize(way.address)
    provider.drop_s = 0.1
    began = perf_counter()

    page = way.come_back(back)

    assert 503 == page.status
    assert perf_counter() - began < 10


METADATA: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://nagon.example"},
    "no issuer": {"issuer": None},
    "no token endpoint": {"token_endpoint": None},
    "keys in clear": {"jwks_uri": "http://nagon.example/keys"},
    "exchange in clear": {"token_endpoint": "http://nagon.example/token"},
    "a file": {"jwks_uri": "file:///etc/hosts"},
    "a script": {"authorization_endpoint": "javascript:alert(1)"},
    "a header more": {"authorization_endpoint": "https://nagon.example/\r\nSet-Cookie: a=b"},
    "a user": {"token_endpoint": "https://a:b@nagon.example/"},
    "no port": {"token_endpoint": "https://nagon.example:x/"},
    "no host": {"token_endpoint": "https:///token"},
    "a number": {"token_endpoint": 7},
    "personal data in clear": {"userinfo_endpoint": "http://nagon.example/"},
}


@pytest.mark.parametrize("fault", METADATA)
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(
    groundwork: Stage, provider: Identity, fault: str
) -> None:
    """The browser stays here and is told; it is asked anew next time."""
    provider.metadata.update(METADATA[fault])
    guest = door_of(groundwork, provider.issuer).browser()
    page = guest.send(guest.get("/logga-in"), GO)
    provider.metadata.clear()
    again = guest.send(guest.get("/logga-in"), GO)

    assert (503, "Logga in") == (page.status, page.heading)
    assert "refresh" not in page.headers
    assert ON in again.links


def test_a_provider_that_is_not_there_is_told_of(groundwork: Stage) -> None:
    """503, at once."""
    with identity() as gone:
        issuer = gone.issuer
    guest = door_of(groundwork, issuer).browser()

    page = guest.send(guest.get("/logga-in"), GO)

    assert 503 == page.status


# ---- somebody in between ---------------------------------------------------------------


def test_an_answer_is_worth_nothing_in_another_browser(
    groundwork: Stage, provider: Identity, caplog: pytest.LogCaptureFixture
) -> None:
    """Who is lured by a link into somebody else's account is not let in by it, and whoever
    began it still is."""
    door = door_of(groundwork, provider.issuer)
    way = Way.begin(door)
    back = provider.authorize(way.address)
    victim, other = door.browser(), Way.begin(door)

    lured = way.come_back(back, victim)
    swapped = way.come_back(back, other.guest)
    own = way.come_back(back)

    assert [403, 403, 200] == [lured.status, swapped.status, own.status]
    assert "Inloggningen började i en annan webbläsare" in lured.words
    assert [False, False, True] == [is_in(one) for one in (victim, other.guest, way.guest)]
    assert ["another_browser"] * 2 == refused_for(caplog)


def test_a_code_of_somebody_elses_is_not_exchanged(groundwork: Stage, provider: Identity) -> None:
    """A stolen code in one's own way back does not fit one's own verifier (RFC 7636)."""
    door = door_of(groundwork, provider.issuer)
    theirs, mine = Way.begin(door), Way.begin(door)
    stolen = provider.authorize(theirs.address)["code"]
    state = provider.authorize(mine.address)["state"]

    page = mine.come_back({"code": stolen, "state": state})

    assert 403 == page.status
    assert not is_in(mine.guest)


def test_an_answer_is_taken_once(groundwork: Stage, provider: Identity) -> None:
    """Played again it meets nothing, also in the same browser."""
    way = Way.begin(door_of(groundwork, provider.issuer))
    back = provider.authorize(way.address)
    way.come_back(back)
    way.guest.send(way.guest.get("/konto"), "Logga ut")
    way.guest.client.cookies.set("beredning-in", back["state"], domain="localhost.local")
    exchanges = provider.paths().count("/token")

    page = way.come_back(back)

    assert 403 == page.status
    assert exchanges == provider.paths().count("/token")
    assert not is_in(way.guest)


@pytest.mark.parametrize("iss", [None, "https://nagon.example", ""])
def test_an_answer_from_somebody_else_is_not_taken(
    groundwork: Stage, provider: Identity, iss: str | None
) -> None:
    """Of a provider that names itself, one without the right name (RFC 9207)."""
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    way = Way.begin(door_of(groundwork, provider.issuer))
    back = provider.authorize(way.address)

    page = way.come_back(back if iss is None else {**back, "iss": iss})

    assert 403 == page.status
    assert "/token" not in provider.paths()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"state": ""},
        {"state": "x", "code": "y"},
        {"code": "y"},
        {"error": "<script>alert(1)</script>", "error_description": "<b>ring 123</b>"},
        {"state": "å" * 5000},
    ],
)
def test_an_address_that_is_made_up_does_nothing(
    groundwork: Stage, provider: Identity, fields: dict[str, str]
) -> None:
    """Nobody is signed in, nothing is taken or asked, and none of it is shown."""
    way = Way.begin(door_of(groundwork, provider.issuer))
    before = groundwork.everything()

    page = way.come_back(fields)

    assert 403 == page.status
    assert before == groundwork.everything()
    assert "/token" not in provider.paths()
    assert "ring 123" not in page.text
    assert "<script>alert" not in page.text


def test_what_the_provider_says_no_with_is_not_shown(groundwork: Stage, provider: Identity) -> None:
    """Words in an address are anybody's words."""
    way = Way.begin(door_of(groundwork, provider.issuer))
    state = provider.authorize(way.address)["state"]

    page = way.come_back(
        {"state": state, "error": "server_error", "error_description": "Ring 123 nu"}
    )

    assert 403 == page.status
    assert "Regionens inloggning sa nej." in page.words
    assert "Ring 123" not in page.text


def test_a_head_takes_nothing(groundwork: Stage, provider: Identity) -> None:
    """A program that looks at links before people do spoils nothing."""
    way = Way.begin(door_of(groundwork, provider.issuer))
    back = provider.authorize(way.address)
    before = groundwork.everything()
    way.guest.head(f"/logga-in/svar?{urlencode(back)}")

    assert before == groundwork.everything()
    assert "/" == way.come_back(back).url


def test_signing_in_ends_what_the_browser_came_with(groundwork: Stage, provider: Identity) -> None:
    """A planted session is neither kept nor shared."""
    door = door_of(groundwork, provider.issuer)
    first = Way.begin(door)
    first.come_back(provider.authorize(first.address))
    planted = first.guest.client.cookies["beredning"]
    second = Way.begin(door)
    second.guest.client.cookies.set("beredning", planted)
    second.come_back(provider.authorize(second.address))

    assert [(1,)] == groundwork.rows("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
    assert not is_in(first.guest)


# ---- settings --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "client", "said"),
    [
        ("", CLIENT, "auth.issuer"),
        ("login.region.example", CLIENT, "auth.issuer"),
        ("http://login.region.example", CLIENT, "auth.issuer"),
        ("http://127.0.0.1.nagon.example", CLIENT, "auth.issuer"),
        ("http://localhost@nagon.example", CLIENT, "auth.issuer"),
        ("https://login.region.example?x=1", CLIENT, "auth.issuer"),
        ("https://login.region.example#x", CLIENT, "auth.issuer"),
        ("https://login.région.example", CLIENT, "auth.issuer"),
        ("ftp://login.region.example", CLIENT, "auth.issuer"),
        ("https://login.region.example", "", "auth.client_id"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(issuer: str, client: str, said: str) -> None:
    """Before anybody comes: which key, and what to write."""
    settings = Settings(issuer=issuer, client_id=client, client_secret="", redirect_uri="x")

    with pytest.raises(BadInput, match=said):
        Provider(settings)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.region.example",
        "https://login.region.example/tenant/v2.0",
        "https://login.region.example:8443/",
        "http://localhost:8080",
        "http://127.0.0.1:8080/realms/region",
        "http://[::1]:8080",
    ],
)
def test_settings_that_can_be_used_ask_nobody(issuer: str) -> None:
    """https anywhere, and in clear on this machine; the network is not needed to start."""
    Provider(Settings(issuer=issuer, client_id=CLIENT, client_secret="", redirect_uri="x"))
