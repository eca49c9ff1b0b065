"""Root causes: what ends a failure, and cites what ended it; and which of them each clause looks at."""

import pytest

from tests.projections.asking import Question, around, facility, legal, on
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill]}
"""
MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, amount: "9.00"}
"""


def line(kind: str = "cross_payment") -> str:
    return f"""
- {{event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{{clause: cross, kind: {kind}, of: [notes], heals: automatically}}]}}
"""


# --- what ends a failure ---------------------------------------------------------------------------------------------


def cured_because(debt: str = "line") -> Question[list[list[int]]]:
    return lambda seen: [
        [reason.position for reason in each.because] for each in facility(debt)(seen).defaults if each.state == "cured"
    ]


def test_a_failure_that_ended_as_its_debt_was_paid_and_closed_cites_the_closing_elsewhere_too() -> None:
    closed = "- {event: FacilityTerminated, facility: notes, effective: 2001-08-01, ground: paid}\n"
    given(NOTES, line(), MISSED, closed).when(on("2001-08-01", cured_because())).then([[2, 3, 4]])


def test_a_failure_to_pay_principal_that_ended_as_the_maturity_was_moved_cites_the_amendment() -> None:
    opened = NOTES.replace("borrowers", "matures: 2001-05-10, borrowers")
    missed = MISSED.replace("interest", "principal").replace(', amount: "9.00"', "")
    extended = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-06-01, dated: 2001-06-01,
   changes: [{change: matures, from: 2001-06-01, matures: 2002-05-10}]}
"""
    given(opened, line(), missed, extended).when(on("2001-06-01", cured_because())).then([[2, 3, 4]])


CALLED = """
- {event: ActTaken, facility: notes, act: suit, effective: 2001-07-01, by: holder, seeks: acceleration,
   accelerates: true}
"""
ON_ACCELERATION = line("cross_acceleration")
REPAID = '- {event: PaymentMade, facility: notes, effective: 2001-08-01, of: principal, amount: "100.00"}\n'
ANNULLED = "- {event: AccelerationAnnulled, facility: notes, act: suit, effective: 2001-08-01}\n"


def test_an_acceleration_that_ended_cites_what_ended_it_and_of_two_such_facts_the_first() -> None:
    owing = NOTES.replace("borrowers", 'principal: "100.00", borrowers')
    given(owing, ON_ACCELERATION, CALLED, ANNULLED).when(on("2001-08-01", cured_because())).then([[2, 3, 4]])
    for ends in ([REPAID, ANNULLED], [ANNULLED, REPAID]):
        given(owing, ON_ACCELERATION, CALLED, *ends).when(on("2001-08-01", cured_because())).then([[2, 3, 4]])


def test_an_annulment_of_an_hour_before_the_act_annuls_nothing() -> None:
    for hour, state in [("14:59", "accelerated"), ("15:01", "no_default")]:
        act = CALLED.replace("by:", 'at: "15:00 America/New_York", by:')
        annulled = ANNULLED.replace("2001-08-01", f'2001-07-01, at: "{hour} America/New_York"')
        given(NOTES, act, annulled).when(around("2001-07-01", legal("notes"))).then(("no_default", state, state))


# --- what a clause looks at ------------------------------------------------------------------------------------------


OTHER = NOTES.replace("notes", "other")
OTHER_MISSED = MISSED.replace("notes", "other")


def test_a_cross_payment_looks_at_payments_alone_and_at_no_debt_but_those_it_names() -> None:
    two = line().replace("heals:", "heals: HEALS}, {clause: second, kind: cross_payment, of: [other], heals:")
    two = two.replace("HEALS", "automatically")
    breached = """
- {event: CovenantTested, facility: notes, effective: 2001-05-10, covenant: leverage, test_date: 2001-05-10, met: false}
"""
    record = given(NOTES, OTHER, two, OTHER_MISSED, breached)
    record.when(on("2001-05-10", lambda seen: [each.clause for each in facility("line")(seen).defaults])).then(
        ["second"]
    )


WITH_NOTICE = line().replace("heals:", "notice: {days: 0}, heals:")


@pytest.mark.parametrize(
    ("to", "day", "state"),
    [("line", "2001-05-10", "event_of_default"), ("line", "2001-05-09", "default"), ("notes", "2001-05-10", "default")],
)
def test_a_notice_counts_from_the_day_of_the_default_on_and_only_to_its_own_borrower(
    to: str, day: str, state: str
) -> None:
    notice = f"- {{event: NoticeGiven, facility: {to}, effective: {day}, of: cross}}\n"
    given(NOTES, WITH_NOTICE, MISSED, notice).when(around("2001-05-10", legal("line"))).then(
        ("no_default", state, state)
    )


def test_a_cure_accepted_on_the_day_on_which_the_failure_began_heals_what_came_of_it() -> None:
    accepted = """
- {event: CureAccepted, facility: line, effective: 2001-05-10, default: line/cross/notes/interest/2001-05-10}
"""
    given(NOTES, line(), MISSED, accepted).when(around("2001-05-10", legal("line"))).then(("no_default",) * 3)
