"""What people write: never markup, never in the program's log, never read by who may not."""

import csv
import io
import json
import logging
import re
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup

from beredning.logs import JsonLines
from tests.web import rights
from tests.web.browsing import HERE
from tests.web.everyone import ENDED, NOBODY, SUBSTITUTE, Everyone, email_of, gather

BREAKS: Final = (
    "",
    '">',
    "'>",
    "</title>",
    "</textarea>",
    "</option></select>",
    "</script>",
    "-->",
    "]]>",
    "</svg>",
    "</p></td></table>",
    "\u2028\n",
    "<",
    '\\">',
    "%22%3E",
    "&quot;&gt;",
    "\uff1e\uff02",
    "{{ ",
    "{% raw %}",
    '</a href="',
)
BODIES: Final = (
    "<xmark>",
    "<script>xmark</script>",
    "<img src=x onerror=xmark>",
    "<svg/onload=xmark>",
    " xmark=1 onfocus=xmark autofocus ",
    '" xmark="1',
    "' xmark='1",
    "javascript:xmark",
    "<a href=javascript:xmark>xmark</a>",
    "<xmark/ /><!--",
)
PAYLOADS: Final = tuple(f"{number} {a}{b}" for number, (a, b) in enumerate(product(BREAKS, BODIES)))
WRITTEN: Final = {
    "people": ("name", "party"),
    "round_units": ("name",),
    "units": ("name",),
    "comments": ("text",),
    "questions": ("text", "answer"),
    "attachments": ("name", "secrecy"),
    "extensions": ("reason", "answer_reason"),
    "conflicts": ("reason",),
}
"""Every column that holds what somebody wrote, by table; what is JSON stands below."""
JSON: Final = {"material_rows": "cells", "messages": "content", "entry_payloads": "body"}
LEAVE: Final = frozenset({"task", "tasks", "case", "unit", "kind", "number", "person"})
"""Keys of JSON that hold ids, on which pages are built."""
READERS: Final = ("medicinsk_radgivare", "verksamhetschef", "driftenhetschef", "revisor")


# ---- markup ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def soiled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everyone]:
    """A round in which every text that anybody can write is an attempt at markup."""
    with gather(sqlite_template, tmp_path_factory.mktemp("soiled")) as everyone:
        everyone.raw.execute(
            "UPDATE questions SET answer = 'Svar.', answered_at = asked_at WHERE number = 1"
        )
        for table, columns in WRITTEN.items():
            for column in columns:
                _soil(everyone, table, column)
        for table, column in JSON.items():
            _soil_json(everyone, table, column)
        yield everyone


def _soil(everyone: Everyone, table: str, column: str) -> None:
    turn = cycle(PAYLOADS)
    for (row,) in everyone.raw.execute(f"SELECT rowid FROM {table}").fetchall():
        everyone.raw.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ? AND {column} IS NOT NULL",
            (next(turn), row),
        )


def _soil_json(everyone: Everyone, table: str, column: str) -> None:
    turn = cycle(PAYLOADS)
    everyone.raw.execute("DROP TRIGGER IF EXISTS entry_payloads_no_update")
    found = everyone.raw.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
    for row, text in found:
        told = json.loads(text or "null")
        if isinstance(told, dict):
            for key in ("comment", "reason", "text", "name"):
                if isinstance(told.get(key), str):
                    told[key] = next(turn)
            if table == "material_rows":
                told |= {key: next(turn) for key, value in told.items() if isinstance(value, str)}
        everyone.raw.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (json.dumps(told), row)
        )


def test_there_are_two_hundred_ways_to_try(soiled: Everyone) -> None:
    """The pages below are asked for with all of them in place."""
    people = soiled.raw.execute("SELECT count(*) FROM people WHERE name LIKE '%xmark%'").fetchone()

    assert len(set(PAYLOADS)) >= 200
    assert people[0] > 60


@pytest.mark.parametrize("who", READERS)
def test_no_text_ever_becomes_markup(soiled: Everyone, who: str) -> None:
    """On every page there is: no tag, no attribute, no link of theirs; and pages do show it."""
    shown, wrong = 0, []
    for row in rights.rows(soiled):
        if row.address.method != "GET" or row.path.endswith("/original"):
            continue
        answer = soiled.get(who, row.path)
        assert answer.status_code < 500, row.path
        if answer.headers["content-type"].startswith("text/html"):
            shown += answer.text.count("xmark")
            wrong += [(row.path, fault) for fault in faults(answer.text)]

    assert [] == wrong
    assert shown > 100


