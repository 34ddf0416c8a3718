"""The verbs that are killed at each of their points, and where each can be used."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from secrets import token_hex
from typing import Any, Final

from notifications.bounce import read_bounce
from tests.crash.common_list import have_a_conflict, make_papers, release_and_withdraw
from tests.crash.doors import (
    live_with_an_account,
    sign_in_and_out,
    sign_in_through_the_region,
)
from tests.crash.polls import answer_last, open_poll
from tests.crash.series import come_round, open_another, open_running
from tests.crash.successors import begin_another, open_first
from tests.service.worlds import OBJEKT, ROOT, ROUND, Stage, grains
from tests.support.documents import PDF
from tests.support.recorded import moments, revive_sqlite
from tests.web import rounds
from workflow.core.errors import Refused, WorkflowError
from workflow.core.facts import Via
from workflow.core.guards import NAMED
from workflow.service import (
    attaching,
    clockwork,
    commenting,
    extending,
    leading,
    moving,
    nudging,
    opening,
    pausing,
    previewing,
    saving,
)
from workflow.service.acts import Wish
from workflow.service.mail import letters, mailroom
from workflow.service.mail.bouncing import take_in
from workflow.service.nudge_survey import Aim
from workflow.service.people import correcting, granting, leaving, organisation, substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence, installation, upkeep, workers
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.installation import stored_clock

Do = Callable[[Stage], Any]
REQUEST = "0" * 32


def nothing(_: Stage) -> None:
    """Need nothing."""


def same(world: World, at: list[Any]) -> World:
    """Give the world of an ordinary run; chance is the same in each."""
    return replace(world, clock=lambda _: at[0], salt=grains(10**9))


def rehearsing(world: World, at: list[Any]) -> World:
    """Give the world of a rehearsal."""
    return replace(same(world, at), rehearsal=True, clock=stored_clock)


def by_chance(world: World, at: list[Any]) -> World:
    """Give a world whose secrets are never the same twice, as they are for real."""
    return replace(same(world, at), salt=lambda: token_hex(16))


@dataclass(frozen=True, kw_only=True)
class Verb:
    """Something that is done, and what is to be expected when it was cut off."""

    run: Do
    prepare: Do = nothing
    one: bool = True
    """It is one transaction."""
    refuses_twice: bool = False
    """Done already, it says so."""
    ends_alike: bool = True
    """Run again, it ends where an undisturbed run does."""
    world: Callable[[World, list[Any]], World] = same


def unit(stage: Stage, number: int = 0) -> str:
    """Give a verksamhet."""
    return stage.units("verksamhet")[number]


def task(stage: Stage, number: int = 0) -> str:
    """Give the task that one owes."""
    return f"{stage.case('underlag', unit(stage, number))}#1"


def refused(stage: Stage) -> None:
    """Act without the right to."""
    with suppress(Refused):
        stage.act(stage.case("underlag", unit(stage)), "godkann", stage.chief(unit(stage)))


def without_guards(stage: Stage) -> None:
    """Act where a guard is missing; then have it back, and let the clock see it."""
    kept = dict(NAMED)
    NAMED.clear()
    try:
        with suppress(WorkflowError):
            stage.hand_in(unit(stage))
    finally:
        NAMED.update(kept)
    clockwork.tick(stage.world)


def due(stage: Stage) -> None:
    """Come to a day on which everybody is reminded, with a role that nobody holds."""
    stage.end_grant("verksamhetschef", unit(stage))
    stage.put("2009-02-25")


def rested(stage: Stage) -> None:
    """Have rested for a week."""
    pausing.pause_round(stage.world, ROUND, reason="x", email=stage.leader)
    stage.put("2008-12-10")


def hand_over(stage: Stage) -> None:
    """Claim, and let go again in every way there is."""
    held = letters.claim(stage.world)
    letters.renew(stage.world, held)
    letters.give_back(stage.world, held[:2])
    letters.relay_failed(stage.world, held[2:], "421 later", lasting=False, down=True)


def working(stage: Stage) -> None:
    """Begin, live, tick and end, as a worker."""
    name = f"a:{stage.at[0]:%H%M%S}"
    workers.begin(stage.world, name, stage.world.clock)
    workers.beat(stage.world, name, stage.world.clock)
    workers.note_tick(stage.world, name, stage.world.clock)
    workers.end(stage.world, name, stage.world.clock)


def of_the_day(stage: Stage) -> None:
    """Take the day's checkpoint, and send it."""
    world = replace(stage.world, via=Via.WORKER)
    evidence.checkpoint_of_the_day(world, "registrator@region.example")


