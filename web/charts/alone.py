"""The picture of a process as a file of its own, for documents and papers.

    python -m web.charts.alone docs/howto/patterns

draws each process that stands in a folder below the one that is named, beside it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from processes.loader import load
from web.charts.drawing import draw_process
from web.charts.labels import LABELS
from web.shared import templates
from workflow.core.phrases import fill
from workflow.core.revision import Revision
from workflow.service.reading.process.process import Telling

__all__ = ["FILE", "YEAR", "draw_alone", "draw_folders"]

FILE: Final = "picture.svg"
YEAR: Final = 2027
"""That titles and plans are filled in with."""


def draw_alone(revision: Revision, *, year: int = YEAR) -> str:
    """Draw a process of which nothing is under way, as SVG in the process's own language.

    The text stands alone: its colours are in it, for light paper and for dark.
    """
    definition = revision.definition
    language = definition.language
    telling = Telling(revision=revision, language=language, year=year, counts={}, plan={})
    lanes = telling.lanes()
    title = fill(revision.text("title", definition.title, language), year=year)
    drawn = (
        templates(language)
        .get_template("alone/process.svg")
        .render(picture=draw_process(lanes, LABELS[language]), lanes=lanes, title=title)
    )
    return "\n".join(line for line in drawn.splitlines() if line.strip()) + "\n"


def draw_folders(folder: Path) -> Iterator[tuple[Path, str]]:
    """Give each picture below a folder: its file, and what is to stand there.

    Raises: DefinitionError when a process there is wrong.
    """
    for file in sorted(folder.glob("**/process.toml")):
        yield file.with_name(FILE), draw_alone(load(file.parent, year=YEAR))


def main(folder: Path) -> None:
    """Write every picture anew."""
    for file, drawn in draw_folders(folder):
        file.write_text(drawn, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        main(Path(name))
