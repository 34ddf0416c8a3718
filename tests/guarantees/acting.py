"""A program that acts without end and says each answer aloud, to be killed at it.

    python -m tests.guarantees.acting URL CASE EMAIL BEGUN

It begins anew each time a line comes in: a child of it acts until it is killed. The
first word of each line it says is `child` with the number of the process, `act` with
the version that was answered, or `gone` when the child has been killed.
"""

import json
import os
import sys
from datetime import datetime, timedelta

from tests.service.worlds import OBJEKT, grains
from workflow.core.facts import Via
from workflow.service.acts import Wish, act
from workflow.service.installation import look
from workflow.service.world import World
from workflow.store.database import Database


def say(*words: object) -> None:
    """Say a line, at once."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def act_on(url: str, case: str, email: str, begun: str) -> None:
    """Hand in and take back, for ever."""
    database = Database(url)
    at = [datetime.fromisoformat(begun)]
    world = World(
        database=database,
        clock=lambda _: at[0],
        salt=grains(),
        via=Via.COMMAND,
        installation=look(database).name,
    )
    with database.read() as connection:
        found = connection.exec_driver_sql(f"SELECT state FROM cases WHERE id = '{case}'")
        state = found.scalar()
    while True:
        at[0] += timedelta(seconds=1)
        back = state == "inlamnat"
        wish = Wish(
            case=case,
            transition="ta_tillbaka" if back else "lamna_in",
            email=email,
            data={} if back else {"rows": OBJEKT},
        )
        answer = act(world, wish)
        state = answer["to"]
        say("act", json.dumps(answer["version"]))


def main() -> None:
    """Begin anew for every line."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            act_on(*sys.argv[1:])
        say("child", child)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
