"""The guards that a definition may name, and those that always hold."""

import pytest

from tests.support.definitions import HEAD, TREE, case_of, revision_of
from tests.support.memory import MemoryRound
from workflow.core import guards
from workflow.core.errors import Refused
from workflow.core.facts import IncidentKind, Place

ENDS = 'bra = "Bra"'
CHILD = case_of(
    'state.a = { title = "A", by = "klinikchef", due = "3 working days", '
    'transition.b = { title = "B", to = "bra" } }',
    key="sak",
    per="klinik",
    ends=ENDS,
)


def guarded(name, state="", *, child=CHILD):
    """Give a round whose one button asks a guard."""
    text = case_of(
        f'[case.omgang.state.a]\ntitle = "A"\nby = "ledare"\n{state}\n'
        f'transition.k = {{ title = "K", to = "klar", guards = ["{name}"] }}'
    )
    return MemoryRound(revision_of(text + (child if "sak" in state else "")))


def refused(a_round, by="lena", **data):
    """Try the button; gives the codes and words of the no, after seeing that options agree."""
    with pytest.raises(Refused) as caught:
        a_round.act("omgang", "k", by, **data)
    return [one.code for one in caught.value.reasons], caught.value.sv


def test_opened_finished():
    """All that the state has opened has ended, in whatever way."""
    a_round = guarded("opened_finished", 'opens = ["sak"]')
    before = refused(a_round)
    a_round.act("sak.ett", "b", "ellen")
    a_round.act("sak.tva", "b", "tove")
    between = refused(a_round)
    a_round.act("sak.tre", "withdraw", "lena", "Stängd.")

    a_round.act("omgang", "k", "lena")

    assert (["opened_finished"], "3 av 3 är inte klara.") == before
    assert (["opened_finished"], "1 av 3 är inte klara.") == between
    assert "klar" == a_round.state("omgang")


def test_opened_finished_where_nothing_is_opened():
    """A state that opens nothing has nothing left."""
    a_round = guarded("opened_finished")

    a_round.act("omgang", "k", "lena")

    assert "klar" == a_round.state("omgang")


def test_started_finished():
    """All that was started along the way has ended; what is opened does not count."""
    a_round = guarded("started_finished", 'starts = ["sak"]')
    a_round.act("sak.ett", "b", "ellen")
    before = refused(a_round)
    for unit, name in (("tva", "tove"), ("tre", "trygve")):
        a_round.act(f"sak.{unit}", "b", name)
    a_round.act("omgang", "k", "lena")

    assert (["started_finished"], "2 ärenden som har startats är inte klara.") == before
    assert "klar" == a_round.state("omgang")
    assert [] == guarded("started_finished", 'opens = ["sak"]').options("omgang", "lena")["k"]


def test_nothing_missing():
    """Nobody who was waited for is carried as missing; withdrawn is not missing."""
    a_round = guarded("nothing_missing", 'opens = ["sak"]')
    a_round.clock.put("2009-01-19")
    a_round.act("sak.ett", "withdraw", "lena", "Stängd.")
    before = a_round.options("omgang", "lena")["k"]
    a_round.act("sak.tva", "missing", "lena", "Kom inte.")
    a_round.act("sak.tre", "missing", "lena", "Kom inte.")

    assert [] == before
    assert (["nothing_missing"], "Det saknas för: tre, tva.") == refused(a_round)


@pytest.mark.parametrize(
    ("guard", "early", "late"),
    [("before_due", [], ["before_due"]), ("after_due", ["after_due"], [])],
)
def test_before_and_after_the_deadline(guard, early, late):
    """The deadline is half-open: its own instant is after it."""
    a_round = guarded(guard, 'due = "3 working days"')
    a_round.clock.put("2009-01-15", "23:59:59.999999")
    before = a_round.options("omgang", "lena")["k"]
    a_round.clock.put("2009-01-16", "00:00")

    assert early == before
    assert late == a_round.options("omgang", "lena")["k"]


