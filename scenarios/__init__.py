"""Facts assumed, never stored: what-ifs on top of a prefix of a ledger; and the Lexington record."""

from scenarios.assume import WhatIf, assume, what_if
from scenarios.compare import Comparison, Difference

__all__ = ["Comparison", "Difference", "WhatIf", "assume", "what_if"]
