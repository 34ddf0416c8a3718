"""Guards and suggestions that a region installs beside the program are known to it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from beredning.app import App
from beredning.config import Config
from workflow.core import guards, suggesting

MODULE = """\
from workflow.core.errors import Reason
from workflow.core.suggesting import Suggestion

def stangt(situation):
    yield Reason("stangt", "Stangt.", "Closed.")

FORSLAG = Suggestion(answer=lambda cells: cells.get("text"))
"""
ENTRIES = """\
[beredning.guards]
stangt = regionens_regler:stangt
[beredning.suggestions]
som_texten = regionens_regler:FORSLAG
"""
PROCESS = """\
key = "egen"
title = "Egen {year}"
leader = "chef"
[unit]
region = { title = "Region" }
[role]
chef = { title = "Chef", at = "region" }
[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }
[case.omgang.state.arbete]
title = "Arbete"
by = "chef"
edits = ["rader"]
transition.klar = { title = "Klar", to = "klar", guards = ["stangt"] }
[table.rader]
title = "Rader"
column.text = { title = "Text", type = "text" }
column.mer = { title = "Mer", type = "text", suggest = "som_texten" }
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package of the region's own, as an installer leaves it."""
    place = tmp_path / "site"
    about = place / "regionens_regler-1.0.dist-info"
    about.mkdir(parents=True)
    (place / "regionens_regler.py").write_text(MODULE, encoding="utf-8")
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: regionens-regler\nVersion: 1.0\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(ENTRIES, encoding="utf-8")
    monkeypatch.syspath_prepend(str(place))
    yield
    guards.NAMED.pop("stangt", None)
    suggesting.NAMED.pop("som_texten", None)
    sys.modules.pop("regionens_regler", None)


def _errors(tmp_path: Path) -> list[str]:
    """Check the region's process with a program that has opened nothing else."""
    folder = tmp_path / "processer" / "egen"
    folder.mkdir(parents=True)
    (folder / "process.toml").write_text(PROCESS, encoding="utf-8")
    config = Config.model_validate({"processes": {"path": [str(tmp_path / "processer")]}})
    problems = App(config=config).registry.examine("egen", year=2027).problems
    return [one.message for one in problems if one.severity == "error"]


@pytest.mark.usefixtures("installed")
def test_what_is_installed_is_known(tmp_path: Path) -> None:
    """A definition may name what an installed package brings, by its entry point."""
    assert [] == _errors(tmp_path)


def test_what_is_not_installed_is_an_error(tmp_path: Path) -> None:
    """Without the package both names are unknown when the definition is loaded."""
    guard, suggestion = sorted(_errors(tmp_path))

    assert "there is no guard 'stangt'" in guard
    assert "there is no suggestion 'som_texten'" in suggestion
