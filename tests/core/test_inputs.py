"""What comes along is read strictly, and the log keeps what was used."""

import pytest

from tests.support.definitions import TREE, revision_of
from tests.support.memory import MemoryRound
from workflow.core.errors import BadInput
from workflow.core.inputs import KEYS, MAX_COMMENT

ROWS = {"rader": [{"atgard": "Röntgen", "tkr": "1 200"}, {"atgard": "Kur"}]}


@pytest.fixture
def a_round():
    """A round that has begun, with one underlag handed in."""
    found = MemoryRound(revision_of(TREE))
    found.act("omgang", "borja", "lena")
    found.act("underlag.tva", "inget", "tove", "Lugnt.")
    return found


def refused(a_round, case, transition, by, comment="", **data):
    """Give the codes and words with which something was refused, nothing being changed."""
    before = dict(a_round.facts.cases)
    with pytest.raises(BadInput) as caught:
        a_round.act(case, transition, by, comment, **data)
    assert before == a_round.facts.cases
    assert caught.value.reasons
    return [one.code for one in caught.value.reasons], caught.value.sv


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        ({"row": []}, "key", "Okänd nyckel ”row” i data. Menade du ”rows”?"),
        ({"qx": 1}, "key", "Okänd nyckel ”qx” i data. Det går: questions, answers, due_on"),
        ({"questions": "Varför?"}, "questions", "questions är en lista av texter"),
        ({"questions": [1]}, "questions", "questions är en lista av texter"),
        ({"questions": ["x" * 20_001]}, "questions", "questions är för långt"),
        ({"questions": ["x"] * 10_001}, "questions", "questions är för långt"),
        ({"questions": ["a\0b"]}, "questions", "questions har tecken som inte går att spara"),
        ({"questions": ["a\udfffb"]}, "questions", "questions har tecken som inte går att spara"),
        ({"pick": "ett"}, "pick", "pick är en lista av texter"),
        ({"choose": "etik"}, "choose", "choose är en lista av texter"),
        ({"answers": ["Ja."]}, "answers", "answers är svar per frågenummer"),
        ({"answers": {"ett": "Ja."}}, "answers", "answers är svar per frågenummer"),
        ({"answers": {"1": 7}}, "answers", "answers är svar per frågenummer"),
        ({"answers": {"1": "x" * 20_001}}, "answers", "answers är svar per frågenummer"),
        ({"answers": {"9" * 5000: "Ja."}}, "answers", "answers är svar per frågenummer"),
        ({"answers": {"1": "a\0b"}}, "answers", "answers har tecken som inte går att spara"),
        ({"due_on": "i morgon"}, "due_on", "”i morgon” är ingen dag; skriv till exempel"),
        ({"due_on": "2009-02-29"}, "due_on", "”2009-02-29” är ingen dag"),
        ({"due_on": ["2009-02-28"]}, "due_on", "är ingen dag"),
        ({"rows": []}, "rows", "rows är rader per tabell"),
        ({"rows": {"andra": []}}, "rows", "Tabellen ”andra” fylls inte i här. Här fylls i: rader"),
        ({"rows": {"rader": {}}}, "rows", "rader är en lista av rader"),
        ({"rows": {"rader": ["x"]}}, "rows", "rader är en lista av rader"),
        ({"rows": {"rader": [{"tkr": "x"}, {"b": 1}]}}, "cell", "Rader, rad 2, b: finns inte"),
        ({"decision": []}, "decision", "decision är enkla värden"),
        ({"decision": {"present": [7]}}, "decision", "decision är enkla värden"),
        ({"decision": {"paragraph": "§\0"}}, "decision", "decision har tecken som inte går"),
        ({"decision": {"present": 10**400}}, "decision", "decision är enkla värden"),
        ({"decision": {"meeting_on": "snart"}}, "due_on", "”snart” är ingen dag"),
    ],
)
def test_what_cannot_be_read(a_round, data, code, words):
    """What is not as it should be is refused by its key, in words, before anything else."""
    codes, said = refused(a_round, "underlag.ett", "inget", "ellen", "Nej.", **data)

    assert code in codes
    assert words in said


def test_rows_where_nothing_is_filled_in(a_round):
    """A step without tables takes no rows."""
    _, said = refused(a_round, "underlag.tva", "godkann", "nora", rows=ROWS)

    assert "Här fylls i: inga" in said


@pytest.mark.parametrize("comment", ["x" * (MAX_COMMENT + 1), "a\0b", "a\ud800"])
def test_comments_that_cannot_be_kept(a_round, comment):
    """A comment has an end, and characters that can be stored."""
    codes, _ = refused(a_round, "underlag.ett", "inget", "ellen", comment)

    assert ["comment"] == codes


