"""A table as a spreadsheet sees it: columns in order, and what may stand in each."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, Literal, cast

from workflow.core.columns import columns_in
from workflow.core.definition import PLAIN_TYPES, Column, Definition, Match, Table
from workflow.core.facts import Cell
from workflow.core.phrases import Range
from workflow.core.suggesting import NAMED, reason_key

__all__ = [
    "NUMBER",
    "NUMBER_TITLE",
    "Around",
    "FormColumn",
    "Kind",
    "SheetForm",
    "SheetRow",
    "from_table",
    "headings",
    "labels",
    "typed",
]

Kind = Literal[
    "text",
    "long_text",
    "integer",
    "number",
    "tkr",
    "percent",
    "date",
    "yes_no",
    "level",
    "levels",
    "by_row",
]
NUMBER: Final = "#"
"""The key of the column with the rows' permanent numbers; no column of a table can bear it."""
NUMBER_TITLE: Final = "Rad"
_LONGEST_NAME: Final = 31
_NOT_IN_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""What the name of a sheet may not have, and how long it may be: Microsoft, "Rename a
worksheet"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormColumn:
    """A column of a form."""

    key: str
    title: str
    kind: Kind
    help: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Key = title, for `level` and `levels`: levels of a scale, or whatever else is chosen among:
    people, units, files and rows."""
    type_from: str = ""
    """For `by_row`: the column in which the row's type stands."""
    unverified: bool = False
    """Nobody has read where the levels come from."""
    required: bool = False
    required_when: str = ""
    """In words, when it is for some rows only."""
    least: float | None = None
    most: float | None = None
    read_only: bool = False
    """It is shown, and what is written in it is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetForm:
    """What somebody fills in with a spreadsheet program."""

    process: str
    table: str
    revision: str
    title: str
    sheet: str
    """The name of the sheet; at most 31 characters."""
    columns: tuple[FormColumn, ...]
    fixed: str = ""
    """The column that says which of the table's fixed rows a row is; empty where rows are free."""
    elsewhere: tuple[str, ...] = ()
    """Titles of columns that a spreadsheet cannot hold, and are filled in by other means."""

    def column(self, key: str) -> FormColumn:
        """Give the column with a key."""
        return next(one for one in self.columns if one.key == key)

    @property
    def digest(self) -> str:
        """Hash what the columns are, by which a changed template is noticed."""
        told = [[c.key, c.title, c.kind, list(c.levels.items())] for c in self.columns]
        return sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row of a sheet as it stands, or one to begin from that has no number yet."""

    number: int | None = None
    version: int = 0
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form needs to know of the round and of the one who fills it in."""

    year: int = 0
    """The round's, by which columns with years are laid out."""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What may be chosen in columns that point, by the key of the column: key = title."""
    hidden: frozenset[str] = frozenset()
    """Columns that they do not see."""


_NOWHERE: Final = Around()


def from_table(
    definition: Definition,
    table: Table,
    *,
    revision: str = "",
    shown: Sequence[FormColumn] = (),
    around: Around = _NOWHERE,
) -> SheetForm:
    """Describe a table; `shown` are columns of a compiled table's source, read-only and first."""
    columns, elsewhere = list(shown), []
    for key, column in _laid_out(table, around):
        kind = _kind_of(definition, column, around)
        if kind is None:
            elsewhere.append(column.title)
        else:
            columns.append(_form_column(definition, table, key, column, kind, around))
            if column.suggest in NAMED:
                columns.append(_reason(key, column))
    return SheetForm(
        process=definition.key_,
        table=table.key,
        revision=revision,
        title=table.title,
        sheet=_sheet_name(table.title),
        columns=tuple(columns),
        fixed=next((one.key for one in table.column.values() if one.is_fixed), ""),
        elsewhere=tuple(elsewhere),
    )


def headings(form: SheetForm) -> tuple[str, ...]:
    """Give the columns' headings, each of which stands once and is not that of the numbers."""
    seen = Counter(" ".join(one.title.split()).casefold() for one in form.columns)
    seen[NUMBER_TITLE.casefold()] += 1
    return tuple(
        f"{one.title} ({one.key})"
        if seen[" ".join(one.title.split()).casefold()] > 1
        else one.title
        for one in form.columns
    )


def labels(column: FormColumn) -> Mapping[str, str]:
    """Give the words for each level, none of which stands for two."""
    seen = Counter(" ".join(title.split()).casefold() for title in column.levels.values())
    return {
        key: f"{title} ({key})" if seen[" ".join(title.split()).casefold()] > 1 else title
        for key, title in column.levels.items()
    }


def typed(column: FormColumn, cells: Mapping[str, Cell]) -> FormColumn:
    """Give a column as it is in a row: of the type that stands there, else as longer text."""
    if column.kind != "by_row":
        return column
    kind = cells.get(column.type_from)
    return replace(column, kind=cast(Kind, kind) if kind in PLAIN_TYPES else "long_text")


def _laid_out(table: Table, around: Around) -> Iterator[tuple[str, Column]]:
    """Give the columns that somebody sees, one for each year where the year is known."""
    columns = columns_in(table, around.year) if around.year else table.column
    for key, column in columns.items():
        if key.partition(".")[0] not in around.hidden:
            yield key, column


def _kind_of(definition: Definition, column: Column, around: Around) -> Kind | None:
    kind = column.type or "text"
    if column.years is not None:
        return None
    if column.type_from is not None:
        return "by_row"
    if kind in definition.scale or column.key in around.choices:
        return "levels" if column.several else "level"
    return cast(Kind, kind) if kind in PLAIN_TYPES else None


def _reason(key: str, column: Column) -> FormColumn:
    """Give the column of why another value than the suggested was chosen."""
    return FormColumn(
        key=reason_key(key),
        title=f"{column.title}, skäl",
        kind="long_text",
        help="Varför, när det är något annat än förslaget.",
    )


def _form_column(
    definition: Definition, table: Table, key: str, column: Column, kind: Kind, around: Around
) -> FormColumn:
    scale = definition.scale.get(column.type or "")
    when = column.required if isinstance(column.required, dict) else {}
    return FormColumn(
        key=key,
        title=column.title,
        kind=kind,
        help=column.help or "",
        levels=dict(scale.levels if scale else around.choices.get(key, {})),
        type_from=column.type_from or "",
        unverified=scale is not None and scale.unverified,
        required=column.required is True,
        required_when=_say_match(definition, table, when),
        least=column.min,
        most=column.max,
        read_only=column.is_fixed,
    )


def _say_match(definition: Definition, table: Table, match: Match) -> str:
    """Say for which rows something holds: "Typ är Bortval eller Begränsning"."""
    told = []
    for key, wanted in match.items():
        column = _shown_column(definition, table, key)
        scale = definition.scale.get(column.type or "")
        names = {**(scale.levels if scale else {}), "yes": "ja", "no": "nej"}
        if isinstance(wanted, Range):
            told.append(f"{column.title} är {wanted.first} till {wanted.last}")
        else:
            told.append(f"{column.title} är {' eller '.join(names.get(w, w) for w in wanted)}")
    return " och ".join(told)


def _shown_column(definition: Definition, table: Table, key: str) -> Column:
    """Give a column of a table or of what it is compiled from."""
    tables = (table, *(definition.table[one] for one in definition.chain(table.key)))
    return next(one.column[key] for one in tables if key in one.column)


def _sheet_name(title: str) -> str:
    """Make a title the name of a sheet."""
    plain = " ".join(title.translate(_NOT_IN_NAME).split()).strip("'")[:_LONGEST_NAME]
    return plain.strip(" '") or "Blad"
