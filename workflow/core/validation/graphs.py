"""Small questions about arrows between names. Nothing here recurses."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping

__all__ = ["Arrows", "circle_through", "components", "levels", "reached", "turned"]

Arrows = Mapping[str, Collection[str]]
"""From each name, where its arrows lead."""


def reached(starts: Iterable[str], arrows: Arrows) -> dict[str, int]:
    """Give every name that the arrows reach, with the fewest steps to it."""
    steps = dict.fromkeys(starts, 0)
    queue = deque(steps)
    while queue:
        here = queue.popleft()
        for there in arrows.get(here, ()):
            if there not in steps:
                steps[there] = steps[here] + 1
                queue.append(there)
    return steps


def levels(start: str, arrows: Arrows) -> dict[str, str | None]:
    """Give every name reached from `start` with the one it was first reached from."""
    before: dict[str, str | None] = {start: None}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in arrows.get(here, ()):
            if there not in before:
                before[there] = here
                queue.append(there)
    return before


def turned(arrows: Arrows) -> dict[str, list[str]]:
    """Turn every arrow round."""
    back: dict[str, list[str]] = {}
    for here, theres in arrows.items():
        for there in theres:
            back.setdefault(there, []).append(here)
    return back


def components(names: Iterable[str], arrows: Arrows) -> list[list[str]]:
    """Group names that reach each other; each group and the groups in the given order."""
    ordered = list(names)
    inside = set(ordered)
    here = {one: [two for two in arrows.get(one, ()) if two in inside] for one in ordered}
    finished = _finishing_order(ordered, here)
    back = turned(here)
    group: dict[str, str] = {}
    for start in reversed(finished):
        if start in group:
            continue
        group[start] = start
        waiting = [start]
        while waiting:
            for one in back.get(waiting.pop(), ()):
                if one not in group:
                    group[one] = start
                    waiting.append(one)
    groups: dict[str, list[str]] = {}
    for one in ordered:
        groups.setdefault(group[one], []).append(one)
    return list(groups.values())


def _finishing_order(names: Iterable[str], arrows: Arrows) -> list[str]:
    seen: set[str] = set()
    finished: list[str] = []
    for start in names:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(arrows.get(start, ())))]
        while path:
            here, rest = path[-1]
            there = next((one for one in rest if one not in seen), None)
            if there is None:
                finished.append(here)
                path.pop()
            else:
                seen.add(there)
                path.append((there, iter(arrows.get(there, ()))))
    return finished


def circle_through(group: Collection[str], arrows: Arrows) -> list[str] | None:
    """Give a way from the first of a group back to itself; None when there is none."""
    first = next(iter(group))
    inside = set(group)
    here = {one: [two for two in arrows.get(one, ()) if two in inside] for one in inside}
    before = levels(first, here)
    last = next((one for one in before if first in here[one]), None)
    if last is None:
        return None
    way = [first]
    step: str | None = last
    back: list[str] = []
    while step is not None and step != first:
        back.append(step)
        step = before[step]
    return [*way, *reversed(back), first]
