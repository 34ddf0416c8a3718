"""A form with a column of every kind, values that fit it, and texts that mean harm."""

from datetime import datetime

from hypothesis import strategies as st

from documents.sheets.form import FormColumn, SheetForm, SheetRow
from workflow.core.facts import Cell
from workflow.core.material import is_storable

__all__ = ["CREATED", "FORM", "HOSTILE", "RANKS", "cells", "sheet_rows", "some_rows"]

CREATED = datetime.fromisoformat("2009-02-27T12:00:00")
RANKS = {"1": "1, högst", "2": "2", "3": "3", "10": "10, lägst", "icke_gora": "Icke-göra"}
REASONS = {"alder": "Ålder", "social": "Sociala, eller ekonomiska; förhållanden", "liv": "Livsstil"}
FORM = SheetForm(
    process="prov",
    table="objekt",
    revision="r1",
    title="Prioriteringsobjekt: 2009/2010",
    sheet="Prioriteringsobjekt",
    columns=(
        FormColumn(key="name", title="Namn", kind="text", required=True, help="Vad det är."),
        FormColumn(key="why", title="Motivering", kind="long_text", required_when="Rang är 2"),
        FormColumn(key="rank", title="Rang", kind="level", levels=RANKS),
        FormColumn(key="grounds", title="Bygger på", kind="levels", levels=REASONS),
        FormColumn(key="effect", title="Effekt (tkr)", kind="tkr"),
        FormColumn(key="volume", title="Patienter per år", kind="integer", least=0),
        FormColumn(key="share", title="Andel", kind="percent"),
        FormColumn(key="cost", title="Kostnad per effekt", kind="number"),
        FormColumn(key="day", title="Från och med", kind="date"),
        FormColumn(key="tried", title="Prövad", kind="yes_no"),
    ),
)
HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "'=1+1",
    "''",
    "'",
    '=HYPERLINK("http://ond.example","klicka")',
    "=1+1\n=2+2",
    "＝1+1",
    "－1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "https://ond.example/?a=1&b=2",
    "mailto:nagon@ond.example",
    "internal:Blad1!A1",
    "{=SUM(A1)}",
    "12345678901234567890",
    "007",
    "1e309",
    "TRUE",
    "2009-02-27",
    "rad ett\nrad två\n\nrad fyra",
    "tabb\tmitt i",
    'a;b,c"d""e',
    '"',
    "<b>&amp;</b> ]]> <![CDATA[x]]>",
    "_x0041_ och _x000D_",
    "slut\\",
    "\u202egnirts\u202c",
    "😀 e\u0301 \u00e5 ß İ",
    "\x01\x1b[31mröd\x7f",
    "vagn\rretur",
    "rad\r\nslut",
    "#N/A",
    "sep=;",
    "rad\u2028skilt\x85x",
    "x" * 500,
)


def texts(most: int) -> st.SearchStrategy[str]:
    """Give texts as they are kept: stripped, storable, not empty."""
    kept = st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=most
    )
    return st.one_of(st.sampled_from(HOSTILE), kept).map(str.strip).filter(_is_kept)


def _is_kept(text: str) -> bool:
    return bool(text) and is_storable(text)


def decimals() -> st.SearchStrategy[str]:
    """Give decimals in the one form that they are kept in."""
    finite = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)
    return finite.map(lambda one: format(one.normalize() + 0, "f"))


def cells() -> st.SearchStrategy[dict[str, Cell]]:
    """Give the cells of a row, as `read_rows` makes them."""
    several = st.sets(st.sampled_from(list(REASONS)), min_size=1)
    values: dict[str, st.SearchStrategy[Cell]] = {
        "name": texts(60),
        "why": texts(60),
        "rank": st.sampled_from(list(RANKS)),
        "grounds": several.map(lambda keys: ",".join(one for one in REASONS if one in keys)),
        "effect": st.integers(-(10**15), 10**15),
        "volume": st.integers(0, 10**6),
        "share": decimals(),
        "cost": decimals(),
        "day": st.dates().map(lambda one: one.isoformat()),
        "tried": st.booleans(),
    }
    return st.fixed_dictionaries({}, optional=values)


@st.composite
def sheet_rows(draw: st.DrawFn) -> list[SheetRow]:
    """Give the rows of a sheet, with numbers of their own in any order."""
    told = draw(st.lists(cells(), max_size=8))
    numbers = draw(st.permutations(range(1, len(told) + 1)))
    return [
        SheetRow(number=number, version=number % 3 + 1, cells=one)
        for number, one in zip(numbers, told, strict=True)
    ]


def some_rows(count: int) -> list[SheetRow]:
    """Make rows that are all filled in, and all different."""
    return [
        SheetRow(
            number=number,
            version=1,
            cells={
                "name": f"Åtgärd {number}",
                "why": f"Därför att {number} är =fler; än\n{number - 1}",
                "rank": list(RANKS)[number % len(RANKS)],
                "grounds": "alder,social",
                "effect": -number * 10,
                "volume": number,
                "share": "12.5",
                "cost": f"{number}.25",
                "day": "2009-02-27",
                "tried": bool(number % 2),
            },
        )
        for number in range(1, count + 1)
    ]
