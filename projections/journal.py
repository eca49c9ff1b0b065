"""The journal of a facility as of a date: every posting up to its end, closed with what has accrued by then."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from projections.postings import Account, Claim, Posting
from projections.report import FacilityOn
from projections.view import View


@dataclass(frozen=True, slots=True)
class Journal:
    """The postings of one facility, and what is owed at the end as the report of that day states it."""

    facility: str
    name: str
    currency: str | None
    postings: tuple[Posting, ...]
    owed: Mapping[Claim, Decimal | None]
    """What each account has to come to; None where the record does not say. Amounts keep the digits of the record."""


def journal(view: View, facility: str) -> Journal:
    """The journal of a facility as of the view's date. Raises KeyError for one that the record does not have."""
    on = FacilityOn(view, view.timelines[facility], facility)
    opening = on.timeline.world.openings[facility].fact
    if not on.is_open:
        return Journal(facility, opening.name, opening.currency, (), {})
    answer = on.obligations()
    owed: dict[Claim, Decimal | None] = {
        "principal": _in_full(on.owed.outstanding, answer.principal),
        "accrued_interest": answer.accrued_interest,
        "interest_due": _in_full(on.owed.interest_unpaid, answer.interest_unpaid),
        "fees": answer.fees,
    }
    postings = on.books.postings(view.as_of)
    closing = (_closing(postings, account, owed[account], view.as_of) for account in _INCOME)
    found = (*postings, *(posting for posting in closing if posting is not None))
    return Journal(facility, opening.name, opening.currency, found, owed)


def _in_full(posted: Decimal | None, reported: Decimal | None) -> Decimal | None:
    """An amount as it is reported, unless the record has more digits of it than the currency has."""
    return reported if reported is None or reported == posted else posted


_INCOME: Mapping[Claim, Account] = {"accrued_interest": "interest_income", "fees": "fee_income"}
"""What accrues from day to day, and what it is earned as."""


def _closing(postings: list[Posting], account: Claim, owed: Decimal | None, day: dt.date) -> Posting | None:
    """What has accrued since the last posting, as a posting of its own."""
    balance = sum((posting.legs.get(account, Decimal(0)) for posting in postings), Decimal(0))
    if owed is None or owed == balance:
        return None
    return Posting(day, "accrued", {account: owed - balance, _INCOME[account]: balance - owed}, ())
