"""Several at the same instant: every one of them waits for the others, then all go."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from workflow.core.errors import WorkflowError

PATIENCE_S = 30.0
"""After so long something hangs."""


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Make calls at the same instant; gives what each answered, or was refused with.

    Any other error of theirs is raised here.
    """
    barrier = Barrier(len(calls))
    found: list[Any] = [None] * len(calls)
    broken: list[BaseException] = []

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(PATIENCE_S)
            found[place] = call()
        except WorkflowError as error:
            found[place] = error
        except BaseException as error:  # noqa: BLE001 - raised where it is seen
            broken.append(error)

    threads = [
        Thread(target=run, args=(place, call), daemon=True) for place, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    if broken:
        raise broken[0]
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError("some still wait")
    return found
