"""What has happened, as people read it: in words, in order, in pages, narrowed by a filter."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from notifications.deliver import PermanentFailure, TemporaryFailure
from tests.service.senders import Sink, post
from tests.service.worlds import OBJEKT, ROOT, ROUND, Stage
from workflow.core.errors import BadInput
from workflow.core.facts import EntryKind, MessageKind
from workflow.core.files.acceptance import Limits
from workflow.service import (
    acts,
    attaching,
    clockwork,
    commenting,
    extending,
    moving,
    opening,
    saving,
)
from workflow.service.reading.past.deed_words import WORDS
from workflow.service.reading.past.event import Event, Filter, Kind, Said
from workflow.service.reading.past.events import PAGE, Page, Scope, events, every_event
from workflow.service.reading.past.posts import MAIL_WORDS

WHOLE = Scope(round=ROUND)
EVERYTHING = Filter()
STEPS = Filter(kinds=frozenset({Kind.STEPS}))


def name_of(stage: Stage, email: str) -> str:
    """Give a person's name."""
    return next(one.name for one in stage.people.people if one.email == email)


def all_pages(stage: Stage, email: str, scope: Scope, wanted: Filter = EVERYTHING) -> list[Page]:
    """Read page after page to the end."""
    pages = [events(stage.world, email, scope, wanted)]
    while pages[-1].older:
        pages.append(events(stage.world, email, scope, wanted, after=pages[-1].older))
    return pages


def told(stage: Stage, email: str, scope: Scope, wanted: Filter = EVERYTHING) -> list[str]:
    """Give what every event says, newest first."""
    return [one.what for one in every_event(stage.world, email, scope, wanted)]


def unfolded(found: Sequence[Event]) -> list[tuple[str, str]]:
    """Give words and case of events, each part on its own."""
    return [(p.what, p.case) for one in found for p in (one.parts or (one,))]


@pytest.fixture
def unit(groundwork: Stage) -> str:
    """A verksamhet, on a day when the mails of the assignment have left."""
    post(groundwork, Sink())
    groundwork.put("2009-02-19", "10:00")
    return groundwork.units("verksamhet")[0]


def test_an_event_says_who_did_what(groundwork: Stage, unit: str) -> None:
    """The definition's own past tense stands behind the name, with how much came along; the
    states and the way it came are told beside."""
    groundwork.put("2009-02-20", "10:42")
    groundwork.hand_in(unit, comment="Vi har räknat om.")

    page = events(groundwork.world, groundwork.leader, WHOLE, STEPS)

    who = name_of(groundwork, groundwork.chief(unit))
    first = page.events[0]
    assert (f"{who} lämnade in underlaget, 1 rad", who) == (first.what, first.who)
    assert ("Utkast", "Inlämnat", 1) == (first.from_title, first.to_title, first.lap)
    assert (groundwork.case("underlag", unit), date(2009, 2, 20)) == (first.case, first.on)
    assert (Said(as_="comment", text="Vi har räknat om."),) == first.said
    assert "från kommandoraden (operator)" == first.via


def test_events_speak_the_readers_language(groundwork: Stage, unit: str) -> None:
    """Whoever reads English gets English, titles included."""
    groundwork.change(
        "UPDATE people SET language = 'en' WHERE email = :email", email=groundwork.leader
    )
    groundwork.hand_in(unit)

    page = events(groundwork.world, groundwork.leader, WHOLE, STEPS)

    who = name_of(groundwork, groundwork.chief(unit))
    assert f"{who} handed in the submission, 1 row" == page.events[0].what
    assert page.events[0].case_title.startswith("Submission")


def test_a_button_without_past_tense_is_quoted(bare: Stage) -> None:
    """A definition that says nothing of the deed is told by the words on its button."""
    wanted = bare.revision.content.replace(',"done":"registrerade att planen är fastställd"', "")
    assert wanted != bare.revision.content
    from workflow.core.revision import read_revision  # noqa: PLC0415 - only this test makes one

    opening.open_round(bare.world, read_revision(wanted), year=2010)
    secretary = bare.holder("sekreterare", bare.units("landstingsstyrelse")[0])
    bare.act(ROOT, "faststall", secretary)

    page = events(bare.world, bare.leader, WHOLE, STEPS)

    assert f"{name_of(bare, secretary)} valde ”Planen är fastställd”" == page.events[0].what


