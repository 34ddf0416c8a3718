"""What the law asks that a service tells of itself, and what is not told yet."""

from typing import Final

from beredning.config import About, Config

__all__ = ["lacking", "untold"]

TOLD_TO_ALL: Final = (
    "region",
    "contact",
    "contact_email",
    "contact_phone",
    "data_officer",
    "assessed_on",
    "assessed_how",
    "updated_on",
    "feedback_url",
)
"""Who answers and who helps (GDPR, article 13.1 a and b), and what an accessibility
statement must hold besides (lag 2018:1937, 13 §; MDFFS 2019:2)."""


def lacking(config: Config) -> list[str]:
    """Give the settings without which the pages break the law, e.g. `about.region`.

    Empty when pages may be shown to the public. Asked before `serve` opens a port with
    `https` in `web.base_url`, and shown on the pages themselves in a rehearsal.
    """
    return [f"about.{key}" for key in untold(config.about)]


def untold(about: About) -> list[str]:
    """Give the keys of `[about]` that have to be filled in and are not."""
    empty = [key for key in TOLD_TO_ALL if not getattr(about, key).strip()]
    if about.accessibility != "fully" and not (about.defects or about.burdens):
        empty.append("defects")
    return empty
