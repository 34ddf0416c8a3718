"""What is filled in and answered, saved without handing it on.

Whoever owes a case, or helps with it, saves what they have so far: rows of its tables and
answers to its questions. The case stays where it is and nobody is told. What is saved may
be incomplete, never unreadable. An entry tells of the rows that changed and no others.
"""

from workflow.core import inputs as given
from workflow.core.contributing import working_places
from workflow.core.definition import Definition, State
from workflow.core.editing import changes
from workflow.core.engine import check_version
from workflow.core.errors import BadInput, NoRight, NotFound, Reason, in_words, refused
from workflow.core.facts import (
    Actor,
    CaseFact,
    Command,
    Decision,
    EntryDraft,
    EntryKind,
    Facts,
    Inputs,
)
from workflow.core.polls import told_of
from workflow.core.revision import Revision
from workflow.core.standing_in import acting_at

__all__ = ["keep", "who_writes"]


def keep(revision: Revision, facts: Facts, command: Command) -> Decision:
    """Save the rows and answers that came along; a decision without entries changes nothing.

    The command's transition is not looked at.

    Raises: NotFound, Stale; NoRight, or Refused when the case has ended; BadInput.
    """
    case = facts.case(command.case)
    if case is None:
        raise NotFound(f"Det finns inget ärende {command.case}.", f"No case {command.case}.")
    check_version(case, command)
    state = revision.definition.case[case.kind].state.get(case.state)
    if state is None:
        sv = "Ärendet är avslutat, så inget i det kan ändras."
        raise refused("ended", sv, "The case has ended, so nothing in it can be changed.")
    actor = who_writes(revision.definition, facts, case, command.actor)
    if actor is None:
        raise _no_right(revision, facts, case)
    inputs = given.read(revision.definition, state, command)
    changed = changes(revision.definition, facts, case, actor, inputs)
    answers = _changed_answers(facts, case, state, inputs)
    told: dict[str, object] = {
        "sheets": told_of(revision.definition, facts, changed),
        "answers": {str(number): text for number, text in answers.items()},
    }
    entry = EntryDraft(
        kind=EntryKind.SAVED,
        case=case.id,
        actor=actor.person,
        on_behalf_of=actor.on_behalf_of,
        payload={key: value for key, value in told.items() if value},
    )
    return Decision(
        entries=(entry,) if changed or answers else (),
        sheets=changed,
        answers={(case.id, number): text for number, text in answers.items()},
        open_cases=facts.round.open_cases,
    )


# ---- who -------------------------------------------------------------------------------


def who_writes(definition: Definition, facts: Facts, case: CaseFact, actor: Actor) -> Actor | None:
    """Give a person as they fill in a case: owing it, else helping; None when they do neither."""
    ways = (acting_at(actor, place) for place in working_places(definition, facts, case))
    return next((way for way in ways if way), None)


def _no_right(revision: Revision, facts: Facts, case: CaseFact) -> NoRight:
    there = list(working_places(revision.definition, facts, case))
    sv, en = "Det här fylls inte i av någon just nu.", "Nobody fills this in now."
    if there:
        role, unit = revision.definition.role[there[0].role], facts.line(there[0].unit)[0].name
        sv = f"Det fyller den i som är {revision.title(role, 'sv').lower()} för {unit}."
        en = f"That is filled in by the {revision.title(role, 'en').lower()} of {unit}."
    return NoRight(sv, en, reasons=(Reason("no_right", sv, en),))


# ---- what ------------------------------------------------------------------------------


def _changed_answers(facts: Facts, case: CaseFact, state: State, inputs: Inputs) -> dict[int, str]:
    """Give the answers that are new or other than before.

    Raises: BadInput for an answer that cannot be given.
    """
    wrong = list(given.wrong_answers(facts, case, state, inputs.answers))
    if wrong:
        raise BadInput(*in_words(wrong), reasons=wrong)
    before = {question.number: question.answer or "" for question in facts.questions(case.id)}
    return {n: text for n, text in inputs.answers.items() if text != before[n]}
