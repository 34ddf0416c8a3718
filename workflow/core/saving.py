"""What is filled in and answered, saved without handing it on.

Whoever owes a case, or helps with it, saves what they have so far: rows of its tables and
answers to its questions. The case stays where it is and nobody is told. What is saved may
be incomplete, never unreadable. An entry tells of the rows that changed and no others.
"""

from collections.abc import Mapping, Sequence

from workflow.core import inputs as given
from workflow.core.contributing import working_places
from workflow.core.definition import Definition, State
from workflow.core.engine import check_version
from workflow.core.errors import BadInput, NoRight, NotFound, Reason, refused
from workflow.core.facts import (
    Actor,
    CaseFact,
    Command,
    Decision,
    EntryDraft,
    EntryKind,
    Facts,
    Inputs,
    Row,
)
from workflow.core.revision import Revision
from workflow.core.standing_in import acting_at

__all__ = ["changed_rows", "follow", "keep", "who_writes"]


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
    rows = {
        table: new for table, new in inputs.rows.items() if [*new] != [*facts.rows(case.id, table)]
    }
    answers = _changed_answers(facts, case, state, inputs)
    told: dict[str, object] = {
        "changed": {
            table: changed_rows(facts.rows(case.id, table), new) for table, new in rows.items()
        },
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
        entries=(entry,) if rows or answers else (),
        rows={(case.id, table): new for table, new in rows.items()},
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
        sv, en = " ".join(one.sv for one in wrong), " ".join(one.en for one in wrong)
        raise BadInput(sv, en, reasons=wrong)
    before = {question.number: question.answer or "" for question in facts.questions(case.id)}
    return {n: text for n, text in inputs.answers.items() if text != before[n]}


def changed_rows(before: Sequence[Row], after: Sequence[Row]) -> dict[str, object]:
    """Tell how rows changed: how many there are now, and those that are new or other."""
    there = len(before)
    other = {
        str(place): dict(row)
        for place, row in enumerate(after, start=1)
        if place > there or before[place - 1] != row
    }
    return {"count": len(after), "rows": other}


def follow(
    tables: Mapping[str, Sequence[Row]], payload: Mapping[str, object]
) -> dict[str, list[Row]]:
    """Give the tables of a case as they stand after an entry; of a payload of our own."""
    after = {table: list(rows) for table, rows in tables.items()}
    whole, changed = payload.get("rows"), payload.get("changed")
    if isinstance(whole, dict):
        after |= {table: list(rows) for table, rows in whole.items()}
    for table, told in changed.items() if isinstance(changed, dict) else ():
        rows = after.get(table, [])[: told["count"]]
        rows += [{} for _ in range(told["count"] - len(rows))]
        for place, row in told["rows"].items():
            rows[int(place) - 1] = row
        after[table] = rows
    return after
