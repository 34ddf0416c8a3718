"""The process leader's pages without a fault that axe-core can find, in every light and width."""

import pytest

from tests.browser.axe import faults_of, overflow_of
from tests.browser.test_axe import MODES
from tests.browser.town import Town
from tests.service.worlds import ROUND

PATHS = (
    "/admin",
    "/admin/stopp?losta=1",
    "/admin/veckan",
    "/admin/utskick",
    "/admin/utskick/1",
    "/admin/personer",
    "/admin/personer/1",
    "/admin/personer/ge-roll",
    f"/omgangar/{ROUND}/flytta",
    f"/omgangar/{ROUND}/paminn",
    f"/omgangar/{ROUND}/enheter",
)


@pytest.mark.parametrize("mode", MODES)
def test_the_leaders_pages_have_no_faults(groundwork: Town, mode: str) -> None:
    """No violation and no sideways scrolling: empty, full, in error and as a preview."""
    stage = groundwork.stage
    stage.put("2009-03-03", "12:00")
    page = groundwork.visitor(stage.leader, **MODES[mode])
    unit = stage.units("verksamhet")[0]

    found = {}
    for path in (*PATHS, f"/arenden/{stage.case('underlag', unit)}/anstand"):
        page.goto(path)
        found[path] = (faults_of(page), overflow_of(page))
    page.goto(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")
    page.get_by_role("button", name="Visa vad som ändras").click()
    found["error"] = (faults_of(page), overflow_of(page))
    page.get_by_label("Ny dag").fill("13 mars")
    page.get_by_label("Skäl, syns i loggen och i mejlen").fill("Vinterkräksjuka på tre sjukhus.")
    page.get_by_role("button", name="Visa vad som ändras").click()
    found["preview"] = (faults_of(page), overflow_of(page))

    assert {path: ([], 0) for path in found} == found


def test_a_milestone_is_moved_by_keyboard(groundwork: Town) -> None:
    """From the list to the done page without a pointer."""
    stage = groundwork.stage
    page = groundwork.visitor(stage.leader)
    page.goto(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")
    page.get_by_label("Ny dag").focus()
    page.keyboard.type("6 mars")
    page.keyboard.press("Tab")
    page.keyboard.type("Sportlov")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Flytta och skicka 3 mejl").focus()

    page.keyboard.press("Enter")

    page.get_by_text("är flyttad till fre 6 mars").wait_for()
    assert 3 == sum(stage.mails("dates").values())
