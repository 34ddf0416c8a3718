"""The words of the pages: in both languages, and as the house writes them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from web import words
from web.words import catalogs

ROOM = Path(words.__file__).parents[1]
TEMPLATES = ROOM / "templates"
WORDS = ROOM / "words"
OPTIONS = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")
SAME = frozenset(
    """
    Beredning
    """.split()
)
"""Texts that are the same in both languages, and meant to be. Those that hold no letters, or
are one word spelt alike, are found without standing here."""
ALIKE = frozenset(
    "Text System Person Plan Start Revision Version Process Fax Status Mail Test Demo".split()
)
FORBIDDEN_SV = {
    r"!": "inga utropstecken",
    r"\bvänligen\b": "säg vad man ska göra",
    r"\btyvärr\b": "säg vad som hände",
    r"\bOBS\b": "säg vad det är",
    r"\banvändar(e|en|na)\b": "säg du, eller personens namn",
    r"\bman\b": "säg du, eller vem det är",
    r"\b(han|hon|hans|hennes|honom|henne)\b": "säg personens namn",
    r"\binom kort\b": "säg dagen",
    r"\bbehörig handläggare\b": "säg namnet",
    r"\bOK\b": "knappen säger vad den gör",
    r"\"": "citattecken skrivs ”…”",
}
FORBIDDEN_EN = {
    r"!": "no exclamation marks",
    r"\b[Pp]lease\b": "say what to do",
    r"\b[Uu]nfortunately\b": "say what happened",
    r"\b[Ss]orry\b": "say what happened",
    r"\bN\.?B\.?\b": "say what it is",
    r"\b[Tt]he user\b": "say you, or the name",
    r"\b(he|she|his|her|him|hers)\b": "say the name",
    r"\bOK\b": "the button says what it does",
}
BUTTONS = frozenset({"ok", "skicka", "utför", "submit", "send", "avbryt"})
"""What no button says alone: the verb of the outcome stands there."""


@dataclass(frozen=True)
class Said:
    """A Swedish text and where it stands."""

    where: str
    one: str
    many: str | None = None

    @property
    def key(self) -> tuple[str, bool]:
        """What its English is found by: a text that counts is another than one that does not."""
        return self.one, self.many is not None


def templates() -> list[Path]:
    """Give every template."""
    return sorted(TEMPLATES.rglob("*.html"))


def extracted(path: Path, method: str) -> Iterator[Said]:
    """Give the texts of a file that are to be translated."""
    found = extract_from_file(method, path, keywords=KEYWORDS, options=OPTIONS)
    for line, message, _, _ in found:
        one, many = message if isinstance(message, tuple) else (message, None)
        yield Said(f"{path.relative_to(ROOM)}:{line}", one, many)


def spoken() -> list[Said]:
    """Give every text of the pages."""
    texts = [one for path in templates() for one in extracted(path, "jinja2.ext:babel_extract")]
    texts += [one for path in sorted(ROOM.rglob("*.py")) for one in extracted(path, "python")]
    return texts


def english() -> dict[tuple[str, bool], dict[str, tuple[str, str]]]:
    """Give the English of each text, for one and for several, by file."""
    found: dict[tuple[str, bool], dict[str, tuple[str, str]]] = defaultdict(dict)
    for name, catalog in catalogs().items():
        for one in catalog:
            if isinstance(one.id, str) and one.id:
                found[one.id, False][name] = (str(one.string), "")
            elif one.id:
                found[one.id[0], True][name] = (one.string[0], one.string[1])
    return found


# ---- both languages --------------------------------------------------------------------


def test_every_text_has_its_english() -> None:
    """What a template says in Swedish stands in some `web/words/*.po` in English; what has a
    form for one and another for several has both."""
    known = english()

    without = [
        f"{one.where}: {one.one!r}" + (" (counted)" if one.many else "")
        for one in spoken()
        if not any(
            first and (several or not one.many) for first, several in known[one.key].values()
        )
    ]

    assert [] == without, _told("no English in web/words/*.po for", without)


def test_no_english_is_left_over() -> None:
    """Each text of a `.po` file is said by some page."""
    said = {one.key for one in spoken()}

    left = [
        f"web/words/{name}: {key[0]!r}" + (" (counted)" if key[1] else "")
        for key, files in english().items()
        for name in files
        if key not in said
    ]

    assert [] == left, _told("said by no page", left)


def test_a_text_says_the_same_wherever_it_stands() -> None:
    """Two files that know the same Swedish give the same English."""
    wrong = [
        f"{key[0]!r}: {', '.join(f'{name} {said[0]!r}' for name, said in sorted(files.items()))}"
        for key, files in english().items()
        if len(set(files.values())) > 1
    ]

    assert [] == wrong, _told("English in two ways", wrong)


def test_placeholders_are_the_same() -> None:
    """A name, a day or a number that the Swedish shows, the English shows."""
    known = english()

    wrong = []
    for one in spoken():
        for name, (first, several) in known[one.key].items():
            pairs = [(one.one, first), (one.many or "", several)]
            if any(_places(sv) != _places(en) for sv, en in pairs if en):
                wrong.append(f"{one.where} and web/words/{name}: {one.one!r}")

    assert [] == wrong, _told("other placeholders in English", wrong)


def test_no_english_is_swedish() -> None:
    """A text that is equal in both languages was not translated, unless it is a name; å, ä
    and ö belong to names, which come as placeholders."""
    wrong = [
        f"web/words/{name}: {said!r}"
        for key, files in english().items()
        for name, several in files.items()
        for said in several
        if re.search(r"[åäöÅÄÖ]", said) or (key[0] == said and _has_words(said))
    ]

    assert [] == wrong, _told("Swedish in English", wrong)


@pytest.mark.parametrize("file", sorted(WORDS.glob("*.po")), ids=lambda path: path.name)
def test_a_file_of_words_can_be_read(file: Path) -> None:
    """No text stands twice in a file, none is marked as uncertain, none is empty."""
    with file.open("rb") as opened:
        catalog = read_po(opened, locale="en", abort_invalid=True)
    ids = re.findall(r'^msgid "(.+)"$', file.read_text(encoding="utf-8"), re.MULTILINE)

    assert [] == [one for one in ids if ids.count(one) > 1]
    assert [] == [one.id for one in catalog if one.id and one.fuzzy]
    assert [] == [one.id for one in catalog if one.id and not one.string]


# ---- as the house writes ---------------------------------------------------------------


def test_no_words_that_the_house_does_not_use() -> None:
    """The look's section 6: du, names and days; no exclamation marks, no apologies."""
    wrong = []
    for one in spoken():
        for text in (one.one, one.many or ""):
            wrong += [
                f"{one.where}: {text!r}: {why}"
                for pattern, why in FORBIDDEN_SV.items()
                if re.search(pattern, text, re.IGNORECASE if pattern[0] == "\\" else 0)
                and not (pattern == r"\bOK\b" and not re.search(pattern, text))
            ]
    for key, files in english().items():
        for name, (first, several) in files.items():
            wrong += [
                f"web/words/{name}: {said!r} ({key[0]!r}): {why}"
                for said in (first, several)
                for pattern, why in FORBIDDEN_EN.items()
                if re.search(pattern, said)
            ]

    assert [] == wrong, _told("words that the house does not use", wrong)