def test_questions_and_answers_stand_as_they_were_said(groundwork: Stage, unit: str) -> None:
    """A return shows its questions by number, the answer names the question it answers, and
    what comes after a return belongs to the second time around."""
    boss, case = groundwork.boss(unit), groundwork.case("underlag", unit)
    groundwork.hand_in(unit)
    questions = ["Hur många?", "Vilket år?"]
    groundwork.act(case, "aterlamna", boss, data={"questions": questions})
    answers = {"1": "Tolv.", "2": "2008."}
    groundwork.hand_in(unit, data={"answers": answers, "rows": OBJEKT})

    found = events(groundwork.world, groundwork.leader, Scope(case=case), STEPS).events

    again, back, first = found[:3]
    assert [1, 1, 2] == [first.lap, back.lap, again.lap]
    assert [("question", 1, "Hur många?"), ("question", 2, "Vilket år?")] == [
        (one.as_, one.number, one.text) for one in back.said
    ]
    assert [("answer", 1, "Tolv."), ("answer", 2, "2008.")] == [
        (one.as_, one.number, one.text) for one in again.said
    ]


def test_what_one_instant_brings_to_many_is_one_event(groundwork: Stage) -> None:
    """An assignment opens fourteen cases: one event with fourteen parts, each with its case."""
    found = events(groundwork.world, groundwork.leader, WHOLE, STEPS).events

    opened = next(one for one in found if one.parts)
    assert "Öppnades: Avstämning … (2), Underlag … (12)" == opened.what
    assert 14 == len({part.case for part in opened.parts})
    assert opened.number is None


def test_pages_together_hold_everything_once(groundwork: Stage) -> None:
    """Page after page, nothing is left out and nothing comes twice; the order is that of
    time, newest first."""
    for number, unit in enumerate(groundwork.units("verksamhet")):
        groundwork.put("2009-02-20", f"10:{number:02}")
        groundwork.hand_in(unit)
        groundwork.approve(unit)
    clockwork.tick(groundwork.world)

    pages = all_pages(groundwork, groundwork.leader, WHOLE)

    flat = [part for page in pages for part in unfolded(page.events)]
    whole = list(every_event(groundwork.world, groundwork.leader, WHOLE, EVERYTHING))
    entries = groundwork.rows("SELECT count(*) FROM entries WHERE chain = :chain", chain=ROUND)
    mails = groundwork.rows("SELECT count(*) FROM messages")
    assert 1 < len(pages)
    assert all(len(page.events) <= PAGE for page in pages)
    assert [(one.what, one.case) for one in whole] == flat
    assert entries[0][0] + mails[0][0] == len(flat)
    instants = [one.at for page in pages for one in page.events]
    assert sorted(instants, reverse=True) == instants


def test_what_comes_meanwhile_moves_no_page(groundwork: Stage) -> None:
    """The second page is the same whether or not something has happened since the first."""
    units = groundwork.units("verksamhet")
    for unit in units[:10]:
        groundwork.hand_in(unit)
        groundwork.approve(unit)
        groundwork.at[0] += timedelta(minutes=1)
    first = events(groundwork.world, groundwork.leader, WHOLE, EVERYTHING)
    before = events(groundwork.world, groundwork.leader, WHOLE, EVERYTHING, after=first.older)

    for unit in units[10:]:
        groundwork.hand_in(unit)

    after = events(groundwork.world, groundwork.leader, WHOLE, EVERYTHING, after=first.older)
    assert before.events
    assert before == after


@pytest.mark.parametrize("text", ["x", "1~2", "a~b~c", "a~1~-2", "~" * 9000, "a~1~2~b~1"])
def test_an_address_that_was_cut_is_said_to_be(groundwork: Stage, text: str) -> None:
    """A cursor that no page gave is refused in words."""
    with pytest.raises(BadInput, match="avklippt"):
        events(groundwork.world, groundwork.leader, WHOLE, EVERYTHING, after=text)


# ---- filters ---------------------------------------------------------------------------


