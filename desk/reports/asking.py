"""A committee's report as a person asks for it: of a ledger, on a date, perhaps beside another answer."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desk.answers import report_on
from desk.options import KnownTo, Question, known_prefix
from desk.scripts import read_scenario
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected
from projections.committee import Asked, CommitteeReport, Other, committee_report
from projections.report import report
from projections.view import View
from scenarios import WhatIf


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
        prefix = view.derivation.prefix
        if self.since is not None:
            if self.since > view.as_of:
                raise Rejected(
                    "since_after_date",
                    f"What changed since {self.since} was asked of a report on {view.as_of}.",
                    remedy="Give --since a date before that of --on.",
                )
            return self._beside("date", prefix, self.since)
        if self.since_known is not None:
            earlier = known_prefix(self.question.db, self.since_known)
            if earlier.position > prefix.position:
                raise Rejected(
                    "since_known_later",
                    f"What changed with knowledge since position {earlier.position} was asked of a report as known at "
                    f"position {prefix.position}.",
                    remedy="Give --since-known an earlier moment than --known.",
                )
            return self._beside("knowledge", earlier, view.as_of)
        if self.what_if is not None:
            what_if = WhatIf(prefix)
            read_scenario(self.what_if).assume_in(what_if)
            return self._beside("assumption", what_if.assumed, view.as_of, what_if.assumptions)
        return None

    def _beside(
        self,
        with_: Literal["date", "knowledge", "assumption"],
        prefix: Prefix,
        day: dt.date,
        assumed: tuple[Recorded, ...] = (),
    ) -> Other:
        """The other answer, about those of the facilities named that are on record there."""
        question = self.question
        view = View.of(prefix, day, standing=question.standing, as_stood=question.as_stood)
        names = tuple(dict.fromkeys(name for name in self.facilities if name in view.timelines))
        answer = report(view, []) if self.facilities and not names else report_on(view, names)
        return Other(with_, view, answer, assumed)


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
