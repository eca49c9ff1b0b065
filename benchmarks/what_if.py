"""How much sooner a branch is answered that goes on from what was derived, and what a second core brings to a sweep.

Run it with `nice python -m benchmarks.what_if` from the checkout. The group has 12 facilities and 2,000 facts, and what
is assumed lies in its last month; the aim is ten times as many branches a second as when the whole group is derived
again. The sweep has 1,000 branches, of a group of 300 facts; the aim is 1.8 times less time on two cores than on one.

Branches are counted by seconds on the processor, and so is the second core, beside the clock: what else runs on the
machine then does not count.
"""

import datetime as dt
import resource
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice

from ledger.calendars import months_after
from ledger.records import Prefix
from projections.report import FacilityOn
from projections.view import View
from scenarios import WhatIf
from scenarios.axes import every_day
from scenarios.script import Ask
from scenarios.sweep import sweep
from tests.spec import facts, log

FACILITIES, FACTS, BRANCHES = 12, 2_000, 1_000
OPENED, LAST_MONTH, ASKED = dt.date(2010, 1, 1), dt.date(2020, 12, 1), dt.date(2020, 12, 31)
SUIT = facts(
    f"- {{event: ActTaken, facility: loan-3, act: called, by: lender, seeks: acceleration, accelerates: true,"
    f" effective: {LAST_MONTH}}}"
)


def group(count: int = FACTS) -> Prefix:
    """Loans to one borrower over eleven years: paid each month, now and then not; in default, waived, paid late."""
    openings = map(_opening, range(FACILITIES))
    monthly = (line for month in range(1, 132) for line in _month(month))
    return Prefix(log(*facts("\n".join(islice((*openings, *monthly), count)))), root=bytes(32))


def _opening(number: int) -> str:
    return f"""
- event: FacilityOpened
  facility: loan-{number}
  effective: {OPENED}
  name: Loan {number}
  borrowers: [mill]
  currency: USD
  principal: "{number + 1}000000.00"
  interest_paid_to: {OPENED}
  day_count: actual/360
  rate: {{options: {{prime: {{index: prime, margin: "0.0{number % 3 + 1}"}}}}, default: {{uplift: "0.02"}}}}
  schedule: {{interest: {{every: 1 month, from: {OPENED}}}}}
  clauses:
    - {{clause: own, kind: payment, grace: {{days: 5}}, heals: automatically}}
    - {{clause: ratios, kind: covenant, heals: automatically}}
    - {{clause: others, kind: cross_default, of: any, heals: automatically}}
    - {{clause: called, kind: cross_acceleration, of: any, heals: automatically}}"""


def _month(number: int) -> Iterator[str]:
    """What happens in a month: prime is fixed, all pay but perhaps one, others waive what follows and are paid late."""
    day, late = months_after(OPENED, number), months_after(OPENED, number) + dt.timedelta(days=20)
    failing = number // 8 % FACILITIES if number % 8 == 0 else None
    yield f'- {{event: IndexFixed, index: prime, effective: {day}, rate: "0.0{400 + number % 7 * 25}"}}'
    for each in range(FACILITIES):
        loan = f"facility: loan-{each}"
        paid = f'{{event: PaymentMade, {loan}, of: interest, amount: "{(each + 1) * 4000}.00"'
        if each == failing:
            yield f"- {{event: PaymentMissed, {loan}, of: interest, due: {day}, effective: {day}}}"
            yield f"- {paid}, due: {day}, effective: {late}}}"
        else:
            yield f"- {paid}, due: {day}, effective: {day}}}"
        if failing is not None and each % 2 and each != failing:
            yield (
                f"- {{event: WaiverGranted, {loan}, waiver: w-{each}-{number}, effective: {day + dt.timedelta(days=7)},"
                f" reaches: [event_of_default], covers: [{{payments: interest, of: [loan-{failing}]}}],"
                f" ends: [{{until: {late}}}, {{act: acceleration}}]}}"
            )
    if number % 3 == 0:
        tested, met = number // 3 % FACILITIES, str(number % 9 != 0).lower()
        yield (
            f"- {{event: CovenantTested, facility: loan-{tested}, covenant: leverage, test_date: {day}, met: {met},"
            f" effective: {day}}}"
        )


Answers = Callable[[View], object]


def statuses(view: View) -> object:
    """The status of every facility on every day."""
    return [timeline.segments(name) for name, timeline in view.timelines.items()]


def of_one(view: View) -> object:
    """The same, with the rate and the total of one facility."""
    return statuses(view), _money(view, "loan-3")


def of_all(view: View) -> object:
    """The same, with the rate and the total of every facility."""
    return statuses(view), [_money(view, name) for name in view.timelines]


def _money(view: View, facility: str) -> object:
    on = FacilityOn(view, view.timelines[facility], facility)
    return on.rate().charged, on.obligations().total


def cpu(asked: Callable[[], object], times: int) -> float:
    """Seconds on the processor that something takes, on the average."""
    began = time.process_time()
    for _ in range(times):
        asked()
    return (time.process_time() - began) / times


def branching(base: WhatIf, answers: Answers) -> tuple[float, float]:
    """Branches a second: those that go on from what was derived, and those derived again; both answer the same."""

    def branch() -> WhatIf:
        other = base.branch()
        other.assume(*SUIT)
        return other

    assert answers(branch().view(ASKED)) == answers(View.of(branch().assumed, ASKED))
    going_on = cpu(lambda: answers(branch().view(ASKED)), 12)
    again = cpu(lambda: answers(View.of(branch().assumed, ASKED)), 4)
    return 1 / going_on, 1 / again


def two_cores() -> tuple[float, float]:
    """How many times sooner a sweep is done on two processes than on one: by the clock, and by processor time."""
    base = WhatIf(group(300))
    last = base.prefix.records[-1].fact.effective
    base.assume(*(fact.model_copy(update={"effective": last}) for fact in SUIT))
    days = every_day(last - dt.timedelta(days=BRANCHES // 10 - 1), last)
    levels = [Decimal(level) / 1000 for level in range(40, 50)]
    sweeping = sweep(base, Ask(on=(last,), facilities=("loan-3",)), act_on=days, prime=levels)
    assert len(sweeping) == BRANCHES
    sweeping.prepare()
    clock, own, children = [], [], []
    for workers in (1, 2):
        began, worked, theirs = time.perf_counter(), time.process_time(), _of_children()
        sweeping.run(workers=workers)
        clock.append(time.perf_counter() - began)
        own.append(time.process_time() - worked)
        children.append(_of_children() - theirs)
    return clock[0] / clock[1], own[0] / (own[1] + children[1] / 2)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print a line a question, each with its ratio."""
    base = WhatIf(group())
    of_all(base.view(ASKED))
    questions: tuple[tuple[str, Answers], ...] = (
        ("statuses on all days", statuses),
        ("and the money of one facility", of_one),
        ("and the money of all", of_all),
    )
    for asked, answers in questions:
        going_on, again = branching(base, answers)
        figures = f"{going_on:5.1f} branches a second, {again:4.2f} derived again: {going_on / again:4.1f} times"
        print(f"{asked:<32}{figures}")  # noqa: T201  (a benchmark prints)
    by_clock, by_processor = two_cores()
    print(f"two cores: {by_processor:.2f} times by processor time, {by_clock:.2f} by the clock")  # noqa: T201


if __name__ == "__main__":
    main()
