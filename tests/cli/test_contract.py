"""Every command: what it answers, in which keys, and with which exit code."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cli.conftest import OPENED_AT, ROUND, Act, People, Terminal

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ROOT = f"{ROUND}.omgang"


def _values(document: Any, key: str) -> list[Any]:
    """Give every value that is not null under a key, however deep."""
    if isinstance(document, list):
        return [one for part in document for one in _values(part, key)]
    if not isinstance(document, dict):
        return []
    own = [document[key]] if document.get(key) is not None else []
    return own + [one for part in document.values() for one in _values(part, key)]


def _assign(act: Act, who: People) -> None:
    """Bring the round to where every unit owes its underlag."""
    act("omgang", "faststall", who.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")
    act("omgang", "konstituera", who.of("medicinsk_radgivare"), "2008-11-20T10:00")
    act("omgang", "lamna_uppdrag", who.of("landstingsdirektor"), "2008-12-03T14:00")


def test_init_makes_a_database_once(terminal: Terminal) -> None:
    """`init` makes it, and leaves it as it is when it is there."""
    first = terminal.read("init", "--rehearsal")
    again = terminal.read("init", "--rehearsal")

    assert first == again
    assert first["rehearsal"]
    assert str(Path("beredning.db").absolute()) == first["database"]


def test_org_example_fits_the_process(terminal: Terminal) -> None:
    """`org example` writes the files, with so many units as asked for."""
    told = terminal.read("org", "example", "x/y", "--process", "prioritering", "--units", "4")

    lines = Path("x/y/units.csv").read_text(encoding="utf-8").splitlines()

    assert {"README.txt", "facts.csv", "grants.csv", "people.csv", "units.csv"} == {
        file.name for file in Path("x/y").iterdir()
    }
    assert told["units"] == len(lines) - 1
    assert 4 == sum(",verksamhet," in line for line in lines)


def test_org_import_tells_what_is_new_changed_and_missing(
    terminal: Terminal, opened: People
) -> None:
    """What is missing in the files is listed and left; `--end-missing` ends it."""
    file = Path("alvmark/grants.csv")
    *kept, last = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(kept), encoding="utf-8")
    leader = opened.of("medicinsk_radgivare")

    left = terminal.read("org", "import", "alvmark", "--as", leader)
    ended = terminal.read("org", "import", "alvmark", "--end-missing", "--at", OPENED_AT)

    gone = " ".join(last.rstrip(",").split(",")[:3])
    assert {"facts", "grants", "people", "units"} == set(left)
    assert [gone] == left["grants"]["left"]
    assert [] == left["grants"]["ended"]
    assert [gone] == ended["grants"]["ended"]


def test_org_import_reads_what_a_swedish_spreadsheet_writes(
    terminal: Terminal, people: People
) -> None:
    """Semicolons, a byte order mark and Windows line ends are read as commas are."""
    terminal.do("init")
    for file in Path("alvmark").glob("*.csv"):
        text = file.read_text(encoding="utf-8").replace(",", ";").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    told = terminal.read("org", "import", "alvmark")

    assert len(people.grants) == len(told["grants"]["added"])


def test_check_names_warnings_and_is_content(terminal: Terminal) -> None:
    """`check` gives file, place, severity and message; warnings alone give exit 0."""
    found = terminal.read("check")

    assert {"warning"} == {one["severity"] for one in found}
    assert all({"file", "place", "severity", "message"} <= set(one) for one in found)
    assert "milestone.grundarbete" in {one["place"] for one in found}


def test_check_gives_exit_1_for_an_error(terminal: Terminal) -> None:
    """An error gives exit 1, the list on stdout and one error document on stderr."""
    Path("process.toml").write_text('key = "x"\ntitel = "X"\n', encoding="utf-8")

    result = terminal.run("check", "process.toml", "--json")

    assert 1 == result.exit_code
    assert "error" in {one["severity"] for one in json.loads(result.stdout)}
    assert "problems" == json.loads(result.stderr)["error"]["code"]
    assert 1 == terminal.run("check", "process.toml").exit_code


@pytest.mark.usefixtures("ordinary")
def test_round_open_gives_its_id(terminal: Terminal) -> None:
    """`round open` answers with the round's readable id, and keeps the reference."""
    told = terminal.read("round", "open", "prioritering", "--year", "2031", "--reference", "D 1")
    (listed,) = terminal.read("round", "list")

    assert {"round": "prioritering-2031"} == told
    assert "D 1" == listed["reference"]


