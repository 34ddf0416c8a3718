"""Other people's text, made safe to put into a letter.

Titles, names and comments come from files, forms and mail systems. Nothing in them
is ever a template; what could break a line, a header or the reading direction is
taken out here, once, before any words are found.
"""

import re
from dataclasses import replace

from workflow.core.mail import (
    MailFacts,
    MailFate,
    MailIncident,
    MailInvitation,
    MailTask,
    MailUnitFates,
)

__all__ = ["LetterError", "clean", "clean_facts", "clean_lines"]

BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Everything that Python, mail programs or browsers take for the end of a line."""
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Control characters, and those that turn the reading direction or take no room.
The joiner U+200D stays: emoji are made with it."""
SURROGATES = re.compile(r"[\ud800-\udfff]")
SPACES = re.compile(r"[ \t]+")

FACT_LINES = (
    "to_name",
    "round_title",
    "reference",
    "leader_name",
    "by",
    "case_title",
    "happened",
    "stands",
    "incident_role",
    "incident_unit",
)
TASK_LINES = ("round_title", "title", "unit", "state")
INCIDENT_LINES = ("case_title", "role", "unit", "person", "address", "answer", "thing")
INVITATION_LINES = ("title", "round_title")


class LetterError(ValueError):
    """The letter cannot be written from these facts; the text says which fact is wrong."""


def clean(text: str) -> str:
    """Make one line of any text: breaks become spaces, unseen characters go."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    seen = UNSEEN.sub("", BREAKS.sub(" ", text))
    return SPACES.sub(" ", SURROGATES.sub("\ufffd", seen)).strip()


def clean_lines(text: str) -> str:
    """Make clean lines, parted by `\\n`, of a text that may have several."""
    return "\n".join(clean(line) for line in BREAKS.split(text))


def clean_facts(facts: MailFacts) -> MailFacts:
    """Give the same facts with every text cleaned; addresses and ids are left as they are."""
    changes: dict[str, object] = _changed_lines(facts, FACT_LINES)
    for name in ("comment", "own_text"):
        text = getattr(facts, name)
        if text:
            changes[name] = clean_lines(text)
    if facts.stands_in_for:
        changes["stands_in_for"] = tuple(clean(name) for name in facts.stands_in_for)
    if facts.comments:
        changes["comments"] = tuple(
            replace(one, by=clean(one.by), text=clean_lines(one.text)) for one in facts.comments
        )
    if facts.fates:
        changes["fates"] = tuple(_clean_fates(one) for one in facts.fates)
    if facts.reports:
        changes["reports"] = tuple(
            replace(one, title=clean(one.title), text=clean_lines(one.text))
            for one in facts.reports
        )
    if facts.figures:
        changes["figures"] = tuple((clean(what), clean(much)) for what, much in facts.figures)
    if facts.questions:
        changes["questions"] = tuple(clean(question) for question in facts.questions)
    if facts.tasks:
        changes["tasks"] = tuple(_clean_task(task) for task in facts.tasks)
    if facts.invitations:
        changes["invitations"] = tuple(_clean_invitation(one) for one in facts.invitations)
    if facts.milestones:
        changes["milestones"] = tuple(
            replace(one, title=clean(one.title)) for one in facts.milestones
        )
    if facts.incidents:
        changes["incidents"] = tuple(_clean_incident(one) for one in facts.incidents)
    return replace(facts, **changes) if changes else facts  # type: ignore[arg-type]


def _changed_lines(value: object, names: tuple[str, ...]) -> dict[str, object]:
    """Give the cleaned texts among the named ones that cleaning changes."""
    changes: dict[str, object] = {}
    for name in names:
        before: str = getattr(value, name)
        after = clean(before)
        if after != before:
            changes[name] = after
    return changes


def _clean_task(task: MailTask) -> MailTask:
    changes = _changed_lines(task, TASK_LINES)
    for names in ("owed_by", "unreached"):
        before: tuple[str, ...] = getattr(task, names)
        after = tuple(clean(name) for name in before)
        if after != before:
            changes[names] = after
    if task.stands_in_for:
        changes["stands_in_for"] = tuple(clean(name) for name in task.stands_in_for)
    return replace(task, **changes) if changes else task  # type: ignore[arg-type]


def _clean_fates(unit: MailUnitFates) -> MailUnitFates:
    return replace(
        unit,
        unit=clean(unit.unit),
        amount=clean(unit.amount),
        fates=tuple(
            MailFate(clean(one.name), clean(one.outcome), clean(one.why)) for one in unit.fates
        ),
        sums=tuple(replace(one, outcome=clean(one.outcome)) for one in unit.sums),
    )


def _clean_invitation(invitation: MailInvitation) -> MailInvitation:
    changes = _changed_lines(invitation, INVITATION_LINES)
    return replace(invitation, **changes) if changes else invitation  # type: ignore[arg-type]


def _clean_incident(incident: MailIncident) -> MailIncident:
    changes = _changed_lines(incident, INCIDENT_LINES)
    return replace(incident, **changes) if changes else incident  # type: ignore[arg-type]
