"""The reference of the National Model as content: its tables, made from what is shipped.

    python -m processes.gemensamt.reference docs/reference/national-model.md

renews the tables in that file; the words around them are written by hand.
"""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from processes.gemensamt.nationella_modellen import INSUFFICIENT, rang_enligt_modellen
from processes.loader import COMMON, SHIPPED, load
from processes.reference import BEGIN, END
from processes.source import read_toml
from workflow.core.definition import Check, Column, Match, Scale, Section, Table
from workflow.core.phrases import Range
from workflow.core.revision import Revision

__all__ = ["renewed", "tables"]

SCALES = ("svarighetsgrad", "patientnytta", "kostnad", "kunskap", "rang", "typ", "grund")
AIDS = "nationella_modellen_stod.toml"
YEAR = 2027
"""Any: the model is the same every year."""


def renewed(text: str) -> str:
    """Give a page with its tables made anew.

    Raises: ValueError when the page has no place for them.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def tables() -> str:
    """Give the columns, the scales, the suggested rank and the checks as Markdown."""
    revision = load(SHIPPED / "prioritering", year=YEAR)
    table = revision.definition.table["objekt"]
    parts = (
        "## Columns",
        *_columns(revision, table),
        "",
        "## Scales",
        *_scales(revision),
        "",
        "## The suggested rank",
        *_ranks(revision),
        "",
        "## Checks",
        *_checks(),
    )
    return "\n".join(parts)


def _both(revision: Revision, section: Section) -> str:
    return f"{revision.title(section, 'sv')} | {revision.title(section, 'en')}"


def _columns(revision: Revision, table: Table) -> Iterator[str]:
    yield "\n| key | Swedish | English | type | required | help |\n|---|---|---|---|---|---|"
    for column in table.column.values():
        told = revision.text(f"{column.path}.help", column.help or "", "en")
        yield (
            f"| `{column.key}` | {_both(revision, column)} | {_type(column)} |"
            f" {_required(column)} | {told} |"
        )


def _type(column: Column) -> str:
    several = ", several" if column.several else ""
    suggested = f", suggested by `{column.suggest}`" if column.suggest else ""
    return f"`{column.type}`{several}{suggested}"


def _required(column: Column) -> str:
    if isinstance(column.required, dict):
        return f"when {_match(column.required)}"
    return "always" if column.required else ""


def _match(match: Match) -> str:
    return " and ".join(
        f"`{name}` is {wanted if isinstance(wanted, Range) else ', '.join(wanted)}"
        for name, wanted in match.items()
    )


def _scales(revision: Revision) -> Iterator[str]:
    yield "\n| key | levels, Swedish | English | source |\n|---|---|---|---|"
    for key in SCALES:
        scale = revision.definition.scale[key]
        titles = [
            "; ".join(
                revision.text(f"{scale.path}.levels.{level}", title, language)
                for level, title in scale.levels.items()
            )
            for language in ("sv", "en")
        ]
        yield f"| `{key}` | {titles[0]} | {titles[1]} | {_source(scale)} |"


def _source(scale: Scale) -> str:
    if scale.unverified:
        return "**unverified**"
    return f"<{scale.source}>" if scale.source else "the project's own"


def _ranks(revision: Revision) -> Iterator[str]:
    """Give one line per severity and benefit; levels that are weighed alike share a column."""
    scale = revision.definition.scale
    levels = {
        key: [one for one in scale[key].levels if one != INSUFFICIENT]
        for key in ("svarighetsgrad", "patientnytta", "kostnad", "kunskap")
    }
    pairs = list(product(levels["kunskap"], levels["kostnad"]))
    lines = list(product(levels["svarighetsgrad"], levels["patientnytta"]))
    columns = {pair: tuple(_rank(*line, *reversed(pair)) for line in lines) for pair in pairs}
    grouped: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for pair, ranks in columns.items():
        grouped.setdefault(ranks, []).append(pair)

    def title(key: str, level: str) -> str:
        path = f"{scale[key].path}.levels.{level}"
        return revision.text(path, scale[key].levels[level], "en").lower()

    heads = [
        "cost {}; evidence {}".format(
            *(
                " or ".join(dict.fromkeys(title(key, pair[at]) for pair in group))
                for at, key in ((1, "kostnad"), (0, "kunskap"))
            )
        )
        for group in grouped.values()
    ]
    yield f"\n| severity | benefit | {' | '.join(heads)} |\n|---|---|{'---|' * len(heads)}"
    for number, (severity, benefit) in enumerate(lines):
        shown = [title("svarighetsgrad", severity), title("patientnytta", benefit)]
        found = [column[number] for column in grouped]
        shown += [rank if rank.isdigit() else title("rang", rank) for rank in found]
        yield f"| {' | '.join(shown)} |"
    rank = _rank(*lines[0], levels["kostnad"][0], INSUFFICIENT)
    yield (
        f"\nEvidence {title('kunskap', INSUFFICIENT)}: {title('rang', rank).upper()}, whatever the"
        " rest. Something not judged: no suggestion."
    )


def _rank(severity: str, benefit: str, cost: str, evidence: str) -> str:
    found = rang_enligt_modellen(
        {
            "svarighetsgrad": severity,
            "patientnytta": benefit,
            "kostnad": cost,
            "kunskap": evidence,
        }
    )
    return str(found)


def _checks() -> Iterator[str]:
    """Give the checks as they stand in the file beside, which a process may leave out."""
    common = SHIPPED / COMMON
    data: Any = read_toml(common / AIDS, common).data
    yield "\n| key | title | rows where | otherwise |\n|---|---|---|---|"
    for key, given in data["table"]["objekt"]["check"].items():
        check = Check.model_validate(given)
        yield f"| `{key}` | {check.title} | {_match(check.where)} | `{check.otherwise}` |"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
