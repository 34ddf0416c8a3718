"""The second factor: a code of six digits that an app makes anew every 30 seconds.

TOTP by RFC 6238 with its usual parameters (SHA-1, six digits), which every app has. One
step of drift to either side is forgiven (section 5.2), and no code is taken twice.
"""

import re
from base64 import b32encode
from datetime import datetime
from hmac import compare_digest, digest
from typing import Final

from pyotp import TOTP

__all__ = ["STEP_S", "draw_secret", "matching_step", "provisioning_uri"]

STEP_S: Final = 30
DRIFT: Final = 1
SECRET_BYTES: Final = 20
"""As long as SHA-1's output (RFC 4226, section 4)."""


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Give the time step that a code is for, the latest of those near; None when it is for
    none. Whether it was used is for the row to say."""
    typed = re.sub(r"\s", "", code)
    present = int(now.timestamp()) // STEP_S
    maker = TOTP(secret, interval=STEP_S)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if compare_digest(maker.generate_otp(step).encode(), typed.encode("utf-8", "replace")):
            found = step
    return found


def draw_secret(key: str, *parts: object) -> str:
    """Draw a secret that nobody without `key` can tell, the same each time for the same
    parts: so that showing it stores nothing, and nobody but us chooses it."""
    drawn = digest(key.encode(), "\n".join(map(str, ("totp", *parts))).encode(), "sha256")
    return b32encode(drawn[:SECRET_BYTES]).decode()


def provisioning_uri(secret: str, email: str, issuer: str) -> str:
    """Write what a QR code holds: `otpauth://totp/...`
    (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
    return TOTP(secret, interval=STEP_S).provisioning_uri(name=email, issuer_name=issuer)
