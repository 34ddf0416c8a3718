"""What a picture of a process is made of: boxes, arrows, titles."""

from dataclasses import dataclass
from typing import Final

__all__ = ["LETTERS", "Arrow", "Node", "Picture", "Title", "cut", "wrapped"]

LETTERS: Final = 21
"""That surely fit in a line of a box."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box: a state, or an end."""

    key: tuple[str, str]
    """Kind and state."""
    x: float
    y: float
    width: float
    height: float
    standing: str
    """done, now, next or end."""
    lines: tuple[str, ...]
    """The title."""
    note: str
    """Who owes it."""
    count: int

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A line between two boxes, or from a box to a lane."""

    way: str
    """on, back, opens or starts."""
    points: tuple[Point, ...]
    label: str = ""
    spot: Point | None = None
    """Where the label stands, when it is not beside where the arrow begins."""

    @property
    def words_at(self) -> Point:
        """Give where its label begins."""
        x, y = self.points[0]
        return self.spot or (x + 8, y + 18)

    @property
    def path(self) -> str:
        """Give it as a path of SVG, without its heads."""
        first, *rest = self.points
        return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in rest)

    @property
    def head(self) -> str:
        """Give its head as a path of SVG."""
        return _head(*self.points[-2:])

    @property
    def tail(self) -> str:
        """Give the head at its other end; empty for one that leads only one way."""
        return _head(*reversed(self.points[:2])) if self.way == "opens" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What stands over a lane."""

    x: float
    y: float
    lines: tuple[str, ...]
    per: str
    """The kinds of unit that have one each."""
    picked: bool
    """Not all of them do: somebody chooses."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All of it, in units of the drawing."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    titles: tuple[Title, ...]


def _head(before: Point, tip: Point) -> str:
    x, y = tip
    if before[1] == y:
        back = -7 if x > before[0] else 7
        return f"M{x + back} {y - 4}L{x} {y}L{x + back} {y + 4}z"
    back = -7 if y > before[1] else 7
    return f"M{x - 4} {y + back}L{x} {y}L{x + 4} {y + back}z"


def wrapped(text: str) -> tuple[str, ...]:
    """Break a title into lines; a word that is longer than a line is parted."""
    lines: list[str] = []
    for word in text.split():
        left = word
        while left:
            room = LETTERS - len(lines[-1]) - 1 if lines else 0
            if len(left) <= room:
                lines[-1] += f" {left}"
                left = ""
            elif len(left) <= LETTERS:
                lines.append(left)
                left = ""
            else:
                lines.append(f"{left[: LETTERS - 1]}-")
                left = left[LETTERS - 1 :]
    return tuple(lines)


def cut(text: str, room: int) -> str:
    """Keep so many letters of a text that stands whole elsewhere."""
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
