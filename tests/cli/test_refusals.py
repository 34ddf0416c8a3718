"""What is turned down: one clear sentence that names the thing, and nothing half-written."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from beredning.cli import work
from tests.cli.conftest import ROUND, Act, People, Terminal
from tests.conftest import Place
from workflow.store.database import Database

ROOT = f"{ROUND}.omgang"


def _assert_one_sentence(terminal: Terminal, *words: str) -> str:
    """Give a command that must be refused; give the words on stderr."""
    result = terminal.run(*words)
    text = result.stderr
    assert 1 == result.exit_code, (words, result.stdout, text)
    assert "" == result.stdout
    assert "Traceback" not in text
    assert re.search(r"[.?]\n", text), text
    return text


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (["round", "show", "prioritering-2011"], "not_found", "Menade du prioritering-2010?"),
        (["log", "prioritring-2010"], "not_found", "Menade du prioritering-2010?"),
        (["tasks", "--all", "--round", "x"], "not_found", "Det finns ingen omgång x"),
        (["tasks", "--as", "tove.as@alvmark.example"], "not_found", "tove.as@alvmark.example"),
        (
            ["act", f"{ROUND}.omgan", "faststall", "--as", "x@y.example"],
            "not_found",
            f"Menade du {ROOT}?",
        ),
        (["act", ROOT, "faststal", "--as", "{secretary}"], "not_found", "faststall"),
        (["act", ROOT, "konstituera", "--as", "{secretary}"], "refused", "Planen fastställs"),
        (["act", ROOT, "faststall", "--as", "{leader}"], "no_right", "sekreterare"),
        (
            ["round", "open", "prioritering", "--year", "2010"],
            "refused",
            "prioritering-2010 finns redan",
        ),
        (["round", "open", "prioritring", "--year", "2010"], "not_found", "'prioritering'"),
        (
            ["round", "open", "prioritering", "--year", "2010", "--plan", "kort"],
            "bad_input",
            "ingen plan kort",
        ),
        (["round", "open", "prioritering", "--year", "99999"], "bad_input", "99999"),
        (
            ["round", "move", ROUND, "grundarbte", "2009-03-06", "--reason", "x"],
            "not_found",
            "Menade du grundarbete?",
        ),
        (
            ["round", "move", ROUND, "grundarbete", "2009-02-30", "--reason", "x"],
            "bad_input",
            "”2009-02-30” är ingen dag",
        ),
        (
            ["round", "move", ROUND, "grundarbete", "20090306", "--reason", "x"],
            "bad_input",
            "”20090306” är ingen dag",
        ),
        (
            ["round", "move", ROUND, "grundarbete", "2009-03-06", "--reason", " "],
            "bad_input",
            "--reason",
        ),
        (
            [
                *("round", "move", ROUND, "grundarbete", "2009-03-06"),
                *("--reason", "x", "--as", "{secretary}"),
            ],
            "no_right",
            "medicinsk rådgivare",
        ),
        (["unit", "add", ROUND, "njurmedici", "--reason", "x"], "not_found", "njurmedici"),
        (
            ["unit", "missing", ROUND, "x", "--reason", "x", "--as", "{leader}"],
            "not_found",
            "x har inget ärende",
        ),
        (["tick", "--at", "igår"], "bad_input", "”igår” är ingen tidpunkt"),
        (["tick", "--at", "2009-01-01T08:00:00"], "bad_input", "zon"),
        (["tick", "--at", "0001-01-01T00:00:00+14:00"], "bad_input", "zon"),
        (["org", "import", "nowhere"], "bad_input", "units.csv"),
        (["org", "import", "alvmark/units.csv"], "bad_input", "units.csv"),
        (["verify", "--checkpoint", "nowhere"], "bad_input", "nowhere"),
        (["verify", "--checkpoint", "alvmark"], "bad_input", "det är en mapp"),
        (["verify", "--checkpoint", "alvmark/units.csv"], "bad_input", "ingen kontrollpunkt"),
        (["org", "example", "alvmark/units.csv"], "bad_input", "alvmark/units.csv"),
        (["diagram", "prioriterin"], "not_found", "'prioritering'"),
        (["simulate", "prioritering", "--year", "2010", "--org", "x"], "bad_input", "units.csv"),
    ],
    ids=lambda one: " ".join(one)[:60] if isinstance(one, list) else None,
)
def test_what_cannot_be_done_is_said_in_words_and_as_a_document(
    terminal: Terminal, opened: People, words: list[str], code: str, named: str
) -> None:
    """A sentence names the thing; the document has the code; the log does not grow."""
    given = [
        word.format(
            secretary=opened.of("sekreterare", "landstingsstyrelse"),
            leader=opened.of("medicinsk_radgivare"),
        )
        for word in words
    ]
    before = terminal.do("log", ROUND)

    text = _assert_one_sentence(terminal, *given)
    error = terminal.refused(*given)

    assert named.lower() in text.lower()
    assert code == error["code"]
    assert named.lower() in json.dumps(error, ensure_ascii=False).lower().replace("\\", "")
    assert before == terminal.do("log", ROUND)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("{", "inte giltig JSON"),
        ("[1]", "objekt med nycklar"),
        ("[" * 100_000, "nästlad för djupt"),
        ('{"ros": {}}', "rows"),
        ('{"rows": []}', "rows"),
        ('{"rows": {"objekt": [{"tillstan": "x"}]}}', "tillstan"),
        ('{"rows": {"objekt": [{"effekt_tkr": "480,50"}]}}', "480,50"),
        ('{"due_on": "imorgon"}', "imorgon"),
        ('{"answers": {"9": "x"}}', "9"),
        ('{"questions": ["a\\u0000b"]}', "tecken"),
        ('{"questions": ["\\ud800"]}', "tecken"),
        (b"\xff\xfe", "UTF-8"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_what_comes_along_is_read_strictly(
    terminal: Terminal, act: Act, opened: People, data: str | bytes, named: str
) -> None:
    """Data that cannot be used is refused with what is wrong in it."""
    act("omgang", "faststall", opened.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")
    act("omgang", "konstituera", opened.of("medicinsk_radgivare"), "2008-11-20T10:00")
    act("omgang", "lamna_uppdrag", opened.of("landstingsdirektor"), "2008-12-03T14:00")
    unit = opened.units("verksamhetschef")[0]
    file = Path("data.json")
    file.write_bytes(data if isinstance(data, bytes) else data.encode())

    error = terminal.refused(
        *("act", f"{ROUND}.underlag.{unit}", "inget", "--comment", "x", "--data", "data.json"),
        *("--as", opened.of("verksamhetschef", unit)),
    )

    assert "bad_input" == error["code"]
    assert named in error["message"]


def test_data_from_stdin_and_too_much_of_it(
    terminal: Terminal, opened: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--data -` reads stdin; what is too large is refused."""
    monkeypatch.setattr(work, "LARGEST_FILE", 1000)
    words = ["act", ROOT, "faststall", "--as", opened.of("sekreterare", "landstingsstyrelse")]

    broken = terminal.refused(*words, "--data", "-", stdin="{")
    large = terminal.refused(*words, "--data", "-", stdin=" " * 1001)

    assert "stdin är inte giltig JSON" in broken["message"]
    assert "stdin är för stor" in large["message"]


