"""The exchange offers on a date, and what each that was consummated exchanged."""

from collections.abc import Iterator
from fractions import Fraction

from ledger.facts import OfferLaunched
from projections.answer import ExchangeAnswer, OfferAnswer
from projections.exchanges import exchanges
from projections.figures import rounded, stripped, total
from projections.offers import OfferState, cash_fee, offer_on, warrant_shares
from projections.view import View

_FRACTION_DIGITS = 6


def offers_on(view: View) -> Iterator[OfferAnswer]:
    """The offers launched by the view's date."""
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
