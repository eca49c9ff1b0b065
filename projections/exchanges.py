"""Exchange offers as facts make them: terms as amended, what was tendered, and the notes that a consummation issues."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ledger.facts import (
    FacilityOpened,
    NotesTendered,
    OfferAmended,
    OfferConsummated,
    OfferExtended,
    OfferLaunched,
    OfferTerminated,
    TendersAccepted,
    TenderWithdrawn,
)
from ledger.facts.base import Fact
from ledger.facts.offers import OfferFact
from ledger.facts.terms import OpeningTerms
from projections.history import Entry, History, Order

_A_DAY = dt.timedelta(days=1)

Ended = TendersAccepted | OfferConsummated | OfferTerminated


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer at a point in the order of the world."""

    launched: Entry[OfferLaunched]
    terms: OfferLaunched
    """The terms as launched, with what was amended and extended since."""
    tendered: Decimal | None = None
    """The old principal tendered and not withdrawn; None where no tender is recorded."""
    ended: Ended | None = None
    positions: tuple[int, ...] = ()

    @property
    def last_day(self) -> dt.date:
        """The last day on which notes may be tendered."""
        return last_day(self.terms.through, self.terms.until)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a consummated offer exchanged."""

    position: int
    on: dt.date
    old: str
    new: str
    terms: OfferLaunched
    tendered: Decimal | None

    @property
    def accrued_from(self) -> dt.date | None:
        """From when interest on the old notes counts, where the offer says."""
        return self.terms.accrued_from


def last_day(through: dt.date | None, until: dt.date | None) -> dt.date:
    """The last day of tender: `through` it, or the day before `until`."""
    if through is not None:
        return through
    assert until is not None
    return until - _A_DAY


def offer_by(history: History, launched: Entry[OfferLaunched], until: dt.date | Order) -> Offer:
    """An offer with all that happened to it up to the end of a day, or up to a point in the order of the world."""
    offer = Offer(launched, launched.fact, positions=(launched.position,))
    for entry in history.of(
        OfferAmended,
        OfferExtended,
        NotesTendered,
        TenderWithdrawn,
        TendersAccepted,
        OfferConsummated,
        OfferTerminated,
    ):
        in_time = entry.order <= until if isinstance(until, tuple) else entry.effective <= until
        if entry.fact.offer == launched.fact.offer and in_time:
            offer = replace(_after(offer, entry.fact), positions=(*offer.positions, entry.position))
    return offer


def _after(offer: Offer, fact: OfferFact) -> Offer:
    match fact:
        case OfferAmended():
            changes = {name: getattr(fact, name) for name in fact.changed}
            if "through" in changes or "until" in changes:
                changes = {"through": None, "until": None, **changes}
            return replace(offer, terms=offer.terms.model_copy(update=changes))
        case OfferExtended(through=through, until=until):
            return replace(offer, terms=offer.terms.model_copy(update={"through": through, "until": until}))
        case NotesTendered(amount=amount):
            return replace(offer, tendered=(offer.tendered or Decimal(0)) + amount)
        case TenderWithdrawn(amount=amount):
            return replace(offer, tendered=(offer.tendered or Decimal(0)) - amount)
        case TendersAccepted() | OfferConsummated() | OfferTerminated():
            return replace(offer, ended=fact)
        case _:
            return offer


def exchanges(history: History) -> list[Exchange]:
    """What every consummated offer exchanged, in the order of the world."""
    launched = {entry.fact.offer: entry for entry in history.of(OfferLaunched)}
    found: list[Exchange] = []
    for entry in history.of(OfferConsummated):
        offer = offer_by(history, launched[entry.fact.offer], entry.order)
        old, new = offer.terms.old, offer.terms.new.facility
        if old != new:
            found.append(Exchange(entry.position, entry.effective, old, new, offer.terms, offer.tendered))
    return found


def openings(history: History) -> Mapping[str, Entry[FacilityOpened]]:
    """How each facility was opened: by its own fact, else by the first exchange that issued it.

    What an exchange issues is opened empty, on the terms of the offer, by the borrowers and in the currency of the old
    notes unless the offer states others; the exchange then brings its principal.
    """
    found = {entry.fact.facility: entry for entry in history.of(FacilityOpened)}
    for exchange in exchanges(history):
        old = found.get(exchange.old)
        if exchange.new not in found and old is not None:
            consummated = history.by_position[exchange.position]
            opened = _opened(exchange, old.fact, consummated.fact)
            found[exchange.new] = Entry(exchange.position, opened, consummated.order)
    return found


def _opened(exchange: Exchange, old: FacilityOpened, consummated: Fact) -> FacilityOpened:
    terms = exchange.terms.new
    stated = {name: getattr(terms, name) for name in OpeningTerms.model_fields}
    stated |= {"name": terms.name or exchange.new, "borrowers": terms.borrowers or old.borrowers}
    stated |= {"currency": terms.currency or old.currency}
    stated |= {"principal": Decimal(0), "proceeds": None, "interest_paid_to": None, "at": consummated.at}
    stated |= {"source": consummated.source, "standing": consummated.standing}
    return FacilityOpened(effective=exchange.on, facility=exchange.new, **stated)
