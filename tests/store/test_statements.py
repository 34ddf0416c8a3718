"""Statements compiled once give and take exactly what SQLModel does."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, text, update
from sqlmodel import Session, col

from tests.store.builders import NOW, add
from workflow.store.database import Database, one_of
from workflow.store.statements import Statement
from workflow.store.tables import FIRST_DAY, LAST_DAY, Installation, Message, Person, Unit

EAST = timezone(timedelta(hours=2))
MOMENTS = [
    datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=EAST),
    datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-11))),
]
ADD_PEOPLE = Statement(insert(Person), columns=["key", "email", "name", "language", "party"])


def person(key: str) -> dict[str, object]:
    """A row of people, all but its number."""
    return {"key": key, "email": f"{key}@prov.example", "name": key, "language": "sv", "party": ""}


def message(number: int, at: datetime, *, full: bool) -> dict[str, object]:
    """A row of messages: every kind of column, with values or without."""
    return {
        "id": number,
        "message_id": f"{number}@prov",
        "round_id": None,
        "person_id": 1,
        "kind": "reminder",
        "case_id": "prov.å\u2028'\";--" if full else None,
        "task_id": None,
        "digest_on": date(2026, 11, number) if full else None,
        "content": "{}",
        "state": "queued",
        "put_at": at,
        "next_try_at": at,
        "attempt": 2**31 - 1 if full else 0,
        "error": "" if full else None,
        "sent_at": at if full else None,
        "claimed_until": None,
        "fence": 0,
        "body": b"\x00\xff'" if full else None,
        "to_address": "a@prov.example" if full else None,
        "first_try_at": at if full else None,
    }


def raw(connection: Connection, table: str, keys: str = "id") -> list[tuple[object, ...]]:
    """Give rows as the database holds them, past every column type."""
    names = connection.execute(text(f"SELECT * FROM {table}")).keys()
    shown = [f'"{name}"' for name in names if name not in (keys, "message_id", "digest_on")]
    query = f"SELECT {', '.join(shown)} FROM {table} ORDER BY {keys}"
    return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_row_equals_one_written_by_sqlmodel(
    database: Database, moment: datetime, full: bool
) -> None:
    """Instants, days, bytes, texts, numbers and None are stored in one form."""
    with database.write() as connection:
        add(connection, Person(id=1, **person("a")))
        Statement(insert(Message)).run(connection, **message(1, moment, full=full))
        with Session(connection) as session:
            session.add(Message(**message(2, moment, full=full)))
            session.commit()

    with database.read() as connection:
        ours, theirs = raw(connection, "messages")
        assert theirs == ours


def test_booleans_and_open_days_equal_sqlmodels(database: Database) -> None:
    """True and False, the first day and the last are stored alike, in bulk too."""
    values = {
        "name": "prov",
        "clock_at": None,
        "chain_length": 0,
        "chain_head": "",
        "mail_held_at": None,
    }
    with database.write() as connection:
        Statement(insert(Installation)).many(
            connection,
            [
                {**values, "id": 1, "rehearsal": True, "swept_on": FIRST_DAY},
                {**values, "id": 2, "rehearsal": False, "swept_on": LAST_DAY},
            ],
        )
        with Session(connection) as session:
            session.add(Installation(id=3, rehearsal=True, swept_on=FIRST_DAY, **values))
            session.add(Installation(id=4, rehearsal=False, swept_on=LAST_DAY, **values))
            session.commit()

    with database.read() as connection:
        rows = raw(connection, "installation")
        assert rows[2:] == rows[:2]


def test_values_come_back_as_they_were(database: Database) -> None:
    """What is read has the column's type: aware UTC, date, bool, bytes, None."""
    given = message(1, MOMENTS[2], full=True)
    with database.write() as connection:
        add(connection, Person(id=1, **person("a")))
        Statement(insert(Message)).run(connection, **given)

        row = Statement(select(Message)).first(connection)

    assert tuple(given.values()) == row
    assert UTC == row[10].tzinfo
    assert bytes is type(row[17])


def test_instants_sort_as_they_pass(database: Database) -> None:
    """Instants of different zones are compared in the database as instants."""
    earlier, later = MOMENTS[0], MOMENTS[0].astimezone(EAST) + timedelta(microseconds=1)
    query = Statement(select(Message.id).where(col(Message.put_at) > bindparam("at")))
    with database.write() as connection:
        add(connection, Person(id=1, **person("a")))
        Statement(insert(Message)).run(connection, **message(1, later, full=False))

        assert [(1,)] == query.all(connection, at=earlier)
        assert [] == query.all(connection, at=later)


