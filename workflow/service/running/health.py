"""Whether all is well: for whoever watches the installation, a person or a monitor.

Asks with reading transactions alone, so that it answers while others write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from shutil import disk_usage
from typing import Any, Final

from workflow.core.errors import Reason, SchemaError, WorkflowError
from workflow.core.facts import IncidentKind
from workflow.store import workers
from workflow.store.database import HEAD, Connection, Database
from workflow.store.incidents import list_incidents
from workflow.store.installation import load_installation
from workflow.store.workers import MailWaiting, WorkerFact

__all__ = ["LIMITS", "Limits", "look"]

Clock = Callable[[Connection], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond what it is not well."""

    tick: timedelta = timedelta(minutes=2)
    """Age of the last finished tick."""
    mail: timedelta = timedelta(minutes=15)
    """How long after its next try a mail may stand there."""
    checkpoint: timedelta = timedelta(hours=36)
    """Age of the last checkpoint while somebody works."""
    disk: int = 200_000_000
    """Free bytes where the database lies."""


LIMITS: Final = Limits()


def look(
    database: Database,
    clock: Clock,
    *,
    held: bool = False,
    limits: Limits = LIMITS,
    language: str = "sv",
) -> dict[str, Any]:
    """Say how an installation fares.

    {ok, problems, database, schema, workers, mail, relay, incidents, checkpoint, disk};
    problems are {code, message}, empty when ok. Ages are whole seconds. `clock` is the
    one that workers go by; `held` says that the settings keep all mail waiting; `language` is
    that of the messages. What cannot be asked is itself a problem: nothing is raised.
    """
    told: dict[str, Any] = {"ok": False, "problems": [], "database": database.name}
    problems: list[Reason] = []
    try:
        database.check_schema()
        told["schema"] = HEAD
        with database.read() as connection:
            problems += _ask(connection, told, clock(connection), held=held, limits=limits)
    except WorkflowError as error:
        code = "schema" if isinstance(error, SchemaError) else error.code
        problems.append(Reason(code, error.sv, error.en))
    problems += _disk(database, told, limits)
    told["problems"] = [
        {"code": one.code, "message": one.en if language == "en" else one.sv} for one in problems
    ]
    told["ok"] = not problems
    return told


def _ask(
    connection: Connection, told: dict[str, Any], now: datetime, *, held: bool, limits: Limits
) -> list[Reason]:
    known = workers.list_workers(connection)
    waiting = workers.mail_waiting(connection)
    installation = load_installation(connection)
    mail_now = installation.clock_at if installation.rehearsal else now
    held_at = waiting.held_at
    told["workers"] = _workers(known, now)
    told["mail"] = {
        "waiting": waiting.count,
        "held": held or held_at is not None,
        "oldest": waiting.put_at,
        "oldest_age": _age(waiting.put_at, mail_now),
        "late": max(_age(waiting.next_try_at, mail_now) or 0, 0),
    }
    incidents = list_incidents(connection)
    relay = [one for one in incidents if one["kind"] == IncidentKind.RELAY]
    told["relay"] = [
        {"subject": one["subject"], "since": one["since"], **one["detail"]} for one in relay
    ]
    told["incidents"] = len(incidents)
    last = workers.last_checkpoint(connection)
    told["checkpoint"] = {"at": last, "age": _age(last, mail_now)}
    return [
        *_ticking(known, now, limits),
        *_mail(waiting, mail_now, limits, held=told["mail"]["held"]),
        *(_relay(one, mail_now) for one in relay),
        *([] if installation.rehearsal else _witness(known, last, now, limits)),
    ]


def _workers(known: Sequence[WorkerFact], now: datetime) -> dict[str, Any]:
    alive = _alive(known, now)
    last = max((one.ticked_at for one in known if one.ticked_at), default=None)
    cut_off = [one for one in known if one.is_cut_off(now)]
    return {
        "alive": [{"name": one.name, "since": one.started_at} for one in alive],
        "cut_off": [{"name": one.name, "seen_at": one.seen_at} for one in cut_off],
        "last_tick": last,
        "last_tick_age": _age(last, now),
    }


