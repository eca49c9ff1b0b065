"""The report on a date: an overview, then each facility, the offers, the findings."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from desk.answers import Findings
from desk.tables.parts import (
    NOT_STATED,
    Identity,
    blank,
    grid,
    headed,
    heading,
    indented,
    legal_text,
    money,
    percent,
    positions,
    reasons,
    state,
    title,
    view_heading,
    words,
)
from projections.answer import (
    AmendmentAnswer,
    DefaultAnswer,
    ExchangeAnswer,
    FacilityAnswer,
    Finding,
    LineAnswer,
    LoanRate,
    Obligations,
    OfferAnswer,
    RateAnswer,
    RatePart,
    Report,
    WaiverAnswer,
)

_AMOUNTS = {
    "principal": "principal",
    "accrued_interest": "accrued interest",
    "interest_unpaid": "interest due and unpaid",
    "fees": "fees",
    "total": "total",
    "contingent_default_interest": "contingent default interest",
    "interest_per_1000": "interest per 1,000 of principal",
}

_LINE = {
    "commitment": "commitment",
    "unused": "unused",
    "available": "available",
    "excess": "excess",
    "charged_on_excess": "charged on the excess",
}

_LEGEND = (
    "until: the first day after · not stated: the record does not say · inferred: rests on a fact that no paper "
    "states · deemed: rests on a paper executed later, or whose execution is not stated · […]: positions in the log"
)


def report_tables(report: Report) -> Group:
    """A whole report."""
    parts: list[RenderableType] = [_heading(report)]
    if len(report.facilities) > 1:
        parts += [blank(), _overview(report.facilities)]
    for facility in report.facilities:
        parts += [blank(), _facility(facility)]
    parts += [*_offers(report.offers), *_findings(report.findings), blank()]
    parts.append(Text(_LEGEND, "dim") if report.facilities else Text("No facility is in the record, as then known."))
    return Group(*parts)


def show_tables(report: Report) -> Group:
    """A report on one facility, with the facts that it rests on."""
    parts: list[RenderableType] = [_heading(report)]
    for facility in report.facilities:
        parts += [blank(), _facility(facility), blank(), title("Rests on"), indented(reasons(facility.because))]
    parts += [*_offers(report.offers), *_findings(report.findings), blank(), Text(_LEGEND, "dim")]
    return Group(*parts)


def findings_tables(findings: Findings) -> Group:
    """Findings alone."""
    head = view_heading(f"Findings to {findings.view.as_of}", findings.view)
    return Group(head, *(_findings(findings.findings) or [blank(), Text("None.")]))


def _heading(report: Report) -> Group:
    return heading(f"As of {report.as_of}", report.known, report.standing, as_stood=report.as_stood)


def _overview(facilities: Iterable[FacilityAnswer]) -> RenderableType:
    table = headed("facility", "legal", "since", "until", "payment", "rate", keep=("since", "until"))
    for each in facilities:
        table.add_row(
            each.facility,
            legal_text(each.legal),
            str(each.since or ""),
            str(each.until or ""),
            _payment(each),
            _rate_text(each.rate.charged),
        )
    return table


# --- one facility ----------------------------------------------------------------------------------------------------


def _facility(facility: FacilityAnswer) -> RenderableType:
    table = grid("keep", "fold")
    for label, content in _rows(facility):
        table.add_row(Text(label, "dim"), content)
    return Group(title(facility.facility, facility.name), indented(table))


def _rows(facility: FacilityAnswer) -> Iterator[tuple[str, RenderableType]]:
    yield "legal", _legal(facility)
    if facility.legal == "not_open":
        return
    if facility.defaults:
        yield "Defaults", Group(*map(_default, facility.defaults))
    if facility.waivers:
        yield "waivers", Group(*map(_waiver, facility.waivers))
    if facility.amendments:
        yield "amendments", Group(*map(_amendment, facility.amendments))
    yield "payment", Text(_payment(facility) + _past_due(facility))
    yield "rate", Group(*_rate(facility.rate))
    if facility.rates:
        yield "loans", Group(*map(_loan, facility.rates))
    if facility.line is not None:
        yield "line", _figures(facility.line, _LINE)
    yield f"owed, {facility.currency}" if facility.currency else "owed", _figures(facility.obligations, _AMOUNTS)
    if without_a_row := [words(name) for name in facility.not_stated if name not in ("payment", "rate")]:
        yield NOT_STATED, Text(", ".join(without_a_row))


def _legal(facility: FacilityAnswer) -> Text:
    text = legal_text(facility.legal)
    if facility.since is not None:
        text.append(f" since {facility.since}")
    if facility.until is not None:
        text.append(f", until {facility.until}")
    marks = [mark for mark, holds in (("inferred", facility.inferred), ("deemed", facility.deemed)) if holds]
    return text.append(f" · {', '.join(marks)}", "dim") if marks else text


def _default(default: DefaultAnswer) -> RenderableType:
    covered = f" by {', '.join(default.waivers)}" if default.waivers else ""
    cured = f" on {default.cured_on}" if default.cured_on else ""
    since = default.became_event_of_default
    dated = f"Event of Default since {since}" if since else f"arose {default.arose}"
    return Group(Identity(default.default), indented(Text(f"{default.state}{covered}{cured} · {dated}")))


def _waiver(waiver: WaiverAnswer) -> RenderableType:
    told = state(waiver.state)
    if waiver.ended_on is not None:
        by = f" by {waiver.ended_by}" if waiver.ended_by != "date" else ""
        told += f" on {waiver.ended_on}{by}" + (f" · in force from {waiver.from_}" if waiver.from_ else "")
    elif waiver.from_ is not None:
        told += f" from {waiver.from_}" + (f" until {waiver.until}" if waiver.until else "")
    kind = f" · {waiver.kind}" if waiver.kind != "waiver" else ""
    return Group(Text(waiver.waiver), indented(Text(told + kind)))


def _amendment(amendment: AmendmentAnswer) -> RenderableType:
    effect = f"in effect since {amendment.in_effect}" if amendment.in_effect else "not in effect"
    waiting = f", open: {', '.join(amendment.open_conditions)}" if amendment.open_conditions else ""
    return Group(Text(amendment.amendment), indented(Text(f"signed {amendment.signed}, {effect}{waiting}")))


def _payment(facility: FacilityAnswer) -> str:
    return state(facility.payment) if facility.payment is not None else NOT_STATED


def _past_due(facility: FacilityAnswer) -> str:
    owed = facility.obligations
    if not owed.days_past_due:
        return ""
    after = f"{owed.days_past_due_after_grace:,}" if owed.days_past_due_after_grace is not None else NOT_STATED
    return f" · {owed.days_past_due:,} days past due, after grace: {after}"


def _rate(rate: RateAnswer) -> Iterator[Text]:
    made_of = "" if _is_whole(rate.parts) else " = " + " + ".join(map(_part, rate.parts))
    yield Text(f"{_rate_text(rate.charged)}{_option(rate.option)}{made_of}")
    if rate.if_default_rate is not None:
        ground = f"grounds: {', '.join(map(words, rate.grounds))}" if rate.default_rate_available else "no ground holds"
        yield Text(f"{percent(rate.if_default_rate)} under the default formula · {ground}")


def _is_whole(parts: tuple[RatePart, ...]) -> bool:
    return len(parts) <= 1 and all(part.index is None for part in parts)


def _part(part: RatePart) -> str:
    return f"{_rate_text(part.rate)} {part.index or words(part.part)}"


def _loan(loan: LoanRate) -> Text:
    return Text(f"{loan.loan}  {_rate_text(loan.charged)}{_option(loan.option)}")


def _rate_text(rate: Decimal | None) -> str:
    return percent(rate) if rate is not None else NOT_STATED


def _option(option: str | None) -> str:
    return f" ({option})" if option is not None else ""


def _figures(answer: Obligations | LineAnswer, labels: Mapping[str, str]) -> RenderableType:
    table = grid("fold", "right")
    for name, label in labels.items():
        figure = getattr(answer, name)
        if figure is not None:
            table.add_row(label, percent(figure) if name == "charged_on_excess" else money(figure))
    return table


# --- offers and findings ---------------------------------------------------------------------------------------------


def _offers(offers: Iterable[OfferAnswer]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for offer in offers:
        table = grid("keep", "fold")
        table.add_row(Text("state", "dim"), Text(f"{offer.state} · last day {offer.last_day}"))
        table.add_row(Text("exchanges", "dim"), Text(f"{offer.old} for {offer.new}"))
        table.add_row(Text("tendered", "dim"), Text(money(offer.tendered)))
        if offer.minimum_tender is not None:
            met = {True: "met", False: "not met", None: f"whether met is {NOT_STATED}"}[offer.minimum_met]
            table.add_row(Text("minimum", "dim"), Text(f"{percent(offer.minimum_tender)} of the principal · {met}"))
        if offer.exchanged is not None:
            table.add_row(Text("exchanged", "dim"), Text(_exchanged(offer.exchanged)))
        parts += [blank(), title(offer.offer, "exchange offer"), indented(table)]
    return parts


def _exchanged(exchange: ExchangeAnswer) -> str:
    figures = {
        "principal": exchange.principal,
        "accrued interest": exchange.accrued_interest,
        "issued": exchange.issued,
        "cash": exchange.cash,
        "warrant shares": exchange.warrant_shares,
    }
    told = [f"{name} {money(figure)}" for name, figure in figures.items() if figure is not None]
    return " · ".join([str(exchange.on), *told])


def _findings(findings: tuple[Finding, ...]) -> list[RenderableType]:
    if not findings:
        return []
    parts: list[RenderableType] = [blank(), title("Findings", f"{len(findings)}")]
    table = grid("keep", "fold")
    for finding in findings:
        about = f"  {finding.facility}" if finding.facility is not None else ""
        question = Text.assemble(finding.question, " ", positions(finding.facts))
        table.add_row(str(finding.on), Group(Text.assemble((finding.code, "yellow"), about), question))
    return [*parts, indented(table)]
