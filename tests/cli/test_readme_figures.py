"""The README's figures of `make year` are those of a run."""

import re
from pathlib import Path

from tests.cli.conftest import Terminal

ROOT = Path(__file__).parents[2]
RUN = re.compile(r"^\t\.venv/bin/beredning (simulate .*)$", re.MULTILINE)


def test_the_readme_tells_the_figures_of_the_run() -> None:
    """Steps, mails and lines of the log are what the Makefile's own command gives."""
    found = RUN.search((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert found
    command = found[1].replace("$(YEAR)", "2010").replace("$(OUT)", "year")

    shown = Terminal().do(*command.split())

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for figures in (
        r"ons 3 dec 2008 +\d+ steg, \d+ mejl",
        r"\d+ steg, \d+ mejl, ",
        r"\d+ kedjor, \d+ rader",
    ):
        told, seen = re.findall(figures, readme), re.findall(figures, shown)
        assert told[-1] == seen[-1]
