"""Reminding by hand: who is shown, who gets a mail, and who is left in peace."""

import re
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial

import pytest

from tests.service.threads import together
from tests.service.worlds import ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.service import clockwork, extending
from workflow.service.mail import mailroom
from workflow.service.moving import move_milestone
from workflow.service.nudge_survey import Aim, NudgeList
from workflow.service.nudging import Nudged, list_nudges, nudge
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.service.previewing import preview
from workflow.service.running import evidence

UNDERLAG = Aim(round=ROUND, kind="underlag", state="utkast")
WORDS = "Ledningsgruppen läser på onsdag."


@pytest.fixture
def late(groundwork: Stage) -> Stage:
    """Two days after the last day for the underlag, at noon; nothing has been sent yet."""
    groundwork.put("2009-03-03", "12:00")
    return groundwork


def emails(found: NudgeList) -> list[str]:
    """Give the addresses of those who would get a mail."""
    return sorted(one.email for one in found.recipients if not one.rests)


def chiefs(stage: Stage, *units: str) -> list[str]:
    """Give the chiefs of some units, or of all."""
    return sorted(stage.chief(unit) for unit in units or stage.units("verksamhet"))


def letters(stage: Stage) -> list[EmailMessage]:
    """Send what waits, and give the nudges among it."""
    stage.post()
    bodies = stage.rows("SELECT body FROM messages WHERE kind = 'nudge' AND state = 'sent'")
    return [message_from_bytes(bytes(row[0]), policy=default) for row in bodies]


def text(mail: EmailMessage) -> str:
    """Give what stands in a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_everybody_who_has_not_delivered_is_listed(late: Stage) -> None:
    """The leader sees who would get a mail, with what and since when, and nothing is changed."""
    units = late.units("verksamhet")
    late.hand_in(units[0])
    before = late.everything()

    found = list_nudges(late.world, UNDERLAG, email=late.leader)

    assert chiefs(late, *units[1:]) == emails(found)
    (task,) = found.recipients[0].tasks
    assert (date(2009, 2, 28), -2, None, False) == (
        task.due_on,
        task.working_days,
        task.reminded_at,
        task.rests,
    )
    assert before == late.everything()


def test_one_mail_each(late: Stage) -> None:
    """Each of them gets one mail, with the leader's own sentence, and the log says of what."""
    done = nudge(late.world, UNDERLAG, words=WORDS, email=late.leader)

    assert Counter(chiefs(late)) == late.mails("nudge")
    assert sorted(done.mailed) == chiefs(late)
    mails = letters(late)
    assert len(done.mailed) == len(mails)
    assert all(f"> {WORDS}" in text(mail) for mail in mails)
    (entry,) = [one for one in evidence.log_lines(late.world, ROUND) if one["kind"] == "nudged"]
    assert done.tasks == tuple(entry["payload"]["tasks"])
    assert WORDS == entry["payload"]["comment"]
    assert True is evidence.prove(late.world).ok


def test_several_tasks_make_one_mail(late: Stage) -> None:
    """Who stands in for others has all of it in one mail, said to be for them."""
    one, other, third = late.units("verksamhet")[:3]
    today = late.world.today(late.at[0])
    for unit in (other, third):
        substituting.appoint(
            late.world,
            Appointment(person=late.chief(unit), by=late.chief(one), from_on=today, to_on=today),
        )

    nudge(late.world, UNDERLAG, email=late.leader)

    assert Counter(chiefs(late)) == late.mails("nudge")
    (mail,) = [m for m in letters(late) if late.chief(one) in str(m["To"])]
    assert 4 == text(mail).count("http://localhost:8000/arenden/")  # a button, three rows
    assert "Du är ersättare för" in text(mail)


def test_a_substitute_alone_is_named_so(late: Stage) -> None:
    """Somebody who owes nothing of their own is listed with whom they stand in for."""
    unit = late.units("verksamhet")[0]
    outsider = late.holder("registrator")
    today = late.world.today(late.at[0])
    substituting.appoint(
        late.world,
        Appointment(person=late.chief(unit), by=outsider, from_on=today, to_on=today),
    )

    found = {one.email: one for one in list_nudges(late.world, UNDERLAG).recipients}

    names = {one.email: one.name for one in late.people.people}
    assert (names[late.chief(unit)],) == found[outsider].instead_of
    assert () == found[late.chief(unit)].instead_of


# ---- rest ------------------------------------------------------------------------------


