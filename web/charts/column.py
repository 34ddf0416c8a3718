"""A lane of a picture while it is laid out, and what leads from place to place in it."""

from dataclasses import dataclass, field
from typing import Final

from web.charts.picture import Node
from workflow.service.reading.process.lanes import Lane

__all__ = ["PORT", "WIDTH", "Column", "Edge"]

WIDTH: Final = 158
"""Of a box."""
PORT: Final = 9
"""Between two arrows at a box."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What leads from one place of a lane to another."""

    begin: str
    end: str
    way: str
    label: str


@dataclass(slots=True, kw_only=True)
class Column:
    """A lane while it is laid out; its nodes lie at its own zero until it is placed."""

    lane: Lane
    nodes: dict[str, Node]
    straight: list[Edge]
    inner: list[Edge]
    left: float
    right: float
    x: float = 0
    y: float = 0
    row: int = 0
    arrivals: int = 0
    """Arrows from other lanes so far."""
    expected: int = 0
    """Arrows from other lanes in all."""
    trunks: int = 0
    """Arrows to other lanes so far."""
    ports: dict[tuple[str, str], int] = field(default_factory=dict)
    """Arrows at each side of each node so far."""

    @property
    def width(self) -> float:
        """Give the room it takes, gutters included."""
        return self.left + WIDTH + self.right

    @property
    def bottom(self) -> float:
        """Give where its last node ends."""
        return max(node.bottom for node in self.nodes.values())

    def port(self, state: str, side: str) -> float:
        """Take the next free height at a side of a node."""
        key = state, side
        self.ports[key] = self.ports.get(key, 0) + 1
        return self.y + self.nodes[state].y + PORT * self.ports[key]
