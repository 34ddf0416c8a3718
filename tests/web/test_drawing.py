"""The picture of a process: for any definition nothing lies across anything else."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import processes
from processes.loader import examine
from web.charts.drawing import draw_process
from web.charts.labels import LABELS as ALL
from web.charts.picture import LETTERS, Arrow, Node, Picture, wrapped
from workflow.core.revision import Revision
from workflow.service.reading.process.lanes import Box, Button, Lane, Opening
from workflow.service.reading.process.process import Telling

FOLDERS = [
    *sorted(path.parent for path in Path(processes.__file__).parent.glob("*/process.toml")),
    Path(__file__).parents[1] / "definitions" / "outlined" / "kronoberg_prioritering",
]
LABELS = ALL["sv"]


def revision_in(folder: Path) -> Revision:
    """Give the revision of a folder."""
    found = examine(folder, year=2026).revision
    assert found is not None
    return found


def draw(revision: Revision, counts: dict[tuple[str, str], int] | None = None) -> Picture:
    """Draw a process of which no round has begun, or one that stands somewhere."""
    telling = Telling(revision=revision, language="sv", year=2026, counts=counts or {}, plan={})
    return draw_process(telling.lanes(), LABELS)


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def revision(request: pytest.FixtureRequest) -> Revision:
    """Each shipped process, and the one that is outlined."""
    return revision_in(request.param)


def test_there_are_seven() -> None:
    """The layout is tried on the six shipped processes and on a draft."""
    assert 7 == len(FOLDERS)


def test_every_state_and_end_has_a_box(revision: Revision) -> None:
    """Nothing of the definition is left out, and nothing stands twice."""
    picture = draw(revision)

    wanted = {
        (kind.key, place)
        for kind in revision.definition.case.values()
        for place in (*kind.state, *kind.ends)
    }
    assert wanted == {node.key for node in picture.nodes}
    assert len(wanted) == len(picture.nodes)


def test_every_way_on_has_an_arrow(revision: Revision) -> None:
    """There are as many arrows as there are pairs of places that something leads between,
    and kinds that a state opens."""
    picture = draw(revision)

    within, across = set(), 0
    for kind in revision.definition.case.values():
        for state in kind.state.values():
            ends = [one.to for one in state.transition.values()] + [state.next, state.at_due]
            within |= {(kind.key, state.key, to) for to in ends if to and to != state.key}
            across += len(state.opens) + len(state.starts)
    assert len(within) == sum(1 for one in picture.arrows if one.way in ("on", "back"))
    assert across == sum(1 for one in picture.arrows if one.way in ("opens", "starts"))


def test_boxes_lie_apart(revision: Revision) -> None:
    """No two boxes touch, whether something stands in them or not."""
    counts = {
        (kind.key, place): 123
        for kind in revision.definition.case.values()
        for place in (*kind.state, *kind.ends)
    }

    for picture in (draw(revision), draw(revision, counts)):
        assert [] == [
            (one.key, other.key)
            for one, other in combinations(picture.nodes, 2)
            if overlap(one, other)
        ]


def test_arrows_pass_beside_boxes(revision: Revision) -> None:
    """An arrow touches the boxes it leads between, at their edge, and goes through none."""
    picture = draw(revision)

    assert [] == [
        (arrow.points, node.key)
        for arrow in picture.arrows
        for node in picture.nodes
        if crosses(arrow, node)
    ]


def test_arrows_do_not_lie_upon_one_another(revision: Revision) -> None:
    """Two arrows may cross, but run along each other only where one state opens several."""
    picture = draw(revision)

    assert [] == [
        (one.points, other.points)
        for one, other in combinations(picture.arrows, 2)
        if one.points[0] != other.points[0]
        and any(along(a, b) for a in sections(one) for b in sections(other))
    ]


def test_everything_lies_inside(revision: Revision) -> None:
    """Nothing is drawn outside the picture."""
    picture = draw(revision)

    points = [point for arrow in picture.arrows for point in arrow.points]
    points += [(node.x + node.width, node.bottom) for node in picture.nodes]
    points += [(node.x, node.y) for node in picture.nodes]
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in points)


def test_words_fit_in_their_boxes(revision: Revision) -> None:
    """A title has as many lines as it needs, none longer than the box, and room for all."""
    for node in draw(revision).nodes:
        assert all(len(line) <= LETTERS for line in node.lines)
        assert node.height >= 15 * (len(node.lines) + bool(node.note)) + 10


@pytest.mark.parametrize(
    "title",
    ["", "x" * 200, "Ställningstagandeberedningsgruppen", "a b c", "två ord " * 20],
)
def test_titles_of_any_length_are_wrapped(title: str) -> None:
    """No word is lost, however long it is."""
    lines = wrapped(title)

    assert all(0 < len(line) <= LETTERS for line in lines)
    assert "".join(title.split()) == "".join(lines).replace("-", "").replace(" ", "")


# ---- any definition --------------------------------------------------------------------


@st.composite
def some_lanes(draw_from: st.DrawFn) -> list[Lane]:
    """Give lanes of any number, with arrows from anywhere to anywhere."""
    kinds = [f"k{number}" for number in range(draw_from(st.integers(1, 14)))]
    return [
        lane_of(kind, draw_from(st.integers(1, 6)), draw_from(st.integers(1, 3)), kinds, draw_from)
        for kind in kinds
    ]


def lane_of(kind: str, states: int, ends: int, kinds: list[str], draw_from: st.DrawFn) -> Lane:
    """Give a kind of case with so many states and ends."""
    places = [f"s{number}" for number in range(states)] + [f"e{number}" for number in range(ends)]
    chosen = st.lists(st.sampled_from(places), max_size=4)
    others = st.lists(st.sampled_from(kinds), max_size=3, unique=True)
    return Lane(
        kind=kind,
        name=f"Ärende {kind}",
        per=(),
        picked=False,
        help="",
        count=draw_from(st.integers(0, 9)),
        boxes=tuple(
            box_of(key, draw_from(chosen), draw_from(others), awaited=draw_from(st.booleans()))
            for key in places[:states]
        ),
        on_way=states,
        ends=tuple((key, "Slut", 0) for key in places[states:]),
        tells=(),
    )


def box_of(key: str, leads_to: list[str], opens: list[str], *, awaited: bool) -> Box:
    """Give a state with its buttons, and what it opens."""
    return Box(
        key=key,
        title="Ett steg på vägen",
        help="",
        standing="next",
        count=0,
        owes=("Ansvarig",),
        body="",
        helpers=(),
        deadline=None,
        reminders={},
        superior="",
        tells=(),
        edits=(),
        opens=tuple(Opening(kind=kind, name=kind, awaited=awaited) for kind in opens),
        wait_for="all",
        buttons=tuple(button_to(place) for place in leads_to),
        next_to="",
        next_title="",
        at_due="",
        at_due_title="",
    )


def button_to(place: str) -> Button:
    """Give a button that leads somewhere."""
    return Button(
        key=place,
        title=f"Till {place}",
        help="",
        to=place,
        to_title=place,
        is_back=False,
        by=(),
        guards=(),
        asks=(),
        other_than=(),
        signatures=1,
        deadline=None,
        reopens=(),
        begins=False,
    )


@settings(max_examples=150, deadline=None)
@given(some_lanes())
def test_any_process_can_be_drawn(lanes: list[Lane]) -> None:
    """However many kinds there are and whatever leads where: boxes lie apart, arrows pass
    beside them and not upon one another, and nothing lies outside."""
    picture = draw_process(lanes, LABELS)

    assert not any(overlap(*pair) for pair in combinations(picture.nodes, 2))
    assert not any(crosses(arrow, node) for arrow in picture.arrows for node in picture.nodes)
    assert not any(
        along(a, b)
        for one, other in combinations(picture.arrows, 2)
        if one.points[0] != other.points[0]
        for a in sections(one)
        for b in sections(other)
    )
    points = [point for arrow in picture.arrows for point in arrow.points]
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in points)


# ---- words -----------------------------------------------------------------------------

PATTERNS = Path(__file__).parents[2] / "docs" / "howto" / "patterns"


def words_of(pattern: str) -> list[str]:
    """Give what the arrows of a pattern say."""
    return [arrow.label for arrow in draw(revision_in(PATTERNS / pattern)).arrows if arrow.label]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("03-synchronization", "när alla är klara"),
        ("09-discriminator", "när en är klar"),
        ("30-partial-join", "när 2 är klara"),
        ("34-partial-join-of-instances", "när två av tre är klara"),
    ],
)
def test_an_arrow_says_how_many_are_waited_for(pattern: str, words: str) -> None:
    """All, one, a number or a share: it is never called all when it is fewer."""
    assert words in words_of(pattern)


def test_what_leads_past_a_neighbour_is_named_where_it_leads() -> None:
    """Both ways of a choice have their words, each above its own end."""
    picture = draw(revision_in(PATTERNS / "04-exclusive-choice"))

    (refused,) = [arrow for arrow in picture.arrows if arrow.label == "Avslå"]
    end = next(node for node in picture.nodes if node.key[1] == "avslagen")
    assert end.y - 28 < refused.words_at[1] < end.y
    assert {"Bevilja", "Avslå"} == set(words_of("04-exclusive-choice"))


@pytest.mark.parametrize(
    ("pattern", "per", "picked"),
    [
        ("01-sequence", "", False),
        ("14-instances-run-time", "Skola", False),
        ("06-multi-choice", "Råd", True),
        ("13-instances-design-time", "Ekonomi, Juridik, Miljö", False),
    ],
)
def test_a_title_says_for_which_units(pattern: str, per: str, picked: bool) -> None:
    """One for each, or for those that somebody chooses."""
    picture = draw(revision_in(PATTERNS / pattern))

    last = picture.titles[-1]
    assert (per, picked) == (last.per, last.picked)


# ---- geometry --------------------------------------------------------------------------


def overlap(one: Node, other: Node) -> bool:
    """Say whether two boxes touch."""
    beside = one.x + one.width < other.x or other.x + other.width < one.x
    return not (beside or one.bottom < other.y or other.bottom < one.y)


def crosses(arrow: Arrow, node: Node) -> bool:
    """Say whether an arrow goes through the inside of a box."""
    return any(
        max(x1, x2) > node.x
        and min(x1, x2) < node.x + node.width
        and max(y1, y2) > node.y
        and min(y1, y2) < node.bottom
        for (x1, y1), (x2, y2) in sections(arrow)
    )


def along(
    one: tuple[tuple[float, float], tuple[float, float]],
    other: tuple[tuple[float, float], tuple[float, float]],
) -> bool:
    """Say whether two sections run along each other for a while."""
    for axis in (0, 1):
        across = 1 - axis
        if one[0][axis] == one[1][axis] == other[0][axis] == other[1][axis]:
            low = max(min(point[across] for point in part) for part in (one, other))
            high = min(max(point[across] for point in part) for part in (one, other))
            if high - low > 0.1:
                return True
    return False


def sections(arrow: Arrow) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Give the straight parts of an arrow; every one is level or upright."""
    for begin, end in pairwise(arrow.points):
        assert begin[0] == end[0] or begin[1] == end[1]
        yield begin, end
