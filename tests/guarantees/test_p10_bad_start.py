"""P10: a bad setting or definition never half-starts, and running rounds are untouched."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from beredning.cli import cli
from tests.conftest import Place
from tests.service.processes import write_process
from tests.service.worlds import ROUND, Stage

CONFIG = """
[database]
url = "{url}"
[processes]
path = ["{processes}"]
[mail]
outbox_dir = "{outbox}"
"""


@pytest.fixture
def command(tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on the database with the region's own folder of processes."""
    for name in ("BEREDNING_DATABASE__URL", "BEREDNING_PROCESSES__PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "config.toml"
    file.write_text(
        CONFIG.format(url=place.url, processes=tmp_path / "own", outbox=tmp_path / "mail"),
        encoding="utf-8",
    )

    def run(*words: str, extra: str = "", replaced: tuple[str, str] = ("", "")) -> Result:
        text = file.read_text(encoding="utf-8")
        (tmp_path / "tried.toml").write_text(text.replace(*replaced) + extra, encoding="utf-8")
        return CliRunner().invoke(cli, ["--config", str(tmp_path / "tried.toml"), *words])

    return run


BROKEN = {
    "not TOML": ('key = "prioritering"', "key = ["),
    "an unknown key": ("[case.omgang]\n", "[case.omgang]\nsluter = true\n"),
    "an unknown role": ('by = "verksamhetschef"\n', 'by = "verksamhetschefen"\n'),
    "a state nobody leaves": ("transition.konstituera", "# transition.konstituera"),
    "a day that is none": ('on = "{year-1}-02-28"', 'on = "{year-1}-02-31"'),
    "plans in the wrong order": ('on = "{year-1}-04-22"', 'on = "{year-1}-01-02"'),
    "a guard that is not there": ('guards = ["complete"]', 'guards = ["fullstandig"]'),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_bad_definition_opens_nothing(
    groundwork: Stage, command: Any, tmp_path: Path, fault: str
) -> None:
    """The command names file and place, ends with 1, and the database is as it was."""
    write_process(tmp_path / "own", BROKEN[fault])
    before = groundwork.everything()

    found = command("round", "open", "prioritering", "--year", "2011", "--json")

    told = json.loads(found.stderr)["error"]
    assert 1 == found.exit_code
    assert "Traceback" not in found.output
    assert "bad_input" == told["code"]
    assert before == groundwork.everything()


@pytest.mark.parametrize("fault", BROKEN)
def test_a_bad_definition_stops_no_running_round(
    groundwork: Stage, command: Any, tmp_path: Path, fault: str
) -> None:
    """A round that runs goes on, whatever lies in the folder it once came from."""
    write_process(tmp_path / "own", BROKEN[fault])
    unit = groundwork.units("verksamhet")[0]

    found = command(
        "act",
        groundwork.case("underlag", unit),
        "inget",
        "--as",
        groundwork.chief(unit),
        "--comment",
        "Inget i år.",
        "--json",
    )

    assert 0 == found.exit_code, found.output
    assert "inlamnat" == json.loads(found.stdout)["to"]


SETTINGS = {
    "not TOML": ("", "[database"),
    "an unknown section": ("", "\n[databas]\nurl = 'x'\n"),
    "an unknown key": ("[mail]", "[mail]\navsandare = 'x'"),
    "an hour that is none": ("[mail]", "[mail]\nremind_at = '25:00'"),
    "an address that is none": ("[database]\nurl = ", "[database]\nurl = 'mysql://x' #"),
}


@pytest.mark.parametrize("fault", SETTINGS)
@pytest.mark.parametrize("words", [("tick",), ("round", "list"), ("deliver",)])
def test_a_bad_setting_starts_nothing(
    groundwork: Stage, command: Any, fault: str, words: tuple[str, ...]
) -> None:
    """No command does anything with settings that are wrong; it says which."""
    groundwork.put("2009-02-25")
    old, new = SETTINGS[fault]
    before = groundwork.everything()

    found = command(*words, extra="" if old else new, replaced=(old, new) if old else ("", ""))

    assert found.exit_code in (1, 2)
    assert "" != found.stderr.strip()
    assert "Traceback" not in found.output
    assert before == groundwork.everything()


@pytest.mark.usefixtures("groundwork")
def test_a_sound_one_does_start(command: Any, tmp_path: Path) -> None:
    """The commands above fail for their fault alone: without one they work."""
    write_process(tmp_path / "own")

    found = command("round", "list", "--json")

    assert 0 == found.exit_code
    assert [ROUND] == [one["round"] for one in json.loads(found.stdout)]
