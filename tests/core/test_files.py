"""What may be attached: decided by the bytes, quickly, in little memory, and said in words."""

import io
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.documents import (
    CONTENT_TYPES,
    DOCX,
    MAIN,
    ODT,
    PDF,
    PNG,
    archive,
    docx,
    honest,
    jpeg,
    odf,
    office,
    png,
    types,
)
from workflow.core.errors import BadInput
from workflow.core.files.acceptance import FileFact, Limits, accept, check_room
from workflow.core.files.archives import MOST_MEMBERS, MOST_UNPACKED, open_archive
from workflow.core.files.kinds import KINDS

MB = 1_000_000
LIMITS = Limits(file_bytes=25 * MB, case_bytes=200 * MB)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
QUICK_S, LITTLE_BYTES = 2.0, 100 * MB


def turned_down(name: str, content: bytes, limits: Limits = LIMITS) -> BadInput:
    """Give the refusal of a file."""
    with pytest.raises(BadInput) as found:
        accept(name, content, limits)
    return found.value


def why(name: str, content: bytes) -> str:
    """Give why a file is turned down."""
    return turned_down(name, content).reasons[-1].code


# ---- what may come in ------------------------------------------------------------------


@pytest.mark.parametrize("name", honest())
def test_an_honest_file_is_accepted(name: str) -> None:
    """Each kind comes in under its own name and media type, with its size and digest."""
    content = honest()[name]

    fact = accept(name, content, LIMITS)

    assert (name, len(content)) == (fact.name, fact.size)
    assert KINDS[name.rpartition(".")[2]].media_type == fact.media_type
    assert 64 == len(fact.digest)


def test_the_digest_is_that_of_the_content() -> None:
    """sha-256, as anybody can compute it; the name has no part in it."""
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    expected = FileFact(name="a.txt", media_type="text/plain", size=3, digest=digest)

    assert expected == accept("a.txt", b"abc", LIMITS)


NAMELESS = {"underlag": PDF, "Bilaga 1.2": DOCX, "README": b"hej", "": PNG, "a.p\u0434f": PDF}


@pytest.mark.parametrize("name", NAMELESS)
def test_a_name_without_an_ending_gets_the_right_one(name: str) -> None:
    """So that whoever takes it home can open it."""
    fact = accept(name, NAMELESS[name], LIMITS)

    assert KINDS[fact.name.rpartition(".")[2]].media_type == fact.media_type


def test_the_ending_may_be_in_capitals() -> None:
    """Cameras and old systems write them so."""
    assert "IMG_0001.JPG" == accept("IMG_0001.JPG", jpeg(), LIMITS).name


# ---- what may not ----------------------------------------------------------------------


