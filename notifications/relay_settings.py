"""Which relay mail goes to, how it is spoken to, and which settings cannot be used."""

import re
import ssl
from dataclasses import dataclass, field
from typing import Literal

from notifications.clean import LetterError
from notifications.mime import address_of
from workflow.core.errors import BadInput

__all__ = ["Limits", "SmtpSettings", "check", "trust"]

USUAL_PORT = {"starttls": 587, "implicit": 465, "none": 25}
HELO = re.compile(r"[A-Za-z0-9.-]{1,255}|\[[A-Za-z0-9:.]{1,60}\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a step may take as a whole, in seconds; one byte a second does not prolong it."""

    connect: float = 30
    command: float = 60
    """The greeting, EHLO, STARTTLS with its handshake, signing in, MAIL, RCPT, DATA, RSET."""
    transfer: float = 180
    """The body, when the relay does not take it at once."""
    after_dot: float = 600
    """RFC 5321 4.5.3.2.6: giving up earlier makes doubles of mails that were taken."""
    goodbye: float = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Which relay, and how it is spoken to."""

    host: str
    port: int = 0
    """0 is the usual one for the kind of TLS."""
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    ca_file: str = ""
    """PEM of the authorities to trust in place of the system's; empty is the system's."""
    user: str = ""
    password: str = field(default="", repr=False)
    helo: str = ""
    """Empty is this machine's full name, or its address when it has none."""
    envelope_from: str
    """Where mail that cannot be delivered comes back to."""
    lanes: int = 4
    limits: Limits = Limits()

    @property
    def where(self) -> str:
        """Host and port, as people know them."""
        return f"{self.host}:{self.port or USUAL_PORT[self.tls]}"


def check(settings: SmtpSettings) -> None:
    """Refuse settings that cannot be used.

    Raises: BadInput.
    """
    if settings.password and settings.tls == "none":
        raise BadInput(
            "smtp.password: lösenordet skulle sändas okrypterat; sätt smtp.tls till"
            " 'starttls' eller 'implicit'.",
            "smtp.password: it would be sent in clear; set smtp.tls to 'starttls' or 'implicit'.",
        )
    if settings.user and settings.tls == "none":
        raise BadInput(
            "smtp.user: ingen inloggning görs utan kryptering; sätt smtp.tls till 'starttls'"
            " eller 'implicit'.",
            "smtp.user: there is no sign-in without TLS; set smtp.tls to 'starttls' or 'implicit'.",
        )
    if settings.helo and not HELO.fullmatch(settings.helo):
        raise BadInput(
            f"smtp.helo: '{settings.helo}' är inget datornamn.",
            f"smtp.helo: '{settings.helo}' is no name of a machine.",
        )
    try:
        address_of(settings.envelope_from)
    except LetterError as error:
        raise BadInput(
            f"mail.bounce_to: '{settings.envelope_from}' är ingen e-postadress.",
            f"mail.bounce_to: '{settings.envelope_from}' is no e-mail address.",
        ) from error


def trust(ca_file: str) -> ssl.SSLContext:
    """Make what demands TLS 1.2 at least and a trusted certificate for the host's name.

    Raises:
        BadInput: The CA file cannot be read, or holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        reason = error.strerror or "inget PEM-certifikat"
        raise BadInput(
            f"smtp.ca_file: {ca_file} går inte att använda ({reason}).",
            f"smtp.ca_file: {ca_file} cannot be used ({reason}).",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
