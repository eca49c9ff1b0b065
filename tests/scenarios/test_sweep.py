"""Sweeps: every combination, on one process, on several, or on a cluster; kept, broken off, and gone on with."""

import csv
import datetime as dt
import json
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from ledger.facts.terms import RateStep
from ledger.rejected import Rejected
from scenarios.assume import WhatIf
from scenarios.axes import Axis, Chosen, Indexed, Moved, Wandering, every, every_day
from scenarios.kept import KeptInParquet
from scenarios.script import Ask
from scenarios.steps import Shift
from scenarios.sweep import Row, Sweep, sweep
from tests.desk.conftest import Desk
from tests.projections.asking import prefix
from tests.scenarios.conftest import SUIT
from tests.spec import facts

AUGUST, YEAR_END = dt.date(2001, 8, 1), dt.date(2001, 12, 31)
ASK = Ask(on=(AUGUST,), cost_through=YEAR_END)
LEVELS = (Decimal("0.06"), Decimal("0.07"))


def mills(what_if: WhatIf, days: int = 3) -> Sweep:
    """The day of the suit by the level of prime."""
    what_if.assume(*facts(SUIT))
    act_on = every_day(dt.date(2001, 7, 31), dt.date(2001, 7, 31) + dt.timedelta(days=days - 1))
    return sweep(what_if, ASK, act_on=act_on, prime=LEVELS)


# --- axes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "last", "expected"),
    [
        ("1 day", "2001-02-02", ["2001-01-31", "2001-02-01", "2001-02-02"]),
        ("2 weeks", "2001-02-28", ["2001-01-31", "2001-02-14", "2001-02-28"]),
        ("1 month", "2001-03-31", ["2001-01-31", "2001-02-28", "2001-03-31"]),
        ("1 year", "2001-12-31", ["2001-01-31"]),
        ("1 day", "2001-01-30", []),
    ],
)
def test_dates_go_from_the_first_through_the_last(length: str, last: str, expected: list[str]) -> None:
    days = every(length, dt.date(2001, 1, 31), dt.date.fromisoformat(last))
    assert [day.isoformat() for day in days] == expected


def path(axis: Axis, number: int) -> Sequence[RateStep]:
    (step,) = axis.steps[number]
    assert isinstance(step, Shift)
    assert step.path is not None
    return step.path


def wandering(seed: int) -> Axis:
    data = {"index": "prime", "paths": 20, "start": "0.0050", "step": "0.0025", "every": "1 month"}
    return Wandering.model_validate({**data, "seed": seed, "from": "2001-01-01", "through": "2001-12-01"}).axis


@having(st.integers(0, 10**9))
def test_a_seed_gives_the_same_paths_in_steps_from_the_start_and_none_below_zero(seed: int) -> None:
    axis = wandering(seed)
    assert axis == wandering(seed)
    for number in range(len(axis)):
        rates = [step.rate for step in path(axis, number)]
        assert rates[0] == Decimal("0.0050")
        assert len(rates) == 12
        assert min(rates) >= 0
        assert {abs(after - before) for before, after in pairwise(rates)} <= {Decimal(0), Decimal("0.0025")}


def test_another_seed_gives_other_paths() -> None:
    assert wandering(1) != wandering(2)
    rates = [str(step.rate) for step in path(wandering(1), 0)]
    assert rates[:6] == ["0.0050", "0.0025", "0.0050", "0.0025", "0.0025", "0"]


