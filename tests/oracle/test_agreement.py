"""The derivation and the oracle agree: on every facility, around every date of change, at positions early and late."""

import ast
import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from ledger.facts import Standing
from ledger.records import Prefix
from projections.report import FacilityOn, report
from projections.view import View
from tests.oracle.derivation import Oracle
from tests.oracle.record import days_between
from tests.oracle.states import DefaultAnswered, FacilityAnswered, WaiverAnswered
from tests.oracle.strategies import logs, logs_on_paper
from tests.oracle.writer import FIRST_DAY, LAST_DAY
from tests.spec import Log

NIGHTLY = "ASOF_NIGHTLY" in os.environ
STANDINGS: tuple[Standing, ...] = ("inferred", "stated", "recited")
ONE_DAY = dt.timedelta(days=1)
AFTER_ALL = LAST_DAY + dt.timedelta(days=20)
"""Nothing is left to change by then, though a notice given on the last day may still run."""


IN_A_BATCH = 10
"""From its eleventh example on, Hypothesis mostly varies those that it has; so a batch ends before that."""


def in_batches(cases: int, by_night: int) -> Callable[[Callable[[st.DataObject], None]], Callable[[int], None]]:
    """Run a test on so many cases, each batch of them from a seed of its own; by night on others each time."""
    batches = (by_night if NIGHTLY else cases) // IN_A_BATCH
    settled = settings(max_examples=IN_A_BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck))

    def decorate(test: Callable[[st.DataObject], None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("batch", range(batches))
        def run(batch: int) -> None:
            drawn = settled(given(st.data())(test))
            (drawn if NIGHTLY else seed(batch)(drawn))()

        return run

    return decorate


@in_batches(300, by_night=10_000)
def test_the_derivation_agrees_with_the_oracle_on_every_facility_around_every_change(data: st.DataObject) -> None:
    log = data.draw(logs())
    standing = data.draw(st.sampled_from(STANDINGS))
    any_position = st.just(len(log)) | st.integers(1, len(log))
    for position in range(1, len(log) + 1) if NIGHTLY else [data.draw(any_position)]:
        agree(log[:position], standing)


@in_batches(30, by_night=1_000)
def test_the_next_change_of_status_is_that_of_the_oracle_if_nothing_happens_after_the_date(data: st.DataObject) -> None:
    log, day = data.draw(logs()), data.draw(st.dates(FIRST_DAY, LAST_DAY))
    everything, ahead = Oracle(log, day), Oracle(log, AFTER_ALL, counted_until=day)
    for answer in report(View.of(Prefix(log, root=b""), day)).facilities:
        since, until = day, day
        status = everything.answer(answer.facility, day).legal
        while since > everything.first and everything.answer(answer.facility, since - ONE_DAY).legal == status:
            since -= ONE_DAY
        while until < AFTER_ALL and ahead.answer(answer.facility, until).legal == status:
            until += ONE_DAY
        known = None if status == "not_open" else (since, until if until < AFTER_ALL else None)
        assert (None if answer.since is None else (answer.since, answer.until)) == known, answer.facility


@in_batches(30, by_night=1_000)
def test_as_things_stood_on_a_day_what_was_not_executed_by_then_is_left_out_by_both(data: st.DataObject) -> None:
    log, day = data.draw(logs_on_paper()), data.draw(st.dates(FIRST_DAY, LAST_DAY))
    agree_as_things_stood(log, day, data.draw(st.sampled_from(STANDINGS)))


def test_the_oracle_shares_no_code_with_the_derivation() -> None:
    written = (path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_"))
    assert not [path.name for path in written if "projections" in imported(path)]


def imported(path: Path) -> set[str]:
    """The packages that a module imports from."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[0] for name in names}


def agree(log: Log, standing: Standing = "inferred") -> None:
    """Ask both on each date of change, the day before and the day after."""
    oracle = Oracle(log, LAST_DAY, standing)
    view = View.of(Prefix(log, root=b""), FIRST_DAY, standing=standing)
    assert set(view.timelines) == set(oracle.openings)
    for day in days_to_ask(log, oracle, view):
        for facility in oracle.openings:
            derived, expected = derived_on(view.at(day), facility), oracle.answer(facility, day)
            assert derived == expected, f"{facility} on {day}, of {len(log)} facts, {standing} and above"


def agree_as_things_stood(log: Log, day: dt.date, standing: Standing = "inferred") -> None:
    """Ask both how things stood on a day, without the papers that had not been executed by then."""
    oracle = Oracle(log, day, standing, as_stood_on=day)
    view = View.of(Prefix(log, root=b""), day, standing=standing, as_stood=True)
    assert set(view.timelines) == set(oracle.openings)
    for facility in oracle.openings:
        derived, expected = derived_on(view, facility), oracle.answer(facility, day)
        assert derived == expected, f"{facility} as things stood on {day}, of {len(log)} facts, {standing} and above"


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
