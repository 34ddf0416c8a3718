"""How fast mails leave, by a watch that is passed in."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

__all__ = ["LoopWatch", "Pace", "Watch"]

GLANCE_S: Final = 1.0
"""How often somebody who waits for their turn looks whether to stop."""


class Watch(Protocol):
    """Tells how time passes, from any beginning, and lets it pass."""

    def time(self) -> float:
        """Give seconds that never go back."""

    async def sleep(self, seconds: float) -> None:
        """Come back after so long."""


class LoopWatch:
    """The running event loop's own time."""

    def time(self) -> float:
        """Give the loop's seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Let others run meanwhile."""
        await asyncio.sleep(seconds)


class Pace:
    """At most so many mails per minute, evenly spaced. Keep one for as long as one sends:
    it remembers when the next may leave."""

    def __init__(self, per_minute: int) -> None:
        """Take the rate; 0 for as fast as they are taken."""
        self.per_minute = per_minute
        self._free_at = 0.0

    def batch(self, most: int) -> int:
        """Say how many are claimed at a time: what leaves in 20 seconds, at most `most`."""
        return min(most, max(1, self.per_minute // 3)) if self.per_minute else most

    async def turn(self, watch: Watch, stop: Callable[[], bool]) -> bool:
        """Wait for one's turn to send; False when it was stopped before it came."""
        if not self.per_minute:
            return True
        at = max(self._free_at, watch.time())
        self._free_at = at + 60 / self.per_minute
        while (left := at - watch.time()) > 0:
            if stop():
                return False
            await watch.sleep(min(left, GLANCE_S))
        return True