def test_nobody_is_reminded_twice_within_four_hours(late: Stage) -> None:
    """Whoever was reminded a short while ago is listed as left out; after four hours no more."""
    unit = late.units("verksamhet")[0]
    nudge(late.world, UNDERLAG, to=[late.chief(unit)], email=late.leader)
    late.at[0] += timedelta(hours=4) - timedelta(seconds=1)

    soon = list_nudges(late.world, UNDERLAG, email=late.leader)
    done = nudge(late.world, UNDERLAG, email=late.leader)
    late.at[0] += timedelta(seconds=1)
    later = list_nudges(late.world, UNDERLAG, email=late.leader)

    (resting,) = [one for one in soon.recipients if one.rests]
    assert late.chief(unit) == resting.email
    assert late.chief(unit) not in done.mailed
    assert [late.chief(unit)] == emails(later)


def test_the_clocks_own_reminder_counts(groundwork: Stage) -> None:
    """Who had the day's reminder at half past seven is left in peace until half past eleven."""
    groundwork.put("2009-02-26", "07:30")
    clockwork.tick(groundwork.world)
    groundwork.post()
    groundwork.put("2009-02-26", "11:29")

    early = list_nudges(groundwork.world, UNDERLAG)
    groundwork.put("2009-02-26", "11:30")
    late = list_nudges(groundwork.world, UNDERLAG)

    assert [] == emails(early)
    assert chiefs(groundwork) == emails(late)


def test_what_came_back_has_reminded_nobody(late: Stage) -> None:
    """A mail that bounced or failed is no reminder, and the bounce is shown."""
    unit = late.units("verksamhet")[0]
    nudge(late.world, UNDERLAG, to=[late.chief(unit)], email=late.leader)
    late.change("UPDATE messages SET state = 'bounced' WHERE kind = 'nudge'")
    late.change(
        "UPDATE people SET bounced_at = :at WHERE email = :who",
        at=late.at[0].replace(tzinfo=None),
        who=late.chief(unit),
    )

    found = {one.email: one for one in list_nudges(late.world, UNDERLAG).recipients}

    assert (False, True) == (found[late.chief(unit)].rests, found[late.chief(unit)].bounces)
    assert [] == [one for one in found.values() if one.bounces and one.email != late.chief(unit)]


def test_another_task_of_theirs_does_not_rest(late: Stage) -> None:
    """Reminded of one thing, one can be reminded of another: only what rests is left out."""
    one, other = late.units("verksamhet")[:2]
    nudge(late.world, UNDERLAG, to=[late.chief(one)], email=late.leader)
    today = late.world.today(late.at[0])
    substituting.appoint(
        late.world,
        Appointment(person=late.chief(other), by=late.chief(one), from_on=today, to_on=today),
    )

    done = nudge(late.world, UNDERLAG, to=[late.chief(one)], email=late.leader)

    assert (f"{late.case('underlag', other)}#1",) == done.tasks


def test_it_is_pressed_twice(late: Stage) -> None:
    """The second time there is nobody left, and it says so; at the same instant too."""
    press = partial(nudge, late.world, UNDERLAG, email=late.leader)

    answers = together(*[press] * 6)

    assert Counter({Nudged: 1, Refused: 5}) == Counter(type(one) for one in answers)
    assert Counter(chiefs(late)) == late.mails("nudge")
    assert True is evidence.prove(late.world).ok


# ---- who and what ----------------------------------------------------------------------


def test_persons_may_be_left_out(late: Stage) -> None:
    """Only those who were chosen get one; a stranger among them gets none, and is told of."""
    one, other, *_ = late.units("verksamhet")
    chosen = [late.chief(one).upper(), late.chief(other), late.holder("registrator")]

    done = nudge(late.world, UNDERLAG, to=chosen, email=late.leader)

    assert chiefs(late, one, other) == sorted(done.mailed)
    assert (late.holder("registrator"),) == done.left_out


def test_who_delivers_meanwhile_gets_none(late: Stage) -> None:
    """Shown in the list, and done when it was pressed: no mail, and the answer says so."""
    one, other, *_ = late.units("verksamhet")
    found = list_nudges(late.world, UNDERLAG, email=late.leader)
    late.hand_in(one)

    done = nudge(late.world, UNDERLAG, to=emails(found), email=late.leader)

    assert (late.chief(one),) == done.left_out
    assert late.chief(other) in done.mailed


def test_only_what_is_soon_due(groundwork: Stage) -> None:
    """From three working days before the last day, unless everything is asked for."""
    groundwork.put("2009-02-23")
    early = list_nudges(groundwork.world, UNDERLAG)
    groundwork.put("2009-02-24")
    soon = list_nudges(groundwork.world, UNDERLAG)

    assert [] == emails(early)
    assert chiefs(groundwork) == emails(soon)
    groundwork.put("2008-12-04")
    far = list_nudges(groundwork.world, Aim(round=ROUND, kind="underlag", state="utkast", far=True))
    assert chiefs(groundwork) == emails(far)


