"""Files of a case: who puts them there, who reads them, who takes them away; kept whole."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import ROOT, ROUND, Photo, Stage
from tests.support.documents import DOCX, PDF, PNG
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, WorkflowError
from workflow.service import attaching
from workflow.service.attaching import CaseFiles, FileWish, Limits
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence
from workflow.service.seeing import see_case
from workflow.store import files
from workflow.store.files import Attached

LIMITS = Limits(file_bytes=1_000_000, case_bytes=2_000_000)


@pytest.fixture
def unit(groundwork: Stage) -> str:
    """The first verksamhet."""
    return groundwork.units("verksamhet")[0]


def attach(
    stage: Stage,
    unit: str,
    email: str = "",
    *,
    name: str = "underlag.pdf",
    content: bytes = PDF,
    limits: Limits = LIMITS,
    **more: str,
) -> Attached:
    """Attach a file to a unit's underlag, as its chief unless somebody else does."""
    wish = FileWish(
        case=stage.case("underlag", unit),
        name=name,
        content=content,
        email=email or stage.chief(unit),
        **more,
    )
    return attaching.attach(stage.world, wish, limits)


def detach(stage: Stage, unit: str, number: int, email: str = "", **more: str) -> None:
    """Take a file away again."""
    case = stage.case("underlag", unit)
    attaching.detach(stage.world, case, number, email=email or stage.chief(unit), **more)


def read(stage: Stage, unit: str, number: int, email: str = "") -> attaching.Download:
    """Read a file."""
    case = stage.case("underlag", unit)
    return attaching.read_file(stage.world, case, number, email or stage.chief(unit))


def look(stage: Stage, unit: str, email: str) -> CaseFiles | None:
    """See the files of a unit's underlag."""
    with stage.world.database.read() as connection:
        seen, case = see_case(stage.world, connection, stage.case("underlag", unit), email)
        return attaching.list_files(seen, case)


def names(stage: Stage, unit: str, email: str = "") -> list[str]:
    """Give the names of the files that a unit's underlag has."""
    found = look(stage, unit, email or stage.chief(unit))
    return [one.name for one in found.files] if found else []


def kept(stage: Stage) -> int:
    """Count the contents that are kept."""
    return int(stage.rows("SELECT count(*) FROM files")[0][0])


def entries(stage: Stage) -> list[dict[str, object]]:
    """Give the round's entries about files."""
    lines = evidence.log_lines(stage.world, ROUND)
    return [one for one in lines if one["kind"] in ("attached", "detached")]


def lend(stage: Stage, person: str, by: str) -> None:
    """Let somebody stand in for a person."""
    wish = Appointment(person=person, by=by, from_on=date(2008, 12, 3), to_on=date(2009, 6, 1))
    substituting.appoint(stage.world, wish)


def far(stage: Stage, unit: str) -> str:
    """Give a unit of another driftenhet."""
    others = stage.units("verksamhet")
    return next(one for one in others if stage.parent(one) != stage.parent(unit))


# ---- put there and read ----------------------------------------------------------------


def test_a_file_is_kept_and_comes_back_as_it_was(groundwork: Stage, unit: str) -> None:
    """Byte for byte, under its name, with the media type of its content."""
    made = attach(groundwork, unit, name="C:\\mapp\\Åtgärder.pdf", secrecy="OSL 25 kap. 1 §")

    got = read(groundwork, unit, made.number)

    assert ("Åtgärder.pdf", "application/pdf", PDF) == tuple(got)
    assert ("OSL 25 kap. 1 §", len(PDF)) == (made.secrecy, made.size)
    assert True is evidence.prove(groundwork.world).ok


def test_the_log_tells_of_it_in_the_same_transaction(groundwork: Stage, unit: str) -> None:
    """Who, what, how large, and the digest that the bytes are proved by."""
    made = attach(groundwork, unit, secrecy=" OSL\r\n25 kap. ")
    detach(groundwork, unit, made.number)

    put, taken = entries(groundwork)

    assert groundwork.chief(unit) == put["actor"] == taken["actor"]
    assert {
        "number": 1,
        "name": "underlag.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "digest": made.digest,
        "secrecy": "OSL 25 kap.",
        "case_version": 1,
    } == put["payload"]
    assert {"number": 1, "name": "underlag.pdf"} == taken["payload"]


