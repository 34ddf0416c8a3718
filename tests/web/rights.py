"""What every address answers to everybody: `docs/reference/rights.md` is made from it.

    python -m tests.web.rights docs/reference/rights.md

Each address of `web.routes` is asked for as each persona of `everyone`, about their own
unit, another and the round as a whole. A form is sent as a page shows it to somebody who
may send it, filled in so that it would go through; what came of it is put back afterwards.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from starlette.routing import compile_path

from tests.web.browsing import filled
from tests.web.everyone import PERSONAS, Everyone, Subject, gather
from web.routes import ROUTES, Address
from workflow.store.database import Database

__all__ = [
    "Cell",
    "Row",
    "Sent",
    "fill",
    "forms_of",
    "links_on",
    "play",
    "rows",
    "sample",
    "sent_on",
    "write",
]

_CHIEF: Final = "FROM people WHERE email = ?"
Sample = Callable[[Everyone, Subject], object]

SAMPLES: Final[dict[str, Sample]] = {
    "case": lambda _, about: about.case,
    "transition": lambda _everyone, _about: "lamna_in",
    "round": lambda everyone, _: everyone.stage.round,
    "lista/table": lambda _everyone, _about: "gemensam",
    "number": lambda _everyone, _about: 1,
    "table": lambda _everyone, _about: "objekt",
    "kind": lambda _everyone, _about: "finns_inte",
    "paper": lambda _everyone, _about: "0" * 32,
    "publication": lambda _everyone, _about: "finns-inte",
    "mejl/mail": lambda everyone, _: _first(everyone, "SELECT message_id FROM messages"),
    "utskick/mail": lambda everyone, _: _first(everyone, "SELECT min(id) FROM messages"),
    "person": lambda everyone, _: _first(everyone, f"SELECT id {_CHIEF}", _chief(everyone)),
    "grant": lambda everyone, _: _first(
        everyone, f"SELECT id FROM grants WHERE person_id = (SELECT id {_CHIEF})", _chief(everyone)
    ),
    "substitution": lambda everyone, _: _first(everyone, "SELECT id FROM substitutions"),
}
"""What stands in an address, by the parameter's name, or where one name stands for several
things by the word before it too: `filer/number`. A new name needs a line here."""
OF_A_UNIT: Final = frozenset({"case", "unit"})
"""Parameters for which it matters whose unit it is."""
READERS: Final = ("verksamhetschef", "driftenhetschef", "medicinsk_radgivare")
"""As whom the forms are looked for on the pages."""
WORD: Final = "Ett skäl, i en mening."
TYPED: Final = {
    r"(^|[-_])(to|till)$": "30 april 2009",
    r"(^|[-_])(day|dag|from|from_on|last-\d+|senast)$|^last-": "20 mars 2009",
    r"email": "ny.person@alla.example",
    r"^by$": "utan_roll@alla.example",
}
"""What is typed into a field, by what its name is like; else WORD."""
CHOSEN: Final = {"milestone": "redovisning", "role": "medicinsk_grupp"}
"""What is chosen where the first that there is would be turned down."""


@dataclass(frozen=True)
class Row:
    """One address about one thing."""

    address: Address
    about: str
    """own, other, round; empty where it does not matter."""
    path: str
    """As it is asked for."""

    @property
    def name(self) -> str:
        """The address as the table has it."""
        return f"{self.address.method} {self.address.path}"


@dataclass(frozen=True)
class Cell:
    """What somebody was answered."""

    status: int
    changed: bool
    """Something is otherwise than before, besides who was here."""
    to: str = ""
    """Where they were sent on."""
    links: frozenset[str] = frozenset()
    """Where the page they got leads to, of our own addresses."""

    @property
    def word(self) -> str:
        """How the table tells it."""
        if self.status == 303 and self.to.startswith("/logga-in"):
            return "sign in"
        return f"{self.status}{' and changed' if self.changed else ''}"


# ---- which addresses -------------------------------------------------------------------


def sample(everyone: Everyone, address: Address, about: Subject) -> str:
    """Give an address with something in each of its places.

    Raises: LookupError for a parameter that has no sample.
    """

    def value(found: re.Match[str]) -> str:
        name = found[2].partition(":")[0]
        given = SAMPLES.get(f"{found[1]}/{name}") or SAMPLES.get(name)
        if given is None:
            raise LookupError(
                f"{address.path}: there is no sample of {{{name}}}. Say in SAMPLES of"
                " tests/web/rights.py what stands there, for one's own unit and another's."
            )
        return f"{found[1]}/{given(everyone, about)}"

    return re.sub(r"([^/]*)/{([^{}]+)}", value, address.path)


def rows(everyone: Everyone) -> list[Row]:
    """Give the rows of the table, in the order of the routes."""
    found = []
    for address in ROUTES:
        names = set(re.findall(r"{(\w+)", address.path))
        for subject in everyone.subjects.values():
            about = subject.name if names & OF_A_UNIT else ""
            row = Row(address, about, sample(everyone, address, subject))
            if row not in found:
                found.append(row)
    return found


def _chief(everyone: Everyone) -> str:
    return everyone.stage.chief(everyone.subjects["own"].unit)


def _first(everyone: Everyone, sql: str, *values: object) -> object:
    found = everyone.raw.execute(sql, values).fetchone()
    return found[0] if found else "finns-inte"


# ---- the forms -------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What a button on a page sends."""

    path: str
    fields: Mapping[str, Any]
    file: str
    """The name of the field for a file; empty where there is none."""
    rank: tuple[bool, bool, int]
    """Of several buttons that lead to one address the one that matters comes first."""


