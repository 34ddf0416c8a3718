"""P7: nobody sees or changes another unit's material without a role or a substitution that
is valid at that instant; what is taken back is gone at the next request.

Every verb that asks for a right, against everybody who may have it, have had it, or come
to have it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Place as Site
from tests.service.worlds import OBJEKT, ROOT, ROUND, Photo, Stage, load_process
from tests.support.documents import PDF
from workflow.core.errors import NoRight, NotFound, Refused
from workflow.service import acts, attaching, commenting, extending, leading, moving, opening, views
from workflow.service.attaching import FileWish, Limits
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment

TODAY = date(2008, 12, 3)
YEAR = timedelta(days=300)


# ---- verbs -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Verb:
    """Something that is asked for in somebody's name, and the role that it takes."""

    role: str
    ask: Callable[[Stage, str, str], object]
    """Asks for it at a unit in the name of an address; refused with NoRight."""


def unit_of(stage: Stage, role: str) -> str:
    """Give the unit at which a verb's role is held."""
    unit = stage.units("verksamhet")[0]
    if role == "verksamhetschef":
        return unit
    if role == "driftenhetschef":
        return stage.parent(unit)
    return next(one.unit for one in stage.people.grants if one.role == role)


def act(transition: str, **data: object) -> Callable[[Stage, str, str], object]:
    """Give what moves the underlag of a unit."""
    return lambda stage, unit, email: stage.act(
        stage.case("underlag", unit), transition, email, comment="Skäl.", data=data
    )


def act_for(stage: Stage, unit: str, email: str) -> object:
    """Hand in, saying for whom."""
    wish = acts.Wish(
        case=stage.case("underlag", unit),
        transition="lamna_in",
        email=email,
        on_behalf_of=stage.chief(unit),
        data={"rows": OBJEKT},
    )
    return acts.act(stage.world, wish)


def approve(stage: Stage, driftenhet: str, email: str) -> object:
    """Approve what the first unit below has handed in."""
    unit = next(one for one in stage.units("verksamhet") if stage.parent(one) == driftenhet)
    stage.hand_in(unit)
    return stage.act(stage.case("underlag", unit), "godkann", email)


def look(stage: Stage, unit: str, email: str) -> object:
    """See the unit's task among one's own."""
    seen = [one["unit"] for one in views.task_list(stage.world, email=email)]
    if unit not in seen:
        raise NoRight("ser den inte")
    return seen


def buttons(stage: Stage, unit: str, email: str) -> object:
    """Be shown a button that can be pressed."""
    for one in views.task_list(stage.world, email=email, case=stage.case("underlag", unit)):
        if any(button["allowed"] for button in one["transitions"]):
            return one
    raise NoRight("inget går att göra")


def ask_for_days(stage: Stage, unit: str, email: str) -> object:
    """Ask for more days."""
    task = f"{stage.case('underlag', unit)}#1"
    return extending.ask(stage.world, task, date(2009, 3, 6), reason="Skäl", email=email)


def give_days(stage: Stage, driftenhet: str, email: str) -> object:
    """Give a unit below more days."""
    unit = next(one for one in stage.units("verksamhet") if stage.parent(one) == driftenhet)
    task = f"{stage.case('underlag', unit)}#1"
    return extending.grant(stage.world, task, date(2009, 3, 6), reason="Skäl", email=email)


def move(stage: Stage, _: str, email: str) -> object:
    """Move a milestone."""
    day = date(2009, 4, 29)
    return moving.move_milestone(stage.world, ROUND, "forslag", day, reason="Skäl", email=email)


def preview(stage: Stage, _: str, email: str) -> object:
    """See what moving a milestone would change."""
    return moving.preview_move(stage.world, ROUND, "forslag", date(2009, 4, 29), email=email)


def open_another(stage: Stage, _: str, email: str) -> object:
    """Open the next year's round."""
    return opening.open_round(stage.world, load_process(year=2011), year=2011, email=email)


def add_unit(stage: Stage, _: str, email: str) -> object:
    """Take up again a unit that was withdrawn."""
    unit = stage.units("verksamhet")[0]
    if not any(
        case["state"] == "withdrawn" for case in views.round_view(stage.world, ROUND)["cases"]
    ):
        withdraw(stage, unit, stage.boss(unit))
    return leading.add_unit(stage.world, ROUND, unit, reason="Skäl", email=email)


def refuse_days(stage: Stage, driftenhet: str, email: str) -> object:
    """Turn down what a unit below has asked for."""
    unit = next(one for one in stage.units("verksamhet") if stage.parent(one) == driftenhet)
    ask_for_days(stage, unit, stage.chief(unit))
    task = f"{stage.case('underlag', unit)}#1"
    return extending.refuse(stage.world, task, reason="Skäl", email=email)


def withdraw(stage: Stage, _: str, email: str) -> object:
    """Withdraw a unit's case."""
    unit = stage.units("verksamhet")[0]
    return leading.end_unit(stage.world, ROUND, unit, "withdraw", reason="Skäl", email=email)


