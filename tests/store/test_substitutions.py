"""Never more than the person's own rights: random histories against a small model (E8)."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import Connection, bindparam, delete, insert
from sqlmodel import col

from tests.conftest import Place as Site
from tests.store.builders import add
from workflow.core.facts import Place
from workflow.store.database import Database
from workflow.store.facts import load_actor
from workflow.store.people import staff
from workflow.store.statements import Statement
from workflow.store.substitutions import end, insert_substitution
from workflow.store.tables import FIRST_DAY, LAST_DAY, Grant, Person, Substitution, Unit

BEGIN = date(2026, 11, 22)
PEOPLE = range(1, 5)
ROLES = ("chef", "sekreterare")
UNITS = ("norr", "soder")
PLACES = [Place(role, unit) for role in ROLES for unit in UNITS]


@dataclass
class Model:
    """What holds, by the plainest means: lists that are looked through."""

    today: date = BEGIN
    grants: list[tuple[int, Place, date, date]] = field(default_factory=list)
    given: dict[int, tuple[int, int, str | None, str | None, date, date]] = field(
        default_factory=dict
    )

    def own(self, person: int) -> frozenset[Place]:
        """What a person holds today."""
        return frozenset(
            place for who, place, first, last in self.grants
            if who == person and first <= self.today <= last
        )  # fmt: skip

    def lent(self, by: int) -> dict[int, frozenset[Place]]:
        """What a person has today of each whom they stand in for."""
        found: dict[int, set[Place]] = {}
        for away, substitute, role, unit, first, last in self.given.values():
            if substitute == by and first <= self.today <= last:
                some = {
                    place for place in self.own(away)
                    if role in (None, place.role) and unit in (None, place.unit)
                }  # fmt: skip
                if some:
                    found.setdefault(away, set()).update(some)
        return {away: frozenset(some) for away, some in found.items()}


def furnish(connection: Connection) -> None:
    """Write the people and the units."""
    for number in PEOPLE:
        add(connection, Person(id=number, key=f"p{number}", email=f"p{number}@prov.example",
                               name=f"P{number}", language="sv", party=""))  # fmt: skip
    for position, unit in enumerate(UNITS):
        add(connection, Unit(key=unit, name=unit, kind="enhet", parent=None, from_on=FIRST_DAY,
                             to_on=LAST_DAY, position=position))  # fmt: skip


def some_days(chance: Random, today: date) -> tuple[date, date]:
    first = today + timedelta(days=chance.randint(-2, 1))
    return first, first + timedelta(days=chance.randint(1, 6))


def step(connection: Connection, model: Model, chance: Random) -> None:
    """Let one thing happen, in the tables and in the model."""
    what = chance.choice("give give give role role role end end_role day".split())
    if what == "give":
        away, by = chance.sample(PEOPLE, 2)
        role, unit = chance.choice((None, *ROLES)), chance.choice((None, *UNITS))
        first, last = some_days(chance, model.today)
        row = {"person": away, "substitute": by, "of_role": role, "at_unit": unit,
               "first": first, "last": last, "now": datetime(2026, 11, 22, tzinfo=UTC)}  # fmt: skip
        key = insert_substitution(connection, row)
        model.given[key] = away, by, role, unit, first, last
    elif what == "end" and model.given:
        key = chance.choice(list(model.given))
        assert end(connection, key, datetime(2026, 11, 23, tzinfo=UTC))
        assert not end(connection, key, datetime(2026, 11, 24, tzinfo=UTC))
        del model.given[key]
    elif what == "day":
        model.today += timedelta(days=1)
    elif what == "role":
        person, place = chance.choice(PEOPLE), chance.choice(PLACES)
        first, last = some_days(chance, model.today)
        if all((person, place, first) != one[:3] for one in model.grants):
            row = {"person_id": person, "role": place.role, "unit": place.unit, "from_on": first,
                   "to_on": last}  # fmt: skip
            ADD_GRANT.many(connection, [row])
            model.grants.append((person, place, first, last))
    elif what == "end_role" and model.grants:
        person, place, first, _ = model.grants.pop(chance.randrange(len(model.grants)))
        END_GRANT.run(connection, person=person, of=place.role, at=place.unit, first=first)


ADD_GRANT = Statement(insert(Grant), columns=("person_id", "role", "unit", "from_on", "to_on"))
END_GRANT = Statement(
    delete(Grant).where(
        col(Grant.person_id) == bindparam("person"),
        col(Grant.role) == bindparam("of"),
        col(Grant.unit) == bindparam("at"),
        col(Grant.from_on) == bindparam("first"),
    )
)
EMPTY_GRANTS = Statement(delete(Grant))
EMPTY = Statement(delete(Substitution))


def compare(connection: Connection, model: Model, person: int, place: Place) -> int:
    """See that a person and a place are as the model says; gives how much is lent."""
    actor = load_actor(connection, f"P{person}@prov.example", model.today)
    there = staff(connection, [place], model.today)[place]

    assert actor is not None
    assert model.own(person) == actor.holds
    lent = {one.person: one.holds for one in actor.stands_in_for}
    assert model.lent(person) == lent
    assert all(some <= model.own(away) for away, some in lent.items())
    assert list(lent) == sorted(lent)
    assert [one for one in PEOPLE if place in model.own(one)] == list(there.holders)
    pairs = {
        (by, away) for by in PEOPLE for away, some in model.lent(by).items() if place in some
    }  # fmt: skip
    assert sorted(pairs) == list(there.stand_ins)
    return len(lent)


def play(database: Database, sequences: int) -> int:
    """Play random histories, and look after every step."""
    chance = Random(sequences)
    lent = 0
    with database.write() as connection:
        furnish(connection)
        for _ in range(sequences):
            model = Model()
            EMPTY.run(connection)
            EMPTY_GRANTS.run(connection)
            for _ in range(chance.randint(4, 10)):
                step(connection, model, chance)
            for person in chance.sample(PEOPLE, 2):
                lent += compare(connection, model, person, chance.choice(PLACES))
    return lent


def test_ten_thousand_histories_of_giving_ending_and_time(database: Database) -> None:
    """Whatever is given, ended, granted and taken back, in whatever order, what a substitute
    has is a part of what the person holds that very day, and never what is lent to them."""
    amount = 10_000 if database.dialect == "sqlite" else 500

    assert amount / 20 < play(database, amount)


def test_ended_and_run_out_ones_give_nothing(place: Site) -> None:
    """Another connection sees it as soon as it is committed."""
    database, other = place.open(), place.open()
    row = {"person": 1, "substitute": 2, "of_role": None, "at_unit": None, "first": BEGIN,
           "last": BEGIN, "now": datetime(2026, 11, 22, tzinfo=UTC)}  # fmt: skip
    with database.write() as connection:
        furnish(connection)
        add(connection, Grant(person_id=1, role="chef", unit="norr", from_on=BEGIN,
                              to_on=LAST_DAY))  # fmt: skip
        key = insert_substitution(connection, row)

    def lent(today: date) -> int:
        with other.read() as connection:
            actor = load_actor(connection, "p2@prov.example", today)
            return len(actor.stands_in_for) if actor else 0

    before = [lent(BEGIN + timedelta(days=n)) for n in (-1, 0, 1)]
    with database.write() as connection:
        end(connection, key, datetime(2026, 11, 22, 12, tzinfo=UTC))

    assert [0, 1, 0] == before
    assert 0 == lent(BEGIN)
