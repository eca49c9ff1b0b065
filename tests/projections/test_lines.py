"""Lines of credit: what may be borrowed, what is borrowed beyond it; and what is asked about the money on record."""

import pytest

from projections.answer import LineAnswer
from tests.projections.asking import Question, around, facility, findings, on, on_days, owed
from tests.spec import given

LINE = """
- event: FacilityOpened
  facility: line
  effective: 2001-01-01
  name: Revolver
  borrowers: [mill]
  currency: USD
  commitment: "1000.00"
  principal: "0.00"
  rate:
    options: {prime: {index: prime, margin: "0.01"}, libor: {index: libor, margin: "0.03", fixed_for_period: true}}
    default: {uplift: "0.02", grounds: [excess], notice_days: 3}
  day_count: actual/360
- {event: IndexFixed, index: prime, rate: "0.05", effective: 2001-01-01}
- {event: IndexFixed, index: libor, rate: "0.04", effective: 2001-01-01}
"""
LOAN = '- {event: LoanAdvanced, facility: line, effective: %s, loan: %s, option: %s, amount: "%s"}\n'
AVAILABLE = '- {event: AvailabilityReported, facility: line, effective: 2001-03-01, available: "500.00"}\n'


def line() -> Question[tuple[str | None, ...] | None]:
    """What may be borrowed: commitment, unused, available, excess, and the rate on the excess."""

    def asked(seen: object) -> tuple[str | None, ...] | None:
        answer: LineAnswer | None = facility("line")(seen).line  # type: ignore[arg-type]
        return None if answer is None else tuple(answer.as_json().values())

    return asked


def asks(code: str) -> Question[list[str]]:
    return lambda seen: [finding.question for finding in findings(code)(seen)]


def test_what_is_unused_is_the_commitment_less_what_is_outstanding() -> None:
    record = given(LINE, LOAN % ("2001-02-01", "a", "prime", "600.00"))
    record.when(around("2001-02-01", line())).then(
        (
            ("1000.00", "1000.00", None, None, None),
            ("1000.00", "400.00", None, None, None),
            ("1000.00", "400.00", None, None, None),
        )
    )


def test_what_is_outstanding_beyond_what_is_available_is_the_excess_and_bears_its_rate_after_notice() -> None:
    notified = "- {event: ExcessNotified, facility: line, effective: 2001-03-05}\n"  # a Monday
    record = given(LINE, LOAN % ("2001-02-01", "a", "prime", "600.00"), AVAILABLE, notified)
    record.when(on_days(line(), "2001-02-28", "2001-03-01", "2001-03-08", "2001-03-09")).then(
        {
            "2001-02-28": ("1000.00", "400.00", None, None, None),
            "2001-03-01": ("1000.00", "400.00", "500.00", "100.00", None),
            "2001-03-08": ("1000.00", "400.00", "500.00", "100.00", None),
            "2001-03-09": ("1000.00", "400.00", "500.00", "100.00", "0.08"),
        }
    )


EACH = """
    default:
      options: {prime: {index: prime, margin: "0.04"}, libor: {index: libor, margin: "0.08"}}
      grounds: [excess]
"""


@pytest.mark.parametrize(("available", "rate", "accrued"), [("500.00", "0.12", "6.60"), ("300.00", None, "7.34")])
def test_an_excess_is_of_what_was_lent_last_and_each_loan_in_it_bears_its_own_default_rate(
    available: str, rate: str | None, accrued: str
) -> None:
    opened = LINE.replace('    default: {uplift: "0.02", grounds: [excess], notice_days: 3}\n', EACH.lstrip("\n"))
    loans = LOAN % ("2001-02-01", "a", "prime", "360.00") + LOAN % ("2001-02-01", "b", "libor", "240.00")
    reported = AVAILABLE.replace("500.00", available)
    record = given(opened, loans, reported)
    record.when(on("2001-03-01", line())).then(
        ("1000.00", "400.00", available, f"{600 - int(available[:-3])}.00", rate)
    )
    # 58 days at 6 % on 360.00 and 7 % on 240.00 are 6.19; an excess bears 5 % more on what is libor, 3 % on the rest
    record.when(on("2001-03-31", owed("line", "accrued_interest"))).then((accrued,))


