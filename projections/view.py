"""A derivation from a prefix of the log, and a view of it on a date: what every answer is read from."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ledger.facts import Standing
from ledger.records import Prefix
from projections.answer import Because, Finding, Known, Reason
from projections.findings import group_findings, ledger_findings
from projections.history import History, in_force
from projections.timeline import Timeline, derive
from projections.world import World, further_events, groups


@dataclass(frozen=True)
class Derivation:
    """What follows from a prefix of the log, on all dates. Each part is derived once, when it is first needed.

    `standing` is the lowest that counts; with `as_stood_on`, papers not executed by that day are left out.
    """

    prefix: Prefix
    standing: Standing
    as_stood_on: dt.date | None
    like: "Derivation | None" = field(default=None, repr=False, compare=False)
    """Another derivation, of a record much like this one: what the two have in common is taken over from there."""

    @cached_property
    def history(self) -> History:
        """The facts in force."""
        return in_force(self.prefix.records, standing=self.standing, as_stood_on=self.as_stood_on)

    @cached_property
    def timelines(self) -> dict[str, Timeline]:
        """The timeline of each facility's group, by facility."""
        return _by_facility(self.history, {} if self.like is None else self.like.timelines)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, on whatever date, in the order of their dates; none twice."""
        found = ledger_findings(self.history, self.outstanding)
        for timeline in {id(each): each for each in self.timelines.values()}.values():
            found += group_findings(timeline)
        return tuple(sorted(set(found), key=lambda f: (f.on, f.code, f.facility or "", f.facts, f.question)))

    def outstanding(self, facility: str, day: dt.date) -> Decimal | None:
        """The principal of a facility outstanding on a day, as far as it is stated."""
        timeline = self.timelines.get(facility)
        if timeline is None or timeline.world.openings[facility].effective > day:
            return None
        return timeline.books[facility].on(day).outstanding


@dataclass(frozen=True)
class View:
    """A derivation seen on a date."""

    derivation: Derivation
    as_of: dt.date

    @classmethod
    def of(cls, prefix: Prefix, as_of: dt.date, *, standing: Standing = "inferred", as_stood: bool = False) -> "View":
        """A prefix of the log seen on a date; `as_stood` leaves out papers that had not been executed by then."""
        return cls(Derivation(prefix, standing, as_of if as_stood else None), as_of)

    def at(self, day: dt.date) -> "View":
        """The same derivation seen on another date."""
        return View(self.derivation, day)

    @property
    def history(self) -> History:
        """The facts in force."""
        return self.derivation.history

    @property
    def timelines(self) -> dict[str, Timeline]:
        """The timeline of each facility's group, by facility."""
        return self.derivation.timelines

    @cached_property
    def timelines_ahead(self) -> dict[str, Timeline]:
        """The same as if nothing happened after the date: the facts effective later are not counted."""
        ahead = self.history.until(self.as_of)
        return self.timelines if ahead.entries == self.history.entries else _by_facility(ahead)

    @property
    def known(self) -> Known:
        """The name of the prefix."""
        prefix = self.derivation.prefix
        return Known(position=prefix.position, at=prefix.known_at, root=prefix.root.hex())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding dated on or before the date."""
        return tuple(finding for finding in self.derivation.findings if finding.on <= self.as_of)

    def because(self, positions: Iterable[int]) -> Because:
        """The facts at these positions, each once, in the order of the log."""
        return tuple(self._reason(position) for position in sorted(set(positions)))

    def deemed(self, positions: Iterable[int]) -> bool:
        """Whether some of these facts stand in a paper not executed by the date, or whose execution is not stated."""
        entries = (self.history.by_position[position] for position in positions)
        return any(self.history.executed_by(entry, self.as_of) is not True for entry in entries)

    def _reason(self, position: int) -> Reason:
        entry = self.history.by_position[position]
        source = entry.fact.source
        return Reason(
            position=position,
            event=entry.fact.event,
            effective=entry.effective,
            document=source.document if source else None,
            clause=source.clause if source else None,
            standing=entry.fact.standing,
        )


def _by_facility(history: History, like: Mapping[str, Timeline] | None = None) -> dict[str, Timeline]:
    there, further = like or {}, further_events(history)
    alike = {group: next((there[name] for name in group if name in there), None) for group in groups(history)}
    derived = {group: derive(World.of(history, group, further), timeline) for group, timeline in alike.items()}
    order = {facility: group for group in derived for facility in group}
    opened = [facility for group in derived for facility in derived[group].world.openings]
    return {facility: derived[order[facility]] for facility in opened}
