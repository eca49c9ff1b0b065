"""How a Default was cured or lingers, and what made a debt due, or lifted that."""

from collections.abc import Iterable, Iterator

from ledger.facts import AccelerationAnnulled, ActTaken, ActWithdrawn, AmendmentSigned
from projections import phrases, words
from projections.answer import Step
from projections.reasons import lifted
from projections.states import Day, Default
from projections.telling import Telling, group


class EndsTold(Telling):
    """Tells of cures and of accelerations."""

    def _healed(self, day: Day, known: Iterable[tuple[Default, Default]]) -> Iterator[Step]:
        changed = list(known)
        lingering = [now for before, now in changed if now.outlives_failure and not before.outlives_failure]
        for same in group(lingering, lambda each: (each.root.ended_because, each.key.clause)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            heals = first.clause.value.heals
            how = f"how {phrases.clause(first)} heals is not stated"
            if heals != "not_stated":
                how = f"{phrases.clause(first)} heals only {words.plain(heals)}"
            by = self._by(first.root.ended_because)
            were, remain = ("were", "they remain Events") if len(same) > 1 else ("was", "it remains an Event")
            moved = any(isinstance(self.fact(p), AmendmentSigned) for p in first.root.ended_because)
            good = "due no longer" if moved else "made good"
            sentence = f"On {day.day} {causes} {were} {good}{by}, but {remain} of Default: {how}"
            positions = [*first.root.ended_because, first.clause.position]
            yield self._step(day, "lingers", sentence, positions, same, clause=first.key.clause)
        cured = [now for before, now in changed if now.state == "cured" and before.state != "cured"]
        for same in group(cured, lambda each: (each.cured_because, each.key.clause, each.event_of_default)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            what = "Event of Default" if first.event_of_default else "Default"
            sentence = f"The {what} for {causes} under the clause {first.key.clause} was cured on {day.day}"
            by = self._by(first.cured_because)
            yield self._step(day, "cured", f"{sentence}{by}", first.cured_because, same, clause=first.key.clause)

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
            facts = [self.fact(position) for position in positions]
            annulled = any(isinstance(fact, AccelerationAnnulled) for fact in facts)
            how = ", by its annulment" if annulled else self._by(positions)
            how += ", once its conditions were met" if annulled and len(facts) > 1 else ""
            sentence = f"From {day.day} {self.on.name} was no longer accelerated{how}"
            yield self._step(day, "annulled", sentence, positions or before.positions, by=before.by)

    def _withdrawn(self, day: Day) -> Iterator[Step]:
        """An act that was withdrawn, or annulled on conditions, and what stays as it is for all that."""
        name, due = self.on.name, day.accelerations.get(self.on.name)
        rescinded = [state for state in self._grants.values() if state.state == "rescinded"]
        for entry in self.on.view.history.of(ActWithdrawn):
            if entry.effective != day.day:
                continue
            over = [state.granted for state in rescinded if state.ended and state.ended.by == entry.fact.act]
            left = [f"the {granted.kind} {granted.name} stays ended" for granted in over]
            if due is not None and entry.fact.act in due.bys:
                left.append(f"{name} stays due until that is annulled")
            if left:
                sentence = f"The act {entry.fact.act} was withdrawn on {day.day}; {words.listed(left)}"
                yield self._step(day, "withdrawn", sentence, [entry.position])
        for annulled in self.on.view.history.of(AccelerationAnnulled):
            conditions = annulled.fact.conditions if annulled.fact.facility == name and due is not None else None
            if annulled.effective == day.day and conditions:
                awaited = words.listed(condition.condition for condition in conditions)
                sentence = f"The annulment of {day.day} waits for its conditions: {awaited}"
                yield self._step(day, "pending", sentence, [annulled.position])
