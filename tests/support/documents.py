"""Files to attach: honest ones of every kind, and the parts that others are made of."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

__all__ = [
    "CONTENT_TYPES",
    "DOCX",
    "ODT",
    "PDF",
    "PNG",
    "archive",
    "docx",
    "honest",
    "jpeg",
    "odf",
    "office",
    "png",
]

OPEN_XML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": f"{OPEN_XML}wordprocessingml.document.main+xml",
    "xlsx": f"{OPEN_XML}spreadsheetml.sheet.main+xml",
    "pptx": f"{OPEN_XML}presentationml.presentation.main+xml",
}
CONTENT_TYPES = "[Content_Types].xml"
Parts = Sequence[tuple[str, bytes]]


def archive(parts: Parts, *, stored: bool = False) -> bytes:
    """Make a ZIP archive."""
    made = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", method) as target:
        for name, content in parts:
            target.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


def types(main: str, more: str = "") -> bytes:
    """Make the list of a document's parts."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        f'.relationships+xml"/>{more}<Override PartName="/main.xml" ContentType="{main}"/></Types>'
    ).encode()


def office(ending: str, parts: Parts = (), *, more: str = "") -> bytes:
    """Make an Office document with some parts besides those it must have."""
    own = [(CONTENT_TYPES, types(MAIN[ending], more)), ("main.xml", b"<?xml version='1.0'?><a/>")]
    return archive([*own, *parts])


def docx(*parts: tuple[str, bytes]) -> bytes:
    """Make a Word document with some parts besides those it must have."""
    return office("docx", parts)


def odf(kind: str, parts: Parts = ()) -> bytes:
    """Make an OpenDocument: text, spreadsheet or presentation."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        for name, content in (("content.xml", b"<?xml version='1.0'?><a/>"), *parts):
            target.writestr(name, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def png(width: int = 2, height: int = 2) -> bytes:
    """Make a grey PNG; what it shows is not there unless it is small."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height if width * height < 100 else 0))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """Make the headers of a JPEG, with an end."""
    start = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0\0\x0b\x08" + struct.pack(">HH", height, width) + b"\1\1\x11\0"
    return start + b"\xff\xff" + frame[1:] + b"\xff\xd9"


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = png()
DOCX = docx()
ODT = odf("text")


def honest() -> Mapping[str, bytes]:
    """Give one honest file of each kind, by name."""
    return {
        "underlag.pdf": PDF,
        "karta.png": PNG,
        "foto.jpg": jpeg(),
        "foto.jpeg": jpeg(),
        "utf8.txt": "Åtgärd för öronsjuka".encode(),
        "bom.txt": "\ufeffÅtgärd".encode(),
        "windows.txt": "Åtgärd för öronsjuka – 10 €".encode("cp1252"),
        "tabell.csv": "objekt;tkr\r\nKnä;−480\r\n".encode(),
        "brev.docx": DOCX,
        "kalkyl.xlsx": office("xlsx"),
        "bilder.pptx": office("pptx", [("ppt/embeddings/ark1.xlsx", office("xlsx"))]),
        "brev.odt": ODT,
        "kalkyl.ods": odf("spreadsheet"),
        "bilder.odp": odf("presentation"),
    }
