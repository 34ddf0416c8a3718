"""The plan as a picture: days become places on a line, in a wide drawing and a narrow one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from web.charts.calendar import Mark, Scale, months, rests
from web.visit import Visit
from workflow.service.reading.rounds.step import Bar

__all__ = ["Drawing", "Line", "Shape", "Words", "describe", "draw_narrow", "draw_wide"]

LETTER: Final = 5.6
"""Width of a letter of the second line's size, about; a text is never drawn wider."""
WIDE: Final = 1010
LABELS: Final = 250
NARROW: Final = 256
HALF: Final = 56
"""Half the width of the words for today."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn: a class of the style sheet, and a path."""

    css: str
    path: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something written: a class, a place, and the text."""

    css: str
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plan."""

    y: float
    shapes: tuple[Shape, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All of it, in units of the drawing."""

    width: int
    height: int
    top: float
    bottom: float
    left: float
    months: tuple[Mark, ...]
    rests: tuple[Mark, ...]
    lines: tuple[Line, ...]
    today: float | None
    today_text: float
    """Where the word for today stands, so that it does not leave the drawing."""


def _scale(bars: Sequence[Bar], today: date | None, left: float, right: float) -> Scale:
    days = [
        day
        for bar in bars
        for day in (bar.first_on, bar.last_on, bar.done_on, bar.slack_until, bar.moved_from, today)
        if day is not None
    ]
    return Scale(min(days), max(days), left, right)


# ---- words -----------------------------------------------------------------------------


def describe(visit: Visit, bar: Bar) -> str:
    """Say how it is with a line of the plan, in a few words."""
    return ", ".join(_said(visit, bar))


def _said(visit: Visit, bar: Bar) -> Iterator[str]:
    say = visit.say
    tally = bar.part.tally if bar.part else None
    if bar.done_on is not None:
        day = say.day(bar.done_on)
        yield visit.text(f"klart {day}", f"done {day}")
    elif bar.part and bar.part.alone:
        yield bar.part.alone[:1].lower() + bar.part.alone[1:]
        if bar.last_on is not None:
            yield visit.text(f"till {say.day(bar.last_on)}", f"until {say.day(bar.last_on)}")
    elif bar.part and tally and bar.standing != "next":
        there = visit.text("inne", "in") if bar.part.handed_in else visit.text("klara", "done")
        of = visit.text("av", "of")
        yield f"{tally.reached} {of} {tally.total} {there}"
        if bar.part.late:
            late = visit.text("sent" if bar.part.late == 1 else "sena", "late")
            yield f"{bar.part.late} {late}"
    elif bar.last_on is not None:
        yield _days(visit, bar)
        if bar.standing == "late":
            yield say.distance(bar.last_on)
    else:
        yield visit.text("inget datum", "no date")
    if bar.slack_days:
        n = bar.slack_days
        yield visit.text(
            f"sedan {n} {'arbetsdags' if n == 1 else 'arbetsdagars'} glapp",
            f"then {n} working {'day' if n == 1 else 'days'} to spare",
        )
    if bar.moved_from is not None:
        day = say.day(bar.moved_from)
        yield visit.text(f"flyttat från {day}", f"moved from {day}")


def _days(visit: Visit, bar: Bar) -> str:
    voice, today = visit.say.voice, visit.say.today
    if bar.last_on is None:
        return ""
    return voice.days(bar.first_on or bar.last_on, bar.last_on, today)


# ---- drawing ---------------------------------------------------------------------------


def draw_wide(visit: Visit, bars: Sequence[Bar], today: date | None) -> Drawing:
    """Draw the plan with its labels to the left and its words beside the bars."""
    scale = _scale(bars, today, LABELS + 8, WIDE - 8)
    top, pitch = 38, 36
    lines = []
    for number, bar in enumerate(bars):
        y = top + number * pitch
        shapes, left, right = _shapes(scale, bar, y + 10, 16, today)
        words = [*_label(bar, y), _beside(describe(visit, bar), left, right, y + 22)]
        lines.append(Line(y + pitch, tuple(shapes), tuple(words)))
    frame = _Frame(width=WIDE, top=top, bottom=top + len(bars) * pitch, foot=28)
    return _drawing(visit.language, scale, lines, frame, today)


def draw_narrow(visit: Visit, bars: Sequence[Bar], today: date | None) -> Drawing:
    """Draw the plan with each label above its bar."""
    scale = _scale(bars, today, 2, NARROW - 2)
    y = 34
    lines = []
    for bar in bars:
        last = bar.done_on or bar.last_on
        day = visit.say.day(last) if last else ""
        css = "tb" if bar.standing in ("act", "late") else ""
        label = _wrapped(bar.title, int((NARROW - len(day) * LETTER - 12) / 7))
        words = [Words(css, 0, y + 14 + 16 * n, text) for n, text in enumerate(label)]
        words.append(Words("t2 tr", NARROW, y + 14, day))
        below = y + 6 + 16 * len(label)
        shapes, _, _ = _shapes(scale, bar, below, 13, today)
        y = below + 25
        lines.append(Line(y, tuple(shapes), tuple(words)))
    frame = _Frame(width=NARROW, top=32, bottom=y, foot=2)
    return _drawing(visit.language, scale, lines, frame, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    width: int
    top: float
    bottom: float
    foot: float


def _drawing(
    language: str, scale: Scale, lines: Sequence[Line], frame: _Frame, today: date | None
) -> Drawing:
    now = scale.x(today) if today else None
    return Drawing(
        width=frame.width,
        height=round(frame.bottom + frame.foot),
        top=frame.top,
        bottom=frame.bottom,
        left=scale.left,
        months=tuple(months(language, scale)),
        rests=tuple(rests(language, scale)),
        lines=tuple(lines),
        today=now,
        today_text=min(max(now or 0, scale.left + HALF), frame.width - HALF),
    )


def _shapes(
    scale: Scale, bar: Bar, y: float, height: float, today: date | None
) -> tuple[list[Shape], float, float]:
    """Draw a bar; gives also where it begins and ends."""
    if bar.last_on is None and bar.done_on is None:
        return [], scale.left, scale.left
    last = bar.done_on or bar.last_on or scale.last
    first = min(bar.first_on or last, last)
    shapes: list[Shape] = []
    if bar.moved_from is not None:
        middle = y + height / 2
        shapes.append(Shape("con", f"M{scale.x(bar.moved_from)} {middle}H{scale.x(last)}"))
        shapes.append(Shape("f-next", _diamond(scale.x(bar.moved_from), y, height * 0.6)))
    if bar.is_meeting and first == last:
        css = {"done": "f-done", "late": "f-late", "act": "f-act"}.get(bar.standing, "f-next")
        shapes.append(Shape(css, _diamond(scale.x(last), y, height)))
        left, right = scale.x(last), scale.x(last) + height
    else:
        left, right = scale.x(first), max(scale.end(last), scale.x(first) + 5)
        shapes += _bar(scale, bar, (left, right), (y, height), today)
        if bar.standing == "late" and today and scale.x(today) > right:
            right = scale.x(today)
    if bar.slack_until is not None:
        until = scale.end(bar.slack_until)
        shapes.append(Shape("slack", f"M{right + 5} {y + height / 2}H{max(until, right + 6)}"))
        right = max(until, right)
    if bar.moved_from is not None:
        was = scale.x(bar.moved_from)
        left, right = min(left, was), max(right, was + height)
    return shapes, left, right


def _bar(
    scale: Scale,
    bar: Bar,
    ends: tuple[float, float],
    across: tuple[float, float],
    today: date | None,
) -> Iterator[Shape]:
    left, right = ends
    if bar.standing == "done" or today is None:
        yield Shape("f-done", _box(left, right, *across))
        return
    yield Shape("f-next", _box(left, right, *across))
    if bar.standing == "next":
        return
    now = scale.x(today)
    yield Shape("f-act", _box(left, max(min(now, right), left + 4), *across))
    if bar.standing == "late":
        begun, ended = right, now
        if now <= right:
            begun, ended = max(now - 10, left), min(max(now, left + 4), right)
        yield Shape("bg", _box(begun, ended, *across))
        yield Shape("f-hatch", _box(begun, ended, *across))


def _box(left: float, right: float, y: float, height: float) -> str:
    return f"M{left} {y}H{round(right, 1)}V{y + height}H{left}Z"


def _diamond(x: float, y: float, size: float) -> str:
    half = round(size / 2 + 1, 1)
    return f"M{x + half} {y + size / 2 - half:.1f}l{half} {half}-{half} {half}-{half}-{half}z"


def _label(bar: Bar, y: float) -> Iterator[Words]:
    lines = _wrapped(bar.title, 38)
    begin = y + 22 if len(lines) == 1 else y + 15
    css = "tb" if bar.standing in ("act", "late") else ""
    for number, text in enumerate(lines):
        yield Words(css, 0, begin + 15 * number, text)


def _wrapped(text: str, room: int) -> list[str]:
    """Break a title into two lines; what is longer is cut, and stands whole in the table."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [line if len(line) <= room else f"{line[: room - 1]}…" for line in lines[:2]]
    if len(lines) > 2:
        kept[1] = f"{kept[1][: room - 1].rstrip()}…"
    return kept


def _beside(text: str, left: float, right: float, y: float) -> Words:
    """Put words to the right of a bar; where there is no room, to the left."""
    width = len(text) * LETTER
    if right + 8 + width <= WIDE:
        return Words("t2", right + 8, y, text)
    if left - 8 - width >= LABELS:
        return Words("t2 tr", left - 8, y, text)
    return Words("t2 tr over", WIDE - 4, y - 14, text)
