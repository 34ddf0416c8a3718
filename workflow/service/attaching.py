"""Files of a case: put there, taken away again, read.

A file is looked through before the transaction that keeps it, since that takes its time;
whether the person may attach it is seen to both before and within.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from workflow.core.contributing import as_contributor, why_not_own
from workflow.core.errors import Reason, Refused
from workflow.core.facts import Actor, CaseFact, EntryDraft, EntryKind
from workflow.core.files.acceptance import FileFact, Limits, accept, check_room
from workflow.core.files.unfit import unfit
from workflow.service.people.standing_in import names_of, who_acts
from workflow.service.resting import check_awake
from workflow.service.seeing import Seen, nothing_there, see_case
from workflow.service.world import World
from workflow.store import files
from workflow.store.database import Connection
from workflow.store.facts import lock_round_of
from workflow.store.files import Attached
from workflow.store.wiping import wipe_what_is_freed

__all__ = [
    "LONGEST_SECRECY",
    "CaseFile",
    "CaseFiles",
    "Download",
    "FileWish",
    "Limits",
    "attach",
    "detach",
    "list_files",
    "read_file",
]

LONGEST_SECRECY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWish:
    """What somebody wants to attach."""

    case: str
    name: str
    content: bytes
    email: str
    on_behalf_of: str | None = None
    """Address of the one they act for as a substitute; None to find it from the roles."""
    secrecy: str = ""
    """The ground for secrecy, e.g. `OSL 25 kap. 1 §`; empty when there is none."""


class Download(NamedTuple):
    """A file as it leaves."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file of a case, as a page shows it."""

    number: int
    name: str
    media_type: str
    size: int
    secrecy: str
    put_at: datetime
    by: str
    """Who put it there, e.g. "Bo Alm", or "Bo Alm för Eva Ek"."""
    mine: bool
    """The person who looks may take it away now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiles:
    """The files of a case, as somebody sees them."""

    files: tuple[CaseFile, ...]
    refusal: Reason | None
    """Why the person may not add one now; None when they may."""


class _Hand(NamedTuple):
    """A case, and a person as they add to it."""

    seen: Seen
    case: CaseFact
    way: Actor


def attach(world: World, wish: FileWish, limits: Limits) -> Attached:
    """Attach a file to a case that one owes or helps with. Gives it as it is kept.

    The same file under the same name is attached once, however often it is sent.

    Raises: NotFound for what the person does not see; NoRight, Refused; BadInput for the file,
        with the reason `file`.
    """
    with world.database.read() as connection:
        _take_up(world, connection, wish.case, wish.email, wish.on_behalf_of)
    secrecy = _check_secrecy(wish.secrecy)
    fact = accept(wish.name, wish.content, limits)
    with world.database.write() as connection:
        lock_round_of(connection, wish.case)
        hand = _take_up(world, connection, wish.case, wish.email, wish.on_behalf_of)
        there = files.attached(connection, wish.case)
        for one in there:
            if (one.digest, one.name) == (fact.digest, fact.name):
                return one
        check_room(fact.size, sum(one.size for one in there), limits)
        files.put_bytes(connection, fact.digest, wish.content, hand.seen.now)
        made = _row(connection, hand, fact, secrecy)
        files.put(connection, made)
        _note(world, hand, EntryKind.ATTACHED, _told(made))
    return made


def detach(
    world: World, case_id: str, number: int, *, email: str, on_behalf_of: str | None = None
) -> None:
    """Take a file of one's own away from a case that still stands as it did when it was put
    there. Its bytes are gone with it, unless another case has the same. What is taken away
    already stays so.

    Raises: NotFound for what the person does not see; NoRight, Refused.
    """
    with world.database.write() as connection:
        lock_round_of(connection, case_id)
        wipe_what_is_freed(connection)
        hand = _take_up(world, connection, case_id, email, on_behalf_of)
        one = files.attached_one(connection, case_id, number)
        if one is None and files.was_taken_away(connection, case_id, number):
            return
        if one is None:
            raise nothing_there()
        refusal = _why_not_own(hand.case, one, hand.way)
        if refusal is not None:
            raise refusal
        files.take_away(connection, case_id, number, hand.seen.now)
        files.delete_unused(connection, [one.digest])
        _note(world, hand, EntryKind.DETACHED, {"number": number, "name": one.name})


def read_file(world: World, case_id: str, number: int, email: str) -> Download:
    """Give a file of a case that somebody reads.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen, case = see_case(world, connection, case_id, email)
        one = files.attached_one(connection, case.id, number) if seen.sight.reads(case) else None
        content = files.content_of(connection, one.digest) if one else None
    if one is None or content is None:
        raise nothing_there()
    return Download(one.name, one.media_type, content)