def test_the_longest_comment_is_kept(a_round):
    """One more character would be too many."""
    a_round.act("underlag.ett", "inget", "ellen", "x" * MAX_COMMENT)

    assert "inlamnat" == a_round.state("underlag.ett")


def test_rows_replace_those_that_were_there(a_round):
    """What comes along counts for the rules and is kept, the table as a whole."""
    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)
    a_round.act("underlag.ett", "ta_tillbaka", "ellen")
    a_round.act("underlag.ett", "lamna_in", "ellen")
    kept = a_round.facts.rows("prov-2010.underlag.ett", "rader")
    a_round.act("underlag.ett", "ta_tillbaka", "ellen")
    a_round.act("underlag.ett", "lamna_in", "ellen", rows={"rader": [{"atgard": "Ny"}]})

    assert [{"atgard": "Röntgen", "tkr": 1200}, {"atgard": "Kur"}] == kept
    assert [{"atgard": "Ny"}] == a_round.facts.rows("prov-2010.underlag.ett", "rader")


def came_along(decision):
    """Give what the first entry keeps of what came along, and not of the task it opened."""
    return {key: value for key, value in decision.entries[0].payload.items()
            if key in ("comment", *KEYS)}  # fmt: skip


def test_the_entry_keeps_what_came_along(a_round):
    """Comment, rows, questions, answers and days stand in the entry; nothing empty does."""
    sent = a_round.act("underlag.ett", "lamna_in", "ellen", "Klart.", rows=ROWS)
    asked = a_round.act("underlag.ett", "aterlamna", "nora", questions=[" Varför? ", ""])
    answered = a_round.act("underlag.ett", "lamna_in", "ellen", answers={"1": " Därför. "})
    decided = a_round.act("underlag.ett", "godkann", "nora", decision={"paragraph": "§ 7"})

    assert {
        "comment": "Klart.",
        "sheets": {
            "rader": [
                ["add", 1, "5", {"atgard": "Röntgen", "tkr": 1200}],
                ["add", 2, "500001", {"atgard": "Kur"}],
            ]
        },
        "owes": ["omradeschef", "norr"],
        "due_at": "2009-01-15T23:00:00.000000Z",
        "due_rule": "3 working days",
        "ladder": "standard",
    } == sent.entries[0].payload
    assert {"questions", "owes", "due_at", "due_rule", "ladder"} == asked.entries[0].payload.keys()
    assert ["Varför?"] == asked.entries[0].payload["questions"]
    assert {"1": "Därför."} == answered.entries[0].payload["answers"]
    assert {"decision": {"paragraph": "§ 7"}, "ended": True} == decided.entries[0].payload


def test_the_entry_keeps_choice_and_day():
    """Picked cases and a new day stand in the entry too."""
    found = MemoryRound(revision_of(TREE))
    found.act("omgang", "borja", "lena", choose=[])
    found.act("omgang", "avbryt", "lena")
    decision = found.act("omgang", "ned", "lena", "Mer.", pick=["ett"], due_on="2009-02-02")

    payload = decision.entries[0].payload
    assert (["ett"], "2009-02-02", ["Mer."]) == (
        payload["pick"],
        payload["due_on"],
        payload["questions"],
    )
    assert "choose" not in payload
    assert "2009-02-02" == str(found.due_on("underlag.ett"))


@pytest.mark.parametrize(
    ("case", "transition", "by", "code", "data"),
    [
        ("underlag.ett", "inget", "ellen", "due_on", {"due_on": "2099-01-01"}),
        ("underlag.ett", "inget", "ellen", "questions", {"questions": ["Vem?"]}),
        ("underlag.ett", "inget", "ellen", "pick", {"pick": ["ett"]}),
        ("underlag.ett", "withdraw", "nora", "rows", {"rows": ROWS}),
        ("underlag.tva", "ta_tillbaka", "tove", "answers", {"answers": {"1": "Ja."}}),
    ],
)
def test_what_the_step_has_no_place_for(a_round, case, transition, by, code, data):
    """Nobody sets another's deadline, asks uninvited, or fills in what is not theirs."""
    codes, said = refused(a_round, case, transition, by, "Skäl.", **data)

    assert code in codes
    assert f"{code} följer inte med" in said


def test_choosing_nobody_is_kept():
    """That nobody was chosen is another thing than that nothing was said."""
    found = MemoryRound(revision_of(TREE))

    begun = found.act("omgang", "borja", "lena", choose=[])

    assert begun.entries[0].payload["chose_none"]
