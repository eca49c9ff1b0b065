"""The facts in force of one group of facilities, laid out by what they are about, before anything is derived."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    AmendmentSigned,
    ConditionSatisfied,
    ConditionWaived,
    CovenantTested,
    CureAccepted,
    CureNotified,
    DefaultDeclared,
    EventOccurred,
    FacilityOpened,
    FacilityTerminated,
    ForbearanceGranted,
    NoticeGiven,
    OfferLaunched,
    PaymentMissed,
    TermsStated,
    TriggerDecided,
    WaiverExtended,
    WaiverGranted,
)
from ledger.facts.amendments import ConditionFact
from ledger.facts.base import FacilityFact, Fact
from ledger.facts.names import Name
from ledger.facts.terms import (
    Clause,
    Condition,
    CrossAccelerationClause,
    CrossDefaultClause,
    CrossPaymentClause,
)
from ledger.facts.waivers import ActEnd, ActsCovered, Grant, PaymentsCovered, WithWaiverEnd
from projections.causes import Cause, causes_of
from projections.exchanges import Exchange, exchanges, openings
from projections.history import Entry, History
from projections.terms import FacilityTerms

GrantEntry = Entry[Grant]
ConditionEntry = Entry[ConditionFact]
PaperEntry = Entry[AmendmentSigned] | Entry[Grant] | Entry[AccelerationAnnulled]


@dataclass(frozen=True)
class World:
    """The history of one group, and what is looked up in it again and again."""

    history: History
    further_events: frozenset[int]
    """The positions of the events that are not the first of their kind; whether one is, no group decides by itself."""

    @classmethod
    def of(cls, history: History, group: frozenset[str], further_events: frozenset[int]) -> "World":
        """The facts about a group of facilities, and those about no facility at all."""
        return cls(history.about(group), further_events)

    @cached_property
    def openings(self) -> Mapping[str, Entry[FacilityOpened]]:
        """The opening of each facility of the group."""
        return openings(self.history)

    @cached_property
    def exchanges(self) -> Sequence[Exchange]:
        """What consummated offers exchanged."""
        return exchanges(self.history)

    def about(self, facility: str, *kinds: type[FacilityFact]) -> tuple[Entry[FacilityFact], ...]:
        """The facts of these kinds about one facility, in the order of the world."""
        if kinds not in self._about:
            found: dict[str, list[Entry[FacilityFact]]] = {}
            for entry in self.history.of(*kinds):
                found.setdefault(entry.fact.facility, []).append(entry)
            self._about[kinds] = {name: tuple(entries) for name, entries in found.items()}
        return self._about[kinds].get(facility, ())

    @cached_property
    def _about(self) -> dict[tuple[type[FacilityFact], ...], Mapping[str, tuple[Entry[FacilityFact], ...]]]:
        """What was asked for already, by the kinds asked for and by facility."""
        return {}

    @cached_property
    def grants(self) -> tuple[GrantEntry, ...]:
        """The waivers and forbearances of the group's facilities."""
        return self.history.of(WaiverGranted, ForbearanceGranted)

    @cached_property
    def days(self) -> frozenset[dt.date]:
        """The days on which a fact takes effect or a notice is received."""
        received = {notice.fact.received for notice in self.history.of(NoticeGiven) if notice.fact.received}
        return frozenset({entry.effective for entry in self.history.entries} | received)

    @cached_property
    def extensions(self) -> Mapping[dt.date, list[Entry[WaiverExtended]]]:
        """The extensions of waivers by day, in the order of the world."""
        found: dict[dt.date, list[Entry[WaiverExtended]]] = {}
        for entry in self.history.of(WaiverExtended):
            found.setdefault(entry.effective, []).append(entry)
        return found

    @cached_property
    def decisions(self) -> Mapping[tuple[str, str], Entry[TriggerDecided]]:
        """The last decision about each waiver and act that one was made about."""
        return {(entry.fact.waiver, entry.fact.act): entry for entry in self.history.of(TriggerDecided)}

    @cached_property
    def amendments(self) -> Mapping[str, Entry[AmendmentSigned]]:
        """The amendments of the group's facilities, by name."""
        return {entry.fact.amendment: entry for entry in self.history.of(AmendmentSigned)}

    @cached_property
    def annulments(self) -> Mapping[Name, Entry[AccelerationAnnulled]]:
        """What annulled an acceleration, in the order of the world, by name or, without one, by position."""
        found = self.history.of(AccelerationAnnulled)
        return {Name("annulment", entry.fact.annulment or str(entry.position)): entry for entry in found}

    @cached_property
    def annulments_of(self) -> Mapping[tuple[str, str | None, str | None], list[Name]]:
        """The annulments by facility and by the act, or the clause, that had made the debt due."""
        found: dict[tuple[str, str | None, str | None], list[Name]] = {}
        for name, entry in self.annulments.items():
            found.setdefault((entry.fact.facility, entry.fact.act, entry.fact.clause), []).append(name)
        return found

    @cached_property
    def papers(self) -> Mapping[Name, PaperEntry]:
        """What waits for conditions here: amendments, waivers with a question among theirs, annulments with any."""
        asking = (e for e in self.grants if any(condition.question is not None for condition in e.fact.conditions))
        return {
            **{Name("amendment", name): entry for name, entry in self.amendments.items()},
            **{Name("waiver", entry.fact.grant): entry for entry in asking},
            **{name: entry for name, entry in self.annulments.items() if entry.fact.conditions},
        }

    @cached_property
    def conditions_met(self) -> Mapping[tuple[Name, str], ConditionEntry]:
        """The first fact that satisfies or waives each condition, by what it belongs to and by its name."""
        return _first_of_each(self.history.of(ConditionSatisfied, ConditionWaived))

    @cached_property
    def conditions_waived(self) -> Mapping[tuple[Name, str], ConditionEntry]:
        """The first fact that waives each condition that is waived."""
        return _first_of_each(self.history.of(ConditionWaived))

    @cached_property
    def terminations(self) -> Mapping[str, Entry[FacilityTerminated]]:
        """The first termination of each facility that has one."""
        return {e.fact.facility: e for e in reversed(self.history.of(FacilityTerminated))}

    def closed_by_payment(self, facility: str, day: dt.date) -> Entry[FacilityTerminated] | None:
        """The termination by which a debt was paid, or exchanged for another, by a day."""
        paid = self._closings.get(facility)
        return paid if paid is not None and paid.effective <= day else None

    @cached_property
    def _closings(self) -> Mapping[str, Entry[FacilityTerminated]]:
        """The first termination of each debt by which it was paid or exchanged."""
        closed = reversed(self.history.of(FacilityTerminated))
        return {e.fact.facility: e for e in closed if e.fact.ground in ("paid", "exchanged")}

    @cached_property
    def cures_accepted(self) -> Mapping[tuple[str, str], list[Entry[CureAccepted]]]:
        """The cures that a creditor accepted, by facility and Default."""
        found: dict[tuple[str, str], list[Entry[CureAccepted]]] = {}
        for entry in self.history.of(CureAccepted):
            found.setdefault((entry.fact.facility, entry.fact.default), []).append(entry)
        return found

    @cached_property
    def cures_notified(self) -> Mapping[tuple[dt.date, str, str], Entry[CureNotified]]:
        """The first notice of cure of each day under each clause of a facility."""
        notified = reversed(self.history.of(CureNotified))
        return {(e.effective, e.fact.facility, e.fact.clause): e for e in notified}

    @cached_property
    def failures(self) -> Mapping[Cause, tuple[Entry[Fact], ...]]:
        """The facts that say each root cause, in the order of the world."""
        found: dict[Cause, list[Entry[Fact]]] = {}
        for entry in self.history.of(PaymentMissed, CovenantTested, EventOccurred, DefaultDeclared, ActTaken):
            for cause in causes_of(entry, self.further_events):
                found.setdefault(cause, []).append(entry)
        return {cause: tuple(entries) for cause, entries in found.items()}

    def borrowers(self, facility: str) -> frozenset[str]:
        """The borrowers of a facility as far as they are stated."""
        opening = self.openings.get(facility)
        return frozenset(opening.fact.borrowers) if opening is not None else frozenset()

    def obligors(self, facility: str) -> frozenset[str]:
        """Those who owe a facility: its borrowers and guarantors as far as they are stated."""
        return obligors(self.openings[facility].fact)

    def named_by(
        self, clause: CrossPaymentClause | CrossDefaultClause | CrossAccelerationClause, facility: str
    ) -> frozenset[str]:
        """The debts that a cross clause of a facility looks at: those it names, or all others of a common borrower."""
        return frozenset(clause.of) if clause.of is not None else self.sharing(facility) - {facility}

    def sharing(self, facility: str) -> frozenset[str]:
        """The debts that share a borrower with a facility, itself included."""
        if facility not in self._sharing:
            own = self.borrowers(facility)
            self._sharing[facility] = frozenset(other for other in self.openings if own & self.borrowers(other))
        return self._sharing[facility]

    @cached_property
    def _sharing(self) -> dict[str, frozenset[str]]:
        """What was asked for already."""
        return {}

    def terms(self, in_effect: Iterable[Name]) -> Mapping[str, FacilityTerms]:
        """The terms of each facility with the amendments among these papers in effect."""
        amendments = [self.amendments[each.name] for each in in_effect if each.kind == "amendment"]
        stated: dict[str, list[Entry[FacilityOpened] | Entry[TermsStated]]] = {
            facility: [opening] for facility, opening in self.openings.items()
        }
        for entry in self.history.of(TermsStated):
            stated[entry.fact.facility].append(entry)
        notices = self.history.of(NoticeGiven)
        return {
            facility: FacilityTerms.of(
                stated[facility],
                (entry for entry in amendments if entry.fact.facility == facility),
                (entry for entry in notices if entry.fact.facility == facility),
            )
            for facility in self.openings
        }


