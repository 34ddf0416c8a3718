"""What must hold before a person may move a case: each rule answers with its reasons.

The page that shows a button and the engine that obeys it ask the same rules. A
rule gets a `Situation` and gives the reasons why not; none means yes. RULES hold
always; NAMED are those a definition may name, and a region adds its own to them
with `register`. A rule that changes meaning gets a new name, since a running
round knows it by name alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, partial
from itertools import chain
from typing import Final

from workflow.core import plan
from workflow.core.checks import judge, objections, withheld
from workflow.core.columns import hidden_from
from workflow.core.conflicts import Meeting, meeting, without_whom
from workflow.core.copies import lacking_in_copy, place_of_copies
from workflow.core.course import bare_title
from workflow.core.days import say_day
from workflow.core.definition import Case, Definition, State, Table, Transition
from workflow.core.editing import changes, rows_after, sheet_of
from workflow.core.errors import Placed, Reason, placed
from workflow.core.facts import (
    Actor,
    CaseFact,
    Facts,
    Inputs,
    Place,
    QuestionFact,
    SheetChange,
    SheetKey,
    TaskFact,
)
from workflow.core.figures import figures_of
from workflow.core.fixed import named
from workflow.core.material import lacking
from workflow.core.polls import not_own, secret_in
from workflow.core.references import gone
from workflow.core.revision import Revision
from workflow.core.roles import place_of
from workflow.core.standing_in import stood_in_for
from workflow.core.suggesting import lacking_reasons

__all__ = [
    "GUARD_MISSING",
    "NAMED",
    "RULES",
    "Guard",
    "Situation",
    "after_its_date",
    "guard_of",
    "has_right",
    "meeting_of",
    "missing_guards",
    "register",
]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A person before a case, about to do one thing with it."""

    revision: Revision
    facts: Facts
    kind: Case
    case: CaseFact
    task: TaskFact | None
    key: str
    """The transition's key."""
    transition: Transition
    actor: Actor
    now: datetime
    inputs: Inputs = field(default_factory=Inputs)
    wondering: bool = False
    """True while it is only asked what is possible: nothing has come along yet."""

    @property
    def state(self) -> State:
        """The state the case stands in."""
        return self.kind.state[self.case.state]

    @cached_property
    def changed(self) -> Mapping[SheetKey, SheetChange]:
        """What becomes other in the case's tables by what came along.

        Raises: Stale, BadInput; see `editing.changes`.
        """
        definition = self.revision.definition
        return changes(definition, self.facts, self.case, self.actor, self.inputs)

    @property
    def place(self) -> Place | None:
        """The role and unit that may: the transition's own, else whoever owes the task."""
        if self.transition.by is None:
            return self.task.place if self.task else None
        return place_of(
            self.revision.definition,
            self.facts,
            self.transition.by,
            self.case.unit,
            self.state.body,
        )

    def open_questions(self) -> list[QuestionFact]:
        """Give the questions that have no answer, those that come along counted in."""
        given = self.inputs.answers
        asked = self.facts.questions(self.case.id)
        return [q for q in asked if q.answer is None and not given.get(q.number, "").strip()]


Guard = Callable[[Situation], Iterator[Reason]]


def has_right(situation: Situation) -> Iterator[Reason]:
    """The person holds the role at the place."""
    place = situation.place
    if place is not None and place in situation.actor.holds:
        return
    revision = situation.revision
    if place is None:
        yield Reason("no_right", "Ingen har rätt att göra det här.", "Nobody may do this.")
        return
    role = revision.definition.role[place.role]
    unit = situation.facts.line(place.unit)[0].name
    yield Reason(
        "no_right",
        f"Det gör den som är {revision.title(role, 'sv').lower()} för {unit}.",
        f"That is for the {revision.title(role, 'en').lower()} of {unit}.",
    )


