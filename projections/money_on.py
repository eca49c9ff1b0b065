"""The money of a facility on a date: the rate, what may be borrowed, and what is owed, each rounded once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ledger.calendars import days_after
from ledger.facts.terms import PaymentClause
from ledger.values import Days
from projections.answer import LineAnswer, LoanRate, Obligations, Payment, RateAnswer, RatePart
from projections.charges import available_on, charged_books, contingent_interest, excess_on, grounds, rate_on_excess
from projections.figures import rounded, stripped, total
from projections.formulas import Priced
from projections.obligations import Books
from projections.on_date import OnDate
from projections.owed import Due, Owed
from projections.rates import Pricing

_PER_1000_DIGITS = 4


@dataclass(frozen=True)
class MoneyOn(OnDate):
    """The rates and the obligations of a facility, on the view's date."""

    @cached_property
    def pricing(self) -> Pricing:
        """Its rates."""
        return self.timeline.pricing[self.name]

    @cached_property
    def books(self) -> Books:
        """Its books at the rate charged."""
        return charged_books(self.timeline, self.name, self.view.as_of)

    @cached_property
    def owed(self) -> Owed:
        """Its books on the date."""
        return self.books.on(self.view.as_of)

    def rate(self) -> RateAnswer:
        """The rate charged on the date, with its parts, and the default rate beside it."""
        day = self.view.as_of
        if not self.is_open:
            return RateAnswer(
                charged=None, if_default_rate=None, default_rate_available=False, grounds=(), option=None, parts=()
            )
        hold = grounds(self.timeline, self.name, day)
        charged = self.pricing.charged(day, hold)
        under_default = self.pricing.under_default(day)
        return RateAnswer(
            charged=stripped(charged.rate),
            if_default_rate=None if under_default is None else stripped(under_default.rate),
            default_rate_available=self.pricing.available(day, hold),
            grounds=tuple(hold),
            option=charged.option,
            parts=tuple(self._parts(charged)),
        )

    def _parts(self, priced: Priced) -> Iterable[RatePart]:
        elected = () if priced.elected is None else (priced.elected,)
        for part in priced.parts:
            because = self.view.because((*part.positions, *elected))
            yield RatePart(part=part.part, index=part.index, rate=stripped(part.rate), because=because)

    def loan_rates(self) -> Iterable[LoanRate]:
        """The rate charged on each loan that is outstanding, under the option chosen for it."""
        day = self.view.as_of
        for name, loan in self.owed.loans.items() if self.is_open else ():
            if name is not None and loan.amount != 0:
                priced = self.pricing.charged(day, grounds(self.timeline, self.name, day), loan.under)
                yield LoanRate(
                    loan=name,
                    option=priced.option or loan.under.option,
                    charged=stripped(priced.rate),
                    amount=self.books.money(loan.amount),
                    period_ends=loan.under.ends,
                )

    def line(self) -> LineAnswer | None:
        """How much may be borrowed; None where neither a commitment nor any availability is stated."""
        day, books = self.view.as_of, self.books
        if not self.is_open:
            return None
        commitment = self.pricing.terms.commitment.on(day)
        available = available_on(self.timeline, self.name, day)
        if commitment is None and available is None:
            return None
        outstanding = self.owed.outstanding
        drawn = None if commitment is None or outstanding is None else commitment.value - outstanding
        return LineAnswer(
            commitment=None if commitment is None else books.money(commitment.value),
            unused=None if drawn is None else books.money(max(drawn, Decimal(0))),
            available=books.money(available),
            excess=books.money(excess_on(self.timeline, self.name, day)),
            charged_on_excess=stripped(rate_on_excess(self.timeline, self.name, day)),
        )

    def obligations(self) -> Obligations:
        """What is owed on the date, rounded once."""
        if not self.is_open:
            fields = [name for name in Obligations.model_fields if name != "because"]
            return Obligations(**dict.fromkeys(fields), because=())
        owed, books, day = self.owed, self.books, self.view.as_of
        exact = books.accrued(owed, day)
        accrued = None if owed.outstanding is None else books.money(exact)
        principal, fees = books.money(owed.outstanding), books.money(books.fees(owed, day))
        unpaid = books.money(owed.interest_unpaid if owed.outstanding is not None or owed.interest_dues else None)
        per_1000 = books.per_1000(owed, day)
        contingent = contingent_interest(self.timeline, self.name, day)
        positions = [*owed.principal_from, *books.interest_because(owed, day)]
        positions += [position for due in owed.dues.values() for position in (*due.positions, *due.paid_by)]
        positions += [position for _, from_fees in owed.fees.values() for position in from_fees]
        return Obligations(
            principal=principal,
            accrued_interest=accrued,
            interest_unpaid=unpaid,
            fees=fees,
            total=total([principal, accrued, unpaid, fees]),
            contingent_default_interest=books.money(contingent),
            interest_per_1000=None if per_1000 is None else rounded(per_1000, _PER_1000_DIGITS, books.rounding),
            days_past_due=self._days_past_due(after_grace=False),
            days_past_due_after_grace=self._days_past_due(after_grace=True),
            because=self.view.because(positions),
        )

    @cached_property
    def failed(self) -> list[Due]:
        """The payments that the record says were missed and that are unpaid on the date, oldest first."""
        return sorted((due for due in self.owed.unpaid.values() if due.positions), key=lambda due: due.on)

    @cached_property
    def payment(self) -> Payment | None:
        """The payment status; None where a due date passed in silence, or none is known."""
        if not self.is_open:
            return None
        matures = self.pricing.terms.matures.on(self.view.as_of)
        if any(due.kind == "principal" and matures is not None and due.on >= matures.value for due in self.failed):
            return "matured_unpaid"
        if self.failed:
            return "past_due"
        if self.books.paid_off_by(self.view.as_of):
            return "paid"
        silent = bool(self.owed.unpaid)
        matured = matures is not None and matures.value <= self.view.as_of
        known = self.pricing.terms.schedule.on(self.view.as_of) is not None
        return "current" if known and not silent and not matured else None

    def _days_past_due(self, *, after_grace: bool) -> int | None:
        """How long the oldest missed payment has been due; 0 where payments are current, None where not stated."""
        if not self.failed:
            return 0 if self.payment in ("current", "paid") else None
        due = self.failed[0]
        if not after_grace:
            return (self.view.as_of - due.on).days
        for said in self.pricing.terms.clauses_on(self.view.as_of):
            clause = said.value
            if isinstance(clause, PaymentClause) and (clause.of is None or due.kind in clause.of):
                if clause.grace == "not_stated":
                    return None
                end = days_after(due.on, clause.grace) if isinstance(clause.grace, Days) else due.on
                return max((self.view.as_of - end).days, 0)
        return None
