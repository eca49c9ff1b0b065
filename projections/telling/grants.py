"""What covered a Default until when, what ended that, and what it left."""

from collections.abc import Iterable, Iterator

from ledger.facts.amendments import ConditionFact
from projections import phrases, words
from projections.answer import Happening, Step
from projections.reasons import behind_grant
from projections.report import FacilityOn
from projections.standing import cited
from projections.states import Day, Default, GrantState
from projections.telling import Telling, group


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


class GrantsTold(Telling):
    """Tells of waivers and forbearances."""

    def _granted(
        self, day: Day, grants: dict[tuple[int, ...], GrantState], defaults: dict[str, Default]
    ) -> Iterator[Step]:
        for key, state in grants.items():
            before, granted = self._grants.get(key), state.granted
            who = f"the {granted.kind} {granted.name}"
            behind = behind_grant(self.on.timeline, state, day.day)
            if state.state == "pending" and (before is None or before.state != "pending"):
                awaited = words.listed(condition.condition for condition in granted.fact.conditions)
                sentence = f"{phrases.capital(who)} was granted, and waits for its conditions: {awaited}"
                yield self._step(
                    day, "pending", sentence, granted.positions, waiver=granted.name, until=state.ends_by_date
                )
            covering = any(granted in each.covered_by for each in defaults.values())
            if self._begins(state) and not covering:
                sentence = f"{phrases.capital(who)} came into force on {state.began}, {phrases.until(state)}"
                yield self._step(day, "in_force", sentence, behind, waiver=granted.name, until=state.ends_by_date)
            if self._moved(before, state):
                met = (self._condition_met(position, day) for position in behind)
                since = words.listed(f"its condition {condition} was met" for condition in met if condition)
                moved = f"The end of {who} was moved to {state.ends_by_date}" + (f", since {since}" if since else "")
                yield self._step(day, "extended", moved, behind, waiver=granted.name, until=state.ends_by_date)
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
                facts = [self.fact(position) for position in state.ended.positions]
                sentence = f"{phrases.capital(phrases.ended(state, facts))}{over}"
                how, at = state.ended.how, state.ended.positions
                yield self._step(day, how, sentence, at, lost, waiver=granted.name, by=state.ended.by)
                yield from self._revived(day, state, [each for each in lost if each.state != "waived"])

    def _condition_met(self, position: int, day: Day) -> str | None:
        """The condition that a fact of this day met."""
        fact = self.fact(position)
        return fact.condition if isinstance(fact, ConditionFact) and fact.effective == day.day else None

    def _revived(self, day: Day, state: GrantState, lost: Iterable[Default]) -> Iterator[Step]:
        """As of which day what a waiver had covered revives, now that nothing waives it any longer."""
        granted = state.granted
        if granted.kind == "forbearance" or state.ended is None:
            return
        for same in group(lost, lambda each: (each.original_date, each.event_of_default)):
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
            behind = behind_grant(self.on.timeline, state, day.day)
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
