"""The words for what happened to a debt: root causes, failures, acts and clauses, as a credit officer writes them."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import assert_never

from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    AmendmentSigned,
    CovenantTested,
    CureAccepted,
    CureNotified,
    DefaultDeclared,
    EventOccurred,
    FacilityTerminated,
    ForbearanceGranted,
    PaymentMade,
    PaymentMissed,
    TriggerDecided,
    WaiverGranted,
)
from ledger.facts.base import Fact
from ledger.facts.waivers import DateEnd, FailedConditionEnd, Revival, RevivalAsOf, WithWaiverEnd
from ledger.values import Days
from projections import words
from projections.causes import Cause
from projections.defaults import RootCause, grace_of
from projections.states import Default, GrantState
from projections.terms import FacilityTerms


def causes(several: Iterable[Cause]) -> str:
    """Root causes in a sentence: payments of one debt and due date together."""
    payments: dict[tuple[str, dt.date | None], list[str]] = {}
    others: list[str] = []
    for cause in dict.fromkeys(several):
        match cause.kind:
            case "payment":
                payments.setdefault((cause.debt, cause.on), []).append(cause.name)
            case "covenant":
                others.append(f"the breach of the covenant {cause.name} tested on {cause.on}")
            case "event":
                others.append(f"the event {cause.name}" + (f" of {cause.on}" if cause.on else ""))
            case "declared":
                others.append(f"the declared default {cause.name}")
            case "act":
                others.append(f"the act {cause.name} on {cause.debt}")
            case _:
                assert_never(cause.kind)
    missed = [f"the unpaid {words.listed(kinds)} due on {on} on {debt}" for (debt, on), kinds in payments.items()]
    return words.listed([*missed, *others])


def failed(together: Collection[Cause], root: RootCause) -> str:
    """What failed, in one sentence, without its end."""
    fact, what = root.fact, causes(together)
    match fact:
        case PaymentMissed():
            many = len(together) > 1
            by = f" by {fact.by}" if fact.by else ""
            return f"{capital(what.replace('unpaid ', '', 1))} {'were' if many else 'was'} not paid{by}"
        case CovenantTested():
            figures = [f"{name} {figure}" for name, figure in _figures(fact) if figure is not None]
            return (
                f"The covenant {fact.covenant} of {root.cause.debt} was not met on its test date {fact.test_date}"
                + (f": {', '.join(figures)}" if figures else "")
            )
        case EventOccurred():
            return f"The event {fact.kind} occurred in respect of {root.cause.debt} on {root.begins}"
        case DefaultDeclared():
            return f"The creditor declared the default {fact.default} of {root.cause.debt}: {fact.cause.rstrip('.')}"
        case ActTaken():
            return f"{capital(actor(fact))} made {_portion(fact)}{root.cause.debt} due on {root.begins}"
        case _:
            return f"{capital(what)} failed"


def _figures(fact: CovenantTested) -> Iterable[tuple[str, object]]:
    return ("measured", fact.measured), ("required", fact.required)


def _portion(fact: ActTaken) -> str:
    return f"{fact.amount} of " if fact.amount is not None else ""


def actor(act: ActTaken) -> str:
    """An act with who did it, and what it sought."""
    who = f"the {act.by}" + (f" {act.party}" if act.party else "")
    return f"{who}'s act {act.act}, which seeks {words.listed(act.seeks)},"


def many(one: str) -> str:
    """More than one Default, or Event of Default."""
    return one.replace("Event ", "Events ") if one.startswith("Event") else f"{one}s"


def days(several: Days) -> str:
    """A number of days, or of business days."""
    number, kind = (several.days, "day") if several.days is not None else (several.business_days, "business day")
    return f"{number} {kind}" if number == 1 else f"{number} {kind}s"


def capital(sentence: str) -> str:
    """A sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def clause(default: Default) -> str:
    """The clause that made a Default, with its kind and its facility."""
    terms = default.clause.value
    return f"the {terms.kind.replace('_', '-')} clause {terms.clause} of {default.key.facility}"


