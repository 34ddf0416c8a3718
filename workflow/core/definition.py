"""A process definition as values: what a region may write, and nothing else.

The classes are the vocabulary: a key that is not a field here is refused, the
published `processes/schema.json` is made from them, and so is the reference in
`docs/reference/language.md`. They say what can be written; whether what is
written hangs together is for `validate`.

A definition is frozen and shared: one object per revision and process.
"""

from collections.abc import Mapping
from re import fullmatch
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    Strict,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from workflow.core import phrases
from workflow.core.phrases import Amount, Due, Range, Rung, Span, When

__all__ = [
    "BUILT_IN_ENDS",
    "DECIMAL",
    "NUMBERS",
    "PLAIN_TYPES",
    "RESERVED",
    "ROW",
    "STANDARD_LADDER",
    "TYPES",
    "WHOLE",
    "Begins",
    "Body",
    "Case",
    "Check",
    "Column",
    "Definition",
    "Ladder",
    "Milestone",
    "Plan",
    "Role",
    "Scale",
    "Section",
    "State",
    "Table",
    "Transition",
    "Unit",
]

RESERVED = frozenset(
    {
        *("holder", "superior", "leader", "nobody", "occasion", "opened", "entered", "all"),
        *("later", "next", "at_due", "missing", "withdrawn", "withdraw", "reopen"),
    }
)
"""Words that no unit, body, role, milestone, state, end or transition may bear."""

WHOLE = frozenset({"integer", "tkr"})
"""Column types that hold whole numbers."""
DECIMAL = frozenset({"number", "percent"})
NUMBERS = WHOLE | DECIMAL
PLAIN_TYPES = NUMBERS | {"text", "long_text", "date", "yes_no"}
"""Column types that hold one value that needs nothing else to be checked."""
TYPES = PLAIN_TYPES | {"person", "unit", "file", "row", "previous_row", "occasions"}
ROW = "row"
"""The key of the column that says which one a fixed row is. It comes of `rows` and `rows_per`."""
_ROW_TITLES = {"sv": "Post", "en": "Item"}

BUILT_IN_ENDS = {
    "missing": {"sv": "Uteblivet", "en": "Missing"},
    "withdrawn": {"sv": "Tillbakadraget", "en": "Withdrawn"},
}
"""How the ends that every case has are called, by language."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
LevelKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]


Flag = Annotated[bool, Strict()]
"""true or false; not "yes", not 1."""
Count = Annotated[int, Strict()]
Figure = Annotated[float, Strict(), Field(allow_inf_nan=False)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[
    tuple[Key, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One name, or several."""


def _phrase(read: Any, example: str) -> tuple[Any, ...]:
    def reader(value: object) -> object:
        return read(value) if isinstance(value, str) else value

    return (
        BeforeValidator(reader),
        PlainSerializer(str),
        WithJsonSchema({"type": "string", "examples": [example]}),
    )


SpanPhrase = Annotated[Span, *_phrase(phrases.read_span, "5 working days")]
DuePhrase = Annotated[Due, *_phrase(phrases.read_due, "3 working days after opened")]
AmountPhrase = Annotated[
    Amount,
    BeforeValidator(phrases.read_amount),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"enum": ["all", "more than half", "two thirds"]},
            ]
        }
    ),
]
RungPhrase = Annotated[Rung, *_phrase(phrases.read_rung, "3 working days before")]


def _read_dates(value: object) -> object:
    if isinstance(value, str):
        return (phrases.read_when(value),)
    if isinstance(value, tuple):
        return value
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return tuple(phrases.read_when(one) for one in value)
    if isinstance(value, list):
        raise ValueError("a list of dates is a pair: the first and the last day, both in quotes")
    raise ValueError('write the date in quotes, e.g. "{year-1}-02-28"')


Dates = Annotated[
    tuple[When, ...],
    BeforeValidator(_read_dates),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["{year-1}-02-28", "{year-1}-02-last", "later"]},
                {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]
"""One date, or the first and last day."""


def _read_levels(value: object) -> object:
    if isinstance(value, str):
        return phrases.read_range(value) if " to " in value else (value,)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, (tuple, Range)):
        return value
    raise ValueError('write a level, a list of levels, or a range such as "1 to 9", in quotes')


