"""What the law asks of every service: accessibility, personal data, whom to ask.

Each page stands in Swedish and English, for whoever reads it, signed in or not.
"""

from dataclasses import replace
from datetime import date
from typing import Final, Literal

from starlette.responses import Response

from beredning.config import Mode
from web.about import untold
from web.answers import page
from web.visit import Visit

__all__ = ["accessibility", "contact", "privacy"]

LANGUAGES: Final[dict[str, Literal["sv", "en"]]] = {"sv": "sv", "en": "en"}


def accessibility(visit: Visit) -> Response:
    """Show the accessibility statement (lag 2018:1937, 13 §)."""
    return _help(visit, "help/accessibility.html")


def privacy(visit: Visit) -> Response:
    """Show how personal data is handled (GDPR, articles 13 and 14)."""
    return _help(visit, "help/privacy.html")


def contact(visit: Visit) -> Response:
    """Show whom to ask, and how the pages are used."""
    return _help(visit, "help/contact.html")


def _help(visit: Visit, template: str) -> Response:
    asked = LANGUAGES.get(visit.query.get("sprak", ""))
    about = visit.site.config.about
    return page(
        replace(visit, asked_language=asked),
        template,
        about=about,
        untold=untold(about),
        assessed_on=_day(about.assessed_on),
        updated_on=_day(about.updated_on),
        passwords=visit.site.config.auth.mode is Mode.LOCAL,
        here=None,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
