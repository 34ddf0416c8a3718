"""Roles given and ended, people added and corrected: by hand, and with what follows."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.service.threads import together
from tests.service.worlds import ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.service import clockwork, views
from workflow.service.people import organisation, substituting
from workflow.service.people.correcting import NewPerson, add_person, change_person
from workflow.service.people.granting import Grant, Role, end_grant, give
from workflow.service.people.roster import RosterPerson, roster
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence
from workflow.store import people

TODAY = date(2008, 12, 3)


def role(stage: Stage, person: str, number: int = 0, **more: Any) -> Role:
    """Give the chief's role at a verksamhet, to somebody."""
    wish = {"role": "verksamhetschef", "unit": stage.units("verksamhet")[number], "from_on": TODAY}
    return Role(person=person, **{**wish, **more})


def incidents(stage: Stage) -> list[str]:
    """Give the kinds of what is open."""
    return [str(one["kind"]) for one in views.incident_list(stage.world)]


def lines(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """Give the installation's entries of a kind."""
    return [one for one in evidence.log_lines(stage.world, "installation") if one["kind"] == kind]


def of(stage: Stage, email: str) -> RosterPerson:
    """Give a person with everything."""
    return roster(stage.world, email=email, everything=True)[0]


def grant_of(stage: Stage, email: str) -> int:
    """Give the number of somebody's first role."""
    return of(stage, email).roles[0].grant


@pytest.fixture
def vacant(groundwork: Stage) -> Stage:
    """A round in which nobody heads the first verksamhet, and that is known."""
    groundwork.end_grant("verksamhetschef", groundwork.units("verksamhet")[0])
    groundwork.change("UPDATE installation SET swept_on = '2008-01-01'")
    clockwork.tick(groundwork.world)
    assert ["no_holder"] == incidents(groundwork)
    groundwork.post()
    return groundwork


# ---- roles -----------------------------------------------------------------------------


def test_a_vacancy_is_filled(vacant: Stage) -> None:
    """Who is given the role has the task the same minute; the incident goes, they are told, and
    the log says who gave what to whom, in numbers."""
    new = vacant.holder("registrator")

    told = give(vacant.world, role(vacant, new), email=vacant.leader)

    unit = vacant.units("verksamhet")[0]
    assert [] == incidents(vacant)
    assert [vacant.case("underlag", unit)] == [
        one["case"] for one in views.task_list(vacant.world, email=new)
    ]
    assert 1 == vacant.mails("assignment")[new]
    (line,) = lines(vacant, "granted")
    assert (told.grant, unit, "2008-12-03", None) == tuple(
        line["payload"][key] for key in ("grant", "unit", "from_on", "to_on")
    )
    assert new not in str(line["payload"])
    assert True is evidence.prove(vacant.world).ok


def test_it_begins_on_its_day(vacant: Stage) -> None:
    """Given for later, it gives nothing yet; on the day it does, and they are told by the clock."""
    new = vacant.holder("registrator")
    give(vacant.world, role(vacant, new, from_on=date(2008, 12, 8)), email=vacant.leader)

    early = views.task_list(vacant.world, email=new)
    vacant.put("2008-12-08", "07:00")
    clockwork.tick(vacant.world)

    assert ([], 1) == (early, len(views.task_list(vacant.world, email=new)))
    assert 1 == vacant.mails("assignment")[new]
    assert [] == incidents(vacant)


def test_a_task_is_told_once(vacant: Stage) -> None:
    """Given, ended and given again, however often the clock looks: one mail of the task."""
    new = vacant.holder("registrator")
    told = give(vacant.world, role(vacant, new), email=vacant.leader)
    end_grant(vacant.world, told.grant, TODAY - timedelta(days=1), email=vacant.leader)
    give(vacant.world, role(vacant, new), email=vacant.leader)
    vacant.change("UPDATE installation SET swept_on = '2008-01-01'")

    clockwork.tick(vacant.world)

    assert 1 == vacant.mails("assignment")[new]


def test_a_role_is_ended(groundwork: Stage) -> None:
    """With its last day it is over at the next midnight: the vacancy is an incident then."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])

    told = end_grant(groundwork.world, grant_of(groundwork, chief), TODAY, email=groundwork.leader)

    assert (TODAY, []) == (told.to_on, incidents(groundwork))
    assert 1 == len(views.task_list(groundwork.world, email=chief))
    groundwork.put("2008-12-04", "00:00")
    clockwork.tick(groundwork.world)
    assert ([], ["no_holder"]) == (
        views.task_list(groundwork.world, email=chief),
        incidents(groundwork),
    )
    assert [("2008-12-03")] == [one["payload"]["to_on"] for one in lines(groundwork, "grant_ended")]


def test_a_role_is_ended_at_once(groundwork: Stage) -> None:
    """With yesterday as its last day nothing can be done at the next command."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)

    end_grant(
        groundwork.world,
        grant_of(groundwork, chief),
        TODAY - timedelta(days=1),
        email=groundwork.leader,
    )

    with pytest.raises(NoRight):
        groundwork.hand_in(unit)
    assert ["no_holder"] == incidents(groundwork)


def test_one_that_has_not_begun_is_taken_back(groundwork: Stage) -> None:
    """It never comes to hold; and the same can be given again."""
    wish = role(groundwork, groundwork.holder("registrator"), from_on=date(2008, 12, 10))
    told = give(groundwork.world, wish, email=groundwork.leader)

    ended = end_grant(groundwork.world, told.grant, TODAY, email=groundwork.leader)

    assert date(2008, 12, 9) == ended.to_on
    groundwork.put("2008-12-10")
    assert [] == views.task_list(groundwork.world, email=wish.person)
    again = give(groundwork.world, wish, email=groundwork.leader)
    assert (told.grant, None) == (again.grant, again.to_on)


def test_what_cannot_be_given(groundwork: Stage) -> None:
    """Each says what is wrong, with the nearest name or day; and nothing is written."""
    new = groundwork.holder("registrator")
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    before = groundwork.everything()
    wrong: list[tuple[Role, type[Exception], str]] = [
        (role(groundwork, new.replace("@", ".@")), NotFound, "Menade du"),
        (role(groundwork, new, role="verksamhetschf"), NotFound, "verksamhetschef"),
        (role(groundwork, new, unit="xyz"), NotFound, "enhet xyz"),
        (role(groundwork, new, role="driftenhetschef"), BadInput, "driftenhet"),
        (role(groundwork, new, from_on=date(2008, 12, 2)), BadInput, "Tidigast i dag"),
        (role(groundwork, new, to_on=date(2008, 12, 2)), BadInput, "före den första"),
        (role(groundwork, new, from_on=date(9999, 1, 1)), BadInput, "går inte"),
        (role(groundwork, chief), Refused, "redan rollen"),
        (role(groundwork, chief, from_on=date(2010, 1, 1)), Refused, "tills vidare"),
    ]

    for wish, error, words in wrong:
        with pytest.raises(error, match=words):
            give(groundwork.world, wish, email=groundwork.leader)

    assert before == groundwork.everything()


def test_what_cannot_be_ended(groundwork: Stage) -> None:
    """A number that is none, a day that is past, one that is not earlier; and twice."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    key = grant_of(groundwork, chief)
    end = partial(end_grant, groundwork.world, email=groundwork.leader)

    with pytest.raises(NotFound):
        end(9999, TODAY)
    with pytest.raises(BadInput, match="Tidigast i går"):
        end(key, TODAY - timedelta(days=2))
    with pytest.raises(BadInput, match="tidigare sista dag"):
        end(key, date(9999, 12, 31))
    end(key, TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="inte rollen längre"):
        end(key, TODAY)


def test_it_is_given_twice_at_once(vacant: Stage) -> None:
    """One gives, the others are told that it is given; one mail goes."""
    new = vacant.holder("registrator")
    press = partial(give, vacant.world, role(vacant, new), email=vacant.leader)

    answers = together(*[press] * 6)

    assert Counter({Grant: 1, Refused: 5}) == Counter(type(one) for one in answers)
    assert 1 == vacant.mails("assignment")[new]
    assert True is evidence.prove(vacant.world).ok


# ---- people ----------------------------------------------------------------------------


def test_somebody_new_is_added(vacant: Stage) -> None:
    """They can be given a role at once, and get their mail in their language."""
    new = NewPerson(email="Eva.Ny@Region.example ", name=" Eva Ny ", language="en")

    told = add_person(vacant.world, new, email=vacant.leader)
    give(vacant.world, role(vacant, told.email), email=vacant.leader)

    assert NewPerson(email="eva.ny@region.example", name="Eva Ny", language="en") == told
    assert 1 == vacant.mails("assignment")["eva.ny@region.example"]
    (line,) = lines(vacant, "person_changed")
    assert True is line["payload"]["added"]
    assert "eva" not in str(line["payload"]).lower()


def test_a_new_address_forgets_what_came_back(groundwork: Stage) -> None:
    """The mark and its incident go, roles and history stay, and mail goes to the new one."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    groundwork.change(
        "UPDATE people SET bounced_at = '2008-12-01 00:00:00.000000', bounce = '550'"
        " WHERE email = :who",
        who=chief,
    )
    groundwork.change(
        "INSERT INTO incidents (kind, subject, detail, opened_at)"
        " SELECT 'bounce', CAST(id AS TEXT), '{}', '2008-12-01 00:00:00.000000' FROM people"
        " WHERE email = :who",
        who=chief,
    )
    known = of(groundwork, chief)

    change_person(
        groundwork.world,
        chief,
        NewPerson(email="ny@region.example", name=known.name, language=known.language),
        email=groundwork.leader,
    )

    new = of(groundwork, "ny@region.example")
    assert ("550", "", known.roles) == (known.bounce, new.bounce, new.roles)
    assert [] == incidents(groundwork)
    (line,) = lines(groundwork, "person_changed")
    assert ["email"] == line["payload"]["changed"]
    assert 1 == len(views.task_list(groundwork.world, email="ny@region.example"))


