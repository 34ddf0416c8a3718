"""The list of commands in `docs/reference/commands.md`, made from the commands themselves.

`python -m beredning.cli.reference FILE` writes it between the two marks in the file;
what stands around them is written by hand.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from typer.core import TyperArgument, TyperGroup
from typer.main import get_command

from beredning.cli import cli

__all__ = ["commands", "fill", "listing"]

BEGIN: Final = "<!-- The commands: written by make docs, from the program. -->"
END: Final = "<!-- End of the commands. -->"


def commands() -> Iterator[tuple[str, Any]]:
    """Give every command with its full name, in the order of the help."""
    yield from _below(get_command(cli), "beredning")


def _below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    for key, one in command.commands.items():
        yield from _below(one, f"{name} {key}")


def listing() -> str:
    """Write every command with its arguments and options."""
    before = get_command(cli)
    lines = ["### Before the command", "", *_table(before)]
    for name, command in commands():
        lines += ["", f"### `{name}`", "", " ".join(command.help.split()), ""]
        lines += ["```", _usage(name, command), "```", "", *_table(command)]
    return "\n".join(lines)


def _usage(name: str, command: Any) -> str:
    words = [name]
    for one in command.params:
        word = one.metavar or one.name.upper()
        if not isinstance(one, TyperArgument):
            word = one.opts[0] if one.is_flag else f"{one.opts[0]} {word}"
        words.append(word if one.required or word.startswith("[") else f"[{word}]")
    return " ".join(words)


def _table(command: Any) -> list[str]:
    rows = []
    for one in command.params:
        if isinstance(one, TyperArgument):
            name, takes = str(one.metavar).strip("[]."), ""
        else:
            name, takes = one.opts[0], "" if one.is_flag else f" {one.metavar}"
        default = one.default
        if isinstance(default, str | int | float) and not isinstance(default, bool) and default:
            told = f"{one.help} Annars {default}."
        else:
            told = one.help
        rows.append(f"| `{name}{takes}` | {told} |")
    return ["| | |", "|---|---|", *rows]


def fill(page: str) -> str:
    """Write the list between the marks of a page."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{listing()}\n\n{END}{after}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(fill(file.read_text(encoding="utf-8")), encoding="utf-8")
