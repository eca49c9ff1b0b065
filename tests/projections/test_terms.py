"""Terms in layers: which changes are about the same thing, and what a maturity that was moved does to what was due."""

import pytest

from tests.projections.asking import around, defaults, findings, legal, on
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], matures: 2003-05-10,
   clauses: [{clause: own, kind: payment, heals: automatically}]}
"""


def amended(name: str, day: str, change: str) -> str:
    return f"""
- {{event: AmendmentSigned, facility: notes, amendment: {name}, effective: {day}, dated: {day},
   changes: [{{{change}}}]}}
"""


# --- changes ---------------------------------------------------------------------------------------------------------


COVENANT = "change: covenant, from: DAY, covenant: {covenant: NAME}"
NO_COVENANT = "change: delete_covenant, from: DAY, covenant: NAME"
CLAUSE = "change: clause, from: DAY, clause: {clause: NAME, kind: payment}"
NO_CLAUSE = "change: delete_clause, from: DAY, clause: NAME"
OPTION = "change: open_option, from: DAY, option: NAME, rate: {index: prime}"
NO_OPTION = "change: close_option, from: DAY, option: NAME"


@pytest.mark.parametrize(
    ("before", "after"), [(COVENANT, NO_COVENANT), (NO_CLAUSE, CLAUSE), (OPTION, NO_OPTION), (NO_COVENANT, COVENANT)]
)
def test_setting_and_deleting_one_covenant_clause_or_option_conflict_and_of_two_they_do_not(
    before: str, after: str
) -> None:
    older = amended("a", "2001-02-01", before.replace("DAY", "2001-04-01").replace("NAME", "first"))
    for name, asks in [("first", 1), ("second", 0)]:
        newer = amended("b", "2001-03-01", after.replace("DAY", "2001-03-01").replace("NAME", name))
        given(NOTES, older, newer).when(on("2001-05-01", lambda seen: len(findings("amendments_conflict")(seen)))).then(
            asks
        )


# --- maturity --------------------------------------------------------------------------------------------------------


def missed(of: str, day: str) -> str:
    return f"- {{event: PaymentMissed, facility: notes, effective: {day}, of: {of}, due: {day}}}\n"


def test_an_instalment_missed_is_due_though_the_maturity_is_still_to_come() -> None:
    given(NOTES, missed("principal", "2001-05-10")).when(around("2001-05-10", legal("notes"))).then(
        ("no_default", "event_of_default", "event_of_default")
    )


def test_a_maturity_moved_after_it_had_passed_ends_the_failure_to_pay_principal_and_no_other() -> None:
    extended = amended("later", "2003-06-01", "change: matures, from: 2003-06-01, matures: 2004-05-10")
    record = given(NOTES, missed("[interest, principal]", "2003-05-10"), extended)
    interest, principal = "notes/own/notes/interest/2003-05-10", "notes/own/notes/principal/2003-05-10"
    record.when(around("2003-06-01", defaults("notes"))).then(
        (
            {interest: "continuing", principal: "continuing"},
            {interest: "continuing", principal: "cured"},
            {interest: "continuing", principal: "cured"},
        )
    )
