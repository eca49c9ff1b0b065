"""Books that go on from others, from before the first day on which they differ, are those kept from the first day."""

import datetime as dt
import os
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as having
from hypothesis import strategies as st

from ledger.decisions import Register
from ledger.facts import Fact
from ledger.records import Prefix
from ledger.rejected import Rejected
from projections.obligations import Books, contract_books
from projections.view import Derivation
from tests.projections.asking import prefix
from tests.spec import facts, log

OPENED, LAST = dt.date(2001, 1, 1), dt.date(2003, 6, 30)
DAYS = tuple(f"{year}-{month:02d}-{day:02d}" for year in (2001, 2002) for month in (2, 5, 7, 10) for day in (1, 2, 15))

RATES = (
    '{fixed: "0.08"}',
    '{steps: [{from: 2001-01-01, rate: "0.05"}, {from: 2001-09-01, rate: "0.07"}]}',
    '{options: {prime: {index: prime, margin: "0.01"}}}',
    "{options: {libor: {index: libor, fixed_for_period: true}}}",
    "{options: {prime: {index: prime}}, resets: {every: 6 months, from: 2001-03-01}}",
)
PRINCIPAL = (
    "",
    ', principal: {kind: equal, every: 1 month, from: 2001-05-01, amount: "20.00"}',
    ", principal: {kind: equal, every: 3 months, from: 2001-05-01}",
    ", principal: {kind: annuity, every: 3 months, from: 2001-05-01}",
    ', principal: {kind: listed, due: [{on: 2002-03-02, amount: "100.00"}]}',
)
INTEREST = (
    "{every: 1 month, from: 2001-02-01}",
    "{every: 3 months, from: 2001-02-01, capitalise_until: 2002-02-01}",
)
ROLLS = ("", ", roll: preceding, calendar: us", ", roll: following, calendar: us, adjust: calculate_then_shift")
FEES = ", recurring_fees: [{fee: line, rate: '0.01', every: 3 months, from: 2001-04-01}]"

days = st.sampled_from(DAYS)


@st.composite
def schedules(draw: st.DrawFn) -> str:
    interest, principal, roll = (draw(st.sampled_from(each)) for each in (INTEREST, PRINCIPAL, ROLLS))
    return f"{{interest: {interest}{principal}{roll}}}"


@st.composite
def happens(draw: st.DrawFn, number: int) -> str:
    """One thing that happens to the money of a loan, or that changes its terms."""
    day, other, amount = draw(days), draw(days), draw(st.sampled_from(("5.00", "40.00", "300.00")))
    about = f"facility: loan, effective: {day}"
    match draw(st.integers(0, 11)):
        case 0 | 1:
            of = draw(st.sampled_from(("", ", of: interest", f", of: interest, due: {other}", ", of: principal")))
            return f'{{event: PaymentMade, {about}, amount: "{amount}"{of}}}'
        case 2:
            kind = draw(st.sampled_from(("interest", "principal", "fee")))
            return f"{{event: PaymentMissed, {about}, of: {kind}, due: {other}}}"
        case 3:
            return f'{{event: LoanAdvanced, {about}, loan: drawn, amount: "{amount}"}}'
        case 4:
            return f'{{event: BalanceStated, {about}, principal: "700.00", interest_paid_to: {other}}}'
        case 5:
            return f'{{event: FeeAgreed, {about}, fee: f{number}, kind: waiver, amount: "{amount}", earned: {day}}}'
        case 6:
            return f"{{event: FeeSettled, effective: {day}, fee: f{number - 1}, how: charged_to_account}}"
        case 7:
            index = draw(st.sampled_from(("prime", "libor")))
            level = draw(st.sampled_from(("0.04", "0.06")))
            return f'{{event: IndexFixed, effective: {day}, index: {index}, rate: "{level}"}}'
        case 8:
            return f"{{event: TermsStated, {about}, day_count: actual/actual ICMA}}"
        case _:
            change = draw(
                st.sampled_from(
                    (
                        f"change: rate, rate: {draw(st.sampled_from(RATES))}",
                        f"change: matures, matures: {draw(days)}",
                        f"change: schedule, schedule: {draw(schedules())}",
                        "change: application, application: [principal, interest, fees]",
                        'change: commitment, commitment: "900.00"',
                    )
                )
            )
            signed = f"{{event: AmendmentSigned, {about}, amendment: m{number}, dated: {day}"
            return f"{signed}, changes: [{{{change}, from: {other}}}]}}"


