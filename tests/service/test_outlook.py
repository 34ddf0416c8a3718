"""What goes out in the days to come: the numbers are those of the days themselves."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

import pytest

from tests.service.test_previews import wander
from tests.service.threads import together
from tests.service.worlds import ROUND, Stage, local
from workflow.core.facts import MessageKind
from workflow.service import clockwork, extending, leading
from workflow.service.mail import letters
from workflow.service.moving import move_milestone
from workflow.service.nudge_survey import Aim
from workflow.service.nudging import nudge
from workflow.service.outlook import Outlook, look_ahead
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence
from workflow.service.world import World

Gone = Counter[tuple[date, str, str]]


def foreseen(found: Outlook) -> Gone:
    """Give day, kind and address of each mail that was foreseen."""
    return Counter(
        (day.on, mail.kind.value, mail.to_email) for day in found.days for mail in day.mails
    )


def play(stage: Stage, days: int = 7) -> Gone:
    """Let days pass in which nobody does anything, with a worker that looks now and then."""
    already = {row[0] for row in stage.rows("SELECT id FROM messages WHERE state = 'sent'")}
    last = stage.world.today(stage.at[0]) + timedelta(days=days)
    gone: Gone = Counter()
    while (today := stage.world.today(stage.at[0])) < last:
        clockwork.tick(stage.world)
        stage.post()
        sent = stage.rows("SELECT id, kind, to_address FROM messages WHERE state = 'sent'")
        gone.update((today, kind, to) for key, kind, to in sent if key not in already)
        already |= {row[0] for row in sent}
        stage.at[0] = _next_look(stage.world, stage.at[0])
    return gone


def _next_look(world: World, at: datetime) -> datetime:
    today = world.today(at)
    looks = [
        local(str(day), clock)
        for day in (today, today + timedelta(days=1))
        for clock in ("00:00", "07:29", "07:30", "15:00")
    ]
    return min(one for one in looks if one > at)


@pytest.fixture
def quiet(groundwork: Stage) -> Stage:
    """A round in which everything that was to go has gone."""
    clockwork.tick(groundwork.world)
    groundwork.post()
    return groundwork


def nothing(_: Stage) -> None:
    """Change nothing."""


def lent(stage: Stage) -> None:
    """Somebody stands in for a chief from Thursday on, somebody else until Thursday."""
    one, other, by, for_ = (stage.chief(unit) for unit in stage.units("verksamhet")[:4])
    substituting.appoint(
        stage.world,
        Appointment(person=one, by=by, from_on=date(2009, 2, 26), to_on=date(2009, 3, 26)),
    )
    substituting.appoint(
        stage.world,
        Appointment(person=other, by=for_, from_on=date(2009, 2, 23), to_on=date(2009, 2, 26)),
    )


def ending(stage: Stage) -> None:
    """A chief's role ends on the Wednesday, before the last reminders."""
    stage.change(
        "UPDATE grants SET to_on = '2009-02-25' WHERE role = 'verksamhetschef' AND unit = :unit",
        unit=stage.units("verksamhet")[0],
    )


def ending_on_sunday(stage: Stage) -> None:
    """A role ends on a Sunday, between a reminder's day and its mail."""
    stage.change(
        "UPDATE grants SET to_on = '2009-03-01' WHERE role = 'verksamhetschef' AND unit = :unit",
        unit=stage.units("verksamhet")[0],
    )


def some_done(stage: Stage) -> None:
    """Some have handed in, one got more days, one was reminded by hand."""
    units = stage.units("verksamhet")
    for unit in units[:4]:
        stage.hand_in(unit)
    stage.approve(units[0])
    extending.grant(
        stage.world,
        stage.case("underlag", units[5]),
        date(2009, 3, 5),
        reason="x",
        email=stage.leader,
    )
    nudge(stage.world, Aim(round=ROUND, far=True), to=[stage.chief(units[6])], email=stage.leader)


def all_missing(stage: Stage) -> None:
    """Everything is in or missing: the driftenheter owe now."""
    for unit in stage.units("verksamhet"):
        stage.hand_in(unit)
        stage.approve(unit)


