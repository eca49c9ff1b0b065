"""Answers that were issued, read again: whether they come out the same, and how they would read today."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from desk.answers import report_on
from desk.reports import drawn
from desk.reports.asking import asked_again
from ledger.book import Issued
from ledger.facts import FactReplaced, FactVoided
from ledger.records import Prefix
from ledger.rejected import Rejected
from projections import words
from projections.answer import Report
from projections.changes import Change, changes
from projections.committee import MODEL, Asked, CommitteeReport
from projections.report import report
from projections.view import Derivation, View


@dataclass(frozen=True)
class OtherwiseToday:
    """An answer that would read differently with what is known today, and each value that would be another.

    `because` are the positions of the facts that became known since and that those values rest on, or that took away
    what they rested on.
    """

    asked: Asked
    changes: tuple[Change, ...]
    because: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """What was asked, what would be otherwise, and why."""
        return {
            "fingerprint": self.asked.fingerprint,
            "as_of": self.asked.as_of.isoformat(),
            "position": self.asked.position,
            "because": list(self.because),
            "changes": [change.as_json() for change in self.changes],
        }

    def as_text(self) -> str:
        """The same for people, in lines."""
        asked = self.asked
        known = words.count(asked.position, "fact")
        lines = [
            f"The answer {asked.fingerprint}, as of {asked.as_of} with {known} known, would read "
            f"differently today, because of {' '.join(map(str, self.because)) or 'what became known since'}:",
            *(_line(change) for change in self.changes),
        ]
        return "".join(f"{line}\n" for line in lines)


def reread(answer: Issued, db: str) -> CommitteeReport | str:
    """An answer worked out again, or, in a sentence, what is wrong with it."""
    name = f"The answer {answer.fingerprint}"
    if sha256(answer.asked.encode()).hexdigest() != answer.fingerprint:
        return f"{name} is registered as one to another question: {answer.asked}"
    try:
        asked = Asked.model_validate_json(answer.asked)
    except ValueError:
        return f"{name} is registered as one to what is no question: {answer.asked}"
    try:
        again = asked_again(asked, db)
    except Rejected as refused:
        return f"{name} cannot be worked out again. {refused}"
    same = sha256(drawn(again, "json")).digest() == answer.digest
    return again if same else f"{name} comes out otherwise than it was issued."


def of_another_model(answer: Issued) -> bool:
    """Whether another version of this program issued an answer, whose model it does not have."""
    try:
        return bool(json.loads(answer.asked)["model"] != MODEL)
    except (ValueError, TypeError, LookupError):
        return False


def otherwise_today(then: CommitteeReport, today: Derivation) -> OtherwiseToday | None:
    """How an answer would read with what is known today; None where it would read the same.

    `today` is derived at the standing of the answer.
    """
    asked = then.asked
    view = View(replace(today, as_stood_on=asked.as_of) if asked.as_stood else today, asked.as_of)
    differing = changes(then, _answered(asked, view))
    if not differing:
        return None
    rests_on = {reason.position for change in differing for reason in change.because}
    return OtherwiseToday(asked, differing, tuple(sorted(_since(rests_on, asked.position, today.prefix))))


def _answered(asked: Asked, view: View) -> Report:
    if asked.facilities is None:
        return report(view)
    there = [name for name in asked.facilities if name in view.timelines]
    return report_on(view, there) if there else report(view, [])


def _since(rests_on: Iterable[int], then: int, today: Prefix) -> set[int]:
    """The facts after a position among those that values rest on, or that void one of them."""
    rests_on = set(rests_on)
    keys = {today.records[position - 1].fact.own_key: position for position in sorted(rests_on)}
    since = {position for position in rests_on if position > then}
    for record in today.records[then:]:
        fact = record.fact
        if isinstance(fact, FactVoided | FactReplaced):
            voided = fact.position if fact.position is not None else keys.get(fact.key)
            if voided in rests_on:
                since.add(record.position)
    return since


def _line(change: Change) -> str:
    about = f"{change.facility}: " if change.facility is not None else ""
    before, after = ("not stated" if value is None else str(value) for value in (change.before, change.after))
    match change.only:
        case "before":
            return f"  {about}{change.what} is gone: {before}"
        case "after":
            return f"  {about}{change.what} is new: {after}"
        case None:
            return f"  {about}{change.what} was {before}, and is {after}"
