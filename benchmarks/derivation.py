"""How long a group of facilities takes to derive, and how that grows with its facts.

Run it with `python -m benchmarks.derivation` from the checkout. Twelve debts of one borrower cross to one another; over
ten years there are payments made and missed, tests, waivers, acts, amendments that ask for the absence of an Event of
Default, levels of an index. The sizes take turns, so that the ratios hold on a machine that is busy; each time is the
best of its rounds. What is timed goes from the log to every legal status on every date and all findings.
"""

import datetime as dt
import math
import random
import time
from collections.abc import Iterator

from ledger.decisions import Register
from ledger.facts import Fact
from ledger.rejected import Rejected
from projections.view import View
from tests.projections.asking import prefix
from tests.spec import facts, log

FACILITIES = [f"debt-{number}" for number in range(12)]
OPENED = dt.date(2000, 1, 3)
DAYS = 3652
SIZES = (250, 500, 1_000, 2_000, 4_000, 8_000)
ROUNDS = 3


def openings() -> Iterator[str]:
    """Every debt with clauses of its own, and one that looks at the next debt: a ring of twelve."""
    kinds = ("cross_payment", "cross_default", "cross_acceleration")
    for number, name in enumerate(FACILITIES):
        other = FACILITIES[(number + 1) % len(FACILITIES)]
        heals = ("automatically", "on_notice")[number % 2]
        yield (
            f"- {{event: FacilityOpened, facility: {name}, effective: {OPENED}, name: Debt, borrowers: [mill],"
            f' principal: "1000000.00", day_count: actual/360,'
            f' rate: {{options: {{prime: {{index: prime, margin: "0.01"}}}}, default: {{uplift: "0.02"}}}},'
            f" clauses: [{{clause: own, kind: payment, grace: {{days: 10}}, heals: automatically}},"
            f" {{clause: tests, kind: covenant, heals: {heals}}},"
            f" {{clause: cross, kind: {kinds[number % 3]}, of: [{other}], heals: automatically}}]}}"
        )


def befalls(number: int, chance: random.Random) -> list[str]:
    """One more thing that befalls the group, and what it leads to; named by its number."""
    day, name = OPENED + dt.timedelta(days=chance.randrange(1, DAYS)), chance.choice(FACILITIES)
    soon, later = (day + dt.timedelta(days=chance.randrange(*span)) for span in ((2, 20), (30, 90)))
    match chance.choices(range(8), weights=(20, 15, 15, 15, 6, 1, 3, 25))[0]:
        case 0:
            due = f'facility: {name}, of: interest, due: {day}, amount: "500.00"'
            return [
                f"{{event: PaymentMissed, effective: {day}, {due}}}",
                f"{{event: PaymentMade, effective: {soon}, {due}}}",
            ]
        case 1:
            tested = f"{{event: CovenantTested, facility: {name}, covenant: leverage"
            return [
                f"{tested}, effective: {on}, test_date: {on}, met: {met}}}"
                for on, met in ((day, "false"), (soon, "true"))
            ]
        case 2:
            return [f"{{event: CureNotified, facility: {name}, effective: {day}, clause: tests}}"]
        case 3:
            covers = "{payments: [interest, principal]}, {covenant: leverage}"
            ends = f"{{until: {later}}}, {{act: [enforcement], by: [holder]}}, {{uncovered_event_of_default: true}}"
            return [
                f"{{event: WaiverGranted, facility: {name}, waiver: w{number}, effective: {day}, covers: [{covers}],"
                f" reaches: [default, event_of_default], ends: [{ends}]}}"
            ]
        case 4:
            act = f"facility: {name}, act: a{number}"
            return [f"{{event: ActTaken, {act}, effective: {day}, by: holder, seeks: enforcement}}"]
        case 5:
            act = f"facility: {name}, act: a{number}"
            return [
                f"{{event: ActTaken, {act}, effective: {day}, by: holder, seeks: acceleration, accelerates: true}}",
                f"{{event: AccelerationAnnulled, {act}, effective: {soon}}}",
            ]
        case 6:
            asks = chance.choice(("", "{condition: clean, question: no_event_of_default_after_giving_effect}"))
            change = f'{{change: rate, from: {later}, rate: {{fixed: "0.0{chance.randrange(4, 9)}"}}}}'
            return [
                f"{{event: AmendmentSigned, facility: {name}, amendment: m{number}, effective: {day}, dated: {day},"
                f" changes: [{change}], conditions: [{asks}]}}"
            ]
        case _:
            return [f'{{event: IndexFixed, index: prime, effective: {day}, rate: "0.0{chance.randrange(10, 99)}"}}']


def record(size: int) -> tuple[Fact, ...]:
    """So many facts, all of which a ledger takes."""
    chance, register, taken = random.Random(size), Register(), list[Fact]()
    written = [*openings(), *(f"- {each}" for number in range(size) for each in befalls(number, chance))][:size]
    for fact in facts("\n".join(written)):
        try:
            register.decide(fact)
        except Rejected:
            continue
        taken.append(fact)
        register.after(len(taken), fact)
    return tuple(taken)


def derived(known: tuple[Fact, ...]) -> int:
    """Derive everything from a log; how many days of the timeline that came to."""
    seen = View.of(prefix(log(*known)), OPENED + dt.timedelta(days=DAYS))
    statuses = [timeline.segments(name) for name, timeline in seen.timelines.items()]
    assert len(statuses) == len(FACILITIES)
    assert seen.findings
    return len(seen.timelines[FACILITIES[0]].days)


def main() -> None:
    """Time each size, and print what it comes to."""
    records = {size: record(size) for size in SIZES}
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size, known in records.items():
            began = time.process_time()
            derived(known)
            times[size].append(time.process_time() - began)
    best = {size: min(each) for size, each in times.items()}
    print(f"{'facts':>7}  {'seconds':>8}  {'facts/second':>12}  {'times the half':>14}")  # noqa: T201
    for size in SIZES:
        ratio = f"{best[size] / best[size // 2]:14.2f}" if size // 2 in best else ""
        print(f"{size:>7}  {best[size]:8.3f}  {size / best[size]:12,.0f}  {ratio}")  # noqa: T201
    exponent = math.log(best[SIZES[-1]] / best[SIZES[0]]) / math.log(SIZES[-1] / SIZES[0])
    print(f"growth from {SIZES[0]:,} to {SIZES[-1]:,} facts: exponent {exponent:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
