"""Papers made up in the manner of thirty years of them: what each record comes to, before, on and after each turn."""

from pathlib import Path

import pytest

from projections.view import View
from tests.projections.asking import (
    around,
    defaults,
    ended,
    facility,
    findings,
    in_effect,
    legal,
    on,
    on_days,
    rate,
    waiver,
    waivers,
)
from tests.spec import Given, given

PAPERS = Path(__file__).parent / "papers"


def paper(name: str) -> Given:
    return given((PAPERS / f"{name}.yaml").read_text(encoding="utf-8"))


def codes(seen: View) -> list[tuple[str, str]]:
    return [(each.code, each.on.isoformat()) for each in seen.findings]


@pytest.mark.parametrize(
    ("name", "debt", "day", "expected"),
    [
        # the breach is an Event of Default when it is certified; the waiver begins with its fee
        ("coverage-waiver-1998", "revolver", "1998-10-30", ("no_default", "event_of_default", "event_of_default")),
        ("coverage-waiver-1998", "revolver", "1998-11-20", ("event_of_default", "waived", "waived")),
        # a Default in its grace is no Event of Default, and takes nothing from the waiver
        ("coverage-waiver-1998", "revolver", "1998-12-31", ("waived", "default", "default")),
        ("coverage-waiver-1998", "revolver", "1999-01-29", ("default", "waived", "waived")),
        # the figures had time through February 15, and came on the 16th
        ("coverage-waiver-1998", "revolver", "1999-02-16", ("waived", "event_of_default", "event_of_default")),
        # three business days after a Friday, the waiver there already
        ("bridge-to-refinancing-2006", "bank", "2006-12-15", ("no_default", "default", "default")),
        ("bridge-to-refinancing-2006", "bank", "2006-12-20", ("default", "waived", "waived")),
        # a claim for costs is no step in respect of the maturity
        ("bridge-to-refinancing-2006", "bank", "2007-01-10", ("waived", "waived", "waived")),
        # the letter came in time, whatever the hour; the agreement two days late
        ("bridge-to-refinancing-2006", "bank", "2007-01-31", ("waived", "waived", "waived")),
        ("bridge-to-refinancing-2006", "bank", "2007-02-15", ("waived", "event_of_default", "event_of_default")),
        # a forbearance of Events of Default leaves a Default in its grace as it is
        ("forbearance-chain-2009", "term-loan", "2009-03-06", ("default", "default", "default")),
        ("forbearance-chain-2009", "term-loan", "2009-03-11", ("default", "forborne", "forborne")),
        # ten business days would have run out on the 20th
        ("forbearance-chain-2009", "term-loan", "2009-03-20", ("forborne", "forborne", "forborne")),
        # five days after the notice was received
        ("forbearance-chain-2009", "term-loan", "2009-04-26", ("forborne", "event_of_default", "event_of_default")),
        # the coupon is paid, and four days later the notice that heals it is given
        ("forbearance-chain-2009", "term-loan", "2009-05-08", ("event_of_default", "no_default", "no_default")),
        # thirty days from February 15 in a leap year
        ("standstill-2016", "notes", "2016-03-16", ("default", "event_of_default", "event_of_default")),
        ("standstill-2016", "notes", "2016-03-21", ("event_of_default", "accelerated", "accelerated")),
        # the rest is called back with the coupon paid; the fund's own notes stay called until they are paid
        ("standstill-2016", "notes", "2016-04-20", ("accelerated", "accelerated", "accelerated")),
        ("standstill-2016", "notes", "2016-05-02", ("accelerated", "no_default", "no_default")),
        # eight million is below the bank's ten; all of the notes are above
        ("standstill-2016", "bank", "2016-03-21", ("no_default", "no_default", "no_default")),
        ("standstill-2016", "bank", "2016-03-28", ("no_default", "event_of_default", "event_of_default")),
        ("standstill-2016", "bank", "2016-04-20", ("event_of_default", "no_default", "no_default")),
        # exercised or not, forborne or not, and to be waived by this lender alone
        ("standstill-2016", "equipment", "2016-03-16", ("no_default", "event_of_default", "event_of_default")),
        ("standstill-2016", "equipment", "2016-04-20", ("event_of_default",) * 3),
        # the false statement stands on no list and was told to nobody; its cure leaves the rest waived
        ("schedule-of-defaults-2002", "line", "2002-06-03", ("event_of_default",) * 3),
        ("schedule-of-defaults-2002", "line", "2002-06-10", ("event_of_default", "waived", "waived")),
        # a second judgment is not the first
        ("schedule-of-defaults-2002", "line", "2002-07-15", ("waived", "event_of_default", "event_of_default")),
        ("schedule-of-defaults-2002", "line", "2002-07-22", ("event_of_default", "waived", "waived")),
        ("schedule-of-defaults-2002", "line", "2002-08-05", ("waived", "event_of_default", "event_of_default")),
        # the amendment reaches back to before the breach, and moves the maturity from its own date on
        ("staged-amendment-2012", "printer-loan", "2012-05-10", ("no_default", "no_default", "no_default")),
        ("staged-amendment-2012", "printer-loan", "2012-05-31", ("no_default", "event_of_default", "event_of_default")),
        ("staged-amendment-2012", "printer-loan", "2012-06-11", ("event_of_default", "no_default", "no_default")),
        # the fifteenth day of grace, and the ring is in default on that day
        *(("ring-of-lenders-1994", each, "1994-01-30", ("no_default", "event_of_default", "event_of_default"))
          for each in ("alpha", "beta", "gamma")),
        # the notes still are in default when alpha waives; beta's cause is gone then, and so gamma's
        ("ring-of-lenders-1994", "alpha", "1994-02-10", ("event_of_default", "waived", "waived")),
        ("ring-of-lenders-1994", "beta", "1994-02-10", ("event_of_default", "no_default", "no_default")),
        ("ring-of-lenders-1994", "gamma", "1994-02-10", ("event_of_default", "no_default", "no_default")),
        # one set-off, and three waivers are gone; that it was taken back does not help
        *(("ring-of-lenders-1994", each, "1994-04-05", (before, "event_of_default", "event_of_default"))
          for each, before in (("alpha", "waived"), ("beta", "no_default"), ("gamma", "no_default"))),
        *(("ring-of-lenders-1994", each, "1994-05-02", ("event_of_default", "no_default", "no_default"))
          for each in ("alpha", "beta", "gamma")),
        # with all that is known in the end
        ("late-knowledge-2020", "loan", "2020-05-11", ("event_of_default", "waived", "waived")),
        ("late-knowledge-2020", "loan", "2020-06-15", ("waived", "waived", "waived")),
        ("late-knowledge-2020", "loan", "2020-09-01", ("waived", "event_of_default", "event_of_default")),
    ],
)  # fmt: skip
def test_a_status_turns_on_its_day(name: str, debt: str, day: str, expected: tuple[str, str, str]) -> None:
    paper(name).when(around(day, legal(debt))).then(expected)