def test_a_filter_by_case_and_by_unit(groundwork: Stage, unit: str) -> None:
    """One case's events, or those of a unit and the units below it."""
    groundwork.hand_in(unit)
    above = groundwork.parent(unit)
    below = {one.key for one in groundwork.people.units if one.parent == above} | {above}

    of_case = list(
        every_event(
            groundwork.world,
            groundwork.leader,
            WHOLE,
            Filter(case=groundwork.case("underlag", unit)),
        )
    )
    of_unit = list(every_event(groundwork.world, groundwork.leader, WHOLE, Filter(unit=above)))

    assert {groundwork.case("underlag", unit)} == {one.case for one in of_case}
    assert below == {one.case.rpartition(".")[2] for one in of_unit}


def test_a_filter_by_person(groundwork: Stage, unit: str) -> None:
    """What somebody did, and what was sent to them."""
    groundwork.hand_in(unit)
    chief = groundwork.chief(unit)

    found = list(
        every_event(
            groundwork.world,
            groundwork.leader,
            WHOLE,
            Filter(who=name_of(groundwork, chief).upper()),
        )
    )

    name = name_of(groundwork, chief)
    assert {"transition", "mail"} == {one.entry for one in found}
    assert all(name in (one.who, one.post.to if one.post else "") for one in found)


def test_a_filter_by_days_includes_both(groundwork: Stage) -> None:
    """From the first day's first minute to the last day's last."""
    for day, clock, other in (
        ("2009-02-19", "23:59", 1),
        ("2009-02-20", "00:00", 2),
        ("2009-02-21", "23:59", 3),
        ("2009-02-22", "00:00", 4),
    ):
        groundwork.put(day, clock)
        groundwork.hand_in(groundwork.units("verksamhet")[other])

    wanted = Filter(since=date(2009, 2, 20), until=date(2009, 2, 21), kinds=frozenset({Kind.STEPS}))
    found = events(groundwork.world, groundwork.leader, WHOLE, wanted).events

    assert [date(2009, 2, 21), date(2009, 2, 20)] == [one.on for one in found]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_filter_by_an_impossible_day_is_no_trouble(groundwork: Stage, day: date) -> None:
    """The first and the last day that there is are as good as none."""
    found = events(groundwork.world, groundwork.leader, WHOLE, Filter(since=day, until=day))

    assert () == found.events


def test_a_filter_by_words_looks_in_what_was_said(groundwork: Stage, unit: str) -> None:
    """In upper or lower case, in comments, questions and answers, and nowhere else."""
    boss, case = groundwork.boss(unit), groundwork.case("underlag", unit)
    groundwork.hand_in(unit, comment="Åtgärden gäller ÖRON.")
    groundwork.act(case, "aterlamna", boss, data={"questions": ["Och ögon?"]})

    def found(words: str) -> list[str]:
        page = events(groundwork.world, groundwork.leader, WHOLE, Filter(words=words))
        return [one.to_title for one in page.events]

    assert [["Inlämnat"], ["Utkast"], []] == [found("öron"), found("ÖGON"), found("underlaget")]


def test_filters_by_kind_share_out_all_there_is(groundwork: Stage, unit: str) -> None:
    """Every event is of exactly one kind."""
    groundwork.hand_in(unit)
    groundwork.put("2009-02-27", "08:00")
    clockwork.tick(groundwork.world)

    each = [
        told(groundwork, groundwork.leader, WHOLE, Filter(kinds=frozenset({kind}))) for kind in Kind
    ]

    assert sorted(told(groundwork, groundwork.leader, WHOLE)) == sorted(
        what for some in each for what in some
    )


# ---- comments, files, drafts -----------------------------------------------------------


