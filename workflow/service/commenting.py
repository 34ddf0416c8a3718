"""Comments beside a case: written, told to whoever has the case, read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workflow.core.contributing import as_commenter
from workflow.core.errors import BadInput, Reason, Refused
from workflow.core.facts import Actor, CaseFact, EntryDraft, EntryKind, MessageDraft, MessageKind
from workflow.core.plain_text import clean_text
from workflow.core.standing_in import told_at
from workflow.service.people.standing_in import names_of, who_acts
from workflow.service.seeing import Seen, see_case
from workflow.service.world import World
from workflow.store import comment_mails, comments, outbox
from workflow.store.comments import Written
from workflow.store.facts import lock_round_of

__all__ = ["AT_MOST_EVERY", "LONGEST", "CaseComment", "CaseComments", "comment", "list_comments"]

LONGEST: Final = 5000
"""Characters: what somebody reads beside a case. More belongs in a file."""
AT_MOST_EVERY: Final = timedelta(minutes=15)
"""How often one person gets a mail about the comments on one case."""
FIELD: Final = "text"
"""The reason that the words about a comment go with: the field's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseComment:
    """A comment, as a page shows it."""

    number: int
    at: datetime
    by: str
    """Who wrote it, e.g. "Bo Alm", or "Bo Alm för Eva Ek"."""
    text: str
    """Plain text; line ends are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseComments:
    """The comments on a case, as somebody sees them."""

    comments: tuple[CaseComment, ...]
    """Oldest first."""
    refusal: Reason | None
    """Why the person may not write one; None when they may."""


def comment(
    world: World, case_id: str, text: str, *, email: str, on_behalf_of: str | None = None
) -> Written:
    """Comment on a case that one reads. Gives the comment as it is kept.

    The same words of the same person, sent twice running, are one comment. Whoever has the
    case gets a mail, at most one each quarter of an hour; what is written meanwhile goes
    with the next one.

    Raises: NotFound for what the person does not see; NoRight, Refused; BadInput for the
        text, with the reason `text`.
    """
    with world.database.write() as connection:
        lock_round_of(connection, case_id)
        seen, case = see_case(world, connection, case_id, email)
        actor = who_acts(world, connection, email, on_behalf_of, seen.now)
        way = as_commenter(seen.definition, seen.facts, case, actor)
        plain = _check_text(text)
        last = comments.last_written(connection, case.id)
        if last and _is_repeated(last, plain, way):
            return last
        made = Written(
            number=last.number + 1 if last else 1,
            at=seen.now,
            written_by=way.person,
            on_behalf_of=way.on_behalf_of,
            text=plain,
        )
        comments.put(connection, case.id, made)
        entry = EntryDraft(
            kind=EntryKind.COMMENTED,
            case=case.id,
            actor=way.person,
            on_behalf_of=way.on_behalf_of,
            payload={"number": made.number, "text": plain},
        )
        world.note(connection, seen.now, entry, chain=seen.facts.round.id)
        _tell(world, seen, case, made)
    return made


def list_comments(seen: Seen, case: CaseFact) -> CaseComments | None:
    """Give the comments on a case that somebody looks at; None when they do not read it."""
    if not seen.sight.reads(case):
        return None
    found = comments.written(seen.connection, case.id)
    whose = [(one.written_by, one.on_behalf_of) for one in found]
    names = names_of(seen.connection, whose, seen.desk.language)
    refusal: Reason | None = None
    try:
        as_commenter(seen.definition, seen.facts, case, seen.actor)
    except Refused as error:
        refusal = error.reasons[0]
    return CaseComments(
        comments=tuple(
            CaseComment(
                number=one.number,
                at=one.at,
                by=names[one.written_by, one.on_behalf_of],
                text=one.text,
            )
            for one in found
        ),
        refusal=refusal,
    )


# ---- steps -----------------------------------------------------------------------------


def _check_text(text: str) -> str:
    """Give a comment as it is kept.

    Raises: BadInput when nothing is left of it, or it is too long.
    """
    plain = clean_text(text)
    if not plain:
        raise _bad("Skriv en kommentar.", "Write a comment.")
    if len(plain) > LONGEST:
        raise _bad(
            f"Kommentaren är {len(plain)} tecken. Högst {LONGEST} går. Korta den, eller bifoga"
            " texten som fil.",
            f"The comment is {len(plain)} characters. The limit is {LONGEST}. Shorten it, or"
            " attach the text as a file.",
        )
    return plain


def _bad(sv: str, en: str) -> BadInput:
    return BadInput(sv, en, reasons=(Reason(FIELD, sv, en),))


def _is_repeated(last: Written, text: str, way: Actor) -> bool:
    """Say whether the latest comment is this very one: a button was pressed twice."""
    same = (last.text, last.written_by, last.on_behalf_of)
    return same == (text, way.person, way.on_behalf_of)


def _tell(world: World, seen: Seen, case: CaseFact, made: Written) -> None:
    """Put a mail to whoever has the case, or let one that waits tell of this comment too."""
    domain = world.stamp(seen.now).mail_domain
    for draft in _letters(seen, case, made):
        if comment_mails.add_to_waiting(seen.connection, draft):
            continue
        last = comment_mails.last_leaving(seen.connection, draft)
        start = seen.now if last is None else max(seen.now, last + AT_MOST_EVERY)
        round_id = seen.facts.round.id
        outbox.put(seen.connection, round_id, [draft], seen.now, domain, not_before=start)


def _letters(seen: Seen, case: CaseFact, made: Written) -> Iterator[MessageDraft]:
    """Give a mail to each who has the case and did not write the comment themselves."""
    task = seen.facts.task(case.id)
    if task is None or task.place is None:
        return
    for person in told_at(seen.facts, (task.place,))[task.place]:
        if person != made.written_by:
            yield MessageDraft(
                person=person,
                kind=MessageKind.COMMENT,
                ref=f"{task.id}.{made.number}",
                case=case.id,
                task=task.id,
                content={"comments": [made.number]},
            )
