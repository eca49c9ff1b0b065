"""The path of a fall: which fact made which clause a Default, which waiver that ended, and what followed from that."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from ledger.facts.terms import CrossAccelerationClause, CrossDefaultClause
from projections.answer import Answer
from projections.report import FacilityOn
from projections.states import Default, GrantState, Legal
from projections.view import View
from projections.words import LEGAL

Kind = Literal["fact", "removed", "clause", "default", "waiver", "status"]

How = Literal["falls under", "makes", "ends", "no longer covers", "would have covered"]


class Stop(Answer):
    """A place on the path. `name` is unique; `title` and `note` say in a few words what stands there."""

    name: str
    kind: Kind
    title: str
    note: str
    facility: str | None = None
    on: dt.date | None = None
    legal: Legal | None = None
    assumed: bool = False

    def __str__(self) -> str:
        """What stands there."""
        return f"{self.title} ({'assumed: ' if self.assumed else ''}{self.note})"


class Way(Answer):
    """What leads from one place to the next, and how."""

    from_: str = Field(alias="from")
    to: str
    how: How


@dataclass(frozen=True)
class Fall:
    """How a facility came to be in Event of Default or accelerated: a graph from facts to its status."""

    stops: tuple[Stop, ...]
    ways: tuple[Way, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {"stops": [stop.as_json() for stop in self.stops], "ways": [way.as_json() for way in self.ways]}

    def __str__(self) -> str:
        """The path in lines, each as far as one step leads on from another; what stands at a place is said once."""
        at, said = {stop.name: stop for stop in self.stops}, set[str]()

        def told(name: str) -> str:
            first = name not in said
            said.add(name)
            return str(at[name]) if first else at[name].title

        lines: list[str] = []
        here = None
        for way in self.ways:
            if way.from_ != here:
                lines.append(told(way.from_))
            lines[-1] += f" → {way.how} → {told(way.to)}"
            here = way.to
        return "\n".join(lines)


def fall_of(as_would_be: View, facilities: Iterable[str], as_is: View, head: int) -> Fall:
    """The path to the statuses of facilities on a date, through others where it leads through them.

    `as_is` is the same without what brings them down: a waiver that is assumed away is looked up there. `head` is the
    last position of the ledger.
    """
    path = _Path(as_would_be, as_is, head)
    for facility in facilities:
        path.to_status(facility)
    return Fall(tuple(path.stops.values()), tuple(path.ways))


@dataclass
class _Path:
    """A path while it is followed backwards, from statuses to facts; each place is come to once."""

    view: View
    as_is: View
    head: int
    stops: dict[str, Stop] = field(default_factory=dict)
    ways: dict[Way, None] = field(default_factory=dict)

    def to_status(self, facility: str) -> None:
        """Follow what led to the status of a facility."""
        on = self._on(facility)
        legal = on.day.legal[facility]
        here = f"status {facility}"
        self._new(Stop(name=here, kind="status", title=facility, note=LEGAL[legal], facility=facility, legal=legal))
        acceleration = on.day.accelerations.get(facility)
        if legal != "accelerated" or acceleration is None:
            for default in on.defaults:
                if default.state in ("continuing", "grace", "forborne"):
                    self._way(self._to_default(on, default), "makes", here)
        elif acceleration.kind == "act":
            for entry in acceleration.root.entries:
                self._way(self._to_fact(entry.position), "makes", here)
        else:
            for default in on.defaults:
                if default.root == acceleration.root and default.key.clause == acceleration.by:
                    self._way(self._to_default(on, default), "makes", here)

    def _to_default(self, on: FacilityOn, default: Default) -> str:
        here, cause = str(default.key), default.key.cause
        since = default.matures if default.event_of_default else default.arose
        note = f"{'Event of Default' if default.event_of_default else 'Default'} since {since}"
        title = f"{on.name}: {' '.join(str(part) for part in (cause.name, cause.on) if part is not None)}"
        if self._new(Stop(name=here, kind="default", title=title, note=note, facility=on.name, on=since)):
            clause, kind = f"clause {on.name}/{default.key.clause}", default.clause.value.kind.replace("_", " ")
            title = f"{on.name}: {default.key.clause}"
            self._new(Stop(name=clause, kind="clause", title=title, note=f"{kind} clause", facility=on.name))
            for origin in self._origins(on, default):
                self._way(origin, "falls under", clause)
            self._way(clause, "makes", here)
            for state in _last_to_end(on.no_longer_covering(default)):
                self._way(self._to_waiver(on, state), "no longer covers", here)
            for removed in self._removed(on, default):
                self._way(removed, "would have covered", here)
        return here

    def _origins(self, on: FacilityOn, default: Default) -> Iterator[str]:
        """What falls under the clause of a Default: an Event of Default elsewhere, else the facts of its cause."""
        clause = default.clause.value
        elsewhere = []
        if isinstance(clause, CrossDefaultClause | CrossAccelerationClause):
            debts = (self._on(debt) for debt in sorted(on.timeline.world.named_by(clause, on.name) - {on.name}))
            elsewhere = [(there, each) for there in debts for each in there.defaults if _reaches(each, default)]
        if elsewhere:
            yield from (self._to_default(there, each) for there, each in elsewhere)
        else:
            yield from (self._to_fact(entry.position) for entry in default.root.entries)

    def _to_waiver(self, on: FacilityOn, state: GrantState) -> str:
        ended, name = state.ended, state.granted.name
        assert ended is not None
        here = f"waiver {name}"
        note = f"{ended.how} on {ended.when.day}"
        if self._new(Stop(name=here, kind="waiver", title=name, note=note, facility=on.name, on=ended.when.day)):
            defaults = [default for default in on.defaults if str(default.key) == ended.by]
            others = [each for each in on.day.grants if each.granted.name == ended.by and each.ended is not None]
            for default in defaults:
                self._way(self._to_default(on, default), "ends", here)
            for other in others:
                self._way(self._to_waiver(self._on(other.granted.fact.facility), other), "ends", here)
            if not defaults and not others:
                for position in ended.positions:
                    if position not in state.granted.positions:
                        self._way(self._to_fact(position), "ends", here)
        return here

    def _removed(self, on: FacilityOn, default: Default) -> Iterator[str]:
        """The waivers that are assumed away and that cover a Default as it is."""
        timeline = self.as_is.timelines.get(on.name)
        there = timeline.on(self.as_is.as_of).defaults.get(default.key) if timeline is not None else None
        still = {state.granted.name for state in on.grants}
        for granted in there.covered_by if there is not None and not default.covered_by else ():
            if granted.name not in still:
                here = f"waiver {granted.name}"
                absent = Stop(name=here, kind="removed", title=granted.name, note="not granted", assumed=True)
                self._new(absent)
                yield here

    def _to_fact(self, position: int) -> str:
        entry = self.view.history.by_position[position]
        assumed = position > self.head
        about, here = getattr(entry.fact, "facility", None), f"fact {position}"
        title, note = entry.fact.event, f"{entry.fact.subject.partition('/')[2]}, {entry.effective}"
        self._new(
            Stop(name=here, kind="fact", title=title, note=note, facility=about, on=entry.effective, assumed=assumed)
        )
        return here

    def _on(self, facility: str) -> FacilityOn:
        return FacilityOn(self.view, self.view.timelines[facility], facility)

    def _new(self, stop: Stop) -> bool:
        """Add a place; whether it was not there yet."""
        return self.stops.setdefault(stop.name, stop) is stop

    def _way(self, from_: str, how: How, to: str) -> None:
        self.ways[Way(from_=from_, to=to, how=how)] = None


def _last_to_end(states: Sequence[GrantState]) -> list[GrantState]:
    """The grants that ended on the latest day: with them the last cover went."""
    ends = [state.ended.when.day for state in states if state.ended is not None]
    return [state for state in states if state.ended is not None and state.ended.when.day == max(ends)]


def _reaches(elsewhere: Default, default: Default) -> bool:
    """Whether an Event of Default of another debt is the one that a cross clause passes on."""
    passed_on = elsewhere.key.cause == default.key.cause and elsewhere.event_of_default
    return passed_on and elsewhere.state not in ("waived", "cured")
