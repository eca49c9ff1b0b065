"""Names: which a fact takes or adds to, and which have to be known for it to mean anything.

Waivers and forbearances share one set of names. Names inside clauses, scopes, ends and conditions are not asked for:
what they name may come later, or never.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple, assert_never

from ledger.facts import (
    FirstHandFact,
    ForbearanceGranted,
    OfferAmended,
    OfferConsummated,
    OfferLaunched,
    WaiverGranted,
)
from ledger.facts.terms import Condition
from ledger.facts.waivers import BusinessDaysEnd, DateEnd, FailedConditionEnd, extensions

NameKind = Literal[
    "facility", "document", "waiver", "amendment", "offer", "act", "fee", "default", "loan", "condition", "annulment"
]
"""What has names. Waivers and forbearances share one set of them."""


class Name(NamedTuple):
    """A name of the record: of what kind, and within what (`of`), where it is not a name of the whole ledger."""

    kind: NameKind
    name: str
    of: str = ""

    def __str__(self) -> str:
        """The name in words: `act suit`, `loan a of cit`."""
        return f"{self.kind} {self.name} of {self.of}" if self.of else f"{self.kind} {self.name}"


class Claims(NamedTuple):
    """What a fact asks of the log: the facility it is about, the names it takes, adds to, and needs to be known."""

    about: str | None = None
    takes: Name | None = None
    adds: tuple[Name, ...] = ()
    needs: tuple[Name, ...] = ()


NAMING = frozenset(
    {
        "AccelerationAnnulled",
        "ActTaken",
        "AmendmentSigned",
        "DefaultDeclared",
        "DocumentFiled",
        "FacilityOpened",
        "FeeAgreed",
        "ForbearanceGranted",
        "LoanAdvanced",
        "OfferAmended",
        "OfferConsummated",
        "OfferLaunched",
        "WaiverGranted",
    }
)
"""The events of the facts that may bring names into use; all others leave the names of a log as they are."""


def claims_of(fact: FirstHandFact) -> Claims:
    """What a fact asks of the log. Names inside clauses, scopes, ends and conditions may come later: none is asked."""
    match fact.event:  # what comes by the thousand comes first
        case "IndexFixed" | "ReadingAdopted":
            return _NOTHING
        case "PaymentMade" if fact.loan is None:
            return _about(fact.facility)
        case (
            "NoticeGiven"
            | "BalanceStated"
            | "PaymentMissed"
            | "AvailabilityReported"
            | "CovenantTested"
            | "FacilityDescribed"
            | "RepresentationMade"
            | "TermsStated"
            | "FacilityTerminated"
            | "ExcessNotified"
            | "HigherRateForgone"
            | "DefaultRateElected"
            | "DefaultRateEnded"
            | "CureTendered"
            | "CureAccepted"
            | "CureNotified"
            | "EventOccurred"
        ):
            return _about(fact.facility)
        case "PaymentMade":
            loan = (Name("loan", fact.loan, fact.facility),) if fact.loan is not None else ()
            return Claims(fact.facility, needs=loan)
        case "FacilityOpened":
            return Claims(takes=Name("facility", fact.facility))
        case "DocumentFiled":
            return Claims(takes=Name("document", fact.document))
        case "WaiverGranted" | "ForbearanceGranted":
            return Claims(fact.facility, Name("waiver", fact.grant), _conditions_of_grant(fact))
        case "AmendmentSigned":
            adds = _conditions("amendment", fact.amendment, fact.conditions)
            return Claims(fact.facility, Name("amendment", fact.amendment), adds)
        case "OfferLaunched":
            return Claims(fact.old, Name("offer", fact.offer), _conditions("offer", fact.offer, fact.conditions))
        case "ActTaken":
            # an act is withdrawn by its name alone, and annulled as an act on one facility
            return Claims(fact.facility, Name("act", fact.act), (Name("act", fact.act, fact.facility),))
        case "FeeAgreed":
            return Claims(fact.facility, Name("fee", fact.fee))
        case "DefaultDeclared":
            return Claims(fact.facility, Name("default", fact.default, fact.facility))
        case "LoanAdvanced":
            return Claims(fact.facility, adds=(Name("loan", fact.loan, fact.facility),))
        case "LoanConverted":
            return Claims(fact.facility, needs=(Name("loan", fact.loan, fact.facility),))
        case "AccelerationAnnulled":
            needs = (Name("act", fact.act, fact.facility),) if fact.act is not None else ()
            if fact.annulment is None:
                return Claims(fact.facility, needs=needs)
            adds = _conditions("annulment", fact.annulment, fact.conditions or ())
            return Claims(fact.facility, Name("annulment", fact.annulment), adds, needs)
        case "ActWithdrawn":
            return Claims(needs=(Name("act", fact.act),))
        case "TriggerDecided":
            return Claims(needs=(Name("waiver", fact.waiver), Name("act", fact.act)))
        case "WaiverExtended" | "WaiverWithdrawn":
            return Claims(needs=(Name("waiver", fact.waiver),))
        case "FeeSettled":
            return Claims(needs=(Name("fee", fact.fee),))
        case "ConditionSatisfied" | "ConditionWaived":
            kind, name = fact.belongs_to
            return Claims(needs=(Name(kind, name), Name("condition", fact.condition, f"{kind} {name}")))
        case "OfferAmended":
            adds = _conditions("offer", fact.offer, fact.conditions or ())
            return Claims(adds=adds, needs=(Name("offer", fact.offer),))
        case (
            "OfferExtended"
            | "NotesTendered"
            | "TenderWithdrawn"
            | "TendersAccepted"
            | "OfferConsummated"
            | "OfferTerminated"
        ):
            return Claims(needs=(Name("offer", fact.offer),))
        case _:
            assert_never(fact)


_NOTHING = Claims()


@lru_cache(maxsize=1024)
def _about(facility: str) -> Claims:
    """What is asked by a fact about a facility and nothing else, made once for the many of them."""
    return Claims(facility)


def _conditions(kind: NameKind, name: str, conditions: Iterable[Condition]) -> tuple[Name, ...]:
    return tuple(Name("condition", each.condition, f"{kind} {name}") for each in conditions)


def _conditions_of_grant(grant: WaiverGranted | ForbearanceGranted) -> tuple[Name, ...]:
    of = f"waiver {grant.grant}"
    subsequent = tuple(
        Name("condition", end.failed_condition, of) for end in grant.ends if isinstance(end, FailedConditionEnd)
    )
    movable = [end for end in grant.ends if isinstance(end, DateEnd | BusinessDaysEnd | FailedConditionEnd)]
    extending = tuple(Name("condition", each.condition, of) for end in movable for each in extensions(end))
    return _conditions("waiver", grant.grant, grant.conditions) + subsequent + extending


def issue_of(fact: FirstHandFact) -> tuple[str, str] | None:
    """The offer that a fact launches or changes, and the notes that it would issue; None for any other fact."""
    if isinstance(fact, OfferLaunched | OfferAmended) and fact.new is not None:
        return fact.offer, fact.new.facility
    return None


def issued(fact: FirstHandFact, issues: Iterable[tuple[str, str]]) -> Name | None:
    """The name of the notes that a consummation brings into use; `issues` has what each offer would issue."""
    facility = dict(issues).get(fact.offer) if isinstance(fact, OfferConsummated) else None
    return None if facility is None else Name("facility", facility)


def established(fact: FirstHandFact, issues: Iterable[tuple[str, str]] = ()) -> tuple[Name, ...]:
    """The names that a fact brings into use, alone or with others; `issues` has what each offer would issue."""
    claims, notes = claims_of(fact), issued(fact, issues)
    return tuple(name for name in (claims.takes, notes, *claims.adds) if name is not None)


def needed(fact: FirstHandFact) -> tuple[Name, ...]:
    """The names that must be in use: the facility that a fact is about, and whatever it continues."""
    claims = claims_of(fact)
    return claims.needs if claims.about is None else (Name("facility", claims.about), *claims.needs)
