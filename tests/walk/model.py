"""What ought to happen, said once more and simply: a model of rounds.

Written from the reference of the definition language, on the plain TOML and without
the engine: every count is made by looking at all cases, nothing is stored twice.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.core.plan import is_working_day

HERE = ZoneInfo("Europe/Stockholm")
CALLED_OFF = ("missing", "withdrawn")


@dataclass(repr=False)
class Card:
    """A case, as the model sees it."""

    id: str
    kind: str
    unit: str
    parent: "Card | None"
    opened_in: str | None
    started: bool
    state: str = ""
    version: int = 0
    ended: bool = False
    rule: str = ""
    due_at: datetime | None = None
    owner: tuple[str, str] | None = None
    last: dict[str, str] = field(default_factory=dict)
    open_questions: int = 0
    filled: bool = False
    first: dict[str, tuple[date, datetime | None]] = field(default_factory=dict)
    """The day it first came to each state where something was owed, and the deadline then."""

    def __repr__(self):
        return f"{self.id}#{self.version} in {self.state}"


class Model:
    """A round: cards by id."""

    def __init__(self, data, units, held, round_id):
        self.data, self.units, self.round = data, {one.key: one for one in units}, round_id
        self.held: dict[tuple[str, str], set[str]] = {}
        for name, place in held:
            self.held.setdefault((place.role, place.unit), set()).add(name)
        year = int(round_id.rpartition("-")[2])
        self.days = {key: date.fromisoformat(one["on"].replace("{year-1}", str(year - 1)))
                     for key, one in data["milestone"].items()}  # fmt: skip
        self.cards: dict[str, Card] = {}

    # ---- where things are -----------------------------------------------------------

    def says(self, card):
        """Give what the definition says of a card's state."""
        return self.data["case"][card.kind]["state"].get(card.state, {})

    def line(self, unit):
        """Give a unit and those above."""
        return [unit, *(self.line(self.units[unit].parent) if self.units[unit].parent else [])]

    def place(self, role, unit):
        """Give where a role is held for a unit."""
        at = self.data["role"][role]["at"]
        found = (step for step in self.line(unit) if self.units[step].kind == at)
        step = next(found, None)
        return (role, step) if step else None

    def children(self, card, state=None):
        """Give the cards right below, of one state."""
        return [one for one in self.cards.values() if one.parent is card
                and state in (None, one.opened_in)]  # fmt: skip

    def counts(self, card, state):
        """Give how many a state opened, how many ended, how many really."""
        waited = [one for one in self.children(card, state) if not one.started]
        ended = [one for one in waited if one.ended]
        return len(waited), len(ended), sum(one.state not in CALLED_OFF for one in ended)

    # ---- what a person may ----------------------------------------------------------

    def moves(self, card):
        """Give the transitions of a card's state, those that every case has included."""
        if card.ended:
            return {}
        kind = self.data["case"][card.kind]
        called_off = {
            word: {"to": to, "by": kind.get(f"{word}_by", self.data["leader"]), "asks": ["comment"]}
            for word, to in (("missing", "missing"), ("withdraw", "withdrawn"))
        }
        return {**self.says(card).get("transition", {}), **called_off}

    def why_not(self, card, key, name, now, *, rows=False, answers=False, wondering=False):
        """Give the codes of what speaks against somebody's making a transition."""
        move = self.moves(card).get(key)
        if move is None:
            states = self.data["case"][card.kind]["state"].values()
            known = key in CALLED_OFF or any(key in one.get("transition", {}) for one in states)
            return {"wrong_state"} if known or key == "withdraw" else {"not_found"}
        codes = set()
        place = self.place(move["by"], card.unit) if "by" in move else card.owner
        if name not in self.held.get(place, ()):
            codes.add("no_right")
        if any(card.last.get(other) == name for other in move.get("other_than", ())):
            codes.add("own_work")
        leads_on = move["to"] != card.state and "questions" not in move.get("asks", ())
        answers = answers or (not wondering and self.says_one_thing(card, move))
        if card.open_questions and not answers and leads_on and "by" not in move:
            codes.add("questions")
        if "guards" in move and not (rows or card.filled):
            codes.add("complete")
        last = card.due_at or (None if card.owner else self.last_day(card))
        if key == "missing" and last and now < last:
            codes.add("after_due")
        return codes

    def last_day(self, card):
        """Give the latest milestone that a kind's steps are owed by: what only waits is
        owed by then."""
        dues = (s.get("due") for s in self.data["case"][card.kind]["state"].values())
        return max((self.due_at(due, None) for due in dues if due in self.days), default=None)

    @staticmethod
    def says_one_thing(card, move):
        """Say whether the comment that is asked for is the answer to the one question."""
        asked = "comment" in move.get("asks", ()) and "by" not in move
        return asked and card.open_questions == 1 and move["to"] != card.state

    def picks(self, card, move):
        """Give the ended cases that a transition may take back: the deepest of its kinds."""
        kind = [*move.get("reopens", ())][-1:]
        cards = [one for one in self.cards.values() if [one.kind] == kind and one.ended]
        return [one for one in cards if card in (one.parent, one.parent.parent)]

    def wishes(self, names, now, **asked):
        """Give every case, transition and person, with the codes of what speaks against it."""
        for card in list(self.cards.values()):
            for key, move in self.moves(card).items():
                for name in () if "reopens" in move and not self.picks(card, move) else names:
                    yield card, key, name, self.why_not(card, key, name, now, **asked)

    # ---- what happens ---------------------------------------------------------------

    def act(self, card, key, name, now, *, rows=False, answers=False, pick=None, due_on=None):
        """Make a transition that nothing speaks against."""
        move = self.moves(card)[key]
        card.filled |= rows
        answers = answers or self.says_one_thing(card, move)
        card.open_questions = 0 if answers else card.open_questions
        card.last[key] = name
        due = self.midnight(due_on) if due_on else None
        asked = "questions" in move.get("asks", ()) and not pick
        self.go(card, move["to"], now, rule=move.get("due"), due=due, asked=asked)
        if pick:
            way = [pick] if pick.parent is card else [pick.parent, pick]
            for one in [one for one in way if one.ended]:
                self.reopen(one, move["reopens"][one.kind], now, rule=move["due"])
        if "questions" in move.get("asks", ()):
            (pick or card).open_questions += 1

    def go(self, card, to, now, *, rule=None, due=None, by_itself=False, asked=False):
        """Move a card to a state or an end, with all that follows."""
        before = card.state
        card.version += 1
        if to in self.data["case"][card.kind]["state"]:
            self.enter(card, to, now, rule, due, asked=asked)
        else:
            card.state, card.ended, card.owner, card.due_at = to, True, None, None
        if to in CALLED_OFF:
            self.call_off_below(card, now)
        elif before != card.state:
            for one in self.children(card, before):
                if not one.ended and not one.started:
                    self.go(one, "withdrawn" if by_itself else "missing", now)
        if card.ended and card.parent and not card.started:
            self.look(card.parent, card.opened_in, now)

    def look(self, card, state, now):
        """Go on when enough of those a card waits for have ended."""
        opened, ended, delivered = self.counts(card, state)
        says = self.says(card)
        if card.state != state or "next" not in says:
            return
        if (delivered >= says["wait_for"]) if "wait_for" in says else (ended == opened):
            self.go(card, says["next"], now, by_itself=True)

    def call_off_below(self, card, now):
        """Withdraw everything below a card."""
        for one in self.children(card):
            if one.ended:
                self.call_off_below(one, now)
            else:
                self.go(one, "withdrawn", now)

    def enter(self, card, state, now, rule=None, due=None, asked=False):
        """Come to a state: who owes, by when, and what is opened."""
        card.state, card.ended = state, False
        says = self.says(card)
        owed = "by" in says or "at_due" in says
        card.rule = (rule or says.get("due", "")) if owed and not due else ""
        card.due_at = due or self.due_at(card.rule, now)
        if card.rule in self.days and card.due_at <= now and not asked and state in card.first:
            card.rule, card.due_at = self.again(*card.first[state], now)
        if owed:
            card.first.setdefault(state, (now.astimezone(HERE).date(), card.due_at))
        card.owner = self.owing(card, says)
        for kind in (*says.get("opens", ()), *says.get("starts", ())):
            for unit in self.units.values():
                below = card.unit in self.line(unit.key)
                if below and unit.kind == self.data["case"][kind]["per"]:
                    self.open(kind, unit.key, card, now, started=kind in says.get("starts", ()))

    def open(self, kind, unit, parent, now, *, started=False):
        """Open what is not there."""
        name = f"{self.round}.{kind}" + (f".{unit}" if parent else "")
        if name not in self.cards:
            in_state = parent.state if parent else None
            card = self.cards[name] = Card(name, kind, unit, parent, in_state, started, version=1)
            self.enter(card, next(iter(self.data["case"][kind]["state"])), now)

    def reopen(self, card, state, now, rule=None):
        """Take an ended card back."""
        card.version += 1
        self.enter(card, state, now, rule, asked=True)

    def add(self, unit, now):
        """Add a unit's case while its like are waited for; gives the code of a no."""
        for card in list(self.cards.values()):
            for kind in () if card.ended else self.says(card).get("opens", ()):
                if card.unit in self.line(unit) and (
                    self.data["case"][kind]["per"] == self.units[unit].kind
                ):
                    known = self.cards[f"{self.round}.{kind}.{unit}"]
                    if known.state != "withdrawn":
                        return "there_already"
                    self.reopen(known, next(iter(self.data["case"][kind]["state"])), now)
                    return None
        return "not_open"

    def tick(self, now):
        """Let passed deadlines move what says so."""
        for card in list(self.cards.values()):
            says = {} if card.ended else self.says(card)
            if "at_due" in says and card.due_at <= now:
                self.go(card, says["at_due"], now)

    def move_milestone(self, key, day, now):
        """Move a date, and the deadlines of what hangs on it."""
        self.days[key] = day
        for card in self.cards.values():
            if card.rule == key and not card.ended:
                card.due_at = self.due_at(key, now)

    def owing(self, card, says):
        """Give who owes: the superior, where only those excluded hold the role."""
        if "by" not in says:
            return None
        place = self.place(says["by"], card.unit)
        rules = [one.get("other_than", ()) for one in says["transition"].values()]
        excluded = {card.last.get(key) for rule in rules for key in rule}
        step = place
        while step and not self.held.get(step, set()) - excluded:
            superior = self.data["role"][step[0]].get("superior")
            step = self.place(superior, step[1]) if superior else None
        return step or place

    def again(self, came_on, due_at, now):
        """Give as many working days as the first time, five to ten."""
        last = due_at.astimezone(HERE).date() - timedelta(days=1) if due_at else came_on
        days = range(1, (last - came_on).days + 1)
        had = sum(is_working_day(came_on + timedelta(days=n)) for n in days)
        day, left = now.astimezone(HERE).date(), min(max(had, 5), 10)
        rule = f"{left} working days"
        while left:
            day += timedelta(days=1)
            left -= is_working_day(day)
        return rule, self.midnight(day)

    def due_at(self, rule, now):
        """Give the end of the day that a phrase means."""
        if rule in self.days:
            return self.midnight(self.days[rule])
        if not rule:
            return None
        return self.midnight(now.astimezone(HERE).date() + timedelta(days=int(rule.split()[0])))

    @staticmethod
    def midnight(day):
        """Give the end of a local day."""
        return datetime.combine(day + timedelta(days=1), time(), HERE).astimezone(UTC)
