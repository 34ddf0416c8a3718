"""Comments: who writes them, who reads them, and whom they are told to, gathered."""

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from tests.service.threads import together
from tests.service.worlds import ROOT, ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, WorkflowError
from workflow.service import commenting
from workflow.service.commenting import CaseComments
from workflow.service.mail import letters, mailroom
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence
from workflow.service.seeing import see_case
from workflow.store.comments import Written


@pytest.fixture
def unit(groundwork: Stage) -> str:
    """The first verksamhet, of a round whose mails so far have left."""
    groundwork.post()
    for mail in groundwork.outbox.glob("*.eml"):
        mail.unlink()
    return groundwork.units("verksamhet")[0]


def comment(
    stage: Stage, unit: str, text: str = "Hur många?", email: str = "", **more: str
) -> Written:
    """Comment on a unit's underlag, as the one above it unless somebody else does."""
    case = stage.case("underlag", unit)
    return commenting.comment(stage.world, case, text, email=email or stage.boss(unit), **more)


def look(stage: Stage, unit: str, email: str) -> CaseComments | None:
    """See the comments on a unit's underlag."""
    with stage.world.database.read() as connection:
        seen, case = see_case(stage.world, connection, stage.case("underlag", unit), email)
        return commenting.list_comments(seen, case)


def texts(stage: Stage, unit: str) -> list[str]:
    """Give what has been written."""
    found = look(stage, unit, stage.chief(unit))
    return [one.text for one in found.comments] if found else []


def later(stage: Stage, minutes: float) -> None:
    """Let the clock go on."""
    stage.at[0] += timedelta(minutes=minutes)


def mails(stage: Stage) -> list[EmailMessage]:
    """Send what is due, and give the mails about comments that have left, oldest first."""
    stage.post()
    found = [
        message_from_bytes(file.read_bytes(), policy=default)
        for file in sorted(stage.outbox.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    ]
    return [mail for mail in found if mail["X-Beredning-Kind"] == "comment"]  # type: ignore[misc]


def words(mail: EmailMessage) -> str:
    """Give the text of a mail on one line."""
    part = mail.get_body(("plain",))
    return " ".join(str(part.get_content()).split()) if part else ""


def lend(stage: Stage, person: str, by: str) -> int:
    """Let somebody stand in for a person."""
    wish = Appointment(person=person, by=by, from_on=date(2008, 12, 3), to_on=date(2009, 6, 1))
    return int(substituting.appoint(stage.world, wish)["substitution"])


def far(stage: Stage, unit: str) -> str:
    """Give a unit of another driftenhet."""
    others = stage.units("verksamhet")
    return next(one for one in others if stage.parent(one) != stage.parent(unit))


# ---- written and read ------------------------------------------------------------------


def test_a_comment_is_kept_and_logged(groundwork: Stage, unit: str) -> None:
    """As it was written, with its lines; the log tells it in the same transaction."""
    made = comment(groundwork, unit, " Hur många?\r\n\r\n\r\nOch <b>när</b>?\0 ")

    line = evidence.log_lines(groundwork.world, ROUND)[-1]

    assert (1, "Hur många?\n\nOch <b>när</b>?") == (made.number, made.text)
    assert [made.text] == texts(groundwork, unit)
    assert ("commented", groundwork.boss(unit)) == (line["kind"], line["actor"])
    assert {"number": 1, "text": made.text} == line["payload"]
    assert True is evidence.prove(groundwork.world).ok


def test_the_case_and_its_forms_are_left_as_they_are(groundwork: Stage, unit: str) -> None:
    """A comment does not make anybody's open form stale."""
    comment(groundwork, unit)

    groundwork.hand_in(unit, version=1)

    assert True is evidence.prove(groundwork.world).ok


def test_sending_a_comment_twice_writes_it_once(groundwork: Stage, unit: str) -> None:
    """The same words of the same person, running; somebody else's are another comment."""
    first = comment(groundwork, unit, "Ja.")
    again = comment(groundwork, unit, " Ja. ")
    comment(groundwork, unit, "Ja.", groundwork.chief(unit))
    comment(groundwork, unit, "Ja.")

    assert first == again
    assert ["Ja.", "Ja.", "Ja."] == texts(groundwork, unit)


def test_a_page_gets_who_and_when(groundwork: Stage, unit: str) -> None:
    """Oldest first, with names."""
    comment(groundwork, unit)
    comment(groundwork, unit, "Tolv.", groundwork.chief(unit))

    found = look(groundwork, unit, groundwork.boss(unit))

    assert found is not None
    assert found.refusal is None
    assert [(1, "Hur många?"), (2, "Tolv.")] == [(one.number, one.text) for one in found.comments]
    assert 2 == len({one.by for one in found.comments} - {""})
    assert {groundwork.at[0]} == {one.at for one in found.comments}


# ---- who may ---------------------------------------------------------------------------


MAY = ("driftenhetschef", "verksamhetschef", "medicinsk_radgivare", "registrator", "ledamot",
       "funktionsansvarig")  # fmt: skip


@pytest.mark.parametrize("role", MAY)
def test_whoever_reads_the_case_may(groundwork: Stage, unit: str, role: str) -> None:
    """Above it, in it, beside it."""
    own = {"driftenhetschef": groundwork.boss(unit), "verksamhetschef": groundwork.chief(unit)}
    email = own.get(role) or groundwork.holder(role)

    made = comment(groundwork, unit, email=email)

    assert 1 == made.number


def test_the_auditor_reads_and_writes_nothing(groundwork: Stage, unit: str) -> None:
    """They see what was written, and why they do not write."""
    comment(groundwork, unit)
    auditor = groundwork.holder("revisor")

    with pytest.raises(NoRight):
        comment(groundwork, unit, "Jag undrar", auditor)

    found = look(groundwork, unit, auditor)
    assert found is not None
    assert found.refusal is not None
    assert 1 == len(found.comments)


def test_an_auditor_who_is_something_else_too_writes_as_that(groundwork: Stage, unit: str) -> None:
    """The role that may is enough; the one that may not takes nothing away."""
    auditor = groundwork.holder("revisor")
    groundwork.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'driftenhetschef',"
        " :unit, '2008-01-01', '2010-01-01' FROM people WHERE email = :email",
        unit=groundwork.parent(unit),
        email=auditor,
    )

    assert 1 == comment(groundwork, unit, email=auditor).number


