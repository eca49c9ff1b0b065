"""What leaves facilities uncovered, and the fewest waivers that would cover it, as a graph."""

from collections.abc import Mapping

from desk.drawing.graph import Edge, Node, facility, graph
from desk.drawing.svg import Drawing
from projections.states import Legal
from projections.words import day
from scenarios.contagion import Cover


def cover_drawing(name: str, cover: Cover, legal: Mapping[str, Legal]) -> Drawing:
    """The failures behind what is uncovered, the facilities, and the waivers of the first way to cover it.

    `legal` has the statuses of the facilities that were asked about.
    """
    nodes, edges = dict[str, Node](), list[Edge]()
    for default in cover.uncovered:
        named, _, failure = default.split("/", 2)
        nodes[failure] = Node(failure, "a failure")
        nodes[named] = _facility(named, legal)
        edges.append(Edge(failure, named, "default"))
    for waiver in cover.ways[0] if cover.ways else ():
        title = f"waiver of {waiver.facility}"
        nodes[title] = Node(title, f"if granted on {day(cover.on)}")
        nodes.setdefault(waiver.facility, _facility(waiver.facility, legal))
        edges.append(Edge(title, waiver.facility, "covers"))
    return graph(name, list(nodes.values()), edges, f"What is uncovered on {day(cover.on)}, and what would cover it")


def _facility(name: str, legal: Mapping[str, Legal]) -> Node:
    return facility(name, legal[name]) if name in legal else Node(name, "not asked about", "not_open")