def test_the_same_bytes_are_kept_once(groundwork: Stage, unit: str) -> None:
    """In two cases, and under two names; read from each as if it were alone."""
    other = far(groundwork, unit)

    attach(groundwork, unit)
    attach(groundwork, unit, name="kopia.pdf")
    attach(groundwork, other)

    assert 1 == kept(groundwork)
    assert ["underlag.pdf", "kopia.pdf"] == names(groundwork, unit)
    assert PDF == read(groundwork, other, 1).content


def test_sending_a_file_twice_attaches_it_once(groundwork: Stage, unit: str) -> None:
    """A double click gives the file that is there, and no second entry."""
    first = attach(groundwork, unit)

    again = attach(groundwork, unit)

    assert first == again
    assert 1 == len(entries(groundwork))


def test_a_page_gets_names_sizes_and_who(groundwork: Stage, unit: str) -> None:
    """In the order they came; one's own may be taken away."""
    attach(groundwork, unit)
    helper = groundwork.holder("funktionsansvarig")
    attach(groundwork, unit, helper, name="karta.png", content=PNG)

    found = look(groundwork, unit, groundwork.chief(unit))

    assert found is not None
    assert found.refusal is None
    assert [("underlag.pdf", len(PDF), True), ("karta.png", len(PNG), False)] == [
        (one.name, one.size, one.mine) for one in found.files
    ]
    assert "" not in [one.by for one in found.files]


# ---- who may ---------------------------------------------------------------------------


def test_whoever_owes_or_helps_may(groundwork: Stage, unit: str) -> None:
    """The holder of the task, and each that the state names as helping."""
    people = [
        groundwork.chief(unit),
        groundwork.holder("funktionsansvarig"),
        groundwork.holder("medicinsk_grupp"),
    ]

    for number, email in enumerate(people):
        attach(groundwork, unit, email, name=f"{number}.pdf")

    assert ["0.pdf", "1.pdf", "2.pdf"] == names(groundwork, unit)


SEE_BUT_MAY_NOT = ("driftenhetschef", "medicinsk_radgivare", "revisor", "registrator", "ledamot")


@pytest.mark.parametrize("role", SEE_BUT_MAY_NOT)
def test_who_only_reads_may_not(groundwork: Stage, unit: str, role: str) -> None:
    """Whoever sees the case without having it is told who has it."""
    email = groundwork.boss(unit) if role == "driftenhetschef" else groundwork.holder(role)
    made = attach(groundwork, unit)

    with pytest.raises(NoRight) as found:
        attach(groundwork, unit, email, name="x.pdf")
    with pytest.raises(NoRight):
        detach(groundwork, unit, made.number, email)

    assert "verksamhetschef" in found.value.sv
    assert PDF == read(groundwork, unit, made.number, email).content
    shown = look(groundwork, unit, email)
    assert shown is not None
    assert shown.refusal is not None


STRANGERS: dict[str, Callable[[Stage, str], str]] = {
    "the chief of another unit": lambda stage, unit: stage.chief(far(stage, unit)),
    "the chief of another driftenhet": lambda stage, unit: stage.boss(far(stage, unit)),
    "an elected representative": lambda stage, _: stage.holder("fortroendevald"),
    "somebody from outside": lambda stage, _: stage.holder("prioriteringscentrum"),
    "nobody known": lambda *_: "ingen@region.example",
}


