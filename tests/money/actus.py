"""Contracts in the terms of ACTUS, as facts; and schedules as its events.

ACTUS is a public standard of financial contracts (actusfrf.org). Its terms are mapped here to the record format, and
the lines of a schedule to its events, so that its reference tests can be run against this engine wherever their files
are:

    python -m tests.money.actus FILE...

The files themselves are no part of this project. What a contract is bought or sold for is no fact of the debt, so
events of purchase and termination are left out, and with them what came before the one or would come after the other.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from ledger.calendars import Cycle, rolled
from ledger.facts import Fact
from ledger.reading import read_text
from ledger.records import Prefix
from ledger.values import Roll
from projections.answer import ScheduleRow
from projections.schedule import schedule
from projections.view import View
from tests.spec import log

Terms = Mapping[str, Any]
FACILITY = "contract"
FOREVER = "2199-12-31"

_DAY_COUNTS = {"A360": "actual/360", "A365": "actual/365", "AA": "actual/actual ISDA", "30E360": "30E/360"}
_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_KINDS = {
    "IED": "advance", "PI": "advance", "PR": "principal", "IP": "interest", "IPCI": "capitalised",
    "RR": "rate_reset", "RRF": "rate_reset", "MD": "maturity", "STD": "maturity",
}  # fmt: skip
_NOT_OF_THE_DEBT = ("PRD", "TD")
_NOT_SHOWN = ("PRF", "IPCB", "XD", "AD")


@dataclass(frozen=True)
class Event:
    """What happens on a day: the amount that flows, the principal and the rate after it."""

    day: dt.date
    kind: str
    amount: Decimal
    principal: Decimal
    rate: Decimal

    def agrees(self, other: "Event", posted: int) -> bool:
        """Whether the other event is this one. ACTUS rounds nothing; here each of so many postings was rounded."""
        near, drift = Decimal("0.015"), Decimal("0.0075") * posted
        return (
            (self.day, self.kind) == (other.day, other.kind)
            and abs(self.amount - other.amount) <= (max(near, drift) if self.kind == "maturity" else near)
            and abs(self.principal - other.principal) <= drift
            and abs(self.rate - other.rate) < Decimal("1e-9")
        )


# --- contracts as facts ----------------------------------------------------------------------------------------------


def facts(terms: Terms, observed: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """The facts of a contract, of the levels observed of its index, and of the events that its lender brought about."""
    lines = [*_facility(terms), *_fixings(terms, observed), *_called(events)]
    return tuple(located.fact for located in read_text("\n".join(map(json.dumps, lines)), "contract.jsonl"))


def _facility(terms: Terms) -> Iterator[dict[str, Any]]:
    issued, known = day(terms["initialExchangeDate"]), day(terms["statusDate"])
    opened = max(issued, known)
    discount = decimal(terms.get("premiumDiscountAtIED", "0"))
    opening: dict[str, Any] = {
        "event": "FacilityOpened",
        "facility": FACILITY,
        "effective": opened,
        "name": "Contract",
        "borrowers": ["borrower"],
        "principal": plain(decimal(terms["notionalPrincipal"])),
        "rate": _rate(terms),
        "day_count": _DAY_COUNTS[terms["dayCountConvention"]],
        "schedule": _schedule(terms),
    }
    if matures := _maturity(terms):
        opening["matures"] = matures
    if discount and issued >= known:
        opening["proceeds"] = plain(decimal(terms["notionalPrincipal"]) + discount)
    if terms["contractType"] == "CLM" and "maturityDate" not in terms:
        opening["on_call"] = {"days": int(terms["xDayNotice"][1:-1])}
    yield opening
    if accrued := decimal(terms.get("accruedInterest", "0")):
        yield {
            "event": "BalanceStated",
            "facility": FACILITY,
            "effective": opened,
            "accrued_interest": plain(max(accrued, Decimal(0))),
        }
    if "nextResetRate" in terms:
        yield _after_the_next_reset(terms)
    yield from _drawn(terms)


def _maturity(terms: Terms) -> str | None:
    """The maturity, stated; or as ACTUS derives it from the notional and the instalment, what is added not counted."""
    if stated := terms.get("maturityDate") or terms.get("amortizationDate"):
        return day(stated)
    if terms["contractType"] not in ("LAM", "NAM"):
        return None
    anchored = _cycle(terms, "PrincipalRedemption")
    ends_months = terms.get("endOfMonthConvention") == "EOM"
    cycle = Cycle(dt.date.fromisoformat(anchored["from"]), anchored["every"], ends_months)
    notional, instalment = decimal(terms["notionalPrincipal"]), decimal(terms["nextPrincipalRedemptionPayment"])
    if terms["contractType"] == "NAM":
        instalment -= notional * decimal(terms["nominalInterestRate"]) * (cycle.nth(1) - cycle.nth(0)).days / 365
    return cycle.nth(ceil(notional / instalment) - 1).isoformat()


def _rate(terms: Terms) -> dict[str, Any]:
    initial = plain(decimal(terms.get("nominalInterestRate", "0")))
    if "arrayRate" in terms and terms["arrayFixedVariable"][0] == "FIX":
        first = {"from": day(terms["initialExchangeDate"]), "rate": initial}
        anchors = map(day, terms["arrayCycleAnchorDateOfRateReset"])
        return {
            "steps": [first, *({"from": on, "rate": str(r)} for on, r in zip(anchors, terms["arrayRate"], strict=True))]
        }
    if "arrayRate" in terms:
        return {"options": {"array": _index(terms)}}
    if "nextResetRate" in terms or ("cycleOfRateReset" not in terms and "cycleAnchorDateOfRateReset" not in terms):
        return {"fixed": initial}
    return {"options": {"index": _index(terms)}, "resets": {**_cycle(terms, "RateReset"), "initial": initial}}


def _index(terms: Terms) -> dict[str, Any]:
    index: dict[str, Any] = {
        "index": slug(terms["marketObjectCodeOfRateReset"]),
        "margin": plain(decimal(terms.get("rateSpread", "0"))),
        "multiplier": plain(decimal(terms.get("rateMultiplier", "1"))),
    }
    lag = int(terms.get("fixingDays", "P0D")[1:-1])
    return {**index, "lag": {"days": lag}} if lag else index


def _after_the_next_reset(terms: Terms) -> dict[str, Any]:
    """The rate of the next reset is known already; those after it are not."""
    resets = _cycle(terms, "RateReset")
    following = shifted(resets["from"], resets["every"])
    known = plain(decimal(terms["nextResetRate"]))
    rate = {"options": {"index": _index(terms)}, "resets": {**resets, "from": following, "initial": known}}
    return {"event": "TermsStated", "facility": FACILITY, "effective": resets["from"], "rate": rate}


def _roll(terms: Terms) -> Roll:
    rolls: dict[str, Roll] = {
        "F": "following", "MF": "modified_following", "P": "preceding", "MP": "modified_preceding"
    }  # fmt: skip
    convention = terms.get("businessDayConvention", "NOS")
    return rolls.get(convention[2:], "none") if terms.get("calendar", "NC") != "NC" else "none"


def _schedule(terms: Terms) -> dict[str, Any]:
    shift_first = terms.get("businessDayConvention", "SCF").startswith("SC")
    found: dict[str, Any] = {
        "end_of_month": terms.get("endOfMonthConvention") == "EOM",
        "roll": _roll(terms),
        "adjust": "shift_then_calculate" if shift_first else "calculate_then_shift",
        "calendar": "weekdays",
    }
    if interest := _interest(terms):
        found["interest"] = interest
    if principal := _principal(terms):
        found["principal"] = principal
    return found


def _interest(terms: Terms) -> dict[str, Any] | None:
    if "arrayCycleAnchorDateOfInterestPayment" in terms:
        return _first_of_array(terms, "InterestPayment")
    if "cycleOfInterestPayment" not in terms:
        return None
    interest = _cycle(terms, "InterestPayment")
    if "capitalizationEndDate" in terms:
        interest["capitalise_until"] = day(terms["capitalizationEndDate"])
    if terms["contractType"] in ("CLM", "UMP"):
        interest["capitalise_until"] = FOREVER
    base = terms.get("interestCalculationBase", "NT")
    if base == "NTIED":
        interest["reckoned_on"] = "original"
    if base == "NTL":
        rests = _cycle(terms, "InterestCalculationBase")
        interest["rests"] = {**rests, "principal": plain(decimal(terms["interestCalculationBaseAmount"]))}
    return interest


def _principal(terms: Terms) -> dict[str, Any] | None:
    kind = {"LAM": "equal", "NAM": "annuity", "ANN": "annuity"}.get(terms["contractType"])
    if terms["contractType"] == "LAX":
        return {"kind": "listed", "due": list(_instalments(terms))}
    if kind is None:
        return None
    principal = {"kind": kind, **_cycle(terms, "PrincipalRedemption")}
    if "nextPrincipalRedemptionPayment" in terms:
        principal["amount"] = plain(decimal(terms["nextPrincipalRedemptionPayment"]))
    if "amortizationDate" in terms and "maturityDate" in terms:
        principal["amortises_by"] = day(terms["amortizationDate"])
    return principal


def _cycle(terms: Terms, of: str) -> dict[str, Any]:
    """An anchor and a cycle such as P1ML0: every month, and L0 joins a last period that is not whole to the other."""
    written = terms.get(f"cycleOf{of}", "P99YL1")
    anchor = day(terms.get(f"cycleAnchorDateOf{of}", terms["initialExchangeDate"]))
    every = f"{written[1:-3]} {_UNITS[written[-3]]}s"
    if f"cycleAnchorDateOf{of}" not in terms and of == "RateReset":
        anchor = shifted(anchor, every)
    while (
        of == "RateReset" and terms["initialExchangeDate"] <= terms["statusDate"] and anchor <= day(terms["statusDate"])
    ):
        anchor = shifted(anchor, every)
    return {"every": every, "from": anchor, "stub": "long" if written.endswith("0") else "short"}


# --- irregular contracts ---------------------------------------------------------------------------------------------


def _array(terms: Terms, name: str) -> list[Any]:
    found = terms.get(name, [])
    return found if isinstance(found, list) else [found]


def _first_of_array(terms: Terms, of: str) -> dict[str, Any]:
    cycles = _array(terms, f"arrayCycleOf{of}") or ["P1YL1"]
    anchors = _array(terms, f"arrayCycleAnchorDateOf{of}")
    return {"every": f"{cycles[0][1:-3]} {_UNITS[cycles[0][-3]]}s", "from": day(anchors[0]), "stub": "short"}


def _redemptions(terms: Terms) -> Iterator[tuple[str, Decimal, str]]:
    """Each date on which principal changes: by how much, and which way."""
    anchors = [day(each) for each in _array(terms, "arrayCycleAnchorDateOfPrincipalRedemption")]
    cycles = _array(terms, "arrayCycleOfPrincipalRedemption")
    amounts = [decimal(str(each)) for each in _array(terms, "arrayNextPrincipalRedemptionPayment")]
    ways = _array(terms, "arrayIncreaseDecrease")
    for number, (anchor, amount, way) in enumerate(zip(anchors, amounts, ways, strict=True)):
        until = anchors[number + 1] if number + 1 < len(anchors) else FOREVER
        on, every = anchor, f"{cycles[number][1:-3]} {_UNITS[cycles[number][-3]]}s" if cycles else None
        for _ in range(40):
            if on < until:
                yield on, amount, way
            if every is None:
                break
            on = shifted(on, every)


def _instalments(terms: Terms) -> Iterator[dict[str, str]]:
    for on, amount, way in _redemptions(terms):
        if way == "DEC":
            yield {"on": on, "amount": plain(amount)}


def _drawn(terms: Terms) -> Iterator[dict[str, Any]]:
    if terms["contractType"] != "LAX":
        return
    for on, amount, way in _redemptions(terms):
        if way == "INC":
            yield {
                "event": "LoanAdvanced",
                "facility": FACILITY,
                "effective": on,
                "loan": "drawn",
                "amount": plain(amount),
            }
    cycles = _array(terms, "arrayCycleOfInterestPayment")
    if len(set(cycles)) > 1:
        anchors = [day(each) for each in _array(terms, "arrayCycleAnchorDateOfInterestPayment")]
        for anchor, cycle in list(zip(anchors, cycles, strict=True))[1:]:
            every = f"{cycle[1:-3]} {_UNITS[cycle[-3]]}s"
            interest = {"every": every, "from": anchor, "stub": "short"}
            schedule = {"interest": interest, "principal": {"kind": "listed", "due": list(_instalments(terms))}}
            yield {"event": "TermsStated", "facility": FACILITY, "effective": anchor, "schedule": schedule}


# --- what happened besides -------------------------------------------------------------------------------------------


def _fixings(terms: Terms, observed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The levels of the index: for a rate that is fixed some days ahead, as of then."""
    lag = dt.timedelta(days=int(terms.get("fixingDays", "P0D")[1:-1]))
    code: str = terms.get("marketObjectCodeOfRateReset", "")
    own = zip(terms.get("arrayCycleAnchorDateOfRateReset", ()), terms.get("arrayRate", ()), strict=False)
    spreads = {day(on): decimal(str(rate)) for on, rate in own}
    if code and spreads:
        opened = day(terms["initialExchangeDate"])
        initial = plain(decimal(terms["nominalInterestRate"]))
        yield {"event": "IndexFixed", "index": slug(code), "effective": opened, "rate": initial}
    for level in observed.get(code, {}).get("data", ()):
        on = dt.date.fromisoformat(day(level["timestamp"]))
        rate = decimal(level["value"]) + spreads.get(on.isoformat(), Decimal(0))
        effective = (min(on, rolled(on, _roll(terms), "weekdays")) - lag).isoformat()
        yield {"event": "IndexFixed", "index": slug(code), "effective": effective, "rate": plain(rate)}


