import json
import os
import re

import pypdf
import pytest

from desk.reports import drawn
from desk.reports.asking import asked_again
from ledger.rejected import Rejected
from projections.committee import Asked
from scenarios.lexington import gallery_file, what_if_file
from tests.desk.conftest import Desk

ON = "report --on 2002-11-15"
NOBODY = "- {event: PaymentMissed, facility: nobody, effective: 2001-09-01, of: interest, due: 2001-09-01}\n"
SUIT = what_if_file("trustee-sues-2001-09-15")


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("report.pdf", b"%PDF-1.7"),
        ("report.xlsx", b"PK"),
        ("report.html", b"<!doctype html>"),
        ("report.csv", b"as_of,position,"),
        ("report.jsonl", b'{"section": "report"'),
        ("report.json", b"{\n"),
        ("report.txt", b"As of 2002-11-15"),
    ],
)
def test_the_ending_of_the_file_says_the_format(lexington: Desk, file: str, begins: bytes) -> None:
    outcome = lexington(f"{ON} -o {file}")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr.startswith(f"Wrote {file}, the report ")
    assert (lexington.folder / file).read_bytes().startswith(begins)


def test_a_format_that_is_given_goes_before_the_ending(lexington: Desk) -> None:
    assert lexington(f"{ON} --format csv -o report.pdf").code == 0
    assert (lexington.folder / "report.pdf").read_bytes().startswith(b"as_of,")


@pytest.mark.parametrize(
    "named", ["--facility cit --facility notes-14", "--facilities cit,notes-14", "--facilities cit --facility notes-14"]
)
def test_facilities_are_named_one_by_one_or_together(lexington: Desk, named: str) -> None:
    found = lexington(f"{ON} {named} --format json").data
    assert [each["facility"] for each in found["facilities"]] == ["cit", "notes-14"]


def test_a_file_that_is_there_is_replaced_whole(lexington: Desk) -> None:
    lexington.write("report.csv", "x" * 1_000_000)
    assert lexington(f"{ON} -o report.csv").code == 0
    first = (lexington.folder / "report.csv").read_bytes()
    assert lexington(f"{ON} --format csv").stdout.encode() == first


def test_beside_another_date_the_tables_show_what_changed(lexington: Desk) -> None:
    outcome = lexington(f"{ON} --facility cit --since 2001-10-31")
    assert outcome.code == 0
    assert "What changed since 31 Oct 2001" in outcome.stdout


def test_no_amount_is_broken_in_a_narrow_terminal(lexington: Desk) -> None:
    outcome = lexington(f"{ON} --since 2001-10-31", COLUMNS="80")
    assert outcome.stdout.count("38,906,765.33") > 1


def test_beside_other_knowledge_a_facility_that_was_not_known_is_not_on_record(lexington: Desk) -> None:
    outcome = lexington("report --on 2002-11-15 --facility congress-lpc --since-known 2002-11-13", COLUMNS="240")
    assert outcome.code == 0
    assert "not on record" in outcome.stdout


def test_beside_a_what_if_the_ledger_stays_as_it_was(lexington: Desk) -> None:
    before = lexington.files()
    outcome = lexington(f"report --on 2001-09-15 --what-if {SUIT} --format json")
    compared = outcome.data["compared"]
    told = {(each["facility"], each["what"]): (each["before"], each["after"]) for each in compared["changes"]}
    assert told["cit", "legal status"] == ("waived", "event_of_default")
    assert compared["with"] == "assumption"
    assert lexington.files() == before


def test_beside_a_scenario_of_the_gallery_the_report_lists_what_is_assumed(lexington: Desk) -> None:
    scenario = gallery_file("the-trustee-sues")
    compared = lexington(f"report --on 2001-09-15 --what-if {scenario} --format json").data["compared"]
    (act,) = compared["assumed"]
    assert (act["position"], act["fact"]["event"], act["fact"]["facility"]) == (176, "ActTaken", "notes-12-3-4")
    outcome = lexington(f"report --on 2001-09-15 --what-if {scenario}", COLUMNS="200")
    assert "act: suit-2001-09; by: trustee; seeks: enforcement" in outcome.stdout
    assert re.search("cit-2001-07 .* in force .* rescinded .* deemed · assumed", outcome.stdout)


def test_what_a_scenario_takes_as_given_is_assumed_too(lexington: Desk) -> None:
    scenario = gallery_file("prime-a-point-higher")
    outcome = lexington(f"report --on 2002-11-15 --facility congress-lpc --what-if {scenario} --format json")
    compared = outcome.data["compared"]
    told = {each["what"]: (each["before"], each["after"]) for each in compared["changes"]}
    assert told["rate charged"] == ("0.0525", "0.0625")
    assert told["principal"] == (None, "10000000.00")


def test_statuses_that_would_be_others_are_drawn_one_above_the_other(lexington: Desk) -> None:
    lexington(f"report --on 2001-09-15 --what-if {SUIT} -o suit.html")
    page = (lexington.folder / "suit.html").read_text(encoding="utf-8")
    assert "cit: from 15 Sep 2001 until 1 Nov 2001 Event of Default instead of waived." in page
    lexington("report --on 2001-09-15 --since 2001-09-01 -o same.html")
    assert "instead of" not in (lexington.folder / "same.html").read_text(encoding="utf-8")


