"""A process laid out: lanes of boxes, and arrows that pass between them.

Each kind of case is a lane of states from top to bottom. Beside every lane run two
gutters: to the left for what leads past a neighbour, to the right for what opens cases
of another kind; above every row of lanes runs a bus for the latter. Every arrow has a
track of its own there, so nothing is drawn across a box, whatever the definition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from web.charts.column import PORT, WIDTH, Column, Edge
from web.charts.labels import Labels
from web.charts.picture import LETTERS, Arrow, Node, Picture, Title, cut, wrapped
from workflow.service.reading.process.lanes import Box, Lane, Opening

__all__ = ["draw_process"]

LINE: Final = 15
GAP: Final = 28
"""Between two boxes: room for an arrow and its words."""
LABEL: Final = 24
"""Letters of an arrow's words."""
SHORT: Final = 13
"""Letters of a kind of unit, where more is said beside it."""
TRACK: Final = 8
HEAD: Final = 56
"""For the title of a lane."""
ROW: Final = 1200
"""Lanes that are wider together go on in another row."""


@dataclass(frozen=True, slots=True)
class _Trunk:
    """What a state opens: those that it waits for, or those that it does not."""

    column: Column
    box: Box
    awaited: bool

    @property
    def opened(self) -> list[Opening]:
        """Give the kinds that it leads to."""
        return [one for one in self.box.opens if one.awaited is self.awaited]


def draw_process(lanes: Sequence[Lane], labels: Labels) -> Picture:
    """Lay out the lanes of a process."""
    columns = [_column(lane, labels) for lane in lanes]
    trunks = [
        _Trunk(column, box, awaited)
        for column in columns
        for box in column.lane.boxes
        for awaited in _openings(box)
    ]
    for column in columns:
        column.expected = sum(
            1 for trunk in trunks for one in trunk.opened if one.kind == column.lane.kind
        )
    bus = TRACK * (len(trunks) + 1)
    tops = _place(columns, bus)
    arrows = [arrow for column in columns for arrow in _within(column)]
    for number, trunk in enumerate(trunks, start=1):
        arrows += _Router(columns, tops, bus, TRACK * number).open(trunk)
    return Picture(
        width=max(column.x + column.width for column in columns),
        height=max(column.y + column.bottom for column in columns) + GAP,
        nodes=tuple(
            replace(node, x=column.x + column.left, y=column.y + node.y)
            for column in columns
            for node in column.nodes.values()
        ),
        arrows=tuple(arrows),
        titles=tuple(_title(column) for column in columns),
    )


def _place(columns: Sequence[Column], bus: float) -> list[float]:
    """Put the lanes beside one another, in several rows where they are many; gives where
    each row begins."""
    margin = bus if sum(column.width for column in columns) > ROW else 0
    tops = [0.0]
    x = margin
    for column in columns:
        if x > margin and x + column.width > ROW:
            placed = [one for one in columns if one.row == len(tops) - 1 and one.y]
            tops.append(max(one.y + one.bottom for one in placed) + GAP)
            x = margin
        column.x, column.y, column.row = x, tops[-1] + bus + HEAD, len(tops) - 1
        x += column.width
    return tops


# ---- a lane ----------------------------------------------------------------------------


def _column(lane: Lane, labels: Labels) -> Column:
    order = [box.key for box in lane.boxes] + [key for key, _, _ in lane.ends]
    edges = list(_edges(lane, labels))
    straight = [one for one in edges if order.index(one.end) == order.index(one.begin) + 1]
    inner = [one for one in edges if one not in straight]
    inner.sort(key=lambda one: abs(order.index(one.end) - order.index(one.begin)))
    nodes = {}
    y = 0.0
    for node in _nodes(lane, inner):
        nodes[node.key[1]] = replace(node, y=y)
        y += node.height + GAP
    trunks = sum(len(_openings(box)) for box in lane.boxes)
    return Column(
        lane=lane,
        nodes=nodes,
        straight=straight,
        inner=inner,
        left=TRACK * (len(inner) + 2),
        right=TRACK * (trunks + 2),
    )


def _openings(box: Box) -> list[bool]:
    return sorted({one.awaited for one in box.opens}, reverse=True)


def _edges(lane: Lane, labels: Labels) -> Iterator[Edge]:
    """Give what leads where within a lane, each pair once."""
    seen: set[tuple[str, str]] = set()
    for box in lane.boxes:
        found = [Edge(box.key, box.next_to, "on", labels.when(box.wait_for))] if box.next_to else []
        found += [
            Edge(box.key, one.to, "back" if one.is_back else "on", one.title) for one in box.buttons
        ]
        found += [Edge(box.key, box.at_due, "on", labels.expired)] if box.at_due else []
        for one in found:
            if (one.begin, one.end) not in seen and one.begin != one.end:
                seen.add((one.begin, one.end))
                yield one


