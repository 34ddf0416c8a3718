"""The reference of the definition language: its tables, made from the vocabulary.

    python -m processes.reference docs/reference/language.md

renews the tables in that file; the words around them are written by hand.
"""

import sys
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from processes.examples import EXAMPLES
from workflow.core import definition as words
from workflow.core.definition import Section

__all__ = ["BEGIN", "END", "SECTIONS", "renewed", "tables"]

BEGIN = "<!-- made from the vocabulary: begin -->"
END = "<!-- made from the vocabulary: end -->"

SECTIONS: Mapping[str, type[Section]] = {
    "The process (top of the file)": words.Definition,
    "`[unit.KEY]`": words.Unit,
    "`[body.KEY]`": words.Body,
    "`[role.KEY]`": words.Role,
    "`[milestone.KEY]`": words.Milestone,
    "`[plan.KEY]`": words.Plan,
    "`[ladder.KEY]`": words.Ladder,
    "`[case.KEY]`": words.Case,
    "`[case.KEY.state.KEY]`": words.State,
    "`[case.KEY.state.KEY.transition.KEY]`": words.Transition,
    "`begins` of a transition": words.Begins,
    "`[table.KEY]`": words.Table,
    "`[table.KEY.column.KEY]`": words.Column,
    "`[table.KEY.check.KEY]`": words.Check,
    "`[scale.KEY]`": words.Scale,
}
"""Every kind of section, in the order in which a reader meets them."""

FORMS: tuple[tuple[object, str], ...] = (
    (words.Key, "name"),
    (words.Names, "name or names"),
    (words.Title, "text"),
    (words.Text, "text"),
    (str, "text"),
    (words.Flag, "true or false"),
    (words.Count, "whole number"),
    (words.Figure, "number"),
    (words.AmountPhrase, "amount"),
    (words.SpanPhrase, "span"),
    (words.DuePhrase, "due"),
    (words.Dates, "when, or a pair"),
    (words.Match, "match"),
    (words.Demand, "number or `TABLE.COLUMN`"),
    (words.Minutes, 'clock time, "16:00"'),
    (tuple[words.RungPhrase, ...], "steps"),
    (tuple[words.Title, words.Title], "first and last"),
    (dict[words.Key, str], "key = type"),
    (dict[words.Key, words.Key], "case = state"),
    (dict[words.Key, words.Title], "key = title"),
    (dict[words.LevelKey, words.Title], "key = title"),
    (dict[words.Key, words.Dates], "milestone = when"),
    (dict[words.LevelKey, Literal["good", "watch", "bad"]], "level = tone"),
)


def tables() -> str:
    """Give the tables of all sections as Markdown."""
    return "\n".join(_table(heading, section) for heading, section in SECTIONS.items())


def renewed(text: str) -> str:
    """Give a page with its tables made anew.

    Raises: ValueError when the page has no place for them.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def _table(heading: str, section: type[Section]) -> str:
    rows = "\n".join(_rows(section))
    heads = "| key | is | meaning | when not given | example |\n|---|---|---|---|---|"
    return f"### {heading}\n\n{heads}\n{rows}\n"


def _rows(section: type[Section]) -> Iterator[str]:
    hints = get_type_hints(section, include_extras=True)
    written = EXAMPLES.get(section, {})
    for name, field in section.model_fields.items():
        called = field.alias or name
        key = f"`{called}`" + (" !" if field.is_required() else "")
        example = f"`{written[called]}`" if called in written else ""
        meaning = " ".join((field.description or "").split())
        form = _form(hints[name]).replace("|", "\\|")
        yield f"| {key} | {form} | {meaning} | {_default(field)} | {example} |"


def _form(hint: Any) -> str:
    for known, form in FORMS:
        if hint == known:
            return form
    inner = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_form(one) for one in inner if one is not types.NoneType)
    if get_origin(hint) is Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if get_origin(hint) is tuple:
        return f"any of {_form(inner[0])}"
    if get_origin(hint) is Annotated:
        return _form(inner[0])
    return "section" if isinstance(hint, type) else "sections"


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required() or value is None or value in ((), {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) else f"{value:g}"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
