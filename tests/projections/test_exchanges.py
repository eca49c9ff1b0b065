"""What a consummation does: old notes retired, new ones opened, interest capitalised or paid, cash and warrants.

The old notes bear 12 % on 30/360 from January 1, so that a day's interest on 1,000 is a third of a unit.
"""

import pytest

from projections.answer import ExchangeAnswer
from projections.report import report
from tests.projections.asking import Question, around, facility, findings, offer, on, on_days, owed
from tests.spec import given

OLD = """
- event: FacilityOpened
  facility: old
  effective: 2001-01-01
  name: 12% Notes
  borrowers: [mill]
  currency: USD
  principal: "3000.00"
  rate: {fixed: "0.12"}
  day_count: 30/360 US
  schedule: {interest: {every: 6 months, from: 2001-07-01}}
"""
NEW = '{facility: new, name: 18% Notes, currency: USD, rate: {fixed: "0.18"}, day_count: 30/360 US}'


def offered(rest: str = "", new: str = NEW) -> str:
    return (
        "- {event: OfferLaunched, offer: swap, effective: 2001-02-01, old: old, through: 2001-03-15, "
        f"new: {new}{', ' if rest else ''}{rest}}}\n"
    )


def fact(event: str, day: str, rest: str = "") -> str:
    return f"- {{event: {event}, offer: swap, effective: {day}{', ' if rest else ''}{rest}}}\n"


TENDERED = fact("NotesTendered", "2001-02-10", 'amount: "2000.00"')
CONSUMMATED = fact("OfferConsummated", "2001-03-16")
CAPITALISED = "accrued: capitalised, accrued_from: 2001-01-01"
PRINCIPAL = ("principal", "accrued_interest", "interest_unpaid", "total")


def exchanged(*what: str) -> Question[dict[str, str | None] | None]:
    """Figures of what was exchanged, as text."""

    def asked(seen: object) -> dict[str, str | None] | None:
        answer: ExchangeAnswer | None = offer("swap")(seen).exchanged  # type: ignore[arg-type]
        if answer is None:
            return None
        shown = answer.as_json()
        return {each: shown[each] for each in what or tuple(shown)}

    return asked


# --- old and new -----------------------------------------------------------------------------------------------------


def test_what_was_tendered_is_retired_and_the_rest_of_the_old_series_goes_on() -> None:
    record = given(OLD, offered(CAPITALISED), TENDERED, CONSUMMATED)
    record.when(around("2001-03-16", owed("old", *PRINCIPAL))).then(
        (
            ("3000.00", "74.00", "0.00", "3074.00"),
            ("1000.00", "25.00", "0.00", "1025.00"),
            ("1000.00", "25.33", "0.00", "1025.33"),
        )
    )
    record.when(around("2001-07-01", owed("old", *PRINCIPAL))).then(
        (
            ("1000.00", "59.67", "0.00", "1059.67"),
            ("1000.00", "0.00", "60.00", "1060.00"),
            ("1000.00", "0.33", "60.00", "1060.33"),
        )
    )


def test_interest_through_the_day_before_is_capitalised_and_the_new_series_bears_interest_from_that_day() -> None:
    record = given(OLD, offered(CAPITALISED), TENDERED, CONSUMMATED)
    record.when(around("2001-03-16", lambda seen: facility("new")(seen).legal)).then(
        ("not_open", "no_default", "no_default")
    )
    record.when(around("2001-03-16", owed("new", *PRINCIPAL))).then(
        (
            (None, None, None, None),
            ("2050.00", "0.00", "0.00", "2050.00"),
            ("2050.00", "1.03", "0.00", "2051.03"),
        )
    )


def test_the_principal_that_an_offer_states_of_the_new_notes_is_theirs_whatever_was_tendered() -> None:
    stated = NEW.replace("currency", 'principal: "2500.00", currency')
    given(OLD, offered(CAPITALISED, stated), TENDERED, CONSUMMATED).when(
        on("2001-03-16", owed("new", "principal"))
    ).then(("2500.00",))


def test_without_a_stated_day_the_interest_of_notes_tendered_is_their_share_of_what_is_unpaid_on_the_eve() -> None:
    paid = '- {event: PaymentMade, facility: old, effective: DAY, of: interest, amount: "15.00"}\n'
    for day, issued in [("2001-03-15", "2040.00"), ("2001-03-16", "2050.00")]:
        record = given(OLD, offered("accrued: capitalised"), TENDERED, paid.replace("DAY", day), CONSUMMATED)
        record.when(on("2001-03-16", owed("new", "principal"))).then((issued,))


def test_an_offer_says_what_it_exchanged_from_its_consummation_on() -> None:
    terms = f'{CAPITALISED}, cash_fee: {{per_1000: "22.20"}}, warrant_shares_per_1000: "35.5"'
    record = given(OLD, offered(terms), TENDERED, CONSUMMATED)
    record.when(on("2001-03-15", exchanged())).then(None)
    record.when(on("2001-03-16", exchanged())).then(
        {
            "on": "2001-03-16",
            "principal": "2000.00",
            "accrued_interest": "50.00",
            "issued": "2050.00",
            "cash": "44.40",
            "warrant_shares": "71",
        }
    )


