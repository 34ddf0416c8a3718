"""A whole year played in seconds: the same verbs, on a clock that is put forward.

Every working day the clock stands at the hour of the reminders: what is due is
done and the mails are written. Then people act, each at their minute, and mails
go out again. Chance is seeded, so that the same seed gives the same bytes.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from beredning.clock import Chance, seeded
from beredning.players import Cast, Part, at_minute, invented_rows
from notifications.deliver import FolderSender
from notifications.post import deliver, writer
from workflow.core import plan
from workflow.core.definition import Definition, State
from workflow.core.errors import BadInput, Refused
from workflow.core.facts import Via
from workflow.core.revision import Revision
from workflow.service import acts, clockwork, evidence, installation, opening, organisation, views
from workflow.service.world import ZONE, World
from workflow.store import rounds as stored
from workflow.store.database import Database

__all__ = ["Day", "Play", "Result", "Setting", "simulate"]

WAIT_DAYS = 1000
"""A year that has not ended after so many days without anything planned has stopped."""
SENDER = "Beredning <beredning@region.example>"
BASE_URL = "http://localhost:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one day brought."""

    on: date
    happened: tuple[str, ...]
    """What the round itself did, in words; units' doings are counted."""
    acts: int
    reminders: int
    mails: int
    done: int
    """How many cases of the round have ended."""
    total: int


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


