"""What a body decided in a case above another, as values for the sentences of the minutes."""

from collections.abc import Iterator

from workflow.core.definition import State, Table
from workflow.core.facts import CaseFact, SheetKey
from workflow.core.minutes_text import Item, MinutesFacts
from workflow.core.ordering import naming_column
from workflow.service.reading.cases.columns import hidden_columns
from workflow.service.reading.lists.conflicts import noted_conflicts
from workflow.service.reading.lists.decided import Decided, decided_in
from workflow.service.seeing import Seen
from workflow.store import deeds
from workflow.store.deeds import Deed

__all__ = ["read_decision"]


def read_decision(seen: Seen, case: CaseFact) -> MinutesFacts | None:
    """Read the last decision in the nearest case above one in which a body has decided, as
    far as somebody reads it; None when there is none."""
    above = seen.facts.case(case.parent) if case.parent else None
    while above is not None:
        decided = decided_in(seen.connection, above.id)
        if decided is not None:
            return _of(seen, above, decided) if seen.sight.reads(above) else None
        above = seen.facts.case(above.parent) if above.parent else None
    return None


def _of(seen: Seen, case: CaseFact, decided: Decided) -> MinutesFacts | None:
    made = deeds.deeds(seen.connection, case.id)
    deed = next((one for one in made if one.number == decided.entry), None)
    state = seen.definition.case[case.kind].state.get(deed.from_state or "") if deed else None
    if deed is None or state is None:
        return None
    tables = [seen.definition.table[key] for key in state.edits]
    return MinutesFacts(
        body=_body(seen, state),
        what=seen.desk.title_of(case),
        outcome=_outcome(seen, case, deed, state),
        day=decided.day,
        paragraph=decided.paragraph,
        present=decided.present,
        members=decided.members,
        votes_for=decided.votes_for,
        votes_against=decided.votes_against,
        abstained=decided.abstained,
        reservations=decided.reservations,
        items=tuple(one for table in tables for one in _items(seen, case, table)),
        conflicts=tuple(
            one.sentence
            for table in tables
            if table.from_
            for one in noted_conflicts(seen, case, table)
        ),
    )


def _body(seen: Seen, state: State) -> str:
    body = seen.definition.body.get(state.body or "")
    return seen.revision.title(body, seen.desk.language) if body else ""


def _outcome(seen: Seen, case: CaseFact, deed: Deed, state: State) -> str:
    transition = state.transition.get(deed.transition or "")
    if transition is None:
        return seen.desk.state_name(case.kind, deed.to_state or case.state)
    return seen.desk.button_title(transition.key, transition)


def _items(seen: Seen, case: CaseFact, table: Table) -> Iterator[Item]:
    """Give the rows of a list by what its first scale says of each, in the scale's order."""
    hidden = hidden_columns(seen, table)
    scales = seen.definition.scale
    column = next((one for one in table.column.values() if one.type in scales), None)
    naming = naming_column(seen.definition, table)
    if not table.from_ or table.each or column is None or naming is None:
        return
    if {column.key, naming.key} & hidden:
        return
    rows = seen.facts.sheet(SheetKey(case.id, table.key))
    cells = seen.facts.shown(rows, seen.definition.chain(table.key))
    found: dict[str, list[str]] = {key: [] for key in scales[str(column.type)].levels}
    for at, (row, shows) in enumerate(zip(rows, cells, strict=True), start=1):
        name = str(shows.get(naming.key) or at)
        found.setdefault(str(row.cells.get(column.key) or ""), []).append(name)
    scale = scales[str(column.type)]
    for key, names in found.items():
        if names:
            own = scale.levels.get(key, "")
            title = seen.revision.text(scale.path_of(key), own, seen.desk.language) if own else ""
            yield Item(outcome=title, names=tuple(names))
