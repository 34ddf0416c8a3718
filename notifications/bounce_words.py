"""How mail servers and mail programs say that a mail came back, waits, or is automatic.

Swedish and English; what a region's own servers and its correspondents' send.
"""

import re
from typing import Final

__all__ = ["AUTOMATIC_SUBJECT", "DELAYED_TEXT", "RETURNED_SUBJECT"]

RETURNED_SUBJECT: Final = re.compile(
    r"undeliver|not be delivered|delivery (?:status|fail|has failed|notif|problem|report)"
    r"|failure notice|mail delivery|returned mail|returned to sender|delivery delayed|warning:"
    r"|oleverer|olevere?rbar|ej leverer|kunde inte levereras|gick inte att leverera"
    r"|kan inte levereras|leveransfel|leveransstatus|retur(?:nerat)?\b|fördröj|försenad",
    re.I,
)
"""Subjects of bounces that are no report."""
DELAYED_TEXT: Final = re.compile(
    r"has not (?:yet )?been delivered|not yet been delivered|will be retried|still being retried"
    r"|delivery (?:is )?delayed|delayed mail|will (?:continue|keep) (?:to try|trying)"
    r"|no action is required|warning message only|you do not need to resend"
    r"|har inte (?:kunnat levererats|levererats) än|försöker igen|nya försök|fördröj|försenad",
    re.I,
)
"""The other side goes on trying."""
AUTOMATIC_SUBJECT: Final = re.compile(
    r"^(?:re: ?|sv: ?)?(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)"
    r"|out of (?:the )?office|automatiskt svar|autosvar|frånvaro|ej på kontoret|vacation|away from"
    r"|please confirm|confirm(?:ation)? (?:request|your)|bekräfta (?:ditt|att)|challenge)",
    re.I,
)
"""Holiday answers and requests to confirm, where no header field says it."""
