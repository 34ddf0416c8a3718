"""Names of attached files: shown as they were meant, and harmless wherever they are saved."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core.files.names import (
    LONGEST,
    clean_name,
    ending_of,
    name_for_download,
    with_ending,
)

CLEAN = {
    # as they are
    "underlag.pdf": "underlag.pdf",
    "Underlag Ortopedi 2010.docx": "Underlag Ortopedi 2010.docx",
    "Åtgärder på öppenvården.xlsx": "Åtgärder på öppenvården.xlsx",
    "§ 74 (justerad).pdf": "§ 74 (justerad).pdf",
    "50 % – förslag, ”slutligt”.pdf": "50 % – förslag, ”slutligt”.pdf",
    "Bilaga 1.2": "Bilaga 1.2",
    "README": "README",
    "日本語.pdf": "日本語.pdf",
    "😀.png": "😀.png",
    "a+b=c&d.txt": "a+b=c&d.txt",
    "100%25.txt": "100%25.txt",
    "UPPER.PDF": "UPPER.PDF",
    # composed in one way
    "A\u030angstro\u0308m.pdf": "Ångström.pdf",
    "\u212bngstr\u00f6m.pdf": "Ångström.pdf",
    # folders
    "C:\\Users\\anna\\Desktop\\underlag.pdf": "underlag.pdf",
    "/etc/passwd": "passwd",
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "mapp/underlag.pdf": "underlag.pdf",
    "mapp/": "fil",
    "\\\\server\\share\\a.pdf": "a.pdf",
    "....//....//a.pdf": "a.pdf",
    "%2e%2e%2fa.pdf": "%2e%2e%2fa.pdf",
    "file:///c:/a.pdf": "a.pdf",
    # nothing left
    "": "fil",
    " ": "fil",
    ".": "fil",
    "..": "fil",
    "...": "fil",
    "\u200b": "fil",
    "\0": "fil",
    "\t\r\n": "fil",
    ".pdf": "fil.pdf",
    " .pdf": "fil.pdf",
    "\u202e": "fil",
    # points and spaces at the ends
    ".htaccess": "fil.htaccess",
    "..hemlig.txt": "hemlig.txt",
    "underlag.pdf.": "underlag.pdf",
    "underlag.pdf. . .": "underlag.pdf",
    "  underlag.pdf  ": "underlag.pdf",
    "underlag .pdf": "underlag.pdf",
    "under   lag.pdf": "under lag.pdf",
    "underlag.\u00a0pdf": "underlag. pdf",
    "a\u2028b.pdf": "a b.pdf",
    "a\u2029b.pdf": "a b.pdf",
    # what cannot be seen
    "a\0b.pdf": "ab.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie: x=1.pdf",
    "a\x1b[31m.pdf": "a[31m.pdf",
    "a\x7f.pdf": "a.pdf",
    "a\x85b.pdf": "a b.pdf",
    "a\u200bb\u200c\u200d.pdf": "ab.pdf",
    "\ufeffa.pdf": "a.pdf",
    "a\u00adb.pdf": "ab.pdf",
    "lag\u202efdp.exe": "lagfdp.exe",
    "\u2066a\u2069.pdf": "a.pdf",
    "a\u200e\u200f.pdf": "a.pdf",
    "a\U000e0041b.pdf": "ab.pdf",
    "a\ud800b.pdf": "ab.pdf",
    "a\ue000b.pdf": "ab.pdf",
    "a\uffffb.pdf": "ab.pdf",
    # length
    "x" * 300: "x" * 200,
    "x" * 300 + ".pdf": "x" * 196 + ".pdf",
    "å" * 300 + ".docx": "å" * 195 + ".docx",
    "😀" * 300 + ".txt": "😀" * 196 + ".txt",
    "x" * 195 + " y.pdf": "x" * 195 + ".pdf",
}


@pytest.mark.parametrize("given_name", CLEAN)
def test_a_name_is_made_plain(given_name: str) -> None:
    """Folders, control and direction characters go; the rest is kept, in NFC."""
    assert CLEAN[given_name] == clean_name(given_name)


ENDINGS = {
    "a.pdf": "pdf",
    "a.PDF": "pdf",
    "a.tar.gz": "gz",
    "faktura.pdf.exe": "exe",
    "Bilaga 1.2": "",
    "Bilaga 1. Underlag": "",
    "README": "",
    "a.7z": "7z",
    "a.p\u0434f": "",
    "a.": "",
    "a.averylongendingindeed": "",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_the_ending_is_the_last_word(name: str) -> None:
    """A number after a point is no ending; of several the last one counts."""
    assert ENDINGS[name] == ending_of(name)


DOWNLOADS = {
    "underlag.pdf": "underlag.pdf",
    "CON": "_CON",
    "con.txt": "_con.txt",
    "Aux.pdf": "_Aux.pdf",
    "nul.tar.gz": "_nul.tar.gz",
    "PRN .pdf": "_PRN .pdf",
    "com1.docx": "_com1.docx",
    "COM\u00b9.txt": "_COM\u00b9.txt",
    "lpt9": "_lpt9",
    "CONIN$": "_CONIN$",
    "Konto.pdf": "Konto.pdf",
    "console.pdf": "console.pdf",
    "com10.pdf": "com10.pdf",
    'a<b>:"c|d?e*.pdf': "a_b___c_d_e_.pdf",
    "underlag.pdf:evil.exe": "underlag.pdf_evil.exe",
}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_name_is_harmless_to_save_under(name: str) -> None:
    """Windows takes some names for devices, and some signs for its own."""
    assert DOWNLOADS[name] == name_for_download(name)


def test_an_ending_always_has_room() -> None:
    """A name of full length gives way to the ending that it gets."""
    assert "x" * 196 + ".pdf" == with_ending("x" * LONGEST, "pdf")


@given(st.text(max_size=400))
def test_any_text_becomes_a_name(text: str) -> None:
    """Whatever comes, what is kept is short, visible, no path, and stays what it is."""
    name = clean_name(text)

    assert 0 < len(name) <= LONGEST
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & {unicodedata.category(one) for one in name}
    assert not set(name) & set("/\\")
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert name == clean_name(name)
