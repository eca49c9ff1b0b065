"""Drawings in SVG, of our own: bands of status, step lines, graphs, calendars. The same for HTML, PDF and pages.

Each drawing is a pure function of its data: equal data are equal bytes. Colour never speaks alone; every colour has a
pattern and a word beside it.
"""

from desk.drawing.bands import Band, Row, bands
from desk.drawing.calendar import Span, calendar
from desk.drawing.graph import Edge, Node, graph
from desk.drawing.steps import Panel, Step, steps
from desk.drawing.svg import Drawing

__all__ = [
    "Band",
    "Drawing",
    "Edge",
    "Node",
    "Panel",
    "Row",
    "Span",
    "Step",
    "bands",
    "calendar",
    "graph",
    "steps",
]
