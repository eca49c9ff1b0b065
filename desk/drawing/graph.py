"""A graph in layers, from left to right: what reaches what.

Cycles are opened by turning an edge round, nodes stand in the layer after all that reaches them, and an edge that
passes a layer has a place of its own in it. Between layers edges bend, within a layer they run level in their place: no
edge can lie behind a node.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from desk.drawing.marks import beneath, in_order, in_words, marks_legend
from desk.drawing.statuses import LOOKS, area, legend, patterns
from desk.drawing.svg import (
    INK,
    QUIET,
    WIDTH,
    Drawing,
    element,
    fitting_one_of,
    fitting_smaller,
    label,
    rule,
    width_of,
)
from projections.states import Legal
from projections.words import LEGAL

EdgeKind = Literal["default", "makes", "rescission", "with_waiver", "covers", "uncovers"]

_HEIGHT, _LEVEL, _APART, _TOP = 34.0, 8.0, 12.0, 10.0
_PORT = 9.0
"""How far apart edges reach a node at least, so that their heads stay apart."""
_SWEEPS = 8

_STYLES: Mapping[EdgeKind, tuple[str, dict[str, object]]] = {
    "default": ("a failure there is a Default here", {"stroke": INK, "stroke_width": 1.3}),
    "makes": ("leads to", {"stroke": INK, "stroke_width": 1.3}),
    "rescission": (
        "an act there ends the waiver",
        {"stroke": "#9c3b10", "stroke_width": 1.2, "stroke_dasharray": "6 3"},
    ),
    "with_waiver": ("ends with it", {"stroke": "#9c3b10", "stroke_width": 1.2, "stroke_dasharray": "6 2 1.5 2"}),
    "covers": ("covers", {"stroke": QUIET, "stroke_width": 1.1, "stroke_dasharray": "1.5 2.5"}),
    "uncovers": ("no longer covers", {"stroke": QUIET, "stroke_width": 1.1, "stroke_dasharray": "1.5 2.5"}),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A facility with its status, or a waiver (without one). `note` is what stands beneath its name."""

    name: str
    note: str
    legal: Legal | None = None
    marks: tuple[str, ...] = ()
    """What the note rests on, if on less than stated facts."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What leads from one node to another."""

    from_: str
    to: str
    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node lies."""

    x: float
    y: float
    width: float
    height: float


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies: boxes by node, and for each edge its stretches between layers, in its own direction."""

    boxes: Mapping[str, Box]
    lines: Mapping[Edge, tuple[Point, ...]]
    """The points at which an edge leaves and enters each layer that it touches; every second stretch runs level."""
    height: float


def graph(name: str, nodes: Sequence[Node], edges: Sequence[Edge], title: str = "What reaches what") -> Drawing:
    """A graph. Every end of an edge has to be among the nodes."""
    laid = layout(nodes, edges)
    used = {node.legal for node in nodes if node.legal is not None}
    kinds = [kind for kind in _STYLES if any(edge.kind == kind for edge in edges)]
    parts = [_edge(edge, laid.lines[edge]) for edge in laid.lines]
    parts += [_node(name, node, laid.boxes[node.name]) for node in nodes]
    parts.append(_legend_of_edges(kinds, laid.height + 20))
    parts.append(legend(name, used, 8, laid.height + 40))
    marked = in_order(mark for node in nodes for mark in node.marks)
    parts.append(marks_legend(marked, 8, laid.height + 58))
    reaches = [f"{edge.from_} to {edge.to}: {_STYLES[edge.kind][0]}." for edge in laid.lines]
    rests = [f"{node.name}: {node.note}{in_words(node.marks)}." for node in nodes if in_order(node.marks)]
    height = laid.height + (66 if marked else 48)
    return Drawing(name, title, " ".join([*reaches, *rests]), height, "".join(parts), patterns(name, used))


