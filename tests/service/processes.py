"""The shipped process, changed in a word or two: what a region's own would look like."""

import shutil
from pathlib import Path

from tests.service.worlds import load_process
from workflow.core.revision import Revision

SHIPPED = Path(__file__).parents[2] / "processes"


def write_process(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the shipped process into a folder, with texts replaced; each must be there."""
    shutil.copytree(SHIPPED / "prioritering", folder / "prioritering", dirs_exist_ok=True)
    file = folder / "prioritering" / "process.toml"
    words = file.read_text(encoding="utf-8")
    for old, new in changes:
        if old not in words:
            raise LookupError(old)
        words = words.replace(old, new)
    file.write_text(words, encoding="utf-8")
    return file


def change_process(folder: Path, *changes: tuple[str, str], year: int = 2010) -> Revision:
    """Load the shipped process with texts replaced."""
    write_process(folder, *changes)
    return load_process(folder, year=year)
