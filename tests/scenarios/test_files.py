"""Scenario files: what they say is done, what is wrong with them is told like what is wrong with a record."""

import datetime as dt
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from desk.scripts import read_scenario
from ledger.reading import RecordFaults
from tests.desk.conftest import Desk
from tests.scenarios.conftest import SUIT

SCENARIO = """
question: What if the holder had sued?
given: {known: 6, standing: inferred}
assume:
  - {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: holder, seeks: enforcement}
ask:
  on: [2001-07-31, 2001-08-01]
  over: {from: 2001-07-01, through: 2001-12-31}
  facilities: [line]
answer:
  - {on: 2001-08-01, facility: line, what: legal, as_is: waived, as_would_be: event_of_default}
  - {on: 2001-08-01, facility: line, what: line/cross/notes/interest/2001-05-10, as_is: waived, as_would_be: continuing}
  - {on: 2001-08-01, facility: line, what: w, as_is: in_force, as_would_be: rescinded}
  - {from: 2001-08-01, until: 2001-12-01, facility: line, what: legal, as_is: waived, as_would_be: event_of_default}
"""


def faults(desk: Desk, text: str) -> list[str]:
    desk.write("asked.yaml", text)
    with pytest.raises(RecordFaults) as refused:
        read_scenario(Path("asked.yaml"))
    return [str(fault) for fault in refused.value.faults]


