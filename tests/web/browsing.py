"""A browser without scripts: it follows links and sends the forms that pages show."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import Auth, Config, Mode
from tests.service.worlds import Stage
from web.site import make_site

BASE = "http://localhost:8000"
HERE = {"sec-fetch-site": "same-origin"}


@dataclass
class Page:
    """What came back."""

    status: int
    url: str
    text: str
    headers: Mapping[str, str]

    @property
    def soup(self) -> BeautifulSoup:
        """The page as a tree."""
        return BeautifulSoup(self.text, "html.parser")

    @property
    def heading(self) -> str:
        """What the page is called."""
        return words(self.soup.h1)

    @property
    def words(self) -> str:
        """Everything that is read on it, as one line."""
        return words(self.soup.main)

    def form(self, button: str) -> Tag:
        """Give the form that has a button with these words."""
        for form in self.soup.find_all("form"):
            if any(words(one) == button for one in form.find_all("button")):
                return form
        raise LookupError(f"{button!r} is no button on {self.url}: {self.buttons}")

    @property
    def buttons(self) -> list[str]:
        """The words on all buttons."""
        return [words(one) for one in self.soup.find_all("button")]

    @property
    def links(self) -> dict[str, str]:
        """Addresses by their words."""
        return {words(one): str(one["href"]) for one in self.soup.find_all("a", href=True)}


def words(tag: Tag | None) -> str:
    """Give what is read in a part of a page."""
    return " ".join(tag.get_text(" ").split()) if tag else ""


@dataclass
class Guest:
    """Somebody at a browser."""

    stage: Stage
    client: TestClient

    def get(self, path: str) -> Page:
        """Ask for a page, and go where it sends one on."""
        return self._page(self.client.get(path))

    def head(self, path: str) -> int:
        """Ask for the head of a page; gives its status."""
        return int(self.client.head(path, follow_redirects=False).status_code)

    def post(self, path: str, data: Mapping[str, Any], **more: Any) -> Page:
        """Send a form as it is given, from a page of ours."""
        return self._page(self.client.post(path, data=data, headers=HERE, **more))

    def send(self, page: Page, button: str, **typed: Any) -> Page:
        """Type into the form that has a button, and press it."""
        form = page.form(button)
        fields = filled(form)
        pressed = next(one for one in form.find_all("button") if words(one) == button)
        if pressed.get("name"):
            fields[str(pressed["name"])] = str(pressed.get("value", ""))
        unknown = set(typed) - {str(one.get("name")) for one in form.find_all(attrs={"name": True})}
        assert not unknown, f"no such field in the form: {unknown}"
        action = pressed.get("formaction") or form.get("action") or page.url
        return self.post(str(action), {**fields, **typed})

    def sign_in(self, email: str) -> Page:
        """Be somebody, as the demo lets one."""
        return self.post("/demo/jag-ar", {"email": email, "token": self.token})

    @property
    def token(self) -> str:
        """What the forms of this session carry."""
        found = self.get("/hjalp").soup.find("input", attrs={"name": "token"})
        return str(found["value"]) if found else ""

    def _page(self, response: Any) -> Page:
        url = str(response.url).removeprefix(BASE)
        return Page(response.status_code, url, response.text, response.headers)


def filled(form: Tag) -> dict[str, Any]:
    """Give what a form would send if nobody typed anything."""
    fields: dict[str, Any] = {}
    for one in form.find_all(["input", "textarea", "select"]):
        name = one.get("name")
        kind = one.get("type")
        if not name or kind in ("submit", "file") or one.has_attr("disabled"):
            continue
        if kind in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            value = str(chosen.get("value", words(chosen))) if chosen else ""
        elif one.name == "textarea":
            value = one.get_text().removeprefix("\n")
        else:
            value = str(one.get("value", "on" if kind == "checkbox" else ""))
        known = fields.get(str(name))
        if known is None:
            fields[str(name)] = value
        else:  # several of one name are all sent
            fields[str(name)] = [*(known if isinstance(known, list) else [known]), value]
    return fields


@contextmanager
def visit_of(stage: Stage, mode: Mode = Mode.DEMO, **settings: Any) -> Iterator[Guest]:
    """Open the pages over a stage."""
    url = stage.world.database.url if hasattr(stage.world.database, "url") else ""
    config = Config(
        auth=Auth(mode=mode),
        mail={"outbox_dir": Path(stage.outbox)},
        **({"database": {"url": url}} if url else {}),
        **settings,
    )
    site = make_site(App(config=config), stage.world)
    here = ("127.0.0.1", 50000)
    with TestClient(site, base_url=BASE, raise_server_exceptions=False, client=here) as client:
        yield Guest(stage, client)
