"""Where a sign-in may send a browser on to: a path of ours, whatever a link says."""

import pytest

from workflow.service.signing_in.paths import own_path

OURS = [
    "/",
    "/omgangar/prioritering-2010",
    "/arenden/prioritering-2010.underlag.kirurgi",
    "/arenden/prioritering-2010.underlag.v%C3%A5rd%20och%20hj%C3%A4rta",
    "/logg/prioritering-2010/",
    "/sok?q=kn%C3%A4&sida=2",
    "/sok?q=a+b&q=c/d?e",
    "/sok?q=100%25",
    "/sok?q=//nagon.example",
    "/konto?",
    "/a/b.c/d-e_f~g",
    "/@nagon.example",
    "/nagon.example",
    "/...",
    "/.well-known",
]

ELSEWHERE = [
    None,
    "",
    " ",
    "omgangar",
    "?q=1",
    "#rad-3",
    # another host
    "//nagon.example",
    "///nagon.example",
    "////nagon.example/x",
    "https://nagon.example",
    "http:nagon.example",
    "https:/nagon.example",
    "HTTPS://NAGON.EXAMPLE",
    "nagon.example",
    "//localhost:8000@nagon.example",
    "//nagon.example%2f@localhost",
    "//[::1]",
    # backslashes, which browsers take for slashes
    "/\\nagon.example",
    "\\\\nagon.example",
    "\\/nagon.example",
    "/\\/nagon.example",
    "/a\\b",
    "/%5Cnagon.example",
    "/%5c%5cnagon.example",
    "/%255cnagon.example",
    # signs that browsers drop
    "/\t/nagon.example",
    "/\n/nagon.example",
    "/\r/nagon.example",
    "\t//nagon.example",
    " //nagon.example",
    "\x00//nagon.example",
    "/\x00",
    "/a\x7f",
    "/a\u0085b",
    "/a\u2028b",
    "/\u200b/nagon.example",
    "/\ufeff/nagon.example",
    "/%09/nagon.example",
    "/%0a/nagon.example",
    "/%00",
    "/%E2%80%A8",
    # more headers
    "/x\r\nSet-Cookie: a=b",
    "/x%0d%0aSet-Cookie:%20a=b",
    "/x%250d%250aSet-Cookie:a=b",
    "/x?q=%0d%0aLocation:%20//nagon.example",
    "/x?q=%5c",
    # slashes in disguise
    "/%2Fnagon.example",
    "/%2f%2fnagon.example",
    "/%252f%252fnagon.example",
    "/%25252fnagon.example",
    "/a//b",
    "/a%2f%2fb",
    "/\uff0fnagon.example",
    "/\u2215/nagon.example",
    # up and away
    "/..",
    "/../x",
    "/a/../..//nagon.example",
    "/./x",
    "/.//nagon.example",
    "/%2e%2e/x",
    "/a/%2E%2e/%2e./x",
    "/%252e%252e/x",
    "/a/..%2fx",
    # programs
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "/javascript:alert(1)//\n",
    "data:text/html,x",
    "vbscript:x",
    # broken or odd
    "/%",
    "/%zz",
    "/%E9",
    "/%C0%AF",
    "/%ED%A0%80",
    "/å",
    "/a b",
    "/<script>",
    '/"onmouseover=x',
    "/{x}",
    "/|x",
    "/^x",
    "/`x",
    "/x#nagon",
    "/%2525252541",
    "/\udce4",
    "/" + "a" * 2000,
]


@pytest.mark.parametrize("path", OURS)
def test_a_path_of_ours_is_given_as_it_is(path: str) -> None:
    """Letters in %-encoding, a query and all."""
    assert path == own_path(path)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_is_odd_in_any_reading_becomes_the_first_page(path: str | None) -> None:
    """Other hosts, in every disguise that browsers, proxies and servers read differently."""
    assert "/" == own_path(path)


def test_a_very_long_one_takes_no_time() -> None:
    """Nothing in it can be made to go back and forth."""
    for path in ("/" + "a/" * 999, "/" + "%25" * 600, "/" + "%2525" * 399, "/?" + "/" * 1990):
        own_path(path)
