"""Findings about money: payments beyond what is owed, balances that differ, periods that ended, joint fees."""

import datetime as dt
from collections.abc import Iterator

from ledger.facts import BalanceStated, FeeAgreed
from projections.answer import Finding
from projections.exchanges import openings
from projections.history import History
from projections.obligations import Books
from projections.timeline import Timeline

_A_DAY = dt.timedelta(days=1)


def money_findings(timeline: Timeline) -> Iterator[Finding]:
    """What is found in the books of one group of facilities, on all their dates."""
    for books in timeline.books.values():
        yield from _payment_not_applied(books)
        yield from _balance_conflict(books)
        yield from _commitment_exceeded(books)
        yield from _period_unrecorded(books)


def joint_fee_findings(history: History) -> Iterator[Finding]:
    """The fees of a ledger that several facilities owe: the books of one count them, so the others have to say so."""
    opened = openings(history)
    for entry in history.of(FeeAgreed):
        fee = entry.fact
        for other in dict.fromkeys(name for name in fee.joint_with if name in opened and name != fee.facility):
            yield Finding(
                code="joint_fee",
                facility=other,
                on=max(entry.effective, fee.earned),
                facts=(entry.position,),
                question=f"Who pays the fee {fee.fee} of {fee.amount}? {other} owes it together with {fee.facility}; "
                f"it is owed once, and counted there.",
            )


def _payment_not_applied(books: Books) -> Iterator[Finding]:
    for posting in books.postings(books.last_recorded):
        beyond = -posting.legs.get("unapplied", 0)
        if beyond > 0:
            yield Finding(
                code="payment_not_applied",
                facility=books.facility,
                on=posting.day,
                facts=posting.positions,
                question=f"What was {beyond} of this payment for? It is more than was owed, and is applied to nothing.",
            )


def _balance_conflict(books: Books) -> Iterator[Finding]:
    for entry in books.world.about(books.facility, BalanceStated):
        stated = entry.fact
        eve = books.on(entry.effective - _A_DAY) if entry.effective > books.opening.effective else None
        posted = [each for each in books.postings(entry.effective) if entry.position in each.positions]
        moved = sum((each.legs.get("principal", 0) for each in posted if each.what == "BalanceStated"), 0)
        if isinstance(stated, BalanceStated) and eve is not None and eve.outstanding is not None and moved:
            yield Finding(
                code="balance_conflict",
                facility=books.facility,
                on=entry.effective,
                facts=(*eve.principal_from, entry.position),
                question=f"How much principal was outstanding on {entry.effective}? The paper states "
                f"{stated.principal}, which is {moved:+f} from what the record comes to; it is taken at its word.",
            )


def _commitment_exceeded(books: Books) -> Iterator[Finding]:
    exceeded = False
    for day, outstanding in books.on(books.last_recorded).principal:
        said = books.terms.commitment.on(day)
        exceeds = said is not None and outstanding is not None and outstanding > said.value
        if exceeds and not exceeded and said is not None:
            yield Finding(
                code="commitment_exceeded",
                facility=books.facility,
                on=max(day, books.opening.effective),
                facts=(said.position, *books.on(day).principal_from),
                question=f"Is the commitment still {said.value}? {outstanding} is outstanding, which is more.",
            )
        exceeded = exceeds


def _period_unrecorded(books: Books) -> Iterator[Finding]:
    for name, loan in books.on(books.last_recorded).loans.items():
        ends = loan.under.ends
        if name is None or ends is None or not books.on(ends).loans[name].amount:
            continue
        if books.accrual.yearly(ends, books.on(ends).bases[-1]) is None:
            yield Finding(
                code="period_unrecorded",
                facility=books.facility,
                on=ends,
                facts=books.on(ends).principal_from,
                question=f"At which rate did the loan {name} go on? Its interest period ended on {ends}, and no other "
                f"is recorded.",
            )
