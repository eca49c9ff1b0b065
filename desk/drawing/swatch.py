"""A small field of each status, to stand beside its word in a table."""

from collections.abc import Iterable

from desk.drawing.statuses import LOOKS, area, patterns
from desk.drawing.svg import element
from projections.states import Legal

_WIDTH, _HEIGHT = 16, 10
_FIELD = (0.4, 0.4, _WIDTH - 0.8, _HEIGHT - 0.8)
_BOX = f"0 0 {_WIDTH} {_HEIGHT}"


def swatch(legal: Legal) -> str:
    """The field of a status as a file of its own."""
    return element(
        "svg",
        element("defs", patterns("own", [legal])),
        area("own", legal, *_FIELD),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=_BOX,
        width=_WIDTH,
        height=_HEIGHT,
    )


def symbols(used: Iterable[Legal]) -> str:
    """The fields of some statuses, defined once for an HTML page, which then shows them by `field`."""
    wanted = set(used)
    there = [legal for legal in LOOKS if legal in wanted]
    drawn = (element("symbol", area("field", legal, *_FIELD), id=f"field-of-{legal}", viewBox=_BOX) for legal in there)
    return element("svg", element("defs", patterns("field", there)), *drawn, width=0, height=0, aria_hidden="true")


def field(legal: Legal) -> str:
    """The field of a status on an HTML page that defines it."""
    shown = element("use", href=f"#field-of-{legal}")
    return element("svg", shown, class_="field", width=_WIDTH, height=_HEIGHT, aria_hidden="true")
