"""A process's text: its own file with what it `uses`, as if all stood in one.

What is used adds and never changes: a value that is written twice is an error
that names both files.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from processes.files import MOST_BYTES, read_text, refuse
from processes.scan import scan
from workflow.core.errors import DefinitionError, Problem
from workflow.core.validation.findings import did_you_mean

__all__ = ["Source", "TomlFile", "read_source", "read_toml"]

MOST_USED = 20
"""Files that one process reads in."""
AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)$")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """A parsed file."""

    path: Path
    data: Mapping[str, object]
    lines: Mapping[str, int]
    """By the key's path, its line."""


@dataclass(slots=True, kw_only=True)
class Source:
    """The text of a process, put together."""

    data: dict[str, object] = field(default_factory=dict)
    where: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By the key's path, file and line where it is first written."""
    problems: list[Problem] = field(default_factory=list)
    used: list[Path] = field(default_factory=list)
    """The files read in."""

    def located(self, problem: Problem) -> Problem:
        """Add file and line to a problem: of its place, or the nearest part of it."""
        place = problem.place
        while place and place not in self.where:
            place = place.rpartition(".")[0]
        file, line = self.where.get(place, self.where.get("", ("", 0)))
        return replace(problem, file=file, line=line)


def read_toml(path: Path, within: Path) -> TomlFile:
    """Read a TOML file that lies in a folder.

    Raises: DefinitionError.
    """
    text = read_text(path, within, MOST_BYTES)
    seen = scan(text)
    if seen.fault:
        raise refuse(path, seen.fault, line=seen.line)
    try:
        data = tomllib.loads(text)
    except RecursionError as error:
        raise refuse(path, "is nested too deep") from error
    except ValueError as error:  # also what is no date or a number of thousands of digits
        found = AT_LINE.search(str(error))
        message = AT_LINE.sub("", str(error)).strip()
        column = f" (column {found[2]})" if found else ""
        raise refuse(
            path,
            f"is not TOML: {message}{column}",
            line=int(found[1]) if found else 0,
        ) from error
    return TomlFile(path=path, data=data, lines=seen.lines)


def read_source(path: Path, own: Path, common: Sequence[Path]) -> Source:
    """Read a process's file and all it uses, from its own folder or a common one.

    Raises: DefinitionError when the file itself cannot be read.
    """
    source = Source()
    main = read_toml(path, own)
    source.where[""] = (str(path), 0)
    _take(source, main)
    waiting: list[tuple[str, tuple[str, ...], TomlFile]] = [
        (name, (path.stem,), main) for name in _uses(source, main)
    ]
    taken: set[str] = set()
    while waiting:
        name, way, user = waiting.pop(0)
        if name in way:
            circle = " -> ".join((*way[way.index(name) :], name))
            _wrong(source, user, "uses", f"reads itself in, in a circle: {circle}")
        elif name not in taken:
            taken.add(name)
            if len(taken) > MOST_USED:
                _wrong(source, user, "uses", f"more than {MOST_USED} files are read in")
                return source
            file = _find(source, name, user, (own, *common))
            if file is not None:
                source.used.append(file.path)
                waiting += [(one, (*way, name), file) for one in _uses(source, file)]
                _take(source, file)
    return source


def _uses(source: Source, file: TomlFile) -> list[str]:
    value = file.data.get("uses", [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        return []  # the vocabulary refuses it
    wrong = [one for one in names if not isinstance(one, str) or not NAME.fullmatch(one)]
    if wrong and source.data.get("uses") is not value:
        _wrong(source, file, "uses", f"{str(wrong[0])[:60]!r} is no name of a file")
    return [one for one in names if one not in wrong]


def _find(source: Source, name: str, user: TomlFile, folders: Sequence[Path]) -> TomlFile | None:
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file() or path.is_symlink():
            try:
                return read_toml(path, folder)
            except DefinitionError as error:
                source.problems += error.problems
                return None
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    hint = did_you_mean(name, [one for one in known if one not in ("process", "en", "sv")])
    _wrong(source, user, "uses", f"there is no file '{name}.toml' to use{hint}")
    return None


def _wrong(source: Source, file: TomlFile, place: str, message: str) -> None:
    source.problems.append(
        Problem(place=place, message=message, file=str(file.path), line=file.lines.get(place, 0))
    )


def _take(source: Source, file: TomlFile) -> None:
    """Add a file's text to the source."""
    fresh = {key: value for key, value in file.data.items() if key != "uses"}
    if not source.data and "uses" in file.data:
        fresh = dict(file.data)
    waiting: list[tuple[str, dict[str, object], Mapping[str, object]]] = [("", source.data, fresh)]
    while waiting:
        path, here, there = waiting.pop()
        for key, value in there.items():
            place = f"{path}.{key}".lstrip(".")
            old = here.get(key)
            if key not in here:
                here[key] = value
            elif isinstance(old, dict) and isinstance(value, dict):
                here[key] = old = dict(old)
                waiting.append((place, old, value))
            else:
                first = source.where.get(place, ("", 0))[0]
                _wrong(
                    source,
                    file,
                    place,
                    f"is written in {Path(first).name} and in {file.path.name}; "
                    "what is used adds and never changes",
                )
    for place, line in file.lines.items():
        source.where.setdefault(place, (str(file.path), line))
