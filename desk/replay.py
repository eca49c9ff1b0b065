"""A replay for an audit: the log is read from its first fact, everything is worked out again, and compared.

It ends in a certificate of what was checked and what differs. The same ledger gives the same certificate, to the byte.
"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any, get_args

from desk.checkpoints import Kept
from desk.output import json_text
from desk.reports import drawn
from desk.reports.asking import asked_again
from ledger.book import Book, Issued
from ledger.facts import Standing
from ledger.records import Prefix
from ledger.rejected import Rejected, StoreUnusable
from projections.committee import MODEL, Asked
from projections.story import timeline_rows
from projections.view import Derivation, View

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Certificate:
    """What was checked, how much of it there was, and what differs."""

    position: int
    root: bytes | None
    facilities: int
    derived: dict[Standing, str]
    """The SHA-256, in hexadecimal, of all timelines and findings, by the lowest standing that counts."""
    checkpoints: int
    answers: int
    answers_of_other_models: int
    differences: tuple[str, ...]

    @property
    def versions(self) -> dict[str, str]:
        """What worked it out."""
        return {"asof": version("asof-ledger"), "model": MODEL, "python": platform.python_version()}

    def as_json(self) -> dict[str, Any]:
        """The certificate as plain data."""
        return {
            "position": self.position,
            "root": self.root.hex() if self.root is not None else None,
            "checked": {
                "facts": self.position,
                "facilities": self.facilities,
                "checkpoints": self.checkpoints,
                "answers": self.answers,
                "answers_of_other_models": self.answers_of_other_models,
            },
            "derived": dict(self.derived),
            "differences": list(self.differences),
            "versions": self.versions,
        }

    def as_text(self) -> str:
        """The certificate for people."""
        rows = [
            ("position", f"{self.position}"),
            ("root", self.root.hex() if self.root is not None else "cannot be worked out"),
            ("facts read, their hashes and clocks compared", f"{self.position}"),
            ("facilities derived anew", f"{self.facilities}"),
            *((f"  all that counts if {standing}, SHA-256", digest) for standing, digest in self.derived.items()),
            ("checkpoints compared", f"{self.checkpoints}"),
            ("answers issued, and worked out again", f"{self.answers}"),
            ("answers of other models, not worked out", f"{self.answers_of_other_models}"),
            ("differences", f"{len(self.differences)}"),
            *((name, written) for name, written in self.versions.items()),
        ]
        width = max(len(name) for name, _ in rows)
        table = "".join(f"{name:<{width}}  {value}\n" for name, value in rows)
        return "".join([table, *(f"\n{each}\n" for each in self.differences)])


def replay(db: str, kept: Kept, progress: Progress) -> Certificate:
    """Work everything in a ledger out again, and compare it with what was sealed and with what was handed out.

    `kept` has the checkpoints. Raises StoreUnusable for a ledger that cannot be opened.
    """
    sealed = kept.roots
    with Book.open(db) as book:
        progress("Reading and hashing", 0, 1)
        differences = [*kept.unproven, *book.verify(sealed)]
        try:
            prefix = book.prefix()
            issued = book.issued()
        except StoreUnusable as fault:
            if str(fault) not in differences:
                differences.append(str(fault))
            return Certificate(0, None, 0, {}, len(sealed), 0, 0, tuple(differences))
    derived = dict(_derived(prefix, progress))
    facilities = len(Derivation(prefix, "recited", None).timelines)
    others = 0
    for number, answer in enumerate(issued):
        progress("Working answers out again", number, len(issued))
        outcome = _otherwise(answer, db)
        others += outcome is None
        differences += [outcome] if outcome else []
    return Certificate(
        prefix.position,
        prefix.root,
        facilities,
        derived,
        len(sealed),
        len(issued) - others,
        others,
        tuple(differences),
    )


def _derived(prefix: Prefix, progress: Progress) -> Iterator[tuple[Standing, str]]:
    """A digest of all that follows from the facts, on all dates."""
    standings: tuple[Standing, ...] = get_args(Standing)
    for number, standing in enumerate(standings):
        progress("Deriving", number, len(standings))
        derivation = Derivation(prefix, standing, None)
        last = max((entry.effective for entry in derivation.history.entries), default=None)
        everything: dict[str, Any] = {"findings": [finding.as_json() for finding in derivation.findings]}
        if last is not None:
            view = View(derivation, last)
            for facility in derivation.timelines:
                everything[f"facility {facility}"] = [row.as_json() for row in timeline_rows(view, facility)]
        yield standing, sha256(json_text(everything).encode()).hexdigest()


def _otherwise(answer: Issued, db: str) -> str | None:
    """What differs in an answer that is worked out again, nothing (""), or None for one of another model."""
    name = f"The answer {answer.fingerprint}"
    if sha256(answer.asked.encode()).hexdigest() != answer.fingerprint:
        return f"{name} is registered as one to another question: {answer.asked}"
    asked = Asked.model_validate_json(answer.asked)
    if asked.model != MODEL:
        return None
    try:
        again = drawn(asked_again(asked, db), "json")
    except Rejected as refused:
        return f"{name} cannot be worked out again. {refused}"
    return "" if sha256(again).digest() == answer.digest else f"{name} comes out otherwise than it was issued."