def _called(events: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        if event["type"] == "XD":
            yield {"event": "NoticeGiven", "facility": FACILITY, "effective": day(event["time"]), "of": "call"}


# --- events ----------------------------------------------------------------------------------------------------------


def expected(terms: Terms, results: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The events that a contract should have, from the borrower's side if it is his, those of nothing left out."""
    sign = -1 if terms["contractRole"] == "RPL" else 1
    rows = [row for row in results if row["eventType"] not in _NOT_SHOWN]
    found: list[Event] = []
    before = Decimal(0) if terms["initialExchangeDate"] > terms["statusDate"] else decimal(terms["notionalPrincipal"])
    for row in rows:
        kind = row["eventType"]
        principal = sign * decimal(str(row["notionalPrincipal"]))
        amount = sign * decimal(str(row["payoff"]))
        amount = -amount if kind in ("IED", "PI") else principal - before if kind == "IPCI" else amount
        before = principal
        if kind in _NOT_OF_THE_DEBT:
            continue
        rate = decimal(str(row["nominalInterestRate"]))
        event = Event(dt.date.fromisoformat(day(row["eventDate"])), _KINDS.get(kind, kind), amount, principal, rate)
        if amount or event.kind == "rate_reset":
            found.append(event)
    return found


def as_event(row: ScheduleRow) -> Event:
    """A line of a schedule as an event."""
    assert row.amount is not None
    assert row.principal is not None
    assert row.rate is not None
    return Event(row.date, row.kind, row.amount, row.principal, row.rate)


def derived(case: Mapping[str, Any]) -> tuple[list[Event], int]:
    """The events of a contract over the time that its test looks at; and how many came before it was bought."""
    terms = case["terms"]
    results = [row for row in case["results"] if row["eventType"] not in _NOT_SHOWN]
    last = max(day(row["eventDate"]) for row in results)
    held = [day(row["eventDate"]) for row in results if row["eventType"] == "PRD"]
    sold = [day(row["eventDate"]) for row in results if row["eventType"] == "TD"]
    known = day(terms["statusDate"])
    recorded = log(*facts(terms, case.get("dataObserved") or {}, case.get("eventsObserved") or ()))
    view = View.of(Prefix(recorded, root=bytes(32)), dt.date.fromisoformat(last))
    rows = [as_event(row) for row in schedule(view, FACILITY, dt.date.fromisoformat(last))]
    if day(terms["initialExchangeDate"]) <= known:
        rows = [row for row in rows if row.kind != "advance" or row.day.isoformat() > known]
    since, until = max(held, default=""), min(sold, default="9999")
    before = sum(row.day.isoformat() <= since for row in rows)
    return [row for row in rows[before:] if row.day.isoformat() <= until], before


def differences(case: Mapping[str, Any]) -> list[tuple[Event | None, Event | None]]:
    """The events that are not as they should be: as expected, and as derived."""
    should_be = expected(case["terms"], case["results"])
    are, before = derived(case)
    should_be.sort(key=_order)
    are.sort(key=_order)
    pairs: list[tuple[Event | None, Event | None]] = []
    for number in range(max(len(should_be), len(are))):
        one = should_be[number] if number < len(should_be) else None
        other = are[number] if number < len(are) else None
        if one is None or other is None or not one.agrees(other, before + number + 1):
            pairs.append((one, other))
    return pairs


def _order(event: Event) -> tuple[dt.date, str]:
    return event.day, event.kind


# --- values ----------------------------------------------------------------------------------------------------------


def day(written: str) -> str:
    """A date; the last second of a day is the day after."""
    date = dt.date.fromisoformat(written[:10])
    return (date + dt.timedelta(days=1) if "T23:59:59" in written else date).isoformat()


def decimal(written: object) -> Decimal:
    """A number, of no more digits than the record format takes."""
    return Decimal(str(written).strip()).quantize(Decimal("1e-12"))


def plain(number: Decimal) -> str:
    """A number as the record format writes it."""
    return format(number.normalize(), "f")


def slug(code: str) -> str:
    """A name of the record for a market object code."""
    return code.lower()


def shifted(date: str, every: str) -> str:
    """A date a period later."""
    return Cycle(dt.date.fromisoformat(date), every).nth(1).isoformat()


def main(files: list[str]) -> None:
    """Run the reference tests in some files, and say how many of each agree."""
    for file in map(Path, files):
        cases = json.loads(file.read_text(encoding="utf-8"))
        differing = {name: found for name, case in cases.items() if (found := differences(case))}
        tell(f"{file.name}: {len(cases) - len(differing)} of {len(cases)} agree")
        for name, found in differing.items():
            tell(f"  {name}: {len(found)} events differ; of the first, expected {found[0][0]}, derived {found[0][1]}")


def tell(sentence: str) -> None:
    """Write a sentence for whoever runs this."""
    sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