KINDS_TURNED_DOWN = {
    "program.exe": (b"MZ\x90\0\x03\0\0\0\x04" + b"\0" * 200, "program"),
    "program.pdf": (b"MZ\x90\0\x03\0\0\0\x04" + b"\0" * 200, "program"),
    "program": (b"\x7fELF\2\1\1\0" + b"\0" * 200, "program"),
    "skript.sh": (b"#!/bin/sh\nrm -rf ~\n", "program"),
    "skript.txt": (b"\xef\xbb\xbf#!/bin/sh\n", "program"),
    "skript.js": (b"alert(1)\n", "program"),
    "skript.ps1": (b"Get-ChildItem\n", "program"),
    "skript.csv": (b"@echo off\r\ndel *.*\r\n", "program"),
    "genv\u00e4g.url": (b"[InternetShortcut]\r\nURL=file://x\r\n", "program"),
    "sida.html": (b"<!DOCTYPE html><p>hej", "markup"),
    "sida.txt": (b"\r\n\t <HTML><script>alert(1)</script>", "markup"),
    "sida.csv": (b"hej <script>alert(1)</script>", "markup"),
    "sida.pdf": (b"<iframe src=x>", "markup"),
    "bild.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "markup"),
    "bild.png": (b"<?xml version='1.0'?><svg/>", "markup"),
    "sida.php": (b"<?php phpinfo();", "markup"),
    "arkiv.zip": (archive([("a.txt", b"hej")]), "archive"),
    "arkiv.docx": (archive([("a.txt", b"hej")]), "archive"),
    "arkiv.7z": (b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 40, "archive"),
    "arkiv.rar": (b"Rar!\x1a\7\1\0" + b"\0" * 40, "archive"),
    "arkiv.gz": (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\0" * 40, "archive"),
    "gammalt.doc": (OLE, "old_office"),
    "nytt.docx": (OLE, "old_office"),
    "mejl.msg": (OLE, "mail"),
    "mejl.eml": (b"From: a@region.example\r\nSubject: x\r\n\r\nhej\r\n", "mail"),
    "bild.gif": (b"GIF89a\1\0\1\0\0\0\0;" + b"\0" * 20, "picture"),
    "bild.webp": (b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20, "picture"),
    "film.mp4": (b"\0\0\0\x18ftypmp42" + b"\0" * 40, "film"),
    "text.rtf": (b"{\\rtf1\\ansi hej}", "other_document"),
    "text.txt": (b"{\\rtf1\\ansi hej}", "other_document"),
    "ritning.odg": (odf("graphics"), "other_document"),
    "utf16.txt": ("hej".encode("utf-16"), "encoding"),
    "ingenting.txt": (b"\x81\x8d\x8f", "encoding"),
    "okand.bin": (b"\0\1\2\3" * 20, "unknown"),
    "halv.pdf": (b"%PD", "contradicts"),
    "text.pdf": (b"hej", "contradicts"),
    "tabell.xlsx": (b"a;b\n1;2\n", "contradicts"),
    "brev.pdf": (DOCX, "contradicts"),
    "brev.odt": (DOCX, "contradicts"),
    "brev.docx": (ODT, "contradicts"),
    "brev.txt": (PDF, "contradicts"),
    "bild.jpg": (PNG, "contradicts"),
    "bild.log": (b"hej", "contradicts"),
    "brev.docx.pdf": (DOCX, "contradicts"),
    "tomt.pdf": (b"", "empty"),
}


@pytest.mark.parametrize("name", KINDS_TURNED_DOWN)
def test_what_is_not_on_the_list_is_turned_down(name: str) -> None:
    """By its content whatever it is called, and by its name when the two disagree."""
    content, expected = KINDS_TURNED_DOWN[name]

    assert expected == why(name, content)


def test_the_words_say_what_is_wrong_and_what_to_do() -> None:
    """In both languages, at the field, and never with the file's content."""
    error = turned_down("rapport.pdf", DOCX)

    assert error.sv == (
        "Filen slutar på .pdf men är ett Word-dokument. Döp om den så att den slutar på .docx,"
        " eller spara den på nytt som .pdf."
    )
    assert error.en.startswith("The file ends in .pdf but is a Word document.")
    assert ["file", "contradicts"] == [reason.code for reason in error.reasons]


SIZES = {
    64 * MB: "Filen är 64\u00a0MB. Högst 25\u00a0MB går. Dela den, eller spara som PDF.",
    25 * MB + 1: "Filen är 25,1\u00a0MB. Högst 25\u00a0MB går. Dela den, eller spara som PDF.",
}


@pytest.mark.parametrize("size", SIZES)
def test_a_large_file_is_told_its_size(size: int) -> None:
    """Rounded so that it never seems to fit."""
    assert SIZES[size] == turned_down("stor.docx", bytes(size)).sv


def test_a_large_pdf_is_not_told_to_become_one() -> None:
    """It gets other advice."""
    assert "mindre bilder" in turned_down("stor.pdf", bytes(26 * MB)).sv


def test_a_file_of_just_the_limit_is_accepted() -> None:
    """The limit itself goes."""
    limits = Limits(file_bytes=len(PDF), case_bytes=MB)

    assert len(PDF) == accept("a.pdf", PDF, limits).size


def test_a_full_case_takes_no_more() -> None:
    """What is there and what comes are told, and what to do."""
    limits = Limits(file_bytes=25 * MB, case_bytes=30 * MB)
    check_room(10 * MB, 20 * MB, limits)

    with pytest.raises(BadInput) as found:
        check_room(10 * MB + 1, 20 * MB, limits)

    assert "20\u00a0MB och får vara 30\u00a0MB. Den här är 10,1\u00a0MB" in found.value.sv


# ---- archives that somebody has tampered with ------------------------------------------


def edited(content: bytes, *edits: tuple[bytes, bytes]) -> bytes:
    """Give the same bytes with some of them replaced, each found once at least."""
    for old, new in edits:
        assert old in content
        content = content.replace(old, new)
    return content


def zeros(megabytes: int, parts: int = 1) -> bytes:
    """Make a document whose parts unpack to zeros."""
    return docx(*((f"word/{n}.bin", bytes(megabytes * MB)) for n in range(parts)))


def overlapping() -> bytes:
    """Make a document in which one part lies inside another."""
    inner = archive([("word/b.bin", bytes(9 * MB))])
    made = io.BytesIO(office("docx", [("word/a.bin", b"")], more=""))
    with zipfile.ZipFile(io.BytesIO(inner)) as source, zipfile.ZipFile(made, "a") as target:
        info = source.getinfo("word/b.bin")
        record = inner[: source.start_dir]
        target.writestr(zipfile.ZipInfo("word/c.bin"), b"xyz" + record)
        outer = target.getinfo("word/c.bin")
        info.header_offset = outer.header_offset + 30 + len(outer.filename) + 3
        target.filelist.append(info)
    return made.getvalue()


def hidden() -> bytes:
    """Make a document before whose first part lies one that is not listed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("hidden", b"x")
        for name, content in ((CONTENT_TYPES, types(MAIN["docx"])), ("main.xml", b"<a/>")):
            target.writestr(name, content)
        del target.filelist[0]
    return made.getvalue()


def spoilt() -> bytes:
    """Make a document with one bit of a part's content turned."""
    at = DOCX.index(b"main.xml") + 10
    return DOCX[:at] + bytes([DOCX[at] ^ 1]) + DOCX[at + 1 :]


def fewer() -> bytes:
    """Make a document that says it has one part less than it lists."""
    disk, count = b"PK\5\6\0\0\0\0", struct.pack("<2H", 2, 2)
    return edited(DOCX, (disk + count, disk + struct.pack("<2H", 1, 1)))


def lying(claim: int) -> bytes:
    """Make a document one part of which says that it is smaller than it is."""
    true = struct.pack("<L", 60 * MB)
    return edited(docx(("word/media/a.bin", bytes(60 * MB))), (true, struct.pack("<L", claim)))


def far_directory(where: int, count: int = 2) -> bytes:
    """Make an archive whose end sends on to a ZIP64 end that is not there."""
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return archive([("a", b"x")])[:-22] + struct.pack("<4sLQL", b"PK\6\7", 0, where, count) + end


def many(count: int) -> bytes:
    """Make a document of very many parts."""
    return docx(*((f"word/{number}", b"") for number in range(count)))


def counted(count: int) -> bytes:
    """Make an archive that says that it has so many parts, in 25 MB of directory."""
    line = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *[0] * 14)
    begin = archive([("a", b"x")])[:32]
    lines = line * (24 * MB // len(line))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(lines), len(begin), 0)
    return begin + lines + end


def deep(levels: int) -> bytes:
    """Make documents within each other."""
    made = DOCX
    for _ in range(levels):
        made = docx(("word/embeddings/inside.docx", made))
    return made


def with_part(packed: bytes, size: int) -> bytes:
    """Make a document with a part of given packed bytes, said to unpack to so many."""
    whole = docx(("word/a.bin", b"x"))
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    old = engine.compress(b"x") + engine.flush()
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        at, directory = source.getinfo("word/a.bin").header_offset, source.start_dir
    sizes = struct.pack("<LL", len(old), 1), struct.pack("<LL", len(packed), size)
    body = whole[:at] + whole[at:directory].replace(*sizes).replace(old, packed)
    lines = whole[directory:-22].replace(*sizes)
    end = struct.unpack("<4s4H2LH", whole[-22:])
    return body + lines + struct.pack("<4s4H2LH", *end[:5], len(lines), len(body), 0)


def in_pieces() -> bytes:
    """Make a part of very many empty pieces, which gives nothing and takes its time."""
    return with_part(b"\0\0\0\xff\xff" * 4_000_000 + b"\1\0\0\xff\xff", 0)


def endless() -> bytes:
    """Make a part of 20 GB that says it has a thousand bytes."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = engine.compress(bytes(10 * MB)) + engine.flush(zlib.Z_FULL_FLUSH)
    return with_part(piece * 2000, 1000)


def longer() -> bytes:
    """Make a part with something behind the end of what is packed."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return with_part(engine.compress(b"x") + engine.flush() + b"MZ\x90\0", 1)


def across() -> bytes:
    """Make a part whose entity begins in one step of unpacking and ends in the next."""
    begin = b"<?xml version='1.0'?><!DOCTYPE a ["
    space = b" " * (65_536 - 4 - len(begin))
    return docx(("word/document.xml", begin + space + b"<!ENTITY a 'b'>]><a>&a;</a>"))


def encrypted() -> bytes:
    """Make a document whose parts are said to be locked."""
    return DOCX.replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0").replace(
        b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"
    )


