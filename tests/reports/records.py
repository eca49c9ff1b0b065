"""Records for reports: the Lexington papers, portfolios of any size, names that are hard to draw."""

import datetime as dt
from functools import cache

from desk.answers import report_on
from ledger.reading import read
from ledger.records import Prefix
from projections.committee import CommitteeReport, Other, committee_report
from projections.view import View
from scenarios.lexington import record_files
from tests.spec import facts, log

LONG = "Third Amended and Restated Revolving Credit, Term Loan and Security Agreement No. 80"
ARABIC = "اتفاقية التسهيلات المشتركة"
CHINESE = "银团贷款协议"


@cache
def lexington() -> Prefix:
    """The Lexington record as one migration takes it."""
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    in_order = sorted((each.fact for each in read(record_files())), key=lambda fact: fact.known_at or last)
    return Prefix(log(*in_order), root=bytes(32))


def committee(
    prefix: Prefix, day: str, *facilities: str, since: str | None = None, since_known: int | None = None
) -> CommitteeReport:
    """The report on a day, beside another day or an earlier position."""
    view = View.of(prefix, dt.date.fromisoformat(day))
    other = None
    if since is not None:
        there = view.at(dt.date.fromisoformat(since))
        other = Other("date", there, report_on(there, facilities))
    if since_known is not None:
        earlier = View.of(Prefix(prefix.records[:since_known], root=bytes(32)), view.as_of)
        other = Other("knowledge", earlier, report_on(earlier, facilities))
    return committee_report(view, report_on(view, facilities), asked_for=facilities or None, other=other)


def prefix(*texts: str) -> Prefix:
    """A record in YAML as a prefix of a log."""
    return Prefix(log(*(fact for text in texts for fact in facts(text))), root=bytes(32))


def portfolio(size: int, *names: str) -> Prefix:
    """So many loans: each third one failed to pay, some of them waived; each looks at the one before it."""
    return prefix(
        "- {event: IndexFixed, effective: 2020-01-01, index: prime, rate: '0.0475'}\n"
        "- {event: IndexFixed, effective: 2020-03-16, index: prime, rate: '0.0325'}\n",
        *(_loan(number, names[number] if number < len(names) else f"Term loan {number}") for number in range(size)),
    )


def _loan(number: int, name: str) -> str:
    failed = f"""
- {{event: PaymentMissed, facility: loan-{number}, effective: 2020-07-01, of: interest, due: 2020-07-01}}
"""
    waived = f"""
- event: WaiverGranted
  facility: loan-{number}
  waiver: waiver-{number}
  effective: 2020-07-15
  reaches: [default, event_of_default]
  covers: [{{payments: interest}}]
  ends: [{{until: 2020-{9 + number % 3:02}-15}}, {{act: enforcement, by: lender, of: [loan-{max(number - 1, 0)}]}}]
"""
    return f"""
- event: FacilityOpened
  facility: loan-{number}
  effective: 2020-01-01
  name: "{name}"
  borrowers: [mill-{number // 5}]
  currency: {"USD" if number % 2 else "EUR"}
  principal: "{1000000 + 1000 * number}.00"
  matures: 2025-01-01
  rate: {{options: {{prime: {{index: prime, margin: "0.02"}}}}, default: {{uplift: "0.02"}}}}
  day_count: 30/360 US
  schedule: {{interest: {{every: 6 months, from: 2020-07-01}}}}
  clauses:
    - {{clause: payment, kind: payment, grace: {{days: 5}}}}
    - {{clause: cross, kind: cross_default, of: [loan-{max(number - 1, 0) if number % 5 else number}]}}
{failed if number % 3 == 0 else ""}{waived if number % 6 == 0 else ""}"""
