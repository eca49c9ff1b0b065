"""Sweeps at the desk: a scenario with what it varies, run here or on a cluster; its rows, and its heat map."""

import csv
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.asked import Posed, assumed
from desk.drawing import Drawing
from desk.drawing.heat_map import Cell, heat_map
from desk.progress import SearchProgress
from desk.scripts import Scenario
from ledger.rejected import Rejected, installing
from scenarios.kept import KeptInParquet
from scenarios.script import Ask
from scenarios.sweep import Row, Sweep, Swept


@dataclass(frozen=True)
class Sweeping:
    """A sweep to be run."""

    sweep: Sweep

    @classmethod
    def of(cls, scenario: Scenario, posed: Posed, facilities: Iterable[str] = ()) -> "Sweeping":
        """The sweep of a scenario, of the facilities that it asks about or of those named.

        Raises Rejected (`nothing_varied`, `no_date_asked`, `facility_not_found`) and RecordFaults.
        """
        vary, ask = scenario.script.vary, posed.ask
        if vary is None:
            raise Rejected(
                "nothing_varied",
                "A sweep is asked for, and the scenario varies nothing.",
                remedy="Write under `vary` what is to vary, such as prime: {index: prime, to: [...]}.",
            )
        if ask.on is None and ask.cost_through is None:
            raise Rejected(
                "no_date_asked",
                "A sweep asks on dates, and the scenario asks about none.",
                remedy="Write `on` or `cost_through` under `ask`, or give --on.",
            )
        asked = Ask(on=ask.on, cost_through=ask.cost_through, facilities=tuple(facilities) or ask.facilities)
        sweep = Sweep(assumed(scenario, posed), {name: axis.axis for name, axis in vary.items()}, asked)
        sweep.what_if.named(sweep.days[-1], asked.facilities)
        return cls(sweep)

    def run(self, *, workers: int, executor: Executor | None, keep: Path | None) -> Swept:
        """Its rows, with a bar on a terminal. Raises Rejected as `Sweep.run` and `KeptInParquet` do."""
        kept = None if keep is None else KeptInParquet(keep, self.sweep)
        with SearchProgress("Branches") as progress:
            return self.sweep.run(workers=workers, executor=executor, kept=kept, progress=progress.done)


@contextmanager
def executor_of(address: str | None) -> Iterator[Executor | None]:
    """The executor of the Dask cluster at an address; none without. Raises Rejected (`extra_missing`, `no_cluster`)."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise Rejected(
            "extra_missing",
            "The sweep is to be run on a Dask cluster.",
            forbidden_by="The package distributed is not installed.",
            remedy=f"Run {installing('sweeps')}.",
        ) from None
    try:
        client = Client(address, timeout="10s")  # type: ignore[no-untyped-call]  # it is typed in part
    except (OSError, ValueError) as fault:
        raise Rejected(
            "no_cluster",
            f"The sweep is to be run on the Dask cluster at {address}.",
            forbidden_by=f"No scheduler answers there: {fault}.",
            remedy="Start one with `dask scheduler`, and give its address, such as tcp://127.0.0.1:8786.",
        ) from None
    with client:
        yield client.get_executor()  # type: ignore[no-untyped-call]  # likewise


def swept_csv(swept: Swept) -> str:
    """The rows as CSV, the values of the axes first."""
    written = io.StringIO()
    rows = csv.DictWriter(written, [*swept.sweep.axes, *Row._fields], lineterminator="\n")
    rows.writeheader()
    rows.writerows(swept.as_json())
    return written.getvalue()


def heat_map_of(swept: Swept, value: str) -> Drawing:
    """One facility on the last date asked about, over the first two axes, or over one.

    Raises Rejected (`one_facility`) where more than one was asked about.
    """
    sweep = swept.sweep
    if len(sweep.facilities) != 1:
        raise Rejected(
            "one_facility",
            f"A heat map shows one facility, and {len(sweep.facilities)} are asked about.",
            remedy=f"Name one with --facility: {', '.join(sweep.facilities)}.",
        )
    (facility,), on = sweep.facilities, sweep.days[-1]
    across, *others = sweep.axes
    down = others[0] if others else ""
    rows = swept.grid(across, down or across, facility, on)
    columns = list(dict.fromkeys(str(label) for label in sweep.axes[across].labels))
    beside = list(dict.fromkeys(str(label) for label in sweep.axes[down].labels)) if down else [facility]
    cells: dict[tuple[str, str], Cell] = {
        (str(left), str(right) if down else facility): getattr(row, value) for (left, right), row in rows.items()
    }
    title = f"{value} of {facility} on {on} by {' and '.join(sweep.axes)}"
    return heat_map("sweep", title, (across.replace("_", " "), columns), (down.replace("_", " "), beside), cells)
