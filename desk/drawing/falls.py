"""The path of a fall as a graph: fact, clause, Default, the waiver that it ended, the next Default, the status."""

from collections import Counter
from collections.abc import Mapping

from desk.drawing.graph import Edge, EdgeKind, Node, graph
from desk.drawing.svg import Drawing
from scenarios.fall import Fall, How, Stop

_KINDS: Mapping[How, EdgeKind] = {
    "falls under": "makes",
    "makes": "makes",
    "ends": "rescission",
    "no longer covers": "uncovers",
    "would have covered": "uncovers",
}


def fall_drawing(name: str, fall: Fall) -> Drawing:
    """A fall. What is assumed says so."""
    titles = _titles(fall)
    nodes = [Node(titles[stop.name], _note(stop), stop.legal) for stop in fall.stops]
    edges = [Edge(titles[way.from_], titles[way.to], _KINDS[way.how]) for way in fall.ways]
    return graph(name, nodes, edges, "The path of the fall")


def _titles(fall: Fall) -> dict[str, str]:
    """The heading of each place, each once: where two would be the same, the second and later ones are numbered."""
    seen: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for stop in fall.stops:
        seen[stop.title] += 1
        titles[stop.name] = stop.title if seen[stop.title] == 1 else f"{stop.title} ({seen[stop.title]})"
    return titles


def _note(stop: Stop) -> str:
    return f"assumed: {stop.note}" if stop.assumed else stop.note
