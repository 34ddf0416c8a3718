"""The texts that are suggested beside fields: made of the round rather than of a row.

They are never set by themselves. They stand in the process's language, since what is written
from them does.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from workflow.core.columns import hidden_from
from workflow.core.definition import Case, Column, Definition, Table
from workflow.core.facts import CaseFact
from workflow.core.minutes_text import minutes_text
from workflow.core.situation import Situation
from workflow.core.situation_text import situation_text
from workflow.core.suggesting import BUILT_IN
from workflow.service.reading.cases.pointing import elsewhere
from workflow.service.reading.rounds.board import Board, read_board
from workflow.service.reading.situation.audience import known_to_all
from workflow.service.reading.situation.decision import read_decision
from workflow.service.reading.situation.span import span_of
from workflow.service.reading.situation.values import read_situation
from workflow.service.seeing import Seen

__all__ = [
    "MOST",
    "in_own_language",
    "is_reporting",
    "offers_in",
    "reporting_kinds",
    "situation_in",
]

MOST: Final = 20_000
"""Characters of a suggestion."""


def offers_in(seen: Seen, case: CaseFact) -> Mapping[str, str]:
    """Give what is suggested beside the fields of the forms that a case fills in now, by
    `TABLE.COLUMN`; nothing where nothing can be."""
    state = seen.definition.case[case.kind].state.get(case.state)
    own, found = in_own_language(seen), {}
    for key in state.edits if state else ():
        table = seen.definition.table[key]
        for column in table.column.values() if table.form else ():
            if column.suggest in BUILT_IN and (text := _offer(own, case, table, column)):
                whole = text if column.type == "long_text" else " ".join(text.split())
                found[f"{key}.{column.key}"] = whole[:MOST]
    return found


def in_own_language(seen: Seen) -> Seen:
    """Look at the same in the process's own language."""
    return replace(seen, desk=replace(seen.desk, language=seen.definition.language))


def _offer(seen: Seen, case: CaseFact, table: Table, column: Column) -> str:
    language = seen.desk.language
    if column.suggest == "progress":
        return situation_text(situation_in(read_board(seen), case), language)
    if column.suggest == "minutes":
        decision = read_decision(seen, case)
        return minutes_text(decision, language) if decision else ""
    return _previous(seen, case, table, column)


def situation_in(board: Board, case: CaseFact) -> Situation:
    """Read the situation as a case reports it: to all whom its kind reaches."""
    known = known_to_all(board, board.course.definition.case[case.kind])
    return read_situation(board, span_of(board, case), known, without=reporting_kinds(board))


def reporting_kinds(board: Board) -> frozenset[str]:
    """Give the kinds of case that report how it goes: they are not told of themselves."""
    definition = board.course.definition
    return frozenset(
        kind.key
        for kind in definition.case.values()
        if kind.key != board.root.kind and is_reporting(definition, kind)
    )


def is_reporting(definition: Definition, kind: Case) -> bool:
    """Say whether a kind of case writes how it goes with the round."""
    tables = (definition.table[key] for state in kind.state.values() for key in state.edits)
    return any(one.suggest == "progress" for table in tables for one in table.column.values())


def _previous(seen: Seen, case: CaseFact, table: Table, column: Column) -> str:
    """Give the text of the same column in the latest case of the same kind and unit of the
    round before, where somebody reads it; of several, that of the last."""
    before = seen.facts.previous_rows(case.unit, table.key)
    for origin, row in reversed(before):
        there = elsewhere(seen, origin.case)
        text = str(row.cells.get(column.key) or "")
        if there is None or not text or table.key not in there[0].table:
            continue
        definition, facts = there
        then = facts.case(origin.case)
        hidden = hidden_from(definition, facts, definition.table[table.key], seen.actor)
        if then is not None and then.kind == case.kind and column.key not in hidden:
            return text
    return ""
