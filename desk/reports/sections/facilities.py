"""The facilities on the date: who owes whom, status, rates with their parts, obligations, totals."""

from collections.abc import Sequence
from dataclasses import replace

from desk.reports.page import (
    Cell,
    Column,
    Section,
    Table,
    amount,
    count,
    currency,
    day,
    day_stated,
    marks,
    name,
    names,
    not_stated,
    nothing,
    per_1000,
    rate,
    status,
    text,
)
from projections import words
from projections.answer import FacilityAnswer
from projections.committee import CommitteeReport


def facilities(report: CommitteeReport) -> Section:
    """Status, parties, rates and obligations of each facility on the date, and the totals."""
    opened = [each for each in report.facilities if each.legal != "not_open"]
    tables = (
        _statuses(report),
        _rates(opened, report),
        _obligations(opened, report),
        _lines(opened),
        _totals(report),
        _particulars(report),
    )
    return Section("facilities", "Facilities", (), tables)


def _statuses(report: CommitteeReport) -> Table:
    return Table(
        "facilities",
        "Status on the date",
        (
            Column("facility", "Facility", 7, "name", note_key="name"),
            Column("legal", "Legal status", 4, "status"),
            Column("since", "Since", 3, "day"),
            Column("until", "Until", 3, "day"),
            Column("payment", "Payment", 4),
            Column("days_past_due", "Days past due", 3, "count"),
            Column("days_past_due_after_grace", "After grace", 3, "count"),
            Column("standing", "Rests on", 4, "marks"),
        ),
        tuple(_status_row(each, report) for each in report.facilities),
        "No facility is on record, as far as it was known.",
    )


def _status_row(each: FacilityAnswer, report: CommitteeReport) -> tuple[Cell, ...]:
    is_open = each.legal != "not_open"
    payment = text(words.PAYMENT[each.payment]) if each.payment is not None else not_stated()
    return (
        name(each.facility, note=each.name, tone="strong"),
        status(each.legal),
        day(each.since),
        day(each.until, none="no change ahead" if is_open else "–"),
        payment if is_open else nothing(),
        count(each.obligations.days_past_due) if is_open else nothing(),
        count(each.obligations.days_past_due_after_grace) if is_open else nothing(),
        marks(each.because, report),
    )


# --- rates -----------------------------------------------------------------------------------------------------------


def _rates(opened: Sequence[FacilityAnswer], report: CommitteeReport) -> Table:
    return Table(
        "rates",
        "Rates on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("charged", "Charged", 2, "rate"),
            Column("made_of", "Made of", 8),
            Column("if_default_rate", "Under the default formula", 3, "rate"),
            Column("grounds", "Ground for it", 4),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(row for each in opened for row in _rate_rows(each, report)),
        "No facility is open.",
    )


