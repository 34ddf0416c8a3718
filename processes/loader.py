"""From a process's folder to a revision, or to a list of what is wrong with it.

A folder holds `process.toml`, perhaps `en.toml`, `mail/*.md` and files that it
uses. It is text that somebody else wrote: it is read, checked and refused
within two seconds, and nothing in it is ever run. The functions that it names
are the program's own, or of a package that is installed beside it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from processes.gemensamt import nationella_modellen
from processes.source import Source, read_source
from processes.texts import LANGUAGES, read_mail, read_translations
from workflow.core.definition import Definition
from workflow.core.errors import DefinitionError, Problem
from workflow.core.revision import Revision, make_revision
from workflow.core.suggesting import register
from workflow.core.validation.validate import check_data

__all__ = ["COMMON", "SHIPPED", "Loaded", "examine", "load"]

SHIPPED = Path(__file__).parent
"""The folder of the processes that come with the program."""
COMMON = "gemensamt"
"""The folder, beside the processes, of what several of them use."""

for _name, _suggestion in nationella_modellen.SUGGESTIONS.items():
    register(_name, _suggestion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of a process's folder."""

    path: Path
    definition: Definition | None
    """None when it is not in the vocabulary."""
    revision: Revision | None
    """None when there are errors."""
    problems: tuple[Problem, ...]


def load(
    path: Path,
    *,
    year: int,
    guards: Collection[str] = frozenset(),
    common: Sequence[Path] = (),
) -> Revision:
    """Load a process.

    Arguments as for `examine`.

    Raises: DefinitionError when anything in it is wrong.
    """
    loaded = examine(path, year=year, guards=guards, common=common)
    if loaded.revision is None:
        raise DefinitionError([p for p in loaded.problems if p.severity == "error"])
    return loaded.revision


def examine(
    path: Path,
    *,
    year: int,
    guards: Collection[str] = frozenset(),
    common: Sequence[Path] = (),
) -> Loaded:
    """Read a process and check it, and say all that is wrong; raise nothing.

    `path` is a folder with a `process.toml`, or a definition in a file of its own,
    which then has no translations and no mail texts. `year` is what plans are laid
    out for when the definition names no example year; `guards` are the names added
    to those built in; `common` are folders to look for used files in, before the
    shipped ones.
    """
    is_lone = path.suffix == ".toml" and path.name != "process.toml"
    folder = path if path.is_dir() else path.parent
    file = path if is_lone or not path.is_dir() else path / "process.toml"
    nearby = (folder / COMMON,) if is_lone else ()
    shared = (*nearby, folder.parent / COMMON, *common, SHIPPED / COMMON)
    try:
        source = read_source(file, folder, [one for one in shared if one.is_dir()])
    except DefinitionError as error:
        return Loaded(path=path, definition=None, revision=None, problems=error.problems)
    problems = list(source.problems)
    definition, found = check_data(source.data, year=year, guards=guards)
    problems += [source.located(one) for one in found]
    texts: dict[str, dict[str, str]] = {}
    mail: dict[str, str] = {}
    if definition is not None and not is_lone:
        texts = read_translations(folder, definition, problems)
        mail = read_mail(folder, definition, problems)
        problems += _strays(folder, source)
    if definition is None or any(one.severity == "error" for one in problems):
        return Loaded(path=path, definition=definition, revision=None, problems=tuple(problems))
    revision = make_revision(source.data, texts, mail)
    return Loaded(path=path, definition=definition, revision=revision, problems=tuple(problems))


def _strays(folder: Path, source: Source) -> list[Problem]:
    """Warn of TOML files in the folder that nothing reads."""
    read = {"process.toml", *(f"{language}.toml" for language in LANGUAGES)}
    read |= {path.name for path in source.used if path.parent == folder}
    return [
        Problem(
            place="",
            message="nothing reads this file; name it under uses, or is it a misspelt language?",
            severity="warning",
            file=str(path),
        )
        for path in sorted(folder.glob("*.toml"))
        if path.name not in read
    ][:20]
