"""Releasing a decided list to everybody, and closing it again: for the one who leads.

What is released is frozen, byte for byte, under an address of its own; the log has its
digest. A list that has changed is released anew, and what was released before stays.
"""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from workflow.core.errors import BadInput, Reason, Refused, Stale
from workflow.core.facts import EntryDraft, EntryKind
from workflow.core.open_list import OpenList, as_json, from_json
from workflow.core.plain_text import clean_text
from workflow.service.leading import check_reason
from workflow.service.reading.published.draft import draft_of
from workflow.service.reading.published.preview import (
    Leading,
    lead,
    open_desk_of,
    refusal_of,
    seal_of,
)
from workflow.service.resting import check_awake
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import log, publications
from workflow.store.canonical import canonical
from workflow.store.facts import lock_round_of
from workflow.store.publications import Release

__all__ = ["LONGEST", "ReleaseWish", "release", "withdraw_release"]

LONGEST: Final = 5000
"""Characters of an introduction."""
ID_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWish:
    """What somebody wants to release."""

    case: str
    table: str
    email: str
    seal: str
    """As the preview gave it: only what was shown is released."""
    introduction: str = ""


def release(world: World, wish: ReleaseWish) -> str:
    """Release a list to everybody. Gives the id that stands in its address.

    Raises: NotFound, also for whoever does not lead the round; Refused while it is not
        decided, or when this very list is released already; Stale when it is no longer what
        was shown; BadInput for an introduction that is too long.
    """
    introduction = _check_introduction(wish.introduction)
    with world.database.write() as connection:
        lock_round_of(connection, wish.case)
        one = lead(world, connection, wish.case, wish.table, wish.email)
        check_awake(connection, one.seen.facts.round)
        made = draft_of(open_desk_of(one.seen), one.case, one.table, introduction)
        refusal = refusal_of(one, made)
        if refusal is not None:
            raise Refused(refusal.sv, refusal.en, reasons=(refusal,))
        if seal_of(made) != wish.seal:
            raise Stale(
                "Listan har ändrats sedan du såg vad som blir offentligt. Se efter igen.",
                "The list has changed since you saw what becomes public. Look again.",
            )
        _check_new(one, made)
        return _put(world, one, made)


def withdraw_release(world: World, case: str, publication: str, *, email: str, reason: str) -> None:
    """Close a released list to everybody; what was withdrawn already stays so.

    Raises: NotFound, also for whoever does not lead the round; BadInput without a reason.
    """
    check_reason(reason)
    with world.database.write() as connection:
        lock_round_of(connection, case)
        there = publications.read(connection, publication)
        if there is None or there.case_id != case:
            raise nothing_there()
        one = lead(world, connection, case, there.table_key, email)
        if not publications.withdraw(connection, publication, one.seen.now):
            return
        entry = EntryDraft(
            kind=EntryKind.RELEASE_WITHDRAWN,
            case=case,
            actor=one.actor.person,
            on_behalf_of=one.actor.on_behalf_of,
            payload={"publication": publication, "comment": clean_text(reason)},
        )
        world.note(connection, one.seen.now, entry, chain=one.seen.facts.round.id)


# ---- steps -----------------------------------------------------------------------------


def _check_introduction(text: str) -> str:
    """Give an introduction as it is kept.

    Raises: BadInput.
    """
    plain = clean_text(text)
    if len(plain) > LONGEST:
        sv = f"Inledningen är {len(plain)} tecken. Högst {LONGEST} går. Korta den."
        en = f"The introduction is {len(plain)} characters. The limit is {LONGEST}. Shorten it."
        raise BadInput(sv, en, reasons=(Reason("introduction", sv, en),))
    return plain


def _check_new(one: Leading, made: OpenList) -> None:
    """See that this very list is not open to everybody already.

    Raises: Refused.
    """
    there = publications.of_list(one.seen.connection, one.case.id, one.table.key)
    last = next((former for former in there if former.is_open), None)
    if last is None:
        return
    before = replace(from_json(json.loads(last.content)), released_at="", entry=0)
    if before == made:
        sv = "Just den här listan är redan frisläppt. Ändra något, eller inledningen, först."
        en = "This very list is released already. Change something, or the introduction, first."
        raise Refused(sv, en, reasons=(Reason("released_already", sv, en),))


def _put(world: World, one: Leading, made: OpenList) -> str:
    seen = one.seen
    round_id = seen.facts.round.id
    number = log.load_chain(seen.connection, round_id).length + 1
    content = canonical(as_json(made.stamped(seen.now, number)))
    kept = Release(
        id=world.salt()[-ID_DIGITS:],
        round_id=round_id,
        case_id=one.case.id,
        table_key=one.table.key,
        entry=number,
        released_at=seen.now,
        released_by=one.actor.person,
        content=content,
    )
    publications.put(seen.connection, kept)
    entry = EntryDraft(
        kind=EntryKind.RELEASED,
        case=one.case.id,
        actor=one.actor.person,
        on_behalf_of=one.actor.on_behalf_of,
        payload={
            "publication": kept.id,
            "table": one.table.key,
            "digest": sha256(content.encode()).hexdigest(),
            "rows": len(made.rows),
        },
    )
    world.note(seen.connection, seen.now, entry, chain=round_id)
    return kept.id
