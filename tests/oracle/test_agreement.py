"""The derivation and the oracle agree: on every facility, around every date of change, at positions early and late."""

import datetime as dt
import os
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.facts import Standing
from ledger.records import Prefix
from projections.report import FacilityOn
from projections.view import View
from tests.oracle.derivation import DefaultAnswered, FacilityAnswered, Oracle, WaiverAnswered, days_between
from tests.oracle.strategies import logs
from tests.oracle.writer import FIRST_DAY, LAST_DAY
from tests.spec import Log

NIGHTLY = "ASOF_NIGHTLY" in os.environ
STANDINGS: tuple[Standing, ...] = ("inferred", "stated", "recited")
ONE_DAY = dt.timedelta(days=1)


@settings(
    max_examples=10_000 if NIGHTLY else 300,
    derandomize=not NIGHTLY,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_the_derivation_agrees_with_the_oracle_on_every_facility_around_every_change(data: st.DataObject) -> None:
    log = data.draw(logs())
    standing = data.draw(st.sampled_from(STANDINGS))
    every = range(1, len(log) + 1)
    for position in every if NIGHTLY else [data.draw(st.sampled_from(every))]:
        agree(log[:position], standing)


def agree(log: Log, standing: Standing = "inferred") -> None:
    """Ask both on each date of change, the day before and the day after."""
    oracle = Oracle(log, LAST_DAY, standing)
    view = View.of(Prefix(log, root=b""), FIRST_DAY, standing=standing)
    assert set(view.timelines) == set(oracle.openings)
    for day in days_to_ask(log, oracle, view):
        for facility in oracle.openings:
            derived, expected = derived_on(view.at(day), facility), oracle.answer(facility, day)
            assert derived == expected, f"{facility} on {day}, of {len(log)} facts, {standing} and above"


def days_to_ask(log: Log, oracle: Oracle, view: View) -> Iterator[dt.date]:
    """The dates of facts and those on which either answer changes, with the day before and the day after each."""
    dates = {record.fact.effective for record in log if record.fact.effective}
    dates |= {day for day in days_between(FIRST_DAY, LAST_DAY) if oracle.on(day) != oracle.on(day - ONE_DAY)}
    dates |= {day.day for timeline in view.timelines.values() for day in timeline.days}
    for day in days_between(FIRST_DAY - ONE_DAY, LAST_DAY):
        if {day - ONE_DAY, day, day + ONE_DAY} & dates:
            yield day


def derived_on(view: View, facility: str) -> FacilityAnswered:
    """What the derivation says of a facility on the view's date, in the words of the oracle."""
    on = FacilityOn(view, view.timelines[facility], facility)
    defaults = {
        str(each.key): DefaultAnswered(
            each.arose,
            each.matures if each.event_of_default else None,
            each.state,
            tuple(sorted(granted.name for granted in each.covered_by)),
        )
        for each in on.defaults
    }
    waivers = {each.waiver: WaiverAnswered(each.state, each.from_, each.ended_on) for each in map(on.waiver, on.grants)}
    amendments = {each.amendment: each.in_effect for each in on.amendments() if each.in_effect is not None}
    return FacilityAnswered(on.day.legal[facility], defaults, waivers, amendments)
