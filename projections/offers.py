"""Exchange offers on a date: their state, the fraction tendered, and what is exchanged."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ledger.facts import OfferConsummated, OfferLaunched, OfferTerminated, TendersAccepted
from ledger.facts.offers import CashFee
from projections.answer import OfferStateName
from projections.exchanges import Offer, offer_by
from projections.history import Entry, History

_A_DAY = dt.timedelta(days=1)


Outstanding = Callable[[str, dt.date], Decimal | None]
"""The principal of a facility outstanding on a day, or None where it is not stated."""


@dataclass(frozen=True, slots=True)
class OfferState:
    """One offer on a date. `fraction` is exact; None where nothing was tendered or the principal is not stated.

    Tenders are measured against the principal outstanding on the day, on the last day of tender once that is over, and
    before an exchange that was carried out.
    """

    offer: Offer
    state: OfferStateName
    fraction: Fraction | None
    minimum_met: bool | None

    @property
    def terms(self) -> OfferLaunched:
        """The terms as launched, with what was amended and extended since."""
        return self.offer.terms

    @property
    def last_day(self) -> dt.date:
        """The last day on which notes may be tendered."""
        return self.offer.last_day

    @property
    def positions(self) -> tuple[int, ...]:
        """The facts about the offer."""
        return self.offer.positions


def offer_on(history: History, launched: Entry[OfferLaunched], outstanding: Outstanding, day: dt.date) -> OfferState:
    """The state of an offer on a day on or after its launch."""
    offer = offer_by(history, launched, day)
    ended = offer.ended.effective - _A_DAY if offer.ended is not None else day
    principal = outstanding(offer.terms.old, min(day, ended, offer.last_day))
    minimum = offer.terms.minimum_tender
    fraction = Fraction(offer.tendered) / Fraction(principal) if offer.tendered is not None and principal else None
    met = None if fraction is None or minimum is None else fraction >= Fraction(minimum)
    return OfferState(offer, _state(offer, day, met=met), fraction, met)


def cash_fee(fee: CashFee, old: Decimal | None, new: Decimal | None) -> Decimal | None:
    """What the holders who tendered are paid for it, of the old principal or of the new."""
    principal = old if fee.of == "old" else new
    if principal is None:
        return None
    return principal * fee.per_1000 / 1000 if fee.per_1000 is not None else principal * (fee.fraction or Decimal(0))


def warrant_shares(terms: OfferLaunched, old: Decimal | None) -> Decimal | None:
    """The shares that warrants give the holders of old principal that was exchanged a right to; a part is kept."""
    per_1000 = terms.warrant_shares_per_1000
    return None if old is None or per_1000 is None else old * per_1000 / 1000


def _state(offer: Offer, day: dt.date, *, met: bool | None) -> OfferStateName:
    match offer.ended:
        case OfferTerminated():
            return "terminated"
        case OfferConsummated():
            return "consummated"
        case TendersAccepted():
            return "accepted"
        case None if day > offer.last_day:
            return "lapsed" if met is False else "expired"
        case None:
            return "open"
