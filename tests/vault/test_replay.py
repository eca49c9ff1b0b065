"""Answers that are handed out and had again, and replays that work all of them out anew."""

import datetime as dt
import json

import pytest

from ledger.book import Book
from tests.desk.conftest import Desk
from tests.strangers import octets, tampers, with_another
from tests.vault.conftest import RECORD, Asof, fixings

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


# --- answers that are handed out -------------------------------------------------------------------------------------


def test_an_answer_is_had_again_by_its_fingerprint(asof: Asof, desk: Desk) -> None:
    issued = asof("report --on 2001-10-01 --issue --format json")
    fingerprint = issued.data["fingerprint"]
    desk.write("more.jsonl", fixings(10))
    asof("record more.jsonl")
    for written in (fingerprint, fingerprint[:12], fingerprint.upper()):
        assert asof(f"report --reproduce {written} --format json").stdout == issued.stdout
    assert asof("report --on 2001-10-01 --format json").stdout != issued.stdout


def test_an_answer_that_nobody_issued_is_not_had_again(asof: Asof) -> None:
    outcome = asof("report --reproduce 0123abcd")
    assert (outcome.code, outcome.stderr) == (
        2,
        "The answer 0123abcd was asked for again. Nothing that was tried has it. Write all 64 digits, and say more of "
        "what was asked, such as --on, --known and --facility. Answers that were issued with --issue are found at "
        "once. [no_such_answer]\n",
    )


@pytest.mark.parametrize(
    "asked", ["", "--known 2", "--standing recited", "--as-stood", "--facility cit --since 1999-12-01 --known 3"]
)
def test_an_answer_that_nobody_issued_is_found_by_trying(asof: Asof, desk: Desk, asked: str) -> None:
    answer = asof(f"report --on 2001-10-01 {asked} --format json")
    desk.write("more.jsonl", fixings(1))
    asof("record more.jsonl")
    narrowed = asked if "--facility" in asked else ""
    again = asof(f"report {narrowed} --reproduce {answer.data['fingerprint']} --format json")
    assert again.stdout == answer.stdout
    narrowed += " --on 2001-10-02"
    missed = asof(f"report {narrowed} --reproduce {answer.data['fingerprint']} --format json")
    assert (missed.code, "no_such_answer" in missed.stderr) == (2, True)


def test_an_answer_is_issued_or_had_again(asof: Asof) -> None:
    outcome = asof("report --reproduce 0123abcd --issue")
    assert (outcome.code, "Give --issue or --reproduce." in outcome.stderr) == (2, True)


def test_a_beginning_that_several_answers_have_is_not_enough(asof: Asof, url: str) -> None:
    with Book.open(url) as book:
        for number in range(17):  # one more than there are digits
            book.issue(f'{{"model":"committee.v0","number":{number}}}', bytes(32), now=NOW)
    outcomes = [asof(f"report --reproduce {digit}").stderr for digit in "0123456789abcdef"]
    assert any("answers begin like this. Write more of it. [several_answers]" in each for each in outcomes)


def test_issuing_the_same_answer_again_changes_nothing(asof: Asof) -> None:
    first = asof("report --on 2001-10-01 --issue --format json")
    assert asof("report --on 2001-10-01 --issue --format json").stdout == first.stdout
    assert asof("replay --format json").data["checked"]["answers"] == 1


def test_the_answers_that_were_issued_are_listed(asof: Asof) -> None:
    first = asof("report --on 2001-10-01 --issue --format json").data
    second = asof("report --on 2001-10-02 --facility cit --as-stood --issue --format json").data
    listed = asof("issued --format json").data
    assert [answer["fingerprint"] for answer in listed] == [first["fingerprint"], second["fingerprint"]]
    assert listed[0]["asked"]["as_of"] == "2001-10-01"
    table = asof("issued").stdout
    assert f"{second['fingerprint'][:16]}  2001-10-02         3  inferred, as stood  cit" in table


def test_an_answer_beside_assumed_facts_is_not_issued(asof: Asof, desk: Desk) -> None:
    desk.write("if.jsonl", fixings(1))
    outcome = asof("report --on 2001-10-01 --what-if if.jsonl --issue")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (
        2,
        "",
        "A report beside assumed facts was to be issued; a ledger registers what follows from its own alone. Leave out "
        "--issue, and the report can be had again by its fingerprint, with --what-if and --reproduce; or leave out "
        "--what-if. [assumption_issued]\n",
    )


