"""What is the least that brings a facility down, by which path, and whose waivers would leave nothing uncovered."""

import datetime as dt

import pytest

from ledger.records import Prefix
from ledger.rejected import Rejected
from scenarios.assume import WhatIf
from scenarios.contagion import Candidate, candidates, fewest_waivers, least_that_brings_down
from scenarios.steps import Assumption
from tests.projections.asking import prefix
from tests.scenarios.conftest import MILL, SUIT
from tests.spec import fact, facts, given

AUGUST = dt.date(2001, 8, 1)

CHAIN = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, kind: notes, borrowers: [mill],
   trustee: Trust Co, clauses: [{clause: own, kind: payment, heals: automatically}]}
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], lenders: [Bank],
   clauses: [{clause: cross, kind: cross_default, of: [notes], heals: automatically}]}
- {event: FacilityOpened, facility: term, effective: 2001-01-01, name: Term, borrowers: [mill], lenders: [Bank],
   clauses: [{clause: cross, kind: cross_default, of: [line], heals: automatically}]}
- {event: FacilityOpened, facility: apart, effective: 2001-01-01, name: Apart, borrowers: [other], lenders: [Bank]}
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10}
- {event: WaiverGranted, facility: notes, waiver: of-notes, effective: 2001-05-10, reaches: [default, event_of_default],
   covers: [{payments: interest}], ends: [{act: [enforcement], by: [holder]}, {with_waiver: of-line}]}
- {event: WaiverGranted, facility: line, waiver: of-line, effective: 2001-05-10, reaches: [default, event_of_default],
   covers: [{payments: interest}], ends: [{act: [enforcement], of: [term]}]}
