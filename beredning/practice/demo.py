"""The demo: an invented organisation in the midst of a round, in a folder of its own.

It is made by playing, and taken up again where it was left.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from shutil import rmtree
from typing import Final

from beredning.config import (
    About,
    Auth,
    CommandLine,
    Config,
    Database,
    Mail,
    Mode,
    Smtp,
    Web,
)
from beredning.practice.example import example_organisation, write_csv
from beredning.practice.lines import DEMO
from beredning.practice.memory import MEMORY, Memory, remember
from beredning.practice.playing import SENDER, Day, Play
from beredning.practice.scene import SMALLEST, STAGES, Scene
from beredning.practice.simulate import Setting, begin
from notifications.post import writer
from workflow.core import plan
from workflow.core.errors import BadInput
from workflow.core.facts import Via
from workflow.core.revision import Revision
from workflow.service.world import ZONE
from workflow.store.occupation import occupy

__all__ = ["AWAKE", "DATABASE", "LATE", "SEED", "build", "settings_of", "wake"]

DATABASE: Final = "rehearsal.db"
OURS: Final = ("mail", "org", "org-utan-en-chef", "server.log", MEMORY, f".{MEMORY}.part")
"""What lies in the folder of a demo besides the database."""
SEED: Final = 3
AWAKE: Final = time(7, 45)
"""Where the clock of a demo stands between two days: the mails of the morning have come, and
nobody has begun to work."""
LATE: Final = 0.4
"""The share of units that are late until the demo is shown."""
ABOUT: Final = About(
    region="Region Alvmark (påhittad)",
    contact="Processledningen",
    contact_email="processledning@alvmark.example",
    contact_phone="08-465 004 10",
    data_officer="dataskydd@alvmark.example",
    accessibility="partly",
    defects=("Demon har inte granskats av någon utanför projektet.",),
    assessed_on="2026-02-02",
    assessed_how="självskattning",
    updated_on="2026-02-02",
    feedback_url="https://alvmark.example/synpunkter",
)
"""The number is one of those that PTS keeps for invented people."""
LATER: Final = 0.15
"""And from then on: so much trouble all the year is not fun to play with."""


def build(
    revision: Revision,
    folder: Path,
    *,
    units: int = 40,
    base_url: str,
    watch: Callable[[Day, float], None] = lambda _day, _part: None,
) -> None:
    """Make a demo in a folder; one that lies there is replaced when the new one is whole.

    `watch` is told of every day, and how much of the way is done.

    Raises: BadInput for a process without a demo, too few units, or a folder that holds
        anything else; Locked when the demo that lies there is in use.
    """
    _check(revision, units)
    folder = folder.absolute()
    _check_nothing_else(folder)
    with occupy(folder / DATABASE if folder.exists() else None):
        half = folder.with_name(f".{folder.name}.part")
        rmtree(half, ignore_errors=True)
        (half / "mail").mkdir(parents=True)
        _play(revision, half, units, base_url, watch)
        rmtree(folder, ignore_errors=True)
        half.rename(folder)


def _check(revision: Revision, units: int) -> None:
    if revision.definition.key not in STAGES:
        listed = ", ".join(STAGES)
        raise BadInput(
            f"Det finns ingen demo för {revision.definition.key}. Välj: {listed}.",
            f"There is no demo of {revision.definition.key}. Choose: {listed}.",
        )
    if units < SMALLEST:
        raise BadInput(
            f"Demon behöver minst {SMALLEST} enheter, så att alla bekymmer får plats.",
            f"The demo needs at least {SMALLEST} units, so that there is room for every trouble.",
        )


def _check_nothing_else(folder: Path) -> None:
    """See that nothing but a demo would be replaced."""
    for one in folder.iterdir() if folder.exists() else ():
        if one.name not in OURS and not one.name.startswith(DATABASE):
            raise BadInput(
                f"I {folder} ligger annat än en demo ({one.name}), och det tas inte bort. Ange en"
                " annan mapp med --out.",
                f"{folder} holds something that is no demo ({one.name}), and it is not removed."
                " Give another folder with --out.",
            )


def _play(
    revision: Revision,
    folder: Path,
    units: int,
    base_url: str,
    watch: Callable[[Day, float], None],
) -> None:
    stage = STAGES[revision.definition.key]
    write_csv(example_organisation(revision.definition, units=units), folder / "org")
    setting = Setting(
        year=stage.year,
        org=folder / "org",
        out=folder,
        late=LATE,
        seed=SEED,
        reference=f"RS {stage.year - 2}/1482",
    )
    play = begin(revision, setting, folder / DATABASE)
    play.write = writer(base_url=base_url, sender=SENDER)
    play.lines = DEMO
    play.by_itself = replace(play.world, via=Via.WORKER)
    play.world = replace(play.world, via=Via.WEB)
    try:
        _perform(play, Scene(play, stage), watch)
        memory = Memory(
            round=play.round_id,
            seed=SEED,
            day=plan.local_day(play.at[0], ZONE),
            cast=play.cast,
        )
        remember(folder, memory)
    finally:
        play.loop.close()
        play.world.database.close()


def _perform(play: Play, scene: Scene, watch: Callable[[Day, float], None]) -> None:
    """Play to the morning in which the demo begins."""
    first = plan.local_day(play.at[0], ZONE)
    for day in play.days():
        scene.after(day.on)
        watch(day, (day.on - first) / (scene.shown_on - first))
        if (scene.shown_on - day.on).days == 1:
            break
    play.cast.late = LATER
    wake(play, scene.shown_on)
    play.world.set_clock(play.at[0])


def wake(play: Play, today: date) -> None:
    """Let a day begin, and stand there before anybody has done anything."""
    play.morning(today)
    play.put(plan.wall_time(today, AWAKE, ZONE))


def settings_of(config: Config, folder: Path, port: int) -> Config:
    """Give the settings of the demo in a folder: the installation's own mean nothing here."""
    own = {
        "database": Database(url=f"sqlite:///{folder / DATABASE}"),
        "mail": Mail(sender=SENDER, outbox_dir=folder / "mail"),
        "smtp": Smtp(),
        "web": Web(base_url=f"http://127.0.0.1:{port}", port=port),
        "auth": Auth(mode=Mode.DEMO, hours=24, idle_minutes=480),
        "about": ABOUT,
        "cli": CommandLine(),
    }
    return config.model_copy(update=own)
