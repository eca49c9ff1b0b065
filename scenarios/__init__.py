"""Facts assumed, never stored: what-ifs on top of a prefix of a ledger; and the Lexington record."""

from scenarios.compare import Comparison, Difference
from scenarios.what_if import WhatIf, what_if

__all__ = ["Comparison", "Difference", "WhatIf", "what_if"]
