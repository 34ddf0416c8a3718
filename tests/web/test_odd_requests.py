"""Requests that no page of ours makes: too large, cut off, hostile. Never a 500."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import pytest

from tests.web import rights
from tests.web.browsing import HERE
from tests.web.everyone import Everyone
from tests.web.rights import Sent

MB: Final = 1024 * 1024
FORM: Final = {"content-type": "application/x-www-form-urlencoded", **HERE}
BOUNDARY: Final = {"content-type": "multipart/form-data; boundary=gräns".encode(), **HERE}
PART: Final = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
TRACES: Final = ("Traceback", "site-packages", 'File "', "sqlalchemy", "sqlite3.", ".py:")
HOSTILE: Final = {
    "long": "x" * 300,
    "very long": "å" * 20_000,
    "bidi": "\u202egnp.exe\u2066\u200f",
    "zero": "a\x00b",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    "sql": "'; DROP TABLE cases; --",
    "number": "9" * 5000,
    "float": "1e309",
    "minus": "-1",
    "path": "../../../../etc/passwd",
    "odd digits": "٣²Ⅷ",
    "lines": "a\r\nSet-Cookie: b=c\r\n\r\n",
    "nothing": "",
}


@pytest.fixture(scope="module")
def forms(everyone: Everyone) -> dict[str, Sent]:
    """What the buttons on all pages send."""
    return rights.forms_of(everyone, rights.rows(everyone))


def sent(everyone: Everyone, path: str, content: Any, headers: Mapping[str, Any]) -> Any:
    """Send bytes as the chief, whatever they are."""
    cookie = f"beredning={everyone.secrets['verksamhetschef']}"
    everyone.client.cookies.clear()
    return everyone.client.post(
        path, content=content, headers={**headers, "cookie": cookie}, follow_redirects=False
    )


def assert_tells_nothing(answer: Any) -> None:
    """A page of ours, and not a word of what happened inside."""
    assert answer.status_code != 500
    assert [] == [word for word in TRACES if word in answer.text]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


# ---- too much --------------------------------------------------------------------------


@pytest.mark.parametrize("length", [str(3 * MB), "9" * 30, "-1", "1e3", "0x10", "９"])
def test_a_body_that_says_it_is_too_large_is_not_read(everyone: Everyone, length: str) -> None:
    """413 by the declared length alone, and for lengths that are none."""
    declared = {**FORM, "content-length": length.encode()}

    answer = sent(everyone, "/konto", b"", declared)

    assert 413 == answer.status_code
    assert_tells_nothing(answer)


def test_a_body_that_does_not_say_is_cut_off(everyone: Everyone) -> None:
    """Sent in pieces, without a length: no more is read than there is room for."""
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        yield b"theme="
        for _ in range(40):
            taken += 1
            yield b"a" * (MB // 4)

    answer = sent(everyone, "/konto", pieces(), FORM)

    assert 413 == answer.status_code
    assert_tells_nothing(answer)


def test_an_address_that_takes_files_takes_no_more_than_they_may_be(everyone: Everyone) -> None:
    """What goes there may be as large as a file and its form, and not larger."""
    path = f"/arenden/{everyone.subjects['own'].case}/filer"
    headers = {**HERE, "content-type": "multipart/form-data; boundary=x"}

    too_much = sent(everyone, path, b"", {**headers, "content-length": str(28 * MB)})
    enough = sent(everyone, path, PART, headers)

    assert 413 == too_much.status_code
    assert enough.status_code in (403, 422)


@pytest.mark.parametrize(
    "content",
    [
        b"&".join(b"f%d=1" % number for number in range(2001)),
        b"theme=" + b"a" * (257 * 1024),
        b"&" * (1024 * 1024),
        b"a=" + b"%C3%A5" * (129 * 1024),
    ],
    ids=["fields", "field", "separators", "escaped"],
)
def test_too_many_or_too_large_fields(everyone: Everyone, content: bytes) -> None:
    """No more than 2,000 fields, none above 256 kB; a million separators are no fields."""
    answer = sent(everyone, "/konto", content, FORM)

    assert answer.status_code in (403, 413)
    assert_tells_nothing(answer)


# ---- of the wrong kind -----------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/plain",
        "text/html",
        "application/xml",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=x; charset=idna",
        'multipart/form-data; boundary=x; charset="a\\0b"',
        "multipart/form-data; boundary=x; charset=unicode_escape",
        "nonsense",
    ],
)
def test_what_no_form_sends_is_not_read(everyone: Everyone, kind: str) -> None:
    """415 for any other kind of content, and for any other charset than the pages have."""
    answer = sent(everyone, "/konto", b'{"language": "en"}', {**HERE, "content-type": kind})

    assert answer.status_code == 415
    assert_tells_nothing(answer)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", PART),
        ("multipart/form-data; boundary=", PART),
        ("multipart/form-data; boundary=" + "b" * 5000, PART),
        ("multipart/form-data; boundary=x", b"nothing of the kind"),
        ("multipart/form-data; boundary=x", PART[:40]),
        ("multipart/form-data; boundary=x", PART[:-6]),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", PART.replace(b'name="a"', b"")),
        ("multipart/form-data; boundary=x", PART.replace(b"form-data", b"attachment")),
        ("multipart/form-data; boundary=x", PART.replace(b'"a"', b'"a"; filename="\x00"')),
        ("multipart/form-data; boundary=x", PART.replace(b'"a"', b'"' + b"a" * 20_000 + b'"')),
        ("multipart/form-data; boundary=x", PART.replace(b"1", b"\x00\xff\xfe")),
        (
            "multipart/form-data; boundary=x",
            PART.replace(b"\r\n\r\n1", b"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y"),
        ),
        ("multipart/form-data; boundary=x", (b"--x\r\n" + b"A: b\r\n" * 5000 + b"\r\n\r\n")),
        ("multipart/form-data; boundary=x", PART[:-6] * 3000 + b"--x--\r\n"),
        ("application/x-www-form-urlencoded", b"%zz=%&%u0041=%c3%28&=&&a=%00"),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00=\x80"),
        ("", b"a=1"),
    ],
)
def test_a_form_that_cannot_be_read(everyone: Everyone, kind: str, content: bytes) -> None:
    """Cut off, without names, with parts in parts: refused, and nobody's fault but its own."""
    answer = sent(everyone, "/konto", content, {**HERE, "content-type": kind})

    assert answer.status_code in (400, 403, 413, 415)
    assert_tells_nothing(answer)


