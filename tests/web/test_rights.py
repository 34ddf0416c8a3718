"""Who may ask for what: the table in `docs/reference/rights.md`, against the site and against
what the process says of its roles."""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.web import rights
from tests.web.everyone import (
    ENDED,
    NOBODY,
    PERSONAS,
    ROLES,
    STRANGER,
    SUBSTITUTE,
    Everyone,
)
from tests.web.rights import Cell, Row
from web.routes import ROUTES, Address, Gate

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rights.md"
PROCESS = Path(__file__).parents[2] / "processes" / "prioritering" / "process.toml"
Played = Mapping[tuple[Row, str], Cell]


@pytest.fixture(scope="module")
def played(everyone: Everyone) -> Played:
    """What everybody is answered at every address."""
    return rights.play(everyone)


# ---- the page --------------------------------------------------------------------------


def test_the_page_is_what_the_site_answers(played: Played) -> None:
    """Every cell of docs/reference/rights.md; `make docs` writes it anew."""
    written, page = rights.write(played).splitlines(), PAGE.read_text("utf-8").splitlines()

    new = [line for line in written if line not in page]
    old = [line for line in page if line not in written]

    assert ([], []) == (old, new), "the rights have changed: look at each, then `make docs`"
    assert written == page


def test_every_address_has_a_line() -> None:
    """An address without a line fails the build."""
    page = PAGE.read_text(encoding="utf-8")

    without = [
        f"{one.method} {one.path}" for one in ROUTES if f"| `{one.method} {one.path}` |" not in page
    ]

    assert [] == without, f"docs/reference/rights.md has no line for {without}: `make docs`"


def test_an_address_that_nobody_knows_a_sample_for_is_told_of(everyone: Everyone) -> None:
    """What stands in a new address has to be said, and the message says where."""
    address = Address("GET", "/nytt/{okant}", Gate.SIGNED_IN, ROUTES[0].handler)

    with pytest.raises(LookupError, match=r"\{okant\}.*SAMPLES of\s+tests/web/rights.py"):
        rights.sample(everyone, address, everyone.subjects["own"])


# ---- against the process ---------------------------------------------------------------


def _roles() -> dict[str, dict[str, Any]]:
    return dict(tomllib.loads(PROCESS.read_text(encoding="utf-8"))["role"])


SEES_ALL: Final = {
    key
    for key, role in _roles().items()
    # `below` is meant where nothing is said, and the top has everything below it
    if role.get("sees", "below") == "all" or (role["at"], role.get("sees")) == ("landsting", None)
}
CHIEFS: Final = {"verksamhetschef", "driftenhetschef", SUBSTITUTE}
"""Of `own`, or standing in for who is."""
HERE: Final = {*ROLES, SUBSTITUTE}
LEADS: Final = {"medicinsk_radgivare", "landstingsdirektor"}
READS_ALL: Final = {*LEADS, "registrator", "revisor"}
SIGNED_IN: Final = set(PERSONAS) - {NOBODY}
SEES: Final = {"own": SEES_ALL | CHIEFS, "other": SEES_ALL, "round": HERE}
WORKS_ON_THE_ROUND: Final = SEES_ALL | {"sekreterare"}
"""Who reads what is written in the round's own case before it is over."""
READS: Final = SEES | {"round": WORKS_ON_THE_ROUND}
NOT_LED: Final = {
    "verksamhetschef",
    "i_samverkansgruppen",
    "fortroendevald",
    "prioriteringscentrum",
    "sekreterare",
    "justerare",
    SUBSTITUTE,
}
"""Who has a place in the round and nobody below them."""

Whom = Callable[[str], set[str]]


def _always(whom: set[str]) -> Whom:
    return lambda _about: whom


WRITES: Final = {
    "own": {"verksamhetschef", SUBSTITUTE, "medicinsk_grupp", "funktionsansvarig"},
    "other": {"medicinsk_grupp", "funktionsansvarig"},
}
"""Who fills in an underlag."""


def _of_an_underlag(whom: Mapping[str, set[str]]) -> Whom:
    """The sample's table is one that the round's own case does not have."""
    return lambda about: whom[about] if about != "round" else set()


