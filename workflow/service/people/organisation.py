"""People, units and grants: one organisation for every process of the installation."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from workflow.core.facts import EntryDraft, EntryKind
from workflow.core.organisation import read_organisation
from workflow.service.leading import check_leads_some
from workflow.service.people.staffing import sweep
from workflow.service.world import World
from workflow.store import log
from workflow.store.grants import given_since, last_grant
from workflow.store.installation import mark_swept
from workflow.store.organisation import import_organisation
from workflow.store.tables import FIRST_DAY

__all__ = ["bring_in"]


def bring_in(
    world: World,
    folder: Path,
    *,
    end_missing: bool = False,
    files_win: bool = False,
    email: str | None = None,
) -> dict[str, dict[str, Any]]:
    """Import a folder's units.csv, people.csv and grants.csv, all or nothing; facts.csv too, if
    it is there.

    {units, people, grants, facts}, each {added, changed, ended, left, kept}. What is missing in the
    files is left, or ended yesterday with `end_missing`; what was changed by hand is kept
    until the files say something new, or the `files_win`. Afterwards open tasks that too
    few hold get their incident, those that are held again lose it, and who has come to a
    role is told what they owe.

    Raises: BadInput that names every bad line; NotFound for the person, NoRight when they
        lead no process here.
    """
    organisation = read_organisation(folder)
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # one at a time: locks before people
        now: datetime = world.now(connection)
        today = world.today(now)
        actor = check_leads_some(world, connection, email, now)
        last = last_grant(connection)
        report = import_organisation(
            connection, organisation, end_missing=end_missing, today=today, files_win=files_win
        )
        given = given_since(connection, last)
        told = {name: asdict(part) for name, part in _parts(report).items()}
        mark_swept(connection, FIRST_DAY)
        counts = {
            name: {what: len(names) for what, names in part.items()} for name, part in told.items()
        }
        entry = EntryDraft(
            kind=EntryKind.ORGANISATION,
            actor=actor.person if actor else None,
            payload={"counts": counts},
        )
        world.note(connection, now, entry)
    sweep(world, given)
    return told


def _parts(report: Any) -> dict[str, Any]:
    parts = {"units": report.units, "people": report.people, "grants": report.grants}
    return parts if report.facts is None else {**parts, "facts": report.facts}
