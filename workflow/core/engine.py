"""The decisions: what a person, the clock or a new round changes.

    open_round   a round and all that its first state opens
    decide       a person moves a case
    expire       a deadline has passed and moves a case by itself
    recur        a series has come to its next occasion
    add_case     the process leader adds a unit's case while it is waited for
    open_one     a person opens one more case of a kind that comes when it is needed
    options      what a person may do with a case, with the reasons for each no

Pure: the same facts, command and instant give the same decision, and nothing is
read or written but through `facts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.core import inputs as given
from workflow.core import phrases, returning
from workflow.core.definition import BUILT_IN_ENDS, Case, Transition
from workflow.core.draft import Draft
from workflow.core.errors import NoRight, NotFound, Reason, Refused, Stale, in_words
from workflow.core.facts import (
    Actor,
    CaseFact,
    Command,
    Decision,
    EntryDraft,
    EntryKind,
    Facts,
    QuestionFact,
    SeriesFact,
    TaskFact,
)
from workflow.core.guards import Situation, meeting_of
from workflow.core.machine import AT_DUE, MISSING, WITHDRAW, CaseMachine, Move, machine_of
from workflow.core.news import announce
from workflow.core.owing import Deadline
from workflow.core.polls import told_of
from workflow.core.revision import Revision
from workflow.core.roles import place_of
from workflow.core.standing_in import acting_at, ways_to_act
from workflow.core.successors import begun_by

__all__ = [
    "Option",
    "add_case",
    "as_one_acts",
    "check_version",
    "decide",
    "expire",
    "may_open",
    "open_one",
    "open_round",
    "options",
    "recur",
]

KINDS = {MISSING: EntryKind.MISSING, WITHDRAW: EntryKind.WITHDRAWN}
"""How the log calls the transitions that every case has; all others are TRANSITION."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something a person may want to do with a case."""

    key: str
    transition: Transition
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        """Whether it can be done now."""
        return not self.reasons


def open_round(
    revision: Revision,
    facts: Facts,
    now: datetime,
    payload: Mapping[str, object],
    actor: Actor | None = None,
    state: str | None = None,
) -> Decision:
    """Open the case that is the round itself, and all that follows.

    Without an actor the operator opens it. It begins in its first state unless one is given.
    """
    draft = Draft(revision, facts, now, actor)
    draft.entries.append(
        EntryDraft(
            kind=EntryKind.ROUND_OPENED,
            actor=actor.person if actor else None,
            on_behalf_of=actor.on_behalf_of if actor else None,
            payload=payload,
        )
    )
    definition = revision.definition
    draft.open_case(definition.root.key, facts.units((definition.top,))[0].key, state=state)
    return announce(draft)


def options(
    revision: Revision, facts: Facts, case: CaseFact, actor: Actor, now: datetime
) -> list[Option]:
    """Give what a person may want to do with a case, in the order of the buttons."""
    machine = machine_of(revision, case.kind)
    task = facts.task(case.id)
    found = []
    for key, move in machine.options(case.state).items():
        situation = Situation(
            revision=revision,
            facts=facts,
            kind=machine.kind,
            case=case,
            task=task,
            key=key,
            transition=move.transition,
            actor=actor,
            now=now,
            wondering=True,
        )
        reasons = tuple(move.reasons(as_one_acts(situation, move)))
        found.append(Option(key=key, transition=move.transition, reasons=reasons))
    return found


def decide(revision: Revision, facts: Facts, command: Command, now: datetime) -> Decision:
    """Move a case as a person wishes.

    Raises: NotFound for a case or transition that is not there; Stale when somebody
    was first; NoRight or Refused with every reason; BadInput for what came along.
    """
    case = facts.case(command.case)
    if case is None:
        raise NotFound(f"Det finns inget ärende {command.case}.", f"No case {command.case}.")
    machine = machine_of(revision, case.kind)
    check_version(case, command)
    move = _find_move(machine, case, command.transition)
    read = given.read(revision.definition, machine.kind.state[case.state], command)
    situation = Situation(
        revision=revision,
        facts=facts,
        kind=machine.kind,
        case=case,
        task=facts.task(case.id),
        key=move.key,
        transition=move.transition,
        actor=command.actor,
        now=now,
        inputs=given.with_comment(facts, case, command, move.transition, read),
    )
    situation = as_one_acts(situation, move)
    state, reasons = machine.fire(move.key, case.state, situation)
    if reasons:
        raise _refusal(reasons)
    given.check(situation, command.comment)
    if situation.task and not _enough_signatures(situation, situation.task):
        return _signed(situation, situation.task, command)
    return _carry_out(situation, command, state)


def expire(revision: Revision, facts: Facts, case: CaseFact, now: datetime) -> Decision:
    """Move a case whose deadline has passed, as its state says."""
    draft = Draft(revision, facts, now)
    draft.move(case, AT_DUE, EntryKind.AT_DUE)
    return announce(draft)


