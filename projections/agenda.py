"""The days that a pass goes through."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


def put(day: dt.date, days: list[dt.date]) -> None:
    """Put a day in its place among others, unless it is there."""
    place = bisect_left(days, day)
    if place == len(days) or days[place] != day:
        days.insert(place, day)


class Agenda:
    """The days on which anything can change. It grows as they are gone through, always behind the day at hand."""

    def __init__(self, known: Iterable[dt.date]) -> None:
        self.known = tuple(sorted(known))
        """The days known beforehand."""
        self.noted: list[tuple[dt.date, dt.date]] = []
        """The days put on the agenda later, each behind the day on which that was done."""
        self.days = list(self.known)
        self.today = dt.date.min

    def look_at(self, day: dt.date) -> None:
        """Put a later day on the agenda."""
        if day > self.today:
            self.noted.append((self.today, day))
            put(day, self.days)

    def next_after(self, day: dt.date) -> dt.date | None:
        """The first day of the agenda after one."""
        place = bisect_right(self.days, day)
        return self.days[place] if place < len(self.days) else None

    def with_day(self, day: dt.date) -> "Agenda":
        """The same with one more day, to go on from there."""
        other = Agenda(self.known)
        other.noted, other.days, other.today = list(self.noted), list(self.days), self.today
        put(day, other.days)
        return other

    def take_over(self, others: "Agenda", before: dt.date) -> None:
        """Take over what stands on another agenda before a day, and what had been noted for later by then."""
        self.noted = [(on, day) for on, day in others.noted if on < before]
        later = {day for day in (*self.known, *(day for _, day in self.noted)) if day >= before}
        self.days = [*others.days[: bisect_left(others.days, before)], *sorted(later)]