# --- what is wrong with a file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("questoin: What if?\n", "asked.yaml:1: questoin: found an unknown field, allowed is `question`, which is like "
         "it; also `builds_on`, `given`, `remove`, `replace`, `change`, `move`, `shift`, `assume`, `ask`, `vary` or "
         "`answer`"),
        ("question: 12\n", "asked.yaml:1: question: found 12 (a number), allowed is text of at most 4000 characters, "
         "not blank, in quotation marks where it looks like a number"),
        ("given: {known: yesterday}\n", 'asked.yaml:1: given.known: found "yesterday", allowed is a position of the '
         "log, an instant with its zone, or a date"),
        ("given: {known: 0}\n", "asked.yaml:1: given.known: found 0 (a number), allowed is a position of the log, an "
         "instant with its zone, or a date"),
        ("given: {standing: sure}\n", 'asked.yaml:1: given.standing: found "sure", allowed is `stated`, `inferred` or '
         "`recited`"),
        ("assume:\n  - event: ActTakn\n", 'asked.yaml:2: assume[0].event: found "ActTakn", allowed is the name of a '
         "fact, such as `ActTaken`"),
        ("remove:\n  - {waiver: w, key: k}\n", "asked.yaml:2: remove[0]: found `key` and `waiver`, allowed is exactly "
         "one of `key`, `position`, `facility`, `document`, `waiver`, `amendment`, `offer`, `act`, `fee`"),
        ("remove: w\n", 'asked.yaml:1: remove: found "w", allowed is a list, each a mapping of `key`, `position`, '
         "`facility`, `document`, `waiver`, `amendment`, `offer`, `act` and `fee`"),
        ("change:\n  - {waiver: w}\n", "asked.yaml:2: change[0].to: found nothing, allowed is a mapping of names, each "
         "to a value as a record writes it"),
        ("replace:\n  - {waiver: w, by: {event: FactVoided, position: 1, reason: No}}\n", "asked.yaml:2: "
         'replace[0].by.event: found "FactVoided", allowed is the name of a fact that is no correction'),
        ("move:\n  - {waiver: w, by: soon}\n", 'asked.yaml:2: move[0].by: found "soon", allowed is a length of time, '
         'such as 6 months, or "-14 days" for earlier'),
        ("move:\n  - {waiver: w, date: ends.0, to: 2001-01-01}\n", 'asked.yaml:2: move[0].date: found "ends.0", '
         "allowed is the name of a date in a fact, such as `effective` or `ends[0].until`"),
        ("move:\n  - {waiver: w}\n", "asked.yaml:2: move[0]: found none of them, allowed is exactly one of `to`, `by`"),
        ("shift:\n  - {index: prime, by: 0.01}\n", "asked.yaml:2: shift[0].by: found 0.01 (a number), allowed is a "
         'decimal in quotation marks, such as "0.1275"'),
        ("shift:\n  - {index: prime, path: [{from: 2001-02-01, rate: '0.1'}, {from: 2001-02-01, rate: '0.2'}]}\n",
         "asked.yaml:2: shift[0]: found a mapping of `index` and `path`, allowed is a path in the order of its dates, "
         "each date once"),
        ("ask: {over: {from: 2001-02-01, through: 2001-01-31}}\n", "asked.yaml:1: ask.over: found 2001-02-01 and then "
         "2001-01-31, allowed is `through` on or after `from`"),
        ("ask: {facilities: line}\n", "asked.yaml:1: ask: found none of them, allowed is at least one of `on`, `over`, "
         "`cost_through`"),
        ("ask: {cost_through: 2001-01-01, covers: line}\n", "asked.yaml:1: ask: found no `on`, allowed is `on` beside "
         "`brings_down` and `covers`"),
        ("answer:\n  - {facility: line, what: legal, as_is: 0.5}\n", "asked.yaml:2: answer[0].as_is: found 0.5 (a "
         "number), allowed is a word, a date, an amount in quotation marks, a whole number, or null"),
        ("vary: {prime: [1, 2]}\n", "asked.yaml:1: vary.prime: found a list, allowed is a mapping with `move`, "
         "`paths`, `index` or `choices`"),
        ("vary: {act_on: {move: {act: suit}, every: 1 day}}\n", "asked.yaml:1: vary.act_on: found `every` alone, "
         "allowed is `from` and `through` beside `every`"),
        ("vary: {prime: {index: prime, paths: 0, seed: 1, start: '0.05', step: '0.01', every: 1 month, "
         "from: 2001-01-01, through: 2001-12-31}}\n", "asked.yaml:1: vary.prime.paths: found 0 (a number), allowed is "
         "a whole number from 1 to 1000000"),
        ("vary: {cost: {index: prime, to: ['0.06']}}\n", 'asked.yaml:1: vary: found "cost", allowed is names other '
         "than those of the results: branch, facility, on, legal, rate, total, cost, differs"),
        ("ask:\n  on: 2001-01-01\n  on: 2001-01-02\n", "asked.yaml:3: ask.on: found a second `on` (the first is on "
         "line 2), allowed is each field once"),
        ("question: What if?\n---\nquestion: What then?\n", "asked.yaml:2: found a second document, allowed is one "
         "mapping a file"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_line_field_what_was_found_and_what_is_allowed(
    desk: Desk, text: str, expected: str
) -> None:
    assert faults(desk, text) == [expected]


def test_every_fault_of_a_file_and_of_those_it_builds_on_is_told_at_once(desk: Desk) -> None:
    desk.write("base.yaml", "- {event: ActTaken}\n")
    found = faults(desk, "builds_on: [base.yaml, base.jsonl]\ngiven: {assuming: ../other.yaml}\n")
    assert [fault.partition(": found")[0] for fault in found] == [
        "asked.yaml:2: given.assuming[0]",
        "base.yaml:1: effective",
        "base.yaml:1: facility",
        "base.yaml:1: act",
        "base.yaml:1: by",
        "base.yaml:1: seeks",
        "base.jsonl",
    ]


def test_what_a_change_would_make_unfit_is_told_on_its_lines(mill_desk: Desk) -> None:
    mill_desk.write(
        "asked.yaml", "change:\n  - waiver: w\n    to:\n      reaches: both\n      ends: [{untl: 2001-12-01}]\n"
    )
    outcome = mill_desk("what-if asked.yaml --on 2001-08-01")
    assert outcome.code == 2
    assert outcome.stderr.splitlines()[:2] == [
        'asked.yaml:4: reaches: found "both", allowed is `default` or `event_of_default`',
        "asked.yaml:5: ends[0]: found a mapping of `untl`, allowed is a mapping with `failed_condition`, "
        "`business_days`, `with_waiver`, `uncovered_event_of_default`, `notice`, `act`, `until` or `through`",
    ]


def test_a_step_that_the_ledger_would_refuse_is_told_with_its_line(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", "remove:\n  - waiver: w\n  - waiver: v\n")
    outcome = mill_desk("what-if asked.yaml")
    assert (outcome.code, outcome.stderr) == (
        2,
        "asked.yaml:3: The scenario is about the waiver v. No fact of that description stands in the record, as known "
        "and as assumed so far. Look it up in the log. [fact_not_found]\n",
    )


# --- what a file does ------------------------------------------------------------------------------------------------


def test_a_scenario_is_asked_and_its_answer_is_the_one_that_it_expects(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", SCENARIO)
    outcome = mill_desk("what-if asked.yaml --check")
    assert outcome.code == 0
    assert outcome.stdout.endswith("The answer is the one expected.\n")


@pytest.mark.parametrize("form", ["table", "text", "json", "csv", "answer", "svg"])
def test_an_answer_that_is_not_the_one_expected_exits_with_1_whatever_the_form(mill_desk: Desk, form: str) -> None:
    mill_desk.write("asked.yaml", SCENARIO.replace("as_would_be: rescinded", "as_would_be: expired"))
    assert mill_desk(f"what-if asked.yaml --format {form}").code == 0
    outcome = mill_desk(f"what-if asked.yaml --check --format {form}")
    assert outcome.code == 1
    told = " ".join((outcome.stdout if form == "table" else outcome.stderr).split())
    assert "Expected, and not so: {on: 2001-08-01, facility: line, what: w," in told
    assert "So, and not expected: {on: 2001-08-01, facility: line, what: w," in told


def test_checking_takes_an_answer_to_check_by(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", SUIT)
    outcome = mill_desk("what-if asked.yaml --check")
    assert (outcome.code, outcome.stderr) == (
        2,
        "The answer is to be checked, and the scenario does not say which is expected. Write it under `answer`; "
        "--format answer shows it as it is to be written. [nothing_expected]\n",
    )


def test_the_answer_is_shown_as_a_file_writes_it(mill_desk: Desk) -> None:
    asked, _, answer = SCENARIO.partition("answer:\n")
    mill_desk.write("asked.yaml", asked)
    assert mill_desk("what-if asked.yaml --format answer").stdout == f"answer:\n{answer}"
    mill_desk.write("nothing.yaml", "ask: {on: 2001-08-01}\n")
    assert mill_desk("what-if nothing.yaml --format answer").stdout == "answer: []\n"


def test_csv_has_a_row_for_each_line_of_the_answer(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", SCENARIO)
    assert mill_desk("what-if asked.yaml --format csv").stdout.splitlines() == [
        "on,from,until,through,facility,what,as_is,as_would_be",
        "2001-08-01,,,,line,legal,waived,event_of_default",
        "2001-08-01,,,,line,line/cross/notes/interest/2001-05-10,waived,continuing",
        "2001-08-01,,,,line,w,in_force,rescinded",
        ",2001-08-01,2001-12-01,,line,legal,waived,event_of_default",
    ]


def test_json_has_the_question_the_answers_and_the_check(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", SCENARIO)
    data = mill_desk("what-if asked.yaml --format json").data
    assert data["question"] == "What if the holder had sued?"
    assert [each["as_of"] for each in data["on"]] == ["2001-07-31", "2001-08-01"]
    assert [each["what"] for each in data["over"]["stretches"]] == ["legal"]
    assert [each["event"] for each in data["assumed"]] == ["ActTaken"]
    assert data["checked"] == {"agrees": True, "missing": [], "unexpected": []}


def test_a_drawing_shows_both_histories_and_says_where_they_differ(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", SCENARIO)
    drawn = mill_desk("what-if asked.yaml --format svg").stdout
    assert drawn.startswith("<svg ")
    assert "as it is" in drawn
    assert "as it would be" in drawn
    assert "line: from 1 Aug 2001 until 1 Dec 2001 Event of Default instead of waived." in drawn
    mill_desk.write("dates.yaml", "ask: {on: 2001-08-01}\n")
    outcome = mill_desk("what-if dates.yaml --format svg")
    assert (outcome.code, outcome.stderr) == (
        2,
        "A drawing shows a stretch of time, and the scenario asks about none. Write one under `ask`, such as "
        "over: {from: 2001-08-01, through: 2001-12-31}. [no_stretch_of_time]\n",
    )


def test_a_drawing_shows_rates_that_differ_and_no_key_to_days_that_do_not(mill_desk: Desk) -> None:
    over = "ask: {over: {from: 2001-07-01, through: 2001-12-31}, facilities: [notes]}\n"
    mill_desk.write("asked.yaml", f"shift: [{{index: prime, by: '0.01', from: 2001-09-01}}]\n{over}")
    drawn = mill_desk("what-if asked.yaml --format svg").stdout
    assert "notes, rate charged: from 1 Sep 2001 until 1 Jan 2002 " in drawn
    assert "days that differ" in drawn
    mill_desk.write("same.yaml", over)
    drawn = mill_desk("what-if same.yaml --format svg").stdout
    assert "notes: no difference." in drawn
    assert "days that differ" not in drawn


def test_where_no_stretch_of_time_is_asked_about_the_drawing_is_the_path_of_the_fall(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", "ask: {on: 2001-08-01, brings_down: line}\n")
    assert "The path of the fall" in mill_desk("what-if asked.yaml --format svg").stdout


def test_where_a_cover_is_asked_for_the_drawing_is_what_it_covers(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", "ask: {on: 2001-12-01, covers: line}\n")
    drawn = mill_desk("what-if asked.yaml --format svg").stdout
    assert "What is uncovered on 1 Dec 2001, and what would cover it" in drawn
    assert "waiver of line to line: covers." in drawn


def test_a_record_file_is_a_scenario_too(mill_desk: Desk) -> None:
    mill_desk.write("suit.yaml", SUIT)
    mill_desk.write("suit.jsonl", '{"event": "ActTaken", "facility": "notes", "act": "suit", "by": "holder", '
                    '"effective": "2001-08-01", "seeks": "enforcement"}\n')  # fmt: skip
    told = [mill_desk(f"what-if {name} --on 2001-08-01 --format json").data for name in ("suit.yaml", "suit.jsonl")]
    assert told[0] == told[1]
    assert told[0]["differences"][0]["what"] == "legal"


def test_what_is_said_on_the_command_line_goes_before_what_the_file_says(mill_desk: Desk) -> None:
    mill_desk.write("asked.yaml", SCENARIO)
    other_day = mill_desk("what-if asked.yaml --on 2001-11-30 --format csv").stdout.splitlines()
    assert [line.partition(",")[0] for line in other_day[1:]] == ["2001-11-30"] * 3
    earlier = mill_desk("what-if asked.yaml --known 5 --format json").data
    assert earlier["known"]["position"] == 5
    counting = mill_desk("what-if asked.yaml --standing stated --format json").data
    assert {each["as_is"]["standing"] for each in counting["on"]} == {"stated"}


def test_a_scenario_builds_on_others_and_each_counts_once(mill_desk: Desk) -> None:
    mill_desk.write("suit.yaml", SUIT)
    (mill_desk.folder / "below").mkdir()
    (mill_desk.folder / "below" / "again.yaml").write_text("builds_on: ../suit.yaml\nremove: [{key: missed}]\n")
    mill_desk.write("asked.yaml", "builds_on: [suit.yaml, below/again.yaml]\nmove: [{act: suit, to: 2001-09-01}]\n")
    data = mill_desk("what-if asked.yaml --on 2001-09-01 --format json").data
    assert [each["event"] for each in data["assumed"]] == ["ActTaken", "FactVoided", "FactReplaced"]


def test_what_is_taken_as_given_counts_on_both_sides(mill_desk: Desk) -> None:
    mill_desk.write("suit.yaml", SUIT)
    mill_desk.write("asked.yaml", "given: {assuming: suit.yaml}\nremove: [{act: suit}]\n")
    data = mill_desk("what-if asked.yaml --on 2001-08-01 --format json").data
    legal = data["differences"][0]
    assert (legal["as_is"], legal["as_would_be"]) == ("event_of_default", "waived")


# --- what a file cannot do -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["builds_on: {}", "given: {{assuming: {}}}"])
@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/hostname", "below/../../secret.yaml", "link.yaml"])
def test_a_file_outside_the_scenarios_folder_is_not_read(desk: Desk, name: str, place: str) -> None:
    folder = desk.folder / "scenarios"
    (folder / "below").mkdir(parents=True)
    desk.write("secret.yaml", SUIT)
    (folder / "link.yaml").symlink_to(desk.folder / "secret.yaml")
    (folder / "asked.yaml").write_text(place.format(name) + "\n", encoding="utf-8")
    with pytest.raises(RecordFaults) as refused:
        read_scenario(folder / "asked.yaml")
    (fault,) = refused.value.faults
    assert (fault.found, fault.allowed) == ("a file outside the folder", "one in the scenario's folder, or below it")


def test_scenarios_that_build_on_one_another_in_a_circle_are_told(desk: Desk) -> None:
    desk.write("one.yaml", "builds_on: two.yaml\n")
    desk.write("two.yaml", "question: Who began?\nbuilds_on: one.yaml\n")
    with pytest.raises(RecordFaults) as refused:
        read_scenario(Path("one.yaml"))
    assert str(refused.value) == (
        "two.yaml:2: builds_on[0]: found a scenario that builds on this one, allowed is scenarios that go in no circle"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('question: !!python/object/apply:os.system ["touch run"]\n', "the tag !!python/object/apply:os.system"),
        ("question: &a [*a]\n", "a reference to another value"),
        ("question: !include /etc/hostname\n", "the tag !include"),
    ],
)
def test_a_file_is_data_and_runs_nothing(desk: Desk, text: str, found: str) -> None:
    assert any(f"found {found}" in fault for fault in faults(desk, text))
    assert list(Path().iterdir()) == [Path("asked.yaml")]


def test_no_scenario_reaches_the_network_or_writes_a_file(mill_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was reached for")

    monkeypatch.setattr(socket.socket, "connect", reached)
    monkeypatch.setattr(socket, "getaddrinfo", reached)
    mill_desk.write("asked.yaml", SCENARIO)
    before = mill_desk.files()
    for form in ("table", "json", "svg"):
        assert mill_desk(f"what-if asked.yaml --format {form}").code == 0
    assert mill_desk.files() == before


def test_a_file_that_is_not_there_and_one_that_is_no_scenario_are_told(desk: Desk) -> None:
    with pytest.raises(RecordFaults, match=r"nowhere\.yaml: found nothing that can be read"):
        read_scenario(Path("nowhere.yaml"))
    desk.write("notes.txt", "Remember the milk.\n")
    with pytest.raises(RecordFaults, match=r"found the suffix `\.txt`"):
        read_scenario(Path("notes.txt"))


def test_the_today_of_a_file_without_a_date_is_the_clocks(mill_desk: Desk) -> None:
    mill_desk.write("suit.yaml", SUIT)
    told = mill_desk("what-if suit.yaml --format json").data
    assert told["as_of"] == dt.datetime.now(dt.UTC).astimezone().date().isoformat()