@pytest.mark.parametrize("guard", ["before_due", "after_due"])
def test_without_a_deadline_neither_speaks_against_it(guard):
    """What has no date is neither early nor late."""
    assert [] == guarded(guard).options("omgang", "lena")["k"]


# ---- bodies -----------------------------------------------------------------------------


def meeting(guard="quorum", quorum='"more than half"', body="namnd", role="sekreterare"):
    """Give a round that a body decides."""
    text = case_of(
        f'[case.omgang.state.a]\ntitle = "A"\nby = "{role}"\nbody = "{body}"\n'
        f'transition.k = {{ title = "K", to = "klar", guards = [{guard}] }}'
    )
    head = HEAD.replace("minutes = true", f"minutes = true, quorum = {quorum}")
    return MemoryRound(revision_of(text, head=head))


@pytest.mark.parametrize(
    ("quorum", "present", "words"),
    [
        ('"more than half"', None, "Ange hur många av 3 ledamöter som var med (present)."),
        ('"more than half"', "2", "Ange hur många av 3 ledamöter som var med (present)."),
        ('"more than half"', 1, "1 av 3 var med. 2 behövs för beslut."),
        ('"all"', 2, "2 av 3 var med. 3 behövs för beslut."),
        ("3", 2, "2 av 3 var med. 3 behövs för beslut."),
    ],
)
def test_without_a_quorum_nothing_is_decided(quorum, present, words):
    """Too few, or nobody counted, decide nothing; asked beforehand it says nothing."""
    a_round = meeting('"quorum"', quorum)
    before = a_round.options("omgang", "sara")["k"]

    codes, said = refused(a_round, "sara", decision={"present": present})

    assert [] == before
    assert "quorum" in codes
    assert words in said


@pytest.mark.parametrize(("quorum", "present"), [('"more than half"', 2), ('"all"', 3), ("1", 1)])
def test_with_a_quorum_it_is_decided(quorum, present):
    """Enough members are enough."""
    a_round = meeting('"quorum"', quorum)

    a_round.act("omgang", "k", "sara", decision={"present": present})

    assert "klar" == a_round.state("omgang")


def test_a_quorum_of_the_cases_own_body():
    """A case that is a body's own counts that body's members."""
    text = case_of('state.a = { title = "A", opens = ["rond"], next = "klar" }')
    rond = case_of(
        'state.a = { title = "A", by = "ordforande", '
        'transition.b = { title = "B", to = "bra", guards = ["quorum"] } }',
        key="rond",
        per="rad",
        ends=ENDS,
    )
    a_round = MemoryRound(revision_of(text + rond))
    a_round.facts.held[Place("ordforande", "tand")] = (8, 9)

    a_round.act("rond.etik", "b", "erik", decision={"present": 1})
    with pytest.raises(Refused, match="1 av 2 var med"):
        a_round.act("rond.tand", "b", "tage", decision={"present": 1})

    assert "bra" == a_round.state("rond.etik")


def test_quorum_where_there_is_no_body():
    """A step of no body has no quorum to reach."""
    a_round = guarded("quorum")

    a_round.act("omgang", "k", "lena")

    assert "klar" == a_round.state("omgang")


@pytest.mark.parametrize(
    ("decision", "codes"),
    [
        ({"meeting_on": "2009-01-13"}, ["not_met"]),
        ({"meeting_on": "2009-01-12"}, None),
        ({"meeting_on": "2009-01-11", "present": 1}, ["quorum"]),
        ({"meeting_on": "2009-01-11", "present": 2}, None),
        ({}, None),
    ],
)
def test_a_body_with_minutes_has_met(decision, codes):
    """A meeting still to come decides nothing, nor one with too few; today's does."""
    a_round = meeting("")

    if codes:
        assert codes == refused(a_round, "sara", decision=decision)[0]
    else:
        a_round.act("omgang", "k", "sara", decision=decision)
        assert "klar" == a_round.state("omgang")


def test_a_body_without_minutes_may_decide_any_day():
    """Only bodies with minutes are asked when they met."""
    a_round = meeting("", body="rad", role="ordforande")

    a_round.act("omgang", "k", "erik", decision={"meeting_on": "2030-01-01"})

    assert "klar" == a_round.state("omgang")


