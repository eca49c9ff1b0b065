"""The state of a group of facilities at the end of a day: what the sweep finds, and what answers are read from."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ledger.facts.terms import Clause
from projections.defaults import DefaultKey, RootCause, threshold_of
from projections.terms import Said
from projections.waivers import Ending, Granted

Legal = Literal["not_open", "closed", "no_default", "waived", "default", "forborne", "event_of_default", "accelerated"]
DefaultStateName = Literal["grace", "continuing", "waived", "forborne", "cured"]
GrantStateName = Literal["pending", "not_yet", "in_force", "rescinded", "expired", "ended", "superseded"]


@dataclass(frozen=True, slots=True)
class Default:
    """A Default on a day."""

    key: DefaultKey
    root: RootCause
    clause: Said[Clause]
    arose: dt.date
    matures: dt.date | None = None
    """The day on which it becomes, or became, an Event of Default; None while a notice is outstanding."""
    event_of_default: bool = False
    outlives_failure: bool = False
    """Whether the failure is over, and the Event of Default continues because it does not heal by itself."""
    state: DefaultStateName = "grace"
    covered_by: tuple[Granted, ...] = ()
    cured_on: dt.date | None = None
    cured_because: tuple[int, ...] = ()
    above: frozenset[tuple[str, Decimal]] = frozenset()
    """The debts that were found above a threshold of its clause, each with that threshold."""

    def reached(self, debt: str, clause: Clause) -> bool:
        """Whether a debt needs no further test to bring it about: none while it lasts and the threshold is the same."""
        threshold = threshold_of(clause)
        return threshold is None or (debt, threshold) in self.above

    def reached_by(self, debt: str, clause: Clause) -> "Default":
        """The same once a debt was found above the threshold, if there is one."""
        threshold = threshold_of(clause)
        return self if threshold is None else replace(self, above=self.above | {(debt, threshold)})

    @property
    def original_date(self) -> dt.date:
        """The day on which it became what it is."""
        return self.matures if self.event_of_default and self.matures is not None else self.arose

    @property
    def counts(self) -> bool:
        """Whether it bears on the status: one that is waived for good is listed, and counts no more."""
        return not (self.state == "waived" and any(grant.permanent for grant in self.covered_by))


@dataclass(frozen=True, slots=True)
class GrantState:
    """A waiver or forbearance on a day."""

    granted: Granted
    state: GrantStateName
    began: dt.date | None
    ended: Ending | None
    ends_by_date: dt.date | None
    """The first day outside it by date, as far as facts say by then."""
    conditions: tuple[int, ...] = ()
    """The facts by which its conditions were met."""


@dataclass(frozen=True, slots=True)
class Acceleration:
    """What made a debt due, and since when."""

    since: dt.date
    kind: Literal["act", "clause"]
    bys: tuple[str, ...]
    """The act or the clauses by name, each beside its root cause: several, where they made the debt due on one day."""
    roots: tuple[RootCause, ...]
    positions: tuple[int, ...]

    @property
    def by(self) -> str:
        """The act, or the first of the clauses."""
        return self.bys[0]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that made the debt due; none where an act did."""
        return self.bys if self.kind == "clause" else ()

    def together_with(self, other: "Acceleration") -> "Acceleration":
        """The same with another clause, or another root cause, of the same day."""
        return Acceleration(
            self.since,
            self.kind,
            (*self.bys, *other.bys),
            (*self.roots, *other.roots),
            (*self.positions, *other.positions),
        )

    def only(self, clauses: Collection[str]) -> "Acceleration":
        """What is left of it if nothing but these clauses made the debt due."""
        kept = [(by, root) for by, root in zip(self.bys, self.roots, strict=True) if by in clauses]
        return replace(self, bys=tuple(by for by, _ in kept), roots=tuple(root for _, root in kept))

    @property
    def root(self) -> RootCause:
        """The first of the root causes."""
        return self.roots[0]


@dataclass(frozen=True, slots=True)
class Day:
    """The state at the end of a day; it lasts until the next day of the timeline."""

    day: dt.date
    live: Mapping[DefaultKey, Default]
    """Every Default that exists."""
    cured: Mapping[DefaultKey, Default]
    """Those that were cured."""
    grants: tuple[GrantState, ...]
    accelerations: Mapping[str, Acceleration]
    legal: Mapping[str, Legal]

    @property
    def defaults(self) -> Mapping[DefaultKey, Default]:
        """Every Default that exists, and those that were cured."""
        return {**self.live, **self.cured}

    def of(self, facility: str) -> list[Default]:
        """The Defaults of one facility."""
        return [default for key, default in self.defaults.items() if key.facility == facility]

    def not_waived(self, facility: str) -> list[Default]:
        """The Defaults of one facility that exist and that no waiver covers; forborne ones among them."""
        own = (default for key, default in self.live.items() if key.facility == facility)
        return [default for default in own if default.state != "waived"]