@pytest.mark.parametrize(
    ("name", "line", "named"),
    [
        ("units.csv", "x,X,verksamhet,nowhere,,", "nowhere"),
        ("units.csv", "x,X,verksamhet,alvmark,2009-13-01,", "2009-13-01"),
        ("people.csv", "x,no-address,X,sv,", "no-address"),
        ("people.csv", "x,x@x.example,X,fi,", "fi"),
        ("grants.csv", "nobody@x.example,registrator,alvmark,,", "nobody@x.example"),
        ("grants.csv", "too,many,cells,in,this,line,here", "grants.csv"),
        ("grants.csv", "\0", "grants.csv"),
    ],
)
@pytest.mark.usefixtures("people")
def test_every_bad_line_is_named_and_nothing_is_read(
    terminal: Terminal, name: str, line: str, named: str
) -> None:
    """A line that cannot be used is told with file and line; the database stays empty."""
    terminal.do("init")
    file = Path("alvmark") / name
    number = len(file.read_text(encoding="utf-8").splitlines()) + 1
    with file.open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")

    error = terminal.refused("org", "import", "alvmark")

    told = [one["message"] for one in error["reasons"]]
    assert "bad_input" == error["code"]
    assert any(f"{name}" in one and str(number) in one for one in told), told
    assert any(named in one for one in told), told
    assert 1 == len(terminal.do("log", "installation", "--json").splitlines())


def test_a_database_that_is_not_there(terminal: Terminal) -> None:
    """A missing database is named, with the command that makes it."""
    text = _assert_one_sentence(terminal, "round", "list")

    assert str(Path("beredning.db").absolute()) in text
    assert "beredning init" in text
    assert not Path("beredning.db").exists()