def test_no_button_says_nothing() -> None:
    """A button says what comes of it."""
    wrong = []
    for path in templates():
        text = re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"))
        for inner in re.findall(r"<button[^>]*>(.*?)</button>", text, re.DOTALL):
            said = " ".join(re.sub(r"<[^>]+>", "", inner).split())
            if said.lower() in BUTTONS:
                wrong.append(f"{path.relative_to(ROOM)}: {said!r}")

    assert [] == wrong, _told("buttons that do not say what they do", wrong)


def test_no_swedish_stands_outside_the_texts() -> None:
    """What a template says is inside `{% trans %}` or `_()`; only names stand as they are."""
    wrong = []
    for path in templates():
        for text in _bare(path.read_text(encoding="utf-8")):
            attribute = re.match(r"[\"' ]*[a-z-]+=", text)
            if re.search(r"[A-Za-zÅÄÖåäö]{3,}", text) and text not in BARE and not attribute:
                wrong.append(f"{path.relative_to(ROOM)}: {text!r}")

    assert [] == wrong, _told("texts outside {% trans %}", wrong)


BARE = frozenset(
    {"Beredning", "· Beredning", "Beredning ·", "På svenska", "In English", "CSV", "JSON", "SVG"}
    | {"www.digg.se/tdosanmalan", "www.imy.se", "Svenska", "English"}
)
"""Names, formats and addresses, and each language's own name for itself."""


def _bare(template: str) -> Iterator[str]:
    """Give what stands between the tags of a template and is not said through the texts."""
    text = re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)
    text = re.sub(r"{%-?\s*set \w+ -?%}.*?{%-?\s*endset\s*-?%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%-?\s*trans\b.*?endtrans\s*-?%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "\n", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", "\n", text, flags=re.DOTALL)
    shown = re.findall(r"(?:aria-label|title|placeholder|alt)=\"([^\"\n]+)\"", text)
    text = re.sub(r"<[^<>]*>", "\n", text)
    yield from (part.strip() for part in shown)
    yield from (part.strip(" \t.,:;()|–-") for part in text.splitlines())


def _places(text: str) -> set[str]:
    return {first or second for first, second in PLACE.findall(text)}


def _has_words(text: str) -> bool:
    plain = PLACE.sub("", text)
    words = re.findall(r"[A-Za-zÅÄÖåäö]{3,}", plain)
    return any(word not in SAME | ALIKE and not word.isupper() for word in words)


def _told(what: str, found: list[str]) -> str:
    return f"{len(found)} texts, {what}:\n  " + "\n  ".join(found)
