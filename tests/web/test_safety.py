"""What every answer carries and every request must pass: headers, hosts, origin, token."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import Auth, Config, Mode
from tests.web import rights
from tests.web.browsing import BASE, HERE
from tests.web.everyone import ABOUT, CLIENT, NOBODY, Everyone
from tests.web.rights import Row, Sent
from web.site import make_site

POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
ANSWERS: Final = {
    "page": ("GET", "/hjalp", {}, 200),
    "sent on": ("GET", "/", {}, 303),
    "not there": ("GET", "/finns/inte/alls", {}, 404),
    "not like that": ("POST", "/hjalp", {}, 405),
    "no such method": ("PROPFIND", "/", {}, 405),
    "no form": ("POST", "/logga-ut", {"content-type": "application/json"}, 415),
    "too large": ("POST", "/logga-ut", {"content-length": "99999999"}, 413),
    "foreign": ("POST", "/logga-ut", {}, 403),
    "another host": ("GET", "/hjalp", {"host": "annan.example"}, 421),
    "static": ("GET", "/static/look.css", {}, 200),
    "static, not there": ("GET", "/static/finns-inte.css", {}, 404),
    "static, folder": ("GET", "/static/", {}, 404),
    "unreadable": ("GET", "/sok?q=%00", {}, 400),
}
Pages = list[tuple[str, str, Any]]
SEEN_AS: Final = ("medicinsk_radgivare", "verksamhetschef", NOBODY)


@pytest.fixture(scope="module")
def forms(everyone: Everyone) -> dict[str, Sent]:
    """What the buttons on all pages send."""
    return rights.forms_of(everyone, rights.rows(everyone))


@pytest.fixture(scope="module")
def pages(everyone: Everyone) -> list[tuple[str, str, Any]]:
    """What each address answers to some who differ in what they see."""
    return [
        (row.path, who, everyone.get(who, row.path))
        for row in rights.rows(everyone)
        if row.address.method == "GET"
        for who in SEEN_AS
    ]


def opened(everyone: Everyone, **settings: Any) -> TestClient:
    """Open the same pages with other settings."""
    config = Config(**{"auth": Auth(mode=Mode.LOCAL), "about": ABOUT, **settings})
    base = config.web.base_url if "web" in settings else BASE
    site = make_site(App(config=config), everyone.stage.world)
    return TestClient(site, base_url=base, raise_server_exceptions=False, client=CLIENT)


def policy_of(answer: Any) -> dict[str, str]:
    """Give the Content-Security-Policy by directive."""
    parts = answer.headers["content-security-policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


# ---- headers ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_carries_the_headers(everyone: Everyone, kind: str) -> None:
    """Also what never came as far as a page: errors, other hosts, files that are not there."""
    method, path, headers, status = ANSWERS[kind]
    everyone.client.cookies.clear()

    answer = everyone.client.request(method, path, headers=headers, follow_redirects=False)

    assert status == answer.status_code
    kept = {"cache-control": "no-cache"} if path.startswith("/static/") else {}
    assert {**HEADERS, **kept} == {name: answer.headers.get(name) for name in HEADERS}
    assert POLICY == policy_of(answer)


def test_every_page_carries_the_headers(pages: Pages) -> None:
    """Each address, as who leads, as a chief and as nobody; what is a file may not even run
    in the browser's own sandbox."""
    wrong = []
    for path, who, answer in pages:
        told = {name: answer.headers.get(name) for name in HEADERS}
        policy, file = (
            policy_of(answer),
            "attachment" in answer.headers.get("content-disposition", ""),
        )
        expected = {"sandbox": "", "default-src": "'none'"} if file else POLICY
        if told != HEADERS or policy != expected:
            wrong.append((path, who, policy, told))

    assert [] == wrong


def test_no_policy_ever_lets_anything_inline_through(pages: Pages) -> None:
    """Neither unsafe-inline nor unsafe-eval, no data: and no other host, on any answer."""
    answers = [answer for *_, answer in pages]

    loose = {
        word
        for answer in answers
        for word in re.findall(
            r"unsafe-\w+|data:|https?:|\*", answer.headers["content-security-policy"]
        )
    }

    assert set() == loose


