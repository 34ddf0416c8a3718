"""serve, demo: the pages, and an invented round to look at them in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn

from beredning.cli.answers import Paper, named_day, print_json, say
from beredning.cli.frame import Desk, Json, Later, Settings, cli, desk
from beredning.cli.swedish import LEAD, PREPARE
from workflow.core import phrases
from workflow.core.errors import BadInput, SchemaError

if TYPE_CHECKING:
    from socket import socket

    from beredning import app as apps
    from beredning import listening, logs
    from beredning import serving as servings
    from beredning.practice import demo as demos
    from beredning.practice import memory as memories
    from beredning.practice import scene, travel
    from beredning.practice.playing import Day
    from workflow.service import views
    from workflow.store import occupation as occupations
else:
    apps = Later("beredning.app")
    demos = Later("beredning.practice.demo")
    memories = Later("beredning.practice.memory")
    listening = Later("beredning.listening")
    logs = Later("beredning.logs")
    scene = Later("beredning.practice.scene")
    servings = Later("beredning.serving")
    travel = Later("beredning.practice.travel")
    views = Later("workflow.service.views")
    occupations = Later("workflow.store.occupation")


@cli.command(rich_help_panel=LEAD)
def serve(
    context: typer.Context,
    workers: Annotated[
        int,
        typer.Option(
            "--workers", metavar="N", min=1, max=64, help="Antal processer; bara på PostgreSQL."
        ),
    ] = 1,
    no_work: Annotated[
        bool,
        typer.Option("--no-work", help="Bara sidorna: `beredning work` arbetar någon annanstans."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Visa sidorna och gör arbetet tills du säger stopp: påminnelser, mejl, kontrollpunkt.

    Adressen och porten står i web.host och web.port. Det som händer skrivs på stderr, ett
    JSON-objekt på varje rad. Ctrl-C eller SIGTERM låter det som är på gång bli klart, högst
    30 sekunder var för sidor och arbete; en andra signal avslutar genast.
    """
    with desk(context, as_json=as_json) as at:
        given: Settings = context.obj
        config = at.app.config
        servings.check(config, rehearsal=at.world.rehearsal)
        how = servings.Serving(works=not no_work)
        if workers > 1:
            servings.check_several(at.app)
        with listening.bind(config.web) as listener, logs.written():
            if workers > 1:
                servings.serve_in_several(given.config, at.app, listener, workers, how)
            else:
                servings.serve(at.app, listener, how)
        at.answer({"drained": True}, lambda: None)  # else it has given up


# ---- the demo --------------------------------------------------------------------------


