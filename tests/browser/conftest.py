"""Chromium before pages that are really served, over a small region's round.

Where there is no Chromium the tests are skipped, and say so: `make test` installs it
where it may.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from beredning.example import ExampleOrganisation
from tests.browser.town import Town, open_town
from tests.conftest import Place
from tests.service.worlds import Photo, Stage, invent, load_process, make_stage
from workflow.core.revision import Revision
from workflow.store.database import Database

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's own browser."""
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the invented organisation's files."""
    return tmp_path_factory.mktemp("org")


@pytest.fixture(scope="session")
def region(revision: Revision, folder: Path) -> ExampleOrganisation:
    """An invented organisation of three verksamheter."""
    return invent(revision, folder, units=3)


@pytest.fixture(scope="session")
def photos(
    sqlite_template: Path,
    revision: Revision,
    region: ExampleOrganisation,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Photo]:
    """A round just opened, and one whose underlag are awaited."""
    where = tmp_path_factory.mktemp("photos")
    shutil.copy(sqlite_template, where / "photos.db")
    database = Database(f"sqlite:///{where / 'photos.db'}")
    stage = make_stage(database, revision, region, folder, where)
    taken = {"opened": Photo.take(stage)}
    stage.begin_groundwork()
    taken["groundwork"] = Photo.take(stage)
    database.close()
    return taken


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
def opened(develop: Develop) -> Town:
    """A town whose round was just opened."""
    return develop("opened")
