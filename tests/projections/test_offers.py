"""Exchange offers: their state by deadline and by what was done, and what was tendered as an exact fraction."""

import pytest

from projections.report import report
from tests.projections.asking import Question, around, findings, offer, on, on_days
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], principal: "3000.00"}
"""


def launched(rest: str = 'minimum_tender: "0.99", through: 2001-09-04') -> str:
    return (
        f"- {{event: OfferLaunched, offer: swap, effective: 2001-08-06, old: notes, new: {{facility: new}}, {rest}}}\n"
    )


def fact(event: str, day: str, rest: str = "") -> str:
    return f"- {{event: {event}, offer: swap, effective: {day}{', ' if rest else ''}{rest}}}\n"


def tendered(amount: str, day: str = "2001-08-20", event: str = "NotesTendered") -> str:
    return fact(event, day, f'amount: "{amount}"')


def state(name: str = "swap") -> Question[str]:
    return lambda seen: offer(name)(seen).state


def fraction() -> Question[tuple[str, str | None, bool | None]]:
    """What was tendered, as an amount and as a part of the principal, and whether that meets the minimum."""

    def asked(seen: object) -> tuple[str, str | None, bool | None]:
        answer = offer("swap")(seen)  # type: ignore[arg-type]
        return str(answer.tendered), None if answer.fraction is None else str(answer.fraction), answer.minimum_met

    return asked


# --- the deadline ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deadline", ["through: 2001-09-04", "until: 2001-09-05"])
def test_an_offer_is_open_through_its_last_day_and_then_expired(deadline: str) -> None:
    given(NOTES, launched(deadline)).when(around("2001-09-05", state())).then(("open", "expired", "expired"))
    given(NOTES, launched(deadline)).when(on("2001-09-05", lambda seen: str(offer("swap")(seen).last_day))).then(
        "2001-09-04"
    )


def test_before_its_launch_there_is_no_offer() -> None:
    record = given(NOTES, launched())
    record.when(around("2001-08-06", lambda seen: [each.offer for each in report(seen).offers])).then(
        ([], ["swap"], ["swap"])
    )


@pytest.mark.parametrize("event", ["OfferExtended", "OfferAmended"])
def test_a_deadline_that_is_moved_counts_from_the_day_on_which_it_is(event: str) -> None:
    for to, first_day_outside in [("through: 2001-10-01", "2001-10-02"), ("until: 2001-10-01", "2001-10-01")]:
        record = given(NOTES, launched(), fact(event, "2001-09-04", to))
        record.when(around(first_day_outside, state())).then(("open", "expired", "expired"))


def test_an_offer_extended_after_its_deadline_is_open_again_with_a_finding() -> None:
    record = given(NOTES, launched(), fact("OfferExtended", "2001-09-06", "through: 2001-09-10"))
    record.when(on_days(state(), "2001-09-04", "2001-09-05", "2001-09-06", "2001-09-10", "2001-09-11")).then(
        {
            "2001-09-04": "open",
            "2001-09-05": "expired",
            "2001-09-06": "open",
            "2001-09-10": "open",
            "2001-09-11": "expired",
        }
    )
    record.when(
        on("2001-09-06", lambda seen: [(f.facility, f.facts, f.question) for f in findings("deadline_conflict")(seen)])
    ).then(
        [
            (
                "notes",
                (2, 3),
                "Until when was the offer swap open? It was extended to 2001-09-10 on 2001-09-06, and its deadline was "
                "2001-09-04.",
            )
        ]
    )


def test_an_extension_to_an_earlier_day_is_a_finding_and_one_in_time_is_none() -> None:
    for to, found in [("2001-09-03", 1), ("2001-09-04", 0), ("2001-09-05", 0)]:
        record = given(NOTES, launched(), fact("OfferExtended", "2001-09-01", f"through: {to}"))
        record.when(on("2001-09-30", lambda seen: len(findings("deadline_conflict")(seen)))).then(found)


# --- what was tendered -----------------------------------------------------------------------------------------------


def test_with_nothing_tendered_on_record_the_fraction_is_not_stated() -> None:
    given(NOTES, launched()).when(on("2001-09-05", fraction())).then(("0.00", None, None))


@pytest.mark.parametrize(
    ("amount", "part", "met", "after"),
    [
        ("2970.00", "0.990000", True, "expired"),
        ("2969.99", "0.989997", False, "lapsed"),
        ("1000.00", "0.333333", False, "lapsed"),
    ],
)
def test_tenders_are_an_exact_fraction_of_the_principal_outstanding(
    amount: str, part: str, met: bool, after: str
) -> None:
    record = given(NOTES, launched(), tendered(amount))
    record.when(on("2001-09-04", fraction())).then((amount, part, met))
    record.when(around("2001-09-05", state())).then(("open", after, after))


def test_an_exact_third_meets_no_minimum_written_with_fewer_threes_and_meets_one_below_it() -> None:
    for minimum, met in [("0.333333333333", True), ("0.333333333334", False)]:
        record = given(NOTES, launched(f'minimum_tender: "{minimum}", through: 2001-09-04'), tendered("1000.00"))
        record.when(on("2001-09-04", fraction())).then(("1000.00", "0.333333", met))


def test_a_tender_withdrawn_counts_no_more_and_all_withdrawn_is_nothing_and_not_silence() -> None:
    record = given(NOTES, launched(), tendered("2970.00"), tendered("2970.00", "2001-08-25", "TenderWithdrawn"))
    record.when(around("2001-08-25", fraction())).then(
        (("2970.00", "0.990000", True), ("0.00", "0.000000", False), ("0.00", "0.000000", False))
    )
    record.when(on("2001-09-05", state())).then("lapsed")


def test_against_a_principal_that_is_not_stated_nothing_is_met_or_unmet() -> None:
    silent = NOTES.replace(', principal: "3000.00"', "")
    given(silent, launched(), tendered("2970.00")).when(on("2001-09-05", fraction())).then(("2970.00", None, None))
    given(silent, launched(), tendered("2970.00")).when(on("2001-09-05", state())).then("expired")


def test_without_a_minimum_no_offer_lapses() -> None:
    given(NOTES, launched("through: 2001-09-04"), tendered("1.00")).when(on("2001-09-05", state())).then("expired")


def test_after_the_deadline_the_principal_outstanding_then_is_what_counts() -> None:
    repaid = '- {event: PaymentMade, facility: notes, effective: 2001-10-01, of: principal, amount: "1500.00"}'
    record = given(NOTES, launched(), tendered("1500.00"), repaid)
    record.when(around("2001-10-01", fraction())).then((("1500.00", "0.500000", False),) * 3)
    record.when(around("2001-10-01", state())).then(("lapsed",) * 3)


def test_a_minimum_that_is_amended_counts_from_then() -> None:
    lowered = fact("OfferAmended", "2001-08-25", 'minimum_tender: "0.5"')
    record = given(NOTES, launched(), tendered("1500.00"), lowered)
    record.when(around("2001-08-25", lambda seen: offer("swap")(seen).minimum_met)).then((False, True, True))


# --- what was done ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "after"),
    [("TendersAccepted", "accepted"), ("OfferConsummated", "consummated"), ("OfferTerminated", "terminated")],
)
def test_an_offer_is_what_was_done_with_it_from_that_day_on(event: str, after: str) -> None:
    for day, before in [("2001-08-20", "open"), ("2001-09-10", "expired")]:
        record = given(NOTES, launched(), tendered("2970.00", "2001-08-07"), fact(event, day))
        record.when(around(day, state())).then((before, after, after))


def test_what_was_accepted_may_be_consummated() -> None:
    record = given(NOTES, launched(), fact("TendersAccepted", "2001-09-05"), fact("OfferConsummated", "2001-09-10"))
    record.when(around("2001-09-10", state())).then(("accepted", "consummated", "consummated"))


@pytest.mark.parametrize(
    ("amount", "shown"), [("2969.99", "was not met"), (None, "is not shown to have been met"), ("2970.00", None)]
)
def test_a_consummation_without_its_minimum_is_recorded_and_asked_about(amount: str | None, shown: str | None) -> None:
    tenders = [tendered(amount)] if amount else []
    record = given(NOTES, launched(), *tenders, fact("OfferConsummated", "2001-09-10"))
    record.when(on("2001-09-09", findings("minimum_unmet"))).then([])
    record.when(on("2001-09-10", lambda seen: [(f.facts, f.question) for f in findings("minimum_unmet")(seen)])).then(
        []
        if shown is None
        else [
            (
                tuple(range(2, 4 + len(tenders))),
                "Was the condition of a minimum tender waived? The offer swap was consummated, and its minimum of 0.99 "
                f"{shown}.",
            )
        ]
    )


def test_an_answer_about_an_offer_cites_what_was_done_by_then() -> None:
    record = given(NOTES, launched(), tendered("1.00"), fact("OfferTerminated", "2001-09-10"))
    record.when(around("2001-09-10", lambda seen: [r.position for r in offer("swap")(seen).because])).then(
        ([2, 3], [2, 3, 4], [2, 3, 4])
    )