def test_roles_are_looked_up_at_the_body_of_the_step():
    """The step's body owes, though the case is the region's; an empty body is an incident."""
    a_round = meeting("")

    assert Place("sekreterare", "namnd") == a_round.owner("omgang")
    assert [] == [one for one in a_round.last.incidents if one.kind == IncidentKind.NO_HOLDER]


# ---- a region's own ---------------------------------------------------------------------


def test_a_name_is_registered_once():
    """A guard that changes meaning gets a new name: the old one is not replaced."""
    with pytest.raises(ValueError, match="there is a guard 'complete' already"):
        guards.register("complete", guards.quorum)


@pytest.fixture
def closed_on_mondays():
    """A guard of the region's own, registered for one test."""

    def closed_on_mondays(situation):
        if situation.now.weekday() == 0:
            yield guards.Reason("closed", f"Stängt för {situation.case.unit}.", "Closed.")

    guards.register("closed_on_mondays", closed_on_mondays)
    yield "closed_on_mondays"
    del guards.NAMED["closed_on_mondays"]


def test_a_guard_of_the_regions_own(closed_on_mondays):
    """A registered guard is asked like those that are built in."""
    text = case_of(
        'state.a = { title = "A", by = "ledare", '
        f'transition.k = {{ title = "K", to = "klar", guards = ["{closed_on_mondays}"] }} }}'
    )
    a_round = MemoryRound(revision_of(text, guards=frozenset({closed_on_mondays})))
    monday = refused(a_round)
    a_round.clock.put("2009-01-13")
    a_round.act("omgang", "k", "lena")

    assert (["closed"], "Stängt för alv.") == monday
    assert "klar" == a_round.state("omgang")


@pytest.mark.parametrize(
    ("rows", "named", "told"),
    [
        (50, 50, None),
        (51, 50, "Och 1 sak till saknas i Rader. And 1 more thing is missing in Rader."),
        (1000, 50, "Och 950 saker till saknas i Rader. And 950 more things are missing in Rader."),
    ],
)
def test_of_a_table_that_lacks_much_the_first_is_named(rows, named, told):
    """And the rest is counted, at the table; what its checks say is told whatever else."""
    a_round = MemoryRound(
        revision_of(
            """
[case.omgang]
title = "Omgång"
ends.klar = "Klar"
[case.omgang.state.a]
title = "A"
by = "ledare"
edits = ["rader"]
transition.k = { title = "K", to = "klar", guards = ["complete"] }
[table.rader]
title = "Rader"
column.namn = { title = "Namn", type = "text", required = true }
column.tkr = { title = "Belopp", type = "tkr" }
[table.rader.check.belopp]
title = "Något kostar"
sum = "tkr"
at_least = 1
otherwise = "refuse"
"""
        )
    )

    with pytest.raises(Refused) as caught:
        a_round.act("omgang", "k", "lena", rows={"rader": [{"tkr": 0}] * rows})

    reasons = caught.value.reasons
    first, rest, checks = reasons[:named], reasons[named:-1], reasons[-1]
    assert [f"rader.{n}.namn" for n in range(1, named + 1)] == [one.place for one in first]
    assert ([told] if told else []) == [f"{one.sv} {one.en}" for one in rest]
    assert ["rader"] * len(rest) == [one.place for one in rest]
    assert rows == sum(one.count for one in (*first, *rest))
    assert ("check", "rader.belopp") == (checks.code, checks.place)


def test_what_only_waits_is_owed_by_its_kinds_last_day():
    """A case that waits for others is not carried as missing before its own last day."""
    text = TREE.replace('due = "10 working days"', 'due = "klart"')
    a_round = MemoryRound(revision_of(text))
    a_round.act("omgang", "borja", "lena")
    early = a_round.options("lista.norr", "lena")["missing"]
    a_round.facts.clock.put("2010-05-04")
    late = a_round.options("lista.norr", "lena")["missing"]

    assert ["after_due"] == early
    assert [] == late
