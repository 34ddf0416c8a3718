"""The pages over a round that is under way, asked for as a browser asks."""

from collections.abc import Iterator

import pytest

from tests.service.conftest import bare, groundwork, org, photos, region, revision, stage
from tests.service.worlds import Stage
from tests.web.browsing import Guest, visit_of

__all__ = ["bare", "groundwork", "guest", "org", "photos", "region", "revision", "stage"]


@pytest.fixture
def guest(groundwork: Stage) -> Iterator[Guest]:
    """Somebody at a browser who has not signed in, while underlag are awaited."""
    with visit_of(groundwork) as made:
        yield made
