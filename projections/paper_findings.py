"""Findings about what papers say: statements that do not hold, pointers to what is not there, corrections, offers."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from ledger.facts import (
    AmendmentSigned,
    CureAccepted,
    CureNotified,
    CureTendered,
    DefaultDeclared,
    DocumentFiled,
    OfferConsummated,
    OfferExtended,
    OfferLaunched,
    ReadingAdopted,
    RepresentationMade,
)
from ledger.facts.amendments import ClauseDeleted, CovenantDeleted
from ledger.facts.base import Fact
from ledger.facts.waivers import DefaultsCovered, Grant
from projections.answer import Finding
from projections.exchanges import last_day
from projections.history import History
from projections.money_findings import exchange_findings
from projections.offers import Outstanding, offer_on
from projections.timeline import Timeline, answered_on, holds

_A_DAY = dt.timedelta(days=1)


def ledger_findings(history: History, outstanding: Outstanding) -> list[Finding]:
    """What is found beside the groups: pointers within papers, facts that lapsed with a correction, and offers."""
    papers = (*_dependant_lapsed(history), *_paragraph_missing(history))
    offers = (*_minimum_unmet(history, outstanding), *_deadline_conflict(history, outstanding))
    return [*papers, *offers, *exchange_findings(history)]


def listed(names: Iterable[object]) -> str:
    """Names in a row, each once."""
    return ", ".join(dict.fromkeys(str(name) for name in names))


def representation_fails(timeline: Timeline) -> Iterator[Finding]:
    """Statements that there was no Default, or no Event of Default, where there was one."""
    for entry in timeline.world.history.of(RepresentationMade):
        statement = entry.fact.representation
        if statement == "text":
            continue
        state = answered_on(timeline, entry.effective)
        if not holds(statement, state, entry.fact.facility):
            against = state.not_waived(entry.fact.facility)
            facts = dict.fromkeys(position for default in against for position in default.root.positions)
            yield Finding(
                code="representation_fails",
                facility=entry.fact.facility,
                on=entry.effective,
                facts=(entry.position, *facts),
                question=f"The paper represents {statement.replace('_', ' ')}; on its date there was "
                f"{listed(default.key for default in against)}. What follows from that?",
            )


def clause_missing(timeline: Timeline) -> Iterator[Finding]:
    """Facts that point to a clause or a covenant of a facility that the record has not."""
    for entry in timeline.world.history.entries:
        for facility, what, name in _points_to(entry.fact):
            terms = timeline.terms.get(facility)
            if terms is None or terms.names(what, name):
                continue
            yield Finding(
                code="clause_missing",
                facility=facility,
                on=entry.effective,
                facts=(entry.position,),
                question=f"Which {what} of {facility} is meant? {entry.fact.event} points to {name}, and the record "
                f"has none of that name.",
            )


def _points_to(fact: Fact) -> Iterator[tuple[str, Literal["clause", "covenant"], str]]:
    """The clauses and covenants to which a fact points by name: of which facility, which of the two."""
    defaults: Iterable[str] = ()
    match fact:
        case DefaultDeclared(clause=str(clause)) | CureNotified(clause=clause):
            yield fact.facility, "clause", clause
        case CureTendered() | CureAccepted():
            defaults = [fact.default]
        case Grant():
            defaults = [each for scope in fact.covers if isinstance(scope, DefaultsCovered) for each in scope.defaults]
        case AmendmentSigned():
            for change in fact.changes:
                if isinstance(change, ClauseDeleted):
                    yield fact.facility, "clause", change.clause
                elif isinstance(change, CovenantDeleted):
                    yield fact.facility, "covenant", change.covenant
        case _:
            pass
    for default in defaults:
        facility, clause, *_ = default.split("/")
        yield facility, "clause", clause


# --- pointers within papers, corrections, offers ----------------------------------------------------------------------


def _dependant_lapsed(history: History) -> Iterator[Finding]:
    for lapsed in history.lapsed:
        fact = lapsed.entry.fact
        yield Finding(
            code="dependant_lapsed",
            facility=getattr(fact, "facility", None),
            on=lapsed.entry.effective,
            facts=(lapsed.entry.position,),
            question=f"{fact.event} continues the {lapsed.name}, which a correction removed. "
            f"Should it be recorded again, or voided too?",
        )


def _paragraph_missing(history: History) -> Iterator[Finding]:
    read = {(entry.fact.document, entry.fact.clause) for entry in history.of(ReadingAdopted)}
    for entry in history.of(DocumentFiled):
        paper = entry.fact
        for clause in dict.fromkeys(paper.points_to or ()):
            if clause not in (paper.clauses or ()) and (paper.document, clause) not in read:
                yield Finding(
                    code="clause_missing",
                    facility=None,
                    on=entry.effective,
                    facts=(entry.position,),
                    question=f"What is meant by {clause} of {paper.document}? The paper points to it and has no such "
                    f"paragraph. A ReadingAdopted records how it is read.",
                )


def _minimum_unmet(history: History, outstanding: Outstanding) -> Iterator[Finding]:
    launched = {entry.fact.offer: entry for entry in history.of(OfferLaunched)}
    for consummated in history.of(OfferConsummated):
        launch, day = launched[consummated.fact.offer], consummated.effective
        state = offer_on(history, launch, outstanding, day)
        if state.terms.minimum_tender is not None and state.minimum_met is not True:
            shown = "is not shown to have been met" if state.minimum_met is None else "was not met"
            yield Finding(
                code="minimum_unmet",
                facility=launch.fact.old,
                on=day,
                facts=state.positions,
                question=f"Was the condition of a minimum tender waived? The offer {launch.fact.offer} was "
                f"consummated, and its minimum of {state.terms.minimum_tender} {shown}.",
            )


def _deadline_conflict(history: History, outstanding: Outstanding) -> Iterator[Finding]:
    launched = {entry.fact.offer: entry for entry in history.of(OfferLaunched)}
    for extended in history.of(OfferExtended):
        launch = launched[extended.fact.offer]
        day_before = max(extended.effective - _A_DAY, launch.effective)
        deadline = offer_on(history, launch, outstanding, day_before).last_day
        moved = last_day(extended.fact.through, extended.fact.until)
        if deadline < extended.effective or moved < deadline:
            yield Finding(
                code="deadline_conflict",
                facility=launch.fact.old,
                on=extended.effective,
                facts=(launch.position, extended.position),
                question=f"Until when was the offer {launch.fact.offer} open? It was extended to {moved} on "
                f"{extended.effective}, and its deadline was {deadline}.",
            )