# --- why, and what is asked ------------------------------------------------------------------------------------------


def test_the_coverage_waiver_ended_with_the_condition_that_had_more_time() -> None:
    record = paper("coverage-waiver-1998")
    record.when(around("1999-01-16", waiver("coverage-1998-09"))).then(("in_force",) * 3)
    record.when(around("1999-02-16", waiver("coverage-1998-09"))).then(("in_force", "ended", "ended"))
    record.when(on("1999-03-01", ended("coverage-1998-09"))).then(("1999-02-16", "audited-figures"))
    record.when(on("1999-03-01", codes)).then([])


def test_the_bridge_waiver_is_seen_to_run_as_far_as_its_conditions_are_met_and_the_claim_for_costs_is_asked_about() -> (
    None
):
    record = paper("bridge-to-refinancing-2006")
    record.when(around("2006-12-22", lambda seen: str(waivers("bank")(seen)[0].until))).then(
        ("2007-01-31", "2007-02-15", "2007-02-15")
    )
    record.when(on("2007-03-01", codes)).then([("act_nearly_matches", "2007-01-10")])


def test_each_link_of_the_chain_of_forbearances_has_its_state() -> None:
    record = paper("forbearance-chain-2009")
    record.when(around("2009-03-16", waiver("first"))).then(("in_force", "superseded", "superseded"))
    record.when(around("2009-04-15", waiver("third"))).then(("not_yet", "pending", "pending"))
    record.when(around("2009-04-26", waiver("second"))).then(("in_force", "ended", "ended"))
    record.when(on("2009-06-01", ended("second"))).then(("2009-04-26", "notice"))


def test_the_second_forbearance_is_deemed_until_it_was_executed_and_the_first_stood_until_then() -> None:
    record = paper("forbearance-chain-2009")
    record.when(around("2009-03-18", lambda seen: facility("term-loan")(seen).deemed)).then((True, False, False))
    record.when(on("2009-03-17", waiver("first"), as_stood=True)).then("in_force")
    record.when(on("2009-03-18", waiver("first"), as_stood=True)).then("superseded")