def grace(default: Default, terms: Mapping[str, FacilityTerms]) -> str:
    """What the clause of a Default says of grace, and of notice."""
    terms_of_clause = default.clause.value
    found = grace_of(default.key.cause, terms_of_clause, default.arose, terms)
    if isinstance(found, Days):
        of_other = f"that of {default.key.cause.debt}, " if terms_of_clause.grace == "other" else ""
        said = f"its grace is {of_other}{days(found)}"
    else:
        said = "its grace is not stated" if found == "not_stated" else "it gives no grace"
    notice = terms_of_clause.notice
    if notice is None:
        return said
    length = notice.days or notice.business_days
    return f"{said}, and it asks for notice" + (f" of {days(notice)}" if length else "")


def until(state: GrantState) -> str:
    """Until when a grant is to last."""
    if state.granted.permanent:
        return "for good"
    if state.ends_by_date is None:
        return "with no date for its end"
    return f"until {state.ends_by_date}{_hour(state)}"


def _hour(state: GrantState) -> str:
    """The hour at which a grant ends by date, where the paper gives one."""
    ends = (end for end in state.granted.fact.ends if isinstance(end, DateEnd) and end.at is not None)
    hour = next((end.at for end in ends if state.ends_by_date in (end.until, end.through)), None)
    return "" if hour is None else f" at {hour}"


def ended(state: GrantState, facts: Iterable[Fact]) -> str:
    """What ended a grant, and how; the facts behind that are given."""
    ending, granted, behind = state.ended, state.granted, list(facts)
    assert ending is not None
    who, day, ends = f"the {granted.kind} {granted.name}", ending.when.day, granted.fact.ends
    act = next((fact for fact in behind if isinstance(fact, ActTaken)), None)
    if ending.how == "rescinded" and act is not None:
        how = "as was decided" if any(isinstance(f, TriggerDecided) for f in behind) else "automatically"
        early = ", before it came into force" if state.began is None else ""
        hour = f" at {act.at}" if act.at is not None else ""
        return f"{actor(act)} rescinded {who} on {day}{hour}, {how} and for good{early}"
    if ending.how == "superseded":
        return f"{who} was superseded on {day} by {ending.by}"
    if ending.how == "expired":
        return f"{who} expired on {day}{_hour(state) or ', the first day outside it'}"
    if ending.by == "withdrawal":
        return f"{who} was withdrawn on {day}"
    if ending.by == "notice":
        return f"{who} ended on {day}, by notice"
    if any(isinstance(end, FailedConditionEnd) and end.failed_condition == ending.by for end in ends):
        return f"{who} ended on {day}: its condition {ending.by} was not met in time"
    if any(isinstance(end, WithWaiverEnd) and end.with_waiver == ending.by for end in ends):
        return f"{who} ended on {day}, together with {ending.by}"
    return f"{who} ended on {day}, since nothing covers the Event of Default {ending.by}"


def revived(several: Sequence[Default], waiver: str, revival: Revival, day: dt.date) -> tuple[str, dt.date | None]:
    """As of which day Defaults alike revive now that a waiver of them has ended, and that day where it is stated."""
    first, more = several[0], len(several) > 1
    one = "Event of Default" if first.event_of_default else "Default"
    what = f"the {many(one) if more else one} for {causes(each.root.cause for each in several)}"
    revive = "revive" if more else "revives"
    if isinstance(revival, RevivalAsOf):
        return f"{capital(what)} {revive} as of {revival.as_of}", revival.as_of
    original = first.original_date
    match revival:
        case "original_date":
            return f"{capital(what)} {revive} as of {original}, as if {waiver} had not been given", original
        case "prospective":
            return f"{capital(what)} {revive} from {day} on only, and not for the time waived", day
        case "not_stated":
            return f"Whether {what} {revive} as of {original} or only from {day} on is not stated", None
        case _:
            assert_never(revival)


def cured_by(fact: Fact) -> str | None:
    """How a fact cured a Default; None where it did not by itself."""
    match fact:
        case PaymentMade():
            return "by payment"
        case CureAccepted():
            return "by the creditor's acceptance of the cure"
        case CureNotified():
            return "by notice of the cure"
        case CovenantTested():
            return "by a test that was met"
        case AccelerationAnnulled():
            return "by the annulment of the acceleration"
        case WaiverGranted() | ForbearanceGranted():
            return f"since {fact.grant} covers it on {fact.facility}"
        case FacilityTerminated():
            return f"by the end of {fact.facility}"
        case AmendmentSigned():
            return f"by the amendment {fact.amendment}"
        case _:
            return None
