"""What the law asks of every service: accessibility, personal data, whom to ask."""

from starlette.responses import Response

from web.answers import page
from web.visit import Visit

__all__ = ["accessibility", "contact", "privacy"]


def accessibility(visit: Visit) -> Response:
    """Show the accessibility statement (lag 2018:1937)."""
    return page(visit, "help/accessibility.html", about=visit.site.config.about)


def privacy(visit: Visit) -> Response:
    """Show how personal data is handled (GDPR, article 13)."""
    return page(visit, "help/privacy.html", about=visit.site.config.about)


def contact(visit: Visit) -> Response:
    """Show whom to ask."""
    return page(visit, "help/contact.html", about=visit.site.config.about)
