"""What the repository promises about itself: what is in it, and where."""

import ast
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("workflow", "processes", "notifications", "beredning")
OURS = {*ROOMS, "tests"}
MADE = {".venv", ".git", "build", "run", "__pycache__", ".mypy_cache", ".ruff_cache"} | {
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "beredning.egg-info",
}
"""Folders that tools make; only asked for where git cannot be."""


@cache
def _tracked() -> tuple[Path, ...]:
    """Give every file that is not ignored; all but what was made here, outside a clone."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        paths = [path for path in ROOT.rglob("*") if not MADE & {*path.relative_to(ROOT).parts}]
    else:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(sorted(path for path in paths if path.is_file()))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _python(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from (file for file in sorted((ROOT / room).rglob("*.py")) if file in _tracked())


def _imports(file: Path) -> Iterator[str]:
    """Give the full names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(_text(file))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _project() -> dict[str, Any]:
    read: dict[str, Any] = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    return read


def _plain(requirement: str) -> str:
    """Give a distribution's name as packaging compares it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _declared() -> set[str]:
    project = _project()
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    return {_plain(one) for one in [*project["dependencies"], *extras]}


COMPANIONS = {"pydantic_core": "pydantic", "markupsafe": "jinja2"}
"""Libraries whose names are part of another's interface and come with it."""

MACHINE = re.compile(
    r"""(?<![\w.~$}])/(?:home|root|work|tmp|Users|mnt|opt|private)/\w  # a path on a machine
    |pypi\.org/simple|files\.pythonhosted|registry\.npmjs|artifactory|nexus
    |index-url|find-links|trusted-host""",
    re.VERBOSE | re.IGNORECASE,
)


def test_no_file_knows_a_machine_or_a_registry() -> None:
    """Nothing names a folder of somebody's machine or where packages are fetched."""
    found = [
        f"{_name(path)}:{number}: {line.strip()[:80]}"
        for path in _tracked()
        if path != Path(__file__)
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if MACHINE.search(line)
    ]

    assert [] == found


def test_constraints_are_names_and_versions() -> None:
    """A line of `constraints.txt` is a name, `==` and a version; no address, no hash."""
    lines = _text(ROOT / "constraints.txt").splitlines()

    strange = [one for one in lines if not re.fullmatch(r"[\w.-]+==[0-9][\w.!+]*", one)]

    assert [] == strange
    assert len({_plain(one) for one in lines}) == len(lines)


def test_constraints_cover_every_dependency() -> None:
    """What `pyproject.toml` asks for is locked, also in the extras."""
    locked = {_plain(line) for line in _text(ROOT / "constraints.txt").splitlines()}

    assert set() == _declared() - locked


def test_every_imported_library_is_declared() -> None:
    """What the rooms and the tests import is asked for by `pyproject.toml`, not there by luck."""
    distributions = packages_distributions()
    known = _declared() | {"beredning"}

    luck = {
        f"{_name(file)}: {name}"
        for file in _python(*ROOMS, "tests")
        for name in {one.partition(".")[0] for one in _imports(file)}
        if name not in OURS | set(sys.stdlib_module_names)
        and not known & {_plain(one) for one in distributions.get(name, [name])}
        and COMPANIONS.get(name) not in known
    }

    assert set() == luck


def test_changelog_has_the_version() -> None:
    """The newest heading of the changelog is the version in `pyproject.toml`."""
    versions = re.findall(r"^## \[([\d.]+)\]", _text(ROOT / "CHANGELOG.md"), re.MULTILINE)

    assert _project()["version"] == versions[0]


def test_readme_says_how_to_run_and_test() -> None:
    """The README names the two commands, and the Makefile has them."""
    readme = _text(ROOT / "README.md")
    targets = re.findall(r"^(\w+):", _text(ROOT / "Makefile"), re.MULTILINE)

    assert "make run" in readme
    assert "make test" in readme
    assert {"run", "test", "check", "bench", "help"} <= set(targets)


def test_licence_is_whole() -> None:
    """The licence is the one that `pyproject.toml` names, from its title to its appendix."""
    text = _text(ROOT / "LICENSE")

    articles = [int(number) for number in re.findall(r"^(\d+)\.\S", text, re.MULTILINE)]

    assert "EUPL-1.2" == _project()["license"]
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert list(range(1, 16)) == articles
    assert "Québec Free and Open-Source Licence" in text


def test_check_and_ci_run_what_they_say() -> None:
    """`make check` runs every checker; `.ci/run` runs it, and the README's test command."""
    makefile = _text(ROOT / "Makefile")
    check = makefile.partition("\ncheck:")[2].partition("\n\n")[0]
    runner = ROOT / ".ci" / "run"

    missing = [
        tool
        for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports")
        if tool not in check
    ]

    assert [] == missing
    assert "make check" in _text(runner)
    assert "make test" in _text(runner)
    assert runner.stat().st_mode & 0o111


def _slug(heading: str) -> str:
    """Give a heading's anchor, as the common viewers of Markdown make it."""
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.strip().replace(" ", "-")


def _links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", _text(page), flags=re.DOTALL)
    yield from (one for one in re.findall(r"\]\(([^)\s]+)\)", text) if ":" not in one)