@pytest.mark.parametrize(
    ("fee", "cash"),
    [
        ('{per_1000: "22.20", of: old}', "44.40"),
        ('{per_1000: "22.20", of: new}', "45.51"),
        ('{fraction: "0.03", of: old}', "60.00"),
        ('{fraction: "0.03", of: new}', "61.50"),
    ],
)
def test_the_cash_fee_is_of_the_old_principal_or_of_the_new(fee: str, cash: str) -> None:
    record = given(OLD, offered(f"{CAPITALISED}, cash_fee: {fee}"), TENDERED, CONSUMMATED)
    record.when(on("2001-03-16", exchanged("cash"))).then({"cash": cash})


def test_interest_that_is_paid_makes_no_new_principal() -> None:
    record = given(OLD, offered("accrued: paid, accrued_from: 2001-01-01"), TENDERED, CONSUMMATED)
    record.when(on("2001-03-16", exchanged("accrued_interest", "issued", "cash"))).then(
        {"accrued_interest": "50.00", "issued": "2000.00", "cash": "50.00"}
    )
    record.when(on("2001-03-16", owed("new", "principal"))).then(("2000.00",))


def test_without_a_stated_date_it_is_the_share_of_all_interest_unpaid_overdue_included() -> None:
    missed = "- {event: PaymentMissed, facility: old, effective: 2001-02-15, of: interest, due: 2001-02-15}\n"
    record = given(OLD, offered("accrued: capitalised"), TENDERED, missed, CONSUMMATED)
    record.when(on("2001-03-16", exchanged("accrued_interest", "issued"))).then(
        {"accrued_interest": "50.00", "issued": "2050.00"}
    )
    record.when(around("2001-03-16", owed("old", *PRINCIPAL))).then(
        (
            ("3000.00", "30.00", "44.00", "3074.00"),
            ("1000.00", "10.33", "14.67", "1025.00"),
            ("1000.00", "10.67", "14.67", "1025.34"),
        )
    )


def test_whether_interest_is_capitalised_is_asked_where_no_paper_says() -> None:
    record = given(OLD, offered(), TENDERED, CONSUMMATED)
    record.when(on("2001-03-16", exchanged("accrued_interest", "issued"))).then(
        {"accrued_interest": "50.00", "issued": None}
    )
    record.when(on("2001-03-16", lambda seen: facility("new")(seen).not_stated)).then(
        ("payment", "principal", "accrued_interest", "interest_unpaid", "total")
    )


# --- the life of an offer --------------------------------------------------------------------------------------------


def test_the_terms_are_those_as_amended_and_the_tenders_less_what_was_withdrawn() -> None:
    record = given(
        OLD,
        offered(f'{CAPITALISED}, minimum_tender: "0.99", cash_fee: {{fraction: "0.01"}}'),
        fact("NotesTendered", "2001-02-10", 'amount: "2500.00"'),
        fact("OfferAmended", "2001-02-20", 'minimum_tender: "0.5", cash_fee: {fraction: "0.02"}'),
        fact("TenderWithdrawn", "2001-02-25", 'amount: "1000.00"'),
        fact("OfferExtended", "2001-03-15", "through: 2001-03-31"),
        fact("TendersAccepted", "2001-04-01"),
        fact("OfferConsummated", "2001-04-02"),
    )

    def seen_as(seen: object) -> tuple[str, str, bool | None]:
        answer = offer("swap")(seen)  # type: ignore[arg-type]
        return answer.state, str(answer.tendered), answer.minimum_met

    days = ("2001-02-19", "2001-02-20", "2001-02-25", "2001-03-16", "2001-03-31", "2001-04-01", "2001-04-02")
    record.when(on_days(seen_as, *days)).then(
        {
            "2001-02-19": ("open", "2500.00", False),
            "2001-02-20": ("open", "2500.00", True),
            "2001-02-25": ("open", "1500.00", True),
            "2001-03-16": ("open", "1500.00", True),
            "2001-03-31": ("open", "1500.00", True),
            "2001-04-01": ("accepted", "1500.00", True),
            "2001-04-02": ("consummated", "1500.00", True),
        }
    )
    record.when(on("2001-04-02", exchanged("principal", "accrued_interest", "cash"))).then(
        {"principal": "1500.00", "accrued_interest": "45.50", "cash": "30.00"}
    )


def test_a_series_exchanged_whole_is_paid_and_its_failures_with_it() -> None:
    missed = "- {event: PaymentMissed, facility: old, effective: 2001-02-15, of: interest, due: 2001-02-15}\n"
    all_of_it = fact("NotesTendered", "2001-02-10", 'amount: "3000.00"')
    record = given(OLD, offered(CAPITALISED), all_of_it, missed, CONSUMMATED)
    record.when(around("2001-03-16", lambda seen: facility("old")(seen).payment)).then(("past_due", "paid", "paid"))
    record.when(on("2001-03-16", owed("old", *PRINCIPAL))).then(("0.00", "0.00", "0.00", "0.00"))