def test_a_name_and_a_language_are_corrected(groundwork: Stage) -> None:
    """Nothing else changes, and to change nothing is refused."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    wish = NewPerson(email=chief, name="Åsa Ek-Ström", language="en")
    change = partial(change_person, groundwork.world, chief, wish, email=groundwork.leader)

    change()

    known = of(groundwork, chief)
    assert ("Åsa Ek-Ström", "en") == (known.name, known.language)
    assert {"name", "language"} >= set(lines(groundwork, "person_changed")[0]["payload"]["changed"])
    with pytest.raises(Refused, match="Inget är ändrat"):
        change()


def test_what_cannot_stand_about_a_person(groundwork: Stage) -> None:
    """A bad address, name or language, and an address that somebody has."""
    chief, other = (groundwork.chief(unit) for unit in groundwork.units("verksamhet")[:2])
    before = groundwork.everything()
    wrong: list[tuple[NewPerson, type[Exception], str]] = [
        (NewPerson(email="åsa@region.example", name="Å"), BadInput, "före @ står å"),
        (NewPerson(email="x", name="Å"), BadInput, "ingen e-postadress"),
        (NewPerson(email="x@region.example", name=" "), BadInput, "namnet på en rad"),
        (NewPerson(email="x@region.example", name="A\nBcc: b"), BadInput, "namnet på en rad"),
        (NewPerson(email="x@region.example", name="x" * 301), BadInput, "namnet på en rad"),
        (NewPerson(email="x@region.example", name="\u202ex"), BadInput, "namnet på en rad"),
        (NewPerson(email="x@region.example", name="A", language="de"), BadInput, "Språket"),
        (NewPerson(email=other.upper(), name="A"), Refused, "redan"),
    ]

    for new, error, words in wrong:
        for verb in (
            partial(add_person, groundwork.world, new),
            partial(change_person, groundwork.world, chief, new),
        ):
            with pytest.raises(error, match=words):
                verb(email=groundwork.leader)

    assert before == groundwork.everything()
    with pytest.raises(NotFound, match="Menade du"):
        change_person(
            groundwork.world, f"x{chief}", NewPerson(email=chief, name="A"), email=groundwork.leader
        )


# ---- who may ---------------------------------------------------------------------------

DOES: dict[str, Callable[[Stage, str | None], object]] = {
    "give": lambda stage, email: give(
        stage.world, role(stage, stage.holder("registrator")), email=email
    ),
    "end": lambda stage, email: end_grant(
        stage.world, grant_of(stage, stage.holder("registrator")), TODAY, email=email
    ),
    "add": lambda stage, email: add_person(
        stage.world, NewPerson(email="x@region.example", name="X"), email=email
    ),
    "change": lambda stage, email: change_person(
        stage.world,
        stage.holder("registrator"),
        NewPerson(email="x@region.example", name="X"),
        email=email,
    ),
}


@pytest.mark.parametrize("does", DOES)
@pytest.mark.parametrize("who", ["medicinsk_radgivare", "landstingsdirektor", None])
def test_who_leads_may(groundwork: Stage, does: str, who: str | None) -> None:
    """The process leader, the one above, and the operator without a name."""
    assert DOES[does](groundwork, groundwork.holder(who) if who else None)


@pytest.mark.parametrize("does", DOES)
@pytest.mark.parametrize("who", ["verksamhetschef", "driftenhetschef", "registrator", "lent"])
def test_others_may_not(groundwork: Stage, does: str, who: str) -> None:
    """Nobody else, nor a substitute of the leader; and nothing is written."""
    email = groundwork.holder("verksamhetschef" if who == "lent" else who)
    if who == "lent":
        wish = Appointment(person=groundwork.leader, by=email, from_on=TODAY, to_on=TODAY)
        substituting.appoint(groundwork.world, wish)
    before = groundwork.everything()

    with pytest.raises(NoRight):
        DOES[does](groundwork, email)

    assert before == groundwork.everything()


# ---- the next import -------------------------------------------------------------------


def write(stage: Stage, folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the organisation's files with one text replaced in each that is named."""
    for name in ("units", "people", "grants"):
        words = stage.folder.joinpath(f"{name}.csv").read_text(encoding="utf-8")
        old, new = changes.get(name, ("", ""))
        assert old in words
        words = words.replace(old, new, 1) if old else words + new
        folder.joinpath(f"{name}.csv").write_text(words, encoding="utf-8")
    return folder