@dataclass(slots=True)
class Play:
    """A simulated year under way."""

    world: World
    revision: Revision
    round_id: str
    out: Path
    cast: Cast
    chance: Chance
    at: list[datetime]
    """Where the clock stands; a list, so that the world can look at it."""
    loop: asyncio.Runner = field(default_factory=asyncio.Runner)
    """Mails are sent in it."""
    transitions: int = 0
    mails: int = 0
    happened: list[str] = field(default_factory=list)

    @property
    def definition(self) -> Definition:
        """The process."""
        return self.revision.definition

    def post(self) -> int:
        """Write the mails that are due."""
        write = writer(base_url=BASE_URL, sender=SENDER)
        done = self.loop.run(deliver(self.world, write, FolderSender(self.out / "mail")))
        sent = done["sent"]
        self.mails += sent
        return sent

    def days(self) -> Iterator[Day]:
        """Play day by day until the round is closed."""
        today = plan.local_day(self.at[0], ZONE)
        idle = 0
        while not self._closed():
            day = self._day(today)
            idle = 0 if day.acts or day.reminders or day.mails else idle + 1
            if idle > WAIT_DAYS:
                raise BadInput(f"Omgången stannade {today}: ingen har något att göra.")
            yield day
            today += timedelta(days=1)

    def _closed(self) -> bool:
        with self.world.database.read() as connection:
            row = stored.list_rounds(connection, self.at[0], only=self.round_id)[0]
        return row["closed_at"] is not None

    def _day(self, today: date) -> Day:
        self.happened = []
        self._put(plan.wall_time(today, time(7, 30), ZONE))
        ticked = clockwork.tick(self.world)
        mails = self.post()
        acted = 0
        if plan.is_working_day(today):
            self.cast.take(self._open_tasks(), today)
            for part in self.cast.due(today):
                acted += self._play(part, today)
            self._put(plan.wall_time(today, time(17, 0), ZONE))
            mails += self.post()
        done, total = self._progress()
        return Day(
            on=today,
            happened=tuple(self.happened),
            acts=acted,
            reminders=ticked["reminders"],
            mails=mails,
            done=done,
            total=total,
        )

    def _put(self, at: datetime) -> None:
        self.at[0] = max(at, self.at[0])

    def _open_tasks(self) -> list[Any]:
        with self.world.database.read() as connection:
            found = stored.list_open_tasks(connection, round_id=self.round_id)
        return sorted((task for _, task in found), key=lambda task: task.id)

    def _progress(self) -> tuple[int, int]:
        with self.world.database.read() as connection:
            cases = stored.list_cases(connection, self.round_id)
        return sum(1 for case in cases if case.ended_at), len(cases)

    # ---- one person's part ------------------------------------------------------------

    def _play(self, part: Part, today: date) -> int:
        del self.cast.parts[part.task]
        self._put(at_minute(today, part.minute, ZONE))
        found = [t for t in views.task_list(self.world, case=part.case) if t["task"] == part.task]
        if not found:
            return 0
        task = found[0]
        if part.case == self.cast.silent:
            return self._silence(part, task, today)
        state = self.definition.case[task["kind"]].state[task["state"]]
        able = [one for one in task["transitions"] if self._could(one)]
        key = self.cast.choose(part.case, state, task["kind"], able)
        if key is None:
            return 0
        return self._press(part, task, state, key, today)

    @staticmethod
    def _could(option: Mapping[str, Any]) -> bool:
        """What only lacks something to be filled in can be done: it comes along."""
        return option["allowed"] or set(option["codes"]) <= {"complete", "questions"}

    def _press(
        self, part: Part, task: Mapping[str, Any], state: State, key: str, today: date
    ) -> int:
        transition = state.transition[key]
        data: dict[str, Any] = {}
        if "complete" in transition.guards:
            data["rows"] = invented_rows(self.definition, state, self.chance, today)
        if "date" in transition.asks:
            data["due_on"] = plan.add_working_days(today, 10).isoformat()
        if "questions" in transition.asks:
            data["questions"] = ["Påhittad fråga: hur många patienter berörs?"]
        else:
            data["answers"] = self._answers(part.case)
        if transition.reopens:
            data["pick"] = self._pick(part.case, transition.reopens)
        comment = "Påhittat skäl." if "comment" in transition.asks else ""
        for email in task["holders"]:
            wish = acts.Wish(
                case=part.case, transition=key, email=email, comment=comment, data=data
            )
            if self._try(wish):
                self._tell(task, transition.title)
                return 1
        return 0

    def _try(self, wish: acts.Wish) -> bool:
        try:
            acts.act(self.world, wish)
        except Refused:  # separation of duties, a signature given: another holder may
            return False
        self.transitions += 1
        return True

    def _tell(self, task: Mapping[str, Any], title: str) -> None:
        if not self.definition.case[task["kind"]].per:
            self.happened.append(f"{task['title']}: {title}")

    def _answers(self, case_id: str) -> dict[str, str]:
        open_to = views.open_questions(self.world, case_id)
        return {str(number): "Påhittat svar." for number in open_to}

    def _pick(self, case_id: str, reopens: Mapping[str, str]) -> list[str]:
        with self.world.database.read() as connection:
            cases = stored.list_cases(connection, self.round_id)
        last = list(reopens)[-1]
        ended = sorted(c.id for c in cases if c.kind == last and c.ended_at and c.id != case_id)
        return [self.chance.choice(ended)] if ended else []

    def _silence(self, part: Part, task: Mapping[str, Any], today: date) -> int:
        """Nothing comes; once the last day is well past, the leader carries it as missing."""
        patience = plan.due_on(task["due_at"], ZONE) if task["due_at"] else today
        if today < plan.add_working_days(patience, 6):
            later = max(plan.add_working_days(patience, 6), plan.add_working_days(today, 1))
            self.cast.parts[part.task] = Part(
                on=later, minute=part.minute, task=part.task, case=part.case
            )
            return 0
        leader = self.definition.case[task["kind"]].missing_by or self.definition.leader
        for email in views.emails_of(self.world, self.round_id, leader):
            wish = acts.Wish(
                case=part.case, transition="missing", email=email, comment="Påhittat: inget kom."
            )
            if self._try(wish):
                self.happened.append(f"{task['title']}: utebliven")
                return 1
        return 0


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
    play = _begin(revision, setting, file)
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


def _begin(revision: Revision, setting: Setting, file: Path) -> Play:
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
    round_id = opening.open_round(world, revision, year=setting.year)["round"]
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