def somebody_else(situation: Situation) -> Iterator[Reason]:
    """Separation of duties: not the one who did an earlier step, nor on their behalf."""
    others = situation.transition.other_than
    if not others or situation.case.version == 1:
        return
    actor = situation.actor
    did = situation.facts.last_actors(situation.case.id, others)
    if actor.person in did:
        yield Reason(
            "own_work",
            "Du gjorde själv det förra steget. Då är det någon annan som gör det här.",
            "You did the step before this yourself, so somebody else does this one.",
        )
    elif actor.on_behalf_of in did:
        sv, en = stood_in_for(actor)
        yield Reason(
            "own_work",
            f"{sv} gjorde det förra steget. Då är det någon annan som gör det här.",
            f"{en} did the step before this, so somebody else does this one.",
        )


def signed_once(situation: Situation) -> Iterator[Reason]:
    """Where several sign, each signs once: no one person twice, and for no one twice."""
    if situation.transition.signatures == 1 or situation.task is None:
        return
    actor = situation.actor
    signed = situation.facts.signers(situation.task.id, situation.key)
    both = {*signed, *signed.values()}
    sv, en = "Du", "You have"
    if actor.person not in both:
        if actor.on_behalf_of not in both:
            return
        sv, en = stood_in_for(actor)
        en += " has"
    yield Reason("signed_already", f"{sv} har redan skrivit under.", f"{en} signed already.")


def questions_answered(situation: Situation) -> Iterator[Reason]:
    """What was asked is answered before those who owe the case let it go on."""
    move = situation.transition
    stays = move.to == situation.case.state
    asks = "questions" in move.asks or move.reopens
    if stays or asks or move.by is not None or situation.case.version == 1:
        return
    for question in situation.open_questions():
        yield Placed(
            "questions",
            f"Fråga {question.number} är obesvarad: {question.text}",
            f"Question {question.number} is not answered: {question.text}",
            place=f"fraga.{question.number}",
            here_sv="Skriv ett svar.",
            here_en="Write an answer.",
        )


def has_met(situation: Situation) -> Iterator[Reason]:
    """A body with minutes decides at a meeting that has been, with a quorum."""
    state = situation.state
    body = situation.revision.definition.body.get(state.body or "")
    if body is None or not body.minutes or situation.wondering:
        return
    met_on = situation.inputs.decision.get("meeting_on")
    today = plan.local_day(situation.now, situation.revision.definition.zone)
    day = date.fromisoformat(str(met_on)) if met_on else today
    if day > today:
        on, on_en = say_day(day, today=today), say_day(day, "en", today=today)
        sv = f"Mötet är {on}. Beslutet kan registreras när det har varit."
        en = f"The meeting is on {on_en}. Record the decision after it."
        yield Placed("not_met", sv, en, place="meeting_on", here_sv=sv, here_en=en)
    if "present" in situation.inputs.decision:
        yield from quorum(situation)


def own_answer(situation: Situation) -> Iterator[Reason]:
    """What is secret is handed in by whoever it is of, not by a substitute."""
    if situation.transition.signatures == 1:
        return
    definition = situation.revision.definition
    for name in secret_in(definition, situation.state):
        yield from not_own(definition.table[name], situation.actor)


def complete(situation: Situation) -> Iterator[Reason]:
    """What is filled in here has its required rows and cells."""
    definition, facts, case = situation.revision.definition, situation.facts, situation.case
    changed = situation.changed
    after = {key: rows_after(facts.sheet(key), change) for key, change in changed.items()}
    for name in situation.state.edits:
        table = definition.table[name]
        key = sheet_of(table, case.id, situation.actor)
        if table.each and not _has_copy(situation, table):
            continue
        change = changed.get(key)
        rows = after[key] if key in after else facts.sheet(key)
        if table.each and table.from_:
            lacks = lacking_in_copy(definition, facts, case, table, rows, key.owner)
            yield from _first(table, lacks)
            continue
        cells = facts.shown(rows, definition.chain(name))
        numbered = list(enumerate(cells, start=1))
        lacks = chain(
            named(definition, facts, table, cells, lacking(table, cells, facts.round.year)),
            gone(definition, facts, key, cells, after),
            lacking_reasons(definition, table, numbered),
        )
        yield from _first(table, lacks)
        if table.check:
            figures = figures_of(definition, facts, case, table, after)
            why = {**facts.reasons(key), **(change.reasons if change else {})}
            hidden = hidden_from(definition, facts, table, situation.actor)
            found = judge(definition, table, numbered, figures, why)
            yield from objections(table, [withheld(table, one, hidden) for one in found])