def come_back(stage: Stage) -> None:
    """Have the first mail that left come back."""
    name, to = stage.rows(
        "SELECT message_id, to_address FROM messages WHERE state IN ('sent', 'bounced')"
        " ORDER BY id LIMIT 1"
    )[0]
    take_in(stage.world, read_bounce(bounce_of(name, to)))


def bounce_of(message_id: str, to: str) -> bytes:
    """Write what a relay writes about a mail that nobody took."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@relay.example",
            "To: b@region.example",
            "Subject: Undelivered",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
            "MIME-Version: 1.0",
            "",
            "--x",
            "Content-Type: text/plain",
            "",
            "No.",
            "--x",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; relay.example",
            "",
            f"Final-Recipient: rfc822; {to}",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 no such user",
            "",
            "--x",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: <{message_id}>",
            f"To: {to}",
            "",
            "--x--",
            "",
        ]
    ).encode()


def first_sent(stage: Stage) -> str:
    """Give the oldest mail that has left."""
    found = stage.rows("SELECT message_id FROM messages WHERE state = 'sent' ORDER BY id LIMIT 1")
    return str(found[0][0])


def appoint(stage: Stage) -> Any:
    """Let somebody stand in for the first chief."""
    wish = Appointment(
        person=stage.chief(unit(stage)),
        by=stage.chief(unit(stage, 1)),
        from_on=date(2008, 12, 3),
        to_on=date(2009, 12, 3),
    )
    return substituting.appoint(stage.world, wish)


def previewed(stage: Stage) -> Any:
    """Look at what an extension does, and grant it as it was seen."""
    deed = partial(extending.grant, **days(stage, LATER), email=stage.boss(unit(stage)))
    shown = previewing.preview(stage.world, ROUND, deed)
    return previewing.perform(stage.world, ROUND, deed, seen=shown.seal)


def give(stage: Stage) -> None:
    """Give the role of the first chief to the second one too; the clock tells what is left."""
    wish = granting.Role(
        person=stage.chief(unit(stage, 1)),
        role="verksamhetschef",
        unit=unit(stage),
        from_on=date(2008, 12, 3),
    )
    with suppress(Refused):
        granting.give(stage.world, wish)
    clockwork.tick(stage.world)


def leave_role(stage: Stage) -> None:
    """Leave a role from outside, unless it has been left."""
    email = stage.holder("prioriteringscentrum")
    for one in leaving.assignments_of(stage.world, email):
        leaving.leave(stage.world, one.grant, email=email)
    clockwork.tick(stage.world)


def somebody(_: Stage) -> correcting.NewPerson:
    """Give somebody new."""
    return correcting.NewPerson(email="ny@region.example", name="Ny")


def elsewhere(stage: Stage) -> Database:
    """Give a database that is to be, beside the one there is."""
    return Database(f"sqlite:///{stage.folder / 'other.db'}")


def install(stage: Stage) -> None:
    """Make a database."""
    database = elsewhere(stage)
    installation.install(
        database, clock=stage.world.clock, salt=grains(), rehearsal=False, os_user=None
    )
    database.close()


def operator(stage: Stage) -> upkeep.Operator:
    """Give who looks after the installation."""
    return upkeep.Operator(clock=lambda _: stage.at[0], salt=grains(), os_user=None, program="0.0")


def restore(stage: Stage) -> None:
    """Put a backup in place, unless it has been."""
    database = elsewhere(stage)
    for side in ("", "-wal", "-shm", ".worker"):
        stage.folder.joinpath(f"other.db{side}").unlink(missing_ok=True)
    upkeep.restore(database, stage.folder / "kept.backup", operator(stage))
    database.close()


def upgrade(stage: Stage) -> None:
    """Bring a database of an earlier version up to date."""
    file = stage.folder / "other.db"
    if not file.exists():
        shutil.copy(stage.folder.parent / "old.db", file)
    database = elsewhere(stage)
    upkeep.upgrade(database, operator(stage), dry_run=False)
    database.check_schema()
    database.close()


def recorded(stage: Stage) -> None:
    """Bring one that was recorded back to life."""
    revive_sqlite(list(moments("0001").values())[-1], stage.folder / "old.db")


def back_up(stage: Stage) -> None:
    """Make a backup, unless it has been made."""
    file = stage.folder / "made.backup"
    if not file.exists():
        upkeep.backup(stage.world, file, program="0.0")


def days(stage: Stage, on: date) -> Mapping[str, Any]:
    """Give what asking for more days takes."""
    return {"task": task(stage), "on": on, "reason": "Sjukdom"}


def attach(stage: Stage) -> Any:
    """Attach a file to the first unit's case."""
    wish = attaching.FileWish(
        case=stage.case("underlag", unit(stage)),
        name="underlag.pdf",
        content=PDF,
        email=stage.chief(unit(stage)),
    )
    limits = attaching.Limits(file_bytes=10_000, case_bytes=10_000)
    return attaching.attach(stage.world, wish, limits)


