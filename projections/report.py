"""The report on a date: one answer a facility, the offers, the findings. Put together here, derived elsewhere."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from ledger.calendars import days_after
from ledger.facts import CovenantTested, OfferLaunched
from ledger.facts.amendments import ConditionFact
from ledger.facts.names import Name
from ledger.facts.terms import Condition, Covenant, PaymentClause
from ledger.values import Days
from projections.amendments import met_by_fact
from projections.answer import (
    AmendmentAnswer,
    DefaultAnswer,
    ExchangeAnswer,
    FacilityAnswer,
    LineAnswer,
    LoanRate,
    Obligations,
    OfferAnswer,
    Payment,
    RateAnswer,
    RatePart,
    Report,
    WaiverAnswer,
)
from projections.charges import available_on, charged_books, contingent_interest, excess_on, grounds, rate_on_excess
from projections.exchanges import exchanges
from projections.figures import rounded, stripped, total
from projections.formulas import Priced
from projections.history import Entry
from projections.obligations import Books
from projections.offers import OfferState, cash_fee, offer_on, warrant_shares
from projections.owed import Due, Owed
from projections.rates import Pricing
from projections.reasons import behind_amendment, behind_grant, lifted, made_by
from projections.states import Day, Default, GrantState
from projections.terms import Deleted, Said
from projections.timeline import Timeline
from projections.view import View
from projections.waivers import covers

_PER_1000_DIGITS = 4
_FRACTION_DIGITS = 6


def report(view: View, facilities: Collection[str] | None = None) -> Report:
    """The whole answer on the view's date, of all facilities or of those named (KeyError for one not in the record)."""
    wanted = list(view.timelines) if facilities is None else list(facilities)
    return Report(
        as_of=view.as_of,
        known=view.known,
        standing=view.derivation.standing,
        as_stood=view.derivation.as_stood_on is not None,
        facilities=tuple(FacilityOn(view, view.timelines[name], name).answer() for name in wanted),
        offers=tuple(_offers(view)),
        findings=tuple(f for f in view.findings if facilities is None or f.facility in (None, *wanted)),
    )


def _offers(view: View) -> Iterable[OfferAnswer]:
    for launched in view.history.of(OfferLaunched):
        if launched.effective > view.as_of:
            continue
        state = offer_on(view.history, launched, view.derivation.outstanding, view.as_of)
        old = view.timelines[launched.fact.old].books[launched.fact.old]
        yield OfferAnswer(
            offer=launched.fact.offer,
            state=state.state,
            old=launched.fact.old,
            new=state.terms.new.facility,
            last_day=state.last_day,
            tendered=rounded(Fraction(state.offer.tendered or 0), old.digits, old.rounding),
            fraction=None if state.fraction is None else rounded(state.fraction, _FRACTION_DIGITS),
            minimum_tender=state.terms.minimum_tender,
            minimum_met=state.minimum_met,
            exchanged=_exchanged(view, state),
            because=view.because(state.positions),
        )


def _exchanged(view: View, state: OfferState) -> ExchangeAnswer | None:
    """What an offer exchanged, once it is consummated."""
    exchange = next((each for each in exchanges(view.history) if each.position in state.positions), None)
    if exchange is None or state.state != "consummated":
        return None
    terms, group = exchange.terms, view.timelines[exchange.old].books
    interest, issued = group[exchange.old].interest_exchanged(exchange), group[exchange.new].issued(exchange)
    money, cash = group[exchange.new].money, []
    if terms.cash_fee is not None:
        cash.append(cash_fee(terms.cash_fee, exchange.tendered, issued))
    if terms.accrued == "paid":
        cash.append(interest)
    return ExchangeAnswer(
        on=exchange.on,
        principal=money(exchange.tendered),
        accrued_interest=interest,
        issued=money(issued),
        cash=money(total(cash)) if cash else None,
        warrant_shares=stripped(warrant_shares(terms, exchange.tendered)),
    )