def _rate_rows(each: FacilityAnswer, report: CommitteeReport) -> list[tuple[Cell, ...]]:
    because = tuple(reason for part in each.rate.parts for reason in part.because)
    charged = (
        name(each.facility, tone="strong"),
        rate(each.rate.charged),
        _made_of(each),
        *_under_the_default_formula(each),
        marks(because, report),
    )
    loans = [
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
    return [charged, *loans]


def _under_the_default_formula(each: FacilityAnswer) -> tuple[Cell, Cell]:
    """The rate, and the ground for it; where no rate is on record, what the terms say of default is not stated."""
    if each.rate.if_default_rate is None and not each.rate.default_rate_available:
        return (nothing("none in the terms"), nothing()) if each.rate.parts else (not_stated("rate"), not_stated())
    holds = names(map(words.ground, each.rate.grounds)) if each.rate.grounds else nothing("none holds")
    return rate(each.rate.if_default_rate), holds


def _made_of(each: FacilityAnswer) -> Cell:
    if not each.rate.parts:
        return not_stated()
    parts = [
        f"{words.rate(part.rate) if part.rate is not None else words.NOT_STATED} {part.index or words.plain(part.part)}"
        for part in each.rate.parts
    ]
    return text(" + ".join(parts) + (f" (option {each.rate.option})" if each.rate.option else ""))


# --- obligations -----------------------------------------------------------------------------------------------------

_OWED = (
    ("principal", "Principal"),
    ("accrued_interest", "Accrued interest"),
    ("interest_unpaid", "Unpaid interest"),
    ("fees", "Fees"),
)


def _obligations(opened: Sequence[FacilityAnswer], report: CommitteeReport) -> Table:
    return Table(
        "obligations",
        "Obligations on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("currency", "Currency", 3),
            *(Column(key, label, 3 if key == "fees" else 4, "amount") for key, label in _OWED),
            Column("total", "Total", 4, "amount"),
            Column("total_lacks", "The total lacks", 6),
            Column("contingent_default_interest", "Contingent default interest", 3, "amount"),
            Column("interest_per_1000", "Interest per 1,000", 3, "amount"),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(_owed_row(each, report) for each in opened),
        "No facility is open.",
    )


def _owed_row(each: FacilityAnswer, report: CommitteeReport) -> tuple[Cell, ...]:
    owed = each.obligations
    lacking = [label.lower() for key, label in _OWED if getattr(owed, key) is None]
    return (
        name(each.facility, tone="strong"),
        currency(each.currency),
        *(amount(getattr(owed, figure), each.currency) for figure, _ in _OWED),
        replace(amount(owed.total, each.currency), tone="strong"),
        text(words.listed(lacking)) if lacking else nothing("nothing"),
        amount(owed.contingent_default_interest, each.currency),
        per_1000(owed.interest_per_1000),
        marks(owed.because, report),
    )


_MAY_BE_BORROWED = (
    ("commitment", "Commitment"),
    ("unused", "Unused"),
    ("available", "Available"),
    ("excess", "Excess outstanding"),
)


def _lines(opened: Sequence[FacilityAnswer]) -> Table:
    return Table(
        "lines",
        "What may be borrowed on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("currency", "Currency", 3),
            *(Column(key, label, 4, "amount") for key, label in _MAY_BE_BORROWED),
            Column("charged_on_excess", "Rate on the excess", 3, "rate"),
        ),
        tuple(
            (
                name(each.facility, tone="strong"),
                currency(each.currency),
                *(amount(getattr(each.line, figure), each.currency) for figure, _ in _MAY_BE_BORROWED),
                nothing("that of the whole")
                if each.line.charged_on_excess is None
                else rate(each.line.charged_on_excess),
            )
            for each in opened
            if each.line is not None
        ),
        "No facility is a line whose commitment or availability is stated.",
    )


def _totals(report: CommitteeReport) -> Table:
    rows = tuple(
        (
            currency(total.currency),
            names([words.listed(total.facilities)]),
            amount(total.total, total.currency),
            amount(total.stated, total.currency),
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


# --- parties and terms -----------------------------------------------------------------------------------------------

_KINDS = {"revolver": "revolver", "term_loan": "term loan", "notes": "notes"}


def _particulars(report: CommitteeReport) -> Table:
    rows = tuple(
        (
            name(each.facility, tone="strong"),
            text(_KINDS[each.kind]) if each.kind is not None else not_stated(),
            _parties(each.borrowers),
            _parties(each.creditors),
            _parties((each.trustee,) if each.trustee else ()),
            _parties(each.guarantors),
            day_stated(each.agreement_date),
            day_stated(each.matures),
            day_stated(each.term_ends),
            amount(each.commitment, report.currencies[each.facility]),
            marks(each.because, report),
        )
        for each in report.particulars
    )
    return Table(
        "particulars",
        "Parties and terms",
        (
            Column("facility", "Facility", 4, "name"),
            Column("kind", "Kind", 3),
            Column("borrowers", "Borrowers", 4),
            Column("creditors", "Lenders or holders", 4),
            Column("trustee", "Trustee", 3),
            Column("guarantors", "Guarantors", 3),
            Column("agreement_date", "Agreement", 3, "day"),
            Column("matures", "Matures", 3, "day"),
            Column("term_ends", "Term ends", 3, "day"),
            Column("commitment", "Commitment", 3, "amount"),
            Column("standing", "Rests on", 3, "marks"),
        ),
        rows,
        "No facility is open.",
    )


def _parties(parties: Sequence[str]) -> Cell:
    return text(words.listed(parties, 12)) if parties else not_stated()
