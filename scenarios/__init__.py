"""Facts assumed, never stored: what-ifs on top of a prefix of a ledger; and the Lexington record."""

from scenarios.answered import Answered
from scenarios.assume import WhatIf, assume, what_if
from scenarios.axes import Axis, every, every_day
from scenarios.compare import Comparison, Difference
from scenarios.contagion import Contagion, Cover, fewest_waivers, least_that_brings_down
from scenarios.fall import Fall
from scenarios.over_time import Cost, OverTime, Stretch
from scenarios.script import Ask, Script
from scenarios.sweep import Sweep, Swept, sweep

__all__ = [
    "Answered",
    "Ask",
    "Axis",
    "Comparison",
    "Contagion",
    "Cost",
    "Cover",
    "Difference",
    "Fall",
    "OverTime",
    "Script",
    "Stretch",
    "Sweep",
    "Swept",
    "WhatIf",
    "assume",
    "every",
    "every_day",
    "fewest_waivers",
    "least_that_brings_down",
    "sweep",
    "what_if",
]
