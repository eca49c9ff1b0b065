"""What must always hold, whatever the record: the laws of the derivation, on records that Hypothesis writes."""

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.decisions import Register
from ledger.facts import DocumentFiled, Fact, FactVoided
from ledger.rejected import Rejected
from projections.history import in_force
from projections.report import report
from projections.view import View
from tests.projections.asking import A_DAY, prefix
from tests.projections.groups import FACILITIES, records
from tests.spec import log

FIRST, LAST = dt.date(2001, 2, 25), dt.date(2001, 7, 20)
EVERY_DAY = [FIRST + dt.timedelta(days=offset) for offset in range((LAST - FIRST).days)]

moderately = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
rarely = settings(moderately, max_examples=20)


def outcome(written: tuple[Fact, ...]) -> dict[str, Any]:
    """What followed, in names and dates and without positions: on every day on which anything changed."""
    seen = View.of(prefix(log(*written)), LAST)
    found: dict[str, Any] = {}
    for name, timeline in seen.timelines.items():
        found[name] = timeline.segments(name)
        found[f"{name} amended"] = sorted((m, d) for m, d in timeline.in_effect.items())
        for day in timeline.days:
            states = {str(each.key): (each.arose, each.state, each.cured_on) for each in day.of(name)}
            grants = [each for each in day.grants if each.granted.fact.facility == name]
            found[f"{name} on {day.day}"] = (
                day.legal[name],
                states,
                sorted(
                    (each.granted.name, each.state, str(each.began), str(each.ended and each.ended.when.day))
                    for each in grants
                ),
            )
    return found


# --- both clocks -----------------------------------------------------------------------------------------------------


@given(records(), st.data())
@rarely
def test_what_is_recorded_later_never_changes_an_earlier_answer(written: tuple[Fact, ...], data: st.DataObject) -> None:
    known = data.draw(st.integers(len(FACILITIES), len(written)))
    on = data.draw(st.sampled_from(EVERY_DAY))
    now = dt.datetime(2002, 1, 1, tzinfo=dt.UTC)
    with Book.open("sqlite://", create=True) as book:
        book.record(written[:known], now=now)
        before = report(View.of(book.prefix(known), on)).as_json()
        book.record(written[known:], now=now + dt.timedelta(days=1))
        assert report(View.of(book.prefix(known), on)).as_json() == before
        assert report(View.of(book.prefix(now + dt.timedelta(hours=1)), on)).as_json() == before


@given(records(), st.data())
@moderately
def test_facts_of_different_dates_give_one_answer_in_whatever_order_they_are_recorded(
    written: tuple[Fact, ...], data: st.DataObject
) -> None:
    assert outcome(reordered(written, data.draw(st.randoms(use_true_random=False)))) == outcome(written)


def reordered(written: tuple[Fact, ...], chance: Any) -> tuple[Fact, ...]:
    """The facts in another order that a ledger takes; those of one date stay in theirs, and so do openings."""
    opened, waiting = list(written[: len(FACILITIES)]), list(written[len(FACILITIES) :])
    register, taken = Register(), []
    for fact in opened:
        taken.append(fact)
        register.after(len(taken), fact)
    while waiting:
        first_of_its_day = [
            fact
            for index, fact in enumerate(waiting)
            if all(fact.effective != before.effective for before in waiting[:index])
        ]
        fact = chance.choice([each for each in first_of_its_day if is_taken(register, each)])
        waiting.remove(fact)
        taken.append(fact)
        register.after(len(taken), fact)
    return tuple(taken)


def is_taken(register: Register, fact: Fact) -> bool:
    try:
        register.decide(fact)
    except Rejected:
        return False
    return True


# --- corrections and keys --------------------------------------------------------------------------------------------