def recur(revision: Revision, facts: Facts, series: SeriesFact, now: datetime) -> Decision:
    """Open what a series has come to."""
    draft = Draft(revision, facts, now)
    draft.open_next(series)
    return announce(draft)


def may_open(
    revision: Revision, facts: Facts, series: SeriesFact, actor: Actor
) -> Mapping[str, Actor]:
    """Give the units for which a person may open one more case of a series, in the
    organisation's order, each with the person as they act there."""
    definition = revision.definition
    kind, parent = definition.case[series.kind], facts.case(series.case)
    if parent is None or parent.ended_at is not None:
        return {}
    found = {}
    for unit in Draft(revision, facts, facts.round.opened_at).units_of_series(parent, kind):
        places = (place_of(definition, facts, (role,), unit) for role in kind.opened_by)
        ways = (acting_at(actor, place) for place in places)
        way = next((one for one in ways if one is not None), None)
        if way is not None:
            found[unit] = way
    return found


def open_one(  # noqa: PLR0913, PLR0917 - what is opened, where, by whom, with what words
    revision: Revision,
    facts: Facts,
    series: SeriesFact,
    unit: str,
    actor: Actor,
    now: datetime,
    payload: Mapping[str, object],
) -> tuple[str, Decision]:
    """Open one more case of a kind that people open when they need it; gives its id.

    Raises: NoRight.
    """
    way = may_open(revision, facts, series, actor).get(unit)
    if way is None:
        title = revision.definition.case[series.kind].title
        sv = f"Du får inte öppna ”{title}” där."
        en = f'You may not open "{title}" there.'
        raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))
    draft = Draft(revision, facts, now, way)
    case_id = draft.open_one(series, unit, payload)
    return case_id, announce(draft)


def add_case(
    revision: Revision,
    facts: Facts,
    unit: str,
    actor: Actor | None,
    now: datetime,
    payload: Mapping[str, object],
) -> tuple[str, Decision]:
    """Add a unit's case below the case that waits for its like; gives its id.

    A case of the unit that was withdrawn is taken up again. The caller has seen that
    the actor leads the round; without an actor it is the operator.

    Raises: Refused.
    """
    kind, parent = _parent_for(revision, facts, unit)
    described = revision.definition.case[kind]
    draft = Draft(revision, facts, now, actor)
    known = facts.case(f"{facts.round.id}.{kind}.{unit}")
    if known is None:
        case_id = draft.add(kind, unit, parent, payload)
    elif known.state == "withdrawn":
        case_id = draft.reopen(known, described.first, Deadline(), payload).id
    else:
        text = f"{unit} har redan ett ärende i omgången: {known.id}."
        raise Refused(text, reasons=(Reason("there_already", text, text),))
    return case_id, announce(draft)


# ---- steps of a decision ---------------------------------------------------------------


def check_version(case: CaseFact, command: Command) -> None:
    """See that a case is as the person saw it.

    Raises: Stale.
    """
    expected = command.expected_version
    if expected is not None and expected != case.version:
        raise Stale(
            f"{case.id} har ändrats sedan du såg det: version {case.version}, inte {expected}.",
            f"{case.id} has changed since you saw it: version {case.version}, not {expected}.",
            current={"case": case.id, "state": case.state, "version": case.version},
        )


def _find_move(machine: CaseMachine, case: CaseFact, key: str) -> Move:
    """Find a transition in the state the case stands in.

    Raises: Refused when it belongs to another state, NotFound when to none.
    """
    move = machine.options(case.state).get(key)
    if move:
        return move
    current = {"case": case.id, "state": case.state, "version": case.version}
    if any(key in machine.options(state) for state in machine.kind.state):
        known = machine.kind.state.get(case.state)
        ends = {**machine.kind.ends, **{end: BUILT_IN_ENDS[end]["sv"] for end in BUILT_IN_ENDS}}
        where = known.title if known else ends[case.state]
        sv = f"Det går inte nu: {case.id} står i ”{where}”."
        en = f'Not now: {case.id} stands in "{where}".'
        raise Refused(sv, en, reasons=(Reason("wrong_state", sv, en),), current=current)
    there = ", ".join(machine.options(case.state)) or "inget, ärendet är avslutat"
    raise NotFound(
        f"{case.id} har ingen övergång ”{key}”. Här finns: {there}.",
        f'{case.id} has no transition "{key}". There is: {there}.',
        current=current,
    )


def as_one_acts(situation: Situation, move: Move) -> Situation:
    """Settle whether a person acts as themselves or for somebody they stand in for: of
    several, the first whom no rule stops."""
    if not situation.actor.stands_in_for:
        return situation
    ways = [replace(situation, actor=one) for one in ways_to_act(situation.actor, situation.place)]
    if len(ways) == 1:
        return ways[0]
    return next((way for way in ways if not move.reasons(way)), ways[0])


def _refusal(reasons: Sequence[Reason]) -> Refused:
    right = any(reason.code == "no_right" for reason in reasons)
    return (NoRight if right else Refused)(*in_words(reasons), reasons=reasons)