def _alive(known: Sequence[WorkerFact], now: datetime) -> list[WorkerFact]:
    return [one for one in known if one.stopped_at is None and not one.is_cut_off(now)]


def _ticking(known: Sequence[WorkerFact], now: datetime, limits: Limits) -> list[Reason]:
    last = max((one.ticked_at for one in known if one.ticked_at), default=None)
    alive = _alive(known, now)
    since = max([one.started_at for one in alive] + ([last] if last else []), default=None)
    if since is not None and now - since <= limits.tick:
        return []
    if alive:
        return [
            Reason(
                "tick",
                "Arbetaren lever men har inte hunnit med något varv på"
                f" {_minutes(now - (last or alive[0].started_at))}. Läs dess logg.",
                "The worker lives but has not finished a tick within"
                f" {_minutes(now - (last or alive[0].started_at), en=True)}. Read its log.",
            )
        ]
    sv = f" (senast för {_minutes(now - last)} sedan)" if last else ""
    en = f" (last {_minutes(now - last, en=True)} ago)" if last else ""
    return [
        Reason(
            "tick",
            f"Ingen arbetare är i gång{sv}: inga påminnelser skapas och inga mejl går."
            " Starta `beredning work`.",
            f"No worker is running{en}: no reminders are made and no mail leaves. Start"
            " `beredning work`.",
        )
    ]


def _mail(waiting: MailWaiting, now: datetime, limits: Limits, *, held: bool) -> list[Reason]:
    if held or waiting.next_try_at is None or now - waiting.next_try_at <= limits.mail:
        return []
    late = now - waiting.next_try_at
    return [
        Reason(
            "mail",
            f"Mejl som skulle ha gått för {_minutes(late)} sedan står kvar"
            f" ({waiting.count} väntar). Se `beredning outbox`.",
            f"Mail that should have left {_minutes(late, en=True)} ago is still there"
            f" ({waiting.count} waiting). See `beredning outbox`.",
        )
    ]


def _relay(incident: dict[str, Any], now: datetime) -> Reason:
    span = now - incident["since"]
    return Reason(
        "relay",
        f"Mejlservern har inte gått att använda på {_minutes(span)}. Se `beredning incidents`.",
        f"The mail server has been out of use for {_minutes(span, en=True)}. See `beredning"
        " incidents`.",
    )


def _witness(
    known: Sequence[WorkerFact], last: datetime | None, now: datetime, limits: Limits
) -> list[Reason]:
    alive = [one.started_at for one in _alive(known, now)]
    if not alive or now - max(last or min(alive), min(alive)) <= limits.checkpoint:
        return []
    return [
        Reason(
            "checkpoint",
            "Dagens kontrollpunkt av loggen har uteblivit i mer än ett dygn. Läs arbetarens logg.",
            "The day's checkpoint of the log has been missing for more than a day. Read the"
            " worker's log.",
        )
    ]


def _disk(database: Database, told: dict[str, Any], limits: Limits) -> list[Reason]:
    told["disk"] = None
    if database.file is None:
        return []
    try:
        free = disk_usage(database.file.parent).free
        told["disk"] = {"free": free, "used": database.file.stat().st_size}
    except OSError:  # that it cannot be opened has been said
        return []
    if free >= limits.disk:
        return []
    return [
        Reason(
            "disk",
            f"Bara {free // 1_000_000} MB är ledigt där databasen ligger. Frigör utrymme.",
            f"Only {free // 1_000_000} MB is free where the database lies. Free some space.",
        )
    ]


def _age(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else int((now - at).total_seconds())


def _minutes(span: timedelta, *, en: bool = False) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} min"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} {'hours' if en else 'timmar'}"
    return f"{hours // 24} {'days' if en else 'dygn'}"
