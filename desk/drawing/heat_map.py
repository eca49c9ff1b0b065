"""A heat map: a field for each combination of two things that were varied, with a status or a figure in it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from desk.drawing.statuses import LOOKS, area, legend, patterns
from desk.drawing.svg import INK, PAPER, QUIET, WIDTH, Drawing, element, fitting, label, width_of
from projections.states import Legal
from projections.words import LEGAL, NOT_STATED

Cell = Legal | Decimal | None
"""What a field shows; None is not stated."""

_TOP, _LEGEND, _GROUND = 34.0, 44.0, (0x24, 0x57, 0xA6)


def heat_map(
    name: str,
    title: str,
    across: tuple[str, Sequence[str]],
    down: tuple[str, Sequence[str]],
    cells: Mapping[tuple[str, str], Cell],
) -> Drawing:
    """A heat map of statuses, or of figures, which grow darker as they grow; axes by name and values, cells by both."""
    (across_name, columns), (down_name, rows) = across, down
    left = 14 + max([width_of(down_name, 10), *(width_of(each, 10) for each in rows)], default=0)
    wide = (WIDTH - 8 - left) / max(len(columns), 1)
    tall = min(24.0, max(10.0, wide))
    bottom = _TOP + tall * len(rows)
    figures = sorted(cell for cell in cells.values() if isinstance(cell, Decimal))
    used: set[Legal] = {cell for cell in cells.values() if isinstance(cell, str)}
    parts = [label(8, _TOP - 8, down_name, font_size=10, fill=QUIET)]
    parts.append(label(WIDTH - 8, 12, across_name, font_size=10, fill=QUIET, text_anchor="end"))
    parts += _headings(columns, left, wide)
    for at, row in enumerate(rows):
        y = _TOP + at * tall
        parts.append(label(8, y + tall / 2 + 4, fitting(row, left - 12, 10), font_size=10))
        for place, column in enumerate(columns):
            parts.append(_field(name, cells.get((column, row)), figures, left + place * wide, y, wide, tall))
    parts.append(legend(name, used, 8, bottom + 24) if used else _scale(figures, bottom + 24))
    says = " ".join(
        f"{across_name} {column}, {down_name} {row}: {_words(cells.get((column, row)))}."
        for row in rows
        for column in columns
    )
    return Drawing(name, title, says, bottom + _LEGEND, "".join(parts), patterns(name, used))


def _headings(columns: Sequence[str], left: float, wide: float) -> list[str]:
    """The values across, as many of them as there is room for."""
    room = max((width_of(column, 9.5) for column in columns), default=1.0) + 8
    each = max(1, int(-(-room // wide)))
    shown = list(enumerate(columns))[::each]
    return [label(left + at * wide + 1, _TOP - 8, column, font_size=9.5, fill=QUIET) for at, column in shown]


def _field(name: str, cell: Cell, figures: Sequence[Decimal], x: float, y: float, wide: float, tall: float) -> str:
    match cell:
        case str():
            words = LOOKS[cell].letter if wide >= 14 else ""
            drawn = area(name, cell, x, y, wide, tall)
            return drawn + _inside(words, x, y, wide, tall, LOOKS[cell].ink)
        case Decimal():
            share = _share(cell, figures)
            box = {"x": x, "y": y, "width": wide, "height": tall}
            drawn = element("rect", **box, fill=_shade(share), stroke=PAPER, stroke_width=0.6)
            words = f"{cell:,f}"
            fits = words if width_of(words, 9) < wide - 4 else ""
            return drawn + _inside(fits, x, y, wide, tall, PAPER if share > 0.5 else INK)
        case None:
            return element("rect", x=x, y=y, width=wide, height=tall, fill=PAPER, stroke=QUIET, stroke_width=0.4)


def _inside(words: str, x: float, y: float, wide: float, tall: float, ink: str) -> str:
    if not words:
        return ""
    return label(x + wide / 2, y + tall / 2 + 3.5, words, font_size=9, text_anchor="middle", fill=ink)


def _share(figure: Decimal, figures: Sequence[Decimal]) -> float:
    span = figures[-1] - figures[0]
    return float((figure - figures[0]) / span) if span else 0.0


def _shade(share: float) -> str:
    red, green, blue = (round(0xF2 + (ink - 0xF2) * share) for ink in _GROUND)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _scale(figures: Sequence[Decimal], y: float) -> str:
    if not figures:
        return label(8, y, NOT_STATED, font_size=10)
    parts, x = [], 8.0
    for figure in dict.fromkeys((figures[0], figures[len(figures) // 2], figures[-1])):
        parts.append(element("rect", x=x, y=y - 9, width=18, height=11, fill=_shade(_share(figure, figures))))
        parts.append(label(x + 23, y, f"{figure:,f}", font_size=10))
        x += 23 + width_of(f"{figure:,f}", 10) + 14
    return "".join(parts)


def _words(cell: Cell) -> str:
    match cell:
        case str():
            return LEGAL[cell]
        case Decimal():
            return f"{cell:,f}"
        case None:
            return NOT_STATED
