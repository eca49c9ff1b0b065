"""A replay for an audit: the log is read from its first fact, everything is worked out again, and compared.

It ends in a certificate of what was checked and what differs. The same ledger gives the same certificate, to the byte.
"""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import Any, get_args

from desk.checkpoints import Kept
from desk.output import json_text
from desk.rereading import OtherwiseToday, of_another_model, otherwise_today, reread
from ledger.book import Book
from ledger.facts import Standing
from ledger.rejected import StoreUnusable
from projections.committee import MODEL
from projections.report import report
from projections.story import timeline_rows
from projections.view import Derivation, View

STORED_PROJECTIONS = 0
"""How many consequences a ledger keeps beside its facts: none, as each is worked out when it is asked for."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Certificate:
    """What was checked, how much of it there was, and what differs.

    `position` and `root` are None where the log cannot be read.
    """

    position: int | None
    root: bytes | None
    streams: int
    facilities: int
    derived: dict[Standing, str]
    """The SHA-256, in hexadecimal, of what follows from the facts, by the lowest standing that counts."""
    checkpoints: int
    answers: int
    answers_of_other_models: int
    names: int | None
    """How many names are withheld; None where they are not this user's to read."""
    differences: tuple[str, ...]
    otherwise_today: tuple[OtherwiseToday, ...]
    """Answers that were right when they were issued, and would read differently with what is known today."""

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
                "facts": self.position or 0,
                "streams": self.streams,
                "heads": 1,
                "facilities": self.facilities,
                "checkpoints": self.checkpoints,
                "answers": self.answers,
                "answers_of_other_models": self.answers_of_other_models,
                "withheld_names": self.names,
                "stored_projections": STORED_PROJECTIONS,
            },
            "derived": dict(self.derived),
            "otherwise_today": [answer.as_json() for answer in self.otherwise_today],
            "differences": list(self.differences),
            "versions": self.versions,
        }

    def as_text(self) -> str:
        """The certificate for people."""
        rows = [
            ("position", f"{self.position}" if self.position is not None else "cannot be read"),
            ("root", self.root.hex() if self.root is not None else "cannot be worked out"),
            ("facts read, their hashes and clocks compared", f"{self.position or 0}"),
            ("streams, their facts counted again", f"{self.streams}"),
            ("heads of the log, the tree worked out again", "1"),
            ("facilities derived anew", f"{self.facilities}"),
            *((f"  all that counts if {standing}, SHA-256", digest) for standing, digest in self.derived.items()),
            ("checkpoints compared", f"{self.checkpoints}"),
            ("answers issued, and worked out again", f"{self.answers}"),
            ("answers of other models, not worked out", f"{self.answers_of_other_models}"),
            ("names withheld, their commitments compared", f"{self.names}" if self.names is not None else "not read"),
            ("projections stored (a ledger keeps none)", f"{STORED_PROJECTIONS}"),
            ("answers that would read differently today", f"{len(self.otherwise_today)}"),
            ("differences", f"{len(self.differences)}"),
            *((name, written) for name, written in self.versions.items()),
        ]
        width = max(len(name) for name, _ in rows)
        table = "".join(f"{name:<{width}}  {value}\n" for name, value in rows)
        differences = [f"\n{each}\n" for each in self.differences]
        return "".join([table, *differences, *(f"\n{each.as_text()}" for each in self.otherwise_today)])


def replay(db: str, kept: Kept, progress: Progress) -> Certificate:
    """Work everything in a ledger out again, and compare it with what is stored beside the facts, sealed or handed out.

    `kept` has the checkpoints. Raises StoreUnusable for a ledger that cannot be opened.
    """
    sealed = kept.roots
    with Book.open(db) as book:
        differences = [*kept.unproven, *book.verify(sealed, partial(progress, "Reading and hashing"))]
        try:
            prefix = book.prefix()
            issued = book.issued()
            names, forged = _names(book)
        except StoreUnusable as fault:
            if str(fault) not in differences:
                differences.append(str(fault))
            return Certificate(None, None, 0, 0, {}, len(sealed), 0, 0, None, tuple(differences), ())
    differences += forged
    standings: tuple[Standing, ...] = get_args(Standing)
    today = {standing: Derivation(prefix, standing, None) for standing in standings}
    derived = {}
    for number, standing in enumerate(standings):
        progress("Deriving", number, len(standings))
        derived[standing] = _digest(today[standing])
    own = [answer for answer in issued if not of_another_model(answer)]
    otherwise = []
    for number, answer in enumerate(own):
        progress("Working answers out again", number, len(own))
        again = reread(answer, db)
        if isinstance(again, str):
            differences.append(again)
        elif (differing := otherwise_today(again, today[again.asked.standing])) is not None:
            otherwise.append(differing)
    return Certificate(
        position=prefix.position,
        root=prefix.root,
        streams=len({record.fact.subject for record in prefix.records}),
        facilities=len(today["recited"].timelines),
        derived=derived,
        checkpoints=len(sealed),
        answers=len(own),
        answers_of_other_models=len(issued) - len(own),
        names=names,
        differences=tuple(differences),
        otherwise_today=tuple(otherwise),
    )


def _names(book: Book) -> tuple[int | None, list[str]]:
    """How many names are withheld, unless they are not this user's to read, and what is wrong with what is kept."""
    try:
        return len(book.withheld()), book.verify_names()
    except StoreUnusable as fault:
        if fault.code != "store_forbidden":
            raise
        return None, []


def _digest(derivation: Derivation) -> str:
    """The SHA-256 of what follows from the facts: all findings, all timelines, and the report on the last date."""
    everything: dict[str, Any] = {"findings": [finding.as_json() for finding in derivation.findings]}
    last = max((entry.effective for entry in derivation.history.entries), default=None)
    if last is not None:
        view = View(derivation, last)
        everything["report"] = report(view).as_json()
        for facility in derivation.timelines:
            everything[f"facility {facility}"] = [row.as_json() for row in timeline_rows(view, facility)]
    return sha256(json_text(everything).encode()).hexdigest()
