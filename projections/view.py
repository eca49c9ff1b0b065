"""A view: a prefix of the log seen on a date. What every answer is read from."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ledger.facts import Standing
from ledger.records import Prefix
from projections.answer import Because, Finding, Known, Reason
from projections.findings import group_findings, ledger_findings
from projections.history import History, in_force
from projections.timeline import Timeline, derive
from projections.world import World, groups


@dataclass(frozen=True)
class View:
    """What was known at a moment, seen on a date. Each derivation is made once, when an answer first needs it.

    `standing` is the lowest that counts; `as_stood` leaves out papers that had not been executed by the date.
    """

    prefix: Prefix
    as_of: dt.date
    standing: Standing = "inferred"
    as_stood: bool = False

    @cached_property
    def history(self) -> History:
        """The facts in force."""
        stood = self.as_of if self.as_stood else None
        return in_force(self.prefix.records, standing=self.standing, as_stood_on=stood)

    @cached_property
    def known(self) -> Known:
        """The name of the prefix."""
        return Known(position=self.prefix.position, at=self.prefix.known_at, root=self.prefix.root.hex())

    @cached_property
    def timelines(self) -> dict[str, Timeline]:
        """The timeline of each facility's group, by facility, in the order of first opening."""
        return _by_facility(self.history)

    @cached_property
    def timelines_ahead(self) -> dict[str, Timeline]:
        """The same as if nothing happened after the date: the facts effective later are not counted."""
        ahead = self.history.until(self.as_of)
        return self.timelines if ahead.entries == self.history.entries else _by_facility(ahead)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding dated on or before the date, in the order of their dates."""
        found = ledger_findings(self.history, self.outstanding)
        for timeline in {id(each): each for each in self.timelines.values()}.values():
            found += group_findings(timeline)
        dated = {finding: None for finding in found if finding.on <= self.as_of}
        return tuple(
            sorted(dated, key=lambda finding: (finding.on, finding.code, finding.facility or "", finding.facts))
        )

    def outstanding(self, facility: str, day: dt.date) -> Decimal | None:
        """The principal of a facility outstanding on a day, as far as it is stated."""
        timeline = self.timelines.get(facility)
        if timeline is None or timeline.world.openings[facility].effective > day:
            return None
        return timeline.books[facility].on(day).outstanding

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


def _by_facility(history: History) -> dict[str, Timeline]:
    derived = {group: derive(World.of(history, group)) for group in groups(history)}
    order = {facility: group for group in derived for facility in group}
    opened = [facility for group in derived for facility in derived[group].world.openings]
    return {facility: derived[order[facility]] for facility in opened}
