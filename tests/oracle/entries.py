"""The facts that stand in a log, in the order in which they apply."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    ActWithdrawn,
    AmendmentSigned,
    ConditionSatisfied,
    ConditionWaived,
    DocumentFiled,
    FacilityOpened,
    FactReplaced,
    FactVoided,
    FirstHandFact,
    ForbearanceGranted,
    Standing,
    TriggerDecided,
    WaiverExtended,
    WaiverGranted,
    WaiverWithdrawn,
)
from ledger.records import Recorded
from ledger.values import instant_of

END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


class Moment(NamedTuple):
    """A place in the order in which facts apply: effective date, instant within it, position."""

    day: dt.date
    instant: dt.datetime
    position: int


def start_of(day: dt.date, at: str | None = None) -> Moment:
    """The start of a day, or an hour of it: before every fact of that instant."""
    return Moment(day, instant_of(day, at), 0)


def close_of(day: dt.date) -> Moment:
    """The end of a day, after all its facts."""
    return Moment(day, END_OF_TIME, 0)


class Entry(NamedTuple):
    """A fact that stands, and its place in the order of facts."""

    moment: Moment
    fact: FirstHandFact


def facts_that_stand(log: Iterable[Recorded], lowest: Standing, as_stood_on: dt.date | None) -> list[Entry]:
    """The facts that corrections and the lowest standing leave, in the order in which they apply.

    As things stood on a day, those are left out whose paper was executed later, or is a form that nobody executed.
    """
    left: dict[int, FirstHandFact] = {}
    for record in log:
        fact = record.fact
        if isinstance(fact, FactVoided | FactReplaced):
            del left[fact.position or next(position for position, other in left.items() if other.key == fact.key)]
            if isinstance(fact, FactReplaced):
                left[record.position] = fact.by
        else:
            left[record.position] = fact

    standings: list[Standing] = ["stated", "inferred", "recited"]
    counting = standings[: standings.index(lowest) + 1]
    not_yet_executed = {
        fact.document
        for fact in left.values()
        if isinstance(fact, DocumentFiled) and as_stood_on is not None
        if (fact.executed > as_stood_on if fact.executed is not None else fact.status == "form")
    }
    entries = [
        Entry(Moment(*fact.instant, position), fact)
        for position, fact in left.items()
        if fact.standing in counting and (fact.source is None or fact.source.document not in not_yet_executed)
    ]

    while lapsed := [entry for entry in entries if not _what_it_needs(entry.fact) <= _what_is_named(entries)]:
        entries = [entry for entry in entries if entry not in lapsed]
    return sorted(entries, key=lambda entry: entry.moment)


def _what_it_needs(fact: FirstHandFact) -> set[tuple[str, str]]:
    """The things without which a fact lapses."""
    needs = set()
    facility = getattr(fact, "facility", None)
    if facility is not None and not isinstance(fact, FacilityOpened):
        needs.add(("facility", facility))
    if isinstance(fact, WaiverExtended | WaiverWithdrawn | TriggerDecided):
        needs.add(("waiver", fact.waiver))
    if isinstance(fact, ActWithdrawn | AccelerationAnnulled | TriggerDecided):
        needs |= {("act", fact.act)} if fact.act is not None else set()
    if isinstance(fact, ConditionSatisfied | ConditionWaived):
        needs.add(fact.belongs_to)
    return needs


def _what_is_named(entries: list[Entry]) -> set[tuple[str, str]]:
    return {name for entry in entries for name in _names(entry.fact)}


def _names(fact: FirstHandFact) -> Iterator[tuple[str, str]]:
    match fact:
        case FacilityOpened():
            yield "facility", fact.facility
        case WaiverGranted() | ForbearanceGranted():
            yield "waiver", fact.grant
        case ActTaken():
            yield "act", fact.act
        case AmendmentSigned():
            yield "amendment", fact.amendment
        case AccelerationAnnulled() if fact.annulment is not None:
            yield "annulment", fact.annulment
        case _:
            pass
