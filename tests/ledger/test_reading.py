"""Record files: what is read from each format, and every fault as the sentence that a person gets."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.facts import FACTS, Fact, as_record
from ledger.reading import Fault, RecordFaults, read, read_text
from ledger.reading.shapes import Shape, shape_of

EVERY_FACT = Path(__file__).parent / "data" / "every_fact.yaml"

MISSED = "{event: PaymentMissed, effective: 2001-02-01, facility: cit, of: interest, due: 2001-02-01}"
A_NAME = "a name of lower-case letters and digits, joined by hyphens, points or underscores, of at most 120 characters"
A_DAY_THAT_EXISTS = "a date of the calendar; this one does not exist"
A_DATE = "a date as YYYY-MM-DD, such as 2001-07-31"
AN_AMOUNT = 'a decimal in quotation marks, not negative, such as "80000.00"'
A_RATE = 'a decimal in quotation marks, such as "0.1275"'
TEXT = "text of at most 4000 characters, not blank, in quotation marks where it looks like a number"


def faults(text: str, name: str = "notes.yaml") -> list[str]:
    """The sentences about a text that is no record."""
    with pytest.raises(RecordFaults) as refusal:
        read_text(dedent(text).lstrip("\n"), name)
    assert str(refusal.value).splitlines() == [str(fault) for fault in refusal.value.faults]
    return str(refusal.value).splitlines()


def faults_of_missed(*lines: str) -> list[str]:
    """The sentences about one missed payment, on lines 2 to 5, with further lines from 6 on."""
    written = ["event: PaymentMissed", "effective: 2001-02-01", "facility: cit", "of: [interest]", "due: 2001-02-01"]
    return faults("- " + "\n  ".join([*written, *lines]))


# --- the three formats -----------------------------------------------------------------------------------------------

FLAT = {
    "flat.yaml": """\
# flat facts
- event: PaymentMissed
  effective: 2001-02-01
  source: {document: ex-10-7, clause: "1-2"}
  note: |-
    two
    lines
  facility: cit
  of: [interest, principal]
  due: 2001-02-01
  amount: "80000.00"
- {event: CovenantTested, effective: 2002-09-15, facility: cit, covenant: wc, test_date: 2002-08-31, met: false}
- {event: IndexFixed, effective: 2002-11-07, known_at: 2002-11-07T12:00:00Z, index: prime, rate: "0.0425"}
- {event: ActTaken, effective: 2001-09-15, at: 17:00 UTC, facility: cit, act: suit, by: trustee, seeks: enforcement}
- {event: FactVoided, position: 7, reason: recorded twice}
""",
    "flat.jsonl": """\
{"event": "PaymentMissed", "effective": "2001-02-01", "source": {"document": "ex-10-7", "clause": "1-2"}, \
"note": "two\\nlines", "facility": "cit", "of": ["interest", "principal"], "due": "2001-02-01", "amount": "80000.00"}

{"event": "CovenantTested", "effective": "2002-09-15", "facility": "cit", "covenant": "wc", "test_date": "2002-08-31", \
"met": false}
{"event": "IndexFixed", "effective": "2002-11-07", "known_at": "2002-11-07T12:00:00Z", "index": "prime", \
"rate": "0.0425"}
{"event": "ActTaken", "effective": "2001-09-15", "at": "17:00 UTC", "facility": "cit", "act": "suit", \
"by": "trustee", "seeks": "enforcement"}
{"event": "FactVoided", "position": 7, "reason": "recorded twice"}
""",
    "flat.csv": """\
event,effective,at,known_at,source.document,source.clause,note,facility,of,due,amount,covenant,test_date,met,\
index,rate,act,by,seeks,position,reason
PaymentMissed,2001-02-01,,,ex-10-7,1-2,"two
lines",cit,interest; principal,2001-02-01,80000.00,,,,,,,,,,