def bomb_in_document() -> bytes:
    """Make a document with an archive that unpacks to a hundred times the limit inside."""
    layer = archive([("a", bytes(50 * MB))])
    return docx(("word/media/image1.png", archive([(f"{n}", layer) for n in range(400)])))


MACROS = f'<Override PartName="/x" ContentType="{MAIN["docx"]}"/><Override ContentType='
LAUGHS = (
    b"<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '"
    + b"&lol;" * 10
    + b"'>]><lolz>&lol2;</lolz>"
)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a gigabyte of zeros": (lambda: zeros(201), "unpacks"),
    "many parts that are large together": (lambda: zeros(45, parts=5), "unpacks"),
    "packed too well": (lambda: zeros(180), "dense"),
    "an archive inside": (bomb_in_document, "archive"),
    "parts that share bytes": (overlapping, "damaged"),
    "a header that says less": (lambda: lying(600), "damaged"),
    "a header that says more": (lambda: lying(70 * MB), "dense"),
    "too many parts": (lambda: many(MOST_MEMBERS + 1), "members"),
    "a directory of many lines": (lambda: counted(65_000), "members"),
    "a directory of other lines": (lambda: counted(1), "damaged"),
    "a directory that says fewer": (fewer, "damaged"),
    "an end that is elsewhere": (lambda: far_directory(2**63), "damaged"),
    "an end far beyond": (lambda: far_directory(2**64 - 1), "damaged"),
    "documents within documents": (lambda: deep(2), "archive"),
    "empty pieces": (in_pieces, "damaged"),
    "a part without end": (endless, "damaged"),
    "something behind a part": (longer, "damaged"),
    "names that differ": (
        lambda: DOCX.replace(b"main.xml", b"evil.xml", 1),
        "damaged",
    ),
    "a locked document": (encrypted, "locked"),
    "macros": (lambda: docx(("word/vbaProject.bin", OLE)), "macros"),
    "macros under another name": (lambda: docx(("word/media/image1.png", OLE)), "embedded"),
    "macros by type": (
        lambda: office("docx", more=f'{MACROS}"application/vnd.ms-office.vbaProject"/>'),
        "macros",
    ),
    "a macro document renamed": (
        lambda: archive(
            [(CONTENT_TYPES, types("application/vnd.ms-word.document.macroEnabled.main+xml"))]
        ),
        "macros",
    ),
    "sheets of macros": (
        lambda: office("xlsx", [("xl/macrosheets/sheet1.xml", b"<a/>")]),
        "macros",
    ),
    "macros of OpenDocument": (
        lambda: odf("text", [("Basic/Standard/Module1.xml", b"<a/>")]),
        "macros",
    ),
    "a program inside": (lambda: docx(("word/embeddings/a.bin", b"MZ\x90\0")), "program"),
    "an object inside": (lambda: docx(("word/embeddings/oleObject1.bin", OLE)), "embedded"),
    "entities": (lambda: docx(("word/document.xml", LAUGHS)), "damaged"),
    "entities in another encoding": (
        lambda: docx(("word/document.xml", LAUGHS.decode().encode("utf-16"))),
        "damaged",
    ),
    "entities across two pieces": (across, "damaged"),
    "a path upwards": (lambda: docx(("../../evil.txt", b"x")), "damaged"),
    "the same name twice": (lambda: docx(("word/A.xml", b"<a/>"), ("word/a.xml", b"")), "damaged"),
    "something behind": (lambda: DOCX + b"MZ", "damaged"),
    "something before": (lambda: b"PK\3\4" + DOCX, "damaged"),
    "something unlisted before": (hidden, "damaged"),
    "a part that is spoilt": (spoilt, "damaged"),
    "cut off": (lambda: DOCX[:-30], "damaged"),
    "a picture of many pixels": (lambda: png(50_001, 1000), "pixels"),
    "a picture larger than numbers": (lambda: png(2**31 - 1, 2**31 - 1), "pixels"),
    "a picture without height": (lambda: png(100, 0), "damaged"),
    "a photograph of many pixels": (lambda: jpeg(10_000, 5001), "pixels"),
    "a photograph without end": (lambda: b"\xff\xd8\xff" + b"\xff" * 24 * MB, "damaged"),
    "a photograph of empty segments": (
        lambda: b"\xff\xd8" + b"\xff\xe0\0\2" * 6_000_000,
        "damaged",
    ),
}


