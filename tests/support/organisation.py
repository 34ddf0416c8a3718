"""A tiny invented organisation: one region, two areas, three clinics, three bodies.

    alv            region      dag (direktor), lena (ledare)
      norr         omrade      nora (omradeschef)
        ett, tva   klinik      ellen, tove (klinikchef)
      soder        omrade      sune (omradeschef)
        tre        klinik      trygve (klinikchef)
      etik, tand   rad         erik, tage (ordforande)
      namnd        namnd       sara (sekreterare), jana and jon (justerare)

`utan` holds nothing.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from workflow.core.facts import Place, UnitFact

__all__ = ["GRANTS", "PEOPLE", "UNITS", "email", "person", "write_organisation"]

UNITS: Final = tuple(
    UnitFact(key=key, name=key.capitalize(), kind=kind, parent=parent)
    for key, kind, parent in (
        ("alv", "region", None),
        ("norr", "omrade", "alv"),
        ("soder", "omrade", "alv"),
        ("ett", "klinik", "norr"),
        ("tva", "klinik", "norr"),
        ("tre", "klinik", "soder"),
        ("etik", "rad", "alv"),
        ("tand", "rad", "alv"),
        ("namnd", "namnd", "alv"),
    )
)
GRANTS: Final = (
    ("dag", Place("direktor", "alv")),
    ("lena", Place("ledare", "alv")),
    ("nora", Place("omradeschef", "norr")),
    ("sune", Place("omradeschef", "soder")),
    ("ellen", Place("klinikchef", "ett")),
    ("tove", Place("klinikchef", "tva")),
    ("trygve", Place("klinikchef", "tre")),
    ("erik", Place("ordforande", "etik")),
    ("tage", Place("ordforande", "tand")),
    ("sara", Place("sekreterare", "namnd")),
    ("jana", Place("justerare", "namnd")),
    ("jon", Place("justerare", "namnd")),
)
PEOPLE: Final = (*(name for name, _ in GRANTS), "utan")


def person(name: str) -> int:
    """Give somebody's number in memory: 1 is the first."""
    return 1 + PEOPLE.index(name)


def email(name: str) -> str:
    """Give somebody's address."""
    return f"{name}@alv.example"


def write_organisation(
    folder: Path,
    *,
    units: Iterable[UnitFact] = UNITS,
    grants: Iterable[tuple[str, Place]] = GRANTS,
) -> Path:
    """Write the files that the import reads; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "units.csv",
        ("key", "name", "kind", "parent", "from", "to"),
        [(u.key, u.name, u.kind, u.parent or "", "", "") for u in units],
    )
    _write(
        folder / "people.csv",
        ("key", "email", "name", "language", "party"),
        [(name, email(name), name.capitalize(), "sv", "") for name in PEOPLE],
    )
    _write(
        folder / "grants.csv",
        ("email", "role", "unit", "from", "to"),
        [(email(name), place.role, place.unit, "", "") for name, place in grants],
    )
    return folder


def _write(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
