"""What the fonts that come with typst have letters for. Where they have none, a page says so and draws no boxes."""

import re
import unicodedata
from itertools import groupby

_DRAWN = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x18F, 0x18F),
    (0x192, 0x192),
    (0x1CD, 0x1DC),
    (0x1E6, 0x1E7),
    (0x1EA, 0x1EB),
    (0x1FA, 0x1FF),
    (0x218, 0x21B),
    (0x259, 0x259),
    (0x2C6, 0x2C7),
    (0x2D8, 0x2DD),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x490, 0x491),
    (0x1E80, 0x1E85),
    (0x1E9E, 0x1E9E),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x2044, 0x2044),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2153, 0x215E),
    (0x2190, 0x2195),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
"""Ranges of characters that the serif face draws; a test has it draw every one of them."""


def is_drawn(character: str) -> bool:
    """Whether the fonts have a letter for a character."""
    return any(first <= ord(character) <= last for first, last in _DRAWN)


def drawable(words: str) -> str:
    """Words in which each stretch without letters is replaced by what it is: `‹CJK, 4 characters›`."""
    if words.isascii() and words.isprintable():
        return words
    composed = re.sub(r"\s", " ", unicodedata.normalize("NFC", words))
    if all(map(is_drawn, composed)):
        return composed
    runs = groupby(_with_spaces_inside(composed), key=lambda each: each[1])
    return "".join(
        "".join(character for character, _ in run) if drawn else _told("".join(character for character, _ in run))
        for drawn, run in ((drawn, list(run)) for drawn, run in runs)
    )


def _with_spaces_inside(words: str) -> list[tuple[str, bool]]:
    """Each character with whether it is drawn; a space between two that are not belongs to them."""
    drawn = [is_drawn(character) for character in words]
    for index in range(1, len(words) - 1):
        if words[index] == " " and not drawn[index - 1] and not is_drawn(words[index + 1]):
            drawn[index] = False
    return list(zip(words, drawn, strict=True))


def _told(run: str) -> str:
    """What a stretch is; marks that join or stand on other characters are not counted."""
    letters = [character for character in run if unicodedata.category(character) not in ("Zs", "Mn", "Me", "Cf")]
    scripts = dict.fromkeys(map(_script, letters)) or ["unnamed"]
    count = len(letters) or len(run)
    return f"‹{' and '.join(scripts)}, {count} {'character' if count == 1 else 'characters'}›"


def _script(character: str) -> str:
    word = unicodedata.name(character, "unnamed").split()[0].removesuffix(",")
    return word if word == "CJK" else word.title()
