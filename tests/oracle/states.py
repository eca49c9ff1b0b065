"""What the oracle finds and answers: root causes, Defaults, waivers, and how they stand at the end of a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from ledger.facts import WaiverExtended
from ledger.facts.terms import Clause
from ledger.facts.waivers import Grant
from tests.oracle.entries import Moment

ONE_DAY = dt.timedelta(days=1)


# --- root causes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missed:
    """A payment of one kind, due on a date, was not made."""

    debt: str
    kind: str
    due: dt.date

    def __str__(self) -> str:
        return f"{self.debt}/{self.kind}/{self.due}"


@dataclass(frozen=True)
class Breached:
    """A covenant was not met on a test date."""

    covenant: str
    test_date: dt.date

    def __str__(self) -> str:
        return f"{self.covenant}/{self.test_date}"


@dataclass(frozen=True)
class DeclaredDue:
    """An act made a debt due."""

    act: str

    def __str__(self) -> str:
        return self.act


@dataclass(frozen=True)
class Happened:
    """An event of a kind occurred; one that is not the first of its kind is told apart by its day."""

    kind: str
    further: dt.date | None

    def __str__(self) -> str:
        return self.kind if self.further is None else f"{self.kind}/{self.further}"


@dataclass(frozen=True)
class Declared:
    """The creditor declared a default."""

    default: str

    def __str__(self) -> str:
        return self.default


Cause = Missed | Breached | DeclaredDue | Happened | Declared


# --- how things stand at the end of a day ----------------------------------------------------------------------------


Through = tuple[str, Decimal | None]


@dataclass(frozen=True)
class Default:
    """A Default, with its clause as it is worded; one that was deleted, as it was worded last."""

    facility: str
    clause: Clause
    cause: Cause
    arose: dt.date
    became_event_of_default: dt.date | None = None
    cured_on: dt.date | None = None
    above: frozenset[Through] = frozenset()
    """The debts through which it came or lasted, each with the threshold that it was above when that was tested."""

    @property
    def identity(self) -> str:
        return f"{self.facility}/{self.clause.clause}/{self.cause}"

    @property
    def continues(self) -> bool:
        return self.cured_on is None

    @property
    def is_event_of_default(self) -> bool:
        return self.continues and self.became_event_of_default is not None


GrantState = Literal["not_yet", "pending", "in_force", "rescinded", "expired", "ended", "superseded"]


@dataclass(frozen=True)
class Granted:
    """A waiver or a forbearance, granted at `since`, or granted anew then by an extension that came after its end."""

    grant: Grant
    since: Moment
    state: GrantState = "pending"
    from_: dt.date | None = None
    ended_on: dt.date | None = None
    extension: WaiverExtended | None = None

    @property
    def in_force(self) -> bool:
        return self.state == "in_force"

    @property
    def lives(self) -> bool:
        return self.state in ("pending", "in_force")

    def ending(self, state: GrantState, day: dt.date) -> "Granted":
        return replace(self, state=state, ended_on=day)


class FallenDue(NamedTuple):
    """A facility whose debt fell due by a clause that accelerates, without any act, and what brought that about."""

    facility: str
    cause: Cause
    clause: str
    since: dt.date


@dataclass(frozen=True)
class Day:
    """How things stand at the end of a day."""

    defaults: Mapping[str, Default] = field(default_factory=dict)
    """Every Default that ever arose, by identity, cured ones among them."""
    grants: Mapping[str, Granted] = field(default_factory=dict)
    """Every waiver and forbearance whose effective date has come, by name."""
    fallen_due: frozenset[FallenDue] = frozenset()


class Spreading(NamedTuple):
    """What Defaults can come from on a day: what failed, and what has spread from one facility to another by then."""

    clauses: Mapping[str, Mapping[str, Clause]]
    """The clauses of each facility, by name."""
    failures: Mapping[str, set[Cause]]
    unwaived: set[tuple[str, Cause]]
    """The facilities with an Event of Default that no waiver covers, and its root cause."""
    fallen_due: set[FallenDue]


# --- what is answered ------------------------------------------------------------------------------------------------


class DefaultAnswered(NamedTuple):
    """A Default, its dates, its state, and the waivers and forbearances that cover it."""

    arose: dt.date
    became_event_of_default: dt.date | None
    state: str
    waivers: tuple[str, ...]


class WaiverAnswered(NamedTuple):
    """A waiver or a forbearance, its state, its first day in force, and the first day not in force."""

    state: str
    from_: dt.date | None
    ended_on: dt.date | None


class FacilityAnswered(NamedTuple):
    """A facility on a day."""

    legal: str
    defaults: dict[str, DefaultAnswered]
    waivers: dict[str, WaiverAnswered]
    amendments: dict[str, dt.date]
    """Those in effect, and since when."""


Paper = tuple[str, str]
"""What may wait for conditions: an amendment, a waiver or an annulment, and its name."""
InEffect = dict[Paper, Moment]
"""The papers in effect, and the moment at which each took effect."""