def test_the_new_series_may_be_opened_by_a_paper_of_its_own() -> None:
    opened = "- {event: FacilityOpened, facility: new, effective: 2001-03-16, name: New, borrowers: [mill]}\n"
    for record in (
        given(OLD, offered(CAPITALISED), TENDERED, opened, CONSUMMATED),
        given(OLD, offered(CAPITALISED), TENDERED, CONSUMMATED, opened),
    ):
        record.when(on("2001-03-16", owed("new", "principal"))).then(("2050.00",))


@pytest.mark.parametrize(("stated", "currency", "digits"), [("", "JPY", "2050"), ("currency: USD, ", "USD", "2050.00")])
def test_the_new_series_is_in_the_currency_of_the_old_unless_the_offer_states_another(
    stated: str, currency: str, digits: str
) -> None:
    new = f'{{facility: new, name: 18% Notes, {stated}rate: {{fixed: "0.18"}}, day_count: 30/360 US}}'
    record = given(OLD.replace("USD", "JPY"), offered(CAPITALISED, new), TENDERED, CONSUMMATED)
    record.when(on("2001-03-16", lambda seen: facility("new")(seen).currency)).then(currency)
    record.when(on("2001-03-16", owed("new", "principal"))).then((digits,))


def test_what_is_recorded_of_the_new_series_counts() -> None:
    paid = '- {event: PaymentMade, facility: new, effective: 2001-03-20, of: principal, amount: "50.00"}\n'
    record = given(OLD, offered(CAPITALISED), TENDERED, CONSUMMATED, paid)
    record.when(around("2001-03-20", owed("new", "principal"))).then((("2050.00",), ("2000.00",), ("2000.00",)))


def test_a_consummation_that_was_voided_exchanged_nothing() -> None:
    voided = "- {event: FactVoided, position: 4, reason: It never closed.}\n"
    record = given(OLD, offered(CAPITALISED), TENDERED, CONSUMMATED, voided)
    record.when(on("2001-03-16", owed("old", "principal"))).then(("3000.00",))
    record.when(on("2001-03-16", lambda seen: [each.facility for each in report(seen).facilities])).then(["old"])
    record.when(on("2001-03-16", owed("old", "principal"), known=4)).then(("1000.00",))


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_without_a_tender_on_record_neither_series_has_a_stated_principal() -> None:
    record = given(OLD, offered(CAPITALISED), CONSUMMATED)
    for name in ("old", "new"):
        record.when(on("2001-03-16", owed(name, "principal"))).then((None,))
    record.when(on("2001-03-16", lambda seen: [f.question for f in findings("exchange_not_stated")(seen)])).then(
        [
            "How much of old was exchanged by the offer swap? No tender is recorded, so the principal of neither "
            "series is stated from then on."
        ]
    )


def test_more_tendered_than_was_outstanding_is_asked_about_from_the_tender_on_that_goes_beyond() -> None:
    more = fact("NotesTendered", "2001-02-20", 'amount: "1000.00"') + fact(
        "NotesTendered", "2001-03-01", 'amount: "0.01"'
    )
    beyond = findings("tendered_beyond_outstanding")
    record = given(OLD, offered(CAPITALISED), TENDERED, more, CONSUMMATED)
    record.when(around("2001-03-01", lambda seen: len(beyond(seen)))).then((0, 1, 1))
    record.when(on("2001-03-16", lambda seen: [(f.facility, f.facts, f.question) for f in beyond(seen)])).then(
        [
            (
                "old",
                (2, 3, 4, 5),
                "How much of old was tendered for the offer swap? The tenders come to 3000.01, and 3000.00 was "
                "outstanding. New notes are taken to be issued for all that was tendered.",
            )
        ]
    )
    given(
        OLD, offered(CAPITALISED), TENDERED, fact("NotesTendered", "2001-02-20", 'amount: "1000.00"'), CONSUMMATED
    ).when(on("2001-03-16", lambda seen: beyond(seen))).then([])


@pytest.mark.parametrize(
    ("event", "terms", "day", "last"),
    [
        ("NotesTendered", "", "2001-03-16", "2001-03-15"),
        ("TenderWithdrawn", "", "2001-03-16", "2001-03-15"),
        ("TenderWithdrawn", "withdraw_until: 2001-03-01", "2001-03-01", "2001-02-28"),
    ],
)
def test_a_tender_or_a_withdrawal_out_of_time_counts_and_is_asked_about(
    event: str, terms: str, day: str, last: str
) -> None:
    late = fact(event, day, 'amount: "500.00"')
    record = given(OLD, offered(terms), TENDERED, late)
    record.when(on(day, lambda seen: [(f.facts, f.question) for f in findings("tender_out_of_time")(seen)])).then(
        [
            (
                (2, 4),
                f"Does {event} of {day} count? Under the offer swap the last day for it was {last}; it is taken to "
                "count.",
            )
        ]
    )
    record.when(on(last, findings("tender_out_of_time"))).then([])
