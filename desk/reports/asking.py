"""A committee's report as a person asks for it: of a ledger, on a date, perhaps beside another answer."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desk.answers import report_on
from desk.options import KnownTo, Question, known_prefix
from ledger.facts import as_record
from ledger.reading import read
from ledger.rejected import Rejected
from projections.answer import Report
from projections.committee import Asked, CommitteeReport, Other, committee_report
from projections.report import report
from projections.view import View
from scenarios import assume


@dataclass(frozen=True)
class Asking:
    """What is asked: a question, of which facilities (none named: all), and beside which other answer, if any."""

    question: Question
    facilities: tuple[str, ...] = ()
    since: dt.date | None = None
    since_known: KnownTo = None
    what_if: Path | None = None

    def answer(self) -> CommitteeReport:
        """The report.

        Raises Rejected (`facility_not_found`, `two_comparisons`, `since_after_date`, `since_known_later`, or as a
        Book does that records the facts assumed), RecordFaults for a file that cannot be read, and StoreUnusable.
        """
        asked = {"--since": self.since, "--since-known": self.since_known, "--what-if": self.what_if}
        given = [option for option, value in asked.items() if value is not None]
        if len(given) > 1:
            raise Rejected(
                "two_comparisons",
                f"A report was asked for beside several others: {' and '.join(given)}.",
                remedy="Give one of them, and ask again for the other.",
            )
        view = self.question.view()
        names = tuple(dict.fromkeys(self.facilities))
        return committee_report(view, report_on(view, names), asked_for=names or None, other=self._other(view))

    def _other(self, view: View) -> Other | None:
        if self.since is not None:
            if self.since > view.as_of:
                raise Rejected(
                    "since_after_date",
                    f"What changed since {self.since} was asked of a report on {view.as_of}.",
                    remedy="Give --since a date before that of --on.",
                )
            return Other("date", self._beside(self._view_on(view, self.since)))
        if self.since_known is not None:
            prefix = known_prefix(self.question.db, self.since_known)
            if prefix.position > view.known.position:
                raise Rejected(
                    "since_known_later",
                    f"What changed with knowledge since position {prefix.position} was asked of a report as known at "
                    f"position {view.known.position}.",
                    remedy="Give --since-known an earlier moment than --known.",
                )
            other = View.of(prefix, view.as_of, standing=self.question.standing, as_stood=self.question.as_stood)
            return Other("knowledge", self._beside(other))
        if self.what_if is not None:
            return self._assuming(view, self.what_if)
        return None

    def _view_on(self, view: View, day: dt.date) -> View:
        question = self.question
        return View.of(view.derivation.prefix, day, standing=question.standing, as_stood=question.as_stood)

    def _assuming(self, view: View, file: Path) -> Other:
        located = read([file])
        try:
            prefix = assume(view.derivation.prefix, (each.fact for each in located))
        except Rejected as refused:
            raise (refused if refused.index is None else refused.at(str(located[refused.index]))) from None
        written = [as_record(each.fact) for each in located]
        digest = hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        other = View.of(prefix, view.as_of, standing=self.question.standing, as_stood=self.question.as_stood)
        return Other("assumption", self._beside(other), digest)

    def _beside(self, other: View) -> Report:
        """The other answer, about those of the facilities named that are on record there."""
        if not self.facilities:
            return report(other)
        there: Iterable[str] = dict.fromkeys(name for name in self.facilities if name in other.timelines)
        return report_on(other, there) if there else report(other, [])


def asked_again(asked: Asked, db: str, what_if: Path | None = None) -> CommitteeReport:
    """A report that was asked for before, from the ledger at `db`: the same in all its parts.

    `what_if` is the file of the facts that were assumed beside it, if any were. Raises as `Asking.answer` does, and
    Rejected (`report_not_the_same`) where the ledger, the file or this version of the model is not the one of then.
    """
    question = Question(db, asked.as_of, asked.position, asked.standing, asked.as_stood)
    report = Asking(question, asked.facilities or (), asked.since, asked.since_known, what_if).answer()
    if report.asked != asked:
        then, now = asked.as_json(), report.asked.as_json()
        other = [name for name in then if then[name] != now[name]]
        raise Rejected(
            "report_not_the_same",
            f"The report {asked.fingerprint} is not to be had again: {', '.join(other)} differs.",
            forbidden_by="; ".join(f"{name} was {then[name]} and is {now[name]}" for name in other) + ".",
            remedy="Ask the ledger, with the file of assumed facts if there was one, that it was drawn from.",
        )
    return report
