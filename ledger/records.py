"""A fact as the ledger holds it, and a prefix of the log: what was known at a moment."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from ledger.facts import Fact


class Recorded(NamedTuple):
    """A fact with its place in the log.

    `position` is 1, 2, 3… without gaps and is the only order of knowledge. `known_at` never decreases with position;
    both moments are in UTC. `leaf_hash` is the RFC 9162 leaf hash of the fact's canonical bytes (32 bytes).
    """

    position: int
    recorded_at: dt.datetime
    known_at: dt.datetime
    fact: Fact
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Prefix:
    """The first facts of a log, and the name of that prefix: its length, its last moment, its Merkle root."""

    records: tuple[Recorded, ...]
    root: bytes

    @property
    def position(self) -> int:
        """How many facts were known."""
        return len(self.records)

    @property
    def known_at(self) -> dt.datetime | None:
        """When the last of them became known; None for an empty ledger."""
        return self.records[-1].known_at if self.records else None
