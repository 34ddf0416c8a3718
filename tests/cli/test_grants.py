"""`grant` and `person`: roles and people, one at a time."""

from tests.cli.conftest import People, Terminal

NEW = "eva.ny@alvmark.example"


def test_a_person_with_a_role(terminal: Terminal, opened: People) -> None:
    """Added, given a role, listed with it, and without it when it has ended."""
    unit = opened.units("verksamhetschef")[0]
    terminal.do("person", "add", NEW, "--name", "Eva Ny", "--language", "en")

    given = terminal.read("grant", "give", NEW, "--role", "verksamhetschef", "--unit", unit)

    (listed,) = [one for one in terminal.read("grant", "list") if one["person"] == NEW]
    assert (given["grant"], "current", True) == (listed["grant"], listed["when"], listed["by_hand"])
    assert "inte längre" in terminal.do("grant", "end", str(given["grant"]), "--now")
    assert [] == [one for one in terminal.read("grant", "list") if one["person"] == NEW]
    past = terminal.read("grant", "list", "--all", "--unit", unit, "--role", "verksamhetschef")
    assert ["past"] == [one["when"] for one in past if one["person"] == NEW]


def test_with_its_last_day(terminal: Terminal, opened: People) -> None:
    """--from and --to when it is given, --last when it is ended; not both --last and --now."""
    unit = opened.units("verksamhetschef")[0]
    role = ("--role", "verksamhetschef", "--unit", unit)
    days = ("--from", "2030-01-01", "--to", "2030-12-31")
    terminal.do("person", "add", NEW, "--name", "Eva Ny")
    given = terminal.read("grant", "give", NEW, *role, *days)

    said = terminal.do("grant", "end", str(given["grant"]), "--last", "2030-06-30")

    assert "till och med sön 30 juni 2030" in said
    wrong = terminal.run("grant", "end", "1", "--last", "2030-06-30", "--now")
    assert 2 == wrong.exit_code


def test_a_person_is_corrected(terminal: Terminal, opened: People) -> None:
    """Only what is given changes; the address in any case of letters."""
    email = opened.of("registrator")

    told = terminal.read("person", "change", email.upper(), "--name", "Åsa Ek")

    assert ("Åsa Ek", email) == (told["name"], told["email"])
    assert "Åsa Ek" in terminal.do("person", "list")


def test_an_import_names_what_was_kept(terminal: Terminal, opened: People) -> None:
    """And with --files-win it is not kept."""
    email = opened.of("registrator")
    terminal.do("person", "change", email, "--name", "Åsa Ek")

    kept = terminal.do("org", "import", "alvmark")
    won = terminal.do("org", "import", "alvmark", "--files-win")

    assert "1 ändrade för hand och låtna så" in kept
    assert "1 ändrade" in won
    assert "för hand" not in won


def test_who_may_not(terminal: Terminal, opened: People) -> None:
    """Who leads nothing is told who may."""
    error = terminal.refused(
        "person", "add", NEW, "--name", "Eva", "--as", opened.all("verksamhetschef")[0]
    )

    assert "no_right" in str(error)
