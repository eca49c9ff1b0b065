"""What a committee's report holds, part by part: the model that every format draws."""

import datetime as dt
import hashlib
import json
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from ledger.facts import Standing
from projections.answer import Answer, Because, Figure, Report, TimelineRow
from projections.changes import Change, ValueKind
from projections.reach import Link
from projections.summary import Total

MODEL = "committee.v1"
"""The version of the model. A change that lets the same ledger read differently is a new version."""

HORIZONS = (30, 60, 90)
"""Within how many days the end of a waiver is near."""


class Asked(Answer):
    """What a report was asked of: all that its content depends on."""

    model: str = MODEL
    as_of: dt.date
    position: int
    root: str
    standing: Standing
    as_stood: bool
    facilities: tuple[str, ...] | None = None
    """The facilities asked for; None is all of them."""
    since: dt.date | None = None
    since_known: int | None = None
    """The position of the other moment of knowledge."""
    assumed: str | None = None
    """The SHA-256 of the facts assumed in the other answer."""

    @property
    def written(self) -> str:
        """What was asked, as JSON with sorted names; what is None is left out."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True), sort_keys=True, separators=(",", ":"))

    @property
    def fingerprint(self) -> str:
        """The SHA-256, in hexadecimal, of what was asked, as it is written."""
        return hashlib.sha256(self.written.encode()).hexdigest()


class Particulars(Answer):
    """Who owes a facility to whom, and its terms on the date; None, or no names, is not stated."""

    facility: str
    kind: Literal["revolver", "term_loan", "notes"] | None
    borrowers: tuple[str, ...]
    guarantors: tuple[str, ...]
    creditors: tuple[str, ...]
    """The lenders, or the holders."""
    trustee: str | None
    agreement_date: dt.date | None
    matures: dt.date | None
    term_ends: dt.date | None
    commitment: Figure | None
    because: Because


class DefaultCause(Answer):
    """The root cause of a Default, in words."""

    facility: str
    default: str
    says: str


class FacilityTimeline(Answer):
    """The legal status of a facility up to the date, and ahead of it if nothing further happens."""

    facility: str
    to_date: tuple[TimelineRow, ...]
    ahead: tuple[TimelineRow, ...]

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        """All of it, in order."""
        return (*self.to_date, *self.ahead)


class NotCounted(Answer):
    """A fact that is kept and shown, and does not count at the lowest standing that was asked for."""

    facility: str | None
    effective: dt.date
    says: str
    because: Because


class WaiverEnding(Answer):
    """A waiver or forbearance in force whose end by date is near; `until` is the first day outside it."""

    facility: str
    waiver: str
    kind: Literal["waiver", "forbearance"]
    until: dt.date
    days: int
    within: int
    because: Because


class OpenCondition(Answer):
    """A condition that nothing satisfies yet, of an amendment or a waiver signed by the date."""

    facility: str
    of: Literal["amendment", "waiver", "forbearance"]
    name: str
    condition: str
    says: str
    because: Because


class RateStretch(Answer):
    """A stretch of time in which the rate is the same; `until` is the first day after it."""

    from_: dt.date = Field(alias="from")
    until: dt.date | None
    charged: Figure | None
    if_default_rate: Figure | None
    default_rate_available: bool
    because: Because


class FacilityRates(Answer):
    """The rate of a facility from its opening up to the date."""

    facility: str
    stretches: tuple[RateStretch, ...]


class DueDate(Answer):
    """Something that fell due, or falls due ahead of the date.

    `owed` is what is left of it; None is not stated, and for interest ahead of the date: still accruing.
    """

    facility: str
    kind: Literal["interest", "principal", "fee", "term"]
    on: dt.date
    owed: Figure | None
    state: Literal["paid", "missed", "silent", "owed", "ahead"]
    paid_on: dt.date | None
    because: Because


class Evidence(Answer):
    """One figure of the report, and the facts that it rests on."""

    facility: str | None
    figure: str
    kind: ValueKind
    value: str | None
    because: Because


class Paper(Answer):
    """A document that the report rests on."""

    document: str
    title: str
    dated: dt.date | None
    executed: dt.date | None
    status: Literal["executed", "form"] | None
    sha256: str | None


class Assumed(Answer):
    """A fact assumed on the other side of a comparison, at the position that it would have."""

    position: int
    fact: dict[str, Any]
    """As a record file writes it."""


class Compared(Answer):
    """Another report beside this one, and what differs."""

    with_: Literal["date", "knowledge", "assumption"] = Field(alias="with")
    other: Report
    timelines: tuple[FacilityTimeline, ...]
    """The statuses over time on the other side."""
    assumed: tuple[Assumed, ...]
    changes: tuple[Change, ...]


class CommitteeReport(Report):
    """Everything on a date as known at a moment, in the order in which a committee reads it."""

    fingerprint: str
    asked: Asked
    summary: tuple[str, ...]
    particulars: tuple[Particulars, ...]
    totals: tuple[Total, ...]
    timelines: tuple[FacilityTimeline, ...]
    causes: tuple[DefaultCause, ...]
    links: tuple[Link, ...]
    not_counted: tuple[NotCounted, ...]
    waivers_ending: tuple[WaiverEnding, ...]
    open_conditions: tuple[OpenCondition, ...]
    rates_over_time: tuple[FacilityRates, ...]
    due_dates: tuple[DueDate, ...]
    compared: Compared | None
    evidence: tuple[Evidence, ...]
    papers: tuple[Paper, ...]
    deemed: tuple[int, ...]
    """The positions of facts in papers executed after the date, or whose execution is not stated."""

    @cached_property
    def currencies(self) -> dict[str, str | None]:
        """The currency of each facility; None is not stated."""
        return {each.facility: each.currency for each in self.facilities}

    def marks(self, because: Because) -> tuple[str, ...]:
        """What keeps a value from being stated: `inferred`, `recited`, `deemed`, `assumed`; else `stated`."""
        there = {reason.standing for reason in because}
        holds = {
            "inferred": "inferred" in there,
            "recited": "recited" in there,
            "deemed": any(reason.position in self._deemed for reason in because),
            "assumed": any(reason.position > self.known.position for reason in because),
        }
        return tuple(mark for mark in holds if holds[mark]) or ("stated",)

    @cached_property
    def _deemed(self) -> frozenset[int]:
        return frozenset(self.deemed)