MOST_NAMED: Final = 50
"""So many things that a table lacks are named; the rest are counted."""


def _first(table: Table, lacks: Iterable[Reason]) -> Iterator[Reason]:
    """Give the first of what a table lacks one by one, and the rest as one reason."""
    found = list(lacks)
    yield from found[:MOST_NAMED]
    left = len(found) - MOST_NAMED
    if left > 0:
        things, things_en = ("sak", "thing is") if left == 1 else ("saker", "things are")
        sv = f"Och {left} {things} till saknas i {table.title}."
        en = f"And {left} more {things_en} missing in {table.title}."
        yield replace(placed("complete", table.key, sv, en), count=left)


def _has_copy(situation: Situation, table: Table) -> bool:
    definition = situation.revision.definition
    if any(not_own(table, situation.actor)):
        return False
    place = place_of_copies(definition, situation.facts, situation.case, table)
    return place is not None and place in situation.actor.holds


def meeting_of(situation: Situation) -> Meeting | None:
    """Give the body that a step is of, with its members now; None for a step of none."""
    definition, facts = situation.revision.definition, situation.facts
    return meeting(definition, facts, situation.case, situation.state)


def quorum(situation: Situation) -> Iterator[Reason]:
    """Enough members of the body were present, as the one who registers it says; upon each
    row enough besides those who have a conflict of interest in it."""
    if situation.wondering:
        return
    met = meeting_of(situation)
    if met is None:
        return
    members, needed = len(met.members), met.needed
    present = situation.inputs.decision.get("present")
    if not isinstance(present, int):
        yield Placed(
            "quorum",
            f"Ange hur många av {members} ledamöter som var med (present).",
            f"Say how many of the {members} members were present.",
            place="present",
            here_sv=f"Skriv hur många av {members} ledamöter som var med.",
            here_en=f"Say how many of the {members} members were present.",
        )
    elif present < needed:
        sv = f"{present} av {members} var med. {needed} behövs för beslut."
        en = f"{present} of {members} were present. {needed} are needed to decide."
        yield Placed("quorum", sv, en, place="present", here_sv=sv, here_en=en)
    else:
        yield from _enough_for_each(situation, met, present)


def _enough_for_each(situation: Situation, met: Meeting, present: int) -> Iterator[Reason]:
    definition, facts = situation.revision.definition, situation.facts
    for one in without_whom(definition, facts, situation.case, situation.state, met.members):
        left = present - len(one.persons)
        if left < met.needed:
            out = len(one.persons)
            sv = (
                f"”{one.name}”: {out} av {present} har jäv. {left} deltar, {met.needed} behövs för"
                " beslut."
            )
            en = (
                f'"{one.name}": {out} of {present} have a conflict of interest. {left} take part,'
                f" {met.needed} are needed to decide."
            )
            yield Placed("quorum", sv, en, place="present", here_sv=sv, here_en=en)


def opened_finished(situation: Situation) -> Iterator[Reason]:
    """Every case that this state opened has ended."""
    join = situation.facts.join(situation.case.id, situation.case.state)
    left = join.opened - join.ended if join else 0
    if left:
        yield Reason(
            "opened_finished",
            f"{left} av {join.opened if join else 0} är inte klara.",
            f"{left} of {join.opened if join else 0} are not finished.",
        )


def started_finished(situation: Situation) -> Iterator[Reason]:
    """Every case that was started along the way has ended, and none that is dated is to come."""
    unfinished = situation.facts.children(situation.case.id, unfinished=True)
    left = sum(1 for child in unfinished if child.started)
    if left:
        yield Reason(
            "started_finished",
            f"{left} ärenden som har startats är inte klara.",
            f"{left} cases that were started are not finished.",
        )
    revision, year = situation.revision, situation.facts.round.year
    for series in situation.facts.series(situation.case.id).values():
        kind = revision.definition.case[series.kind]
        if series.next_at is None or not (kind.until or revision.definition.milestones_of(kind)):
            continue  # what goes on as long as the case does ends with it
        day = plan.local_day(series.next_at, revision.definition.zone)
        yield Reason(
            "started_finished",
            f"”{bare_title(revision.title(kind, 'sv'), year)}” kommer igen {say_day(day)}.",
            f'"{bare_title(revision.title(kind, "en"), year)}" comes again on'
            f" {say_day(day, 'en')}.",
        )


