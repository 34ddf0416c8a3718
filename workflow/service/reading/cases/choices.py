"""What somebody may do with a case: each button with its reasons, its fields and its outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.core import engine
from workflow.core.conflicts import meeting
from workflow.core.definition import Case, State, Transition
from workflow.core.errors import Language, Placed, Reason
from workflow.core.facts import Actor, CaseFact
from workflow.core.guards import Situation
from workflow.core.machine import Move, machine_of
from workflow.core.outcome import Outcome, is_binding, outcome
from workflow.core.returning import candidates
from workflow.core.standing_in import only_for, ways_to_act
from workflow.service.reading.cases.parties import Due, Party, Roster, due_of
from workflow.service.seeing import Seen
from workflow.service.successors import name_begun
from workflow.store import people

__all__ = ["Choice", "Hurdle", "Leads", "Pick", "Signing", "choices", "hurdle_of", "ways"]

NO_RIGHT = "no_right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurdle:
    """Why a button cannot be pressed now."""

    text: str
    here: str
    """The sentence where its place is evident; the same as `text` where it has none."""
    place: str
    """Where it can be mended on the page, e.g. `objekt.3.motivering`; empty when nowhere."""
    count: int = 1
    """So many things it tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """What comes of a button."""

    state: str
    """Title of the state or end that the case comes to."""
    ended: bool
    stays: bool
    """The case comes back to the state it stands in."""
    party: Party | None
    due: Due | None
    opened: tuple[tuple[str, int], ...]
    """Titles of kinds of cases that it opens, with how many."""
    unfinished: int
    on: str
    """Title of the case above that goes on with it; empty when none does."""
    on_state: str
    on_party: Party | None
    on_due: Due | None
    closes_round: bool
    begins: str
    """Title of another round that it opens; empty when it opens none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Something to tick."""

    value: str
    title: str
    note: str = ""
    """Where it stands now."""
    before: bool = False
    """It was chosen the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How many signatures there are, of a button that needs several."""

    have: int
    names: tuple[str, ...]
    """Of those who have signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button."""

    key: str
    title: str
    help: str
    hurdles: tuple[Hurdle, ...]
    mine: bool
    """The viewer has the right; otherwise the hurdles say who has."""
    binding: bool
    writes: bool
    """What is filled in and answered on the page goes with it."""
    leads: Leads
    asks: tuple[str, ...]
    """comment, questions, date: what must come along."""
    may_set_day: bool
    """A day of one's own can be given in place of the usual deadline."""
    usual_days: int
    """So many working days are given when no day is set; 0 when another rule says."""
    units: tuple[Pick, ...]
    """Who can be chosen to get a case."""
    picks: tuple[Pick, ...]
    """What can go back."""
    minutes: bool
    """A body with minutes decides: meeting day, paragraph, votes."""
    quorum: bool
    """How many were present is asked for, minutes or not."""
    signing: Signing | None
    behalf: str
    """Name of the one for whom it is done; empty when in one's own name."""
    built_in: bool
    """Every case has it, whatever the definition."""

    @property
    def chosen_before(self) -> list[str]:
        """Give those of the units that were chosen the last time."""
        return [one.value for one in self.units if one.before]

    @property
    def allowed(self) -> bool:
        """Whether it can be pressed now, as far as is known."""
        return not self.hurdles


def choices(seen: Seen, roster: Roster, case: CaseFact) -> tuple[Choice, ...]:
    """Give the buttons of a case, in the definition's order."""
    kind = seen.definition.case[case.kind]
    state = kind.state.get(case.state)
    if state is None:
        return ()
    moves = machine_of(seen.revision, case.kind).options(case.state)
    found = engine.options(seen.revision, seen.facts, case, seen.actor, seen.now)
    return tuple(
        _choice(seen, roster, case, (kind, state), moves[one.key], one.reasons) for one in found
    )


def _choice(
    seen: Seen,
    roster: Roster,
    case: CaseFact,
    stands: tuple[Case, State],
    move: Move,
    reasons: tuple[Reason, ...],
) -> Choice:
    kind, state = stands
    button = move.transition
    mine = all(reason.code != NO_RIGHT for reason in reasons)
    way = _way(seen, case, kind, move) if mine else seen.actor
    back = "questions" in button.asks or bool(button.reopens)
    comes = outcome(seen.revision, seen.facts, case, move, way, seen.now)
    language: Language = "en" if seen.desk.language == "en" else "sv"
    return Choice(
        key=move.key,
        title=seen.desk.button_title(move.key, button),
        help=seen.desk.help_of(button) if button.path else "",
        hurdles=tuple(hurdle_of(reason, language) for reason in reasons),
        mine=mine,
        binding=is_binding(seen.definition, kind, state, move.key, button),
        writes=button.by is None,
        leads=_leads(seen, roster, case, comes),
        asks=button.asks,
        may_set_day=back or "date" in button.asks,
        usual_days=_working_days(button),
        units=_units(seen, case, kind, button) if mine else (),
        picks=_picks(seen, case, button) if mine else (),
        minutes=_has_minutes(seen, state),
        quorum="quorum" in button.guards
        and meeting(seen.definition, seen.facts, case, state) is not None,
        signing=_signing(seen, case, move) if mine else None,
        behalf=_name(seen, way.on_behalf_of),
        built_in=not button.path,
    )


