"""The program put together: what it makes of its settings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from beredning.app import App
from beredning.config import Config
from workflow.core.errors import SchemaError, StoreError


def _app(tmp_path: Path, **mail: str) -> App:
    url = f"sqlite:///{tmp_path / 'app.db'}"
    return App(config=Config(database={"url": url}, mail=mail))  # type: ignore[arg-type]


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    """A program that only reads definitions needs no database."""
    app = _app(tmp_path)

    assert "prioritering" in app.registry.keys()  # noqa: SIM118 - a registry is no mapping
    assert not (tmp_path / "app.db").exists()


def test_a_world_needs_a_database_that_is_ready(tmp_path: Path) -> None:
    """Without `init` there is no world, and no file is made."""
    with pytest.raises(StoreError):
        _ = _app(tmp_path).world

    (tmp_path / "app.db").touch()
    with pytest.raises(SchemaError):
        _ = _app(tmp_path).world


@pytest.mark.parametrize("rehearsal", [True, False])
def test_a_world_knows_what_its_database_is(tmp_path: Path, rehearsal: bool) -> None:
    """The installation's name and kind come from the database, the domain from the sender."""
    app = _app(tmp_path, sender="Ansvarig <ansvarig@prov.example>")

    made = app.install(rehearsal=rehearsal)

    assert made.name == app.world.installation
    assert rehearsal == app.world.rehearsal
    assert "ansvarig@prov.example" == app.sender_address
    assert "prov.example" == app.world.sender_domain
    app.database.close()


def test_the_clock_of_a_rehearsal_is_the_databases(tmp_path: Path) -> None:
    """It stands still, where it was put; two programs see the same."""
    _app(tmp_path).install(rehearsal=True)
    at = datetime(2008, 11, 3, 7, 0, tzinfo=UTC)
    first, second = _app(tmp_path), _app(tmp_path)

    first.world.set_clock(at)

    with second.world.database.read() as connection:
        assert at == second.world.now(connection)
    for app in (first, second):
        app.database.close()


def test_a_plan_is_laid_out_for_next_year_when_nobody_says(tmp_path: Path) -> None:
    """`check` looks at the plan of the year to come."""
    assert 2010 == _app(tmp_path).year(datetime(2009, 12, 31, tzinfo=UTC))
