"""What keeps a paper from being made, in words."""

from typing import Final

from workflow.core.errors import BadInput, WorkflowError, bad_input

__all__ = ["Unprintable", "check_short", "unfit"]

MOST_SHORT: Final = 400
"""Signs of a name or a title, which stand in headings and at the foot of each page."""


class Unprintable(WorkflowError):
    """The paper could not be set, though its values are sound."""

    code = "unprintable"


def unfit(where: str, sv: str, en: str) -> BadInput:
    """Make the refusal of values that make no paper; `where` says which."""
    return bad_input(
        "papper",
        f"Dokumentet går inte att göra. I {where}: {sv}.",
        f"The document cannot be made. In {where}: {en}.",
    )


def check_short(where: str, *texts: str) -> None:
    """Refuse a name or a title that is as long as a page."""
    for text in texts:
        if len(text) > MOST_SHORT:
            raise unfit(
                where,
                f"{len(text)} tecken är för långt för ett namn eller en rubrik",
                f"{len(text)} characters are too long for a name or a title",
            )