def test_somebody_from_outside_writes_nothing(groundwork: Stage, unit: str) -> None:
    """Not even on the round itself, which everybody with a place in it sees."""
    outsider = groundwork.holder("prioriteringscentrum")

    with pytest.raises(NotFound):
        comment(groundwork, unit, email=outsider)
    with pytest.raises(NoRight):
        commenting.comment(groundwork.world, ROOT, "Hej", email=outsider)


STRANGERS: dict[str, Callable[[Stage, str], str]] = {
    "the chief of another unit": lambda stage, unit: stage.chief(far(stage, unit)),
    "the chief of another driftenhet": lambda stage, unit: stage.boss(far(stage, unit)),
    "an elected representative": lambda stage, _: stage.holder("fortroendevald"),
    "nobody known": lambda *_: "ingen@region.example",
}


@pytest.mark.parametrize("who", STRANGERS)
def test_to_a_stranger_it_is_not_there(groundwork: Stage, unit: str, who: str) -> None:
    """Neither to read nor to write, and nothing is kept."""
    email = STRANGERS[who](groundwork, unit)
    before = groundwork.everything()

    with pytest.raises(NotFound):
        comment(groundwork, unit, email=email)
    with pytest.raises(NotFound):
        look(groundwork, unit, email)

    assert before == groundwork.everything()


def test_a_substitute_writes_for_somebody(groundwork: Stage, unit: str) -> None:
    """Logged for both, and shown as "X för Y"; nothing is left when it has ended."""
    boss, other = groundwork.boss(unit), groundwork.boss(far(groundwork, unit))
    key = lend(groundwork, boss, other)

    comment(groundwork, unit, "Ett", other)
    comment(groundwork, unit, "Två", other, on_behalf_of=boss)
    substituting.end(groundwork.world, key)
    with pytest.raises(NotFound):
        comment(groundwork, unit, "Tre", other)

    found = look(groundwork, unit, boss)
    assert found is not None
    assert [True, True] == [" för " in one.by for one in found.comments]
    lines = evidence.log_lines(groundwork.world, ROUND)[-2:]
    assert [(other, boss)] * 2 == [(one["actor"], one["on_behalf_of"]) for one in lines]


def test_an_ended_case_is_still_commented_on_until_the_round_is_over(
    groundwork: Stage, unit: str
) -> None:
    """What was decided may be asked about; what is over is over."""
    groundwork.hand_in(unit)
    groundwork.approve(unit)
    comment(groundwork, unit)
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Slut")

    with pytest.raises(Refused) as found:
        comment(groundwork, unit, "För sent")

    assert "closed" == found.value.reasons[0].code
    assert ["Hur många?"] == texts(groundwork, unit)


