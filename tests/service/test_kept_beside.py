"""Comments and files through the years: proved, copied, restored, disposed of."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.service.worlds import ROOT, Photo, Stage, grains, load_process
from tests.support.documents import PDF
from workflow.core.errors import NotFound
from workflow.service import attaching, commenting, opening
from workflow.service.attaching import FileWish, Limits
from workflow.service.running import evidence, upkeep
from workflow.service.running.disposal import Disposal, Kind, Wish, dispose
from workflow.store.database import Database

LIMITS = Limits(file_bytes=1_000_000, case_bytes=2_000_000)
DECISION = "dnr RS 123/2026"
WORDS = "Kanariefågel i kommentaren"
NAME = "kanariefil.txt"
CONTENT = b"kanariefagel i filen " * 1000


@pytest.fixture
def case(groundwork: Stage) -> str:
    """A case with two files, one of them taken away, and two comments."""
    return furnish(groundwork)


def furnish(stage: Stage) -> str:
    """Give a case two files, one of them taken away, and two comments; gives its id."""
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)
    for name, content in ((NAME, CONTENT), ("borta.pdf", PDF)):
        wish = FileWish(case=case, name=name, content=content, email=chief, secrecy="OSL 25:1")
        attaching.attach(stage.world, wish, LIMITS)
    attaching.detach(stage.world, case, 2, email=chief)
    commenting.comment(stage.world, case, WORDS, email=stage.boss(unit))
    commenting.comment(stage.world, case, "Svar", email=chief)
    return case


def problems(stage: Stage) -> list[str]:
    """Give what verify finds."""
    with stage.world.database.read() as connection:
        return [one.problem for one in evidence.examine(connection).problems]


def without_keys(stage: Stage, *statements: str) -> None:
    """Change rows as one would who has the database in hand: foreign keys are not looked at."""
    engine = stage.world.database.engine
    with engine.connect() as connection:
        if stage.world.database.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for sql in statements:
            connection.exec_driver_sql(sql)
        connection.commit()
    engine.dispose()


def blob(stage: Stage, length: int) -> str:
    """Write so many bytes as the database's SQL has them."""
    return ("X'{}'" if stage.world.database.dialect == "sqlite" else "'\\x{}'").format(
        "78" * length
    )


# ---- proved ----------------------------------------------------------------------------


@pytest.mark.usefixtures("case")
def test_what_is_untouched_verifies(groundwork: Stage) -> None:
    """Files that are there, files that were taken away, and comments."""
    assert [] == problems(groundwork)


