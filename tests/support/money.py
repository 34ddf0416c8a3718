"""The round of `lists`, whose common list says what becomes of each row and what pays for it.

The clinics' budgets are those of `BUDGETS`; one has none.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.lists import LISTS, TABLE, ListRound
from tests.support.organisation import write_organisation
from tests.support.worlds import open_world
from workflow.service import opening
from workflow.store.database import Database

__all__ = ["BUDGETS", "MONEY", "fill_in", "number_of", "open_money"]

BUDGETS: Final[Mapping[str, int]] = {"ett": 100_000, "tva": 62_000}
OWN: Final = """
[table.gemensam.column.forslag]
title = "Förslag"
type = "forslag"
required = true
[table.gemensam.column.betalas_av]
title = "Betalas av"
type = "row"
of = "gemensam"
several = true
required = { slag = "sats" }
[table.gemensam.column.utreds_av]
title = "Utreds av"
type = "person"
required = { forslag = "utreds" }
[table.gemensam.column.utrett_till]
title = "Utrett till"
type = "date"
required = { forslag = "utreds" }

[scale.forslag]
title = "Förslag"
levels = { genomfors = "Genomförs", utreds = "Utreds vidare", avstyrks = "Avstyrks" }
"""
MONEY: Final = LISTS + OWN
WITH_FACTS: Final = HEAD.replace(
    'klinik = { title = "Klinik", under = "omrade" }',
    'klinik = { title = "Klinik", under = "omrade", facts = { budget_tkr = "tkr" } }',
)


def open_money(database: Database, folder: Path) -> ListRound:
    """Open such a round and take it to where the common list is put in order."""
    clock = Clock()
    world = open_world(database, write_organisation(folder / "org"), clock)
    with database.write() as connection:
        for unit, budget in BUDGETS.items():
            facts = json.dumps({"budget_tkr": budget})
            connection.exec_driver_sql(f"UPDATE units SET facts = '{facts}' WHERE key = '{unit}'")
    opening.open_round(world, revision_of(MONEY, head=WITH_FACTS), year=2010)
    a_round = ListRound(world, clock, folder / "mail")
    a_round.collect()
    return a_round


def number_of(a_round: ListRound, name: str) -> int:
    """Give the number of a row of the common list."""
    return next(row.number for row in a_round.page().rows if row.name == name)


def fill_in(a_round: ListRound, name: str, who: str = "lena", **cells: Any) -> None:
    """Fill in the list's own columns in one row."""
    row = next(row for row in a_round.page().rows if row.name == name)
    a_round.edit(who, ["set", row.number, row.version, cells], table=TABLE)
