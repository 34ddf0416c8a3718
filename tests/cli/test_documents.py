"""The documentation of the commands: what it shows is what happens."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beredning.cli import reference, refusals
from processes.loader import SHIPPED, load
from tests.cli.conftest import Terminal
from tests.conftest import Place
from tests.support.pages import FENCE, steps
from workflow.core import errors, inputs
from workflow.core.material import read_rows

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"
WRITTEN = [README, *sorted(DOCS.glob("tutorial/*.md")), *sorted(DOCS.glob("howto/*.md"))]
PAGES = [page for page in WRITTEN if "```console\n$ beredning " in page.read_text(encoding="utf-8")]
"""Those that show commands; the others tell of the pages in the browser."""
COMMANDS = DOCS / "reference" / "commands.md"
ANYTHING = "…"


def _run(terminal: Terminal, command: str) -> list[str]:
    """Run a line as a shell would; give the lines it printed."""
    program, *words = shlex.split(command, comments=True)
    assert "beredning" == program
    target = None
    if ">" in words:
        target = Path(words.pop())
        words.pop()
    result = terminal.run(*words)
    assert (1 if "# refused" in command else 0) == result.exit_code, (command, result.output)
    if target:
        target.write_text(result.stdout, encoding="utf-8")
    lines = (result.stdout + result.stderr).splitlines()
    return [line for line in lines if line.strip()]


def _pattern(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split(ANYTHING))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_runs_and_shows_what_it_says(
    page: Path, terminal: Terminal, request: pytest.FixtureRequest
) -> None:
    """In an empty folder and in order; `…` stands for what is left out."""
    if page.stem == "postgresql":
        make_place: Callable[..., Place] = request.getfixturevalue("make_place")
        terminal.env["BEREDNING_DATABASE__URL"] = make_place("postgresql", schema=False).url
    ran = 0
    for command, shown in steps(page):
        printed = _run(terminal, command)
        at = 0
        for line in shown:
            if line == ANYTHING:
                continue
            found = [
                n for n, one in enumerate(printed) if n >= at and re.fullmatch(_pattern(line), one)
            ]
            assert found, (command, line, printed[at:])
            at = found[0] + 1
        ran += 1

    assert ran


def test_the_list_of_commands_is_the_programs_own() -> None:
    """`make docs` would write the committed page again, sign for sign."""
    page = COMMANDS.read_text(encoding="utf-8")

    assert reference.fill(page) == page


def test_every_command_argument_and_option_has_a_help_text() -> None:
    """Nothing is without a sentence, and commands say what they do in one line."""
    silent = [
        f"{name} {parameter.name}"
        for name, command in reference.commands()
        for parameter in command.params
        if not parameter.help
    ]
    speechless = [name for name, command in reference.commands() if not command.help]

    assert [] == silent + speechless


def test_every_command_has_its_document_described() -> None:
    """The table of JSON documents names every command."""
    page = COMMANDS.read_text(encoding="utf-8")
    table = page.partition("## JSON")[2].partition("\n## ")[0]

    missing = [
        name
        for name, _ in reference.commands()
        if f"`{name.removeprefix('beredning ')}`" not in table
    ]

    assert [] == missing


def _codes(kind: type[errors.WorkflowError]) -> set[str]:
    """Give the codes that a command may answer with, without those of pages and papers."""
    aside = ("web.", "documents.")
    kinds = [below for below in kind.__subclasses__() if not below.__module__.startswith(aside)]
    return {kind.code, *(code for below in kinds for code in _codes(below))}


def test_every_error_code_is_described() -> None:
    """The table of codes holds all there are, and no other."""
    page = COMMANDS.read_text(encoding="utf-8")
    table = page.partition("| code | means |\n|---|---|\n| `refused`")[2].partition("\n\n")[0]
    told = {"refused", *re.findall(r"^\| `(\w+)`", table, re.MULTILINE)}

    assert refusals.Problems.code in told
    assert _codes(errors.WorkflowError) - {"error"} == told


def _examples() -> list[dict[str, Any]]:
    page = COMMANDS.read_text(encoding="utf-8")
    section = page.partition("## What `--data` holds")[2].partition("\n## ")[0]
    return [json.loads(text) for *_, kind, text in FENCE.findall(section) if kind == "json"]


def test_every_example_of_data_can_be_read() -> None:
    """The examples use the keys there are, and rows that `prioritering` takes."""
    definition = load(SHIPPED / "prioritering", year=2010).definition
    examples = _examples()

    refused = [
        reason.sv
        for example in examples
        for table, rows in example.get("rows", {}).items()
        for reason in read_rows(definition, definition.table[table], rows)[1]
    ]

    assert 10 < len(examples)
    assert set(inputs.KEYS) == {key for example in examples for key in example}
    assert [] == refused


def test_every_key_of_data_is_described() -> None:
    """The table of what `--data` may hold names every key, and no other."""
    page = COMMANDS.read_text(encoding="utf-8")
    section = page.partition("## What `--data` holds")[2].partition("\nStep by step")[0]

    assert list(inputs.KEYS) == sorted(
        re.findall(r"^\| `(\w+)`", section, re.MULTILINE), key=inputs.KEYS.index
    )
