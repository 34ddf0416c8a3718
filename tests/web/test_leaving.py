"""Leaving a role from outside, on one's own account page."""

from collections.abc import Iterator

import pytest

from tests.service.worlds import Stage
from tests.web.browsing import Guest, visit_of


@pytest.fixture
def guest(groundwork: Stage) -> Iterator[Guest]:
    """Somebody at a browser."""
    groundwork.change("UPDATE people SET language = 'sv'")
    with visit_of(groundwork) as made:
        yield made


def test_who_is_external_has_the_button(guest: Guest) -> None:
    """One press, and the role is gone from the page and from the tables."""
    email = guest.stage.holder("prioriteringscentrum")
    guest.sign_in(email)
    page = guest.get("/konto")
    button = next(one for one in page.buttons if one.startswith("Lämna uppdraget"))

    after = guest.send(page, button)

    assert "Du har lämnat uppdraget." in after.words
    assert not any(one.startswith("Lämna uppdraget") for one in after.buttons)


def test_nobody_else_has(guest: Guest) -> None:
    """A chief's page has no such button."""
    guest.sign_in(guest.stage.chief(guest.stage.units("verksamhet")[0]))

    assert "Lämna uppdraget" not in guest.get("/konto").words