def test_of_one_step_only(late: Stage) -> None:
    """A state, or another kind of case, names others."""
    unit = late.units("verksamhet")[0]
    late.hand_in(unit)
    late.at[0] += timedelta(days=9)

    found = list_nudges(late.world, Aim(round=ROUND, kind="underlag", state="inlamnat"))

    assert [late.boss(unit)] == emails(found)


def test_what_nobody_holds_is_said(late: Stage) -> None:
    """There is nobody to remind: the title stands in the list, and no mail goes."""
    unit = late.units("verksamhet")[0]
    late.end_grant("verksamhetschef", unit)

    found = list_nudges(late.world, UNDERLAG, email=late.leader)

    assert 1 == len(found.vacant)
    assert chiefs(late, *late.units("verksamhet")[1:]) == emails(found)


def test_a_superior_reminds_their_own(late: Stage) -> None:
    """A driftenhetschef sees and reminds the units below, and nobody else's."""
    first = late.units("verksamhet")[0]
    own = [u for u in late.units("verksamhet") if late.parent(u) == late.parent(first)]

    found = list_nudges(late.world, UNDERLAG, email=late.boss(first))
    done = nudge(late.world, UNDERLAG, to=chiefs(late), email=late.boss(first))

    assert chiefs(late, *own) == emails(found) == sorted(done.mailed)
    assert 0 < len(own) < len(late.units("verksamhet"))


def test_the_one_at_the_top_reminds_everybody(late: Stage) -> None:
    """Above is above, however far."""
    found = list_nudges(late.world, UNDERLAG, email=late.holder("landstingsdirektor"))

    assert chiefs(late) == emails(found)


def test_a_substitute_of_the_leader_reminds(late: Stage) -> None:
    """The mail and the log name both."""
    helper = late.holder("registrator")
    today = late.world.today(late.at[0])
    substituting.appoint(
        late.world, Appointment(person=late.leader, by=helper, from_on=today, to_on=today)
    )

    nudge(late.world, UNDERLAG, words=WORDS, email=helper)

    names = {one.email: one.name for one in late.people.people}
    both = re.compile(f"{names[helper]} (för|for) {names[late.leader]}")
    assert all(both.search(text(mail)) for mail in letters(late))
    assert [(1,)] == late.rows(
        "SELECT count(*) FROM entries WHERE kind = 'nudged' AND on_behalf_of IS NOT NULL"
    )


def test_the_operator_reminds_without_a_name(late: Stage) -> None:
    """By the command line; the mail names nobody as the sender."""
    done = nudge(late.world, UNDERLAG)

    assert chiefs(late) == sorted(done.mailed)
    assert "påminner om" not in text(letters(late)[0])


def test_nobody_reminds_themselves(late: Stage) -> None:
    """What a superior owes is not in their own list."""
    unit = late.units("verksamhet")[0]
    late.hand_in(unit)
    late.at[0] += timedelta(days=9)
    handed_in = Aim(round=ROUND, kind="underlag", state="inlamnat")

    with pytest.raises(Refused):
        nudge(late.world, handed_in, email=late.boss(unit))

    assert {} == late.mails("nudge")


def test_who_is_chief_above_and_below_gets_none(late: Stage) -> None:
    """Who holds the task as well as the place above it is left out; the others are not."""
    unit = late.units("verksamhet")[0]
    late.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on)"
        " SELECT id, 'verksamhetschef', :unit, '2001-01-01', '2999-12-31' FROM people"
        " WHERE email = :who",
        unit=unit,
        who=late.boss(unit),
    )

    by_boss = emails(list_nudges(late.world, UNDERLAG, email=late.boss(unit)))
    by_leader = emails(list_nudges(late.world, UNDERLAG, email=late.leader))

    assert (False, True) == (late.boss(unit) in by_boss, late.boss(unit) in by_leader)
    assert late.chief(unit) in by_boss


@pytest.mark.parametrize("role", ["verksamhetschef", "registrator", "sekreterare"])
def test_who_stands_above_nobody_may_not(late: Stage, role: str) -> None:
    """Neither look nor send; nothing is written."""
    before = late.everything()

    for verb in (list_nudges, nudge):
        with pytest.raises(NoRight):
            verb(late.world, UNDERLAG, email=late.holders(role)[-1])

    assert before == late.everything()