WRONG = {"nothing": "", "nothing to see": " \u200b\r\n\u202e", "too much": "x" * 5001}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_kept_is_turned_down(groundwork: Stage, unit: str, text: str) -> None:
    """At its field, and nothing is written."""
    with pytest.raises(BadInput) as found:
        comment(groundwork, unit, WRONG[text])

    assert "text" == found.value.reasons[0].code
    assert [] == texts(groundwork, unit)


def test_the_longest_comment_is_kept(groundwork: Stage, unit: str) -> None:
    """The limit itself goes."""
    assert 5000 == len(comment(groundwork, unit, "å" * 5000).text)


def test_many_at_once_get_a_number_each(groundwork: Stage, unit: str) -> None:
    """Twenty at the same instant: twenty comments, one line each, and the log proves itself."""
    calls = [lambda n=n: comment(groundwork, unit, f"Nr {n}") for n in range(20)]

    answers = together(*calls)

    assert set(range(1, 21)) == {one.number for one in answers}
    assert True is evidence.prove(groundwork.world).ok


# ---- told ------------------------------------------------------------------------------


def test_whoever_has_the_case_is_told_at_once(groundwork: Stage, unit: str) -> None:
    """With the words, and a way to the case; nobody else is."""
    comment(groundwork, unit, "Hur många\nblir det?")

    (mail,) = mails(groundwork)

    assert groundwork.chief(unit) in mail["To"]
    assert "en ny kommentar, ons 3 dec" in mail["Subject"]
    assert "> Hur många > blir det?" in words(mail)
    assert f"/arenden/{groundwork.case('underlag', unit)}" in words(mail)


def test_nobody_is_told_of_their_own(groundwork: Stage, unit: str) -> None:
    """Who has the case and writes knows already."""
    comment(groundwork, unit, email=groundwork.chief(unit))

    assert [] == mails(groundwork)


def test_what_is_written_before_it_leaves_goes_with_it(groundwork: Stage, unit: str) -> None:
    """Several are one mail."""
    comment(groundwork, unit, "Ett")
    comment(groundwork, unit, "Två")
    comment(groundwork, unit, "Mitt", groundwork.chief(unit))
    comment(groundwork, unit, "Tre", groundwork.leader)

    (mail,) = mails(groundwork)

    assert "tre nya kommentarer" in mail["Subject"]
    assert "> Ett" in words(mail)
    assert "> Tre" in words(mail)
    assert "Mitt" not in words(mail)


def test_one_mail_each_quarter_of_an_hour(groundwork: Stage, unit: str) -> None:
    """The first leaves at once; the next ones wait until a quarter has passed, together, and
    those after them another quarter."""
    comment(groundwork, unit, "Ett")
    left = [len(mails(groundwork))]
    for minutes, text in ((1, "Två"), (13, "Tre"), (1, ""), (1, "Fyra"), (13, ""), (1, "")):
        later(groundwork, minutes)
        if text:
            comment(groundwork, unit, text)
        left.append(len(mails(groundwork)))

    assert [1, 1, 1, 2, 2, 2, 3] == left
    second, third = map(words, mails(groundwork)[1:])
    told = ("> Ett", "> Två", "> Tre", "> Fyra")
    assert [False, True, True, False] == [text in second for text in told]
    assert [False, False, False, True] == [text in third for text in told]


def test_each_case_has_its_own_quarter(groundwork: Stage, unit: str) -> None:
    """One busy case holds no other of the same person back."""
    other = next(
        one
        for one in groundwork.units("verksamhet")
        if one != unit and groundwork.parent(one) == groundwork.parent(unit)
    )
    for one in (unit, other):
        groundwork.hand_in(one)
    comment(groundwork, unit, email=groundwork.chief(unit))
    mails(groundwork)

    comment(groundwork, other, email=groundwork.chief(other))

    assert [groundwork.boss(unit)] * 2 == [
        mail["To"].addresses[0].addr_spec for mail in mails(groundwork)
    ]