def sent_on(html: str, path: str) -> Iterator[Sent]:
    """Give what each button on a page would send, its form filled in."""
    for form in BeautifulSoup(html, "html.parser").find_all("form", method="post"):
        fields = fill(form)
        file = form.find("input", type="file")
        for button in form.find_all("button", type="submit"):
            own = {str(button["name"]): str(button.get("value", ""))} if button.get("name") else {}
            to = str(button.get("formaction") or form.get("action") or path)
            main = "main" in (button.get("class") or ())
            yield Sent(
                path=to.partition("?")[0].partition("#")[0],
                fields=fields | own,
                file=str(file["name"]) if file else "",
                rank=(main, not own, len(fields)),
            )


def forms_of(everyone: Everyone, table: Sequence[Row]) -> dict[str, Sent]:
    """Give what the buttons on all pages send, by where it goes; where a page comes first
    that asks whether one is sure, what its button sends."""
    found: dict[str, Sent] = {}
    for row in table:
        if row.address.method == "GET":
            for who in READERS:
                _take(found, everyone.get(who, row.path), row.path)
    everyone.restore()
    for path in [row.path for row in table if row.path in found and row.address.method == "POST"]:
        for who in READERS:
            answer = _send(everyone, who, path, found[path])
            everyone.restore()
            sure = sent_on(answer.text, path) if answer.status_code == 200 else ()
            again = [one for one in sure if one.path == path]
            if again:
                found[path] = max(again, key=lambda one: one.rank)
                break
    return found


def _take(found: dict[str, Sent], answer: Any, path: str) -> None:
    if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
        return
    for one in sent_on(answer.text, path):
        if one.path not in found or one.rank > found[one.path].rank:
            found[one.path] = one


def fill(form: Tag) -> dict[str, Any]:
    """Give what a form would send when somebody has filled in what is empty."""
    fields = filled(form)
    for one in form.find_all(["textarea", "input", "select"]):
        name, kind = str(one.get("name") or ""), str(one.get("type", "text"))
        ticked = kind in ("checkbox", "radio") and not str(name).startswith("rad.")
        if name and name not in fields and ticked:
            fields[name] = str(one.get("value", "on"))
        if (
            not name
            or fields.get(name)
            or kind in ("hidden", "file", "submit", "checkbox", "radio")
        ):
            continue
        if one.name == "select":
            options = [str(choice.get("value", "")) for choice in one.find_all("option")]
            fields[name] = next((choice for choice in options if choice), "")
        else:
            fields[name] = _typed(one, name)
    return fields | {name: value for name, value in CHOSEN.items() if name in fields}