def costs(call: Callable[[], object]) -> tuple[float, int]:
    """Give what a call takes: seconds of its own, whatever else the machine does, and bytes."""
    began = time.thread_time()
    call()
    took = time.thread_time() - began
    tracemalloc.start()
    try:
        call()
        return took, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_turned_down_at_once(case: str) -> None:
    """Within two seconds and 100 MB more than the file itself, whatever is inside."""
    make, expected = HOSTILE[case]
    content = make()

    took, peak = costs(lambda: why("underlag", content))

    assert expected == why("underlag", content)
    assert took < QUICK_S
    assert peak < LITTLE_BYTES


def test_the_heaviest_honest_document_is_looked_through_in_time() -> None:
    """A sheet that is just below both limits is read to its end, within the same bounds."""
    chance = random.Random("tungt")
    line = b"".join(b"<c><v>%d</v></c>" % chance.randrange(100) for _ in range(20_000))
    whole = b"<x>" + line * ((MOST_UNPACKED - 10 * MB) // len(line))
    content = office("xlsx", [("xl/worksheets/sheet1.xml", whole)])
    del whole

    took, peak = costs(lambda: accept("stor.xlsx", content, LIMITS))

    assert took < QUICK_S
    assert peak < LITTLE_BYTES


def test_a_chart_may_keep_its_sheet() -> None:
    """One document inside another is what PowerPoint makes; its own parts are looked at too."""
    sound = office("pptx", [("ppt/embeddings/a.xlsx", office("xlsx"))])
    hostile = office("pptx", [("ppt/embeddings/a.xlsx", docx(("xl/vbaProject.bin", OLE)))])

    assert "a.pptx" == accept("a.pptx", sound, LIMITS).name
    assert "macros" == why("a.pptx", hostile)


def test_documents_inside_share_one_allowance() -> None:
    """Several that are each below the limit are not below it together."""
    noise = random.Random("insidan").randbytes(350_000)
    inside = office("xlsx", [("xl/a.bin", noise + bytes(45 * MB))])  # just not too dense
    parts = [(f"ppt/embeddings/{n}.xlsx", inside) for n in range(5)]

    assert "a.pptx" == accept("a.pptx", office("pptx", parts[:4]), LIMITS).name
    assert "unpacks" == why("a.pptx", office("pptx", parts))


def test_an_archive_of_the_far_form_is_read() -> None:
    """Some programs write ZIP64 even for small documents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in ((CONTENT_TYPES, types(MAIN["xlsx"])), ("a.xml", b"<a/>")):
            with target.open(name, "w", force_zip64=True) as part:
                part.write(content)

    assert "a.xlsx" == accept("a.xlsx", made.getvalue(), LIMITS).name


def test_an_archive_that_was_streamed_is_read() -> None:
    """Programs that cannot go back write each part's sizes after it."""

    class Pipe(io.RawIOBase):
        """Takes bytes, and cannot go back."""

        def __init__(self) -> None:
            self.taken = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override] # bytes are enough
            self.taken += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(CONTENT_TYPES, types(MAIN["docx"]))

    assert "a.docx" == accept("a.docx", pipe.taken, LIMITS).name


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoilt_document_is_accepted_whole_or_turned_down(data: st.DataObject) -> None:
    """Whatever bytes are changed, nothing but BadInput comes of it."""
    content = bytearray(office("pptx", [("ppt/embeddings/a.xlsx", office("xlsx"))]))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    spoilt = bytes(content[: data.draw(st.integers(0, len(content)))])

    try:
        accept("a.pptx", spoilt, LIMITS)
    except BadInput as error:
        assert "file" == error.reasons[0].code


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(content: bytes) -> None:
    """Accepted or turned down, and an archive opened or not; never anything else."""
    for begin in (b"", b"PK\3\4", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"):
        try:
            accept("a", begin + content, LIMITS)
            open_archive(begin + content)
        except BadInput as error:
            assert error.sv
