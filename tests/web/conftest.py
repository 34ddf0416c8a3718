"""The pages over a round that is under way, asked for as a browser asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import bare, groundwork, org, photos, region, revision, stage
from tests.service.worlds import Stage
from tests.web.browsing import Guest, visit_of
from tests.web.everyone import Everyone, gather

__all__ = ["bare", "groundwork", "guest", "org", "photos", "region", "revision", "stage"]


@pytest.fixture
def guest(groundwork: Stage) -> Iterator[Guest]:
    """Somebody at a browser who has not signed in, while underlag are awaited."""
    with visit_of(groundwork) as made:
        yield made


@pytest.fixture(scope="module")
def everyone(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everyone]:
    """Everybody, before a round that waits for its underlag; on SQLite, once for a module."""
    with gather(sqlite_template, tmp_path_factory.mktemp("everyone")) as made:
        yield made