def test_a_comment_and_a_file_stand_in_the_timeline(groundwork: Stage, unit: str) -> None:
    """With the words, the file's name and its ground for secrecy, for those who read them."""
    case, chief = groundwork.case("underlag", unit), groundwork.chief(unit)
    commenting.comment(groundwork.world, case, "Se bilagan.", email=chief)
    wish = attaching.FileWish(
        case=case,
        name="bilaga.txt",
        content=b"Text.",
        email=chief,
        secrecy="OSL 25 kap. 1 §",
    )
    attaching.attach(groundwork.world, wish, Limits(file_bytes=1000, case_bytes=1000))

    wanted = Filter(kinds=frozenset({Kind.REMARKS}))
    found = events(groundwork.world, groundwork.leader, Scope(case=case), wanted).events

    who = name_of(groundwork, chief)
    assert [f"{who} bifogade bilaga.txt", f"{who} skrev en kommentar"] == [e.what for e in found]
    assert ["OSL 25 kap. 1 §", "Se bilagan."] == [one.said[0].text for one in found]


def test_saving_again_and_again_is_one_event(groundwork: Stage, unit: str) -> None:
    """Somebody at work saves every few minutes; the page tells it once, with how often."""
    case, chief = groundwork.case("underlag", unit), groundwork.chief(unit)
    for number in range(5):
        groundwork.at[0] += timedelta(minutes=3)
        row = {**OBJEKT["objekt"][0], "atgard": f"Påhittad {number}"}
        wish = acts.Wish(case=case, transition="", email=chief, data={"rows": {"objekt": [row]}})
        saving.save(groundwork.world, wish)

    found = events(groundwork.world, groundwork.leader, Scope(case=case), EVERYTHING).events

    who = name_of(groundwork, chief)
    assert f"{who} sparade utkastet, 5 gånger" == found[0].what
    assert (5, groundwork.at[0]) == (len(found[0].parts), found[0].at)


# ---- dates -----------------------------------------------------------------------------


def test_moved_milestones_and_extensions_are_told_with_their_days(
    groundwork: Stage, unit: str
) -> None:
    """Who moved what to which day, who asked and who granted, each with the reason."""
    chief, boss = groundwork.chief(unit), groundwork.boss(unit)
    task = f"{groundwork.case('underlag', unit)}#1"
    extending.ask(groundwork.world, task, date(2009, 3, 6), reason="Vikarie saknas.", email=chief)
    extending.grant(groundwork.world, task, None, reason="Rimligt.", email=boss)
    moving.move_milestone(
        groundwork.world,
        ROUND,
        "forslag",
        date(2009, 4, 24),
        reason="Salen är upptagen.",
        email=groundwork.leader,
    )

    wanted = Filter(kinds=frozenset({Kind.DATES}))
    found = events(groundwork.world, groundwork.leader, WHOLE, wanted).events

    leader = name_of(groundwork, groundwork.leader)
    assert [
        (
            f"{leader} flyttade Ledningsgruppens förslag till fre 24 april",
            "Salen är upptagen.",
        ),
        (f"{name_of(groundwork, boss)} gav anstånd till fre 6 mars", "Rimligt."),
        (f"{name_of(groundwork, chief)} bad om anstånd till fre 6 mars", "Vikarie saknas."),
    ] == [(one.what, one.said[0].text) for one in found]


# ---- mails -----------------------------------------------------------------------------


def test_a_mail_shows_each_try(groundwork: Stage, unit: str) -> None:
    """Refused for now, tried again, taken: every try with what the other side said, and in the
    end that it has left."""
    groundwork.hand_in(unit)
    boss = groundwork.boss(unit)
    post(groundwork, Sink(failures={boss: TemporaryFailure("451 try later")}))
    wanted = Filter(case=groundwork.case("underlag", unit), kinds=frozenset({Kind.MAIL}))
    waiting = events(groundwork.world, groundwork.leader, WHOLE, wanted).events[0].post

    groundwork.at[0] += timedelta(minutes=5)
    post(groundwork, Sink())

    after = events(groundwork.world, groundwork.leader, WHOLE, wanted).events[0].post
    assert waiting
    assert after
    assert ("waits", "väntar på ett nytt försök") == (waiting.state, waiting.state_title)
    assert waiting.next_try_at is not None
    assert name_of(groundwork, boss) == after.to
    assert [("waits", "451 try later"), ("sent", "250 ok")] == [
        (one.outcome, one.answer) for one in after.tries
    ]
    assert ("sent", None) == (after.state, after.next_try_at)


