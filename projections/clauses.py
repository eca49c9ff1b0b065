"""The clauses of a group of facilities as they are worded on a day, and what each of them is about."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping

from ledger.facts import FacilityOpened, FacilityTerminated
from ledger.facts.terms import Clause, CrossAccelerationClause, CrossDefaultClause
from projections.defaults import RootCause, concerns
from projections.terms import FacilityTerms, Said
from projections.world import World

Clauses = list[tuple[str, Said[Clause]]]
"""The clauses of a day, each with its facility."""


class ClausesInForce:
    """The clauses of the day at hand; what is worked out of them holds until one is worded anew."""

    def __init__(self, world: World, terms: Mapping[str, FacilityTerms]) -> None:
        self.world = world
        self.terms = terms
        lives = {entry.effective for kind in (FacilityOpened, FacilityTerminated) for entry in world.history.of(kind)}
        layers = (each for said in terms.values() for each in said.clauses.values())
        self._days = sorted(lives.union(*(each.dates() for each in layers)))
        """The days on which clauses come into force, are worded anew, or cease."""
        self._version = -1
        self.reworded = False
        """Whether some clause is worded otherwise than on the day before."""
        self.clauses: Clauses = []
        self.reaching: Mapping[str, Clauses] = {}
        """The clauses that look at what became of another debt, by that debt."""
        self._concerned: dict[int, list[int]] = {}

    def begin(self, day: dt.date) -> None:
        """Begin a day. A debt has no Defaults before it is opened, nor once it was paid and is closed."""
        version = bisect_right(self._days, day)
        self.reworded = version != self._version
        if self.reworded:
            self._version, self._concerned = version, {}
            opened = (name for name in self.terms if self.world.openings[name].effective <= day)
            going_on = (name for name in opened if not self.world.closed_by_payment(name, day))
            self.clauses = [(name, said) for name in going_on for said in self.terms[name].clauses_on(day)]
            self.reaching = self._by_debt()

    def _by_debt(self) -> Mapping[str, Clauses]:
        reaching: dict[str, Clauses] = {}
        for facility, said in self.clauses:
            if isinstance(said.value, CrossDefaultClause | CrossAccelerationClause):
                for debt in self.world.named_by(said.value, facility) - {facility}:
                    reaching.setdefault(debt, []).append((facility, said))
        return reaching

    def concerned_by(self, at: int, root: RootCause) -> list[int]:
        """The places of the clauses that make a Default of a root cause, which has a place of its own."""
        if at not in self._concerned:
            self._concerned[at] = [
                place
                for place, (facility, said) in enumerate(self.clauses)
                if concerns(said.value, facility, root, self.world, self.terms[facility])
            ]
        return self._concerned[at]
