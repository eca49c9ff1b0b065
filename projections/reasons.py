"""The facts behind what papers do: what let one take effect, and what lifted an acceleration."""

import datetime as dt
from collections.abc import Iterator

from ledger.facts.names import Name
from projections.amendments import amendment, met_by_fact
from projections.defaults import annulled_at
from projections.states import GrantState
from projections.timeline import Timeline, answered_on
from projections.waivers import Granted
from projections.world import PaperEntry


def behind_amendment(timeline: Timeline, name: str, day: dt.date) -> tuple[int, ...]:
    """What an amendment rests on as it stands on a day: its signing, and what met its conditions by then.

    That may be facts, other amendments with what they rest on themselves, and, where a question passed, the waivers and
    the cures that let it pass.
    """
    return tuple(dict.fromkeys(_behind(timeline, amendment(name), day, set())))


def behind_grant(timeline: Timeline, state: GrantState, day: dt.date) -> tuple[int, ...]:
    """What a waiver or forbearance rests on as it stands on a day: the grant, and what met its conditions by then."""
    return tuple(dict.fromkeys((*state.conditions, *_behind_grant(timeline, state.granted, day, set()))))


def lifted(timeline: Timeline, facility: str, day: dt.date, since: dt.date = dt.date.min) -> tuple[int, ...]:
    """The facts by which what had made a debt due was annulled or paid, between two days, the last one included."""
    return tuple(dict.fromkeys(_lifted(timeline, facility, day, since)))


def _behind(timeline: Timeline, name: Name, day: dt.date, seen: set[Name]) -> Iterator[int]:
    """What a paper rests on; of papers that wait for each other each once."""
    if name not in seen:
        seen.add(name)
        paper = timeline.world.papers.get(name) or timeline.world.annulments[name]
        yield paper.position
        yield from _conditions(timeline, name, paper, day, seen)


def _behind_grant(timeline: Timeline, granted: Granted, day: dt.date, seen: set[Name]) -> Iterator[int]:
    name = Name("waiver", granted.name)
    if name not in seen:
        seen.add(name)
        yield from granted.positions
        yield from _conditions(timeline, name, granted.entry, day, seen)


def _conditions(timeline: Timeline, name: Name, paper: PaperEntry, day: dt.date, seen: set[Name]) -> Iterator[int]:
    for condition in paper.fact.conditions or ():
        met, since = met_by_fact(name, condition, timeline.world, day), timeline.papers.get(name)
        if met is not None:
            yield met.position
        elif condition.amendment is not None:
            other = amendment(condition.amendment)
            if timeline.papers.get(other, dt.date.max) <= day:
                yield from _behind(timeline, other, day, seen)
        elif since is not None and since <= day:
            yield from _let_pass(timeline, paper, since, seen)


def _let_pass(timeline: Timeline, paper: PaperEntry, since: dt.date, seen: set[Name]) -> Iterator[int]:
    """Why a question found nothing that stands in the way: the waivers of that day, and the cures since the signing."""
    state, facility = answered_on(timeline, since), paper.fact.facility
    for default in state.of(facility):
        if default.cured_on is not None and default.cured_on >= paper.effective:
            yield from default.cured_because
        for granted in default.covered_by if default.state == "waived" else ():
            yield from _behind_grant(timeline, granted, since, seen)


def _lifted(timeline: Timeline, facility: str, day: dt.date, since: dt.date) -> Iterator[int]:
    world, books = timeline.world, timeline.books[facility]
    for root in timeline.roots:
        if root.cause.kind == "act" and root.cause.debt == facility and root.ended and since <= root.ended <= day:
            yield from root.ended_because
    accelerated = [each for each in timeline.days if each.day <= day and facility in each.accelerations]
    before = accelerated[-1].accelerations[facility] if accelerated else None
    if before is not None and before.kind == "clause" and before.since >= since and books.paid_off_by(day):
        yield from () if books.paid_off is None else (books.paid_off.position,)
    for name, entry in world.annulments.items():
        at = annulled_at(name, world, timeline.papers)
        if entry.fact.facility == facility and at is not None and since <= at[0] <= day:
            yield from _behind(timeline, name, day, set())
