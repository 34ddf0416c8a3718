"""P11: what cannot proceed becomes a visible incident, never silence."""

from random import Random

import pytest

from notifications.incident_words import PATTERNS, incident_words
from notifications.voice import voice
from tests.service.worlds import OBJEKT, ROUND, Stage
from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.service import clockwork, describing, views
from workflow.service.people import organisation
from workflow.service.running import evidence
from workflow.service.running.incidents import raise_incident


def short(stage: Stage) -> set[str]:
    """Give the open tasks that fewer hold than the process wants, counted by hand."""
    need = {key: role.holders for key, role in stage.revision.definition.role.items()}
    open_tasks = stage.rows(
        "SELECT id, role, unit FROM tasks WHERE closed_at IS NULL AND role IS NOT NULL"
    )
    held = stage.rows(
        "SELECT role, unit, person_id FROM grants WHERE from_on <= :on AND to_on >= :on",
        on=stage.at[0].date()
        if stage.world.database.dialect == "postgresql"
        else str(stage.at[0].date()),
    )
    return {
        task
        for task, role, unit in open_tasks
        if len({person for r, u, person in held if (r, u) == (role, unit)}) < need[role]
    }


def alarmed(stage: Stage) -> set[str]:
    """Give what there is an incident about."""
    return {
        one["subject"] for one in views.incident_list(stage.world) if one["kind"] == "no_holder"
    }


@pytest.mark.parametrize("seed", range(4))
def test_no_vacancy_without_an_incident(groundwork: Stage, seed: int) -> None:
    """Whoever leaves, comes back, hands in or approves: after the day's first tick the
    incidents are exactly the open tasks that too few hold."""
    chance = Random(seed)
    units = groundwork.units("verksamhet")
    for unit in units[:6]:
        groundwork.hand_in(unit)
    found = []
    for day in range(4, 12):
        groundwork.put(f"2008-12-{day:02}")
        groundwork.change("UPDATE grants SET to_on = '9999-12-31'")
        grants = groundwork.rows("SELECT id FROM grants ORDER BY id")
        for (number,) in chance.sample(grants, len(grants) // 3):
            groundwork.change("UPDATE grants SET to_on = '2008-01-01' WHERE id = :n", n=number)
        clockwork.tick(groundwork.world)
        found.append((short(groundwork), alarmed(groundwork)))

    assert [expected for expected, _ in found] == [told for _, told in found]
    assert any(expected for expected, _ in found)
    assert True is evidence.prove(groundwork.world).ok


def test_each_says_who_what_and_since_when(groundwork: Stage) -> None:
    """An incident names the role, the unit, the case and the instant it was found."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    since = groundwork.put("2008-12-05")
    clockwork.tick(groundwork.world)

    found = views.incident_list(groundwork.world)[0]

    assert (groundwork.case("underlag", unit), since, "verksamhetschef", unit) == (
        found["case"],
        found["since"],
        found["detail"]["role"],
        found["detail"]["unit"],
    )


def test_the_superior_may_go_on(groundwork: Stage) -> None:
    """An incident is no dead end: when somebody gets the role, the case goes on."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    clockwork.tick(groundwork.world)

    organisation.bring_in(groundwork.world, groundwork.folder)
    groundwork.act(
        groundwork.case("underlag", unit),
        "lamna_in",
        groundwork.chief(unit),
        data={"rows": OBJEKT},
    )

    assert set() == alarmed(groundwork)


def test_separation_of_duties_that_leaves_nobody(groundwork: Stage) -> None:
    """Where one person is everybody above as well, it is said that nobody is left."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :email) WHERE role IN"
        " ('driftenhetschef', 'medicinsk_radgivare', 'landstingsdirektor')",
        email=groundwork.chief(unit),
    )

    groundwork.hand_in(unit)

    assert ["nobody_left"] == [one["kind"] for one in views.incident_list(groundwork.world)]


@pytest.mark.parametrize("kind", IncidentKind)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_says_who_what_since_and_what_next(
    groundwork: Stage, kind: IncidentKind, language: str
) -> None:
    """There is no kind without words of its own, a next step with its command, somebody to
    ask, and a letter to the one who leads that can be written."""
    unit = groundwork.units("verksamhet")[0]
    number = groundwork.rows("SELECT id FROM people WHERE email = :e", e=groundwork.chief(unit))
    draft = IncidentDraft(
        kind=kind,
        subject="the subject",
        case=groundwork.case("underlag", unit),
        detail={
            "role": "verksamhetschef",
            "unit": unit,
            "person": number[0][0],
            "error": "550 no",
            "guards": ["jav"],
        },
    )
    with groundwork.world.database.write() as connection:
        now = groundwork.world.now(connection)
        raise_incident(groundwork.world, connection, draft, ROUND, now)

    (listed,) = describing.list_incidents(groundwork.world)
    words = incident_words(listed.told, voice(language))
    groundwork.post()

    assert kind in PATTERNS
    assert all((words.who, words.what, words.step, words.answer))
    assert words.command.startswith("beredning ")
    assert (now, groundwork.leader) == (listed.row["since"], listed.contact[1])
    assert 1 == len(list(groundwork.outbox.glob("*incident*")))