def test_head_answers_as_get_without_a_body(everyone: Everyone, pages: Pages) -> None:
    """The same status and headers for each address, and not a byte behind them."""
    wrong = []
    for path, who, got in pages:
        if who == "medicinsk_radgivare":
            head = everyone.get(who, path, method="HEAD")
            if head.status_code != got.status_code or head.content:
                wrong.append((path, got.status_code, head.status_code, head.content[:40]))
            if head.headers.get("content-type") != got.headers.get("content-type"):
                wrong.append((path, head.headers.get("content-type")))

    assert [] == wrong


def test_behind_tls_the_browser_is_held_to_it(everyone: Everyone) -> None:
    """HSTS on every answer with https in web.base_url, and on none without."""
    with opened(everyone, web={"base_url": "https://beredning.region.example"}) as client:
        answers = [client.get(path) for path in ("/hjalp", "/finns-inte", "/static/look.css")]

    told = {answer.headers.get("strict-transport-security") for answer in answers}
    assert {"max-age=63072000; includeSubDomains"} == told
    assert "strict-transport-security" not in everyone.client.get("/hjalp").headers


# ---- nothing inline --------------------------------------------------------------------


def test_no_page_has_anything_inline(pages: Pages) -> None:
    """No style, no script, no handler in any page; and nothing is fetched from elsewhere."""
    wrong = set()
    for path, who, answer in pages:
        if answer.headers.get("content-type", "").startswith("text/html"):
            soup = BeautifulSoup(answer.text, "html.parser")
            wrong |= {f"{path} ({who}): {fault}" for fault in _inline(soup)}

    assert set() == wrong


def _inline(soup: BeautifulSoup) -> Iterator[str]:
    yield from (f"<style> {one}" for one in soup.find_all("style"))
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"{name}= on <{tag.name}>"
            if name == "srcdoc" or re.match(r"\s*(javascript|data|vbscript):", str(value), re.I):
                yield f"{name}={value}"
        if tag.name == "script" and (tag.get_text().strip() or not _is_ours(tag.get("src"))):
            yield f"<script> {tag}"
        loads = tag.name in ("link", "img", "use", "iframe", "source", "embed", "object")
        if loads and not _is_ours(tag.get("href") or tag.get("src")):
            yield f"<{tag.name}> {tag}"
        if tag.name in ("form", "button"):
            where = tag.get("formaction") or tag.get("action")
            if where and not (str(where).startswith("/") and not str(where).startswith("//")):
                yield f"<{tag.name}> {where}"


def _is_ours(address: object) -> bool:
    return str(address).startswith(("/static/", "/demo/", "/admin/", "#"))


# ---- hosts and proxies -----------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "annan.example",
        "localhost.annan.example",
        "annan.example:8000",
        "localhost@annan.example",
        "annan.example#localhost",
        "localhost:8000@annan.example",
        "",
        "[::ffff:7f00:1",
        "localhost,annan.example",
        "ｌocalhost".encode(),
    ],
)
def test_only_our_own_hosts_are_answered(everyone: Everyone, host: str | bytes) -> None:
    """Any other name is turned away before anything is read, and never written back."""
    answer = everyone.client.get("/hjalp", headers=[("host", host)])

    assert 421 == answer.status_code
    assert "annan.example" not in answer.text


def test_two_hosts_are_none(everyone: Everyone) -> None:
    """A request that names two is turned away."""
    answer = everyone.client.get("/hjalp", headers=[("host", "localhost"), ("host", "localhost")])

    assert 421 == answer.status_code


FORGED: Final = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-host": "annan.example",
    "x-forwarded-proto": "https",
    "x-forwarded-prefix": "/annan",
    "forwarded": "for=203.0.113.7;host=annan.example;proto=https",
    "x-real-ip": "203.0.113.7",
    "x-original-url": "/admin",
    "x-rewrite-url": "/admin",
    "x-http-method-override": "POST",
}


