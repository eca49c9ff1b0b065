"""How a legal status looks: a colour, a pattern that grey print keeps, and words.

The colours keep apart for readers who see no red or no green; from better to worse they also grow darker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.drawing.svg import INK, PAPER, element, label, rule, width_of
from projections.states import Legal
from projections.words import LEGAL


@dataclass(frozen=True, slots=True)
class Look:
    """Fill, the colour of the pattern on it, the colour of words on it, and the words for little room."""

    fill: str
    mark: str
    ink: str
    short: str
    letter: str


LOOKS: Mapping[Legal, Look] = {
    "not_open": Look(PAPER, "#9aa3af", INK, "not open", "–"),
    "closed": Look("#dfe2e6", "#7d8794", INK, "closed", "C"),
    "no_default": Look("#dcefe6", "#dcefe6", INK, "none", "N"),
    "waived": Look("#f4e7a6", "#9a8412", INK, "waived", "W"),
    "forborne": Look("#b5d3ea", "#2c6a99", INK, "forborne", "F"),
    "default": Look("#f3b469", "#7d4300", INK, "Default", "D"),
    "event_of_default": Look("#bf4a15", "#bf4a15", PAPER, "EoD", "E"),
    "accelerated": Look("#47193a", "#d9b8cf", PAPER, "accel.", "A"),
}
"""From `projections.states.Legal` to its look; in this order the legend lists them."""

_STROKES: Mapping[Legal, tuple[str, ...]] = {
    "not_open": ("M0 7H2M5 7H7",),
    "closed": ("M0 2H7", "M0 5.5H7"),
    "waived": ("M-1 8L8 -1", "M-1 1L1 -1", "M6 8L8 6"),
    "forborne": ("M2 0V7", "M5.5 0V7"),
    "default": ("M1.5 1.5h1.6v1.6h-1.6z", "M5 5h1.6v1.6h-1.6z"),
    "accelerated": ("M0 0L7 7", "M7 0L0 7"),
}


def patterns(drawing: str, used: Iterable[Legal]) -> str:
    """The definitions of the patterns of these statuses, under names of the drawing's own."""
    wanted = set(used)
    return "".join(_pattern(drawing, legal) for legal in LOOKS if legal in wanted)


def _pattern(drawing: str, legal: Legal) -> str:
    mark = LOOKS[legal].mark
    strokes = [
        element("path", d=path, stroke=mark, stroke_width=0.9, fill=mark if legal == "default" else "none")
        for path in _STROKES.get(legal, ())
    ]
    if not strokes:
        return ""
    return element("pattern", *strokes, id=f"{drawing}-{legal}", width=7, height=7, patternUnits="userSpaceOnUse")


def area(drawing: str, legal: Legal, x: float, y: float, width: float, height: float) -> str:
    """A field of a status within a drawing that defines its pattern: its ground, the pattern over it, a frame."""
    box = {"x": x, "y": y, "width": width, "height": height}
    over = element("rect", **box, fill=f"url(#{drawing}-{legal})") if legal in _STROKES else ""
    ground = element("rect", **box, fill=LOOKS[legal].fill)
    return ground + over + element("rect", **box, fill="none", stroke=INK, stroke_width=0.6)


def on_status(legal: Legal, x: float, y: float, words: str, size: float) -> str:
    """Words on a status, on plain ground so that its pattern does not cross them."""
    look = LOOKS[legal]
    wide = width_of(words, size)
    ground = element("rect", x=x - 2, y=y - size * 0.82, width=wide + 2, height=size * 1.12, fill=look.fill, rx=2)
    return ground + label(x, y, words, font_size=size, fill=look.ink)


def legend(drawing: str, used: Iterable[Legal], x: float, y: float) -> str:
    """The statuses used, each with its words and, where bands are small, the letter that stands in them."""
    there, parts = set(used), []
    for legal, look in LOOKS.items():
        if legal in there:
            parts.append(area(drawing, legal, x, y - 9, 18, 11))
            words = f"{LEGAL[legal]} ({look.letter})"
            parts.append(label(x + 23, y, words, font_size=10))
            x += 23 + width_of(words, 10) + 12
    return "".join(parts)


def pointer(x: float, top: float, bottom: float, words: str, right: float) -> str:
    """The line of the date asked about, with its date beside its head, on the side where there is room."""
    to_the_left = x + width_of(words, 10) + 8 > right
    return rule(x, top, x, bottom, stroke=INK, stroke_width=1.2) + label(
        x + (-4 if to_the_left else 4),
        top + 8,
        words,
        font_size=10,
        font_weight="bold",
        text_anchor="end" if to_the_left else None,
    )
