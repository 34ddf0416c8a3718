"""Edit a template in LibreOffice and see that exactly the edits come back.

`python -m tests.libreoffice`: exit 0 when everything went as it should, or when LibreOffice
is missing, which is then said. It runs without a window, with a profile of its own that is
thrown away, and nothing leaves the machine.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from documents.sheets.cells import read_cells
from documents.sheets.changes import Changes, compare
from documents.sheets.form import SheetRow
from documents.sheets.mapping import map_columns
from documents.sheets.text import write_csv
from documents.sheets.upload import read_upload
from documents.sheets.workbook import write_xlsx
from tests.documents.sheets.forms import CREATED, FORM, HOSTILE, some_rows
from workflow.core.errors import BadInput

PATIENCE_S = 180
FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "ods": "calc8",
    "csv": "Text - txt - csv (StarCalc)",
}
SEMICOLON_UTF8 = "59,34,76"
"""Separator, quote and encoding of a CSV filter, by their numbers."""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
<library:element library:name="Module1"/></library:library>"""
LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<library:libraries xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/"
 xlink:type="simple" library:link="false"/></library:libraries>"""
EDITS = '''
sheet.getCellByPosition(1, 1).setString("=ändrad; ""så""" & Chr(10) & "rad två")
sheet.getCellByPosition(3, 2).setString("icke-göra")
sheet.getCellByPosition(5, 3).setString("12 000 tkr")
sheet.getCellByPosition(8, 3).setString("")
sheet.getCellByPosition(9, 4).setString("4 mars 2026")
sheet.Rows.removeByIndex(6, 1)
sheet.Rows.insertByIndex(2, 1)
sheet.getCellByPosition(1, 2).setString("Ny rad")
sheet.getCellByPosition(7, 2).setValue(3.5)
'''
"""Rows 1 to 4 changed, row 6 removed, one put between rows 1 and 2."""
FORMULA = 'sheet.getCellByPosition(5, 6).setFormula("=1+1")'
TOLD = [
    "1 name: 'Åtgärd 1' -> '=ändrad; \"så\"\\nrad två'",
    "2 rank: '3' -> 'icke_gora'",
    "3 effect: -30 -> 12000",
    "3 cost: '3.25' -> None",
    "4 day: '2009-02-27' -> '2026-03-04'",
    "added after 1: {'name': 'Ny rad', 'share': '3.5'}",
    "removed 6",
]


def main() -> int:
    """Do it all; gives the exit code."""
    program = shutil.which("soffice")
    if program is None:
        say("Skipped: LibreOffice is not installed (apt-get install libreoffice-calc-nogui).")
        return 0
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        office = Office(program, Path(folder))
        for name, told, expected in checks(office):
            faults += told != expected
            say(f"{'ok' if told == expected else 'FAILED':7} {name}")
            if told != expected:
                say(f"        expected {expected}")
                say(f"        told     {told}")
    return 1 if faults else 0


def say(line: str) -> None:
    """Say a line on stdout."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def checks(office: "Office") -> Iterator[tuple[str, list[str], list[str]]]:
    """Give each thing that is tried, with what came of it and what should have."""
    rows = some_rows(20)
    texts = [t for t in HOSTILE if not any(ord(one) < 32 and one not in "\t\n\r" for one in t)]
    hostile = [
        SheetRow(number=n, version=1, cells={"name": t, "why": t}) for n, t in enumerate(texts, 1)
    ]
    template, odd = (write_xlsx(FORM, one, created=CREATED) for one in (rows, hostile))
    for ending in ("xlsx", "ods"):
        saved = office.edit(template, "xlsx", "", ending)
        yield f"saved as {ending} unchanged", told_of(saved, ending, rows), []
        saved = office.edit(template, "xlsx", EDITS, ending)
        yield f"edited and saved as {ending}", told_of(saved, ending, rows), TOLD
        saved = office.edit(odd, "xlsx", "", ending)
        yield f"{len(texts)} hostile texts saved as {ending}", told_of(saved, ending, hostile), []
        saved = office.edit(template, "xlsx", FORMULA, ending)
        fault = ["F7 (Effekt (tkr)): cellen innehåller en formel; klistra in värdet i stället."]
        yield f"a formula saved as {ending}", told_of(saved, ending, rows), fault
    saved = office.edit(template, "xlsx", EDITS, "csv")
    yield "edited and saved as csv", told_of(saved, "csv", rows), TOLD
    saved = office.edit(write_csv(FORM, rows), "csv", EDITS, "csv")
    yield "a CSV edited and saved as csv", told_of(saved, "csv", rows), TOLD


def told_of(content: bytes, ending: str, rows: Sequence[SheetRow]) -> list[str]:
    """Give what a file changes in some rows, or the faults in it, line by line."""
    try:
        grid = read_upload(content, f"a.{ending}", FORM)
        proposal = map_columns(FORM, grid)
        read = read_cells(FORM, grid, proposal.taken, skip=proposal.skip)
        if read.faults:
            return [one.text() for one in read.faults]
        return list(lines(compare(FORM, rows, read)))
    except BadInput as refused:
        return [refused.sv]


def lines(changes: Changes) -> Iterator[str]:
    """Say changes, a line each."""
    for changed in changes.changed:
        for one in changed.fields:
            yield f"{changed.number} {one.key}: {one.before!r} -> {one.after!r}"
    for added in changes.added:
        yield f"added after {added.after}: {dict(added.row.cells)}"
    yield from (f"removed {one.number}" for one in changes.removed)
    yield from (f"moved {one.number} after {one.after}" for one in changes.moved)
    yield from (f"unknown {one.number}" for one in changes.unknown)
    yield from (f"newer {one.number}" for one in changes.newer)


class Office:
    """LibreOffice without a window, with a profile of its own."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._basic = folder / "profile" / "user" / "basic"
        self._run("--terminate_after_init")
        standard = self._basic / "Standard"
        standard.mkdir(parents=True, exist_ok=True)
        (standard / "script.xlb").write_text(LIBRARY, encoding="utf-8")
        (self._basic / "script.xlc").write_text(LIBRARIES, encoding="utf-8")

    def edit(self, content: bytes, given: str, edits: str, ending: str) -> bytes:
        """Open a file, edit it by a macro and save it as another kind."""
        source, target = self._folder / f"given.{given}", self._folder / f"saved.{ending}"
        source.write_bytes(content)
        target.unlink(missing_ok=True)
        macro = "\n".join(
            [
                "Sub Edit",
                f"doc = StarDesktop.loadComponentFromURL({quoted(source.as_uri())}, "
                f'"_blank", 0, Array({opening(given)}))',
                "sheet = doc.Sheets.getByIndex(0)",
                edits,
                f"doc.storeToURL({quoted(target.as_uri())}, Array({saving(ending)}))",
                "doc.close(True)",
                "End Sub",
                "Function Prop(name, value)",
                'p = CreateUnoStruct("com.sun.star.beans.PropertyValue")',
                "p.Name = name : p.Value = value : Prop = p",
                "End Function",
            ]
        )
        module = self._basic / "Standard" / "Module1.xba"
        module.write_text(MODULE.format(escape(macro)), encoding="utf-8")
        self._run("macro:///Standard.Module1.Edit")
        return target.read_bytes() if target.exists() else b""

    def _run(self, *arguments: str) -> None:
        profile = (self._folder / "profile").as_uri()
        subprocess.run(
            [self._program, f"-env:UserInstallation={profile}", "--headless", *arguments],
            check=True,
            capture_output=True,
            timeout=PATIENCE_S,
        )


def quoted(text: str) -> str:
    """Write a text in Basic."""
    return '"{}"'.format(text.replace('"', '""'))


def opening(ending: str) -> str:
    """Give how a file is opened: as text where it is CSV, with nothing recognised."""
    told = ['Prop("Hidden", True)']
    if ending == "csv":
        told.append(f'Prop("FilterName", "{FILTERS["csv"]}")')
        told.append(f'Prop("FilterOptions", "{SEMICOLON_UTF8}")')
    return ", ".join(told)


def saving(ending: str) -> str:
    """Give how a file is saved."""
    told = [f'Prop("FilterName", "{FILTERS[ending]}")']
    if ending == "csv":
        told.append(f'Prop("FilterOptions", "{SEMICOLON_UTF8}")')
    return ", ".join(told)


if __name__ == "__main__":
    sys.exit(main())
