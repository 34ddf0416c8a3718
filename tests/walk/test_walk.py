"""The real engine and store do what the model says, wherever people and time go."""

import tomllib
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.support.clock import START, Clock
from tests.support.definitions import revision_of
from tests.support.organisation import PEOPLE, UNITS, email, write_organisation
from tests.support.worlds import open_world
from tests.walk.definition import HELD, TEXT
from tests.walk.model import Model
from tests.walk.settings import settings_for
from workflow.core.errors import NoRight, NotFound, Refused, Stale, WorkflowError
from workflow.service import clockwork, leading, moving, opening, views
from workflow.service.acts import Wish, act
from workflow.service.running import evidence
from workflow.store.tables import Case, Entry, Join, Message, Round, Task

YEAR = 2010
ROUND = f"prov-{YEAR}"
ROOT = f"{ROUND}.omgang"
ROWS = {"rader": [{"atgard": "Röntgen"}]}
BUSY = [name for name in PEOPLE if name not in ("sara", "jana", "jon")]
FORWARD = ("lamna_in", "godkann", "lamna", "b")
BACK = ("aterlamna", "komplettera", "ned", "ta_tillbaka", "tillbaka")
WAYS_TO_END = ("missing", "withdraw")


def codes_of(error):
    """Give why something was turned down, as the model says it."""
    if isinstance(error, Refused) and error.reasons:
        return {reason.code for reason in error.reasons}
    return {error.code}


