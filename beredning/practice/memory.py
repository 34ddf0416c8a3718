"""What the invented people of a demo have in mind, kept beside its database.

So they go on as they had begun when the demo is opened again: who is late, who never
delivers, whose turn it is to send something back.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from beredning.clock import seeded
from beredning.practice.players import Cast, Part
from workflow.core.definition import Definition
from workflow.core.errors import BadInput

__all__ = ["MEMORY", "Memory", "recall", "recall_round", "remember"]

MEMORY: Final = "people.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the invented people have in mind on a day, and who of them may act."""

    round: str
    seed: int
    day: date
    """The last day whose morning has come; people have not yet done anything in it."""
    cast: Cast
    others: str = ""
    """Who acts on the way to somewhere that has not been reached; empty at rest."""
    themselves: tuple[str, ...] = ()


def remember(folder: Path, memory: Memory) -> None:
    """Write down what people have in mind, all of it or nothing."""
    cast = memory.cast
    told = {
        "round": memory.round,
        "seed": memory.seed,
        "day": memory.day.isoformat(),
        "others": memory.others,
        "themselves": list(memory.themselves),
        "late": cast.late,
        "silent": cast.silent,
        "sent_back": cast.sent_back,
        "returned": cast.returned,
        "remitted": cast.remitted,
        "lingered": sorted(cast.lingered),
        "waited": cast.waited,
        "pressed": cast.pressed,
        "parts": [asdict(part) | {"on": part.on.isoformat()} for part in cast.parts.values()],
    }
    under_way = folder / f".{MEMORY}.part"
    under_way.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    under_way.replace(folder / MEMORY)


def recall(folder: Path, definition: Definition) -> Memory:
    """Read what people had in mind.

    Raises: BadInput when the folder holds no demo that can be taken up.
    """
    try:
        return _memory(_read(folder), definition)
    except (KeyError, TypeError, ValueError) as error:
        raise _unfit(folder) from error


def recall_round(folder: Path) -> str:
    """Read which round it is.

    Raises: BadInput when the folder holds no demo that can be taken up.
    """
    told = _read(folder).get("round")
    if not isinstance(told, str):
        raise _unfit(folder)
    return told


def _read(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / MEMORY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unfit(folder) from error
    if not isinstance(told, dict):
        raise _unfit(folder)
    return told


def _unfit(folder: Path) -> BadInput:
    return BadInput(
        f"Demon i {folder} går inte att ta upp igen. Börja om med `beredning demo --new`.",
        f"The demo in {folder} cannot be taken up. Begin anew: `beredning demo --new`.",
    )


def _memory(told: dict[str, Any], definition: Definition) -> Memory:
    chance, _ = seeded(told["seed"])
    parts: Iterable[Part] = (
        Part(**{**one, "on": date.fromisoformat(one["on"])}) for one in told["parts"]
    )
    cast = Cast(
        definition=definition,
        chance=chance,
        late=float(told["late"]),
        parts={part.task: part for part in parts},
        silent=told["silent"],
        sent_back=told["sent_back"],
        returned=bool(told["returned"]),
        remitted=bool(told["remitted"]),
        lingered=set(told.get("lingered", ())),
        waited=dict(told.get("waited", {})),
        pressed=dict(told.get("pressed", {})),
    )
    return Memory(
        round=told["round"],
        seed=told["seed"],
        day=date.fromisoformat(told["day"]),
        cast=cast,
        others=told["others"],
        themselves=tuple(told["themselves"]),
    )
