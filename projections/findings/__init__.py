"""Findings: what does not fit, and what the record leaves open. A module a subject, and one small function a question.

A finding repairs nothing and guesses nothing; it names the facts and asks. It is dated with the day on which the matter
arises, and a report carries every finding dated on or before its day.
"""

from projections.answer import Finding
from projections.findings.days import day_findings
from projections.findings.defaults import default_findings
from projections.findings.money import joint_fee_findings, money_findings
from projections.findings.offers import offer_findings
from projections.findings.papers import paper_findings, reading_findings
from projections.findings.terms import term_findings
from projections.findings.waivers import waiver_findings
from projections.history import History
from projections.offers import Outstanding
from projections.timeline import Timeline


def group_findings(timeline: Timeline) -> list[Finding]:
    """Everything found in one group of facilities, on all its dates."""
    return [
        *default_findings(timeline),
        *waiver_findings(timeline),
        *day_findings(timeline),
        *term_findings(timeline),
        *paper_findings(timeline),
        *money_findings(timeline),
    ]


def ledger_findings(history: History, outstanding: Outstanding) -> list[Finding]:
    """Everything found beside the groups: of papers and corrections, of offers, and of fees that several groups owe."""
    return [*reading_findings(history), *offer_findings(history, outstanding), *joint_fee_findings(history)]
