"""One state machine per kind of case, shared by all its cases.

The machine is made by `transitions` from the definition and is the only thing
that says which state a case comes to. Its condition on each transition asks the
rules and leaves their reasons on the probe, so that a no is never bare. The table
that pages and lists are made from is compiled from the same machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from transitions import EventData, Machine

from workflow.core.definition import Case, Definition, Transition
from workflow.core.errors import Reason
from workflow.core.guards import RULES, Guard, Situation, after_its_date, guard_of, has_right
from workflow.core.revision import Revision

__all__ = [
    "AT_DUE",
    "MISSING",
    "NEXT",
    "WITHDRAW",
    "WITHDRAWN",
    "CaseMachine",
    "Move",
    "machine_of",
    "reopen",
]

NEXT: Final = "next"
AT_DUE: Final = "at_due"
MISSING: Final = "missing"
WITHDRAW: Final = "withdraw"
WITHDRAWN: Final = "withdrawn"


def reopen(state: str) -> str:
    """Give the trigger that takes an ended case back to a state."""
    return f"reopen.{state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a person may want to do with a case in a state."""

    key: str
    transition: Transition
    guards: tuple[Guard, ...]

    def reasons(self, situation: Situation) -> list[Reason]:
        """Give every reason why it cannot be done now; none means it can."""
        return [reason for guard in self.guards for reason in guard(situation)]


class Probe:
    """What the machine moves: a state, and the situation that its conditions ask."""

    __slots__ = ("reasons", "situation", "state")

    def __init__(self, state: str, situation: Situation | None = None) -> None:
        self.state = state
        self.situation = situation
        self.reasons: list[Reason] = []


class CaseMachine:
    """The machine of one kind of case."""

    def __init__(self, definition: Definition, kind: Case) -> None:
        self.kind = kind
        self.ends = frozenset((*kind.ends, MISSING, WITHDRAWN))
        moves = {state: dict(self._moves(definition, kind, state)) for state in kind.state}
        self._machine = Machine(
            model=None,
            states=[*kind.state, *kind.ends, MISSING, WITHDRAWN],
            initial=kind.first,
            transitions=list(self._lines(kind, moves)),
            auto_transitions=False,
            send_event=True,
        )
        self._options = self._compile(moves)

    @staticmethod
    def _moves(definition: Definition, kind: Case, state: str) -> Any:
        for key, transition in kind.state[state].transition.items():
            named = tuple(guard_of(name) for name in transition.guards)
            yield key, Move(key=key, transition=transition, guards=(*RULES, *named))
        for key, title, to, by, guards in (
            (MISSING, "Bär som utebliven", MISSING, kind.missing_by, (has_right, after_its_date)),
            (WITHDRAW, "Dra tillbaka", WITHDRAWN, kind.withdraw_by, (has_right,)),
        ):
            role = by or definition.leader
            if role and role != "nobody":
                built_in = Transition(title=title, to=to, by=(role,), asks=("comment",))
                yield key, Move(key=key, transition=built_in, guards=guards)

    @staticmethod
    def _lines(kind: Case, moves: Mapping[str, Mapping[str, Move]]) -> Any:
        def line(trigger: str, source: str, dest: str, move: Move | None = None) -> dict[str, Any]:
            def allowed(event: EventData) -> bool:
                probe = cast(Probe, event.model)
                if move is not None and probe.situation is not None:
                    probe.reasons = move.reasons(probe.situation)
                return not probe.reasons

            return {"trigger": trigger, "source": source, "dest": dest, "conditions": [allowed]}

        for source, state in kind.state.items():
            for key, move in moves[source].items():
                yield line(key, source, move.transition.to, move)
            for trigger, dest in ((NEXT, state.next), (AT_DUE, state.at_due)):
                if dest:
                    yield line(trigger, source, dest)
            for trigger, dest in ((MISSING, MISSING), (WITHDRAW, WITHDRAWN)):
                if trigger not in moves[source]:
                    yield line(trigger, source, dest)
            for end in (*kind.ends, MISSING, WITHDRAWN):
                yield line(reopen(source), end, source)

    def _compile(self, moves: Mapping[str, Mapping[str, Move]]) -> Mapping[str, Mapping[str, Move]]:
        """Make the table of what a person may do per state from the machine itself."""
        events = self._machine.events
        return {
            state: {
                key: move
                for key, move in moves[state].items()
                if any(t.dest == move.transition.to for t in events[key].transitions[state])
            }
            for state in self.kind.state
        }

    def options(self, state: str) -> Mapping[str, Move]:
        """Give what a person may want to do in a state, in the order of the buttons."""
        return self._options.get(state, {})

    def fire(
        self, trigger: str, state: str, situation: Situation | None = None
    ) -> tuple[str, list[Reason]]:
        """Move from a state. Gives the state come to, and the reasons when it is the same.

        Without a situation no rule is asked: the case is moved by its children, by
        the clock, or along with its parent.

        Raises: transitions.MachineError when the trigger does not lead from the state.
        """
        probe = Probe(state, situation)
        self._machine.events[trigger].trigger(probe)
        return probe.state, probe.reasons


@lru_cache(maxsize=512)
def machine_of(revision: Revision, kind: str) -> CaseMachine:
    """Give the one machine of a kind of case in a revision."""
    return CaseMachine(revision.definition, revision.definition.case[kind])
