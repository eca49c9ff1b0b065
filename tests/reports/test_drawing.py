import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as some

from desk.drawing import Band, Drawing, Edge, Node, Panel, Row, Span, Step, bands, calendar, graph, steps
from desk.drawing.graph import Box, Layout, Point, layout
from desk.drawing.statuses import LOOKS, area, patterns
from desk.drawing.svg import WIDTH, fitting, fitting_smaller, number, width_of
from desk.drawing.timescale import TimeScale
from projections.words import LEGAL
from tests.reports.golden import compare

DAY = dt.date(2002, 11, 15)

ROWS = (
    Row(
        "cit",
        (
            Band(dt.date(1997, 3, 19), dt.date(2000, 2, 1), "no_default"),
            Band(dt.date(2000, 2, 1), dt.date(2000, 5, 1), "waived"),
            Band(dt.date(2000, 5, 1), dt.date(2003, 1, 3), "event_of_default", ("inferred", "deemed")),
            Band(dt.date(2003, 1, 3), None, "accelerated"),
        ),
    ),
    Row("notes", (Band(dt.date(2001, 1, 31), None, "no_default"),)),
)
PANELS = (
    Panel(
        "congress",
        (
            Step(dt.date(2002, 1, 1), None),
            Step(dt.date(2002, 3, 1), Decimal("0.0575"), Decimal("0.0675")),
            Step(dt.date(2002, 9, 1), Decimal("0.0525"), Decimal("0.0625"), ("inferred",)),
        ),
    ),
)
SPANS = (
    Span("first", dt.date(2000, 1, 31), dt.date(2000, 5, 1), in_force=False, ended="expired"),
    Span("second", dt.date(2002, 10, 31), dt.date(2003, 1, 3), in_force=True, marks=("deemed",)),
    Span("third", None, None, in_force=False),
)
NODES = (
    Node("notes", "no Default", "no_default"),
    Node("waiver", "in force"),
    Node("cit", "waived", "waived", ("inferred",)),
)
EDGES = (Edge("notes", "cit", "default"), Edge("notes", "waiver", "rescission"), Edge("waiver", "cit", "covers"))

DRAWINGS = (
    bands("bands", ROWS, DAY),
    steps("steps", PANELS, DAY),
    calendar("calendar", SPANS, DAY),
    graph("graph", NODES, EDGES),
)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: str(drawing.name))
def test_a_drawing_is_the_golden_one(drawing: Drawing) -> None:
    compare(f"{drawing.name}.svg", f"{drawing.standalone}\n")


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: str(drawing.name))
def test_a_drawing_is_well_formed_says_what_it_shows_and_stays_within_its_frame(drawing: Drawing) -> None:
    root = ElementTree.fromstring(drawing.standalone)
    title, says = root.findtext("{*}title"), root.findtext("{*}desc")
    assert title
    assert says
    for each in root.iter("{http://www.w3.org/2000/svg}rect"):
        right = float(each.get("x", 0)) + float(each.get("width", 0))
        bottom = float(each.get("y", 0)) + float(each.get("height", 0))
        assert right <= WIDTH + 0.01
        assert bottom <= drawing.height + 0.01


@pytest.mark.parametrize(
    ("drawing", "marks", "lines"),
    [
        (0, "inferred, deemed", [None, "4.5 2.5"]),
        (1, "inferred", [None]),
        (2, "deemed", ["4.5 2.5"]),
        (3, "inferred", [None]),
    ],
)
def test_what_rests_on_less_than_stated_facts_has_a_line_beneath_it_a_word_in_the_legend_and_words_for_the_blind(
    drawing: int, marks: str, lines: list[str | None]
) -> None:
    root = ElementTree.fromstring(DRAWINGS[drawing].standalone)
    words = [each.text for each in root.findall(".//{*}text") if (each.text or "").startswith("rests on")]
    assert words == [f"rests on what is {mark}" for mark in marks.split(", ")]
    assert f"({marks})" in (root.findtext("{*}desc") or "")
    drawn = [each.get("stroke-dasharray") for each in root.findall(".//{*}line") if each.get("stroke-width") == "1"]
    assert drawn.count(lines[0]) >= 2
    assert set(drawn) == set(lines)


def test_what_rests_on_stated_facts_alone_has_no_line_beneath_it() -> None:
    assert "rests on" not in bands("plain", (Row("cit", (Band(DAY, None, "waived", ("stated",)),)),), DAY).standalone