def test_what_a_proxy_says_changes_no_answer(everyone: Everyone) -> None:
    """Links, redirects and pages are made from the settings, whoever claims to have forwarded
    the request; which address it came from is the server's business (`web.proxies`)."""
    with opened(everyone) as client:
        paths = ["/hjalp", "/", "/logga-in", "/logga-in?till=/konto", "/finns-inte"]
        plain = [client.get(path, follow_redirects=False) for path in paths]
        forged = [client.get(path, headers=FORGED, follow_redirects=False) for path in paths]

    def told(answer: Any) -> tuple[object, ...]:
        text = re.sub(r'value="[0-9a-f]{32}"', "", answer.text)
        return answer.status_code, answer.headers.get("location"), text

    assert [told(one) for one in plain] == [told(one) for one in forged]


def test_nobody_comes_into_a_demo_through_a_proxy(everyone: Everyone) -> None:
    """A demo is for whoever sits at the machine: what was forwarded is from somewhere else."""
    secret = everyone.secrets["verksamhetschef"]
    for header in ("x-forwarded-for", "forwarded", "x-real-ip"):
        headers = {header: "127.0.0.1", "cookie": f"beredning={secret}"}
        everyone.client.cookies.clear()
        answer = everyone.client.get("/", headers=headers, follow_redirects=False)

        assert 303 == answer.status_code
        assert "/logga-in" == answer.headers["location"]


# ---- where a form comes from -----------------------------------------------------------


ELSEWHERE: Final[dict[str, Mapping[str, str]]] = {
    "nothing": {},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
    "none": {"sec-fetch-site": "none"},
    "odd": {"sec-fetch-site": "Same-Origin"},
    "foreign origin": {"origin": "https://annan.example"},
    "null origin": {"origin": "null"},
    "another port": {"origin": "http://localhost:9999"},
    "another scheme": {"origin": "https://localhost:8000"},
    "our name inside another": {"origin": "http://localhost:8000.annan.example"},
    "both, and they differ": {"sec-fetch-site": "same-origin", "origin": "https://annan.example"},
    "both the other way": {"sec-fetch-site": "cross-site", "origin": BASE},
    "referer only": {"referer": f"{BASE}/"},
}


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_form_from_elsewhere_is_taken(
    everyone: Everyone, forms: dict[str, Sent], elsewhere: str
) -> None:
    """Every address that takes a form, with a form that would go through and its right token:
    turned away, nothing is written, and what another page wrote is not shown."""
    wrong = []
    for row, who, fields in _posts(everyone, forms):
        before = everyone.picture()
        marked = {**fields, "comment": "skrivet någon annanstans"}
        answer = everyone.post(who, row.path, marked, headers=ELSEWHERE[elsewhere])
        if answer.status_code != 403 or everyone.picture() != before:
            wrong.append((row.name, answer.status_code))
        if "någon annanstans" in answer.text:
            wrong.append((row.name, "shown"))

    assert [] == wrong


@pytest.mark.parametrize("token", ["", "fel", "å", "another's", "0" * 64, "reversed"])
def test_no_form_without_its_own_token_is_taken(
    everyone: Everyone, forms: dict[str, Sent], token: str
) -> None:
    """Wrong, missing or somebody else's: given back to be sent again, and nothing is done."""
    wrong = []
    for row, who, fields in _posts(everyone, forms):
        if row.path.startswith("/demo/"):
            continue  # who becomes somebody in a demo may come without a session
        own = everyone.token(who)
        given = {"another's": everyone.token("revisor"), "reversed": own[::-1]}.get(token, token)
        before = everyone.picture()
        answer = everyone.post(who, row.path, {**fields, "token": given})
        if answer.status_code not in (403, 404) or everyone.picture() != before:
            wrong.append((row.name, answer.status_code))

    assert [] == wrong


def test_a_form_from_here_is_taken_by_either_header(everyone: Everyone) -> None:
    """Browsers without Sec-Fetch-Site send Origin; one of them is enough."""
    for headers in (HERE, {"origin": BASE}, {**HERE, "origin": BASE}):
        answer = everyone.post(
            "verksamhetschef", "/konto", {"language": "sv", "theme": ""}, headers=headers
        )

        assert 303 == answer.status_code


