"""Conflicts of interest: declared by whom they concern, noted by who leads the step, and
taken back."""

from dataclasses import dataclass
from typing import Final

from workflow.core.errors import BadInput, NoRight, Reason, refused
from workflow.core.facts import CaseFact, EntryDraft, EntryKind, RowKey
from workflow.core.plain_text import clean_text
from workflow.service.reading.lists.conflicts import (
    Item,
    items_of,
    may_note,
    open_list,
    who_can_have,
)
from workflow.service.resting import check_awake
from workflow.service.seeing import Seen, nothing_there
from workflow.service.world import World
from workflow.store import conflicts
from workflow.store.conflicts import Declared
from workflow.store.facts import lock_round_of

__all__ = ["LONGEST", "ConflictWish", "declare", "take_back"]

LONGEST: Final = 500
"""Characters of a reason: a sentence."""
FIELD: Final = "skal"
"""The reason that the words about a reason go with: the field's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictWish:
    """Somebody's wish that a conflict of interest be noted, or taken back."""

    case: str
    """Where the list is that they look at."""
    table: str
    row: RowKey
    email: str
    reason: str = ""
    person: int | None = None
    """Whose it is; None for their own."""


def declare(world: World, wish: ConflictWish) -> bool:
    """Note that somebody has a conflict of interest in a row. False when they had it already.

    Raises: NotFound for a row that the list does not show; NoRight, Refused; BadInput for
        the reason.
    """
    with world.database.write() as connection:
        lock_round_of(connection, wish.case)
        seen, case, table = open_list(world, connection, wish.email, wish.case, wish.table)
        check_awake(connection, seen.facts.round)
        item = next((one for one in items_of(seen, case, table) if one.key == wish.row), None)
        person = _check(seen, case, wish)
        if item is None:
            raise nothing_there()
        reason = _check_reason(wish.reason)
        if conflicts.find(connection, item.key, person) is not None:
            return False
        made = Declared(row=item.key, person=person, reason=reason, at=seen.now)
        conflicts.put(connection, seen.facts.round.id, made)
        _note(world, seen, case, item, made, EntryKind.CONFLICT)
    return True


def take_back(world: World, wish: ConflictWish) -> bool:
    """Take back a conflict of interest. False when there was none.

    Raises: NotFound for a row that the list does not show; NoRight, Refused.
    """
    with world.database.write() as connection:
        lock_round_of(connection, wish.case)
        seen, case, table = open_list(world, connection, wish.email, wish.case, wish.table)
        check_awake(connection, seen.facts.round)
        item = next((one for one in items_of(seen, case, table) if one.key == wish.row), None)
        if item is None:
            raise nothing_there()
        person = _check(seen, case, wish, ending=True)
        known = conflicts.find(connection, item.key, person)
        if known is None:
            return False
        conflicts.end(connection, item.key, person)
        _note(world, seen, case, item, known, EntryKind.CONFLICT_ENDED)
    return True


# ---- steps -----------------------------------------------------------------------------


def _check(seen: Seen, case: CaseFact, wish: ConflictWish, *, ending: bool = False) -> int:
    """Give whose conflict is meant.

    Raises: Refused for a case that has ended; NoRight.
    """
    if case.ended_at is not None:
        raise refused(
            "ended",
            "Ärendet är avslutat. Jäv som har anmälts i det står kvar.",
            "The case has ended. Conflicts of interest that were declared in it stand.",
        )
    able = who_can_have(seen, case)
    person = seen.viewer.id if wish.person is None else wish.person
    if person == seen.viewer.id and (person in able or ending):
        return person
    if person != seen.viewer.id and may_note(seen, case) and (person in able or ending):
        return person
    sv = "Jäv anmäls av den som det gäller, eller antecknas av den som leder steget, för den som"
    sv += " deltar i det."
    en = "A conflict of interest is declared by whom it concerns, or noted by whoever leads the"
    en += " step, for those who take part in it."
    raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))


def _check_reason(text: str) -> str:
    """Give a reason as it is kept.

    Raises: BadInput when nothing is left of it, or it is too long.
    """
    plain = clean_text(text)
    if not plain:
        sv, en = "Skriv vari jävet består.", "Write what the conflict of interest is."
    elif len(plain) > LONGEST:
        sv = f"Skälet är {len(plain)} tecken. Högst {LONGEST} går. Korta det."
        en = f"The reason is {len(plain)} characters. The limit is {LONGEST}. Shorten it."
    else:
        return plain
    raise BadInput(sv, en, reasons=(Reason(FIELD, sv, en),))


def _note(
    world: World, seen: Seen, case: CaseFact, item: Item, one: Declared, kind: EntryKind
) -> None:
    payload: dict[str, object] = {
        "row": [one.row.case, one.row.table, one.row.number],
        "name": item.name,
        "person": one.person,
    }
    if kind is EntryKind.CONFLICT:
        payload["reason"] = one.reason
    entry = EntryDraft(kind=kind, case=case.id, actor=seen.viewer.id, payload=payload)
    world.note(seen.connection, seen.now, entry, chain=seen.facts.round.id)
