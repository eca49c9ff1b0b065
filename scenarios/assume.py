"""What if this had happened, or that had not? Facts are assumed behind a prefix; the ledger never sees them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from ledger.book import Book
from ledger.facts import Fact, FirstHandFact, Standing
from ledger.facts.terms import RateStep
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected
from projections.answer import Known
from projections.report import FacilityOn, report
from projections.story import why
from projections.view import Derivation, View
from scenarios.axes import Axis, named
from scenarios.compare import Comparison
from scenarios.draft import Draft
from scenarios.over_time import OverTime, Sides
from scenarios.steps import Assumption, Change, Length, Move, Removal, Replacement, Shift, Step, Unfit


def assume(prefix: Prefix, facts: Iterable[Fact]) -> Prefix:
    """The prefix with these facts as if they had been recorded next, at the positions after its last.

    They pass the rules that recorded facts pass: Rejected, with the `index` of the fact, where one does not.
    """
    what_if = WhatIf(prefix)
    what_if.assume(*facts)
    return what_if.assumed


class Taken(NamedTuple):
    """A step that was taken, and the facts that it came to, at the positions that they would have."""

    step: Step
    facts: tuple[Recorded, ...]


class WhatIf:
    """A prefix of a ledger, and what is assumed on top of it so far. Each assumption holds whole or not at all.

    A fact of the record is named by its `key`, its `position`, or by what it names: `waiver="cit-2001-07"`; likewise
    `facility`, `document`, `amendment`, `offer`, `act`, `fee`.
    """

    def __init__(self, prefix: Prefix, standing: Standing = "inferred", *, as_stood: bool = False) -> None:
        self.prefix = prefix
        """The ledger's own."""
        self._given = prefix
        self.standing: Standing = standing
        self.as_stood = as_stood
        self.taken: tuple[Taken, ...] = ()
        """What is assumed, step by step; what was taken as given among it."""
        self._draft = Draft.of(prefix)
        self._derived: dict[tuple[bool, dt.date | None], Derivation] = {}
        self._like: Derivation | None = None
        """What was derived last, before more was assumed."""
        self._as_is: list[Sides] = []

    def branch(self) -> "WhatIf":
        """Another what-if that begins with what this one assumes."""
        other = WhatIf.__new__(WhatIf)
        other.prefix, other.standing, other.as_stood = self.prefix, self.standing, self.as_stood
        other._given, other.taken = self._given, self.taken
        other._draft = self._draft.copy()
        other._derived, other._like, other._as_is = dict(self._derived), self._like, self._as_is
        return other

    @property
    def known(self) -> Known:
        """The name of the ledger's prefix."""
        return View.of(self.prefix, dt.date.min).known

    def __getstate__(self) -> dict[str, Any]:
        """What another process is given: what is derived from it, that process derives itself."""
        return {**self.__dict__, "_derived": {}, "_like": None, "_as_is": []}

    # --- what is assumed ---------------------------------------------------------------------------------------------

    @property
    def assumed(self) -> Prefix:
        """The prefix with everything assumed behind it."""
        return self._draft.prefix

    @property
    def assumptions(self) -> tuple[Recorded, ...]:
        """The facts assumed, at the positions that they would have."""
        return self.assumed.records[self.prefix.position :]

    def take_as_given(self) -> None:
        """Let what is assumed so far count as it is, too: comparisons are made with it from now on."""
        self._given, self._derived, self._as_is = self.assumed, {}, []

    def assume(self, *facts: Fact) -> None:
        """Assume more facts, in this order; corrections among them. Raises Rejected with the `index` of the fact."""
        self.do([Assumption(fact=fact) for fact in facts])

    def remove(self, **which: Any) -> None:
        """Assume that a fact had not been. Raises Rejected."""
        self.do([Removal(**which)])

    def replace(self, by: FirstHandFact, **which: Any) -> None:
        """Assume that another fact had been in the place of one. Raises Rejected."""
        self.do([Replacement(by=by, **which)])

    def change(self, to: dict[str, Any], **which: Any) -> None:
        """Assume that some fields of a fact had held something else. Raises Rejected and Unfit."""
        self.do([Change(to=to, **which)])

    def move(
        self, *, date: str = "effective", to: dt.date | None = None, by: Length | None = None, **which: Any
    ) -> None:
        """Assume that a date in a fact had been another, or so much later. Raises Rejected and Unfit."""
        self.do([Move(date=date, to=to, by=by, **which)])

    def shift(
        self,
        index: str,
        *,
        by: Decimal | None = None,
        to: Decimal | None = None,
        path: Sequence[tuple[dt.date, Decimal]] | None = None,
        from_: dt.date | None = None,
        until: dt.date | None = None,
    ) -> None:
        """Assume that an index had been fixed higher or lower, at one level, or along a path. Raises Rejected."""
        steps = None if path is None else tuple(RateStep(from_=day, rate=rate) for day, rate in path)
        self.do([Shift(index=index, by=by, to=to, path=steps, from_=from_, until=until)])

    def do(self, steps: Sequence[Step]) -> None:
        """Take these steps, in this order, or none: Rejected and Unfit have the `index` of the one that cannot be."""
        draft, taken = self._draft.copy(), []
        for index, step in enumerate(steps):
            before = draft.register.position
            try:
                for fact in step.facts(draft):
                    draft.assume(fact)
            except (Rejected, Unfit) as refusal:
                refusal.index = index
                raise
            taken.append(Taken(step, draft.prefix.records[before:]))
        self._draft, self.taken = draft, (*self.taken, *taken)
        self._like = self._derived.get((True, None), self._like)
        self._derived = {whose: derived for whose, derived in self._derived.items() if not whose[0]}

    def axis(self, name: str, values: Axis | Sequence[Any]) -> Axis:
        """The axis of a sweep that a keyword means: `act_on`, or the name of an index. Raises Rejected."""
        return named(name, values, self._draft, self.prefix.position)

    # --- what would follow -------------------------------------------------------------------------------------------

    def view(self, on: dt.date, *, assumed: bool = True) -> View:
        """What would follow on a date, with what is assumed; or what follows, without."""
        as_stood_on = on if self.as_stood else None
        if (assumed, as_stood_on) not in self._derived:
            prefix = self.assumed if assumed else self._given
            like = self._like or self._derived.get((False, None)) if assumed and as_stood_on is None else None
            self._derived[assumed, as_stood_on] = Derivation(prefix, self.standing, as_stood_on, like)
        return View(self._derived[assumed, as_stood_on], on)

    def named(self, on: dt.date, names: Collection[str] | None = None) -> tuple[str, ...]:
        """The facilities asked about, or all that are there as it is or as it would be.

        Raises Rejected (`facility_not_found`) for one that is in neither.
        """
        there = tuple(dict.fromkeys((*self.view(on, assumed=False).timelines, *self.view(on).timelines)))
        for name in names or ():
            if name not in there:
                raise Rejected(
                    "facility_not_found",
                    f"The what-if asks about the facility {name}.",
                    forbidden_by="The record, as known and as assumed, has none of that name.",
                    remedy=f"Write {' or '.join(get_close_matches(name, there) or there[:12])}."
                    if there
                    else "There is none yet: record a FacilityOpened, or ask with later knowledge.",
                )
        return there if names is None else tuple(names)

    def compare(self, on: dt.date, facilities: Collection[str] | None = None) -> Comparison:
        """The answers on a date, as it is and as it would be. Raises Rejected (`facility_not_found`)."""
        as_is, as_would_be = self.view(on, assumed=False), self.view(on)
        names = self.named(on, facilities)
        before, after = (
            report(view, None if facilities is None else [name for name in names if name in view.timelines])
            for view in (as_is, as_would_be)
        )
        return Comparison(before, after, self.prefix.position, _whys(as_is, as_would_be))

    def over_time(self, first: dt.date, last: dt.date, facilities: Collection[str] | None = None) -> OverTime:
        """Both histories side by side, from a first day through a last one; of all facilities or of those named.

        Raises Rejected: `facility_not_found`; `as_stood_over_time`, because what stood is asked of one date.
        """
        if self.as_stood:
            raise Rejected(
                "as_stood_over_time",
                f"What stood is asked from {first} through {last}.",
                forbidden_by="Which papers had been executed is another question on each date.",
                remedy="Ask on single dates, or count every paper.",
            )
        if not self._as_is:
            self._as_is.append(Sides(self.view(last, assumed=False)))
        return OverTime(self._as_is[0], Sides(self.view(last)), first, last, self.named(last, facilities))


def _whys(as_is: View, as_would_be: View) -> dict[str, str]:
    """Why the status of a facility would be what it is not, in a line."""
    whys: dict[str, str] = {}
    for name, timeline in as_would_be.timelines.items():
        on, there = FacilityOn(as_would_be, timeline, name), as_is.timelines.get(name)
        if there is None or there.on(as_is.as_of).legal[name] != on.day.legal[name]:
            whys[name] = why(on)
    return whys


@contextmanager
def what_if(
    book: Book,
    known_at: int | dt.datetime | dt.date | None = None,
    *,
    standing: Standing = "inferred",
    as_stood: bool = False,
) -> Iterator[WhatIf]:
    """A what-if on a ledger as known at a position, an instant or the end of a day; the ledger is only read."""
    yield WhatIf(book.prefix(known_at), standing, as_stood=as_stood)
