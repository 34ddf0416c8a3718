"""Mail that came back: the message, the address, the log, and those who must know."""

import json
from datetime import timedelta
from email import message_from_string
from functools import partial
from pathlib import Path

import pytest

from notifications.bounce import Bounce, Recipient, Verdict, read_bounce
from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import Stage
from workflow.core.errors import NotFound
from workflow.service import clockwork, views
from workflow.service.mail import bouncing, letters, mailroom
from workflow.service.people import organisation, staffing
from workflow.service.running import evidence

BOUNCES = Path(__file__).parents[1] / "notifications" / "bounces"
SAMPLE = "prioritering-2010.underlag.ortopedi#1.assignment.17.20081203080000@5f2c.region.example"
ANSWER = "550 5.1.1 finns inte"


def sent_to(stage: Stage, email: str) -> str:
    """Send all mail; give the id of the last assignment to an address."""
    stage.post()
    found = stage.rows(
        "SELECT message_id FROM messages JOIN people ON people.id = person_id"
        " WHERE email = :email AND kind = 'assignment' ORDER BY messages.id DESC",
        email=email,
    )
    return str(found[0][0])


def returned(
    message_id: str, email: str, *, verdict: Verdict = Verdict.FAILED, answer: str = ANSWER
) -> Bounce:
    """Make a bounce of a mail."""
    one = Recipient(addresses=(email,), verdict=verdict, status="5.1.1", answer=answer)
    return Bounce(verdict=verdict, message_ids=(message_id,), recipients=(one,))


def marks(stage: Stage) -> list[tuple[str, str]]:
    """Give the marked addresses with what was said."""
    return [
        (email, words)
        for email, words in stage.rows(
            "SELECT email, bounce FROM people WHERE bounced_at IS NOT NULL ORDER BY email"
        )
    ]


def open_bounces(stage: Stage) -> list[dict[str, object]]:
    """Give the details of the open incidents about bounces."""
    return [
        dict(one["detail"]) for one in views.incident_list(stage.world) if one["kind"] == "bounce"
    ]


def new_address(stage: Stage, folder: Path, old: str, new: str) -> Path:
    """Write the organisation's files with another address for somebody."""
    folder.mkdir()
    for file in stage.folder.iterdir():
        text = file.read_text(encoding="utf-8").replace(old, new)
        (folder / file.name).write_text(text, encoding="utf-8")
    return folder


def test_a_bounce_is_marked_logged_and_told(groundwork: Stage) -> None:
    """The address is marked, the message has the answer, an incident opens, the log has it in
    ids, and the process leader and the superior of the task get one mail each."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    mail = sent_to(groundwork, chief)

    told = bouncing.take_in(groundwork.world, returned(mail, chief))

    assert (False, True) == (told["repeated"], told["incident"])
    assert [(chief, ANSWER)] == marks(groundwork)
    assert [("bounced", ANSWER)] == groundwork.rows(
        "SELECT state, error FROM messages WHERE message_id = :m", m=mail
    )
    (detail,) = open_bounces(groundwork)
    assert (chief, ANSWER, mail) == (detail["address"], detail["answer"], detail["mail"])
    assert {groundwork.leader: 1, groundwork.boss(unit): 1} == groundwork.mails("incident")
    (payload,) = groundwork.rows(
        "SELECT body FROM entry_payloads p JOIN entries e ON e.chain = p.chain AND"
        " e.number = p.number WHERE e.kind = 'address_failed' AND e.chain = 'installation'"
    )
    assert {"person", "message", "status"} == set(json.loads(payload[0]))
    assert chief not in payload[0]
    assert True is evidence.prove(groundwork.world).ok


def test_the_same_bounce_twice_is_one(groundwork: Stage) -> None:
    """A bounce that comes again changes nothing."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    bounce = returned(sent_to(groundwork, chief), chief)
    bouncing.take_in(groundwork.world, bounce)
    before = groundwork.everything()

    told = bouncing.take_in(groundwork.world, bounce)

    assert True is told["repeated"]
    assert before == groundwork.everything()


def test_a_second_mail_that_bounces_is_told_once(groundwork: Stage) -> None:
    """Two mails to one address are one incident, told once."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    first = sent_to(groundwork, chief)
    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)
    groundwork.post()
    (second,) = groundwork.rows(
        "SELECT message_id FROM messages JOIN people ON people.id = person_id WHERE"
        " email = :email AND kind = 'reminder'",
        email=chief,
    )
    bouncing.take_in(groundwork.world, returned(first, chief))

    told = bouncing.take_in(groundwork.world, returned(second[0], chief))

    assert (False, False) == (told["repeated"], told["incident"])
    assert 1 == len(open_bounces(groundwork))
    assert {groundwork.leader: 1, groundwork.boss(unit): 1} == groundwork.mails("incident")


def test_a_forged_bounce_changes_nothing(groundwork: Stage) -> None:
    """An id that never was, another's address, a mail that has not left: none of them count."""
    units = groundwork.units("verksamhet")
    chief, other = groundwork.chief(units[0]), groundwork.chief(units[1])
    mail = sent_to(groundwork, chief)
    groundwork.hand_in(units[0])
    (unsent,) = groundwork.rows("SELECT message_id FROM messages WHERE state = 'queued'")
    boss = groundwork.boss(units[0])
    before = groundwork.everything()

    for forged in (returned("no@such", chief), returned(mail, other), returned(unsent[0], boss)):
        with pytest.raises(NotFound, match="hör inte till någon av våra"):
            bouncing.take_in(groundwork.world, forged)

    assert before == groundwork.everything()


