"""What the suites of the verbs may ask for: a region, and a round under way in it."""

import shutil
from pathlib import Path

import pytest

from beredning.practice.example import ExampleOrganisation
from tests.service.worlds import Photo, Stage, invent, load_process, make_stage
from workflow.core.revision import Revision
from workflow.service import opening
from workflow.store.database import Database

__all__ = ["bare", "groundwork", "org", "photos", "region", "revision", "stage"]


@pytest.fixture(scope="session")
def revision() -> Revision:
    """The shipped process."""
    return load_process()


@pytest.fixture(scope="session")
def org(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the invented organisation's files."""
    return tmp_path_factory.mktemp("org")


@pytest.fixture(scope="session")
def region(revision: Revision, org: Path) -> ExampleOrganisation:
    """An invented organisation of 12 verksamheter in 2 driftenheter, written to `org`."""
    return invent(revision, org, units=12)


@pytest.fixture(scope="session")
def photos(
    sqlite_template: Path,
    revision: Revision,
    region: ExampleOrganisation,
    org: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Photo]:
    """The stages below as they stand, so that no test has to go all the way there."""
    folder = tmp_path_factory.mktemp("photos")
    shutil.copy(sqlite_template, folder / "photos.db")
    database = Database(f"sqlite:///{folder / 'photos.db'}")
    stage = make_stage(database, revision, region, org, folder, opened=False)
    taken = {"bare": Photo.take(stage)}
    opening.open_round(stage.world, revision, year=2010, reference="RS 2008/123")
    taken["stage"] = Photo.take(stage)
    stage.begin_groundwork()
    taken["groundwork"] = Photo.take(stage)
    database.close()
    return taken


@pytest.fixture
def bare(database: Database, photos: dict[str, Photo], tmp_path: Path) -> Stage:
    """An installation with its organisation and no round; on each kind of database."""
    return photos["bare"].develop(database, tmp_path / "mail")


@pytest.fixture
def stage(database: Database, photos: dict[str, Photo], tmp_path: Path) -> Stage:
    """A round opened on 7 October 2008; on each kind of database."""
    return photos["stage"].develop(database, tmp_path / "mail")


@pytest.fixture
def groundwork(database: Database, photos: dict[str, Photo], tmp_path: Path) -> Stage:
    """A round that waits for its underlag since 3 December 2008; on each kind."""
    return photos["groundwork"].develop(database, tmp_path / "mail")