def test_every_form_of_an_issued_answer_is_had_again(asof: Asof, desk: Desk) -> None:
    fingerprint = asof("report --on 2001-10-01 --issue --format json").data["fingerprint"]
    for form in ("html", "pdf", "xlsx", "csv"):
        asof(f"report --on 2001-10-01 -o first.{form}")
        asof(f"report --reproduce {fingerprint} -o again.{form}")
        assert (desk.folder / f"again.{form}").read_bytes() == (desk.folder / f"first.{form}").read_bytes()


def test_an_answer_that_comes_out_otherwise_is_not_issued_again(asof: Asof, url: str) -> None:
    fingerprint = asof("report --on 2001-10-01 --issue --format json").data["fingerprint"]
    tampers(url, "UPDATE answers SET digest = leaf_hash FROM facts WHERE facts.position = 1")
    outcome = asof("report --on 2001-10-01 --issue --format json")
    assert outcome.code == 2
    error = json.loads(outcome.stderr)["error"]
    assert error["asked"].startswith(f"The answer {fingerprint} comes out otherwise than when it was issued, at 20")
    assert (error["code"], error["remedy"]) == (
        "answer_differs",
        "Run `asof replay`: it tells whether the ledger is what it was.",
    )


# --- replay ----------------------------------------------------------------------------------------------------------


def test_a_replay_certifies_what_was_checked_the_same_each_time(asof: Asof, desk: Desk) -> None:
    asof("seal")
    asof("report --on 2001-10-01 --issue")
    desk.write("more.jsonl", fixings(10))
    asof("record more.jsonl")
    asof("seal")
    asof("report --on 2001-10-01 --issue")
    certificate = asof("replay --format json")
    data = certificate.data
    assert certificate.code == 0
    assert data["checked"] == {
        "facts": 13,
        "streams": 12,
        "heads": 1,
        "facilities": 1,
        "checkpoints": 2,
        "answers": 2,
        "answers_of_other_models": 0,
        "withheld_names": 0,
        "stored_projections": 0,
    }
    assert data["differences"] == []
    assert (data["position"], data["root"]) == (13, asof("verify --format json").data["root"])
    assert asof("replay --format json").stdout == certificate.stdout
    text = asof("replay").stdout
    assert text == asof("replay").stdout
    assert f"\nroot                                          {data['root']}\n" in text


def test_a_certificate_is_the_same_bytes_in_every_process(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk("init")
    desk.write("record.yaml", RECORD)
    desk("record record.yaml")
    desk("report --on 2001-10-01 --issue")
    certificates = set()
    for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "America/New_York")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        certificates.add(desk.run("replay --format json").stdout)
    assert len(certificates) == 1
    assert certificates == {desk("replay --format json").stdout}


def test_a_replay_finds_what_was_rewritten(asof: Asof, url: str) -> None:
    asof("seal")
    asof("report --on 2001-10-01 --issue")
    tampers(url, f"UPDATE facts SET state = {with_another(url, '0.06', '0.07')} WHERE position = 3")
    certificate = asof("replay --format json")
    assert certificate.code == 1
    assert (certificate.data["position"], certificate.data["root"]) == (None, None)
    assert asof("replay").stdout.splitlines()[:2] == [
        "position                                      cannot be read",
        "root                                          cannot be worked out",
    ]
    assert any("they are not what they were" in each for each in certificate.data["differences"])


def test_a_replay_tells_of_an_answer_to_no_question(asof: Asof, url: str) -> None:
    with Book.open(url) as book:
        fingerprint = book.issue('{"asked": "something"}', bytes(32), now=NOW).fingerprint
    certificate = asof("replay --format json")
    assert (certificate.code, certificate.data["differences"]) == (
        1,
        [f'The answer {fingerprint} is registered as one to what is no question: {{"asked": "something"}}'],
    )


def test_a_replay_finds_what_is_stored_beside_the_facts_and_does_not_follow_from_them(asof: Asof, url: str) -> None:
    asof("withhold 'Pat Doe' 'Sam Roe'")
    assert asof("replay --format json").data["checked"]["withheld_names"] == 2
    tampers(
        url,
        "UPDATE facts SET version = 7 WHERE position = 2",
        f"UPDATE head SET frontier = {octets(url, bytes(64))}",
        "UPDATE names SET name = 'Sam Poe' WHERE name = 'Sam Roe'",
    )
    commitment = next(name["commitment"] for name in asof("names --format json").data if name["name"] == "Sam Poe")
    certificate = asof("replay --format json")
    assert (certificate.code, certificate.data["differences"]) == (
        1,
        [
            "The fact at position 2 has version 7, where 2 belongs.",
            f"The commitment {commitment} is none to the name and the random bytes that are kept with it.",
        ],
    )
    tampers(url, "UPDATE facts SET version = 2 WHERE position = 2")
    assert asof("replay --format json").data["differences"] == [
        "The head is that of another log of 3 facts, and not of the 3 that there are.",
        f"The commitment {commitment} is none to the name and the random bytes that are kept with it.",
    ]