def test_no_text_that_comes_back_in_an_error_becomes_markup(soiled: Everyone) -> None:
    """A form that did not go through shows what was typed, in fields and sentences."""
    wrong, shown = [], 0
    forms = rights.forms_of(soiled, rights.rows(soiled))
    turn = cycle(PAYLOADS)
    for path, one in forms.items():
        led = path.startswith(("/admin", "/omgangar"))
        fields = {name: next(turn) for name in one.fields if name not in ("token", "request")}
        answer = soiled.post("medicinsk_radgivare" if led else "verksamhetschef", path, fields)
        shown += answer.text.count("xmark")
        wrong += [(path, fault) for fault in faults(answer.text)]
    for payload in PAYLOADS[:40]:
        for path in ("/sok", "/logg", "/logga-in", "/admin/personer", "/admin/utskick"):
            answer = soiled.client.get(
                path,
                params={"q": payload, "sok": payload, "till": payload, "fran": payload},
                headers={"cookie": f"beredning={soiled.secrets['medicinsk_radgivare']}"},
            )
            wrong += [(path, fault) for fault in faults(answer.text)]
    soiled.restore()

    assert [] == wrong
    assert shown > 50


def faults(html: str) -> list[str]:
    """Give what of a text has become markup."""
    found = re.findall(r"<xmark|<script>xmark|onerror=xmark>|<svg/onload|[\"'] xmark=", html)
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        names = [name for name in tag.attrs if "xmark" in name or name.startswith("on")]
        found += [f"{name} on <{tag.name}>" for name in names]
        if "xmark" in tag.name:
            found.append(f"<{tag.name}>")
        link = str(tag.get("href") or tag.get("src") or tag.get("action") or "")
        if re.match(r"[\s\x00-\x20]*(javascript|data|vbscript):", link, re.I):
            found.append(link)
    return found


def test_nothing_is_marked_as_safe() -> None:
    """Autoescape holds everywhere: no template says `safe` of a text, or turns it off."""
    room = Path(__file__).parents[2] / "web"
    wrong = [
        f"{path.name}: {found}"
        for path in (*room.rglob("*.html"), *room.rglob("*.py"))
        for found in re.findall(
            r"\|\s*safe\b|autoescape\s+false|autoescape=False", path.read_text("utf-8")
        )
    ]

    assert [] == wrong


# ---- files that are taken home ---------------------------------------------------------