def test_unknown_names_are_guessed(late: Stage) -> None:
    """A kind or a state that is none, and a round that is none."""
    with pytest.raises(NotFound, match="underlag"):
        list_nudges(late.world, Aim(round=ROUND, kind="underlg"))
    with pytest.raises(NotFound, match="utkast"):
        list_nudges(late.world, Aim(round=ROUND, kind="underlag", state="utkst"))
    with pytest.raises(NotFound):
        nudge(late.world, Aim(round="prioritering-1999"))
    with pytest.raises(NotFound):
        nudge(late.world, UNDERLAG, email="nobody@region.example")


def test_an_ended_round_reminds_nobody(late: Stage) -> None:
    """It is called off, and that is that."""
    late.act(f"{ROUND}.omgang", "withdraw", late.leader, comment="Inställt")

    for verb in (list_nudges, nudge):
        with pytest.raises(Refused, match="avslutad"):
            verb(late.world, UNDERLAG, email=late.leader)


def test_the_sentence_has_a_length(late: Stage) -> None:
    """500 characters at most; what is longer is bad input and sends nothing."""
    with pytest.raises(BadInput, match="501"):
        nudge(late.world, UNDERLAG, words="x" * 501, email=late.leader)
    assert {} == late.mails("nudge")

    nudge(late.world, UNDERLAG, words=f" {'x' * 500}\n", email=late.leader)
    assert late.mails("nudge")


def test_hostile_words_are_words(late: Stage) -> None:
    """They become no header, no recipient and no markup."""
    words = "Hej\r\nBcc: alla@region.example\r\n\r\n<script>alert(1)</script>{{7*7}}"

    nudge(late.world, UNDERLAG, words=words, email=late.leader)

    for mail in letters(late):
        assert mail["Bcc"] is None
        html = mail.get_body(("html",))
        assert html is not None
        assert "<script>" not in str(html.get_content())
        assert "{{7*7}}" in text(mail)


# ---- after it --------------------------------------------------------------------------


def test_what_is_done_before_it_leaves_is_left_out(late: Stage) -> None:
    """The mail tells what holds when it is written; with nothing left it is withdrawn."""
    unit = late.units("verksamhet")[0]
    nudge(late.world, UNDERLAG, email=late.leader)
    late.hand_in(unit)

    late.post()

    states = dict(
        late.rows(
            "SELECT people.email, state FROM messages JOIN people ON people.id = person_id"
            " WHERE messages.kind = 'nudge'"
        )
    )
    assert "withdrawn" == states.pop(late.chief(unit))
    assert {"sent"} == set(states.values())


def test_a_new_day_takes_it_back(late: Stage) -> None:
    """Somebody gets more days before the mail has left: it no longer reminds of the old."""
    unit = late.units("verksamhet")[0]
    nudge(late.world, UNDERLAG, to=[late.chief(unit)], email=late.leader)
    extending.grant(
        late.world,
        late.case("underlag", unit),
        date(2009, 3, 9),
        reason="Sjukdom",
        email=late.boss(unit),
    )

    late.post()

    assert [("withdrawn",)] == late.rows("SELECT state FROM messages WHERE kind = 'nudge'")


def test_a_moved_milestone_counts_with_it(late: Stage) -> None:
    """The log still proves itself after a nudge and a move, and ticks go on as usual."""
    nudge(late.world, UNDERLAG, email=late.leader)
    late.post()
    move_milestone(
        late.world, ROUND, "grundarbete", date(2009, 3, 10), reason="x", email=late.leader
    )
    late.put("2009-03-11", "07:30")

    clockwork.tick(late.world)

    by_the_clock = [email for rung, _, email in late.reminders() if rung.startswith("holder")]
    assert chiefs(late) == sorted(by_the_clock)
    assert True is evidence.prove(late.world).ok


def test_it_can_be_sent_again(late: Stage) -> None:
    """As any mail that has left; and then it counts from then."""
    unit = late.units("verksamhet")[0]
    nudge(late.world, UNDERLAG, to=[late.chief(unit)], email=late.leader)
    late.post()
    (name,) = late.rows("SELECT message_id FROM messages WHERE kind = 'nudge'")
    late.at[0] += timedelta(hours=5)

    mailroom.resend(late.world, name[0], email=late.leader)

    (one,) = [
        one for one in list_nudges(late.world, UNDERLAG).recipients if one.email == late.chief(unit)
    ]
    assert True is one.rests
    assert late.at[0] == one.reminded_at


def test_the_very_mail_can_be_shown_first(late: Stage) -> None:
    """A preview gives the letter with its words, and leaves nothing."""
    before = late.everything()

    def deed(world):  # type: ignore[no-untyped-def]
        nudge(world, UNDERLAG, words=WORDS, email=late.leader)
        return {}

    shown = preview(late.world, ROUND, deed)

    assert before == late.everything()
    assert len(chiefs(late)) == len(shown.mails)
    assert [WORDS] == [one.comment for one in shown.samples]
