"""Files that somebody else wrote: read whole, or refused with one sentence.

Nothing is read that is too large, no regular file, not UTF-8, or outside the
folder that it is asked for in; no file is waited for.
"""

import os
from pathlib import Path
from stat import S_ISREG

from workflow.core.errors import DefinitionError, Problem

__all__ = ["MOST_BYTES", "read_text", "refuse"]

MOST_BYTES = 256 * 1024
"""Twenty times the longest definition known."""


def refuse(file: Path | str, message: str, *, place: str = "", line: int = 0) -> DefinitionError:
    """Make the error for one thing that is wrong in a file."""
    return DefinitionError([Problem(place=place, message=message, file=str(file), line=line)])


def read_text(path: Path, within: Path, most: int = MOST_BYTES) -> str:
    """Read a text file that lies in a folder, perhaps by a link inside it.

    A byte order mark, which Windows puts first, is left out.

    Raises: DefinitionError.
    """
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(within.resolve(strict=True)):
            raise refuse(path, f"is a link out of its folder, to {real}; copy the file instead")
        content = _read(path, real, most)
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error
    except RuntimeError as error:  # what Path.resolve calls a loop of links before 3.13
        raise refuse(path, "cannot be read: its links go round in a circle") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse(path, "is not UTF-8; save the file again as UTF-8", line=line) from error


def _read(path: Path, real: Path, most: int) -> bytes:
    # Not to wait for a pipe that nobody writes to.
    handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not S_ISREG(status.st_mode):
            raise refuse(path, "is no ordinary file")
        content = file.read(most + 1) if status.st_size <= most else b""
        if status.st_size > most or len(content) > most:
            size = max(status.st_size, len(content))
            raise refuse(
                path, f"is {size // 1024} kB; a file of a process is at most {most // 1024} kB"
            )
        return content
