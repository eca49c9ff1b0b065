"""A scale of dates: where a day lies, which days get a tick, and how these are written."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from desk.drawing.svg import HAIR, QUIET, WIDTH, label, rule, width_of
from projections.words import day as day_in_words

_MONTHS_BETWEEN_TICKS = (1, 3, 6, 12, 24, 60, 120, 240, 480, 1200)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Days from `first` to `last` on a stretch from `left` to `right`."""

    first: dt.date
    last: dt.date
    left: float
    right: float

    def at(self, day: dt.date) -> float:
        """Where a day begins; days outside the scale lie at its ends."""
        within = min(max(day, self.first), self.last)
        return self.left + (self.right - self.left) * (within - self.first).days / (self.last - self.first).days

    def ticks(self) -> list[tuple[dt.date, str]]:
        """First days of months, quarters or years, at most one for every sixty units, each with its label."""
        at_most = max(2, int((self.right - self.left) / 60))
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        every = next((step for step in _MONTHS_BETWEEN_TICKS if months // step <= at_most), _MONTHS_BETWEEN_TICKS[-1])
        index = -(-(self.first.year * 12 + self.first.month - 1) // every) * every
        found: list[tuple[dt.date, str]] = []
        while (day := dt.date(index // 12, index % 12 + 1, 1)) <= self.last:
            if day >= self.first:
                month_and_year = day_in_words(day).partition(" ")[2]
                found.append((day, str(day.year) if day.month == 1 else month_and_year))
            index += every
        return found

    def axis(self, top: float, bottom: float) -> str:
        """The ticks as hairlines from top to bottom, with their labels beneath."""
        parts = []
        for day, words in self.ticks():
            x = self.at(day)
            parts.append(rule(x, top, x, bottom, stroke=HAIR, stroke_width=0.6))
            within = min(x, WIDTH - 2 - width_of(words, 9.5) / 2)
            parts.append(label(within, bottom + 11, words, font_size=9.5, fill=QUIET, text_anchor="middle"))
        return "".join(parts)


def scale_of(days: Iterable[dt.date], ahead_to: dt.date, left: float, right: float) -> TimeScale:
    """A scale on which the first of some days and a date ahead have room beside them."""
    first, last = min(days, default=ahead_to), ahead_to
    first = min(first, last)
    room = max(dt.timedelta(days=20), (last - first) / 25)
    earliest = dt.date.min + room
    return TimeScale(max(first, earliest) - room, last + room, left, right)
