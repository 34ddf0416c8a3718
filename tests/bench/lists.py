"""Lists that are compiled: one for each area, of the table that a clinic below has filled in."""

from pathlib import Path

from beredning.practice.example import example_organisation, write_csv
from tests.bench.figures import timed
from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.lists import LISTS
from tests.support.worlds import open_world
from workflow.core.facts import Compile, RowFact, SheetChange, SheetKey
from workflow.core.places import spread
from workflow.service import acts, opening
from workflow.store.compiling import compile_sheets
from workflow.store.database import Connection, Database
from workflow.store.material import save_sheets

__all__ = ["Lists"]

PER_AREA = 7.5
"""So many clinics the example organisation has below each area."""


class _UndoneError(Exception):
    """Nothing of what was measured is kept."""


class Lists:
    """A round with lists to compile."""

    def __init__(self, folder: Path, lists: int, rows: int) -> None:
        revision = revision_of(LISTS, head=HEAD)
        organisation = example_organisation(revision.definition, units=int(lists * PER_AREA))
        write_csv(organisation, folder / "lists-org")
        self.database = Database(f"sqlite:///{folder / 'lists.db'}")
        world = open_world(self.database, folder / "lists-org", Clock())
        made = opening.open_round(world, revision, year=2010)
        self.round = str(made["round"])
        leader = next(one.email for one in organisation.grants if one.role == "ledare")
        root = f"{self.round}.omgang"
        acts.act(world, acts.Wish(case=root, transition="borja", email=leader))
        with self.database.write() as connection:
            self.compiles = _fill(connection, lists, rows)

    def compile_all(self) -> float:
        """Compile them all, from nothing; gives the seconds."""
        seconds = 0.0
        try:
            with self.database.write() as connection:
                seconds = timed(lambda: self._compile(connection))
                raise _UndoneError
        except _UndoneError:
            return seconds

    def _compile(self, connection: Connection) -> None:
        made = compile_sheets(connection, self.round, self.compiles)
        assert len(made) == len(self.compiles)


def _fill(connection: Connection, lists: int, rows: int) -> list[Compile]:
    """Fill in a table of one clinic in each area, and say what is to be compiled."""
    found = connection.exec_driver_sql(
        "SELECT parent, min(id) FROM cases WHERE kind = 'underlag' GROUP BY parent ORDER BY parent"
    ).all()
    added = tuple(
        RowFact(number=n, place=place, version=1, cells={"vad": f"Rad {n}", "tkr": n})
        for n, place in enumerate(spread(rows), start=1)
    )
    told = tuple([["add", row.number, row.place, row.cells] for row in added])
    change = SheetChange(added=added, last_number=rows, told=told)
    save_sheets(connection, {SheetKey(case, "rader"): change for _, case in found[:lists]})
    assert len(found) >= lists
    return [
        Compile(key=SheetKey(case, "omradets"), chain=("rader",), where={}, below=True)
        for case, _ in found[:lists]
    ]
