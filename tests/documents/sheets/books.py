"""Workbooks built by hand, part by part, the way programs write them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from tests.support.documents import archive

__all__ = ["HEAD", "excel", "open_document", "shared_book"]

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def excel(
    cells: str,
    *,
    shared: str | None = None,
    styles: str | None = None,
    properties: str = "",
    sheets: Sequence[str] = ("Prioriteringsobjekt",),
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Make a workbook; `cells` is what stands in the first sheet's `sheetData`."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    rels = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, 1)
    )
    rels += f'<Relationship Id="s" Type="{_REL}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    rels += f'<Relationship Id="l" Type="{_REL}/styles" Target="styles.xml"/>'
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{_PACK}/content-types"><Override '
        f'PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{_PACK}/relationships"><Relationship '
        f'Id="r" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">'
        f"{properties}<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{_PACK}/relationships">'
        f"{rels}</Relationships>",
    }
    for n, _ in enumerate(sheets, 1):
        inside = cells if n == 1 else ""
        made[f"xl/worksheets/sheet{n}.xml"] = (
            f'{HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{inside}</sheetData></worksheet>'
        )
    if shared is not None:
        made["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{_MAIN}">{shared}</sst>'
    if styles is not None:
        made["xl/styles.xml"] = f'{HEAD}<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>'
    made |= parts or {}
    return archive([(k, v.encode() if isinstance(v, str) else v) for k, v in made.items()])


def shared_book(cells: int, length: int) -> bytes:
    """Make a small workbook in which many cells share one long text."""
    rows = "".join(
        f'<row r="{n}">{"".join(_shared_cell(one, n) for one in "ABCDEFGHIJ")}</row>'
        for n in range(1, cells // 10 + 1)
    )
    return excel(rows, shared=f"<si><t>{'x' * length}</t></si>")


def _shared_cell(letter: str, row: int) -> str:
    return f'<c r="{letter}{row}" t="s"><v>0</v></c>'


def open_document(rows: str, *, tables: Sequence[str] = ("Prioriteringsobjekt",)) -> bytes:
    """Make an OpenDocument spreadsheet; `rows` is what stands in the first table."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    names = "".join(f' xmlns:{n}="{space}{n}:1.0"' for n in ("office", "table", "text", "style"))
    inside = "".join(
        f'<table:table table:name="{name}">{rows if n == 0 else ""}</table:table>'
        for n, name in enumerate(tables)
    )
    content = (
        f"{HEAD}<office:document-content{names}><office:body><office:spreadsheet>{inside}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    stored = archive([("mimetype", mimetype)], stored=True)
    return _with(stored, content.encode())


def _with(stored: bytes, content: bytes) -> bytes:
    """Add a packed part to an archive whose first is stored."""
    made = io.BytesIO(stored)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(zipfile.ZipInfo("content.xml"), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