Levels = Annotated[
    tuple[str, ...] | Range,
    BeforeValidator(_read_levels),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Match = dict[Key, Levels]
"""Column = level, list of levels, or range "1 to 9"; all must hold."""


def _read_demand(value: object) -> object:
    if isinstance(value, str):
        if not fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", value):
            raise ValueError(f"'{value}' is no demand; write a number or TABLE.COLUMN")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("write a number or TABLE.COLUMN")
    return value


Demand = Annotated[
    Figure | str,
    BeforeValidator(_read_demand),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]}),
]

Roll = Literal["as_written", "working_day_before", "working_day_after"]
Minutes = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Section(BaseModel):
    """What every section of a definition has in common."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=False, use_attribute_docstrings=True
    )
    _key: str = PrivateAttr(default="")
    _path: str = PrivateAttr(default="")

    @property
    def key(self) -> str:
        """The name it is declared under."""
        return self._key

    @property
    def path(self) -> str:
        """Its address in the definition, e.g. `case.svar.state.utkast`."""
        return self._path


class Unit(Section):
    """A kind of unit in the organisation's tree."""

    title: Title
    """Name of the kind."""
    help: Text | None = None
    """Shown next to the title."""
    under: Key | None = None
    """The kind of unit it belongs to; none for the one at the top."""
    facts: dict[Key, str] = {}
    """Figures imported with the organisation, key = type, used by checks."""
    example: Count | None = Field(default=None, ge=1, le=1000)
    """How many an invented organisation has; as many as are asked for when not given."""


class Body(Section):
    """A kind of body: what meets and decides."""

    title: Title
    """Name of the body."""
    help: Text | None = None
    """Shown next to the title."""
    under: Key | None = None
    """The kind of unit it belongs to; none means the one at the top."""
    facts: dict[Key, str] = {}
    """Figures imported with the organisation, key = type, used by checks."""
    example: Count | None = Field(default=None, ge=1, le=1000)
    """How many an invented organisation has; one, or three where somebody chooses among them."""
    quorum: AmountPhrase = "more than half"
    """How many of its members must be present, for the guard `quorum` and for `minutes`."""
    all_parties_of: Key | None = None
    """A body each of whose parties is to have a member here too; one that has none is a warning."""
    minutes: Flag = False
    """Its outcomes are decisions: meeting day, paragraph, votes and reservations are kept."""


class Role(Section):
    """Something a person can be at a unit or in a body."""

    title: Title
    """Name of the role."""
    help: Text | None = None
    """Shown next to the title."""
    at: Names
    """The kinds of unit or body where it is held."""
    superior: Key | None = None
    """The role that ladders escalate to and that grants extensions; the leader when not given."""
    sees: Literal["own", "below", "all"] = "below"
    """Whose cases it sees: its own unit's, also those below, or all."""
    external: Flag = False
    """A limited account: may leave by itself, never sees others' drafts."""
    holders: Count = Field(default=1, ge=1, le=500)
    """How many must hold it at each place; fewer is an incident, told to the one who leads."""
    example: Count | None = Field(default=None, ge=1, le=500)
    """How many hold it at each place in an invented organisation."""


class Milestone(Section):
    """A named date of the plan. Milestones stand in the order in which they must lie."""

    title: Title
    """Name of the milestone."""
    help: Text | None = None
    """Shown next to the title."""
    on: Dates
    """The date, or the first and last day."""
    at: Minutes | None = None
    """Clock time of the deadline; the day's end when not given."""
    roll: Roll | None = None
    """What a deadline on a non-working day becomes; the process's rule when not given."""
    meeting: Key | None = None
    """The body that meets then."""
    invites: Names = ()
    """Roles that are invited and reminded; nobody's state changes."""


class Plan(Section):
    """Another set of dates for the same milestones."""

    title: Title
    """Name of the plan."""
    help: Text | None = None
    """Shown next to the title."""
    on: dict[Key, Dates] = {}
    """The milestones whose dates differ."""


class Ladder(Section):
    """When a task reminds and escalates, per recipient."""

    help: Text | None = None
    """Shown next to the title."""
    holder: tuple[RungPhrase, ...] = ()
    """When those who owe the task are reminded."""
    superior: tuple[RungPhrase, ...] = ()
    """When the nearest superior is told."""
    leader: tuple[RungPhrase, ...] = ()
    """When the one who leads the process is told."""