@pytest.mark.parametrize("who", STRANGERS)
def test_to_a_stranger_it_is_not_there(groundwork: Stage, unit: str, who: str) -> None:
    """Reading, adding and taking away are answered as if there were no such case."""
    email = STRANGERS[who](groundwork, unit)
    made = attach(groundwork, unit)

    for attempt in (
        lambda: read(groundwork, unit, made.number, email),
        lambda: attach(groundwork, unit, email, content=b"\0"),
        lambda: detach(groundwork, unit, made.number, email),
    ):
        with pytest.raises(NotFound):
            attempt()

    assert ["underlag.pdf"] == names(groundwork, unit)


def test_who_sees_a_case_without_reading_it_reads_no_file(stage: Stage) -> None:
    """Everybody with a place in the round sees the round, but not all read what is in it."""
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])
    chief = stage.chief(stage.units("verksamhet")[0])
    wish = FileWish(case=ROOT, name="plan.pdf", content=PDF, email=secretary)
    attaching.attach(stage.world, wish, LIMITS)

    with pytest.raises(NotFound):
        attaching.read_file(stage.world, ROOT, 1, chief)
    with stage.world.database.read() as connection:
        seen, case = see_case(stage.world, connection, ROOT, chief)
        shown = attaching.list_files(seen, case)

    assert shown is None
    assert PDF == attaching.read_file(stage.world, ROOT, 1, stage.leader).content


def test_what_is_not_there_is_not_found(groundwork: Stage, unit: str) -> None:
    """No such case, no such number, and a number that was taken away are one answer."""
    made = attach(groundwork, unit)
    detach(groundwork, unit, made.number)

    errors = []
    for number in (made.number, 2, 0, -1):
        with pytest.raises(NotFound) as found:
            read(groundwork, unit, number)
        errors.append(found.value.sv)
    with pytest.raises(NotFound) as found:
        attaching.read_file(groundwork.world, "nej", 1, groundwork.chief(unit))

    assert {found.value.sv} == set(errors)


def test_a_substitute_attaches_for_somebody(groundwork: Stage, unit: str) -> None:
    """It is logged for both, either takes it away, and a third does not."""
    chief, other = groundwork.chief(unit), groundwork.chief(far(groundwork, unit))
    lend(groundwork, chief, other)

    made = attach(groundwork, unit, other)
    attach(groundwork, unit, other, name="b.pdf", on_behalf_of=chief)

    shown = look(groundwork, unit, chief)
    assert shown is not None
    assert " för " in shown.files[0].by
    assert [True, True] == [one.mine for one in shown.files]
    assert [chief, chief] == [one["on_behalf_of"] for one in entries(groundwork)]
    with pytest.raises(NoRight):
        detach(groundwork, unit, made.number, groundwork.holder("funktionsansvarig"))
    detach(groundwork, unit, made.number, chief)
    detach(groundwork, unit, 2, other)
    assert True is evidence.prove(groundwork.world).ok


def test_for_whom_must_be_so(groundwork: Stage, unit: str) -> None:
    """Saying that one acts for somebody does not make it so, nor does saying oneself."""
    chief, other = groundwork.chief(unit), groundwork.chief(far(groundwork, unit))
    lend(groundwork, chief, other)

    with pytest.raises(NoRight):
        attach(groundwork, unit, other, on_behalf_of=other)
    with pytest.raises(NoRight):
        attach(groundwork, unit, chief, on_behalf_of=other)
    with pytest.raises(NotFound):
        attach(groundwork, unit, groundwork.chief(far(groundwork, far(groundwork, unit))),
               on_behalf_of="ingen@region.example")  # fmt: skip


# ---- when ------------------------------------------------------------------------------


def test_what_was_handed_in_stays(groundwork: Stage, unit: str) -> None:
    """Whoever handed in neither adds nor takes away; whoever has it now adds their own."""
    made = attach(groundwork, unit)
    groundwork.hand_in(unit)

    with pytest.raises(NoRight):
        detach(groundwork, unit, made.number)
    with pytest.raises(NoRight):
        attach(groundwork, unit, name="sent.pdf")
    with pytest.raises(Refused) as found:
        detach(groundwork, unit, made.number, groundwork.boss(unit))
    attach(groundwork, unit, groundwork.boss(unit), name="granskning.docx", content=DOCX)

    assert "handed_in" == found.value.reasons[0].code
    assert ["underlag.pdf", "granskning.docx"] == names(groundwork, unit)


