"""Statements that are compiled once and run on the driver's own cursor.

Written in SQLAlchemy Core, so that one text serves both databases; run past
SQLAlchemy's execution, so that a decision of a dozen statements stays cheap.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy import Connection, Dialect, Insert
from sqlalchemy.sql import Executable
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["Statement"]

_Processor = Callable[[Any], Any]

_MEMORY: Final = 256
"""How many instants and days a parameter remembers in their stored form. One decision
binds the same few again and again, and writing one out costs a microsecond."""


class _Form:
    """A statement in one dialect: its text, and how values go in and come out."""

    __slots__ = ("binders", "constants", "names", "order", "readers", "sql")

    def __init__(
        self, construct: Executable, columns: Sequence[str] | None, dialect: Dialect
    ) -> None:
        returned = getattr(construct, "exported_columns", ())
        if isinstance(construct, Insert) and not len(returned):
            construct = construct.inline()
        # Any: typeshed has no type for what an Executable compiles to.
        compiled = cast(Any, construct).compile(
            dialect=dialect, column_keys=None if columns is None else list(columns)
        )
        if compiled.post_compile_params:
            raise TypeError("in_() with values: use one_of(), or in_() with literal() values")
        order: Sequence[str] = compiled.positiontup or ()
        if not order and compiled.binds:
            raise TypeError("the dialect must bind by position")
        self.sql: str = compiled.string
        self.constants: dict[str, object] = {
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        }
        for name in set(columns or ()):
            self.constants.pop(name, None)
        self.names: frozenset[str] = frozenset(order) - self.constants.keys()
        self.order = _in_order(order)
        self.binders: tuple[tuple[int, _Processor], ...] = tuple(
            (position, binder)
            for position, name in enumerate(order)
            if (binder := _binder(compiled.binds[name].type, dialect)) is not None
        )
        self.readers: tuple[tuple[int, _Processor], ...] = tuple(
            (position, reader)
            for position, column in enumerate(returned)
            if (reader := _reader(column.type, dialect)) is not None
        )

    def bind(self, given: Mapping[str, object]) -> list[object]:
        """Give the values in the order of the text, in the form the driver stores."""
        if self.constants:
            given = {**self.constants, **given}
        values = list(self.order(given))
        for position, binder in self.binders:
            values[position] = binder(values[position])
        return values

    def read(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Give rows from the driver as the values they were."""
        readers = self.readers
        if not readers:
            return rows
        answer = []
        for row in rows:
            values = list(row)
            for position, reader in readers:
                values[position] = reader(values[position])
            answer.append(tuple(values))
        return answer


class Statement:
    """A Core construct, compiled once per dialect and run on the driver's cursor.

    Why it exists: of the speed of hand-written SQL on SQLite, SQLAlchemy's unit of
    work keeps 0.13 and Core 0.28 to 0.38; the same Core statement, compiled once and
    handed to the driver, keeps 0.73. Every act pays for a dozen statements.

    It runs on the same pooled connection and in the same transaction as everything
    else there, and values pass through the columns' own bind and result processors:
    a row written here equals one written by SQLModel. Parameters are the names of the
    construct's bind parameters; all must be given, and no others (TypeError).

    The driver's errors come through as they are; `Database.write` and `Database.read`
    put them into words.
    """

    __slots__ = ("_columns", "_forms", "construct")

    def __init__(self, construct: Executable, *, columns: Sequence[str] | None = None) -> None:
        """Take a construct; `columns` names the columns that an insert() without
        values() fills, which are then its parameters."""
        self.construct = construct
        self._columns = columns
        self._forms: dict[str, _Form] = {}

    def all(self, connection: Connection, **parameters: object) -> list[tuple[Any, ...]]:
        """Run it and give every row."""
        form = self._form(connection)
        return form.read(self._execute(form, connection, parameters).fetchall())

    def first(self, connection: Connection, **parameters: object) -> tuple[Any, ...] | None:
        """Run it and give the first row, None when there is none."""
        form = self._form(connection)
        row = self._execute(form, connection, parameters).fetchone()
        if row is None or not form.readers:
            return cast("tuple[Any, ...] | None", row)
        return form.read([row])[0]

    def run(self, connection: Connection, **parameters: object) -> int:
        """Run it and give how many rows it touched."""
        return cast(int, self._execute(self._form(connection), connection, parameters).rowcount)

    def many(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Run it once for each mapping of parameters, in order, as one batch."""
        if not rows:
            return
        form = self._form(connection)
        if len(rows) == 1:
            self._execute(form, connection, rows[0])
            return
        self._check(form, rows[0])
        values = [form.bind(row) for row in rows]
        cast(Any, connection.connection.cursor()).executemany(form.sql, values)

    def sql(self, connection: Connection) -> str:
        """Give its text as this connection's driver gets it."""
        return self._form(connection).sql

    def _form(self, connection: Connection) -> _Form:
        dialect = connection.dialect
        form = self._forms.get(dialect.name)
        if form is None:
            form = _Form(self.construct, self._columns, dialect)
            self._forms[dialect.name] = form
        return form

    def _execute(
        self, form: _Form, connection: Connection, parameters: Mapping[str, object]
    ) -> Any:
        if len(parameters) != len(form.names):
            self._check(form, parameters)
        # Both drivers' connections have execute(), which spares a layer or two.
        driver: Any = connection.connection.dbapi_connection
        return driver.execute(form.sql, form.bind(parameters))

    @staticmethod
    def _check(form: _Form, parameters: Mapping[str, object]) -> None:
        if parameters.keys() != form.names:
            wrong = ", ".join(sorted(parameters.keys() ^ form.names))
            raise TypeError(f"parameters missing or too many: {wrong}")


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, object]], Sequence[object]]:
    """Give what takes the values of some names out of a mapping, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]


def _binder(type_: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    processor = type_.dialect_impl(dialect).bind_processor(dialect)
    if processor is None:
        return None
    stored = type_.impl_instance if isinstance(type_, TypeDecorator) else type_
    remembered = lru_cache(_MEMORY)(processor)
    if stored.python_type is date:
        return remembered
    if stored.python_type is not datetime:
        return processor

    def bind_instant(value: datetime | None) -> Any:
        # In UTC alone: elsewhere the two instants of a repeated hour are equal to Python.
        utc = value is not None and value.tzinfo is UTC
        return remembered(value) if utc else processor(value)

    return bind_instant


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
