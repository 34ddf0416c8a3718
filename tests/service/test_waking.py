"""A clock that sleeps, goes back or changes its hour: what is due is read from the database,
so each thing is told once, however long nobody looked."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.service.worlds import Stage, load_process
from workflow.core import plan
from workflow.service import clockwork, opening
from workflow.service.moving import move_milestone
from workflow.service.running import evidence


def digests(stage: Stage) -> Counter[tuple[str, str]]:
    """Count the mails of a day for each person."""
    rows = stage.rows(
        "SELECT people.email, digest_on FROM messages JOIN people ON people.id = person_id"
        " WHERE digest_on IS NOT NULL"
    )
    return Counter((row[0], str(row[1])) for row in rows)


def numbers_rise(stage: Stage) -> bool:
    """Say whether the entries of every chain are numbered 1, 2, 3 ..."""
    for chain in ("installation", stage.round):
        numbers = [line["number"] for line in evidence.log_lines(stage.world, chain)]
        if numbers != list(range(1, len(numbers) + 1)):
            return False
    return True


def test_nine_days_of_sleep(groundwork: Stage) -> None:
    """On waking each missed kind comes at most once, to each person one mail, which says how
    late it is; the days after go on as if nothing had been."""
    groundwork.put("2009-02-25", "08:00")
    clockwork.tick(groundwork.world)
    groundwork.post()
    before = set(groundwork.outbox.iterdir())
    groundwork.put("2009-03-06", "14:00")

    for _ in range(3):
        clockwork.tick(groundwork.world)
    groundwork.post()
    woken = digests(groundwork)
    new = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in set(groundwork.outbox.iterdir()) - before
    ]
    for day in range(7, 20):
        groundwork.put(f"2009-03-{day:02}", "08:00")
        clockwork.tick(groundwork.world)

    kinds = Counter((rung, email) for rung, _, email in groundwork.reminders())
    per_person = Counter(email for _, email in kinds)
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    assert {1} == set(woken.values())
    assert {("holder-3", chief), ("holder+1", chief)} == {key for key in kinds if chief in key}
    assert ("superior+3", groundwork.boss(groundwork.units("verksamhet")[0])) in kinds
    assert ("leader+5", groundwork.leader) in kinds
    assert 2 == per_person[chief]
    assert len(new) == sum(day == "2009-03-06" for _, day in woken)
    assert {"Det här mejlet kommer fyra dagar sent."} == {
        line for mail in new if chief in str(mail["To"]) for line in _late(mail)
    }
    assert woken == digests(groundwork)
    assert True is evidence.prove(groundwork.world).ok


def _late(mail: EmailMessage) -> list[str]:
    body = mail.get_body(("plain",))
    text = " ".join(body.get_content().split()) if body else ""
    return re.findall(r"Det här mejlet kommer \w+ dag(?:ar)? sent\.", text)


def test_each_step_of_an_escalation_in_order(groundwork: Stage) -> None:
    """When the sleep ends between two steps the superior is told first, the leader at his own."""
    groundwork.put("2009-03-04", "14:00")
    clockwork.tick(groundwork.world)
    first = {rung for rung, _, _ in groundwork.reminders()}
    groundwork.put("2009-03-06", "14:00")
    clockwork.tick(groundwork.world)

    added = {rung for rung, _, _ in groundwork.reminders()} - first

    assert {"holder+1", "superior+3"} == first
    assert {"leader+5"} == added


def test_a_clock_put_back_26_hours(groundwork: Stage) -> None:
    """What has come does not come again; the log goes on by number, with the instants that
    the clock shows; mail put before is sent once when its time has come again."""
    first, second = groundwork.units("verksamhet")[:2]
    groundwork.put("2009-02-27", "08:00")
    clockwork.tick(groundwork.world)
    groundwork.hand_in(first)
    before = groundwork.reminders()
    late = groundwork.at[0]

    groundwork.at[0] -= timedelta(hours=26)
    groundwork.hand_in(second)
    while groundwork.at[0] < late:
        clockwork.tick(groundwork.world)
        groundwork.post()
        groundwork.at[0] += timedelta(hours=1)
    groundwork.at[0] = late + timedelta(minutes=1)
    clockwork.tick(groundwork.world)
    groundwork.post()

    told = evidence.log_lines(groundwork.world, groundwork.round)
    states = groundwork.rows("SELECT DISTINCT state FROM messages")
    repeated = Counter(groundwork.reminders()) - Counter(set(before))
    assert {1} == set(Counter(groundwork.reminders()).values())
    assert not set(before) & set(repeated)
    assert {1} == set(digests(groundwork).values())
    assert str(told[-1]["at"]) < str(told[-2]["at"])
    assert True is numbers_rise(groundwork)
    assert {("sent",)} >= set(states) - {("withdrawn",)}
    assert True is evidence.prove(groundwork.world).ok


@pytest.mark.parametrize("night", ["2027-03-28", "2027-10-31"])
def test_nights_when_the_clocks_change(bare: Stage, night: str) -> None:
    """Looked at every ten minutes from before until after, everything that falls on the
    days around comes once, and everybody has one mail on the first working day."""
    bare.revision = load_process(year=2028)
    bare.round = "prioritering-2028"
    bare.put("2026-10-06")
    opening.open_round(bare.world, bare.revision, year=2028)
    bare.put("2026-12-03")
    _to_groundwork(bare)
    day = plan.add_working_days(date.fromisoformat(night), 1)
    last = plan.add_working_days(day, 1)  # so that the day before is a rung
    move_milestone(bare.world, bare.round, "grundarbete", last, reason="x")
    begun = bare.put(night, "00:00") - timedelta(hours=6)
    bare.at[0] = begun
    clockwork.tick(bare.world)
    before = Counter(bare.reminders())

    for step in range(6 * 24 * 4):
        bare.at[0] = begun + timedelta(minutes=10 * step)
        if clockwork.tick(bare.world)["mails"]:
            bare.post()

    chiefs = {bare.chief(unit) for unit in bare.units("verksamhet")}
    found = Counter(bare.reminders()) - before
    assert {("holder-1", "holder", chief) for chief in chiefs} <= set(found)
    assert {1} == set(found.values())
    assert chiefs <= {email for email, on in digests(bare) if on == str(day)}
    assert {1} == set(digests(bare).values())


def _to_groundwork(stage: Stage) -> None:
    root = f"{stage.round}.omgang"
    stage.act(root, "faststall", stage.holder("sekreterare", stage.units("landstingsstyrelse")[0]))
    stage.act(root, "konstituera", stage.leader)
    stage.act(root, "lamna_uppdrag", stage.holder("landstingsdirektor"))


def test_a_clock_far_ahead_is_no_wall(groundwork: Stage) -> None:
    """Beyond 2038 instants are instants: a tick writes what is due and the log holds."""
    groundwork.at[0] = datetime.fromisoformat("2039-01-20T08:00:00+00:00")

    clockwork.tick(groundwork.world)
    again = clockwork.tick(groundwork.world)

    assert 0 == again["reminders"] == again["mails"]
    assert {1} == set(digests(groundwork).values())
    assert True is evidence.prove(groundwork.world).ok
