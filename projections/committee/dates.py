"""What has its date: waivers that end soon, conditions still open, rates over time, what falls due."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from ledger.facts import FeeAgreed
from ledger.facts.names import Name
from ledger.facts.terms import Condition
from projections.amendments import met_by_fact
from projections.answer import Because
from projections.committee.model import (
    HORIZONS,
    DueDate,
    FacilityRates,
    OpenCondition,
    RateStretch,
    WaiverEnding,
)
from projections.report import FacilityOn
from projections.states import GrantState


def waivers_ending(facilities: Iterable[FacilityOn]) -> tuple[WaiverEnding, ...]:
    """The waivers and forbearances in force whose end by date is near, by that date."""
    return tuple(sorted(_waivers_ending(facilities), key=lambda each: (each.until, each.facility)))


def _waivers_ending(facilities: Iterable[FacilityOn]) -> Iterator[WaiverEnding]:
    for on in facilities:
        for state in on.grants:
            until = state.ends_by_date
            days = (until - on.view.as_of).days if until is not None and state.state == "in_force" else None
            within = next((horizon for horizon in HORIZONS if days is not None and days <= horizon), None)
            if until is not None and days is not None and within is not None:
                yield WaiverEnding(
                    facility=on.name,
                    waiver=state.granted.name,
                    kind=state.granted.kind,
                    until=until,
                    days=days,
                    within=within,
                    because=on.view.because(state.granted.positions),
                )


def open_conditions(on: FacilityOn) -> Iterator[OpenCondition]:
    """The conditions that nothing satisfies yet, of amendments signed and of waivers pending."""
    world = on.timeline.world
    for amendment in on.amendments():
        for condition in world.amendments[amendment.amendment].fact.conditions:
            if condition.condition in amendment.open_conditions:
                yield _open_condition(on, "amendment", amendment.amendment, condition, amendment.because)
    for state in on.grants:
        if state.state == "pending":
            for condition in state.granted.fact.conditions:
                if not _met(on, state, condition):
                    because = on.view.because(state.granted.positions)
                    yield _open_condition(on, state.granted.kind, state.granted.name, condition, because)


def _met(on: FacilityOn, state: GrantState, condition: Condition) -> bool:
    own = Name("waiver", state.granted.name)
    met = met_by_fact(own, condition, on.timeline.world, on.view.as_of)
    awaited = own if condition.question is not None else Name("amendment", condition.amendment or "")
    in_effect = on.timeline.papers.get(awaited)
    days = [day for day in (met.effective if met is not None else None, in_effect) if day is not None]
    return any(day <= on.view.as_of for day in days)


def _open_condition(
    on: FacilityOn, of: Literal["amendment", "waiver", "forbearance"], name: str, condition: Condition, because: Because
) -> OpenCondition:
    says = condition.text or condition.condition
    if condition.amendment is not None:
        says = f"the amendment {condition.amendment} is in effect"
    elif condition.question is not None:
        says = condition.question.replace("_", " ").replace("event of default", "Event of Default")
    return OpenCondition(facility=on.name, of=of, name=name, condition=condition.condition, says=says, because=because)


# --- rates and due dates ---------------------------------------------------------------------------------------------


def rates(on: FacilityOn) -> FacilityRates:
    """The rate from the opening up to the date."""
    opened = on.timeline.world.openings[on.name].effective
    days = {opened, *on.pricing.dates, *(day.day for day in on.timeline.days)}
    stretches: list[RateStretch] = []
    for day in sorted(day for day in days if opened <= day <= on.view.as_of):
        stretch = _stretch(on, day)
        last = stretches[-1] if stretches else None
        if last is not None and _same_rate(last, stretch):
            continue
        if last is not None:
            stretches[-1] = last.model_copy(update={"until": day})
        stretches.append(stretch)
    return FacilityRates(facility=on.name, stretches=tuple(stretches))


def _stretch(on: FacilityOn, day: dt.date) -> RateStretch:
    answer = FacilityOn(on.view.at(day), on.timeline, on.name).rate()
    positions = (reason.position for part in answer.parts for reason in part.because)
    return RateStretch(
        from_=day,
        until=None,
        charged=answer.charged,
        if_default_rate=answer.if_default_rate,
        default_rate_available=answer.default_rate_available,
        because=on.view.because(positions),
    )


def _same_rate(one: RateStretch, other: RateStretch) -> bool:
    return (one.charged, one.if_default_rate, one.default_rate_available) == (
        other.charged,
        other.if_default_rate,
        other.default_rate_available,
    )


def due_dates(facilities: Iterable[FacilityOn]) -> tuple[DueDate, ...]:
    """What fell due and what falls due ahead, by its date."""
    found = (due for on in facilities for due in _due_dates(on))
    return tuple(sorted(found, key=lambda each: (each.on, each.facility, each.kind)))


def _due_dates(on: FacilityOn) -> Iterator[DueDate]:
    view, owed = on.view, on.owed
    for due in owed.dues.values():
        all_of_it = due.kind == "principal" and due.on == on.pricing.terms.matures_on(view.as_of)
        yield DueDate(
            facility=on.name,
            kind=due.kind,
            on=due.on,
            owed=owed.outstanding if due.owed is None and all_of_it else due.owed,
            state="paid" if due.paid_on is not None else "missed" if due.positions else "silent",
            paid_on=due.paid_on,
            because=view.because((*due.positions, *due.paid_by)),
        )
    for entry in on.timeline.world.about(on.name, FeeAgreed):
        fee = entry.fact
        if isinstance(fee, FeeAgreed) and fee.fee in owed.fees:
            left, positions = owed.fees[fee.fee]
            yield DueDate(
                facility=on.name,
                kind="fee",
                on=fee.due or fee.earned,
                owed=left,
                state="paid" if left == 0 else "owed",
                paid_on=None,
                because=view.because(positions),
            )
    yield from _next_interest(on)
    yield from _ends_of_debt(on)


def _next_interest(on: FacilityOn) -> Iterator[DueDate]:
    """The next scheduled due date of interest, while there is debt to bear any."""
    as_of = on.view.as_of
    day = None if on.books.paid_off_by(as_of) else on.books.next_interest_due(as_of)
    schedule = on.pricing.terms.schedule.on(as_of)
    if day is not None and schedule is not None:
        yield DueDate(
            facility=on.name,
            kind="interest",
            on=day,
            owed=None,
            state="ahead",
            paid_on=None,
            because=on.view.because([schedule.position]),
        )


def _ends_of_debt(on: FacilityOn) -> Iterator[DueDate]:
    """The maturity and the end of the term, unless the maturity is among the payments missed."""
    as_of, terms = on.view.as_of, on.pricing.terms
    matures, term_ends = terms.matures.on(as_of), terms.term_ends.on(as_of)
    if matures is not None and ("principal", matures.value) not in on.owed.dues:
        yield DueDate(
            facility=on.name,
            kind="principal",
            on=matures.value,
            owed=on.owed.outstanding,
            state="ahead" if matures.value > as_of else "paid" if on.books.paid_off_by(as_of) else "silent",
            paid_on=None,
            because=on.view.because([matures.position]),
        )
    if term_ends is not None:
        yield DueDate(
            facility=on.name,
            kind="term",
            on=term_ends.value,
            owed=on.owed.outstanding,
            state="ahead" if term_ends.value > as_of else "silent",
            paid_on=None,
            because=on.view.because([term_ends.position]),
        )