def _nodes(lane: Lane, inner: Sequence[Edge]) -> Iterator[Node]:
    for box in lane.boxes:
        note = cut(", ".join(box.owes), LETTERS + 3)
        lines = wrapped(box.title)
        rows = len(lines) + bool(note) + (bool(box.count) or box.standing == "done")
        least = PORT * (len(_openings(box)) + 1)
        key = lane.kind, box.key
        height = max(_height(box.key, rows, inner), least)
        yield _node(key, height, box.standing, lines, note, box.count)
    for end, title, count in lane.ends:
        lines = wrapped(title)
        height = _height(end, len(lines) + bool(count), inner)
        yield _node((lane.kind, end), height, "end", lines, "", count)


def _height(key: str, rows: int, inner: Sequence[Edge]) -> float:
    ports = sum((key == one.begin) + (key == one.end) for one in inner)
    return max(LINE * rows + 14, PORT * (ports + 1))


def _node(
    key: tuple[str, str],
    height: float,
    standing: str,
    lines: tuple[str, ...],
    note: str,
    count: int,
) -> Node:
    return Node(
        key=key,
        x=0,
        y=0,
        width=WIDTH,
        height=height,
        standing=standing,
        lines=lines,
        note=note,
        count=count,
    )


def _title(column: Column) -> Title:
    lines = wrapped(column.lane.name)[:2]
    return Title(
        x=column.x + column.left,
        y=column.y - HEAD,
        lines=lines,
        per=cut(", ".join(column.lane.per), SHORT if column.lane.picked else LABEL),
        picked=column.lane.picked,
        count=column.lane.count,
    )


# ---- arrows ----------------------------------------------------------------------------


def _within(column: Column) -> Iterator[Arrow]:
    """Draw what stays in a lane."""
    edge = column.x + column.left
    for one in column.straight:
        x = edge + 16
        begin, end = column.nodes[one.begin], column.nodes[one.end]
        points = ((x, column.y + begin.bottom), (x, column.y + end.y))
        yield Arrow(way=one.way, points=points, label=cut(one.label, LABEL))
    for number, one in enumerate(column.inner, start=1):
        x = edge - TRACK * (number + 0.5)
        begin_y, end_y = column.port(one.begin, "left"), column.port(one.end, "left")
        around = ((edge, begin_y), (x, begin_y), (x, end_y), (edge, end_y))
        words = cut(one.label, LABEL) if _has_room_above(column, one) else ""
        spot = (edge + 24, column.y + column.nodes[one.end].y - 10)
        yield Arrow(way=one.way, points=around, label=words, spot=spot)


def _has_room_above(column: Column, edge: Edge) -> bool:
    """Say whether what leads past a neighbour may be named above where it leads: nothing
    comes there straight, and nothing else that leads on."""
    there = [one for one in column.inner if one.end == edge.end and one.way == "on"]
    return there == [edge] and all(one.end != edge.end for one in column.straight)


@dataclass(frozen=True, slots=True)
class _Router:
    """Draws what one state opens, on a track of its own."""

    columns: Sequence[Column]
    tops: Sequence[float]
    bus: float
    track: float

    def open(self, trunk: _Trunk) -> Iterator[Arrow]:
        """Draw an arrow to each lane that a state opens cases in."""
        column = trunk.column
        column.trunks += 1
        right = column.x + column.left + WIDTH
        gutter = right + TRACK * (column.trunks + 0.5)
        y = column.port(trunk.box.key, "right")
        for one in trunk.opened:
            target = next(each for each in self.columns if each.lane.kind == one.kind)
            points = ((right, y), (gutter, y), *self._across(column, target, gutter))
            yield Arrow(way="opens" if trunk.awaited else "starts", points=points)

    def _across(
        self, column: Column, target: Column, gutter: float
    ) -> Iterator[tuple[float, float]]:
        """Go from the gutter along a bus to the head of a lane, by the margin when it lies
        in a row beyond the next."""
        target.arrivals += 1
        share = target.arrivals / (target.expected + 1)
        entry = round(target.x + target.left + WIDTH * share, 1)
        first = column.row + 1 if target.row > column.row else column.row
        yield gutter, self._bus(first)
        if first != target.row:
            yield self.track, self._bus(first)
            yield self.track, self._bus(target.row)
        yield entry, self._bus(target.row)
        yield entry, self.tops[target.row] + self.bus

    def _bus(self, row: int) -> float:
        return self.tops[row] + self.track
