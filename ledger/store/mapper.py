"""Between facts and stored events: a closed registry of tags, and never a path into the program."""

import datetime as dt
from dataclasses import dataclass

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Cipher, Compressor, Mapper, NotSupportedError, StoredEvent, Transcoder

from ledger.facts import Fact, decode, decode_own, encode
from ledger.seal.tree import leaf_hash
from ledger.store import faults


@dataclass(frozen=True, slots=True)
class FactEvent:
    """A fact as event-sourcing machinery sees it: an event in the stream of its subject, at a version from 1 up.

    `recorded_at` is None where the machinery gives an event back: its interface has no place for it.
    """

    originator_id: str
    originator_version: int
    fact: Fact
    recorded_at: dt.datetime | None = None


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A stored event with the columns of a fact. Its topic is the fact's tag, its state the canonical bytes."""

    key: str | None
    effective: dt.date | None
    known_at: dt.datetime | None
    recorded_at: dt.datetime | None
    leaf_hash: bytes


def stored_fact(event: FactEvent) -> StoredFact:
    """All that the store keeps of a fact."""
    fact, state = event.fact, encode(event.fact)
    return StoredFact(
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        topic=fact.tag,
        state=state,
        key=fact.own_key,
        effective=fact.effective_on,
        known_at=fact.known_at,
        recorded_at=event.recorded_at,
        leaf_hash=leaf_hash(state),
    )


def fact_of(tag: str, state: bytes, where: str) -> Fact:
    """The fact stored under a tag. Raises StoreFault, with `where` it is, for a tag or bytes not of this catalogue."""
    try:
        return decode(tag, state)
    except KeyError:
        raise faults.written_by_newer_version(tag, where) from None
    except ValueError as unreadable:
        raise faults.not_a_fact(where, str(unreadable)) from unreadable


def own_fact_of(tag: str, state: bytes, position: int) -> Fact:
    """The same, of bytes that have the hash they were stored with: what was checked then is not checked again."""
    try:
        return decode_own(tag, state)
    except KeyError:
        raise faults.written_by_newer_version(tag, f"position {position}") from None
    except ValueError as unreadable:
        raise faults.not_a_fact(f"position {position}", str(unreadable)) from unreadable


class FactMapper(Mapper[str]):
    """Between `FactEvent` and `StoredFact`. Bytes are stored as they are, neither compressed nor encrypted."""

    def __init__(
        self, transcoder: Transcoder, compressor: Compressor | None = None, cipher: Cipher | None = None
    ) -> None:
        super().__init__(transcoder, compressor, cipher)
        if compressor or cipher:
            msg = "A ledger stores a fact's canonical bytes, which anyone can hash: set neither compressor nor cipher."
            raise NotSupportedError(msg)

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredFact:
        """The event as it is stored."""
        assert isinstance(domain_event, FactEvent)
        return stored_fact(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> FactEvent:
        """The event again. Raises StoreFault."""
        stream, version = str(stored_event.originator_id), stored_event.originator_version
        fact = fact_of(stored_event.topic, stored_event.state, f"{stream}, version {version},")
        return FactEvent(stream, version, fact)
