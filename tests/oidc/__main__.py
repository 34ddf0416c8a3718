"""Sign in through npm's oidc-provider, a certified provider of OpenID Connect.

`python -m tests.oidc`: exit 0 when everything went as it should, or when Node.js is
missing, which is then said. The package is installed into `build/oidc`; people are
invented, and nothing but the installation leaves the machine.
"""

import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup

from beredning.config import Mode
from tests.service.worlds import Stage, invent, load_process, make_stage
from tests.web.browsing import BASE, Guest, Page, filled
from tests.web.doors import Door
from workflow.store.database import Database

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "build" / "oidc"
BACK = f"{BASE}/logga-in/svar"
SECRET = "hemligt: med tecken, & + % =/?"
STEPS = 20
"""No sign-in takes more pages."""


def main() -> int:
    """Do it all; gives the exit code."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        say("Skipped: Node.js and npm are needed for oidc-provider, and are not installed.")
        return 0
    install(npm)
    logging.getLogger().addHandler(logging.NullHandler())  # what is refused is told below
    faults = 0
    with tempfile.TemporaryDirectory() as folder, served(node) as issuer:
        stage = make_round(Path(folder))
        for name, check in CHECKS.items():
            told = check(stage, issuer)
            faults += bool(told)
            say(f"{'FAILED' if told else 'ok':7} {name}{': ' if told else ''}{told}")
        stage.world.database.close()
    return 1 if faults else 0


def say(line: str) -> None:
    """Say a line on stdout."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def install(npm: str) -> None:
    """Install the package, unless it is there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "provider.mjs"):
        shutil.copy(HERE / name, FOLDER / name)
    if (FOLDER / "node_modules" / "oidc-provider").exists():
        return
    words = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(words, cwd=FOLDER, check=True)


@contextmanager
def served(node: str) -> Iterator[str]:
    """Run the provider; gives its address."""
    words = [node, "provider.mjs", BACK, SECRET]
    with subprocess.Popen(words, cwd=FOLDER, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            if not issuer:
                sys.exit("the provider did not start")
            yield issuer
        finally:
            process.terminate()


def make_round(folder: Path) -> Stage:
    """Open a round of an invented organisation."""
    revision = load_process()
    database = Database(f"sqlite:///{folder / 'test.db'}")
    database.create()
    people = invent(revision, folder / "org", units=3)
    return make_stage(database, revision, people, folder / "org", folder / "mail")


# ---- a person at the provider ----------------------------------------------------------


def sign_in_there(address: str, login: str, *, stop: bool = False) -> dict[str, str]:
    """Go through the provider's own pages; gives the fields of the way back."""
    with httpx.Client() as person:
        answer = person.get(address)
        for _ in range(STEPS):
            where = answer.headers.get("location")
            if where is None:
                answer = send_form(person, answer, login, stop=stop)
            elif where.startswith(BACK):
                return dict(parse_qsl(urlsplit(where).query))
            else:
                answer = person.get(urljoin(str(answer.url), where))
    raise RuntimeError(f"the provider's pages led nowhere: {answer.url}")


def send_form(
    person: httpx.Client, page: httpx.Response, login: str, *, stop: bool
) -> httpx.Response:
    """Fill in a page of the provider's, or give up there."""
    soup = BeautifulSoup(page.text, "html.parser")
    form = soup.find("form")
    if form is None:
        raise RuntimeError(f"{page.status_code} {soup.get_text(' ', strip=True)}")
    if stop:
        link = next(one for one in soup.find_all("a") if "abort" in str(one.get("href")))
        return person.get(urljoin(str(page.url), str(link["href"])))
    fields = filled(form)
    if "login" in {str(one.get("name")) for one in form.find_all("input")}:
        fields |= {"login": login, "password": "whatever"}
    return person.post(urljoin(str(page.url), str(form["action"])), data=fields)


# ---- what is to hold -------------------------------------------------------------------


