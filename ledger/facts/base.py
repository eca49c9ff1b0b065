"""What every fact has in common."""

import datetime as dt
from typing import ClassVar, Literal

from ledger.values import Date, Field, Moment, Slug, Text, TimeOfDay, Value, instant_of

Standing = Literal["stated", "inferred", "recited"]
"""How firmly a paper carries a fact: it says it, it follows from what it says, it mentions it as possible."""


class Source(Value):
    """Where a fact is written: the document's slug, and the clause within it."""

    document: Slug
    clause: Text | None = None


class Fact(Value):
    """Something that somebody did, said, signed or published. Frozen; consequences are never among its fields."""

    tag: ClassVar[str]
    """The stored name with its version, `waiver_granted.v1`. Never a Python path, and never reused."""

    event: str
    effective: Date
    """The day on which it was true in the world."""
    at: TimeOfDay | None = None
    """The time of day, where the paper gives one; without it the fact stands at the start of its day."""
    known_at: Moment | None = None
    """When the ledger came to know it. Written in a file only for a migration; otherwise the append fills it in."""
    key: Text | None = Field(default=None, max_length=200)
    """A name for the fact itself: recording the same key and content again changes nothing."""
    source: Source | None = None
    standing: Standing = "stated"
    note: Text | None = None

    @property
    def effective_on(self) -> dt.date | None:
        """The effective date; None only for corrections, which have no date in the world."""
        return self.effective

    @property
    def own_key(self) -> str | None:
        """The key under which recording the same fact again changes nothing."""
        return self.key

    @property
    def instant(self) -> tuple[dt.date, dt.datetime]:
        """What orders facts in the world: the effective date, then the instant within it."""
        return (self.effective, instant_of(self.effective, self.at))

    @property
    def subject(self) -> str:
        """What the fact is about, as `kind/name`: the stream that it is appended to."""
        raise NotImplementedError


class FacilityFact(Fact):
    """A fact about one facility, which has to be open in the ledger by then."""

    facility: Slug

    @property
    def subject(self) -> str:
        """The facility's stream."""
        return f"facility/{self.facility}"
