"""What everybody may see whom a report reaches: the roles that a kind of case names."""

from collections.abc import Callable, Iterator

from workflow.core.definition import Case, Definition
from workflow.core.facts import CaseFact
from workflow.service.reading.rounds.board import Board

__all__ = ["Known", "known_to_all", "named_roles"]

Known = Callable[[CaseFact], bool]
"""Says whether a case may be told of by name."""


def known_to_all(board: Board, kind: Case) -> Known:
    """Give what says whether all that a kind of case reaches see another case, whatever unit
    of theirs they are at: by seeing all, or since it is everybody's."""
    definition = board.course.definition
    all_see = all(_sees_all(definition, role) for role in named_roles(kind))
    return lambda case: all_see or case.parent is None


def named_roles(kind: Case) -> frozenset[str]:
    """Give the roles that write, approve or are told of a kind of case."""
    return frozenset(_named(kind))


def _named(kind: Case) -> Iterator[str]:
    yield from kind.tells
    for state in kind.state.values():
        yield from state.by or ()
        yield from state.helpers
        yield from state.tells
        for transition in state.transition.values():
            yield from transition.by or ()


def _sees_all(definition: Definition, key: str) -> bool:
    if key in (definition.leader, definition.registrar, definition.auditor):
        return True
    role = definition.role[key]
    if role.sees == "all" and not role.external:
        return True
    return role.sees == "below" and definition.top in role.at and len(role.at) == 1
