"""The pages of the patterns: what they show is what is there."""

import re
from pathlib import Path
from typing import Final

import pytest

from processes.loader import examine
from tests.patterns.playing import DOCS, FOLDERS, PATTERNS, YEAR
from web.charts.alone import FILE, draw_folders

FENCE: Final = re.compile(r"```toml\n(.*?)```", re.DOTALL)
OWN: Final = DOCS / "howto" / "a-process-of-your-own"
WITH_PROCESS: Final = [*FOLDERS, OWN]
MOST_LINES: Final = 40
MUST: Final = {
    *("01 02 03 04 05 06 07 10 11 13 14 15 16 18 19 20".split()),
    *("r01 r02 r03 r04 r05 r08 r09 r10 r11 r13 r14 r15".split()),
}
"""The patterns that a prioritisation process cannot do without."""


def lines_of(folder: Path) -> list[str]:
    """Give the lines of a definition that are neither blank nor comment."""
    text = (folder / "process.toml").read_text(encoding="utf-8")
    return [one for one in text.splitlines() if one.strip() and not one.lstrip().startswith("#")]


def test_every_must_has_a_folder() -> None:
    """None is missing, and the index marks just these as musts."""
    index = (PATTERNS / "README.md").read_text(encoding="utf-8")
    marked = re.findall(r"\]\((\w+)-[^)]*\)[^\n]*\| must \|", index)

    assert MUST <= {folder.name.partition("-")[0] for folder in FOLDERS}
    assert sorted(MUST) == sorted(marked)


def test_the_index_links_every_folder_in_order() -> None:
    """A line each, under the page's own title."""
    index = (PATTERNS / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\| \[(.+?)\]\((\S+?)/README.md\)", index)

    titles = [
        (folder / "README.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        for folder in FOLDERS
    ]
    assert list(zip(titles, [folder.name for folder in FOLDERS], strict=True)) == linked


@pytest.mark.parametrize("folder", WITH_PROCESS, ids=lambda folder: folder.name)
def test_a_definition_has_neither_errors_nor_warnings(folder: Path) -> None:
    """It loads like any process, and the checker has nothing to remark."""
    assert () == examine(folder, year=YEAR).problems


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_pattern_is_tiny(folder: Path) -> None:
    """40 lines at most that are neither blank nor comment."""
    assert len(lines_of(folder)) <= MOST_LINES


@pytest.mark.parametrize("folder", WITH_PROCESS, ids=lambda folder: folder.name)
def test_a_page_shows_lines_of_its_definition(folder: Path) -> None:
    """What stands in a block of the page stands so in the file; and the picture is there."""
    page = (folder / "README.md").read_text(encoding="utf-8")
    definition = (folder / "process.toml").read_text(encoding="utf-8")
    shown = [block.removesuffix("\n") for block in FENCE.findall(page)]

    assert shown
    assert [] == [block for block in shown if block not in definition]
    assert f"]({FILE})" in page


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_pattern_is_walked(folder: Path) -> None:
    """Some test beside this one opens a round of it."""
    tests = "".join(
        file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")
    )

    assert f'begin("{folder.name}"' in tests


def test_the_pictures_are_what_the_command_draws_now() -> None:
    """`make patterns` would write every picture again, sign for sign."""
    drawn = dict(draw_folders(DOCS))

    stale = [
        file.parent.name
        for file, text in drawn.items()
        if not file.exists() or text != file.read_text(encoding="utf-8")
    ]

    assert {folder / FILE for folder in WITH_PROCESS} == set(drawn)
    assert [] == stale