def _way(seen: Seen, case: CaseFact, kind: Case, move: Move) -> Actor:
    """Give the viewer as they would act by the engine's rule."""
    situation = Situation(
        revision=seen.revision,
        facts=seen.facts,
        kind=kind,
        case=case,
        task=seen.facts.task(case.id),
        key=move.key,
        transition=move.transition,
        actor=seen.actor,
        now=seen.now,
        wondering=True,
    )
    return engine.as_one_acts(situation, move).actor


def _name(seen: Seen, person: int | None) -> str:
    return next((one.name for one in seen.actor.stands_in_for if one.person == person), "")


def hurdle_of(reason: Reason, language: Language) -> Hurdle:
    """Give a reason as a hurdle, in a language."""
    text = reason.text(language)
    if not isinstance(reason, Placed):
        return Hurdle(text=text, here=text, place="")
    here = reason.here(language)
    return Hurdle(text=text, here=here, place=reason.place, count=reason.count)


# ---- what comes of it ------------------------------------------------------------------


def _leads(seen: Seen, roster: Roster, case: CaseFact, found: Outcome) -> Leads:
    task, on_task = found.task, found.goes_on_task
    roster.learn((task.place if task else None, on_task.place if on_task else None))
    above = found.goes_on
    return Leads(
        state=seen.desk.state_name(case.kind, found.state),
        ended=found.ended,
        stays=found.state == case.state,
        party=roster.party(task.place) if task else None,
        due=due_of(seen, task),
        opened=_counted(seen, found.opened),
        unfinished=found.unfinished,
        on=seen.desk.title_of(above) if above else "",
        on_state=seen.desk.state_title(above) if above else "",
        on_party=roster.party(on_task.place) if on_task else None,
        on_due=due_of(seen, on_task),
        closes_round=found.closes_round,
        begins=name_begun(seen.connection, seen.facts.round, found.begins, seen.desk.language),
    )


def _counted(seen: Seen, opened: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((seen.desk.kind_title(kind), count) for kind, count in opened.items())


def _working_days(button: Transition) -> int:
    span = button.due.span if button.due and button.due.anchor == "entered" else None
    return span.count if span and span.unit == "working day" else 0


# ---- what comes along ------------------------------------------------------------------


def _units(seen: Seen, case: CaseFact, kind: Case, button: Transition) -> tuple[Pick, ...]:
    """Give who can be chosen for the cases that a button opens."""
    target = kind.state.get(button.to)
    kinds = [one for name in (target.opens if target else ()) for one in _choosable(seen, name)]
    if not kinds:
        return ()
    there = {child.unit for child in seen.facts.children(case.id)}
    return tuple(
        Pick(value=unit.key, title=unit.name, before=unit.key in there)
        for unit in seen.facts.units(kinds)
    )


def _choosable(seen: Seen, kind: str) -> Iterable[str]:
    return seen.definition.case[kind].choose


def _picks(seen: Seen, case: CaseFact, button: Transition) -> tuple[Pick, ...]:
    found = candidates(seen.facts, case, button)
    return tuple(
        Pick(value=one.id, title=seen.desk.case_title(one), note=seen.desk.state_title(one))
        for one in found
        if seen.sight.sees(one)
    )


def _has_minutes(seen: Seen, state: State) -> bool:
    body = seen.definition.body.get(state.body or "")
    return body is not None and body.minutes


def _signing(seen: Seen, case: CaseFact, move: Move) -> Signing | None:
    task = seen.facts.task(case.id)
    if move.transition.signatures == 1 or task is None:
        return None
    signed = seen.facts.signers(task.id, move.key)
    known = people.people_by_id(seen.connection, signed)
    return Signing(have=len(signed), names=tuple(known[one].name for one in signed if one in known))


def ways(seen: Seen, case: CaseFact) -> tuple[tuple[str, str], ...]:
    """Give as whom the viewer may act in a case, as address and name, when there are several."""
    task = seen.facts.task(case.id)
    if task is None or task.place is None:
        return ()
    found = ways_to_act(seen.actor, task.place)
    if task.place in seen.actor.holds:  # in one's own name, or for somebody who holds it too
        lent = (only_for(seen.actor, one.person) for one in seen.actor.stands_in_for)
        found = (*found, *(one for one in lent if one and task.place in one.holds))
    known = people.people_by_id(seen.connection, [one.on_behalf_of or one.person for one in found])
    named = [known[one.on_behalf_of or one.person] for one in found]
    return tuple((one.email, one.name) for one in named) if len(named) > 1 else ()
