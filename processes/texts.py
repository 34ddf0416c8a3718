"""What stands beside a definition: other languages, and mail texts of its own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from processes.files import read_text
from processes.source import TomlFile, read_toml
from workflow.core.definition import Case, Definition, Scale, Section, Table
from workflow.core.errors import DefinitionError, Problem
from workflow.core.validation.findings import did_you_mean

__all__ = ["LANGUAGES", "own_texts", "read_mail", "read_translations"]

LANGUAGES = ("sv", "en")
MOST_MAIL_BYTES = 32 * 1024
MOST_MAILS = 300


def own_texts(definition: Definition) -> dict[str, str]:
    """Give every text of a definition by its path, in its own language and order."""
    texts: dict[str, str] = {}
    waiting: list[Section] = [definition]
    while waiting:
        section = waiting.pop()
        below: list[Section] = []
        for name in type(section).model_fields:
            value = getattr(section, name)
            if isinstance(value, dict):
                below += [one for one in value.values() if isinstance(one, Section)]
        waiting += reversed(below)
        texts.update((path.lstrip("."), text) for path, text in _texts_of(section))
    return texts


def _texts_of(section: Section) -> Iterator[tuple[str, str]]:
    words = ("title", "help", "about", "year") if not section.path else ("title", "done", "help")
    for word in words:
        value = getattr(section, word, None)
        if isinstance(value, str):
            yield f"{section.path}.{word}", value
    named: Mapping[str, str] = {}
    word = ""
    match section:
        case Case(ends=named):
            word = "ends"
        case Scale(levels=named):
            word = "levels"
        case Table(rows=named):
            word = "rows"
    for key, value in named.items():
        yield f"{section.path}.{word}.{key}", value


def read_translations(
    folder: Path, definition: Definition, problems: list[Problem]
) -> dict[str, dict[str, str]]:
    """Read a folder's texts in other languages: language, then path, then text."""
    found: dict[str, dict[str, str]] = {}
    known = own_texts(definition)
    for language in LANGUAGES:
        path = folder / f"{language}.toml"
        if not (path.exists() or path.is_symlink()):
            continue
        if language == definition.language:
            message = f"the definition is written in '{language}' itself; its texts stand there"
            problems.append(Problem(place="", message=message, file=str(path)))
            continue
        try:
            found[language] = _translated(read_toml(path, folder), known, problems)
        except DefinitionError as error:
            problems += error.problems
    return found


def _translated(
    file: TomlFile, known: Mapping[str, str], problems: list[Problem]
) -> dict[str, str]:
    texts: dict[str, str] = {}
    waiting: list[tuple[str, object]] = list(file.data.items())
    while waiting:
        place, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting[:0] = [(f"{place}.{key}", one) for key, one in value.items()]
            continue
        message = ""
        if place not in known:
            hint = did_you_mean(place, _like(place, known)) if len(problems) < 20 else ""
            message = f"there is no text '{place[:120]}' to translate{hint}"
        elif not isinstance(value, str) or not value:
            message = "must be a text in quotes"
        else:
            texts[place] = value
        if message and len(problems) < 100:
            line = file.lines.get(place, 0)
            problems.append(Problem(place=place, message=message, file=str(file.path), line=line))
    return texts


def _like(place: str, known: Mapping[str, str]) -> list[str]:
    """Give the paths that begin like a misspelt one, so that few are compared."""
    begins = place
    while begins:
        begins = begins.rpartition(".")[0]
        like = [path for path in known if path.startswith(f"{begins}.")]
        if like:
            return like
    return list(known)


def read_mail(folder: Path, definition: Definition, problems: list[Problem]) -> dict[str, str]:
    """Read a folder's mail texts: `mail/underlag.inlamnat.md`, `.en.md` in English."""
    found: dict[str, str] = {}
    known = {
        f"{case.key}.{step}"
        for case in definition.case.values()
        for step in (*case.state, *case.ends)
    }
    paths = sorted((folder / "mail").glob("*.md")) if (folder / "mail").is_dir() else []
    if len(paths) > MOST_MAILS:
        message = f"holds {len(paths)} texts; {MOST_MAILS} are the most"
        problems.append(Problem(place="", message=message, file=str(folder / "mail")))
        return found
    for path in paths:
        name = path.name.removesuffix(".md")
        step = name
        for language in LANGUAGES:
            step = step.removesuffix(f".{language}")
        if step not in known:
            message = f"there is no state or end '{step[:120]}'{did_you_mean(step, known)}"
            problems.append(Problem(place=step[:120], message=message, file=str(path)))
            continue
        try:
            found[name] = read_text(path, folder, MOST_MAIL_BYTES)
        except DefinitionError as error:
            problems += error.problems
    return found
