"""An event loop that does not wait: when nothing can happen, its clock jumps.

Ten minutes of silence pass in a millisecond, and by the loop's clock they were ten
minutes to the tick. Everything else is the real loop: sockets, TLS and threads.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

__all__ = ["QuickLoop", "quickly"]

T = TypeVar("T")
GRACE_S = 0.0005
"""How long the loop looks for what is under way between sockets before it jumps."""


class _Patience(selectors.DefaultSelector):
    """Looks at the sockets instead of waiting, and tells when there was nothing."""

    loop: "QuickLoop"

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None or self.loop.in_threads:
            return super().select(timeout)
        found = super().select(min(timeout, GRACE_S))
        if not found:
            self.loop.jumped += timeout
        return found


class QuickLoop(asyncio.SelectorEventLoop):
    """The loop. `jumped` is how many seconds it did not wait."""

    def __init__(self) -> None:
        self.jumped = 0.0
        self.in_threads = 0
        patience = _Patience()
        patience.loop = self
        super().__init__(patience)

    def time(self) -> float:
        return super().time() + self.jumped

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Run in a thread; until it is done the clock goes as clocks go."""
        future = super().run_in_executor(executor, func, *args)
        self.in_threads += 1
        future.add_done_callback(self._back)
        return future

    def _back(self, _: object) -> None:
        self.in_threads -= 1


def quickly(doing: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a loop that does not wait."""
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(doing)
