"""The check against the ACTUS reference tests works: on contracts made up here, in the terms of ACTUS.

The reference tests themselves are run by hand, `python -m tests.money.actus FILE...`, since they are no part of this
project.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.money.actus import Event, differences, main

AT_MIDNIGHT = "T00:00:00"


def contract(kind: str, **terms: str) -> dict[str, Any]:
    """A contract over 1200 at 10 %, actual/365, from January 1 to April 1, 2021, with monthly interest."""
    stated = {
        "contractType": kind,
        "contractRole": "RPA",
        "statusDate": "2020-12-31T00:00:00",
        "initialExchangeDate": "2021-01-01T00:00:00",
        "maturityDate": "2021-04-01T00:00:00",
        "notionalPrincipal": "1200",
        "nominalInterestRate": "0.10",
        "dayCountConvention": "A365",
        "cycleAnchorDateOfInterestPayment": "2021-02-01T00:00:00",
        "cycleOfInterestPayment": "P1ML1",
    }
    return stated | terms


def event(day: str, kind: str, amount: str, principal: str, rate: str = "0.10") -> dict[str, str]:
    return {
        "eventDate": f"{day}{AT_MIDNIGHT}",
        "eventType": kind,
        "payoff": amount,
        "notionalPrincipal": principal,
        "nominalInterestRate": rate,
    }


BULLET: dict[str, Any] = {
    "terms": contract("PAM"),
    "results": [
        event("2021-01-01", "IED", "-1200", "1200"),
        event("2021-02-01", "IP", "10.191781", "1200"),
        event("2021-03-01", "IP", "9.205479", "1200"),
        event("2021-04-01", "IP", "10.191781", "1200"),
        event("2021-04-01", "MD", "1200", "0"),
    ],
}
AMORTISED: dict[str, Any] = {
    "terms": contract(
        "LAM",
        cycleAnchorDateOfPrincipalRedemption="2021-02-01T00:00:00",
        cycleOfPrincipalRedemption="P1ML1",
        nextPrincipalRedemptionPayment="400",
    ),
    "results": [
        event("2021-01-01", "IED", "-1200", "1200"),
        event("2021-02-01", "PR", "400", "800"),
        event("2021-02-01", "IP", "10.191781", "800"),
        event("2021-03-01", "PR", "400", "400"),
        event("2021-03-01", "IP", "6.136986", "400"),
        event("2021-04-01", "IP", "3.397260", "400"),
        event("2021-04-01", "MD", "400", "0"),
    ],
}
RESET: dict[str, Any] = {
    "terms": contract(
        "PAM",
        cycleAnchorDateOfRateReset="2021-03-01T00:00:00",
        cycleOfRateReset="P1ML1",
        marketObjectCodeOfRateReset="SWAP",
        rateSpread="0.05",
        rateMultiplier="2",
    ),
    "dataObserved": {"SWAP": {"data": [{"timestamp": "2021-03-01T00:00:00", "value": "0.05"}]}},
    "results": [
        event("2021-01-01", "IED", "-1200", "1200"),
        event("2021-02-01", "IP", "10.191781", "1200"),
        event("2021-03-01", "IP", "9.205479", "1200"),
        event("2021-03-01", "RR", "0", "1200", "0.15"),
        event("2021-04-01", "IP", "15.287671", "1200", "0.15"),
        event("2021-04-01", "MD", "1200", "0", "0.15"),
    ],
}


@pytest.mark.parametrize("case", [BULLET, AMORTISED, RESET], ids=["bullet", "equal principal", "rate reset"])
def test_a_contract_agrees_with_its_events(case: dict[str, Any]) -> None:
    assert differences(case) == []


def test_the_side_of_the_borrower_is_that_of_the_lender_turned_round() -> None:
    turned = deepcopy(BULLET)
    turned["terms"]["contractRole"] = "RPL"
    for each in turned["results"]:
        each["payoff"], each["notionalPrincipal"] = f"-{each['payoff']}", f"-{each['notionalPrincipal']}"
        each["payoff"] = each["payoff"].removeprefix("--")
    assert differences(turned) == []


@pytest.mark.parametrize(
    ("name", "wrong"), [("payoff", "9.23"), ("notionalPrincipal", "1199.90"), ("eventDate", "2021-03-02T00:00:00")]
)
def test_an_event_that_is_not_as_it_should_be_is_told(name: str, wrong: str) -> None:
    case = deepcopy(BULLET)
    case["results"][2][name] = wrong
    (difference,) = differences(case)
    assert isinstance(difference[0], Event)
    assert difference[0] != difference[1]


def test_an_event_that_is_missing_is_told() -> None:
    case = deepcopy(BULLET)
    del case["results"][0]
    assert differences(case) != []


def test_what_agrees_is_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "pam.json"
    wrong = deepcopy(BULLET)
    wrong["results"][1]["payoff"] = "10.00"
    file.write_text(json.dumps({"one": BULLET, "two": wrong}), encoding="utf-8")
    main([str(file)])
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "pam.json: 1 of 2 agree"
    assert told[1].startswith("  two: 1 events differ; of the first, expected Event(")