def _typed(control: Tag, name: str) -> str:
    if control.get("inputmode") in ("numeric", "decimal"):
        return "5"
    return next((value for like, value in TYPED.items() if re.search(like, name)), WORD)


def _send(everyone: Everyone, who: str, path: str, sent: Sent | None) -> Any:
    fields = dict(sent.fields) if sent else {}
    fields.pop("token", None)
    if "request" in fields:
        fields["request"] = f"{PERSONAS.index(who):032x}"
    files = {sent.file: ("a.txt", b"En fil.\n", "text/plain")} if sent and sent.file else None
    return everyone.post(who, path, fields, files=files)


# ---- playing it ------------------------------------------------------------------------


def play(everyone: Everyone) -> dict[tuple[Row, str], Cell]:
    """Ask for everything as everybody; each finds it all as it was."""
    table = rows(everyone)
    forms = forms_of(everyone, table)
    everyone.restore()
    before = everyone.picture()
    found = {}
    for row in table:
        for who in PERSONAS:
            version, changed = everyone.version, False
            answer = _ask(everyone, row, forms, who)
            if everyone.version != version:
                changed = everyone.picture() != before
            if changed:
                everyone.restore()
            to = answer.headers.get("location", "")
            found[row, who] = Cell(answer.status_code, changed, to, links_on(answer))
    return found


def links_on(answer: Any) -> frozenset[str]:
    """Give the addresses of ours that a page leads to, without what is after a #."""
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return frozenset()
    hrefs = re.findall(r'<a\s[^>]*?href="(/[^"#]*)', answer.text)
    return frozenset(unescape(one) for one in hrefs if not one.startswith("/static/"))


def _ask(everyone: Everyone, row: Row, forms: Mapping[str, Sent], who: str) -> Any:
    if row.address.method == "GET":
        return everyone.get(who, row.path)
    like = compile_path(row.address.path)[0]
    alike = [one for path, one in forms.items() if like.match(path)]
    best = max(alike, key=lambda one: one.rank, default=None)
    exact = forms.get(row.path)
    if exact is not None and exact.rank[:2] != (False, False):
        best = exact
    return _send(everyone, who, row.path, best)


# ---- the page --------------------------------------------------------------------------


HEAD: Final = """# Rights: what every address answers to everybody

This page is made by `make docs`: each address is asked for as each role of the process
`prioritering`, and a test demands that the page is what the site answers. The roles are held as
the example has them; `verksamhetschef` and `driftenhetschef` at the unit that is called `own`.
Besides them there are `ersattare`, who stands in for the chief of `own` and has no role;
`avslutad`, who was its chief until yesterday; `utan_roll`, who is signed in and has none; and
`utloggad`, who is not signed in. `revisor` is the auditor, `prioriteringscentrum` is external.

`own` and `other` are the underlag of units in two driftenheter, `round` is the round's own case.
`the rest` are all whom the line does not name. A form is sent as a page shows it to somebody who
may send it; `changed` says that something was otherwise afterwards. `404` is said of what is not
there and of what somebody may not see, in the same words. `sign in` leads to the sign-in. The
pages were asked for in a demo; where people sign in, the addresses below `/demo` do not exist.

| address | about | answers |
|---|---|---|
"""


def write(played: Mapping[tuple[Row, str], Cell]) -> str:
    """Write the page."""
    lines: dict[Row, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (row, who), cell in played.items():
        lines[row][cell.word].append(who)
    return HEAD + "".join(_line(row, answers) for row, answers in lines.items())


def _line(row: Row, answers: Mapping[str, list[str]]) -> str:
    most = max(answers, key=lambda word: len(answers[word]))
    told = [
        f"**{word}** {'the rest' if word == most else ', '.join(whom)}"
        for word, whom in sorted(answers.items())
    ]
    if len(answers) == 1:
        told = [f"**{most}** everybody"]
    return f"| `{row.name}` | {row.about} | {'; '.join(told)} |\n"


def main(page: Path) -> None:
    """Make the page anew."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'template.db'}")
        database.create()
        database.close()
        with gather(folder / "template.db", folder) as everyone:
            page.write_text(write(play(everyone)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
