"""Findings about exchange offers: minimums, deadlines, tenders out of time, exchanges left open."""

import datetime as dt
from collections.abc import Iterator

from ledger.facts import NotesTendered, OfferConsummated, OfferExtended, OfferLaunched, TenderWithdrawn
from projections.answer import Finding
from projections.exchanges import exchanges, last_day, offer_by
from projections.history import History
from projections.offers import Outstanding, offer_on

_A_DAY = dt.timedelta(days=1)


def offer_findings(history: History, outstanding: Outstanding) -> Iterator[Finding]:
    """What is found of the offers of a ledger, and of what they exchange."""
    yield from _minimum_unmet(history, outstanding)
    yield from _deadline_conflict(history, outstanding)
    yield from _tender_out_of_time(history)
    yield from _tendered_beyond_outstanding(history, outstanding)
    yield from _exchange_not_stated(history)


def _minimum_unmet(history: History, outstanding: Outstanding) -> Iterator[Finding]:
    launched = {entry.fact.offer: entry for entry in history.of(OfferLaunched)}
    for consummated in history.of(OfferConsummated):
        launch, day = launched[consummated.fact.offer], consummated.effective
        state = offer_on(history, launch, outstanding, day)
        if state.terms.minimum_tender is not None and state.minimum_met is not True:
            shown = "is not shown to have been met" if state.minimum_met is None else "was not met"
            yield Finding(
                code="minimum_unmet",
                facility=launch.fact.old,
                on=day,
                facts=state.positions,
                question=f"Was the condition of a minimum tender waived? The offer {launch.fact.offer} was "
                f"consummated, and its minimum of {state.terms.minimum_tender} {shown}.",
            )


def _deadline_conflict(history: History, outstanding: Outstanding) -> Iterator[Finding]:
    launched = {entry.fact.offer: entry for entry in history.of(OfferLaunched)}
    for extended in history.of(OfferExtended):
        launch = launched[extended.fact.offer]
        day_before = max(extended.effective - _A_DAY, launch.effective)
        deadline = offer_on(history, launch, outstanding, day_before).last_day
        moved = last_day(extended.fact.through, extended.fact.until)
        if deadline < extended.effective or moved < deadline:
            yield Finding(
                code="deadline_conflict",
                facility=launch.fact.old,
                on=extended.effective,
                facts=(launch.position, extended.position),
                question=f"Until when was the offer {launch.fact.offer} open? It was extended to {moved} on "
                f"{extended.effective}, and its deadline was {deadline}.",
            )


def _tender_out_of_time(history: History) -> Iterator[Finding]:
    launched = {entry.fact.offer: entry for entry in history.of(OfferLaunched)}
    for entry in history.of(NotesTendered, TenderWithdrawn):
        offer = offer_by(history, launched[entry.fact.offer], entry.order)
        if isinstance(entry.fact, TenderWithdrawn) and offer.terms.withdraw_until is not None:
            last = offer.terms.withdraw_until - _A_DAY
        else:
            last = offer.last_day
        if entry.effective > last:
            yield Finding(
                code="tender_out_of_time",
                facility=offer.terms.old,
                on=entry.effective,
                facts=(launched[entry.fact.offer].position, entry.position),
                question=f"Does {entry.fact.event} of {entry.effective} count? Under the offer {entry.fact.offer} the "
                f"last day for it was {last}; it is taken to count.",
            )


def _tendered_beyond_outstanding(history: History, outstanding: Outstanding) -> Iterator[Finding]:
    tenders = history.of(NotesTendered)
    for launched in history.of(OfferLaunched):
        for entry in (each for each in tenders if each.fact.offer == launched.fact.offer):
            offer = offer_by(history, launched, entry.order)
            there = outstanding(offer.terms.old, entry.effective - _A_DAY)
            if there is not None and offer.tendered is not None and offer.tendered > there:
                yield Finding(
                    code="tendered_beyond_outstanding",
                    facility=offer.terms.old,
                    on=entry.effective,
                    facts=offer.positions,
                    question=f"How much of {offer.terms.old} was tendered for the offer {launched.fact.offer}? The "
                    f"tenders come to {offer.tendered}, and {there} was outstanding. New notes are taken to be issued "
                    f"for all that was tendered.",
                )
                break


def _exchange_not_stated(history: History) -> Iterator[Finding]:
    for exchange in exchanges(history):
        if exchange.tendered is None:
            yield Finding(
                code="exchange_not_stated",
                facility=exchange.old,
                on=exchange.on,
                facts=(exchange.position,),
                question=f"How much of {exchange.old} was exchanged by the offer {exchange.terms.offer}? No tender is "
                f"recorded, so the principal of neither series is stated from then on.",
            )
