"""The demonstration: the Lexington record in a ledger of its own, and four questions to it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rich.console import Group
from rich.text import Text

from desk.answers import Explained, Timeline, report_on
from desk.asked import Asked, Posed
from desk.scripts import read_scenario
from desk.tables import explanation_tables, report_tables, timeline_tables, what_if_tables
from ledger.book import Book
from ledger.reading import read
from ledger.records import Prefix
from ledger.rejected import Rejected, StoreUnusable
from projections.answer import Report
from projections.view import View
from scenarios.lexington import record_files, what_if_file
from scenarios.script import Ask

LEDGER = "asof-demo.db"

_SUIT, _SUED_ON = what_if_file("trustee-sues-2001-09-15"), dt.date(2001, 9, 15)


@dataclass(frozen=True)
class Demonstration:
    """Four answers."""

    report: Report
    timeline: Timeline
    what_if: Asked
    explained: Explained

    @classmethod
    def of(cls, now: dt.datetime) -> "Demonstration":
        """The answers from the Lexington record, which is recorded unless it was before; `now` is the clock.

        Raises Rejected (`not_the_demonstration`) and StoreUnusable where the file is something else.
        """
        record = _recorded(now)
        view = View.of(record, dt.date(2002, 11, 15))
        return cls(
            report_on(view, ("congress-lpc", "notes-12-3-4")),
            Timeline.of(view, "cit"),
            Asked.of(read_scenario(_SUIT), Posed(record, "inferred", as_stood=False, ask=Ask(on=(_SUED_ON,)))),
            Explained.of(view.at(dt.date(2001, 11, 1)), "cit", "status"),
        )

    def as_json(self) -> dict[str, Any]:
        """Each answer in the shape of its command."""
        return {
            "report": self.report.as_json(),
            "timeline": self.timeline.as_json(),
            "what_if": self.what_if.as_json(),
            "explain": self.explained.as_json(),
        }


def demonstration_tables(demonstration: Demonstration) -> Group:
    """The four answers, each under the command that gives it, and what to ask next."""
    report, timeline, told = demonstration.report, demonstration.timeline, demonstration.explained.explanation
    only = " ".join(f"--facility {each.facility}" for each in report.facilities)
    return Group(
        Text(f"The Lexington record is in ./{LEDGER}. Four questions to it:"),
        _asked("1  What was the case?", f"report {only} --on {report.as_of}"),
        report_tables(report),
        _asked("2  What was the status over the years?", f"timeline {timeline.facility}"),
        timeline_tables(timeline),
        _asked("3  What if the trustee had sued?", f"what-if {_SUIT.name} --on {_SUED_ON}"),
        what_if_tables(demonstration.what_if),
        _asked("4  Why was that the status?", f"explain {told.facility} {told.what} --on {told.as_of}"),
        explanation_tables(demonstration.explained),
        _asked("Ask next", *_NEXT),
    )


_NEXT = (
    "report --on 2001-08-01 --known 2001-08-05",
    "report --on 2001-08-01 --known 2001-08-14",
    "explain congress-lpc rate --on 2003-01-03",
    "log",
)


def _asked(heading: str, *commands: str) -> Group:
    lines = [Text(f"   $ asof {command} --db {LEDGER}", "cyan") for command in commands]
    return Group(Text(), Text(heading, "bold cyan"), *lines, Text())


def _recorded(now: dt.datetime) -> Prefix:
    """The Lexington record, and nothing else, in its ledger."""
    facts = [each.fact for each in read(record_files())]
    keys = {fact.own_key for fact in facts}
    try:
        with Book.open(f"sqlite:///{LEDGER}", create=True) as book:
            if any(record.fact.own_key not in keys for record in book.prefix().records):
                raise Rejected("not_the_demonstration", f"{LEDGER} is a ledger of other facts.", remedy=_ELSEWHERE)
            book.record(facts, now=now, migrate=True)
            return book.prefix()
    except StoreUnusable as fault:
        raise StoreUnusable(fault.code, fault.asked, remedy=_ELSEWHERE) from None


_ELSEWHERE = f"Move ./{LEDGER} away, or run the demonstration in another directory, where you may write."
