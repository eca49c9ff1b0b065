"""Due dates that are no business days: when they are paid, up to when interest counts, and what a payment then does."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.projections.asking import around, on, owed, view
from tests.spec import given

FIGURES = owed("notes", "principal", "accrued_interest", "interest_unpaid")


def notes(schedule: str, more: str = "") -> str:
    """Notes of 360,000.00 at 10%, actual/360: a hundred a day."""
    return f"""
- {{event: FacilityOpened, facility: notes, effective: 2004-01-28, name: Notes, borrowers: [mill], currency: USD,
   principal: "360000.00", rate: {{fixed: "0.1"}}, day_count: actual/360, schedule: {{{schedule}}}{more}}}
"""


def paid(day: str, amount: str, of: str) -> str:
    return f'- {{event: PaymentMade, facility: notes, effective: {day}, amount: "{amount}", of: {of}}}\n'


MONTHLY = "interest: {every: 1 month, from: 2004-02-28}"  # a Saturday
FOLLOWING = f"{MONTHLY}, roll: following, calendar: us"


def test_shifted_first_a_period_ends_on_the_day_to_which_its_due_date_is_moved() -> None:
    given(notes(FOLLOWING)).when(around("2004-03-01", FIGURES)).then(
        (
            ("360000.00", "3200.00", "0.00"),
            ("360000.00", "0.00", "3300.00"),
            ("360000.00", "100.00", "3300.00"),
        )
    )


def test_calculated_first_a_period_ends_on_its_own_day_and_only_the_payment_moves() -> None:
    given(notes(f"{FOLLOWING}, adjust: calculate_then_shift")).when(around("2004-03-01", FIGURES)).then(
        (
            ("360000.00", "3200.00", "0.00"),
            ("360000.00", "200.00", "3100.00"),
            ("360000.00", "300.00", "3100.00"),
        )
    )


def test_a_day_that_goes_back_is_due_before_its_period_is_over_where_that_is_calculated_first() -> None:
    preceding = f"{MONTHLY}, roll: preceding, calendar: us"
    given(notes(preceding)).when(around("2004-02-27", FIGURES)).then(
        (("360000.00", "2900.00", "0.00"), ("360000.00", "0.00", "3000.00"), ("360000.00", "100.00", "3000.00"))
    )
    given(notes(f"{preceding}, adjust: calculate_then_shift")).when(around("2004-02-27", FIGURES)).then(
        (("360000.00", "2900.00", "0.00"), ("360000.00", "0.00", "3100.00"), ("360000.00", "0.00", "3100.00"))
    )


EQUAL = "principal: {kind: equal, every: 1 month, from: 2004-02-28, amount: "
INSTALMENTS = f'{FOLLOWING}, {EQUAL}"36000.00"}}'


@pytest.mark.parametrize(
    ("adjust", "accrued"),
    [("shift_then_calculate", ("0.00", "90.00")), ("calculate_then_shift", ("180.00", "270.00"))],
)
def test_an_instalment_paid_on_the_day_to_which_it_is_moved_bears_no_interest_from_the_end_of_its_period(
    adjust: str, accrued: tuple[str, str]
) -> None:
    record = given(notes(f"{INSTALMENTS}, adjust: {adjust}"), paid("2004-03-01", "36000.00", "principal"))
    _, there, after = around("2004-03-01", owed("notes", "principal", "accrued_interest"))(record.log)
    assert (there, after) == (("324000.00", accrued[0]), ("324000.00", accrued[1]))


@pytest.mark.parametrize(
    ("day", "amount", "accrued"),
    [
        ("2004-03-02", "36000.00", "390.00"),  # a day late: 100.00 a day to the payment
        ("2004-03-01", "20000.00", "388.89"),  # in part: 100.00 a day to the payment, 94.44 after it
        ("2004-03-01", "72000.00", "360.00"),  # more than the instalment: the same, 80.00 after it
    ],
)
def test_any_other_payment_of_principal_counts_from_its_own_day(day: str, amount: str, accrued: str) -> None:
    record = given(notes(f"{INSTALMENTS}, adjust: calculate_then_shift"), paid(day, amount, "principal"))
    record.when(on("2004-03-03", owed("notes", "accrued_interest"))).then((accrued,))


def test_interest_added_to_principal_bears_interest_from_the_end_of_its_period() -> None:
    added = FOLLOWING.replace("2004-02-28}", "2004-02-28, capitalise_until: 2004-12-28}")
    given(notes(f"{added}, adjust: calculate_then_shift")).when(around("2004-03-01", FIGURES)).then(
        (
            ("360000.00", "3200.00", "0.00"),
            ("363100.00", "201.72", "0.00"),
            ("363100.00", "302.58", "0.00"),
        )
    )


@pytest.mark.parametrize(
    ("until", "principal", "unpaid"),
    [
        ("2004-02-28", "363300.00", "0.00"),  # the due date itself, moved to March 1 with its period
        ("2004-02-27", "363000.00", "302.50"),  # a day before: what accrues from then on is paid
    ],
)
def test_interest_is_added_to_principal_through_the_period_that_is_due_on_the_last_day_for_it(
    until: str, principal: str, unpaid: str
) -> None:
    added = FOLLOWING.replace("2004-02-28}", f"2004-02-28, capitalise_until: {until}}}")
    given(notes(added)).when(on("2004-03-01", FIGURES)).then((principal, "0.00", unpaid))


def test_instalments_that_fall_on_one_business_day_are_due_together() -> None:
    listed = 'principal: {kind: listed, due: [{on: 2004-02-28, amount: "1000.00"}, {on: 2004-02-29, amount: "500.00"}]}'
    record = given(notes(f"{FOLLOWING}, {listed}"), paid("2004-03-01", "1500.00", "principal"))
    record.when(on("2004-03-01", owed("notes", "principal", "interest_unpaid"))).then(("358500.00", "3300.00"))


def test_the_day_on_which_interest_ceases_to_be_added_is_kept_once_however_often_the_books_are_asked() -> None:
    added = MONTHLY.replace("2004-02-28}", "2004-02-28, capitalise_until: 2004-02-27}")
    record = given(notes(added), paid("2004-02-27", "1000.00", "principal"))
    books = view(record.log, "2004-02-27").timelines["notes"].books["notes"].agreed()
    asked = [books.on(dt.date(2004, 2, day)).outstanding for day in (26, 27, 28)]
    assert asked == [Decimal("360000.00"), Decimal("362000.00"), Decimal("362000.00")]