@pytest.mark.usefixtures("opened")
def test_round_list_and_show_have_their_keys(terminal: Terminal) -> None:
    """Rounds, milestones and cases bear the keys that are promised."""
    (listed,) = terminal.read("round", "list")
    shown = terminal.read("round", "show", ROUND)

    assert {"round", "process", "year", "state", "open_tasks", "overdue"} <= set(listed)
    assert {"round", "process", "revision", "state", "milestones", "cases", "incidents"} <= set(
        shown
    )
    assert {"key", "on", "due_at", "moved_from"} <= set(shown["milestones"][0])
    assert {"case", "kind", "unit", "state", "due_at", "overdue"} <= set(shown["cases"][0])
    assert (1, 0, 2010) == (listed["open_tasks"], listed["overdue"], listed["year"])
    assert ROOT == shown["cases"][0]["case"]


def test_round_open_says_that_a_plan_has_passed(terminal: Terminal, opened: People) -> None:
    """Whoever opens the wrong year sees it at once."""
    said = terminal.do("round", "open", "prioritering", "--year", "2009")

    assert "Obs! 11 av 11 milstolpar i planen har redan passerat." in said
    assert opened


def test_ids_are_readable(terminal: Terminal, act: Act, opened: People) -> None:
    """A case is named by round, kind and unit."""
    _assign(act, opened)

    cases = {one["case"] for one in terminal.read("round", "show", ROUND)["cases"]}

    (department,) = opened.units("driftenhetschef")
    units = opened.units("verksamhetschef")
    assert {
        ROOT,
        f"{ROUND}.avstamning.{department}",
        *(f"{ROUND}.underlag.{unit}" for unit in units),
    } == cases


@pytest.mark.usefixtures("opened")
def test_instants_end_in_z_and_days_are_days(terminal: Terminal) -> None:
    """Instants are ISO 8601 in UTC with Z, days are YYYY-MM-DD, in every document."""
    terminal.do("tick", "--at", "2008-11-10T07:30:00+01:00")
    terminal.do("deliver")
    documents = [
        terminal.read("round", "list"),
        terminal.read("round", "show", ROUND),
        terminal.read("tasks", "--all"),
        terminal.read("outbox"),
        [json.loads(one) for one in terminal.do("log", ROUND, "--json").splitlines()],
    ]

    instants = [
        one
        for key in ("at", "due_at", "put_at", "sent_at", "opened_at")
        for one in _values(documents, key)
    ]
    days = _values(documents, "on") + _values(documents, "moved_from")

    assert 8 < len(instants)
    assert [] == [one for one in instants if not INSTANT.fullmatch(one)]
    assert [] == [one for one in days if not DAY.fullmatch(one)]


def test_tasks_say_what_may_be_done_and_why_not(terminal: Terminal, opened: People) -> None:
    """One's own tasks, or everybody's; a transition bears its title and its reasons."""
    secretary = opened.of("sekreterare", "landstingsstyrelse")
    (task,) = terminal.read("tasks", "--as", secretary)
    (same,) = terminal.read("tasks", "--all", "--round", ROUND)

    allowed = {one["key"]: one["allowed"] for one in task["transitions"]}
    assert {
        *("task", "round", "case", "kind", "unit", "state", "title", "due_at", "overdue"),
        *("version", "holders", "transitions"),
    } <= set(task)
    assert {"key", "title", "allowed", "reasons"} <= set(task["transitions"][0])
    assert {"faststall": True, "withdraw": False, "missing": False} == allowed
    assert all(one["reasons"] for one in task["transitions"] if not one["allowed"])
    assert [secretary] == task["holders"]
    assert task["task"] == same["task"]
    assert {"faststall": True, "withdraw": True, "missing": False} == {
        one["key"]: one["allowed"] for one in same["transitions"]
    }


