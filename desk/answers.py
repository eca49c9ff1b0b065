"""The answers that commands give, each with its plain data, in the shape that the command line shows as JSON."""

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ledger.book import Book, Issued
from ledger.facts import as_record
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected, StoreUnusable
from ledger.values import moment_text
from projections import story
from projections.answer import Explanation, Finding, Report, ScheduleRow, TimelineRow
from projections.report import report
from projections.schedule import schedule
from projections.view import View

if TYPE_CHECKING:
    from desk.checkpoints import Kept


@dataclass(frozen=True)
class Log:
    """The facts of a prefix, in the order in which they became known."""

    prefix: Prefix

    def as_json(self) -> list[dict[str, Any]]:
        """A mapping a fact."""
        return [log_line(record) for record in self.prefix.records]


def log_line(record: Recorded) -> dict[str, Any]:
    """A fact with its place in the log."""
    return {
        "position": record.position,
        "recorded_at": moment_text(record.recorded_at),
        "known_at": moment_text(record.known_at),
        "leaf_hash": record.leaf_hash.hex(),
        "fact": as_record(record.fact),
    }


@dataclass(frozen=True)
class Verified:
    """What is wrong with a log, a sentence each; its length, and the root of its bytes as they are.

    Both are None where its head or its bytes cannot be read.
    """

    position: int | None
    root: bytes | None
    differences: tuple[str, ...]
    format: int
    """How the tables of the database are arranged."""
    notices: tuple[str, ...]
    """What people should know of the database that it is in."""

    @classmethod
    def of(cls, db: str, kept: "Kept", progress: Callable[[int, int], object] | None = None) -> "Verified":
        """A ledger compared with what its own bytes say, and with checkpoints. Raises StoreUnusable."""
        with Book.open(db) as book:
            differences = (*kept.unproven, *book.verify(kept.roots, progress))
            try:
                position, root = book.end()
            except StoreUnusable:
                if not differences:
                    raise
                return cls(None, None, differences, book.format, book.notices)
        return cls(position, root, differences, book.format, book.notices)

    def as_json(self) -> dict[str, Any]:
        """The name of the log, what is wrong with it, and what there is to know."""
        root = self.root.hex() if self.root is not None else None
        return {
            "position": self.position,
            "root": root,
            "differences": list(self.differences),
            "format": self.format,
            "notices": list(self.notices),
        }


@dataclass(frozen=True)
class Scheduled:
    """What falls due under a facility by its terms, up to a day; no single date is asked about."""

    view: View
    facility: str
    until: dt.date
    rows: tuple[ScheduleRow, ...]

    @classmethod
    def of(cls, view: View, facility: str, until: dt.date) -> "Scheduled":
        """The schedule of a facility. Raises Rejected (`facility_not_found`)."""
        known_facilities(view, [facility])
        return cls(view, facility, until, schedule(view, facility, until))

    def as_json(self) -> list[dict[str, Any]]:
        """A mapping a line."""
        return [row.as_json() for row in self.rows]


@dataclass(frozen=True)
class Register:
    """The answers that were issued, in the order in which they were."""

    answers: tuple[Issued, ...]

    @classmethod
    def of(cls, db: str) -> "Register":
        """The register of a ledger. Raises StoreUnusable."""
        with Book.open(db) as book:
            return cls(tuple(sorted(book.issued(), key=lambda answer: (answer.issued_at, answer.fingerprint))))

    def as_json(self) -> list[dict[str, Any]]:
        """A mapping an answer."""
        return [
            {
                "fingerprint": answer.fingerprint,
                "issued_at": moment_text(answer.issued_at),
                "sha256": answer.digest.hex(),
                "asked": json.loads(answer.asked),
            }
            for answer in self.answers
        ]


def report_on(view: View, facilities: Iterable[str] = ()) -> Report:
    """The report of all facilities, or of those named with the offers and findings about them.

    Raises Rejected (`facility_not_found`).
    """
    names = known_facilities(view, facilities)
    if not names:
        return report(view)
    answer = report(view, names)
    offers = tuple(offer for offer in answer.offers if offer.old in names or offer.new in names)
    return answer.model_copy(update={"offers": offers, "findings": _findings(view, names)})