def test_a_mail_that_is_refused_stands_out(groundwork: Stage, unit: str) -> None:
    """What somebody should look at is marked, also among many told as one."""
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Vi börjar om.")  # tells everybody
    chief = groundwork.chief(unit)
    post(groundwork, Sink(failures={chief: PermanentFailure("550 no such user")}))

    wanted = Filter(kinds=frozenset({Kind.MAIL}))
    found = events(groundwork.world, groundwork.leader, WHOLE, wanted).events

    wrong = [part for one in found if one.wrong for part in one.parts or (one,) if part.wrong]
    assert [(name_of(groundwork, chief), "failed")] == [
        (one.post.to, one.post.state) for one in wrong if one.post
    ]


def test_a_reminder_tells_what_it_reminds_of(groundwork: Stage, unit: str) -> None:
    """By case and by the step of the ladder; an escalation says to whom it goes."""
    for day in ("2009-02-27", "2009-03-02", "2009-03-04"):
        groundwork.put(day, "08:00")
        clockwork.tick(groundwork.world)
        post(groundwork, Sink())
    case = groundwork.case("underlag", unit)

    wanted = Filter(kinds=frozenset({Kind.REMINDERS}))
    found = list(every_event(groundwork.world, groundwork.leader, Scope(case=case), wanted))

    title = found[0].case_title
    late = f"{title}, 1 arbetsdag efter sista dag"
    above = f"{title}, 3 arbetsdagar efter sista dag, till närmaste chef"
    before = f"{title}, 1 arbetsdag före sista dag"
    assert {(above,), (late,), (before,)} == {one.post.about for one in found if one.post}


def test_a_reminder_mail_of_two_rounds_is_told_in_each_alone(groundwork: Stage) -> None:
    """One mail, two rounds: each tells only of its own, and neither shows the subject, which
    speaks of both."""
    opening.open_round(groundwork.world, groundwork.revision, year=2011)
    secretary = groundwork.holder("sekreterare", groundwork.units("landstingsstyrelse")[0])
    groundwork.put("2009-11-10", "08:00")
    clockwork.tick(groundwork.world)
    wanted = Filter(kinds=frozenset({Kind.REMINDERS}))

    other = "prioritering-2011"
    found = list(every_event(groundwork.world, groundwork.leader, Scope(round=other), wanted))

    mails = [
        one.post for one in found if one.post and one.post.to == name_of(groundwork, secretary)
    ]
    assert mails
    assert {one.round for one in found} == {other}
    assert all(ROUND not in one.case for one in found)
    assert all("underlag" not in " ".join(mail.about).lower() for mail in mails)
    assert {""} == {mail.subject for mail in mails}


# ---- scopes ----------------------------------------------------------------------------


def test_ones_own_events_are_those_of_all_ones_rounds(groundwork: Stage) -> None:
    """Rounds are merged by time, and each event says which round it is of."""
    opening.open_round(groundwork.world, groundwork.revision, year=2011)

    pages = all_pages(groundwork, groundwork.leader, Scope())

    found = [one for page in pages for one in page.events]
    assert {ROUND, "prioritering-2011"} == {one.round for one in found}
    assert sorted((one.at for one in found), reverse=True) == [one.at for one in found]
    assert len(told(groundwork, groundwork.leader, Scope())) == sum(
        len(told(groundwork, groundwork.leader, Scope(round=name)))
        for name in (ROUND, "prioritering-2011")
    )


def test_the_installations_own_events_are_for_those_who_read_all(groundwork: Stage) -> None:
    """Leader, registrar and auditor see what was done with the installation."""
    scope = Scope(round="installation")

    words = {
        role: told(groundwork, groundwork.holder(role), scope)
        for role in ("medicinsk_radgivare", "registrator", "revisor")
    }

    assert {("Omgången öppnades", "Organisationen lästes in", "Databasen gjordes")} == {
        tuple(one) for one in words.values()
    }


def test_every_kind_of_entry_and_mail_has_its_words() -> None:
    """Nothing that the log can hold is without a sentence, in either language."""
    by_hand = {EntryKind.TRANSITION, EntryKind.SIGNED}

    assert set(EntryKind) - by_hand == set(WORDS)
    assert set(MessageKind) == set(MAIL_WORDS)
    assert all(sv and en and sv != en for both in WORDS.values() for sv, en in both)
