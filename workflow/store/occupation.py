"""Who has an SQLite database for themselves: one worker, or one upgrade or restore.

The lock is the system's own on the file DATABASE.worker beside the database. It ends with
the process that holds it, however that ends; the file stays, and means nothing by itself.
What stands in it says who took the lock last.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.core.errors import Locked, StoreError

try:
    import fcntl
except ImportError:  # not a POSIX system
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True

__all__ = ["lock_file", "occupy"]

_LONGEST = 200
"""Bytes of who has it."""


def lock_file(file: Path) -> Path:
    """Give the file whose lock a worker on an SQLite database holds."""
    return file.with_name(f"{file.name}.worker")


@contextmanager
def occupy(file: Path | None, who: str = "") -> Iterator[None]:
    """Have an SQLite database's file for oneself, among workers and those who must not run
    beside one. None, for a server's database, is never occupied. `who` is what another is
    told of the one who has it.

    Raises: Locked when another has it; StoreError when the lock's file cannot be made.
    """
    if file is None or not _HAS_LOCKS:
        yield
        return
    path = lock_file(file)
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    except OSError as error:
        raise StoreError(
            f"{path} kan inte skapas: {error.strerror}. Ge programmets användare rätt att"
            " skriva i mappen.",
            f"{path} cannot be made: {error.strerror}. Let the program's user write in the folder.",
        ) from error
    try:
        _take(held, file)
        os.ftruncate(held, 0)
        os.write(held, who.encode())
        yield
    finally:
        os.close(held)


def _take(held: int, file: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        known = os.read(held, _LONGEST).decode(errors="replace")
        if known:
            raise Locked(
                f"`beredning work`, `serve` eller `demo` arbetar redan mot {file} ({known}). Bara"
                " en process åt gången gör det på SQLite: stanna den först och försök igen.",
                f"`beredning work`, `serve` or `demo` is at work on {file} already ({known}). On"
                " SQLite one process is at a time: stop it first and try again.",
            ) from error
        raise Locked(
            f"`beredning work` eller `serve` arbetar mot {file}, eller så uppgraderas eller"
            " återställs den just nu. Stanna det först och försök igen.",
            f"`beredning work` or `serve` is at work on {file}, or it is being upgraded or"
            " restored right now. Stop that first and try again.",
        ) from error
