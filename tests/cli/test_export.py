"""export diarium: the register as a file that others keep."""

import csv
import io
import json
from pathlib import Path

from tests.cli.conftest import ROUND, Act, People, Terminal

YEAR = ("--from", "2008-01-01", "--to", "2009-12-31")
KEYS = {
    *("reference", "on", "kind", "title", "from", "to", "what", "paragraph", "meeting_on"),
    *("secrecy", "left_out", "round", "number", "case"),
}


def read(text: str) -> list[list[str]]:
    """Read a sheet as a spreadsheet does."""
    plain = text.removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(plain, newline=""), delimiter=";"))


def test_a_sheet_comes_on_stdout(terminal: Terminal, act: Act, opened: People) -> None:
    """Semicolons and a byte order mark; a row for each document."""
    act("omgang", "faststall", opened.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")

    said = terminal.do("export", "diarium", *YEAR)

    assert said.startswith("\ufeffBeteckning;Datum;Slag;Från;Till;Handlingen rör")
    assert ["LT 2008-117-1", "LT 2008-117-3"] == [row[0] for row in read(said)[1:]]


def test_json_has_the_promised_keys(terminal: Terminal, opened: People) -> None:
    """`--format json` and `--json` give the same document."""
    document = json.loads(terminal.do("export", "diarium", *YEAR, "--format", "json"))

    assert terminal.read("export", "diarium", *YEAR) == document
    assert [KEYS] == [set(row) for row in document]
    assert ["2008-11-03"] == [row["on"] for row in document]
    assert opened


def test_a_file_is_written_whole_and_never_over_another(terminal: Terminal, opened: People) -> None:
    """`--out` says how many rows; a file that is there is left as it is."""
    told = terminal.read("export", "diarium", *YEAR, "--out", "d.csv")
    written = Path("d.csv").read_bytes()

    error = terminal.refused("export", "diarium", *YEAR, "--out", "d.csv")

    assert {"file": "d.csv", "rows": 1} == told
    assert written.startswith(b"\xef\xbb\xbfBeteckning;")
    assert b"\r\n" in written
    assert "bad_input" == error["code"]
    assert written == Path("d.csv").read_bytes()
    assert "1 rad i e.json." in terminal.do(
        "export", "diarium", *YEAR, "--out", "e.json", "--format", "json"
    )
    assert 1 == len(json.loads(Path("e.json").read_text(encoding="utf-8")))
    assert opened


def test_one_round_and_wrong_ones(terminal: Terminal, opened: People) -> None:
    """`--round` narrows; one that is not there is refused with the one that was perhaps meant."""
    one = terminal.read("export", "diarium", *YEAR, "--round", ROUND)

    error = terminal.refused("export", "diarium", *YEAR, "--round", "prioritering-2011")

    assert 1 == len(one)
    assert "not_found" == error["code"]
    assert ROUND in error["message"]
    assert opened


def test_days_that_are_none_are_refused(terminal: Terminal, opened: People) -> None:
    """A day that cannot be read, and days the wrong way round."""
    unreadable = terminal.refused("export", "diarium", "--from", "6 mars", "--to", "2009-01-01")
    swapped = terminal.refused("export", "diarium", "--from", "2009-01-02", "--to", "2009-01-01")

    assert "”6 mars” är ingen dag" in unreadable["message"]
    assert "före den första" in swapped["message"]
    assert opened


def test_a_folder_that_is_not_there_is_refused(terminal: Terminal, opened: People) -> None:
    """With the reason, and without a trace of the program."""
    error = terminal.refused("export", "diarium", *YEAR, "--out", "finns/inte/d.csv")

    assert "går inte att skriva" in error["message"]
    assert opened
