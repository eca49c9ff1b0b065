"""Findings about what papers say: statements that do not hold, pointers to what is not there, corrections."""

from collections.abc import Iterable, Iterator
from typing import Literal

from ledger.facts import (
    AmendmentSigned,
    CureAccepted,
    CureNotified,
    CureTendered,
    DefaultDeclared,
    DocumentFiled,
    ReadingAdopted,
    RepresentationMade,
)
from ledger.facts.amendments import ClauseDeleted, CovenantDeleted
from ledger.facts.base import Fact
from ledger.facts.waivers import DefaultsCovered, Grant
from projections import words
from projections.answer import Finding
from projections.history import History
from projections.timeline import Timeline, answered_on, holds


def paper_findings(timeline: Timeline) -> Iterator[Finding]:
    """What is found of the papers of a group: statements, and pointers to its terms."""
    yield from _representation_fails(timeline)
    yield from _clause_missing(timeline)


def reading_findings(history: History) -> Iterator[Finding]:
    """What is found beside the groups: pointers within papers, and facts that lapsed with a correction."""
    yield from _dependant_lapsed(history)
    yield from _paragraph_missing(history)


def _representation_fails(timeline: Timeline) -> Iterator[Finding]:
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
                f"{words.each_once(default.key for default in against)}. What follows from that?",
            )


def _clause_missing(timeline: Timeline) -> Iterator[Finding]:
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
