"""Who sees what of what has happened: no unseen case, no unread word, no mail of others."""

from datetime import date

import pytest

from notifications.deliver import PermanentFailure
from tests.service.senders import Sink, post
from tests.service.worlds import OBJEKT, ROOT, ROUND, Stage
from workflow.core.errors import NotFound
from workflow.service import clockwork, extending
from workflow.service.reading.past.event import Event, Filter, Kind
from workflow.service.reading.past.events import Scope, events, every_event
from workflow.service.seeing import see_round
from workflow.store.rounds import list_cases

WHOLE = Scope(round=ROUND)
EVERYTHING = Filter()
SECRET = "Hemligt skäl om Påhittad Person."


def seen_by(stage: Stage, email: str, scope: Scope = WHOLE) -> list[Event]:
    """Give all that somebody sees, newest first."""
    return list(every_event(stage.world, email, scope, EVERYTHING))


@pytest.fixture
def busy(groundwork: Stage) -> Stage:
    """A round in which every kind of thing has been said, in two units."""
    post(groundwork, Sink())
    for number, unit in enumerate(groundwork.units("verksamhet")[:2]):
        groundwork.put("2009-02-19", f"10:{number:02}")
        chief, boss = groundwork.chief(unit), groundwork.boss(unit)
        case = groundwork.case("underlag", unit)
        extending.ask(groundwork.world, f"{case}#1", date(2009, 3, 6), reason=SECRET, email=chief)
        extending.grant(groundwork.world, f"{case}#1", None, reason=SECRET, email=boss)
        groundwork.hand_in(unit, comment=SECRET)
        groundwork.act(case, "aterlamna", boss, data={"questions": [SECRET]})
        groundwork.hand_in(unit, data={"answers": {"1": SECRET}, "rows": OBJEKT})
    post(groundwork, Sink())
    groundwork.put("2009-02-27", "08:00")
    clockwork.tick(groundwork.world)
    post(groundwork, Sink())
    return groundwork


def test_everybody_sees_what_sight_says_and_no_more(busy: Stage) -> None:
    """Of the whole organisation each sees exactly the leader's entries, less those about a
    case that `sight` hides from them."""
    whole = [one for one in seen_by(busy, busy.leader) if one.number and one.case]
    wrong = []
    for person in busy.people.people:
        with busy.world.database.read() as connection:
            try:
                seen = see_round(busy.world, connection, ROUND, person.email)
            except NotFound:
                continue
            cases = {case.id for case in list_cases(connection, ROUND) if seen.sight.sees(case)}
        told = {one.number for one in seen_by(busy, person.email) if one.number and one.case}
        if told != {one.number for one in whole if one.case in cases}:
            wrong.append(person.email)

    assert [] == wrong


def test_words_are_for_those_who_read(busy: Stage) -> None:
    """Whoever sees a case without reading it gets no comment, reason, question or answer, and
    does not learn how much came along."""
    unit = busy.units("verksamhet")[0]
    member = busy.holder("fortroendevald")
    readers = (busy.chief(unit), busy.boss(unit), busy.leader)

    said = {
        email: any(SECRET in one.text for event in seen_by(busy, email) for one in event.said)
        for email in (*readers, member)
    }

    assert dict.fromkeys(readers, True) | {member: False} == said


def test_a_round_under_way_is_seen_by_those_in_it_and_read_by_few(busy: Stage) -> None:
    """That the round went on is seen by an elected representative; why it was sent back, while
    it goes on, is not."""
    director = busy.holder("landstingsdirektor")
    for unit in busy.units("verksamhet"):
        case = busy.case("underlag", unit)
        with busy.world.database.read() as connection:
            state = next(c.state for c in list_cases(connection, ROUND) if c.id == case)
        if state == "utkast":
            busy.hand_in(unit)
        busy.approve(unit)
    for unit in busy.units("driftenhet"):
        chief = busy.holder("driftenhetschef", unit)
        busy.act(busy.case("avstamning", unit), "redovisa", chief)
    back = [busy.case("avstamning", busy.units("driftenhet")[0])]
    busy.act(ROOT, "aterremiss", director, data={"questions": [SECRET], "pick": back})

    elected = seen_by(busy, busy.swedish("fortroendevald"))

    moves = [one for one in elected if one.case == ROOT and one.entry == "transition"]
    assert "återremitterade till driftenheter" in moves[0].what
    assert () == moves[0].said
    assert "fråga" not in moves[0].what


