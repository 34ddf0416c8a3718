"""E-mail addresses as people write them, and as every mail server takes them."""

from email_validator import EmailNotValidError, validate_email

from workflow.core.errors import BadInput

__all__ = ["read_address"]

_LONGEST_LOCAL = 64
_LONGEST = 254
"""RFC 5321 4.5.3.1."""
_SHOWN = 60
"""Characters of a bad address that are shown."""


def read_address(text: str) -> str:
    """Give an address as it can be sent to everywhere: its domain in ASCII (RFC 5891).

    What stands before the @ must be ASCII: anything else needs SMTPUTF8 (RFC 6531) of
    every server on the way, and one that lacks it sends the mail back.

    Raises: BadInput that says, without where it stands and without its full stop, what is
        wrong with it and what to write.
    """
    value = text.strip()
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    local, _, domain = value.rpartition("@")
    strange = "".join(dict.fromkeys(sign for sign in local if not sign.isascii()))
    if domain and strange:
        raise BadInput(
            f"`{shown}` går inte att skicka till överallt: före @ står {_listed(strange)}; skriv"
            " adressen utan å, ä, ö och andra tecken utanför a-z",
            f"`{shown}` cannot be sent to everywhere: before the @ stands {_listed(strange)};"
            " write the address in ASCII",
        )
    try:
        found = validate_email(value, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        found = None
    if found is None or len(found) > _LONGEST or found.index("@") > _LONGEST_LOCAL:
        raise BadInput(
            f"`{shown}` är ingen e-postadress som går att använda; skriv namn@domän.se",
            f"`{shown}` is no e-mail address that can be used; write name@domain.se",
        )
    return found


def _listed(signs: str) -> str:
    return ", ".join(signs[:5])
