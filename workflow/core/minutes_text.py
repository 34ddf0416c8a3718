"""The sentences of the minutes about one decision of a body, for whoever writes the minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow.core.days import say_day

__all__ = ["MOST_NAMED", "Item", "MinutesFacts", "minutes_text"]

MOST_NAMED: Final = 40
"""So many rows of one outcome are named; the rest are counted."""

_MET: Final = ("{body} sammanträdde {day}{paragraph}.", "{body} met on {day}{paragraph}.")
_PRESENT: Final = (
    ("{n} ledamot var närvarande.", "{n} ledamöter var närvarande."),
    ("{n} member was present.", "{n} members were present."),
)
_PRESENT_OF: Final = (
    "{n} av {members} ledamöter var närvarande.",
    "{n} of {members} members were present.",
)
_DECIDED: Final = ("Beslut om {what}: {outcome}.", "Decision on {what}: {outcome}.")
_ROWS: Final = (("{n} rad", "{n} rader"), ("{n} row", "{n} rows"))
_WITHOUT: Final = ("Utan beslut", "Without a decision")
_MORE: Final = ("och {n} till", "and {n} more")
_VOTES: Final = ("Röster: {votes}.", "Votes: {votes}.")
_FOR: Final = ("{n} för", "{n} for")
_AGAINST: Final = ("{n} emot", "{n} against")
_ABSTAINED: Final = ("{n} avstår", "{n} abstaining")
_RESERVATIONS: Final = ("Reservationer: {words}", "Reservations: {words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What was decided of some rows of a list."""

    outcome: str
    """By its title; empty where nothing is written."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesFacts:
    """What a body decided of one thing at a meeting."""

    body: str
    what: str
    outcome: str
    day: date | None
    paragraph: str = ""
    present: int | None = None
    members: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    reservations: str = ""
    items: tuple[Item, ...] = ()
    conflicts: tuple[str, ...] = ()
    """A sentence for each who took no part in something."""


def minutes_text(facts: MinutesFacts, language: str = "sv") -> str:
    """Tell when the body met, how many were there, who took no part, what was decided with
    which votes, and which reservations were made."""
    at = 1 if language == "en" else 0
    parts = [
        _met(facts, at),
        "\n".join(facts.conflicts),
        _decided(facts, at),
        _votes(facts, at),
        _RESERVATIONS[at].format(words=facts.reservations) if facts.reservations else "",
    ]
    return "\n\n".join(filter(None, parts))


def _met(facts: MinutesFacts, at: int) -> str:
    said = []
    if facts.day is not None:
        day = say_day(facts.day, "en" if at else "sv")
        paragraph = f", § {facts.paragraph}" if facts.paragraph else ""
        said.append(_MET[at].format(body=facts.body, day=day, paragraph=paragraph))
    if facts.present is not None:
        phrase = _PRESENT_OF[at] if facts.members else _one_or_many(_PRESENT, facts.present, at)
        said.append(phrase.format(n=facts.present, members=facts.members))
    return " ".join(said)


def _decided(facts: MinutesFacts, at: int) -> str:
    return "\n".join((_DECIDED[at].format(what=facts.what, outcome=facts.outcome), *_of(facts, at)))


def _of(facts: MinutesFacts, at: int) -> Iterator[str]:
    for item in facts.items:
        names = list(item.names[:MOST_NAMED])
        if len(item.names) > MOST_NAMED:
            names.append(_MORE[at].format(n=len(item.names) - MOST_NAMED))
        rows = _one_or_many(_ROWS, len(item.names), at).format(n=len(item.names))
        yield f"- {item.outcome or _WITHOUT[at]}, {rows}: {'; '.join(names)}"


def _votes(facts: MinutesFacts, at: int) -> str:
    counted = (
        (_FOR, facts.votes_for),
        (_AGAINST, facts.votes_against),
        (_ABSTAINED, facts.abstained),
    )
    votes = ", ".join(words[at].format(n=n) for words, n in counted if n is not None)
    return _VOTES[at].format(votes=votes) if votes else ""


def _one_or_many(words: tuple[tuple[str, str], tuple[str, str]], number: int, at: int) -> str:
    return words[at][0 if number == 1 else 1]
