"""The answers of what-ifs: a scenario asked of a ledger, in the shapes that the command line shows."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desk.drawing import Band, Drawing
from desk.drawing.pairs import Pair, pairs
from desk.options import KnownTo, Question, known_prefix
from desk.scripts import Scenario
from ledger.facts import Standing, as_record
from ledger.records import Prefix
from ledger.rejected import Rejected
from projections.view import View
from scenarios import WhatIf
from scenarios.answered import Answered, Checked, line
from scenarios.script import Ask, Expected, Script

_COLUMNS = ("on", "from", "until", "through", "facility", "what", "as_is", "as_would_be")


@dataclass(frozen=True)
class Posed:
    """What is asked for the sake of a scenario: of which prefix, counting which facts, and what of the answer."""

    prefix: Prefix
    standing: Standing
    as_stood: bool
    ask: Ask

    @classmethod
    def of(cls, script: Script, question: Question, said: Iterable[str] = ()) -> "Posed":
        """What a scenario asks of a ledger; what was `said` on the command line, by option, goes before its own words.

        Raises Rejected and StoreUnusable.
        """
        given, said = script.given, set(said)
        known: KnownTo = question.known if "known" in said or given.known is None else given.known
        standing = question.standing if "standing" in said or given.standing is None else given.standing
        as_stood = question.as_stood if "as_stood" in said or given.as_stood is None else given.as_stood
        ask = script.ask or Ask(on=(question.on,))
        if "on" in said:
            ask = Ask(on=(question.on,), facilities=ask.facilities)
        return cls(known_prefix(question.db, known), standing, as_stood, ask)


@dataclass(frozen=True)
class Asked:
    """A scenario with its answer; `checked` where its file says what is expected."""

    script: Script
    answered: Answered
    checked: Checked | None

    @classmethod
    def of(cls, scenario: Scenario, posed: Posed) -> "Asked":
        """The answer. Raises Rejected and RecordFaults, with the places of steps."""
        what_if = WhatIf(posed.prefix, posed.standing, as_stood=posed.as_stood)
        scenario.assume_in(what_if)
        answered, expected = Answered.of(what_if, posed.ask), scenario.script.answer
        return cls(scenario.script, answered, None if expected is None else answered.checked(expected))

    def as_json(self) -> dict[str, Any]:
        """The answer. Where the file asks nothing itself: the comparison on the one date, and what was assumed."""
        assumed = [as_record(record.fact) for record in self.answered.assumed]
        if self.script.ask is None:
            return {**self.answered.comparisons[0].as_json(), "assumed": assumed}
        checked = None if self.checked is None else {"agrees": self.checked.agrees, **_lines(self.checked)}
        return {"question": self.script.question, **self.answered.as_json(), "checked": checked}

    def as_csv(self) -> str:
        """What differs, a row each."""
        written = io.StringIO()
        rows = csv.DictWriter(written, _COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(_plain(row) for row in self.answered.rows)
        return written.getvalue()

    def drawing(self) -> Drawing:
        """The statuses over time as they are and as they would be. Raises Rejected (`no_stretch_of_time`)."""
        over = self.answered.over_time
        if over is None:
            raise Rejected(
                "no_stretch_of_time",
                "A drawing shows a stretch of time, and the scenario asks about none.",
                remedy="Write one under `ask`, such as over: {from: 2001-08-01, through: 2001-12-31}.",
            )
        rows = [
            Pair(name, _bands(over.as_is.view, name), _bands(over.as_would_be.view, name)) for name in over.facilities
        ]
        differing = [row for row in rows if row.differs(over.first, over.last)]
        return pairs("what-if", differing or rows, over.first, over.last)

    def as_answer(self) -> str:
        """What differs as a scenario file writes it under `answer`."""
        lines = "".join(f"  - {line(row)}\n" for row in self.answered.rows)
        return f"answer:\n{lines}" if lines else "answer: []\n"


def _bands(view: View, facility: str) -> tuple[Band, ...]:
    """The statuses of a facility; none where the record does not have it."""
    timeline = view.timelines.get(facility)
    segments = timeline.segments(facility) if timeline is not None else []
    ends = [*(start for start, _ in segments[1:]), None]
    return tuple(Band(start, end, legal) for (start, legal), end in zip(segments, ends, strict=False))


def _plain(row: Expected) -> dict[str, Any]:
    return row.model_dump(mode="json", by_alias=True)


def _lines(checked: Checked) -> dict[str, Any]:
    return {"missing": [_plain(row) for row in checked.missing], "unexpected": [_plain(r) for r in checked.unexpected]}


def expecting(scenario: Scenario) -> Scenario:
    """The same scenario. Raises Rejected (`nothing_expected`) where its file says of no answer that it is expected."""
    if scenario.script.answer is None:
        raise Rejected(
            "nothing_expected",
            "The answer is to be checked, and the scenario does not say which is expected.",
            remedy="Write it under `answer`; --format answer shows it as it is to be written.",
        )
    return scenario
