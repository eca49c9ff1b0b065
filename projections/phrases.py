"""The words for what happened to a debt: root causes, failures, acts and clauses, as a credit officer writes them."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import assert_never

from ledger.facts import ActTaken, CovenantTested, DefaultDeclared, EventOccurred, PaymentMissed
from projections import words
from projections.causes import Cause
from projections.defaults import RootCause
from projections.states import Default


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


def capital(sentence: str) -> str:
    """A sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def clause(default: Default) -> str:
    """The clause that made a Default, with its kind and its facility."""
    terms = default.clause.value
    return f"the {terms.kind.replace('_', '-')} clause {terms.clause} of {default.key.facility}"