class Scale(Section):
    """A list of levels to choose from, first to last."""

    title: Title
    """Name of the scale."""
    help: Text | None = None
    """Shown next to the title."""
    levels: dict[LevelKey, Title] = Field(min_length=1)
    """Key = title, from first to last."""
    tones: dict[LevelKey, Literal["good", "watch", "bad"]] = {}
    """How well it goes at a level, where the scale says how something goes; level = tone."""
    source: Text | None = None
    """Where the levels are read."""
    unverified: Flag = False
    """Nobody has read the source; shown wherever the scale is."""
    _paths: dict[str, str] = PrivateAttr(default_factory=dict)

    def path_of(self, level: str) -> str:
        """Give the path at which a level's title stands, and is translated."""
        return self._paths.get(level, f"{self.path}.levels.{level}")


class Begins(Section):
    """The successor round that a transition opens in the same decision."""

    process: Key | None = None
    """The process; the same when not given."""
    plan: Key | None = None
    """The plan; the first when not given."""
    state: Key | None = None
    """The state it begins in; the first when not given."""


class Transition(Section):
    """A button: what a person may do with a case in a state."""

    title: Title
    """The button's words."""
    done: Title | None = None
    """How the events tell of it, behind the person's name: "lämnade in svaret"."""
    help: Text | None = None
    """Shown next to the button."""
    to: Key
    """The state or end it leads to."""
    by: Names | None = None
    """Who may; those who owe the state when not given."""
    guards: Names = ()
    """What must hold before it can be done; each answers with a reason when it does not."""
    asks: tuple[Literal["comment", "questions", "date"], ...] = ()
    """What must come along: a reason, numbered questions, a new deadline."""
    other_than: Names = ()
    """Not the person who last did these in the case, nor on anyone's behalf."""
    signatures: AmountPhrase = 1
    """How many holders must do it before it takes effect."""
    due: DuePhrase | None = None
    """Deadline in the target instead of its own; also for what is reopened."""
    reopens: dict[Key, Key] = {}
    """Case = state: ended children that are picked and go back, top down."""
    begins: Begins | None = None
    """A successor round."""


class State(Section):
    """Where a case can stand."""

    title: Title
    """Name of the state."""
    help: Text | None = None
    """Shown next to the title."""
    by: Names | None = None
    """The role that owes; of several, the one held nearest the case's unit."""
    helpers: Names = ()
    """Roles that may edit and comment, not hand on."""
    body: Key | None = None
    """The body whose step this is: roles are looked up there first."""
    due: DuePhrase | None = None
    """Deadline of the task; without one nobody is reminded, and it says so."""
    roll: Roll | None = None
    """What a deadline on a non-working day becomes; the process's rule when not given."""
    ladder: Key | None = None
    """The ladder; `standard` when not given."""
    extension: SpanPhrase | None = None
    """Extension granted without asking, once."""
    edits: Names = ()
    """Tables that are filled in here, by `by` and `helpers`; elsewhere they are only read."""
    opens: Names = ()
    """Cases opened on entry that the state waits for."""
    wait_for: AmountPhrase = "all"
    """How many of them must have ended before `next`."""
    next: Key | None = None
    """Where the case goes by itself when they have."""
    starts: Names = ()
    """Cases opened on first entry that nobody waits for."""
    at_due: Key | None = None
    """Where the case goes by itself when the deadline has passed."""
    tells: Names = ()
    """Roles told on entry."""
    transition: dict[Key, Transition] = {}
    """The buttons, in order."""


class Case(Section):
    """A kind of case: one thing that somebody is responsible for."""

    title: Title
    """Title of a case; {unit} and {occasion} are replaced."""
    help: Text | None = None
    """Shown next to the title."""
    per: Names = ()
    """One for each unit of these kinds below the parent's unit."""
    choose: Names = ()
    """Of these kinds, only the units that the opener picks."""
    every: Names = ()
    """Recurring: week, month, quarter, tertial, year; milestones; or a body's meetings."""
    ahead: SpanPhrase | None = None
    """How long before the occasion it opens."""
    until: Key | None = None
    """The milestone of the last occasion."""
    opened_by: Names = ()
    """Not by itself: these roles open one when they need it."""
    missing_by: Key | None = None
    """Who may carry it as missing: a role or `nobody`; the leader when not given."""
    withdraw_by: Key | None = None
    """Who may withdraw it: a role or `nobody`; the leader when not given."""
    ends: dict[Key, Title] = Field(min_length=1)
    """Its ends, key = title."""
    tells: Names = ()
    """Roles told when it has ended."""
    state: dict[Key, State] = Field(min_length=1)
    """Its states; the first is where it begins."""

    @property
    def first(self) -> str:
        """The state where a case begins."""
        return next(iter(self.state))


