"""A suggested text taken into its field: what else was typed stays, and nothing is saved."""

from dataclasses import replace
from typing import Final

from web.case.form import Typed, with_rows
from workflow.core.merging import Typed as TypedRow
from workflow.service.reading.cases.case import CasePage

__all__ = ["OFFER", "with_offer"]

OFFER: Final = "forslag."
"""What a button says that takes a suggestion in; then `TABLE.COLUMN`."""


def with_offer(typed: Typed, page: CasePage, step: str) -> Typed:
    """Give what was typed with a suggestion in its field: below what stands there, if anything
    does, and not once more where it stands there already."""
    key = step.removeprefix(OFFER)
    name, _, column = key.partition(".")
    tables = page.material.tables if page.material else ()
    table = next((one for one in tables if one.key == name and one.edited and one.is_form), None)
    text = page.material.offers.get(key, "") if page.material else ""
    if table is None or not text:
        return typed
    rows = list(typed.rows(table)) or [TypedRow(of=None, texts={})]
    written = rows[0].texts.get(column, "").rstrip()
    if "".join(text.split()) in "".join(written.split()):
        return typed
    texts = {**rows[0].texts, column: f"{written}\n\n{text}" if written else text}
    return with_rows(typed, {table.key: [replace(rows[0], texts=texts), *rows[1:]]})