@st.composite
def records(draw: st.DrawFn) -> Prefix:
    """A loan with a payment that was missed, and whatever a ledger takes of what happens to it."""
    matures = draw(st.sampled_from(("", ", matures: 2002-08-01")))
    fees = draw(st.sampled_from(("", FEES)))
    opened = (
        f"- {{event: FacilityOpened, facility: loan, effective: {OPENED}, name: Loan, borrowers: [mill],"
        f' principal: "1000.00", commitment: "1500.00", day_count: 30/360 US{matures}{fees},'
        f" rate: {draw(st.sampled_from(RATES))}, schedule: {draw(schedules())},"
        f" clauses: [{{clause: own, kind: payment}}]}}"
    )
    written = [
        opened,
        *(f'- {{event: IndexFixed, effective: {OPENED}, index: {each}, rate: "0.05"}}' for each in ("prime", "libor")),
        "- {event: PaymentMissed, facility: loan, effective: 2001-02-01, of: interest, due: 2001-02-01}",
        *(f"- {draw(happens(number))}" for number in range(draw(st.integers(1, 9)))),
    ]
    register, taken = Register(), list[Fact]()
    for fact in facts("\n".join(written)):
        try:
            register.decide(fact)
        except Rejected:
            continue
        taken.append(fact)
        register.after(len(taken), fact)
    return prefix(log(*taken))


def same(mine: Books, anew: Books) -> None:
    """Whether two books say the same on every third day, and have posted the same."""
    for number in range(0, (LAST - OPENED).days, 3):
        day = OPENED + dt.timedelta(days=number)
        assert mine.on(day) == anew.on(day)
    assert repr(mine.on(LAST)) == repr(anew.on(LAST))
    assert repr(mine.postings(LAST)) == repr(anew.postings(LAST))


@settings(
    max_examples=2_000 if os.environ.get("ASOF_NIGHTLY") else 25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
@having(known=records(), earlier=st.integers(4, 12))
def test_books_that_go_on_are_those_kept_from_the_first_day(known: Prefix, earlier: int) -> None:
    first = Derivation(prefix(known.records[: min(earlier, len(known.records))]), "inferred", None)
    for derivation in (first, Derivation(known, "inferred", None, first)):
        timeline = derivation.timelines["loan"]
        same(timeline.books["loan"], contract_books(timeline.world, timeline.pricing)["loan"])


@pytest.mark.parametrize("change", ['rate, rate: {fixed: "0.10"}', "matures, matures: 2003-01-01"])
def test_books_that_differ_from_a_day_on_share_the_pages_from_before_it(change: str) -> None:
    known = facts(
        f"""
        - {{event: FacilityOpened, facility: loan, effective: {OPENED}, name: Loan, borrowers: [mill],
           principal: "1000.00", day_count: actual/360, rate: {{fixed: "0.08"}}, matures: 2002-08-01,
           schedule: {{interest: {{every: 1 month, from: 2001-02-01}}}}, clauses: [{{clause: own, kind: payment}}]}}
        - {{event: PaymentMissed, facility: loan, effective: 2002-03-01, of: interest, due: 2002-03-01}}
        - {{event: AmendmentSigned, facility: loan, amendment: m, effective: 2002-02-01, dated: 2002-02-01,
           changes: [{{change: {change}, from: 2002-02-01}}]}}
        """
    )
    before, after = (Derivation(prefix(log(*known[:count])), "inferred", None) for count in (2, 3))
    likened = Derivation(after.prefix, "inferred", None, before)
    one, other = (each.timelines["loan"].books["loan"] for each in (before, likened))
    shared, first_apart = dt.date(2002, 1, 1), dt.date(2002, 2, 1)
    assert one.on(shared) is other.on(shared)
    assert one.on(first_apart) is not other.on(first_apart)
    assert one.on(shared).outstanding == Decimal("1000.00")
