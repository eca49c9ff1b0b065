"""In what two worlds, or the terms of one facility with more papers in effect and with fewer, are alike."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from ledger.facts import FeeAgreed, FeeSettled, IndexFixed, NoticeGiven
from ledger.facts.offers import OfferFact
from projections.due_dates import LONGEST_CLOSURE
from projections.history import AnyEntry
from projections.terms import FacilityTerms, Layers, Said
from projections.world import World

_FROM_THE_FIRST = dt.date.min


@dataclass(frozen=True)
class Changed:
    """The facts that one of two worlds has, and the other has not."""

    world: World
    other: World
    entries: tuple[AnyEntry, ...]

    @classmethod
    def of(cls, world: World, other: World) -> "Changed":
        """What differs between two worlds."""
        if world is other:
            return cls(world, other, ())
        mine, theirs = ({entry.position: entry for entry in each.history.entries} for each in (world, other))
        own = [entry for at, entry in mine.items() if theirs.get(at) != entry]
        gone = [entry for at, entry in theirs.items() if mine.get(at) != entry]
        return cls(world, other, (*own, *gone))

    @cached_property
    def of_rates(self) -> bool:
        """Whether the level of an index differs."""
        return any(isinstance(entry.fact, IndexFixed) for entry in self.entries)

    @cached_property
    def of_exchanges(self) -> bool:
        """Whether money may differ through an exchange, which ties the books of two facilities together."""
        offers = any(isinstance(entry.fact, OfferFact) for entry in self.entries)
        return offers or bool(self.entries and (self.world.exchanges or self.other.exchanges))

    @cached_property
    def of_fees(self) -> bool:
        """Whether a fee, or how one was settled, differs."""
        return any(isinstance(entry.fact, FeeAgreed | FeeSettled) for entry in self.entries)

    @cached_property
    def facilities(self) -> frozenset[str]:
        """The facilities that a differing fact is about."""
        return frozenset(name for entry in self.entries if (name := self.about(entry)) is not None)

    def about(self, entry: AnyEntry) -> str | None:
        """The facility that a fact is about, if it is about one; a fee that is settled is that of one facility."""
        if not isinstance(entry.fact, FeeSettled):
            return getattr(entry.fact, "facility", None)
        agreed = (*self.world.history.of(FeeAgreed), *self.other.history.of(FeeAgreed))
        return next((each.fact.facility for each in agreed if each.fact.fee == entry.fact.fee), None)

    @cached_property
    def days(self) -> set[dt.date]:
        """The days on which the differing facts take effect, or on which a notice among them arrived."""
        received = {entry.fact.received for entry in self.entries if isinstance(entry.fact, NoticeGiven)}
        return {entry.effective for entry in self.entries} | {day for day in received if day is not None}


def said_in_one(mine: FacilityTerms, other: FacilityTerms) -> Iterator[Said[object]]:
    """What is said of the terms of a facility in one of two worlds only."""
    if mine is other:
        return
    for each in fields(FacilityTerms):
        here, there = getattr(mine, each.name), getattr(other, each.name)
        if isinstance(here, Layers):
            here, there = {None: here}, {None: there}
        for name in here.keys() | there.keys():
            one, another = here.get(name, Layers()).said, there.get(name, Layers()).said
            yield from (said for said in one if said not in another)
            yield from (said for said in another if said not in one)


def dates_of(entry: AnyEntry) -> Iterator[dt.date]:
    """The dates that a fact names."""
    values = (getattr(entry.fact, name) for name in type(entry.fact).model_fields)
    return (value for value in values if isinstance(value, dt.date) and not isinstance(value, dt.datetime))


def alike_before(
    facility: str, mine: Mapping[str, FacilityTerms], others: Mapping[str, FacilityTerms], changed: Changed
) -> dt.date:
    """The day before which the books of a facility at the contract rate say the same in two worlds; the first: none.

    A date that another term or fact names may reach the books on it, and a due date is rolled so far at most. What is
    agreed of a schedule or of fees, how days are counted and what is exchanged bear on earlier days too.
    """
    terms, other = mine[facility], others[facility]
    reach_back = changed.of_exchanges or changed.of_fees or bool(changed.world.exchanges)
    if reach_back or (terms.schedule, terms.day_count) != (other.schedule, other.day_count):
        return _FROM_THE_FIRST
    days = {said.from_ for said in said_in_one(terms, other)}
    days |= {said.value for said in (*terms.matures.said, *other.matures.said) if terms.matures != other.matures}
    for entry in changed.entries:
        if isinstance(entry.fact, IndexFixed) or changed.about(entry) == facility:
            days |= {entry.effective, *dates_of(entry)}
    earliest = min(days, default=dt.date.max)
    return earliest - min(LONGEST_CLOSURE, earliest - _FROM_THE_FIRST)