def list_files(seen: Seen, case: CaseFact) -> CaseFiles | None:
    """Give the files of a case that somebody looks at; None when they do not read it."""
    if not seen.sight.reads(case):
        return None
    found = files.attached(seen.connection, case.id)
    whose = [(one.put_by, one.on_behalf_of) for one in found]
    names = names_of(seen.connection, whose, seen.desk.language)
    way: Actor | None = None
    refusal: Reason | None = None
    try:
        check_awake(seen.connection, seen.facts.round)
        way = as_contributor(seen.definition, seen.facts, case, seen.actor)
    except Refused as error:
        refusal = error.reasons[0]
    return CaseFiles(
        files=tuple(
            CaseFile(
                number=one.number,
                name=one.name,
                media_type=one.media_type,
                size=one.size,
                secrecy=one.secrecy,
                put_at=one.put_at,
                by=names[one.put_by, one.on_behalf_of],
                mine=way is not None and _why_not_own(case, one, way) is None,
            )
            for one in found
        ),
        refusal=refusal,
    )


# ---- steps -----------------------------------------------------------------------------


def _take_up(
    world: World, connection: Connection, case_id: str, email: str, on_behalf_of: str | None
) -> _Hand:
    """See that a person may add to a case, and as whom.

    Raises: NotFound, NoRight, Refused.
    """
    seen, case = see_case(world, connection, case_id, email)
    check_awake(connection, seen.facts.round)
    actor = who_acts(world, connection, email, on_behalf_of, seen.now)
    return _Hand(seen, case, as_contributor(seen.definition, seen.facts, case, actor))


def _check_secrecy(given: str) -> str:
    """Give a ground for secrecy on one line.

    Raises: BadInput.
    """
    plain = " ".join("".join(one if one.isprintable() else " " for one in given).split())
    if len(plain) > LONGEST_SECRECY:
        raise unfit("secrecy", length=len(plain), most=LONGEST_SECRECY)
    return plain


def _row(connection: Connection, hand: _Hand, fact: FileFact, secrecy: str) -> Attached:
    return Attached(
        case=hand.case.id,
        number=files.next_number(connection, hand.case.id),
        name=fact.name,
        media_type=fact.media_type,
        size=fact.size,
        digest=fact.digest,
        secrecy=secrecy,
        case_version=hand.case.version,
        put_at=hand.seen.now,
        put_by=hand.way.person,
        on_behalf_of=hand.way.on_behalf_of,
    )


def _told(made: Attached) -> dict[str, object]:
    """Give what the log tells of a file."""
    names = ("number", "name", "media_type", "size", "digest", "secrecy", "case_version")
    return {name: getattr(made, name) for name in names}


def _note(world: World, hand: _Hand, kind: EntryKind, payload: Mapping[str, object]) -> None:
    entry = EntryDraft(
        kind=kind,
        case=hand.case.id,
        actor=hand.way.person,
        on_behalf_of=hand.way.on_behalf_of,
        payload=payload,
    )
    world.note(hand.seen.connection, hand.seen.now, entry, chain=hand.seen.facts.round.id)


def _why_not_own(case: CaseFact, one: Attached, way: Actor) -> Refused | None:
    return why_not_own(case, one.case_version, one.put_by, one.on_behalf_of, way)
