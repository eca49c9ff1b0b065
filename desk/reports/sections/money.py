"""Rates over time, obligations by due date, exchange offers."""

from desk.drawing import Panel, Step, steps
from desk.reports.page import (
    RESTS_ON,
    Cell,
    Column,
    Figure,
    Section,
    Table,
    amount,
    currency,
    day,
    name,
    not_stated,
    nothing,
    rate,
    rests_on,
    text,
)
from desk.reports.sections.common import chunks, numbered
from projections.answer import ExchangeAnswer
from projections.committee import CommitteeReport, DueDate, RateStretch

_PANELS_A_DRAWING = 6


def rates(report: CommitteeReport) -> Section:
    """How each rate went up to the date."""
    panels = [
        Panel(
            each.facility,
            tuple(
                Step(one.from_, one.charged, one.if_default_rate, report.marks(one.because)) for one in each.stretches
            ),
        )
        for each in report.rates_over_time
        if len(each.stretches) > 1 and any(one.charged is not None for one in each.stretches)
    ]
    drawings = [
        Figure(numbered("Rates that changed", index, len(panels), _PANELS_A_DRAWING), drawing)
        for index, drawing in enumerate(
            steps(f"rates-{index}", chunk, report.as_of)
            for index, chunk in enumerate(chunks(panels, _PANELS_A_DRAWING))
        )
    ]
    table = Table(
        "rates_over_time",
        "Each rate up to the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("from", "From", 3, "day"),
            Column("until", "Until", 3, "day"),
            Column("charged", "Charged", 2, "rate"),
            Column("if_default_rate", "Under the default formula", 3, "rate"),
            Column("ground", "A ground for it", 2),
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.facility, tone="strong" if index == 0 else "repeated"),
                day(one.from_),
                day(one.until, none="the date"),
                rate(one.charged),
                *_under_the_default_formula(one),
                *rests_on(one.because, report),
            )
            for each in report.rates_over_time
            for index, one in enumerate(each.stretches)
        ),
        "No facility is open.",
    )
    return Section("rates_over_time", "Rates over time", (), (*drawings, table))


def _under_the_default_formula(one: RateStretch) -> tuple[Cell, Cell]:
    """The rate, and whether a ground for it holds; where no rate is on record, neither is stated."""
    if one.if_default_rate is None and not one.default_rate_available:
        return (nothing(), nothing()) if one.because else (not_stated("rate"), not_stated())
    return rate(one.if_default_rate), text("holds") if one.default_rate_available else nothing("none")


_DUE = {"interest": "interest", "principal": "principal", "fee": "fee", "term": "end of the term"}
_DUE_STATES = {
    "paid": "paid",
    "missed": "not paid",
    "silent": "neither payment nor failure recorded",
    "owed": "earned, not settled",
    "ahead": "ahead",
}


def due_dates(report: CommitteeReport) -> Section:
    """What fell due and what falls due, by date."""
    table = Table(
        "due_dates",
        "By due date",
        (
            Column("on", "Date", 2, "day"),
            Column("facility", "Facility", 4, "name"),
            Column("kind", "What", 3),
            Column("currency", "Currency", 2),
            Column("owed", "Still owed", 3, "amount"),
            Column("state", "State", 5),
            Column("paid_on", "Paid on", 2, "day"),
            *RESTS_ON,
        ),
        tuple(
            (
                day(each.on),
                name(each.facility, tone="strong"),
                text(_DUE[each.kind]),
                currency(report.currencies[each.facility]),
                _still_owed(each, report.currencies[each.facility]),
                text(
                    "the term has ended" if each.kind == "term" and each.state == "silent" else _DUE_STATES[each.state]
                ),
                day(each.paid_on),
                *rests_on(each.because, report),
            )
            for each in report.due_dates
        ),
        "No due date is on record.",
    )
    return Section("due_dates", "Obligations by due date", (), (table,))


def _still_owed(due: DueDate, currency: str | None) -> Cell:
    if due.kind == "term":
        return nothing()
    return nothing("accruing") if (due.kind, due.state) == ("interest", "ahead") else amount(due.owed, currency)


def offers(report: CommitteeReport) -> Section:
    """The exchange offers launched by the date."""
    table = Table(
        "offers",
        "Exchange offers",
        (
            Column("offer", "Offer", 4, "name"),
            Column("old", "Old notes", 3, "name"),
            Column("new", "New notes", 3, "name"),
            Column("state", "State", 2),
            Column("last_day", "Last day", 3, "day"),
            Column("currency", "Currency", 2),
            Column("tendered", "Tendered", 3, "amount"),
            Column("fraction", "Of the principal", 2, "rate"),
            Column("minimum_tender", "Minimum", 2, "rate"),
            Column("minimum_met", "Met", 2),
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.offer, tone="strong"),
                name(each.old),
                name(each.new),
                text(each.state),
                day(each.last_day),
                currency(report.currencies.get(each.old)),
                amount(each.tendered, report.currencies.get(each.old)),
                rate(each.fraction),
                rate(each.minimum_tender),
                not_stated() if each.minimum_met is None else text("yes" if each.minimum_met else "no"),
                *rests_on(each.because, report),
            )
            for each in report.offers
        ),
        "No exchange offer is on record.",
    )
    return Section("offers", "Offers", (), (table, _exchanged(report)))


def _exchanged(report: CommitteeReport) -> Table:
    """What the offers that were consummated exchanged: in the currency of the old notes, and of the new ones."""
    return Table(
        "exchanges",
        "What was exchanged",
        (
            Column("offer", "Offer", 4, "name"),
            Column("on", "Consummated", 3, "day"),
            Column("old_currency", "Currency", 2),
            Column("principal", "Old principal", 3, "amount"),
            Column("accrued_interest", "Interest on it", 3, "amount"),
            Column("new_currency", "Currency", 2),
            Column("issued", "New principal", 3, "amount"),
            Column("cash", "In cash", 3, "amount"),
            Column("warrant_shares", "Warrant shares", 2),
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.offer, tone="strong"),
                day(done.on),
                currency(report.currencies.get(each.old)),
                amount(done.principal, report.currencies.get(each.old)),
                amount(done.accrued_interest, report.currencies.get(each.old)),
                currency(report.currencies.get(each.new)),
                amount(done.issued, report.currencies.get(each.new)),
                _part(done, None if done.cash is None else amount(done.cash, report.currencies.get(each.new))),
                _part(done, None if done.warrant_shares is None else text(f"{done.warrant_shares:f}")),
                *rests_on(each.because, report),
            )
            for each in report.offers
            if (done := each.exchanged) is not None
        ),
        "No offer was consummated.",
    )


def _part(exchange: ExchangeAnswer, cell: Cell | None) -> Cell:
    """A part of what was exchanged; without one, the offer has none, unless nothing says how much was exchanged."""
    if cell is not None:
        return cell
    return not_stated() if exchange.principal is None else nothing("none")