def test_the_answer_for_programs_holds_what_it_is_called(lexington: Desk) -> None:
    plain, compared = (
        lexington(line).data["fingerprint"]
        for line in (f"{ON} --format json", f"{ON} --since 2001-10-31 --format json")
    )
    assert plain != compared


# --- bad input -------------------------------------------------------------------------------------------------------


def refused(desk: Desk, line: str) -> str:
    """The whole message of a command that is refused, and that changes nothing."""
    before = desk.files()
    outcome = desk(line)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert desk.files() == before
    return outcome.stderr


def test_a_folder_that_is_not_there(lexington: Desk) -> None:
    assert refused(lexington, f"{ON} -o nowhere/report.pdf") == (
        "nowhere/report.pdf cannot be written: No such file or directory. Name a file, with -o, in a directory that is "
        "there and may be written to. [output_unwritable]\n"
    )


def test_a_folder_in_place_of_a_file(lexington: Desk) -> None:
    assert refused(lexington, f"{ON} --format pdf -o {lexington.folder}") == (
        f"{lexington.folder} cannot be written: Is a directory. Name a file, with -o, in a directory that is there and "
        "may be written to. [output_unwritable]\n"
    )


def test_a_format_that_is_none(lexington: Desk) -> None:
    assert refused(lexington, f"{ON} --format docx") == (
        "Invalid value for '--format': 'docx' is not one of 'table', 'json', 'jsonl', 'csv', 'xlsx', 'html', 'pdf'. "
        "See `asof report --help`. [usage]\n"
    )


def test_two_comparisons_at_once(lexington: Desk) -> None:
    assert refused(lexington, f"{ON} --since 2002-01-01 --since-known 3") == (
        "A report was asked for beside several others: --since and --since-known. Give one of them, and ask again for "
        "the other. [two_comparisons]\n"
    )


def test_a_change_since_a_later_date(lexington: Desk) -> None:
    assert refused(lexington, f"{ON} --since 2002-11-16") == (
        "What changed since 2002-11-16 was asked of a report on 2002-11-15. Give --since a date before that of --on. "
        "[since_after_date]\n"
    )


def test_a_change_with_knowledge_that_came_later(lexington: Desk) -> None:
    assert refused(lexington, f"{ON} --known 50 --since-known 60") == (
        "What changed with knowledge since position 60 was asked of a report as known at position 50. Give "
        "--since-known an earlier moment than --known. [since_known_later]\n"
    )


def test_a_facility_that_is_not_there(lexington: Desk) -> None:
    assert "Write cit. [facility_not_found]" in refused(lexington, f"{ON} --facility cti -o report.pdf")


def test_a_workbook_is_not_written_to_a_terminal(lexington: Desk) -> None:
    leader, follower = os.openpty()
    program = lexington.start(f"{ON} --format xlsx", stdout=follower)
    _, stderr = program.communicate(timeout=60)
    os.close(follower)
    os.close(leader)
    assert program.returncode == 2
    assert stderr.decode() == (
        "A report as xlsx is no text, and was about to be written to the terminal. Name a file for it, such as -o "
        "report.xlsx, or send it to a program. [binary_to_terminal]\n"
    )


def test_a_fault_of_the_assumed_facts_names_their_file(lexington: Desk) -> None:
    lexington.write("bad.yaml", NOBODY)
    outcome = lexington(f"{ON} --what-if bad.yaml --format json")
    assert outcome.code == 2
    error = json.loads(outcome.stderr)["error"]
    assert (error["code"], error["where"]) == ("facility_unknown", "bad.yaml:1")


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_report_is_drawn_again_from_what_was_asked(lexington: Desk) -> None:
    assert lexington(f"{ON} --known 120 --facility cit --since-known 60 -o first.pdf").code == 0
    (attached,) = pypdf.PdfReader(lexington.folder / "first.pdf").attachments["report.json"]
    asked = Asked.model_validate_json(json.dumps(json.loads(attached)["asked"]))
    again = asked_again(asked, "sqlite:///asof.db")
    assert drawn(again, "pdf") == (lexington.folder / "first.pdf").read_bytes()


def test_another_ledger_does_not_give_the_report_of_this_one(lexington: Desk) -> None:
    asked = Asked.model_validate_json(json.dumps(lexington(f"{ON} --known 3 --format json").data["asked"]))
    other = asked.model_copy(update={"root": "00" * 32})
    with pytest.raises(Rejected) as refused:
        asked_again(other, "sqlite:///asof.db")
    assert refused.value.code == "report_not_the_same"
    assert f"root was {other.root} and is {asked.root}." in str(refused.value)


def test_a_report_beside_a_what_if_is_had_again_in_the_same_words_and_by_no_other(lexington: Desk) -> None:
    asked = f"report --on 2001-09-15 --known 150 --what-if {SUIT}"
    first = lexington(f"{asked} --format html").stdout
    fingerprint = lexington(f"{asked} --format json").data["fingerprint"]
    again = lexington(f"{asked} --reproduce {fingerprint} --format html")
    assert (again.code, again.stdout) == (0, first)
    outcome = lexington(f"report --on 2001-09-15 --known 149 --what-if {SUIT} --reproduce {fingerprint}")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "and give the same scenario. [no_such_answer]" in outcome.stderr