MAY_ASK: Final[dict[str, Whom]] = {
    "/": _always(SIGNED_IN),
    "/arenden/{case}": SEES.__getitem__,
    "/arenden/{case}/anstand": READS.__getitem__,
    "/arenden/{case}/filer/{number}": lambda about: READS[about] if about != "round" else set(),
    "/arenden/{case}/tabell/{table}": _of_an_underlag(READS),
    "/arenden/{case}/tabell/{table}/rad": _of_an_underlag(WRITES),
    "/arenden/{case}/tabell/{table}/las-in": _of_an_underlag(WRITES),
    "/arenden/{case}/tabell/{table}/rader.xlsx": _of_an_underlag(READS),
    "/arenden/{case}/tabell/{table}/rader.csv": _of_an_underlag(READS),
    # The sample's round has no list that is compiled; tests/web/test_lists.py has one.
    "/arenden/{case}/bedomning/{table}": _always(set()),
    # Nor one that is secret; tests/web/test_polls.py has one.
    "/arenden/{case}/summor/{table}": _always(set()),
    "/arenden/{case}/summor/{table}.json": _always(set()),
    "/arenden/{case}/summor/{table}.csv": _always(set()),
    "/arenden/{case}/lista/{table}/jav": _always(set()),
    "/arenden/{case}/lista/{table}": _always(set()),
    "/arenden/{case}/lista/{table}.json": _always(set()),
    "/arenden/{case}/lista/{table}.csv": _always(set()),
    "/arenden/{case}/lista/{table}/pengar": _always(set()),
    "/arenden/{case}/lista/{table}/fyll-i": _always(set()),
    # Nobody has wished for a paper here; tests/web/test_money.py has one.
    "/handlingar/{paper}": _always(set()),
    "/handlingar/{paper}/fil": _always(set()),
    # Nor one that is published; tests/web/test_releasing.py has one.
    "/arenden/{case}/lista/{table}/frislapp": _always(set()),
    # Nothing of the sample comes when it is needed; tests/web/test_recurring.py has some.
    "/arenden/{case}/oppna/{kind}": _always(set()),
    "/omgangar": _always(SIGNED_IN),
    "/omgangar/{round}": _always(HERE),
    "/omgangar/{round}/process": _always(HERE),
    "/omgangar/{round}/aterforing": _always(HERE),
    "/omgangar/{round}/uppfoljning": _always(HERE),
    "/omgangar/{round}/lage": _always(HERE),
    "/omgangar/{round}/flytta": _always(SEES_ALL),
    "/omgangar/{round}/paus": _always(SEES_ALL),
    "/omgangar/{round}/paminn": _always(HERE - NOT_LED),
    "/omgangar/{round}/enheter": _always(HERE - NOT_LED),
    "/admin": _always(READS_ALL),
    "/admin/stopp": _always(READS_ALL),
    "/admin/veckan": _always(READS_ALL),
    "/admin/utskick": _always(READS_ALL),
    "/admin/utskick/{mail}": _always(READS_ALL),
    "/admin/personer": _always(READS_ALL),
    "/admin/personer/ge-roll": _always(LEADS),
    "/admin/personer/{person}": _always(READS_ALL),
    "/logg": _always(SIGNED_IN),
    "/logg.csv": _always(SIGNED_IN),
    "/logg/{round}.csv": _always(HERE),
    "/logg/{round}": _always(HERE),
    "/logg/{round}/laget": _always(HERE),
    "/forteckning": _always(READS_ALL),
    "/forteckning.csv": _always(READS_ALL),
    "/forteckning.json": _always(READS_ALL),
    "/sok": _always(SIGNED_IN),
    "/konto": _always(SIGNED_IN),
    "/logga-in": _always(set(PERSONAS)),
    "/oppet": _always(set(PERSONAS)),
    "/oppet/{publication}": _always(set()),
    "/oppet/{publication}.json": _always(set()),
    "/oppet/{publication}.csv": _always(set()),
    "/tillganglighet": _always(set(PERSONAS)),
    "/personuppgifter": _always(set(PERSONAS)),
    "/hjalp": _always(set(PERSONAS)),
    # In a demo there are no passwords, and nobody comes from the region's sign-in; this
    # round is no rehearsal, so there is no time to travel in.
    "/logga-in/svar": _always(set()),
    "/konto/losenord": _always(set()),
    "/konto/kod": _always(set()),
    "/demo/tid": _always(set()),
    "/demo/mejl": _always(set(PERSONAS)),
    "/demo/mejl/{mail}": _always(set(PERSONAS)),
    "/demo/mejl/{mail}/original": _always(set(PERSONAS)),
}
"""Who gets a page, worked out from the process's own file; everybody else is told that there
is no such thing. A new address needs a line here: say who may ask for it, before looking."""


def test_it_is_said_of_every_page_who_may_ask_for_it() -> None:
    """The oracle below knows every address that can be asked for."""
    asked = {one.path for one in ROUTES if one.method == "GET"}

    assert set() == asked - MAY_ASK.keys(), "say in MAY_ASK of tests/web/test_rights.py who may"
    assert set() == MAY_ASK.keys() - asked, "no such address any longer"


