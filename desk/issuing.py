"""Answers that are handed out under a fingerprint, and had again by it."""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256

from desk.reports import drawn
from desk.reports.asking import Asking, asked_again
from ledger.book import Book
from ledger.rejected import Rejected
from projections.committee import Asked, CommitteeReport


@dataclass(frozen=True)
class Issuing:
    """A report that is put into its ledger's register of answers when it is given; `now` is the clock."""

    asking: Asking
    now: dt.datetime

    def answer(self) -> CommitteeReport:
        """The report. The same one issued again changes nothing.

        Raises as `Asking.answer` does, and Rejected (`assumption_issued`, `answer_differs`).
        """
        report = self.asking.answer()
        if report.asked.assumed is not None:
            raise Rejected(
                "assumption_issued",
                "A report beside assumed facts was to be issued.",
                remedy="Issue it without --what-if: a ledger answers for its own facts.",
            )
        with Book.open(self.asking.question.db) as book:
            book.issue(report.asked.written, sha256(drawn(report, "json")).digest(), now=self.now)
        return report


@dataclass(frozen=True)
class Again:
    """A report that was issued by the ledger at `db`, by its fingerprint, or by the beginning of it."""

    fingerprint: str
    db: str

    def answer(self) -> CommitteeReport:
        """The report, the same in all its parts.

        Raises as `asked_again` does, and Rejected (`no_such_answer`, `several_answers`).
        """
        with Book.open(self.db) as book:
            found = book.issued(self.fingerprint.lower())
        if len(found) != 1:
            several = len(found) > 1
            raise Rejected(
                "several_answers" if several else "no_such_answer",
                f"The answer {self.fingerprint} was asked for again.",
                forbidden_by=f"{len(found)} answers begin like this." if several else "None was issued under it.",
                remedy="Write more of it." if several else "Answers are issued with `asof report --issue`.",
            )
        return asked_again(Asked.model_validate_json(found[0].asked), self.db)
