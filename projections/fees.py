"""Fees: what accrues of those that come back, and how those agreed are settled."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ledger.facts.terms import RecurringFee
from projections.money_record import Record, fee_days
from projections.owed import FeeOwed, Owed
from projections.terms import Said

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Fees:
    """The fees of one facility, on the page of a day."""

    record: Record

    def falls_due(
        self, said: Said[tuple[RecurringFee, ...]], fee: RecurringFee, page: Owed, day: dt.date
    ) -> Fraction | None:
        """What falls due on a day of a fee that comes back: its amount, or what has accrued of it. Exact."""
        return Fraction(fee.amount) if fee.amount is not None else self.accrued(said, fee, page, day)

    def accrued(
        self, said: Said[tuple[RecurringFee, ...]], fee: RecurringFee, page: Owed, day: dt.date
    ) -> Fraction | None:
        """What has accrued of a fee that comes back, since it last fell due, up to, not including, a day. Exact."""
        rate, commitment = fee.rate, self.record.terms.commitment
        if rate is None:
            return Fraction(0)
        start = page.fees_from.get(fee.fee, max(self.record.opening.effective, said.from_))
        end = min(day, self.record.terminated)

        def yearly(on: dt.date) -> Decimal | None:
            outstanding = next((amount for since, amount in reversed(page.principal) if since <= on), None)
            committed = commitment.on(on)
            match fee.of or "unused":
                case "principal":
                    base = outstanding
                case "commitment":
                    base = committed.value if committed is not None else None
                case "unused":
                    drawn = None if committed is None or outstanding is None else committed.value - outstanding
                    base = None if drawn is None else max(drawn, _NOTHING)
            return None if base is None else base * rate

        edges = {*commitment.dates(), *(since for since, _ in page.principal)}
        inner = {edge for edge in edges if start < edge < end}
        return self.record.accrual.accrue(start, end, inner, yearly) if start < end else Fraction(0)

    def settle(self, page: Owed, fee: str, amount: Decimal | None, at: tuple[int, ...]) -> Decimal | None:
        """Settle an amount, or all that is left, of a fee, earned by now or not; how much that is."""
        agreed = self.record.fees.get(fee)
        unearned = FeeOwed(agreed.fact.amount, (agreed.position,)) if agreed is not None else FeeOwed(None, ())
        left, positions = page.fees.get(fee, unearned)
        settled = left if amount is None else amount
        rest = None if left is None or settled is None else max(left - settled, _NOTHING)
        page.fees[fee] = FeeOwed(rest, (*positions, *at))
        return settled

    def pay_dues(self, page: Owed, fee: str, settled: Decimal | None, day: dt.date, at: tuple[int, ...]) -> None:
        """Pay what fell due of a fee with what was settled of it."""
        days, rest = fee_days(self.record.fees[fee].fact), settled
        for due in page.unpaid_of("fee"):
            if due.on in days and rest:
                rest = page.pay(due, rest, day, at)

    def settle_oldest(self, page: Owed, amount: Decimal, due: dt.date | None, at: tuple[int, ...]) -> Decimal | None:
        """Settle fees, oldest first, or those payable on a day; what is left of the amount, None where nothing says."""
        rest: Decimal | None = amount
        for fee, (left, _) in [*page.fees.items()]:
            agreed = self.record.fees.get(fee)
            payable = due is None or agreed is None or due in fee_days(agreed.fact)
            if rest and left != 0 and payable:
                paid = rest if left is None else min(left, rest)
                self.settle(page, fee, paid, at)
                rest = None if left is None else rest - paid
        return rest
