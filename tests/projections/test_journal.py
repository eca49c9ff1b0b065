"""Double entry: postings that balance, and that come to what the answers say, on every date and whatever the record."""

import datetime as dt
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.decisions import Register
from ledger.facts import Fact
from ledger.rejected import Rejected
from projections.journal import journal
from projections.postings import CLAIMS
from projections.view import View
from tests.projections.asking import prefix
from tests.spec import facts, log

DAYS = tuple(f"2001-{month:02d}-{day:02d}" for month in (1, 2, 3, 4) for day in (1, 11, 15, 28))
days = st.sampled_from(DAYS)
amounts = st.sampled_from(("0.01", "10.00", "33.335", "400.00", "5000.00"))

OPENINGS = (
    'principal: "1000.00", rate: {fixed: "0.10"}, day_count: actual/365',
    'principal: "1000.00", rate: {fixed: "0.07"}, day_count: 30/360 US, interest_on_overdue: true, '
    "schedule: {interest: {every: 1 month, from: 2001-02-01}}",
    'principal: "1000.00", rate: {fixed: "0.07"}, day_count: 30E/360, matures: 2001-04-15, '
    "schedule: {interest: {every: 1 month, from: 2001-02-01, capitalise_until: 2001-03-01},"
    " principal: {kind: annuity, every: 1 month, from: 2001-03-01}}",
    'principal: "0.00", commitment: "900.00", rate: {fixed: "0.10"}, day_count: actual/360, '
    'recurring_fees: [{fee: unused, rate: "0.01", of: unused, every: 1 month, from: 2001-02-01}]',
    'rate: {fixed: "0.10"}, day_count: actual/360',
    'principal: "1000.00", proceeds: "990.00", day_count: actual/360, application: [principal, interest, fees]',
)
BEFALLS = (
    '{{event: PaymentMade, effective: {day}, amount: "{amount}"}}',
    '{{event: PaymentMade, effective: {day}, of: interest, amount: "{amount}"}}',
    '{{event: PaymentMade, effective: {day}, of: principal, due: 2001-03-01, amount: "{amount}"}}',
    "{{event: PaymentMissed, effective: {day}, of: interest, due: {day}}}",
    '{{event: PaymentMissed, effective: {day}, of: [principal], due: {day}, amount: "{amount}"}}',
    '{{event: LoanAdvanced, effective: {day}, loan: l{other}, amount: "{amount}"}}',
    '{{event: BalanceStated, effective: {day}, principal: "{amount}"}}',
    "{{event: BalanceStated, effective: {day}, interest_paid_to: 2001-02-11}}",
    '{{event: BalanceStated, effective: {day}, accrued_interest: "{amount}"}}',
    '{{event: FeeAgreed, effective: {day}, fee: f{number}, kind: waiver, amount: "{amount}", earned: {day}}}',
    '{{event: FeeAgreed, effective: {day}, fee: f{number}, kind: waiver, amount: "{amount}", earned: 2001-03-15, '
    "due: 2001-04-01}}",
    "{{event: FeeSettled, effective: {day}, fee: f{other}, how: paid}}",
    '{{event: FeeSettled, effective: {day}, fee: f{other}, how: charged_to_account, amount: "{amount}"}}',
    "{{event: FacilityTerminated, effective: {day}, ground: paid}}",
    '{{event: NotesTendered, effective: {day}, offer: swap, amount: "{amount}"}}',
    "{{event: OfferConsummated, effective: {day}, offer: swap}}",
)
OFFER = (
    "- {event: OfferLaunched, offer: swap, effective: 2001-01-01, old: debt, through: 2001-04-30, accrued: capitalised,"
    ' new: {facility: new, rate: {fixed: "0.12"}, day_count: actual/365}}'
)


@st.composite
def records(draw: st.DrawFn) -> tuple[Fact, ...]:
    """One debt, and what befalls its money; of facts that would be refused, those before them stay."""
    opening = draw(st.sampled_from(OPENINGS))
    lines = [f"- {{event: FacilityOpened, facility: debt, effective: 2001-01-01, name: D, borrowers: [m], {opening}}}"]
    lines.append(OFFER)
    for number in range(draw(st.integers(1, 8))):
        what = draw(st.sampled_from(BEFALLS))
        said = what.format(day=draw(days), amount=draw(amounts), number=number, other=draw(st.integers(0, 2)))
        about = "" if "offer:" in said or "FeeSettled" in said else "facility: debt, "
        lines.append("- {" + about + said[1:])
    accepted: list[Fact] = []
    register = Register()
    for each in facts("\n".join(lines)):
        try:
            register.decide(each)
        except Rejected:
            continue
        accepted.append(each)
        register.after(len(accepted), each)
    return tuple(accepted)


@given(records())
@settings(max_examples=100, deadline=None)
def test_postings_balance_and_come_to_what_is_owed_on_every_date(written: tuple[Fact, ...]) -> None:
    seen = View.of(prefix(log(*written)), dt.date(2001, 5, 2))
    for day in (*map(dt.date.fromisoformat, DAYS), seen.as_of):
        on = seen.at(day)
        for name in on.timelines:
            kept = journal(on, name)
            balances: Counter[str] = Counter()
            for posting in kept.postings:
                assert sum(posting.legs.values()) == 0
                assert posting.day <= day
                balances.update(posting.legs)
            for claim in CLAIMS:
                owed = kept.owed.get(claim)
                assert owed in (None, balances.get(claim, Decimal(0))), (name, day, claim, owed, balances)


@given(records())
@settings(max_examples=30, deadline=None)
def test_what_was_posted_by_a_date_stays_posted(written: tuple[Fact, ...]) -> None:
    seen = View.of(prefix(log(*written)), dt.date(2001, 5, 2))
    books = seen.timelines["debt"].books["debt"]
    whole = books.postings(seen.as_of)
    for day in map(dt.date.fromisoformat, DAYS):
        by_then = books.postings(day)
        assert by_then == whole[: len(by_then)]
        assert all(posting.day > day for posting in whole[len(by_then) :])