class Walk(RuleBasedStateMachine):
    """Somebody does something, again and again, to the real thing and to the model."""

    def __init__(self, database, folder):
        super().__init__()
        self.database = database
        self.clock = Clock(START)
        self.world = open_world(database, folder, self.clock)
        opening.open_round(self.world, revision_of(TEXT, head=""), year=YEAR)
        self.model = Model(tomllib.loads(TEXT), UNITS, HELD, ROUND)
        self.model.open("omgang", "alv", None, self.clock.now)
        self.requests = []
        self.changed = True

    def teardown(self):
        """Let the next walk have its own."""
        self.database.close()

    # ---- asking ---------------------------------------------------------------------

    def possible(self):
        """Give what could be done now: case, transition, person."""
        known = {"rows": True, "answers": True}
        return [
            (card, key, name)
            for card, key, name, codes in self.model.wishes(BUSY, self.clock.now, **known)
            if not codes and not (card.id == ROOT and key in WAYS_TO_END)
        ]

    def wish(self, data, card, key, name):
        """Make up what comes along. Gives the wish, and what the model has to know of it."""
        move = self.model.moves(card).get(key, {})
        sent, told = {}, {}
        if key == "lamna_in" and card.state == "utkast" and data.draw(st.integers(0, 4)):
            sent["rows"], told["rows"] = ROWS, True
        open_numbers = views.open_questions(self.world, card.id)
        if open_numbers and data.draw(st.integers(0, 4)):
            sent["answers"] = {str(number): "Svar." for number in open_numbers}
            told["answers"] = True
        if picks := self.model.picks(card, move):
            pick = data.draw(st.sampled_from(picks))
            sent["pick"], told["pick"] = [pick.id], pick
        if "date" in move.get("asks", ()):
            on = self.clock.now.date() + timedelta(days=data.draw(st.integers(1, 40)))
            sent["due_on"], told["due_on"] = on.isoformat(), on
        if "questions" in move.get("asks", ()):
            sent["questions"] = ["Hur många?"]
        comment = "Skäl." if "comment" in move.get("asks", ()) else ""
        wish = Wish(case=card.id, transition=key, email=email(name), comment=comment, data=sent,
                    version=card.version, request_id=f"begäran-{len(self.requests)}")  # fmt: skip
        return wish, told

    def look(self, card):
        """Each who owes a case is shown what the model says they may, and why not else."""
        for name in self.model.held.get(card.owner, ()):
            (task,) = views.task_list(self.world, email=email(name), case=card.id)
            shown = {one["key"]: set(one["codes"]) for one in task["transitions"]}

            assert shown == {
                key: self.model.why_not(card, key, name, self.clock.now, wondering=True)
                for key in self.model.moves(card)
            }

    def do(self, data, card, key, name):
        """Wish for something and see that the answer is the model's."""
        self.look(card)
        wish, told = self.wish(data, card, key, name)
        asked = {word: told.get(word, False) for word in ("rows", "answers")}
        expected = self.model.why_not(card, key, name, self.clock.now, **asked)
        before = card.state
        try:
            answer = act(self.world, wish)
        except WorkflowError as error:
            assert expected == codes_of(error)
            return
        assert set() == expected
        self.model.act(card, key, name, self.clock.now, **told)
        self.requests.append((wish, answer))
        assert (before, card.version, False) == (
            answer["from"],
            answer["version"],
            answer["repeated"],
        )
        self.changed = True

    # ---- doing ----------------------------------------------------------------------

    @initialize(data=st.data(), ahead=st.integers(0, 20))
    def begin(self, data, ahead):
        """The assignment is given, and people have come some way with it."""
        self.model.act(self.model.cards[ROOT], "borja", "lena", self.clock.now)
        act(self.world, Wish(case=ROOT, transition="borja", email=email("lena")))
        for _ in range(ahead):
            self.one_of(data, FORWARD)

    def one_of(self, data, keys):
        """Let somebody make one of some transitions, where anybody may."""
        possible = [one for one in self.possible() if one[1] in keys]
        if possible:
            self.do(data, *data.draw(st.sampled_from(possible)))

    @rule(data=st.data(), times=st.integers(1, 5), back=st.booleans())
    def act_on(self, data, times, back):
        """People carry their cases on for a while; perhaps something comes back after that."""
        for _ in range(times):
            self.one_of(data, FORWARD)
        if back:
            self.one_of(data, BACK)

    @precondition(lambda self: self.possible())
    @rule(data=st.data())
    def act_as_one_may(self, data):
        """Somebody does what they may: one of the transitions first, then who and where."""
        keys = sorted({key for _, key, _ in self.possible()})
        self.one_of(data, [data.draw(st.sampled_from(keys))])

    @rule(data=st.data())
    def act_as_one_may_not(self, data):
        """Somebody tries what a single rule forbids: one of the rules first, then who and what."""
        forbidden = {}
        for *wish, codes in self.model.wishes(PEOPLE, self.clock.now, rows=True):
            if len(codes) == 1:
                forbidden.setdefault(*codes, []).append(wish)
        if forbidden:
            code = data.draw(st.sampled_from(sorted(forbidden)))
            self.do(data, *data.draw(st.sampled_from(forbidden[code])))

    @rule(data=st.data(), name=st.sampled_from(PEOPLE))
    def act_anyhow(self, data, name):
        """Somebody tries anything: any case, any transition, whoever they are."""
        card = data.draw(st.sampled_from(list(self.model.cards.values())))
        states = self.model.data["case"][card.kind]["state"].values()
        keys = sorted({key for one in states for key in one.get("transition", {})})
        key = data.draw(st.sampled_from([*keys, *WAYS_TO_END, "flyga"]))
        calls_off = card.id == ROOT and key in WAYS_TO_END
        move = self.model.moves(card).get(key, {})
        if not calls_off and ("reopens" not in move or self.model.picks(card, move)):
            self.do(data, card, key, name)

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def repeat(self, data):
        """A repeated request gives the first answer; its id is good for nothing else."""
        wish, answer = data.draw(st.sampled_from(self.requests))

        assert {**answer, "repeated": True} == act(self.world, wish)
        other = Wish(case=wish.case, transition=wish.transition, email=wish.email,
                     comment="Annat.", request_id=wish.request_id)  # fmt: skip
        with pytest.raises(Refused):
            act(self.world, other)

    @rule(data=st.data())
    def come_too_late(self, data):
        """Who saw an earlier version is told so, and changes nothing."""
        card = data.draw(st.sampled_from(list(self.model.cards.values())))
        wish = Wish(case=card.id, transition="missing", email=email("lena"), comment="Skäl.",
                    version=card.version - 1)  # fmt: skip

        with pytest.raises(Stale) as caught:
            act(self.world, wish)
        assert card.version == caught.value.current["version"]

    @rule(unit=st.sampled_from([one.key for one in UNITS]), name=st.sampled_from(["lena", "nora"]))
    def add(self, unit, name):
        """The leader adds a unit, or another tries to."""
        done = all(card.ended for card in self.model.cards.values())
        expected = "closed" if done else None if name == "lena" else "no_right"
        if expected is None:
            expected = self.model.add(unit, self.clock.now)
        try:
            leading.add_unit(self.world, ROUND, unit, reason="Skäl.", email=email(name))
        except (Refused, NotFound) as error:
            assert {expected} == codes_of(error)
        else:
            assert expected is None
            self.changed = True

    @rule(key=st.sampled_from(["inne", "klart"]), days=st.integers(0, 120),
          name=st.sampled_from(["lena", "lena", "nora"]))  # fmt: skip
    def move_milestone(self, key, days, name):
        """The leader moves a date, and the open deadlines with it."""
        day = date(YEAR - 1, 1, 20) + timedelta(days=days)
        done = all(card.ended for card in self.model.cards.values())
        expected = Refused if done else None if name == "lena" else NoRight
        with pytest.raises(expected) if expected else nullcontext():
            moving.move_milestone(self.world, ROUND, key, day, reason="Skäl.", email=email(name))
        if expected is None:
            self.model.move_milestone(key, day, self.clock.now)
            self.changed = True

    @rule(hours=st.integers(1, 24 * 20))
    def tick(self, hours):
        """Time passes, much or little, and the clock is looked at."""
        self.clock.forward(hours=hours)
        clockwork.tick(self.world)
        self.model.tick(self.clock.now)
        self.changed = True

    @precondition(lambda self: len(self.requests) > 12)
    @rule(way=st.sampled_from(WAYS_TO_END), sure=st.integers(0, 4))
    def cancel(self, way, sure):
        """The leader, who now and then means it, calls the whole round off."""
        root = self.model.cards[ROOT]
        if sure == 0 and not self.model.why_not(root, way, "lena", self.clock.now):
            act(self.world, Wish(case=ROOT, transition=way, email=email("lena"), comment="Slut."))
            self.model.act(root, way, "lena", self.clock.now)
            self.changed = True

    # ---- what always holds -----------------------------------------------------------

    @invariant()
    def the_same_as_the_model(self):
        """States, versions, tasks and counts are the model's."""
        with self.database.read() as connection:
            cases = {row.id: row for row in connection.execute(select(Case.__table__))}
            tasks = list(connection.execute(select(Task.__table__)))
            joins = list(connection.execute(select(Join.__table__)))
            closed_at = connection.execute(select(Round.__table__)).one().closed_at
        cards = self.model.cards

        assert {one.id: (one.state, one.version, one.ended) for one in cards.values()} == {
            row.id: (row.state, row.version, row.ended_at is not None) for row in cases.values()
        }
        owed = {one.id: (one.state, one.owner, one.due_at) for one in cards.values()
                if one.owner or "at_due" in self.model.says(one)}  # fmt: skip
        assert owed == {
            row.case_id: (row.state, (row.role, row.unit) if row.role else None, row.due_at)
            for row in tasks
            if row.closed_at is None
        }
        assert [self.model.counts(cards[row.case_id], row.state) for row in joins] == [
            (row.opened, row.ended, row.delivered) for row in joins
        ]
        assert (closed_at is not None) == all(one.ended for one in cards.values())

    @invariant()
    def the_log_proves_it(self):
        """The log explains every state, one version after another, and mail is for open tasks."""
        if not self.changed:
            return
        self.changed = False
        with self.database.read() as connection:
            entries = connection.execute(
                select(Entry.case_id, Entry.case_version)
                .where(Entry.case_version.is_not(None))
                .order_by(Entry.number)
            ).all()
            late = connection.execute(
                select(Message.id)
                .join(Task, Task.id == Message.task_id)
                .where(Task.closed_at.is_not(None))
                .where((Message.put_at > Task.closed_at) | (Message.state == "queued"))
            ).all()
        versions = {}
        for case_id, version in entries:
            versions.setdefault(case_id, []).append(version)

        assert [] == late
        assert {one.id: list(range(1, one.version + 1)) for one in self.model.cards.values()} == (
            versions
        )
        verdict = evidence.prove(self.world)
        assert ((), True) == (verdict.problems, verdict.ok)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_walk(dialect, make_place, tmp_path):
    """However one goes, the real thing and the model stand in the same place."""
    folder = write_organisation(tmp_path / "organisation", grants=HELD)

    run_state_machine_as_test(
        lambda: Walk(make_place(dialect).open(), folder), settings=settings_for(dialect)
    )
