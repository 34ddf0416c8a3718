"""What a browser sends: read with limits, and kept as it was typed.

Nothing here decides what is right; a field that cannot be read is a `FieldError`,
which the page shows at the field and in the summary above, with everything typed
still there.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from re import fullmatch
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from workflow.core.days import MONTHS
from workflow.core.errors import BadInput, Reason

__all__ = [
    "EMPTY",
    "FieldError",
    "Form",
    "Upload",
    "changed_fields",
    "is_text",
    "read_day",
    "read_form",
    "read_near_day",
    "whole",
    "wrong",
]

FIELDS: Final = 2000
"""A form has no more fields than this."""
FILES: Final = 10
"""Nor more files."""
ESCAPED: Final = 3
"""As many bytes is one when it is sent percent-encoded."""
FIELD_BYTES: Final = 256 * 1024
"""A field holds no more than this; what people may write in one is less."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong in a field, and what to do."""

    field: str
    """The field's name, which is also the id of its control."""
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one request, in the order they came."""

    fields: Sequence[tuple[str, str]] = ()
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Give a field's last value, line ends as one character, else `default`."""
        found = [value for key, value in self.fields if key == name]
        return found[-1] if found else default

    def texts(self, name: str) -> list[str]:
        """Give all values of a field."""
        return [value for key, value in self.fields if key == name]

    def with_prefix(self, prefix: str) -> dict[str, str]:
        """Give the fields whose names begin so, by the rest of the name."""
        return {k.removeprefix(prefix): v for k, v in self.fields if k.startswith(prefix)}

    def file(self, name: str) -> Upload | None:
        """Give a file that was chosen; None when there is none."""
        return next((one for one in self.files.get(name, ()) if one.name or one.content), None)


EMPTY: Final = Form()


async def read_form(request: Request, file_bytes: int) -> Form:
    """Read a form's fields and files.

    Raises: HTTPException 400 for what is no form, 413 for too much, 415 for another kind.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind not in (b"application/x-www-form-urlencoded", b"multipart/form-data", b""):
        raise HTTPException(415)
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise HTTPException(415)  # no page of ours is written otherwise
    size = max(ESCAPED * FIELD_BYTES, file_bytes)
    async with _parsed(request, size) as data:
        fields: list[tuple[str, str]] = []
        files: dict[str, list[Upload]] = {}
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                one = Upload(value.filename or "", await value.read())
                files.setdefault(name, []).append(one)
                if not is_text(one.name):
                    raise HTTPException(400)
            elif not is_text(name) or not is_text(value):
                raise HTTPException(400)
            elif len(value.encode()) > FIELD_BYTES:
                raise HTTPException(413)
            else:
                fields.append((name, value.replace("\r\n", "\n").replace("\r", "\n")))
    return Form(fields, files)


@asynccontextmanager
async def _parsed(request: Request, part_bytes: int) -> AsyncIterator[FormData]:
    try:
        async with request.form(
            max_files=FILES, max_fields=FIELDS, max_part_size=part_bytes
        ) as data:
            yield data
    except HTTPException as error:
        # The parser says 400 of all that it refuses; what is too much has words of its own.
        too_much = "maximum" in str(error.detail).lower()
        raise HTTPException(413 if too_much else error.status_code) from error


def changed_fields(before: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Give the fields that are other than when their form was opened; emptied ones as ""."""
    return {
        key: texts.get(key, "")
        for key in {**before, **texts}
        if texts.get(key, "") != before.get(key, "")
    }


def is_text(value: str) -> bool:
    """Say whether something can be kept as text: PostgreSQL keeps no NUL, and no page has one."""
    return "\0" not in value


def whole(text: str) -> int | None:
    """Read a whole number from zero up that a page has written; None for anything else."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None


def wrong(errors: Sequence[FieldError]) -> BadInput:
    """Make the refusal of a form."""
    told = [Reason(one.field, one.text, one.text) for one in errors]
    return BadInput(" ".join(one.text for one in errors), reasons=told)


YEARS: Final = range(1900, 2301)
"""A day outside them is a slip of the pen, where something is to be done by it."""


def read_near_day(text: str, today: date) -> date:
    """Read a day of a year that somebody can mean.

    Raises: ValueError.
    """
    found = read_day(text, today)
    if found.year not in YEARS:
        raise ValueError(text)
    return found


def read_day(text: str, today: date) -> date:
    """Read a day as people write it: `2026-03-06`, `6/3`, `6 mars`, `6 mars 2027`.

    Without a year it is the nearest to today, half a year back or ahead.

    Raises: ValueError.
    """
    plain = " ".join(text.replace("\u00a0", " ").lower().strip(" .").split())
    if found := fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain):
        return date(*map(int, found.groups()))
    if found := fullmatch(r"(?:[a-zåäö]+ )?(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?", plain):
        return _nearest(int(found[1]), int(found[2]), found[3], today)
    if found := fullmatch(r"(?:[a-zåäö]+ )?(\d{1,2}):?[ea]? ([a-zåäö]+)\.?(?: (\d{4}))?", plain):
        return _nearest(int(found[1]), _month(found[2]), found[3], today)
    raise ValueError(text)


def _month(word: str) -> int:
    for names in MONTHS.values():
        for number, name in enumerate(names, 1):
            if len(word) >= 3 and name.lower()[:3] == word[:3]:
                return number
    raise ValueError(word)


def _nearest(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, day)
    near = []
    for one in (today.year - 1, today.year, today.year + 1):
        try:
            near.append(date(one, month, day))
        except ValueError:  # 29 February in a year that has none
            continue
    if not near:
        raise ValueError(f"{day}/{month}")
    return min(near, key=lambda found: abs((found - today).days))
