"""Reminder mails that could not leave for days do not come all at once."""

from tests.service.senders import Sink, post
from tests.service.worlds import Stage
from workflow.service import clockwork

DAYS = ("2009-02-16", "2009-02-25", "2009-02-27", "2009-03-02", "2009-03-04", "2009-03-06")


def reminded(stage: Stage, email: str) -> list[tuple[str, str]]:
    """Give the rung of each reminder for a person, and the state of its mail."""
    return [
        (row[0], row[1])
        for row in stage.rows(
            "SELECT rung, messages.state FROM reminders JOIN people ON people.id ="
            " reminders.person_id LEFT JOIN messages ON messages.id ="
            " reminders.message_id WHERE email = :email AND dropped_at IS NULL"
            " ORDER BY reminders.id",
            email=email,
        )
    ]


def test_one_mail_tells_what_waited(groundwork: Stage) -> None:
    """Mail is held through a whole ladder: then each gets one reminder mail, about all of it."""
    groundwork.post()
    for day in DAYS:
        groundwork.put(day, "08:00")
        clockwork.tick(groundwork.world)
    sink = Sink()

    post(groundwork, sink)

    unit = groundwork.units("verksamhet")[0]
    names = [name for name, _ in sink.sent if name.startswith("dag.")]
    people = [name.split(".")[2].split("@")[0] for name in names]
    chief = reminded(groundwork, groundwork.chief(unit))
    assert len(people) == len(set(people)) > 10
    assert {"dag.2009-03-06", "dag.2009-03-02", "dag.2009-03-04"} >= {name[:14] for name in names}
    assert ["holder-10", "holder-3", "holder-1", "holder+1"] == [rung for rung, _ in chief]
    assert {"sent"} == {state for _, state in chief}


def test_what_is_under_way_is_left_alone(groundwork: Stage) -> None:
    """A mail that is written, or in a worker's hands, is not taken back."""
    groundwork.post()
    groundwork.put(DAYS[0], "08:00")
    clockwork.tick(groundwork.world)
    groundwork.change("UPDATE messages SET body = :body WHERE state = 'queued'", body=b"x")
    before = groundwork.rows("SELECT id, state FROM messages ORDER BY id")
    groundwork.put(DAYS[1], "08:00")

    clockwork.tick(groundwork.world)

    assert before == groundwork.rows("SELECT id, state FROM messages ORDER BY id")[: len(before)]
