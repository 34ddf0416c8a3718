"""A thousand reminder mails built and handed over, against `EmailMessage` and aiosmtplib.

Both write text and HTML, put it into MIME and hand it to the same sink over four
connections that are kept, from one process; the sink is another. The floor is spared the
words: it gets text and HTML ready, and only builds and sends. Ours begins at the facts.
"""

import asyncio
import multiprocessing
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import aiosmtplib

from notifications.post import deliver
from notifications.relay_settings import SmtpSettings
from notifications.smtp import SmtpSender
from notifications.writing import writer
from tests.bench import ticks
from tests.notifications import letters
from workflow.core.mail import MailFacts

HOST = "127.0.0.1"
LANES = 4
MAILS = 1000

Lane = Callable[[Iterator[MailFacts]], Awaitable[None]]
"""Takes mails from those that wait, and sends them over one connection."""


@contextmanager
def sink() -> Iterator[int]:
    """Run a server that takes everything; gives its port."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs,), daemon=True
    )
    process.start()
    yield ours.recv()
    process.terminate()
    process.join()


def _serve(told: Connection) -> None:
    async def run() -> None:
        server = await asyncio.start_server(_take, HOST, 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    answers = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n"}
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        writer.write(answers.get(command, b"250 ok\r\n"))
        if command == b"QUIT":
            break
        if command == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
    writer.close()


def some_mails() -> list[MailFacts]:
    """Give the facts of a thousand different reminders."""
    return [
        replace(
            letters.some_facts(),
            message_id=f"{number}@bench.example",
            to_name=f"Person {number}",
            to_email=f"person.{number}@bench.example",
            tasks=(letters.a_task(task=f"{number}#1"), letters.OF_OTHERS),
        )
        for number in range(MAILS)
    ]


def _settings(port: int) -> SmtpSettings:
    return SmtpSettings(
        host=HOST, port=port, tls="none", envelope_from="a@bench.example", lanes=LANES
    )


def ours(port: int, mails: Sequence[MailFacts]) -> tuple[float, float]:
    """Build and send all; gives the seconds, and how long the loop was held at most."""
    write = writer(base_url=letters.BASE_URL, sender=letters.SENDER)
    sender = SmtpSender(_settings(port))

    async def lane(waiting: Iterator[MailFacts]) -> None:
        async with sender.lane() as way:
            for facts in waiting:
                to, body = write(facts)
                await way.send(facts.message_id, to, body)

    return asyncio.run(_together(lane, mails))


def leave_reminders_only(file: Path) -> None:
    """Compose the day's reminders, and let nothing else wait in the outbox."""
    connection = sqlite3.connect(file)
    connection.execute("UPDATE messages SET state = 'withdrawn'")
    connection.commit()
    connection.close()
    ticks.composed(file)


def delivered(file: Path, port: int) -> tuple[float, float]:
    """Deliver all that waits in an outbox, with every claim, freezing and outcome committed."""
    world = ticks.world_at(file, ticks.MAIL_HOUR)
    write = writer(base_url=letters.BASE_URL, sender=letters.SENDER)
    sender = SmtpSender(_settings(port))
    done: list[dict[str, int]] = []

    async def lane(_: Iterator[MailFacts]) -> None:
        done.append(await deliver(world, write, sender))

    told = asyncio.run(_together(lane, [], lanes=1))
    world.database.close()
    assert done[0]["sent"] >= MAILS, done
    return told


def peer(port: int, mails: Sequence[MailFacts]) -> tuple[float, float]:
    """Do the same with the standard library's message and aiosmtplib."""
    write = writer(base_url=letters.BASE_URL, sender=letters.SENDER)
    ready = message_from_bytes(write(mails[0])[1], policy=policy.default)
    parts = [ready.get_body((kind,)) for kind in ("plain", "html")]
    text, page = (part.get_content() for part in parts if part)

    async def lane(waiting: Iterator[MailFacts]) -> None:
        client = aiosmtplib.SMTP(hostname=HOST, port=port, start_tls=False)
        async with client:
            for facts in waiting:
                mail = EmailMessage(policy=policy.SMTP)
                mail["From"], mail["To"] = letters.SENDER, facts.to_email
                mail["Subject"], mail["Date"] = ready["Subject"], ready["Date"]
                mail["Message-ID"] = f"<{facts.message_id}>"
                mail.set_content(text)
                mail.add_alternative(page, subtype="html")
                await client.send_message(mail, sender="a@bench.example")

    return asyncio.run(_together(lane, mails))


async def _together(
    lane: Lane, mails: Sequence[MailFacts], *, lanes: int = LANES
) -> tuple[float, float]:
    """Let the lanes share the mails, and watch how long the loop is held."""
    held = 0.0

    async def watch() -> None:
        nonlocal held
        while True:
            began = perf_counter()
            await asyncio.sleep(0.001)
            held = max(held, perf_counter() - began - 0.001)

    watcher = asyncio.create_task(watch())
    waiting = iter(mails)
    began = perf_counter()
    await asyncio.gather(*(lane(waiting) for _ in range(lanes)))
    seconds = perf_counter() - began
    watcher.cancel()
    return seconds, held
