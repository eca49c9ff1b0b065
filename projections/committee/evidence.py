"""What each figure of a report rests on: facts, documents and clauses."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from projections.answer import Because, FacilityAnswer, Obligations, Report
from projections.changes import ValueKind
from projections.committee.model import Evidence, Paper
from projections.report import FacilityOn
from projections.view import View


def evidence_of(report: Report, facilities: Iterable[FacilityOn]) -> tuple[Evidence, ...]:
    """Every figure that is stated, with the facts behind it."""
    return tuple(_evidence(report, facilities))


def papers_of(view: View, evidence: Iterable[Evidence]) -> tuple[Paper, ...]:
    """The documents that the figures rest on."""
    return tuple(_papers(view, evidence))


def _evidence(report: Report, facilities: Iterable[FacilityOn]) -> Iterator[Evidence]:
    for answer, on in zip(report.facilities, facilities, strict=True):
        if on.is_open:
            yield from _of_facility(answer, on)
    for offer in report.offers:
        yield _figure(None, f"offer {offer.offer}", "status", offer.state, offer.because)


def _of_facility(answer: FacilityAnswer, on: FacilityOn) -> Iterator[Evidence]:
    view, name = on.view, answer.facility
    opening = view.because([on.timeline.world.openings[name].position])
    behind = view.because(position for default in on.defaults for position in on.rests_on(default))
    yield _figure(name, "legal status", "status", answer.legal, behind or opening)
    for default in answer.defaults:
        yield _figure(name, f"Default {default.default}", "status", default.state, default.because)
    for waiver in answer.waivers:
        yield _figure(name, f"{waiver.kind} {waiver.waiver}", "status", waiver.state, waiver.because)
    for amendment in answer.amendments:
        value = "in effect" if amendment.in_effect else "not in effect"
        yield _figure(name, f"amendment {amendment.amendment}", "text", value, amendment.because)
    for part in answer.rate.parts:
        size = None if part.rate is None else format(part.rate, "f")
        yield _figure(name, f"rate: {part.part.replace('_', ' ')}", "rate", size, part.because)
    yield from _of_obligations(answer.obligations, on)


def _of_obligations(owed: Obligations, on: FacilityOn) -> Iterator[Evidence]:
    view = on.view
    interest = view.because(on.books.interest_because(on.owed, view.as_of))
    fees = view.because(position for _, positions in on.owed.fees.values() for position in positions)
    figures: tuple[tuple[str, ValueKind, Decimal | None, Because], ...] = (
        ("principal", "amount", owed.principal, view.because(on.owed.principal_from)),
        ("accrued interest", "amount", owed.accrued_interest, interest),
        ("interest due and unpaid", "amount", owed.interest_unpaid, interest),
        ("fees", "amount", owed.fees, fees),
        ("interest per 1,000 of principal", "per_1000", owed.interest_per_1000, interest),
    )
    for figure, kind, value, because in figures:
        if value is not None and because:
            yield _figure(on.name, figure, kind, format(value, "f"), because)


def _figure(facility: str | None, figure: str, kind: ValueKind, value: str | None, because: Because) -> Evidence:
    return Evidence(facility=facility, figure=figure, kind=kind, value=value, because=because)


def _papers(view: View, evidence: Iterable[Evidence]) -> Iterator[Paper]:
    cited = dict.fromkeys(reason.document for each in evidence for reason in each.because if reason.document)
    for name in sorted(cited):
        filed = view.history.documents.get(name)
        yield Paper(
            document=name,
            title=filed.title if filed is not None else name,
            dated=filed.dated if filed is not None else None,
            executed=filed.executed if filed is not None else None,
            status=filed.status if filed is not None else None,
            sha256=filed.sha256 if filed is not None else None,
        )