def test_act_tells_what_came_of_it(terminal: Terminal, opened: People) -> None:
    """`act` gives the case's states and version, its entries and the tasks it opened."""
    secretary = opened.of("sekreterare", "landstingsstyrelse")

    told = terminal.read("act", ROOT, "faststall", "--as", secretary, "--comment", "Enligt § 7")

    (line,) = [
        one
        for one in map(json.loads, terminal.do("log", ROUND, "--json").splitlines())
        if one["transition"] == "faststall"
    ]
    assert {"case", "transition", "from", "to", "version", "entries", "tasks_opened"} | {
        "repeated",
        "on_behalf_of",
    } == set(told)
    assert ("plan", "styrgrupp", 2, False) == (
        *(told["from"], told["to"], told["version"]),
        told["repeated"],
    )
    assert [line["number"]] == told["entries"]
    assert ("Enligt § 7", "command", secretary) == (line["comment"], line["via"], line["actor"])


def test_a_repeated_request_gives_the_first_answer(terminal: Terminal, opened: People) -> None:
    """The same request is done once; another command under its id is refused."""
    secretary = opened.of("sekreterare", "landstingsstyrelse")
    request = ["--as", secretary, "--request-id", str(uuid4())]

    first = terminal.read("act", ROOT, "faststall", *request)
    again = terminal.read("act", ROOT, "faststall", *request)
    other = terminal.refused("act", ROOT, "konstituera", *request)

    assert {**first, "repeated": True} == again
    assert "refused" == other["code"]


def test_a_stale_version_is_told_what_holds_now(terminal: Terminal, opened: People) -> None:
    """Who acts on an older version gets `stale`, and the state and version of now."""
    secretary = opened.of("sekreterare", "landstingsstyrelse")

    error = terminal.refused("act", ROOT, "faststall", "--version", "7", "--as", secretary)

    assert "stale" == error["code"]
    assert ("plan", 1) == (error["current"]["state"], error["current"]["version"])


@pytest.mark.parametrize("ending", ["json", "toml"])
def test_data_comes_from_a_file(terminal: Terminal, act: Act, opened: People, ending: str) -> None:
    """What comes along is JSON or TOML, by the file's ending."""
    _assign(act, opened)
    unit = opened.units("verksamhetschef")[0]
    row = {"tillstand": "A", "atgard": "B", "typ": "effektivisering", "effekt_tkr": 480}
    text = {
        "json": json.dumps({"rows": {"objekt": [row]}}),
        "toml": "[[rows.objekt]]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in row.items()),
    }
    Path(f"data.{ending}").write_text(text[ending], encoding="utf-8")

    told = terminal.read(
        *("act", f"{ROUND}.underlag.{unit}", "lamna_in", "--data", f"data.{ending}"),
        *("--as", opened.of("verksamhetschef", unit)),
    )

    assert "inlamnat" == told["to"]


def test_days_in_toml_are_days(terminal: Terminal, act: Act, opened: People) -> None:
    """A day written as TOML writes days is taken as one."""
    _assign(act, opened)
    Path("dag.toml").write_text("[decision]\nmeeting_on = 2008-12-03\n", encoding="utf-8")
    unit = opened.units("verksamhetschef")[0]

    told = terminal.read(
        *("act", f"{ROUND}.underlag.{unit}", "inget", "--comment", "Inget", "--data", "dag.toml"),
        *("--as", opened.of("verksamhetschef", unit)),
    )

    assert "inlamnat" == told["to"]


def test_round_move_moves_deadlines(terminal: Terminal, act: Act, opened: People) -> None:
    """A moved milestone moves its tasks, and remembers where it stood."""
    _assign(act, opened)
    leader = opened.of("medicinsk_radgivare")

    told = terminal.read(
        *("round", "move", ROUND, "grundarbete", "2009-03-06", "--reason", "Sportlov"),
        *("--as", leader),
    )
    shown = terminal.read("round", "show", ROUND)

    (milestone,) = [one for one in shown["milestones"] if one["key"] == "grundarbete"]
    assert 6 == len(told["tasks"])
    assert ("2009-03-06", "2009-02-28") == (milestone["on"], milestone["moved_from"])


def test_units_are_withdrawn_and_added(terminal: Terminal, act: Act, opened: People) -> None:
    """While underlag are collected one can be withdrawn, and a new unit's added."""
    _assign(act, opened)
    unit = opened.units("verksamhetschef")[0]
    chief = opened.of("driftenhetschef")
    (department,) = opened.units("driftenhetschef")
    with Path("alvmark/units.csv").open("a", encoding="utf-8") as file:
        file.write(f"nyoppnad,Nyöppnad,verksamhet,{department},,\n")
    terminal.do("org", "import", "alvmark")

    gone = terminal.read(
        *("unit", "withdraw", ROUND, unit, "--reason", "Nedlagd", "--as", chief),
    )
    added = terminal.read(
        *("unit", "add", ROUND, "nyoppnad", "--reason", "Ny", "--as"),
        opened.of("medicinsk_radgivare"),
    )

    assert "withdrawn" == gone["to"]
    assert f"{ROUND}.underlag.nyoppnad" == added["case"]