def test_a_substitute_is_told_along_with_the_holder(groundwork: Stage, unit: str) -> None:
    """Both get it; the substitute reads for whom. Ended, it goes to the holder alone."""
    other = groundwork.chief(far(groundwork, unit))
    key = lend(groundwork, groundwork.chief(unit), other)
    groundwork.post()
    comment(groundwork, unit)
    both = mails(groundwork)

    later(groundwork, 20)
    comment(groundwork, unit, "Igen")
    substituting.end(groundwork.world, key)
    after = mails(groundwork)[len(both) :]

    assert {groundwork.chief(unit), other} == {str(m["To"].addresses[0].addr_spec) for m in both}
    assert any("ersättare för" in words(m) or "stand in for" in words(m) for m in both)
    assert [groundwork.chief(unit)] == [m["To"].addresses[0].addr_spec for m in after]


def test_what_is_done_before_it_leaves_is_not_told(groundwork: Stage, unit: str) -> None:
    """Handed in, the case is no longer theirs; whoever has it now finds it in the case."""
    comment(groundwork, unit)
    groundwork.hand_in(unit)

    assert [] == mails(groundwork)


def test_whoever_has_it_next_is_told(groundwork: Stage, unit: str) -> None:
    """The mail goes to the one who owes the case now."""
    groundwork.hand_in(unit)
    comment(groundwork, unit, "Rad 3 är osäker.", groundwork.chief(unit))

    (mail,) = mails(groundwork)

    assert groundwork.boss(unit) in mail["To"]


def test_who_has_lost_the_role_is_not_told(groundwork: Stage, unit: str) -> None:
    """The role is looked up when the mail is written."""
    comment(groundwork, unit)
    groundwork.end_grant("verksamhetschef", unit)

    assert [] == mails(groundwork)


def test_a_mail_that_a_worker_holds_is_not_added_to(groundwork: Stage, unit: str) -> None:
    """What was claimed may be written already: a later comment gets a mail of its own."""
    comment(groundwork, unit, "Ett")
    held = letters.claim(groundwork.world)
    comment(groundwork, unit, "Två")
    letters.give_back(groundwork.world, held)

    first, *_ = mails(groundwork)
    later(groundwork, 16)

    assert "> Två" not in words(first)
    assert "> Två" in words(mails(groundwork)[1])


def test_a_mail_that_is_written_is_not_added_to(groundwork: Stage, unit: str) -> None:
    """What is frozen leaves as it is, also when it has to wait."""
    comment(groundwork, unit, "Ett")
    held = letters.claim(groundwork.world)
    letters.freeze(groundwork.world, [(held[0], "a@region.example", b"frozen")])
    letters.give_back(groundwork.world, held)

    comment(groundwork, unit, "Två")

    found = groundwork.rows("SELECT content FROM messages WHERE kind = 'comment' ORDER BY id")
    assert [('{"comments": [1]}',), ('{"comments": [2]}',)] == found


def test_who_sees_a_case_without_reading_it_sees_no_comment(groundwork: Stage, unit: str) -> None:
    """Everybody with a place in the round sees the round; what is written there is not theirs."""
    commenting.comment(groundwork.world, ROOT, "Internt", email=groundwork.leader)
    chief = groundwork.chief(unit)

    with pytest.raises(NoRight):
        commenting.comment(groundwork.world, ROOT, "Hej", email=chief)
    with groundwork.world.database.read() as connection:
        seen, case = see_case(groundwork.world, connection, ROOT, chief)
        shown = commenting.list_comments(seen, case)

    assert shown is None


def test_a_mail_is_sent_again_with_what_it_told(groundwork: Stage, unit: str) -> None:
    """The operator can resend it while the case is still theirs."""
    comment(groundwork, unit)
    (mail,) = mails(groundwork)

    mailroom.resend(groundwork.world, str(mail["Message-ID"]).strip("<>"))

    first, second = mails(groundwork)
    assert words(first) == words(second)


def test_the_mail_holds_no_text_until_it_is_written(groundwork: Stage, unit: str) -> None:
    """What waits names the comments by number, so that their words stand in one place."""
    comment(groundwork, unit, "Kanariefågel")

    content = groundwork.rows("SELECT content FROM messages WHERE kind = 'comment'")

    assert [('{"comments": [1]}',)] == content


def test_a_refusal_changes_nothing(groundwork: Stage, unit: str) -> None:
    """No row, no line, no mail."""
    before = groundwork.everything()

    for email in (groundwork.holder("revisor"), groundwork.chief(far(groundwork, unit))):
        with pytest.raises(WorkflowError):
            comment(groundwork, unit, email=email)

    assert before == groundwork.everything()