CovenantTested,2002-09-15,,,,,,cit,,,,wc,2002-08-31,false,,,,,,,
IndexFixed,2002-11-07,,2002-11-07T12:00:00Z,,,,,,,,,,,prime,0.0425,,,,,
ActTaken,2001-09-15,17:00 UTC,,,,,cit,,,,,,,,,suit,trustee,enforcement,,
FactVoided,,,,,,,,,,,,,,,,,,,7,recorded twice
""",
}


def test_flat_facts_are_the_same_in_every_format() -> None:
    in_yaml, in_json_lines, in_csv = ([item.fact for item in read_text(text, name)] for name, text in FLAT.items())
    assert len(in_yaml) == 5
    assert in_yaml == in_json_lines == in_csv


@pytest.mark.parametrize(
    ("name", "lines"),
    [("flat.yaml", [2, 12, 13, 14, 15]), ("flat.jsonl", [1, 3, 4, 5, 6]), ("flat.csv", [2, 5, 6, 7, 8])],
)
def test_a_fact_has_its_file_and_line(name: str, lines: list[int]) -> None:
    assert [str(item) for item in read_text(FLAT[name], name)] == [f"{name}:{line}" for line in lines]


def test_every_fact_is_the_same_in_json_lines() -> None:
    in_yaml = [item.fact for item in read([EVERY_FACT])]
    in_json_lines = read_text("\n".join(json.dumps(as_record(fact)) for fact in in_yaml), "facts.jsonl")
    assert [item.fact for item in in_json_lines] == in_yaml


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    files = [tmp_path / name for name in FLAT]
    for file in files:
        file.write_text(FLAT[file.name], encoding="utf-8")
    assert [item.file for item in read(reversed(files))] == [str(file) for file in reversed(files) for _ in range(5)]


def test_the_words_that_older_yaml_takes_for_values_are_text() -> None:
    (item,) = read_text(
        "- {event: ReadingAdopted, effective: 2001-07-31, document: d, clause: NO, reads_as: on, reason: 1:30}"
    )
    assert as_record(item.fact) == {
        "event": "ReadingAdopted",
        "effective": "2001-07-31",
        "standing": "stated",
        "document": "d",
        "clause": "NO",
        "reads_as": "on",
        "reason": "1:30",
    }


def test_an_empty_value_is_an_absent_one_where_the_field_may_be_absent() -> None:
    present, absent = read_text(f"- {MISSED}\n- {MISSED[:-1]}, amount: null, by: ~, note: }}")
    assert present.fact == absent.fact


# --- fields ----------------------------------------------------------------------------------------------------------


def test_a_number_is_no_amount() -> None:
    assert faults_of_missed("amount: 80000") == [
        f"notes.yaml:6: amount: found 80000 (a number), allowed is {AN_AMOUNT}"
    ]


@pytest.mark.parametrize("number", ["80000.00", "8e4", ".5", "0x1F", "-.inf", ".nan", "9" * 21])
def test_a_number_is_shown_as_it_was_written(number: str) -> None:
    assert faults_of_missed(f"amount: {number}") == [
        f"notes.yaml:6: amount: found {number} (a number), allowed is {AN_AMOUNT}"
    ]


def test_a_misspelt_field_is_told_with_the_one_that_is_like_it() -> None:
    assert faults(
        """
        - event: PaymentMissed
          effective: 2001-02-01
          facilty: cit
          of: interest
          due: 2001-02-01
          standing: stated
          note: found in the offer
        """
    ) == [
        f"notes.yaml:1: facility: found nothing, allowed is {A_NAME}",
        "notes.yaml:3: facilty: found an unknown field, allowed is `facility`, which is like it; "
        "also `at`, `known_at`, `key`, `source`, `amount` or `by`",
    ]


def test_a_field_that_is_like_none_is_told_with_those_that_are_open() -> None:
    assert faults_of_missed("zzz: 1", "source: {document: d, clause: c, page: 3}") == [
        "notes.yaml:6: zzz: found an unknown field, "
        "allowed is `at`, `known_at`, `key`, `standing`, `note`, `amount` or `by`",
        "notes.yaml:7: source.page: found an unknown field, allowed is no further field",
    ]


def test_fields_go_by_the_names_of_the_record_format_alone() -> None:
    assert faults("- {event: DefaultRateElected, effective: 2003-01-10, facility: cit, from_: 2003-01-03}") == [
        "notes.yaml:1: from_: found an unknown field, allowed is `from`, which is like it; "
        "also `at`, `known_at`, `key`, `source`, `standing`, `note` or `determination`"
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("at: 17:00", '"17:00", allowed is a time of day and its zone, such as "17:00 America/New_York"'),
        (
            "at: 17:00 Mars/Phobos",
            '"17:00 Mars/Phobos", allowed is a zone of the tz database, such as America/New_York',
        ),
        ("known_at: 2001-08-14", '"2001-08-14", allowed is an instant with its zone, such as 2001-08-14T12:00:00Z'),
        ("standing: infered", '"infered", allowed is `stated`, `inferred` or `recited`'),
        ("standing:", "`null`, allowed is `stated`, `inferred` or `recited`"),
        ("note: 5", f"5 (a number), allowed is {TEXT}"),
        ("note: true", f"`true`, allowed is {TEXT}"),
        ("note: [a]", f"a list, allowed is {TEXT}"),
        ("note: []", f"an empty list, allowed is {TEXT}"),
        ("note: {a: 1, b: 2}", f"a mapping of `a` and `b`, allowed is {TEXT}"),
        ("note: {}", f"an empty mapping, allowed is {TEXT}"),
        ("note: ''", f'"", allowed is {TEXT}'),
        ('note: "\\e[31m"', f'"\\u001b[31m", allowed is {TEXT}'),
        ("source: ex-10-7", '"ex-10-7", allowed is a mapping of `document` and `clause`'),
        ("by: " + "x" * 5000, f'"{"x" * 55}…", allowed is {TEXT}'),
        ('amount: "-1.00"', f'"-1.00", allowed is {AN_AMOUNT}'),
        ("key: " + "k" * 201, f'"{"k" * 55}…", allowed is {TEXT.replace("4000", "200")}'),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_would(line: str, sentence: str) -> None:
    field = line.partition(":")[0]
    assert faults_of_missed(line) == [f"notes.yaml:6: {field}: found {sentence}"]


def test_a_date_that_does_not_exist_is_told() -> None:
    assert faults("- {event: ExcessNotified, effective: 2001-02-30, facility: cit}") == [
        f'notes.yaml:1: effective: found "2001-02-30", allowed is {A_DAY_THAT_EXISTS}'
    ]


def test_a_name_is_a_slug() -> None:
    assert faults("- {event: ExcessNotified, effective: 2001-02-01, facility: CIT}") == [
        f'notes.yaml:1: facility: found "CIT", allowed is {A_NAME}'
    ]


def test_both_until_and_through_are_one_too_many() -> None:
    assert faults(
        "- {event: WaiverExtended, effective: 2001-02-01, waiver: w, until: 2001-03-01, through: 2001-02-28}"
    ) == ["notes.yaml:1: found `until` and `through`, allowed is exactly one of `until`, `through`"]


def test_neither_until_nor_through_is_one_too_few() -> None:
    assert faults("- {event: WaiverExtended, effective: 2001-02-01, waiver: w}") == [
        "notes.yaml:1: found none of them, allowed is exactly one of `until`, `through`"
    ]


def test_an_unknown_event_is_told_with_those_that_are_like_it() -> None:
    assert faults(
        "- {event: WaiverGrantd}\n- {effective: 2001-02-01}\n- {event: 5}\n- {event: Qq}\n- {event: [PaymentMissed]}"
    ) == [
        'notes.yaml:1: event: found "WaiverGrantd", '
        "allowed is the name of a fact, such as `WaiverGranted`, `WaiverWithdrawn` or `WaiverExtended`",
        "notes.yaml:2: event: found nothing, allowed is the name of a fact, such as `PaymentMissed`",
        "notes.yaml:3: event: found 5 (a number), allowed is the name of a fact, such as `PaymentMissed`",
        'notes.yaml:4: event: found "Qq", allowed is the name of a fact, such as `PaymentMissed`',
        "notes.yaml:5: event: found a list, allowed is the name of a fact, such as `PaymentMissed`",
    ]


def test_a_wrong_waiver_is_told_to_the_last_end() -> None:
    actors = "`holder`, `trustee` or `lender`"
    scopes = "a mapping with `payments`, `covenant`, `acts`, `events`, `defaults` or `disclosed_by`"
    ends = (
        "a mapping with `failed_condition`, `business_days`, `with_waiver`, `uncovered_event_of_default`, `notice`, "
        "`act`, `until` or `through`"
    )
    assert faults(
        """
        - event: WaiverGranted
          effective: 2001-07-31
          facility: cit
          waiver: cit-2001-07
          reaches: []
          covers:
            - {payment: interest}
            - payments: [interest, rent]
              of: [any, notes-14]
              due: [2001-02-01, 2001-02-30]
            - {events: []}
          ends:
            - until: 2001-11-01
              through: 2001-10-31
            - {act: suit, by: court}
            - act: [acceleration]
              by: [holder, court]
              until: 2001-11-01
            - {uncovered_event_of_default: false}
            - {business_days: 10.0}
            - {business_days: 0}
            - {}
            - never
          revival: {as_of: 2012}
          conditions: [{condition: a}, {condition: a}]
        """
    ) == [
        "notes.yaml:5: reaches: found an empty list, "
        "allowed is a list of 1 or more, each `default` or `event_of_default`",
        f"notes.yaml:7: covers[0]: found a mapping of `payment`, allowed is {scopes}",
        'notes.yaml:8: covers[1].payments[1]: found "rent", allowed is `interest`, `principal` or `fee`',
        "notes.yaml:9: covers[1].of: found a list, allowed is the word `any` by itself, or a list of names",
        f'notes.yaml:10: covers[1].due[1]: found "2001-02-30", allowed is {A_DAY_THAT_EXISTS}',
        f"notes.yaml:11: covers[2].events: found an empty list, allowed is a list of 1 or more, each {A_NAME}",
        "notes.yaml:13: ends[0]: found `until` and `through`, allowed is exactly one of `until`, `through`",
        'notes.yaml:15: ends[1].act: found "suit", allowed is `acceleration`, `enforcement` or `remedies`',
        f'notes.yaml:15: ends[1].by: found "court", allowed is {actors}',
        f'notes.yaml:17: ends[2].by[1]: found "court", allowed is {actors}',
        "notes.yaml:18: ends[2].until: found an unknown field, allowed is `revival`, `of` or `in_respect_of`",
        "notes.yaml:19: ends[3]: found a mapping of `uncovered_event_of_default`, "
        "allowed is `true`; leave this end out where it does not apply",
        "notes.yaml:20: ends[4].business_days: found 10.0 (a number), allowed is a whole number from 1 to 10000",
        "notes.yaml:21: ends[5].business_days: found 0 (a number), allowed is a whole number from 1 to 10000",
        f"notes.yaml:22: ends[6]: found an empty mapping, allowed is {ends}",
        f'notes.yaml:23: ends[7]: found "never", allowed is {ends}',
        f"notes.yaml:24: revival.as_of: found 2012 (a number), allowed is {A_DATE}",
        "notes.yaml:25: conditions: found one name twice, allowed is each condition's name once",
    ]


def test_wrong_terms_are_told_to_the_last_clause() -> None:
    kinds = "`payment`, `covenant`, `event`, `declared`, `cross_payment`, `cross_default` or `cross_acceleration`"
    assert faults(
        """
        - event: FacilityOpened
          effective: 1997-03-19
          facility: cit
          name: Loan
          borrowers: []
          currency: usd
          commitment: 25000000.00
          lenders: [CIT]
          rate:
            options:
              Prime Rate: {index: prime}
              eurodollar: {indx: libor}
            maximum: 0.24
          schedule: {interest: {every: half a year, from: 1997-04-01}, principal: {kind: ballon}}
          clauses:
            - {clause: own, kind: paymnt}
            - {clause: own}
            - {clause: own, kind: payment, grace: 5, hels: on_waiver}
            - {clause: wc, kind: covenant, covenant: working-capital, grace: {day: 5}}
            - {clause: named, kind: declared, grace: none, notice: {days: 5, business_days: 5}}
            - the usual ones
          interest_on_overdue: "true"
        - event: FacilityOpened
          effective: 1997-03-19
          facility: cit
          name: Loan
          borrowers: LPC
          lenders: CIT
          holders: CIT
        - {event: TermsStated, effective: 1997-03-19, facility: cit}
        - {event: TermsStated, effective: 1997-03-19, facility: cit, rate: {fixed: "0.1", steps: []}}
        - {event: TermsStated, effective: 1997-03-19, facility: cit,
           rate: {fixed: "0.1", resets: {every: 1 year, from: 1998-01-01}}}
        """
    ) == [
        f"notes.yaml:5: borrowers: found an empty list, allowed is a list of 1 or more, each {TEXT}",
        'notes.yaml:6: currency: found "usd", allowed is a currency as three capital letters, such as USD',
        f"notes.yaml:7: commitment: found 25000000.00 (a number), allowed is {AN_AMOUNT}",
        f'notes.yaml:11: rate.options.Prime Rate: found "Prime Rate", allowed is {A_NAME}',
        "notes.yaml:12: rate.options.eurodollar: found a mapping of `indx`, "
        "allowed is a mapping with `index`, `fixed` or `greater_of`",
        f"notes.yaml:13: rate.maximum: found 0.24 (a number), allowed is {A_RATE}",
        'notes.yaml:14: schedule.interest.every: found "half a year", allowed is a length of time, such as 6 months',
        'notes.yaml:14: schedule.principal.kind: found "ballon", allowed is `bullet`, `equal`, `annuity` or `listed`',
        f'notes.yaml:16: clauses[0].kind: found "paymnt", allowed is {kinds}',
        f"notes.yaml:17: clauses[1].kind: found nothing, allowed is {kinds}",
        "notes.yaml:18: clauses[2].grace: found 5 (a number), "
        "allowed is `not_stated`, or a mapping of `days`, `business_days` and `calendar`",
        "notes.yaml:18: clauses[2].hels: found an unknown field, "
        "allowed is `heals`, which is like it; also `notice`, `accelerates` or `of`",
        "notes.yaml:19: clauses[3].grace.day: found an unknown field, "
        "allowed is `days`, which is like it; also `business_days` or `calendar`",
        "notes.yaml:19: clauses[3].covenant: found an unknown field, "
        "allowed is `notice`, `heals`, `accelerates` or `of`",
        'notes.yaml:20: clauses[4].grace: found "none", '
        "allowed is `not_stated`, or a mapping of `days`, `business_days` and `calendar`",
        "notes.yaml:20: clauses[4].notice: found `days` and `business_days`, "
        "allowed is exactly one of `days`, `business_days`",
        f'notes.yaml:21: clauses[5]: found "the usual ones", allowed is a mapping whose `kind` is {kinds}',
        'notes.yaml:22: interest_on_overdue: found "true", allowed is `true` or `false`',
        "notes.yaml:23: found both of them, allowed is at most one of `lenders`, `holders`",
        "notes.yaml:30: found none of them, allowed is at least one of "
        "`clauses`, `covenants`, `rate`, `schedule`, `day_count`, `matures`, `term_ends`, `commitment`, "
        "`recurring_fees`, `on_call`",
        "notes.yaml:31: rate.steps: found an empty list, "
        "allowed is a list of 1 or more, each a mapping of `from` and `rate`",
        "notes.yaml:33: rate: found `resets` without one, allowed is `resets` only beside an index",
    ]


def test_a_wrong_change_is_told_without_the_tags_of_the_models() -> None:
    assert faults(
        """
        - event: AmendmentSigned
          effective: 2002-10-31
          facility: congress-lpc
          amendment: congress-lpc-2002-10
          dated: 2002-10-31
          changes:
            - {change: rate, from: tomorrow, rate: {fixed: 5}}
            - {change: covenant, from: 2002-11-01, covenant: working-capital}
            - {change: close_opton, from: 2002-11-01}
            - {change: matures, matures: 2004-11-01}
        """
    ) == [
        f'notes.yaml:7: changes[0].from: found "tomorrow", allowed is {A_DATE}',
        f"notes.yaml:7: changes[0].rate.fixed: found 5 (a number), allowed is {A_RATE}",
        'notes.yaml:8: changes[1].covenant: found "working-capital", '
        "allowed is a mapping of `covenant`, `section`, `minimum`, `maximum` and `text`",
        'notes.yaml:9: changes[2].change: found "close_opton", '
        "allowed is `rate`, `matures`, `term_ends`, `commitment`, `schedule`, `application`, `close_option`, "
        "`open_option`, `covenant`, `delete_covenant`, `clause` or `delete_clause`",
        f"notes.yaml:10: changes[3].from: found nothing, allowed is {A_DATE}",
    ]


def test_a_replacement_is_told_like_any_fact() -> None:
    assert faults(
        """
        - {event: FactReplaced, position: 3, reason: misread, by: {event: PaymntMissed}}
        - {event: FactReplaced, position: 3, reason: misread, by: {event: FactVoided}}
        - {event: FactReplaced, position: 0, reason: misread, by: {event: ExcessNotified, effective: 2001-02-01}}
        - {event: FactVoided, reason: misread}
        - {event: FactReplaced, position: 3, reason: misread}
        """
    ) == [
        'notes.yaml:1: by.event: found "PaymntMissed", '
        "allowed is the name of a fact, such as `PaymentMissed` or `PaymentMade`",
        'notes.yaml:2: by.event: found "FactVoided", allowed is the name of a fact that is no correction',
        "notes.yaml:3: position: found 0 (a number), allowed is a whole number from 1 to 1000000000000000",
        f"notes.yaml:3: by.facility: found nothing, allowed is {A_NAME}",
        "notes.yaml:4: found none of them, allowed is exactly one of `position`, `key`",
        "notes.yaml:5: by: found nothing, allowed is a fact, which names its `event`",
    ]


@pytest.mark.parametrize("fact", FACTS)
def test_there_are_words_for_every_place_of_every_fact(fact: type[Fact]) -> None:
    assert all(shape.words for shape in places(shape_of(fact)))


def places(shape: Shape, inside: tuple[int, ...] = ()) -> Iterator[Shape]:
    """A shape and all within it, once; of the facts in a replacement, only their union."""
    yield shape
    if id(shape.core) in inside:  # a model that may hold itself
        return
    match shape.kind:
        case "model-fields":
            within = list(shape.fields.values())
        case "tagged-union" if shape.discriminator != "event":
            within = list(shape.members.values())
        case "tuple":
            within = [shape.item]
        case "dict":
            within = [shape.keys, shape.values]
        case _:
            within = []
    for each in within:
        yield from places(each, (*inside, id(shape.core)))


# --- YAML ------------------------------------------------------------------------------------------------------------


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.jsonl"
    first.write_text("- {event: ExcessNotified, effective: 2001-02-01}\n- {event: X}\n- {event: ExcessNotified\n")
    second.write_text('{"event": "ExcessNotified", "effective": "2001-02-01"}\n[]\n')
    with pytest.raises(RecordFaults) as refusal:
        read([first, tmp_path / "third.yaml", second])
    assert [(Path(fault.file).name, fault.line, fault.field) for fault in refusal.value.faults] == [
        ("first.yaml", 1, "facility"),
        ("first.yaml", 2, "event"),
        ("first.yaml", 4, ""),
        ("third.yaml", None, ""),
        ("second.jsonl", 1, "facility"),
        ("second.jsonl", 2, ""),
    ]


def test_a_key_twice_is_told_with_both_lines_beside_what_else_is_wrong() -> None:
    assert faults_of_missed("amount: 80000", 'amount: "80000.00"', "source: {document: d, document: e}") == [
        f"notes.yaml:6: amount: found 80000 (a number), allowed is {AN_AMOUNT}",
        "notes.yaml:7: amount: found a second `amount` (the first is on line 6), allowed is each field once",
        "notes.yaml:8: source.document: found a second `document` (the first is on line 8), allowed is each field once",
    ]


def with_a_name_twice(value: object) -> Iterator[str]:
    """The JSON of a value with one of its names there a second time, at any depth: each in turn."""
    match value:
        case dict():
            members = {name: f"{json.dumps(name)}: {json.dumps(each)}" for name, each in value.items()}
            for name, each in value.items():
                yield f"{{{', '.join([*members.values(), members[name]])}}}"
                for inner in with_a_name_twice(each):
                    yield f"{{{', '.join((members | {name: f'{json.dumps(name)}: {inner}'}).values())}}}"
        case list():
            items = [json.dumps(each) for each in value]
            for place, each in enumerate(value):
                for inner in with_a_name_twice(each):
                    yield f"[{', '.join([*items[:place], inner, *items[place + 1 :]])}]"


def test_a_name_twice_is_refused_wherever_it_stands_in_whatever_fact() -> None:
    for located in read([EVERY_FACT]):
        for text in with_a_name_twice(as_record(located.fact)):
            assert "found a second `" in faults(text, "notes.jsonl")[0]


def test_a_line_reads_the_same_however_it_is_spelled() -> None:
    records = [as_record(located.fact) for located in read([EVERY_FACT])]
    plain, spaced, compact = (
        [(located.fact, located.fact.model_fields_set) for located in read_text("\n".join(lines), "notes.jsonl")]
        for lines in (
            map(json.dumps, records),
            (json.dumps(each, separators=(" , ", " : ")) for each in records),
            (json.dumps(each, separators=(",", ":"), ensure_ascii=False) for each in records),
        )
    )
    assert plain == spaced == compact


def test_references_and_tags_are_refused() -> None:
    assert faults(
        """
        - {event: ExcessNotified, effective: &day 2001-02-01, facility: cit}
        - {event: ExcessNotified, effective: *day, facility: !!python/name:os.system cit}
        - *day
        """
    ) == [
        "notes.yaml:2: effective: found a reference to another value, allowed is the value itself, written out",
        "notes.yaml:2: facility: found the tag !!python/name:os.system, allowed is a value without a tag",
        "notes.yaml:3: found a reference to another value, allowed is the value itself, written out",
    ]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "[]\n"])
def test_a_file_without_a_fact_is_refused(text: str) -> None:
    assert faults(text) == ["notes.yaml: found no fact, allowed is at least one"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "event: ExcessNotified\n",
            "1: found a mapping of `event`, allowed is a list of facts, each after a hyphen: `- event: …`",
        ),
        ("hello\n", '1: found "hello", allowed is a list of facts, each after a hyphen: `- event: …`'),
        ("- hello\n", '1: found "hello", allowed is a mapping that names its `event`'),
        ("-\n", "1: found `null`, allowed is a mapping that names its `event`"),
        (f"- {MISSED}\n---\n- {MISSED}\n", "2: found a second document, allowed is one list of facts a file"),
        (f"- {MISSED}\n- event: ExcessNotified\n\tnote: x\n", "3: found a tab, allowed is spaces"),
        (
            f"- {MISSED}\n- note: a\x00b\n",
            "2: found the control character U+0000, allowed is text without control characters",
        ),
        ('- note: "\\UFFFFFFFF"\n', "1: found an escape that stands for no character, allowed is one that does"),
        (
            '- {event: ExcessNotified, effective: 2001-02-01, facility: cit, note: "\\ud800"}\n',
            "1: found half of a character (a lone surrogate), allowed is whole characters of Unicode",
        ),
        (
            f"- {MISSED}\n- note: a: b\n",
            "2: found what is no YAML (mapping values are not allowed here), allowed is a list of facts in YAML, "
            "the fields of each indented alike, text with special characters in quotation marks",
        ),
        (f"- {MISSED[:-1]}, ? [a] : b}}\n", "1: found a list as the name of a field, allowed is a word"),
    ],
)
def test_yaml_of_another_form_is_refused(text: str, sentence: str) -> None:
    assert faults(text) == [f"notes.yaml:{sentence}"]


@pytest.mark.parametrize(
    ("end", "line", "began"),
    [
        ("- event: PaymentMissed\n  of: [interest,", 3, 3),
        ("- event: PaymentMissed\n  of: [interest,\n", 4, 4),
        ('- event: PaymentMissed\n  note: "as the offer\n  has', 4, 3),
        ("- event: PaymentMissed\n  effe", 3, 3),
    ],
)
def test_a_file_cut_in_the_middle_is_refused(end: str, line: int, began: int) -> None:
    assert faults(f"- {MISSED}\n{end}") == [
        f"notes.yaml:{line}: found the end of the file within what begins on line {began}, "
        "allowed is a file that is whole, with every quotation mark and bracket closed"
    ]


@pytest.mark.parametrize("name", ["deep.yaml", "deep.jsonl"])
@pytest.mark.parametrize("depth", [60, 300, 900, 100_000])
def test_a_file_nested_without_end_is_refused(name: str, depth: int) -> None:
    before, after = {"deep.yaml": ("- event: ", "\n"), "deep.jsonl": ('{"event": "ExcessNotified", "note": ', "}\n")}[
        name
    ]
    assert faults(f"{before}{'[' * depth}{']' * depth}{after}", name) == [
        f"{name}:1: found more than 50 lists and mappings within one another, allowed is a fact of the record format"
    ]


@pytest.mark.parametrize("opening", ["[", "{", "? ", "- "])
def test_no_nesting_is_too_deep_to_be_told(opening: str) -> None:
    assert faults(f"- event:\n    {opening * 5000}") == [
        "notes.yaml:2: found more than 50 lists and mappings within one another, allowed is a fact of the record format"
    ]


# --- JSON Lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("[1]", "found a list, allowed is a JSON object that names its `event`"),
        ('"event"', 'found "event", allowed is a JSON object that names its `event`'),
        ("event: X", "found what is no JSON at column 1 (Expecting value), allowed is one whole JSON object a line"),
        (
            '{"event" "X"}',
            "found what is no JSON at column 10 (Expecting ':' delimiter), allowed is one whole JSON object a line",
        ),
        ('{"event": "Exc', "found the end of the line within the object, allowed is one whole JSON object a line"),
        ('{"event": ', "found the end of the line within the object, allowed is one whole JSON object a line"),
        (
            '{"event": "ExcessNotified", "effective": "2001-02-01", "facility": "a", "facility": "b"}',
            "facility: found a second `facility` in one object, allowed is each field once",
        ),
        (
            '{"event": "ExcessNotified", "effective": "2001-02-01", "facility": "cit", "note": NaN}',
            f"note: found NaN (a number), allowed is {TEXT}",
        ),
        (
            '{"event": "IndexFixed", "effective": "2001-02-01", "index": "prime", "rate": 0.1275}',
            f"rate: found 0.1275 (a number), allowed is {A_RATE}",
        ),
        (
            '{"event": "IndexFixed", "effective": "2001-02-01", "index": "prime", "rate": -Infinity}',
            f"rate: found -Infinity (a number), allowed is {A_RATE}",
        ),
        (
            '{"event": "ExcessNotified", "effective": "2001-02-01", "facility": "\\ud800"}',
            "found half of a character (a lone surrogate), allowed is whole characters of Unicode",
        ),
    ],
)
def test_a_line_that_is_no_fact_is_refused_with_its_number(line: str, sentence: str) -> None:
    good = FLAT["flat.jsonl"].splitlines()[0]
    place = "notes.jsonl:3: "
    assert faults(f"{good}\n\n{line}", "notes.jsonl") == [place + sentence]


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_a_wrong_cell_is_told_with_its_column() -> None:
    assert faults(
        """
        event,effective,facility,covenant,test_date,met,amount,position,reason,act,by,seeks,rate,source.document
        CovenantTested,2002-09-15,cit,wc,2002-08-31,no,,,,,,,,
        FactVoided,,,,,,,one,misread,,,,,
        ActTaken,2001-09-15,cit,,,,,,,suit,court,remedies;revenge,,
        ExcessNotified,2001-09-15,cit,,,,,,,,,,,Ex 10
        ExcessNotified,2001-09-15,cit,,,,5.00,,,,,,,
        FacilityDescribed,2001-09-15,cit,,,,,,,,,,0.14,
        ExcesNotified,2001-09-15,cit,,,,,,,,,,,
        WaiverGranted,2001-09-15,cit,,,,,,,,,,,
        ExcessNotified,2001-09-15,cit
        """,
        "notes.csv",
    ) == [
        'notes.csv:2: met: found "no", allowed is `true` or `false`',
        'notes.csv:3: position: found "one", allowed is a whole number from 1 to 1000000000000000',
        'notes.csv:4: by: found "court", allowed is `holder`, `trustee` or `lender`',
        'notes.csv:4: seeks[1]: found "revenge", allowed is `acceleration`, `enforcement` or `remedies`',
        f'notes.csv:5: source.document: found "Ex 10", allowed is {A_NAME}',
        "notes.csv:6: amount: found an unknown field, "
        "allowed is `at`, `known_at`, `key`, `source`, `standing` or `note`",
        "notes.csv:7: rate: found a nested field, allowed is a flat one; write such facts in YAML or JSON Lines",
        'notes.csv:8: event: found "ExcesNotified", '
        "allowed is the name of a fact, such as `ExcessNotified` or `CureNotified`",
        "notes.csv:9: event: found WaiverGranted, which has `covers` and `ends`, "
        "allowed is a fact whose fields are flat; write such facts in YAML or JSON Lines",
        "notes.csv:10: found 3 cells, allowed is 14, one for each column",
    ]


def test_a_line_number_counts_the_lines_within_cells() -> None:
    text = 'event,effective,facility,note\nExcessNotified,2001-02-01,cit,"two\nlines"\nExcessNotified,2001-02-30,cit,\n'
    assert faults(text, "notes.csv") == [f'notes.csv:4: effective: found "2001-02-30", allowed is {A_DAY_THAT_EXISTS}']


def test_columns_are_flat_fields_each_once() -> None:
    flat = "a flat field; write such facts in YAML or JSON Lines"
    assert faults(
        """
        event,effective,facilty,covers,source,ends.until,effective,zzz
        ExcessNotified,2001-02-01,,,,,2001-02-01,
        """,
        "notes.csv",
    ) == [
        "notes.csv:1: facilty: found an unknown column, allowed is `facility` or `act`",
        f"notes.csv:1: covers: found a column for a nested field, allowed is {flat}",
        f"notes.csv:1: source: found a column for a nested field, allowed is {flat}",
        "notes.csv:1: ends.until: found an unknown column, allowed is `until`",
        "notes.csv:1: effective: found a second column of this name, allowed is each column once",
        "notes.csv:1: zzz: found an unknown column, allowed is the name of a flat field",
        f"notes.csv:2: facility: found nothing, allowed is {A_NAME}",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ": found no fact, allowed is at least one"),
        ("event,effective\n", ": found no fact, allowed is at least one"),
        (
            "effective,facility\n2001-02-01,cit\n",
            ":1: event: found no such column, "
            "allowed is a header that names `event` and the fields, with commas between",
        ),
        (
            'event,effective,facility\nExcessNotified,2001-02-01,"cit',
            ":2: found what is no CSV (unexpected end of data), "
            "allowed is cells between commas, every quotation mark closed",
        ),
    ],
)
def test_csv_of_another_form_is_refused(text: str, sentence: str) -> None:
    assert faults(text, "notes.csv") == [f"notes.csv{sentence}"]


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"", ": found the suffix `.txt`, allowed is `.yaml`, `.yml`, `.jsonl`, `.csv` or `.parquet`"),
        ("notes", b"", ": found no suffix, allowed is `.yaml`, `.yml`, `.jsonl`, `.csv` or `.parquet`"),
        (
            "notes.yaml",
            b"- event: ReadingAdopted\n  reason: caf\xe9\n",
            ":2: found the byte 0xe9, which is no UTF-8, allowed is text in UTF-8, without a byte-order mark",
        ),
        (
            "notes.jsonl",
            b'\xef\xbb\xbf{"event": "ExcessNotified"}\n',
            ":1: found a byte-order mark, allowed is text in UTF-8, without a byte-order mark",
        ),
        (
            "notes.csv",
            "event,effective\n".encode("utf-16"),
            ":1: found the byte 0xff, which is no UTF-8, allowed is text in UTF-8, without a byte-order mark",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(RecordFaults) as refusal:
        read([file])
    assert str(refusal.value) == f"{file}{sentence}"


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordFaults) as refusal:
        read([tmp_path / "notes.yaml", tmp_path])
    missing = tmp_path / "notes.yaml"
    assert str(refusal.value).splitlines() == [
        f"{missing}: found nothing that can be read (No such file or directory), allowed is a file of facts",
        f"{tmp_path}: found nothing that can be read (Is a directory), allowed is a file of facts",
    ]


def test_a_fault_is_data_as_well_as_a_sentence() -> None:
    with pytest.raises(RecordFaults) as refusal:
        read_text("- {event: ExcessNotified, effective: 2001-02-01, facility: 5}", "notes.yaml")
    assert refusal.value.faults == (Fault("notes.yaml", 1, "facility", "5 (a number)", A_NAME),)


@given(
    st.sampled_from(["a.yaml", "a.jsonl", "a.csv"]),
    st.lists(
        st.sampled_from(
            ["- ", "event", ": ", "PaymentMissed", "\n", "  ", "{", "}", "[", "]", ",", '"', "'", "&a ", "*a"]
        )
        | st.sampled_from(
            ["!!x ", "|", "? ", "---\n", "%YAML 1.1\n", "\t", "\\U", "FFFFFFFF", "#", "5", "~", "\r", "\x85"]
        )
        | st.text(max_size=3)
    ).map("".join),
)
@example("a.yaml", '- "\\U99999999"')
def test_whatever_a_file_holds_the_answer_is_facts_or_faults(name: str, text: str) -> None:
    with suppress(RecordFaults):
        read_text(text.encode(errors="ignore").decode(), name)