def test_axes_are_dates_levels_and_choices(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    swept = Sweep(
        mill,
        {
            "until": Moved.model_validate(
                {"move": {"waiver": "w"}, "date": "ends[0].until", "to": ["2001-07-01", "2002-01-01"]}
            ).axis,
            "more": Indexed.model_validate({"index": "prime", "by": ["0", "0.01"], "from": "2001-04-01"}).axis,
            "by": Chosen.model_validate(
                {"choices": {"nobody": [], "trustee": list(facts(SUIT.replace("suit", "b")))}}
            ).axis,
        },
        Ask(on=(AUGUST,)),
    )
    assert len(swept) == 8
    assert swept.labels(5) == {"until": dt.date(2002, 1, 1), "more": Decimal("0"), "by": "trustee"}
    assert [len(swept.steps(number)) for number in range(8)] == [2, 3, 2, 3, 2, 3, 2, 3]
    assert {row.legal for row in swept.run().rows if row.facility == "line"} == {"event_of_default"}


def test_a_name_that_is_neither_an_index_nor_the_date_of_an_act_is_refused(mill: WhatIf) -> None:
    with pytest.raises(Rejected, match="axis_unknown"):
        sweep(mill, ASK, act_on=[AUGUST])
    with pytest.raises(Rejected, match="axis_unknown"):
        sweep(mill, ASK, libor=LEVELS)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_a_row_is_what_a_comparison_of_that_branch_says(mill: WhatIf) -> None:
    swept = mills(mill)
    rows = swept.run().rows
    assert len(rows) == 3 * 2 * 2 * 2
    for number in range(len(swept)):
        branch = mill.branch()
        branch.do(swept.steps(number))
        compared = branch.compare(AUGUST)
        costs = {cost.facility: cost.cost for cost in branch.over_time(YEAR_END, YEAR_END).costs}
        for row in rows:
            if (row.branch, row.on) == (number, AUGUST):
                answer = compared.as_would_be.facility(row.facility)
                assert (row.legal, row.rate, row.total) == (answer.legal, answer.rate.charged, answer.obligations.total)
                assert row.cost is None
                watched = {"legal", "rate charged", "total"}
                assert row.differs == any(
                    each.what in watched for each in compared.differences if each.facility == row.facility
                )
            elif row.branch == number:
                assert row.cost == costs.get(row.facility, Decimal("0.00"))


def test_the_day_of_the_suit_is_the_first_day_down(mill: WhatIf) -> None:
    grid = mills(mill).run().grid("act_on", "prime", "line", AUGUST)
    assert {str(day): grid[day, LEVELS[0]].legal for day, _ in grid} == {
        "2001-07-31": "event_of_default",
        "2001-08-01": "event_of_default",
        "2001-08-02": "waived",
    }


def test_costs_are_spread_over_the_branches(mill: WhatIf) -> None:
    swept = Sweep(mill, {"path": wandering(7)}, Ask(cost_through=YEAR_END))
    (spread,) = swept.run().distributions()
    costs = sorted(row.cost for row in swept.run().rows if row.facility == "notes" and row.cost is not None)
    assert (spread.facility, spread.branches, spread.least, spread.most) == ("notes", 20, costs[0], costs[-1])
    assert spread.least <= spread.quarter <= spread.half <= spread.three_quarters <= spread.most
    assert spread.mean == (sum(costs, Decimal(0)) / 20).quantize(Decimal("0.01"))


def test_a_branch_that_cannot_be_assumed_is_named_by_its_values(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    swept = sweep(mill, ASK, act_on=[AUGUST, dt.date(1999, 1, 1)])
    with pytest.raises(Rejected) as refused:
        swept.run()
    assert str(refused.value).startswith(
        "with act_on 1999-01-01: ActTaken is effective 1999-01-01, before the facility"
    )


# --- in parallel, kept, broken off -----------------------------------------------------------------------------------


def test_processes_threads_and_one_after_another_give_the_same_rows(mill: WhatIf) -> None:
    swept = mills(mill)
    alone = swept.run().rows
    assert swept.run(workers=2).rows == alone
    with ThreadPoolExecutor(2) as threads:
        assert swept.run(executor=threads).rows == alone


def test_a_sweep_can_be_sent_to_another_process(mill: WhatIf) -> None:
    swept = mills(mill)
    swept.prepare()
    sent = pickle.loads(pickle.dumps(swept))
    assert sent.fingerprint == swept.fingerprint
    assert sent.run().rows == swept.run().rows


@pytest.mark.filterwarnings("ignore")  # Dask warns of ports and of its own parts
def test_a_dask_cluster_gives_the_same_rows(mill: WhatIf) -> None:
    distributed = pytest.importorskip("distributed")
    swept = mills(mill)
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert swept.run(executor=client.get_executor()).rows == swept.run().rows


def test_progress_is_told_of_every_portion(mill: WhatIf) -> None:
    told: list[tuple[int, int]] = []
    mills(mill).run(progress=lambda done, of: told.append((done, of)))
    assert told == [(number, 6) for number in range(1, 7)]


@having(st.integers(0, 20_000))
def test_portions_hold_every_branch_once(length: int) -> None:
    axis = Axis(tuple(range(length)), ((),) * length)
    chunks = Sweep(WhatIf(prefix(())), {"a": axis}, ASK).chunks
    assert [number for chunk in chunks for number in chunk] == list(range(length))
    assert all(len(chunk) <= 100 for chunk in chunks)


class Interrupted(Exception):  # noqa: N818  (what happened)
    pass


def test_what_is_kept_is_read_back_and_what_was_broken_off_goes_on(mill: WhatIf, tmp_path: Path) -> None:
    swept, folder = mills(mill), tmp_path / "kept"
    alone = swept.run()

    def interrupt(done: int, _: int) -> None:
        if done == 4:
            raise Interrupted

    with pytest.raises(Interrupted):
        swept.run(kept=KeptInParquet(folder, swept), progress=interrupt)
    assert len(list(folder.glob("*.parquet"))) == 4
    derived: list[int] = []
    again = swept.run(kept=KeptInParquet(folder, swept), progress=lambda done, _: derived.append(done))
    assert derived == [5, 6]
    assert again.rows == alone.rows
    assert again.as_json() == alone.as_json()


def test_kept_rows_are_a_data_set_with_the_axes_as_columns(mill: WhatIf, tmp_path: Path) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    swept = mills(mill)
    swept.run(kept=KeptInParquet(tmp_path, swept))
    table = dataset.dataset(tmp_path, format="parquet", exclude_invalid_files=True).to_table()
    assert table.column_names == ["act_on", "prime", *Row._fields]
    records = sorted(table.to_pylist(), key=lambda each: (each["branch"], each["on"], each["facility"]))
    expected = sorted(swept.run().records(), key=lambda each: (each["branch"], each["on"], each["facility"]))
    assert records == expected


def test_a_folder_of_another_sweep_is_left_alone(mill: WhatIf, tmp_path: Path) -> None:
    swept = mills(mill)
    swept.run(kept=KeptInParquet(tmp_path, swept))
    other = sweep(mill, Ask(on=(YEAR_END,)), prime=LEVELS)
    with pytest.raises(Rejected) as refused:
        KeptInParquet(tmp_path, other)
    assert str(refused.value) == (
        f"The sweep is to be kept in {tmp_path}. It holds another sweep: other axes, another question, or another "
        "state of the ledger. Keep it in a folder of its own. [another_sweep]"
    )
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear Sirs\n")
    with pytest.raises(Rejected, match="The folder holds something else"):
        KeptInParquet(tmp_path / "mine", swept)


# --- at the desk -----------------------------------------------------------------------------------------------------

SWEEP = """
assume:
  - {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: holder, seeks: enforcement}
vary:
  act_on: {move: {act: suit}, every: 1 day, from: 2001-07-31, through: 2001-08-02}
  prime: {index: prime, to: ["0.06", "0.07"], from: 2001-07-01}
ask:
  on: 2001-08-01
  cost_through: 2001-12-31
"""


def test_a_sweep_is_summed_up_and_told_row_by_row(mill_desk: Desk) -> None:
    mill_desk.write("swept.yaml", SWEEP)
    table = mill_desk("sweep swept.yaml", COLUMNS="200").stdout
    assert "6 branches  act on (3) × prime (2)" in table
    assert "Event of Default 4 · waived 2" in table
    rows = mill_desk("sweep swept.yaml --format json --workers 2").data
    assert [json.loads(line) for line in mill_desk("sweep swept.yaml --format jsonl").stdout.splitlines()] == rows
    told = list(csv.DictReader(mill_desk("sweep swept.yaml --format csv").stdout.splitlines()))
    assert [(row["act_on"], row["prime"], row["legal"]) for row in told] == [
        (row["act_on"], row["prime"], row["legal"]) for row in rows
    ]


@pytest.mark.parametrize("value", ["legal", "cost"])
def test_a_heat_map_has_a_field_for_each_combination(mill_desk: Desk, value: str) -> None:
    mill_desk.write("swept.yaml", SWEEP)
    facility = "line" if value == "legal" else "notes"
    drawn = mill_desk(f"sweep swept.yaml --format svg --facility {facility} --value {value}").stdout
    assert drawn.count("act on 2001-") == 6
    outcome = mill_desk("sweep swept.yaml --format svg")
    assert outcome.stderr == (
        "A heat map shows one facility, and 2 are asked about. Name one with --facility: notes, line. [one_facility]\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SUIT, "A sweep is asked for, and the scenario varies nothing. Write under `vary` what is to vary, such as "
         "prime: {index: prime, to: [...]}. [nothing_varied]\n"),
        ("vary: {prime: {index: prime, to: ['0.06']}}\nask: {over: {from: 2001-01-01, through: 2001-02-01}}\n",
         "A sweep asks on dates, and the scenario asks about none. Write `on` or `cost_through` under `ask`, or give "
         "--on. [no_date_asked]\n"),
    ],
)  # fmt: skip
def test_a_scenario_that_is_no_sweep_is_told(mill_desk: Desk, text: str, message: str) -> None:
    mill_desk.write("swept.yaml", text)
    outcome = mill_desk("sweep swept.yaml")
    assert (outcome.code, outcome.stderr) == (2, message)


def test_a_cluster_that_is_not_there_is_told(mill_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mill_desk.write("swept.yaml", SWEEP)
    outcome = mill_desk("sweep swept.yaml --dask nonsense://nowhere")
    assert outcome.code == 2
    assert outcome.stderr.startswith("The sweep is to be run on the Dask cluster at nonsense://nowhere.")
    assert outcome.stderr.endswith("[no_cluster]\n")
