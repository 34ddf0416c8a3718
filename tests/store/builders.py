"""A small round with its log, written row by row. All names are invented."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import Connection, insert, update
from sqlmodel import SQLModel

from workflow.core.days import write_instant
from workflow.core.facts import EntryDraft, EntryKind, Via
from workflow.store.log import Chain, append, load_chain, save_chain
from workflow.store.tables import (
    FIRST_DAY,
    LAST_DAY,
    Case,
    Installation,
    Join,
    Person,
    Revision,
    Round,
    Task,
    Unit,
)

NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
DUE = datetime(2026, 12, 1, 23, tzinfo=UTC)
ROUND = "prov-2026"
ROOT = f"{ROUND}.omgang"
CHILDREN = (f"{ROUND}.underlag.ortopedi", f"{ROUND}.underlag.ogon")
OPENING = {
    "process": "prov",
    "year": 2026,
    "plan": "",
    "reference": "RS 2026/1",
    "revision": "r" * 64,
}
"""What the log tells of the round's row."""


def add(connection: Connection, *rows: SQLModel) -> None:
    """Insert rows as SQLModel would."""
    for row in rows:
        connection.execute(insert(type(row)).values(**row.model_dump(exclude_none=True)))


def write(
    connection: Connection, drafts: Sequence[EntryDraft], *, chain: str = ROUND, at: datetime = NOW
) -> Chain:
    """Append entries and store where the chain ends."""
    grains = count()
    new = append(
        connection,
        load_chain(connection, chain),
        drafts,
        at=at,
        round_id=None if chain == "installation" else chain,
        via=Via.COMMAND,
        os_user="root",
        salt=lambda: f"{next(grains):032x}",
    )
    save_chain(connection, new)
    return new


def make_installation(connection: Connection) -> None:
    """The installation's row, two persons and one entry."""
    add(
        connection,
        Installation(
            name="prov",
            rehearsal=True,
            clock_at=NOW,
            swept_on=date(2026, 11, 22),
            chain_length=0,
            chain_head="0" * 64,
        ),
        Person(id=1, key="a", email="anna@prov.example", name="Anna", language="sv", party=""),
        Person(id=2, key="b", email="bo@prov.example", name="Bo", language="en", party="X"),
        Unit(
            key="prov",
            name="Provregionen",
            kind="region",
            parent=None,
            from_on=FIRST_DAY,
            to_on=LAST_DAY,
            position=0,
        ),
    )
    write(connection, [EntryDraft(kind=EntryKind.INSTALLED)], chain="installation")


def make_round(connection: Connection) -> None:
    """A round that waits for two underlag: one handed in, one withdrawn; seven entries."""
    make_installation(connection)
    add(
        connection,
        Revision(digest="r" * 64, process="prov", content="{}", stored_at=NOW),
        Round(
            id=ROUND,
            process="prov",
            year=2026,
            plan="",
            reference="RS 2026/1",
            revision="r" * 64,
            root=ROOT,
            version=1,
            open_cases=2,
            opened_at=NOW,
            closed_at=None,
            chain_length=0,
            chain_head="0" * 64,
        ),
        _case(ROOT, "omgang", None, "grundarbete", 1),
        _case(CHILDREN[0], "underlag", ROOT, "inlamnat", 2),
        _case(CHILDREN[1], "underlag", ROOT, "withdrawn", 2, ended_at=NOW),
        Join(case_id=ROOT, state="grundarbete", opened=2, ended=1, delivered=0),
        _task(f"{CHILDREN[0]}#1", "utkast", closed_at=NOW),
        _task(f"{CHILDREN[0]}#2", "inlamnat"),
    )
    due: dict[str, object] = {
        "owes": ["verksamhetschef", "prov"],
        "due_at": write_instant(DUE),
        "due_rule": "",
        "ladder": "standard",
    }
    first, second = CHILDREN
    write(
        connection,
        [
            EntryDraft(kind=EntryKind.ROUND_OPENED, actor=1, payload=OPENING),
            _entry(EntryKind.OPENED, ROOT, None, "grundarbete", 1, _origin("omgang", None)),
            _entry(
                EntryKind.OPENED, first, None, "utkast", 1, {**due, **_origin("underlag", ROOT)}
            ),
            _entry(
                EntryKind.OPENED, second, None, "utkast", 1, {**due, **_origin("underlag", ROOT)}
            ),
            _entry(
                EntryKind.TRANSITION,
                first,
                "utkast",
                "inlamnat",
                2,
                {**due, "comment": "Färdigt, å på stående fot.\n\u2028"},
                transition="lamna_in",
                actor=1,
                on_behalf_of=2,
            ),
            _entry(EntryKind.WITHDRAWN, second, "utkast", "withdrawn", 2, {"ended": True}, actor=2),
        ],
    )
    write(
        connection,
        [
            EntryDraft(
                kind=EntryKind.MILESTONE_MOVED,
                actor=2,
                payload={"deadlines": {f"{first}#2": write_instant(NOW)}},
            )
        ],
    )
    connection.execute(update(Task).where(Task.id == f"{first}#2").values(due_at=NOW))


def _origin(kind: str, parent: str | None) -> dict[str, object]:
    return {
        "case": {
            "kind": kind,
            "unit": "prov",
            "parent": parent,
            "opened_in": "grundarbete" if parent else None,
            "started": False,
            "occasion": None,
        }
    }


def _entry(
    kind: EntryKind,
    case: str,
    from_state: str | None,
    to_state: str,
    version: int,
    payload: dict[str, object],
    *,
    transition: str | None = None,
    actor: int | None = None,
    on_behalf_of: int | None = None,
) -> EntryDraft:
    return EntryDraft(
        kind=kind,
        case=case,
        from_state=from_state,
        to_state=to_state,
        case_version=version,
        payload=payload,
        transition=transition,
        actor=actor,
        on_behalf_of=on_behalf_of,
    )


def _case(
    case_id: str,
    kind: str,
    parent: str | None,
    state: str,
    version: int,
    *,
    ended_at: datetime | None = None,
) -> Case:
    return Case(
        id=case_id,
        round_id=ROUND,
        kind=kind,
        unit="prov",
        parent=parent,
        opened_in="grundarbete" if parent else None,
        started=False,
        occasion=None,
        state=state,
        version=version,
        opened_at=NOW,
        entered_at=NOW,
        ended_at=ended_at,
    )


def _task(task_id: str, state: str, *, closed_at: datetime | None = None) -> Task:
    return Task(
        id=task_id,
        round_id=ROUND,
        case_id=task_id.partition("#")[0],
        state=state,
        role="verksamhetschef",
        unit="prov",
        opens_at=NOW,
        due_at=DUE,
        due_rule="",
        closed_at=closed_at,
        ladder="standard",
        ladder_from=NOW,
        next_reminder_at=None,
    )