def test_a_drawing_within_a_page_names_no_address() -> None:
    for drawing in DRAWINGS:
        assert "http" not in drawing.inline
        assert "http://www.w3.org/2000/svg" in drawing.standalone


def test_names_are_text_and_never_elements() -> None:
    drawn = bands("b", (Row("<script>&", (Band(DAY, None, "waived"),)),), DAY)
    assert "<script>" not in drawn.inline
    assert "&lt;script&gt;&amp;" in drawn.inline


def test_a_band_is_thin_from_the_date_on() -> None:
    heights = [
        each.get("height")
        for each in ElementTree.fromstring(DRAWINGS[0].standalone).iter()
        if each.get("fill") == "none"
    ]
    assert {"16", "7"} <= set(heights)


def test_a_rate_that_is_not_stated_leaves_a_gap_in_the_line() -> None:
    begins = TimeScale(dt.date(2002, 1, 1), DAY, 0, 100)
    assert begins.at(dt.date(2002, 1, 1)) == 0
    line = re.search(r'd="(M[^"]*)" fill="none" stroke="#1d2430"', DRAWINGS[1].inline)
    assert line is not None
    assert line[1].count("M") == 1
    assert float(line[1][1:].split()[0]) > 100


# --- numbers and words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "0"), (-0.001, "0"), (-0.5, "-0.5"), (10.0, "10"), (100.104, "100.1"), (2, "2")]
)
def test_a_coordinate_is_written_as_short_as_it_goes(value: float, written: str) -> None:
    assert number(value) == written


@for_all(some.text(min_size=1, max_size=40), some.integers(10, 200))
def test_what_is_cut_to_fit_fits(words: str, room: int) -> None:
    assert width_of(fitting(words, room)) <= max(room, width_of("…"))


@for_all(some.dates(dt.date(1901, 1, 1), dt.date(2150, 1, 1)), some.integers(1, 60000))
def test_ticks_are_few_in_order_and_within_the_scale(first: dt.date, days: int) -> None:
    scale = TimeScale(first, first + dt.timedelta(days=min(days, 17000)), 100, 672)
    ticks = [day for day, _ in scale.ticks()]
    assert ticks == sorted(set(ticks))
    assert all(scale.first <= day <= scale.last for day in ticks)
    assert len(ticks) <= 11


