"""English beside the Swedish that the templates are written in.

A template says what it says in Swedish, inside `{% trans %}` or `_()`; the English
stands in the `.po` files of this folder, one per group of pages. A test demands that
every text has its English and that none is left over.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from gettext import NullTranslations
from importlib.resources import files

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

__all__ = ["English", "catalogs", "translations"]


class English(NullTranslations):
    """The English of the Swedish texts; one that is missing stays Swedish."""

    def __init__(self, catalogs: Iterable[Catalog]) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.counted: dict[str, tuple[str, str]] = {}
        """By the Swedish for one."""
        for catalog in catalogs:
            for one in catalog:
                self._take(one)

    def _take(self, one: Message) -> None:
        if isinstance(one.id, str) and isinstance(one.string, str):
            self.said[one.id] = one.string
        elif isinstance(one.id, tuple | list) and isinstance(one.string, tuple | list):
            self.counted[one.id[0]] = (one.string[0], one.string[1])

    def gettext(self, message: str) -> str:
        """Give the English of a text."""
        return self.said.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Give the English of a text that counts."""
        one, many = self.counted.get(msgid1, (msgid1, msgid2))
        return one if n == 1 else many


@cache
def translations(language: str) -> NullTranslations:
    """Give the texts of a language; Swedish needs none."""
    return English(catalogs().values()) if language == "en" else NullTranslations()


def catalogs() -> Mapping[str, Catalog]:
    """Give the English by file."""
    found: dict[str, Catalog] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".po"):
            with file.open("rb") as opened:
                found[file.name] = read_po(opened, locale="en")
    return found
