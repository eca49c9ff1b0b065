"""SVG as text: elements, numbers, the width of words, and a drawing that a page can hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

INK = "#1d2430"
QUIET = "#5c6675"
HAIR = "#c9cfd8"
PAPER = "#ffffff"

FONT = "'Libertinus Serif', 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, serif"

WIDTH = 680.0
"""The width of every drawing: that of a page."""


@dataclass(frozen=True)
class Drawing:
    """A drawing with what it says in words, for those who do not see it."""

    name: str
    title: str
    says: str
    height: float
    body: str
    definitions: str = ""

    @property
    def inline(self) -> str:
        """As an element within an HTML page, which scales it to the width that there is."""
        return self._svg("")

    @property
    def standalone(self) -> str:
        """As a file of its own."""
        return self._svg(' xmlns="http://www.w3.org/2000/svg"')

    def _svg(self, namespace: str) -> str:
        defined = f"<defs>{self.definitions}</defs>" if self.definitions else ""
        return (
            f'<svg{namespace} viewBox="0 0 {number(WIDTH)} {number(self.height)}" width="{number(WIDTH)}" '
            f'height="{number(self.height)}" role="img" aria-labelledby="{self.name}-title {self.name}-says" '
            f'font-family="{FONT}" font-size="11" fill="{INK}">'
            f'<title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-says">{escape(self.says)}</desc>{defined}{self.body}</svg>'
        )


def number(value: float) -> str:
    """A coordinate to a hundredth, as short as it goes."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def element(name: str, *children: str, **attributes: object) -> str:
    """An element; the underscores of attribute names become hyphens, None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _attribute(value: object) -> str:
    return number(value) if isinstance(value, int | float) else escape(str(value))


def label(x: float, y: float, words: str, **attributes: object) -> str:
    """Words whose baseline begins at a point, or ends or has its middle there by `text_anchor`."""
    return element("text", escape(words), x=x, y=y, **attributes)


def on_lines(x: float, y: float, words: str, **attributes: object) -> str:
    """Words that lines behind them do not cross: the paper shows around their letters."""
    return label(x, y, words, **attributes, stroke=PAPER, stroke_width=3, paint_order="stroke")


def rule(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def group(*children: str, **attributes: object) -> str:
    """Elements that share attributes."""
    return element("g", *children, **attributes)


_NARROW, _SLIM, _WIDE = frozenset("ijlI.,;:'|!·"), frozenset("frst()[]-/ "), frozenset("mwMW%@—…")


def width_of(words: str, size: float = 11) -> float:
    """About how wide words are in a serif face, rather too wide than too narrow."""
    units = sum(
        0.3 if c in _NARROW else 0.42 if c in _SLIM else 0.9 if c in _WIDE else 0.72 if c.isupper() else 0.54
        for c in words
    )
    return units * size


def fitting(words: str, room: float, size: float = 11) -> str:
    """Words, cut with an ellipsis where they are too wide for the room."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def fitting_smaller(words: str, room: float, sizes: Iterable[float]) -> tuple[str, float]:
    """Words with the first of some sizes, from large to small, at which they fit; cut, where they fit at none."""
    size = 0.0
    for size in sizes:
        if width_of(words, size) <= room:
            return words, size
    return fitting(words, room, size), size


def fitting_one_of(candidates: Iterable[str], room: float, size: float = 11) -> str:
    """The first of several ways to say something that fits the room; none, where none does."""
    return next((each for each in candidates if width_of(each, size) <= room), "")
