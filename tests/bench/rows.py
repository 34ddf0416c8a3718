"""Rows of a long table: saving one, moving one, and uploading all of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from documents.sheets.cells import read_cells
from documents.sheets.changes import compare
from documents.sheets.form import SheetRow, from_table
from documents.sheets.mapping import map_columns
from documents.sheets.upload import read_upload
from documents.sheets.workbook import write_xlsx
from processes.registry import Registry
from tests.bench import acts
from tests.bench.figures import timed
from workflow.core.guards import NAMED
from workflow.service import views
from workflow.service.acts import Wish
from workflow.service.saving import save

__all__ = ["Table", "upload"]

TABLE = "objekt"
FILES = count()
CREATED = datetime(2026, 11, 22, tzinfo=UTC)


def rows(many: int) -> Iterator[dict[str, Any]]:
    """Make up rows."""
    for number in range(many):
        yield {
            "tillstand": f"Påhittat tillstånd {number}",
            "atgard": f"Påhittad åtgärd {number}",
            "typ": "effektivisering",
            "effekt_tkr": number,
        }


class Table:
    """A case whose table has many rows, and the one who fills it in."""

    def __init__(self, folder: Path, many: int) -> None:
        url = f"sqlite:///{folder / f'rows-{next(FILES)}.db'}"
        acts.prepare(url, folder, 4)
        self.world = acts.world_on(url)
        task = next(t for t in views.task_list(self.world) if t["kind"] == "underlag")
        self.case, self.email = task["case"], task["holders"][0]
        self._save(rows={TABLE: list(rows(many))})
        self.versions = dict.fromkeys(range(1, many + 1), 1)
        self.times = count()

    def set_one(self) -> float:
        """Change a cell of a row; gives the seconds."""
        time = next(self.times)
        number = 1 + time * 7 % len(self.versions)
        cells = {"atgard": f"Ändrad {time}"}
        seconds = timed(lambda: self._edit("set", number, self.versions[number], cells))
        self.versions[number] += 1
        return seconds

    def move_one(self) -> float:
        """Put a row first; gives the seconds."""
        number = 1 + next(self.times) * 7 % len(self.versions)
        seconds = timed(lambda: self._edit("move", number, self.versions[number], 0, "x"))
        self.versions[number] += 1
        return seconds

    def count_move(self) -> tuple[int, int]:
        """Put a row first; gives how many steps SQLite's machine took, and how many rows
        became other."""
        self.move_one()  # what is prepared once is prepared
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        with self.world.database.write() as connection:
            driver: Any = connection.connection.dbapi_connection
        driver.set_progress_handler(step, 1)
        before = driver.total_changes
        self.move_one()
        driver.set_progress_handler(None, 0)
        assert steps
        return steps, driver.total_changes - before

    def _edit(self, *wish: Any) -> None:
        self._save(edits={TABLE: [list(wish)]})

    def _save(self, **data: Any) -> None:
        save(self.world, Wish(case=self.case, transition="", email=self.email, data=data))


def upload(many: int) -> float:
    """Read a workbook of so many rows and tell what is other; gives the seconds."""
    definition = Registry(guards=frozenset(NAMED)).load("prioritering", year=2010).definition
    form = from_table(definition, definition.table[TABLE])
    present = [
        SheetRow(number=number, version=1, cells=cells)
        for number, cells in enumerate(rows(many), start=1)
    ]
    content = write_xlsx(form, present, created=CREATED)

    def work() -> None:
        grid = read_upload(content, "a.xlsx", form)
        proposal = map_columns(form, grid)
        read = read_cells(form, grid, proposal.taken, skip=proposal.skip)
        found = compare(form, present, read)
        assert found.unchanged == many

    return timed(work)