# --- layers ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Layers:
    """The nodes and the places of passing edges in each layer, from top to bottom; and what is next to what."""

    order: list[list[str]]
    before: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    after: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def layout(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layout:
    """Places for nodes and edges; the same graph always lies in the same way."""
    once = list(dict.fromkeys(edge for edge in edges if edge.from_ != edge.to))
    forward = _without_cycles([node.name for node in nodes], once)
    depth = _depths([node.name for node in nodes], forward.values())
    layers, routes = _layered(nodes, forward, depth)
    _order(layers)
    return _placed(nodes, once, forward, routes, layers)


def _without_cycles(names: Sequence[str], edges: Sequence[Edge]) -> dict[Edge, tuple[str, str]]:
    """Each edge with its ends in the direction of the layers: those that would close a cycle are turned round."""
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.from_].append(edge)
    state: dict[str, Literal["open", "done"]] = {}
    forward: dict[Edge, tuple[str, str]] = {}
    reached = {edge.to for edge in edges}
    for start in sorted(names, key=lambda name: name in reached):
        todo: list[tuple[str, int]] = [(start, 0)] if start not in state else []
        while todo:
            name, index = todo.pop()
            state[name] = "open"
            if index == len(out[name]):
                state[name] = "done"
                continue
            todo.append((name, index + 1))
            edge = out[name][index]
            turned = state.get(edge.to) == "open"
            forward[edge] = (edge.to, edge.from_) if turned else (edge.from_, edge.to)
            if edge.to not in state:
                todo.append((edge.to, 0))
    return forward


