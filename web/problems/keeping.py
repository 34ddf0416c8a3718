"""What was typed in a form that did not go through, given back so that nothing is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from web.forms import Form

__all__ = ["SECRET", "Kept", "keep"]

SECRET: Final = frozenset({"token", "password", "present", "new", "again", "code"})
"""Fields that are never given back. Whatever a page calls what nobody may read over a
shoulder stands here; a test looks through the pages for it."""
IDS: Final = re.compile(r"[\w.:@#+-]*")
"""What a form carries for itself, or what is chosen in it; anything else somebody has written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of a form, secrets left out."""

    written: Sequence[tuple[str, str]]
    """What somebody has written, to be read and changed."""
    carried: Sequence[tuple[str, str]]
    """What came along: short values and choices."""
    has_secrets: bool
    has_files: bool

    @property
    def is_empty(self) -> bool:
        """Nothing is lost if it is not given back."""
        return not self.written and not self.has_files


def keep(form: Form) -> Kept:
    """Sort out what is given back of a form."""
    mine = [(name, value) for name, value in form.fields if name not in SECRET]
    secrets = {name for name, value in form.fields if name in SECRET and value} - {"token"}
    return Kept(
        written=[one for one in mine if _is_written(one[1])],
        carried=[one for one in mine if not _is_written(one[1])],
        has_secrets=bool(secrets),
        has_files=any(one.name for several in form.files.values() for one in several),
    )


def _is_written(value: str) -> bool:
    return IDS.fullmatch(value.strip()) is None