def import_again(stage: Stage, **more: Any) -> dict[str, Any]:
    """Import the same files once more, or others; give what was done to people and grants."""
    folder = more.pop("folder", stage.folder)
    told = organisation.bring_in(stage.world, folder, **more)
    return {what: {k: list(v) for k, v in told[what].items() if v} for what in ("people", "grants")}


def test_the_same_files_undo_nothing(groundwork: Stage) -> None:
    """What was given, ended, added and corrected by hand stands after the next import of the
    old files, which names each of them; and the import after that says the same."""
    one, other = groundwork.units("verksamhet")[:2]
    chief, corrected = groundwork.chief(one), groundwork.chief(other)
    end_grant(groundwork.world, grant_of(groundwork, chief), TODAY, email=groundwork.leader)
    add_person(groundwork.world, NewPerson(email="ny@region.example", name="Ny"))
    give(groundwork.world, role(groundwork, "ny@region.example", from_on=date(2008, 12, 4)))
    change_person(
        groundwork.world, corrected, NewPerson(email="annan@region.example", name="Annan")
    )
    before = {name: groundwork.everything()[name] for name in ("people", "grants")}

    told = import_again(groundwork)

    assert before == {name: groundwork.everything()[name] for name in before}
    assert [f"{chief} verksamhetschef {one}"] == told["grants"]["kept"]
    assert [f"ny@region.example verksamhetschef {one} 2008-12-04"] == told["grants"]["left"]
    assert 1 == len(told["people"]["kept"]) == len(told["people"]["left"])
    assert {"kept", "left"} == set(told["people"]) == set(told["grants"])
    assert told == import_again(groundwork)