class Column(Section):
    """A column of a table."""

    title: Title
    """Name of the column."""
    help: Text | None = None
    """Shown next to the title."""
    type: Key | None = None
    """A type, or the name of a scale."""
    type_from: Key | None = None
    """Instead of `type`: the row's type stands in that column."""
    of: Key | None = None
    """Which table a `row` points to."""
    required: Flag | Match = False
    """Whether it must be filled in, or for which rows."""
    min: Figure | None = None
    """Smallest value."""
    max: Figure | None = None
    """Largest value."""
    several: Flag = False
    """Several levels may be chosen."""
    personal: Flag = False
    """Personal data."""
    years: tuple[Title, Title] | None = None
    """One value per year, from the first to the last."""
    visible_to: Names = ()
    """Only these roles see the column."""
    suggest: Key | None = None
    """A named suggestion, shown beside the field and never set."""
    means: Literal["target", "baseline", "direction", "outcome", "status"] | None = None
    """What it is when rows are followed up: what is aimed at, what it was before, whether to
    be above or below, what came of it, how it goes."""
    sent: Flag = False
    """The text goes along in the mail to those who are told, once it is approved."""
    _is_fixed: bool = PrivateAttr(default=False)
    _is_occasions: bool = PrivateAttr(default=False)

    @property
    def is_fixed(self) -> bool:
        """Whether it says which of the table's fixed rows a row is; nobody writes in it."""
        return self._is_fixed

    @property
    def is_occasions(self) -> bool:
        """Whether it holds the occasions at which a row is reported."""
        return self._is_occasions or self.type == "occasions"

    def in_year(self, year: int) -> "Column":
        """Give the column of one of its years, which is called by the year too."""
        found = self.model_copy(update={"title": f"{self.title} {year}", "years": None})
        found._key = f"{self.key}.{year}"
        return found


class Check(Section):
    """What the rows of a table together must fulfil."""

    title: Title
    """What is wrong when it does not hold."""
    help: Text | None = None
    """Shown next to the title."""
    sum: Key | None = None
    """The column that is summed."""
    share: Key | None = None
    """The column whose share is measured."""
    count: Flag | None = None
    """Rows are counted."""
    of: str | None = None
    """What the share is a share of: `unit.FACT` or `TABLE.COLUMN`."""
    where: Match = {}
    """Over which rows."""
    at_least: Demand | None = None
    """The demand: no less than this, a number or `TABLE.COLUMN`."""
    at_most: Demand | None = None
    """The demand: no more than this, a number or `TABLE.COLUMN`."""
    equals: Demand | None = None
    """The demand: exactly this, within `tolerance`."""
    tolerance: Figure = Field(default=0, ge=0)
    """How far from `equals` still counts as equal."""
    otherwise: Literal["refuse", "ask", "warn"] = "refuse"
    """When it does not hold: `refuse` stops, `ask` wants a written reason, `warn` only tells."""


class Table(Section):
    """What is filled in: rows of columns, or a form of one row."""

    title: Title
    """Name of the table."""
    help: Text | None = None
    """Shown next to the title."""
    column: dict[Key, Column] = {}
    """Its columns, in order."""
    check: dict[Key, Check] = {}
    """What its rows together must fulfil."""
    form: Flag = False
    """Exactly one row, shown as a form."""
    rows: dict[Key, Title] = {}
    """Fixed rows, key = title; the column `row` says which one it is, as a level."""
    rows_per: Key | None = None
    """One fixed row per unit of this kind, which the column `row` names."""
    each: Key | None = None
    """One copy per holder of this role, hidden from the others until the state ends."""
    secret: Flag = False
    """With `each`: only sums are ever shown."""
    from_: Key | None = Field(default=None, alias="from")
    """Compiled: one row per row of that table, below the case or else in the round; at its own
    unit alone where both have one case for each."""
    where: Match = {}
    """Only these rows of `from`."""
    due_rows: Key | None = None
    """Only rows whose column of occasions holds the occasion at hand."""
    ordered: Flag = False
    """Rows have an order of their own; each move is kept with who made it and why."""
    min_rows: Count = Field(default=0, ge=0, le=10_000)
    """At least so many rows, for the guard `complete`."""
    totals: Names = ()
    """Columns of numbers that are summed, on the page and in files."""
    publish: Names = ()
    """Columns that may be published, when the one who leads releases the list; no others are."""
    carries: Match = {}
    """Rows that follow to a successor round."""
    keep: Text | None = None
    """How long it is kept: `forever` or a span; the process's rule when not given."""

    @property
    def is_fixed(self) -> bool:
        """Whether its rows are given: nobody adds one, takes one away or moves one."""
        return bool(self.rows or self.rows_per)

    @property
    def is_laid_out(self) -> bool:
        """Whether the engine lays out its rows when a case comes to where it is filled in."""
        return self.is_fixed or (self.from_ is not None and self.each is None)


