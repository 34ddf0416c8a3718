"""Secret copies: what the log tells of them, when they are counted, and what is shown.

What somebody answers is theirs alone until the step is left. Then the answers are counted:
they become rows that are nobody's, in an order that their own words give, and of those only
sums are shown. The log never tells what stands in a secret copy, before or after.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.core import places
from workflow.core.copies import place_of_copies
from workflow.core.definition import Definition, State, Table
from workflow.core.errors import Reason
from workflow.core.facts import (
    Actor,
    CaseChange,
    CaseFact,
    Facts,
    Poll,
    Row,
    RowFact,
    SheetChange,
    SheetKey,
)
from workflow.core.sheets import name_of, telling

__all__ = [
    "FEW",
    "LEAST",
    "Tally",
    "nobodys",
    "not_own",
    "polls_left",
    "secret_in",
    "tally",
    "told_of",
]

LEAST = 5
"""With fewer answers nothing is shown of what they say."""
FEW = 3
"""A level that fewer have chosen is not shown by itself."""


# ---- while it is open ------------------------------------------------------------------


def secret_in(definition: Definition, state: State | None) -> Sequence[str]:
    """Give the tables of secret copies that are filled in in a state."""
    return [key for key in (state.edits if state else ()) if definition.table[key].secret]


def told_of(
    definition: Definition, facts: Facts, changes: Mapping[SheetKey, SheetChange]
) -> dict[str, object]:
    """Give what an entry tells of changes in one case: of a secret copy how many rows it
    has, and nothing of what stands in them."""
    open_ones = {
        key: change for key, change in changes.items() if not definition.table[key.table].secret
    }
    told = telling(open_ones)
    for key, change in changes.items():
        if key not in open_ones and change.told:
            rows = len(facts.sheet(key)) + len(change.added) - len(change.dropped)
            told[name_of(key)] = [["count", rows]]
    return told


def not_own(table: Table, actor: Actor) -> Iterator[Reason]:
    """Give the reason why a substitute cannot answer; none for who answers in person."""
    if not table.secret or actor.on_behalf_of is None:
        return
    names = (one.name for one in actor.stands_in_for if one.person == actor.on_behalf_of)
    name = next(names, None)
    who, who_en = name or "Den du är ersättare för", name or "The one you stand in for"
    yield Reason(
        "secret_copy",
        f"Svaret på ”{table.title}” är hemligt. {who} svarar själv: en ersättare får varken se"
        " eller lämna det.",
        f'The answer to "{table.title}" is secret. {who_en} must answer in person: a substitute'
        " may neither see nor give it.",
    )


# ---- when it is left -------------------------------------------------------------------


def polls_left(
    definition: Definition,
    facts: Facts,
    changes: Iterable[CaseChange],
    acting: tuple[str, str] | None,
    actor: Actor | None,
) -> Iterator[Poll]:
    """Give what is counted since cases leave the step where it was answered; `acting` are the
    case and transition that somebody makes, whose signature is the last."""
    for change in changes:
        case = facts.case(change.id)
        if case is None:
            continue
        states = definition.case[case.kind].state
        before, after = states.get(case.state), states.get(change.state)
        kept = secret_in(definition, after)
        for key in secret_in(definition, before):
            if key not in kept:
                yield _poll(definition, facts, case, key, acting, actor)


def _poll(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    key: str,
    acting: tuple[str, str] | None,
    actor: Actor | None,
) -> Poll:
    owners = _handed_in(definition, facts, case, acting, actor)
    place = place_of_copies(definition, facts, case, definition.table[key])
    asked = set(facts.holders((place,))[place]) if place else set()
    return Poll(
        key=SheetKey(case.id, key),
        owners=None if owners is None else tuple(sorted(owners)),
        asked=len(asked | (owners or set())),
    )


def _handed_in(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    acting: tuple[str, str] | None,
    actor: Actor | None,
) -> set[int] | None:
    """Give who has signed the step that a case stands in; None where nobody signs it."""
    buttons = definition.case[case.kind].state[case.state].transition
    signing = [key for key, button in buttons.items() if button.signatures != 1]
    if not signing:
        return None
    task = facts.task(case.id)
    found = {person for key in signing for person in facts.signers(task.id, key)} if task else set()
    if actor and acting and acting[0] == case.id and acting[1] in signing:
        found.add(actor.on_behalf_of or actor.person)
    return found


def nobodys(answers: Iterable[Row]) -> tuple[RowFact, ...]:
    """Make rows that tell nothing but what was answered: in the order of their own words,
    numbered and placed by that alone."""
    ordered = sorted(answers, key=_words_of)
    return tuple(
        RowFact(number=number, place=place, version=1, cells=cells)
        for number, (cells, place) in enumerate(
            zip(ordered, places.spread(len(ordered)), strict=True), start=1
        )
    )


def _words_of(cells: Row) -> str:
    """Give what counted answers are ordered by."""
    return json.dumps(cells, ensure_ascii=False, sort_keys=True)


# ---- what is shown ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many have given one of some answers."""

    levels: tuple[str, ...]
    """One, or several that are shown together."""
    count: int
    few: bool = False
    """The count is not told: it is more than none and less than FEW."""


def tally(counts: Mapping[str, int], *, several: bool = False) -> Sequence[Tally]:
    """Put counts by level together so that no small group stands by itself, in the order of
    the levels.

    Levels that fewer than FEW have chosen are shown together, and with the smallest of the
    others until they are FEW: the whole is known, and what is left out could be counted. Where
    each may choose several, the whole is not known; there such a count is left out.
    """
    if several:
        return [
            Tally(levels=(key,), count=0 if 0 < count < FEW else count, few=0 < count < FEW)
            for key, count in counts.items()
        ]
    joined = _joined(counts)
    found = []
    for key, count in counts.items():
        if key not in joined:
            found.append(Tally(levels=(key,), count=count))
        elif key == joined[0]:
            found.append(Tally(levels=joined, count=sum(counts[one] for one in joined)))
    return found


def _joined(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Give the levels that are shown together; none where nobody stands almost alone."""
    given = [key for key, count in counts.items() if count]
    if len(given) == 1:
        return ()  # all agree: whatever is shown says so
    rising = sorted(given, key=lambda key: counts[key])
    joined: list[str] = []
    for key in rising:
        if counts[key] >= FEW and (not joined or sum(counts[one] for one in joined) >= FEW):
            break
        joined.append(key)
    return tuple(key for key in counts if key in joined)
