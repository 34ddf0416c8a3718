"""A whole year played in seconds, from its opening to its end, in a folder of its own.

Chance is seeded, so that the same seed gives the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from beredning.clock import seeded
from beredning.practice.players import Cast
from beredning.practice.playing import SENDER, Day, Play
from workflow.core import plan
from workflow.core.definition import Definition
from workflow.core.errors import BadInput
from workflow.core.facts import Via
from workflow.core.revision import Revision
from workflow.service import opening, views
from workflow.service.people import organisation
from workflow.service.running import evidence, installation
from workflow.service.world import ZONE, World
from workflow.store.database import Database

__all__ = ["Result", "Setting", "begin", "simulate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a simulated year is played with."""

    year: int
    org: Path
    """Folder of the organisation's files."""
    out: Path
    """Folder that gets `rehearsal.db`, `mail/*.eml` and `timeline.jsonl`."""
    late: float = 0.1
    """The share of units' tasks that are done too late."""
    seed: int = 1
    reference: str = ""
    """The round's, in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How the year went."""

    round: str
    seconds: float
    transitions: int
    mails: int
    final_state: str
    final_title: str
    verdict: Any
    late: list[dict[str, Any]]


def simulate(
    revision: Revision, setting: Setting, watch: Callable[[Day], None] = lambda _: None
) -> Result:
    """Play a round from its opening to its end, in a database of its own.

    `watch` is told of every day.

    Raises: BadInput when the folder holds a rehearsal already, or the organisation does
    not fit; Refused when the definition needs what this release does not run.
    """
    began = perf_counter()
    file = setting.out / "rehearsal.db"
    if file.exists():
        raise BadInput(
            f"{file} finns redan. Ange en annan mapp (--out), eller ta bort den.",
            f"{file} exists. Give another folder (--out), or remove it.",
        )
    (setting.out / "mail").mkdir(parents=True, exist_ok=True)
    play = begin(revision, setting, file)
    for day in play.days():
        watch(day)
    _finish(play)
    state = views.round_view(play.world, play.round_id)["state"]
    kind = revision.definition.root
    result = Result(
        round=play.round_id,
        seconds=perf_counter() - began,
        transitions=play.transitions,
        mails=play.mails,
        final_state=state,
        final_title=kind.ends.get(state, state),
        verdict=evidence.prove(play.world),
        late=views.late_list(play.world, play.round_id),
    )
    play.loop.close()
    play.world.database.close()
    return result


def begin(revision: Revision, setting: Setting, file: Path) -> Play:
    """Make a rehearsal with its organisation, and open the round.

    Raises: BadInput, Refused; see `simulate`.
    """
    chance, salt = seeded(setting.seed)
    opened_at = _opening(revision.definition, setting.year)
    at = [opened_at]
    database = Database(f"sqlite:///{file}")
    made = installation.install(
        database, clock=lambda _: at[0], salt=salt, rehearsal=True, os_user=None
    )
    world = World(
        database=database,
        clock=lambda _: at[0],
        salt=salt,
        via=Via.COMMAND,
        installation=made.name,
        rehearsal=True,
        sender_domain=SENDER.rpartition("@")[2].rstrip(">"),
    )
    organisation.bring_in(world, setting.org)
    round_id = opening.open_round(world, revision, year=setting.year, reference=setting.reference)[
        "round"
    ]
    cast = Cast(definition=revision.definition, chance=chance, late=setting.late)
    return Play(
        world=world,
        revision=revision,
        round_id=round_id,
        out=setting.out,
        cast=cast,
        chance=chance,
        at=at,
    )


def _opening(definition: Definition, year: int) -> datetime:
    """Give the instant a round is opened at: five weeks before the first of its plan."""
    days = plan.milestone_days(definition, "", year)
    known = [first for first, _ in days.values() if first]
    first = min(known, default=date(year, 1, 1))
    opening = plan.roll(first - timedelta(weeks=5), "working_day_after")
    return plan.wall_time(opening, time(8, 0), ZONE)


def _finish(play: Play) -> None:
    play.post()
    play.world.set_clock(play.at[0])
    lines = views.timeline(play.world, play.round_id)
    with (play.out / "timeline.jsonl").open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
