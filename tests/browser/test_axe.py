"""Every page without a fault that axe-core can find, in every light and width."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.axe import faults_of, overflow_of
from tests.browser.town import Town
from tests.service.worlds import ROOT, ROUND, Stage
from tests.web.rounds import close, fall_behind

MODES: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "phone, dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}
"""How one may look; 1280 pixels at 200 % are 640."""
COMMON: Final = (
    "/",
    "/?visa=enhetens",
    "/?visa=vantar",
    "/?visa=klart",
    "/omgangar",
    f"/omgangar/{ROUND}",
    f"/omgangar/{ROUND}/process",
    f"/omgangar/{ROUND}/uppfoljning",
    f"/arenden/{ROOT}",
    "/logg",
    f"/logg/{ROUND}",
    f"/logg/{ROUND}/laget?dag=2009-01-15",
    "/sok?q=underlag",
    "/sok?q=finnsinte",
    "/konto",
    "/hjalp",
    "/tillganglighet",
    "/personuppgifter",
    "/logga-in",
    "/demo/mejl",
    "/finns-inte",
)
TABLE: Final = ("/tabell/objekt", "/tabell/objekt/rad", "/tabell/objekt/las-in")
OVERSEERS: Final = ("/forteckning", "/admin", "/admin/personer", "/admin/utskick")


def looked_at(page: Page, paths: tuple[str, ...]) -> dict[str, Any]:
    """Give what is wrong with each page, and by how much it is too wide."""
    found = {}
    for path in paths:
        answer = page.goto(path)
        assert answer, path
        assert answer.status < 500, f"{answer.status} {path}"
        found[path] = (faults_of(page), overflow_of(page))
    return found


def visits(stage: Stage) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give who looks at what: the one who works, who approves, who leads and who audits."""
    units = stage.units("verksamhet")
    cases = tuple(f"/arenden/{stage.case('underlag', unit)}" for unit in units)
    yield stage.chief(units[0]), (*COMMON, cases[0], *(f"{cases[0]}{one}" for one in TABLE))
    yield stage.boss(units[0]), ("/", f"/omgangar/{ROUND}", *cases)
    yield stage.leader, ("/", f"/omgangar/{ROUND}?enhet={stage.parent(units[0])}", *OVERSEERS)
    yield stage.holder("revisor"), (*OVERSEERS, *cases, f"/logg/{ROUND}")


@pytest.mark.parametrize("mode", MODES)
def test_pages_that_have_much_to_say(crowded: Town, mode: str) -> None:
    """A round with late, returned, extended and finished underlag."""
    fall_behind(crowded.stage)

    found = {}
    for email, paths in visits(crowded.stage):
        found |= looked_at(crowded.visitor(email, **MODES[mode]), paths)

    assert dict.fromkeys(found, ([], 0)) == found


@pytest.mark.parametrize("mode", MODES)
def test_pages_that_have_nothing_to_say(opened: Town, mode: str) -> None:
    """A round in which nobody but the secretary has anything to do yet."""
    stage = opened.stage
    chief = stage.chief(stage.units("verksamhet")[0])

    found = looked_at(opened.visitor(chief, **MODES[mode]), COMMON)
    found |= looked_at(opened.visitor(stage.leader, **MODES[mode]), OVERSEERS)

    assert dict.fromkeys(found, ([], 0)) == found


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_a_round_that_is_over(groundwork: Town, mode: str) -> None:
    """Nothing is left to do, and everything is to be read."""
    close(groundwork.stage)

    found = {}
    for email, paths in visits(groundwork.stage):
        found |= looked_at(groundwork.visitor(email, **MODES[mode]), paths)

    assert dict.fromkeys(found, ([], 0)) == found


@pytest.mark.parametrize("mode", MODES)
def test_pages_with_errors(groundwork: Town, mode: str) -> None:
    """What was typed is there, the summary has the focus, and each link in it leads to a field."""
    stage = groundwork.stage
    unit = stage.units("verksamhet")[0]
    page = groundwork.visitor(stage.chief(unit), **MODES[mode])
    page.goto(f"/arenden/{stage.case('underlag', unit)}")
    page.get_by_label("Tillstånd").first.fill("Påhittat")

    page.locator("button[formaction$='/lamna_in']:visible").focus()  # grey: it says why
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "felen" == page.evaluate("document.activeElement.id")
    assert "Påhittat" == page.get_by_label("Tillstånd").first.input_value()
    assert all(_leads(page, one) for one in page.locator("#felen a").all())
    assert ([], 0) == (faults_of(page), overflow_of(page))


def _leads(page: Page, link: Any) -> bool:
    found: Mapping[str, Any] = page.evaluate(
        "(id) => ({there: !!document.getElementById(id)})",
        str(link.get_attribute("href")).removeprefix("#"),
    )
    return bool(found["there"])
