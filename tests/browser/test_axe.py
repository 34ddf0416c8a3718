"""Every page without a fault that axe-core can find, in every light and width."""

import pytest

from tests.browser.axe import faults_of, overflow_of
from tests.browser.town import Town

MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}


@pytest.mark.parametrize("mode", MODES)
def test_pages_have_no_faults(groundwork: Town, mode: str) -> None:
    """No violation and no sideways scrolling."""
    chief = groundwork.stage.chief(groundwork.stage.units("verksamhet")[0])
    page = groundwork.visitor(chief, **MODES[mode])

    found = {}
    for path in ("/", "/hjalp", "/tillganglighet", "/personuppgifter", "/finns-inte", "/logga-in"):
        page.goto(path)
        found[path] = (faults_of(page), overflow_of(page))

    assert {path: ([], 0) for path in found} == found
