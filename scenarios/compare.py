"""Two answers side by side: as it is, and as it would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from projections.answer import Answer, Because, FacilityAnswer, OfferAnswer, Report

_WATCHED = ("legal", "payment")
_WATCHED_RATE = ("charged", "if_default_rate", "default_rate_available")
_WATCHED_OBLIGATIONS = (
    "principal",
    "accrued_interest",
    "interest_unpaid",
    "fees",
    "total",
    "contingent_default_interest",
    "interest_per_1000",
    "days_past_due",
)


class Difference(Answer):
    """One value that differs. `because` are the facts behind the value as it would be."""

    facility: str
    what: str
    as_is: Any
    as_would_be: Any
    because: Because


@dataclass(frozen=True)
class Comparison:
    """The report as it is, the report as it would be, and what differs between them."""

    as_is: Report
    as_would_be: Report
    head: int
    """The last position of the ledger; facts behind it are assumed."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs: status, Defaults, waivers, rate and obligations, facility by facility; then offers."""
        return tuple(self._differences())

    def _differences(self) -> Iterator[Difference]:
        before = {facility.facility: facility for facility in self.as_is.facilities}
        for facility in self.as_would_be.facilities:
            yield from _of_facility(before.get(facility.facility), facility)
        offers = {offer.offer: offer for offer in self.as_is.offers}
        for offer in self.as_would_be.offers:
            yield from _of_offer(offers.get(offer.offer), offer)

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {
            "as_of": self.as_is.as_of.isoformat(),
            "known": self.as_is.known.as_json(),
            "differences": [difference.as_json() for difference in self.differences],
            "as_is": self.as_is.as_json(),
            "as_would_be": self.as_would_be.as_json(),
        }


def _of_facility(before: FacilityAnswer | None, after: FacilityAnswer) -> Iterator[Difference]:
    is_, would_be = _watched(before), _watched(after)
    because = {
        **{default.default: default.because for default in after.defaults},
        **{waiver.waiver: waiver.because for waiver in after.waivers},
    }
    for what in dict.fromkeys((*is_, *would_be)):
        if is_.get(what) != would_be.get(what):
            yield Difference(
                facility=after.facility,
                what=what,
                as_is=is_.get(what),
                as_would_be=would_be.get(what),
                because=because.get(what, after.because),
            )


def _watched(facility: FacilityAnswer | None) -> dict[str, Any]:
    """The values that are compared, by their names."""
    if facility is None:
        return {}
    data = facility.as_json()
    return {
        **{name: data[name] for name in _WATCHED},
        **{default["default"]: default["state"] for default in data["defaults"]},
        **{waiver["waiver"]: waiver["state"] for waiver in data["waivers"]},
        **{amendment["amendment"]: amendment["in_effect"] for amendment in data["amendments"]},
        **{f"rate {name}": data["rate"][name] for name in _WATCHED_RATE},
        **{name: data["obligations"][name] for name in _WATCHED_OBLIGATIONS},
    }


def _of_offer(before: OfferAnswer | None, after: OfferAnswer) -> Iterator[Difference]:
    if before is None or before.state != after.state:
        state = before.state if before is not None else None
        yield Difference(
            facility=after.old, what=f"offer {after.offer}", as_is=state, as_would_be=after.state, because=after.because
        )
