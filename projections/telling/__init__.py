"""What changes from day to day in the story of a status: the teller's own memory, and how a step is made."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from ledger.facts.base import Fact
from projections import phrases, words
from projections.answer import Happening, HappeningKind, Step
from projections.causes import Cause
from projections.report import FacilityOn
from projections.standing import cited
from projections.states import Acceleration, Day, Default, GrantState, Legal


def group(items: Iterable[Default], key: Callable[[Default], Hashable]) -> Iterator[list[Default]]:
    """Defaults to which the same thing happened, together, in the order in which the first of each was met."""
    found: dict[Hashable, list[Default]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    yield from found.values()


@dataclass
class Telling:
    """A teller goes through the days, and tells what is different from the day before."""

    on: FacilityOn
    only: str | None = None
    """The one Default to tell of, if not all."""
    _defaults: dict[str, Default] = field(default_factory=dict)
    _grants: dict[tuple[int, ...], GrantState] = field(default_factory=dict)
    _accelerated: Acceleration | None = None
    _failures: set[tuple[Cause, dt.date]] = field(default_factory=set)
    _legal: Legal = "not_open"

    def fact(self, position: int) -> Fact:
        """The fact at a position."""
        return self.on.view.history.by_position[position].fact

    def _step(
        self,
        day: Day,
        what: HappeningKind,
        sentence: str,
        positions: Iterable[int],
        defaults: Iterable[Default] = (),
        *,
        clause: str | None = None,
        waiver: str | None = None,
        until: dt.date | None = None,
        as_of: dt.date | None = None,
        by: str | None = None,
        on: dt.date | None = None,
    ) -> Step:
        names = tuple(str(default.key) for default in defaults)
        happening = Happening(
            on=on or day.day, what=what, defaults=names, clause=clause, waiver=waiver, until=until, as_of=as_of, by=by
        )
        return cited(self.on, happening, sentence, positions)

    def _by(self, positions: Iterable[int]) -> str:
        """What cured something, in words."""
        facts = [self.fact(position) for position in positions]
        by = words.listed(dict.fromkeys(filter(None, map(phrases.cured_by, facts))))
        return f", {by}" if by else ""