def test_a_token_of_an_earlier_session_is_of_no_use(everyone: Everyone) -> None:
    """A new sign-in has a new token, also for the same person."""
    old = everyone.token("verksamhetschef")
    answer = everyone.client.post(
        "/demo/jag-ar",
        data={"email": "verksamhetschef@alla.example"},
        headers=HERE,
        follow_redirects=False,
    )
    cookie = {"cookie": f"beredning={answer.cookies['beredning']}", **HERE}
    everyone.client.cookies.clear()

    late = everyone.client.post("/konto", data={"token": old}, headers=cookie)

    everyone.restore()
    assert 403 == late.status_code
    assert "Skicka en gång till" in late.text


def _posts(
    everyone: Everyone, forms: Mapping[str, Sent]
) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    """Give every address that takes a form, somebody it is for, and the form filled in."""
    for row in rights.rows(everyone):
        if row.address.method == "POST" and row.about in ("", "own"):
            led = row.path.startswith(("/admin", "/omgangar"))
            sent = forms.get(row.path)
            fields = dict(sent.fields) if sent else {}
            fields.pop("token", None)
            yield row, "medicinsk_radgivare" if led else "verksamhetschef", fields


# ---- cookies ---------------------------------------------------------------------------


def test_the_cookie_of_a_machine_of_ones_own(everyone: Everyone) -> None:
    """A plain name on http; no script reads it, and no other site sends it along."""
    answer = everyone.client.post(
        "/demo/jag-ar",
        data={"email": "revisor@alla.example"},
        headers=HERE,
        follow_redirects=False,
    )
    everyone.restore()

    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert "beredning" == name
    assert {"HttpOnly", "Path=/", "SameSite=lax"} == set(rest.split("; ")[1:])


def test_the_cookie_behind_tls(everyone: Everyone) -> None:
    """`__Host-`: Secure, for this very host and all of it (RFC 6265bis, 4.1.3)."""
    settings = {
        "web": {"base_url": "https://localhost:8000"},
        "auth": Auth(mode=Mode.DEMO),
    }
    with opened(everyone, **settings) as client:
        answer = client.post(
            "/demo/jag-ar",
            data={"email": "revisor@alla.example"},
            headers=HERE,
            follow_redirects=False,
        )
    everyone.restore()

    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert "__Host-beredning" == name
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} == set(rest.split("; ")[1:])


@pytest.mark.parametrize(
    "cookie",
    [
        "beredning=",
        "beredning=;;;=",
        "beredning=" + "0" * 64,
        "beredning=' OR 1=1 --",
        "beredning=" + "a" * 5000,
        "beredning=%00",
        "beredning=å".encode(),
        '=; a; b="',
    ],
)
def test_an_odd_cookie_is_nobody(everyone: Everyone, cookie: str | bytes) -> None:
    """Whatever else a browser sends, nobody is signed in by it."""
    everyone.client.cookies.clear()
    answer = everyone.client.get("/", headers=[("cookie", cookie)], follow_redirects=False)

    assert 303 == answer.status_code
    assert "/logga-in" == answer.headers["location"]


# ---- where one is sent on --------------------------------------------------------------


@pytest.mark.parametrize(
    "till",
    [
        "https://annan.example/",
        "//annan.example/",
        "///annan.example",
        "/\\annan.example",
        "\\\\annan.example",
        "/%5Cannan.example",
        "/\t/annan.example",
        "/\n/annan.example",
        "\x01//annan.example",
        " //annan.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:annan.example",
        "/./\\annan.example",
        "/..//annan.example",
        "/;@annan.example",
        "@annan.example",
        "/%2F/annan.example",
        "/\u2028/annan.example",
        "/\uff0fannan.example",
        "x" * 9000,
    ],
)
def test_nobody_is_sent_to_another_site(everyone: Everyone, till: str) -> None:
    """Whatever `till` says, what comes after the sign-in is a page of ours."""
    with opened(everyone) as client:
        way_in = client.get("/logga-in", params={"till": till})
        shown = BeautifulSoup(way_in.text, "html.parser").find("input", attrs={"name": "till"})

    assert 200 == way_in.status_code
    where = str(shown["value"]) if shown else "/"
    assert re.fullmatch(r"/[\x21-\x7e]*", where)
    assert "\\" not in where
    assert BASE == "{0.scheme}://{0.netloc}".format(urlsplit(urljoin(f"{BASE}/logga-in", where)))
