"""How fast a portfolio accrues, exactly, against QuantLib's own cash flows on the same segments.

Run it with `python -m benchmarks.money` from the checkout. A segment is a stretch of days with one rate and one
principal. Both sides come to the same cent, or the run ends with an error.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

import QuantLib

from ledger.facts import FacilityOpened, Fact, LoanAdvanced
from ledger.facts.terms import RateStep, RateTerms
from projections.obligations import Books
from projections.view import View
from tests.projections.asking import prefix
from tests.spec import log

FACILITIES = 200
SEGMENTS = 40
OPENED = dt.date(2001, 1, 1)
A_SEGMENT = dt.timedelta(days=17)
END = OPENED + SEGMENTS * A_SEGMENT


def days() -> list[dt.date]:
    """The days on which the segments begin."""
    return [OPENED + number * A_SEGMENT for number in range(SEGMENTS)]


def rate(facility: int, segment: int) -> Decimal:
    """The rate of a pair of segments."""
    return Decimal(400 + (7 * facility + 13 * (segment // 2)) % 300) / 10_000


def lent(facility: int, segment: int) -> Decimal:
    """What is lent on the first day of every second segment."""
    return Decimal(1000 + 37 * facility + segment)


def portfolio() -> list[Books]:
    """The books of the facilities, each with a rate or an amount lent that is new in every segment."""
    written: list[Fact] = []
    for number in range(FACILITIES):
        steps = tuple(
            RateStep(from_=day, rate=rate(number, segment)) for segment, day in enumerate(days()) if segment % 2 == 0
        )
        written.append(
            FacilityOpened(
                effective=OPENED,
                facility=f"f{number}",
                name="Line",
                borrowers=(f"b{number}",),
                principal=Decimal(1_000_000),
                rate=RateTerms(steps=steps),
                day_count="actual/360",
            )
        )
        written += [
            LoanAdvanced(effective=day, facility=f"f{number}", loan="a", amount=lent(number, segment))
            for segment, day in enumerate(days())
            if segment % 2 == 1
        ]
    view = View.of(prefix(log(*written)), END)
    return [view.timelines[name].books[name] for name in view.timelines]


def accrued(books: Sequence[Books]) -> list[Decimal]:
    """What has accrued under each facility, rounded once."""
    found = [each.money(each.accrued(each.on(END), END)) for each in books]
    return [amount for amount in found if amount is not None]


def quantlib(number: int) -> Callable[[], "QuantLib.Leg"]:
    """How QuantLib builds a facility's cash flows, one a segment."""
    edges = [QuantLib.Date(day.day, day.month, day.year) for day in (*days(), END)]
    principal, principals = Decimal(1_000_000), []
    for segment in range(SEGMENTS):
        principal += lent(number, segment) if segment % 2 == 1 else 0
        principals.append(float(principal))
    rates = [float(rate(number, segment)) for segment in range(SEGMENTS)]
    return lambda: QuantLib.FixedRateLeg(QuantLib.Schedule(edges), QuantLib.Actual360(), principals, rates)


def timed(work: Callable[[], object], times: int = 5) -> float:
    """The least of several runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    """Print how many segments a second accrue here and in QuantLib, and the ratio of the two."""
    began = time.perf_counter()
    books = portfolio()
    here = accrued(books)
    first = time.perf_counter() - began
    builds = [quantlib(number) for number in range(FACILITIES)]
    legs = [build() for build in builds]
    there = [sum(flow.amount() for flow in leg) for leg in legs]
    apart = max(abs(float(one) - other) for one, other in zip(here, there, strict=True))
    if apart > 0.006:
        raise SystemExit(f"The sums differ by {apart}.")
    again = timed(lambda: accrued(books))
    summed = timed(lambda: [sum(flow.amount() for flow in leg) for leg in legs])
    built = timed(lambda: [sum(flow.amount() for flow in build()) for build in builds])
    segments = FACILITIES * SEGMENTS
    for told, seconds in (
        ("from the facts on, once", first),
        ("accrued again, exact and rounded once", again),
        ("QuantLib, legs built and summed", built),
        ("QuantLib, legs summed again", summed),
    ):
        print(f"{told:<38} {segments / seconds:>12,.0f} segments a second")  # noqa: T201  (a benchmark prints)
    print(f"accrued again / QuantLib built and summed: {built / again:.2f}")  # noqa: T201  (a benchmark prints)


if __name__ == "__main__":
    main()
