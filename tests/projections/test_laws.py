"""The laws of the derivation, a test each, and what follows from them: on whatever records Hypothesis writes."""

import datetime as dt
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.decisions import Register
from ledger.facts import (
    AmendmentSigned,
    DocumentFiled,
    Fact,
    FactVoided,
    ForbearanceGranted,
    WaiverExtended,
    WaiverGranted,
)
from ledger.facts.base import Source
from ledger.rejected import Rejected
from projections.history import in_force
from projections.postings import Account
from projections.report import report
from projections.view import Derivation, View
from scenarios.assume import WhatIf
from tests.nightly import rounds
from tests.projections.asking import A_DAY, prefix
from tests.projections.groups import FACILITIES, records
from tests.spec import facts, log

PAPERS = (WaiverGranted, ForbearanceGranted, WaiverExtended, AmendmentSigned)
"""What somebody executes."""

FIRST, LAST = dt.date(2001, 2, 25), dt.date(2001, 7, 20)
EVERY_DAY = [FIRST + dt.timedelta(days=offset) for offset in range((LAST - FIRST).days)]

moderately = settings(
    max_examples=rounds(40, 4_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
rarely = settings(moderately, max_examples=rounds(15, 1_500))


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


# --- 1: later knowledge ----------------------------------------------------------------------------------------------


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


# --- 2: what is kept -------------------------------------------------------------------------------------------------


@given(records(most=8))
@rarely
def test_what_is_kept_of_an_earlier_prefix_and_gone_on_from_is_what_the_log_gives_at_every_position_and_date(
    written: tuple[Fact, ...],
) -> None:
    entries, kept = log(*written), None
    for position in range(len(FACILITIES), len(written) + 1):
        known = prefix(entries[:position])
        kept = Derivation(known, "inferred", None, kept)
        from_the_log = Derivation(known, "inferred", None)
        for name, timeline in from_the_log.timelines.items():
            assert kept.timelines[name].days == timeline.days
        on = EVERY_DAY[position * 7 % len(EVERY_DAY)]
        assert report(View(kept, on)).as_json() == report(View(from_the_log, on)).as_json()


# --- 3: the order of recording ---------------------------------------------------------------------------------------


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


# --- 4: the same fact twice ------------------------------------------------------------------------------------------


@given(records(most=6))
@rarely
def test_recording_the_same_facts_under_their_keys_again_records_them_once(written: tuple[Fact, ...]) -> None:
    keyed = [fact.model_copy(update={"key": f"fact-{at}"}) for at, fact in enumerate(written)]
    with Book.open("sqlite://", create=True) as book:
        first = book.record(keyed, now=dt.datetime(2002, 1, 1, tzinfo=dt.UTC))
        again = book.record(keyed, now=dt.datetime(2002, 1, 2, tzinfo=dt.UTC))
        assert again.repeated == len(keyed)
        assert (again.position, again.root) == (first.position, first.root)


# --- 5: debits and credits -------------------------------------------------------------------------------------------


@given(records())
@moderately
def test_debits_equal_credits_in_every_facility_on_every_date(written: tuple[Fact, ...]) -> None:
    seen = View.of(prefix(log(*written)), LAST)
    for name, timeline in seen.timelines.items():
        books = timeline.books[name]
        for day in EVERY_DAY[:: len(EVERY_DAY) // 20]:
            owed, accounts = books.on(day), Counter[Account]()
            for posting in books.postings(day):
                accounts.update(posting.legs)
            assert sum(accounts.values()) == 0
            assert accounts["principal"] == owed.outstanding
            assert accounts["interest_due"] == owed.interest_unpaid
            assert accounts["fees"] == owed.fees_owed


# --- 6: waivers lower nothing, voided facts leave nothing ------------------------------------------------------------


@given(records(), st.data())
@rarely
def test_a_waiver_lowers_nothing_that_accrued_before_it(written: tuple[Fact, ...], data: st.DataObject) -> None:
    on, name = data.draw(st.sampled_from(EVERY_DAY)), data.draw(st.sampled_from(FACILITIES))
    (granted,) = facts(f"""
- {{event: WaiverGranted, facility: {name}, waiver: more, effective: {on}, reaches: [default, event_of_default],
   covers: [{{payments: [interest, principal, fee]}}, {{covenant: leverage}}, {{acts: [acceleration]}}], ends: []}}
""")
    without, waived = (
        report(View.of(prefix(log(*each)), on)).facility(name) for each in (written, (*written, granted))
    )
    for what in ("principal", "accrued_interest", "interest_unpaid", "fees", "total"):
        assert getattr(waived.obligations, what) == getattr(without.obligations, what), what


@given(records(), st.data())
@moderately
def test_a_voided_fact_leaves_no_residue(written: tuple[Fact, ...], data: st.DataObject) -> None:
    position = data.draw(st.integers(1, len(written)))
    voided = (*written, FactVoided(position=position, reason="Never so"))
    lapsed = {each.entry.position for each in in_force(log(*voided)).lapsed}
    gone = {position, *lapsed}
    without = tuple(fact for at, fact in enumerate(written, start=1) if at not in gone)
    assert outcome(voided) == outcome(without)


# --- 7: what an answer rests on --------------------------------------------------------------------------------------


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
def test_an_answer_says_when_it_rests_on_a_deemed_date(written: tuple[Fact, ...], data: st.DataObject) -> None:
    executed, on = (data.draw(st.sampled_from(EVERY_DAY)) for _ in range(2))
    (paper,) = facts(f"- {{event: DocumentFiled, document: d, title: D, effective: 2001-01-01, executed: {executed}}}")
    chosen = data.draw(st.integers(0, len(written) - 1))
    cited = tuple(
        fact.model_copy(update={"source": Source(document="d" if at == chosen else "other")})
        for at, fact in enumerate(written)
    )
    papers = (*cited, paper)
    for answer in report(View.of(prefix(log(*papers)), on)).facilities:
        rests_on = {reason.position for reason in answer.because}
        late = chosen + 1 in rests_on and on < executed
        unsigned = any(isinstance(written[at - 1], PAPERS) and at != chosen + 1 for at in rests_on)
        assert answer.deemed == (late or unsigned)


@given(records(), st.data())
@rarely
def test_an_answer_lists_what_is_not_stated(written: tuple[Fact, ...], data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(EVERY_DAY))
    for answer in report(View.of(prefix(log(*written)), on)).facilities:
        figures = answer.obligations.model_dump(exclude={"because", "days_past_due", "days_past_due_after_grace"})
        unknown = {name for name, figure in figures.items() if figure is None}
        assert unknown <= set(answer.not_stated)
        assert ("payment" in answer.not_stated) == (answer.payment is None)
        assert ("rate" in answer.not_stated) == (answer.rate.charged is None)


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


# --- 8: what-ifs -----------------------------------------------------------------------------------------------------


@given(records(most=6), records(most=6), st.data())
@rarely
def test_a_what_if_leaves_the_ledger_byte_for_byte_as_it_was(
    written: tuple[Fact, ...], assumed: tuple[Fact, ...], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        ledger = Path(folder) / "asof.db"
        with Book.open(f"sqlite:///{ledger}", create=True) as book:
            book.record(written, now=dt.datetime(2002, 1, 1, tzinfo=dt.UTC))
        before = ledger.read_bytes()
        with Book.open(f"sqlite:///{ledger}") as book:
            what_if = WhatIf(book.prefix())
            for fact in (*assumed, FactVoided(position=data.draw(st.integers(1, len(written))), reason="Never so")):
                with suppress(Rejected):
                    what_if.assume(fact)
            what_if.compare(data.draw(st.sampled_from(EVERY_DAY)))
        assert ledger.read_bytes() == before


# --- and besides: days ------------------------------------------------------------------------------------------------


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
