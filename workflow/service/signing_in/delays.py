"""Waiting between failed sign-ins: longer and longer for one address, known here or not.

An attempt is counted before it is judged and forgiven when it succeeds, so that a
hundred at the same instant are a hundred.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from workflow.core.errors import TooSoon
from workflow.service.signing_in.sessions import Clock
from workflow.service.world import ZONE, World
from workflow.store import accounts
from workflow.store.database import Connection

__all__ = ["count", "forgive", "say_when"]

FREE: Final = 3
"""So many failures cost no waiting."""
LONGEST: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(days=1)
"""So long after the last failure one begins from none."""


def count(world: World, email: str, clock: Clock) -> datetime | None:
    """Count an attempt; give when the next may be made should this one fail, None for now.

    Raises: TooSoon before then; Locked, StoreError.
    """
    digest = _digest(email)
    with world.database.write() as connection:
        now = clock(connection)
        accounts.sweep_failures(connection, now - FORGOTTEN)
        failures, retry_at = accounts.lock_failures(connection, digest, now)
        if now < retry_at:
            raise _too_soon(retry_at)
        failures += 1
        again = now + _delay(failures)
        accounts.set_failures(connection, digest, failures, again)
    return again if again > now else None


def forgive(connection: Connection, email: str) -> None:
    """Forget what an address has failed."""
    accounts.forgive(connection, _digest(email))


def say_when(retry_at: datetime) -> tuple[str, str]:
    """Say the minute from which something may be tried, in Swedish and English."""
    minute = datetime.fromtimestamp(ceil(retry_at.timestamp() / 60) * 60, ZoneInfo(ZONE))
    return f"kl.\u00a0{minute.hour}.{minute:%M}", f"{minute:%H:%M}"


def _delay(failures: int) -> timedelta:
    if failures <= FREE:
        return timedelta()
    return min(timedelta(minutes=2 ** min(failures - FREE - 1, 10)), LONGEST)


def _digest(email: str) -> str:
    """Name an address as it is looked up, so that no other spelling gets tries of its own."""
    return sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def _too_soon(retry_at: datetime) -> TooSoon:
    sv, en = say_when(retry_at)
    return TooSoon(
        f"Det har blivit för många försök. Vänta till {sv} och försök igen.",
        f"There have been too many attempts. Wait until {en} and try again.",
        current={"retry_at": retry_at},
    )