def test_the_standstill_leaves_one_funds_notes_called_and_no_default_of_the_rest() -> None:
    record = paper("standstill-2016")
    identity = "notes/501/notes/interest/2016-02-15"
    record.when(around("2016-04-01", defaults("notes"))).then(
        ({identity: "continuing"}, {identity: "forborne"}, {identity: "forborne"})
    )
    record.when(on("2016-04-20", defaults("notes"))).then({identity: "cured"})
    record.when(on("2016-04-20", defaults("bank"))).then({"bank/10.1-g/trustee-calls": "cured"})


def test_the_two_waivers_of_one_paper_fall_apart() -> None:
    record = paper("schedule-of-defaults-2002")
    record.when(around("2002-08-05", waiver("scheduled"))).then(("in_force", "rescinded", "rescinded"))
    record.when(around("2002-08-05", waiver("disclosed"))).then(("in_force", "in_force", "in_force"))
    record.when(on("2002-08-05", defaults("line"))).then(
        {
            "line/10-a/line/interest/2002-04-01": "continuing",
            "line/10-b/net-worth/2002-03-31": "waived",
            "line/10-e/false-statement": "cured",
            "line/10-e/judgment": "waived",
            "line/10-e/judgment/2002-07-15": "cured",
        }
    )
    record.when(
        on("2002-06-03", lambda seen: [each.facts for each in findings("covers_unrecorded_failure")(seen)])
    ).then([(8,)])


def test_the_amendment_waits_for_its_twin_and_its_changes_hold_from_their_own_dates() -> None:
    record = paper("staged-amendment-2012")
    record.when(around("2012-06-15", in_effect("fourth"))).then((None, "2012-06-15", "2012-06-15"))
    record.when(on_days(rate("printer-loan"), "2012-06-10", "2012-06-11", "2012-08-31", "2012-09-01")).then(
        {"2012-06-10": "0.07", "2012-06-11": "0.08", "2012-08-31": "0.08", "2012-09-01": "0.09"}
    )
    record.when(around("2012-07-01", rate("parent-loan"))).then(("0.09", "0.1", "0.1"))
    record.when(on("2012-05-31", legal("printer-loan"), known=6)).then("event_of_default")
    record.when(on("2012-07-01", rate("printer-loan"), known=8)).then("0.07")


def test_what_the_printer_stated_on_the_day_of_signing_was_not_so_then() -> None:
    record = paper("staged-amendment-2012")
    record.when(on("2012-06-30", codes)).then(
        [("maturity_extended_late", "2012-06-11"), ("representation_fails", "2012-06-11")]
    )


def test_the_waivers_in_the_ring_say_what_ended_each() -> None:
    record = paper("ring-of-lenders-1994")
    for name, by in [("alpha-waives", "set-off"), ("beta-waives", "alpha-waives"), ("gamma-waives", "beta-waives")]:
        record.when(on("1994-04-05", ended(name))).then(("1994-04-05", by))
    for name, state in [("alpha-waives", "rescinded"), ("beta-waives", "ended"), ("gamma-waives", "ended")]:
        record.when(around("1994-04-05", waiver(name))).then(("in_force", state, state))


@pytest.mark.parametrize(
    ("known", "status", "rate_then"),
    [
        (5, "no_default", "0.06"),  # the failure is only mentioned
        (6, "no_default", "0.065"),
        (7, "waived", "0.065"),  # it is stated
        (8, "event_of_default", "0.065"),  # a suit is on file
        (9, "waived", "0.065"),  # it was against another company
        (10, "waived", "0.0675"),  # the amendment was a draft
    ],
)
def test_on_one_day_each_knowledge_has_its_own_answer(known: int, status: str, rate_then: str) -> None:
    record = paper("late-knowledge-2020")
    record.when(on("2020-06-20", legal("loan"), known=known)).then(status)
    record.when(on("2020-06-20", rate("loan"), known=known)).then(rate_then)


def test_what_was_mentioned_counts_where_all_is_to_count_and_the_paper_stood_from_its_execution() -> None:
    record = paper("late-knowledge-2020")
    record.when(on("2020-05-15", legal("loan"), known=5, standing="recited")).then("waived")
    for day, stood in [("2020-05-20", "event_of_default"), ("2020-05-21", "waived")]:
        record.when(on(day, legal("loan"), as_stood=True)).then(stood)
    record.when(around("2020-05-21", lambda seen: facility("loan")(seen).deemed)).then((True, False, False))