# --- colours ---------------------------------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes (2009), severity 1: how readers without one kind of cone see linear RGB.
SEEN_WITHOUT = {
    "red cones": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green cones": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue cones": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "nothing": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
PATTERNED = {"not_open", "closed", "waived", "forborne", "default", "accelerated"}


def linear(colour: str) -> tuple[float, ...]:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("without", SEEN_WITHOUT)
def test_plain_statuses_are_told_apart_by_readers_without_some_cones(without: str) -> None:
    seen = {
        legal: tuple(sum(a * b for a, b in zip(row, linear(look.fill), strict=True)) for row in SEEN_WITHOUT[without])
        for legal, look in LOOKS.items()
    }
    for one, other in combinations(set(LOOKS) - PATTERNED, 2):
        assert max(abs(a - b) for a, b in zip(seen[one], seen[other], strict=True)) > 0.2, (one, other)


def test_each_status_but_the_plain_ones_has_a_pattern_of_its_own_and_the_plain_ones_differ_in_grey() -> None:
    drawn = {legal: re.sub(f"-{legal}", "", patterns("p", [legal])) for legal in LOOKS}
    assert {legal for legal in LOOKS if drawn[legal]} == PATTERNED
    shapes = [re.sub(r"#[0-9a-f]{6}", "", each) for each in drawn.values() if each]
    assert len(set(shapes)) == len(PATTERNED)
    assert contrast(LOOKS["no_default"].fill, LOOKS["event_of_default"].fill) > 3


def test_words_on_a_status_can_be_read() -> None:
    for legal, look in LOOKS.items():
        assert contrast(look.fill, look.ink) > 4.5, legal


def test_every_status_has_a_look_and_a_letter_of_its_own() -> None:
    assert set(LOOKS) == set(LEGAL)
    assert len({look.letter for look in LOOKS.values()}) == len(LOOKS)
    assert "url(#d-waived)" in area("d", "waived", 0, 0, 1, 1)


# --- graphs ----------------------------------------------------------------------------------------------------------

NAMES = [f"n{index}" for index in range(9)]


@some.composite
def graphs(draw: some.DrawFn) -> tuple[list[Node], list[Edge]]:
    names = NAMES[: draw(some.integers(2, 9))]
    ends = some.tuples(some.sampled_from(names), some.sampled_from(names))
    kinds = some.sampled_from(("default", "rescission", "covers"))
    edges = draw(some.lists(some.builds(lambda both, kind: Edge(both[0], both[1], kind), ends, kinds), max_size=20))
    return [Node(name, "", "waived") for name in names], edges


def along(points: tuple[Point, ...]) -> Iterator[Point]:
    """Points on a drawn edge: on the curves between layers, and on the level stretches within them."""
    for index, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        bend = (to_x - x) / 2
        for step in range(21):
            t = step / 20
            if index % 2:
                yield x + (to_x - x) * t, y
                continue
            shares = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            xs, ys = (x, x + bend, to_x - bend, to_x), (y, y, to_y, to_y)
            yield (
                sum(a * b for a, b in zip(shares, xs, strict=True)),
                sum(a * b for a, b in zip(shares, ys, strict=True)),
            )


def within(point: Point, box: Box) -> bool:
    return box.x + 0.01 < point[0] < box.x + box.width - 0.01 and box.y - 0.5 < point[1] < box.y + box.height + 0.5


@for_all(graphs())
def test_no_edge_lies_behind_a_node(drawn: tuple[list[Node], list[Edge]]) -> None:
    laid = layout(*drawn)
    for edge, points in laid.lines.items():
        hidden = [name for name, box in laid.boxes.items() if any(within(point, box) for point in along(points))]
        assert hidden == [], edge


@for_all(graphs())
def test_every_edge_leads_from_its_own_node_to_its_own_node(drawn: tuple[list[Node], list[Edge]]) -> None:
    laid = layout(*drawn)
    assert set(laid.lines) == {edge for edge in drawn[1] if edge.from_ != edge.to}
    for edge, points in laid.lines.items():
        assert touches(points[0], laid.boxes[edge.from_])
        assert touches(points[-1], laid.boxes[edge.to])


def touches(point: Point, box: Box) -> bool:
    on_side = min(abs(point[0] - box.x), abs(point[0] - box.x - box.width)) < 0.01
    return on_side and box.y < point[1] < box.y + box.height


@for_all(graphs())
def test_no_two_nodes_overlap_and_all_lie_within_the_page(drawn: tuple[list[Node], list[Edge]]) -> None:
    laid: Layout = layout(*drawn)
    for one, other in combinations(laid.boxes.values(), 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert beside or one.y + one.height < other.y or other.y + other.height < one.y
    for box in laid.boxes.values():
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= laid.height + 0.01


@for_all(graphs())
def test_the_same_graph_lies_in_the_same_way(drawn: tuple[list[Node], list[Edge]]) -> None:
    assert graph("g", *drawn) == graph("g", *drawn)


def test_a_ring_is_drawn_with_one_edge_turned_round() -> None:
    nodes = [Node(name, "", "waived") for name in ("a", "b", "c")]
    laid = layout(nodes, [Edge("a", "b", "default"), Edge("b", "c", "default"), Edge("c", "a", "default")])
    leftward = [edge for edge, points in laid.lines.items() if points[-1][0] < points[0][0]]
    assert leftward == [Edge("c", "a", "default")]


def test_the_heads_of_many_edges_on_one_node_stay_apart() -> None:
    nodes = [Node("hub", "", "waived"), *(Node(f"spoke-{index}", "", "waived") for index in range(12))]
    edges = [Edge(node.name, "hub", "default") for node in nodes[1:]]
    heads = sorted(points[-1][1] for points in layout(nodes, edges).lines.values())
    assert all(other - one > 8 for one, other in pairwise(heads))


def test_a_long_name_is_written_smaller_before_it_is_cut() -> None:
    room = width_of("a-name-of-some-length", 9)
    assert fitting_smaller("a-name-of-some-length", room, (11, 10, 9)) == ("a-name-of-some-length", 9)
    assert fitting_smaller("a-name", room, (11, 10, 9)) == ("a-name", 11)
    cut, size = fitting_smaller("a-name-of-some-length-and-more", room, (11, 10, 9))
    assert (cut.endswith("…"), size) == (True, 9)