@dataclass(frozen=True)
class Findings:
    """The findings up to a date."""

    view: View
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, view: View, facilities: Iterable[str] = ()) -> "Findings":
        """The findings on all facilities, or on those named. Raises Rejected (`facility_not_found`)."""
        return cls(view, _findings(view, known_facilities(view, facilities)))

    def as_json(self) -> dict[str, Any]:
        """The date, what was asked, the findings."""
        findings = [finding.as_json() for finding in self.findings]
        return {"as_of": self.view.as_of.isoformat(), **_asked(self.view), "findings": findings}


@dataclass(frozen=True)
class Timeline:
    """The legal status of a facility over time, as far as it is known; no single date is asked about."""

    view: View
    facility: str
    rows: tuple[TimelineRow, ...]

    @classmethod
    def of(cls, view: View, facility: str) -> "Timeline":
        """The timeline of a facility. Raises Rejected (`facility_not_found`)."""
        known_facilities(view, [facility])
        return cls(view, facility, story.timeline_rows(view, facility))

    def as_json(self) -> dict[str, Any]:
        """The facility, what was asked, the rows."""
        return {"facility": self.facility, **_asked(self.view), "rows": [row.as_json() for row in self.rows]}


@dataclass(frozen=True)
class Explained:
    """Why something of a facility is what it is."""

    view: View
    explanation: Explanation

    @classmethod
    def of(cls, view: View, facility: str, what: str) -> "Explained":
        """The explanation of a value. Raises Rejected (`facility_not_found`, `nothing_to_explain`)."""
        known_facilities(view, [facility])
        explanation = story.explain(view, facility, what)
        if explanation is None:
            raise Rejected(
                "nothing_to_explain",
                f"{facility} has no {what} on {view.as_of}.",
                remedy=f"There is {', '.join(_what_can_be_explained(view, facility))}.",
            )
        return cls(view, explanation)

    def as_json(self) -> dict[str, Any]:
        """The explanation, with what was asked."""
        return {"facility": self.explanation.facility, **_asked(self.view), **self.explanation.as_json()}


def _what_can_be_explained(view: View, facility: str) -> Iterable[str]:
    (answer,) = report(view, [facility]).facilities
    named = (
        *(waiver.waiver for waiver in answer.waivers),
        *(amendment.amendment for amendment in answer.amendments),
        *(default.default for default in answer.defaults),
    )
    return dict.fromkeys((*story.WHATS, *named))


# --- what they share -------------------------------------------------------------------------------------------------


def _asked(view: View) -> dict[str, Any]:
    derivation = view.derivation
    as_stood = derivation.as_stood_on is not None
    return {"known": view.known.as_json(), "standing": derivation.standing, "as_stood": as_stood}


def _findings(view: View, facilities: Collection[str]) -> tuple[Finding, ...]:
    return tuple(finding for finding in view.findings if not facilities or finding.facility in facilities)


def known_facilities(view: View, facilities: Iterable[str]) -> tuple[str, ...]:
    """The names given, each once; Rejected (`facility_not_found`) where the record, as known, has no such facility."""
    names = tuple(dict.fromkeys(facilities))
    for name in names:
        if name not in view.timelines:
            raise Rejected(
                "facility_not_found",
                f"No facility {name} is in the record, as known at position {view.known.position}.",
                remedy=_remedy(name, list(view.timelines)),
            )
    return names


def _remedy(name: str, there: list[str]) -> str:
    if not there:
        return "There is none yet: record a FacilityOpened, or ask with later knowledge."
    # comparing with more of them would keep the refusal waiting for seconds
    nearest = get_close_matches(name, there) if len(there) <= 10_000 else []
    if nearest:
        return f"Write {' or '.join(nearest)}."
    return f"There is {', '.join(there[:12])}{f', and {len(there) - 12} more' if len(there) > 12 else ''}."
