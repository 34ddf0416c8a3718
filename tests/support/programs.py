"""The program in a process of its own, as an operator starts it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any

__all__ = ["PATIENCE_S", "Process"]

PATIENCE_S = 60
PROGRAM = "from beredning.cli import main; main()"


class Process:
    """A command in a process of its own, and what it says on stderr."""

    def __init__(self, folder: Path, env: Mapping[str, str], *words: str) -> None:
        self.said: list[dict[str, Any]] = []
        self._lines: Queue[str] = Queue()
        self.popen = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words],
            cwd=folder,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.popen.stderr
        for line in self.popen.stderr:
            self._lines.put(line)

    def hear(self, event: str) -> dict[str, Any]:
        """Wait until it says something."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE_S)
            except Empty:
                raise AssertionError(f"never said {event}: {self.said}") from None
            told = json.loads(line)
            self.said.append(told)
            if told.get("event") == event:
                return dict(told)

    def kill(self) -> None:
        """Leave nothing of it, nor of what it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.communicate()

    def end(self, how: signal.Signals) -> int:
        """Send it a signal, and give its exit code."""
        self.popen.send_signal(how)
        return self.popen.wait(PATIENCE_S)
