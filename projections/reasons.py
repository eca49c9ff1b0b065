"""The facts behind what is not the doing of one fact: a paper in effect, a Default, an acceleration that was lifted."""

import datetime as dt
from collections.abc import Iterator

from ledger.facts import TriggerDecided, WaiverExtended
from ledger.facts.names import Name
from ledger.facts.terms import CrossAccelerationClause, CrossDefaultClause
from ledger.facts.waivers import BusinessDaysEnd, DateEnd, FailedConditionEnd, extensions
from projections.amendments import amendment, met_by_fact
from projections.defaults import DefaultKey, annulled_at, notice_given, payment_clause
from projections.states import Acceleration, Default, GrantState
from projections.timeline import Timeline, answered_on
from projections.waivers import Granted
from projections.world import PaperEntry


def behind_amendment(timeline: Timeline, name: str, day: dt.date) -> tuple[int, ...]:
    """What an amendment rests on as it stands on a day: its signing, and what met its conditions by then.

    That may be facts, other amendments with what they rest on themselves, and, where a question passed, the waivers and
    the cures that let it pass.
    """
    return tuple(dict.fromkeys(_behind(timeline, amendment(name), day, set())))


def let_pass(timeline: Timeline, name: str, day: dt.date) -> tuple[int, ...]:
    """The waivers and the cures that let the question of an amendment pass on a day, beside the amendment itself."""
    paper = timeline.world.amendments[name]
    return tuple(dict.fromkeys((paper.position, *_let_pass(timeline, paper, day, {amendment(name)}))))


def behind_grant(timeline: Timeline, state: GrantState, day: dt.date) -> tuple[int, ...]:
    """What a waiver or forbearance rests on as it stands on a day: the grant, and what met its conditions by then."""
    return tuple(dict.fromkeys((*state.conditions, *_behind_grant(timeline, state.granted, day, set()))))


def made_by(timeline: Timeline, default: Default, day: dt.date) -> tuple[int, ...]:
    """What made a Default of a failure, and an Event of Default of that, as known on a day.

    Its clause; the grace of another debt, and the principal that a threshold was tested against; the notice; and what
    made it an Event of Default of the debts through which it came.
    """
    return tuple(dict.fromkeys(_made_by(timeline, default, day, set())))


def carriers(timeline: Timeline, default: Default) -> list[Default]:
    """The Events of Default of other debts through which a `cross_default` clause made this one."""
    clause, key = default.clause.value, default.key
    if not isinstance(clause, CrossDefaultClause):
        return []
    debts, arisen = timeline.world.named_by(clause, key.facility), timeline.on(default.arose)
    events = (each for each in arisen.live.values() if each.event_of_default and each.state != "waived")
    through = [each for each in events if each.key.facility in debts and each.key.cause == key.cause]
    at_first_hand = [each for each in through if not isinstance(each.clause.value, CrossDefaultClause)]
    return at_first_hand or through


def made_due(timeline: Timeline, default: Default) -> list[tuple[str, Acceleration]]:
    """The debts that a clause of theirs made due, through which a `cross_acceleration` clause made this Default."""
    clause, key = default.clause.value, default.key
    if not isinstance(clause, CrossAccelerationClause):
        return []
    debts, due = timeline.world.named_by(clause, key.facility), timeline.on(default.arose).accelerations
    by_clause = [(debt, due[debt]) for debt in sorted(debts & due.keys()) if due[debt].kind == "clause"]
    return [(debt, each) for debt, each in by_clause if default.root.cause in {root.cause for root in each.roots}]


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
        yield from _kept_by(timeline, granted, day)


def _kept_by(timeline: Timeline, granted: Granted, day: dt.date) -> Iterator[int]:
    """What moved the end of a grant by a day, and what kept it from ending: conditions met, extensions, decisions."""
    world, name = timeline.world, Name("waiver", granted.name)
    for end in granted.fact.ends:
        deadlines: list[tuple[str, dt.date]] = []
        if isinstance(end, FailedConditionEnd):
            deadlines.append((end.failed_condition, day))
        if isinstance(end, DateEnd | BusinessDaysEnd | FailedConditionEnd):
            deadlines += [(extension.condition, extension.met_by) for extension in extensions(end)]
        for condition, met_by in deadlines:
            met = world.conditions_met.get((name, condition))
            if met is not None and met.effective <= min(day, met_by):
                yield met.position
    extended = [e for e in world.history.of(WaiverExtended) if e.fact.waiver == granted.name]
    spared = [e for e in world.history.of(TriggerDecided) if e.fact.waiver == granted.name and not e.fact.ends]
    yield from (e.position for e in (*extended, *spared) if granted.source.effective <= e.effective <= day)


def _made_by(timeline: Timeline, default: Default, day: dt.date, seen: set[DefaultKey]) -> Iterator[int]:
    key, clause, world = default.key, default.clause, timeline.world
    seen.add(key)
    yield clause.position
    if clause.value.grace == "other":
        own = payment_clause(key.cause, default.arose, timeline.terms)
        yield from () if own is None else (own.position,)
    for debt, _ in default.above:
        yield from timeline.books[debt].on(default.arose).principal_from
    if clause.value.notice is not None and default.event_of_default:
        notice = notice_given(key, default.arose, day, world)
        yield from () if notice is None else (notice.position,)
    for other in carriers(timeline, default):
        yield from _made_by(timeline, other, day, seen) if other.key not in seen else ()
    for debt, acceleration in made_due(timeline, default):
        yield from acceleration.positions
        for other in timeline.on(acceleration.since).of(debt):
            through = other.key.clause in acceleration.clauses and other.root.cause == default.root.cause
            yield from _made_by(timeline, other, day, seen) if through and other.key not in seen else ()


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
            yield from root.ended_because  # an annulment or a payment
    accelerated = [each for each in timeline.days if each.day <= day and facility in each.accelerations]
    before = accelerated[-1].accelerations[facility] if accelerated else None
    if before is not None and before.kind == "clause" and before.since >= since and books.paid_off_by(day):
        yield from () if books.paid_off is None else (books.paid_off.position,)
    for name, entry in world.annulments.items():
        at = annulled_at(name, world, timeline.papers)
        if entry.fact.facility == facility and at is not None and since <= at[0] <= day:
            yield from _behind(timeline, name, day, set())
