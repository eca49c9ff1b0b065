"""The story of a legal status: what failed, which clause made it a Default, what covered it until when, what ended it.

It is read from the days of a timeline, in their order: a sentence for each thing that changed on a day, with the facts
behind it, each cited by document and clause. What has not happened by the date asked about is not told.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    AmendmentSigned,
    CovenantTested,
    CureAccepted,
    CureNotified,
    FacilityTerminated,
    ForbearanceGranted,
    PaymentMade,
    WaiverExtended,
    WaiverGranted,
)
from projections import phrases, words
from projections.answer import Happening, HappeningKind, Step
from projections.causes import Cause
from projections.defaults import notice_given
from projections.reasons import lifted
from projections.report import FacilityOn
from projections.standing import cited, not_counted, standing
from projections.states import Acceleration, Day, Default, GrantState, Legal


def chronicle(on: FacilityOn) -> tuple[Step, ...]:
    """The story of the legal status of a facility up to the date, and how it stands on it."""
    told = sorted((*_Teller(on).told(), *not_counted(on)), key=lambda step: _about(step).on)
    return (*told, standing(on))


def chronicle_of_default(on: FacilityOn, default: str) -> tuple[Step, ...]:
    """The story of one Default, by its identity."""
    return tuple(step for step in _Teller(on, only=default).told() if _about(step).defaults)


def chronicle_of_grant(on: FacilityOn, grant: str) -> tuple[Step, ...]:
    """The story of one waiver or forbearance, by its name: when it began, what it covered, what ended it."""
    return tuple(step for step in _Teller(on).told() if _about(step).waiver == grant)


def _about(step: Step) -> Happening:
    assert step.happening is not None
    return step.happening


def not_yet(on: FacilityOn, state: GrantState) -> Step:
    """A grant that is still to begin, and of which there is nothing else to tell."""
    granted, conditions = state.granted, [condition.condition for condition in state.granted.fact.conditions]
    once = f", once its conditions are met: {words.listed(conditions)}" if conditions else ""
    until = f"; it is to end on {state.ends_by_date}" if state.ends_by_date is not None else ""
    sentence = (
        f"The {granted.kind} {granted.name} is not in force yet: it begins on {granted.source.effective}{once}{until}"
    )
    happening = Happening(on=on.view.as_of, what="not_yet", waiver=granted.name, until=state.ends_by_date)
    return cited(on, happening, sentence, granted.positions)


def _group(items: Iterable[Default], key: Callable[[Default], Hashable]) -> Iterator[list[Default]]:
    """Defaults to which the same thing happened, together, in the order in which the first of each was met."""
    found: dict[Hashable, list[Default]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    yield from found.values()


# --- the days in their order -----------------------------------------------------------------------------------------


@dataclass
class _Teller:
    """Goes through the days, and tells what is different from the day before."""

    on: FacilityOn
    only: str | None = None
    """The one Default to tell of, if not all."""
    _defaults: dict[str, Default] = field(default_factory=dict)
    _grants: dict[tuple[int, ...], GrantState] = field(default_factory=dict)
    _accelerated: Acceleration | None = None
    _failures: set[tuple[Cause, dt.date]] = field(default_factory=set)
    _legal: Legal = "not_open"

    def told(self) -> Iterator[Step]:
        """Every sentence up to the date."""
        for day in self.on.timeline.days:
            if day.day <= self.on.view.as_of and day.legal[self.on.name] != "not_open":
                yield from self._told_of(day)

    def _told_of(self, day: Day) -> Iterator[Step]:
        defaults = {str(each.key): each for each in day.of(self.on.name) if self.only in (None, str(each.key))}
        grants = {each.granted.positions: each for each in day.grants if each.granted.fact.facility == self.on.name}
        arisen = [each for key, each in defaults.items() if self._new(key, each)]
        known = [(self._defaults[key], each) for key, each in defaults.items() if key in self._defaults]
        if self._legal == "not_open":
            opening = self.on.timeline.world.openings[self.on.name]
            yield self._step(day, "opened", f"{self.on.name} was opened on {day.day}", [opening.position])
        yield from self._failed(day, arisen)
        yield from self._became(day, arisen)
        yield from self._rescheduled(day, known)
        yield from self._matured(
            day, [now for before, now in known if now.event_of_default and not before.event_of_default]
        )
        yield from self._granted(day, grants, defaults)
        yield from self._covered(day, defaults, grants)
        yield from self._healed(day, known)
        yield from self._due(day)
        if day.legal[self.on.name] == "closed" != self._legal:
            ended = self.on.timeline.world.terminations[self.on.name]
            assert isinstance(ended.fact, FacilityTerminated)
            ground = words.plain(ended.fact.ground)
            yield self._step(day, "closed", f"{self.on.name} was closed on {day.day}: {ground}", [ended.position])
        self._defaults, self._grants, self._legal = defaults, grants, day.legal[self.on.name]
        self._accelerated = day.accelerations.get(self.on.name)

    def _step(
        self,
        day: Day,
        what: HappeningKind,
        sentence: str,
        positions: Iterable[int],
        defaults: Iterable[Default] = (),
        *,
        clause: str | None = None,
        waiver: str | None = None,
        until: dt.date | None = None,
        as_of: dt.date | None = None,
        by: str | None = None,
    ) -> Step:
        names = tuple(str(default.key) for default in defaults)
        happening = Happening(
            on=day.day, what=what, defaults=names, clause=clause, waiver=waiver, until=until, as_of=as_of, by=by
        )
        return cited(self.on, happening, sentence, positions)

    def _new(self, key: str, default: Default) -> bool:
        before = self._defaults.get(key)
        return default.state != "cured" and (before is None or before.state == "cured")

    # --- what failed, and which clause made it a Default -------------------------------------------------------------

    def _failed(self, day: Day, arisen: Iterable[Default]) -> Iterator[Step]:
        fresh = [each for each in arisen if (each.root.cause, each.root.begins) not in self._failures]
        alike = _group(fresh, lambda each: (each.root.positions, each.root.cause.debt, each.root.cause.on))
        for same in alike:
            self._failures |= {(each.root.cause, each.root.begins) for each in same}
            causes, root = dict.fromkeys(each.root.cause for each in same), same[0].root
            yield self._step(day, "failed", phrases.failed(causes, root), root.positions, same)

    def _became(self, day: Day, arisen: Iterable[Default]) -> Iterator[Step]:
        for same in _group(arisen, lambda each: (each.clause.position, each.key.clause, each.event_of_default)):
            first = same[0]
            causes = phrases.causes(each.root.cause for each in same)
            grace = phrases.grace(first, self.on.timeline.terms)
            sentence = (
                f"{phrases.capital(phrases.clause(first))} made {causes} {'Defaults' if len(same) > 1 else 'a Default'}"
            )
            again = " again" if all(str(each.key) in self._defaults for each in same) else ""
            sentence += f"{again} on {day.day}"
            if first.event_of_default:
                several = "Events of Default" if len(same) > 1 else "an Event of Default"
                sentence += f", and at once {several}: {grace}{self._notified(first)}"
            elif len({each.matures for each in same}) == 1 and first.matures is not None:
                sentence += f", to be an Event of Default on {first.matures} unless cured by then: {grace}"
            else:
                sentence += f", to be an Event of Default only after a notice: {grace}"
            above = dict.fromkeys(
                f"{debt} is above its threshold of {least}" for each in same for debt, least in each.above
            )
            sentence += f"; {words.listed(sorted(above))}" if above else ""
            until = first.matures if not first.event_of_default else None
            positions = [position for each in same for position in self.on.made_by(each)]
            yield self._step(day, "default", sentence, positions, same, clause=first.key.clause, until=until)

    def _notified(self, default: Default) -> str:
        """The notice by which a Default became an Event of Default, where its clause asks for one."""
        if default.clause.value.notice is None:
            return ""
        notice = notice_given(default.key, default.arose, self.on.view.as_of, self.on.timeline.world)
        return "" if notice is None else f"; notice was received on {notice.fact.received or notice.effective}"

    def _rescheduled(self, day: Day, known: Iterable[tuple[Default, Default]]) -> Iterator[Step]:
        """Defaults in grace that by a notice, or by amended terms, are to mature on a day not told before."""
        pairs = list(known)
        moved = [now for before, now in pairs if not now.event_of_default and now.matures not in (None, before.matures)]
        for same in _group(moved, lambda each: (each.clause.position, each.key.clause, each.matures)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            which, are = ("Defaults", "are to be Events") if len(same) > 1 else ("Default", "is to be an Event")
            sentence = (
                f"Under {phrases.clause(first)} the {which} for {causes} {are} of Default on {first.matures} "
                f"unless cured by then{self._notified(first)}"
            )
            positions = [position for each in same for position in self.on.made_by(each)]
            yield self._step(day, "rescheduled", sentence, positions, same, clause=first.key.clause)

    def _matured(self, day: Day, matured: Iterable[Default]) -> Iterator[Step]:
        for same in _group(matured, lambda each: (each.clause.position, each.key.clause)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            several = "became Events of Default" if len(same) > 1 else "became an Event of Default"
            which = "Defaults" if len(same) > 1 else "Default"
            sentence = (
                f"Under {phrases.clause(first)} the {which} for {causes} {several} on {day.day}, not cured by then"
                f"{self._notified(first)}"
            )
            positions = [p for each in same for p in (*self.on.made_by(each), *each.root.positions)]
            yield self._step(day, "event_of_default", sentence, positions, same, clause=first.key.clause)

    # --- what covered it, until when, and what ended that ------------------------------------------------------------

    def _granted(
        self, day: Day, grants: dict[tuple[int, ...], GrantState], defaults: dict[str, Default]
    ) -> Iterator[Step]:
        for key, state in grants.items():
            before, granted = self._grants.get(key), state.granted
            who = f"the {granted.kind} {granted.name}"
            behind = [reason.position for reason in self.on.waiver(state).because]
            if state.state == "pending" and (before is None or before.state != "pending"):
                awaited = words.listed(condition.condition for condition in granted.fact.conditions)
                sentence = f"{phrases.capital(who)} was granted, and waits for its conditions: {awaited}"
                yield self._step(
                    day, "pending", sentence, granted.positions, waiver=granted.name, until=state.ends_by_date
                )
            covering = any(granted in each.covered_by for each in defaults.values())
            if self._begins(state) and not covering:
                sentence = f"{phrases.capital(who)} came into force on {state.began}, {phrases.until(state)}"
                positions = (*granted.positions, *state.conditions) if state.ended else behind
                yield self._step(day, "in_force", sentence, positions, waiver=granted.name, until=state.ends_by_date)
            if self._moved(before, state):
                moved = f"The end of {who} was moved to {state.ends_by_date}"
                extending = self.on.timeline.world.history.of(WaiverExtended)
                named = [e.position for e in extending if e.fact.waiver == granted.name and e.effective <= day.day]
                yield self._step(
                    day, "extended", moved, (*behind, *named), waiver=granted.name, until=state.ends_by_date
                )
            if state.ended is not None and (before is None or before.ended is None):
                lost = [
                    each
                    for name, each in defaults.items()
                    if each.state != "cured"
                    and name in self._defaults
                    and granted in self._defaults[name].covered_by
                    and granted not in each.covered_by
                ]
                over = f"; it no longer covers {phrases.causes(each.root.cause for each in lost)}" if lost else ""
                facts = [self.on.view.history.by_position[position].fact for position in state.ended.positions]
                sentence = f"{phrases.capital(phrases.ended(state, facts))}{over}"
                how, at = state.ended.how, state.ended.positions
                yield self._step(day, how, sentence, at, lost, waiver=granted.name, by=state.ended.by)
                yield from self._revived(day, state, [each for each in lost if each.state != "waived"])

    def _revived(self, day: Day, state: GrantState, lost: Iterable[Default]) -> Iterator[Step]:
        """As of which day what a waiver had covered revives, now that nothing waives it any longer."""
        granted = state.granted
        if granted.kind == "forbearance" or state.ended is None:
            return
        for same in _group(lost, lambda each: (each.original_date, each.event_of_default)):
            sentence, as_of = phrases.revived(same, granted.name, state.ended.revival, day.day)
            yield self._step(day, "revived", sentence, granted.positions, same, waiver=granted.name, as_of=as_of)

    def _begins(self, state: GrantState) -> bool:
        before = self._grants.get(state.granted.positions)
        return state.began is not None and (before is None or before.began is None)

    @staticmethod
    def _moved(before: GrantState | None, state: GrantState) -> bool:
        if before is None or before.began is None or state.state != "in_force":
            return False
        return state.ends_by_date is not None and state.ends_by_date != before.ends_by_date

    def _covered(
        self, day: Day, defaults: dict[str, Default], grants: dict[tuple[int, ...], GrantState]
    ) -> Iterator[Step]:
        found: dict[tuple[int, ...], list[Default]] = {}
        for name, default in defaults.items():
            earlier = self._defaults[name].covered_by if name in self._defaults else ()
            for granted in default.covered_by:
                if granted not in earlier:
                    found.setdefault(granted.positions, []).append(default)
        for positions, covered in found.items():
            state = grants[positions]
            granted, causes = state.granted, phrases.causes(each.root.cause for each in covered)
            begun = f"came into force on {state.began} and " if self._begins(state) else ""
            rest = "; it continues, and the remedies rest" if granted.kind == "forbearance" else ""
            sentence = f"The {granted.kind} {granted.name} {begun}covered {causes}"
            sentence += f"{'' if begun else f' from {day.day}'}, {phrases.until(state)}{rest}"
            behind = [reason.position for reason in self.on.waiver(state).because] if not state.ended else positions
            yield self._step(day, "covered", sentence, behind, covered, waiver=granted.name, until=state.ends_by_date)
        ended = {each.granted.positions for each in grants.values() if each.ended is not None}
        for name, default in defaults.items():
            earlier = self._defaults[name].covered_by if name in self._defaults else ()
            for granted in earlier:
                if default.state != "cured" and granted not in default.covered_by and granted.positions not in ended:
                    sentence = (
                        f"From {day.day} the {granted.kind} {granted.name} no longer covered "
                        f"{phrases.causes([default.root.cause])}: its scope does not reach what had become of it"
                    )
                    yield self._step(day, "uncovered", sentence, granted.positions, [default], waiver=granted.name)

    # --- how it was cured, and what made the debt due ----------------------------------------------------------------

    def _healed(self, day: Day, known: Iterable[tuple[Default, Default]]) -> Iterator[Step]:
        changed = list(known)
        lingering = [now for before, now in changed if now.outlives_failure and not before.outlives_failure]
        for same in _group(lingering, lambda each: (each.root.ended_because, each.key.clause)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            heals = first.clause.value.heals
            how = f"how {phrases.clause(first)} heals is not stated"
            if heals != "not_stated":
                how = f"{phrases.clause(first)} heals only {words.plain(heals)}"
            by = self._by(first.root.ended_because)
            sentence = f"On {day.day} {causes} was made good{by}, but it remains an Event of Default: {how}"
            positions = [*first.root.ended_because, first.clause.position]
            yield self._step(day, "lingers", sentence, positions, same, clause=first.key.clause)
        cured = [now for before, now in changed if now.state == "cured" and before.state != "cured"]
        for same in _group(cured, lambda each: (each.cured_because, each.key.clause, each.event_of_default)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            what = "Event of Default" if first.event_of_default else "Default"
            sentence = f"The {what} for {causes} under the clause {first.key.clause} was cured on {day.day}"
            by = self._by(first.cured_because)
            yield self._step(day, "cured", f"{sentence}{by}", first.cured_because, same, clause=first.key.clause)

    def _by(self, positions: Iterable[int]) -> str:
        """What cured something, in words."""
        facts = [self.on.view.history.by_position[position].fact for position in positions]
        for fact in facts:
            match fact:
                case PaymentMade():
                    return ", by payment"
                case CureAccepted():
                    return ", by the creditor's acceptance of the cure"
                case CureNotified():
                    return ", by notice of the cure"
                case CovenantTested():
                    return ", by a test that was met"
                case AccelerationAnnulled():
                    return ", by the annulment of the acceleration"
                case WaiverGranted() | ForbearanceGranted():
                    return f", since {fact.grant} covers it on {fact.facility}"
                case FacilityTerminated():
                    return f", by the end of {fact.facility}"
                case AmendmentSigned():
                    return f", by the amendment {fact.amendment}"
                case _:
                    pass
        return ""

    def _due(self, day: Day) -> Iterator[Step]:
        before, now = self._accelerated, day.accelerations.get(self.on.name)
        if now is not None and (before is None or before.since != now.since):
            acts = [root.fact for root in now.roots if isinstance(root.fact, ActTaken)]
            if now.kind == "act" and acts:
                who = phrases.actor(acts[0])
            else:
                who = f"the clause {words.listed(dict.fromkeys(now.bys))}, by its own terms,"
            yield self._step(
                day,
                "accelerated",
                f"{phrases.capital(who)} made {self.on.name} due on {now.since}",
                now.positions,
                by=now.by,
            )
        elif before is not None and now is None:
            positions = lifted(self.on.timeline, self.on.name, day.day, since=before.since)
            sentence = f"From {day.day} {self.on.name} was no longer accelerated{self._by(positions)}"
            yield self._step(day, "annulled", sentence, positions or before.positions, by=before.by)