def nothing_missing(situation: Situation) -> Iterator[Reason]:
    """No case that this state waited for is carried as missing."""
    missing = [
        child.unit
        for child in situation.facts.children(situation.case.id, opened_in=situation.case.state)
        if child.state == "missing"
    ]
    if missing:
        yield Reason(
            "nothing_missing",
            f"Det saknas för: {', '.join(missing)}.",
            f"Missing: {', '.join(missing)}.",
        )


def before_due(situation: Situation) -> Iterator[Reason]:
    """The deadline has not passed."""
    due_at = situation.task.due_at if situation.task else None
    if due_at and situation.now >= due_at:
        last = plan.due_on(due_at, situation.revision.definition.zone)
        sv, en = say_day(last), say_day(last, "en")
        yield Reason("before_due", f"Sista dag var {sv}.", f"The last day was {en}.")


def after_due(situation: Situation) -> Iterator[Reason]:
    """The deadline has passed."""
    due_at = situation.task.due_at if situation.task else None
    if due_at and situation.now < due_at:
        yield _not_yet(situation, due_at)


def _not_yet(situation: Situation, due_at: datetime) -> Reason:
    last = plan.due_on(due_at, situation.revision.definition.zone)
    return Reason(
        "after_due",
        f"Går inte än: sista dag är {say_day(last)}, och den har inte passerat.",
        f"Not yet: the last day is {say_day(last, 'en')} and has not passed.",
    )


def after_its_date(situation: Situation) -> Iterator[Reason]:
    """What is carried as missing was owed by a day, and that day has passed.

    A case that only waits has no deadline of its own: the last of its kind's counts.
    """
    if situation.task is not None:
        yield from after_due(situation)
        return
    milestones = situation.revision.definition.milestone
    owed = [
        situation.facts.milestone(state.due.anchor).due_at
        for state in situation.kind.state.values()
        if state.due and state.due.span is None and state.due.anchor in milestones
    ]
    due_at = max((due for due in owed if due), default=None)
    if due_at and situation.now < due_at:
        yield _not_yet(situation, due_at)


GUARD_MISSING: Final = "guard_missing"
"""The code of the reason when a guard is not there to be asked."""
RULES: Final[tuple[Guard, ...]] = (
    has_right,
    somebody_else,
    signed_once,
    questions_answered,
    has_met,
    own_answer,
)
NAMED: Final[dict[str, Guard]] = {
    guard.__name__: guard
    for guard in (
        complete,
        quorum,
        opened_finished,
        started_finished,
        nothing_missing,
        before_due,
        after_due,
    )
}


def guard_of(name: str) -> Guard:
    """Give the guard that a definition names; where this program has none of the name, one
    that says so, and asks again each time."""
    return NAMED.get(name) or partial(_ask_later, name)


def _ask_later(name: str, situation: Situation) -> Iterator[Reason]:
    known = NAMED.get(name)
    if known is not None:
        yield from known(situation)
        return
    yield Reason(
        GUARD_MISSING,
        f"Steget prövas mot villkoret {name}, som inte finns i programmet. Be IT installera"
        " paketet med det.",
        f"The step is checked against the condition {name}, which this program does not have."
        " Ask IT to install the package with it.",
    )


def missing_guards(definition: Definition) -> tuple[str, ...]:
    """Give the guards that a definition names and this program does not have, sorted."""
    named = {
        name
        for kind in definition.case.values()
        for state in kind.state.values()
        for transition in state.transition.values()
        for name in transition.guards
    }
    return tuple(sorted(named - NAMED.keys()))


def register(name: str, guard: Guard) -> None:
    """Add a region's own guard under a new name.

    Raises: ValueError when the name is taken.
    """
    if name in NAMED:
        raise ValueError(f"there is a guard '{name}' already")
    NAMED[name] = guard