TAMPERED = {
    "other bytes": (f"UPDATE files SET content = {{{len(CONTENT)}}}", "hashen stämmer inte"),
    "fewer bytes": ("UPDATE files SET content = {5}", "hashen stämmer inte"),
    "no bytes": ("UPDATE files SET content = {0}", "hashen stämmer inte"),
    "the bytes gone": ("DELETE FROM files", "innehållet saknas"),
    "the file gone": ("DELETE FROM attachments WHERE number = 1", "fil 1 står i loggen"),
    "the file emptied": ("UPDATE attachments SET digest = NULL WHERE number = 1", "digest är None"),
    "another name": ("UPDATE attachments SET name = 'x' WHERE number = 1", "name är x"),
    "another kind": ("UPDATE attachments SET media_type = 'text/html' WHERE number = 1", "text/h"),
    "another size": ("UPDATE attachments SET size = 1 WHERE number = 1", "size är 1"),
    "less secret": ("UPDATE attachments SET secrecy = '' WHERE number = 1", "secrecy är"),
    "another person": ("UPDATE attachments SET put_by = 1 WHERE number = 1", "put_by är 1"),
    "for somebody": ("UPDATE attachments SET on_behalf_of = 1 WHERE number = 1", "on_behalf_of"),
    "another day": (
        "UPDATE attachments SET put_at = '2008-12-04 08:00:00' WHERE number = 1",
        "put_at är",
    ),
    "another version": ("UPDATE attachments SET case_version = 2 WHERE number = 1", "case_version"),
    "taken away past the log": (
        "UPDATE attachments SET removed_at = '2008-12-04 08:00:00' WHERE number = 1",
        "removed_at är",
    ),
    "brought back": ("UPDATE attachments SET removed_at = NULL WHERE number = 2", "removed_at är"),
    "a file too many": (
        "INSERT INTO attachments (case_id, number, name, media_type, size, digest, secrecy,"
        " case_version, put_at, put_by) SELECT case_id, 3, name, media_type, size, digest, secrecy,"
        " case_version, put_at, put_by FROM attachments WHERE number = 1",
        "fil 3 finns inte i loggen",
    ),
    "bytes too many": (
        "INSERT INTO files (digest, content, put_at) VALUES ('abcdef0123456789', {1},"
        " '2008-12-04 08:00:00')",
        "filen abcdef012345 hör inte till något ärende",
    ),
    "another comment": ("UPDATE comments SET text = 'x' WHERE number = 1", "text är"),
    "a comment of another": ("UPDATE comments SET written_by = 1 WHERE number = 1", "written_by"),
    "a comment for somebody": (
        "UPDATE comments SET on_behalf_of = 1 WHERE number = 1",
        "on_behalf_of",
    ),
    "a comment of another day": (
        "UPDATE comments SET at = '2008-12-04 08:00:00' WHERE number = 1",
        "at är",
    ),
    "a comment gone": ("DELETE FROM comments WHERE number = 2", "kommentar 2 står i loggen"),
    "a comment too many": (
        "INSERT INTO comments (case_id, number, at, written_by, text)"
        " SELECT case_id, 3, at, written_by, text FROM comments WHERE number = 1",
        "kommentar 3 finns inte i loggen",
    ),
}


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_changed_past_the_log_is_found(groundwork: Stage, how: str) -> None:
    """Whatever of a file or a comment is changed, added or removed, verify says so."""
    sql, expected = TAMPERED[how]

    without_keys(groundwork, re.sub(r"\{(\d+)\}", lambda n: blob(groundwork, int(n[1])), sql))

    assert any(expected in one for one in problems(groundwork))


# ---- copied and restored ---------------------------------------------------------------


