"""The story of a legal status: what failed, which clause made it a Default, what covered it until when, what ended it.

It is read from the days of a timeline, in their order: a sentence for each thing that changed on a day, with the facts
behind it, each cited by document and clause. What has not happened by the date asked about is not told.
"""

from collections.abc import Iterator

from ledger.facts import FacilityTerminated
from projections import words
from projections.answer import Happening, Step
from projections.report import FacilityOn
from projections.standing import not_counted, standing
from projections.states import Day, Default
from projections.telling.ends import EndsTold
from projections.telling.failures import FailuresTold
from projections.telling.grants import GrantsTold


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


# --- the days in their order -----------------------------------------------------------------------------------------


class _Teller(FailuresTold, GrantsTold, EndsTold):
    """Tells of a day what there is to tell, in its order."""

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
        yield from self._withdrawn(day)
        if day.legal[self.on.name] == "closed" != self._legal:
            ended = self.on.timeline.world.terminations[self.on.name]
            assert isinstance(ended.fact, FacilityTerminated)
            ground = words.plain(ended.fact.ground)
            yield self._step(day, "closed", f"{self.on.name} was closed on {day.day}: {ground}", [ended.position])
        self._defaults, self._grants, self._legal = defaults, grants, day.legal[self.on.name]
        self._accelerated = day.accelerations.get(self.on.name)

    def _new(self, key: str, default: Default) -> bool:
        before = self._defaults.get(key)
        return default.state != "cured" and (before is None or before.state == "cured")
