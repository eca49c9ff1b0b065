"""The oracle by night: whole records drawn at random, derived twice at every position.

    python -m tests.oracle.night --cases 5000 --seed 1

Several can run at once, each from a seed of its own. Cases come in batches; a night that was broken off goes on with
`--from-batch`. A case on which the two derivations disagree is made short by leaving facts out, and is printed as a
record; the night goes on. Cases that came up before are not counted.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import click
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ledger.facts import Standing, as_record
from tests.oracle.strategies import in_an_order_that_is_accepted, logs
from tests.oracle.test_agreement import IN_A_BATCH, STANDINGS, agree
from tests.spec import Log

BATCHES_A_LINE = 10


@dataclass
class Night:
    """What was tried so far, and on how many cases the two derivations disagreed."""

    cases: int = 0
    positions: int = 0
    disagreements: int = 0
    seen: set[tuple[bytes, ...]] = field(default_factory=set)

    def __str__(self) -> str:
        return f"{self.cases:,} cases at {self.positions:,} positions, {self.disagreements} disagreements"

    def batch(self, of: str) -> None:
        """Try the cases of a batch."""
        drawn = settings(max_examples=IN_A_BATCH, phases=[Phase.generate], deadline=None, database=None)
        drawn = settings(drawn, suppress_health_check=list(HealthCheck))
        seed(of)(drawn(given(logs(), st.sampled_from(STANDINGS))(self.case)))()

    def case(self, log: Log, standing: Standing) -> None:
        """Derive a case at every position, up to one at which the two disagree."""
        said = tuple(record.leaf_hash for record in log)
        if said in self.seen:
            return
        self.seen.add(said)
        self.cases += 1
        for position in range(1, len(log) + 1):
            self.positions += 1
            if disagreement(log[:position], standing) is not None:
                self.disagreements += 1
                short = shortened(log[:position], lambda shorter: disagreement(shorter, standing) is not None)
                click.echo(f"\n{disagreement(short, standing)}\n{as_lines(short)}")
                return


def disagreement(log: Log, standing: Standing) -> str | None:
    """What the two derivations disagree on, if they do; an error of either is one, too."""
    try:
        agree(log, standing)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def shortened(log: Log, disagree: Callable[[Log], bool]) -> Log:
    """A log on which the two disagree, without the facts that can be left out of it."""
    for left_out in reversed(log):
        shorter = in_an_order_that_is_accepted(record.fact for record in log if record is not left_out)
        if disagree(shorter):
            return shortened(shorter, disagree)
    return log


def as_lines(log: Log) -> str:
    """A log as a record writes it, a line for each fact."""
    said = (as_record(record.fact.model_copy(update={"known_at": None})) for record in log)
    return "\n".join(f"- {json.dumps(each)}" for each in said)


@click.command()
@click.option("--cases", default=10_000, show_default=True, help="How many cases to try.")
@click.option("--seed", "chosen", default=1, show_default=True, help="What the cases are drawn from.")
@click.option("--from-batch", default=0, help="The first batch to try; those before it were tried already.")
def main(cases: int, chosen: int, from_batch: int) -> None:
    """Derive so many records drawn at random at every position; exit with 1 if the two derivations disagree."""
    night = Night()
    for number in count(from_batch):
        night.batch(f"{chosen}.{number}")
        done = night.cases >= cases
        if done or number % BATCHES_A_LINE == BATCHES_A_LINE - 1:
            click.echo(f"seed {chosen}, batches {from_batch} to {number}: {night}")
        if done:
            sys.exit(1 if night.disagreements else 0)


if __name__ == "__main__":
    main()
