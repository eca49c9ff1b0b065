"""What a value rests on, if on less than stated facts: a line beneath it, of the stroke that the word has in tables."""

from collections.abc import Iterable, Mapping, Sequence

from desk.drawing.svg import INK, label, rule, width_of

MARKS: Mapping[str, str | None] = {
    "inferred": None,
    "recited": "1 2",
    "deemed": "4.5 2.5",
    "assumed": "5 1.5 1 1.5",
}
"""The dashes of each line; in this order they lie beneath each other, and the legend lists them."""

_APART = 2.0
_SAMPLE = 22.0


def beneath(marks: Sequence[str], x: float, end: float, y: float) -> str:
    """A line a mark, from one place to another, the first one at a height."""
    lines = in_order(marks) if end > x else ()
    return "".join(_line(mark, x, end, y + _APART * place) for place, mark in enumerate(lines))


def marks_legend(used: Iterable[str], x: float, y: float) -> str:
    """The lines that were drawn, each with its word."""
    parts = []
    for mark in in_order(used):
        words = f"rests on what is {mark}"
        parts.append(_line(mark, x, x + _SAMPLE, y - 3))
        parts.append(label(x + _SAMPLE + 5, y, words, font_size=10))
        x += _SAMPLE + 5 + width_of(words, 10) + 12
    return "".join(parts)


def in_words(marks: Sequence[str]) -> str:
    """The marks behind a value, for those who do not see the lines."""
    return f" ({', '.join(in_order(marks))})" if in_order(marks) else ""


def in_order(marks: Iterable[str]) -> list[str]:
    """The marks that are drawn, each once: `stated` is not."""
    there = set(marks)
    return [mark for mark in MARKS if mark in there]


def _line(mark: str, x: float, end: float, y: float) -> str:
    return rule(x, y, end, y, stroke=INK, stroke_width=1, stroke_dasharray=MARKS[mark])