def moved(stage: Stage) -> None:
    """The plan was moved, and the mails about it wait."""
    move_milestone(
        stage.world, ROUND, "grundarbete", date(2009, 3, 2), reason="x", email=stage.leader
    )


WEEKS: dict[str, tuple[str, str, Callable[[Stage], None]]] = {
    "before the last day": ("2009-02-23", "06:00", nothing),
    "on the last day, after the mails": ("2009-02-27", "09:00", nothing),
    "on a Saturday": ("2009-02-28", "12:00", nothing),
    "late": ("2009-03-02", "06:00", nothing),
    "after a month's silence": ("2009-04-06", "10:00", nothing),
    "with substitutes": ("2009-02-23", "08:00", lent),
    "with a role that ends": ("2009-02-23", "08:00", ending),
    "with a role that ends on a Sunday": ("2009-02-26", "08:00", ending_on_sunday),
    "half done": ("2009-02-24", "10:00", some_done),
    "all done": ("2009-03-03", "10:00", all_missing),
    "moved": ("2009-02-24", "10:00", moved),
    "over Easter and the change of clocks": ("2009-03-26", "10:00", nothing),
}


@pytest.mark.parametrize("name", WEEKS)
def test_what_is_foreseen_comes(groundwork: Stage, name: str) -> None:
    """Each mail of the seven days comes on its day, and no other; and looking changes nothing."""
    day, clock, prepare = WEEKS[name]
    groundwork.put(day, "05:00")
    clockwork.tick(groundwork.world)
    groundwork.put(day, clock)
    prepare(groundwork)
    before = groundwork.everything()

    found = look_ahead(groundwork.world)

    assert before == groundwork.everything()
    assert foreseen(found) == play(groundwork)
    assert 7 == len(found.days)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_foreseen_comes_in_any_round(groundwork: Stage, seed: int) -> None:
    """Wherever a round has come to, the next two weeks are those that were shown."""
    groundwork.put("2009-02-09")
    wander(groundwork, Random(seed))
    found = look_ahead(groundwork.world, days=14)

    assert foreseen(found) == play(groundwork, 14)
    assert foreseen(found)
    assert True is evidence.prove(groundwork.world).ok


def test_what_moves_by_itself_is_foreseen(quiet: Stage) -> None:
    """A deadline that moves a case is part of its day, with the mails that it brings."""
    case = quiet.case("protokoll")
    quiet.change(
        "INSERT INTO cases (id, round_id, kind, unit, parent, opened_in, started, state, version,"
        " opened_at, entered_at) SELECT :case, round_id, 'protokoll', unit, id, 'protokoll',"
        " started, 'overklagandetid', 1, opened_at, entered_at FROM cases WHERE parent IS NULL",
        case=case,
    )
    quiet.change(
        "INSERT INTO joins (case_id, state, opened, ended, delivered)"
        " VALUES (:root, 'protokoll', 1, 0, 0)",
        root=f"{ROUND}.omgang",
    )
    quiet.change(
        "INSERT INTO tasks (id, round_id, case_id, state, opens_at, due_at, due_rule, ladder,"
        " ladder_from, next_reminder_at) SELECT :task, round_id, id, state, entered_at, :due,"
        " '21 days', 'standard', entered_at, :due FROM cases WHERE id = :case",
        task=f"{case}#1",
        case=case,
        due="2008-12-05 23:00:00.000000",
    )

    found = look_ahead(quiet.world)

    assert {date(2008, 12, 6): 1} == {day.on: day.moved for day in found.days if day.moved}
    assert foreseen(found) == play(quiet)


def test_invitations_are_foreseen(stage: Stage) -> None:
    """Who is invited to a milestone hears of it on the day that is shown, with its title."""
    stage.put("2008-10-27", "06:00")
    found = look_ahead(stage.world, days=21)

    mails = [mail for day in found.days for mail in day.mails if mail.about]

    assert mails
    assert foreseen(found) == play(stage, 21)


def test_what_waits_is_of_today(quiet: Stage) -> None:
    """What has been put and not sent goes today, and is marked so."""
    unit = quiet.units("verksamhet")[0]
    quiet.hand_in(unit)
    quiet.at[0] += timedelta(minutes=1)

    found = look_ahead(quiet.world)

    (mail,) = found.days[0].mails
    assert (quiet.boss(unit), MessageKind.ASSIGNMENT, True) == (
        mail.to_email,
        mail.kind,
        mail.waits,
    )


