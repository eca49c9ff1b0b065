"""Explanations: each thing that can be explained, told in order, each sentence with the facts behind it."""

from projections.story import WHATS, explain
from tests.projections.asking import view
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], currency: USD,
   principal: "120000.00", rate: {fixed: "0.12", default: {uplift: "0.02"}}, day_count: 30/360 US,
   clauses: [{clause: own, kind: payment, grace: {days: 10}, heals: automatically, accelerates: ACCELERATES}]}
- {event: PaymentMissed, facility: notes, effective: 2001-05-01, of: interest, due: 2001-05-01}
"""
WAIVED = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-06-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: [{until: 2001-09-01}, {act: [enforcement], by: [holder], of: [notes]}],
   revival: prospective}
- {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: holder, seeks: enforcement}
"""
Told = list[tuple[str, list[int]]]


def told(what: str, day: str, *texts: str, accelerates: str = "false") -> tuple[str | None, Told]:
    """The answer that is explained, and the sentences with the positions behind each."""
    record = given(*(text.replace("ACCELERATES", accelerates) for text in texts))
    explanation = explain(view(record.log, day), "notes", what)
    assert explanation is not None
    assert (explanation.facility, explanation.what, explanation.as_of.isoformat()) == ("notes", what, day)
    steps = [(step.sentence, [reason.position for reason in step.because]) for step in explanation.steps]
    return explanation.answer, steps


def test_a_waiver_by_its_name() -> None:
    assert told("w", "2001-05-31", NOTES, WAIVED) == (
        "not_yet",
        [
            (
                "The waiver w is not in force yet: it begins on 2001-06-01; it is to end on 2001-09-01 (no document "
                "named).",
                [3],
            )
        ],
    )
    covered = (
        "The waiver w came into force on 2001-06-01 and covered the unpaid interest due on 2001-05-01 on notes, until "
        "2001-09-01 (no document named)."
    )
    rescinded = (
        "The holder's act suit, which seeks enforcement, rescinded the waiver w on 2001-08-01, automatically and for "
        "good; it no longer covers the unpaid interest due on 2001-05-01 on notes (no document named)."
    )
    revived = (
        "The Event of Default for the unpaid interest due on 2001-05-01 on notes revives from 2001-08-01 on only, and "
        "not for the time waived (no document named)."
    )
    steps = [(covered, [3]), (rescinded, [3, 4]), (revived, [3])]
    assert told("w", "2001-08-01", NOTES, WAIVED) == ("rescinded", steps)


def test_an_amendment_by_its_name() -> None:
    amended = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-03-01, dated: 2001-02-20,
   changes: [{change: matures, from: 2001-03-01, matures: 2004-01-01},
             {change: delete_covenant, from: 2001-01-01, covenant: leverage}], conditions: [{condition: fee}]}
- {event: ConditionSatisfied, amendment: m, condition: fee, effective: 2001-03-15}
"""
    signed = (
        "The amendment m, dated 2001-02-20, was signed on 2001-03-01; it changes the maturity from 2001-03-01 on and "
        "the covenant leverage deleted from 2001-01-01 on; it has the condition fee (no document named).",
        [3],
    )
    waits = "On 2001-03-14 the amendment m is not in effect: it waits for fee (no document named)."
    assert told("m", "2001-03-14", NOTES, amended) == ("pending", [signed, (waits, [3])])
    met = ("Its condition fee was satisfied on 2001-03-15 (no document named).", [4])
    in_effect = ("The amendment m took effect on 2001-03-15 (no document named).", [3, 4])
    for day in ("2001-03-15", "2001-03-16"):
        assert told("m", day, NOTES, amended) == ("in effect", [signed, met, in_effect])


def test_an_amendment_that_waits_for_its_twin_and_for_an_answer_tells_when_each_came() -> None:
    papers = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-06-01, dated: 2001-06-01, changes: [],
   conditions: [{condition: twin, amendment: n},
                {condition: clean, question: no_event_of_default_after_giving_effect}]}
- {event: AmendmentSigned, facility: notes, amendment: n, effective: 2001-06-10, dated: 2001-06-10, changes: []}
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-06-20, reaches: event_of_default,
   covers: [{payments: interest}], ends: [{until: 2001-09-01}]}
"""
    signed = (
        "The amendment m was signed on 2001-06-01; it has the conditions twin and clean (no document named).",
        [3],
    )
    twin = ("Its condition twin was met on 2001-06-10, when n took effect (no document named).", [4])
    for day, waits, because in (
        ("2001-06-09", "twin and clean (no document named).", [3]),
        (
            "2001-06-19",
            "clean; even with it in effect there would be notes/own/notes/interest/2001-05-01 (no document named).",
            [1, 2, 3],
        ),
    ):
        steps = [signed] if day < "2001-06-10" else [signed, twin]
        sentence = f"On {day} the amendment m is not in effect: it waits for {waits}"
        assert told("m", day, NOTES, papers) == ("pending", [*steps, (sentence, because)])
    clean = "With it in effect, notes had no Event of Default on 2001-06-20 that was not waived (no document named)."
    in_effect = ("The amendment m took effect on 2001-06-20 (no document named).", [3, 4, 5])
    assert told("m", "2001-06-20", NOTES, papers) == ("in effect", [signed, twin, (clean, [3, 5]), in_effect])


def test_a_rate_by_its_parts_and_what_it_would_be_under_the_default_formula() -> None:
    assert told("rate", "2001-05-10", NOTES) == (
        "0.12",
        [("base: 0.12", [1]), ("Under the default formula it would be 0.14; no ground holds.", [])],
    )
    assert told("rate", "2001-05-11", NOTES) == (
        "0.14",
        [
            ("base: 0.12", [1]),
            ("default uplift: 0.02", [1]),
            ("Under the default formula it would be 0.14; a ground holds (event_of_default).", [1, 2]),
        ],
    )


def test_a_rate_of_which_no_term_is_stated() -> None:
    silent = NOTES.replace(' rate: {fixed: "0.12", default: {uplift: "0.02"}},', "")
    assert told("rate", "2001-02-01", silent) == (None, [("No term of the rate is stated for this date.", [])])


def test_obligations_one_by_one() -> None:
    fee = """
- {event: FeeAgreed, facility: notes, fee: consent, kind: waiver, amount: "500.00", effective: 2001-05-02,
   earned: 2001-05-02}
"""
    assert told("obligations", "2001-05-11", NOTES, fee) == (
        "125700.00",
        [
            ("principal: 120000.00", [1]),
            ("interest due and unpaid: 4800.00", [1, 2]),
            ("interest accrued from 2001-05-01 up to, not including, 2001-05-11: 400.00", [1, 2]),
            ("fee consent: 500.00", [3]),
            ("interest accrued and unpaid per 1,000 of principal: 43.3333", [1, 2]),
        ],
    )


def test_obligations_before_the_opening() -> None:
    assert told("obligations", "2000-12-31", NOTES) == (None, [("notes is not open yet.", [])])


def test_everything_that_can_be_explained_is_and_anything_else_is_not() -> None:
    seen = view(given(NOTES.replace("ACCELERATES", "false")).log, "2001-05-11")
    assert all(explain(seen, "notes", what) is not None for what in WHATS)
    assert explain(seen, "notes", "nothing-of-that-name") is None
