"""Journals as text for Beancount: https://beancount.github.io/docs/beancount_language_syntax.html."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from desk.answers import known_facilities
from projections.answer import Known
from projections.journal import Journal, journal
from projections.postings import CLAIMS, Account, Posting
from projections.view import View

NO_CURRENCY = "XXX"
"""What ISO 4217 has where no currency is involved; here, where none is stated."""

_ACCOUNTS: dict[Account, str] = {
    "principal": "Assets:{}:Principal",
    "accrued_interest": "Assets:{}:Accrued-Interest",
    "interest_due": "Assets:{}:Interest-Due",
    "fees": "Assets:{}:Fees",
    "unapplied": "Liabilities:{}:Unapplied",
    "interest_income": "Income:{}:Interest",
    "fee_income": "Income:{}:Fees",
    "discount_income": "Income:{}:Discount",
    "opening": "Equity:{}:Opening",
    "stated": "Equity:{}:As-Stated",
    "exchanged": "Equity:{}:Exchanged",
    "cash": "Assets:Cash",
}
"""The accounts of a facility on the lender's side."""


def journal_text(view: View, facilities: Iterable[str] = ()) -> str:
    """The journal of all facilities, or of those named. Raises Rejected (`facility_not_found`)."""
    names = known_facilities(view, facilities) or tuple(view.timelines)
    return beancount([journal(view, name) for name in names], view.as_of, view.known)


def beancount(journals: Sequence[Journal], as_of: dt.date, known: Known) -> str:
    """Journals as one text that `bean-check` accepts, with the balance of every obligation asserted.

    Each is asserted to the last digit, at the start of the day after the date. What the record does not state is not
    asserted: a comment says so.
    """
    lines = [
        f"; As of {as_of}, as known at position {known.position}, root {known.root}.",
        'option "title" "Asof"',
        "",
    ]
    names = _names(kept.facility for kept in journals)
    lines += _opened(journals, names, as_of)
    for kept in journals:
        lines += ["", f"; {kept.facility}"]
        lines += _transactions(kept, names[kept.facility])
        lines += _assertions(kept, names[kept.facility], as_of)
    return "\n".join(lines) + "\n"


def _names(facilities: Iterable[str]) -> dict[str, str]:
    """The part of an account's name that stands for each facility; no two are alike."""
    names: dict[str, str] = {}
    for facility in facilities:
        plain = re.sub("[._]+|-{2,}", "-", facility)
        name = plain[0].upper() + plain[1:]
        number = 2
        while name in names.values():
            name, number = f"{plain[0].upper()}{plain[1:]}-{number}", number + 1
        names[facility] = name
    return names


def _opened(journals: Iterable[Journal], names: dict[str, str], as_of: dt.date) -> Iterator[str]:
    """The opening of each account, on the first day of any posting."""
    days = [posting.day for journal in journals for posting in journal.postings]
    accounts = {
        _account(account, names[journal.facility]): None
        for journal in journals
        for account in (*CLAIMS, *(each for posting in journal.postings for each in posting.legs))
        if journal.owed
    }
    return (f"{min([as_of, *days])} open {account}" for account in sorted(accounts))


def _transactions(journal: Journal, name: str) -> Iterator[str]:
    currency = journal.currency or NO_CURRENCY
    for posting in journal.postings:
        yield f'{posting.day} * "{posting.what}" "{journal.facility}"'
        if posting.positions:
            yield f'  positions: "{", ".join(str(position) for position in posting.positions)}"'
        yield from (f"  {_account(account, name)}  {_plain(amount)} {currency}" for account, amount in _legs(posting))


def _assertions(journal: Journal, name: str, as_of: dt.date) -> Iterator[str]:
    currency = journal.currency or NO_CURRENCY
    for claim, amount in journal.owed.items():
        if amount is None:
            yield f"; not stated: {claim.replace('_', ' ')}"
        else:
            day_after = as_of + dt.timedelta(days=1)
            yield f"{day_after} balance {_account(claim, name)}  {_plain(amount)} ~ 0 {currency}"


def _account(account: Account, name: str) -> str:
    return _ACCOUNTS[account].format(name)


def _legs(posting: Posting) -> list[tuple[Account, Decimal]]:
    """Debits first."""
    return sorted(posting.legs.items(), key=lambda leg: leg[1] < 0)


def _plain(amount: Decimal) -> str:
    return format(amount, "f")
