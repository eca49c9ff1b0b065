"""What the strategies write records with: one fact after another, each about names that are used, or will be."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from hypothesis import strategies as st
from pydantic import TypeAdapter

from ledger.facts import (
    ActTaken,
    CovenantTested,
    DefaultDeclared,
    EventOccurred,
    FacilityOpened,
    FirstHandFact,
    ForbearanceGranted,
    PaymentMissed,
    WaiverGranted,
)
from ledger.facts.terms import Clause
from ledger.values import Days

FIRST_DAY = dt.date(2001, 1, 29)
DAYS_OF_FACTS = 24
LAST_DAY = FIRST_DAY + dt.timedelta(days=44)
"""By then every grace and every notice that began in the days of facts is over."""
ONE_DAY = dt.timedelta(days=1)

NAMES = ("a", "b", "c", "d")
PAYMENT_KINDS = ("interest", "principal", "fee")
EVENT_KINDS = ("insolvency", "judgment")
AIMS = ("acceleration", "enforcement", "remedies")
ACTORS = ("holder", "trustee", "lender")
PARTIES = ("x", "y", "z")
HOURS = ("09:00 America/New_York", "17:00 America/New_York", "12:00 UTC")
GRANTS = ("w1", "w2", "w3", "w4", "w5")
AMENDMENTS = ("am1", "am2", "am3")
AMOUNTS = (Decimal(200_000), Decimal(1_000_000))
CLAUSES = {
    "own": "payment",
    "cov": "covenant",
    "ev": "event",
    "dec": "declared",
    "xp": "cross_payment",
    "xd": "cross_default",
    "xa": "cross_acceleration",
}
"""Each clause is called after its kind, so that an amendment that sets it anew leaves it of that kind."""

AnyFact = TypeVar("AnyFact", bound=FirstHandFact)
A_CLAUSE: TypeAdapter[Clause] = TypeAdapter(Clause)


class Writer:
    """Draws what facts are made of, and keeps those that are written."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.numbers = count(1)
        self.facilities = NAMES[: self.number(2, 4)]
        self.openings = [self.opening(facility) for facility in self.facilities]
        self.facts: list[FirstHandFact] = []

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def one_in(self, number: int) -> bool:
        return self.number(1, number) == number

    def one_of(self, *items: Any) -> Any:
        return self.draw(st.sampled_from(items))

    def some_of(self, items: Iterable[Any], *, most: int = 2) -> tuple[Any, ...]:
        return tuple(self.draw(st.lists(st.sampled_from(list(items)), min_size=1, max_size=most, unique=True)))

    def some_or_any(self, items: Iterable[Any]) -> tuple[Any, ...] | None:
        return None if self.one_in(2) else self.some_of(items)

    def day(self, first: dt.date = FIRST_DAY, within: int = DAYS_OF_FACTS) -> dt.date:
        return first + dt.timedelta(days=self.number(0, within))

    def hour(self) -> str | None:
        return self.one_of(*HOURS) if self.one_in(5) else None

    def length(self) -> Days:
        if self.one_in(3):
            return Days(business_days=self.number(0, 4), calendar=self.one_of("us", "weekdays", "none"))
        return Days(days=self.number(0, 6))

    def name(self, beginning: str) -> str:
        """A name that is not used yet."""
        return f"{beginning}{next(self.numbers)}"

    def facility(self) -> str:
        return str(self.one_of(*self.facilities))

    def write(self, fact_of: type[AnyFact], /, **fields: Any) -> AnyFact:
        fact = fact_of(**fields)
        self.facts.append(fact)
        return fact

    def written(self, kind: type[AnyFact]) -> list[AnyFact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def grants(self) -> list[WaiverGranted | ForbearanceGranted]:
        return [*self.written(WaiverGranted), *self.written(ForbearanceGranted)]

    # --- terms ---

    def opening(self, facility: str) -> FacilityOpened:
        return FacilityOpened(
            effective=self.day(within=3),
            facility=facility,
            name=facility.upper(),
            borrowers=self.one_of(("x",), ("x",), ("y",), ("x", "y")),
            guarantors=self.one_of(None, None, ("y",), ("z",)),
            principal=self.one_of(None, *AMOUNTS),
            matures=self.one_of(None, None, self.day()),
            clauses=self.clauses(facility, least=2, most=5),
        )

    def clauses(self, facility: str, least: int, most: int) -> tuple[Clause, ...]:
        names = self.draw(st.lists(st.sampled_from(list(CLAUSES)), min_size=least, max_size=most, unique=True))
        return tuple(self.clause(facility, name) for name in names)

    def clause(self, facility: str, name: str) -> Clause:
        terms: dict[str, Any] = {
            "clause": name,
            "kind": CLAUSES[name],
            "heals": self.one_of("automatically", "automatically", "on_notice", "on_waiver", "not_stated"),
            "grace": self.one_of(None, "not_stated", self.length()),
            "accelerates": self.one_in(7),
        }
        if name == "own":
            terms["of"] = self.some_or_any(PAYMENT_KINDS)
        if name == "cov":
            terms["of"] = self.some_or_any(covenants(facility))
        if name == "ev":
            terms["of"] = self.some_or_any(EVENT_KINDS)
        if name in ("xp", "xd", "xa"):
            terms["of"] = self.some_or_any(other for other in self.facilities if other != facility)
            terms["threshold"] = self.one_of(None, None, AMOUNTS[0])
        if name == "xp" and self.one_in(3):
            terms["grace"] = "other"
        if self.one_in(6):
            terms["notice"] = self.length()
        return A_CLAUSE.validate_python(terms)

    # --- what Defaults are called ---

    def root_causes(self) -> list[str]:
        """The root causes that the facts so far may bring, as identities of Defaults write them."""
        causes = [f"{fact.facility}/{kind}/{fact.due}" for fact in self.written(PaymentMissed) for kind in fact.of]
        causes += [f"{fact.covenant}/{fact.test_date}" for fact in self.written(CovenantTested)]
        causes += [fact.kind for fact in self.written(EventOccurred)]
        causes += [f"{fact.kind}/{fact.effective}" for fact in self.written(EventOccurred)]
        causes += [fact.default for fact in self.written(DefaultDeclared)]
        return causes + [fact.act for fact in self.written(ActTaken) if fact.accelerates]

    def default(self, facility: str) -> str:
        return f"{facility}/{self.one_of(*CLAUSES)}/{self.one_of('insolvency', *self.root_causes())}"


def covenants(facility: str) -> tuple[str, str]:
    """The covenants of a facility: no other has any of the same name."""
    return f"{facility}-wc", f"{facility}-nw"
