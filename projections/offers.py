"""Exchange offers: their terms as amended, their deadline as extended, what was tendered, and their state on a date."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ledger.facts import (
    NotesTendered,
    OfferAmended,
    OfferConsummated,
    OfferExtended,
    OfferLaunched,
    OfferTerminated,
    TendersAccepted,
    TenderWithdrawn,
)
from ledger.facts.offers import OfferFact
from projections.answer import OfferStateName
from projections.history import Entry, History

_A_DAY = dt.timedelta(days=1)
_LATER = (
    OfferAmended,
    OfferExtended,
    NotesTendered,
    TenderWithdrawn,
    TendersAccepted,
    OfferConsummated,
    OfferTerminated,
)


Outstanding = Callable[[str, dt.date], Decimal | None]
"""The principal of a facility outstanding on a day, or None where it is not stated."""


@dataclass(frozen=True, slots=True)
class OfferState:
    """One offer on a date. `fraction` is exact; None where nothing was tendered or the principal is not stated.

    Tenders are measured against the principal outstanding on the day, on the last day of tender once that is over, and
    before an exchange that was carried out.
    """

    launched: Entry[OfferLaunched]
    terms: OfferLaunched
    """The terms as launched, with what was amended since."""
    state: OfferStateName
    tendered: Decimal
    fraction: Fraction | None
    minimum_met: bool | None
    positions: tuple[int, ...]

    @property
    def last_day(self) -> dt.date:
        """The last day on which notes may be tendered."""
        return last_day(self.terms.through, self.terms.until)


def last_day(through: dt.date | None, until: dt.date | None) -> dt.date:
    """The last day of tender: `through` it, or the day before `until`."""
    if through is not None:
        return through
    assert until is not None
    return until - _A_DAY


def offer_on(history: History, launched: Entry[OfferLaunched], outstanding: Outstanding, day: dt.date) -> OfferState:
    """The state of an offer on a day on or after its launch."""
    own: Iterable[Entry[OfferFact]] = [
        entry
        for entry in history.of(
            OfferAmended,
            OfferExtended,
            NotesTendered,
            TenderWithdrawn,
            TendersAccepted,
            OfferConsummated,
            OfferTerminated,
        )
        if entry.fact.offer == launched.fact.offer and entry.effective <= day
    ]
    terms, tendered, ended = launched.fact, Decimal(0), None
    anything_tendered, measured_on = False, day
    for entry in own:
        match entry.fact:
            case OfferAmended() as amended:
                terms = _amended(terms, amended)
            case OfferExtended(through=through, until=until):
                terms = terms.model_copy(update={"through": through, "until": until})
            case NotesTendered(amount=amount):
                tendered, anything_tendered = tendered + amount, True
            case TenderWithdrawn(amount=amount):
                tendered -= amount
            case TendersAccepted() | OfferConsummated() | OfferTerminated():
                ended, measured_on = entry.fact, min(measured_on, entry.effective - _A_DAY)
            case _:
                pass
    principal = outstanding(terms.old, min(measured_on, last_day(terms.through, terms.until)))
    fraction = Fraction(tendered) / Fraction(principal) if anything_tendered and principal else None
    met = None if fraction is None or terms.minimum_tender is None else fraction >= Fraction(terms.minimum_tender)
    state: OfferStateName = "open"
    if isinstance(ended, OfferTerminated):
        state = "terminated"
    elif isinstance(ended, OfferConsummated):
        state = "consummated"
    elif isinstance(ended, TendersAccepted):
        state = "accepted"
    elif day > last_day(terms.through, terms.until):
        state = "lapsed" if met is False else "expired"
    positions = (launched.position, *(entry.position for entry in own))
    return OfferState(launched, terms, state, tendered, fraction, met, positions)


def _amended(terms: OfferLaunched, amended: OfferAmended) -> OfferLaunched:
    changes = {name: getattr(amended, name) for name in amended.changed}
    if "through" in changes or "until" in changes:
        changes = {"through": None, "until": None, **changes}
    return terms.model_copy(update=changes)
