"""Which sheet of a workbook is read."""

from collections.abc import Sequence

from documents.sheets.stamp import GUIDE_NAME, LISTS_NAME, SHEET_NAME
from documents.sheets.words import refusal

__all__ = ["pick_sheet"]

_MOST = 20
"""Sheets that are named in the words."""


def pick_sheet(sheets: Sequence[tuple[str, bool]], wanted: str) -> list[str]:
    """Give the names of the sheets that may be the one, by name and whether it is hidden.

    The one that is named so; else the one that is left beside those of the template. A new
    workbook of an older program has three, of which the first alone holds something.

    Raises: BadInput when there is none, or several.
    """
    for name, _ in sheets:
        if name.casefold().strip() == wanted.casefold():
            return [name]
    ours = {GUIDE_NAME, LISTS_NAME, SHEET_NAME}
    seen = [name for name, hidden in sheets if not hidden]
    left = [name for name in seen if name not in ours] or seen
    if not left:
        raise refusal("damaged")
    if len(left) > 1 and not _are_of_a_new_book(left):
        named = ", ".join(f"”{one[:60]}”" for one in left[:_MOST])
        raise refusal("which_sheet", sheets=named, wanted=wanted)
    return left


def _are_of_a_new_book(names: Sequence[str]) -> bool:
    """Say whether sheets are named as programs name them by themselves: Blad1, Sheet2."""
    return len(names) <= 3 and all(
        name.rstrip("0123456789").strip().casefold() in ("blad", "sheet", "tabell", "ark")
        for name in names
    )