def attach(stage: Stage, unit: str, email: str, name: str = "a.pdf") -> object:
    """Attach a file to the underlag of a unit."""
    wish = FileWish(case=stage.case("underlag", unit), name=name, content=PDF, email=email)
    limits = Limits(file_bytes=10_000, case_bytes=10_000)
    try:
        return attaching.attach(stage.world, wish, limits)
    except NotFound as error:
        raise NoRight("ser den inte") from error


def read(stage: Stage, unit: str, email: str) -> object:
    """Read a file that somebody else has attached."""
    attach(stage, unit, stage.holder("funktionsansvarig"))
    try:
        return attaching.read_file(stage.world, stage.case("underlag", unit), 1, email)
    except NotFound as error:
        raise NoRight("ser den inte") from error


def comment(stage: Stage, unit: str, email: str) -> object:
    """Comment on the underlag of a unit."""
    try:
        return commenting.comment(stage.world, stage.case("underlag", unit), "Skäl", email=email)
    except NotFound as error:
        raise NoRight("ser den inte") from error


VERBS = {
    "attach": Verb("verksamhetschef", attach),
    "read a file": Verb("verksamhetschef", read),
    "comment": Verb("verksamhetschef", comment),
    "hand in": Verb("verksamhetschef", act("lamna_in", rows=OBJEKT)),
    "hand in, saying for whom": Verb("verksamhetschef", act_for),
    "nothing to propose": Verb("verksamhetschef", act("inget")),
    "approve": Verb("driftenhetschef", approve),
    "tasks": Verb("verksamhetschef", look),
    "buttons": Verb("verksamhetschef", buttons),
    "ask for days": Verb("verksamhetschef", ask_for_days),
    "give days": Verb("driftenhetschef", give_days),
    "refuse days": Verb("driftenhetschef", refuse_days),
    "round move": Verb("medicinsk_radgivare", move),
    "round move, to see": Verb("medicinsk_radgivare", preview),
    "round open": Verb("medicinsk_radgivare", open_another),
    "unit add": Verb("medicinsk_radgivare", add_unit),
    "unit withdraw": Verb("driftenhetschef", withdraw),
    "end the groundwork": Verb(
        "medicinsk_radgivare",
        lambda stage, _, email: stage.act(ROOT, "withdraw", email, comment="Skäl."),
    ),
}


# ---- who asks --------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """The place that a verb takes, who holds it, and somebody who has nothing to do with it."""

    stage: Stage
    role: str
    unit: str
    holder: str
    stranger: str

    def lend(
        self,
        person: str = "",
        by: str = "",
        first: date = TODAY,
        last: date = TODAY + YEAR,
        *,
        role: str | None = None,
        unit: str | None = None,
    ) -> int:
        """Let the stranger stand in for the holder, or one for another."""
        wish = Appointment(person=person or self.holder, by=by or self.stranger, from_on=first,
                           to_on=last, role=role, unit=unit)  # fmt: skip
        return int(substituting.appoint(self.stage.world, wish)["substitution"])


def seat_of(stage: Stage, verb: Verb) -> Seat:
    """Find the place and two persons; the stranger is chief of a unit in another driftenhet."""
    unit = unit_of(stage, verb.role)
    first = stage.units("verksamhet")[0]
    far = next(one for one in stage.units("verksamhet") if stage.parent(one) != stage.parent(first))
    return Seat(stage, verb.role, unit, stage.holder(verb.role, unit), stage.chief(far))


def third(seat: Seat) -> str:
    """Give somebody who is neither of the two, and in no line with them."""
    return seat.stage.holder("sekreterare")


def ended(seat: Seat) -> str:
    """Stood in, and saw it; then it was taken back."""
    key = seat.lend()
    views.task_list(seat.stage.world, email=seat.stranger)
    substituting.end(seat.stage.world, key)
    return seat.stranger


def run_out(seat: Seat) -> str:
    """Stood in until yesterday."""
    seat.lend(last=TODAY)
    seat.stage.put("2008-12-04", "00:00")
    return seat.stranger


def not_begun(seat: Seat) -> str:
    """Stands in from tomorrow on."""
    seat.lend(first=TODAY + timedelta(days=1))
    seat.stage.put("2008-12-03", "23:59")
    return seat.stranger


def role_ended(seat: Seat) -> str:
    """Held the role themselves."""
    seat.stage.end_grant(seat.role, seat.unit)
    return seat.holder


def role_behind_ended(seat: Seat) -> str:
    """Stands in for one who held the role."""
    seat.lend()
    seat.stage.end_grant(seat.role, seat.unit)
    return seat.stranger


def passed_on(seat: Seat) -> str:
    """Stands in for one who stands in."""
    seat.lend()
    seat.lend(seat.stranger, third(seat))
    return third(seat)


