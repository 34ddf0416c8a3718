"""A process definition as it is stored: whole, under the digest of its content.

A round keeps the revision it was opened with and reads nothing from disk. The
digest covers the file order too, since the order in the file is the order on
the page.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from workflow.core.definition import Definition, Section

__all__ = ["Revision", "make_revision", "read_revision"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Revision:
    """A definition with its translations and mail texts."""

    digest: str
    """sha-256 of `content` in UTF-8, as 64 hexadecimal digits."""
    content: str
    """JSON in file order: `definition`, `texts`, `mail`."""
    definition: Definition
    texts: Mapping[str, Mapping[str, str]]
    """Translations: language, then path (`case.svar.title`), then text."""
    mail: Mapping[str, str]
    """The process's own mail texts by path (`svar.inlamnat`), perhaps with
    `.en` behind it."""

    def title(self, section: Section, language: str) -> str:
        """Give a section's title in a language, else in the definition's own."""
        own = str(getattr(section, "title", section.key))
        return self.text(f"{section.path}.title".lstrip("."), own, language)

    def text(self, path: str, own: str, language: str) -> str:
        """Give the text at a path in a language, else the definition's `own`."""
        if language == self.definition.language:
            return own
        return self.texts.get(language, {}).get(path, own)


def make_revision(
    definition: Mapping[str, object],
    texts: Mapping[str, Mapping[str, str]] | None = None,
    mail: Mapping[str, str] | None = None,
) -> Revision:
    """Make a revision of what a process's folder holds, `uses` already read in.

    Raises: pydantic.ValidationError when it is not in the vocabulary.
    """
    content = json.dumps(
        {"definition": definition, "texts": texts or {}, "mail": mail or {}},
        ensure_ascii=False,
        separators=(",", ":"),
        default=str,
    )
    return read_revision(content)


@lru_cache(maxsize=64)
def read_revision(content: str) -> Revision:
    """Read a stored revision; the same content gives the same object.

    Raises: pydantic.ValidationError when it is not in the vocabulary.
    """
    data = json.loads(content)
    return Revision(
        digest=sha256(content.encode()).hexdigest(),
        content=content,
        definition=Definition.model_validate(data["definition"]),
        texts=data["texts"],
        mail=data["mail"],
    )
