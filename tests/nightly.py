"""How hard the tests try, and what they tell of it.

`ASOF_NIGHTLY=1` lets them try for hours. Where something is tried at random, the seed is printed, and `ASOF_SEED` takes
up a case again.
"""

import os
import random

IS_NIGHTLY = bool(os.environ.get("ASOF_NIGHTLY"))


def rounds(by_day: int, by_night: int) -> int:
    """How often something is tried."""
    return by_night if IS_NIGHTLY else by_day


def chance(of: str) -> random.Random:
    """A source of chance, whose seed is printed with what it is for: pytest shows it where the test fails."""
    seed = int(os.environ.get("ASOF_SEED") or random.SystemRandom().randrange(2**32))
    print(f"ASOF_SEED={seed} for {of}")  # noqa: T201  (told, so that a case can be kept)
    return random.Random(seed)
