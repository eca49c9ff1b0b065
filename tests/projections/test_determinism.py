"""The same log gives the same answer to the byte, in every process, and in a time that grows with the log."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

from projections.report import report
from tests.projections.asking import view
from tests.spec import Log, given

ROOT = Path(__file__).parents[2]
ASKED = """
import json
from projections.report import report
from projections.story import explain, timeline_rows
from tests.projections.asking import view
from tests.projections.test_determinism import entangled

seen = view(entangled(), "2001-12-31")
answer = [report(seen).as_json()]
for name in seen.timelines:
    answer += [row.as_json() for row in timeline_rows(seen, name)]
    answer += [explain(seen, name, what).as_json() for what in ("status", "rate", "obligations")]
print(json.dumps(answer))
"""


def entangled(facilities: int = 4, quarters: int = 3, amendments: int = 2, more: str = "") -> Log:
    """A group in which every debt crosses to all others: failures, cures, waivers that end together, amendments."""
    names = [f"debt-{number}" for number in range(facilities)]
    written = ['- {event: IndexFixed, index: prime, effective: 2000-12-01, rate: "0.05"}']
    for number, name in enumerate(names):
        after = names[(number + 1) % facilities]
        written.append(
            f"""
- {{event: FacilityOpened, facility: {name}, effective: 2001-01-01, name: {name}, borrowers: [mill, parent],
   principal: "1000000.00", currency: USD, day_count: actual/360, matures: 2003-01-01,
   rate: {{options: {{prime: {{index: prime, margin: "0.01"}}}}, default: {{uplift: "0.02"}}}},
   schedule: {{interest: {{every: 3 months, from: 2001-04-01}}}},
   clauses: [{{clause: own, kind: payment, grace: {{days: 10}}}},
     {{clause: ring, kind: cross_default, of: [{after}], threshold: "1000.00", heals: automatically}},
     {{clause: any, kind: cross_payment, of: any, heals: on_waiver}}]}}
- {{event: WaiverGranted, facility: {name}, waiver: w{number}, effective: 2001-07-{number + 1:02d},
   reaches: [default, event_of_default], covers: [{{payments: [interest, principal]}}],
   ends: [{{until: 2001-11-01}}, {{with_waiver: w{(number + 1) % facilities}}}, {{act: [enforcement], of: any}}]}}
"""
        )
        if number < amendments:
            written.append(
                f"""
- {{event: AmendmentSigned, facility: {name}, amendment: m{number}, effective: 2001-06-01, dated: 2001-06-01,
   changes: [{{change: matures, from: 2001-05-01, matures: 2004-01-01}}],
   conditions: [{{condition: asked, question: no_event_of_default_after_giving_effect}}]}}
"""
            )
        for quarter in range(quarters):
            due = dt.date(2001, 4 + quarter * 3, 1)
            paid = due + dt.timedelta(days=5 + number * 4)
            written.append(
                f"""
- {{event: PaymentMissed, facility: {name}, effective: {due}, of: [interest, principal], due: {due}}}
- {{event: PaymentMade, facility: {name}, effective: {paid}, of: interest, due: {due}, amount: "15500.00"}}
- {{event: PaymentMade, facility: {name}, effective: {paid}, amount: "5000.00"}}
- {{event: LoanAdvanced, facility: {name}, effective: {paid}, loan: a, amount: "100.00"}}
- {{event: CovenantTested, facility: {name}, effective: {paid}, covenant: l, test_date: {due}, met: false}}
"""
            )
    return given(*written, *([more] if more else [])).log


def test_the_answer_is_the_same_to_the_byte_in_processes_that_hash_differently() -> None:
    def answered(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", ASKED], cwd=ROOT, env=environment, capture_output=True, check=True
        ).stdout

    first, *others = (answered(seed) for seed in ("0", "1", "2"))
    assert len(first) > 100_000
    assert [each == first for each in others] == [True, True]


def test_a_group_of_ten_debts_that_all_cross_to_one_another_is_derived_in_a_second_or_two() -> None:
    log = entangled(facilities=10, quarters=3)
    assert len(log) > 170
    started = time.process_time()
    report(view(log, "2001-12-31"))
    assert time.process_time() - started < 5  # about one, where nothing else runs


def test_a_question_that_fails_on_every_day_costs_no_sweep_a_day() -> None:
    fee = "- {event: PaymentMissed, facility: debt-0, effective: 2001-02-01, of: fee, due: 2001-02-01}"
    log = entangled(facilities=4, amendments=1, more=fee)
    started = time.process_time()
    seen = view(log, "2001-12-31")
    assert seen.timelines["debt-0"].in_effect == {}
    assert time.process_time() - started < 2
