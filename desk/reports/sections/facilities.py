"""The facilities on the date: status, rates with their parts, obligations, totals."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from desk.reports.page import (
    Cell,
    Column,
    Section,
    Table,
    amount,
    count,
    day,
    marks,
    name,
    names,
    not_stated,
    nothing,
    rate,
    status,
    text,
)
from projections import words
from projections.answer import FacilityAnswer
from projections.committee import CommitteeReport


def facilities(report: CommitteeReport) -> Section:
    """Status, rates and obligations of each facility on the date, and the totals."""
    every, deemed = report.facilities, frozenset(report.deemed)
    statuses = Table(
        "facilities",
        "Status on the date",
        (
            Column("facility", "Facility", 6, "name", note_key="name"),
            Column("legal", "Legal status", 4, "status"),
            Column("since", "Since", 3, "day"),
            Column("until", "Until", 3, "day"),
            Column("payment", "Payment", 4),
            Column("days_past_due", "Days past due", 2, "count"),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(_status_row(each, deemed) for each in every),
        "No facility is on record, as far as it was known.",
    )
    opened = [each for each in every if each.legal != "not_open"]
    return Section(
        "facilities",
        "Facilities",
        (),
        (statuses, _rate_table(opened, deemed), _owed_table(opened), _totals(report)),
    )


def _status_row(each: FacilityAnswer, deemed: Collection[int]) -> tuple[Cell, ...]:
    is_open = each.legal != "not_open"
    payment = text(words.PAYMENT[each.payment]) if each.payment is not None else not_stated()
    return (
        name(each.facility, note=each.name, tone="strong"),
        status(each.legal),
        day(each.since),
        day(each.until, none="no change ahead" if is_open else "–"),
        payment if is_open else nothing(),
        count(each.obligations.days_past_due) if is_open else nothing(),
        marks(each.because, deemed),
    )


def _rate_table(opened: Iterable[FacilityAnswer], deemed: Collection[int]) -> Table:
    rows = []
    for each in opened:
        because = tuple(reason for part in each.rate.parts for reason in part.because)
        rows.append(
            (
                name(each.facility, tone="strong"),
                rate(each.rate.charged),
                _made_of(each),
                rate(each.rate.if_default_rate) if _has_default_rate(each) else nothing("none in the terms"),
                names(map(words.plain, each.rate.grounds))
                if each.rate.default_rate_available
                else nothing("none holds"),
                marks(because, deemed),
            )
        )
        rows += [
            (
                name(each.facility, tone="repeated"),
                rate(loan.charged),
                text(f"loan {loan.loan}{f', {loan.option}' if loan.option else ''}"),
                nothing(),
                nothing(),
                nothing(),
            )
            for loan in each.rates
        ]
    return Table(
        "rates",
        "Rates on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("charged", "Charged", 2, "rate"),
            Column("made_of", "Made of", 6),
            Column("if_default_rate", "Under the default formula", 3, "rate"),
            Column("grounds", "Ground for it", 4),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(rows),
        "No facility is open.",
    )


def _has_default_rate(each: FacilityAnswer) -> bool:
    return each.rate.if_default_rate is not None or bool(each.rate.default_rate_available)


def _made_of(each: FacilityAnswer) -> Cell:
    if not each.rate.parts:
        return not_stated()
    parts = [
        f"{words.rate(part.rate) if part.rate is not None else words.NOT_STATED} {part.index or words.plain(part.part)}"
        for part in each.rate.parts
    ]
    return text(" + ".join(parts) + (f" (option {each.rate.option})" if each.rate.option else ""))


_OWED = (
    ("principal", "Principal"),
    ("accrued_interest", "Accrued interest"),
    ("interest_unpaid", "Unpaid interest"),
    ("fees", "Fees"),
)


def _owed_table(opened: Iterable[FacilityAnswer]) -> Table:
    rows = tuple(
        (
            name(each.facility, tone="strong"),
            text(each.currency) if each.currency is not None else not_stated(),
            *(amount(getattr(each.obligations, figure)) for figure, _ in _OWED),
            replace(amount(each.obligations.total), tone="strong"),
            _lacks(each),
            amount(each.obligations.contingent_default_interest),
            _per_1000(each),
        )
        for each in opened
    )
    return Table(
        "obligations",
        "Obligations on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("currency", "Currency", 3),
            *(Column(key, label, 4, "amount") for key, label in _OWED),
            Column("total", "Total", 4, "amount"),
            Column("total_lacks", "The total lacks", 5),
            Column("contingent_default_interest", "Contingent default interest", 3, "amount"),
            Column("interest_per_1000", "Interest per 1,000", 3, "amount"),
        ),
        rows,
        "No facility is open.",
    )


def _lacks(each: FacilityAnswer) -> Cell:
    lacking = [label.lower() for key, label in _OWED if getattr(each.obligations, key) is None]
    return text(words.listed(lacking)) if lacking else nothing("nothing")


def _per_1000(each: FacilityAnswer) -> Cell:
    per_1000 = each.obligations.interest_per_1000
    return amount(per_1000) if per_1000 is None else Cell("amount", per_1000, f"{per_1000:,f}")


def _totals(report: CommitteeReport) -> Table:
    rows = tuple(
        (
            text(total.currency) if total.currency is not None else not_stated(),
            names([words.listed(total.facilities)]),
            amount(total.total),
            amount(total.stated) if len(total.lacks) < 4 * len(total.facilities) and total.stated else nothing(),
            text(words.listed(total.lacks, 4)) if total.lacks else nothing("nothing"),
        )
        for total in report.totals
        if total.currency is not None
    )
    return Table(
        "totals",
        "Totals by currency",
        (
            Column("currency", "Currency", 2),
            Column("facilities", "Facilities", 5),
            Column("total", "Total", 3, "amount"),
            Column("stated", "Stated in full", 3, "amount"),
            Column("lacks", "The total lacks", 6),
        ),
        rows,
        "No total is given: amounts are added up within a currency, and no facility states one.",
    )