def test_a_commitment_that_an_amendment_lowers_counts_from_then() -> None:
    lowered = """
- event: AmendmentSigned
  facility: line
  effective: 2001-02-10
  amendment: cut
  dated: 2001-02-10
  changes: [{change: commitment, from: 2001-02-15, commitment: "700.00"}]
"""
    record = given(LINE, LOAN % ("2001-02-01", "a", "prime", "600.00"), lowered)
    record.when(around("2001-02-15", lambda seen: line()(seen)[1])).then(("400.00", "100.00", "100.00"))  # type: ignore[index]


def test_a_debt_without_commitment_or_availability_has_no_line() -> None:
    record = given("- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Note, borrowers: [mill]}")
    record.when(on("2001-01-01", line())).then(None)


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_more_outstanding_than_committed_is_asked_about_once() -> None:
    more = LOAN % ("2001-02-03", "a", "prime", "0.01"), LOAN % ("2001-02-04", "a", "prime", "1.00")
    record = given(LINE, LOAN % ("2001-02-01", "a", "prime", "1000.00"), *more)
    question = "Is the commitment still 1000.00? 1000.01 is outstanding, which is more."
    record.when(around("2001-02-03", asks("commitment_exceeded"))).then(([], [question], [question]))


def test_a_payment_beyond_all_that_is_owed_is_asked_about() -> None:
    paid = '- {event: PaymentMade, facility: line, effective: 2001-02-11, amount: "%s"}\n'
    loan = LOAN % ("2001-02-01", "a", "prime", "600.00")  # at 6 % on actual/360 ten days' interest is 1.00
    given(LINE, loan, paid % "601.00").when(on("2001-02-11", asks("payment_not_applied"))).then([])
    question = "What was 0.01 of this payment for? It is more than was owed, and is applied to nothing."
    given(LINE, loan, paid % "601.01").when(around("2001-02-11", asks("payment_not_applied"))).then(
        ([], [question], [question])
    )


@pytest.mark.parametrize(("stated", "apart"), [("600.00", None), ("599.99", "-0.01"), ("650.00", "+50.00")])
def test_a_balance_stated_otherwise_than_the_record_comes_to_is_asked_about(stated: str, apart: str | None) -> None:
    balance = f'- {{event: BalanceStated, facility: line, effective: 2001-02-11, principal: "{stated}"}}\n'
    record = given(LINE, LOAN % ("2001-02-01", "a", "prime", "600.00"), balance)
    question = (
        f"How much principal was outstanding on 2001-02-11? The paper states {stated}, which is {apart} from what the "
        "record comes to; it is taken at its word."
    )
    record.when(on("2001-02-11", asks("balance_conflict"))).then([] if apart is None else [question])


def test_a_loan_whose_option_is_closed_at_the_end_of_its_period_is_asked_about_unless_it_converts() -> None:
    closed = """
- event: AmendmentSigned
  facility: line
  effective: 2001-02-10
  amendment: no-more-libor
  dated: 2001-02-10
  changes: [{change: close_option, from: 2001-02-15, option: libor}]
"""
    loan = LOAN.replace("}\n", ", period_ends: 2001-05-01}\n") % ("2001-02-01", "a", "libor", "600.00")
    record = given(LINE.replace('prime: {index: prime, margin: "0.01"}, ', ""), loan, closed)
    question = "At which rate did the loan a go on? Its interest period ended on 2001-05-01, and no other is recorded."
    record.when(around("2001-05-01", asks("period_unrecorded"))).then(([], [question], [question]))
    given(LINE, loan, closed).when(on("2001-05-02", asks("period_unrecorded"))).then([])
