"""What a scenario does to a record: remove, replace, change, move, shift; each comes to facts that are assumed."""

import datetime as dt
from decimal import Decimal

import pytest

from ledger.facts import FactReplaced, FactVoided, IndexFixed, as_record
from ledger.rejected import Rejected
from scenarios.assume import WhatIf
from scenarios.steps import Unfit
from tests.scenarios.conftest import SUIT
from tests.spec import fact, facts

AUGUST = dt.date(2001, 8, 1)


def legal(what_if: WhatIf, on: dt.date, facility: str = "line") -> str:
    return what_if.view(on).timelines[facility].on(on).legal[facility]


def prime(what_if: WhatIf) -> dict[str, Decimal]:
    """The levels of prime as they would be, by the dates of their fixings."""
    fixings = what_if.view(AUGUST).history.of(IndexFixed)
    return {str(fixing.effective): fixing.fact.rate for fixing in fixings}


def levels(**by_month: str) -> dict[str, Decimal]:
    months = {"january": "2001-01-01", "february": "2001-02-01", "march": "2001-03-01", "may": "2001-05-01"}
    return {months[month]: Decimal(rate) for month, rate in by_month.items()}


@pytest.mark.parametrize("which", [{"waiver": "w"}, {"position": 6}])
def test_a_fact_is_removed_by_what_it_names_or_by_its_position(mill: WhatIf, which: dict[str, object]) -> None:
    mill.remove(**which)
    assert legal(mill, AUGUST) == "event_of_default"
    (assumed,) = mill.assumptions
    assert isinstance(assumed.fact, FactVoided)
    assert assumed.position == 7


def test_a_fact_is_removed_by_its_key(mill: WhatIf) -> None:
    mill.remove(key="missed")
    assert legal(mill, AUGUST) == "no_default"


def test_a_fact_is_replaced_whole(mill: WhatIf) -> None:
    later = fact("- {event: PaymentMissed, facility: notes, effective: 2001-09-01, of: interest, due: 2001-09-01}")
    mill.replace(later, key="missed")  # type: ignore[arg-type]  # a missed payment corrects nothing
    assert legal(mill, AUGUST) == "no_default"
    assert legal(mill, dt.date(2001, 9, 1)) == "waived"


def test_fields_of_a_fact_are_changed_and_the_others_stay(mill: WhatIf) -> None:
    mill.change({"ends": [{"through": "2001-07-31"}], "note": "Shorter"}, waiver="w")
    assert legal(mill, dt.date(2001, 7, 31)) == "waived"
    assert legal(mill, AUGUST) == "event_of_default"
    (assumed,) = mill.assumptions
    assert isinstance(assumed.fact, FactReplaced)
    before, after = as_record(mill.prefix.records[5].fact), as_record(assumed.fact.by)
    same = before.keys() - {"ends", "note", "known_at"}
    assert {name: before[name] for name in same} == {name: after[name] for name in same}


def test_null_takes_a_field_away(mill: WhatIf) -> None:
    mill.change({"matures": None}, facility="notes")
    assert mill.view(AUGUST).timelines["notes"].terms["notes"].matures.on(AUGUST) is None


def test_a_change_that_makes_no_such_fact_is_unfit(mill: WhatIf) -> None:
    with pytest.raises(Unfit, match="reaches"):
        mill.change({"reaches": "both"}, waiver="w")
    assert mill.assumptions == ()


@pytest.mark.parametrize(
    ("to", "by", "covered_on", "open_on"),
    [
        (dt.date(2001, 7, 1), None, "2001-07-01", "2001-06-30"),
        (None, "14 days", "2001-06-15", "2001-06-14"),
        (None, "-2 weeks", "2001-05-18", "2001-05-17"),
        (None, "1 month", "2001-07-01", "2001-06-30"),
        (None, "-1 month", "2001-05-10", "2001-05-09"),
    ],
)
def test_the_effective_date_of_a_fact_is_moved_to_a_date_or_by_a_length(
    mill: WhatIf, to: dt.date | None, by: str | None, covered_on: str, open_on: str
) -> None:
    mill.move(waiver="w", to=to, by=by)
    assert legal(mill, dt.date.fromisoformat(covered_on)) == "waived"
    assert legal(mill, dt.date.fromisoformat(open_on)) in ("event_of_default", "no_default")


def test_a_date_within_a_fact_is_moved(mill: WhatIf) -> None:
    mill.move(waiver="w", date="ends[0].until", by="1 year")
    assert legal(mill, dt.date(2002, 11, 30)) == "waived"
    assert legal(mill, dt.date(2002, 12, 1)) == "event_of_default"


def test_a_date_moved_beyond_the_calendar_is_no_date_of_a_fact(mill: WhatIf) -> None:
    for by in ("9999 years", "-9999 years", "9999 months"):
        with pytest.raises(Unfit, match="1901 to 2199"):
            mill.move(waiver="w", date="ends[0].until", by=by)