def test_a_replay_finds_an_answer_that_comes_out_otherwise(asof: Asof, url: str) -> None:
    fingerprint = asof("report --on 2001-10-01 --issue --format json").data["fingerprint"]
    tampers(url, "UPDATE answers SET digest = leaf_hash FROM facts WHERE facts.position = 1")
    certificate = asof("replay --format json")
    assert (certificate.code, certificate.data["differences"]) == (
        1,
        [f"The answer {fingerprint} comes out otherwise than it was issued."],
    )


def test_a_replay_says_which_answers_would_read_differently_today_and_why(asof: Asof, desk: Desk) -> None:
    changed = asof("report --on 2001-10-01 --issue --format json").data["fingerprint"]
    asof("report --on 1999-10-01 --issue --format json")
    desk.write(
        "later.yaml",
        "- {event: FacilityTerminated, effective: 2001-09-20, facility: cit, ground: paid}\n"
        "- {event: IndexFixed, effective: 2001-09-18, index: libor, rate: '0.04'}\n",
    )
    asof("record later.yaml")
    certificate = asof("replay --format json")
    assert certificate.code == 0, "what is known later makes no earlier answer wrong"
    (otherwise,) = certificate.data["otherwise_today"]
    assert (otherwise["fingerprint"], otherwise["position"], otherwise["because"]) == (changed, 3, [4])
    status = otherwise["changes"][0]
    assert (status["what"], status["before"], status["after"]) == ("legal status", "no_default", "closed")
    text = asof("replay").stdout
    assert (
        f"The answer {changed}, as of 2001-10-01 with 3 facts known, would read differently today, because of 4:\n"
        "  cit: legal status was no_default, and is closed\n"
    ) in text


def test_a_correction_is_why_an_answer_would_read_differently(asof: Asof, desk: Desk) -> None:
    desk.write(
        "clause.yaml",
        "- {event: FacilityOpened, effective: 1999-02-01, facility: loan, name: A loan, borrowers: [LPC], "
        "clauses: [{clause: own, kind: payment}]}\n"
        "- {event: PaymentMissed, key: missed, effective: 2000-02-01, facility: loan, of: interest, due: 2000-02-01}\n",
    )
    asof("record clause.yaml")
    asof("report --on 2001-10-01 --facility loan --issue")
    desk.write("void.yaml", "- {event: FactVoided, key: missed, reason: it was paid}\n")
    asof("record void.yaml")
    (otherwise,) = asof("replay --format json").data["otherwise_today"]
    assert otherwise["because"] == [6]
    assert {change["what"] for change in otherwise["changes"]} >= {"legal status", "loan/own/loan/interest/2000-02-01"}


def test_an_answer_of_another_model_is_counted_and_not_worked_out(asof: Asof, url: str) -> None:
    asked = '{"model":"committee.v0"}'
    with Book.open(url) as book:
        book.issue(asked, bytes(32), now=NOW)
    certificate = asof("replay --format json")
    assert (certificate.code, certificate.data["differences"]) == (0, [])
    assert certificate.data["checked"]["answers_of_other_models"] == 1


def test_an_answer_registered_to_another_question_is_found(asof: Asof, url: str) -> None:
    fingerprint = asof("report --on 2001-10-01 --issue --format json").data["fingerprint"]
    tampers(url, "UPDATE answers SET asked = replace(asked, '2001-10-01', '2001-10-02')")
    (difference,) = asof("replay --format json").data["differences"]
    assert difference.startswith(f"The answer {fingerprint} is registered as one to another question: ")


def test_a_replay_shows_how_far_it_has_come_where_stderr_is_a_terminal(desk: Desk) -> None:
    desk("init")
    desk("report --on 2001-10-01 --issue")
    outcome = desk.run_on_a_terminal("replay --format json")
    assert outcome.data["checked"]["answers"] == 1
    assert "Working answers out again" in outcome.stderr


def test_an_answer_of_another_model_is_not_had_again(asof: Asof, url: str) -> None:
    with Book.open(url) as book:
        issued = book.issue('{"model":"committee.v0"}', bytes(32), now=NOW)
    outcome = asof(f"report --reproduce {issued.fingerprint}")
    assert (outcome.code, outcome.stderr) == (
        2,
        f"The answer {issued.fingerprint} was asked for again. Another version of Asof issued it, whose model this one "
        "does not have. Use the version that issued it. [answer_of_another_model]\n",
    )