# ---- odd addresses ---------------------------------------------------------------------


ODD_PATHS: Final = (
    "/%00",
    "/arenden/%00",
    "/arenden/%zz",
    "/arenden/%",
    "/arenden/%u0041",
    "/arenden/%ff%fe",
    "/arenden/%ed%a0%80",
    "/arenden/..%2f..%2fetc%2fpasswd",
    "/arenden/" + "a" * 8000,
    "/arenden/" + quote("\u202eexe.gnp"),
    "/arenden/" + quote("ärende"),
    "/arenden//",
    "/arenden/x/",
    "//annan.example/",
    "///annan.example/%2e%2e",
    "/\\annan.example",
    "/static/../site.py",
    "/static/%2e%2e/site.py",
    "/static/..%2f..%2fweb/site.py",
    "/static/..%5c..%5csite.py",
    "/static//etc/passwd",
    "/static/%00",
    "/static/look.css%00.html",
    "/static/" + "a" * 4000,
    "/STATIC/look.css",
    "/index.php",
    "/.git/config",
    "/.env",
    "/sok?q=" + "a" * 8000,
    "/sok?" + "&".join(f"q={number}" for number in range(3000)),
    "/sok?q=%00",
    "/sok?%00=1",
    "/sok?q=%ff%fe%ed%a0%80",
    "/sok?" + "%5B" * 2000,
    "/logg?fran=%00&till=",
    "/logg?fran=99999999999&till=-1&sida=1e9",
    "/logg?sida=" + "9" * 5000,
)


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: path[:40])
@pytest.mark.parametrize("who", ["medicinsk_radgivare", "utloggad"])
def test_an_odd_address_is_a_page_that_says_so(everyone: Everyone, path: str, who: str) -> None:
    """Zeros, dots, double slashes, half letters: not there, or not readable, and no more."""
    answer = everyone.get(who, path)

    assert answer.status_code in (200, 303, 400, 404, 422)
    assert_tells_nothing(answer)
    assert not answer.headers.get("location", "").startswith(("//", "http", "/\\"))


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_id_is_of_something_that_is_not_there(everyone: Everyone, kind: str) -> None:
    """Whatever stands in the place of an id in any address: 404, as for a missing one."""
    wrong = []
    value = quote(HOSTILE[kind][:2000], safe="") or "-"
    for row in rights.rows(everyone):
        if "{" not in row.address.path or row.about not in ("", "own"):
            continue
        for path in _with_each(row.path, row.address.path, value):
            if row.address.method == "GET":
                answer = everyone.get("medicinsk_radgivare", path)
            else:
                answer = everyone.post("medicinsk_radgivare", path, {})
            if answer.status_code not in NOT_THERE[row.address.method]:
                wrong.append((row.name, path[:80], answer.status_code))
    everyone.restore()

    assert [] == wrong


