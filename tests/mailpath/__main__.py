"""Send reminders through Postfix, read them over IMAP, and read a bounce back.

`python -m tests.mailpath`: exit 0 when every mail arrived whole and the bounce was shown,
or when the servers are missing, which is then said. Everything is invented; nothing
leaves the machine.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from imaplib import IMAP4
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.bench import acts, ticks
from tests.mailpath import servers
from tests.mailpath.servers import HOST, PASSWORD, Servers
from workflow.service import clockwork

BOUNCES = "studs@region.example"
UNITS = 6
PATIENCE_S = 60


def main() -> int:
    """Go the whole way once."""
    reason = servers.missing()
    if reason:
        say(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory(prefix="mailpath-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # both servers change user
        program = Program(folder)
        addresses = program.prepare()
        gone = program.read("tasks", "--all")[0]["holders"][0]
        boxes = [one for one in addresses if one != gone]
        place = folder / "servers"
        place.mkdir()
        with servers.running(place, [*boxes, BOUNCES]) as running:
            return walk(program, running, boxes, gone)


def walk(program: "Program", running: Servers, boxes: list[str], gone: str) -> int:
    """Send, read, and take the bounce in; say what was seen."""
    program.send_to(running)
    told = program.read("deliver")
    listed = [one for one in program.read("outbox") if one["state"] == "sent"]
    expected = {one["message_id"] for one in listed if one["to"] != gone}
    found = wait_for(lambda: letters_in(running, boxes), lambda seen: len(seen) >= len(expected))
    bounces = wait_for(lambda: letters_in(running, [BOUNCES]), lambda seen: len(seen) >= 1)
    arrived = Counter(one["Message-ID"].strip(" <>") for one in found)
    say(f"{told['sent']} taken over by Postfix, {len(found)} read over IMAP, {len(bounces)} back")
    shown = program.read_bounce(bounces[0]) if bounces else []
    checks = {
        "every mail arrived, once": arrived == Counter(expected),
        "every mail has its parts": all(is_whole(one) for one in found),
        "one address bounced": len(bounces) == len(listed) - len(expected) > 0,
        "the bounce is shown": any(one["kind"] == "bounce" for one in shown),
    }
    for name, holds in checks.items():
        say(f"{'ok   ' if holds else 'FAILS'} {name}")
    for name in sorted(expected | arrived.keys()):
        if arrived[name] != (name in expected):
            say(f"      {name} arrived {arrived[name]} times")
    for one in shown:
        say(f"      {one['kind']}, {one['who']}: {one['what']}")
    return 0 if all(checks.values()) else 1


class Program:
    """The command, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "BEREDNING_DATABASE__URL": f"sqlite:///{folder}/mailpath.db",
            "BEREDNING_MAIL__BOUNCE_TO": BOUNCES,
        }

    def do(self, *words: str, given: bytes = b"") -> str:
        """Run a command and give what it answers."""
        done = subprocess.run(
            [Path(sys.executable).with_name("beredning"), *words],
            cwd=self.folder,
            env=self.environment,
            input=given,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout!r} {done.stderr!r}")
        return done.stdout.decode()

    def read(self, *words: str, given: bytes = b"") -> Any:
        """Run a command and read the document it answers with."""
        return json.loads(self.do(*words, "--json", given=given))

    def prepare(self) -> list[str]:
        """Open a round, go on until the underlag are due, and give everybody's address.

        A real installation, since a rehearsal's mail never leaves the machine; only its
        clock stood at other times.
        """
        file = self.folder / "mailpath.db"
        acts.prepare(f"sqlite:///{file}", self.folder, UNITS)
        world = ticks.world_at(file, ticks.MAIL_HOUR)
        clockwork.tick(world)
        world.database.close()
        with (self.folder / f"org-{UNITS}" / "people.csv").open(encoding="utf-8-sig") as people:
            return sorted({row["email"] for row in csv.DictReader(people)})

    def send_to(self, running: Servers) -> None:
        """Point the settings at the mail server."""
        self.environment |= {
            "BEREDNING_SMTP__HOST": HOST,
            "BEREDNING_SMTP__PORT": str(running.smtp),
            "BEREDNING_SMTP__CA_FILE": str(running.ca_file),
        }

    def read_bounce(self, bounce: EmailMessage) -> list[dict[str, Any]]:
        """Give a bounce to the program, and what it then lists."""
        self.do("bounce", given=bounce.as_bytes())
        listed: list[dict[str, Any]] = self.read("incidents")
        return listed


def letters_in(running: Servers, boxes: list[str]) -> list[EmailMessage]:
    """Read every letter of some boxes over IMAP."""
    found = []
    for box in boxes:
        connection = IMAP4(HOST, running.imap)
        connection.login(box, PASSWORD)
        connection.select(readonly=True)
        for number in connection.search(None, "ALL")[1][0].split():
            raw = connection.fetch(number.decode(), "(RFC822)")[1][0][1]
            found.append(message_from_bytes(raw, policy=policy.default))
        connection.logout()
    return found


def is_whole(letter: EmailMessage) -> bool:
    """Say whether a letter has its headers, and both its texts without a defect."""
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    return bool(
        not letter.defects
        and letter["Auto-Submitted"] == "auto-generated"
        and letter["Return-Path"].strip("<>") == BOUNCES
        and text
        and text.get_content().strip()
        and page
        and "</html>" in page.get_content()
    )


def wait_for(look: Any, enough: Any) -> list[EmailMessage]:
    """Look again and again until there is enough, or patience ends."""
    until = monotonic() + PATIENCE_S
    while True:
        seen: list[EmailMessage] = look()
        if enough(seen) or monotonic() > until:
            return seen
        sleep(0.5)


def say(line: str) -> None:
    """Tell whoever runs this."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