class Definition(Section):
    """A process: who, by when, which cases, what is filled in."""

    title: Title
    """Title of a round; {year} is replaced."""
    key_: Key = Field(alias="key")
    """Permanent name of the process, the first part of every round's id: `fraga-2028`."""
    about: Text | None = None
    """A paragraph for the list of processes."""
    year: Title = "år"
    """What the year of a round means, as asked for when one opens a round."""
    example_year: Count | None = Field(default=None, ge=1900, le=2200)
    """The year that `check` lays the plan out for."""
    leader: Key | None = None
    """The role that runs the round: moves days, grants time, carries as missing, withdraws."""
    registrar: Key | None = None
    """The role that gets checkpoints and register extracts."""
    auditor: Key | None = None
    """The role that reads everything here, and changes nothing."""
    language: Literal["sv", "en"] = "sv"
    """Language of the texts."""
    zone: str = "Europe/Stockholm"
    """Time zone of the deadlines."""
    roll: Roll = "as_written"
    """What a deadline on a non-working day becomes."""
    keep: Text = "forever"
    """How long material is kept: `forever` or a span."""
    uses: Names = ()
    """Files read as if their text stood here."""
    unit: dict[Key, Unit] = Field(min_length=1)
    """Kinds of unit."""
    body: dict[Key, Body] = {}
    """Kinds of body."""
    role: dict[Key, Role] = Field(min_length=1)
    """Roles."""
    milestone: dict[Key, Milestone] = {}
    """The plan."""
    plan: dict[Key, Plan] = {}
    """Other sets of dates."""
    ladder: dict[Key, Ladder] = {}
    """Ladders besides the standard one."""
    scale: dict[Key, Scale] = {}
    """Lists to choose from."""
    case: dict[Key, Case] = Field(min_length=1)
    """Kinds of case."""
    table: dict[Key, Table] = {}
    """What is filled in."""

    @model_validator(mode="after")
    def _name_sections(self) -> "Definition":
        self._key = self.key_
        for key, table in self.table.items():
            _write_out(self, key, table)
        _name(self, "")
        return self

    @property
    def root(self) -> Case:
        """The kind of case that is the round itself: the first that no other opens."""
        opened = {
            name
            for case in self.case.values()
            for state in case.state.values()
            for name in (*state.opens, *state.starts)
        }
        return next((c for c in self.case.values() if c.key not in opened), self.first_case)

    @property
    def first_case(self) -> Case:
        """The first kind of case in the file."""
        return next(iter(self.case.values()))

    @property
    def top(self) -> str:
        """The kind of unit at the top."""
        return next(u.key for u in self.unit.values() if u.under is None)

    def is_below(self, kind: str, above: str) -> bool:
        """Say whether units or bodies of a kind lie at or below those of another."""
        step: str | None = kind
        while step is not None:
            if step == above:
                return True
            found = self.unit.get(step) or self.body[step]
            step = found.under or (self.top if step in self.body else None)
        return False

    def chain(self, table: str) -> tuple[str, ...]:
        """Give the tables that a list comes through, nearest first; () for one of its own."""
        found: list[str] = []
        while (source := self.table[table].from_) is not None:
            found.append(source)
            table = source
        return tuple(found)

    def fills_below(self, kind: str, table: str) -> bool:
        """Say whether a table is filled in in cases that lie below those of a kind."""
        ahead, seen = [kind], {kind}
        while ahead:
            for state in self.case[ahead.pop()].state.values():
                for name in (*state.opens, *state.starts):
                    if any(table in one.edits for one in self.case[name].state.values()):
                        return True
                    if name not in seen:
                        seen.add(name)
                        ahead.append(name)
        return False

    def edited_in(self, table: str) -> tuple[str, ...]:
        """Give the kinds of case that fill a table in."""
        return tuple(
            key
            for key, case in self.case.items()
            if any(table in state.edits for state in case.state.values())
        )

    def recurring(self, kind: str) -> tuple[Case, ...]:
        """Give the kinds whose occasion the cases of a kind have: their own when it comes
        again, else those of what they lie below."""
        ahead, seen, found = [kind], {kind}, []
        while ahead:
            name = ahead.pop()
            if self.case[name].every:
                found.append(self.case[name])
                continue
            above = [
                key
                for key, case in self.case.items()
                if any(name in (*one.opens, *one.starts) for one in case.state.values())
            ]
            ahead += [key for key in above if key not in seen]
            seen.update(above)
        return tuple(found)

    def milestones_of(self, kind: Case) -> tuple[str, ...]:
        """Give the milestones at which cases of a kind come again, in the plan's order."""
        return tuple(
            key
            for key, one in self.milestone.items()
            if key in kind.every or (one.meeting in kind.every and one.meeting in self.body)
        )

    def ladder_of(self, state: State) -> Ladder:
        """Give the ladder of a state's task."""
        if state.ladder in (None, "standard"):
            return self.ladder.get("standard", STANDARD_LADDER)
        return self.ladder[state.ladder]

    def superior_of(self, role: str) -> str | None:
        """Give the role that a role's tasks escalate to."""
        return self.role[role].superior or (self.leader if role != self.leader else None)


