"""A round that is played: the same verbs as people use, on a clock that is put forward.

Every day begins at the hour of the reminders: what is due is done and the mails are
written. Then, on working days, invented people act, each at their minute, and mails go
out again. Chance is given, so that the same chance gives the same days.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from beredning.clock import Chance
from beredning.practice.filling import (
    AtHand,
    invented_assessments,
    invented_edits,
    invented_rows,
    is_laid_out,
)
from beredning.practice.lines import PLAIN, Lines, pick
from beredning.practice.needing import open_what_is_needed
from beredning.practice.players import Cast, Part, at_minute, ways_of
from notifications.deliver import FolderSender
from notifications.post import Writer, deliver, writer
from workflow.core import plan
from workflow.core.columns import POINTING
from workflow.core.conflicts import meeting
from workflow.core.copies import compile_of, has_handed_in
from workflow.core.definition import Definition, State, Table
from workflow.core.errors import BadInput, Refused
from workflow.core.extension import answerers
from workflow.core.facts import CaseFact, SheetKey
from workflow.core.references import choices
from workflow.core.revision import Revision
from workflow.service import acts, attaching, clockwork, extending, saving, views
from workflow.service.attaching import FileWish, Limits
from workflow.service.world import ZONE, World
from workflow.store import rounds as stored
from workflow.store.database import Connection
from workflow.store.extensions import open_requests
from workflow.store.facts import StoredFacts, read_round
from workflow.store.links import links_of
from workflow.store.people import find_person, people_by_id

__all__ = ["BASE_URL", "SENDER", "Day", "Morning", "Play"]

WAIT_DAYS: Final = 1000
"""A year that has not ended after so many days without anything planned has stopped."""
SENDER: Final = "Beredning <beredning@region.example>"
BASE_URL: Final = "http://localhost:8000"
COMES_ALONG: Final = {"complete", "questions", "check"}
"""Why something cannot be done yet that comes along when it is."""
ROOM: Final = Limits(file_bytes=1_000_000, case_bytes=100_000_000)
"""As much as invented people ever attach."""
DAY_BEGINS: Final = time(7, 30)
DAY_ENDS: Final = time(17, 0)


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
class Morning:
    """What came by itself when a day began."""

    reminders: int
    mails: int


@dataclass(slots=True)
class Play:
    """A round that is being played."""

    world: World
    revision: Revision
    round_id: str
    out: Path
    """Mails are laid in its folder `mail`."""
    cast: Cast
    chance: Chance
    at: list[datetime]
    """Where the clock stands; a list, so that the world can look at it."""
    by_itself: World | None = None
    """The world in which time does its part; None when it is the same."""
    keep: Callable[[datetime], None] = lambda _: None
    """Is told where the clock was put, for a world that looks elsewhere."""
    write: Writer = field(default_factory=lambda: writer(base_url=BASE_URL, sender=SENDER))
    lines: Lines = PLAIN
    """What the invented people say."""
    loop: asyncio.Runner = field(default_factory=asyncio.Runner)
    """Mails are sent in it."""
    themselves: frozenset[str] = frozenset()
    """Addresses of those who act for themselves: nothing is done for them."""
    transitions: int = 0
    mails: int = 0
    happened: list[str] = field(default_factory=list)

    @property
    def definition(self) -> Definition:
        """The process."""
        return self.revision.definition

    def post(self) -> int:
        """Write the mails that are due."""
        done = self.loop.run(deliver(self.world, self.write, FolderSender(self.out / "mail")))
        sent = done["sent"]
        self.mails += sent
        return sent

    def days(self) -> Iterator[Day]:
        """Play day by day until the round is closed.

        Raises: BadInput when nobody has had anything to do for years.
        """
        today = plan.local_day(self.at[0], ZONE)
        idle = 0
        while not self.closed():
            day = self._day(today)
            idle = 0 if day.acts or day.reminders or day.mails else idle + 1
            if idle > WAIT_DAYS:
                raise BadInput(f"Omgången stannade {today}: ingen har något att göra.")
            yield day
            today += timedelta(days=1)

    def closed(self) -> bool:
        """Say whether the round is over."""
        with self.world.database.read() as connection:
            return all(read_round(connection, one).closed_at for one in self.parts(connection))

    def parts(self, connection: Connection) -> list[str]:
        """Give the round, and those of its own kind that it has begun as parts of a whole; what
        comes after it is another story."""
        found = [self.round_id]
        if not any(one.begins for one in ways_of(self.definition)):
            return found
        for known in found:  # grows as it goes
            _, after = links_of(connection, known)
            facts = [read_round(connection, one.round) for one in after]
            same = [one.id for one in facts if one.plan and one.process == self.definition.key]
            found += [one for one in same if one not in found]
        return found

    def _day(self, today: date) -> Day:
        self.happened = []
        began = self.morning(today)
        acted, mails = self.work(today)
        done, total = self._progress()
        return Day(
            on=today,
            happened=tuple(self.happened),
            acts=acted,
            reminders=began.reminders,
            mails=began.mails + mails,
            done=done,
            total=total,
        )

    def morning(self, today: date) -> Morning:
        """Let a day begin: what is due is done, the mails of the day go out."""
        self.put(plan.wall_time(today, DAY_BEGINS, ZONE))
        ticked = clockwork.tick(self.by_itself or self.world)
        return Morning(reminders=ticked["reminders"], mails=self.post())

    def work(self, today: date) -> tuple[int, int]:
        """Let everybody do what they have in mind for a day; gives acts and mails."""
        if not plan.is_working_day(today):
            return 0, 0
        self.cast.take(self._open_tasks(), today)
        acted = self._answer_requests(today)
        acted += open_what_is_needed(self, today)
        for part in self.cast.due(today):
            acted += self._play(part, today)
        self.put(plan.wall_time(today, DAY_ENDS, ZONE))
        return acted, self.post()

    def put(self, at: datetime) -> None:
        """Put the clock; it never goes back."""
        self.at[0] = max(at, self.at[0])
        self.keep(self.at[0])

    def _open_tasks(self) -> list[Any]:
        with self.world.database.read() as connection:
            found = [
                task
                for one in self.parts(connection)
                for _, task in stored.list_open_tasks(connection, round_id=one)
            ]
        return sorted(found, key=lambda task: task.id)

    def _progress(self) -> tuple[int, int]:
        with self.world.database.read() as connection:
            parts = self.parts(connection)
            cases = [case for one in parts for case in stored.list_cases(connection, one)]
        return sum(1 for case in cases if case.ended_at), len(cases)

    # ---- one person's part ------------------------------------------------------------

    def _play(self, part: Part, today: date) -> int:
        self.put(at_minute(today, part.minute, ZONE))
        found = [t for t in views.task_list(self.world, case=part.case) if t["task"] == part.task]
        if found and self.themselves.intersection(found[0]["holders"]):
            return 0
        del self.cast.parts[part.task]
        if not found:
            return 0
        task = found[0]
        if part.case == self.cast.silent or self._is_vacant(task):
            return self._silence(part, task, today)
        state = self.definition.case[task["kind"]].state[task["state"]]
        able = [one for one in task["transitions"] if self._could(one)]
        key = self.cast.choose(part, state, task["kind"], able)
        if key is None:
            return 0
        return self.press(part, task, state, key, today)

    def _is_vacant(self, task: Mapping[str, Any]) -> bool:
        """Say whether nobody can do it, so that it will have to be carried as missing."""
        kind = self.definition.case[task["kind"]]
        return not task["holders"] and kind.missing_by != "nobody" and task["state"] == kind.first

    @staticmethod
    def _could(option: Mapping[str, Any]) -> bool:
        """What only lacks something to be filled in can be done: it comes along."""
        return option["allowed"] or set(option["codes"]) <= COMES_ALONG

    def press(
        self, part: Part, task: Mapping[str, Any], state: State, key: str, today: date
    ) -> int:
        transition = state.transition[key]
        data: dict[str, Any] = {}
        fills_in = "complete" in transition.guards and transition.by is None
        if fills_in:
            self._attach(part.case, state, task["holders"])
            hand = self._at_hand(part.case, today)
            data["rows"] = invented_rows(
                self.definition, state, self.chance, today, self.lines, hand
            )
        if "date" in transition.asks:
            data["due_on"] = plan.add_working_days(today, 10).isoformat()
        if "questions" in transition.asks:
            data["questions"] = [pick(self.chance, self.lines.questions)]
        elif transition.by is None:
            data["answers"] = self._answers(part.case)
        if transition.reopens:
            data["pick"] = self._pick(part.case, transition.reopens)
        comment = pick(self.chance, self.lines.reasons) if "comment" in transition.asks else ""
        if "quorum" in transition.guards:
            data["decision"] = {"present": self._members(part.case, state, today)}
        done = 0
        for email in task["holders"]:
            if fills_in:
                data["edits"] = self._edits(part.case, state, email, today)
                self._explain(part.case, state, email)
            wish = acts.Wish(
                case=part.case, transition=key, email=email, comment=comment, data=data
            )
            done += self._try(wish)
            if done and transition.signatures == 1:
                break
        if done:
            self.cast.note(part.case, key)
            self._tell(task, transition.title)
        return done

    def _members(self, case_id: str, state: State, today: date) -> int:
        """Count the members of the body whose step it is: nobody is away."""
        with self.world.database.read() as connection:
            facts = StoredFacts(connection, read_round(connection, _round_of(case_id)), today)
            case = facts.case(case_id)
            met = meeting(self.definition, facts, case, state) if case else None
            return len(met.members) if met else 0

    def _edits(
        self, case_id: str, state: State, email: str, today: date
    ) -> dict[str, list[list[Any]]]:
        """Fill in what the rows that are there lack, and somebody's own copies."""
        tables = [self.definition.table[key] for key in state.edits]
        there = [one for one in tables if is_laid_out(one) or one.each]
        with self.world.database.read() as connection:
            facts = StoredFacts(connection, read_round(connection, _round_of(case_id)), today)
            case, person = facts.case(case_id), find_person(connection, email)
            if case is None or has_handed_in(self.definition, facts, case, person.id):
                return {}
            fill = partial(self._edits_of, facts, case, person.id, today)
            return {table.key: [*fill(table), *self._whys(table)] for table in there}

    def _explain(self, case_id: str, state: State, email: str) -> None:
        """Say why in the tables whose rows come whole: reasons come by themselves."""
        tables = [self.definition.table[key] for key in state.edits]
        whole = [one for one in tables if not (is_laid_out(one) or one.each)]
        edits = {table.key: whys for table in whole if (whys := self._whys(table))}
        if edits:
            wish = acts.Wish(case=case_id, transition="", email=email, data={"edits": edits})
            saving.save(self.world, wish)

    def _whys(self, table: Table) -> list[list[Any]]:
        """Say why, wherever a check of a table asks for it."""
        asked = [one.key for one in table.check.values() if one.otherwise == "ask"]
        return [["why", key, pick(self.chance, self.lines.differs)] for key in asked]

    def _edits_of(
        self, facts: StoredFacts, case: CaseFact, person: int, today: date, table: Table
    ) -> list[list[Any]]:
        if table.each and not table.from_:
            return self._own_copy(facts, SheetKey(case.id, table.key, person), table, today)
        if table.each:
            sources = facts.sources(compile_of(self.definition, case, table.key))
            own = {row.origin for row in facts.sheet(SheetKey(case.id, table.key, person))}
            left = [one for one in sources if one.origin not in own]
            return invented_assessments(self.definition, table, left, self.chance)
        rows = facts.sheet(SheetKey(case.id, table.key))
        shown = facts.shown(rows, self.definition.chain(table.key))
        numbered = [(row.number, cells) for row, cells in zip(rows, shown, strict=True)]
        hand = self._hand_in(facts, case.id)
        return invented_edits(self.definition, table, numbered, self.chance, today, hand)

    def _own_copy(
        self, facts: StoredFacts, key: SheetKey, table: Table, today: date
    ) -> list[list[Any]]:
        """Fill in the one row of somebody's own form."""
        if facts.sheet(key):
            return []
        hand = self._hand_in(facts, key.case)
        made = invented_edits(self.definition, table, [(0, {})], self.chance, today, hand)
        return [["add", None, cells] for _, _, _, cells in made]

    def _at_hand(self, case_id: str, today: date) -> AtHand:
        """Give what people have before them when they fill in the tables of a case."""
        with self.world.database.read() as connection:
            facts = StoredFacts(connection, read_round(connection, _round_of(case_id)), today)
            found = {
                (table.key, column.key): sorted(
                    choices(facts, self.definition, SheetKey(case_id, table.key), column)
                )
                for table in self.definition.table.values()
                for column in table.column.values()
                if column.type in POINTING
            }
        year = facts.round.year
        return AtHand(year=year, choices=lambda table, one: found.get((table.key, one.key), ()))

    def _hand_in(self, facts: StoredFacts, case_id: str) -> AtHand:
        """Give the same while the database is being asked anyway."""
        return AtHand(
            year=facts.round.year,
            choices=lambda table, one: sorted(
                choices(facts, self.definition, SheetKey(case_id, table.key), one)
            ),
        )

    def _attach(self, case_id: str, state: State, holders: Sequence[str]) -> None:
        """Attach a file where one has to be pointed at and none is there."""
        tables = [self.definition.table[key] for key in state.edits]
        if not any(one.type == "file" for table in tables for one in table.column.values()):
            return
        wish = FileWish(
            case=case_id, name="pahittad.txt", content=self.lines.file.encode(), email=holders[0]
        )
        attaching.attach(self.world, wish, ROOM)

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
        return {str(number): pick(self.chance, self.lines.answers) for number in open_to}

    def _pick(self, case_id: str, reopens: Mapping[str, str]) -> list[str]:
        with self.world.database.read() as connection:
            cases = stored.list_cases(connection, _round_of(case_id))
        last = list(reopens)[-1]
        ended = sorted(c.id for c in cases if c.kind == last and c.ended_at and c.id != case_id)
        return [self.chance.choice(ended)] if ended else []

    def _answer_requests(self, today: date) -> int:
        """Let whoever is asked for more days grant them."""
        asked = []
        with self.world.database.read() as connection:
            for one in open_requests(connection).values():
                fact = read_round(connection, _round_of(one.task))
                facts = StoredFacts(connection, fact, today)
                task = facts.task(one.task.rpartition("#")[0])
                if task is not None and task.id == one.task:
                    able = answerers(self.definition, facts, task, one.by)
                    known = people_by_id(connection, able)
                    asked.append((one.task, [known[person].email for person in able]))
        return sum(self._grant(task, emails) for task, emails in asked)

    def _grant(self, task: str, emails: Sequence[str]) -> int:
        if not emails or self.themselves.intersection(emails):
            return 0
        extending.grant(self.world, task, None, reason=self.lines.granted, email=emails[0])
        return 1

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
        for email in views.emails_of(self.world, _round_of(part.case), leader):
            if email in self.themselves:
                continue
            wish = acts.Wish(
                case=part.case, transition="missing", email=email, comment=self.lines.missing
            )
            if self._try(wish):
                self.happened.append(f"{task['title']}: utebliven")
                return 1
        return 0


def _round_of(case_id: str) -> str:
    """Give the round of a case, or of a task."""
    return case_id.partition(".")[0]
