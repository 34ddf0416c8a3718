"""The world's clock and chance: the only place that asks either."""

import getpass
import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Chance", "os_user", "seeded", "utc_now", "world_salt"]


Chance = random.Random
"""Chance that repeats itself, for an exercise."""


def utc_now() -> datetime:
    """Give the time, aware and in UTC."""
    return datetime.now(UTC)


def world_salt() -> str:
    """Give 32 hexadecimal digits that nobody can guess."""
    return secrets.token_hex(16)


def seeded(seed: int) -> tuple[Chance, Callable[[], str]]:
    """Give chance that repeats itself: a generator, and salts of its own."""
    salts = random.Random(f"salt-{seed}")  # noqa: S311 - an exercise has to repeat itself
    chance = random.Random(f"play-{seed}")  # noqa: S311
    return chance, lambda: f"{salts.getrandbits(128):032x}"


def os_user() -> str | None:
    """Give who is signed in on the machine; None when it does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