def test_a_mail_that_is_tried_again_comes_at_its_hour(quiet: Stage) -> None:
    """One that the other side put off is shown when it is tried next."""
    quiet.hand_in(quiet.units("verksamhet")[0])
    quiet.at[0] += timedelta(minutes=1)
    later = local("2008-12-05", "10:15")
    quiet.change(
        "UPDATE messages SET next_try_at = :at WHERE state = 'queued'",
        at=str(later.replace(tzinfo=None)),
    )

    found = look_ahead(quiet.world)

    assert [later] == [mail.at for day in found.days for mail in day.mails if mail.waits]


def test_what_a_worker_has_claimed_is_counted_once(quiet: Stage) -> None:
    """Claimed by a worker that dies or lives: it is shown once."""
    quiet.hand_in(quiet.units("verksamhet")[0])
    letters.claim(quiet.world)
    quiet.at[0] += timedelta(seconds=1)

    found = look_ahead(quiet.world)

    assert 1 == sum(1 for day in found.days for mail in day.mails if mail.waits)


@pytest.mark.parametrize("how", ["settings", "restore"])
def test_held_mail_is_shown_and_said_to_be_held(groundwork: Stage, how: str) -> None:
    """As it will go when it is let go; and it is held still."""
    world = groundwork.world
    if how == "restore":
        groundwork.change("UPDATE installation SET mail_held_at = '2008-12-01 00:00:00.000000'")
    else:
        world = replace(world, mail_hold=True)
    free = look_ahead(groundwork.world)

    found = look_ahead(world)

    assert True is found.held
    assert free.days == found.days
    assert found.days[0].mails
    assert [] == letters.claim(world)


def test_people_are_counted_once(quiet: Stage) -> None:
    """Two mails to one person on one day are two mails to one person."""
    units = quiet.units("verksamhet")
    same = [unit for unit in units if quiet.parent(unit) == quiet.parent(units[0])]
    for unit in same[:3]:
        quiet.hand_in(unit)

    today = look_ahead(quiet.world).days[0]

    assert (3, 1) == (len(today.mails), today.people)


def test_titles_are_in_the_readers_language(groundwork: Stage) -> None:
    """Whatever language the mail itself is in."""
    groundwork.put("2009-02-23", "06:00")

    swedish, english = (
        {
            title
            for day in look_ahead(groundwork.world, language=language).days
            for mail in day.mails
            for title in mail.about
            if mail.kind == MessageKind.REMINDER
        }
        for language in ("sv", "en")
    )

    assert all(title.startswith("Underlag ") for title in swedish)
    assert all(title.startswith("Submission") for title in english)
    assert len(groundwork.units("verksamhet")) == len(swedish) == len(english)


def test_an_ended_round_sends_nothing(groundwork: Stage) -> None:
    """Called off, told of, and silent from then on."""
    leading.end_unit(
        groundwork.world,
        ROUND,
        groundwork.units("verksamhet")[0],
        "withdraw",
        reason="x",
        email=groundwork.boss(groundwork.units("verksamhet")[0]),
    )
    groundwork.act(f"{ROUND}.omgang", "withdraw", groundwork.leader, comment="Inställt")
    groundwork.post()
    groundwork.put("2009-02-20")

    assert {0} == {len(day.mails) for day in look_ahead(groundwork.world).days}


def test_looking_and_doing_at_once(groundwork: Stage) -> None:
    """Who looks ahead and who hands in disturb each other in nothing but a moment's wait."""
    groundwork.put("2009-02-24")
    units = groundwork.units("verksamhet")[:6]

    answers = together(
        *[partial(look_ahead, groundwork.world)] * 3,
        *[partial(groundwork.hand_in, unit) for unit in units],
        partial(clockwork.tick, groundwork.world),
    )

    assert 3 == sum(1 for one in answers if isinstance(one, Outlook))
    assert 6 == sum(1 for one in answers if isinstance(one, dict) and one.get("to") == "inlamnat")
    assert True is evidence.prove(groundwork.world).ok
