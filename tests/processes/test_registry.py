"""Processes are found by their key: the region's own before the shipped."""

from pathlib import Path

import pytest

from processes.loader import SHIPPED
from processes.registry import Registry
from workflow.core.errors import DefinitionError, NotFound

COME_ALONG = sorted(path.parent.name for path in SHIPPED.glob("*/process.toml"))
SMALL = """
key = "{key}"
title = "{title}"
leader = "chef"
[unit]
region = {{ title = "Region" }}
[role]
chef = {{ title = "Chef", at = "region" }}
[case.omgang]
title = "Omgång"
ends = {{ klar = "Klar" }}
[case.omgang.state.arbete]
title = "Arbete"
by = "chef"
transition.klar = {{ title = "Klar", to = "klar" }}
"""


def _process(root, folder, key, title="Egen"):
    place = root / folder
    place.mkdir(parents=True)
    text = SMALL.format(key=key, title=title)
    (place / "process.toml").write_text(text, encoding="utf-8")
    return place


def test_shipped_processes_are_found():
    """The processes that come with the program are there without any configuration."""
    registry = Registry()

    assert COME_ALONG == registry.keys()
    assert () == registry.problems
    assert "prioritering" == registry.load("prioritering", year=2010).definition.key_


def test_own_process_goes_before_the_shipped(tmp_path):
    """A region's own process takes the place of the shipped one with its key."""
    _process(tmp_path, "var_egen", "prioritering", "Vår egen")

    registry = Registry([tmp_path])

    assert "Vår egen" == registry.load("prioritering", year=2026).definition.title
    assert () == registry.problems


def test_own_processes_come_first_in_the_list(tmp_path):
    """The region's own processes are listed before the shipped."""
    _process(tmp_path, "annan", "annan")

    assert ["annan", *COME_ALONG] == Registry([tmp_path]).keys()


def test_path_may_be_one_process(tmp_path):
    """A configured path may be the folder of one process."""
    place = _process(tmp_path, "annan", "annan")

    assert place == Registry([place]).path("annan")


def test_key_of_two_processes_is_refused(tmp_path):
    """A key names one process: with two, both paths are named and neither is loaded."""
    one = _process(tmp_path, "a", "dubbel")
    two = _process(tmp_path, "b", "dubbel")
    registry = Registry([tmp_path])

    with pytest.raises(DefinitionError) as caught:
        registry.load("dubbel", year=2026)

    assert f"'dubbel' is the key of two processes: {one} and {two}" == (
        caught.value.problems[0].message
    )
    assert registry.problems == caught.value.problems


def test_unknown_process_names_the_nearest(tmp_path):
    """A misspelt process is not found, and the answer names the nearest and all."""
    _process(tmp_path, "annan", "annan")

    with pytest.raises(NotFound) as caught:
        Registry([tmp_path]).load("prioriteringar", year=2026)

    assert (
        "Det finns ingen process 'prioriteringar'; menade du 'prioritering'? "
        f"Processer: {', '.join(['annan', *COME_ALONG])}." == caught.value.text("sv")
    )
    assert "did you mean 'prioritering'?" in caught.value.text("en")


def test_broken_process_stands_under_its_folder(tmp_path):
    """A process that cannot be read is listed by its folder, so that it can be asked for."""
    place = _process(tmp_path, "trasig", "x")
    (place / "process.toml").write_text("[", encoding="utf-8")
    registry = Registry([tmp_path])

    assert ["trasig", *COME_ALONG] == registry.keys()
    assert None is registry.examine("trasig", year=2026).revision


def test_missing_folder_is_a_problem(tmp_path):
    """A configured folder that is not there is said, not passed over."""
    registry = Registry([tmp_path / "borta"])

    assert ["there is no such folder of processes; see the configuration"] == [
        one.message for one in registry.problems
    ]
    assert COME_ALONG == registry.keys()


def test_common_files_of_another_root_are_found(tmp_path):
    """What a region keeps in `gemensamt` can be used from all its folders."""
    place = _process(tmp_path / "en", "annan", "annan")
    text = (place / "process.toml").read_text(encoding="utf-8")
    (place / "process.toml").write_text('uses = "skalor"\n' + text, encoding="utf-8")
    common = tmp_path / "tva" / "gemensamt"
    common.mkdir(parents=True)
    (common / "skalor.toml").write_text(
        '[scale.a]\ntitle = "A"\nlevels = { a = "a" }', encoding="utf-8"
    )

    registry = Registry([tmp_path / "en", tmp_path / "tva"])

    assert ["a"] == list(registry.load("annan", year=2026).definition.scale)


def test_process_by_path(tmp_path):
    """A process that lies anywhere is examined by its path."""
    place = _process(tmp_path, "annan", "annan")

    loaded = Registry().examine_path(place, year=2026)

    assert loaded.revision is not None
    assert isinstance(loaded.path, Path)