def _depths(names: Iterable[str], ends: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The layer of each node: one behind the last that leads to it; without one, just before the first it leads to."""
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for start, end in ends:
        after[start].add(end)
        before[end].add(start)
    depth = dict.fromkeys(names, 0)
    waiting = {name: len(before[name]) for name in depth}
    ready = [name for name in depth if not waiting[name]]
    for name in ready:
        for end in sorted(after[name]):
            depth[end] = max(depth[end], depth[name] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    for name in depth:
        if after[name] and not before[name]:
            depth[name] = min(depth[end] for end in after[name]) - 1
    return depth


def _layered(
    nodes: Sequence[Node], forward: Mapping[Edge, tuple[str, str]], depth: Mapping[str, int]
) -> tuple[_Layers, dict[Edge, list[str]]]:
    """The layers, and the way of each edge through them: its ends, and its places in the layers between."""
    layers = _Layers([[] for _ in range(max(depth.values(), default=0) + 1)])
    for node in nodes:
        layers.order[depth[node.name]].append(node.name)
    routes: dict[Edge, list[str]] = {}
    for index, (edge, (start, end)) in enumerate(forward.items()):
        places = [f"\0{index}.{layer}" for layer in range(depth[start] + 1, depth[end])]
        for layer, place in enumerate(places, depth[start] + 1):
            layers.order[layer].append(place)
        routes[edge] = [start, *places, end]
        for left, right in pairwise(routes[edge]):
            layers.after[left].append(right)
            layers.before[right].append(left)
    return layers, routes


def _order(layers: _Layers) -> None:
    """Order each layer by the middle of its neighbours, to and fro, and keep the order with the fewest crossings."""
    best, fewest = [list(layer) for layer in layers.order], _crossings(layers)
    for sweep in range(_SWEEPS):
        rightward = sweep % 2 == 0
        neighbours = layers.before if rightward else layers.after
        indices = range(1, len(layers.order)) if rightward else range(len(layers.order) - 2, -1, -1)
        for index in indices:
            beside = layers.order[index - 1 if rightward else index + 1]
            place = {name: at for at, name in enumerate(beside)}
            own = {name: at for at, name in enumerate(layers.order[index])}
            middles = {name: _middle([place[each] for each in neighbours[name]], own[name]) for name in own}
            layers.order[index].sort(key=lambda name, middles=middles: middles[name])  # type: ignore[misc]
        if (crossings := _crossings(layers)) < fewest:
            best, fewest = [list(layer) for layer in layers.order], crossings
    layers.order[:] = best


def _middle(places: Sequence[float], own: float) -> float:
    return sum(places) / len(places) if places else own


def _crossings(layers: _Layers) -> int:
    crossings = 0
    for left, right in pairwise(layers.order):
        place = {name: at for at, name in enumerate(right)}
        ends = [sorted(place[end] for end in layers.after[name]) for name in left]
        flat = [end for each in ends for end in each]
        crossings += sum(one > other for index, one in enumerate(flat) for other in flat[index + 1 :])
    return crossings


# --- places ----------------------------------------------------------------------------------------------------------


def _placed(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    forward: Mapping[Edge, tuple[str, str]],
    routes: Mapping[Edge, Sequence[str]],
    layers: _Layers,
) -> Layout:
    named = {node.name: node for node in nodes}
    columns = len(layers.order)
    wide = min(190.0, (WIDTH - 16) / (columns + (columns - 1) * 0.45))
    gap = (WIDTH - 16 - wide * columns) / (columns - 1) if columns > 1 else 0.0
    heights = {name: _height(layers, name) if name in named else _LEVEL for layer in layers.order for name in layer}
    tall = max(sum(heights[name] + _APART for name in layer) for layer in layers.order) - _APART
    tops = _tops(layers, heights, tall)
    boxes = {
        name: Box(8 + index * (wide + gap), _TOP + tops[name], wide, heights[name])
        for index, layer in enumerate(layers.order)
        for name in layer
    }
    ports = _ports(edges, routes, boxes)
    lines = {}
    for edge in edges:
        points = tuple(
            ports[edge, side, name] for name in routes[edge] for side in ("in", "out") if (edge, side, name) in ports
        )
        lines[edge] = points if forward[edge] == (edge.from_, edge.to) else points[::-1]
    return Layout({name: box for name, box in boxes.items() if name in named}, lines, _TOP + tall)


def _height(layers: _Layers, name: str) -> float:
    """As tall as the words in a node need, or the edges on its busier side."""
    return max(_HEIGHT, _PORT * (max(len(layers.before[name]), len(layers.after[name])) + 1))


def _tops(layers: _Layers, heights: Mapping[str, float], tall: float) -> dict[str, float]:
    """The top of each place: layers centred, then drawn towards the middle of what leads to them, in their order."""
    tops: dict[str, float] = {}
    for layer in layers.order:
        needed = sum(heights[name] + _APART for name in layer) - _APART
        top = (tall - needed) / 2
        for name in layer:
            tops[name], top = top, top + heights[name] + _APART
    for neighbours, order in (
        (layers.before, layers.order),
        (layers.after, layers.order[::-1]),
        (layers.before, layers.order),
    ):
        for layer in order:
            wanted = [
                _middle([tops[each] + heights[each] / 2 for each in neighbours[name]], tops[name] + heights[name] / 2)
                - heights[name] / 2
                for name in layer
            ]
            _settle(layer, wanted, heights, tops, tall)
    return tops


def _settle(
    layer: Sequence[str], wanted: Sequence[float], heights: Mapping[str, float], tops: dict[str, float], tall: float
) -> None:
    """Give each its wanted top as far as order, distance and the frame allow."""
    floor, room = [], 0.0
    for name in reversed(layer):
        room += heights[name]
        floor.append(tall - room)
        room += _APART
    lowest = 0.0
    for name, top, limit in zip(layer, wanted, reversed(floor), strict=True):
        tops[name] = max(lowest, min(top, limit))
        lowest = tops[name] + heights[name] + _APART


def _ports(
    edges: Sequence[Edge], routes: Mapping[Edge, Sequence[str]], boxes: Mapping[str, Box]
) -> dict[tuple[Edge, str, str], Point]:
    """Where edges leave each place on its right and enter it on its left, spread in the order of where they lead."""
    sides: dict[tuple[str, str], list[tuple[float, int, Edge]]] = defaultdict(list)
    for index, edge in enumerate(edges):
        for left, right in pairwise(routes[edge]):
            sides["out", left].append((boxes[right].y + boxes[right].height / 2, index, edge))
            sides["in", right].append((boxes[left].y + boxes[left].height / 2, index, edge))
    ports: dict[tuple[Edge, str, str], Point] = {}
    for (side, name), leading in sides.items():
        box = boxes[name]
        x = box.x + box.width if side == "out" else box.x
        for place, (_, _, edge) in enumerate(sorted(leading, key=lambda each: each[:2]), 1):
            ports[edge, side, name] = (x, box.y + box.height * place / (len(leading) + 1))
    return ports


# --- drawing ---------------------------------------------------------------------------------------------------------


def _edge(edge: Edge, points: Sequence[Point]) -> str:
    """A line that bends between layers and runs level within them, with its head."""
    (x, y), path = points[0], ""
    path = f"M{x:.2f} {y:.2f}"
    for index, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        bend = (to_x - x) / 2
        path += (
            f"H{to_x:.2f}"
            if index % 2
            else f"C{x + bend:.2f} {y:.2f} {to_x - bend:.2f} {to_y:.2f} {to_x:.2f} {to_y:.2f}"
        )
    style = _STYLES[edge.kind][1]
    (x, y), leftward = points[-1], points[-1][0] < points[0][0]
    return element("path", d=path, fill="none", **style) + _head(edge.kind, x, y, 1 if leftward else -1)


def _head(kind: EdgeKind, x: float, y: float, back: int) -> str:
    """An arrow; for what ends a waiver a bar across; for what covers a ring."""
    colour = str(_STYLES[kind][1]["stroke"])
    if kind == "covers":
        return element("circle", cx=x + back * 3.5, cy=y, r=3, fill="#ffffff", stroke=colour)
    if kind in ("default", "makes"):
        return element("path", d=f"M{x:.2f} {y:.2f}l{back * 7} -3.5v7z", fill=colour)
    return rule(x + back * 3, y - 5, x + back * 3, y + 5, stroke=colour, stroke_width=2.4)


def _node(name: str, node: Node, box: Box) -> str:
    waiver = node.legal is None
    parts = [
        element(
            "rect",
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height,
            rx=17 if waiver else 3,
            fill="#ffffff",
            stroke=INK,
            stroke_width=0.9,
        )
    ]
    inset = 15.0 if waiver else 20.0
    if node.legal is not None:
        parts.append(area(name, node.legal, box.x + 4, box.y + 4, 10, box.height - 8))
    room = box.width - inset - (12 if waiver else 4)
    middle = box.y + box.height / 2
    written, size = fitting_smaller(node.name, room, (11, 10, 9, 8))
    parts.append(label(box.x + inset, middle - 3, written, font_size=size, font_weight="bold"))
    ways = (node.note,) if node.legal is None else (node.note, LOOKS[node.legal].short)
    short = fitting_one_of(ways, room, 10)
    note, size = (short, 10.0) if short else fitting_smaller(node.note, room, (9, 8, 7.5))
    parts.append(label(box.x + inset, middle + 9, note, font_size=size, fill=QUIET))
    end = min(box.x + inset + width_of(note, size), box.x + box.width - 4)
    parts.append(beneath(node.marks, box.x + inset, end, middle + 12.5))
    return "".join(parts)


def _legend_of_edges(kinds: Iterable[EdgeKind], y: float) -> str:
    parts, x = [], 8.0
    for kind in kinds:
        words, style = _STYLES[kind]
        parts.append(rule(x, y - 3.5, x + 26, y - 3.5, **style))
        parts.append(_head(kind, x + 30, y - 3.5, -1))
        parts.append(label(x + 36, y, words, font_size=10))
        x += 36 + width_of(words, 10) + 14
    return "".join(parts)


def facility(name: str, legal: Legal, marks: tuple[str, ...] = ()) -> Node:
    """A node for a facility."""
    return Node(name, LEGAL[legal], legal, marks)
