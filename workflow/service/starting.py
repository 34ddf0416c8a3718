"""Somebody opens one more case of a kind that comes when it is needed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from workflow.core import engine
from workflow.core.errors import NotFound, refused
from workflow.core.facts import SeriesFact
from workflow.service.acts import Wish, answered, keep_answer, kept_refusals
from workflow.service.people.standing_in import who_acts
from workflow.service.resting import check_awake
from workflow.service.seeing import Seen, nothing_there, see_case
from workflow.service.turn import begin_turn
from workflow.service.world import World
from workflow.store.database import Connection
from workflow.store.facts import lock_round_of
from workflow.store.save import save
from workflow.store.series import series_of_round

__all__ = ["Opening", "open_one", "openings", "read_opening"]

OPEN: Final = "open"
"""What refusals and repeated requests call it, where others have a transition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A kind of case that somebody may open one more of, below a case."""

    parent: str
    parent_title: str
    kind: str
    title: str
    """Of the kind, e.g. "Förslag"."""
    help: str
    units: tuple[tuple[str, str], ...]
    """Key and name of the units it may be for, in the organisation's order."""


def openings(seen: Seen) -> Iterator[Opening]:
    """Give what somebody may open in a round, in the order of the definition."""
    fact = seen.facts.round
    needed = any(kind.opened_by for kind in seen.definition.case.values())
    if not needed or fact.closed_at is not None or fact.paused_at is not None:
        return
    kinds = list(seen.definition.case)
    found = series_of_round(seen.connection, seen.facts.round.id)
    for series in sorted(found, key=lambda one: (kinds.index(one.kind), one.case)):
        kind = seen.definition.case[series.kind]
        if not kind.opened_by:
            continue
        units = engine.may_open(seen.revision, seen.facts, series, seen.actor)
        if units:
            own = seen.revision.text(f"{kind.path}.help", kind.help or "", seen.desk.language)
            parent = seen.facts.case(series.case)
            yield Opening(
                parent=series.case,
                parent_title=seen.desk.title_of(parent) if parent else series.case,
                kind=series.kind,
                title=seen.desk.kind_title(series.kind),
                help=own,
                units=tuple((unit, seen.desk.unit_name(unit)) for unit in units),
            )


def read_opening(world: World, email: str, case_id: str, kind: str) -> Opening:
    """Give what somebody may open below a case.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen, case = see_case(world, connection, case_id, email)
        for one in openings(seen):
            if (one.parent, one.kind) == (case.id, kind):
                return one
    raise nothing_there()


def open_one(world: World, wish: Wish, kind: str, unit: str | None) -> dict[str, Any]:
    """Open one more case of a kind below a case: {case, kind, unit, repeated}.

    `wish.case` is the case it opens below, `wish.comment` why. Without a unit it is for
    the one unit there is.

    Raises: NotFound, NoRight, Refused, BadInput; Locked, StoreError.
    """
    asked = replace(wish, transition=f"{OPEN}:{kind}", data={"unit": unit})
    with kept_refusals(world, asked), world.database.write() as connection:
        return _open(world, connection, asked, kind, unit)


def _open(
    world: World, connection: Connection, wish: Wish, kind: str, unit: str | None
) -> dict[str, Any]:
    locked = lock_round_of(connection, wish.case)
    if locked is None:
        raise nothing_there()
    known = answered(connection, wish)
    if known:
        return known
    check_awake(connection, locked.fact)
    turn = begin_turn(world, connection, locked, world.now(connection))
    actor = who_acts(world, connection, wish.email, wish.on_behalf_of, turn.now)
    series = turn.facts.series(wish.case).get(kind)
    if series is None or not turn.definition.case[kind].opened_by:
        raise NotFound(
            f"Under {wish.case} öppnas inga ärenden av slaget {kind}.",
            f"No cases of the kind {kind} are opened below {wish.case}.",
        )
    may = engine.may_open(turn.revision, turn.facts, series, actor)
    chosen = unit or _only(series, list(may))
    payload = {"comment": wish.comment} if wish.comment.strip() else {}
    case_id, decision = engine.open_one(
        turn.revision, turn.facts, series, chosen, actor, turn.now, payload
    )
    save(connection, locked, decision, turn.stamp, actor=actor.person)
    answer = {"case": case_id, "kind": kind, "unit": chosen}
    return keep_answer(connection, wish, answer, turn.now)


def _only(series: SeriesFact, units: list[str]) -> str:
    """Give the one unit that a case may be for; any where there is none, to be refused.

    Raises: Refused when there are several.
    """
    if len(units) > 1:
        raise refused(
            "which_unit",
            f"Välj vilken enhet det gäller: {', '.join(units)}.",
            f"Choose which unit it is for: {', '.join(units)}.",
        )
    return units[0] if units else series.case