def test_a_delayed_mail_is_noted_and_nobody_is_told(groundwork: Stage) -> None:
    """A warning that the other side tries on stands with the message's attempts, once."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    mail = sent_to(groundwork, chief)
    late = returned(mail, chief, verdict=Verdict.DELAYED, answer="450 4.2.0 Greylisted")

    first = bouncing.take_in(groundwork.world, late)
    again = bouncing.take_in(groundwork.world, late)

    assert (False, True) == (first["repeated"], again["repeated"])
    assert [("delayed", "450 4.2.0 Greylisted")] == groundwork.rows(
        "SELECT outcome, answer FROM delivery_attempts WHERE outcome = 'delayed'"
    )
    assert [("sent",)] == groundwork.rows(
        "SELECT state FROM messages WHERE message_id = :m", m=mail
    )
    assert ([], []) == (marks(groundwork), open_bounces(groundwork))


def test_a_new_address_ends_it_and_the_mail_can_be_sent_again(
    groundwork: Stage, tmp_path: Path
) -> None:
    """An import with a corrected address takes the mark away and closes the incident; the
    mail that came back can be sent to the new one."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    mail = sent_to(groundwork, chief)
    bouncing.take_in(groundwork.world, returned(mail, chief))
    folder = new_address(groundwork, tmp_path / "new", chief, "ny.adress@region.example")

    organisation.bring_in(groundwork.world, folder)
    mailroom.resend(groundwork.world, mail)
    groundwork.post()

    assert ([], []) == (marks(groundwork), open_bounces(groundwork))
    assert [("ny.adress@region.example",)] == groundwork.rows(
        "SELECT to_address FROM messages WHERE kind = 'assignment' AND state = 'sent'"
        " ORDER BY id DESC LIMIT 1"
    )


def test_an_import_that_leaves_the_address_leaves_the_mark(groundwork: Stage) -> None:
    """The same files again heal nothing."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    bouncing.take_in(groundwork.world, returned(sent_to(groundwork, chief), chief))

    organisation.bring_in(groundwork.world, groundwork.folder)

    assert (1, 1) == (len(marks(groundwork)), len(open_bounces(groundwork)))


def test_mail_goes_on_and_seven_days_of_quiet_heal_the_address(groundwork: Stage) -> None:
    """A marked address still gets mail; a later one that has not come back in seven days
    closes the incident by itself, and one that has been there for six does not."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    bouncing.take_in(groundwork.world, returned(sent_to(groundwork, chief), chief))
    left_at = groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)
    groundwork.post()
    groundwork.at[0] = left_at + timedelta(days=6, hours=23)
    staffing.sweep(groundwork.world)
    before = len(open_bounces(groundwork))

    groundwork.at[0] = left_at + timedelta(days=7)
    staffing.sweep(groundwork.world)

    assert 1 == groundwork.mails("reminder")[chief]
    assert (1, []) == (before, open_bounces(groundwork))
    assert [] == marks(groundwork)


def test_a_bounce_to_an_address_that_was_left_marks_nobody(
    groundwork: Stage, tmp_path: Path
) -> None:
    """A late bounce from an old address is about that mail alone: it can be sent again, and
    the new address stays unmarked."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    mail = sent_to(groundwork, chief)
    folder = new_address(groundwork, tmp_path / "new", chief, "ny.adress@region.example")
    organisation.bring_in(groundwork.world, folder)

    bouncing.take_in(groundwork.world, returned(mail, chief))

    assert ([], []) == (marks(groundwork), open_bounces(groundwork))
    assert [("mail", mail)] == [
        (one["kind"], one["subject"]) for one in views.incident_list(groundwork.world)
    ]


def test_a_leader_whose_own_mail_comes_back_is_not_told_by_mail(groundwork: Stage) -> None:
    """The leader's superior hears of it instead, and it never runs in a circle."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    clockwork.tick(groundwork.world)
    groundwork.put("2008-12-04")
    clockwork.tick(groundwork.world)
    director = groundwork.holder("landstingsdirektor")
    stopped = []
    for email in (groundwork.leader, director):
        groundwork.post()
        (mail,) = groundwork.rows(
            "SELECT message_id FROM messages JOIN people ON people.id = person_id WHERE"
            " kind = 'incident' AND email = :email AND messages.state = 'sent'",
            email=email,
        )
        bouncing.take_in(groundwork.world, returned(mail[0], email))
        stopped.append(dict(groundwork.mails("incident")))

    assert {groundwork.leader: 1, director: 1} == stopped[0] == stopped[1]
    assert 2 == len(open_bounces(groundwork))