def test_a_date_that_a_fact_does_not_have_cannot_be_moved_and_those_that_it_has_are_named(mill: WhatIf) -> None:
    with pytest.raises(Rejected) as refused:
        mill.move(waiver="w", date="ends[1].until", to=AUGUST)
    assert str(refused.value) == (
        "The scenario moves `ends[1].until` of the WaiverGranted at position 6. It has no date there. "
        "It has effective, ends[0].until. [no_such_date]"
    )


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        ({"by": Decimal("0.01")}, levels(january="0.06", march="0.07")),
        ({"by": Decimal("-0.01")}, levels(january="0.04", march="0.05")),
        ({"to": Decimal("0.04")}, levels(january="0.04", march="0.04")),
        ({"by": Decimal("0.01"), "from_": dt.date(2001, 2, 1)}, levels(january="0.05", february="0.06", march="0.07")),
        ({"by": Decimal("0.01"), "from_": dt.date(2001, 3, 1)}, levels(january="0.05", march="0.07")),
        ({"by": Decimal("0.01"), "until": dt.date(2001, 2, 1)}, levels(january="0.06", february="0.05", march="0.06")),
        ({"by": Decimal("0.01"), "until": dt.date(2001, 3, 1)}, levels(january="0.06", march="0.06")),
        ({"by": Decimal("0.01"), "until": dt.date(2001, 5, 1)}, levels(january="0.06", march="0.07", may="0.06")),
        ({"path": [(dt.date(2001, 2, 1), Decimal("0.09"))]}, levels(january="0.05", february="0.09")),
        (
            {"path": [(dt.date(2001, 2, 1), Decimal("0.09"))], "until": dt.date(2001, 5, 1)},
            levels(january="0.05", february="0.09", may="0.06"),
        ),
    ],
)
def test_an_index_is_shifted_within_a_time_and_as_it_was_outside_it(
    mill: WhatIf, shift: dict[str, object], expected: dict[str, Decimal]
) -> None:
    mill.shift("prime", **shift)  # type: ignore[arg-type]  # keywords, told apart by their values
    assert prime(mill) == expected


def test_an_index_without_fixings_takes_only_a_path(mill: WhatIf) -> None:
    mill.shift("libor", path=[(dt.date(2001, 1, 1), Decimal("0.05"))])
    with pytest.raises(Rejected, match="index_not_found"):
        mill.branch().shift("euribor", by=Decimal("0.01"))


@pytest.mark.parametrize(
    ("which", "message"),
    [
        (
            {"waiver": "v"},
            "The scenario is about the waiver v. No fact of that description stands in the record, as known and as "
            "assumed so far. Look it up in the log. [fact_not_found]",
        ),
        (
            {"key": "mised"},
            "The scenario is about the fact with the key mised. No fact of that description stands in the record, as "
            "known and as assumed so far. Write missed. [fact_not_found]",
        ),
        (
            {"position": 7},
            "The scenario is about the fact at position 7. No fact of that description stands in the record, as known "
            "and as assumed so far. Look it up in the log. [fact_not_found]",
        ),
    ],
)
def test_a_fact_that_does_not_stand_is_told_with_those_that_look_like_it(
    mill: WhatIf, which: dict[str, object], message: str
) -> None:
    with pytest.raises(Rejected) as refused:
        mill.remove(**which)
    assert str(refused.value) == message


def test_what_was_removed_cannot_be_removed_again(mill: WhatIf) -> None:
    mill.remove(waiver="w")
    with pytest.raises(Rejected, match="fact_not_found"):
        mill.remove(position=6)
    with pytest.raises(Rejected, match="fact_not_found"):
        mill.remove(position=7)


def test_what_was_assumed_can_be_moved_and_removed_again(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    mill.move(act="suit", to=dt.date(2001, 9, 1))
    assert legal(mill, dt.date(2001, 8, 31)) == "waived"
    assert legal(mill, dt.date(2001, 9, 1)) == "event_of_default"
    mill.remove(act="suit")
    assert mill.compare(dt.date(2001, 9, 1)).differences == ()


def test_a_branch_goes_its_own_way(mill: WhatIf) -> None:
    branch = mill.branch()
    branch.assume(*facts(SUIT))
    assert legal(branch, AUGUST) == "event_of_default"
    assert legal(mill, AUGUST) == "waived"
    assert mill.assumptions == ()


def test_what_is_taken_as_given_differs_from_nothing(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    mill.take_as_given()
    assert mill.compare(AUGUST).differences == ()
    mill.remove(waiver="w")
    assert "w" in {each.what for each in mill.compare(AUGUST).differences}


def test_facts_that_were_known_at_a_moment_cannot_be_assumed(mill: WhatIf) -> None:
    with pytest.raises(Rejected) as refused:
        mill.assume(fact(SUIT.replace("act: suit", "act: suit, known_at: 2001-08-14T12:00:00Z")))
    assert str(refused.value) == (
        "ActTaken says that it became known at 2001-08-14T12:00:00Z. What is assumed is known to nobody. "
        "Leave `known_at` out. [known_at_assumed]"
    )


def test_steps_say_what_they_do(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    mill.move(waiver="w", date="ends[0].until", by="1 month")
    mill.change({"rate": {"fixed": "0.1"}}, facility="notes")
    mill.shift("prime", by=Decimal("-0.01"), from_=dt.date(2001, 2, 1), until=dt.date(2001, 3, 1))
    mill.shift("prime", to=Decimal("0.04"))
    mill.shift("prime", path=[(dt.date(2001, 2, 1), Decimal("0.09"))])
    mill.remove(key="missed")
    opened = fact("- {event: FacilityOpened, facility: line, effective: 2001-02-01, name: Line, borrowers: [mill]}")
    mill.replace(opened, facility="line")  # type: ignore[arg-type]  # an opening corrects nothing
    assert [str(step) for step, _ in mill.taken] == [
        "ActTaken 2001-08-01: facility notes, act suit, by holder, seeks enforcement, accelerates no",
        "the waiver w with `ends[0].until` moved by 1 month",
        'the facility notes with rate {"fixed": "0.1"}',
        "the index prime 0.01 lower from 2001-02-01 until 2001-03-01",
        "the index prime at 0.04",
        "the index prime along a path of 1 fixing",
        "without the fact with the key missed",
        "in the place of the facility line: FacilityOpened 2001-02-01: facility line, name Line, borrowers mill",
    ]
