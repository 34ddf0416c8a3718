"""Returned with questions, put off to another day."""

from datetime import date

import pytest

from tests.support.definitions import TREE, revision_of
from tests.support.memory import MemoryRound
from tests.support.trees import a_tree, codes, collected, compiled
from workflow.core.errors import BadInput, Refused
from workflow.core.facts import MessageKind


def returned(*questions):
    """Give a round with one underlag sent back with questions."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a_round.act("underlag.ett", "aterlamna", "nora", questions=list(questions))
    return a_round


def test_a_return_goes_to_the_same_case_with_numbered_questions():
    """The case goes back with a deadline of its own, its owner told what is asked."""
    a_round = returned("Hur många?", "Varför?")

    assert "utkast" == a_round.state("underlag.ett")
    assert [(1, "Hur många?"), (2, "Varför?")] == [
        (one.number, one.text) for one in a_round.facts.questions(a_round.id("underlag.ett"))
    ]
    assert date(2009, 1, 15) == a_round.due_on("underlag.ett")
    (letter,) = a_round.last.messages
    assert MessageKind.RETURNED == letter.kind
    assert ["Hur många?", "Varför?"] == letter.content["questions"]


def test_questions_are_answered_before_the_case_goes_on():
    """Without answers it stands, with a reason per question; with them it goes."""
    a_round = returned("Hur många?", "Varför?")

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "inget", "ellen", "Nu så.", answers={"2": "Därför."})
    a_round.act("underlag.ett", "inget", "ellen", "Nu.", answers={"1": "Tio.", "2": "Därför."})

    assert ["questions"] == codes(caught)
    assert "inlamnat" == a_round.state("underlag.ett")
    assert ["Tio.", "Därför."] == [
        one.answer for one in a_round.facts.questions(a_round.id("underlag.ett"))
    ]


def test_a_blank_answer_is_no_answer():
    """Spaces answer nothing."""
    a_round = returned("Hur många?")

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "lamna_in", "ellen", answers={"1": "  "}, rows=ONE_ROW)

    assert ["questions"] == codes(caught)


ONE_ROW = {"rader": [{"atgard": "Röntgen"}]}


def test_a_comment_is_the_one_question_and_the_one_answer():
    """A return with a comment alone asks it; a comment alone answers one open question."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a_round.act("underlag.ett", "aterlamna", "nora", "Hur många?")
    a_round.act("underlag.ett", "inget", "ellen", "Tio.")

    (question,) = a_round.facts.questions(a_round.id("underlag.ett"))
    assert ("Hur många?", "Tio.") == (question.text, question.answer)


def test_a_comment_does_not_answer_two_questions():
    """With two open, a comment is a comment."""
    a_round = returned("Hur många?", "Varför?")

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "inget", "ellen", "Tio, därför.")

    assert ["questions", "questions"] == codes(caught)


def test_questions_are_numbered_on():
    """A second return goes on counting, and only new questions are open."""
    a_round = returned("Hur många?")
    a_round.act("underlag.ett", "inget", "ellen", "Tio.")
    a_round.act("underlag.ett", "aterlamna", "nora", questions=["Säkert?"])

    assert [(1, "Tio."), (2, None)] == [
        (one.number, one.answer) for one in a_round.facts.questions(a_round.id("underlag.ett"))
    ]


def test_a_return_must_ask_something():
    """Neither question nor comment: it is not sent back."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")

    with pytest.raises(BadInput) as caught:
        a_round.act("underlag.ett", "aterlamna", "nora", questions=["  "])

    assert ["questions"] == codes(caught)
    assert "inlamnat" == a_round.state("underlag.ett")


def test_an_answer_to_what_was_never_asked_is_refused():
    """Answers go by number, and the number must be there."""
    a_round = returned("Hur många?")

    with pytest.raises(BadInput) as caught:
        a_round.act("underlag.ett", "inget", "ellen", "Nu.", answers={"1": "Tio.", "7": "Nej."})

    assert ["answers"] == codes(caught)


def test_the_owner_may_take_it_back_without_answering():
    """A transition with its own role moves the case whatever is asked."""
    a_round = collected()
    a_round.act("lista.norr", "komplettera", "nora", "Hur många?", pick=["ett"])
    a_round.act("underlag.ett", "inget", "ellen", "Tio.")

    a_round.act("underlag.ett", "ta_tillbaka", "ellen")

    assert "utkast" == a_round.state("underlag.ett")


def test_put_off_to_the_same_state():
    """Bordläggning is a new task in the same state, on the day that was given."""
    a_round = compiled()
    earlier = a_round.task("omgang")

    a_round.act("omgang", "bordlagg", "lena", "Mer tid.", due_on="2009-06-01")

    assert "beslut" == a_round.state("omgang")
    assert (earlier.id,) == a_round.last.tasks_closed
    assert date(2009, 6, 1) == a_round.due_on("omgang")
    assert "" == a_round.task("omgang").due_rule
    assert {"norr": "lamnad", "soder": "lamnad"} == a_round.states("lista")


@pytest.mark.parametrize(
    ("comment", "due_on", "wanted"),
    [
        ("", "2009-06-01", ["comment"]),
        ("  ", "2009-06-01", ["comment"]),
        ("Mer tid.", None, ["date"]),
        ("", None, ["comment", "date"]),
        ("Mer tid.", "2009-01-11", ["date"]),
    ],
)
def test_putting_off_takes_a_reason_and_a_day_to_come(comment, due_on, wanted):
    """Both are asked for, each with its own reason; yesterday will not do."""
    a_round = compiled()
    data = {"due_on": due_on} if due_on else {}

    with pytest.raises(BadInput) as caught:
        a_round.act("omgang", "bordlagg", "lena", comment, **data)

    assert wanted == codes(caught)


def test_today_is_a_day_to_come():
    """The day that is going on has not passed."""
    a_round = compiled()

    a_round.act("omgang", "bordlagg", "lena", "I kväll.", due_on="2009-01-12")

    assert date(2009, 1, 12) == a_round.due_on("omgang")


def test_a_return_after_its_deadline_asks_for_a_day():
    """Where the state's own date has passed, whoever returns gives a new one."""
    text = TREE.replace('asks = ["questions"], due = "3 days" }', 'asks = ["questions"] }')
    a_round = MemoryRound(revision_of(text))
    a_round.act("omgang", "borja", "lena")
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a_round.clock.put("2009-02-28", "00:00")

    with pytest.raises(BadInput) as caught:
        a_round.act("underlag.ett", "aterlamna", "nora", "Hur många?")
    a_round.act("underlag.ett", "aterlamna", "nora", "Hur många?", due_on="2009-03-06")

    assert ["date"] == codes(caught)
    assert date(2009, 3, 6) == a_round.due_on("underlag.ett")
