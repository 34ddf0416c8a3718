"""Chromium before pages that are really served, over a small region's round.

Where there is no Chromium the tests are skipped, and say so: `make test` installs it
where it may.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.town import Town, open_town
from tests.conftest import Place
from tests.service.worlds import Photo, Stage, invent, load_process, make_stage
from workflow.core.revision import Revision
from workflow.store.database import Database

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's own browser, no longer than its tests: while it is open a loop runs."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine: install the package chromium, or `make browser`")
    with sync_playwright() as made:
        browser = made.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def revision() -> Revision:
    """The shipped process."""
    return load_process()


@pytest.fixture(scope="session")
def photos(
    sqlite_template: Path, revision: Revision, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Photo]:
    """A round just opened, and one whose underlag are awaited: of three verksamheter, and of
    eight."""
    few, many = tmp_path_factory.mktemp("few"), tmp_path_factory.mktemp("many")
    opened, groundwork = _take(sqlite_template, revision, few, units=3)
    _, crowded = _take(sqlite_template, revision, many, units=8)
    return {"opened": opened, "groundwork": groundwork, "crowded": crowded}


@pytest.fixture
def region(
    sqlite_template: Path,
    revision: Revision,
    make_place: Callable[..., Place],
    chromium: Browser,
    tmp_path: Path,
) -> Iterator[Town]:
    """A whole region of ninety verksamheter, whose underlag are awaited; all read Swedish."""
    _, groundwork = _take(sqlite_template, revision, tmp_path, units=90)
    stage = groundwork.develop(make_place("sqlite").open(), tmp_path / "mail")
    stage.change("UPDATE people SET language = 'sv'")
    town = open_town(stage, chromium)
    yield town
    town.close()


def _take(template: Path, revision: Revision, folder: Path, units: int) -> tuple[Photo, Photo]:
    region = invent(revision, folder, units=units)
    shutil.copy(template, folder / "photos.db")
    database = Database(f"sqlite:///{folder / 'photos.db'}")
    stage = make_stage(database, revision, region, folder, folder)
    opened = Photo.take(stage)
    stage.begin_groundwork()
    groundwork = Photo.take(stage)
    database.close()
    return opened, groundwork


Develop = Callable[[str], Town]


@pytest.fixture
def develop(
    make_place: Callable[..., Place],
    photos: dict[str, Photo],
    chromium: Browser,
    tmp_path: Path,
) -> Iterator[Develop]:
    """Open a town at a stage of its round, with its pages served."""
    towns: list[Town] = []

    def make(name: str) -> Town:
        stage: Stage = photos[name].develop(make_place("sqlite").open(), tmp_path / "mail")
        town = open_town(stage, chromium)
        towns.append(town)
        return town

    yield make
    for town in towns:
        town.close()


@pytest.fixture
def groundwork(develop: Develop) -> Town:
    """A town whose underlag are awaited since 3 December 2008."""
    return develop("groundwork")


@pytest.fixture
def crowded(develop: Develop) -> Town:
    """The same of eight verksamheter."""
    return develop("crowded")


@pytest.fixture
def opened(develop: Develop) -> Town:
    """A town whose round was just opened."""
    return develop("opened")