NOT_THERE: Final = {
    "GET": (400, 404, 405, 422),
    # a slash in it may make it another address, which takes no such form
    "POST": (303, 400, 403, 404, 405, 409, 422),
}


def _with_each(path: str, pattern: str, value: str) -> Iterator[str]:
    """Give a path with something else in each of its places, one at a time."""
    parts = list(zip(path.split("/"), pattern.split("/"), strict=True))
    for place, (_, like) in enumerate(parts):
        if "{" in like:
            end = like.partition("}")[2]
            yield "/".join(
                value + end if number == place else part for number, (part, _) in enumerate(parts)
            )


# ---- odd forms -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_fields_are_told_of_and_never_break(
    everyone: Everyone, forms: dict[str, Sent], kind: str
) -> None:
    """Every field of every form holds it, sent by somebody whom the form is for."""
    wrong = []
    for path, one in forms.items():
        led = path.startswith(("/admin", "/omgangar"))
        who = "medicinsk_radgivare" if led else "verksamhetschef"
        fields = {name: HOSTILE[kind] for name in one.fields if name != "token"}
        answer = everyone.post(who, path, fields)
        if answer.status_code >= 500 or any(word in answer.text for word in TRACES):
            wrong.append((path, answer.status_code))
        everyone.restore()

    assert [] == wrong


@pytest.mark.parametrize("kind", ["number", "float", "minus", "odd digits", "bidi", "nothing"])
def test_each_hostile_field_alone_never_breaks(
    everyone: Everyone, forms: dict[str, Sent], kind: str
) -> None:
    """One field at a time, the others as somebody would fill them in: what is read after
    another field was right is read too. A table's rows are alike: the first stands for all."""
    wrong = []
    for path, one in forms.items():
        led = path.startswith(("/admin", "/omgangar"))
        who = "medicinsk_radgivare" if led else "verksamhetschef"
        rest = {name: value for name, value in one.fields.items() if name != "token"}
        for name in rest:
            if path.startswith("/arenden") and not _is_the_first(path, name, everyone):
                continue
            answer = everyone.post(who, path, {**rest, name: HOSTILE[kind]})
            if answer.status_code >= 500:
                wrong.append((path, name, answer.status_code))
            if answer.status_code == 303:
                everyone.restore()

    assert [] == wrong


def _is_the_first(path: str, name: str, everyone: Everyone) -> bool:
    """Say whether a field is not the like of one that is tried already: a case's tables come
    along with each of its buttons."""
    if everyone.subjects["own"].case not in path:
        return False
    of_a_table = name.startswith(("rad.", "var."))
    return not of_a_table or (".1" in name and path.endswith("/spara-utkast"))