def test_every_page_is_for_those_whom_the_process_says(played: Played) -> None:
    """200 for whoever may, 404 for everybody else, the way in for who is not signed in."""
    wrong = []
    for (row, who), cell in played.items():
        if row.address.method == "GET":
            may = who in MAY_ASK[row.address.path](row.about)
            expected = 200 if may else 404 if who != NOBODY or _is_open(row) else 303
            if expected != cell.status:
                wrong.append(f"{row.name} ({row.about}): {who} {cell.status}, not {expected}")

    assert [] == wrong


def _is_open(row: Row) -> bool:
    """Say whether an address is there for who is not signed in, so that it answers for itself."""
    return row.path.startswith(("/logga-in", "/demo", "/oppet"))


# ---- forms -----------------------------------------------------------------------------


ONESELF: Final = ("/konto", "/logga-ut", "/logga-in", "/demo/")
"""Addresses where one changes nothing but what is one's own."""
MAY_CHANGE: Final[dict[str, Whom]] = {
    "/arenden/{case}/anstand": {
        "own": {"verksamhetschef", SUBSTITUTE} | {"driftenhetschef"} | LEADS,
        "other": LEADS,
        "round": set[str](),
    }.__getitem__,
    "/arenden/{case}/filer": {
        "own": {"verksamhetschef", SUBSTITUTE, "medicinsk_grupp", "funktionsansvarig"},
        "other": {"medicinsk_grupp", "funktionsansvarig"},
        "round": set[str](),
    }.__getitem__,
    "/arenden/{case}/filer/{number}/ta-bort": {
        "own": {"verksamhetschef", SUBSTITUTE},
        "other": set[str](),
        "round": set[str](),
    }.__getitem__,
    "/arenden/{case}/bedomning/{table}": _always(set()),
    "/arenden/{case}/lista/{table}/jav": _always(set()),
    "/arenden/{case}/kommentarer": lambda about: READS[about] - {"revisor"},
    "/arenden/{case}/lista/{table}/flytta": _always(set()),
    "/arenden/{case}/lista/{table}/linje": _always(set()),
    "/arenden/{case}/lista/{table}/fyll-i": _always(set()),
    "/arenden/{case}/lista/{table}/handlingar": _always(set()),
    "/arenden/{case}/lista/{table}/frislapp": _always(set()),
    "/arenden/{case}/lista/{table}/frislapp/{publication}/dra-tillbaka": _always(set()),
    "/arenden/{case}/oppna/{kind}": _always(set()),  # nothing of the shipped process's comes so
    "/arenden/{case}/spara-utkast": {
        "own": {"verksamhetschef", SUBSTITUTE, "medicinsk_grupp", "funktionsansvarig"},
        "other": {"medicinsk_grupp", "funktionsansvarig"},
        "round": set[str](),
    }.__getitem__,
    "/arenden/{case}/steg/{transition}": {
        "own": {"verksamhetschef", SUBSTITUTE},
        "other": set[str](),
        "round": set[str](),
    }.__getitem__,
    "/arenden/{case}/tabell/{table}/rad": _of_an_underlag(WRITES),
    "/arenden/{case}/tabell/{table}/las-in": _of_an_underlag(WRITES),
    "/omgangar/{round}/flytta": _always({"medicinsk_radgivare"}),
    "/omgangar/{round}/paus": _always({"medicinsk_radgivare"}),
    "/omgangar/{round}/paminn": _always({"medicinsk_radgivare", "driftenhetschef"} | LEADS),
    "/omgangar/{round}/enheter": _always({"medicinsk_radgivare", "driftenhetschef"}),
    "/admin/utskick": _always(LEADS),
    "/admin/utskick/{mail}": _always(LEADS),
    "/admin/personer": _always(LEADS),
    "/admin/personer/ge-roll": _always(LEADS),
    "/admin/personer/{person}": _always(LEADS),
    "/admin/personer/{person}/roller/{grant}": _always(LEADS),
    "/admin/personer/{person}/ersattare": _always(LEADS),
    "/admin/personer/{person}/ersattare/{substitution}": _always(LEADS),
}
"""Who may change something by a form, again from the process's own file. A new form needs a
line here."""


def test_it_is_said_of_every_form_who_may_change_something() -> None:
    """The oracle below knows every address that takes a form."""
    sent = {one.path for one in ROUTES if one.method == "POST"}
    others = {path for path in sent if not path.startswith(ONESELF)}

    assert set() == others - MAY_CHANGE.keys(), "say in MAY_CHANGE of test_rights.py who may"
    assert set() == MAY_CHANGE.keys() - others, "no such address any longer"


