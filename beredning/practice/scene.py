"""What is arranged in the demo besides what people do by themselves.

When the round is shown, a few days past the last day of the underlag, somebody is away
and has a substitute, one post is vacant, one underlag was sent back with questions, one
chief asks for more days, and a mail has come back. It is all done with the verbs that
people and the operator use.
"""

import csv
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Final

from beredning.practice.players import Part
from beredning.practice.playing import Play
from notifications.bounce import Bounce, Recipient, Verdict
from workflow.core import plan
from workflow.core.facts import TaskFact, Via
from workflow.service import acts, extending, views
from workflow.service.mail import bouncing
from workflow.service.people import organisation, substituting
from workflow.service.people.substituting import Appointment
from workflow.service.world import ZONE
from workflow.store import rounds

__all__ = ["SMALLEST", "STAGES", "Scene", "Stage", "Units"]

SMALLEST: Final = 8
"""So many units are needed for each trouble to have its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What has to be known of a process to arrange troubles for its units."""

    case: str
    draft: str
    """The state in which a unit writes."""
    handed_in: str
    sends_back: str
    """The transition from `handed_in` back to `draft`, with questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """When a process is shown, and what is arranged in it."""

    year: int
    milestone: str
    """It is shown some days after its last day."""
    days: int
    """Working days."""
    units: Units | None = None
    """Without, nothing is arranged: people do what they do by themselves."""


STAGES: Final = {
    "prioritering": Stage(
        year=2027,
        milestone="grundarbete",
        days=3,
        units=Units(case="underlag", draft="utkast", handed_in="inlamnat", sends_back="aterlamna"),
    ),
    "strategisk_plan": Stage(year=2027, milestone="faststalls", days=75),
    "strukturplan": Stage(year=2027, milestone="genomlysning", days=4),
    "verkstallighetsplan": Stage(year=2027, milestone="tertial_1", days=12),
    "fempunktsprogram": Stage(year=2026, milestone="klartecken", days=70),
    "narmare_kronobergaren": Stage(year=2026, milestone="faststalld", days=160),
}
"""When each of the processes is shown in its demo."""

QUESTIONS: Final = (
    "Hur många patienter om året berörs av rad 1?",
    "Vart ska patienterna vända sig i stället?",
)
ASKS: Final = (
    "Två av oss har varit borta i influensa. Siffrorna för sista halvåret kommer på måndag."
)
ADDRESS_GONE: Final = "550 5.1.1 User unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Troubles:
    """Which case has which trouble."""

    away: str
    stands_in: str
    """The one whose chief is the substitute."""
    vacant: str
    returned: str
    asks: str
    bounced: str


class Scene:
    """The arrangements of one demo, from its opening to the morning when it is shown."""

    def __init__(self, play: Play, stage: Stage) -> None:
        self._play = play
        self._stage = stage
        with play.world.database.read() as connection:
            days = rounds.list_milestones(connection, play.round_id)
        last = next(one["due_at"] for one in days if one["key"] == stage.milestone)
        due_on = plan.due_on(last, ZONE)
        self._last = due_on if plan.is_working_day(due_on) else plan.working_day_before(due_on)
        self.shown_on = plan.add_working_days(self._last, stage.days)
        """The day in whose morning the demo begins."""
        self._troubles: _Troubles | None = None
        self._quick: frozenset[str] = frozenset()
        """Cases of the unit above that is done when the demo begins."""

    def after(self, today: date) -> None:
        """Do what is arranged for the end of a day."""
        if self._stage.units is None:
            return
        if self._troubles is None:
            self._choose()
            return
        troubles = self._troubles
        self._keep_waiting(troubles.returned, self._units.handed_in)
        if today >= plan.add_working_days(self._last, -12):
            self._hurry(today)
        if today == plan.add_working_days(self._last, -8):
            self._stand_in(troubles)
        elif today == plan.add_working_days(self._last, -6):
            self._leave(troubles.vacant)
        elif today == plan.add_working_days(self._last, 1):
            self._bounce(troubles.bounced)
        elif today == plan.add_working_days(self._last, 2):
            self._send_back(troubles.returned)
            self._ask(troubles.asks)

    @property
    def _units(self) -> Units:
        if self._stage.units is None:
            raise LookupError(self._stage.milestone)
        return self._stage.units

    def _choose(self) -> None:
        """Choose who has which trouble, once everybody has something in mind."""
        cast = self._play.cast
        if cast.silent is None:
            return
        self._quick = self._first_to_be_done()
        taken = {cast.silent, cast.sent_back, *self._quick}
        free = [one.case for one in self._tasks() if one.case not in taken]
        names = self._play.chance.sample(free, 6)
        self._troubles = _Troubles(
            away=names[0],
            stands_in=names[1],
            vacant=names[2],
            returned=names[3],
            asks=names[4],
            bounced=names[5],
        )
        for case, days in (
            (names[0], 7),
            (names[1], -5),
            (names[2], 9),
            (names[3], -2),
            (names[4], 8),
            (names[5], 5),
        ):
            self._plan(case, plan.add_working_days(self._last, days))

    def _first_to_be_done(self) -> frozenset[str]:
        """Choose the cases of one unit above, if there are several and enough others."""
        with self._play.world.database.read() as connection:
            cases = rounds.list_cases(connection, self._play.round_id)
        below: dict[str | None, list[str]] = {}
        for case in cases:
            if case.kind == self._units.case:
                below.setdefault(case.parent, []).append(case.id)
        strange = {self._play.cast.silent, self._play.cast.sent_back}
        fit = [one for one in below.values() if not strange.intersection(one)]
        fewest = min(fit, key=len, default=[])
        return frozenset(fewest if len(self._tasks()) - len(fewest) >= SMALLEST else [])

    def _hurry(self, today: date) -> None:
        """Let those who are to be done do their part."""
        soon = plan.add_working_days(today, 1)
        for part in self._parts():
            if part.case in self._quick and part.on > soon:
                self._play.cast.parts[part.task] = replace(part, on=soon)

    def _keep_waiting(self, case: str, state: str) -> None:
        """Let nobody but us do what is next in a case."""
        if any(one.case == case and one.state == state for one in self._tasks(state)):
            self._plan(case, plan.add_working_days(self.shown_on, 1))

    def _plan(self, case: str, on: date) -> None:
        for part in self._parts():
            if part.case == case:
                self._play.cast.parts[part.task] = replace(part, on=on)

    def _parts(self) -> list[Part]:
        return list(self._play.cast.parts.values())

    def _tasks(self, state: str | None = None) -> list[TaskFact]:
        """Give the open tasks of units in a state, else in their first."""
        wanted = (self._units.case, state or self._units.draft)
        with self._play.world.database.read() as connection:
            found = rounds.list_open_tasks(connection, round_id=self._play.round_id)
        tasks = [one for _, one in found if (one.case.split(".")[1], one.state) == wanted]
        return sorted(tasks, key=lambda one: one.id)

    def _holder(self, case: str) -> str:
        """Give the address of who has a case now."""
        (task,) = views.task_list(self._play.world, case=case)
        return str(task["holders"][0])

    # ---- the troubles ------------------------------------------------------------------

    def _stand_in(self, troubles: _Troubles) -> None:
        person = self._holder(troubles.away)
        wish = Appointment(
            person=person,
            by=self._holder(troubles.stands_in),
            from_on=plan.add_working_days(self._last, -4),
            to_on=plan.add_working_days(self.shown_on, 3),
        )
        substituting.appoint(self._play.world, wish, email=person)

    def _leave(self, case: str) -> None:
        """Let a chief leave their post; the organisation's files say so."""
        email = self._holder(case)
        unit = case.split(".")[2]
        folder = self._play.out / "org"
        later = copytree(folder, folder.with_name("org-utan-en-chef"))
        _remove_grant(later / "grants.csv", email, unit)
        operator = replace(self._play.world, via=Via.COMMAND)
        organisation.bring_in(operator, later, end_missing=True)

    def _bounce(self, case: str) -> None:
        """Let the last mail to somebody come back."""
        email = self._holder(case)
        sent = [one for one in views.message_list(self._play.world, "sent") if one["to"] == email]
        mail = sent[-1]["message_id"]
        answer = Recipient(
            addresses=(email,), verdict=Verdict.FAILED, status="5.1.1", answer=ADDRESS_GONE
        )
        returned = Bounce(verdict=Verdict.FAILED, message_ids=(mail,), recipients=(answer,))
        bouncing.take_in(self._play.by_itself or self._play.world, returned)

    def _send_back(self, case: str) -> None:
        (task,) = views.task_list(self._play.world, case=case)
        wish = acts.Wish(
            case=case,
            transition=self._units.sends_back,
            email=str(task["holders"][0]),
            data={"questions": list(QUESTIONS)},
        )
        acts.act(self._play.world, wish)

    def _ask(self, case: str) -> None:
        (task,) = views.task_list(self._play.world, case=case)
        until = plan.add_working_days(self.shown_on, 3)
        email = str(task["holders"][0])
        extending.ask(self._play.world, str(task["task"]), until, reason=ASKS, email=email)


def _remove_grant(file: Path, email: str, unit: str) -> None:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    with file.open("w", encoding="utf-8", newline="") as opened:
        kept = (row for row in rows if (row[0], row[2]) != (email, unit))
        csv.writer(opened, lineterminator="\n").writerows(kept)