def _name(section: Section, path: str) -> None:
    """Tell every section below this one its key and its path."""
    for field in type(section).model_fields:
        value = getattr(section, field)
        children: Mapping[str, object] = {}
        if isinstance(value, dict):
            children = value
        for key, child in children.items():
            if isinstance(child, Section):
                child._key = key
                child._path = f"{path}.{field}.{key}".removeprefix(".")
                _name(child, child._path)


def _write_out(definition: Definition, key: str, table: Table) -> None:
    """Write out what a table says in a word: the column of its fixed rows, and the levels of
    its columns of occasions. A column of one's own is left alone; `validation` refuses it.
    """
    if table.is_fixed and ROW not in table.column:
        own = dict(table.column)
        table.column.clear()
        table.column[ROW] = _column_of_rows(definition, key, table)
        table.column.update(own)
    for name, column in table.column.items():
        if column.type == "occasions":
            _write_occasions(definition, key, name)


def _column_of_rows(definition: Definition, key: str, table: Table) -> Column:
    """Give the column that says which one a fixed row is."""
    if table.rows_per is not None:
        kind = definition.unit.get(table.rows_per) or definition.body.get(table.rows_per)
        column = Column(title=kind.title if kind else table.rows_per, type="unit")
    else:
        scale = Scale(title=table.title, levels=table.rows)
        scale._paths = {one: f"table.{key}.rows.{one}" for one in table.rows}
        definition.scale[f"{key}.{ROW}"] = scale
        column = Column(title=_ROW_TITLES[definition.language]).model_copy(
            update={"type": f"{key}.{ROW}"}
        )
    column._is_fixed = True
    return column


def _write_occasions(definition: Definition, source: str, name: str) -> None:
    """Give a column the occasions of the cases that fill in what is compiled by it; without
    any it stays as it is."""
    kinds = [
        case
        for key, one in definition.table.items()
        if one.due_rows == name and source in _comes_through(definition, key)
        for kind in definition.edited_in(key)
        for case in definition.recurring(kind)
    ]
    wanted = {one for case in kinds for one in definition.milestones_of(case)}
    levels = {key: one.title for key, one in definition.milestone.items() if key in wanted}
    if not levels:
        return
    scale, columns = f"{source}.{name}", definition.table[source].column
    definition.scale[scale] = Scale(title=columns[name].title, levels=levels)
    definition.scale[scale]._paths = {key: f"milestone.{key}.title" for key in levels}
    columns[name] = columns[name].model_copy(update={"type": scale, "several": True})
    columns[name]._is_occasions = True


def _comes_through(definition: Definition, table: str) -> set[str]:
    """Give the tables that a list comes through, though it may name none or go in a circle."""
    found: set[str] = set()
    source = definition.table[table].from_
    while source in definition.table and source not in found:
        found.add(str(source))
        source = definition.table[str(source)].from_
    return found


STANDARD_LADDER = Ladder.model_validate(
    {
        "holder": [
            "10 working days before",
            "3 working days before",
            "1 working day before",
            "1 working day after",
        ],
        "superior": ["3 working days after"],
        "leader": ["5 working days after"],
    }
)
"""Used where a state names no ladder."""
