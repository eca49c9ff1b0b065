"""Which facts are in force: both clocks, standing, execution and corrections, in one place (docs/DERIVATION.md, 1).

No other module filters or orders facts by time of knowledge, and none orders them by time in the world.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar, cast

from ledger.facts import (
    AmendmentSigned,
    DocumentFiled,
    FactReplaced,
    FactVoided,
    FirstHandFact,
    ForbearanceGranted,
    Standing,
    WaiverExtended,
    WaiverGranted,
)
from ledger.facts.base import Fact
from ledger.facts.names import Name, established, issue_of, needed
from ledger.records import Recorded

_RANK: Mapping[Standing, int] = {"recited": 0, "inferred": 1, "stated": 2}


Order = tuple[dt.date, dt.datetime, int]
"""What orders facts in the world: the effective date, the instant within it, the position."""
END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)
"""The instant that ends any day, after all its facts."""

AFact = TypeVar("AFact", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry(Generic[AFact]):
    """A fact about the world with its place in the log; a replacement stands at the position of its correction."""

    position: int
    fact: AFact
    order: Order

    @property
    def effective(self) -> dt.date:
        """The day on which the fact was true in the world."""
        return self.order[0]


AnyEntry = Entry[FirstHandFact]


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A fact that lost what it depended on: the name that no fact in force establishes any longer."""

    entry: AnyEntry
    name: Name


@dataclass(frozen=True)
class History:
    """The facts that count, in the order of the world; those that are only shown; those that lapsed.

    `entries` count. `shown` stand below the dial of standing: they are kept for people and for findings. `lapsed` lost
    the fact that they depended on to a correction.
    """

    entries: tuple[AnyEntry, ...]
    shown: tuple[AnyEntry, ...]
    lapsed: tuple[Lapsed, ...]
    documents: Mapping[str, DocumentFiled]
    standing: Standing

    def of(self, *kinds: type[AFact]) -> "tuple[Entry[AFact], ...]":
        """The counted facts of these kinds, in the order of the world."""
        if kinds not in self._of:
            found = tuple(entry for entry in self.entries if type(entry.fact) in kinds)
            self._of[kinds] = found
        return cast("tuple[Entry[AFact], ...]", self._of[kinds])

    @cached_property
    def _of(self) -> dict[tuple[type[Fact], ...], tuple[AnyEntry, ...]]:
        """What was asked for already, by the kinds asked for."""
        return {}

    @cached_property
    def by_position(self) -> Mapping[int, AnyEntry]:
        """Every entry, counted, shown or lapsed, by its position."""
        every = (*self.entries, *self.shown, *(each.entry for each in self.lapsed))
        return {entry.position: entry for entry in every}

    def until(self, day: dt.date) -> "History":
        """The same history without the facts effective after `day`."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.effective <= day))

    def about(self, facilities: Collection[str]) -> "History":
        """The same history with only the counted facts about these facilities, and those about none."""
        wanted = (self._by_facility.get(name, ()) for name in (None, *facilities))
        return replace(self, entries=tuple(sorted(chain.from_iterable(wanted), key=_by_order)))

    @cached_property
    def _by_facility(self) -> Mapping[str | None, list[AnyEntry]]:
        """The counted facts by the facility that each is about, if it is about one."""
        found: dict[str | None, list[AnyEntry]] = {}
        for entry in self.entries:
            found.setdefault(getattr(entry.fact, "facility", None), []).append(entry)
        return found

    def executed_by(self, entry: AnyEntry, day: dt.date) -> bool | None:
        """Whether the paper behind a fact had been executed by `day`; None where its execution is not stated.

        A fact without a paper, or from one that nobody executes (a table of rates, a press release), needs none: True.
        """
        source = entry.fact.source
        if source is None:
            return True
        document = self.documents.get(source.document)
        if document is not None and document.executed is not None:
            return document.executed <= day
        if document is not None and document.status == "form":
            return False
        return (
            None
            if isinstance(entry.fact, WaiverGranted | ForbearanceGranted | WaiverExtended | AmendmentSigned)
            else True
        )


def _by_order(entry: Entry[Fact]) -> Order:
    return entry.order


def in_force(
    records: Iterable[Recorded], *, standing: Standing = "inferred", as_stood_on: dt.date | None = None
) -> History:
    """The facts in force in a prefix of the log.

    `standing` is the lowest that counts. `as_stood_on` leaves out what stands in a paper that, as far as the record
    says, had not been executed by that day: executed later, or an unsigned form. Where it does not say, the paper
    stays, and the answer is marked as deemed.
    """
    present = _without_voided(records)
    present, lapsed = _without_lapsed(present)
    documents = {entry.fact.document: entry.fact for entry in present if isinstance(entry.fact, DocumentFiled)}
    whole = History(tuple(present), (), tuple(lapsed), documents, standing)
    counted = [entry for entry in present if _RANK[entry.fact.standing] >= _RANK[standing]]
    shown = [entry for entry in present if _RANK[entry.fact.standing] < _RANK[standing]]
    if as_stood_on is not None:
        counted = [entry for entry in counted if whole.executed_by(entry, as_stood_on) is not False]
    counted, _ = _without_lapsed(counted)
    counted.sort(key=_by_order)
    return History(tuple(counted), tuple(shown), tuple(lapsed), documents, standing)


def _without_voided(records: Iterable[Recorded]) -> list[AnyEntry]:
    """Apply the corrections: a voided fact leaves no residue, a replacement takes its place."""
    present: dict[int, AnyEntry] = {}
    by_key: dict[str, int] = {}
    for record in records:
        fact = record.fact
        if isinstance(fact, FactVoided | FactReplaced):
            voided = fact.position if fact.position is not None else by_key[str(fact.key)]
            present.pop(voided, None)
            if isinstance(fact, FactVoided):
                continue
            fact = fact.by
        present[record.position] = Entry(record.position, fact, (*fact.instant, record.position))
        if fact.own_key is not None:
            by_key[fact.own_key] = record.position
    return list(present.values())


def _without_lapsed(entries: list[AnyEntry]) -> tuple[list[AnyEntry], list[Lapsed]]:
    """Leave out, to the last one, the facts that need a name which no remaining fact establishes."""
    lapsed: list[Lapsed] = []
    while True:
        issues = [issue for entry in entries if (issue := issue_of(entry.fact)) is not None]
        names = {name for entry in entries for name in established(entry.fact, issues)}
        missing = {entry.position: name for entry in entries for name in needed(entry.fact) if name not in names}
        if not missing:
            return entries, lapsed
        lapsed.extend(Lapsed(entry, missing[entry.position]) for entry in entries if entry.position in missing)
        entries = [entry for entry in entries if entry.position not in missing]
