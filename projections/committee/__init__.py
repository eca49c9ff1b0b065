"""The report for a credit committee: the answers on a date, and what a reader of them has to know beside.

One model for every format, worked out from answers and from nothing else. Its name is its fingerprint, the digest of
what it was asked of: equal fingerprints are equal reports, on any machine.
"""

from projections.committee.model import MODEL, Asked, CommitteeReport, DueDate, FacilityTimeline, RateStretch
from projections.committee.report import Other, committee_report

__all__ = [
    "MODEL",
    "Asked",
    "CommitteeReport",
    "DueDate",
    "FacilityTimeline",
    "Other",
    "RateStretch",
    "committee_report",
]