def test_a_file_that_is_no_database(terminal: Terminal) -> None:
    """Another file is left as it is."""
    Path("beredning.db").write_text("something else, and quite long" * 100, encoding="utf-8")

    for words in (["round", "list"], ["init"]):
        error = terminal.refused(*words)

        assert "store" == error["code"]
        assert "ingen SQLite-databas" in error["message"]
    assert Path("beredning.db").read_text(encoding="utf-8").startswith("something else")


def test_a_folder_where_the_database_should_be(terminal: Terminal) -> None:
    """A folder in the database's place is named."""
    Path("beredning.db").mkdir()

    assert str(Path("beredning.db").absolute()) in terminal.refused("round", "list")["message"]
    assert str(Path("beredning.db").absolute()) in terminal.refused("init")["message"]


@pytest.mark.parametrize("kind", ["init", "init --rehearsal"])
def test_init_does_not_turn_one_kind_into_another(terminal: Terminal, kind: str) -> None:
    """A rehearsal never becomes the real thing, nor the other way."""
    other = {"init": "init --rehearsal", "init --rehearsal": "init"}[kind]
    terminal.do(*kind.split())

    error = terminal.refused(*other.split())

    assert "bad_input" == error["code"]
    assert "database.url" in error["message"]


@pytest.mark.usefixtures("opened")
def test_another_schema(terminal: Terminal) -> None:
    """A database of another version gives the code `schema` and the way out."""
    with sqlite3.connect("beredning.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    error = terminal.refused("round", "list")

    assert "schema" == error["code"]
    assert "9999" in error["message"]


@pytest.mark.usefixtures("opened")
def test_a_database_that_another_program_holds(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is locked gives the code `locked`; reading still goes."""
    patient = Database.__init__
    monkeypatch.setattr(
        Database, "__init__", lambda self, url: patient(self, url, busy_timeout_s=0.05)
    )
    holder = sqlite3.connect("beredning.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    error = terminal.refused("checkpoint")
    listed = terminal.read("round", "list")
    holder.close()

    assert "locked" == error["code"]
    assert 1 == len(listed)


def test_a_database_that_cannot_be_written(make_place: Callable[..., Place]) -> None:
    """A read-only database can be read, and says so when something is to change."""
    url = make_place("postgresql", schema=False).url
    Terminal(env={"BEREDNING_DATABASE__URL": url}).do("init")
    link = "&" if "?" in url else "?"
    only = f"{url}{link}options=-c%20default_transaction_read_only%3Don"
    terminal = Terminal(env={"BEREDNING_DATABASE__URL": only})

    error = terminal.refused("checkpoint")

    assert "store" == error["code"]
    assert "skrivskyddad" in error["message"]
    assert [] == terminal.read("round", "list")


def test_a_server_that_does_not_answer(make_place: Callable[..., Place]) -> None:
    """A server that is down, or lacks the database, is named without its password."""
    url = make_place("postgresql", schema=False).url
    down = {"BEREDNING_DATABASE__URL": "postgresql://anna:hemligt@127.0.0.1:1/prov"}
    empty = {"BEREDNING_DATABASE__URL": url}

    unreachable = Terminal(env=down).run("round", "list", "--json")
    without = Terminal(env=empty).refused("round", "list")

    assert 1 == unreachable.exit_code
    assert "127.0.0.1:1/prov svarar inte" in json.loads(unreachable.stderr)["error"]["message"]
    assert "hemligt" not in unreachable.stderr
    assert "schema" == without["code"]
    assert "beredning init" in without["message"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[mail]\nsendr = 'x'\n", "mail.sender"),
        ("[mail\n", "TOML"),
        ("[database]\nurl = 'mysql://x'\n", "sqlite:///"),
    ],
)
def test_settings_that_cannot_be_used(terminal: Terminal, text: str, named: str) -> None:
    """A setting that means nothing is refused, and nothing starts."""
    Path("config.toml").write_text(text, encoding="utf-8")

    error = terminal.refused("init")

    assert "bad_input" == error["code"]
    assert named in error["message"]
    assert not Path("beredning.db").exists()


def test_a_settings_file_that_is_not_there(terminal: Terminal) -> None:
    """A named file must exist; a folder is none."""
    Path("folder").mkdir()

    assert "nowhere" in terminal.refused("--config", "nowhere", "init")["message"]
    assert "folder" in terminal.refused("--config", "folder", "init")["message"]


@pytest.mark.usefixtures("opened")
def test_mails_that_cannot_be_written_wait(terminal: Terminal) -> None:
    """A folder that cannot be written gives exit 1; the mails go later."""
    terminal.do("tick", "--at", "2008-11-10T07:30:00+01:00")
    Path("run").write_text("a file in its place", encoding="utf-8")
    error = terminal.refused("deliver")
    Path("run").unlink()
    later = terminal.read("deliver", "--at", "2008-11-10T09:00:00+01:00")

    assert "problems" == error["code"]
    assert "run/mail" in error["message"]
    assert 0 < later["sent"]


@pytest.mark.usefixtures("ordinary")
def test_a_definition_with_errors_opens_no_round(
    terminal: Terminal,
) -> None:
    """Every error is told with its place; `check` is named as the way on."""
    own = Path("egna/fika")
    own.mkdir(parents=True)
    (own / "process.toml").write_text('key = "fika"\ntitel = "Fika"\n', encoding="utf-8")
    terminal.env["BEREDNING_PROCESSES__PATH"] = "egna"

    text = _assert_one_sentence(terminal, "round", "open", "fika", "--year", "2031")
    error = terminal.refused("round", "open", "fika", "--year", "2031")

    assert "beredning check" in text
    assert "titel" in text
    assert "bad_input" == error["code"]
    assert error["reasons"]


@pytest.mark.usefixtures("people")
def test_a_year_that_could_not_begin_leaves_nothing(
    terminal: Terminal,
) -> None:
    """After a refusal the same command can be given again; a played year is kept."""
    words = ["simulate", "prioritering", "--year", "2010", "--out", "year"]
    Path("tom").mkdir()

    first = terminal.refused(*words, "--org", "tom")
    again = terminal.refused(*words, "--org", "tom")
    left = Path("year/rehearsal.db").exists()
    Path("year/rehearsal.db").touch()
    kept = terminal.refused(*words)

    assert first == again
    assert not left
    assert "year/rehearsal.db finns redan" in kept["message"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["act", ROOT, "faststall"], "--as"),
        (["act", ROOT], "TRANSITION"),
        (["round", "open", "prioritering"], "--year"),
        (["round", "open", "prioritering", "--year", "tio"], "heltal"),
        (["round", "move", ROUND, "x", "2009-01-01"], "--reason"),
        (["unit", "missing", ROUND, "x", "--as", "x"], "--reason"),
        (["tasks"], "--all"),
        (["tasks", "--all", "--as", "x"], "--all"),
        (["tasks", "--everything"], "--everything"),
        (["loog"], "log"),
        (["round"], "open"),
        (["act", "a", "b", "c", "--as", "x"], "c"),
        (["act", "a", "b", "--as", "x", "--request-id", "7"], "UUID"),
        (["act", "a", "b", "--as", "x", "--version"], "--version"),
        (["simulate", "prioritering", "--year", "2010", "--late", "2"], "--late"),
        (["diagram", "prioritering", "--format", "png"], "mermaid"),
        (["org", "example", "x", "--units", "0"], "--units"),
        (["show", "bl\udce5tt"], "UTF-8"),
    ],
    ids=lambda one: " ".join(one)[:40].encode(errors="replace").decode(),
)
def test_wrong_usage_gives_exit_2(terminal: Terminal, words: list[str], named: str) -> None:
    """What is missing or misspelt on the line is named, in Swedish."""
    result = terminal.run(*words)

    assert 2 == result.exit_code
    assert named in result.stderr + result.stdout
    assert not re.search(r"Error|Missing|Invalid|No such|Usage", result.stderr)


def test_what_nobody_foresaw_is_one_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in the program says what to report; `--debug` shows where it was."""
    monkeypatch.setattr("beredning.app.App.install", lambda *_, **__: {}["nothing"])

    text = _assert_one_sentence(terminal, "init")
    error = terminal.refused("init")
    debugged = terminal.run("--debug", "init")

    assert "KeyError" in text
    assert "--debug" in text
    assert "unexpected" == error["code"]
    assert isinstance(debugged.exception, KeyError)


def test_what_the_system_refuses_is_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be used is named with the reason in Swedish."""
    monkeypatch.setattr("beredning.app.App.install", lambda *_, **__: Path("gone").read_text())

    text = _assert_one_sentence(terminal, "init")

    assert "gone går inte att läsa eller skriva: det finns inte." in text