def _is_dead(page: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    file = (page.parent / target).resolve() if target else page
    if not file.exists():
        return True
    if not anchor:
        return False
    headings = re.findall(r"^#+ (.+)$", _text(file), re.MULTILINE)
    return anchor not in {_slug(heading) for heading in headings}


def test_every_link_inside_the_documentation_leads_somewhere() -> None:
    """A link to a page, a file or a heading of ours is never dead."""
    pages = [path for path in _tracked() if path.suffix == ".md"]

    dead = [
        f"{_name(page)}: {link}" for page in pages for link in _links(page) if _is_dead(page, link)
    ]

    assert [] == dead


def test_every_page_can_be_reached_from_the_map() -> None:
    """Each page under `docs/` is linked from `docs/README.md`, itself or its folder."""
    page = ROOT / "docs" / "README.md"
    reached = {(page.parent / link.partition("#")[0]).resolve() for link in _links(page)}

    lost = [
        _name(path)
        for path in _tracked()
        if path.is_relative_to(page.parent)
        and path.suffix == ".md"
        and path != page
        and not reached & {path, *path.parents}
    ]

    assert [] == lost


@pytest.mark.parametrize(
    ("libraries", "room"),
    [
        (("transitions",), "workflow/core/machine.py"),
        (("sqlmodel", "sqlalchemy", "alembic", "psycopg", "sqlite3"), "workflow/store/"),
        (("apscheduler",), "beredning/worker.py"),
        (("aiosmtplib",), "notifications/"),
        (("jinja2",), "notifications/"),
        (("typer", "rich"), "beredning/"),
        (("pydantic_settings",), "beredning/config.py"),
        (("puremagic",), "workflow/core/files/"),
    ],
)
def test_one_library_one_room(libraries: tuple[str, ...], room: str) -> None:
    """A library is imported in its own room and nowhere else, so that it can be exchanged."""
    strays = [
        f"{_name(file)}: {name}"
        for file in _python(*ROOMS)
        if not _name(file).startswith(room)
        for name in _imports(file)
        if name.partition(".")[0] in libraries
    ]

    assert [] == strays


CLOCK = "beredning/clock.py"
WORLD = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "sleep", "localtime"},
    "random": None,
    "secrets": None,
    "uuid": {"uuid1", "uuid4"},
    "os": {"urandom"},
}
"""What asks the world for the time or for chance; None means everything in it."""
SOURCES = {"random", "secrets"}
"""Modules whose import alone is enough."""


def _asks_the_world(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(_text(file))):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if name in WORLD and (WORLD[name] is None or node.attr in (WORLD[name] or ())):
            yield f"{_name(file)}:{node.lineno}: {name}.{node.attr}"
    for imported in _imports(file):
        module, _, attribute = imported.partition(".")
        if module in SOURCES or (module != "datetime" and attribute in (WORLD.get(module) or ())):
            yield f"{_name(file)}: import {imported}"


def test_one_place_asks_the_world_for_time_and_chance() -> None:
    """Everything else is told the time and handed its chance, so a year can be played again."""
    found = [
        line for file in _python(*ROOMS) if _name(file) != CLOCK for line in _asks_the_world(file)
    ]

    assert [] == found


def test_every_test_says_what_it_promises() -> None:
    """Each test has a docstring of its own."""
    silent = [
        f"{_name(file)}: {node.name}"
        for file in _python("tests")
        for node in ast.walk(ast.parse(_text(file)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert [] == silent


FIELD = re.compile(
    r"driftenhet|underlag|kommitt[eé]|verksamhet|avst[aä]mning|styrgrupp|ledningsgrupp|resursgrupp"
    r"|samverkansgrupp|r[aå]dgivare|medicinsk|landsting|fullm[aä]ktige|n[aä]mnd|sjukv[aå]rd|patient"
    r"|\bv[aå]rd(?!e)|klinik|l[aä]kar|prioriter|prioriti|priority.setting|budget|genomlysning"
    r"|v[aä]rdering|remiss|f[oö]rtroende|health.?care|hospital|clinic|\bward\b|council|committee",
    re.IGNORECASE,
)
"""Words of the field, which belong in `processes/`. Those of the mechanism itself are the
engine's own: ärende, omgång, enhet, organ, steg, uppgift, milstolpe; and of a meeting whatever
every association has: sammanträde, protokoll, paragraf, närvarande, beslut, chef (the superior,
who stands in for whoever is away)."""


def _words(file: Path) -> Iterator[tuple[int, str]]:
    """Give whatever a module says, name, string or comment, docstrings too, with its line."""
    with tokenize.open(file) as opened:
        for token in tokenize.generate_tokens(opened.readline):
            for below, line in enumerate(token.string.splitlines()):
                yield token.start[0] + below, line


def test_the_engine_knows_no_word_of_any_process() -> None:
    """No name, string, docstring or comment of `workflow/`, nor a file's name, is the field's."""
    modules = list(_python("workflow"))

    named = [_name(file) for file in modules if FIELD.search(_name(file))]
    found = [
        f"{_name(file)}:{number}: {line.strip()[:80]}"
        for file in modules
        for number, line in _words(file)
        if FIELD.search(line)
    ]

    assert len(modules) > 100
    assert [] == named + found


@pytest.mark.parametrize(
    "planted",
    [
        "driftenhet = 1",
        'x = "Underlaget saknas"',
        "# kommittén",
        'f"{x} styrgrupp"',
        "def namnd(): 0",
    ],
)
def test_a_word_of_the_field_is_found_wherever_it_stands(planted: str, tmp_path: Path) -> None:
    """In a name, a text, a comment: each is seen."""
    module = tmp_path / "module.py"
    module.write_text(f"x = 0\n{planted}\n", encoding="utf-8")

    assert [2] == [number for number, line in _words(module) if FIELD.search(line)]
