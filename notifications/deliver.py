"""Where finished mails go: the seam for senders, and the folder that is one.

DeliveryFailure       carries what the other side answered
  TemporaryFailure    this message: the same bytes may go through later
    UnclearFailure    broken after the final dot: it may have been taken
  PermanentFailure    this message never will; a person must look
  RelayFailure        nothing is wrong with the message: the relay cannot be used
"""

import os
import re
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Protocol

__all__ = [
    "DeliveryFailure",
    "FolderLane",
    "FolderSender",
    "Lane",
    "PermanentFailure",
    "RelayFailure",
    "Sender",
    "TemporaryFailure",
    "UnclearFailure",
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


class UnclearFailure(TemporaryFailure):
    """The link broke between the last byte and the answer: it may have been taken (RFC 1047).

    The same bytes are to be tried again: a double is better than a loss.
    """


class PermanentFailure(DeliveryFailure):
    """It never will go through."""


class RelayFailure(DeliveryFailure):
    """Nothing is wrong with the message; the relay cannot be used now.

    `lasting` says that waiting does not help: its certificate, our sign-in or our own
    address is refused, and a person is needed at once.
    """

    def __init__(self, text: str, *, lasting: bool = False) -> None:
        super().__init__(text)
        self.lasting = lasting


class Lane(Protocol):
    """One way to the other side, used by one task at a time."""

    async def send(self, message_id: str, to: str, body: bytes) -> str:
        """Deliver one mail to one address; returning means it has been taken over.

        Gives what the other side answered. The same message may come again after a
        crash, with the same bytes. After any failure the lane may be used for the next.

        Raises:
            TemporaryFailure: It may go through later.
            UnclearFailure: It may have been taken.
            PermanentFailure: It never will go through.
            RelayFailure: No message goes through now.
        """


class Sender(Protocol):
    """Takes finished mails to their letter boxes."""

    @property
    def lanes(self) -> int:
        """How many lanes may be open at once."""

    def lane(self) -> AbstractAsyncContextManager[Lane]:
        """Open a lane for a batch; it connects at the first mail and says goodbye at the end."""


class FolderSender:
    """Lays each mail as an `.eml` file into a folder."""

    lanes = 4
    """Several, so that outcomes are committed together. A mail that comes again replaces
    its own file, so that none is ever double."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @asynccontextmanager
    async def lane(self) -> AsyncIterator["FolderLane"]:
        """Give the way into the folder."""
        yield FolderLane(self.folder)


class FolderLane:
    """Lays mails into a folder, which is made when the first comes.

    A file is whole or not there: it is written under another name first. The same
    message again replaces its own file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, message_id: str, to: str, body: bytes) -> str:  # noqa: ARG002
        """Write the mail, and give the file's name; `to` stands in the mail itself.

        Raises:
            TemporaryFailure: The folder cannot be written now.
        """
        name = file_name(message_id)
        await to_thread(self._write, name, body)
        return name

    def _write(self, name: str, body: bytes) -> None:
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
