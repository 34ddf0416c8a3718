"""How many have answered in secret, for the mails about a case once the answers are counted."""

from workflow.core.facts import CaseFact
from workflow.core.polls import secret_in
from workflow.service.desks import Desk
from workflow.store.counting import counted_in

__all__ = ["response_in"]


def response_in(desk: Desk, case: CaseFact) -> tuple[int, int] | None:
    """Give how many of how many had answered when it was last counted; None while it is open,
    and for a case where nobody answers in secret."""
    states = desk.definition.case[case.kind].state
    if secret_in(desk.definition, states.get(case.state)):
        return None
    if not any(secret_in(desk.definition, state) for state in states.values()):
        return None
    told = list(counted_in(desk.connection, case.id).values())
    return (told[-1]["answered"], told[-1]["asked"]) if told else None
