"""Organisation files: what is read, what is refused, and what an import does."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Place
from workflow.core.errors import BadInput, NotFound
from workflow.core.facts import Place as Held
from workflow.core.organisation import GrantLine, PersonLine, UnitLine, read_organisation
from workflow.store.database import Database
from workflow.store.organisation import ImportReport, TableReport, import_organisation
from workflow.store.people import find_person, holders, people_by_id, places_of

TODAY = date(2026, 11, 22)
UNITS = """key,name,kind,parent,from,to
ortopedi,Ortopedkliniken,klinik,norr,,
norr,Norra driften,driftenhet,,2026-01-01,2026-12-31
"""
PEOPLE = """key,email,name,language,party
1,Anna@Prov.Example,Anna Å,sv,
2,bo@prov.example,Bo,en,X
"""
GRANTS = """email,role,unit,from,to
anna@prov.example,chef,ortopedi,,
BO@prov.example,chef,norr,2026-01-01,2026-11-22
bo@prov.example,läsare,ortopedi,,
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the three files, some of them otherwise than usual; gives the folder."""

    def make(
        units: str | bytes = UNITS, people: str | bytes = PEOPLE, grants: str | bytes = GRANTS
    ) -> Path:
        files = {"units.csv": units, "people.csv": people, "grants.csv": grants}
        for name, content in files.items():
            (tmp_path / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return tmp_path

    return make


def reasons(folder: Path) -> list[str]:
    """What is said of the files, line by line."""
    with pytest.raises(BadInput) as error:
        read_organisation(folder)
    assert error.value.sv.startswith("Organisationen är inte inläst. ")
    return [reason.sv for reason in error.value.reasons]


# ---- reading ----------------------------------------------------------------------------


def test_reads_what_stands_there(write: Write) -> None:
    """Units, people and grants in file order; addresses in lower case; open days open."""
    organisation = read_organisation(write())

    assert (
        UnitLine(
            key="norr",
            name="Norra driften",
            kind="driftenhet",
            parent=None,
            from_on=date(2026, 1, 1),
            to_on=date(2026, 12, 31),
        )
        == organisation.units[1]
    )
    assert (
        PersonLine(key="1", email="anna@prov.example", name="Anna Å", language="sv", party="")
        == organisation.people[0]
    )
    assert (
        GrantLine(email="anna@prov.example", role="chef", unit="ortopedi", from_on=None, to_on=None)
        == organisation.grants[0]
    )


def turned(text: str) -> str:
    """The same table with its columns in the opposite order."""
    return "".join(",".join(reversed(line.split(","))) + "\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "form",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";").replace("\n", ";;\r\n") + ";;;;\r\n\r\n",
        turned,
        lambda text: text.replace(",", " , ").replace("key", "KEY"),
        lambda text: text.rstrip("\n"),
        lambda text: "".join(
            ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in text.splitlines()
        ),
    ],
    ids=["bom", "semicolon", "crlf", "excel", "order", "space", "no last line end", "quotes"],
)
def test_reads_every_form_alike(write: Write, form: Callable[[str], str | bytes]) -> None:
    """BOM, semicolons, CRLF, column order, space and quotation marks change nothing."""
    plain = read_organisation(write())

    assert plain == read_organisation(write(form(UNITS), form(PEOPLE), form(GRANTS)))


BAD = {
    "unknown parent": ("units", "a,A,k,b,,", "rad 4: enheten `b` i kolumnen parent finns inte"),
    "own parent": ("units", "a,A,k,a,,", "rad 4: enheten `a` ligger under sig själv (a - a)"),
    "key twice": ("units", "norr,A,k,,,", "rad 4: `norr` står redan på rad 3"),
    "key with space": ("units", "a b,A,k,,,", "rad 4: nyckeln `a b` går inte att använda"),
    "key missing": ("units", ",A,k,,,", "rad 4: kolumnen key är tom"),
    "name missing": ("units", "a, ,k,,,", "rad 4: kolumnen name är tom"),
    "day": ("units", "a,A,k,,2026-02-30,", "rad 4: `2026-02-30` i kolumnen from är ingen dag"),
    "day in words": ("units", "a,A,k,,,i morgon", "rad 4: `i morgon` i kolumnen to är ingen dag"),
    "short day": ("units", "a,A,k,,20260201,", "rad 4: `20260201` i kolumnen from är ingen dag"),
    "to before from": (
        "units",
        "a,A,k,,2026-02-02,2026-02-01",
        "rad 4: to (2026-02-01) ligger före from (2026-02-02)",
    ),
    "too few cells": ("units", "a,A,k", "rad 4: raden har 3 kolumner, men rubriken har 6"),
    "too many cells": ("units", "a,A,k,,,,x", "rad 4: raden har 7 kolumner, men rubriken har 6"),
    "line break": ("units", 'a,"A\nB",k,,,', "rad 4: kolumnen name innehåller radbrytning"),
    "return": ("units", 'a,"A\rB",k,,,', "rad 4: kolumnen name innehåller radbrytning"),
    "line separator": ("units", "a,A\u2028B,k,,,", "rad 4: kolumnen name innehåller radbrytning"),
    "turned text": ("units", "a,A\u202eB,k,,,", "rad 4: kolumnen name innehåller radbrytning"),
    "nul": ("units", "a,A\0B,k,,,", "rad 4: kolumnen name innehåller radbrytning"),
    "long name": ("units", f"a,{'A' * 301},k,,,", "rad 4: kolumnen name är längre än 300 tecken"),
    "long cell": ("units", f"a,{'A' * 200_000},k,,,", "rad 4: citattecknen går inte ihop"),
    "open quote": ("units", 'a,"A,k,,,', "rad 4: citattecknen går inte ihop"),
    "address": ("people", "3,nobody,C,sv,", "rad 4: `nobody` är ingen e-postadress"),
    "å in address": ("people", "3,åsa@prov.example,C,sv,", "rad 4: `åsa@prov.example` går inte"),
    "no domain": ("people", "3,c@localhost,C,sv,", "rad 4: `c@localhost` är ingen e-postadress"),
    "injected": ("people", '3,"c@a.se\nBcc: d@e.se",C,sv,', "rad 4: kolumnen email innehåller"),
    "two addresses": ("people", '3,"c@a.se,d@e.se",C,sv,', "rad 4: `c@a.se,d@e.se` är ingen"),
    "address twice": ("people", "3,ANNA@prov.example,C,sv,", "rad 4: `anna@prov.example` står"),
    "language": ("people", "3,c@prov.example,C,de,", "rad 4: språket `de` finns inte"),
    "unknown unit": ("grants", "bo@prov.example,r,x,,", "rad 5: enheten `x` finns inte i units"),
    "unknown person": ("grants", "x@y.se,r,norr,,", "rad 5: personen `x@y.se` finns inte i people"),
    "grant twice": ("grants", "anna@prov.example,chef,ortopedi,,", "står redan på rad 2"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_named(write: Write, case: str) -> None:
    """File, line, what is wrong and what to do; one sentence for the one bad line."""
    table, line, expected = BAD[case]
    content = {"units": UNITS, "people": PEOPLE, "grants": GRANTS}[table] + line + "\n"

    found = reasons(write(**{table: content}))

    assert 1 == len(found)
    assert found[0].startswith(f"{table}.csv, ")
    assert expected in found[0]
    assert ";" in found[0], "what to do"


HEADERS = {
    "missing": (UNITS.replace(",parent", ""), "kolumnen parent saknas"),
    "unknown": (UNITS.replace("parent,", "parent,colour,"), "kolumnen `colour` är okänd"),
    "twice": (UNITS.replace("kind,", "kind,kind,"), "kolumnen kind står två gånger"),
    "empty": ("", "filen är tom"),
    "another table": (PEOPLE, "kolumnen kind, parent, from, to saknas"),
    "latin-1": (UNITS.replace("kliniken", "å").encode("latin-1"), "rad 2: filen är inte UTF-8"),
    "utf-16": (UNITS.encode("utf-16"), "filen är inte UTF-8"),
    "too large": (UNITS.encode() + b"\n" * 10_000_000, "större än 10 MB"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_a_file_that_cannot_be_used_is_named(write: Write, case: str) -> None:
    """A wrong header or encoding is told once, not once per line that refers to it."""
    content, expected = HEADERS[case]

    found = reasons(write(units=content))

    assert expected in found[0]
    assert not any("units.csv; lägg till" in reason for reason in found)


def test_a_missing_file_is_named(write: Write) -> None:
    """All three files belong together."""
    folder = write()
    (folder / "grants.csv").unlink()

    assert ["grants.csv"] == [reason.partition(":")[0] for reason in reasons(folder)]


def test_every_bad_line_is_named_in_order(write: Write) -> None:
    """All faults of all files come at once, so that one round of corrections is enough."""
    found = reasons(
        write(
            units=UNITS + "a,A,k,x,2026-13-01,\nb,,k,,,\n",
            people=PEOPLE + "3,x,C,sv,\n",
            grants=GRANTS + "bo@prov.example,r,y,,\n",
        )
    )

    assert [
        "units.csv, rad 4",
        "units.csv, rad 4",
        "units.csv, rad 5",
        "people.csv, rad 4",
        "grants.csv, rad 5",
    ] == [reason.partition(":")[0] for reason in found]


def test_a_circle_of_units_is_named_at_each(write: Write) -> None:
    """Each unit of the circle is named, but not those that only lie below it."""
    circle = "key,name,kind,parent,from,to\na,A,k,b,,\nb,B,k,c,,\nc,C,k,a,,\nd,D,k,a,,\n"

    found = reasons(write(units=circle, grants="email,role,unit,from,to\n"))

    assert [2, 3, 4] == [int(reason.split("rad ")[1].partition(":")[0]) for reason in found]
    assert "(a - b - c - a)" in found[0]


def test_a_line_of_units_ten_thousand_deep(write: Write) -> None:
    """Depth costs no more than length."""
    count = 10_000
    lines = [f"u{n},U,k,{f'u{n + 1}' if n + 1 < count else ''},," for n in range(count)]

    organisation = read_organisation(
        write("key,name,kind,parent,from,to\n" + "\n".join(lines), grants="email,role,unit,from,to")
    )

    assert count == len(organisation.units)


# ---- importing --------------------------------------------------------------------------


def bring_in(
    database: Database, folder: Path, *, end_missing: bool = False, today: date = TODAY
) -> ImportReport:
    """Import the files of a folder."""
    with database.write() as connection:
        return import_organisation(
            connection, read_organisation(folder), end_missing=end_missing, today=today
        )


def test_the_first_import_adds_everything(database: Database, write: Write) -> None:
    """Children may stand before their parents."""
    report = bring_in(database, write())

    assert (
        ImportReport(
            units=TableReport(added=("ortopedi", "norr")),
            people=TableReport(added=("1", "2")),
            grants=TableReport(
                added=(
                    "anna@prov.example chef ortopedi",
                    "bo@prov.example chef norr 2026-01-01",
                    "bo@prov.example läsare ortopedi",
                )
            ),
        )
        == report
    )


def test_the_same_again_changes_nothing(database: Database, write: Write) -> None:
    """An import may be repeated."""
    bring_in(database, write())

    empty = TableReport()
    assert ImportReport(units=empty, people=empty, grants=empty) == bring_in(database, write())


def test_changes_are_by_key(database: Database, write: Write) -> None:
    """A renamed unit, a new address and a prolonged grant are changes, not additions."""
    bring_in(database, write())

    report = bring_in(
        database,
        write(
            UNITS.replace("Ortopedkliniken", "Ortopeden").replace("klinik,norr", "klinik,"),
            PEOPLE.replace("bo@prov", "bo.b@prov"),
            GRANTS.replace("bo@prov", "bo.b@prov")
            .replace("BO@prov", "bo.b@prov")
            .replace("2026-11-22", "2027-11-22"),
        ),
    )

    assert (
        ImportReport(
            units=TableReport(changed=("ortopedi",)),
            people=TableReport(changed=("2",)),
            grants=TableReport(changed=("bo.b@prov.example chef norr 2026-01-01",)),
        )
        == report
    )


def test_addresses_may_change_hands(database: Database, write: Write) -> None:
    """Two persons who swap addresses in one file do not collide on the way."""
    bring_in(database, write(grants="email,role,unit,from,to\n"))
    swapped = (
        PEOPLE.replace("Anna@Prov", "x@prov")
        .replace("bo@prov", "anna@prov")
        .replace("x@prov", "bo@prov")
    )

    bring_in(database, write(people=swapped, grants="email,role,unit,from,to\n"))

    with database.read() as connection:
        assert "2" == find_person(connection, "anna@prov.example").key


def test_an_address_of_somebody_left_out_is_refused(database: Database, write: Write) -> None:
    """Who is not in the file keeps the address; the sentence names both."""
    bring_in(database, write())
    others = "key,email,name,language,party\n3,anna@prov.example,Cia,sv,\n"

    with pytest.raises(BadInput) as error:
        bring_in(database, write(people=others, grants="email,role,unit,from,to\n"))

    assert "adressen anna@prov.example tillhör 1" in error.value.sv
    with database.read() as connection:
        assert "1" == find_person(connection, "anna@prov.example").key


LESS = (
    "key,name,kind,parent,from,to\nnorr,Norra driften,driftenhet,,2026-01-01,2026-12-31\n",
    "key,email,name,language,party\n2,bo@prov.example,Bo,en,X\n",
    "email,role,unit,from,to\nbo@prov.example,chef,norr,2026-01-01,2026-11-22\n",
)


def test_what_is_missing_is_listed_and_left(database: Database, write: Write) -> None:
    """Leaving a line out ends nothing by itself."""
    bring_in(database, write())

    report = bring_in(database, write(*LESS))

    assert (
        ImportReport(
            units=TableReport(left=("ortopedi",)),
            people=TableReport(left=("1",)),
            grants=TableReport(
                left=("anna@prov.example chef ortopedi", "bo@prov.example läsare ortopedi")
            ),
        )
        == report
    )
    with database.read() as connection:
        assert {Held("chef", "ortopedi")} == places_of(connection, 1, TODAY)


def test_what_is_missing_ends_on_demand(database: Database, write: Write) -> None:
    """With `end_missing` the day before was the last; once ended it is not listed again."""
    bring_in(database, write())

    report = bring_in(database, write(*LESS), end_missing=True)

    assert ("ortopedi",) == report.units.ended
    assert 2 == len(report.grants.ended)
    assert ("1",) == report.people.left
    with database.read() as connection:
        assert frozenset() == places_of(connection, 1, TODAY)
        assert {Held("chef", "ortopedi")} == places_of(connection, 1, TODAY - timedelta(days=1))
    again = bring_in(database, write(*LESS), end_missing=True)
    assert ((), ()) == (again.units.ended, again.grants.ended)


# ---- looking up -------------------------------------------------------------------------


def test_holders_of_any_number_of_places(database: Database, write: Write) -> None:
    """Every asked place is answered; nobody is ()."""
    bring_in(database, write())
    chef, driftchef = Held("chef", "ortopedi"), Held("chef", "norr")
    reader, nobody = Held("läsare", "ortopedi"), Held("läsare", "norr")
    with database.read() as connection:
        assert {} == holders(connection, [], TODAY)
        assert {chef: (1,)} == holders(connection, [chef], TODAY)
        assert {nobody: ()} == holders(connection, [nobody], TODAY)
        assert {chef: (1,), driftchef: (2,), reader: (2,), nobody: ()} == holders(
            connection, [chef, driftchef, reader, nobody], TODAY
        )


def test_holders_on_the_last_day_and_the_day_after(database: Database, write: Write) -> None:
    """`to` is the last day included, `from` the first."""
    bring_in(database, write())
    place = Held("chef", "norr")
    days = [date(2025, 12, 31), date(2026, 1, 1), TODAY, TODAY + timedelta(days=1)]
    with database.read() as connection:
        found = [holders(connection, [place], day)[place] for day in days]

    assert [(), (2,), (2,), ()] == found


def test_a_person_by_address(database: Database, write: Write) -> None:
    """Upper or lower case; who is unknown is told how to be known."""
    bring_in(database, write())
    with database.read() as connection:
        bo = find_person(connection, " BO@prov.example ")
        assert {bo.id: bo} == people_by_id(connection, [bo.id, 99, bo.id])
        with pytest.raises(NotFound, match="org import"):
            find_person(connection, "cia@prov.example")


def test_an_organisation_of_three_thousand(make_place: Callable[..., Place], write: Write) -> None:
    """An import is a handful of statements whatever the size."""
    database = make_place("sqlite").open()
    size = 3000
    folder = write(
        "key,name,kind,parent,from,to\n" + "".join(f"u{n},U,k,,,\n" for n in range(size)),
        "key,email,name,language,party\n"
        + "".join(f"{n},p{n}@prov.example,P,sv,\n" for n in range(size)),
        "email,role,unit,from,to\n"
        + "".join(f"p{n}@prov.example,chef,u{n},,\n" for n in range(size)),
    )

    report = bring_in(database, folder)

    assert size == len(report.units.added) == len(report.people.added) == len(report.grants.added)