@dataclass(frozen=True)
class FacilityOn:
    """One facility on the view's date."""

    view: View
    timeline: Timeline
    name: str

    @cached_property
    def day(self) -> Day:
        """The state of its group."""
        return self.timeline.on(self.view.as_of)

    @cached_property
    def is_open(self) -> bool:
        """Whether it has been opened by the date."""
        return self.day.legal[self.name] != "not_open"

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

    def answer(self) -> FacilityAnswer:
        """The whole answer."""
        view, opening = self.view, self.timeline.world.openings[self.name]
        defaults = tuple(self._default(default) for default in self.defaults)
        rate, obligations = self.rate(), self.obligations()
        rests_on = self._rests_on(rate, obligations)
        return FacilityAnswer(
            facility=self.name,
            name=opening.fact.name,
            currency=opening.fact.currency,
            legal=self.day.legal[self.name],
            payment=self.payment,
            since=self.timeline.since(self.name, view.as_of),
            until=view.timelines_ahead[self.name].until(self.name, view.as_of) if self.is_open else None,
            inferred=any(reason.standing != "stated" for reason in view.because(rests_on)),
            deemed=view.deemed(rests_on),
            defaults=defaults,
            waivers=tuple(self.waiver(state) for state in self.grants),
            amendments=tuple(self.amendments()),
            rate=rate,
            rates=tuple(self._loan_rates()),
            line=self._line(),
            obligations=obligations,
            not_stated=self._not_stated(rate, obligations) if self.is_open else (),
            because=view.because(rests_on),
        )

    # --- status ------------------------------------------------------------------------------------------------------

    @cached_property
    def defaults(self) -> list[Default]:
        """Its Defaults, by the date on which they arose."""
        return sorted(self.day.of(self.name), key=lambda default: (default.arose, str(default.key)))

    @cached_property
    def grants(self) -> list[GrantState]:
        """Its waivers and forbearances, by the date of the grant; none before it is open."""
        own = [state for state in self.day.grants if self.is_open and state.granted.fact.facility == self.name]
        return sorted(own, key=lambda state: state.granted.source.order)

    def rests_on(self, default: Default) -> tuple[int, ...]:
        """The facts behind the state of a Default: cause, clause, notice, what covers it, and what no longer does."""
        positions = [*default.root.positions, *made_by(self.timeline, default, self.view.as_of), *default.cured_because]
        for state in self.grants:
            if state.granted in default.covered_by:
                positions += behind_grant(self.timeline, state, self.view.as_of)
        for state in self.no_longer_covering(default):
            positions += state.ended.positions if state.ended is not None else ()
        return tuple(positions)

    @cached_property
    def breaches_deleted(self) -> list[tuple[Entry[CovenantTested], Said[Covenant | Deleted]]]:
        """The breaches of covenants up to the date that make no Default, as an amendment deleted the covenant."""
        terms, day = self.timeline.terms[self.name], self.view.as_of
        tests = [each for each in self.timeline.world.history.of(CovenantTested) if each.fact.facility == self.name]
        failed = [each for each in tests if each.effective <= day and not each.fact.met]
        deleted = [(each, terms.covenant_deleted(each.fact.covenant, each.fact.test_date)) for each in failed]
        return [(each, deletion) for each, deletion in deleted if deletion is not None]

    def no_longer_covering(self, default: Default) -> list[GrantState]:
        """The grants that ended after a Default arose, that nothing covers now, and whose scope takes it in."""
        if default.covered_by or default.state == "cured":
            return []
        key, root, world, event = default.key, default.root, self.timeline.world, default.event_of_default
        begun = [state for state in self.grants if state.began is not None]
        over = [state for state in begun if state.ended is not None and state.ended.when.day > default.arose]
        day = self.view.as_of
        return [state for state in over if covers(state.granted.fact, key, root, world, day, event_of_default=event)]

    def _met(self, amendment: str, condition: Condition) -> Entry[ConditionFact] | None:
        """The fact that had met a condition of an amendment by the date."""
        return met_by_fact(Name("amendment", amendment), condition, self.timeline.world, self.view.as_of)

    def _in_effect(self, amendment: str | None) -> dt.date | None:
        """Since when an amendment is in effect on the date; None where it is not."""
        since = self.timeline.in_effect.get(amendment or "")
        return since if since is not None and since <= self.view.as_of else None

    def _default(self, default: Default) -> DefaultAnswer:
        return DefaultAnswer(
            default=str(default.key),
            clause=default.key.clause,
            arose=default.arose,
            became_event_of_default=default.matures if default.event_of_default else None,
            state=default.state,
            cured_on=default.cured_on,
            waivers=tuple(granted.name for granted in default.covered_by),
            because=self.view.because(self.rests_on(default)),
        )

    def waiver(self, state: GrantState) -> WaiverAnswer:
        """One of its waivers or forbearances."""
        ended = state.ended
        positions = behind_grant(self.timeline, state, self.view.as_of)
        return WaiverAnswer(
            waiver=state.granted.name,
            kind=state.granted.kind,
            state=state.state,
            from_=state.began,
            until=state.ends_by_date,
            ended_on=ended.when.day if ended is not None else None,
            ended_by=ended.by if ended is not None else None,
            because=self.view.because((*positions, *(ended.positions if ended is not None else ()))),
        )

    def amendments(self) -> Iterable[AmendmentAnswer]:
        """Its amendments signed by the date, each with the conditions still open."""
        for name, entry in self.timeline.world.amendments.items():
            if entry.fact.facility != self.name or entry.effective > self.view.as_of:
                continue
            in_effect = self._in_effect(name)
            open_conditions = [
                condition.condition
                for condition in entry.fact.conditions
                if not (in_effect or self._met(name, condition) or self._in_effect(condition.amendment))
            ]
            yield AmendmentAnswer(
                amendment=name,
                signed=entry.effective,
                in_effect=in_effect,
                open_conditions=tuple(open_conditions),
                because=self.view.because(behind_amendment(self.timeline, name, self.view.as_of)),
            )

    # --- rate --------------------------------------------------------------------------------------------------------

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

    def _loan_rates(self) -> Iterable[LoanRate]:
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

    def _line(self) -> LineAnswer | None:
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

    # --- obligations -------------------------------------------------------------------------------------------------

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

    # --- what it rests on --------------------------------------------------------------------------------------------

    def _rests_on(self, rate: RateAnswer, obligations: Obligations) -> set[int]:
        """The facts that the answer rests on: status, rate, obligations, waivers in force, amendments in effect."""
        positions = {self.timeline.world.openings[self.name].position}
        for default in self.defaults:
            positions |= set(self.rests_on(default))
        for state in self.grants:
            if state.state == "in_force":
                positions |= {*behind_grant(self.timeline, state, self.view.as_of)}
        for amendment in self.amendments():
            if amendment.in_effect is not None:
                positions |= {reason.position for reason in amendment.because}
        if self.name in self.day.accelerations:
            positions |= set(self.day.accelerations[self.name].positions)
        else:
            positions |= {*lifted(self.timeline, self.name, self.view.as_of)}
        terminated = self.timeline.world.terminations.get(self.name)
        if terminated is not None and terminated.effective <= self.view.as_of:
            positions.add(terminated.position)
        positions |= {reason.position for part in rate.parts for reason in part.because}
        return positions | {reason.position for reason in obligations.because}

    def _not_stated(self, rate: RateAnswer, obligations: Obligations) -> tuple[str, ...]:
        """The names of what the record does not say, and of what cannot be worked out without it."""
        values = {
            "currency": self.timeline.world.openings[self.name].fact.currency,
            "payment": self.payment,
            "rate": rate.charged,
            "day_count": self.pricing.terms.day_count.on(self.view.as_of),
            **{name: getattr(obligations, name) for name in _OWED},
        }
        return tuple(name for name, value in values.items() if value is None)


_OWED = (
    "principal",
    "accrued_interest",
    "interest_unpaid",
    "fees",
    "total",
    "contingent_default_interest",
    "interest_per_1000",
)
