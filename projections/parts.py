"""What a pass is made of before it begins."""

from collections.abc import Mapping
from typing import NamedTuple

from projections.amendments import InEffect
from projections.defaults import RootCause, root_causes
from projections.formulas import Fixings
from projections.obligations import Books, contract_books
from projections.rates import Pricing
from projections.running import Stirring, stirring
from projections.terms import FacilityTerms
from projections.waivers import Ending, Granted, endings
from projections.world import World


class Parts(NamedTuple):
    """What a pass is made of before it begins."""

    terms: Mapping[str, FacilityTerms]
    pricing: Mapping[str, Pricing]
    books: Mapping[str, Books]
    roots: tuple[RootCause, ...]
    grants: tuple[tuple[Granted, list[Ending]], ...]
    """The grants, each with the ends that facts decide, earliest first."""
    stirring: Stirring

    @classmethod
    def of(cls, world: World, in_effect: InEffect) -> "Parts":
        """The parts for a world in which some papers are in effect."""
        terms, fixings = world.terms(in_effect), Fixings.of(world.history)
        pricing = {name: Pricing.of(world, terms, name, fixings) for name in world.openings}
        books = contract_books(world, pricing)
        grants = granted_in(world)
        return cls(terms, pricing, books, root_causes(world, books, in_effect), grants, stirring(grants, world))


def granted_in(world: World) -> tuple[tuple[Granted, list[Ending]], ...]:
    """The grants of a world, each with the ends that facts decide."""
    return tuple((granted, endings(granted, world)) for granted in map(Granted, world.grants))