def test_what_came_back_is_not_taken_away_either(groundwork: Stage, unit: str) -> None:
    """A file of the first time stays when the case is theirs a second time; a new one goes."""
    made = attach(groundwork, unit)
    groundwork.hand_in(unit)
    groundwork.act(
        groundwork.case("underlag", unit), "aterlamna", groundwork.boss(unit), comment="Hur många?"
    )
    new = attach(groundwork, unit, name="svar.pdf")

    with pytest.raises(Refused) as found:
        detach(groundwork, unit, made.number)
    detach(groundwork, unit, new.number)

    assert "handed_in" == found.value.reasons[0].code
    assert ["underlag.pdf"] == names(groundwork, unit)


def test_an_ended_case_takes_nothing_more(groundwork: Stage, unit: str) -> None:
    """It stays as it is, and is read as before."""
    made = attach(groundwork, unit)
    groundwork.hand_in(unit)
    groundwork.approve(unit)

    with pytest.raises(Refused) as found:
        attach(groundwork, unit, name="sent.pdf")

    assert "ended" == found.value.reasons[0].code
    assert PDF == read(groundwork, unit, made.number).content


def test_a_case_that_waits_for_others_takes_nothing(groundwork: Stage) -> None:
    """Nobody has it, so nobody adds to it."""
    wish = FileWish(case=ROOT, name="a.pdf", content=PDF, email=groundwork.leader)

    with pytest.raises(Refused) as found:
        attaching.attach(groundwork.world, wish, LIMITS)

    assert "waits" == found.value.reasons[0].code


def test_a_closed_round_takes_nothing(groundwork: Stage, unit: str) -> None:
    """Nor does a round that was ended."""
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Slut")

    with pytest.raises(Refused) as found:
        attach(groundwork, unit)

    assert "closed" == found.value.reasons[0].code


# ---- taken away ------------------------------------------------------------------------


def test_what_is_taken_away_is_gone(groundwork: Stage, unit: str) -> None:
    """The bytes too, once no case has them; its number is not used again."""
    other = far(groundwork, unit)
    first, twin = attach(groundwork, unit), attach(groundwork, other)

    detach(groundwork, unit, first.number)
    still = kept(groundwork)
    detach(groundwork, other, twin.number)
    again = attach(groundwork, unit)

    assert (1, 2) == (still, again.number)
    assert 1 == kept(groundwork)
    assert True is evidence.prove(groundwork.world).ok


def test_taking_away_twice_is_taking_away_once(groundwork: Stage, unit: str) -> None:
    """A double click is no error and no second entry; to a stranger it never was there."""
    made = attach(groundwork, unit)

    detach(groundwork, unit, made.number)
    detach(groundwork, unit, made.number)

    assert ["attached", "detached"] == [one["kind"] for one in entries(groundwork)]
    with pytest.raises(NotFound):
        detach(groundwork, unit, made.number, groundwork.chief(far(groundwork, unit)))
    with pytest.raises(NotFound):
        detach(groundwork, unit, 2)