def _enough_signatures(situation: Situation, task: TaskFact) -> bool:
    amount, place = situation.transition.signatures, situation.place
    if amount == 1 or place is None:
        return True
    signers = situation.facts.signers(task.id, situation.key)
    role = situation.revision.definition.role[place.role]
    total = max(role.holders, len(situation.facts.holders((place,))[place]))
    return len(signers) + 1 >= phrases.needed(amount, total)


def _signed(situation: Situation, task: TaskFact, command: Command) -> Decision:
    """Keep a signature, with what was filled in and answered: others sign for it too."""
    case_id, inputs, actor = situation.case.id, situation.inputs, situation.actor
    signer = actor.on_behalf_of or actor.person
    entry = EntryDraft(
        kind=EntryKind.SIGNED,
        case=case_id,
        transition=command.transition,
        from_state=situation.case.state,
        to_state=situation.case.state,
        actor=actor.person,
        on_behalf_of=actor.on_behalf_of,
        payload=_payload(situation, command),
    )
    return Decision(
        entries=(entry,),
        signed=(
            task.id,
            command.transition,
            signer,
            None if actor.on_behalf_of is None else actor.person,
        ),
        answers={(case_id, number): text for number, text in inputs.answers.items() if text},
        sheets=situation.changed,
        open_cases=situation.facts.round.open_cases,
    )


def _carry_out(situation: Situation, command: Command, state: str) -> Decision:
    """Make the move that the machine has allowed, with all that came along."""
    inputs, transition, case = situation.inputs, situation.transition, situation.case
    draft = Draft(situation.revision, situation.facts, situation.now, situation.actor)
    draft.chosen = inputs.choose
    draft.acting = (case.id, command.transition)
    deadline = Deadline(due=transition.due, on=inputs.due_on)
    if inputs.questions and not transition.reopens:
        draft.returned.add(case.id)
    moved = draft.move(
        case,
        command.transition,
        KINDS.get(command.transition, EntryKind.TRANSITION),
        to=state,
        deadline=deadline,
        payload=_payload(situation, command),
    )
    picked = returning.picked(situation)
    asked = [c.id for c in returning.deepest(picked)] if transition.reopens else [case.id]
    words = {"questions": list(inputs.questions)} if inputs.questions else {}
    for child in picked:
        told = words if child.id in asked else {}
        draft.reopen(child, transition.reopens[child.kind], deadline, told)
    returning.check_after(draft, situation, moved, picked)
    decision = announce(
        draft,
        comment=command.comment,
        questions=_numbered(situation.facts, asked, inputs.questions),
        answers={(case.id, number): text for number, text in inputs.answers.items() if text},
        sheets=situation.changed,
    )
    return replace(decision, begins=begun_by(situation)) if transition.begins else decision


def _payload(situation: Situation, command: Command) -> dict[str, object]:
    told = told_of(situation.revision.definition, situation.facts, situation.changed)
    return (
        given.payload(command.comment, situation.inputs)
        | ({"sheets": told} if told else {})
        | _met(situation)
    )


def _met(situation: Situation) -> dict[str, object]:
    """Give how many of how many were present, where the step demands a quorum."""
    present = situation.inputs.decision.get("present")
    met = meeting_of(situation) if "quorum" in situation.transition.guards else None
    if met is None or not isinstance(present, int):
        return {}
    return {"quorum": {"present": present, "members": len(met.members), "needed": met.needed}}


def _numbered(
    facts: Facts, cases: Iterable[str], texts: Sequence[str]
) -> dict[str, tuple[QuestionFact, ...]]:
    if not texts:
        return {}
    return {
        case_id: tuple(
            QuestionFact(number=number, text=text)
            for number, text in enumerate(texts, start=1 + len(facts.questions(case_id)))
        )
        for case_id in cases
    }


# ---- adding a unit ---------------------------------------------------------------------


def _parent_for(revision: Revision, facts: Facts, unit: str) -> tuple[str, CaseFact]:
    """Find the kind of case a unit gets, and the case that waits for it right now.

    Raises: Refused.
    """
    definition = revision.definition
    line = facts.line(unit)
    for kind in definition.case.values():
        if line[0].kind not in kind.per:
            continue
        for above in definition.case.values():
            for state in above.state.values():
                if kind.key not in state.opens:
                    continue
                for step in line:
                    parent = _case_of(facts, above, step.key)
                    if parent and parent.state == state.key:
                        return kind.key, parent
    sv = f"Inget ärende väntar just nu på {line[0].name}. Steget är stängt, eller inte öppnat än."
    en = f"No case waits for {line[0].name} now. The step is closed, or not open yet."
    raise Refused(sv, en, reasons=(Reason("not_open", sv, en),))


def _case_of(facts: Facts, kind: Case, unit: str) -> CaseFact | None:
    return facts.case(f"{facts.round.id}.{kind.key}" + (f".{unit}" if kind.per else ""))
