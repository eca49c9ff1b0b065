"""What differs between two reports: on two dates, at two moments of knowledge, or with facts assumed."""

from collections.abc import Iterator
from typing import Any, Literal

from projections.answer import Answer, Because, FacilityAnswer, OfferAnswer, Report

ValueKind = Literal["status", "amount", "per_1000", "rate", "date", "count", "yes_no", "text"]


class Change(Answer):
    """One value that differs: as it was in the report before, and as it is now, as JSON shows it.

    None is not stated, but for what is there on one side `only`. `because` are the facts behind the value now, or
    behind the former one where it is gone.
    """

    facility: str | None
    what: str
    kind: ValueKind
    before: Any
    after: Any
    only: Literal["before", "after"] | None
    because: Because


def changes(before: Report, after: Report) -> tuple[Change, ...]:
    """What differs, facility by facility; then in the offers; then findings that came or went."""
    return (*_in_facilities(before, after), *_in_offers(before, after), *_in_findings(before, after))


_Watched = dict[str, tuple[ValueKind, Any, Because]]

_AMOUNTS = (
    "principal",
    "accrued_interest",
    "interest_unpaid",
    "fees",
    "total",
    "contingent_default_interest",
)


def _in_facilities(before: Report, after: Report) -> Iterator[Change]:
    was = {facility.facility: _watched(facility) for facility in before.facilities}
    now = {facility.facility: _watched(facility) for facility in after.facilities}
    for name in dict.fromkeys((*now, *was)):
        yield from _differing(name, was.get(name, {}), now.get(name, {}))


def _in_offers(before: Report, after: Report) -> Iterator[Change]:
    was = {offer.offer: offer for offer in before.offers}
    now = {offer.offer: offer for offer in after.offers}
    for name in dict.fromkeys((*now, *was)):
        yield from _differing(None, _watched_offer(was.get(name)), _watched_offer(now.get(name)))


def _in_findings(before: Report, after: Report) -> Iterator[Change]:
    """A finding that asks the same of other facts reads the same."""
    was, now = ({each.model_copy(update={"facts": ()}): each for each in side.findings} for side in (before, after))
    for asked, finding in (*now.items(), *was.items()):
        if (asked in was) != (asked in now):
            yield Change(
                facility=finding.facility,
                what=f"finding: {finding.code.replace('_', ' ')}",
                kind="text",
                before=finding.question if asked in was else None,
                after=finding.question if asked in now else None,
                only="before" if asked in was else "after",
                because=(),
            )


def _differing(facility: str | None, was: _Watched, now: _Watched) -> Iterator[Change]:
    for what in dict.fromkeys((*now, *was)):
        kind, _, because = now.get(what) or was[what]
        before, after = (side[what][1] if what in side else None for side in (was, now))
        only: Literal["before", "after"] | None = (
            None if what in was and what in now else "before" if what in was else "after"
        )
        if before != after:
            yield Change(
                facility=facility, what=what, kind=kind, before=before, after=after, only=only, because=because
            )


def _watched(facility: FacilityAnswer) -> _Watched:
    data, because = facility.as_json(), facility.because
    rate, owed = data["rate"], data["obligations"]
    from_parts = {reason.position: reason for part in facility.rate.parts for reason in part.because}
    rests = tuple(from_parts[position] for position in sorted(from_parts))
    watched: _Watched = {
        "legal status": ("status", data["legal"], because),
        "status until": ("date", data["until"], because),
        "payment": ("status", data["payment"], facility.obligations.because),
        "rate charged": ("rate", rate["charged"], rests),
        "rate under the default formula": ("rate", rate["if_default_rate"], rests),
        "a ground for the default rate": ("yes_no", rate["default_rate_available"], because),
    }
    for name in _AMOUNTS:
        watched[name.replace("_", " ")] = ("amount", owed[name], facility.obligations.because)
    for name in ("commitment", "unused", "available", "excess") if facility.line is not None else ():
        watched[name] = ("amount", data["line"][name], facility.obligations.because)
    for loan in data["rates"]:
        watched[f"rate charged on loan {loan['loan']}"] = ("rate", loan["charged"], rests)
    watched["interest per 1,000"] = ("per_1000", owed["interest_per_1000"], facility.obligations.because)
    watched["days past due"] = ("count", owed["days_past_due"], facility.obligations.because)
    for default in facility.defaults:
        watched[default.default] = ("status", default.state, default.because)
    for waiver in facility.waivers:
        watched[f"{waiver.kind} {waiver.waiver}"] = ("status", waiver.state, waiver.because)
        until = waiver.until.isoformat() if waiver.until is not None else None
        watched[f"{waiver.kind} {waiver.waiver} until"] = ("date", until, waiver.because)
    for amendment in facility.amendments:
        in_effect = amendment.in_effect.isoformat() if amendment.in_effect else None
        watched[f"amendment {amendment.amendment} in effect"] = ("date", in_effect, amendment.because)
    return watched


def _watched_offer(offer: OfferAnswer | None) -> _Watched:
    if offer is None:
        return {}
    data = offer.as_json()
    return {
        f"offer {offer.offer}": ("status", offer.state, offer.because),
        f"offer {offer.offer}, last day": ("date", data["last_day"], offer.because),
        f"offer {offer.offer}, tendered": ("amount", data["tendered"], offer.because),
    }
