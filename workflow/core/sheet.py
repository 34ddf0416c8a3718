"""One CSV file as people write them: with Excel, by hand, in Swedish or English.

UTF-8 with or without BOM, comma or semicolon, any line ends, columns in any order.
Every fault is collected under its file and line; reading goes on to find them all.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from workflow.core.addresses import read_address
from workflow.core.errors import BadInput, Reason

__all__ = ["LONGEST_WORDS", "Cells", "Faults", "is_one_line", "read_sheet"]

_LARGEST: Final = 10_000_000
"""Bytes in a file; an organisation of 50,000 people has a third of it."""
LONGEST_WORDS: Final = 300
_LONGEST_KEY: Final = 64
_KEY: Final = re.compile(r"[^\W_][\w.@-]*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What makes a text read backwards; a name that hides another."""


class Faults:
    """What is wrong, collected over all files."""

    def __init__(self) -> None:
        self._found: list[tuple[str, int, Reason]] = []
        self.whole_files: set[str] = set()
        """Files of which nothing could be read."""

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self._found)

    def add(self, cells: "Cells", sv: str, en: str) -> None:
        """Note a fault of a line."""
        self._note(cells.file, cells.line, sv, en)

    def add_file(self, file: str, sv: str, en: str, *, line: int = 0) -> None:
        """Note a fault that makes a whole file unreadable."""
        self.whole_files.add(file)
        self._note(file, line, sv, en)

    def reasons(self) -> list[Reason]:
        """Give every fault in the order of the files and their lines."""
        order = list(dict.fromkeys(file for file, _, _ in self._found))
        found = sorted(self._found, key=lambda item: (order.index(item[0]), item[1]))
        return [reason for _, _, reason in found]

    def _note(self, file: str, line: int, sv: str, en: str) -> None:
        at_sv, at_en = (f", rad {line}", f", line {line}") if line else ("", "")
        reason = Reason("bad_line", f"{file}{at_sv}: {sv}.", f"{file}{at_en}: {en}.")
        self._found.append((file, line, reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One line by column. What cannot be used is noted and given as empty."""

    file: str
    line: int
    """1 is the header; of a line with a break in a cell, the first."""
    values: Mapping[str, str]
    faults: Faults

    def words(self, column: str, *, empty: bool = False) -> str:
        """Give a text without surrounding space."""
        value = self.values[column]
        if not value and not empty:
            self._add(f"kolumnen {column} är tom; fyll i den", f"column {column} is empty")
        elif len(value) > LONGEST_WORDS:
            self._add(
                f"kolumnen {column} är längre än {LONGEST_WORDS} tecken; korta den",
                f"column {column} is longer than {LONGEST_WORDS} characters; shorten it",
            )
        elif not is_one_line(value):
            self._add(
                f"kolumnen {column} innehåller radbrytning eller styrtecken; ta bort dem",
                f"column {column} holds a line break or control characters; remove them",
            )
        else:
            return value
        return ""

    def key(self, column: str) -> str:
        """Give a key: letters, digits and `_ - . @`, beginning with a letter or digit."""
        value = self.words(column)
        if value and (len(value) > _LONGEST_KEY or not _KEY.fullmatch(value)):
            self._add(
                f"nyckeln `{value[:_LONGEST_KEY]}` går inte att använda; skriv högst"
                f" {_LONGEST_KEY} bokstäver, siffror eller _ - . @ utan mellanslag",
                f"the key `{value[:_LONGEST_KEY]}` cannot be used; write at most"
                f" {_LONGEST_KEY} letters, digits or _ - . @ without spaces",
            )
            return ""
        return value

    def address(self, column: str) -> str:
        """Give an e-mail address in lower case, its domain in ASCII."""
        value = self.words(column)
        if not value:
            return ""
        try:
            return read_address(value).lower()
        except BadInput as error:
            self._add(f"{error.sv} (kolumnen {column})", f"{error.en} (column {column})")
            return ""

    def period(self) -> tuple[date | None, date | None]:
        """Give the days of columns `from` and `to`, both included; None when open."""
        start, end = self._day("from"), self._day("to")
        if start and end and end < start:
            self._add(
                f"to ({end}) ligger före from ({start}); rätta den ena",
                f"to ({end}) lies before from ({start}); correct one of them",
            )
        return start, end

    def _day(self, column: str) -> date | None:
        value = self.values[column]
        if not value:
            return None
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self._add(
            f"`{value[:40]}` i kolumnen {column} är ingen dag; skriv ÅÅÅÅ-MM-DD",
            f"`{value[:40]}` in column {column} is no day; write YYYY-MM-DD",
        )
        return None

    def _add(self, sv: str, en: str) -> None:
        self.faults.add(self, sv, en)


def is_one_line(text: str) -> bool:
    """Say whether a text reads as it stands: no line break, no control character, nothing
    that turns its direction."""
    return not any(unicodedata.category(sign) in _CONTROL or sign in _TURNS for sign in text)


def read_sheet(
    path: Path, columns: Sequence[str], faults: Faults, *, optional: Sequence[str] = ()
) -> list[Cells]:
    """Read a file that must have these columns, and may have the optional ones, which are
    empty where it has not; what is wrong with it goes to `faults`."""
    text = _read_text(path, faults)
    if text is None:
        return []
    lines = _rows(path.name, text, faults)
    header = next(lines, None)
    if header is None:
        faults.add_file(
            path.name,
            f"filen är tom; första raden ska vara {','.join(columns)}",
            f"the file is empty; its first line must be {','.join(columns)}",
        )
        return []
    names = [name.strip().lower() for name in header[1]]
    while names and not names[-1]:
        names.pop()  # Excel fills the header up with empty columns
    if not _check_header(path.name, names, columns, faults, optional):
        return []
    absent = dict.fromkeys((one for one in optional if one not in names), "")
    sheet = []
    for line, row in lines:
        values = [cell.strip() for cell in row]
        while len(values) > len(names) and not values[-1]:
            values.pop()
        if not any(values):
            continue
        width = len(values)
        values += [""] * (len(names) - width)
        by_name = {**absent, **dict(zip(names, values, strict=False))}
        cells = Cells(file=path.name, line=line, values=by_name, faults=faults)
        if width != len(names):
            faults.add(
                cells,
                f"raden har {width} kolumner, men rubriken har {len(names)}; rätta raden",
                f"the line has {width} columns, but the header has {len(names)}; correct it",
            )
            continue
        sheet.append(cells)
    return sheet


def _read_text(path: Path, faults: Faults) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError:
        faults.add_file(
            path.name,
            f"filen finns inte eller kan inte läsas i {path.parent}; lägg den där",
            f"the file does not exist or cannot be read in {path.parent}; put it there",
        )
        return None
    if len(content) > _LARGEST:
        faults.add_file(
            path.name,
            f"filen är större än {_LARGEST // 1_000_000} MB; dela upp den",
            f"the file is larger than {_LARGEST // 1_000_000} MB; split it",
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add_file(
            path.name,
            "filen är inte UTF-8; spara den i Excel som CSV UTF-8",
            "the file is not UTF-8; save it from Excel as CSV UTF-8",
            line=content.count(b"\n", 0, error.start) + 1,
        )
        return None


def _rows(file: str, text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Give each line that is not blank with its number."""
    first = text.lstrip().partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            faults.add_file(
                file,
                "citattecknen går inte ihop, eller så är en cell för lång; rätta raden",
                "the quotation marks do not match, or a cell is too long; correct the line",
                line=line,
            )
            return
        if row is None:
            return
        if row:
            yield line, row


def _check_header(
    file: str,
    names: Sequence[str],
    columns: Sequence[str],
    faults: Faults,
    optional: Sequence[str],
) -> bool:
    missing = [name for name in columns if name not in names]
    columns = (*columns, *optional)
    unknown = [name for name in names if name not in columns]
    twice = sorted({name for name in names if names.count(name) > 1} - set(unknown))
    if missing:
        faults.add_file(
            file,
            f"kolumnen {', '.join(missing)} saknas; rubriken ska vara {','.join(columns)}",
            f"column {', '.join(missing)} is missing; the header must be {','.join(columns)}",
            line=1,
        )
    if unknown:
        shown = ", ".join(f"`{name[:40]}`" for name in unknown[:5])
        faults.add_file(
            file,
            f"kolumnen {shown} är okänd; ta bort den eller välj bland {','.join(columns)}",
            f"column {shown} is unknown; remove it or choose among {','.join(columns)}",
            line=1,
        )
    if twice:
        faults.add_file(
            file,
            f"kolumnen {', '.join(twice)} står två gånger; ta bort den ena",
            f"column {', '.join(twice)} stands twice; remove one",
            line=1,
        )
    return not (missing or unknown or twice)
