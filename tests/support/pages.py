"""What a page of the documentation says to do, in its order: files, and commands to give.

A block of text is written to the file that the words before it name, added at its end, or,
as a `diff`, changes it: lines with a minus go, lines with a plus come, the others must stand
there. A line with `…` alone stands between two places of the file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["FENCE", "Unfit", "changed", "steps"]

FENCE = re.compile(
    r"(?:(Write|write|Skriv|Add at the end of|Lägg till sist i|Change in|Ändra i) `([^`\n]+)`"
    r"[^\n]*\n\n)?```(\w*)\n(.*?)```",
    re.DOTALL,
)
"""What is done with a file, its name, the kind of a block, and its text."""
AT_THE_END = ("Add at the end of", "Lägg till sist i")


class Unfit(AssertionError):
    """A change does not fit the file that the steps before it have made."""


def steps(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Give each command with the lines shown below it; write the files on the way.

    Raises: Unfit.
    """
    for what, name, kind, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "diff":
            file = Path(name)
            file.write_text(changed(file.read_text(encoding="utf-8"), text), encoding="utf-8")
        elif name:
            _write(Path(name), text, at_the_end=what in AT_THE_END)
        if kind == "console":
            for part in re.split(r"^\$ (?=beredning )", text, flags=re.MULTILINE)[1:]:
                command, *shown = part.rstrip("\n").split("\n")
                yield command, [line for line in shown if line.strip()]


def _write(file: Path, text: str, *, at_the_end: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text(encoding="utf-8") + "\n" if at_the_end else ""
    file.write_text(before + text, encoding="utf-8")


def changed(text: str, change: str) -> str:
    """Give a text with a change made where it fits.

    Raises: Unfit when it fits nowhere, or in several places.
    """
    for part in change.split("…\n"):
        lines = part.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if not line.startswith("+"))
        new = "".join(line[1:] for line in lines if not line.startswith("-"))
        if f"\n{text}".count(f"\n{old}") != 1:
            raise Unfit(f"stands {text.count(old)} times:\n{old}")
        text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
    return text
