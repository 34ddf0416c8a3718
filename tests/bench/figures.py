"""A figure: measured against its floor in alternating blocks, and judged by its goal."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

BLOCKS = 9
"""Pairs of blocks per figure; the median of at least seven counts."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the bench."""

    name: str
    unit: str
    measured: float
    floor: float
    ratio: float
    """Median over the blocks."""
    goal: str
    ok: bool

    def show(self) -> None:
        """Print the line; as JSON with BENCH_JSON=1."""
        if os.environ.get("BENCH_JSON") == "1":
            print(json.dumps(self.__dict__))  # noqa: T201 - the bench's answer
            return
        verdict = "ok" if self.ok else "SHORT"
        print(  # noqa: T201
            f"{self.name:<44} {self.measured:>9.3f} {self.unit:<7} floor {self.floor:>9.3f}"
            f"  ratio {self.ratio:>6.3f}  goal {self.goal:<7} {verdict}",
            flush=True,
        )


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that some work takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def at_least(
    name: str, goal: float, ours: Callable[[], float], floor: Callable[[], float], *, per: int
) -> Figure:
    """Demand that a share of the floor's speed is kept.

    `ours` and `floor` each do `per` times the same and give the seconds. Short only
    when even the upper quartile of the blocks is under the goal.
    """
    pairs = [(ours(), floor()) for _ in range(BLOCKS)]
    ratios = [bare / own for own, bare in pairs]
    return Figure(
        name=name,
        unit="ms",
        measured=median(own for own, _ in pairs) / per * 1000,
        floor=median(bare for _, bare in pairs) / per * 1000,
        ratio=median(ratios),
        goal=f">={goal}",
        ok=quantiles(ratios, n=4)[2] >= goal,
    )


def at_most(
    name: str, goal: float, ours: Callable[[], float], floor: Callable[[], float], *, per: int
) -> Figure:
    """Demand that something costs at most so many times something else."""
    pairs = [(ours(), floor()) for _ in range(BLOCKS)]
    ratios = [own / other for own, other in pairs]
    return Figure(
        name=name,
        unit="ms",
        measured=median(own for own, _ in pairs) / per * 1000,
        floor=median(other for _, other in pairs) / per * 1000,
        ratio=median(ratios),
        goal=f"<={goal}",
        ok=quantiles(ratios, n=4)[0] <= goal,
    )


def same(name: str, ours: tuple[int, int], other: tuple[int, int]) -> Figure:
    """Demand that two of the same do exactly as much: steps of the database, and rows."""
    return Figure(
        name=name,
        unit="steps",
        measured=ours[0],
        floor=other[0],
        ratio=ours[0] / other[0],
        goal="==1.0",
        ok=ours == other,
    )


def within(name: str, limit_s: float, work: Callable[[], float], *, blocks: int = 7) -> Figure:
    """Demand that something is done within some seconds."""
    seconds = [work() for _ in range(blocks)]
    return Figure(
        name=name,
        unit="s",
        measured=median(seconds),
        floor=limit_s,
        ratio=median(seconds) / limit_s,
        goal="<=1.0",
        ok=quantiles(seconds, n=4)[0] <= limit_s,
    )
