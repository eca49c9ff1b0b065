"""Questions to put to a record: on a day, around a day, on several days; of a status, a rate, a finding.

`given(record).when(around("2001-02-01", legal("notes")))` asks on the day before, the day, and the day after.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from ledger.facts import Standing
from ledger.records import Prefix
from projections.answer import FacilityAnswer, Finding, OfferAnswer, WaiverAnswer
from projections.report import report
from projections.view import View
from tests.spec import Log

Value = TypeVar("Value")
Question = Callable[[View], Value]
A_DAY = dt.timedelta(days=1)


def prefix(log: Log) -> Prefix:
    """A log that no store sealed."""
    return Prefix(log, root=bytes(32))


def view(
    log: Log, day: str, *, standing: Standing = "inferred", as_stood: bool = False, known: int | None = None
) -> View:
    """A log, or its first facts, seen on a day."""
    return View.of(prefix(log[:known]), dt.date.fromisoformat(day), standing=standing, as_stood=as_stood)


# --- when ------------------------------------------------------------------------------------------------------------


def on(day: str, question: Question[Value], **dials: Any) -> Callable[[Log], Value]:
    """The answer on a day; `standing`, `as_stood` and `known` (a position) as in `view`."""
    return lambda log: question(view(log, day, **dials))


def around(day: str, question: Question[Value], **dials: Any) -> Callable[[Log], tuple[Value, Value, Value]]:
    """The answers on the day before, the day, and the day after."""

    def asked(log: Log) -> tuple[Value, Value, Value]:
        seen = view(log, day, **dials)
        before, after = seen.at(seen.as_of - A_DAY), seen.at(seen.as_of + A_DAY)
        return question(before), question(seen), question(after)

    return asked


def on_days(question: Question[Value], *days: str, **dials: Any) -> Callable[[Log], dict[str, Value]]:
    """The answers on several days, by day."""

    def asked(log: Log) -> dict[str, Value]:
        seen = view(log, days[0], **dials)
        return {day: question(seen.at(dt.date.fromisoformat(day))) for day in days}

    return asked


# --- what ------------------------------------------------------------------------------------------------------------


def facility(name: str) -> Question[FacilityAnswer]:
    """The whole answer about a facility."""
    return lambda seen: report(seen, [name]).facility(name)


def legal(name: str) -> Question[str]:
    """The legal status of a facility."""
    return lambda seen: seen.timelines[name].on(seen.as_of).legal[name]


def payment(name: str) -> Question[str | None]:
    """The payment status of a facility."""
    return lambda seen: facility(name)(seen).payment


def defaults(name: str) -> Question[dict[str, str]]:
    """The state of each Default of a facility, by its identity."""
    return lambda seen: {each.default: each.state for each in facility(name)(seen).defaults}


def waivers(name: str) -> Question[list[WaiverAnswer]]:
    """The waivers and forbearances of a facility."""
    return lambda seen: list(facility(name)(seen).waivers)


def waiver(name: str) -> Question[str]:
    """The state of a waiver or forbearance: the latest grant of that name."""

    def asked(seen: View) -> str:
        grants = {
            state.granted.name: state
            for timeline in seen.timelines.values()
            for state in timeline.on(seen.as_of).grants
        }
        return grants[name].state

    return asked


def ended(name: str) -> Question[tuple[str | None, str | None]]:
    """The first day on which a waiver was not in force, and what ended it."""

    def asked(seen: View) -> tuple[str | None, str | None]:
        (found,) = [each for answer in report(seen).facilities for each in answer.waivers if each.waiver == name]
        return (found.ended_on.isoformat() if found.ended_on else None, found.ended_by)

    return asked


def in_effect(amendment: str) -> Question[str | None]:
    """Since when an amendment is in effect; None where it is not, or is not signed yet."""

    def asked(seen: View) -> str | None:
        signed = [each for answer in report(seen).facilities for each in answer.amendments]
        since = next((each.in_effect for each in signed if each.amendment == amendment), None)
        return since.isoformat() if since else None

    return asked


def rate(name: str) -> Question[str | None]:
    """The rate charged, as text."""
    return lambda seen: _text(facility(name)(seen).rate.charged)


def owed(name: str, *what: str) -> Question[tuple[str | None, ...]]:
    """Figures of a facility's obligations, as text."""

    def asked(seen: View) -> tuple[str | None, ...]:
        obligations = facility(name)(seen).obligations
        return tuple(_text(getattr(obligations, each)) for each in what)

    return asked


def offer(name: str) -> Question[OfferAnswer]:
    """The answer about an exchange offer."""

    def asked(seen: View) -> OfferAnswer:
        (found,) = [each for each in report(seen).offers if each.offer == name]
        return found

    return asked


def findings(*codes: str) -> Question[list[Finding]]:
    """The findings dated on or before the day: of these codes, or all."""
    return lambda seen: [each for each in seen.findings if not codes or each.code in codes]


def _text(figure: Decimal | int | None) -> str | None:
    return None if figure is None else format(Decimal(figure), "f")
