"""A report in sentences: how things stand, what is owed, what changes next, and what the reader should doubt."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ledger.facts.terms import DefaultGround
from projections import words
from projections.answer import Answer, FacilityAnswer, Figure, Payment, Report, TimelineRow
from projections.states import Legal

_FROM_THE_WORST: tuple[Legal, ...] = (
    "accelerated",
    "event_of_default",
    "forborne",
    "default",
    "waived",
    "no_default",
    "closed",
)

_STANDS: Mapping[Legal, tuple[str, str]] = {
    "accelerated": ("has been made due", "have been made due"),
    "event_of_default": ("has an Event of Default that nothing covers", "have Events of Default that nothing covers"),
    "forborne": ("has an Event of Default under forbearance", "have Events of Default under forbearance"),
    "default": ("has a Default in its grace", "have Defaults in their grace"),
    "waived": ("has Defaults, each of them waived", "have Defaults, each of them waived"),
    "no_default": ("has no Default that counts", "have no Default that counts"),
    "closed": ("is closed", "are closed"),
}

_DAY = "day"
_PARTS = ("principal", "accrued_interest", "interest_unpaid", "fees")


class Total(Answer):
    """What the facilities of one currency owe together. `total` is None where a part is not stated; `lacks` says which.

    `stated` adds up the facilities whose totals are stated, None where none is. A currency of None is one that the
    record does not state; facilities of that kind are never added up.
    """

    currency: str | None
    facilities: tuple[str, ...]
    stated: Figure | None
    total: Figure | None
    lacks: tuple[str, ...]


def totals(report: Report) -> tuple[Total, ...]:
    """What is owed, by currency; each facility whose currency is not stated by itself."""
    together: dict[tuple[str | None, str], list[FacilityAnswer]] = defaultdict(list)
    for facility in report.facilities:
        if facility.legal != "not_open":
            alone = "" if facility.currency is not None else facility.facility
            together[facility.currency, alone].append(facility)
    return tuple(_total(currency, facilities) for (currency, _), facilities in together.items())


def _total(currency: str | None, facilities: list[FacilityAnswer]) -> Total:
    known = [each.obligations.total for each in facilities if each.obligations.total is not None]
    lacks = tuple(
        f"{part.replace('_', ' ')} of {each.facility}"
        for each in facilities
        for part in _PARTS
        if getattr(each.obligations, part) is None
    )
    stated = sum(known, Decimal(0)) if known else None
    names = tuple(each.facility for each in facilities)
    return Total(currency=currency, facilities=names, stated=stated, total=None if lacks else stated, lacks=lacks)


def summary(report: Report, ahead: Mapping[str, Sequence[TimelineRow]]) -> tuple[str, ...]:
    """The report in sentences. `ahead` gives for each facility its statuses after the date if nothing happens."""
    there = [facility for facility in report.facilities if facility.legal != "not_open"]
    if not there:
        return (f"On {words.day(report.as_of)} nothing is on record, as far as it was known.",)
    return (
        *_standing(there),
        *_next(ahead),
        *_payments(there),
        *_owed(report),
        *_default_rates(there),
        *_doubts(report, there),
    )


def _standing(there: list[FacilityAnswer]) -> Iterator[str]:
    """How each facility stands, the worst first, those of one status and one date together."""
    together: dict[tuple[Legal, dt.date | None], list[str]] = defaultdict(list)
    for each in there:
        since = None if each.legal == "no_default" else each.since
        together[each.legal, since].append(each.facility)
    in_order = sorted(together.items(), key=lambda item: (_FROM_THE_WORST.index(item[0][0]), item[0][1] or dt.date.min))
    for (legal, since), names in in_order:
        one, many = _STANDS[legal]
        dated = f", since {words.day(since)}" if since is not None else ""
        yield f"{words.listed(names)} {one if len(names) == 1 else many}{dated}."


def _next(ahead: Mapping[str, Sequence[TimelineRow]]) -> Iterator[str]:
    """What changes next if nothing happens."""
    first = {name: rows[0] for name, rows in ahead.items() if rows}
    if not first:
        yield "If nothing further happens, no status changes."
        return
    day = min(row.from_ for row in first.values())
    together: dict[Legal, list[str]] = defaultdict(list)
    for name, row in first.items():
        if row.from_ == day:
            together[row.legal].append(name)
    turns = [
        f"{words.listed(names)} {'turns' if len(names) == 1 else 'turn'} to {words.LEGAL[legal]}"
        for legal, names in together.items()
    ]
    yield f"If nothing further happens, the next change is on {words.day(day)}: {', '.join(turns)}."


def _payments(there: list[FacilityAnswer]) -> Iterator[str]:
    late: dict[tuple[Payment | None, int | None], list[str]] = defaultdict(list)
    for each in there:
        if each.payment in ("past_due", "matured_unpaid"):
            late[each.payment, each.obligations.days_past_due].append(each.facility)
    for (payment, days), names in sorted(late.items(), key=lambda item: -(item[0][1] or 0)):
        one = len(names) == 1
        matured = f"matured and {'is' if one else 'are'} unpaid"
        what = matured if payment == "matured_unpaid" else f"{'has' if one else 'have'} a payment past due"
        yield f"{words.listed(names)} {what}{'' if days is None else f', for {words.count(days, _DAY)}'}."
    unknown = [each.facility for each in there if each.payment is None]
    if unknown:
        yield f"Whether payments are current is not stated for {words.listed(unknown)}."


def _owed(report: Report) -> Iterator[str]:
    every = totals(report)
    for each in every:
        named = each.currency is not None
        of = "" if named or len(each.facilities) != 1 else f" on {each.facilities[0]}"
        if each.total is not None:
            currency = "" if named else "; the currency is not stated"
            yield f"{words.amount(each.total, each.currency)} is owed in all{of}{currency}."
        elif named:
            rest = (
                f" What is stated in full comes to {words.amount(each.stated, each.currency)}."
                if each.stated is not None
                else ""
            )
            yield f"The total owed in {each.currency} is not stated: it lacks {words.listed(each.lacks, 3)}.{rest}"
    unknown = [each.facilities[0] for each in every if each.currency is None and each.total is None]
    if unknown:
        yield f"What is owed is not stated in full for {words.listed(unknown)}."


def _default_rates(there: list[FacilityAnswer]) -> Iterator[str]:
    """Where the default rate could be charged and is not."""
    together: dict[tuple[Decimal, Decimal | None, tuple[DefaultGround, ...]], list[str]] = defaultdict(list)
    for each in there:
        rate = each.rate
        if rate.default_rate_available and rate.if_default_rate is not None and rate.charged != rate.if_default_rate:
            together[rate.if_default_rate, rate.charged, rate.grounds].append(each.facility)
    for (higher, charged, grounds), names in together.items():
        is_charged = words.rate(charged) if charged is not None else words.NOT_STATED
        yield (
            f"A ground for the default rate of {words.rate(higher)} holds on {words.listed(names)} "
            f"({words.listed(map(words.ground, grounds))}); the rate charged is {is_charged}."
        )


def _doubts(report: Report, there: list[FacilityAnswer]) -> Iterator[str]:
    inferred = [each.facility for each in there if each.inferred]
    deemed = [each.facility for each in there if each.deemed]
    if inferred:
        yield f"The answers on {words.listed(inferred)} rest on facts that no paper states."
    if deemed:
        names = words.listed(deemed)
        yield f"Those on {names} rest on a paper executed after the date, or whose execution is not stated."
    if report.findings:
        open_ones = words.count(len(report.findings), "question about the record is", "questions about the record are")
        yield f"{open_ones} open."
