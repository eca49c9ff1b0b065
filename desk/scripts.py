"""Scenario files: read, with those that they build on, and told what is wrong with them as record files are.

A file of a scenario is data and nothing else. It names other files only in its own folder and in folders below.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.reading import Fault, RecordFaults, Written, read, read_mapping
from ledger.rejected import Rejected
from scenarios import WhatIf
from scenarios.script import Script
from scenarios.steps import Assumption, Step, Unfit


@dataclass(frozen=True)
class Placed:
    """A step of a scenario, the file that has it, and where it is written there."""

    step: Step
    file: str
    line: int
    written: Written | None = None
    """The whole scenario as its file has it; None for a fact of a record file."""
    place: tuple[str | int, ...] = ()
    """The way to the step in it."""

    def __str__(self) -> str:
        """The place, `suit.yaml:14`."""
        return f"{self.file}:{self.line}"

    def faults(self, unfit: Unfit) -> list[Fault]:
        """What is wrong with the fact that this step would make of another."""
        lines = self.written.lines if self.written is not None else {}
        below = {
            place[len(self.place) + 1 :]: at for place, at in lines.items() if place[: len(self.place)] == self.place
        }
        outcome = Written(self.file, self.line, unfit.data, below).meant(unfit.model)
        assert isinstance(outcome, list)
        return outcome


@dataclass(frozen=True)
class Scenario:
    """A scenario as read: what its file says, and its steps with those of the files that it builds on, in order.

    The steps in `given` are those of scenarios that it takes as given.
    """

    script: Script
    steps: tuple[Placed, ...]
    given: tuple[Placed, ...] = ()

    @classmethod
    def empty(cls) -> "Scenario":
        """One that assumes nothing."""
        return cls(Script(), ())

    def assume_in(self, what_if: WhatIf) -> None:
        """Assume all that it assumes. Raises Rejected and RecordFaults, with the places of steps."""
        if self.given:
            _do(self.given, what_if)
            what_if.take_as_given()
        _do(self.steps, what_if)


def _do(steps: Sequence[Placed], what_if: WhatIf) -> None:
    try:
        what_if.do([placed.step for placed in steps])
    except Rejected as refusal:
        raise (refusal if refusal.index is None else refusal.at(str(steps[refusal.index]))) from None
    except Unfit as unfit:
        raise RecordFaults(steps[unfit.index].faults(unfit)) from None


def read_scenario(file: Path) -> Scenario:
    """The scenario of a file; a record file is one, too, and assumes its facts. Raises RecordFaults with all faults."""
    reading = _Reading(file.resolve().parent)
    scenario = reading.scenario(file, ())
    if scenario is None or reading.faults:
        raise RecordFaults(reading.faults)
    return scenario


class _Reading:
    """One reading of a scenario and of all that it builds on: the faults found, and the files whose steps are in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self._seen: set[Path] = set()

    def scenario(self, file: Path, above: tuple[Path, ...]) -> Scenario | None:
        """The scenario of a file; None where it has faults. `above` are the files that build on it."""
        self._seen.add(file.resolve())
        try:
            written = read_mapping(file) if file.suffix in (".yaml", ".yml") else None
            if written is None:
                facts = (Placed(Assumption(fact=each.fact), each.file, each.line) for each in read([file]))
                return Scenario(Script(), tuple(facts))
        except RecordFaults as unreadable:
            self.faults += unreadable.faults
            return None
        script = written.meant(Script)
        if isinstance(script, list):
            self.faults += script
            return None
        above = (*above, file.resolve())
        given = tuple(self._below(written, script.given.assuming, ("given", "assuming"), file, above))
        below = tuple(self._below(written, script.builds_on, ("builds_on",), file, above))
        own = (
            Placed(step, str(file), written.lines[field, at], written, (field, at)) for field, at, step in script.steps
        )
        return Scenario(script, (*below, *own), given)

    def _below(
        self, written: Written, names: Iterable[str], place: tuple[str, ...], file: Path, above: tuple[Path, ...]
    ) -> Iterator[Placed]:
        """The steps of the scenarios that one names at a place, each scenario once."""
        for number, name in enumerate(names):
            other = file.parent / name
            there = other.resolve()
            if not there.is_relative_to(self.folder):
                refused = "a file outside the folder", "one in the scenario's folder, or below it"
            elif there in above:
                refused = "a scenario that builds on this one", "scenarios that go in no circle"
            else:
                scenario = None if there in self._seen else self.scenario(other, above)
                yield from (*scenario.given, *scenario.steps) if scenario is not None else ()
                continue
            line = written.lines.get((*place, number), written.lines[place])
            self.faults.append(Fault(written.file, line, f"{'.'.join(place)}[{number}]", *refused))
