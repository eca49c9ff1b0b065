"""The path of a fall as a graph: fact, clause, Default, the waiver that it ended, the next Default, the status."""

from collections import Counter
from collections.abc import Mapping

from desk.drawing.graph import Edge, EdgeKind, Node, graph
from desk.drawing.svg import Drawing
from scenarios.fall import Fall, How

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
    nodes = [Node(titles[stop.name], _short(stop.note), stop.legal) for stop in fall.stops]
    edges = [Edge(titles[way.from_], titles[way.to], _KINDS[way.how]) for way in fall.ways]
    return graph(name, nodes, edges, "The path of the fall")


def _titles(fall: Fall) -> dict[str, str]:
    """The heading of each place, each once: where two would be the same, the second and later ones are numbered."""
    seen: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for stop in fall.stops:
        title = f"{stop.title}, assumed" if stop.assumed else stop.title
        seen[title] += 1
        titles[stop.name] = title if seen[title] == 1 else f"{title} ({seen[title]})"
    return titles


def _short(note: str) -> str:
    """A note for a place with little room."""
    return note.replace("Event of Default since", "EoD since").removesuffix(" clause")