def test_a_backup_carries_them(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """Restored, the file is read byte for byte, and the log still proves itself."""
    stage = photos["groundwork"].develop(make_place("sqlite").open(), tmp_path)
    case = furnish(stage)
    upkeep.backup(stage.world, tmp_path / "kept.backup", program="0.0")
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    operator = upkeep.Operator(
        clock=lambda _: stage.at[0], salt=grains(), os_user=None, program="0.0"
    )

    upkeep.restore(other, tmp_path / "kept.backup", operator)

    there = stage.another(other)
    chief = stage.chief(stage.units("verksamhet")[0])
    assert CONTENT == attaching.read_file(there.world, case, 1, chief).content
    assert [] == problems(there)
    other.close()


# ---- disposed of -----------------------------------------------------------------------


def closed(stage: Stage) -> None:
    """Let the round end, and years go by."""
    stage.act(ROOT, "withdraw", stage.leader, comment="Slut")
    stage.put("2020-01-07")


def get_rid(stage: Stage, *kinds: Kind, **more: bool) -> Disposal:
    """Dispose of some kinds, of what was over before 2015."""
    wish = Wish(before=date(2015, 1, 1), kinds=frozenset(kinds), decision=DECISION, **more)
    return dispose(stage.world, wish)


@pytest.mark.usefixtures("case")
def test_files_go_by_decision(groundwork: Stage) -> None:
    """Names, grounds and bytes; that there was one, how large and of which kind, stays."""
    closed(groundwork)

    done = get_rid(groundwork, Kind.FILES)

    assert {"files": 2} == done.total()
    assert [("gallrad", "", len(CONTENT), None), ("gallrad", "", len(PDF), None)] == (
        groundwork.rows("SELECT name, secrecy, size, digest FROM attachments ORDER BY number")
    )
    assert [(0,)] == groundwork.rows("SELECT count(*) FROM files")
    assert [] == problems(groundwork)


@pytest.mark.usefixtures("case")
def test_comments_go_by_decision(groundwork: Stage) -> None:
    """The words; who wrote and when stays, and is still proved."""
    closed(groundwork)

    done = get_rid(groundwork, Kind.COMMENTS)

    assert {"comments": 2} == done.total()
    assert [("gallrad",)] * 2 == groundwork.rows("SELECT text FROM comments")
    assert [] == problems(groundwork)
    groundwork.change("UPDATE comments SET written_by = 1")
    assert [] != problems(groundwork)


@pytest.mark.usefixtures("case")
def test_verify_says_what_is_no_longer_compared(groundwork: Stage) -> None:
    """With the log's own words gone too, what is left is looked at all the same."""
    closed(groundwork)
    get_rid(groundwork, Kind.PAYLOADS)
    with groundwork.world.database.read() as connection:
        told = [word for one in evidence.examine(connection).disposed for word in one.uncompared]
    sound = problems(groundwork)

    without_keys(groundwork, f"UPDATE files SET content = {blob(groundwork, 5)}")

    assert {"kommentarer i 1 ärenden", "bifogade filer i 1 ärenden"} <= set(told)
    assert [] == sound
    assert any("hashen stämmer inte" in one for one in problems(groundwork))


def test_bytes_that_another_round_has_are_left(groundwork: Stage, case: str) -> None:
    """Another round's file is another round's, though its bytes are the same."""
    opening.open_round(groundwork.world, load_process(year=2011), year=2011)
    secretary = groundwork.holder("sekreterare", groundwork.units("landstingsstyrelse")[0])
    other = "prioritering-2011.omgang"
    wish = FileWish(case=other, name="samma.txt", content=CONTENT, email=secretary)
    attaching.attach(groundwork.world, wish, LIMITS)
    closed(groundwork)

    get_rid(groundwork, Kind.FILES)

    assert CONTENT == attaching.read_file(groundwork.world, other, 1, secretary).content
    assert [] == problems(groundwork)
    with pytest.raises(NotFound):
        attaching.read_file(groundwork.world, case, 1, groundwork.leader)


@pytest.mark.usefixtures("case")
def test_a_dry_run_counts_and_an_open_round_is_left(groundwork: Stage) -> None:
    """It says what the real run does; what is not over is not touched."""
    before = groundwork.everything()
    groundwork.put("2020-01-07")
    assert {} == get_rid(groundwork, Kind.FILES, Kind.COMMENTS).total()
    assert before == groundwork.everything()
    groundwork.put("2008-12-04")
    closed(groundwork)

    dry = get_rid(groundwork, Kind.FILES, Kind.COMMENTS, dry_run=True)

    assert {"files": 2, "comments": 2} == dry.total()
    assert [(NAME,), ("borta.pdf",)] == groundwork.rows(
        "SELECT name FROM attachments ORDER BY number"
    )
    assert dry.total() == get_rid(groundwork, Kind.FILES, Kind.COMMENTS).total()
    assert {} == get_rid(groundwork, Kind.FILES, Kind.COMMENTS).total()


def test_nothing_is_left_in_the_file(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """Of names, words and bytes not one is left in an SQLite file or its journal."""
    database = make_place("sqlite").open()
    stage = photos["groundwork"].develop(database, tmp_path)
    furnish(stage)
    closed(stage)
    stage.post()
    assert database.file is not None
    before = whole(database.file)

    get_rid(stage, *Kind)

    after = whole(database.file)
    canaries = [WORDS.encode(), NAME.encode(), CONTENT[:40]]
    assert [True, True, True] == [one in before for one in canaries]
    assert [False, False, False] == [one in after for one in canaries]


def whole(file: Path) -> bytes:
    """Give everything that lies in a database's files."""
    beside = [file.with_name(file.name + side) for side in ("", "-wal", "-journal")]
    return b"".join(one.read_bytes() for one in beside if one.exists())