def test_a_round_is_cancelled_by_its_leader(terminal: Terminal, act: Act, opened: People) -> None:
    """`round cancel` ends everything that is open."""
    _assign(act, opened)

    told = terminal.read(
        *("round", "cancel", ROUND, "--reason", "Delas"),
        *("--as", opened.of("medicinsk_radgivare")),
    )
    (listed,) = terminal.read("round", "list")

    assert "withdrawn" == told["to"]
    assert ("withdrawn", 0) == (listed["state"], listed["open_tasks"])


def test_tick_and_deliver_write_the_mails_once(terminal: Terminal, opened: People) -> None:
    """What is due is done once; every mail is a file, and in the outbox."""
    ticked = terminal.read("tick", "--at", "2008-11-10T07:30:00+01:00")
    again = terminal.read("tick")
    sent = terminal.read("deliver")
    sent_again = terminal.read("deliver", "--as", opened.of("registrator"))
    outbox = terminal.read("outbox")

    assert 0 < ticked["reminders"]
    assert 0 == again["reminders"] == again["mails"]
    assert sent["sent"] == len(list(Path("run/mail").glob("*.eml"))) > 0
    assert 0 == sent_again["sent"]
    names = "message_id to kind state attempt error put_at sent_at next_try_at"
    assert set(names.split()) == set(outbox[0])
    assert sent["sent"] == sum(one["state"] == "sent" for one in outbox)


def test_log_is_one_object_a_line(terminal: Terminal, opened: People) -> None:
    """Each line of `log --json` is an entry with its hash and the one before."""
    lines = [json.loads(one) for one in terminal.do("log", ROUND, "--json").splitlines()]
    own = [json.loads(one) for one in terminal.do("log", "installation", "--json").splitlines()]

    assert {
        *("number", "at", "kind", "case", "actor", "on_behalf_of", "via", "transition", "from"),
        *("to", "comment", "hash", "previous_hash"),
    } <= set(lines[0])
    assert [line["hash"] for line in lines[:-1]] == [line["previous_hash"] for line in lines[1:]]
    assert "installed" == own[0]["kind"]
    assert opened.of("medicinsk_radgivare") == lines[0]["actor"]


def test_verify_finds_truncation_behind_a_checkpoint(
    terminal: Terminal, opened: People, made: Path
) -> None:
    """A log that is shorter than its checkpoint gives exit 1, and the chain and number."""
    secretary = opened.of("sekreterare", "landstingsstyrelse")
    terminal.do("act", ROOT, "faststall", "--as", secretary)
    Path("vittne.json").write_text(terminal.do("checkpoint"), encoding="utf-8")
    good = terminal.read("verify", "--checkpoint", "vittne.json")
    Path("beredning.db").write_bytes((made / "beredning.db").read_bytes())
    for ending in ("-wal", "-shm"):
        Path(f"beredning.db{ending}").unlink(missing_ok=True)

    result = terminal.run("verify", "--checkpoint", "vittne.json", "--json")

    found = json.loads(result.stdout)
    assert good["ok"]
    assert {"ok", "chains", "entries", "problems", "disposed"} == set(found)
    assert 1 == result.exit_code
    assert {"chain", "number", "problem"} == set(found["problems"][0])
    assert "problems" == json.loads(result.stderr)["error"]["code"]
    assert 1 == terminal.run("verify", "--checkpoint", "vittne.json").exit_code