def test_the_repeated_hour_is_two_instants(database: Database) -> None:
    """02:30 before and after the clock goes back are stored an hour apart."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    query = Statement(select(Message.id).where(col(Message.put_at) > bindparam("at")))
    with database.read() as connection:
        forms = [
            query._form(connection).bind({"at": moment})[0]
            for moment in (first, first.replace(fold=1), first, first.replace(fold=1))
        ]

    assert forms[:2] == forms[2:]
    assert forms[0] != forms[1]


def test_naive_instants_are_refused(database: Database) -> None:
    """An instant without a zone is an error, as in SQLModel, and stays one."""
    query = Statement(select(Message.id).where(col(Message.put_at) > bindparam("at")))
    for _ in range(2):
        with database.read() as connection, pytest.raises(ValueError, match="timezone"):
            query.all(connection, at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("size", [0, 1, 2, 1000])
def test_one_of_takes_any_number(database: Database, size: int) -> None:
    """A list of 0 to 1000 keys is one parameter of one text."""
    by_key = Statement(
        select(Person.key).where(one_of(col(Person.key), "keys")).order_by(Person.key)
    )
    by_id = Statement(select(func.count()).where(one_of(col(Person.id), "ids")))
    keys = [f"k{n:04}'\"å" for n in range(size)]
    with database.write() as connection:
        ADD_PEOPLE.many(connection, [person(key) for key in [*keys, "other"]])

        assert [(key,) for key in keys] == by_key.all(connection, keys=keys)
        assert (min(size, 1001),) == by_id.first(connection, ids=list(range(1, size + 1)))


def test_one_of_uses_the_index(database: Database) -> None:
    """Looking up a list of keys does not read the whole table."""
    if database.dialect != "sqlite":
        return  # PostgreSQL reads a small table whole, and rightly
    query = Statement(select(Person.key).where(one_of(col(Person.key), "keys")))
    with database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query.sql(connection)}", ("[]",))

        assert "SEARCH people" in plan.all()[0][3]


def test_counts_what_it_touched(database: Database) -> None:
    """`run` gives the number of rows, so that a lost race is seen."""
    rename = Statement(
        update(Person).values(name=bindparam("name")).where(col(Person.key) == bindparam("key"))
    )
    with database.write() as connection:
        ADD_PEOPLE.many(connection, [person("a"), person("b")])

        assert 1 == rename.run(connection, name="n", key="a")
        assert 0 == rename.run(connection, name="n", key="c")


def test_nothing_in_bulk_is_nothing(database: Database) -> None:
    """`many` with no rows does nothing."""
    with database.write() as connection:
        ADD_PEOPLE.many(connection, [])

        assert (0,) == Statement(select(func.count(col(Person.id)))).first(connection)


@pytest.mark.parametrize("given", [{}, {"key": "a", "more": 1}, {"kay": "a"}])
def test_parameters_must_be_given_exactly(database: Database, given: dict[str, object]) -> None:
    """A missing, superfluous or misspelt parameter is an error, never a default."""
    query = Statement(select(Person.id).where(col(Person.key) == bindparam("key")))

    with database.read() as connection, pytest.raises((TypeError, KeyError)):
        query.all(connection, **given)


def test_constants_stay_in_the_statement(database: Database) -> None:
    """Values written in the construct need not be given again."""
    query = Statement(
        select(Person.key).where(Person.language == "sv", col(Person.key) == bindparam("key"))
    )
    with database.write() as connection:
        ADD_PEOPLE.many(connection, [person("a")])

        assert [("a",)] == query.all(connection, key="a")


def test_lists_that_are_compiled_each_time_are_refused(database: Database) -> None:
    """SQLAlchemy would write in_() anew for each execution; one_of() has one text."""
    query = Statement(select(Person.key).where(col(Person.key).in_(["a", "b"])))

    with database.read() as connection, pytest.raises(TypeError, match="one_of"):
        query.all(connection)


def test_runs_in_the_transaction_of_everything_else(database: Database) -> None:
    """It sees what SQLModel wrote before, and is rolled back with it."""
    with database.write() as connection:
        add(connection, Unit(**_unit("kept")))
    with pytest.raises(RuntimeError), database.write() as connection:
        add(connection, Unit(**_unit("gone")))
        Statement(insert(Unit)).run(connection, **_unit("too"))
        raise RuntimeError

    with database.read() as connection:
        assert [("kept",)] == Statement(select(Unit.key)).all(connection)


def test_row_locks_are_left_out_where_there_are_none(database: Database) -> None:
    """FOR UPDATE and SKIP LOCKED stand in PostgreSQL's text alone."""
    plain = Statement(select(Unit.key).with_for_update())
    skipping = Statement(select(Unit.key).with_for_update(skip_locked=True))
    with database.write() as connection:
        locks = "FOR UPDATE" in plain.sql(connection)
        skips = "FOR UPDATE SKIP LOCKED" in skipping.sql(connection)

    assert (database.dialect == "postgresql",) * 2 == (locks, skips)


def _unit(key: str) -> dict[str, object]:
    return {
        "key": key,
        "name": key,
        "kind": "klinik",
        "parent": None,
        "from_on": FIRST_DAY,
        "to_on": LAST_DAY,
        "position": 0,
        "facts": "{}",
        "into": None,
    }
