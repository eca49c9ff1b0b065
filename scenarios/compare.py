"""Two answers side by side on a date: as it is, and as it would be."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from pydantic import Field

from projections import words
from projections.answer import Answer, Because, FacilityAnswer, OfferAnswer, Report

_AMOUNTS = (
    "principal",
    "accrued_interest",
    "interest_unpaid",
    "fees",
    "total",
    "contingent_default_interest",
    "interest_per_1000",
)
_RATES = {"rate charged": "rate charged", "rate if_default_rate": "rate under the default formula"}
_LABELS = {**_RATES, "rate default_rate_available": "a ground for the default rate"}

Part = Literal["value", "default", "waiver", "amendment", "offer"]
"""What is compared: a value that every facility has, or something that may also not be there."""


class Difference(Answer):
    """One value that differs.

    `because` are the facts behind the value as it would be; `no_longer` are those behind the value as it is that would
    not be behind it. `why` says it in a line, where there is more to say than the facts.
    """

    facility: str
    what: str
    part: Part = Field(default="value", exclude=True)
    as_is: Any
    as_would_be: Any
    why: str | None = None
    because: Because
    no_longer: Because

    def __str__(self) -> str:
        """The difference in a line: `legal: waived → Event of Default`."""
        as_is, as_would_be = (self.in_words(value) for value in (self.as_is, self.as_would_be))
        return f"{self.label}: {as_is} → {as_would_be}"

    @property
    def label(self) -> str:
        """What differs, in words."""
        return _LABELS.get(self.what, self.what.replace("_", " ")) if self.part == "value" else self.what

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate a year."""
        return self.part == "value" and self.what in _RATES

    def in_words(self, value: Any) -> str:
        """One of its values in words; what is no value of the facility itself may also not be there."""
        if self.part != "value":
            return "not there" if value is None else in_words(value)
        if self.is_rate and value is not None:
            return words.rate(Decimal(value))
        if self.what in ("interest", *_AMOUNTS) and value is not None:
            return f"{Decimal(value):,f}"
        return in_words(value)


@dataclass(frozen=True)
class Comparison:
    """The report as it is, the report as it would be, and what differs between them."""

    as_is: Report
    as_would_be: Report
    head: int
    """The last position of the ledger; facts behind it are assumed."""
    whys: Mapping[str, str]
    """Why the legal status would be what it would be, in a line, by facility."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs: status, Defaults, waivers, rate and obligations, facility by facility; then offers."""
        return tuple(self._differences())

    def _differences(self) -> Iterator[Difference]:
        was = {facility.facility: facility for facility in self.as_is.facilities}
        now = {facility.facility: facility for facility in self.as_would_be.facilities}
        for name in dict.fromkeys((*now, *was)):
            yield from _differing(name, _watched(was.get(name)), _watched(now.get(name)), self.whys.get(name))
        offers_were = {offer.offer: offer for offer in self.as_is.offers}
        offers_now = {offer.offer: offer for offer in self.as_would_be.offers}
        for name in dict.fromkeys((*offers_now, *offers_were)):
            old = (offers_now.get(name) or offers_were[name]).old
            yield from _differing(old, _offer(offers_were.get(name)), _offer(offers_now.get(name)))

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {
            "as_of": self.as_is.as_of.isoformat(),
            "known": self.as_is.known.as_json(),
            "differences": [difference.as_json() for difference in self.differences],
            "as_is": self.as_is.as_json(),
            "as_would_be": self.as_would_be.as_json(),
        }

    def __str__(self) -> str:
        """The comparison for people: what differs, as it is and as it would be, and because of which facts."""
        asked = f"What if, on {self.as_is.as_of}, as known at position {self.as_is.known.position}"
        if not self.differences:
            return f"{asked}: nothing differs."
        lines = [f"{asked}:"]
        for facility, differences in groupby(self.differences, lambda each: each.facility):
            lines += ["", facility]
            for each in differences:
                lines += [f"  {each}", *(f"    {line}" for line in reasons_in_words(each, self.head))]
        return "\n".join(lines)


def reasons_in_words(difference: Difference, head: int) -> Iterator[str]:
    """Why a value differs, a line each: the line that says it, the facts assumed, the facts that no longer count."""
    if difference.why is not None:
        yield difference.why
    assumed = tuple(reason for reason in difference.because if reason.position > head)
    if assumed:
        yield f"because of {_listed(assumed)}"
    if difference.no_longer:
        yield f"no longer because of {_listed(difference.no_longer)}"


def _listed(reasons: Because) -> str:
    return ", ".join(f"{reason.event} of {reason.effective} [{reason.position}]" for reason in reasons)


def in_words(value: Any) -> str:
    """A value of an answer in words."""
    match value:
        case None:
            return "not stated"
        case bool():
            return "yes" if value else "no"
        case _:
            return _WORDS.get(value) or str(value).replace("_", " ")


_WORDS: Mapping[Any, str] = {**words.PAYMENT, **words.LEGAL}


# --- the values that are compared ------------------------------------------------------------------------------------

Watched = Mapping[tuple[Part, str], tuple[Any, Because]]
"""Values by what they are and their names, as JSON shows them, each with the facts behind it."""


def _watched(facility: FacilityAnswer | None) -> Watched:
    if facility is None:
        return {}
    rate, owed, data = facility.rate, facility.obligations, facility.as_json()
    status = _each_once((*(each.because for each in facility.defaults), *(each.because for each in facility.waivers)))
    formula = _each_once(part.because for part in rate.parts)
    owes = (*_AMOUNTS, "days_past_due")
    return {
        ("value", "legal"): (facility.legal, status or facility.because),
        ("value", "payment"): (facility.payment, owed.because),
        **{("default", each.default): (each.state, each.because) for each in facility.defaults},
        **{("waiver", each.waiver): (each.state, each.because) for each in facility.waivers},
        **{
            ("amendment", f"amendment {each.amendment}"): (_in_effect(each.in_effect), each.because)
            for each in facility.amendments
        },
        ("value", "rate charged"): (data["rate"]["charged"], formula),
        ("value", "rate if_default_rate"): (data["rate"]["if_default_rate"], formula),
        ("value", "rate default_rate_available"): (rate.default_rate_available, status),
        **{("value", name): (data["obligations"][name], owed.because) for name in owes},
    }


def _offer(offer: OfferAnswer | None) -> Watched:
    return {} if offer is None else {("offer", f"offer {offer.offer}"): (offer.state, offer.because)}


def _in_effect(day: dt.date | None) -> str:
    return "pending" if day is None else f"in effect since {day}"


def _each_once(becauses: Iterable[Because]) -> Because:
    found = {reason.position: reason for because in becauses for reason in because}
    return tuple(found[position] for position in sorted(found))


def _differing(facility: str, was: Watched, now: Watched, why: str | None = None) -> Iterator[Difference]:
    for part, what in dict.fromkeys((*now, *was)):
        nothing: tuple[Any, Because] = (None, ())
        (as_is, behind), (as_would_be, because) = (side.get((part, what), nothing) for side in (was, now))
        if as_is != as_would_be:
            yield Difference(
                facility=facility,
                what=what,
                part=part,
                as_is=as_is,
                as_would_be=as_would_be,
                why=why if (part, what) == ("value", "legal") else None,
                because=because,
                no_longer=without(behind, because),
            )


def without(behind: Because, because: Because) -> Because:
    """The facts behind one value that are not behind another."""
    there = {reason.position for reason in because}
    return tuple(reason for reason in behind if reason.position not in there)