def _first_of_each(facts: Iterable[ConditionEntry]) -> Mapping[tuple[Name, str], ConditionEntry]:
    """The first fact about each condition, by what the condition belongs to and by its name."""
    first: dict[tuple[Name, str], ConditionEntry] = {}
    for entry in facts:
        first.setdefault((Name(*entry.fact.belongs_to), entry.fact.condition), entry)
    return first


def obligors(opened: FacilityOpened) -> frozenset[str]:
    """Those who owe a debt: its borrowers and guarantors as far as they are stated."""
    return frozenset((*opened.borrowers, *(opened.guarantors or ())))


def further_events(history: History) -> frozenset[int]:
    """The positions of events that follow one of their kind on an earlier day, to one debt or those who owe it."""
    owing = {facility: obligors(entry.fact) for facility, entry in openings(history).items()}
    found: set[int] = set()
    first: dict[tuple[str, tuple[str, str]], dt.date] = {}
    for entry in history.of(EventOccurred):
        kind, facility, party = entry.fact.kind, entry.fact.facility, str(entry.fact.party)
        if facility is not None:
            befell = ("debt", facility)
            others = [("party", each) for each in owing.get(facility, ())]
        else:
            befell = ("party", party)
            others = [("debt", each) for each in owing if party in owing[each]]
        if any(first.get((kind, each), entry.effective) < entry.effective for each in (befell, *others)):
            found.add(entry.position)
        first.setdefault((kind, befell), entry.effective)
    return frozenset(found)