def test_end_missing_leaves_what_was_given_by_hand(groundwork: Stage) -> None:
    """It is not in the files, and is kept all the same, and named; files that win end it."""
    wish = role(groundwork, groundwork.holder("registrator"))
    told = give(groundwork.world, wish)

    kept = import_again(groundwork, end_missing=True)["grants"]
    ended = import_again(groundwork, end_missing=True, files_win=True)["grants"]

    name = f"{wish.person} verksamhetschef {wish.unit} 2008-12-03"
    assert ({"kept": [name]}, {"ended": [name]}) == (kept, ended)
    with pytest.raises(Refused, match="inte rollen längre"):
        end_grant(groundwork.world, told.grant, TODAY)


def test_what_the_files_say_anew_holds(groundwork: Stage, tmp_path: Path) -> None:
    """A file that says something else than before is newer than the hand: field by field."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    person = next(one for one in groundwork.people.people if one.email == chief)
    end_grant(groundwork.world, grant_of(groundwork, chief), TODAY)
    change_person(
        groundwork.world, chief, NewPerson(email="ny@region.example", name="Åsa Ek", language="en")
    )
    line = groundwork.folder.joinpath("grants.csv").read_text(encoding="utf-8")
    old = next(row for row in line.splitlines() if row.startswith(f"{chief},verksamhetschef"))
    folder = write(
        groundwork,
        tmp_path,
        people=(person.name, "Åsa Ström"),
        grants=(old, f"{chief},verksamhetschef,{unit},,2009-12-31"),
    )

    told = import_again(groundwork, folder=folder)

    known = of(groundwork, "ny@region.example")
    assert ("Åsa Ström", "en") == (known.name, known.language)
    assert date(2009, 12, 31) == known.roles[0].to_on
    assert [f"{chief} verksamhetschef {unit}"] == told["grants"]["changed"]
    assert [person.key] == told["people"]["changed"] == told["people"]["kept"]


def test_a_language_that_somebody_chose_stays(groundwork: Stage) -> None:
    """What a person sets for themselves is not undone by the files either."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    language = "sv" if of(groundwork, chief).language == "en" else "en"
    with groundwork.world.database.write() as connection:
        person = people.find_person(connection, chief).id
        people.set_preferences(connection, person, language=language, theme=None)

    told = import_again(groundwork)

    assert language == of(groundwork, chief).language
    assert 1 == len(told["people"]["kept"])