@cli.command(rich_help_panel=PREPARE)
def demo(
    context: typer.Context,
    process: Annotated[
        str | None,
        typer.Option(
            "--process", metavar="PROCESS", help="Processen som visas; annars får du välja."
        ),
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Börja om från början.")] = False,
    units: Annotated[
        int, typer.Option("--units", metavar="N", min=8, max=500, help="Antal enheter underst.")
    ] = 40,
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="N", min=1, max=65535, help="Porten; är den upptagen tas nästa."
        ),
    ] = 8000,
    folder: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Mappen för allt; annars run/demo-PROCESS."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Öppna en påhittad omgång i webbläsaren, mitt i arbetet.

    Den görs i ordning första gången och tas sedan upp där du slutade. Sidorna nås bara från
    den här datorn, alla personer är påhittade och inga mejl lämnar datorn.
    """
    with desk(context, as_json=as_json) as at:
        shown = process or _choose(at)
        web = at.app.config.web.model_copy(update={"host": "127.0.0.1", "port": port})
        listener, taken = listening.bind_free(web)
        with listener:
            if taken != port and not as_json:
                say(f"Porten {port} är upptagen av ett annat program. Demon tar {taken}.")
            opened = _Demo(at, shown, folder or Path("run") / f"demo-{shown}", taken)
            if new or not opened.is_there:
                opened.make(units)
            opened.serve(listener)


def _choose(at: Desk) -> str:
    """Ask which process to show; the first where nobody can be asked."""
    keys = list(scene.STAGES)
    if at.as_json or not sys.stdin.isatty():
        return keys[0]
    for number, key in enumerate(keys, start=1):
        year = scene.STAGES[key].year
        title = at.app.registry.load(key, year=year).definition.title
        say(f"  {number}  {phrases.fill(title, year=year)}")
    chosen: int = typer.prompt("Vilken process vill du se? Skriv numret", default=1, type=int)
    if not 1 <= chosen <= len(keys):
        raise BadInput(f"Skriv ett nummer från 1 till {len(keys)}.", f"Write 1 to {len(keys)}.")
    return keys[chosen - 1]


class _Demo:
    """The demo in a folder, from the command line."""

    def __init__(self, at: Desk, process: str, folder: Path, port: int) -> None:
        self._at = at
        self._process = process
        self._folder = folder
        self._config = demos.settings_of(at.app.config, folder, port)

    @property
    def is_there(self) -> bool:
        """Say whether it can be taken up; one of another version of the program cannot."""
        if not (self._folder / demos.DATABASE).exists():
            return False
        app = apps.App(config=self._config)
        try:
            _ = app.world
        except SchemaError:
            self._say("Demon i mappen är gjord med en annan version av programmet och görs om.")
            return False
        finally:
            app.database.close()
        if not memories.recall_round(self._folder).startswith(f"{self._process}-"):
            raise BadInput(
                f"Demon i {self._folder} visar en annan process. Lägg till --new, eller ange en"
                " annan mapp med --out.",
                f"The demo in {self._folder} shows another process. Add --new, or give another"
                " folder with --out.",
            )
        return True

    def make(self, units: int) -> None:
        """Make it anew."""
        if self._process not in scene.STAGES:
            listed = ", ".join(scene.STAGES)
            raise BadInput(
                f"Det finns ingen demo för {self._process}. Välj {listed}.",
                f"There is no demo of {self._process}. Choose {listed}.",
            )
        year = scene.STAGES[self._process].year
        revision = self._at.app.registry.load(self._process, year=year)
        title = phrases.fill(revision.definition.title, year=year)
        self._say(f"Gör i ordning en påhittad omgång: {title}.")
        with _progress(quiet=self._at.as_json) as advance:
            base_url = self._config.web.base_url
            demos.build(revision, self._folder, units=units, base_url=base_url, watch=advance)

    def serve(self, listener: "socket") -> None:
        """Open it, say where, and keep it open."""
        app = apps.App(config=self._config)
        try:
            servings.check(app.config, rehearsal=app.world.rehearsal)
            with occupations.occupy(app.database.file):
                machine = travel.TimeMachine(app, self._folder)
            self._greet(app)
            log = self._folder / "server.log"
            with log.open("a", encoding="utf-8") as stream, logs.written(stream):
                servings.serve(app, listener, servings.Serving(machine=machine))
        finally:
            app.database.close()
        self._say("Demon är stängd. Nästa gång fortsätter den där du slutade.")

    def _greet(self, app: Any) -> None:
        url = app.config.web.base_url
        (found,) = views.round_list(app.world)
        with app.world.database.read() as connection:
            today = app.world.today(app.world.now(connection))
        if self._at.as_json:
            print_json({"url": url, "folder": str(self._folder), "today": today})
            sys.stdout.flush()
            return
        late = found["overdue"]
        say("")
        say(f"Öppna {url} i webbläsaren och välj vem du vill vara.")
        say(
            f"Det är {named_day(today)} i demon. {found['open_tasks']} uppgifter är öppna,"
            f" {late} av dem sena. Överst på varje sida byter du person och ställer fram klockan."
        )
        say("Alla personer, enheter och belopp är påhittade. Inga mejl lämnar datorn.")
        say("")
        again = f"{sys.argv[0]} demo --new"
        say("Ctrl-C stänger demon. Nästa gång fortsätter den där du slutade.")
        say(f"Från början börjar den med: {again}")
        sys.stdout.flush()

    def _say(self, text: str) -> None:
        if not self._at.as_json:
            say(text)
            sys.stdout.flush()


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Callable[[Day, float], None]]":
    """Show how far the making of the demo has come."""
    if quiet or not sys.stderr.isatty():
        yield lambda _day, _part: None
        return
    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=Paper(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=1.0)
        yield lambda day, part: progress.update(bar, description=named_day(day.on), completed=part)
