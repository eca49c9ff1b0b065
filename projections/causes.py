"""What a fact says went wrong: the root causes, by which failures and Defaults are told apart."""

import datetime as dt
from collections.abc import Container, Iterable
from typing import Literal, NamedTuple

from ledger.facts import ActTaken, CovenantTested, DefaultDeclared, EventOccurred, PaymentMissed
from ledger.facts.base import Fact
from projections.history import Entry


class Cause(NamedTuple):
    """A root cause: one atomic thing that happened to one debt, or to one party."""

    kind: Literal["payment", "covenant", "event", "declared", "act"]
    debt: str
    """The facility on which it arose; for an event, perhaps the party."""
    name: str
    """The kind of payment, the covenant, the kind of event, the declared default, or the act."""
    on: dt.date | None
    """The due date or the test date; of a further event of one kind its day. None where the name alone is enough."""

    @property
    def identity(self) -> "Cause":
        """The cause as Defaults are told apart by it: of an event, a covenant or a declaration the debt has no part.

        So an event recorded of a party, and again of its debt, makes one Default, which lasts while either does.
        """
        return self if self.kind in ("payment", "act") else self._replace(debt="")

    def __str__(self) -> str:
        """The end of a Default's identity."""
        if self.kind == "payment":
            return f"{self.debt}/{self.name}/{self.on}"
        return self.name if self.on is None else f"{self.name}/{self.on}"


def causes_of(entry: Entry[Fact], further_events: Container[int]) -> Iterable[Cause]:
    """The root causes that a fact says, perhaps again; an event of those positions is not the first of its kind."""
    fact = entry.fact
    match fact:
        case PaymentMissed():
            return (Cause("payment", fact.facility, kind, fact.due) for kind in fact.of)
        case CovenantTested() if not fact.met:
            return (Cause("covenant", fact.facility, fact.covenant, fact.test_date),)
        case EventOccurred():
            again = fact.effective if entry.position in further_events else None
            return (Cause("event", str(fact.facility or fact.party), fact.kind, again),)
        case DefaultDeclared():
            return (Cause("declared", fact.facility, fact.default, None),)
        case ActTaken() if fact.accelerates:
            return (Cause("act", fact.facility, fact.act, None),)
        case _:
            return ()


def hangs_on_papers(cause: Cause) -> bool:
    """Whether the end of a failure may differ with the papers in effect; that of all others the facts alone decide."""
    return cause.kind in ("payment", "act")
