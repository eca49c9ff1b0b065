"""Findings about facts of one day whose order decides an answer, and is not stated."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from ledger.facts import (
    ActTaken,
    BalanceStated,
    CovenantTested,
    DefaultRateElected,
    DefaultRateEnded,
    IndexFixed,
    LoanAdvanced,
    NoticeGiven,
    PaymentMade,
)
from ledger.facts.base import Fact
from projections.answer import Finding
from projections.history import AFact, Entry, Order
from projections.timeline import Timeline
from projections.waivers import decision, gives_notice, rescinds


def day_findings(timeline: Timeline) -> Iterator[Finding]:
    """What is found of the days of a group on which the order of recording decides."""
    yield from _grants_of_one_day(timeline)
    yield from _facts_of_one_day(timeline)


def _grants_of_one_day(timeline: Timeline) -> Iterator[Finding]:
    world = timeline.world
    acts, notices = _by_instant(world.history.of(ActTaken)), _by_instant(world.history.of(NoticeGiven))
    for granted in (state.granted for state in timeline.grants):
        source, now = granted.source, granted.source.order[:2]
        ends: list[tuple[Entry[Fact], str]] = [
            (act, f"the act {act.fact.act}")
            for act in acts.get(now, ())
            if rescinds(granted, act, world) and not decision(granted, act, world)
        ]
        ends += [(each, "the notice of its end") for each in notices.get(now, ()) if gives_notice(granted, each, world)]
        for entry, what in ends:
            yield Finding(
                code="same_day_order_not_stated",
                facility=granted.fact.facility,
                on=source.effective,
                facts=(*granted.positions, entry.position),
                question=f"Which came first on {source.effective}, {granted.name} or {what}? Without times of day "
                f"the order of recording decides.",
            )


def _by_instant(entries: Iterable[Entry[AFact]]) -> Mapping[tuple[dt.date, dt.datetime], list[Entry[AFact]]]:
    found: dict[tuple[dt.date, dt.datetime], list[Entry[AFact]]] = {}
    for entry in entries:
        found.setdefault(entry.order[:2], []).append(entry)
    return found


def _facts_of_one_day(timeline: Timeline) -> Iterator[Finding]:
    together: dict[tuple[Order, str | None, str], list[tuple[object, int]]] = {}
    for entry in timeline.world.history.entries:
        for facility, what, value in _settles(entry.fact):
            together.setdefault(((*entry.order[:2], 0), facility, what), []).append((value, entry.position))
    for (order, facility, what), said in together.items():
        if len({value for value, _ in said}) > 1:
            yield Finding(
                code="same_day_order_not_stated",
                facility=facility,
                on=order[0],
                facts=tuple(position for _, position in said),
                question=f"Which came last on {order[0]} and settles {what}? Without times of day the order of "
                f"recording decides.",
            )


def _settles(fact: Fact) -> Iterator[tuple[str | None, str, object]]:
    """What a fact settles, of which facility, and how: facts of one instant that settle it alike need no order."""
    match fact:
        case IndexFixed():
            yield None, f"the level of {fact.index}", fact.rate
        case CovenantTested():
            yield fact.facility, f"whether {fact.covenant} was met as of {fact.test_date}", fact.met
        case BalanceStated() if fact.principal is not None:
            yield fact.facility, "the principal outstanding", fact.principal
        case LoanAdvanced():
            yield fact.facility, "the principal outstanding", "moved"
        case PaymentMade() if fact.of in (None, "principal"):
            yield fact.facility, "the principal outstanding", "moved"
        case DefaultRateElected() | DefaultRateEnded():
            yield fact.facility, "whether the default rate is charged", fact.event
        case _:
            return