def test_files_that_win_undo_it(groundwork: Stage) -> None:
    """Said so, they do what they say."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    end_grant(groundwork.world, grant_of(groundwork, chief), TODAY - timedelta(days=1))
    before = of(groundwork, chief)
    change_person(groundwork.world, chief, NewPerson(email="ny@region.example", name="Ny"))

    told = import_again(groundwork, files_win=True)

    assert ["changed"] == list(told["people"]) == list(told["grants"])
    after = of(groundwork, chief)
    assert (before.name, None) == (after.name, after.roles[0].to_on)
    assert {} == import_again(groundwork)["grants"]


def test_who_was_added_by_hand_is_not_doubled(groundwork: Stage, tmp_path: Path) -> None:
    """When the files bring the person and the role, they are the same person and the same
    role, with the files' key and days."""
    unit = groundwork.units("verksamhet")[0]
    add_person(groundwork.world, NewPerson(email="ny@region.example", name="Ny"))
    told = give(groundwork.world, role(groundwork, "ny@region.example"))
    folder = write(
        groundwork,
        tmp_path,
        people=("", "a4711,ny@region.example,Ny Person,sv,\n"),
        grants=("", f"ny@region.example,verksamhetschef,{unit},,2009-12-31\n"),
    )

    done = import_again(groundwork, folder=folder)

    (held,) = of(groundwork, "ny@region.example").roles
    assert (told.grant, date(2009, 12, 31), False) == (held.grant, held.to_on, held.by_hand)
    assert {"people": {"changed": ["a4711"]}, "grants": {"changed": [held_name(unit)]}} == done
    assert {"people": {}, "grants": {}} == import_again(groundwork, folder=folder)


def held_name(unit: str) -> str:
    """Give what an import calls the role of the one who was added."""
    return f"ny@region.example verksamhetschef {unit}"


def test_an_address_given_by_hand_is_not_taken(groundwork: Stage, tmp_path: Path) -> None:
    """Somebody new in the files wants an address that was given by hand to somebody else: the
    import is refused whole, and says what to do."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    change_person(groundwork.world, chief, NewPerson(email="ny@region.example", name="Ny"))
    folder = write(groundwork, tmp_path, people=("", "a4711,ny@region.example,Ny Person,sv,\n"))
    before = groundwork.everything()

    with pytest.raises(BadInput, match="fått för hand"):
        organisation.bring_in(groundwork.world, folder)

    assert before == groundwork.everything()


def test_an_import_tells_who_comes_to_a_role(vacant: Stage, tmp_path: Path) -> None:
    """What is given by the files is told as what is given by hand, once."""
    unit = vacant.units("verksamhet")[0]
    new = vacant.holder("registrator")
    folder = write(vacant, tmp_path, grants=("", f"{new},verksamhetschef,{unit},,\n"))

    organisation.bring_in(vacant.world, folder)
    organisation.bring_in(vacant.world, folder)

    assert 1 == vacant.mails("assignment")[new]
    assert (
        ROUND
        in vacant.rows(
            "SELECT task_id FROM messages JOIN people ON people.id = person_id"
            " WHERE email = :who AND messages.kind = 'assignment'",
            who=new,
        )[0][0]
    )


# ---- the list --------------------------------------------------------------------------


def test_the_roster(groundwork: Stage) -> None:
    """Everybody by name with titles and days, what is over only when asked for, and both
    sides of a substitution."""
    one, other = (groundwork.chief(unit) for unit in groundwork.units("verksamhet")[:2])
    substituting.appoint(
        groundwork.world, Appointment(person=one, by=other, from_on=TODAY, to_on=TODAY)
    )
    end_grant(groundwork.world, grant_of(groundwork, one), TODAY - timedelta(days=1))

    now = {person.email: person for person in roster(groundwork.world)}
    ever = {person.email: person for person in roster(groundwork.world, everything=True)}
    english = {person.email: person for person in roster(groundwork.world, language="en")}

    assert [p.name for p in now.values()] == sorted(p.name for p in now.values())
    assert ((), "past") == (now[one].roles, ever[one].roles[0].when)
    (held,) = now[other].roles
    assert ("Verksamhetschef", None, None, "current") == (
        held.role_title,
        held.from_on,
        held.to_on,
        held.when,
    )
    assert held.role_title != english[other].roles[0].role_title
    assert [now[other].name] == [lent.other for lent in now[one].substitutes]
    assert [now[one].name] == [lent.other for lent in now[other].stands_in_for]
