"""What a witness keeps of the log, and how the log compares with it later."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.days import write_instant
from workflow.core.errors import BadInput
from workflow.store.log import INSTALLATION, Chain
from workflow.store.statements import Statement
from workflow.store.tables import Entry, Installation, Round

__all__ = ["Finding", "checkpoint", "compare", "heads", "read_checkpoint"]

_load_name = Statement(
    select(col(Installation.name), col(Installation.chain_length), col(Installation.chain_head))
)
_load_rounds = Statement(
    select(col(Round.id), col(Round.chain_length), col(Round.chain_head)).order_by(col(Round.id))
)
_load_hash = Statement(
    select(col(Entry.hash)).where(
        col(Entry.chain) == bindparam("chain"), col(Entry.number) == bindparam("number")
    )
)


class Finding(NamedTuple):
    """Something that does not hold."""

    chain: str
    """Empty when it is about the whole database."""
    number: int
    """The entry it is about; 0 when it is about none."""
    problem: str


def checkpoint(connection: Connection, *, at: datetime) -> dict[str, Any]:
    """Say how long every chain is and what it ends with, for a witness to keep:
    `at`, `installation` (its name) and `chains` (name = `length`, `head`)."""
    name, ends = heads(connection)
    return {
        "at": write_instant(at),
        "installation": name,
        "chains": {
            chain.name: {"length": chain.length, "head": chain.head} for chain in ends.values()
        },
    }


def heads(connection: Connection) -> tuple[str | None, dict[str, Chain]]:
    """Give the installation's name and where every chain ends, by name."""
    row = _load_name.first(connection)
    chains = [Chain(*chain) for chain in _load_rounds.all(connection)]
    if row is not None:
        chains.insert(0, Chain(INSTALLATION, row[1], row[2]))
    return (None if row is None else row[0]), {chain.name: chain for chain in chains}


def read_checkpoint(given: Mapping[str, Any]) -> tuple[str, list[Chain]]:
    """Give the installation's name and the chains that a witness has kept.

    Raises: BadInput when it is no checkpoint.
    """
    try:
        name = given["installation"]
        chains = [
            Chain(chain, end["length"], end["head"]) for chain, end in given["chains"].items()
        ]
        sound = isinstance(name, str) and all(
            type(chain.length) is int and chain.length >= 0 and isinstance(chain.head, str)
            for chain in chains
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise _no_checkpoint() from error
    if not sound:
        raise _no_checkpoint()
    return name, chains


def _no_checkpoint() -> BadInput:
    return BadInput(
        "Filen är inte en kontrollpunkt: ange en som `beredning checkpoint` har skrivit.",
        "The file is not a checkpoint: name one that `beredning checkpoint` wrote.",
    )


def compare(
    connection: Connection,
    witnessed: tuple[str, list[Chain]],
    name: str | None,
    ends: Mapping[str, Chain],
) -> Iterator[Finding]:
    """Compare with what a witness has kept."""
    if witnessed[0] != name:
        yield Finding("", 0, f"kontrollpunkten gäller installationen {witnessed[0]}, inte {name}")
        return
    for then in witnessed[1]:
        now = ends.get(then.name)
        if now is None:
            yield Finding(then.name, 0, "kedjan fanns vid kontrollpunkten men är borta")
            continue
        if type(now.length) is int and now.length < then.length:
            yield Finding(
                then.name,
                now.length,
                f"kedjan är avkortad: {then.length} rader vid kontrollpunkten, {now.length} nu."
                " Det som de sista raderna sade är borta, eller så är databasen återställd från"
                " en säkerhetskopia som är äldre än kontrollpunkten",
            )
            continue
        row = _load_hash.first(connection, chain=then.name, number=then.length)
        if then.length and (row is None or row[0] != then.head):
            has = "saknas" if row is None else f"har hash {row[0]}"
            yield Finding(
                then.name,
                then.length,
                f"kedjan är en annan än den vittnet såg, från rad {then.length} eller tidigare:"
                f" raden {has}, men vittnet såg {then.head}. Loggen är omskriven, eller så är"
                " databasen återställd från en äldre säkerhetskopia och har gått vidare på"
                " annat sätt",
            )