def door_of(stage: Stage, issuer: str, client: str = "basic", secret: str = SECRET) -> Door:
    """Open our pages before the provider."""
    return Door.of(stage, mode=Mode.OIDC, issuer=issuer, client_id=client, client_secret=secret)


def go_there(guest: Guest) -> str:
    """Press our button; gives where it leads."""
    page = guest.send(guest.get("/logga-in?till=/konto"), "Logga in med regionens konto")
    return page.links["Fortsätt till regionens inloggning"]


def come_back(guest: Guest, fields: dict[str, str]) -> Page:
    """Come back with what the provider gave."""
    return guest.get(str(httpx.URL("/logga-in/svar", params=fields)))


def expect(wanted: object, found: object) -> str:
    """Give what differs; nothing when nothing does."""
    return "" if wanted == found else f"wanted {wanted!r}, found {found!r}"


def gets_in(stage: Stage, issuer: str, client: str = "basic", secret: str = SECRET) -> str:
    """Somebody in the register gets to where they were going, as themselves."""
    guest = door_of(stage, issuer, client, secret).browser()
    page = come_back(guest, sign_in_there(go_there(guest), stage.leader))
    return expect(("/konto", True), (page.url, stage.leader in page.words))


def public_client(stage: Stage, issuer: str) -> str:
    """PKCE alone, without a secret."""
    return gets_in(stage, issuer, "public", "")


def wrong_secret(stage: Stage, issuer: str) -> str:
    """Our fault, told as the provider's: it does not answer as it should."""
    guest = door_of(stage, issuer, secret="fel").browser()
    page = come_back(guest, sign_in_there(go_there(guest), stage.leader))
    return expect((503, "Logga in"), (page.status, page.heading))


def unknown(stage: Stage, issuer: str) -> str:
    """Somebody who is not in the register is told what to do."""
    guest = door_of(stage, issuer).browser()
    page = come_back(guest, sign_in_there(go_there(guest), "ny@alvmark.example"))
    return expect((403, True), (page.status, "finns inte i Beredning" in page.words))


def unverified(stage: Stage, issuer: str) -> str:
    """An address that the provider has not verified is nobody's."""
    guest = door_of(stage, issuer).browser()
    page = come_back(guest, sign_in_there(go_there(guest), f"obekraftad+{stage.leader}"))
    return expect((403, True), (page.status, "inte bekräftat" in page.words))


def stopped(stage: Stage, issuer: str) -> str:
    """Who gives up there comes back and reads so."""
    guest = door_of(stage, issuer).browser()
    page = come_back(guest, sign_in_there(go_there(guest), stage.leader, stop=True))
    return expect((403, True), (page.status, "Du avbröt inloggningen" in page.words))


def replayed(stage: Stage, issuer: str) -> str:
    """The provider itself refuses a code that was used; we do not even ask."""
    guest = door_of(stage, issuer).browser()
    fields = sign_in_there(go_there(guest), stage.leader)
    come_back(guest, fields)
    return expect(403, come_back(guest, fields).status)


def stolen(stage: Stage, issuer: str) -> str:
    """A code from somebody else's sign-in does not fit one's own verifier."""
    door = door_of(stage, issuer)
    theirs, mine = door.browser(), door.browser()
    code = sign_in_there(go_there(theirs), stage.leader)["code"]
    fields = sign_in_there(go_there(mine), "ny@alvmark.example")
    return expect(403, come_back(mine, {**fields, "code": code}).status)


CHECKS = {
    "somebody in the register gets in": gets_in,
    "a client without a secret gets in": public_client,
    "a wrong secret is told of": wrong_secret,
    "somebody unknown is told what to do": unknown,
    "an unverified address is nobody's": unverified,
    "who gives up comes back": stopped,
    "an answer is taken once": replayed,
    "a stolen code is worth nothing": stolen,
}

if __name__ == "__main__":
    sys.exit(main())