def test_incidents_tell_what_waits_for_a_person(
    terminal: Terminal, act: Act, opened: People
) -> None:
    """A task that nobody holds is an incident with what, where and since when."""
    unit = opened.units("verksamhetschef")[0]
    file = Path("alvmark/grants.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if f"verksamhetschef,{unit}," not in line]
    file.write_text("\n".join(kept), encoding="utf-8")
    terminal.do("org", "import", "alvmark", "--end-missing")
    _assign(act, opened)

    (incident,) = terminal.read("incidents")
    (shown,) = terminal.read("round", "show", ROUND)["incidents"]

    assert f"{ROUND}.underlag.{unit}" == incident["case"] == shown["case"]
    assert INSTANT.fullmatch(incident["since"])


def test_diagram_is_mermaid(terminal: Terminal) -> None:
    """`diagram` draws every kind of case and its states."""
    drawn = terminal.do("diagram", "prioritering", "--format", "mermaid")

    assert drawn.startswith("stateDiagram-v2\n")
    assert 'state "Utkast" as underlag__utkast' in drawn
    assert drawn == terminal.read("diagram", "prioritering")["diagram"]


def test_diagram_as_a_picture(terminal: Terminal) -> None:
    """`--format svg` is a picture that stands alone, the same in the document."""
    drawn = terminal.do("diagram", "prioritering", "--format", "svg")

    assert drawn.startswith("<svg")
    assert "Underlag" in drawn
    assert drawn == terminal.read("diagram", "prioritering", "--format", "svg")["diagram"]


def test_plan_of_a_year(terminal: Terminal) -> None:
    """`plan` lays the milestones out, and names the days off."""
    told = {
        one["milestone"]: one for one in terminal.read("plan", "prioritering", "--year", "2010")
    }
    words = terminal.do("plan", "prioritering", "--year", "2010")

    assert ("2009-02-28", "lördag") == (told["grundarbete"]["on"], told["grundarbete"]["off"])
    assert "lör 28 feb 2009" in words
    assert "2009-06-01" == told["budgetbeslut"]["first_on"] < told["budgetbeslut"]["on"]
    assert (
        "not_found"
        == terminal.refused("plan", "prioritering", "--year", "2010", "--plan", "annan")["code"]
    )


def test_simulate_plays_a_year_in_a_folder_of_its_own(terminal: Terminal) -> None:
    """`simulate` gives the figures, and leaves a database, mails and a timeline."""
    told = terminal.read(
        *("simulate", "prioritering", "--year", "2010", "--units", "4"),
        *("--late", "0.2", "--seed", "7", "--out", "year"),
    )

    lines = Path("year/timeline.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(one) for one in lines]
    assert {"seconds", "transitions", "mails", "final_state"} <= set(told)
    assert told["mails"] == len(list(Path("year/mail").glob("*.eml")))
    assert Path("year/rehearsal.db").exists()
    assert not Path("beredning.db").exists()
    assert {"at", "event", "round", "case", "unit", "actor", "detail"} == set(events[0])


@pytest.mark.usefixtures("opened")
def test_the_clock_of_a_rehearsal_stands_where_it_was_put(terminal: Terminal) -> None:
    """The clock stands at the last `--at`, and never runs by itself."""
    terminal.do("tasks", "--all", "--at", "2008-11-20T08:00:00+01:00")
    (task,) = terminal.read("tasks", "--all")
    error = terminal.refused("tick", "--at", "2008-11-02T08:00:00+01:00")

    assert task["overdue"]
    assert "bad_input" == error["code"]
    assert "2008-11-03T07:00:00Z" in error["message"]


@pytest.mark.parametrize(
    "words",
    [
        ["org", "import", "alvmark"],
        ["round", "open", "prioritering", "--year", "2031"],
        ["round", "list"],
        ["round", "show", ROUND],
        ["round", "move", ROUND, "uppdrag", "2030-01-01", "--reason", "x"],
        ["round", "cancel", ROUND, "--reason", "x", "--as", "x"],
        ["unit", "add", ROUND, "u", "--reason", "x"],
        ["unit", "withdraw", ROUND, "u", "--reason", "x", "--as", "x"],
        ["unit", "missing", ROUND, "u", "--reason", "x", "--as", "x"],
        ["tasks", "--all"],
        ["act", ROOT, "faststall", "--as", "x"],
        ["tick"],
        ["deliver"],
        ["log", ROUND],
        ["verify"],
        ["checkpoint"],
        ["incidents"],
        ["outbox"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_at_is_for_rehearsals(made: Path, words: list[str]) -> None:
    """Every command on a round knows `--at`, and refuses it in an ordinary database."""
    database = made / "ordinary.db"
    env = {"BEREDNING_DATABASE__URL": f"sqlite:///{database}"}
    if not database.exists():
        Terminal(env=env).do("init")

    error = Terminal(env=env).refused(*words, "--at", OPENED_AT)

    assert "bad_input" == error["code"]
    assert "--rehearsal" in error["message"]


@pytest.mark.usefixtures("opened")
def test_the_banner_of_a_rehearsal_is_on_stderr(terminal: Terminal) -> None:
    """A rehearsal says so on stderr, and leaves stdout alone; a failed document has stderr."""
    told = terminal.run("round", "list")
    document = terminal.run("round", "list", "--json")
    refused = terminal.run("round", "show", "prioritering-1999")

    assert told.stderr.startswith("Övning: inget härifrån är på riktigt.")
    assert "mån 3 nov 2008 kl. 08.00" in told.stderr
    assert 1 == len(json.loads(document.stdout))
    assert document.stderr.startswith("Övning:")
    assert refused.stderr.startswith("Övning:")
    assert "Övning" not in told.stdout


@pytest.mark.usefixtures("ordinary")
def test_an_ordinary_database_has_no_banner(terminal: Terminal) -> None:
    """Nothing is said on stderr when all is well."""
    assert "" == terminal.run("round", "list").stderr


def test_act_as_can_be_switched_off_outside_rehearsals(
    terminal: Terminal, ordinary: People
) -> None:
    """`act_as = false` refuses `--as` in an ordinary database."""
    Path("config.toml").write_text("[cli]\nact_as = false\n", encoding="utf-8")

    error = terminal.refused("tasks", "--as", ordinary.of("registrator"))

    assert "no_right" == error["code"]
    assert "act_as" in error["message"]
    assert [] == terminal.read("tasks", "--all")


def test_act_as_is_always_allowed_in_a_rehearsal(terminal: Terminal, opened: People) -> None:
    """`act_as = false` says nothing about rehearsals."""
    Path("config.toml").write_text("[cli]\nact_as = false\n", encoding="utf-8")

    assert [] == terminal.read("tasks", "--as", opened.of("registrator"))


def test_config_stands_before_the_command_and_the_environment_over_it(terminal: Terminal) -> None:
    """`--config FILE` is read in place of config.toml; a variable goes before both."""
    Path("config.toml").write_text("[nonsense]\n", encoding="utf-8")
    Path("other.toml").write_text('[database]\nurl = "sqlite:///other.db"\n', encoding="utf-8")

    told = terminal.read("--config", "other.toml", "init")
    named = Terminal(env={"BEREDNING_DATABASE__URL": "sqlite:///named.db"}).read(
        "--config", "other.toml", "init"
    )

    assert str(Path("other.db").absolute()) == told["database"]
    assert str(Path("named.db").absolute()) == named["database"]


@pytest.mark.usefixtures("opened")
def test_the_environment_says_where_mail_goes_and_where_processes_are() -> None:
    """Sender, folder, base URL and processes can be given by variables."""
    own = Path("egna/fika")
    own.mkdir(parents=True)
    (own / "process.toml").write_text('key = "fika"\n', encoding="utf-8")
    terminal = Terminal(
        env={
            "BEREDNING_MAIL__SENDER": "Ansvarig <ansvarig@prov.example>",
            "BEREDNING_MAIL__OUTBOX_DIR": "ut",
            "BEREDNING_WEB__BASE_URL": "https://prov.example",
            "BEREDNING_PROCESSES__PATH": "egna",
        }
    )
    terminal.do("tick", "--at", "2008-11-10T07:30:00+01:00")
    terminal.do("deliver")

    mail = next(Path("ut").glob("*.eml")).read_text(encoding="utf-8")
    assert "ansvarig@prov.example" in mail
    assert "https://prov.example" in mail
    assert "fika" in terminal.refused("diagram", "fik")["message"]


def test_tables_are_for_people(terminal: Terminal, act: Act, opened: People) -> None:
    """Without `--json` every list is a table with heads, in local time."""
    _assign(act, opened)
    unit = opened.units("verksamhetschef")[0]

    tasks = terminal.do("tasks", "--as", opened.of("verksamhetschef", unit))
    log = terminal.do("log", ROUND)
    shown = terminal.do("round", "show", ROUND)

    assert "2009-02-28" in tasks
    assert "inget" in tasks
    assert "2008-12-03 14:00" in log
    assert "grundarbete        2009-02-28" in shown
    assert "Inga stopp." in terminal.do("incidents")