@pytest.mark.parametrize("name", ["postfix-unknown", "exchange-online", "qmail", "forwarded"])
def test_a_real_form_finds_our_mail(groundwork: Stage, name: str) -> None:
    """What a mail server sends back of a mail that we sent is matched to it."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    mail = sent_to(groundwork, chief)
    raw = (BOUNCES / f"{name}.eml").read_text(encoding="utf-8")
    raw = raw.replace(SAMPLE, mail).replace("anna.lindqvist@region.example", chief)

    told = bouncing.take_in(groundwork.world, read_bounce(raw.encode()))

    assert (mail, chief, True) == (told["message_id"], told["to"], told["incident"])


def test_the_letter_names_the_person_and_the_answer(groundwork: Stage) -> None:
    """Whoever is told reads whose mail it is, at which address, and what was said."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    bouncing.take_in(groundwork.world, returned(sent_to(groundwork, chief), chief))

    groundwork.post()

    texts = [file.read_text(encoding="utf-8") for file in groundwork.outbox.glob("*incident*")]
    assert 2 == len(texts)
    assert all(chief in text and ANSWER in text for text in texts)


def test_the_superior_who_is_reminded_reads_whose_mail_comes_back(groundwork: Stage) -> None:
    """What is late with somebody who is not reached says so to the one above."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    bouncing.take_in(groundwork.world, returned(sent_to(groundwork, chief), chief))
    groundwork.put("2009-03-06")
    clockwork.tick(groundwork.world)
    groundwork.post()

    (letter,) = [
        text
        for file in groundwork.outbox.glob("dag.*")
        if (text := file.read_text(encoding="utf-8")) and f"<{groundwork.boss(unit)}>" in text
    ]
    (name,) = groundwork.rows("SELECT name FROM people WHERE email = :email", email=chief)

    body = message_from_string(letter).get_payload(0).get_payload(decode=True).decode()
    assert f"Mejl till {name[0]} kommer tillbaka." in " ".join(body.split())


def test_what_the_mail_server_refuses_marks_the_address(groundwork: Stage) -> None:
    """A 550 at the door says as much as one that comes back by mail."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    mails = {one.message_id: one for one in letters.claim(groundwork.world, 500)}
    (name,) = groundwork.rows(
        "SELECT message_id FROM messages JOIN people ON people.id = person_id"
        " WHERE email = :email AND kind = 'assignment'",
        email=chief,
    )
    mail = mails[name[0]]
    letters.freeze(groundwork.world, [(mail, chief, b"From: a\r\n\r\n")])
    refused = letters.Attempt(claimed=mail, outcome=letters.Outcome.REFUSED, answer=ANSWER)

    letters.settle(groundwork.world, [refused])

    assert [(chief, ANSWER)] == marks(groundwork)


def test_a_superior_who_is_not_reached_either_is_not_mailed(groundwork: Stage) -> None:
    """Where the superior's own mail comes back, only the leader is told."""
    unit = groundwork.units("verksamhet")[0]
    chief, boss = groundwork.chief(unit), groundwork.boss(unit)
    mail = sent_to(groundwork, chief)
    groundwork.hand_in(groundwork.units("verksamhet")[1])
    bouncing.take_in(groundwork.world, returned(sent_to(groundwork, boss), boss))
    groundwork.post()
    before = groundwork.mails("incident")

    bouncing.take_in(groundwork.world, returned(mail, chief))

    told = groundwork.mails("incident") - before
    assert {groundwork.leader: 1} == told


def test_what_left_before_the_bounce_heals_nothing(groundwork: Stage) -> None:
    """Only a mail that was sent after the bounce can show that the address is good again."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    first = sent_to(groundwork, chief)
    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)
    groundwork.post()
    groundwork.put("2009-02-24")

    bouncing.take_in(groundwork.world, returned(first, chief))
    staffing.sweep(groundwork.world)

    assert 1 == len(open_bounces(groundwork))


def test_the_same_bounce_by_many_at_once_is_one(place: Place, groundwork: Stage) -> None:
    """Six processes that read the same bounce at the same instant mark, log and tell once."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    bounce = returned(sent_to(groundwork, chief), chief)
    worlds = [groundwork.another(place.open()).world for _ in range(6)]

    found = together(*(partial(bouncing.take_in, world, bounce) for world in worlds))

    assert [False] + [True] * 5 == sorted(one["repeated"] for one in found)
    assert [(1,)] == groundwork.rows("SELECT count(*) FROM entries WHERE kind = 'address_failed'")
    assert {groundwork.leader: 1, groundwork.boss(unit): 1} == groundwork.mails("incident")
    assert True is evidence.prove(groundwork.world).ok
