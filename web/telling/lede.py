"""The sentences at the head of a round: the truth of it, in the definition's own titles.

Titles have any gender and number, so no sentence may need an ending that follows them:
"Underlag: 34 av 41 är inne" holds for all. What is counted are cases (ärenden).
"""

from collections.abc import Iterator
from typing import Final

from web.visit import Visit
from workflow.core.progress import Standing
from workflow.service.reading.rounds.round import Now
from workflow.service.reading.rounds.step import Part
from workflow.service.reading.rounds.waiting import Blocker, Waiting

__all__ = ["lede", "short_lede", "who_has_it"]

MANY = 3
"""Names that are written out; beyond that, two and how many more."""


def lede(visit: Visit, now: Now, waiting: Waiting | None) -> str:
    """Say where a round stands and whether the plan holds."""
    return " ".join(_sentences(visit, now, waiting))


def short_lede(visit: Visit, now: Now, waiting: Waiting | None) -> str:
    """Say where a round stands, and whether the plan holds, without what lies between."""
    said = list(_sentences(visit, now, waiting))
    return " ".join(said if len(said) < 3 else [said[0], said[-1]])


def _sentences(visit: Visit, now: Now, waiting: Waiting | None) -> Iterator[str]:
    if now.ended_on is not None or waiting is None:
        yield from _ended(visit, now)
        return
    alone = waiting.blockers[0] if waiting.total == 1 and waiting.blockers else None
    if now.part is not None and (now.part.tally.total > 1 or alone is None):
        yield from _counted(visit, now.part)
    elif alone is not None:
        yield from _owed(visit, now, alone)
    else:
        yield visit.text(f"Nu: {now.title}.", f"Now: {now.title}.")
    yield from _plan(visit, now)


def _ended(visit: Visit, now: Now) -> Iterator[str]:
    say = visit.say
    if now.ended_on is not None:
        day = say.day(now.ended_on)
        yield visit.text(
            f"Omgången är avslutad: {now.title}, {day}.",
            f"The round has ended: {now.title}, {day}.",
        )
    if now.missing:
        n = _count(visit, now.missing)
        one = now.missing == 1
        yield visit.text(
            f"{n.capitalize()} {'ärende' if one else 'ärenden'} stod som"
            f" {'uteblivet' if one else 'uteblivna'}.",
            f"{n.capitalize()} {'case was' if one else 'cases were'} carried as missing.",
        )


# ---- many cases ------------------------------------------------------------------------


def _counted(visit: Visit, part: Part) -> Iterator[str]:
    tally, name = part.tally, part.name
    there = visit.text("inne", "in") if part.handed_in else visit.text("klara", "done")
    if tally.left or tally.missing:
        yield visit.text(
            f"{name}: {tally.reached} av {tally.total} är {there}.",
            f"{name}: {tally.reached} of {tally.total} are {there}.",
        )
        details = list(_details(visit, part))
        if details:
            joined = visit.say.names(details)
            yield joined[:1].upper() + joined[1:] + "."
    else:
        yield visit.text(
            f"{name}: alla {tally.reached} är {there}.",
            f"{name}: all {tally.reached} are {there}.",
        )
    yield from _after(visit, part)


def _details(visit: Visit, part: Part) -> Iterator[str]:
    """Say how it is with those that are not in."""
    tally = part.tally
    for number, one, many in (
        (tally.late, ("är sent", "is late"), ("är sena", "are late")),
        (tally.extended, ("har anstånd", "has an extension"), ("har anstånd", "have extensions")),
        (tally.back, ("svarar på frågor", "answers questions"), ANSWER),
        (tally.soon + tally.act, ("har tid kvar", "has time left"), TIME),
        (tally.waits + tally.coming, ("väntar på andra", "waits for others"), WAIT),
        (tally.missing, ("står som uteblivet", "is missing"), MISSING),
    ):
        if number:
            yield f"{_count(visit, number)} {visit.text(*(one if number == 1 else many))}"