def groups(history: History) -> tuple[frozenset[str], ...]:
    """The facilities that have to be derived together: those that name one another, in either direction.

    A clause, a waiver's scope or ends, an offer, and an amendment that is a condition of another tie facilities
    together; a cross clause of any debt ties those that share a borrower. The groups are in the order of first opening.
    """
    opened = {facility: entry.fact for facility, entry in openings(history).items()}
    leader = {facility: facility for facility in opened}

    def find(facility: str) -> str:
        while leader[facility] != facility:
            facility = leader[facility]
        return facility

    def tie(one: str, others: Iterable[str]) -> None:
        for other in others:
            if one in leader and other in leader:
                leader[find(other)] = find(one)

    holder = {
        **{("waiver", e.fact.grant): e.fact.facility for e in history.of(WaiverGranted, ForbearanceGranted)},
        **{("amendment", e.fact.amendment): e.fact.facility for e in history.of(AmendmentSigned)},
    }
    sharing = {
        facility: [other for other, fact in opened.items() if set(fact.borrowers) & set(opened[facility].borrowers)]
        for facility in opened
    }
    for entry in history.entries:
        fact: Fact = entry.fact
        if isinstance(fact, OfferLaunched):
            tie(fact.old, [fact.new.facility])
        if isinstance(fact, FacilityFact):
            tie(fact.facility, _named_in(fact, holder, sharing.get(fact.facility, [])))
    together: dict[str, set[str]] = {}
    for facility in opened:
        together.setdefault(find(facility), set()).add(facility)
    return tuple(frozenset(members) for members in together.values())


def _named_in(fact: FacilityFact, holder: Mapping[tuple[str, str], str], sharing: list[str]) -> Iterable[str]:
    """The facilities that a fact names; a cross clause of any debt names those `sharing` a borrower."""
    match fact:
        case FacilityOpened() | TermsStated():
            for clause in fact.clauses:
                yield from _named_in_clause(clause, sharing)
        case WaiverGranted() | ForbearanceGranted():
            for scope in fact.covers:
                if isinstance(scope, PaymentsCovered | ActsCovered):
                    yield from scope.of or ()
            for end in fact.ends:
                if isinstance(end, ActEnd):
                    yield from end.of if end.of is not None else sharing
                elif isinstance(end, WithWaiverEnd) and ("waiver", end.with_waiver) in holder:
                    yield holder["waiver", end.with_waiver]
            yield from (holder["waiver", name] for name in fact.supersedes if ("waiver", name) in holder)
            yield from _holders(fact.conditions, holder)
        case AmendmentSigned():
            for change in fact.changes:
                if change.change == "clause":
                    yield from _named_in_clause(change.clause, sharing)
            yield from _holders(fact.conditions, holder)
        case AccelerationAnnulled():
            yield from _holders(fact.conditions or (), holder)
        case _:
            return


def _holders(conditions: Iterable[Condition], holder: Mapping[tuple[str, str], str]) -> Iterable[str]:
    """The facilities of the amendments that are conditions here."""
    return [holder["amendment", str(c.amendment)] for c in conditions if ("amendment", str(c.amendment)) in holder]


def _named_in_clause(clause: Clause, sharing: list[str]) -> Iterable[str]:
    if isinstance(clause, CrossPaymentClause | CrossDefaultClause | CrossAccelerationClause):
        return clause.of if clause.of is not None else sharing
    return ()
