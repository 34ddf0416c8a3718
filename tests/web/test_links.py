"""Plain text with links: what can be followed, and what only looks as if it could."""

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from web.links import linked

HREFS = {
    # followed
    "https://region.example": ["https://region.example"],
    "Se https://region.example/a?b=1&c=2#d.": ["https://region.example/a?b=1&c=2#d"],
    "http://region.example, och https://annan.example!": [
        "http://region.example",
        "https://annan.example",
    ],
    "(https://region.example/a_(b))": ["https://region.example/a_(b)"],
    "”https://region.example/å”": ["https://region.example/å"],
    "HTTPS://REGION.EXAMPLE": ["HTTPS://REGION.EXAMPLE"],
    "mailto:anna@region.example.": ["mailto:anna@region.example"],
    "http://[2001:db8::1]:8080/x": ["http://[2001:db8::1]:8080/x"],
    "rad\nhttps://region.example\nrad": ["https://region.example"],
    # cut where no address goes on
    'https://region.example/"onmouseover="alert(1)': ["https://region.example/"],
    "https://region.example/'onclick='x": ["https://region.example/"],
    "https://region.example/<script>": ["https://region.example/"],
    "https://region.example/`x`": ["https://region.example/"],
    "https://region.example\\@evil.example": ["https://region.example"],
    "https://region.example/{{7*7}}": ["https://region.example/"],
    # never followed
    "javascript:alert(1)": [],
    "JaVaScRiPt:alert(1)//http://": [],
    "data:text/html,<script>alert(1)</script>": [],
    "vbscript:msgbox(1)": [],
    "file:///etc/passwd": [],
    "ftp://region.example": [],
    "//region.example": [],
    "www.region.example": [],
    "xhttps://region.example": [],
    "view-source+https://region.example": [],
    "https://": [],
    "https:///etc": [],
    "http:// region.example": [],
    "http://[::1": [],
    "https://region.example:99999": [],
    "https://region.example@evil.example": [],
    "https://user:pass@region.example": [],
    "https://%72egion.example": [],
    "https://region.example/\u202egpj.exe": [],
    "https://region.example/\u200b": [],
    "https://region.example/\0": [],
    "mailto:a@b.example?bcc=alla@region.example": [],
    "mailto:": [],
    "mailto:anna": [],
    "mailto:a@b.example,c@d.example": [],
    "https://" + "a" * 3000: [],
    "<a href='https://region.example'>x</a>": ["https://region.example"],
    "<script>alert(1)</script>": [],
    "&lt;b&gt; &amp;": [],
    "": [],
}


def page_of(text: str) -> Tag:
    """Give a text with its links as it stands on a page."""
    found = BeautifulSoup(f"<p>{linked(text)}</p>", "html.parser").p
    assert found is not None
    return found


@pytest.mark.parametrize("text", HREFS)
def test_only_addresses_are_followed(text: str) -> None:
    """http, https and mailto alone, and each link is called what it leads to."""
    page = page_of(text)

    assert HREFS[text] == [one["href"] for one in page.find_all("a")]
    assert {"a"} >= {one.name for one in page.find_all()}
    assert all(one.get_text() == one["href"] for one in page.find_all("a"))
    assert text == page.get_text() or "\0" in text


def test_a_link_tells_its_target_nothing() -> None:
    """Neither where it was followed from nor a window to steer."""
    link = page_of("https://region.example").a

    assert link is not None
    assert {"nofollow", "noopener", "noreferrer"} == set(link["rel"])
    assert {"href", "rel"} == set(link.attrs)


@given(st.text(max_size=200), st.sampled_from(["https://", "http://a.example/", "mailto:a@b.se"]))
def test_any_text_stays_a_text(text: str, begin: str) -> None:
    """Whatever comes, what is read is what was written, and no tag but links is made."""
    whole = f"{text}{begin}{text}".replace("\r", "").replace("\0", "")
    page = page_of(whole)

    assert {"a"} >= {one.name for one in page.find_all()}
    assert all(
        one["href"].lower().startswith(("http://", "https://", "mailto:"))
        for one in page.find_all("a")
    )
    assert whole == page.get_text()
