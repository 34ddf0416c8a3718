"""What a page of events needs to be told in words: read at once, however many they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any, Final

from workflow.core.definition import Case
from workflow.core.facts import EntryKind
from workflow.service.reading.past.reader import Reader
from workflow.store import people
from workflow.store.gone import decisions
from workflow.store.history import Line, Step, steps
from workflow.store.mailings import Mail, heads

__all__ = ["Happening", "Knowledge", "know", "went_back"]

Happening = Line | Mail
_PERSONS: Final = ("person", "person_id", "substitute_id")
"""Keys of payloads that name persons by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known about some happenings of one chain."""

    reader: Reader
    names: Mapping[int, str]
    """Names of persons."""
    backs: Mapping[str, Sequence[int]]
    """The entries with which a case went back, by case, rising."""
    disposals: Mapping[int, str]
    """Decisions by which payloads are gone, by entry."""
    subjects: Mapping[int, str]
    """Subjects of mails that the one who reads may know."""

    @property
    def language(self) -> str:
        """The language of the one who reads."""
        return self.reader.language

    def who(self, line: Line) -> str:
        """Name who did something, "X för Y" for a substitute; empty when nobody did."""
        known = [self.names.get(one, "") for one in (line.actor, line.on_behalf_of) if one]
        return (" for " if self.language == "en" else " för ").join(filter(None, known))

    def lap(self, line: Line) -> int:
        """Say for which time a case was on its way: 1, and 1 more for each time before this
        that it had gone back."""
        backs = self.backs.get(line.case or "", ())
        return 1 + sum(1 for number in backs if number < line.number)


def know(reader: Reader, found: Iterable[Happening]) -> Knowledge:
    """Find out what is needed to tell some happenings."""
    happenings = list(found)
    lines = [one for one in happenings if isinstance(one, Line)]
    mails = [one for one in happenings if isinstance(one, Mail)]
    cases = {one.case for one in lines if one.case}
    about = {rung.case for mail in mails for rung in mail.rungs if rung.case}
    if reader.seen:
        of_mails = {mail.case for mail in mails if mail.case}
        reader.seen.facts.remember_cases(sorted(cases | about | of_mails))
    gone = any(line.payload is None for line in lines)
    return Knowledge(
        reader=reader,
        names=_names(reader, lines, mails),
        backs=_backs(reader, cases),
        disposals=decisions(reader.connection, reader.chain) if gone else {},
        subjects=_subjects(reader, mails),
    )


def _names(reader: Reader, lines: Sequence[Line], mails: Sequence[Mail]) -> dict[int, str]:
    ids = {mail.person for mail in mails if mail.person}
    for line in lines:
        ids |= {one for one in (line.actor, line.on_behalf_of) if one}
        ids |= set(_persons(line.payload or {}))
    known = people.people_by_id(reader.connection, ids) if ids else {}
    return {key: person.name for key, person in known.items()}


def _persons(payload: Mapping[str, Any]) -> Iterator[int]:
    for key in _PERSONS:
        if isinstance(payload.get(key), int):
            yield payload[key]


def _backs(reader: Reader, cases: Iterable[str]) -> dict[str, list[int]]:
    backs: dict[str, list[int]] = {}
    for step in steps(reader.connection, cases):
        case = reader.case(step.case)
        if case and reader.seen and went_back(reader.seen.definition.case[case.kind], step):
            backs.setdefault(step.case, []).append(step.number)
    return backs


def went_back(kind: Case, step: Step | Line) -> bool:
    """Say whether a case came to a state that stands before the one it left."""
    if step.kind is EntryKind.REOPENED:
        return True
    order = list(kind.state)
    if step.from_state not in order or step.to_state not in order:
        return False
    return order.index(step.to_state) < order.index(step.from_state)


def _subjects(reader: Reader, mails: Sequence[Mail]) -> dict[int, str]:
    """Read the subjects of one's own mails, and for who sees everything of all that tell of
    this round alone."""
    allowed = [
        mail.id
        for mail in mails
        if mail.person == reader.viewer or (reader.everything and not mail.rungs)
    ]
    return {
        key: str(message_from_bytes(head, policy=default).get("subject", ""))
        for key, head in heads(reader.connection, allowed).items()
    }