"""
"""A default of the notes that is waived; two facilities that would follow, one behind the other; one apart."""


def chain(more: str = "") -> WhatIf:
    return WhatIf(prefix(given(CHAIN + more).log))


def found(what_if: WhatIf, *facilities: str, **options: object) -> list[str]:
    answer = least_that_brings_down(what_if, facilities, AUGUST, **options)  # type: ignore[arg-type]  # by name
    return [str(downfall) for downfall in answer.found]


def test_what_might_happen_is_gathered_from_the_group_and_from_nothing_else(mill: WhatIf) -> None:
    assert [candidate.says for candidate in candidates(mill, ["line"], AUGUST)] == [
        "the holder of notes sues on 2001-08-01",
        "the holder of notes declares it due on 2001-08-01",
        "notes does not pay interest due on 2001-08-01",
        "the lender of line sues on 2001-08-01",
        "the lender of line declares it due on 2001-08-01",
        "line does not pay interest due on 2001-08-01",
        "w is not granted",
    ]
    assert not [each for each in candidates(chain(), ["notes"], AUGUST) if "apart" in each.says]


def test_covenants_events_trustees_and_extensions_are_candidates_too() -> None:
    record = """
    - {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], trustee: Trust Co,
       clauses: [{clause: c, kind: covenant}, {clause: e, kind: event, of: [change-of-control]}],
       covenants: [{covenant: working-capital}]}
    - {event: CovenantTested, facility: line, covenant: working-capital, test_date: 2001-05-01, met: false,
       effective: 2001-05-01}
    - {event: WaiverGranted, facility: line, waiver: w, effective: 2001-05-01, reaches: [event_of_default],
       covers: [{covenant: working-capital}], ends: [{until: 2001-07-01}]}
    - {event: WaiverExtended, waiver: w, until: 2001-12-01, effective: 2001-06-01}
    """
    what_if = WhatIf(prefix(given(record).log))
    said = [candidate.says for candidate in candidates(what_if, ["line"], AUGUST)]
    assert said[-5:] == [
        "line does not pay interest due on 2001-08-01",
        "line breaches working-capital as of 2001-08-01",
        "change of control in respect of line on 2001-08-01",
        "w is not granted",
        "w is not extended on 2001-06-01",
    ]
    assert said[0] == "the trustee of line sues on 2001-08-01"
    assert found(what_if, "line") == [
        "the trustee of line declares it due on 2001-08-01",
        "change of control in respect of line on 2001-08-01",
        "w is not granted",
        "w is not extended on 2001-06-01",
    ]


def test_the_least_is_every_single_thing_that_does_it(mill: WhatIf) -> None:
    assert found(mill, "line") == [
        "the holder of notes sues on 2001-08-01",
        "the lender of line declares it due on 2001-08-01",
        "w is not granted",
    ]


def test_what_is_down_already_takes_nothing(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    assert found(mill, "line") == ["nothing: so it is"]


def test_facilities_together_take_what_brings_all_of_them_down() -> None:
    assert found(chain(), "notes", "line", "term") == [
        "the holder of term sues on 2001-08-01",
        "the lender of term sues on 2001-08-01",
    ]


def test_sets_that_hold_a_smaller_one_are_left_out_and_larger_ones_are_found_on_request(mill: WhatIf) -> None:
    assert found(mill, "line", "notes", states=("accelerated",)) == [
        "the holder of notes declares it due on 2001-08-01; and the lender of line declares it due on 2001-08-01"
    ]
    assert found(mill, "line", larger=True) == found(mill, "line")
    for_two = found(mill, "line", "notes", states=("accelerated",), larger=True, at_most=3)
    assert len(for_two) == 1


def test_down_may_mean_accelerated_and_no_less(mill: WhatIf) -> None:
    assert found(mill, "line", states=("accelerated",)) == ["the lender of line declares it due on 2001-08-01"]


def test_nothing_may_be_enough(mill: WhatIf) -> None:
    harmless = Candidate("nothing much", (Assumption(fact=fact(SUIT.replace("enforcement", "remedies"))),))
    answer = least_that_brings_down(mill, ["line"], AUGUST, among=[harmless])
    assert str(answer) == (
        "The least that brings line down by 2001-08-01: nothing does, of 1 candidate in sets of at most 2."
    )
    with pytest.raises(Rejected) as refused:
        answer.way()
    assert str(refused.value) == (
        "line would have to come down by 2001-08-01. None of 1 candidate in sets of at most 2 does that. Ask for "
        "larger sets, for another date, or on top of another scenario. [nothing_brings_down]"
    )


def test_the_path_of_any_way_can_be_asked_for_and_of_no_other(mill: WhatIf) -> None:
    answer = least_that_brings_down(mill, ["line"], AUGUST)
    assert answer.way(len(answer.found)) is answer.found[-1]
    with pytest.raises(Rejected) as refused:
        answer.way(99)
    assert str(refused.value) == (
        f"line would have to come down by 2001-08-01 in way 99. The search found {len(answer.found)} ways. Ask for one "
        "of those, counted from 1. [no_such_way]"
    )


def test_progress_is_told_of_every_set(mill: WhatIf) -> None:
    told: list[tuple[int, int]] = []
    least_that_brings_down(mill, ["line"], AUGUST, progress=lambda done, of: told.append((done, of)))
    assert told == [(number, 1 + 7 + 21) for number in range(1, 9)]


def test_a_facility_that_is_not_there_is_a_refusal(mill: WhatIf) -> None:
    with pytest.raises(Rejected, match="facility_not_found"):
        least_that_brings_down(mill, ["lien"], AUGUST)
    with pytest.raises(Rejected, match="facility_not_found"):
        fewest_waivers(mill, ["lien"], AUGUST)


# --- the path --------------------------------------------------------------------------------------------------------


def test_the_path_leads_from_facts_through_clauses_waivers_and_defaults_to_the_status() -> None:
    answer = least_that_brings_down(chain(), ["term"], AUGUST)
    (suit,) = [each for each in answer.found if str(each) == "the lender of term sues on 2001-08-01"]
    assert str(suit.fall).splitlines() == [
        "PaymentMissed (notes, 2001-05-10) → falls under → notes: own (payment clause) → makes → "
        "notes: interest 2001-05-10 (Event of Default since 2001-05-10)",
        "ActTaken (assumed: term, 2001-08-01) → ends → of-line (rescinded on 2001-08-01) → ends → "
        "of-notes (ended on 2001-08-01) → no longer covers → notes: interest 2001-05-10 → falls under → "
        "line: cross (cross default clause) → makes → line: interest 2001-05-10 (Event of Default since 2001-08-01) → "
        "falls under → term: cross (cross default clause) → makes → "
        "term: interest 2001-05-10 (Event of Default since 2001-08-01) → makes → term (Event of Default)",
    ]


def test_the_path_of_a_waiver_that_was_not_granted_says_what_it_would_have_covered(mill: WhatIf) -> None:
    answer = least_that_brings_down(mill, ["line"], AUGUST)
    assert str(answer.found[2].fall).splitlines() == [
        "PaymentMissed (notes, 2001-05-10) → falls under → line: cross (cross payment clause) → makes → "
        "line: interest 2001-05-10 (Event of Default since 2001-05-10)",
        "w (assumed: not granted) → would have covered → line: interest 2001-05-10 → makes → line (Event of Default)",
    ]


def test_a_graph_ends_in_the_status_and_begins_in_facts(lexington: Prefix) -> None:
    answer = least_that_brings_down(WhatIf(lexington), ["congress-lpc", "congress-lrg"], dt.date(2002, 11, 20))
    for downfall in answer.found:
        fall = downfall.fall
        names = {stop.name for stop in fall.stops}
        assert {way.from_ for way in fall.ways} | {way.to for way in fall.ways} <= names
        led_to, leads_on = {way.to for way in fall.ways}, {way.from_ for way in fall.ways}
        assert {stop.kind for stop in fall.stops if stop.name not in led_to} <= {"fact", "removed", "waiver"}
        assert {stop.name for stop in fall.stops if stop.name not in leads_on} == {
            "status congress-lpc",
            "status congress-lrg",
        }


def test_lexington_comes_down_by_any_of_three_series_and_not_by_the_fourth(lexington: Prefix) -> None:
    what_if, day = WhatIf(lexington), dt.date(2002, 11, 20)
    said = [str(each) for each in least_that_brings_down(what_if, ["congress-lpc", "congress-lrg"], day).found]
    assert "the holder of notes-14 sues on 2002-11-20" in said
    assert not [each for each in said if "notes-10-1-2 sues" in each]


# --- what would cover ------------------------------------------------------------------------------------------------


def test_where_nothing_is_uncovered_no_waiver_is_needed(mill: WhatIf) -> None:
    cover = fewest_waivers(mill, ["line"], AUGUST)
    assert (cover.uncovered, cover.ways) == ((), ())
    assert str(cover) == "Nothing is uncovered on 2001-08-01."


def test_one_waiver_at_the_root_covers_what_cross_defaults_would_pass_on() -> None:
    what_if = chain()
    what_if.remove(waiver="of-notes")
    what_if.remove(waiver="of-line")
    cover = fewest_waivers(what_if, ["notes", "line", "term"], AUGUST)
    assert [[waiver.facility for waiver in way] for way in cover.ways] == [["notes"]]
    assert len(cover.uncovered) == 3


def test_where_it_does_not_matter_whose_each_way_is_given() -> None:
    what_if = chain()
    what_if.remove(waiver="of-notes")
    what_if.remove(waiver="of-line")
    cover = fewest_waivers(what_if, ["term"], AUGUST)
    assert [[waiver.facility for waiver in way] for way in cover.ways] == [["notes"], ["line"], ["term"]]


def test_each_of_several_that_nobody_else_can_waive_for_is_needed(lexington: Prefix) -> None:
    cover = fewest_waivers(WhatIf(lexington), ["cit", "congress-lpc", "congress-lrg"], dt.date(2003, 5, 1))
    ((*waivers,),) = cover.ways
    assert {waiver.facility for waiver in waivers} == {"cit", "congress-lpc", "congress-lrg"}


def test_the_waivers_found_do_cover(lexington: Prefix) -> None:
    what_if, day = WhatIf(lexington), dt.date(2003, 5, 1)
    (waivers,) = fewest_waivers(what_if, ["congress-lpc", "congress-lrg"], day).ways
    what_if.assume(*waivers)
    legal = what_if.view(day).timelines["congress-lpc"].on(day).legal
    assert {legal["congress-lpc"], legal["congress-lrg"]} == {"no_default"}


def test_no_waiver_lifts_an_acceleration(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT.replace("line", "notes").replace("enforcement", "acceleration, accelerates: true")))
    cover = fewest_waivers(mill, ["notes", "line"], AUGUST)
    assert cover.not_lifted == ("notes",)
    assert str(cover).splitlines()[-1] == "notes stays accelerated: that takes an annulment."


def test_the_mill_without_its_waiver_takes_one(mill: WhatIf) -> None:
    answer = fewest_waivers(WhatIf(prefix(given(MILL).log[:5])), ["line"], AUGUST)
    assert str(answer) == "Uncovered on 2001-08-01: 1 Default. The fewest waivers for that:\n  of line"