ANSWER: Final = "svarar på frågor", "answer questions"
TIME: Final = "har tid kvar", "have time left"
WAIT: Final = "väntar på andra", "wait for others"
MISSING: Final = "står som uteblivna", "are missing"


def _after(visit: Visit, part: Part) -> Iterator[str]:
    """Say how far those have come that are in, where being in is not the end."""
    done = part.finished.reached
    if not part.handed_in or not part.tally.reached or done == part.tally.reached:
        return
    late = part.late - part.tally.late
    if done:
        n, klara = _count(visit, done), "klart" if done == 1 else "klara"
        sv = f"Av dem som är inne är {n} {klara}"
        en = f"Of those that are in, {n} {'is' if done == 1 else 'are'} done"
    else:
        sv, en = "Av dem som är inne är inget klart", "Of those that are in, none is done"
    if late:
        n = _count(visit, late)
        sv += f", och {n} är {'sent' if late == 1 else 'sena'} i steget efter"
        en += f", and {n} {'is' if late == 1 else 'are'} late in the step after"
    yield visit.text(f"{sv}.", f"{en}.")


# ---- one case --------------------------------------------------------------------------


def _owed(visit: Visit, now: Now, one: Blocker) -> Iterator[str]:
    yield visit.text(f"Nu: {now.title}.", f"Now: {now.title}.")
    yield who_has_it(visit, one)
    if one.due_on is not None and one.role:
        day, distance = visit.say.day(one.due_on), visit.say.distance(one.due_on)
        late = one.standing is Standing.LATE
        yield visit.text(
            f"Sista dag {'var' if late else 'är'} {day}, {distance}.",
            f"The last day {'was' if late else 'is'} {day}, {distance}.",
        )
    if now.following is not None:
        title, last_on = now.following.title, now.following.last_on
        when = f", {visit.say.day(last_on)}" if last_on else ""
        yield visit.text(f"Sedan följer {title}{when}.", f"Then follows {title}{when}.")


def who_has_it(visit: Visit, one: Blocker) -> str:
    """Say who has a case, in a sentence."""
    if not one.role:
        day = visit.say.day(one.due_on) if one.due_on else ""
        after = visit.text(f" efter {day}", f" after {day}") if day else ""
        return visit.text(f"Det går vidare av sig självt{after}.", f"It goes on by itself{after}.")
    if not one.names:
        role = one.role[:1].lower() + one.role[1:]
        return visit.text(f"Ingen är {role} för {one.unit}.", f"Nobody is {role} of {one.unit}.")
    names = _names(visit, one.names)
    return visit.text(
        f"{names} har uppgiften.", f"{names} {'has' if len(one.names) == 1 else 'have'} the task."
    )


def _names(visit: Visit, names: tuple[str, ...]) -> str:
    if len(names) <= MANY:
        return visit.say.names(names)
    more = visit.text(f"{len(names) - 2} till", f"{len(names) - 2} more")
    return visit.say.names([*names[:2], more])


# ---- the plan --------------------------------------------------------------------------


def _plan(visit: Visit, now: Now) -> Iterator[str]:
    if now.broken is not None:
        day = visit.say.day(now.broken.last_on)
        yield visit.text(
            f"{now.broken.milestone}, {day}, går inte att hålla längre.",
            f"{now.broken.milestone}, {day}, can no longer be held.",
        )
    elif now.holds_until is not None:
        day = visit.say.day(now.holds_until)
        handed_in = now.part is not None and now.part.handed_in and now.part.tally.left
        if handed_in:
            yield visit.text(
                f"Kommer resten in senast {day} håller planen.",
                f"If the rest come in by {day}, the plan holds.",
            )
        else:
            yield visit.text(
                f"Är det klart senast {day} håller planen.",
                f"If it is done by {day}, the plan holds.",
            )


def _count(visit: Visit, number: int) -> str:
    """Write a number of cases: one is "ett", since a case is "ett ärende"."""
    if number == 1:
        return visit.text("ett", "one")
    return visit.say.number(number)
