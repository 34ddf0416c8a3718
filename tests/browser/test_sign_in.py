"""Signing in in a real browser: by keyboard, without scripts, and without a fault."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pyotp import TOTP

from beredning.clock import utc_now
from beredning.config import Auth, Mode
from tests.browser.axe import faults_of, overflow_of
from tests.browser.keyboard import Keyboard
from tests.browser.test_axe import MODES
from tests.browser.town import Town, open_town
from tests.conftest import Place
from tests.service.worlds import Photo
from tests.support.identity import Identity, identity
from workflow.service.signing_in import accounts

GIVEN = "molnfri hästvagn 7"
OWN = "tegelsten under bron"

Open = Callable[[Auth], Town]


@pytest.fixture
def open_door(
    make_place: Callable[..., Place],
    photos: dict[str, Photo],
    chromium: Browser,
    tmp_path: Path,
) -> Iterator[Open]:
    """Serve the pages with some way to sign in."""
    towns: list[Town] = []

    def make(auth: Auth) -> Town:
        stage = photos["groundwork"].develop(make_place("sqlite").open(), tmp_path / "mail")
        towns.append(open_town(stage, chromium, auth))
        return towns[-1]

    yield make
    for town in towns:
        town.close()


@pytest.fixture
def door(open_door: Open) -> Town:
    """Pages where passwords are kept here, and a second factor is demanded."""
    return open_door(Auth(mode=Mode.LOCAL))


@pytest.fixture
def email(door: Town) -> str:
    """Somebody with a temporary password."""
    chief = door.stage.chief(door.stage.units("verksamhet")[0])
    give(door, chief)
    return chief


def give(door: Town, email: str) -> None:
    accounts.set_account(door.stage.world, email, lambda _: utc_now(), password=GIVEN)


def key_on(page: Page) -> str:
    """Read the key that the page has for an app."""
    page.locator("summary", has_text="Går bilden inte").click()
    return "".join(page.locator("code").inner_text().split())


def fill_in(page: Page, email: str, password: str, code: str = "") -> None:
    page.goto("/logga-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.fill("#code", code)
    page.click("main button[type=submit]")


def choose(page: Page, new: str = OWN) -> None:
    page.fill("#present", GIVEN)
    page.fill("#new", new)
    page.fill("#again", new)
    page.click("main button[type=submit]")


def test_the_first_sign_in_by_keyboard_alone(door: Town, email: str) -> None:
    """Password, another password, the app's code, and one is at one's work."""
    page = door.visitor()
    page.goto("/")
    keys = Keyboard(page)
    keys.type_into("E-postadress", email)
    keys.type_into("Lösenord", GIVEN)
    keys.press("Logga in", "button")
    keys.type_into("Nuvarande lösenord", GIVEN)
    keys.type_into("Nytt lösenord", OWN)
    keys.type_into("Nytt lösenord en gång till", OWN)
    keys.press("Byt lösenord", "button")
    keys.reach("Går bilden inte att läsa av?", "summary")
    page.keyboard.press("Enter")
    key = "".join(page.locator("code").inner_text().split())
    keys.type_into("Kod från appen", TOTP(key).now())
    keys.press("Börja använda koden", "button")

    assert f"{door.url}/" == page.url
    assert door.stage.rows("SELECT 1 FROM accounts WHERE totp_secret IS NOT NULL")


@pytest.mark.parametrize("scripts", [True, False])
def test_without_scripts_it_is_the_same(door: Town, email: str, *, scripts: bool) -> None:
    """Every step is a form."""
    page = door.visitor(java_script_enabled=scripts)
    fill_in(page, email, GIVEN)
    choose(page)
    page.fill("#code", TOTP(key_on(page)).now())
    page.click("main button[type=submit]")

    assert f"{door.url}/" == page.url


def test_an_error_has_the_focus(door: Town, email: str) -> None:
    """So that it is read first; the address is there and the password is not."""
    page = door.visitor()
    fill_in(page, email, "fel men långt nog")

    page.wait_for_load_state()
    focused = Keyboard(page).focused()

    assert "Adressen, lösenordet eller koden stämmer inte. Försök igen." == focused["name"]
    assert (email, "") == (page.input_value("#email"), page.input_value("#password"))


@pytest.mark.parametrize("mode", MODES)
def test_pages_have_no_faults(door: Town, email: str, mode: str) -> None:
    """Empty, with errors and full; light, dark, narrow and large."""
    page = door.visitor(**MODES[mode])
    found: dict[str, tuple[list[str], int]] = {}

    def look(name: str) -> None:
        found[name] = (faults_of(page), overflow_of(page))

    page.goto("/logga-in")
    look("sign-in")
    fill_in(page, email, "fel men långt nog")
    look("sign-in, wrong")
    fill_in(page, email, GIVEN)
    look("password")
    choose(page, "kort")
    look("password, wrong")
    choose(page)
    look("code")
    page.fill("#code", "000000")
    page.click("main button[type=submit]")
    look("code, wrong")
    page.fill("#code", TOTP(key_on(page)).now())
    look("code, opened")
    page.click("main button[type=submit]")
    page.goto("/konto/kod")
    look("code, set up")
    page.goto("/konto?klart=losenord")
    look("account")

    assert {name: ([], 0) for name in found} == found
    assert 9 == len(found)


# ---- by the region's own ---------------------------------------------------------------


@pytest.fixture
def provider() -> Iterator[Identity]:
    """The region's sign-in, at another address than ours."""
    with identity() as made:
        yield made


@pytest.mark.parametrize("scripts", [True, False])
def test_by_the_regions_sign_in_it_is_one_button(
    open_door: Open, provider: Identity, *, scripts: bool
) -> None:
    """There and back by itself, past our own policy, to where one was going; with cookies
    that are our own although the other site sent us here."""
    door = open_door(Auth(mode=Mode.OIDC, issuer=provider.issuer, client_id="beredning"))
    provider.email = door.stage.leader
    page = door.visitor(java_script_enabled=scripts)
    page.goto("/konto")

    page.click("text=Logga in med regionens konto")
    page.wait_for_url("**/konto")

    assert provider.email in page.inner_text("main")


def test_the_page_before_the_regions_sign_in_has_no_faults(
    open_door: Open, provider: Identity
) -> None:
    """With its one button."""
    door = open_door(Auth(mode=Mode.OIDC, issuer=provider.issuer, client_id="beredning"))
    page = door.visitor()
    page.goto("/logga-in")

    assert ([], 0) == (faults_of(page), overflow_of(page))