def detach(stage: Stage) -> Any:
    """Take it away again."""
    case = stage.case("underlag", unit(stage))
    return attaching.detach(stage.world, case, 1, email=stage.chief(unit(stage)))


def comment(stage: Stage) -> Any:
    """Comment on the first unit's case, which its chief is told of."""
    case = stage.case("underlag", unit(stage))
    return commenting.comment(stage.world, case, "Hur många?", email=stage.boss(unit(stage)))


def save_draft(stage: Stage) -> Any:
    """Save what is filled in so far."""
    wish = Wish(
        case=stage.case("underlag", unit(stage)),
        transition="",
        email=stage.chief(unit(stage)),
        data={"rows": OBJEKT},
        request_id=REQUEST,
    )
    return saving.save(stage.world, wish)


LATER: Final = date(2009, 3, 6)

VERBS: Final[Mapping[str, Verb]] = {
    "act": Verb(run=lambda stage: stage.hand_in(unit(stage), request_id=REQUEST)),
    "act_of_all": Verb(
        run=lambda stage: stage.act(ROOT, "withdraw", stage.leader, comment="x", request_id="1")
    ),
    "act_and_begin": Verb(run=begin_another, prepare=open_first),
    "act_and_count": Verb(run=answer_last, prepare=open_poll),
    "open_one": Verb(run=open_another, prepare=open_running),
    "tick_of_series": Verb(run=come_round, prepare=open_running, one=False),
    "save": Verb(run=save_draft),
    "refused": Verb(run=refused),
    "without_guards": Verb(run=without_guards, one=False, ends_alike=False),
    "tick": Verb(run=lambda stage: clockwork.tick(stage.world), prepare=due, one=False),
    "deliver": Verb(run=lambda stage: stage.post(), one=False),
    "hand_over": Verb(run=hand_over, one=False, ends_alike=False),
    "work": Verb(run=working, one=False),
    "checkpoint": Verb(run=lambda stage: evidence.checkpoint(stage.world)),
    "checkpoint_of_the_day": Verb(run=of_the_day),
    "open_round": Verb(
        run=lambda stage: opening.open_round(stage.world, stage.revision, year=2011),
        refuses_twice=True,
    ),
    "import": Verb(
        run=lambda stage: organisation.bring_in(stage.world, stage.folder.parents[1]),
        prepare=lambda stage: stage.change("UPDATE people SET name = 'Ny'"),
        one=False,
    ),
    "move": Verb(
        run=lambda stage: moving.move_milestone(
            stage.world, ROUND, "grundarbete", LATER, reason="x"
        ),
        refuses_twice=True,
    ),
    "pause": Verb(
        run=lambda stage: pausing.pause_round(stage.world, ROUND, reason="x", email=stage.leader),
        refuses_twice=True,
    ),
    "resume": Verb(
        prepare=rested,
        run=lambda stage: pausing.resume_round(
            stage.world, ROUND, move_days=True, email=stage.leader
        ),
        refuses_twice=True,
    ),
    "end_unit": Verb(
        run=lambda stage: leading.end_unit(
            stage.world, ROUND, unit(stage), "withdraw", reason="x", email=stage.boss(unit(stage))
        ),
        refuses_twice=True,
    ),
    "add_unit": Verb(
        prepare=lambda stage: leading.end_unit(
            stage.world, ROUND, unit(stage), "withdraw", reason="x", email=stage.boss(unit(stage))
        ),
        run=lambda stage: leading.add_unit(
            stage.world, ROUND, unit(stage), reason="x", email=stage.leader
        ),
        refuses_twice=True,
    ),
    "ask": Verb(
        run=lambda stage: extending.ask(
            stage.world, **days(stage, LATER), email=stage.chief(unit(stage))
        ),
        refuses_twice=True,
    ),
    "grant": Verb(
        run=lambda stage: extending.grant(
            stage.world, **days(stage, LATER), email=stage.boss(unit(stage))
        ),
        refuses_twice=True,
    ),
    "refuse": Verb(
        prepare=lambda stage: extending.ask(
            stage.world, **days(stage, LATER), email=stage.chief(unit(stage))
        ),
        run=lambda stage: extending.refuse(
            stage.world, task(stage), reason="x", email=stage.boss(unit(stage))
        ),
        refuses_twice=True,
    ),
    "attach": Verb(run=attach),
    "detach": Verb(prepare=attach, run=detach),
    "comment": Verb(run=comment),
    "previewed": Verb(run=previewed, refuses_twice=True),
    "nudge": Verb(
        run=lambda stage: nudging.nudge(
            stage.world, Aim(round=ROUND, far=True), words="x", email=stage.leader
        ),
        refuses_twice=True,
    ),
    "give": Verb(run=give, one=False),
    "leave": Verb(run=leave_role, one=False),
    "end_grant": Verb(
        run=lambda stage: granting.end_grant(stage.world, 1, date(2009, 1, 1), email=None),
        one=False,
        refuses_twice=True,
    ),
    "add_person": Verb(
        run=lambda stage: correcting.add_person(stage.world, somebody(stage)), refuses_twice=True
    ),
    "change_person": Verb(
        run=lambda stage: correcting.change_person(
            stage.world,
            stage.chief(unit(stage)),
            replace(somebody(stage), email=stage.chief(unit(stage))),
        ),
        one=False,
        refuses_twice=True,
    ),
    "appoint": Verb(run=appoint, refuses_twice=True, ends_alike=False),
    "end_substitute": Verb(
        prepare=appoint,
        run=lambda stage: substituting.end(stage.world, 1),
        refuses_twice=True,
    ),
    "bounce": Verb(prepare=lambda stage: stage.post(), run=come_back),
    "keep_back": Verb(run=lambda stage: mailroom.keep_back(stage.world)),
    "release": Verb(
        prepare=lambda stage: stage.change("UPDATE installation SET mail_held_at = '2008-12-01'"),
        run=lambda stage: mailroom.release(stage.world),
    ),
    "resend": Verb(
        prepare=lambda stage: stage.post(),
        run=lambda stage: mailroom.resend(stage.world, first_sent(stage)),
        ends_alike=False,
    ),
    "set_clock": Verb(
        prepare=lambda stage: stage.change("UPDATE installation SET rehearsal = TRUE"),
        run=lambda stage: stage.world.set_clock(stage.at[0] + timedelta(days=1)),
        world=rehearsing,
        ends_alike=False,
    ),
    "account": Verb(
        run=live_with_an_account,
        one=False,
        ends_alike=False,
        refuses_twice=True,  # the second factor is asked for
        world=by_chance,
    ),
    "sign_in": Verb(run=sign_in_and_out, one=False, ends_alike=False, world=by_chance),
    "region_sign_in": Verb(
        run=sign_in_through_the_region, one=False, ends_alike=False, world=by_chance
    ),
    "conflict": Verb(prepare=rounds.propose, run=have_a_conflict, one=False, ends_alike=False),
    "papers": Verb(
        prepare=rounds.propose, run=make_papers, one=False, ends_alike=False, world=by_chance
    ),
    "publish": Verb(
        prepare=rounds.decide,
        run=release_and_withdraw,
        one=False,
        ends_alike=False,
        refuses_twice=True,
        world=by_chance,
    ),
    "install": Verb(run=install, one=False),
    "backup": Verb(run=back_up, one=False),
    "upgrade": Verb(prepare=recorded, run=upgrade, one=False),
    "restore": Verb(
        prepare=lambda stage: upkeep.backup(
            stage.world, stage.folder / "kept.backup", program="0.0"
        ),
        run=lambda stage: (
            shutil.copy(stage.folder.parent / "kept.backup", stage.folder / "kept.backup"),
            restore(stage),
        ),
        one=False,
    ),
}
