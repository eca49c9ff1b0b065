"""Names: which a fact brings into use, and which have to be in use for it to mean anything.

Waivers and forbearances share one set of names. Names inside clauses, scopes, ends and conditions are not needed: what
they name may come later, or never.
"""

from typing import Literal, NamedTuple

from ledger.facts.acts import AccelerationAnnulled, ActTaken, ActWithdrawn, TriggerDecided
from ledger.facts.amendments import AmendmentSigned, ConditionFact
from ledger.facts.base import FacilityFact, Fact
from ledger.facts.defaults import DefaultDeclared, EventOccurred
from ledger.facts.documents import DocumentFiled
from ledger.facts.facilities import FacilityOpened
from ledger.facts.money import FeeAgreed, FeeSettled, LoanAdvanced, LoanConverted, PaymentMade
from ledger.facts.offers import OfferFact, OfferLaunched
from ledger.facts.waivers import Grant, WaiverExtended, WaiverWithdrawn

NameKind = Literal["facility", "document", "waiver", "amendment", "offer", "act", "fee", "loan", "default"]


class Name(NamedTuple):
    """A name in use; loans and declared defaults are named within their facility, as `facility/name`."""

    kind: NameKind
    name: str


def established(fact: Fact) -> tuple[Name, ...]:
    """The names that a fact brings into use; only a loan's may be in use already."""
    match fact:
        case FacilityOpened():
            return (Name("facility", fact.facility),)
        case DocumentFiled():
            return (Name("document", fact.document),)
        case Grant():
            return (Name("waiver", fact.grant),)
        case AmendmentSigned():
            return (Name("amendment", fact.amendment),)
        case OfferLaunched():
            return (Name("offer", fact.offer),)
        case ActTaken():
            return (Name("act", fact.act),)
        case FeeAgreed():
            return (Name("fee", fact.fee),)
        case LoanAdvanced():
            return (Name("loan", f"{fact.facility}/{fact.loan}"),)
        case DefaultDeclared():
            return (Name("default", f"{fact.facility}/{fact.default}"),)
        case _:
            return ()


def needed(fact: Fact) -> tuple[Name, ...]:
    """The names that must be in use: the facility that a fact is about, and whatever it continues."""
    opens = isinstance(fact, FacilityOpened)
    own = (Name("facility", fact.facility),) if isinstance(fact, FacilityFact) and not opens else ()
    match fact:
        case WaiverExtended() | WaiverWithdrawn():
            return (Name("waiver", fact.waiver),)
        case TriggerDecided():
            return (Name("waiver", fact.waiver), Name("act", fact.act))
        case ActWithdrawn():
            return (Name("act", fact.act),)
        case AccelerationAnnulled():
            return (*own, Name("act", fact.act))
        case FeeSettled():
            return (Name("fee", fact.fee),)
        case ConditionFact():
            kind, name = fact.belongs_to
            return (Name(kind, name),)
        case LoanConverted():
            return (*own, Name("loan", f"{fact.facility}/{fact.loan}"))
        case PaymentMade() if fact.loan is not None:
            return (*own, Name("loan", f"{fact.facility}/{fact.loan}"))
        case OfferLaunched():
            return (Name("facility", fact.old),)
        case OfferFact():
            return (Name("offer", fact.offer),)
        case EventOccurred() if fact.facility is not None:
            return (Name("facility", fact.facility),)
        case _:
            return own
