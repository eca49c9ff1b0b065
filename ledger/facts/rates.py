"""Rates: what an index was fixed at, and the lender's election of the default rate."""

from typing import ClassVar, Literal

from ledger.facts.base import FacilityFact, Fact
from ledger.values import Date, Field, RatePerAnnum, Slug, Text


class IndexFixed(Fact):
    """An index took this level on its effective date."""

    tag: ClassVar[str] = "index_fixed.v1"
    event: Literal["IndexFixed"] = "IndexFixed"
    index: Slug
    rate: RatePerAnnum

    @property
    def subject(self) -> str:
        """The index's stream."""
        return f"index/{self.index}"


class DefaultRateElected(FacilityFact):
    """The lender chose to charge the default rate, from the date given or from the effective date."""

    tag: ClassVar[str] = "default_rate_elected.v1"
    event: Literal["DefaultRateElected"] = "DefaultRateElected"
    from_: Date | None = Field(default=None, alias="from")
    determination: Text | None = None


class DefaultRateEnded(FacilityFact):
    """The lender ceased to charge the default rate."""

    tag: ClassVar[str] = "default_rate_ended.v1"
    event: Literal["DefaultRateEnded"] = "DefaultRateEnded"