@given(records(), st.data())
@moderately
def test_a_voided_fact_leaves_no_residue(written: tuple[Fact, ...], data: st.DataObject) -> None:
    position = data.draw(st.integers(1, len(written)))
    voided = (*written, FactVoided(position=position, reason="Never so"))
    lapsed = {each.entry.position for each in in_force(log(*voided)).lapsed}
    gone = {position, *lapsed}
    without = tuple(fact for at, fact in enumerate(written, start=1) if at not in gone)
    assert outcome(voided) == outcome(without)


@given(records(most=6))
@rarely
def test_recording_the_same_facts_under_their_keys_again_records_them_once(written: tuple[Fact, ...]) -> None:
    keyed = [fact.model_copy(update={"key": f"fact-{at}"}) for at, fact in enumerate(written)]
    with Book.open("sqlite://", create=True) as book:
        first = book.record(keyed, now=dt.datetime(2002, 1, 1, tzinfo=dt.UTC))
        again = book.record(keyed, now=dt.datetime(2002, 1, 2, tzinfo=dt.UTC))
        assert again.repeated == len(keyed)
        assert (again.position, again.root) == (first.position, first.root)


# --- days ------------------------------------------------------------------------------------------------------------


@given(records())
@moderately
def test_nothing_happens_on_days_on_which_nothing_can_happen(written: tuple[Fact, ...]) -> None:
    """A paper filed each day, which changes nothing, makes the derivation look at every day there is."""
    papers = tuple(DocumentFiled(effective=day, document=f"paper-{day}", title="Nothing") for day in EVERY_DAY)
    sparse, dense = outcome(written), outcome((*written, *papers))
    for key, value in sparse.items():
        assert dense[key] == value, key


@given(records())
@rarely
def test_the_answer_of_each_day_is_that_of_the_segment_it_lies_in(written: tuple[Fact, ...]) -> None:
    seen = View.of(prefix(log(*written)), LAST)
    for name, timeline in seen.timelines.items():
        segments = timeline.segments(name)
        for day in EVERY_DAY:
            (legal,) = [
                status
                for at, (start, status) in enumerate(segments)
                if start <= day and (at + 1 == len(segments) or day < segments[at + 1][0])
            ]
            assert timeline.on(day).legal[name] == legal


@given(records(), st.data())
@rarely
def test_since_and_until_bracket_the_status_of_a_day(written: tuple[Fact, ...], data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(EVERY_DAY))
    seen = View.of(prefix(log(*written)), on)
    for name, timeline in seen.timelines.items():
        legal, since, until = timeline.on(on).legal[name], timeline.since(name, on), timeline.until(name, on)
        assert since is not None
        assert timeline.on(since).legal[name] == legal
        assert timeline.on(since - A_DAY).legal[name] != legal
        if until is not None:
            assert timeline.on(until).legal[name] != legal
            assert timeline.on(until - A_DAY).legal[name] == legal


# --- what an answer rests on -----------------------------------------------------------------------------------------


@given(records(), st.data())
@rarely
def test_an_answer_says_when_it_rests_on_an_inference(written: tuple[Fact, ...], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(written) - 1))
    facts = tuple(
        fact.model_copy(update={"standing": "inferred"}) if at == chosen else fact for at, fact in enumerate(written)
    )
    on = data.draw(st.sampled_from(EVERY_DAY))
    for answer in report(View.of(prefix(log(*facts)), on)).facilities:
        assert answer.inferred == (chosen + 1 in {reason.position for reason in answer.because})


@given(records(), st.data())
@rarely
def test_a_fact_that_is_only_recited_counts_for_nothing(written: tuple[Fact, ...], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(len(FACILITIES), len(written) - 1))
    recited = tuple(
        fact.model_copy(update={"standing": "recited"}) if at == chosen else fact for at, fact in enumerate(written)
    )
    lapsed = {
        each.entry.position for each in in_force(log(*written, FactVoided(position=chosen + 1, reason="x"))).lapsed
    }
    without = tuple(fact for at, fact in enumerate(written, start=1) if at not in {chosen + 1, *lapsed})
    assert outcome(recited) == outcome(without)
