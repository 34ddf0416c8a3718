"""Whatever `publish` names, what stands outside it never stands in what is released."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.lists import ROOT
from tests.support.organisation import email
from tests.support.releases import ReleaseRound, open_releases
from workflow.core.definition import Table
from workflow.core.facts import CaseFact
from workflow.core.open_list import as_json
from workflow.core.publishing import columns_in_chain
from workflow.service.desks import Desk
from workflow.service.reading.published.draft import draft_of
from workflow.service.seeing import see_case
from workflow.store.canonical import canonical
from workflow.store.database import Database

MARKS = {
    "vad": "Kanarie-vad",
    "hur": "Kanarie-hur",
    "ord": "Kanarie-ord",
    "svar": "Kanarie-svar",
    "skal": "Kanarie-skal",
    "anteckning": "Kanarie-anteckning",
    "tkr": 987654,
}
"""By column: what stands in it and nowhere else."""
TRIES = 60


@pytest.fixture
def marked(database: Database, tmp_path: Path) -> ReleaseRound:
    """A round whose every column holds what stands nowhere else."""
    a_round = open_releases(database, tmp_path)
    a_round.act("omgang", "borja", "lena")
    row = {key: MARKS[key] for key in ("vad", "hur", "tkr")}
    for unit, chief in (("ett", "ellen"), ("tva", "tove"), ("tre", "trygve")):
        rows = {"rader": [{**row, "slag": "bort", "grad": "3"}]}
        a_round.act(f"underlag.{unit}", "lamna_in", chief, rows=rows)
    for area, chief in (("norr", "nora"), ("soder", "sune")):
        a_round.edit(
            chief, ["set", 1, 1, {"ord": MARKS["ord"]}], case=f"lista.{area}", table="omradets"
        )
        a_round.act(f"lista.{area}", "lamna", chief)
    a_round.edit("lena", ["set", 1, 1, {"svar": MARKS["svar"]}])
    a_round.act("omgang", "klart", "lena")
    decided = {key: MARKS[key] for key in ("skal", "anteckning")}
    a_round.edit("lena", ["set", 1, 1, {"utfall": "bifall", **decided}], table="beslut")
    return a_round


@contextmanager
def _at(marked: ReleaseRound) -> Iterator[tuple[Desk, CaseFact, Table]]:
    with marked.world.database.read() as connection:
        seen, case = see_case(marked.world, connection, ROOT, email("lena"))
        yield replace(seen.desk, language="sv"), case, seen.definition.table["beslut"]


def test_no_column_outside_publish_is_in_the_content(marked: ReleaseRound) -> None:
    """For many choices of columns, in any order: what is named is there, nothing else is."""
    chance = random.Random(5)
    with _at(marked) as (desk, case, table):
        every = list(columns_in_chain(desk.definition, table, 2010))
        for _ in range(TRIES):
            names = tuple(chance.sample(every, chance.randint(0, len(every))))
            made = draft_of(desk, case, table.model_copy(update={"publish": names}))
            content = canonical(as_json(made))

            assert names == tuple(column.key for column in made.columns)
            assert 3 == len(made.rows)
            for row in made.rows:
                assert set(row.cells) <= set(names)
            assert set(made.totals) == {"tkr"} & set(names)
            there = {key for key, mark in MARKS.items() if str(mark) in content}
            assert there == MARKS.keys() & set(names)