def test_no_byte_of_it_is_left_in_the_file(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """On SQLite its pages are written over, and it is in no page that is free."""
    place = make_place("sqlite")
    database = place.open()
    stage = photos["groundwork"].develop(database, tmp_path)
    unit = stage.units("verksamhet")[0]
    secret = b"patienten hette Kanariefagel"
    made = attach(stage, unit, name="a.txt", content=secret * 2000)

    detach(stage, unit, made.number)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    assert database.file is not None
    assert secret not in database.file.read_bytes()


# ---- limits ----------------------------------------------------------------------------


def test_what_may_do_harm_is_turned_down(groundwork: Stage, unit: str) -> None:
    """With its words, at the field, and nothing is kept."""
    with pytest.raises(BadInput) as found:
        attach(groundwork, unit, name="underlag.exe", content=b"MZ\x90\0" * 50)

    assert ["file", "program"] == [reason.code for reason in found.value.reasons]
    assert (0, []) == (kept(groundwork), entries(groundwork))


def test_a_long_ground_for_secrecy_is_turned_down(groundwork: Stage, unit: str) -> None:
    """It is a section of a law, not a text."""
    with pytest.raises(BadInput):
        attach(groundwork, unit, secrecy="x" * 201)


def test_a_case_has_room_for_so_much(groundwork: Stage, unit: str) -> None:
    """What was taken away counts no more; the limit is each case's own."""
    limits = Limits(file_bytes=300, case_bytes=len(PDF) + 100)
    first = attach(groundwork, unit, limits=limits)

    with pytest.raises(BadInput) as found:
        attach(groundwork, unit, name="b.txt", content=b"x" * 101, limits=limits)
    attach(groundwork, unit, name="c.txt", content=b"x" * 100, limits=limits)
    attach(groundwork, far(groundwork, unit), limits=limits)
    detach(groundwork, unit, first.number)
    attach(groundwork, unit, name="b.txt", content=b"x" * 60, limits=limits)

    assert ["file", "quota"] == [reason.code for reason in found.value.reasons]


def test_many_files_at_once_stay_within_the_limit(groundwork: Stage, unit: str) -> None:
    """Twenty at the same instant: as many as there is room for, each with its own number."""
    limits = Limits(file_bytes=100, case_bytes=500)

    def send(number: int) -> Callable[[], Attached]:
        content = b"%02d" % number * 50
        return lambda: attach(groundwork, unit, name="a.txt", content=content, limits=limits)

    answers = together(*map(send, range(20)))

    refused = [one.reasons[-1].code for one in answers if isinstance(one, BadInput)]
    assert ["quota"] * 15 == refused
    assert [1, 2, 3, 4, 5] == sorted(one.number for one in answers if isinstance(one, Attached))
    assert True is evidence.prove(groundwork.world).ok


def test_the_same_bytes_put_and_taken_at_once(groundwork: Stage, unit: str) -> None:
    """Two rounds share no lock; whoever comes first, nobody fails, and what is attached has
    its bytes as long as it is."""
    digest = attach(groundwork, unit).digest
    for number in (2, 3):
        attach(groundwork, unit, name=f"{number}.pdf")
    world = groundwork.world
    row = sqlalchemy.text("UPDATE attachments SET digest = :digest WHERE number = :number")

    def put_and_take(number: int) -> int:
        gone = 0
        for _ in range(20):
            with world.database.write() as connection:
                files.put_bytes(connection, digest, PDF, world.now(connection))
                connection.execute(row, {"digest": digest, "number": number})
            with world.database.write() as connection:
                connection.execute(row, {"digest": None, "number": number})
                gone += files.delete_unused(connection, [digest])
        return gone

    answers = together(*(lambda n=number: put_and_take(n) for number in (1, 2, 3)))

    assert all(isinstance(one, int) for one in answers)
    assert 0 < sum(answers) <= 60
    assert 0 == kept(groundwork)


def test_a_refusal_changes_nothing(groundwork: Stage, unit: str) -> None:
    """No row, no line, no bytes, whatever was wrong."""
    before = groundwork.everything()

    for wrong in (
        lambda: attach(groundwork, unit, groundwork.leader),
        lambda: attach(groundwork, unit, content=b""),
        lambda: attach(groundwork, unit, secrecy="x" * 300),
        lambda: detach(groundwork, unit, 1),
    ):
        with pytest.raises(WorkflowError):
            wrong()

    assert before == groundwork.everything()


def test_a_worlds_other_name_is_no_way_round(groundwork: Stage, unit: str) -> None:
    """The address may be written in capitals; it is the same person with the same rights."""
    made = attach(groundwork, unit, groundwork.chief(unit).upper())

    assert PDF == read(groundwork, unit, made.number, f" {groundwork.chief(unit)} ").content
