"""The oracle by night: whole records drawn at random, derived twice at every position.

    python -m tests.oracle.night --cases 5000 --seed 1

Several can run at once, each from a seed of its own. Cases come in batches; a night that was broken off goes on with
`--from-batch`. A case on which the two derivations disagree is made as short as it goes and printed as a record, and
the night goes on. Cases that came up before are not counted.
"""

import json
import sys
from dataclasses import dataclass, field
from itertools import count

import click
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from ledger.facts import Standing, as_record
from tests.oracle.strategies import logs
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
        """Try the cases of a batch, up to one on which the two disagree."""
        disagreed: list[tuple[Log, Standing]] = []

        @seed(of)
        @settings(
            max_examples=IN_A_BATCH,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(logs(), st.sampled_from(STANDINGS))
        def agree_at_every_position(log: Log, standing: Standing) -> None:
            case = tuple(record.leaf_hash for record in log)
            if case in self.seen:
                return
            for position in range(1, len(log) + 1):
                try:
                    agree(log[:position], standing)
                except Exception:
                    disagreed.append((log[:position], standing))
                    raise
            if not disagreed:
                self.seen.add(case)
                self.cases, self.positions = self.cases + 1, self.positions + len(log)

        try:
            agree_at_every_position()
        except Exception as error:
            log, standing = disagreed[-1]
            self.disagreements += 1
            click.echo(f"\nThe two disagree, {standing} and above, in batch {of}: {error}")
            for record in log:
                click.echo(json.dumps(as_record(record.fact.model_copy(update={"known_at": None}))))


@click.command()
@click.option("--cases", default=10_000, show_default=True, help="How many cases to try.")
@click.option("--seed", "chosen", default=1, show_default=True, help="What the cases are drawn from.")
@click.option("--from-batch", default=0, help="The first batch to try; those before it were tried already.")
def main(cases: int, chosen: int, from_batch: int) -> None:
    """Derive so many records drawn at random at every position; exit with 1 if the two derivations disagree."""
    night = Night()
    for number in count(from_batch):
        night.batch(f"{chosen}.{number}")
        if night.cases >= cases:
            break
        if number % BATCHES_A_LINE == BATCHES_A_LINE - 1:
            click.echo(f"seed {chosen}, batches {from_batch} to {number}: {night}")
    click.echo(f"seed {chosen}, batches {from_batch} to {number}: {night}")
    sys.exit(1 if night.disagreements else 0)


if __name__ == "__main__":
    main()
