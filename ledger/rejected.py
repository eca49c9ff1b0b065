"""The only refusal (a fact or a request this ledger cannot take) and the only fault (a store that cannot be used)."""

from collections.abc import Sequence
from dataclasses import dataclass


def installing(extra: str) -> str:
    """How an extra is installed, as README installs the rest."""
    return f"pip install -e '.[{extra}]' at the root of the checkout"


@dataclass(frozen=True, slots=True)
class Because:
    """The recorded fact that forbids something: where it stands in the log and from when it holds."""

    position: int
    event: str
    effective: str | None

    def __str__(self) -> str:
        """The fact in a few words."""
        dated = f", effective {self.effective}" if self.effective else ""
        return f"{self.event} at position {self.position}{dated}"


class Rejected(Exception):  # noqa: N818  (the name is the sentence: the fact was rejected)
    """What was asked, what forbids it, what to do. Nothing was recorded.

    `code` is stable and for programs; the rest are sentences for people. `where` is the file and line, if there is one;
    `index` that of the fact refused, counted from 0, among those that were to be recorded together.
    """

    def __init__(
        self, code: str, asked: str, *, remedy: str, forbidden_by: Because | str | None = None, where: str | None = None
    ) -> None:
        super().__init__(code, asked, remedy)
        self.code = code
        self.asked = asked
        self.forbidden_by = forbidden_by
        self.remedy = remedy
        self.where = where
        self.index: int | None = None

    def at(self, where: str) -> "Rejected":
        """The same refusal, with the place in a file that it is about."""
        placed = Rejected(self.code, self.asked, remedy=self.remedy, forbidden_by=self.forbidden_by, where=where)
        placed.index = self.index
        return placed

    def __str__(self) -> str:
        """The refusal as a paragraph."""
        place = f"{self.where}: " if self.where else ""
        forbidden = f" {self.forbidden_by} forbids it." if isinstance(self.forbidden_by, Because) else ""
        forbidden = f" {self.forbidden_by}" if isinstance(self.forbidden_by, str) else forbidden
        return f"{place}{self.asked}{forbidden} {self.remedy} [{self.code}]"


class SeveralRejected(Rejected):
    """Several facts of one call were refused; each has its own refusal, in the order in which they were decided."""

    def __init__(self, refusals: Sequence[Rejected]) -> None:
        super().__init__(
            "several_rejected",
            f"{len(refusals):,} facts were refused, and nothing was recorded.",
            remedy="Correct them, and record again.",
        )
        self.refusals = tuple(refusals)
        self.index = refusals[0].index

    def __str__(self) -> str:
        """The refusals, a line each, and their number."""
        return "\n".join([*map(str, self.refusals), super().__str__()])


class StoreUnusable(Exception):  # noqa: N818  (named for what is the matter, like Rejected)
    """The database cannot be used: not there, not ours, not writable, busy, damaged. Nothing was recorded."""

    def __init__(self, code: str, asked: str, *, remedy: str) -> None:
        super().__init__(code, asked, remedy)
        self.code = code
        self.asked = asked
        self.remedy = remedy

    def __str__(self) -> str:
        """The fault as a paragraph."""
        return f"{self.asked} {self.remedy} [{self.code}]"
