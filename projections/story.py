"""The answers told in order: the timeline of a facility, and the explanation of one value, step by step."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from projections.answer import Explanation, Step, TimelineRow
from projections.charges import grounds
from projections.chronicle import chronicle, chronicle_of_default, chronicle_of_grant
from projections.reasons import lifted
from projections.report import FacilityOn
from projections.states import GrantState, Legal
from projections.telling.amendments import chronicle_of_amendment
from projections.telling.grants import not_yet
from projections.view import View
from projections.waivers import Granted

WHATS = ("status", "rate", "obligations")
"""What can be explained of a facility besides a Default, a waiver or an amendment by name."""

_MEANING: dict[Legal, str] = {
    "not_open": "is not open yet",
    "closed": "is closed",
    "no_default": "has no Default that counts",
    "waived": "has Defaults, and each of them is waived",
    "default": "has a Default that is still in its grace",
    "forborne": "has an Event of Default, and the creditor forbears",
    "event_of_default": "has an Event of Default that nothing covers",
    "accelerated": "has been declared due",
}


def timeline_rows(view: View, facility: str, *, as_if_nothing_followed: bool = False) -> tuple[TimelineRow, ...]:
    """The stretches of time in which a facility's legal status is the same, from its opening on, each with why.

    With `as_if_nothing_followed` the facts effective after the view's date are not counted. Raises KeyError for a
    facility that the record does not have.
    """
    timeline = (view.timelines_ahead if as_if_nothing_followed else view.timelines)[facility]
    segments = timeline.segments(facility)
    ends = [start for start, _ in segments[1:]]
    rows: list[TimelineRow] = []
    for (start, legal), until in zip(segments, [*ends, None], strict=True):
        on = FacilityOn(view.at(start), timeline, facility)
        heirs = _heirs(on, until) if legal in ("waived", "forborne") else []
        because = on.view.because((*_behind(on), *(p for _, granted in heirs for p in granted.positions)))
        by = "".join(f"; from {day} by {granted.name}" for day, granted in heirs)
        rows.append(TimelineRow(from_=start, until=until, legal=legal, why=f"{why(on)}{by}", because=because))
    return tuple(rows)


def _heirs(on: FacilityOn, until: dt.date | None) -> list[tuple[dt.date, Granted]]:
    """The grants that come to cover something while the status stays as it is, each with its first day."""
    known = {granted.positions for default in on.defaults for granted in default.covered_by}
    found: list[tuple[dt.date, Granted]] = []
    for day in on.timeline.days:
        if on.view.as_of < day.day < (until or dt.date.max):
            own = (default for default in day.live.values() if default.key.facility == on.name)
            covering = {each.positions: each for default in own for each in default.covered_by}
            found += [(day.day, granted) for positions, granted in covering.items() if positions not in known]
            known |= covering.keys()
    return found


def explain(view: View, facility: str, what: str) -> Explanation | None:
    """Why something of a facility is what it is on the view's date.

    `what` is one of WHATS, or the name of one of its waivers, forbearances, amendments or Defaults; None where it is
    none of these. Raises KeyError for a facility that the record does not have.
    """
    on = FacilityOn(view, view.timelines[facility], facility)
    answer: str | None
    match what:
        case "status" | "legal":
            answer, steps = on.day.legal[facility], list(chronicle(on))
        case "rate":
            answer, steps = _text(on.rate().charged), list(_rate(on))
        case "obligations":
            answer, steps = _text(on.obligations().total), list(_obligations(on))
        case _:
            found = _named(on, what)
            if found is None:
                return None
            answer, steps = found
    return Explanation(
        facility=facility, what=what, as_of=view.as_of, known=view.known, answer=answer, steps=tuple(steps)
    )


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else format(figure, "f")


def _step(on: FacilityOn, sentence: str, positions: Iterable[int]) -> Step:
    return Step(sentence=sentence, because=on.view.because(positions))


# --- status ----------------------------------------------------------------------------------------------------------


def why(on: FacilityOn) -> str:
    """The reason for the status in one line: the Defaults that make it, and what covers them or no longer does."""
    legal = on.day.legal[on.name]
    acceleration = on.day.accelerations.get(on.name)
    if legal == "accelerated" and acceleration is not None:
        return f"declared due by the {acceleration.kind} {acceleration.by}"
    state = {"event_of_default": "continuing", "default": "grace"}.get(legal, legal)
    making = [default for default in on.defaults if default.state == state and default.counts]
    covering = dict.fromkeys(granted.name for default in making for granted in default.covered_by)
    ended = [state for default in making for state in on.no_longer_covering(default)]
    causes = ", ".join(dict.fromkeys(str(default.key.cause) for default in making))
    match legal:
        case "waived" | "forborne":
            return f"{causes}: covered by {', '.join(covering)}"
        case "event_of_default" | "default" if ended:
            return f"{causes}: uncovered; {_ending(ended[-1])}"
        case "event_of_default" | "default":
            return f"{causes}: uncovered"
        case _:
            return _MEANING[legal].removeprefix("has ").removeprefix("is ")


def _ending(state: GrantState) -> str:
    assert state.ended is not None
    if state.ended.by == "date":
        return f"{state.granted.name} {state.ended.how} on {state.ended.when.day}"
    return f"{state.granted.name} {state.ended.how} on {state.ended.when.day} by {state.ended.by}"


def _behind(on: FacilityOn) -> Iterator[int]:
    """The facts behind a status: the opening, what made it due or lifted that, the Defaults, and the grants."""
    yield on.timeline.world.openings[on.name].position
    acceleration = on.day.accelerations.get(on.name)
    due = acceleration.positions if acceleration is not None else lifted(on.timeline, on.name, on.view.as_of)
    yield from due
    for test, deletion in on.breaches_deleted:
        yield from (test.position, deletion.position)
    for default in on.defaults:
        yield from on.rests_on(default)
    for state in on.grants:
        if state.state in ("pending", "in_force"):
            yield from (reason.position for reason in on.waiver(state).because)


# --- rate, obligations, names ----------------------------------------------------------------------------------------


def _rate(on: FacilityOn) -> Iterator[Step]:
    answer = on.rate()
    if not answer.parts:
        yield _step(on, "No term of the rate is stated for this date.", ())
    for part in answer.parts:
        index = f" ({part.index})" if part.index else ""
        size = _text(part.rate) or "not stated"
        yield _step(on, f"{part.part.replace('_', ' ')}{index}: {size}", [r.position for r in part.because])
    if answer.if_default_rate is not None:
        hold = grounds(on.timeline, on.name, on.view.as_of)
        of_terms = on.pricing.grounds_named(on.view.as_of, hold)
        holds = f"a ground holds ({', '.join(of_terms)})" if of_terms else "no ground holds"
        behind = [position for ground in of_terms for position in hold[ground]]
        yield _step(on, f"Under the default formula it would be {_text(answer.if_default_rate)}; {holds}.", behind)


def _obligations(on: FacilityOn) -> Iterator[Step]:
    answer = on.obligations()
    if not on.is_open:
        yield _step(on, f"{on.name} is not open yet.", ())
        return
    owed = on.owed
    yield _step(on, f"principal: {_text(answer.principal) or 'not stated'}", owed.principal_from)
    interest = on.books.interest_because(owed, on.view.as_of)
    yield _step(on, f"interest due and unpaid: {_text(answer.interest_unpaid) or 'not stated'}", interest)
    accrued = _text(answer.accrued_interest) or "not stated"
    yield _step(
        on, f"interest accrued from {owed.accrues_from} up to, not including, {on.view.as_of}: {accrued}", interest
    )
    for fee, (amount, positions) in owed.fees.items():
        yield _step(on, f"fee {fee}: {_text(amount) or 'not stated'}", positions)
    if answer.interest_per_1000 is not None:
        yield _step(
            on, f"interest accrued and unpaid per 1,000 of principal: {_text(answer.interest_per_1000)}", interest
        )


def _named(on: FacilityOn, name: str) -> tuple[str | None, list[Step]] | None:
    """A waiver, a forbearance, an amendment or a Default by its name."""
    grants = [state for state in on.grants if state.granted.name == name]
    amendments = [amendment for amendment in on.amendments() if amendment.amendment == name]
    defaults = [default for default in on.defaults if str(default.key) == name]
    steps = list(chronicle_of_grant(on, name)) or [not_yet(on, state) for state in grants]
    steps += [step for _ in amendments for step in chronicle_of_amendment(on, name)]
    steps += [step for default in defaults for step in chronicle_of_default(on, str(default.key))]
    if not steps:
        return None
    if grants:
        return grants[-1].state, steps
    return (defaults[0].state if defaults else "in effect" if amendments[0].in_effect else "pending"), steps