def in_a_ring(seat: Seat) -> str:
    """Stands in for one who stands in for them, and neither for the holder."""
    seat.lend(seat.stranger, third(seat))
    seat.lend(third(seat), seat.stranger)
    return seat.stranger


def of_another_role(seat: Seat) -> str:
    """Stands in for the holder in another role that they have."""
    seat.stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'ordforande',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=seat.unit,
        email=seat.holder,
    )
    seat.lend(role="ordforande")
    return seat.stranger


def of_another_unit(seat: Seat) -> str:
    """Stands in for the holder at another unit where they have the role too."""
    other = seat.stage.units("verksamhet")[-1]
    seat.stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, :role, :unit,"
        " '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        role=seat.role,
        unit=other,
        email=seat.holder,
    )
    seat.lend(unit=other)
    return seat.stranger


def current(seat: Seat) -> str:
    """Stands in today."""
    seat.lend()
    return seat.stranger


def current_for_one_role(seat: Seat) -> str:
    """Stands in today, for the role at the unit and nothing else."""
    seat.lend(role=seat.role, unit=seat.unit)
    return seat.stranger


def on_the_last_minute(seat: Seat) -> str:
    """Stands in, and the day is almost over."""
    seat.lend(last=TODAY)
    seat.stage.put("2008-12-03", "23:59")
    return seat.stranger


MAY: dict[str, Callable[[Seat], str]] = {
    "the holder": lambda seat: seat.holder,
    "a substitute": current,
    "a substitute for one role": current_for_one_role,
    "a substitute on the last minute": on_the_last_minute,
}
MAY_NOT: dict[str, Callable[[Seat], str]] = {
    "another unit": lambda seat: seat.stranger,
    "ended": ended,
    "run out": run_out,
    "not begun": not_begun,
    "the role has ended": role_ended,
    "the role behind has ended": role_behind_ended,
    "passed on": passed_on,
    "in a ring": in_a_ring,
    "of another role": of_another_role,
    "of another unit": of_another_unit,
}


ACTED = set("cases tasks joins entries entry_payloads messages rounds incidents".split())
PREPARED = {
    "approve": {*ACTED, "material_rows", "sheets"},
    "read a file": {"attachments", "files", "entries", "entry_payloads", "rounds"},
    "unit add": ACTED,
    "refuse days": {*ACTED, "extensions"},
}
"""What somebody who may changes just before, so that there is something to ask for."""


@pytest.fixture
def quick(make_place: Callable[..., Site], photos: dict[str, Photo], tmp_path: Path) -> Stage:
    """The groundwork, on SQLite: what decides is the same statement on both."""
    return photos["groundwork"].develop(make_place("sqlite").open(), tmp_path / "mail")


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("verb", VERBS)
def test_who_has_a_right_at_that_instant_may(quick: Stage, verb: str, who: str) -> None:
    """The holder, and whoever stands in for them just then."""
    asked = VERBS[verb]
    seat = seat_of(quick, asked)
    email = MAY[who](seat)

    assert asked.ask(quick, seat.unit, email)


@pytest.mark.parametrize("who", MAY_NOT)
@pytest.mark.parametrize("verb", VERBS)
def test_who_has_none_may_not(quick: Stage, verb: str, who: str) -> None:
    """Refused for want of a right, and nothing of the round is changed."""
    asked = VERBS[verb]
    seat = seat_of(quick, asked)
    email = MAY_NOT[who](seat)
    before = quick.everything()

    with pytest.raises(Refused) as caught:
        asked.ask(quick, seat.unit, email)

    # Without anybody who leads, no round is opened at all.
    codes = [one.code for one in caught.value.reasons]
    assert isinstance(caught.value, NoRight) or codes == ["no_leader"]
    changed = {name for name, rows in quick.everything().items() if rows != before[name]}
    if verb in PREPARED:
        changed -= PREPARED[verb]
    assert changed <= {"refusals"}


@pytest.mark.parametrize("who", [*MAY, *MAY_NOT])
def test_on_both_databases_alike(groundwork: Stage, who: str) -> None:
    """The same persons may hand in, whatever the database."""
    verb = VERBS["hand in"]
    seat = seat_of(groundwork, verb)
    email = (MAY | MAY_NOT)[who](seat)

    try:
        verb.ask(groundwork, seat.unit, email)
        did = True
    except NoRight:
        did = False

    assert did is (who in MAY)


def test_only_the_person_appoints_for_all_they_have(quick: Stage) -> None:
    """Nobody lends what is another's: neither a stranger nor who stands in, nor the chief's
    superior but for the one place that they are above."""
    seat = seat_of(quick, VERBS["hand in"])
    seat.lend()
    boss = quick.boss(seat.unit)
    for email in (seat.stranger, third(seat), boss, quick.leader):
        wish = Appointment(person=seat.holder, by=third(seat), from_on=TODAY, to_on=TODAY)
        with pytest.raises(NoRight):
            substituting.appoint(quick.world, wish, email=email)
