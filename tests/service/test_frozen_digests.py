"""A reminder mail that waits for another try is not sent when what it says is no longer so."""

from email import message_from_bytes
from email.policy import default

from notifications.deliver import TemporaryFailure
from tests.service.senders import Sink, later, message, post
from tests.service.worlds import Stage
from workflow.service import clockwork

GREY = TemporaryFailure("451 4.7.1 Greylisted")
QUESTIONS = {"questions": ["Hur många patienter?"]}


def remind(stage: Stage) -> None:
    """Let the first rung of every underlag come, and its mail be put."""
    stage.post()
    stage.put("2009-02-16", "08:00")
    clockwork.tick(stage.world)


def digests_to(stage: Stage, email: str) -> list[tuple[str, str]]:
    """Give name and state of somebody's reminder mails, oldest first."""
    return [
        (row[0], row[1])
        for row in stage.rows(
            "SELECT message_id, state FROM messages JOIN people ON people.id = person_id"
            " WHERE email = :email AND kind IN ('reminder', 'escalation') ORDER BY messages.id",
            email=email,
        )
    ]


def test_of_a_task_that_was_returned_it_tells_no_old_day(groundwork: Stage) -> None:
    """Handed in and returned while its reminder waited: the new task has its own days."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    remind(groundwork)
    post(groundwork, Sink(failures={chief: GREY}))
    groundwork.hand_in(unit)
    case = groundwork.case("underlag", unit)
    groundwork.act(case, "aterlamna", groundwork.boss(unit), data=QUESTIONS)
    later(groundwork, 3600)
    sink = Sink()

    post(groundwork, sink)

    names = dict(digests_to(groundwork, chief))
    assert set() == set(names) & {name for name, _ in sink.sent}
    assert {"withdrawn"} == set(names.values())


def test_the_rest_of_it_is_told(groundwork: Stage) -> None:
    """What is done has left a mail about several things, and the others stand there still."""
    unit = groundwork.units("verksamhet")[0]
    boss = groundwork.boss(unit)
    groundwork.post()
    groundwork.put("2009-03-04", "08:00")
    clockwork.tick(groundwork.world)
    post(groundwork, Sink(failures={boss: GREY}))
    groundwork.hand_in(unit)
    later(groundwork, 3600)
    sink = Sink()

    post(groundwork, sink)

    (first, second) = digests_to(groundwork, boss)
    bodies = dict(sink.sent)
    text = message_from_bytes(bodies[second[0]], policy=default).as_string()
    assert ("withdrawn", "sent") == (first[1], second[1])
    assert first[0] not in bodies
    assert f"/{groundwork.case('underlag', unit)}" not in text
    assert [second[0]] == [
        row[0]
        for row in groundwork.rows(
            "SELECT DISTINCT messages.message_id FROM reminders JOIN messages ON messages.id ="
            " reminders.message_id JOIN people ON people.id = reminders.person_id"
            " WHERE email = :email",
            email=boss,
        )
    ]


def test_what_is_still_so_leaves_as_it_was_frozen(groundwork: Stage) -> None:
    """Nothing has changed: the same bytes under the same name."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    remind(groundwork)
    post(groundwork, Sink(failures={chief: GREY}))
    ((name, _),) = digests_to(groundwork, chief)
    later(groundwork, 3600)
    sink = Sink()

    post(groundwork, sink)

    assert name in dict(sink.sent)
    assert "sent" == message(groundwork, name)["state"]
