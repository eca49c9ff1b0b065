"""The answers of what-ifs: a scenario asked of a ledger, in the shapes that the command line shows."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from desk.drawing import Drawing
from desk.drawing.covers import cover_drawing
from desk.drawing.falls import fall_drawing
from desk.drawing.pairs import Pair, Span, pairs
from desk.options import KnownTo, Question, known_prefix
from desk.scripts import Scenario, read_scenario
from ledger.book import Book
from ledger.facts import Standing, as_record
from ledger.reading import read
from ledger.records import Prefix
from ledger.rejected import Rejected
from projections import words
from projections.view import View
from scenarios import WhatIf
from scenarios.answered import Answered, Checked, line
from scenarios.lexington import GALLERY, gallery_file, record_files
from scenarios.over_time import OverTime
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
    def of(
        cls,
        script: Script,
        question: Question,
        said: Iterable[str] = (),
        prefix: Callable[[KnownTo], Prefix] | None = None,
    ) -> "Posed":
        """What a scenario asks; what was `said` on the command line, by option, goes before its own words.

        It is asked of the question's ledger, or of another's `prefix`. Raises Rejected and StoreUnusable.
        """
        given, said = script.given, set(said)
        known: KnownTo = question.known if "known" in said or given.known is None else given.known
        standing = question.standing if "standing" in said or given.standing is None else given.standing
        as_stood = question.as_stood if "as_stood" in said or given.as_stood is None else given.as_stood
        ask = script.ask or Ask(on=(question.on,))
        if "on" in said:
            ask = Ask(on=(question.on,), facilities=ask.facilities)
        known_then = known_prefix(question.db, known) if prefix is None else prefix(known)
        return cls(known_then, standing, as_stood, ask)


@dataclass(frozen=True)
class Asked:
    """A scenario with its answer; `checked` where its file says what is expected."""

    script: Script
    answered: Answered
    checked: Checked | None

    @classmethod
    def of(cls, scenario: Scenario, posed: Posed) -> "Asked":
        """The answer. Raises Rejected and RecordFaults, with the places of steps."""
        what_if = assumed(scenario, posed)
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
        """Statuses and rates over time as they are and as they would be; else the first fall found, or the first cover.

        Raises Rejected (`no_stretch_of_time`, `nothing_brings_down`).
        """
        over = self.answered.over_time
        if over is None and self.answered.downfalls:
            return fall_drawing("what-if", self.answered.downfalls[0].way().fall)
        if over is None and self.answered.covers:
            seen = self.answered.comparisons[0].as_would_be
            legal = {each.facility: each.legal for each in seen.facilities}
            return cover_drawing("what-if", self.answered.covers[0], legal)
        if over is None:
            raise Rejected(
                "no_stretch_of_time",
                "A drawing shows a stretch of time, and the scenario asks about none.",
                remedy="Write one under `ask`, such as over: {from: 2001-08-01, through: 2001-12-31}.",
            )
        statuses = [
            Pair(name, _statuses(over.as_is.view, name), _statuses(over.as_would_be.view, name))
            for name in over.facilities
        ]
        rows = [*statuses, *(_rates(over, name) for name in over.facilities)]
        differing = [row for row in rows if row.differs(over.first, over.last)]
        return pairs("what-if", differing or statuses, over.first, over.last)

    def as_answer(self) -> str:
        """What differs as a scenario file writes it under `answer`."""
        lines = "".join(f"  - {line(row)}\n" for row in self.answered.rows)
        return f"answer:\n{lines}" if lines else "answer: []\n"


def _statuses(view: View, facility: str) -> tuple[Span, ...]:
    """The statuses of a facility; none where the record does not have it."""
    timeline = view.timelines.get(facility)
    segments = timeline.segments(facility) if timeline is not None else []
    ends = [*(start for start, _ in segments[1:]), None]
    return tuple(Span.of(legal, start, end) for (start, legal), end in zip(segments, ends, strict=False))


def _rates(over: OverTime, facility: str) -> Pair:
    """The rate charged on a facility."""
    course = over.course(facility, "rate charged")
    ends = [*(day for day, _ in course[1:]), None]
    sides = (
        tuple(
            Span(day, end, words.NOT_STATED if pair[side] is None else words.rate(Decimal(pair[side])))
            for (day, pair), end in zip(course, ends, strict=True)
        )
        for side in (0, 1)
    )
    return Pair(f"{facility}, rate charged", *sides)


def _plain(row: Expected) -> dict[str, Any]:
    return row.model_dump(mode="json", by_alias=True)


def _lines(checked: Checked) -> dict[str, Any]:
    return {"missing": [_plain(row) for row in checked.missing], "unexpected": [_plain(r) for r in checked.unexpected]}


def assumed(scenario: Scenario, posed: Posed) -> WhatIf:
    """What a scenario assumes on top of what is known. Raises Rejected and RecordFaults, with the places of steps."""
    what_if = WhatIf(posed.prefix, posed.standing, as_stood=posed.as_stood)
    scenario.assume_in(what_if)
    return what_if


def in_gallery(name: str, now: dt.datetime) -> Asked:
    """A question of the gallery, by its name or number, put to the Lexington record; `now` is the clock.

    Raises Rejected (`not_in_gallery`).
    """
    number = int(name) if name.isdecimal() else 0
    if name not in GALLERY and not 1 <= number <= len(GALLERY):
        raise Rejected(
            "not_in_gallery",
            f"The gallery is asked for {name}.",
            remedy=f"Write {' or '.join(get_close_matches(name, GALLERY) or GALLERY)}, or a number to {len(GALLERY)}.",
        )
    scenario = read_scenario(gallery_file(GALLERY[number - 1] if number else name))
    with Book.open("sqlite://", create=True) as book:
        book.record((each.fact for each in read(record_files())), now=now, migrate=True)
        question = Question("", now.date(), None, "inferred", as_stood=False)
        return Asked.of(scenario, Posed.of(scenario.script, question, prefix=book.prefix))


def expecting(scenario: Scenario) -> Scenario:
    """The same scenario. Raises Rejected (`nothing_expected`) where its file says of no answer that it is expected."""
    if scenario.script.answer is None:
        raise Rejected(
            "nothing_expected",
            "The answer is to be checked, and the scenario does not say which is expected.",
            remedy="Write it under `answer`; --format answer shows it as it is to be written.",
        )
    return scenario