def test_a_mail_of_others_says_neither_its_subject_nor_the_servers_words(busy: Stage) -> None:
    """The recipient sees the subject of their own; another who sees the case sees that it went,
    and whoever reads everything sees all of it."""
    unit = busy.units("verksamhet")[0]
    case = Scope(case=busy.case("underlag", unit))
    chief, boss = busy.chief(unit), busy.boss(unit)
    to = next(one.name for one in busy.people.people if one.email == boss)

    def mail(email: str) -> tuple[bool, bool, bool]:
        mails = [one.post for one in seen_by(busy, email, case) if one.post]
        own = next(one for one in mails if one.to == to and one.kind == "assignment")
        return bool(own.subject), bool(own.message_id), any(one.answer for one in own.tries)

    assert (False, False, False) == mail(chief)
    assert (True, False, False) == mail(boss)
    assert (True, True, True) == mail(busy.leader)


def test_alarms_are_for_those_who_lead(busy: Stage) -> None:
    """A mail to the leader about what went wrong in a case is not told to the case's chief."""
    unit = busy.units("verksamhet")[0]
    boss = busy.boss(unit)
    busy.act(busy.case("underlag", unit), "aterlamna", boss, data={"questions": ["Igen?"]})
    post(busy, Sink(failures={busy.chief(unit): PermanentFailure("550 no such user")}))
    scope = Scope(case=busy.case("underlag", unit))

    kinds = {
        email: {one.post.kind for one in seen_by(busy, email, scope) if one.post}
        for email in (busy.chief(unit), boss, busy.leader)
    }

    assert "incident" in kinds[busy.leader]
    assert "incident" not in kinds[busy.chief(unit)] | kinds[boss]


def test_mail_about_nothing_one_sees_is_not_there(busy: Stage) -> None:
    """A chief gets mails about their own unit, and sees none of the other units'."""
    unit, other = busy.units("verksamhet")[:2]

    mails = [one for one in seen_by(busy, busy.chief(unit)) if one.post]

    titles = " ".join(" ".join(one.post.about) + one.case_title for one in mails if one.post)
    name = next(one.name for one in busy.people.units if one.key == other)
    assert mails
    assert name not in titles


@pytest.mark.parametrize(
    "scope",
    [
        Scope(round="prioritering-1999"),
        Scope(case="prioritering-1999.underlag.x"),
        Scope(case=f"{ROUND}.underlag.finns_inte"),
        Scope(round="installation"),
    ],
)
def test_what_is_not_there_and_what_is_not_ones_own_are_alike(busy: Stage, scope: Scope) -> None:
    """The same answer, whether there is no such thing or it is not for this person."""
    unit, other = busy.units("verksamhet")[:2]
    hidden = Scope(case=busy.case("underlag", other))
    messages = []
    for one in (scope, hidden):
        with pytest.raises(NotFound) as caught:
            events(busy.world, busy.chief(unit), one, EVERYTHING)
        messages.append(caught.value.sv)

    assert messages[0] == messages[1]


def test_a_sheet_of_what_one_may_not_see_is_refused_before_it_begins(busy: Stage) -> None:
    """So that the answer is a page and not half a file."""
    unit, other = busy.units("verksamhet")[:2]

    with pytest.raises(NotFound):
        every_event(
            busy.world, busy.chief(unit), Scope(case=busy.case("underlag", other)), EVERYTHING
        )


def test_a_filter_by_a_hidden_case_gives_nothing(busy: Stage) -> None:
    """Nor does one by a unit or a person of another unit give more than one sees."""
    unit, other = busy.units("verksamhet")[:2]
    chief = busy.chief(unit)
    name = next(one.name for one in busy.people.people if one.email == busy.chief(other))

    found = [
        list(every_event(busy.world, chief, WHOLE, wanted))
        for wanted in (
            Filter(case=busy.case("underlag", other)),
            Filter(unit=other),
            Filter(who=name),
            Filter(unit="finns_inte"),
            Filter(words=SECRET, who=name),
        )
    ]

    assert [[], [], [], [], []] == found


def test_a_revoked_role_sees_nothing_from_the_next_look_on(busy: Stage) -> None:
    """Not even of the past."""
    unit = busy.units("verksamhet")[0]
    chief = busy.chief(unit)
    before = seen_by(busy, chief)

    busy.end_grant("verksamhetschef", unit)

    assert before
    with pytest.raises(NotFound):
        events(busy.world, chief, WHOLE, EVERYTHING)
    assert () == events(busy.world, chief, Scope(), EVERYTHING).events


def test_searching_words_finds_only_what_one_reads(busy: Stage) -> None:
    """Words in another unit's comments cannot be felt for by searching."""
    unit = busy.units("verksamhet")[0]
    wanted = Filter(words="hemligt", kinds=frozenset({Kind.STEPS}))

    chiefs = list(every_event(busy.world, busy.chief(unit), WHOLE, wanted))
    members = list(every_event(busy.world, busy.holder("fortroendevald"), WHOLE, wanted))

    assert {busy.case("underlag", unit)} == {one.case for one in chiefs}
    assert [] == members
