"""Where finished mails go: the seam for senders, and the folder that is one.

DeliveryFailure       carries what the other side answered
  TemporaryFailure    the same bytes may go through later
  PermanentFailure    they never will; a person must look
"""

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Protocol

__all__ = [
    "DeliveryFailure",
    "FolderSender",
    "PermanentFailure",
    "Sender",
    "TemporaryFailure",
    "file_name",
]

UNSAFE = re.compile(r"[^A-Za-z0-9@._-]")
LONGEST = 120
"""Characters of a file name; leaves room for endings on every file system."""


class DeliveryFailure(Exception):
    """A mail was not delivered. `text` is the other side's answer, or the system's."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TemporaryFailure(DeliveryFailure):
    """It may go through later; the same bytes are to be tried again."""


class PermanentFailure(DeliveryFailure):
    """It never will go through."""


class Sender(Protocol):
    """Takes a finished mail to its letter box."""

    def send(self, message_id: str, to: str, body: bytes) -> None:
        """Deliver one mail to one address; returning means it has been taken over.

        The same message may come again after a crash, with the same bytes.

        Raises:
            TemporaryFailure: It may go through later.
            PermanentFailure: It never will.
        """


class FolderSender:
    """Lays each mail as an `.eml` file into a folder.

    A file is whole or not there: it is written under another name first. The same
    message again replaces its own file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message_id: str, to: str, body: bytes) -> None:  # noqa: ARG002
        """Write the mail; `to` stands in the mail itself.

        Raises:
            TemporaryFailure: The folder cannot be written now.
        """
        name = file_name(message_id)
        # Two threads or processes may hold the same message after a lost lease.
        under_way = self.folder / f".{name}.{os.getpid()}-{get_ident()}.part"
        try:
            try:
                under_way.write_bytes(body)
            except FileNotFoundError:
                self.folder.mkdir(parents=True, exist_ok=True)
                under_way.write_bytes(body)
            under_way.replace(self.folder / name)
        except OSError as error:
            with suppress(OSError):
                under_way.unlink()
            reason = error.strerror or type(error).__name__
            raise TemporaryFailure(f"{self.folder}: {reason}") from error


def file_name(message_id: str) -> str:
    """Give the name of a message's file; different messages have different names."""
    safe = UNSAFE.sub("_", message_id).lstrip(".")[:LONGEST] or "mail"
    if safe != message_id:
        safe = f"{safe}-{sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return f"{safe}.eml"
