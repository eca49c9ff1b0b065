"""Answers that are handed out under a fingerprint, and had again by it."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from desk.fingerprints import tried
from desk.progress import StepsProgress
from desk.reports import drawn
from desk.reports.asking import Asking, asked_again
from desk.rereading import of_another_model
from ledger.book import Book, Issued
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
                "A report beside assumed facts was to be issued; a ledger registers what follows from its own alone.",
                remedy="Leave out --issue, and the report can be had again by its fingerprint, with --what-if and "
                "--reproduce; or leave out --what-if.",
            )
        with Book.open(self.asking.question.db) as book:
            book.issue(report.asked.written, sha256(drawn(report, "json")).digest(), now=self.now)
        return report


@dataclass(frozen=True)
class Again:
    """A report by its fingerprint, or, of one that was issued, by the beginning of it.

    Any other is searched for: `asking` and the names of what is `said` in it narrow the search, which goes on to
    `today` at least. One beside assumed facts is asked again as `asking` says: a fingerprint does not give the facts.
    """

    fingerprint: str
    asking: Asking
    said: Collection[str]
    today: dt.date

    def answer(self) -> CommitteeReport:
        """The report, the same in all its parts.

        Raises as `asked_again` does, and Rejected (`no_such_answer`, `several_answers`, `answer_of_another_model`).
        """
        beginning = self.fingerprint.lower()
        if self.asking.what_if is not None:
            return self._beside_what_is_assumed(beginning)
        with Book.open(self.asking.question.db) as book:
            found = book.issued(beginning)
            asked = self._issued(found) if found else None
            if asked is None and re.fullmatch("[0-9a-f]{64}", beginning):
                with StepsProgress() as progress:
                    asked = tried(book, beginning, self.asking, self.said, self.today, progress.step)
        if asked is None:
            raise self._refused(
                "no_such_answer",
                "Nothing that was tried has it.",
                "Write all 64 digits, and say more of what was asked, such as --on, --known and --facility. "
                "Answers that were issued with --issue are found at once.",
            )
        return asked_again(asked, self.asking.question.db)

    def _beside_what_is_assumed(self, beginning: str) -> CommitteeReport:
        report = self.asking.answer()
        if not report.fingerprint.startswith(beginning):
            raise self._refused(
                "no_such_answer",
                f"What is asked for, with these facts assumed, is {report.fingerprint}.",
                "Say all that was asked then, such as --on, --known and --facility, and give the same scenario.",
            )
        return report

    def _issued(self, found: Sequence[Issued]) -> Asked:
        if len(found) > 1:
            raise self._refused("several_answers", f"{len(found)} answers begin like this.", "Write more of it.")
        if of_another_model(found[0]):
            raise self._refused(
                "answer_of_another_model",
                "Another version of Asof issued it, whose model this one does not have.",
                "Use the version that issued it.",
            )
        return Asked.model_validate_json(found[0].asked)

    def _refused(self, code: str, why: str, remedy: str) -> Rejected:
        return Rejected(code, f"The answer {self.fingerprint} was asked for again.", forbidden_by=why, remedy=remedy)