@pytest.mark.parametrize("path", ["/logg.csv", "/forteckning.csv"])
def test_no_cell_of_a_sheet_is_a_formula(everyone: Everyone, path: str) -> None:
    """A spreadsheet computes what begins with =, +, - or @; here it is a text (OWASP, CSV
    injection)."""
    for table, columns in WRITTEN.items():
        for column in columns:
            everyone.raw.execute(
                f"UPDATE {table} SET {column} = '=HYPERLINK(\"http://annan.example\")'"
                f" WHERE {column} IS NOT NULL"
            )
    answer = everyone.get("medicinsk_radgivare", path)
    everyone.restore()

    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:200] else ","))
    cells = [cell for row in rows[1:] for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [] == [cell for cell in cells if re.match(r"[=+@\t\r]|-\D", cell)]


def test_a_file_is_never_shown_in_place(everyone: Everyone) -> None:
    """Whatever a file is called and holds, it is saved, and may not run where it came from."""
    name = 'a\r\nSet-Cookie: b=c\u202egnp.html";x='
    everyone.raw.execute("UPDATE attachments SET name = ?, media_type = 'text/html'", (name,))
    answer = everyone.get("verksamhetschef", f"/arenden/{everyone.subjects['own'].case}/filer/1")
    everyone.restore()

    told = answer.headers["content-disposition"]
    assert told.startswith('attachment; filename="')
    assert told.isascii()
    assert told.isprintable()
    assert "set-cookie" not in answer.headers
    assert "sandbox; default-src 'none'" == answer.headers["content-security-policy"]
    assert "nosniff" == answer.headers["x-content-type-options"]


# ---- what is not for everybody ---------------------------------------------------------


SECRET: Final = "hemligtord"


@pytest.mark.parametrize(
    "who",
    ["verksamhetschef", "driftenhetschef", SUBSTITUTE, "prioriteringscentrum", ENDED, NOBODY],
)
def test_nobody_reads_what_another_unit_writes(everyone: Everyone, who: str) -> None:
    """Rows, comments, files, questions and answers of another unit's draft stand on no page, in
    no sheet and in no search, whatever way one goes."""
    case = everyone.subjects["other"].case
    _write_secrets(everyone, case)
    found = []
    paths = [row.path for row in rights.rows(everyone) if row.address.method == "GET"]
    paths = [path for path in paths if not path.startswith("/demo")]
    for path in [*paths, f"/sok?q={SECRET}", f"/logg?q={SECRET}", f"/logg?arende={case}"]:
        answer = everyone.get(who, path)
        if SECRET in re.sub(r'value="[^"]*"|”[^”]*”|<title>.*?</title>', "", answer.text):
            found.append(path)
    everyone.restore()

    assert [] == found


def test_who_may_read_it_does(everyone: Everyone) -> None:
    """The test above is about texts that are on the pages of those who may."""
    case = everyone.subjects["other"].case
    _write_secrets(everyone, case)
    page = everyone.get("revisor", f"/arenden/{case}").text
    everyone.restore()

    found = set(re.findall(rf"{SECRET}-(\w+)", page))
    assert {"rad", "kommentar", "fil", "sekretess"} <= found


def _write_secrets(everyone: Everyone, case: str) -> None:
    everyone.restore()
    raw = everyone.raw
    raw.execute("UPDATE comments SET text = ? WHERE case_id = ?", (f"{SECRET}-kommentar", case))
    raw.execute(
        "UPDATE attachments SET name = ?, secrecy = ? WHERE case_id = ?",
        (f"{SECRET}-fil.txt", f"{SECRET}-sekretess", case),
    )
    cells = json.dumps({"tillstand": f"{SECRET}-rad", "atgard": "x", "typ": "effektivisering"})
    raw.execute(
        "INSERT INTO material_rows (case_id, table_key, owner, number, place, version, cells)"
        " VALUES (?, 'objekt', 0, 1, '5', 1, ?)",
        (case, cells),
    )
    raw.execute(
        "INSERT INTO questions (case_id, number, text, asked_at, asked_by)"
        " SELECT ?, 1, ?, opened_at, 1 FROM rounds",
        (case, f"{SECRET}-fraga"),
    )


# ---- the program's log -----------------------------------------------------------------


CANARY: Final = "kanariefagel"


def test_nothing_that_people_write_comes_into_the_log(
    everyone: Everyone, caplog: pytest.LogCaptureFixture
) -> None:
    """Fields, file names, searches, addresses, cookies and who it is: the log tells that
    something was asked for and how it ended, and people by number."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    _leave_traces(everyone)
    everyone.restore()

    lines = [JsonLines().format(one) for one in caplog.records if not _is_the_clients(one)]
    assert len(lines) > 50
    assert [] == [line[:300] for line in lines if CANARY in line]
    assert [] == [line[:300] for line in lines if "@alla.example" in line]


def _leave_traces(everyone: Everyone) -> None:
    forms = rights.forms_of(everyone, rights.rows(everyone))
    for path, one in forms.items():
        led = path.startswith(("/admin", "/omgangar"))
        who = "medicinsk_radgivare" if led else "verksamhetschef"
        files = {one.file: (f"{CANARY}.txt", CANARY.encode(), "text/plain")} if one.file else None
        everyone.post(who, path, {name: CANARY for name in one.fields if name != "token"})
        everyone.post(who, path, {**one.fields, "token": everyone.token(who)}, files=files)
    headers = {**HERE, "user-agent": CANARY, "referer": f"http://localhost:8000/{CANARY}"}
    for path in ("/demo/jag-ar", "/logga-in", "/logga-ut", "/konto"):
        everyone.post(NOBODY, path, {"email": CANARY, "password": CANARY}, headers=headers)
    everyone.post("revisor", "/demo/jag-ar", {"email": f"{CANARY}@{email_of('revisor')}"})
    for path in ("/sok?q=", "/logg?q=", "/logga-in?till=/", "/finns-inte/", "/admin/personer?sok="):
        everyone.get("medicinsk_radgivare", f"{path}{CANARY}")
        everyone.get(NOBODY, f"{path}{CANARY}")
    for row in rights.rows(everyone):
        if "{" in row.address.path and row.address.method == "GET":
            everyone.get("medicinsk_radgivare", re.sub(r"{\w+}", CANARY, row.address.path))


def _is_the_clients(record: logging.LogRecord) -> bool:
    """Say whether a line is of the browser that the test plays, or of what the test asks by."""
    return record.name.partition(".")[0] in ("httpx", "httpx2", "httpcore", "asyncio", "tests")


def test_an_error_that_quotes_somebody_is_logged_without_the_quotation(
    everyone: Everyone, caplog: pytest.LogCaptureFixture
) -> None:
    """A driver's error holds what it stumbled on; the log has its kind and where it was."""
    everyone.raw.execute(
        "CREATE TRIGGER stumble BEFORE INSERT ON comments"
        f" BEGIN SELECT json_extract('{CANARY}', '$'); END"
    )
    caplog.clear()
    case = everyone.subjects["own"].case
    answer = everyone.post(
        "verksamhetschef", f"/arenden/{case}/kommentarer", {"kommentar": f"{CANARY} {CANARY}"}
    )
    everyone.restore()

    assert 500 == answer.status_code
    told: Any = [one for one in caplog.records if getattr(one, "event", "") == "page_failed"]
    assert 1 == len(told)
    assert told[0].incident in answer.text
    assert any("OperationalError" in line for line in told[0].where)
    assert any(re.match(r"\w+/\w+\.py:\d+ \w+", line) for line in told[0].where)
    lines = [JsonLines().format(one) for one in caplog.records if not _is_the_clients(one)]
    assert [] == [line for line in lines if CANARY in line]
