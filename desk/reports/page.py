"""What every format draws: a page of sections, each of sentences, drawings and tables of typed cells."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from desk.drawing import Drawing
from projections import words
from projections.answer import Because
from projections.committee import CommitteeReport
from projections.states import Legal

Kind = Literal["text", "name", "day", "amount", "rate", "count", "status", "marks", "positions"]
Tone = Literal["plain", "quiet", "strong", "changed", "repeated"]
Value = str | int | Decimal | dt.date | tuple[int, ...] | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its words for people. `note` stands beneath; `stated` is False for what the record does not say.

    A value of None that is stated is one that there is none of, such as the end of what has no end.
    """

    kind: Kind
    value: Value
    text: str
    note: str = ""
    tone: Tone = "plain"
    stated: bool = True
    legal: Legal | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name for programs and for people, and how wide it is beside the others."""

    key: str
    label: str
    width: int = 2
    kind: Kind = "text"
    note_key: str = ""
    """The name, for programs, of what stands beneath the cells."""

    @property
    def numeric(self) -> bool:
        """Whether its cells are aligned to the right."""
        return self.kind in ("amount", "rate", "count")


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `nothing` is the sentence in its place where it has no rows."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its caption."""

    caption: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under a heading of its own."""

    name: str
    title: str
    lead: tuple[str, ...]
    parts: tuple[Figure | Table, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables."""
        return tuple(part for part in self.parts if isinstance(part, Table))


@dataclass(frozen=True, slots=True)
class Page:
    """A report laid out: what and when, the sections, and how to read the marks."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    legend: tuple[tuple[str, str], ...]
    report: CommitteeReport

    @property
    def moment(self) -> dt.datetime:
        """The one moment that the bytes of a report bear: that of its last fact, else the beginning of its date."""
        return self.report.known.at or dt.datetime.combine(self.report.as_of, dt.time.min, dt.UTC)


# --- cells -----------------------------------------------------------------------------------------------------------


def text(value: str, *, note: str = "", tone: Tone = "plain") -> Cell:
    """Words."""
    return Cell("text", value, value, note, tone)


def prose(value: str) -> Cell:
    """A sentence, in which people read dates in words, and programs as they are."""
    return Cell("text", value, words.prose(value))


def name(value: str, *, note: str = "", tone: Tone = "plain") -> Cell:
    """A name of the record."""
    return Cell("name", value, value, note, tone)


def names(values: Iterable[str]) -> Cell:
    """Several names, or a dash."""
    every = tuple(values)
    return name(", ".join(every)) if every else nothing()


def nothing(says: str = "–") -> Cell:
    """That there is none."""
    return Cell("text", None, says, tone="quiet")


def not_stated(kind: Kind = "text", *, note: str = "") -> Cell:
    """That the record does not say."""
    return Cell(kind, None, words.NOT_STATED, note, "quiet", stated=False)


def day(value: dt.date | None, *, none: str = "–") -> Cell:
    """A date, or that there is none."""
    return nothing(none) if value is None else Cell("day", value, words.day(value))


def day_stated(value: dt.date | None) -> Cell:
    """A date, or that the record does not state it."""
    return not_stated("day") if value is None else day(value)


def amount(value: Decimal | None, currency: str | None) -> Cell:
    """An amount in the form of its currency, or not stated."""
    return not_stated("amount") if value is None else Cell("amount", value, words.figures(value, currency))


def per_1000(value: Decimal | None) -> Cell:
    """An amount for each 1,000 of principal, with all its places, or not stated."""
    return not_stated("amount") if value is None else Cell("amount", value, f"{value:,f}")


def currency(value: str | None) -> Cell:
    """A currency, or not stated."""
    return not_stated() if value is None else text(value)


def rate(value: Decimal | None, *, note: str = "") -> Cell:
    """A rate, or not stated."""
    return not_stated("rate", note=note) if value is None else Cell("rate", value, words.rate(value), note)


def count(value: int | None) -> Cell:
    """A number, or not stated."""
    return not_stated("count") if value is None else Cell("count", value, f"{value:,}")


def status(legal: Legal) -> Cell:
    """A legal status."""
    return Cell("status", legal, words.LEGAL[legal], legal=legal)


def marks(because: Because, report: CommitteeReport) -> Cell:
    """How firmly the papers carry a value."""
    if not because:
        return nothing()
    found = report.marks(because)
    return Cell("marks", found, " · ".join(found))


def positions(facts: Iterable[int]) -> Cell:
    """Positions of facts in the log."""
    found = tuple(facts)
    return Cell("positions", found, ", ".join(map(str, found)) or "–", tone="quiet")


RESTS_ON = (Column("standing", "Rests on", 3, "marks"), Column("facts", "Facts", 2, "positions"))
"""The columns that say how firm a value is and which facts it rests on."""


def rests_on(because: Because, report: CommitteeReport) -> tuple[Cell, Cell]:
    """The cells of these columns."""
    return marks(because, report), positions(reason.position for reason in because)