def test_nobody_changes_what_they_may_not(played: Played) -> None:
    """Not a row is otherwise after a form of somebody who may not: no case, no task, no entry
    of the log, no mail. The form is one that somebody who may has before them."""
    wrong = [
        f"{row.name} ({row.about}): {who} {cell.word}"
        for (row, who), cell in played.items()
        if cell.changed
        if not row.path.startswith(ONESELF)
        if row.address.method == "GET" or who not in MAY_CHANGE[row.address.path](row.about)
    ]

    assert [] == wrong


def test_what_changes_something_is_answered_with_a_way_on(played: Played) -> None:
    """303, so that loading the page again does nothing; and nothing else changes anything."""
    wrong = [
        f"{row.name} ({row.about}): {who} {cell.word}"
        for (row, who), cell in played.items()
        if cell.changed and cell.status != 303
    ]

    assert [] == wrong


@pytest.mark.parametrize("who", ["revisor", "prioriteringscentrum", ENDED, STRANGER, NOBODY])
def test_who_has_no_say_changes_nothing(played: Played, who: str) -> None:
    """The auditor reads all and changes nothing; nor does who is external, whose role has
    ended, who has none or who is not signed in."""
    forms = [
        (f"{row.name} ({row.about})", cell)
        for (row, somebody), cell in played.items()
        if somebody == who
        if row.address.method == "POST" and not row.path.startswith(ONESELF)
    ]

    assert [] == [name for name, cell in forms if cell.changed]
    assert [] == [name for name, cell in forms if cell.status not in (401, 403, 404, 409, 422)]


def test_the_forms_do_something_for_who_may(played: Played) -> None:
    """The tests above are about forms that go through for somebody, or they would say nothing."""
    changed = {row.address.path for (row, _), cell in played.items() if cell.changed}
    tried = {path for path in MAY_CHANGE if path not in REFUSED_ANYHOW}

    assert set() == tried - changed


REFUSED_ANYHOW: Final[dict[str, str]] = {
    "/admin/utskick/{mail}": "the sample's mail has left, and is not written anew",
    "/admin/personer/{person}": "the sample's form changes nothing",
    "/admin/personer/{person}/ersattare": "the leader is not the superior of the sample's chief",
    "/admin/personer/{person}/ersattare/{substitution}": "the same",
    "/omgangar/{round}/paminn": "everybody was reminded this morning",
    "/arenden/{case}/oppna/{kind}": "nothing of the shipped process is opened when needed",
    "/arenden/{case}/lista/{table}/flytta": "the sample's round has no list that is compiled",
    "/arenden/{case}/lista/{table}/linje": "the same",
    "/arenden/{case}/lista/{table}/jav": "the same",
    "/arenden/{case}/bedomning/{table}": "the sample's round has no table with a copy for each",
    "/arenden/{case}/lista/{table}/fyll-i": "the same",
    "/arenden/{case}/lista/{table}/handlingar": "the same",
    "/arenden/{case}/lista/{table}/frislapp": "the same",
    "/arenden/{case}/lista/{table}/frislapp/{publication}/dra-tillbaka": "the same",
}
"""Forms that go through for nobody in this round, and why; they have tests of their own."""


# ---- what pages hold -------------------------------------------------------------------


def test_no_page_leads_to_what_one_may_not_see(everyone: Everyone, played: Played) -> None:
    """Whatever link of ours a page shows to somebody answers them; a link never lies."""
    known = {
        (row.path, who): cell.status
        for (row, who), cell in played.items()
        if row.address.method == "GET"
    }
    wrong = set()
    for who in sorted(SIGNED_IN):
        for link, found_on in _links(played, who).items():
            status = known.get((link, who)) or everyone.get(who, link).status_code
            if status not in (200, 303):
                wrong.add(f"{found_on} leads to {link}: {status} ({who})")

    assert [] == sorted(wrong), "\n".join(sorted(wrong))


def _links(played: Played, who: str) -> dict[str, str]:
    """Give the links that somebody meets, each with a page it stands on; of those that differ
    in their query alone, the first two."""
    found: dict[str, str] = {}
    alike: Counter[str] = Counter()
    for (row, somebody), cell in played.items():
        if somebody != who or cell.status != 200 or row.path.startswith("/demo"):
            continue  # in a demo anybody reads everybody's mail
        for link in sorted(cell.links):
            path = link.partition("?")[0]
            if link not in found and alike[path] < ALIKE:
                alike[path] += 1
                found[link] = row.path
    return found


ALIKE: Final = 2
